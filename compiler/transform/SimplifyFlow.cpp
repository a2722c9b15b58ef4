// Loops and branches made smaller or taken away: rounds and sides that are known, values that nothing reads or that
// never change, short branches as choices, and what is the same in every round moved out of the loop.
#include "compiler/transform/Control.h"
#include "compiler/transform/Passes.h"
#include "compiler/transform/Sizes.h"
#include "compiler/transform/Views.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/LoopInvariantCodeMotionUtils.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_SIMPLIFYFLOWPASS
#include "compiler/transform/Passes.h.inc"

namespace {
/// A branch of at most so many elementwise operations a side is a choice between their results.
constexpr unsigned kMaxChosen = 8;

/// Puts a block's operations, but for its yield, before `op`, and gives what it yields.
SmallVector<Value> inlineBefore(PatternRewriter &rewriter, Operation *op, Block &block, ValueRange arguments) {
  Operation *yield = block.getTerminator();
  rewriter.inlineBlockBefore(&block, op, arguments);
  SmallVector<Value> values(yield->getOperands());
  rewriter.eraseOp(yield);
  return values;
}

/// A loop whose number of rounds is 0 or 1.
struct FewRounds : OpRewritePattern<ForOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ForOp op, PatternRewriter &rewriter) const override {
    auto count = op.getCount().getConstant();
    if (!count || *count > 1)
      return failure();
    if (*count <= 0) {
      rewriter.replaceOp(op, op.getInits());
      return success();
    }
    SizeMap first;
    first[op.getIterationAttr()] = DimAttr::constant(op.getContext(), 0);
    for (Operation &inner : bodyOf(op))
      rewriter.modifyOpInPlace(&inner, [&] { replaceSizes(&inner, first); });
    rewriter.replaceOp(op, inlineBefore(rewriter, op, bodyOf(op), op.getInits()));
    return success();
  }
};

/// The loop with some of its carried values alone; the others' arguments have no uses outside of dead code.
Operation *keepCarried(PatternRewriter &rewriter, Operation *op, ArrayRef<bool> keep, ArrayRef<Value> instead) {
  rewriter.setInsertionPoint(op);
  SmallVector<Value> inits;
  SmallVector<Type> types;
  for (auto [v, stays] : llvm::zip_equal(op->getOperands(), keep))
    if (stays) {
      inits.push_back(v);
      types.push_back(v.getType());
    }
  for (Region &region : op->getRegions())
    for (size_t i = keep.size(); i-- > 0;)
      if (!keep[i]) {
        BlockArgument arg = region.getArgument(i);
        rewriter.replaceAllUsesWith(arg, instead[i]);
        region.front().eraseArgument(i);
      }
  auto yield = cast<YieldOp>(bodyOf(op).getTerminator());
  rewriter.modifyOpInPlace(yield, [&] {
    for (size_t i = keep.size(); i-- > 0;)
      if (!keep[i])
        yield.getValuesMutable().erase(i);
  });
  OperationState state(op->getLoc(), op->getName(), inits, types, op->getAttrs());
  for (Region &region : op->getRegions())
    state.addRegion()->takeBody(region);
  Operation *made = rewriter.create(state);
  SmallVector<Value> results;
  size_t next = 0;
  for (auto [i, stays] : llvm::enumerate(keep))
    results.push_back(stays ? made->getResult(next++) : instead[i]);
  rewriter.replaceOp(op, results);
  return made;
}

/// Values that are carried round unchanged are the initial ones.
struct DropUnchanged : RewritePattern {
  DropUnchanged(StringRef name, MLIRContext *ctx) : RewritePattern(name, 1, ctx) {}
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    Block &body = bodyOf(op);
    SmallVector<bool> keep;
    for (auto [arg, value] : llvm::zip(body.getArguments(), body.getTerminator()->getOperands()))
      keep.push_back(value != arg && value != op->getOperand(arg.getArgNumber()));
    if (!llvm::is_contained(keep, false))
      return failure();
    keepCarried(rewriter, op, keep, SmallVector<Value>(op->getOperands()));
    return success();
  }
};

/// Values that only go on being carried, to a result that nothing reads.
struct DropDead : RewritePattern {
  DropDead(StringRef name, MLIRContext *ctx) : RewritePattern(name, 1, ctx) {}
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    Block &body = bodyOf(op);
    Operation *yield = body.getTerminator();
    SmallVector<bool> live;
    SmallVector<Value> work;
    llvm::DenseSet<Value> seen;
    auto need = [&](Value v) {
      if (seen.insert(v).second)
        work.push_back(v);
    };
    for (Value result : op->getResults()) {
      live.push_back(!result.use_empty());
      if (live.back())
        need(yield->getOperand(live.size() - 1));
    }
    // What has effects runs whatever is read; so does what decides how often.
    for (Region &region : op->getRegions())
      for (Operation &inner : region.front())
        if (&region.front() != &body || (!isa<YieldOp>(inner) && !isMemoryEffectFree(&inner)))
          needAll(&inner, need);
    while (!work.empty()) {
      Value v = work.pop_back_val();
      auto arg = dyn_cast<BlockArgument>(v);
      Operation *def = v.getDefiningOp();
      if (arg && arg.getOwner()->getParentOp() == op && !live[arg.getArgNumber()]) {
        live[arg.getArgNumber()] = true;
        need(yield->getOperand(arg.getArgNumber()));
      } else if (def && op->isProperAncestor(def)) {
        needAll(def, need);
      }
    }
    if (!llvm::is_contained(live, false))
      return failure();
    keepCarried(rewriter, op, live, SmallVector<Value>(op->getOperands()));
    return success();
  }
  /// An operation's operands, and what its regions read.
  static void needAll(Operation *op, llvm::function_ref<void(Value)> need) {
    op->walk([&](Operation *inner) {
      for (Value v : inner->getOperands())
        need(v);
    });
  }
};

/// A condition that is known.
struct KnownSide : OpRewritePattern<IfOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(IfOp op, PatternRewriter &rewriter) const override {
    auto holds = constantOf(op.getCondition());
    if (!holds)
      return failure();
    Region &side = *holds != 0 ? op.getThen() : op.getOtherwise();
    rewriter.replaceOp(op, inlineBefore(rewriter, op, side.front(), {}));
    return success();
  }
};

/// Results that nothing reads, and those that are one value from outside on both sides.
struct DropResults : OpRewritePattern<IfOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(IfOp op, PatternRewriter &rewriter) const override {
    Operation *yields[] = {op.getThen().front().getTerminator(), op.getOtherwise().front().getTerminator()};
    SmallVector<unsigned> gone;
    SmallVector<Value> same(op->getNumResults());
    for (auto [i, result] : llvm::enumerate(op.getResults())) {
      Value a = yields[0]->getOperand(i);
      if (a == yields[1]->getOperand(i))
        same[i] = a;
      if (same[i] || result.use_empty())
        gone.push_back(i);
    }
    if (gone.empty())
      return failure();
    for (Operation *yield : yields)
      rewriter.modifyOpInPlace(yield, [&] {
        for (unsigned i : llvm::reverse(gone))
          cast<YieldOp>(yield).getValuesMutable().erase(i);
      });
    auto made = IfOp::create(rewriter, op.getLoc(), yields[0]->getOperandTypes(), op.getCondition());
    made.getThen().takeBody(op.getThen());
    made.getOtherwise().takeBody(op.getOtherwise());
    SmallVector<Value> results;
    unsigned next = 0;
    for (unsigned i = 0, e = op->getNumResults(); i < e; ++i) {
      bool stays = !llvm::is_contained(gone, i);
      results.push_back(stays ? made.getResult(next++) : same[i]);
    }
    for (auto [old, now] : llvm::zip(op.getResults(), results))
      if (now)
        rewriter.replaceAllUsesWith(old, now);
    rewriter.eraseOp(op);
    return success();
  }
};

/// Short sides of elementwise work are both computed: a choice joins the kernels round it, a branch parts them.
struct BranchToChoice : OpRewritePattern<IfOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(IfOp op, PatternRewriter &rewriter) const override {
    for (Region *side : {&op.getThen(), &op.getOtherwise()}) {
      unsigned count = 0;
      for (Operation &inner : side->front().without_terminator())
        if (!isTotal(&inner) || ++count > kMaxChosen)
          return failure();
    }
    SmallVector<Value> a = inlineBefore(rewriter, op, op.getThen().front(), {});
    SmallVector<Value> b = inlineBefore(rewriter, op, op.getOtherwise().front(), {});
    SmallVector<Value> results;
    rewriter.setInsertionPoint(op);
    for (auto [x, y] : llvm::zip(a, b))
      results.push_back(WhereOp::create(rewriter, op.getLoc(), x.getType(), op.getCondition(), x, y));
    rewriter.replaceOp(op, results);
    return success();
  }
  /// Whether the operation may run where the program does not ask for it: no index that may be out of range.
  static bool isTotal(Operation *op) {
    auto prim = dyn_cast<PrimitiveOpInterface>(op);
    return prim && (prim.getFusionClass() == FusionClass::Elementwise || isa<ReshapeOp, PermuteOp, ExpandOp>(op));
  }
};

/// Moves what every round computes alike out of loops, the innermost first.
void hoistInvariants(Operation *top) {
  top->walk([](Operation *loop) {
    StringAttr name = boundName(loop);
    if (!name)
      return;
    SmallVector<Region *> regions;
    for (Region &region : loop->getRegions())
      regions.push_back(&region);
    auto moves = [&](Operation *op, Region *) {
      // What fails for some indices must not run where no round would; keys cost nothing.
      bool pure = isa<PrimitiveOpInterface, AssumeOp>(op) && !isa<TakeOp, GatherOp>(op);
      SizeNames names;
      collectSizes(op, names);
      return pure && !names.contains(name);
    };
    moveLoopInvariantCode(
        regions, [](Value v, Region *region) { return !region->isAncestor(v.getParentRegion()); }, moves,
        [&](Operation *op, Region *) { op->moveBefore(loop); });
  });
}

struct SimplifyFlow : impl::SimplifyFlowPassBase<SimplifyFlow> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FewRounds, KnownSide, DropResults, BranchToChoice>(&getContext());
    for (StringRef loop : {ForOp::getOperationName(), WhileOp::getOperationName()})
      patterns.add<DropUnchanged, DropDead>(loop, &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    hoistInvariants(getOperation());
  }
};
} // namespace
} // namespace modc
