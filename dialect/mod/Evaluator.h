// Values and environment of the reference interpreter, as far as one primitive's meaning needs them.
#pragma once
#include "dialect/mod/Mod.h"
#include "llvm/ADT/DenseMap.h"
#include <array>
#include <map>
#include <memory>
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
/// Strides that read an array of sizes `from` as if broadcast to `to` (aligned from the right; a size of 1 gets stride
/// 0).
llvm::SmallVector<int64_t> broadcastStrides(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to);

/// Walks the index space `dims` in row-major order and calls `body(n, offsets)` for each point, where `offsets[i]` is
/// the dot product of the point with `strides[i]`. Adds only: no division per element.
template <size_t N, typename F>
void walkIndices(llvm::ArrayRef<int64_t> dims, const std::array<llvm::SmallVector<int64_t>, N> &strides, F body) {
  for (int64_t d : dims)
    if (d == 0)
      return;
  llvm::SmallVector<int64_t> at(dims.size(), 0);
  std::array<int64_t, N> offset{};
  for (int64_t n = 0;; ++n) {
    body(n, offset);
    size_t i = dims.size();
    for (; i-- > 0;) {
      for (size_t k = 0; k < N; ++k)
        offset[k] += strides[k][i];
      if (++at[i] < dims[i])
        break;
      for (size_t k = 0; k < N; ++k)
        offset[k] -= strides[k][i] * dims[i];
      at[i] = 0;
    }
    if (i == size_t(-1))
      return;
  }
}

/// One running function: values by SSA value, sizes by name, random keys. Not for use by several threads.
class Evaluator {
public:
  /// With `exact`, f32, f16 and bf16 results keep f64 precision (finite differences, tolerances).
  explicit Evaluator(bool exact = false) : exact(exact) {}

  const Array &get(mlir::Value v) const { return *share(v); }
  std::shared_ptr<const Array> share(mlir::Value v) const {
    auto it = arrays.find(v);
    assert(it != arrays.end() && "value was not computed");
    return it->second;
  }
  bool has(mlir::Value v) const { return arrays.contains(v); }
  /// Sets a computed value, rounded to its dtype.
  void set(mlir::Value v, Array a) {
    round(a);
    arrays[v] = std::make_shared<const Array>(std::move(a));
  }
  /// Sets a value that is shared with others and already rounded.
  void set(mlir::Value v, std::shared_ptr<const Array> a) { arrays[v] = std::move(a); }
  uint64_t getKey(mlir::Value v) const { return keys.at(v); }
  void setKey(mlir::Value v, uint64_t key) { keys[v] = key; }
  /// Forgets a value that nothing reads any more.
  void drop(mlir::Value v) { arrays.erase(v); }

  /// The value of a dimension, if its symbols are known and it does not overflow.
  std::optional<int64_t> size(DimAttr d) const;
  /// The sizes of a tensor type; fails when one is unknown or negative, or the tensor too large to compute with.
  llvm::Expected<llvm::SmallVector<int64_t>> shape(mlir::Type type) const;
  /// A zeroed array for a result of this type.
  llvm::Expected<Array> result(mlir::Type type) const;
  /// Rounds to the dtype: f32, f16, bf16 by rounding to nearest even, integers by wrapping.
  void round(Array &a) const;

  std::map<std::string, int64_t> sizes;
  /// Number of the root call, second half of the counter of random numbers.
  uint64_t call = 0;
  /// Key of random numbers as folded up to this function's entry.
  uint64_t frameKey = 0;
  /// Larger tensors are refused; by default 2 GiB of f64.
  int64_t maxElements = int64_t(1) << 28;
  const bool exact;

private:
  llvm::DenseMap<mlir::Value, std::shared_ptr<const Array>> arrays;
  llvm::DenseMap<mlir::Value, uint64_t> keys;
};

/// The random stream of a key: element `e` of `random` in the dtype `element` (language.md, Random numbers).
double randomElement(uint64_t key, uint64_t call, int64_t e, mlir::Type element);
/// Fills `a` with the first elements of that stream.
void fillRandom(Array &a, uint64_t key, uint64_t call);

/// Conversion of every element by the language's rules: to integers towards zero (out of range saturates, NaN is 0), to
/// bool by x != 0, among integers by wrapping. The result is not rounded.
Array convertArray(const Array &x, mlir::Type element);

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

template <typename In, typename Out, typename F>
void evalBinaryInto(const Array &a, const Array &b, Array &y, F formula) {
  const In *pa = a.data<In>().data(), *pb = b.data<In>().data();
  Out *py = y.data<Out>().data();
  int64_t count = y.count();
  if (a.dims == b.dims) {
    for (int64_t n = 0; n < count; ++n)
      py[n] = Out(formula(pa[n], pb[n]));
  } else if (b.count() == 1) {
    for (int64_t n = 0; n < count; ++n)
      py[n] = Out(formula(pa[n], pb[0]));
  } else {
    std::array strides{broadcastStrides(a.dims, y.dims), broadcastStrides(b.dims, y.dims)};
    walkIndices(y.dims, strides, [&](int64_t n, auto &at) { py[n] = Out(formula(pa[at[0]], pb[at[1]])); });
  }
}

template <typename F> llvm::Error evalBinary(Evaluator &ev, mlir::Operation *op, F formula) {
  const Array &a = ev.get(op->getOperand(0)), &b = ev.get(op->getOperand(1));
  auto y = ev.result(op->getResult(0).getType());
  if (!y)
    return y.takeError();
  if (!a.isFloat())
    evalBinaryInto<int64_t, int64_t>(a, b, *y, formula);
  else if (y->isFloat())
    evalBinaryInto<double, double>(a, b, *y, formula);
  else
    evalBinaryInto<double, int64_t>(a, b, *y, formula);
  ev.set(op->getResult(0), std::move(*y));
  return llvm::Error::success();
}

} // namespace modc::mod
