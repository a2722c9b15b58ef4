// Views: new dims and strides over the same memory.
#include "core/tensor_impl.h"
#include "modrt/error.h"
#include <algorithm>

namespace modrt {
using namespace detail;
namespace {
int wrap(int d, int64_t rank, const char *what) {
    int64_t w = d < 0 ? d + rank : d;
    if (w < 0 || w >= rank)
        throw IndexError(std::string(what) + ": dimension " + std::to_string(d) + " of a tensor with " +
                         std::to_string(rank) + " dimensions");
    return int(w);
}
struct Layout {
    Shape shape;
    std::array<int64_t, Shape::kMaxRank> strides{};
    int64_t offset = 0; // elements
};
Layout layout_of(const TensorImpl &t) { return {t.shape, t.strides, 0}; }
Tensor over(const Tensor &t, const Layout &l) {
    (void)t.data_ptr(); // a declared parameter has nothing to view
    Memory m = checked(t).memory();
    return make_view(std::move(m.storage), m.offset + l.offset * size_of(t.dtype()), l.shape, t.dtype(),
                     l.strides.data());
}
void erase(Layout &l, int d) {
    Shape s;
    for (int i = 0, o = 0; i < int(l.shape.size()); ++i)
        if (i != d) {
            s.push_back(l.shape[size_t(i)]);
            l.strides[size_t(o++)] = l.strides[size_t(i)];
        }
    l.shape = s;
}
// Replaces one -1; the number of elements must stay.
Shape resolved(Shape want, const Tensor &t, const char *what) {
    int64_t known = 1, at = -1;
    for (size_t i = 0; i < want.size(); ++i) {
        if (want[i] == -1 && at < 0)
            at = int64_t(i);
        else if (want[i] < 0 || __builtin_mul_overflow(known, want[i], &known))
            throw ShapeError(std::string(what) + ": shape " + want.text() + " is invalid for " + describe(t));
    }
    if (at >= 0 && known > 0 && t.numel() % known == 0)
        want[size_t(at)] = t.numel() / known;
    else if (at >= 0 || known != t.numel())
        throw ShapeError(std::string(what) + ": shape " + want.text() + " is invalid for input " + describe(t) +
                         " of size " + std::to_string(t.numel()));
    return want;
}
// Strides of `to` over the memory of t, when runs of its dims map onto runs of t's.
bool restride(const TensorImpl &t, const Shape &to, std::array<int64_t, Shape::kMaxRank> &strides) {
    if (t.contiguous() || t.shape.numel() == 0) {
        contiguous_strides(to, strides.data());
        return true;
    }
    int64_t v = int64_t(to.size()) - 1, run = 1, made = 1;
    int64_t base = t.strides[t.shape.size() - 1];
    for (int64_t d = int64_t(t.shape.size()) - 1; d >= 0; --d) {
        run *= t.shape[size_t(d)];
        bool ends = d == 0 || (t.shape[size_t(d - 1)] != 1 && t.strides[size_t(d - 1)] != run * base);
        if (!ends)
            continue;
        while (v >= 0 && (made < run || to[size_t(v)] == 1)) {
            strides[size_t(v)] = made * base;
            made *= to[size_t(v--)];
        }
        if (made != run)
            return false;
        if (d > 0) {
            base = t.strides[size_t(d - 1)];
            run = made = 1;
        }
    }
    return v < 0;
}
} // namespace

int64_t Tensor::size(int d) const { return shape()[size_t(wrap(d, dim(), "size()"))]; }

Tensor Tensor::view(Shape want) const {
    Layout l = layout_of(checked(*this));
    l.shape = resolved(want, *this, "view()");
    if (!restride(checked(*this), l.shape, l.strides))
        throw ShapeError("view(): shape " + l.shape.text() + " is not compatible with the strides of this " +
                         describe(*this) + "; reshape() copies where needed");
    return over(*this, l);
}
Tensor Tensor::reshape(Shape want) const {
    Layout l = layout_of(checked(*this));
    l.shape = resolved(want, *this, "reshape()");
    return restride(checked(*this), l.shape, l.strides) ? over(*this, l) : clone().view(l.shape);
}
Tensor Tensor::flatten(int start, int end) const {
    if (dim() == 0)
        return reshape({1});
    int a = wrap(start, dim(), "flatten()"), b = wrap(end, dim(), "flatten()");
    if (a > b)
        throw ValueError("flatten(): start_dim " + std::to_string(start) + " comes after end_dim " +
                         std::to_string(end));
    Shape s;
    int64_t run = 1;
    for (int i = 0; i < int(dim()); ++i) {
        run = i > a && i <= b ? run * shape()[size_t(i)] : shape()[size_t(i)];
        if (i < a || i >= b)
            s.push_back(run);
    }
    return reshape(s);
}
Tensor Tensor::transpose(int x, int y) const {
    Layout l = layout_of(checked(*this));
    size_t a = size_t(wrap(x, dim(), "transpose()")), b = size_t(wrap(y, dim(), "transpose()"));
    std::swap(l.shape[a], l.shape[b]);
    std::swap(l.strides[a], l.strides[b]);
    return over(*this, l);
}
Tensor Tensor::t() const {
    if (dim() > 2)
        throw ShapeError("t() expects a tensor with <= 2 dimensions, but self is " + describe(*this));
    return dim() < 2 ? over(*this, layout_of(checked(*this))) : transpose(0, 1);
}
Tensor Tensor::permute(std::initializer_list<int> order) const {
    Layout from = layout_of(checked(*this)), l = from;
    if (int64_t(order.size()) != dim())
        throw ShapeError("permute(): " + std::to_string(order.size()) + " dimensions given for " + describe(*this));
    unsigned seen = 0;
    size_t i = 0;
    for (int d : order) {
        size_t w = size_t(wrap(d, dim(), "permute()"));
        if (seen >> w & 1)
            throw ValueError("permute(): dimension " + std::to_string(d) + " is given twice");
        seen |= 1u << w;
        l.shape[i] = from.shape[w];
        l.strides[i++] = from.strides[w];
    }
    return over(*this, l);
}
Tensor Tensor::squeeze(int d) const {
    Layout l = layout_of(checked(*this));
    int w = wrap(d, dim(), "squeeze()");
    if (l.shape[size_t(w)] == 1)
        erase(l, w);
    return over(*this, l);
}
Tensor Tensor::unsqueeze(int d) const {
    int w = wrap(d, dim() + 1, "unsqueeze()");
    Layout l = layout_of(checked(*this));
    Shape s;
    std::array<int64_t, Shape::kMaxRank> strides{};
    for (int i = 0; i <= int(dim()); ++i) {
        int from = i < w ? i : i - 1;
        strides[s.size() < Shape::kMaxRank ? s.size() : 0] = i == w ? 1 : l.strides[size_t(from)];
        s.push_back(i == w ? 1 : l.shape[size_t(from)]);
    }
    l.shape = s;
    l.strides = strides;
    return over(*this, l);
}
Tensor Tensor::select(int d, int64_t index) const {
    Layout l = layout_of(checked(*this));
    int w = wrap(d, dim(), "select()");
    int64_t n = l.shape[size_t(w)], i = index < 0 ? index + n : index;
    if (i < 0 || i >= n)
        throw IndexError("select(): index " + std::to_string(index) + " out of range for dimension " +
                         std::to_string(w) + " with size " + std::to_string(n));
    l.offset = i * l.strides[size_t(w)];
    erase(l, w);
    return over(*this, l);
}
Tensor Tensor::slice(int d, Slice s) const {
    Layout l = layout_of(checked(*this));
    size_t w = size_t(wrap(d, dim(), "slice()"));
    if (s.step <= 0)
        throw ValueError("slice(): step must be positive, got " + std::to_string(s.step));
    int64_t n = l.shape[w];
    auto bound = [&](std::optional<int64_t> v, int64_t none) {
        int64_t x = v.value_or(none);
        return std::clamp<int64_t>(x < 0 ? x + n : x, 0, n);
    };
    int64_t a = bound(s.start, 0), b = bound(s.stop, n);
    l.shape[w] = b > a ? (b - a - 1) / s.step + 1 : 0;
    l.offset = l.shape[w] ? a * l.strides[w] : 0;
    l.strides[w] *= s.step;
    return over(*this, l);
}
Tensor Tensor::detach() const { return over(*this, layout_of(checked(*this))); }
} // namespace modrt
