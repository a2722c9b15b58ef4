// Arrays of the reference interpreter: sizes, rounding, broadcasting.
#include "dialect/mod/Evaluator.h"
#include "modrt/abi.h"
#include "llvm/ADT/APFloat.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlir;
using namespace modc::mod;

SmallVector<int64_t> modc::mod::rowMajorStrides(ArrayRef<int64_t> dims) {
  SmallVector<int64_t> strides(dims.size(), 1);
  for (size_t i = dims.size(); i-- > 1;)
    strides[i - 1] = strides[i] * dims[i];
  return strides;
}

int64_t Array::count() const {
  int64_t n = 1;
  for (int64_t d : dims)
    n *= d;
  return n;
}

Array Array::make(Type element, ArrayRef<int64_t> dims) {
  Array a;
  a.element = element;
  a.dims.assign(dims.begin(), dims.end());
  if (a.isFloat())
    a.f.resize(a.count());
  else
    a.i.resize(a.count());
  return a;
}

std::optional<int64_t> Evaluator::size(DimAttr d) const {
  return d.evaluate([&](StringRef name) -> std::optional<int64_t> {
    auto it = sizes.find(name.str());
    return it == sizes.end() ? std::nullopt : std::optional(it->second);
  });
}

llvm::Expected<SmallVector<int64_t>> Evaluator::shape(Type type) const {
  auto tensor = cast<SymTensorType>(type);
  SmallVector<int64_t> dims;
  int64_t count = 1;
  for (DimAttr d : tensor.getDims()) {
    auto n = size(d);
    if (!n)
      return llvm::createStringError("size " + d.text() + " of " + tensor.text() + " has no value");
    if (*n < 0)
      return llvm::createStringError("size " + d.text() + " of " + tensor.text() + " is negative: " + Twine(*n));
    if (__builtin_mul_overflow(count, *n, &count) || count > maxElements)
      return llvm::createStringError(tensor.text() + " is too large for the interpreter, which computes with up to " +
                                     Twine(maxElements) + " elements");
    dims.push_back(*n);
  }
  return dims;
}

llvm::Expected<Array> Evaluator::result(Type type) const {
  auto dims = shape(type);
  if (!dims)
    return dims.takeError();
  return Array::make(cast<SymTensorType>(type).getElementType(), *dims);
}

static double roundTo(double x, const llvm::fltSemantics &semantics) {
  llvm::APFloat v(x);
  bool lost;
  v.convert(semantics, llvm::APFloat::rmNearestTiesToEven, &lost);
  v.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &lost);
  return v.convertToDouble();
}

void Evaluator::round(Array &a) const {
  Type e = a.element;
  if (isa<Float64Type>(e) || (exact && a.isFloat()))
    return;
  if (isa<Float32Type>(e)) {
    for (double &x : a.f)
      x = float(x);
  } else if (auto f = dyn_cast<FloatType>(e)) {
    for (double &x : a.f)
      x = roundTo(x, f.getFloatSemantics());
  } else if (e.isInteger(32)) {
    for (int64_t &x : a.i)
      x = int32_t(x);
  } else if (e.isUnsignedInteger(8)) {
    for (int64_t &x : a.i)
      x = uint8_t(x);
  } else if (e.isInteger(8)) {
    for (int64_t &x : a.i)
      x = int8_t(x);
  } else if (e.isInteger(1)) {
    for (int64_t &x : a.i)
      x &= 1;
  }
}

SmallVector<int64_t> modc::mod::broadcastStrides(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  SmallVector<int64_t> own = rowMajorStrides(from), strides(to.size(), 0);
  for (size_t i = 0; i < from.size(); ++i)
    if (from[i] != 1)
      strides[i + to.size() - from.size()] = own[i];
  return strides;
}

double modc::mod::randomElement(uint64_t key, uint64_t call, int64_t e, Type element) {
  uint32_t words[4];
  modc_philox(key, uint64_t(e) / 4, call, words);
  int bits = element.isF16() ? 11 : element.isBF16() ? 8 : 24;
  return std::ldexp(double(words[e & 3] >> (32 - bits)), -bits);
}

void modc::mod::fillRandom(Array &a, uint64_t key, uint64_t call) {
  for (int64_t e = 0, n = a.count(); e < n; ++e)
    a.f[e] = randomElement(key, call, e, a.element);
}

static int64_t towardsZero(double x) {
  // The casts of C are undefined outside the range.
  if (x != x)
    return 0;
  if (x >= 0x1p63)
    return std::numeric_limits<int64_t>::max();
  if (x <= -0x1p63)
    return std::numeric_limits<int64_t>::min();
  return int64_t(x);
}

Array modc::mod::convertArray(const Array &x, Type element) {
  Array y = Array::make(element, x.dims);
  bool toBool = element.isInteger(1);
  // Narrow integers saturate as i64 does, instead of wrapping what is out of range.
  int64_t low = std::numeric_limits<int64_t>::min(), high = std::numeric_limits<int64_t>::max();
  if (auto to = dyn_cast<IntegerType>(element); to && to.getWidth() < 64) {
    low = to.isUnsigned() ? 0 : -(int64_t(1) << (to.getWidth() - 1));
    high = to.isUnsigned() ? (int64_t(1) << to.getWidth()) - 1 : (int64_t(1) << (to.getWidth() - 1)) - 1;
  }
  for (int64_t n = 0, e = x.count(); n < e; ++n) {
    if (x.isFloat()) {
      if (y.isFloat())
        y.f[n] = x.f[n];
      else
        y.i[n] = toBool ? x.f[n] != 0 : std::clamp(towardsZero(x.f[n]), low, high);
    } else if (y.isFloat()) {
      y.f[n] = double(x.i[n]);
    } else {
      y.i[n] = toBool ? x.i[n] != 0 : x.i[n];
    }
  }
  return y;
}
