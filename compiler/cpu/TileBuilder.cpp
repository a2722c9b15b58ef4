// Register tiles: `rows` x `vectors` accumulators that a loop over k carries in registers.
#include "compiler/cpu/TileBuilder.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

Value TileBuilder::zeros() { return arith::ConstantOp::create(b, loc, b.getZeroAttr(vectorType())); }

Value TileBuilder::splat(Value scalar) { return vector::BroadcastOp::create(b, loc, vectorType(), scalar); }

Value TileBuilder::firstLanes(Value active) {
  return vector::CreateMaskOp::create(b, loc, VectorType::get({lanes}, b.getI1Type()), ValueRange{active});
}

SmallVector<Value> TileBuilder::product(int64_t rows, int64_t vectors, Value inner,
                                        function_ref<Value(Value, int64_t)> lhs,
                                        function_ref<Value(Value, int64_t)> rhs) {
  SmallVector<Value> start(rows * vectors, zeros());
  auto loop = scf::ForOp::create(b, loc, indexConstant(b, loc, 0), inner, indexConstant(b, loc, 1), start);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value k = loop.getInductionVar();
  SmallVector<Value> right, next;
  for (int64_t v = 0; v < vectors; ++v)
    right.push_back(rhs(k, v));
  for (int64_t row = 0; row < rows; ++row) {
    Value left = splat(lhs(k, row));
    for (int64_t v = 0; v < vectors; ++v)
      next.push_back(math::FmaOp::create(b, loc, left, right[v], loop.getRegionIterArg(row * vectors + v)));
  }
  scf::YieldOp::create(b, loc, next);
  return SmallVector<Value>(loop.getResults());
}

void TileBuilder::loop(Value begin, Value end, int64_t step, function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(b, loc, begin, end, indexConstant(b, loc, step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

void TileBuilder::ladder(Value begin, Value end, int64_t rows, function_ref<void(Value, int64_t)> tile) {
  for (int64_t step : {rows, int64_t(4), int64_t(2), int64_t(1)}) {
    if (step > rows || (step == rows && rows < 4 && step != rows))
      continue;
    Value count = b.createOrFold<arith::SubIOp>(loc, end, begin);
    Value width = indexConstant(b, loc, step);
    Value stop = step == 1 ? end : addIndex(b, loc, begin, mulIndex(b, loc, divIndex(b, loc, count, width), width));
    loop(begin, stop, step, [&](Value row) { tile(row, step); });
    begin = stop;
  }
}

Value TileBuilder::scratch(ArrayRef<int64_t> shape) {
  OpBuilder::InsertionGuard guard(b);
  auto func = b.getInsertionBlock()->getParentOp()->getParentOfType<func::FuncOp>();
  if (!func)
    func = cast<func::FuncOp>(b.getInsertionBlock()->getParentOp());
  b.setInsertionPointToStart(&func.getBody().front());
  return memref::AllocaOp::create(b, loc, MemRefType::get(shape, element), b.getI64IntegerAttr(64));
}
