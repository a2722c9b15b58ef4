// What is left of `kern` inside loops: loads, stores, temporaries, index checks and random numbers become memref and
// arith.
#include "compiler/cpu/Builders.h"
#include "compiler/cpu/Philox.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

// Of an empty table nothing may be read, whatever index a failed check left.
static bool isEmpty(MemRefType type) { return llvm::is_contained(type.getShape(), 0); }

static Value lowerCheck(OpBuilder &b, kern::CheckIndexOp op) {
  Location loc = op.getLoc();
  Value index = op.getValue();
  if (!index.getType().isIndex())
    index = arith::IndexCastOp::create(b, loc, b.getIndexType(), index);
  Value bad = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::uge, index, op.getLimit());
  Value context = chunkContext(b);
  scf::IfOp::create(b, loc, bad, [&](OpBuilder &inner, Location) {
    Value at = indexConstant(inner, loc, contextCode);
    Value code = memref::LoadOp::create(inner, loc, context, ValueRange{at});
    Value none = arith::ConstantOp::create(inner, loc, inner.getI64IntegerAttr(0));
    Value first = arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::eq, code, none);
    scf::IfOp::create(inner, loc, first, [&](OpBuilder &innermost, Location) {
      auto store = [&](Value value, int64_t number) {
        Value at = indexConstant(innermost, loc, number);
        memref::StoreOp::create(innermost, loc, value, context, ValueRange{at});
      };
      auto word = [&](Value value) -> Value {
        return arith::IndexCastOp::create(innermost, loc, innermost.getI64Type(), value);
      };
      store(arith::ConstantOp::create(innermost, loc, innermost.getI64IntegerAttr(3)), contextCode); // MODC_E_INDEX
      store(word(index), contextValue);
      store(word(op.getLimit()), contextLimit);
      scf::YieldOp::create(innermost, loc);
    });
    scf::YieldOp::create(inner, loc);
  });
  return arith::SelectOp::create(b, loc, bad, indexConstant(b, loc, 0), index);
}

void cpu::lowerLeaves(func::FuncOp func) {
  SmallVector<Operation *> leaves;
  func.walk([&](Operation *op) {
    if (isa<kern::LoadOp, kern::StoreOp, kern::TempOp, kern::CheckIndexOp, kern::RandomOp>(op))
      leaves.push_back(op);
  });
  for (Operation *op : leaves) {
    OpBuilder b(op);
    Location loc = op->getLoc();
    Value result;
    if (auto load = dyn_cast<kern::LoadOp>(op)) {
      if (isEmpty(load.getMemRefType()))
        result = arith::ConstantOp::create(b, loc, b.getZeroAttr(load.getType()));
      else
        result = memref::LoadOp::create(b, loc, load.getMemref(), load.getIndices());
    } else if (auto store = dyn_cast<kern::StoreOp>(op)) {
      memref::StoreOp::create(b, loc, store.getValue(), store.getMemref(), store.getIndices());
    } else if (auto temp = dyn_cast<kern::TempOp>(op)) {
      // Once a function, however often its row is run.
      b.setInsertionPointToStart(&func.getBody().front());
      result = memref::AllocaOp::create(b, loc, cast<MemRefType>(temp.getType()), b.getI64IntegerAttr(64));
    } else if (auto check = dyn_cast<kern::CheckIndexOp>(op)) {
      result = lowerCheck(b, check);
    } else {
      auto random = cast<kern::RandomOp>(op);
      result = emitRandom(b, loc, random.getKey(), callNumber(b, loc), random.getElement(), random.getType());
    }
    if (result)
      op->getResult(0).replaceAllUsesWith(result);
    op->erase();
  }
}
