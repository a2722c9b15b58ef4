// Reference meaning of conversion, creation, shape and reduction primitives.
#include "dialect/mod/Evaluator.h"

using namespace mlir;
using namespace modc::mod;
using llvm::createStringError;
using llvm::Error;

/// Sets `value` to an array of its type whose elements are those of `x` that `at` picks: calls `fill(y)` with the
/// array.
template <typename F> static Error compute(Evaluator &ev, Value value, F fill) {
  auto y = ev.result(value.getType());
  if (!y)
    return y.takeError();
  if (Error e = fill(*y))
    return e;
  ev.set(value, std::move(*y));
  return Error::success();
}

/// Runs `fn` on the elements of `x` and `y`, of one dtype, as vectors of double or int64_t.
template <typename F> static void withData(const Array &x, Array &y, F fn) {
  if (x.isFloat())
    fn(x.f, y.f);
  else
    fn(x.i, y.i);
}

/// A view: `y` read from `x` at `base` with a stride per dimension of y.
static void copyStrided(const Array &x, Array &y, int64_t base, SmallVector<int64_t> strides) {
  withData(x, y, [&](auto &from, auto &to) {
    walkIndices<1>(y.dims, {std::move(strides)}, [&](int64_t n, auto &at) { to[n] = from[base + at[0]]; });
  });
}

//===----------------------------------------------------------------------===//
// Conversion, choice, creation
//===----------------------------------------------------------------------===//

Error ToOp::eval(Evaluator &ev) {
  ev.set(getY(), convertArray(ev.get(getX()), getDtype()));
  return Error::success();
}

Error WhereOp::eval(Evaluator &ev) {
  const Array &c = ev.get(getCond()), &a = ev.get(getA()), &b = ev.get(getB());
  return compute(ev, getY(), [&](Array &y) {
    std::array strides{broadcastStrides(c.dims, y.dims), broadcastStrides(a.dims, y.dims),
                       broadcastStrides(b.dims, y.dims)};
    withData(a, y, [&](auto &from, auto &to) {
      auto &other = b.data<std::decay_t<decltype(from[0])>>();
      walkIndices(y.dims, strides, [&](int64_t n, auto &at) { to[n] = c.i[at[0]] ? from[at[1]] : other[at[2]]; });
    });
    return Error::success();
  });
}

/// The number of an attribute in a dtype, as double or int64_t.
template <typename T> static T number(Attribute value) {
  if (auto f = dyn_cast<FloatAttr>(value))
    return T(f.getValueAsDouble());
  return T(cast<IntegerAttr>(value).getValue().getSExtValue());
}

static void fill(Array &y, Attribute value) {
  if (y.isFloat())
    llvm::fill(y.f, number<double>(value));
  else
    llvm::fill(y.i, number<int64_t>(value));
}

Error FullOp::eval(Evaluator &ev) {
  return compute(ev, getY(), [&](Array &y) {
    fill(y, getValue());
    return Error::success();
  });
}

Error SizeOp::eval(Evaluator &ev) {
  auto n = ev.size(getSize());
  if (!n)
    return createStringError("size " + getSize().text() + " has no value");
  return compute(ev, getY(), [&](Array &y) {
    if (y.isFloat())
      y.f[0] = double(*n);
    else
      y.i[0] = *n;
    return Error::success();
  });
}

Error IotaOp::eval(Evaluator &ev) {
  return compute(ev, getY(), [&](Array &y) {
    for (int64_t n = 0, e = y.count(); n < e; ++n) {
      if (y.isFloat())
        y.f[n] = double(n);
      else
        y.i[n] = n;
    }
    return Error::success();
  });
}

Error RandomOp::eval(Evaluator &ev) {
  return compute(ev, getY(), [&](Array &y) {
    fillRandom(y, ev.getKey(getKey()), ev.call);
    return Error::success();
  });
}

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

Error ReshapeOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX());
  return compute(ev, getY(), [&](Array &y) -> Error {
    if (x.count() != y.count())
      return createStringError("reshape of " + Twine(x.count()) + " elements to " + Twine(y.count()));
    y.f = x.f;
    y.i = x.i;
    return Error::success();
  });
}

Error PermuteOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX());
  return compute(ev, getY(), [&](Array &y) {
    SmallVector<int64_t> own = rowMajorStrides(x.dims), strides;
    for (int64_t d : getDims())
      strides.push_back(own[d]);
    copyStrided(x, y, 0, std::move(strides));
    return Error::success();
  });
}

Error ExpandOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX());
  return compute(ev, getY(), [&](Array &y) -> Error {
    for (auto [have, want] : llvm::zip(llvm::reverse(x.dims), llvm::reverse(y.dims)))
      if (have != want && have != 1)
        return createStringError("expand of a size " + Twine(have) + " to " + Twine(want) + "; only 1 can be expanded");
    copyStrided(x, y, 0, broadcastStrides(x.dims, y.dims));
    return Error::success();
  });
}

Error NarrowOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX());
  auto start = ev.size(getStart());
  if (!start)
    return createStringError("start " + getStart().text() + " of a slice has no value");
  return compute(ev, getY(), [&](Array &y) -> Error {
    int64_t dim = getDim(), length = y.dims[dim], step = getStep(), last;
    if (*start < 0 || *start > x.dims[dim] || __builtin_mul_overflow(length - 1, step, &last) ||
        (length > 0 && last >= x.dims[dim] - *start))
      return createStringError("slice from " + Twine(*start) + " of length " + Twine(length) + ", step " + Twine(step) +
                               ", is out of range for size " + Twine(x.dims[dim]) + " of dimension " + Twine(dim));
    SmallVector<int64_t> strides = rowMajorStrides(x.dims);
    int64_t base = *start * strides[dim];
    if (length > 1)
      strides[dim] *= step;
    copyStrided(x, y, base, std::move(strides));
    return Error::success();
  });
}

Error UpdateSliceOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX()), &v = ev.get(getV());
  SmallVector<int64_t> own = rowMajorStrides(x.dims);
  int64_t base = 0;
  for (auto [i, attr] : llvm::enumerate(getStart())) {
    auto start = ev.size(cast<DimAttr>(attr));
    if (!start)
      return createStringError("start " + cast<DimAttr>(attr).text() + " of a slice has no value");
    if (*start < 0 || v.dims[i] > x.dims[i] || *start > x.dims[i] - v.dims[i])
      return createStringError("block from " + Twine(*start) + " of size " + Twine(v.dims[i]) +
                               " is out of range for size " + Twine(x.dims[i]) + " of dimension " + Twine(i));
    base += *start * own[i];
  }
  Array y = x;
  withData(v, y, [&](auto &from, auto &to) {
    walkIndices<1>(v.dims, {own}, [&](int64_t n, auto &at) { to[base + at[0]] = from[n]; });
  });
  ev.set(getY(), std::move(y));
  return Error::success();
}

Error CatOp::eval(Evaluator &ev) {
  return compute(ev, getY(), [&](Array &y) {
    int64_t dim = getDim(), base = 0;
    SmallVector<int64_t> strides = rowMajorStrides(y.dims);
    for (Value operand : getXs()) {
      const Array &x = ev.get(operand);
      withData(x, y, [&](auto &from, auto &to) {
        walkIndices<1>(x.dims, {strides}, [&](int64_t n, auto &at) { to[base + at[0]] = from[n]; });
      });
      base += x.dims[dim] * strides[dim];
    }
    return Error::success();
  });
}

Error ConstantPadOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX());
  return compute(ev, getY(), [&](Array &y) {
    fill(y, getValue());
    // The part of x that is kept: [from, from + kept) in x, from `to` on in y.
    SmallVector<int64_t> kept, sx = rowMajorStrides(x.dims), sy = rowMajorStrides(y.dims);
    int64_t baseX = 0, baseY = 0;
    for (auto [i, lo, hi] : llvm::enumerate(getLo(), getHi())) {
      int64_t from = std::max<int64_t>(0, -lo), to = std::max<int64_t>(0, lo);
      kept.push_back(std::max<int64_t>(0, x.dims[i] - from - std::max<int64_t>(0, -hi)));
      baseX += from * sx[i];
      baseY += to * sy[i];
    }
    withData(x, y, [&](auto &from, auto &to) {
      walkIndices<2>(kept, {sx, sy}, [&](int64_t, auto &at) { to[baseY + at[1]] = from[baseX + at[0]]; });
    });
    return Error::success();
  });
}

Error RepackOp::eval(Evaluator &ev) {
  ev.set(getY(), ev.share(getX())); // a layout changes no element
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// Strides into the result of a reduction for each dimension of the operand: 0 for those reduced over.
static SmallVector<int64_t> reducedStrides(ArrayRef<int64_t> dims, ArrayRef<int64_t> over) {
  SmallVector<int64_t> kept(dims);
  for (int64_t d : over)
    kept[d] = 1;
  SmallVector<int64_t> strides = rowMajorStrides(kept);
  for (int64_t d : over)
    strides[d] = 0;
  return strides;
}

static Error requireElements(const Array &x, ArrayRef<int64_t> over, StringRef what) {
  for (int64_t d : over)
    if (x.dims[d] == 0)
      return createStringError(what + " over dimension " + Twine(d) + ", which is empty");
  return Error::success();
}

Error SumOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX());
  return compute(ev, getY(), [&](Array &y) {
    withData(x, y, [&](auto &from, auto &to) {
      walkIndices<1>(x.dims, {reducedStrides(x.dims, getDims())},
                     [&](int64_t n, auto &at) { to[at[0]] = scalar::wrapAdd(to[at[0]], from[n]); });
    });
    return Error::success();
  });
}

/// The least value of an integer type.
static int64_t lowestOf(Type element) {
  unsigned bits = element.getIntOrFloatBitWidth();
  return element.isUnsignedInteger() || bits == 1 ? 0 : llvm::minIntN(bits);
}

// The largest of nothing is the least value, as in compiled code: softmax over an empty dimension has no elements, but
// asks for their largest.
Error AmaxOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX());
  return compute(ev, getY(), [&](Array &y) -> Error {
    withData(x, y, [&](auto &from, auto &to) {
      using T = std::decay_t<decltype(from[0])>;
      llvm::fill(to, y.isFloat() ? T(-std::numeric_limits<double>::infinity()) : T(lowestOf(y.element)));
      walkIndices<1>(x.dims, {reducedStrides(x.dims, getDims())},
                     [&](int64_t n, auto &at) { to[at[0]] = scalar::maximum(to[at[0]], from[n]); });
    });
    return Error::success();
  });
}

Error ArgmaxOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX());
  return compute(ev, getY(), [&](Array &y) -> Error {
    int64_t dim = getDim();
    if (Error e = requireElements(x, dim, "argmax"))
      return e;
    SmallVector<int64_t> strides = rowMajorStrides(x.dims), outer(x.dims);
    outer[dim] = 1;
    auto run = [&](auto &from) {
      walkIndices<1>(outer, {strides}, [&](int64_t n, auto &at) {
        int64_t best = 0;
        for (int64_t j = 1; j < x.dims[dim]; ++j) {
          auto have = from[at[0] + best * strides[dim]], next = from[at[0] + j * strides[dim]];
          // NaN is larger than any number, the first of them wins.
          if (have == have && (next > have || next != next))
            best = j;
        }
        y.i[n] = best;
      });
    };
    if (x.isFloat())
      run(x.f);
    else
      run(x.i);
    return Error::success();
  });
}

Error CumsumOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX());
  return compute(ev, getY(), [&](Array &y) {
    int64_t dim = getDim();
    SmallVector<int64_t> strides = rowMajorStrides(x.dims), outer(x.dims);
    outer[dim] = std::min<int64_t>(outer[dim], 1);
    withData(x, y, [&](auto &from, auto &to) {
      walkIndices<1>(outer, {strides}, [&](int64_t, auto &at) {
        std::decay_t<decltype(from[0])> sum = 0;
        for (int64_t j = 0; j < x.dims[dim]; ++j) {
          int64_t here = at[0] + j * strides[dim];
          to[here] = sum = scalar::wrapAdd(sum, from[here]);
        }
      });
    });
    return Error::success();
  });
}
