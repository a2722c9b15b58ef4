// Convolutions as functions of the language.
#include "compiler/sema/Builtins.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

llvm::ArrayRef<Builtin> BuiltinTable::convolutions() {
  // Arguments: x, weight, four lists under `names`, groups. Both operands get the dtype that they promote to.
  static constexpr auto build = [](Elaborator &e, Args a, SourceRange r, llvm::StringRef op,
                                   Elaborator::InferFunction infer, std::array<llvm::StringRef, 4> names) -> Value {
    llvm::StringRef name = op.split('.').second;
    SymTensorType x = e.wantTensor(a[0], (name + "()").str(), r), w = e.wantTensor(a[1], (name + "()").str(), r);
    auto groups = e.staticInt(a[6], "groups", r);
    if (!x || !w || !groups)
      return Poison{};
    llvm::SmallVector<mlir::NamedAttribute> attrs;
    std::vector<llvm::SmallVector<int64_t>> lists;
    for (auto [i, list] : llvm::enumerate(names)) {
      auto numbers = e.intList(a[i + 2], list, r);
      if (!numbers)
        return Poison{};
      lists.push_back(*numbers);
      attrs.push_back(e.attr(list, mlir::DenseI64ArrayAttr::get(e.ctx, *numbers)));
    }
    if (*groups != 1)
      attrs.push_back(e.attr("groups", mlir::IntegerAttr::get(mlir::IntegerType::get(e.ctx, 64), *groups)));
    if (x.getElementType() != w.getElementType())
      return e.report(diag::mixedDtypes, r, name, x.text(), w.text()), Poison{};
    mlir::Value xs = e.tensorOf(a[0], r), ws = e.tensorOf(a[1], r);
    if (!xs || !ws)
      return Poison{};
    Value y = e.emitOp(r, op, infer, {xs, ws}, attrs, /*weak=*/false);
    if (y.poisoned())
      return y;
    // What is known was refused by the operation's own inference; that the result is not empty is a guard.
    bool transposed = op == mod::ConvTransposeOp::getOperationName();
    for (size_t i = 0; i < lists[0].size(); ++i) {
      auto number = [&](int64_t n) { return DimAttr::constant(e.ctx, n); };
      DimAttr need = number(1), have = tensorType(y).getDims()[i + 2];
      std::string what = "a result of " + have.text() + " elements";
      if (!transposed) {
        need = w.getDims()[i + 2].plus(number(1), -1).times(number(lists[3][i])).plus(number(1));
        have = x.getDims()[i + 2].plus(number(lists[1][i])).plus(number(lists[2][i]));
        what = "filters of " + need.text() + " elements are larger than the padded input of " + have.text();
      }
      std::string why, words = (name + ": " + need.text() + " <= " + have.text()).str();
      if (!have.getConstant() && !holdsFromOneUp(need, have) && !e.require({false, need, have}, words, why))
        return e.report(diag::operandMismatch, r, name, what), Poison{};
    }
    return y;
  };
  static const Builtin table[] = {
      {"conv", "x, weight, stride, lo, hi, dilation, groups",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         return build(e, a, r, mod::ConvOp::getOperationName(), &mod::ConvOp::infer,
                      {"stride", "lo", "hi", "dilation"});
       }},
      {"conv_transpose", "x, weight, stride, padding, output_padding, dilation, groups",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         return build(e, a, r, mod::ConvTransposeOp::getOperationName(), &mod::ConvTransposeOp::infer,
                      {"stride", "padding", "output_padding", "dilation"});
       }},
  };
  return table;
}
