// Loops with calls as loops with explicit counters; see CountedLoops.h.
#include "compiler/transform/CountedLoops.h"
#include "compiler/transform/Control.h"
#include "compiler/transform/Views.h"

using namespace mlir;
using namespace modc;
using namespace modc::mod;

namespace {
Value number(OpBuilder &b, Location loc, int64_t n) {
  return makeFull(b, loc, SymTensorType::get(b.getI64Type(), {}), b.getI64IntegerAttr(n));
}

/// The same value with the sizes of its type, whatever made it.
void hold(OpOperand &operand) {
  Value v = operand.get();
  if (!v.getDefiningOp() || isControl(v.getDefiningOp()) || v.getDefiningOp<FullOp>())
    return;
  OpBuilder b(operand.getOwner());
  auto held = AssumeOp::create(b, v.getLoc(), v.getType(), v, "sizes that a loop carries or a branch gives");
  held->setAttr(kHeld, b.getUnitAttr());
  operand.set(held);
}

void countLoop(Operation *loop) {
  OpBuilder b(loop);
  Location loc = loop->getLoc();
  auto counted = dyn_cast<ForOp>(loop);
  SmallVector<Value> inits{number(b, loc, 0)};
  inits.append(loop->operand_begin(), loop->operand_end());
  SmallVector<Type> types = llvm::to_vector(ValueRange(inits).getTypes());
  auto made = WhileOp::create(b, loc, types, b.getStringAttr(boundName(loop).getValue()), inits);
  for (Region &region : made->getRegions()) {
    bool condition = &region == &made.getCondition();
    if (counted && condition) {
      Block *block = b.createBlock(&region);
      block->addArguments(types, SmallVector<Location>(types.size(), loc));
      Value count = SizeOp::create(b, loc, types[0], counted.getCount(), b.getI64Type());
      Value more = createInferred<LtOp>(b, loc, {block->getArgument(0), count});
      YieldOp::create(b, loc, more);
      continue;
    }
    region.takeBody(loop->getRegion(condition ? 0 : loop->getNumRegions() - 1));
    Block &block = region.front();
    BlockArgument counter = block.insertArgument(0u, types[0], loc);
    if (condition)
      continue;
    auto yield = cast<YieldOp>(block.getTerminator());
    for (OpOperand &operand : yield->getOpOperands())
      hold(operand);
    b.setInsertionPoint(yield);
    Value next = createInferred<AddOp>(b, loc, {counter, number(b, loc, 1)});
    yield->insertOperands(0, next);
  }
  for (OpOperand &operand : made->getOpOperands())
    hold(operand);
  loop->replaceAllUsesWith(made.getResults().drop_front());
  loop->erase();
}
} // namespace

void modc::countLoops(FuncOp method) {
  SmallVector<Operation *> found;
  method.walk([&](Operation *op) {
    if (isControl(op) && op->walk([](CallOp) { return WalkResult::interrupt(); }).wasInterrupted())
      found.push_back(op);
  });
  for (Operation *op : found)
    if (isLoop(op))
      countLoop(op);
    else
      for (Region &region : op->getRegions())
        for (OpOperand &operand : region.front().getTerminator()->getOpOperands())
          hold(operand);
}
