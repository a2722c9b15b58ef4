// Loops over consecutive elements, a vector at a time; see Span.h.
#include "compiler/cpu/Span.h"
#include "compiler/cpu/VectorBody.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

SmallVector<Value> cpu::emitSpan(OpBuilder &b, Location loc, Value begin, Value end, ValueRange carried,
                                 function_ref<SmallVector<Value>(Value, Value, ValueRange)> body) {
  Value lanes = indexConstant(b, loc, spanLanes);
  std::optional<int64_t> first = constantIndex(begin), last = constantIndex(end);
  Value count = b.createOrFold<arith::SubIOp>(loc, end, begin);
  Value whole = mulIndex(b, loc, divIndex(b, loc, count, lanes), lanes);
  Value split = addIndex(b, loc, begin, whole);
  SmallVector<Value> results(carried);
  OpBuilder::InsertionGuard guard(b);
  if (!first || !last || *last - *first >= spanLanes) {
    auto loop = scf::ForOp::create(b, loc, begin, split, lanes, carried);
    b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> next = body(loop.getInductionVar(), Value(), loop.getRegionIterArgs());
    // A loop that carries nothing has its terminator already.
    if (!next.empty())
      scf::YieldOp::create(b, loc, next);
    results.assign(loop.result_begin(), loop.result_end());
    b.setInsertionPointAfter(loop);
  }
  if (first && last && (*last - *first) % spanLanes == 0)
    return results;
  auto rest = [&]() {
    Value left = b.createOrFold<arith::SubIOp>(loc, end, split);
    Value mask = vector::CreateMaskOp::create(b, loc, VectorType::get({spanLanes}, b.getI1Type()), left);
    return body(split, mask, results);
  };
  if (first && last)
    return rest();
  Value some = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, split, end);
  auto branch = scf::IfOp::create(b, loc, TypeRange(ValueRange(results)), some, /*withElseRegion=*/!results.empty());
  b.setInsertionPointToStart(branch.thenBlock());
  SmallVector<Value> next = rest();
  if (!next.empty()) {
    scf::YieldOp::create(b, loc, next);
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, loc, results);
  }
  return SmallVector<Value>(branch.result_begin(), branch.result_end());
}

bool cpu::canSpan(Block &block, Value index) {
  if (!VectorBody::canClone(block))
    return false;
  llvm::DenseSet<Value> varying{index};
  WalkResult walk = block.walk<WalkOrder::PreOrder>([&](Operation *op) {
    bool varies = llvm::any_of(op->getOperands(), [&](Value v) { return varying.contains(v); });
    if (auto reduce = dyn_cast<kern::ReduceOp>(op)) {
      varies = true; // what it yields is not known yet; its space must not vary
      if (llvm::any_of(reduce.getSizes(), [&](Value v) { return varying.contains(v); }))
        return WalkResult::interrupt();
    }
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      if (varying.contains(loop.getLowerBound()) || varying.contains(loop.getUpperBound()) ||
          varying.contains(loop.getStep()))
        return WalkResult::interrupt();
      varies = true; // what it carries is a vector
      varying.insert(loop.getRegionIterArgs().begin(), loop.getRegionIterArgs().end());
    }
    varies |= isa<scf::IfOp>(op);
    if (auto store = dyn_cast<kern::StoreOp>(op))
      if (llvm::none_of(store.getIndices(), [&](Value v) { return varying.contains(v); }))
        return WalkResult::interrupt();
    if (varies)
      varying.insert(op->result_begin(), op->result_end());
    return WalkResult::advance();
  });
  return !walk.wasInterrupted();
}

Value cpu::productOf(OpBuilder &b, Location loc, ValueRange sizes, SizeOf size) {
  Value product = indexConstant(b, loc, 1);
  for (Value s : sizes)
    product = mulIndex(b, loc, product, size(s));
  return product;
}

Value cpu::workOf(OpBuilder &b, Location loc, Block &block, Operation *top, SizeOf size) {
  int64_t own = 0;
  Value total;
  for (Operation &op : block.without_terminator()) {
    if (isa<kern::LoadOp, kern::StoreOp>(op))
      own += 4;
    else if (isa<kern::RandomOp>(op))
      own += 64;
    else if (isa_and_nonnull<math::MathDialect>(op.getDialect()) || isa<arith::DivFOp>(op))
      own += 16;
    else if (op.getNumRegions() == 0)
      own += 1;
    for (Region &region : op.getRegions())
      for (Block &inside : region) {
        Value work = workOf(b, loc, inside, top, size);
        SmallVector<Value> trips;
        if (isa<kern::ReduceOp, kern::EachOp>(op))
          trips.assign(op.operand_begin(), op.operand_end());
        else if (auto loop = dyn_cast<scf::ForOp>(op))
          trips.push_back(loop.getUpperBound());
        else if (isa<scf::WhileOp>(op))
          work = mulIndex(b, loc, work, indexConstant(b, loc, 16));
        for (Value s : trips) {
          bool outside = s.getParentBlock() == top->getBlock();
          work = mulIndex(b, loc, work, outside ? size(s) : indexConstant(b, loc, 64));
        }
        total = total ? addIndex(b, loc, total, work) : work;
      }
  }
  Value mine = indexConstant(b, loc, std::max<int64_t>(own, 1));
  return total ? addIndex(b, loc, total, mine) : mine;
}
