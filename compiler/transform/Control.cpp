// Loops and branches in functions of the graph; see Control.h.
#include "compiler/transform/Control.h"
#include "compiler/transform/Kernels.h"

using namespace mlir;
using namespace modc;
using namespace modc::mod;

bool modc::isControl(Operation *op) { return isa_and_nonnull<ForOp, WhileOp, IfOp>(op); }
bool modc::isLoop(Operation *op) { return isa_and_nonnull<ForOp, WhileOp>(op); }

ValueRange modc::carriedInto(Operation *op) { return isLoop(op) ? ValueRange(op->getOperands()) : ValueRange(); }

Block &modc::bodyOf(Operation *loop) { return loop->getRegions().back().front(); }

llvm::SetVector<Value> modc::outsideValues(Operation *op) {
  llvm::SetVector<Value> values(op->operand_begin(), op->operand_end());
  for (Region &region : op->getRegions())
    region.walk([&](Operation *inner) {
      for (Value v : inner->getOperands())
        if (!op->isAncestor(v.getParentBlock()->getParentOp()))
          values.insert(v);
    });
  return values;
}

void modc::forEachBlock(Block &block, function_ref<void(Block &)> fn) {
  fn(block);
  for (Operation &op : block)
    if (isControl(&op))
      for (Region &region : op.getRegions())
        forEachBlock(region.front(), fn);
}

Operation *modc::ancestorIn(Block *block, Operation *op) {
  while (op && op->getBlock() != block)
    op = op->getParentOp();
  return op;
}

Timeline::Timeline(FuncOp f) { number(f.getBody().front()); }

void Timeline::number(Block &block) {
  for (Operation &op : block) {
    if (!isControl(&op) && !isa<LaunchOp>(op) && !op.hasTrait<OpTrait::IsTerminator>())
      continue;
    int64_t first = now++;
    for (Region &region : op.getRegions())
      number(region.front());
    moments[&op] = {first, isControl(&op) ? now++ : first};
  }
}

int64_t Timeline::lastUse(Value v) const {
  Block *block = v.getParentBlock();
  int64_t last = -1;
  if (Operation *def = v.getDefiningOp())
    last = isControl(def) ? end(def) : begin(def);
  else if (isControl(block->getParentOp()))
    last = begin(block->getParentOp());
  for (Operation *user : v.getUsers()) {
    int64_t at = begin(user); // values are handed to a loop, a condition is read, at its beginning
    for (Operation *round = user->getParentOp(); round && user->getBlock() != block; round = round->getParentOp()) {
      if (isLoop(round))
        at = end(round);
      if (round->getBlock() == block)
        break;
    }
    last = std::max(last, at);
  }
  return last;
}

/// Whether a reading operand of `writer` itself allows its result `index` in the operand's memory.
static bool readsInTime(Value a, Operation *writer, unsigned index) {
  if (llvm::count(writer->getOperands(), a) != 1)
    return false;
  unsigned position = llvm::find(writer->getOperands(), a) - writer->operand_begin();
  if (isa<IfOp>(writer))
    return true;
  if (isLoop(writer))
    return position == index;
  auto launch = dyn_cast<LaunchOp>(writer);
  auto kernel = launch ? kernelOf(launch) : KernelOp();
  return kernel && mayOverwrite(kernel, position, index);
}

bool modc::diesAt(Value a, Operation *writer, unsigned index) {
  Block *owner = a.getParentBlock();
  for (Operation *user : a.getUsers()) {
    // Where the paths to the two part.
    Operation *at = writer, *other = ancestorIn(at->getBlock(), user);
    while (!other) {
      at = at->getParentOp();
      other = ancestorIn(at->getBlock(), user);
    }
    // What a later round reads is read after the writing.
    for (Block *block = at->getBlock(); block != owner; block = block->getParentOp()->getBlock())
      if (isLoop(block->getParentOp()))
        return false;
    // A loop or branch round the writer has read its operands when it begins.
    bool before = at != other ? other->isBeforeInBlock(at) : user == at && at != writer;
    bool otherSide = at == other && isa<IfOp>(at);
    if (user == writer ? !readsInTime(a, writer, index) : !before && !otherSide)
      return false;
  }
  return true;
}
