// Reference meaning of windows, of additions by index, and of sorting.
#include "dialect/mod/Evaluator.h"
#include <algorithm>
#include <limits>
#include <numeric>

using namespace mlir;
using namespace modc::mod;
using llvm::createStringError;
using llvm::Error;

namespace {
/// One windowed dimension: size of x and of the result, and where each window lies.
struct Axis {
  int64_t size, result, window, stride, lo, dilation;
  /// The first j and the one after the last for which window `o` sees an element.
  std::pair<int64_t, int64_t> seen(int64_t o) const {
    int64_t start = o * stride - lo;
    int64_t first = start < 0 ? (-start + dilation - 1) / dilation : 0;
    int64_t end = start < size ? std::min(window, (size - 1 - start) / dilation + 1) : 0;
    return {first, std::max(first, end)};
  }
};

template <typename T> T lowest(Type element) {
  if constexpr (std::is_same_v<T, double>)
    return -std::numeric_limits<double>::infinity();
  else
    return element.isUnsignedInteger() ? 0 : llvm::minIntN(element.getIntOrFloatBitWidth());
}

/// Calls `visit(offset)` for each element of `x` that the window of the result's point `at` sees, in row-major order.
template <typename F>
void walkWindow(ArrayRef<Axis> axes, ArrayRef<int64_t> at, ArrayRef<int64_t> strides, int64_t offset, F &visit) {
  if (axes.empty())
    return visit(offset);
  const Axis &a = axes[0];
  auto [first, end] = a.seen(at[0]);
  for (int64_t j = first; j < end; ++j)
    walkWindow(axes.drop_front(), at.drop_front(), strides.drop_front(),
               offset + (at[0] * a.stride - a.lo + j * a.dilation) * strides[0], visit);
}
} // namespace

Error ReduceWindowOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX());
  auto y = ev.result(getY().getType());
  if (!y)
    return y.takeError();
  size_t first = getFirstWindowed(), n = getWindow().size();
  SmallVector<Axis> axes;
  for (size_t i = 0; i < n; ++i) {
    auto lo = ev.size(cast<DimAttr>(getLo()[i])), hi = ev.size(cast<DimAttr>(getHi()[i]));
    if (!lo || !hi || *lo < 0 || *hi < 0)
      return createStringError("padding " + cast<DimAttr>(getLo()[i]).text() + " or " +
                               cast<DimAttr>(getHi()[i]).text() + " of a window has no value of at least 0");
    axes.push_back({x.dims[first + i], y->dims[first + i], getWindow()[i], getStride()[i], *lo, getDilation()[i]});
  }
  SmallVector<int64_t> own = rowMajorStrides(x.dims);
  ArrayRef<int64_t> windowStrides = ArrayRef(own).slice(first, n);
  SmallVector<int64_t> walk(own);
  for (size_t i = 0; i < n; ++i)
    walk[first + i] = 0;
  bool sum = getKind() == "sum";
  auto run = [&](auto &from, auto &to) {
    using T = std::decay_t<decltype(from[0])>;
    SmallVector<int64_t> inner = rowMajorStrides(y->dims), at(n);
    walkIndices<1>(y->dims, {walk}, [&](int64_t number, auto &offset) {
      for (size_t i = 0; i < n; ++i)
        at[i] = number / inner[first + i] % axes[i].result;
      T value = sum ? T(0) : lowest<T>(x.element);
      auto visit = [&](int64_t element) {
        value = sum ? scalar::wrapAdd(value, from[element]) : scalar::maximum(value, from[element]);
      };
      walkWindow(axes, at, windowStrides, offset[0], visit);
      to[number] = value;
    });
  };
  if (x.isFloat())
    run(x.f, y->f);
  else
    run(x.i, y->i);
  ev.set(getY(), std::move(*y));
  return Error::success();
}

static Error checkIndices(const Array &index, int64_t size, int64_t dim, StringRef what) {
  for (int64_t i : index.i)
    if (i < 0 || i >= size)
      return createStringError(what + ": index " + Twine(i) + " is out of range for size " + Twine(size) +
                               " of dimension " + Twine(dim));
  return Error::success();
}

/// Adds one element of `v` to one of `y`, rounded to the dtype as everything that is stored.
static void addRounded(Evaluator &ev, Array &y, int64_t at, const Array &v, int64_t from) {
  if (!y.isFloat()) {
    y.i[at] = scalar::wrapAdd(y.i[at], v.i[from]);
    return;
  }
  Array one = Array::make(y.element, {});
  one.f[0] = y.f[at] + v.f[from];
  ev.round(one);
  y.f[at] = one.f[0];
}

Error IndexAddOp::eval(Evaluator &ev) {
  const Array &index = ev.get(getIndex()), &v = ev.get(getV());
  Array y = ev.get(getX());
  int64_t dim = getDim(), size = y.dims[dim], outer = 1, inner = 1;
  if (Error e = checkIndices(index, size, dim, "index_add"))
    return e;
  for (int64_t d : ArrayRef(y.dims).take_front(dim))
    outer *= d;
  for (int64_t d : ArrayRef(y.dims).drop_front(dim + 1))
    inner *= d;
  int64_t from = 0;
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i : index.i)
      for (int64_t k = 0; k < inner; ++k)
        addRounded(ev, y, (o * size + i) * inner + k, v, from++);
  ev.set(getY(), std::move(y));
  return Error::success();
}

Error ScatterAddOp::eval(Evaluator &ev) {
  const Array &index = ev.get(getIndex()), &v = ev.get(getV());
  Array y = ev.get(getX());
  int64_t dim = getDim();
  if (Error e = checkIndices(index, y.dims[dim], dim, "scatter_add"))
    return e;
  SmallVector<int64_t> strides = rowMajorStrides(y.dims);
  int64_t step = strides[dim];
  strides[dim] = 0;
  walkIndices<1>(index.dims, {strides},
                 [&](int64_t n, auto &at) { addRounded(ev, y, at[0] + index.i[n] * step, v, n); });
  ev.set(getY(), std::move(y));
  return Error::success();
}

Error SortOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX());
  auto values = ev.result(getValues().getType());
  if (!values)
    return values.takeError();
  auto indices = ev.result(getIndices().getType());
  if (!indices)
    return indices.takeError();
  int64_t dim = getDim(), size = x.dims[dim];
  SmallVector<int64_t> strides = rowMajorStrides(x.dims), outer(x.dims);
  outer[dim] = std::min<int64_t>(size, 1);
  bool descending = getDescending();
  auto run = [&](auto &from, auto &to) {
    std::vector<int64_t> order(size);
    walkIndices<1>(outer, {strides}, [&](int64_t, auto &at) {
      std::iota(order.begin(), order.end(), 0);
      llvm::stable_sort(order, [&](int64_t i, int64_t j) {
        auto a = from[at[0] + i * strides[dim]], b = from[at[0] + j * strides[dim]];
        if (descending)
          std::swap(a, b);
        return a < b || (a == a && b != b);
      });
      for (int64_t j = 0; j < size; ++j) {
        to[at[0] + j * strides[dim]] = from[at[0] + order[j] * strides[dim]];
        indices->i[at[0] + j * strides[dim]] = order[j];
      }
    });
  };
  if (x.isFloat())
    run(x.f, values->f);
  else
    run(x.i, values->i);
  ev.set(getValues(), std::move(*values));
  ev.set(getIndices(), std::move(*indices));
  return Error::success();
}
