// Windows, additions by index and sorting as functions of the language.
#include "compiler/sema/Builtins.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

/// `lo` or `hi` of a window: sizes of at least 0, one for each dimension of the window.
std::optional<llvm::SmallVector<DimAttr>> Elaborator::paddingList(const Value &value, llvm::StringRef what,
                                                                  SourceRange range) {
  auto sizes = shapeOf(value, range);
  if (!sizes)
    return std::nullopt;
  for (DimAttr d : *sizes) {
    std::string why, words = ("reduce_window: " + what + ": 0 <= " + d.text()).str();
    if (!require({false, DimAttr::constant(ctx, 0), d}, words, why)) {
      report(diag::operandMismatch, range, "reduce_window", (what + " is to be at least 0, got " + d.text()).str());
      return std::nullopt;
    }
  }
  return sizes;
}

Value Elaborator::reduceWindow(llvm::MutableArrayRef<Value> a, SourceRange range) {
  SymTensorType type = wantTensor(a[0], "reduce_window()", range);
  if (!type)
    return Poison{};
  auto *kind = a[1].get<std::string>();
  if (!kind || (*kind != "max" && *kind != "sum"))
    return report(diag::wrongValue, range, "reduce_window() wants \"max\" or \"sum\", got " + describe(a[1])), Poison{};
  if (type.getElementType().isInteger(1))
    return report(diag::operandMismatch, range, "reduce_window", "is not defined for bool tensors; convert them first"),
           Poison{};
  auto window = intList(a[2], "window", range), stride = intList(a[3], "stride", range);
  auto dilation = intList(a[6], "dilation", range);
  if (!window || !stride || !dilation)
    return Poison{};
  auto lo = paddingList(a[4], "padding", range), hi = paddingList(a[5], "padding", range);
  mlir::Value x = tensorOf(a[0], range);
  if (!lo || !hi || !x)
    return Poison{};
  // Sizes that are known are for the operation's own inference to refuse; others become guards.
  size_t n = window->size(), rank = type.getDims().size();
  if (n <= rank && lo->size() == n && hi->size() == n && dilation->size() == n)
    for (size_t i = 0; i < n; ++i) {
      int64_t span;
      if (__builtin_mul_overflow((*dilation)[i], (*window)[i] - 1, &span) || span < 0 || span >= INT64_MAX / 4)
        break;
      DimAttr padded = type.getDims()[rank - n + i].plus((*lo)[i]).plus((*hi)[i]);
      DimAttr need = DimAttr::constant(ctx, span + 1);
      std::string why, words = "reduce_window: a window of " + need.text() + " <= " + padded.text();
      if (!padded.getConstant() && !holdsFromOneUp(need, padded) && !require({false, need, padded}, words, why))
        return report(diag::operandMismatch, range, "reduce_window",
                      "a window that spans " + need.text() + " elements is larger than the padded size " +
                          padded.text()),
               Poison{};
    }
  auto ints = [&](llvm::ArrayRef<int64_t> values) { return mlir::DenseI64ArrayAttr::get(ctx, values); };
  return emit<mod::ReduceWindowOp>(range, {x},
                                   {attr("kind", mlir::StringAttr::get(ctx, *kind)), attr("window", ints(*window)),
                                    attr("stride", ints(*stride)), attr("lo", dimArray(*lo)), attr("hi", dimArray(*hi)),
                                    attr("dilation", ints(*dilation))});
}

/// x, dim, index, v of an addition by index.
Value Elaborator::addByIndex(llvm::MutableArrayRef<Value> a, llvm::StringRef name, InferFunction infer,
                             SourceRange range) {
  llvm::StringRef op = name.split('.').second;
  std::string what = (op + "()").str();
  SymTensorType type = wantTensor(a[0], what, range), added = wantTensor(a[3], what, range);
  if (!type || !added || !wantTensor(a[2], what, range))
    return Poison{};
  if (type.getElementType().isInteger(1))
    return report(diag::operandMismatch, range, op, "is not defined for bool tensors; convert them first"), Poison{};
  if (type.getElementType() != added.getElementType())
    return report(diag::mixedDtypes, range, op, type.text(), added.text()), Poison{};
  auto dim = dimIndex(a[1], type.getDims().size(), range);
  mlir::Value x = tensorOf(a[0], range), index = indexOf(a[2], range), v = tensorOf(a[3], range);
  if (!dim || !x || !index || !v)
    return Poison{};
  return emitOp(range, name, infer, {x, index, v},
                {attr("dim", mlir::IntegerAttr::get(mlir::IntegerType::get(ctx, 64), *dim))}, /*weak=*/false);
}

Value Elaborator::sort(llvm::MutableArrayRef<Value> a, SourceRange range) {
  SymTensorType type = wantTensor(a[0], "sort()", range);
  if (!type)
    return Poison{};
  auto dim = dimIndex(a[1], type.getDims().size(), range);
  auto descending = truth(a[2], range);
  mlir::Value x = tensorOf(a[0], range);
  if (!dim || !descending || !x)
    return Poison{};
  llvm::SmallVector<mlir::NamedAttribute> attrs = {
      attr("dim", mlir::IntegerAttr::get(mlir::IntegerType::get(ctx, 64), *dim))};
  if (*descending)
    attrs.push_back(attr("descending", mlir::BoolAttr::get(ctx, true)));
  Value values = emit<mod::SortOp>(range, {x}, attrs);
  if (values.poisoned())
    return values;
  mlir::Value indices = values.as<TensorValue>().value.getDefiningOp<mod::SortOp>().getIndices();
  return makeList({values, TensorValue{indices}}, /*tuple=*/true);
}

llvm::ArrayRef<Builtin> BuiltinTable::windows() {
  static const Builtin table[] = {
      {"reduce_window", "x, kind, window, stride, lo, hi, dilation",
       [](Elaborator &e, Args a, SourceRange r) -> Value { return e.reduceWindow(a, r); }},
      {"index_add", "x, dim, index, v",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         return e.addByIndex(a, mod::IndexAddOp::getOperationName(), &mod::IndexAddOp::infer, r);
       }},
      {"scatter_add", "x, dim, index, v",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         return e.addByIndex(a, mod::ScatterAddOp::getOperationName(), &mod::ScatterAddOp::infer, r);
       }},
      {"sort", "x, dim=-1, descending=False, stable=False",
       [](Elaborator &e, Args a, SourceRange r) -> Value { return e.sort(a, r); }},
  };
  return table;
}
