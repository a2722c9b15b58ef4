// DLPack, version 1: tensors given to and taken from other libraries without a copy.
#include "core/tensor_impl.h"
#include "modrt/error.h"
#include <cstring>
#include <limits>

// The published layout (https://dmlc.github.io/dlpack); declared here because only these fields are used.
struct DLManagedTensorVersioned {
    struct {
        uint32_t major, minor;
    } version;
    void *manager_ctx;
    void (*deleter)(DLManagedTensorVersioned *);
    uint64_t flags; // bit 0: read only
    struct {
        void *data;
        struct {
            int32_t device_type, device_id;
        } device;
        int32_t ndim;
        struct {
            uint8_t code, bits;
            uint16_t lanes;
        } dtype;
        int64_t *shape, *strides;
        uint64_t byte_offset;
    } dl_tensor;
};
static_assert(sizeof(DLManagedTensorVersioned) == 80);

namespace modrt {
using namespace detail;
namespace {
constexpr uint64_t kReadOnly = 1;
constexpr int32_t kCpu = 1;
struct Code {
    DType dtype;
    uint8_t code, bits;
};
constexpr Code kCodes[] = {{DType::i8, 0, 8},    {DType::i16, 0, 16}, {DType::i32, 0, 32},   {DType::i64, 0, 64},
                           {DType::u8, 1, 8},    {DType::f16, 2, 16}, {DType::f32, 2, 32},   {DType::f64, 2, 64},
                           {DType::bf16, 4, 16}, {DType::c64, 5, 64}, {DType::c128, 5, 128}, {DType::boolean, 6, 8}};
struct Export {
    DLManagedTensorVersioned managed{};
    Memory memory;
    int64_t dims[Shape::kMaxRank], strides[Shape::kMaxRank];
};
} // namespace

DLManagedTensorVersioned *Tensor::to_dlpack() const {
    (void)data_ptr();
    auto &t = checked(*this);
    auto *e = new Export;
    e->memory = t.memory();
    std::copy(t.shape.begin(), t.shape.end(), e->dims);
    std::copy_n(t.strides.begin(), t.shape.size(), e->strides);
    auto &m = e->managed;
    m.version = {1, 0};
    m.manager_ctx = e;
    m.deleter = [](DLManagedTensorVersioned *self) { delete static_cast<Export *>(self->manager_ctx); };
    m.flags = t.owned || e->memory.storage->access != Access::writable ? kReadOnly : 0;
    auto &d = m.dl_tensor;
    d.data = e->memory.data();
    d.device = {kCpu, 0};
    d.ndim = int32_t(t.shape.size());
    for (auto &c : kCodes)
        if (c.dtype == t.dtype)
            d.dtype = {c.code, c.bits, 1};
    d.shape = e->dims;
    d.strides = e->strides;
    return &m;
}

Tensor Tensor::from_dlpack(DLManagedTensorVersioned *m) {
    if (!m)
        throw ValueError("from_dlpack(): null");
    auto owner = std::shared_ptr<DLManagedTensorVersioned>(m, [](DLManagedTensorVersioned *p) {
        if (p->deleter)
            p->deleter(p);
    });
    if (m->version.major != 1)
        throw ValueError("from_dlpack(): DLPack version " + std::to_string(m->version.major) + ", expected 1");
    auto &d = m->dl_tensor;
    if (d.device.device_type != kCpu)
        throw ValueError("from_dlpack(): the tensor is on device type " + std::to_string(d.device.device_type) +
                         "; copy it to the CPU first");
    if (d.ndim < 0 || size_t(d.ndim) > Shape::kMaxRank)
        throw ShapeError("from_dlpack(): " + std::to_string(d.ndim) + " dimensions, at most 8 are possible");
    const Code *code = nullptr;
    for (auto &c : kCodes)
        if (c.code == d.dtype.code && c.bits == d.dtype.bits && d.dtype.lanes == 1)
            code = &c;
    if (!code)
        throw TypeError("from_dlpack(): no dtype for code " + std::to_string(d.dtype.code) + ", " +
                        std::to_string(d.dtype.bits) + " bits, " + std::to_string(d.dtype.lanes) + " lanes");
    Shape shape;
    int64_t strides[Shape::kMaxRank], last = 0;
    for (int32_t i = 0; i < d.ndim; ++i)
        shape.push_back(d.shape[i]);
    int64_t bytes = bytes_for(shape, code->dtype);
    contiguous_strides(shape, strides);
    for (int32_t i = 0; d.strides && i < d.ndim; ++i)
        strides[i] = d.strides[i];
    for (int32_t i = 0; bytes && i < d.ndim; ++i) {
        int64_t reach;
        if (strides[i] < 0)
            throw ValueError("from_dlpack(): negative strides; make the tensor contiguous first");
        if (__builtin_mul_overflow(strides[i], shape[size_t(i)] - 1, &reach) ||
            __builtin_add_overflow(last, reach, &last) || last > std::numeric_limits<int64_t>::max() / 32)
            throw ValueError("from_dlpack(): strides reach beyond memory");
    }
    char *data = static_cast<char *>(d.data) + d.byte_offset;
    if (!d.data && bytes)
        throw ValueError("from_dlpack(): null data");
    int64_t extent = bytes ? (last + 1) * size_of(code->dtype) : 0;
    return make_view(Storage::foreign(
                         data, extent, [owner] {}, m->flags & kReadOnly ? Access::read_only : Access::writable),
                     0, shape, code->dtype, strides);
}
} // namespace modrt
