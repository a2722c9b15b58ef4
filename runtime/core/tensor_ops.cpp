// Copies, fills, conversion and comparison.
#include "core/convert.h"
#include "core/tensor_impl.h"
#include "modrt/error.h"
#include <cmath>
#include <cstring>

namespace modrt {
namespace detail {
namespace {
// Calls f(offset of a run in elements, position of the run) for each innermost row of a strided tensor.
template <class F> void each_row(const TensorImpl &t, F f) {
    size_t rank = t.shape.size();
    if (t.shape.numel() == 0)
        return;
    int64_t index[Shape::kMaxRank] = {}, width = rank ? t.shape[rank - 1] : 1, offset = 0;
    for (int64_t position = 0;; position += width) {
        f(offset, position);
        size_t d = rank ? rank - 1 : 0;
        for (;;) {
            if (d == 0)
                return;
            --d;
            offset += t.strides[d];
            if (++index[d] < t.shape[d])
                break;
            offset -= t.strides[d] * t.shape[d];
            index[d] = 0;
        }
    }
}
} // namespace

void copy_elements(const TensorImpl &from, const char *from_data, char *to, DType to_dtype) {
    int64_t size = size_of(from.dtype), to_size = size_of(to_dtype);
    if (from.contiguous())
        return convert_elements(from_data, from.dtype, to, to_dtype, from.shape.numel());
    size_t rank = from.shape.size();
    int64_t width = from.shape[rank - 1], stride = from.strides[rank - 1];
    each_row(from, [&](int64_t offset, int64_t position) {
        const char *row = from_data + offset * size;
        char *out = to + position * to_size;
        if (stride == 1)
            return convert_elements(row, from.dtype, out, to_dtype, width);
        for (int64_t i = 0; i < width; ++i)
            convert_elements(row + i * stride * size, from.dtype, out + i * to_size, to_dtype, 1);
    });
}

namespace {
Memory writable(Tensor &t, const char *what) {
    auto &impl = checked(t);
    if (impl.owned)
        throw TypeError(
            std::string(what) +
            ": this is a module's parameter or buffer; edit() changes it so that running calls are not disturbed");
    if (impl.mem.storage->access != Access::writable)
        throw TypeError(std::string(what) + ": the tensor " + describe(t) +
                        " is read-only (mapped from a file, or another library's); clone() it first");
    return impl.mem;
}
Tensor copy_of(const Tensor &t, DType dtype) {
    (void)t.data_ptr(); // refuses a declared tensor
    auto &impl = checked(t);
    Memory from = impl.memory();
    Tensor out = make_tensor(impl.shape, dtype);
    copy_elements(impl, from.data(), out.impl()->mem.data(), dtype);
    return out;
}
} // namespace
} // namespace detail

using namespace detail;

Tensor Tensor::to(DType d) const { return d == dtype() ? *this : copy_of(*this, d); }
Tensor Tensor::clone() const { return copy_of(*this, dtype()); }
Tensor Tensor::contiguous() const { return is_contiguous() ? *this : clone(); }

Tensor &Tensor::copy_(const Tensor &from) {
    Memory m = writable(*this, "copy_()");
    if (shape() != from.shape())
        throw ShapeError("copy_(): " + describe(from) + " does not fit into " + describe(*this));
    Tensor dense = copy_of(from, dtype()); // also when both share memory
    const char *src = dense.impl()->mem.data();
    int64_t size = size_of(dtype());
    auto &impl = *this->impl();
    if (impl.contiguous()) {
        if (numel())
            std::memcpy(m.data(), src, size_t(nbytes()));
        return *this;
    }
    size_t rank = impl.shape.size();
    each_row(impl, [&](int64_t offset, int64_t position) {
        for (int64_t i = 0; i < impl.shape[rank - 1]; ++i)
            std::memcpy(m.data() + (offset + i * impl.strides[rank - 1]) * size, src + (position + i) * size,
                        size_t(size));
    });
    return *this;
}

Tensor &Tensor::fill_(double v) {
    Memory m = writable(*this, "fill_()");
    char element[16];
    convert_elements(&v, DType::f64, element, dtype(), 1);
    auto &impl = *this->impl();
    int64_t size = size_of(impl.dtype), width = impl.shape.empty() ? 1 : impl.shape[impl.shape.size() - 1];
    int64_t stride = impl.shape.empty() ? 1 : impl.strides[impl.shape.size() - 1];
    each_row(impl, [&](int64_t offset, int64_t) {
        char *p = m.data() + offset * size;
        for (int64_t i = 0; i < width; ++i)
            std::memcpy(p + i * stride * size, element, size_t(size));
    });
    return *this;
}

Tensor &Tensor::requires_grad_(bool on) {
    auto &t = checked(*this);
    if (on && !is_floating_point(t.dtype) && t.dtype != DType::c64 && t.dtype != DType::c128)
        throw TypeError("only Tensors of floating point and complex dtype can require gradients");
    t.requires_grad.store(on, std::memory_order_relaxed);
    return *this;
}

bool equal(const Tensor &a, const Tensor &b) {
    if (!a || !b)
        return !a && !b;
    if (a.shape() != b.shape() || a.dtype() != b.dtype())
        return false;
    Tensor x = a.contiguous(), y = b.contiguous();
    if (!is_floating_point(a.dtype()))
        return a.numel() == 0 || std::memcmp(x.data_ptr(), y.data_ptr(), size_t(a.nbytes())) == 0;
    Tensor p = x.to(DType::f64), q = y.to(DType::f64); // -0 equals 0, NaN equals nothing
    auto u = p.data<double>(), v = q.data<double>();
    return std::equal(u.begin(), u.end(), v.begin());
}

bool allclose(const Tensor &a, const Tensor &b, double rtol, double atol) {
    if (a.shape() != b.shape())
        throw ShapeError("allclose(): " + describe(a) + " and " + describe(b) + " differ in shape");
    Tensor p = a.to(DType::f64).contiguous(), q = b.to(DType::f64).contiguous();
    auto u = p.data<double>(), v = q.data<double>();
    for (size_t i = 0; i < u.size(); ++i)
        if (u[i] != v[i] && !(std::abs(u[i] - v[i]) <= atol + rtol * std::abs(v[i])))
            return false;
    return true;
}
} // namespace modrt
