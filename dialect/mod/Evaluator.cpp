// Arrays of the reference interpreter: sizes, rounding, broadcasting.
#include "dialect/mod/Evaluator.h"
#include "llvm/ADT/APFloat.h"

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

llvm::Expected<Array> Evaluator::result(Type type) const {
  auto tensor = cast<SymTensorType>(type);
  SmallVector<int64_t> dims;
  int64_t count = 1;
  for (DimAttr d : tensor.getDims()) {
    auto n = size(d);
    if (!n || *n < 0 || __builtin_mul_overflow(count, *n, &count) || count > (int64_t(1) << 34))
      return llvm::createStringError("size " + d.text() + " has no value that can be computed with");
    dims.push_back(*n);
  }
  return Array::make(tensor.getElementType(), dims);
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

Broadcast::Broadcast(ArrayRef<int64_t> from, ArrayRef<int64_t> to) : to(to), strides(to.size(), 0) {
  auto own = rowMajorStrides(from);
  for (size_t i = 0; i < from.size(); ++i)
    if (from[i] != 1)
      strides[i + to.size() - from.size()] = own[i];
}

int64_t Broadcast::operator()(int64_t n) const {
  int64_t offset = 0;
  for (size_t i = to.size(); i-- > 0;) {
    offset += (n % to[i]) * strides[i];
    n /= to[i];
  }
  return offset;
}
