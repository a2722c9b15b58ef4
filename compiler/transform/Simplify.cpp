// Rewrites that change no bit of any result: constants, identities, views around cheap arithmetic, transposed operands.
#include "compiler/transform/Passes.h"
#include "compiler/transform/Sizes.h"
#include "compiler/transform/Views.h"
#include "dialect/mod/Evaluator.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_SIMPLIFYPASS
#include "compiler/transform/Passes.h.inc"

namespace {
bool isElementwise(Operation *op) {
  auto prim = dyn_cast_or_null<PrimitiveOpInterface>(op);
  return prim && prim.getFusionClass() == FusionClass::Elementwise;
}

SymTensorType typeOf(Value v) { return cast<SymTensorType>(v.getType()); }

/// An elementwise operation over constants is a constant: one element is computed by the reference evaluator.
struct FoldConstant : OpInterfaceRewritePattern<PrimitiveOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(PrimitiveOpInterface op, PatternRewriter &rewriter) const override {
    if (!isElementwise(op) || op->getNumOperands() == 0 || isa<RandomOp>(op))
      return failure();
    Block scratch;
    OpBuilder b(op->getContext());
    b.setInsertionPointToEnd(&scratch);
    IRMapping map;
    Evaluator ev;
    for (Value v : op->getOperands()) {
      auto full = v.getDefiningOp<FullOp>();
      if (!full)
        return failure();
      Value scalar = makeFull(b, op.getLoc(), SymTensorType::get(typeOf(v).getElementType(), {}), full.getValue());
      map.map(v, scalar);
      if (llvm::Error e = cast<EvalOpInterface>(scalar.getDefiningOp()).eval(ev)) {
        llvm::consumeError(std::move(e));
        return failure();
      }
    }
    Operation *one = b.clone(*op, map);
    Type element = typeOf(op->getResult(0)).getElementType();
    one->getResult(0).setType(SymTensorType::get(element, {}));
    if (llvm::Error e = cast<EvalOpInterface>(one).eval(ev)) {
      llvm::consumeError(std::move(e));
      return failure();
    }
    const Array &value = ev.get(one->getResult(0));
    TypedAttr attr =
        value.isFloat() ? TypedAttr(rewriter.getF64FloatAttr(value.f[0])) : rewriter.getI64IntegerAttr(value.i[0]);
    rewriter.replaceOp(op, makeFull(rewriter, op.getLoc(), typeOf(op->getResult(0)), attr));
    return success();
  }
};

/// A view of a constant is a constant of the view's shape.
struct FoldViewOfConstant : OpInterfaceRewritePattern<PrimitiveOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(PrimitiveOpInterface op, PatternRewriter &rewriter) const override {
    if (!isView(op))
      return failure();
    auto full = op->getOperand(0).getDefiningOp<FullOp>();
    if (!full)
      return failure();
    rewriter.replaceOp(op, makeFull(rewriter, op.getLoc(), typeOf(op->getResult(0)), full.getValue()));
    return success();
  }
};

/// `x * 1`, `x / 1`, `x - 0`, integer `x + 0`, `x ** 1`, conversions to the dtype at hand, one tensor's `cat`.
struct FoldIdentity : OpInterfaceRewritePattern<PrimitiveOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(PrimitiveOpInterface op, PatternRewriter &rewriter) const override {
    for (Value x : op->getOperands())
      if (x.getType() == op->getResult(0).getType() && isIdentity(op, x)) {
        rewriter.replaceOp(op, x);
        return success();
      }
    return failure();
  }
  static bool isIdentity(Operation *op, Value x) {
    if (isa<ToOp>(op) || (isa<CatOp>(op) && op->getNumOperands() == 1))
      return true;
    if (!isa<MulOp, DivOp, AddOp, SubOp, PowOp>(op))
      return false;
    bool first = op->getOperand(0) == x;
    auto other = constantOf(op->getOperand(first ? 1 : 0));
    if (!other)
      return false;
    if (isa<MulOp>(op))
      return *other == 1;
    if (isa<DivOp, PowOp>(op))
      return first && *other == 1;
    // -0 + 0 is +0, so only integers lose an addend of 0.
    if (isa<AddOp>(op))
      return *other == 0 && !isa<FloatType>(typeOf(x).getElementType());
    return first && *other == 0 && !std::signbit(*other);
  }
};

/// `x / 2^k` is `x * 2^-k` exactly.
struct DivideByPowerOfTwo : OpRewritePattern<DivOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(DivOp op, PatternRewriter &rewriter) const override {
    auto c = constantOf(op.getB());
    int exponent;
    if (!c || !op.getB().getDefiningOp<FullOp>() || std::abs(std::frexp(*c, &exponent)) != 0.5 ||
        std::abs(exponent) > 14)
      return failure();
    Value inverse = makeFull(rewriter, op.getLoc(), typeOf(op.getB()), rewriter.getF64FloatAttr(1 / *c));
    rewriter.replaceOpWithNewOp<MulOp>(op, op.getType(), op.getA(), inverse);
    return success();
  }
};

struct Square : OpRewritePattern<PowOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PowOp op, PatternRewriter &rewriter) const override {
    if (constantOf(op.getB()) != 2.0 || op.getA().getType() != op.getType())
      return failure();
    rewriter.replaceOpWithNewOp<MulOp>(op, op.getType(), op.getA(), op.getA());
    return success();
  }
};

/// Elementwise operations stretch by themselves: an expanded operand, or one with 1s put in front, is the plain one.
struct DropBroadcast : OpInterfaceRewritePattern<PrimitiveOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(PrimitiveOpInterface op, PatternRewriter &rewriter) const override {
    if (!isElementwise(op) || op->getNumOperands() < 2)
      return failure();
    for (OpOperand &operand : op->getOpOperands()) {
      Operation *view = operand.get().getDefiningOp();
      if (!isa_and_nonnull<ExpandOp>(view) && !isa_and_nonnull<ReshapeOp>(view))
        continue;
      Value x = view->getOperand(0), old = operand.get();
      auto from = typeOf(x).getDims(), to = typeOf(old).getDims();
      if (isa<ReshapeOp>(view) &&
          (from.size() >= to.size() || from != to.take_back(from.size()) ||
           llvm::any_of(to.drop_back(from.size()), [](DimAttr d) { return d.getConstant() != 1; })))
        continue;
      operand.set(x);
      SmallVector<Type> types;
      bool same = succeeded(inferAgain(op, types)) && types[0] == op->getResult(0).getType();
      operand.set(old);
      if (!same)
        continue;
      rewriter.modifyOpInPlace(op, [&] { operand.set(x); });
      return success();
    }
    return failure();
  }
};

struct FoldTranspose : OpRewritePattern<MatmulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(MatmulOp op, PatternRewriter &rewriter) const override {
    auto permute = op.getB().getDefiningOp<PermuteOp>();
    if (!permute)
      return failure();
    SmallVector<int64_t> swap(permute.getDims());
    std::swap(swap[swap.size() - 1], swap[swap.size() - 2]);
    if (!llvm::equal(swap, llvm::seq<int64_t>(0, swap.size())))
      return failure();
    rewriter.modifyOpInPlace(op, [&] {
      op.getBMutable().assign(permute.getX());
      op.setTransB(!op.getTransB());
    });
    return success();
  }
};

/// `unsqueeze` after a reduction is `keepdim`.
struct KeepReduced : OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReshapeOp op, PatternRewriter &rewriter) const override {
    Operation *reduction = op.getX().getDefiningOp();
    if (!isa_and_nonnull<SumOp, AmaxOp, ArgmaxOp>(reduction) || !reduction->hasOneUse())
      return failure();
    auto keep = reduction->getAttrOfType<BoolAttr>("keepdim");
    if (keep && keep.getValue())
      return failure();
    Operation *kept = rewriter.clone(*reduction);
    kept->setAttr("keepdim", rewriter.getBoolAttr(true));
    SmallVector<Type> types;
    if (failed(inferAgain(kept, types)) || types[0] != op.getType()) {
      rewriter.eraseOp(kept);
      return failure();
    }
    kept->getResult(0).setType(types[0]);
    kept->moveBefore(reduction);
    rewriter.replaceOp(op, kept->getResult(0));
    return success();
  }
};

/// A view of cheap work on an argument becomes that work on a view of the argument, so that the work can join a group.
struct SinkWorkBelowView : OpInterfaceRewritePattern<PrimitiveOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(PrimitiveOpInterface view, PatternRewriter &rewriter) const override {
    if (!isa<ReshapeOp, PermuteOp, NarrowOp>(view))
      return failure();
    Operation *work = view->getOperand(0).getDefiningOp();
    // Work outside of a loop is done once, not in every round.
    if (!work || work->getBlock() != view->getBlock() || !isCheap(work, 8))
      return failure();
    Value through;
    for (Value v : work->getOperands())
      if (constantOf(v) ? !typeOf(v).getDims().empty() : bool(through))
        return failure();
      else if (!constantOf(v))
        through = v;
    if (!through || typeOf(through).getDims() != typeOf(work->getResult(0)).getDims())
      return failure();
    IRMapping map;
    map.map(view->getOperand(0), through);
    Operation *inner = rewriter.clone(*view, map);
    auto viewed = typeOf(view->getResult(0));
    inner->getResult(0).setType(typeOf(through).withDims(viewed.getDims()));
    map.map(through, inner->getResult(0));
    Operation *outer = rewriter.clone(*work, map);
    outer->getResult(0).setType(viewed);
    rewriter.replaceOp(view, outer);
    return success();
  }
  /// One-operand work (constants aside) that ends at an argument after at most `depth` operations.
  static bool isCheap(Operation *op, int depth) {
    if (depth == 0 || !isa<ToOp, NegOp, AddOp, SubOp, MulOp, EqOp, LtOp, LeOp, LogicalNotOp>(op))
      return false;
    Value through;
    for (Value v : op->getOperands())
      if (!constantOf(v)) {
        if (through)
          return false;
        through = v;
      }
    if (!through)
      return false;
    Operation *next = behindViews(through).getDefiningOp();
    return !next || isCheap(next, depth - 1);
  }
};

struct DropDetach : OpRewritePattern<DetachOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(DetachOp op, PatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, op.getX());
    return success();
  }
};

struct Simplify : impl::SimplifyPassBase<Simplify> {
  using Base::Base;
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldConstant, FoldViewOfConstant, FoldIdentity, DivideByPowerOfTwo, Square, DropBroadcast,
                 FoldTranspose, KeepReduced, SinkWorkBelowView>(&getContext());
    if (dropDetach)
      patterns.add<DropDetach>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
} // namespace modc
