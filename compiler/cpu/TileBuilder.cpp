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
                                        function_ref<Value(Value, int64_t)> rhs, ArrayRef<Value> begin) {
  SmallVector<Value> start(begin);
  if (begin.empty())
    start.assign(rows * vectors, zeros());
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

void TileBuilder::ladder(Value begin, Value end, int64_t rows, function_ref<void(Value, int64_t)> tile,
                         ArrayRef<int64_t> tails) {
  SmallVector<int64_t> steps{rows};
  for (int64_t step : tails)
    if (step < rows)
      steps.push_back(step);
  for (int64_t step : steps) {
    Value count = b.createOrFold<arith::SubIOp>(loc, end, begin);
    Value width = indexConstant(b, loc, step);
    Value stop = step == 1 ? end : addIndex(b, loc, begin, mulIndex(b, loc, divIndex(b, loc, count, width), width));
    loop(begin, stop, step, [&](Value row) { tile(row, step); });
    begin = stop;
  }
}

Value TileBuilder::scratch(ArrayRef<int64_t> shape, Type type) {
  OpBuilder::InsertionGuard guard(b);
  auto func = b.getInsertionBlock()->getParentOp()->getParentOfType<func::FuncOp>();
  if (!func)
    func = cast<func::FuncOp>(b.getInsertionBlock()->getParentOp());
  b.setInsertionPointToStart(&func.getBody().front());
  return memref::AllocaOp::create(b, loc, MemRefType::get(shape, type ? type : element), b.getI64IntegerAttr(64));
}

Value TileBuilder::greater(Value kept, Value other) {
  Value more = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OGT, other, kept);
  return arith::SelectOp::create(b, loc, more, other, kept);
}

Value TileBuilder::reduce16(ArrayRef<Value> parts, function_ref<Value(Value, Value)> join) {
  Value all = parts.size() == 1 ? parts[0] : join(parts[0], parts[1]);
  for (int64_t half = cast<VectorType>(all.getType()).getDimSize(0) / 2; half > 1; half /= 2) {
    SmallVector<int64_t> low(half), high(half);
    for (int64_t lane = 0; lane < half; ++lane) {
      low[lane] = lane;
      high[lane] = half + lane;
    }
    all = join(vector::ShuffleOp::create(b, loc, all, all, low), vector::ShuffleOp::create(b, loc, all, all, high));
  }
  return join(vector::ExtractOp::create(b, loc, all, 0), vector::ExtractOp::create(b, loc, all, 1));
}

// Interleaving row i with row i + n/2, log2(n) times, is a transposition.
SmallVector<Value> TileBuilder::transpose(SmallVector<Value> rows) {
  SmallVector<int64_t> low, high;
  for (int64_t lane = 0; lane < lanes; ++lane) {
    int64_t source = lane / 2 + (lane % 2) * lanes;
    low.push_back(source);
    high.push_back(source + lanes / 2);
  }
  for (int64_t stage = 1; stage < lanes; stage *= 2) {
    SmallVector<Value> next;
    for (int64_t i = 0; i < lanes / 2; ++i) {
      next.push_back(vector::ShuffleOp::create(b, loc, rows[i], rows[i + lanes / 2], low));
      next.push_back(vector::ShuffleOp::create(b, loc, rows[i], rows[i + lanes / 2], high));
    }
    rows = next;
  }
  return rows;
}

void TileBuilder::packTransposed(Value matrix, function_ref<SmallVector<Value>(Value, Value)> from, Value first,
                                 Value count, Value last, int64_t inner, Value into) {
  auto constant = [&](int64_t value) { return indexConstant(b, loc, value); };
  int64_t whole = inner / lanes * lanes;
  loop(constant(0), count, lanes, [&](Value offset) {
    SmallVector<Value> rows;
    for (int64_t lane = 0; lane < lanes; ++lane)
      rows.push_back(minIndex(b, loc, addIndex(b, loc, addIndex(b, loc, first, offset), lane), last));
    loop(constant(0), constant(whole), lanes, [&](Value k) {
      SmallVector<Value> vectors;
      for (Value row : rows)
        vectors.push_back(vector::LoadOp::create(b, loc, vectorType(), matrix, from(row, k)));
      for (auto [lane, column] : llvm::enumerate(transpose(vectors)))
        vector::StoreOp::create(b, loc, column, into, ValueRange{addIndex(b, loc, k, lane), offset});
    });
    loop(constant(whole), constant(inner), 1, [&](Value k) {
      for (auto [lane, row] : llvm::enumerate(rows)) {
        Value value = memref::LoadOp::create(b, loc, matrix, from(row, k));
        memref::StoreOp::create(b, loc, value, into, ValueRange{k, addIndex(b, loc, offset, lane)});
      }
    });
  });
}
