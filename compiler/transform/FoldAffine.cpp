// Chains of `x * a + b` whose a and b come from weights: after a product or convolution they go into weights and bias
// (so a BatchNorm after a Linear or Conv vanishes), elsewhere three or more steps become one multiplication and one
// addition.
#include "compiler/transform/BindTimes.h"
#include "compiler/transform/Passes.h"
#include "compiler/transform/Tree.h"
#include "compiler/transform/Views.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_FOLDAFFINEPASS
#include "compiler/transform/Passes.h.inc"

namespace {
class Folder {
public:
  explicit Folder(FuncOp f) : f(f), times(f) {}

  void run() {
    SmallVector<Operation *> ends;
    for (Operation &op : f.getBody().front())
      if (through(&op) && !continues(&op))
        ends.push_back(&op);
    for (Operation *end : ends)
      fold(end);
  }

private:
  /// The operand that varies with the call, if the operation is affine in it and all else is known at load.
  OpOperand *through(Operation *op) {
    if (!isa<AddOp, SubOp, MulOp, DivOp, NegOp>(op) || !isa<FloatType>(elementOf(op)))
      return nullptr;
    OpOperand *x = nullptr;
    for (OpOperand &operand : op->getOpOperands())
      if (times.of(operand.get()) == BindTime::Call) {
        if (x)
          return nullptr;
        x = &operand;
      }
    // A stretched x would make the chain's result larger than its root.
    if (!x || x->get().getType() != op->getResult(0).getType() || (isa<DivOp>(op) && x->getOperandNumber() != 0))
      return nullptr;
    return x;
  }
  static Type elementOf(Operation *op) { return cast<SymTensorType>(op->getResult(0).getType()).getElementType(); }
  bool continues(Operation *op) { return op->hasOneUse() && through(*op->user_begin()); }

  void fold(Operation *end) {
    SmallVector<Operation *> steps{end};
    Value root = through(end)->get();
    while (root.getDefiningOp() && root.hasOneUse() && through(root.getDefiningOp())) {
      steps.push_back(root.getDefiningOp());
      root = through(root.getDefiningOp())->get();
    }
    bool scales = false, fromWeights = false;
    for (Operation *op : steps) {
      scales |= isa<MulOp, DivOp>(op);
      for (Value v : op->getOperands())
        fromWeights |= isa<MulOp, DivOp>(op) && times.of(v) == BindTime::Load;
    }
    Operation *product = root.getDefiningOp();
    bool intoWeights =
        product && product->hasOneUse() && hasColumns(product) && times.of(product->getOperand(1)) == BindTime::Load;
    if (!scales || !fromWeights || (!intoWeights && steps.size() < 3))
      return;

    OpBuilder b(end);
    Location loc = end->getLoc();
    Value scale, shift;
    for (Operation *op : llvm::reverse(steps))
      compose(b, loc, op, scale, shift);
    Value y;
    if (intoWeights && perColumn(scale, product)) {
      Value weight = createInferred<MulOp>(b, loc, {product->getOperand(1), asRows(b, loc, scale, product)});
      Operation *scaled = b.clone(*product);
      scaled->setOperand(1, weight);
      y = scaled->getResult(0);
    } else if (steps.size() >= 3) {
      y = createInferred<MulOp>(b, loc, {root, scale});
    } else {
      return;
    }
    if (shift)
      y = createInferred<AddOp>(b, loc, {y, shift});
    if (y.getType() != end->getResult(0).getType())
      return;
    end->getResult(0).replaceAllUsesWith(y);
  }

  /// Appends one step to `x * scale + shift`.
  void compose(OpBuilder &b, Location loc, Operation *op, Value &scale, Value &shift) {
    if (isa<NegOp>(op)) {
      scale = scale ? createInferred<NegOp>(b, loc, {scale}) : scalar(b, loc, op, -1);
      shift = shift ? createInferred<NegOp>(b, loc, {shift}) : Value();
      return;
    }
    OpOperand *x = through(op);
    bool first = x->getOperandNumber() == 0;
    Value c = op->getOperand(first ? 1 : 0);
    if (isa<MulOp>(op)) {
      scale = scale ? createInferred<MulOp>(b, loc, {scale, c}) : c;
      shift = shift ? createInferred<MulOp>(b, loc, {shift, c}) : Value();
    } else if (isa<DivOp>(op)) {
      scale = createInferred<DivOp>(b, loc, {scale ? scale : scalar(b, loc, op, 1), c});
      shift = shift ? createInferred<DivOp>(b, loc, {shift, c}) : Value();
    } else if (isa<AddOp>(op)) {
      shift = shift ? createInferred<AddOp>(b, loc, {shift, c}) : c;
    } else if (first) {
      shift = shift ? Value(createInferred<SubOp>(b, loc, {shift, c})) : Value(createInferred<NegOp>(b, loc, {c}));
    } else {
      scale = scale ? createInferred<NegOp>(b, loc, {scale}) : scalar(b, loc, op, -1);
      shift = shift ? createInferred<SubOp>(b, loc, {c, shift}) : c;
    }
  }

  Value scalar(OpBuilder &b, Location loc, Operation *op, double value) {
    return makeFull(b, loc, SymTensorType::get(elementOf(op), {}), b.getF64FloatAttr(value));
  }

  /// Products with weights, whose second operand has a dimension for each column (channel) of the result.
  static bool hasColumns(Operation *op) {
    if (isa<MatmulOp>(op))
      return cast<SymTensorType>(op->getOperand(1).getType()).getDims().size() == 2;
    auto transposed = dyn_cast<ConvTransposeOp>(op);
    return isa<ConvOp>(op) || (transposed && transposed.getGroups() == 1);
  }
  /// The dimension of the result, and that of the weight, which count columns.
  static std::pair<size_t, size_t> columnOf(Operation *op) {
    if (auto matmul = dyn_cast<MatmulOp>(op))
      return {cast<SymTensorType>(matmul.getType()).getDims().size() - 1, matmul.getTransB() ? 0 : 1};
    return {1, isa<ConvOp>(op) ? 0 : 1};
  }

  /// Whether `scale` has one number per column of the product, or one in all.
  static bool perColumn(Value scale, Operation *product) {
    auto dims = cast<SymTensorType>(scale.getType()).getDims();
    auto result = cast<SymTensorType>(product->getResult(0).getType()).getDims();
    size_t column = columnOf(product).first;
    for (auto [i, d] : llvm::enumerate(dims))
      if (d.getConstant() != 1 && (i + result.size() - dims.size() != column || d != result[column]))
        return false;
    return true;
  }

  /// `scale` in the shape that stretches over the weight.
  static Value asRows(OpBuilder &b, Location loc, Value scale, Operation *product) {
    auto type = cast<SymTensorType>(scale.getType());
    DimAttr one = DimAttr::constant(b.getContext(), 1), n = type.getCount();
    SmallVector<DimAttr> dims;
    if (n.getConstant() != 1) {
      dims.assign(cast<SymTensorType>(product->getOperand(1).getType()).getDims().size() - columnOf(product).second,
                  one);
      dims[0] = n;
    }
    if (type.getDims() == ArrayRef(dims))
      return scale;
    SmallVector<Attribute> shape(dims.begin(), dims.end());
    return ReshapeOp::create(b, loc, SymTensorType::get(type.getElementType(), dims), scale, b.getArrayAttr(shape));
  }

  FuncOp f;
  BindTimes times;
};

struct FoldAffine : impl::FoldAffinePassBase<FoldAffine> {
  void runOnOperation() override {
    for (FuncOp f : roleFunctions(getOperation()))
      Folder(f).run();
  }
};
} // namespace
} // namespace modc
