// Values and environment of the reference interpreter, as far as one primitive's meaning needs them.
#pragma once
#include "dialect/mod/Mod.h"
#include "llvm/ADT/DenseMap.h"
#include <vector>

namespace modc::mod {

/// A dense row-major tensor. Floating dtypes keep their elements in `f`, all others in `i` (bool as 0 and 1).
struct Array {
  mlir::Type element;
  llvm::SmallVector<int64_t> dims;
  std::vector<double> f;
  std::vector<int64_t> i;

  static Array make(mlir::Type element, llvm::ArrayRef<int64_t> dims);
  bool isFloat() const { return llvm::isa<mlir::FloatType>(element); }
  int64_t count() const;
  template <typename T> std::vector<T> &data() {
    if constexpr (std::is_same_v<T, double>)
      return f;
    else
      return i;
  }
  template <typename T> const std::vector<T> &data() const { return const_cast<Array *>(this)->data<T>(); }
};

/// Row-major strides of `dims`.
llvm::SmallVector<int64_t> rowMajorStrides(llvm::ArrayRef<int64_t> dims);

/// One running function: values by SSA value, sizes by name, random keys.
class Evaluator {
public:
  /// With `exact`, f32, f16 and bf16 results keep f64 precision (finite differences, tolerances).
  explicit Evaluator(bool exact = false) : exact(exact) {}

  const Array &get(mlir::Value v) const { return arrays.at(v); }
  void set(mlir::Value v, Array a) {
    round(a);
    arrays[v] = std::move(a);
  }
  uint64_t getKey(mlir::Value v) const { return keys.at(v); }
  void setKey(mlir::Value v, uint64_t key) { keys[v] = key; }

  std::optional<int64_t> size(DimAttr d) const;
  /// An array for a result of this type, with its sizes evaluated; fails when a size is unknown or negative.
  llvm::Expected<Array> result(mlir::Type type) const;
  /// Rounds to the dtype: f32, f16, bf16 by rounding to nearest even, integers by wrapping.
  void round(Array &a) const;

  std::map<std::string, int64_t> sizes;
  /// Number of the root call, second half of the counter of random numbers.
  uint64_t call = 0;
  const bool exact;

private:
  llvm::DenseMap<mlir::Value, Array> arrays;
  llvm::DenseMap<mlir::Value, uint64_t> keys;
};

/// Offset in an operand, broadcast against `dims`, of the element with row-major number `n` of the result.
class Broadcast {
public:
  Broadcast(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to);
  int64_t operator()(int64_t n) const;

private:
  llvm::SmallVector<int64_t> to, strides;
};

template <typename F> llvm::Error evalUnary(Evaluator &ev, mlir::Operation *op, F formula) {
  const Array &x = ev.get(op->getOperand(0));
  auto y = ev.result(op->getResult(0).getType());
  if (!y)
    return y.takeError();
  if (x.isFloat()) {
    if constexpr (std::is_invocable_v<F, double>)
      for (int64_t n = 0, e = x.count(); n < e; ++n)
        y->f[n] = double(formula(x.f[n]));
  } else if constexpr (std::is_invocable_v<F, int64_t>) {
    for (int64_t n = 0, e = x.count(); n < e; ++n)
      y->i[n] = int64_t(formula(x.i[n]));
  }
  ev.set(op->getResult(0), std::move(*y));
  return llvm::Error::success();
}

template <typename F> llvm::Error evalBinary(Evaluator &ev, mlir::Operation *op, F formula) {
  const Array &a = ev.get(op->getOperand(0)), &b = ev.get(op->getOperand(1));
  auto y = ev.result(op->getResult(0).getType());
  if (!y)
    return y.takeError();
  Broadcast ia(a.dims, y->dims), ib(b.dims, y->dims);
  for (int64_t n = 0, e = y->count(); n < e; ++n) {
    if (a.isFloat()) {
      auto v = formula(a.f[ia(n)], b.f[ib(n)]);
      if (y->isFloat())
        y->f[n] = double(v);
      else
        y->i[n] = int64_t(v);
    } else {
      y->i[n] = int64_t(formula(a.i[ia(n)], b.i[ib(n)]));
    }
  }
  ev.set(op->getResult(0), std::move(*y));
  return llvm::Error::success();
}

} // namespace modc::mod
