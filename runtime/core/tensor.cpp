// Tensor handles: metadata, element access, factories.
#include "core/convert.h"
#include "core/random.h"
#include "core/tensor_impl.h"
#include "modrt/error.h"
#include <cmath>
#include <complex>
#include <cstring>

namespace modrt {
namespace detail {
const void *thread_token() noexcept {
    static thread_local char token;
    return &token;
}
void retain(TensorImpl *t) noexcept { t->refs.fetch_add(1, std::memory_order_relaxed); }
void release(TensorImpl *t) noexcept {
    if (t->refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
        cached_delete(t);
}

void contiguous_strides(const Shape &shape, int64_t *strides) noexcept {
    int64_t step = 1;
    for (size_t i = shape.size(); i-- > 0;) {
        strides[i] = step;
        step *= std::max<int64_t>(shape[i], 1);
    }
}
int64_t bytes_for(const Shape &shape, DType dtype) {
    int64_t bytes;
    if (__builtin_mul_overflow(shape.numel(), size_of(dtype), &bytes))
        throw ValueError("shape " + shape.text() + " has more elements than fit in memory");
    return bytes;
}
Tensor make_tensor(const Shape &shape, DType dtype) {
    return make_view(Storage::allocate(bytes_for(shape, dtype)), 0, shape, dtype);
}
Tensor make_view(Ref<Storage> storage, int64_t byte_offset, const Shape &shape, DType dtype, const int64_t *strides) {
    auto t = Ref<TensorImpl>::adopt(cached_new<TensorImpl>());
    t->dtype = dtype;
    t->shape = shape;
    if (strides)
        std::copy_n(strides, shape.size(), t->strides.begin());
    else
        contiguous_strides(shape, t->strides.data());
    t->mem = {std::move(storage), byte_offset};
    return Tensor(std::move(t));
}
TensorImpl &checked(const Tensor &t) {
    if (!t)
        throw ValueError("an empty tensor handle (None) was used where a tensor is needed");
    return *t.impl();
}
std::string describe(DType d, const Shape &s) { return std::string(name_of(d)) + s.text(); }
std::string describe(const Tensor &t) { return t ? describe(t.dtype(), t.shape()) : "None"; }

namespace {
// What owns elements cannot be read before it has some.
Memory with_value(const TensorImpl &t) {
    Memory m = t.memory();
    if (!m.storage)
        throw ValueError("a " + std::string(t.owned && !t.owned->parameter ? "buffer " : "parameter ") +
                         describe(t.dtype, t.shape) +
                         " was declared but has no value yet: load_state_dict() gives it one");
    return m;
}
template <class T> constexpr DType dtype_of() {
    if constexpr (std::is_same_v<T, bool>)
        return DType::boolean;
    else if constexpr (std::is_same_v<T, float>)
        return DType::f32;
    else if constexpr (std::is_same_v<T, double>)
        return DType::f64;
    else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T>)
        return DType::u8;
    else
        return sizeof(T) == 8 ? DType::i64 : sizeof(T) == 4 ? DType::i32 : sizeof(T) == 2 ? DType::i16 : DType::i8;
}
// 16-bit words are how f16 and bf16 are seen.
template <class T> void check_type(const TensorImpl &t, const char *what) {
    bool fits =
        std::is_same_v<T, uint16_t> ? t.dtype == DType::f16 || t.dtype == DType::bf16 : t.dtype == dtype_of<T>();
    if (!fits)
        throw TypeError(std::string(what) + ": the tensor is " + describe(t.dtype, t.shape) +
                        ", its elements cannot be seen as that type; to(dtype) converts");
    if (!t.contiguous())
        throw ValueError(std::string(what) + ": the tensor " + describe(t.dtype, t.shape) +
                         " is not contiguous; contiguous() copies it");
}
} // namespace
} // namespace detail

using namespace detail;

const Shape &Tensor::shape() const { return checked(*this).shape; }
int64_t Tensor::dim() const { return int64_t(shape().size()); }
int64_t Tensor::numel() const { return shape().numel(); }
int64_t Tensor::nbytes() const { return numel() * size_of(dtype()); }
DType Tensor::dtype() const { return checked(*this).dtype; }
bool Tensor::is_contiguous() const { return checked(*this).contiguous(); }
bool Tensor::has_data() const { return bool(checked(*this).memory().storage); }
std::span<const int64_t> Tensor::strides() const {
    auto &t = checked(*this);
    return {t.strides.data(), t.shape.size()};
}
const void *Tensor::data_ptr() const { return with_value(checked(*this)).data(); }
bool Tensor::requires_grad() const { return checked(*this).requires_grad.load(std::memory_order_relaxed); }

template <class T> std::span<const T> Tensor::data() const {
    auto &t = checked(*this);
    check_type<T>(t, "data()");
    return {reinterpret_cast<const T *>(with_value(t).data()), size_t(numel())};
}
template <class T> std::span<T> Tensor::mutable_data() {
    auto &t = checked(*this);
    if (t.owned)
        throw TypeError("mutable_data(): this is a module's parameter or buffer; edit() changes it so that running "
                        "calls are not disturbed");
    check_type<T>(t, "mutable_data()");
    if (t.mem.storage && t.mem.storage->access != Access::writable)
        throw TypeError("mutable_data(): the tensor " + describe(*this) +
                        " is read-only (mapped from a file, or another library's); clone() it first");
    return {reinterpret_cast<T *>(with_value(t).data()), size_t(numel())};
}
template <class T> T Tensor::item() const {
    if (numel() != 1)
        throw ValueError("a Tensor with " + std::to_string(numel()) + " elements cannot be converted to Scalar");
    const void *p = data_ptr();
    if constexpr (std::is_same_v<T, bool>) {
        uint8_t v;
        convert_elements(p, dtype(), &v, DType::boolean, 1);
        return v != 0;
    } else {
        T v;
        convert_elements(p, dtype(), &v, dtype_of<T>(), 1);
        return v;
    }
}
#define MODRT_ELEMENT(T)                                                                                               \
    template MODRT_API std::span<const T> Tensor::data<T>() const;                                                     \
    template MODRT_API std::span<T> Tensor::mutable_data<T>();
MODRT_ELEMENT(bool)
MODRT_ELEMENT(uint8_t)
MODRT_ELEMENT(int8_t)
MODRT_ELEMENT(int16_t)
MODRT_ELEMENT(uint16_t)
MODRT_ELEMENT(int32_t)
MODRT_ELEMENT(int64_t)
MODRT_ELEMENT(float)
MODRT_ELEMENT(double)
#undef MODRT_ELEMENT
template MODRT_API bool Tensor::item<bool>() const;
template MODRT_API int32_t Tensor::item<int32_t>() const;
template MODRT_API int64_t Tensor::item<int64_t>() const;
template MODRT_API float Tensor::item<float>() const;
template MODRT_API double Tensor::item<double>() const;

// ------------------------------------------------------------------------------------------------ making tensors
namespace {
template <class T> Tensor scalar(T v, DType d) {
    Tensor t = make_tensor({}, d);
    std::memcpy(t.impl()->mem.data(), &v, sizeof v);
    return t;
}
template <class T> Tensor copied(std::span<const T> values, const Shape &shape, DType d) {
    Tensor t = make_tensor(shape, d);
    if (!values.empty())
        std::memcpy(t.impl()->mem.data(), values.data(), values.size_bytes());
    return t;
}
} // namespace

Tensor Tensor::of_scalar(bool v) { return scalar(v, DType::boolean); }
Tensor Tensor::of_scalar(double v) { return scalar(float(v), DType::f32); }
Tensor Tensor::of_integer(int64_t v) { return scalar(v, DType::i64); }
Tensor::Tensor(std::initializer_list<float> v) {
    *this = copied<float>({v.begin(), v.size()}, {int64_t(v.size())}, DType::f32);
}
Tensor::Tensor(std::initializer_list<std::initializer_list<float>> rows) {
    int64_t width = rows.size() ? int64_t(rows.begin()->size()) : 0;
    Tensor t = make_tensor({int64_t(rows.size()), width}, DType::f32);
    auto *p = reinterpret_cast<float *>(t.impl()->mem.data());
    for (auto &row : rows) {
        if (int64_t(row.size()) != width)
            throw ShapeError("rows of a tensor literal differ in length: " + std::to_string(width) + " and " +
                             std::to_string(row.size()));
        p = std::copy(row.begin(), row.end(), p);
    }
    *this = t;
}
Tensor Tensor::from_blob(void *memory, Shape shape, DType dtype, std::function<void()> free) {
    int64_t bytes = bytes_for(shape, dtype);
    if (!memory && bytes)
        throw ValueError("from_blob(): the memory of a tensor " + describe(dtype, shape) + " is null");
    return make_view(Storage::foreign(memory, bytes, std::move(free)), 0, shape, dtype);
}
Tensor empty(Shape shape, DType d) { return make_tensor(shape, d); }
Tensor full(Shape shape, double v, DType d) {
    Tensor t = make_tensor(shape, d);
    t.fill_(v);
    return t;
}
Tensor zeros(Shape shape, DType d) { return full(shape, 0, d); }
Tensor ones(Shape shape, DType d) { return full(shape, 1, d); }
Tensor tensor(std::span<const float> v) { return copied(v, {int64_t(v.size())}, DType::f32); }
Tensor tensor(std::span<const int64_t> v) { return copied(v, {int64_t(v.size())}, DType::i64); }
Tensor arange(int64_t n) {
    if (n < 0)
        throw ValueError("arange(): upper bound " + std::to_string(n) + " is negative");
    Tensor t = make_tensor({n}, DType::i64);
    auto p = t.mutable_data<int64_t>();
    for (size_t i = 0; i < p.size(); ++i)
        p[i] = int64_t(i);
    return t;
}
Tensor rand(Shape shape) {
    Tensor t = make_tensor(shape, DType::f32);
    fill_uniform(t.mutable_data<float>().data(), DType::f32, t.numel(), 0, 1, initial_seed(), take_call());
    return t;
}
Tensor randn(Shape shape) {
    Tensor t = make_tensor(shape, DType::f32);
    fill_normal(t.mutable_data<float>().data(), DType::f32, t.numel(), 0, 1, initial_seed(), take_call());
    return t;
}
} // namespace modrt
