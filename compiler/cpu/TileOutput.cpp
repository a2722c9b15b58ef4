// What becomes of a tile's sums: the epilogue region on accumulators or, where it is long, on a stored tile.
#include "compiler/cpu/TileOutput.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

Value TileOutput::mask(Value column, int64_t v, bool masked) {
  if (!masked)
    return {};
  OpBuilder &b = tile.b;
  if (!ShapedType::isDynamic(knownCols)) {
    int64_t active = knownCols % width - v * tile.lanes;
    return active >= tile.lanes ? Value() : tile.firstLanes(indexConstant(b, tile.loc, active));
  }
  Value at = addIndex(b, tile.loc, column, v * tile.lanes);
  return tile.firstLanes(arith::SubIOp::create(b, tile.loc, cols, at));
}

void TileOutput::panel(Value number, function_ref<void(int64_t, bool)> body) {
  OpBuilder &b = tile.b;
  Location loc = tile.loc;
  bool known = !ShapedType::isDynamic(knownCols);
  bool partial = !known || knownCols % width != 0, anyFull = !known || knownCols >= width;
  int64_t all = width / tile.lanes;
  int64_t some = known ? static_cast<int64_t>(llvm::divideCeil(knownCols % width, tile.lanes)) : all;
  if (!partial || !anyFull) {
    body(partial ? some : all, partial);
    return;
  }
  Value full = divIndex(b, loc, cols, indexConstant(b, loc, width));
  Value isFull = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, number, full);
  auto branch = scf::IfOp::create(b, loc, isFull, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  body(all, false);
  b.setInsertionPointToStart(branch.elseBlock());
  body(some, true);
}

// Weight of an epilogue: about the instructions for one vector.
static int64_t weight(Block &block) {
  int64_t total = 0;
  for (Operation &op : block)
    total += isa<math::MathDialect>(op.getDialect()) && !isa<math::FmaOp, math::SqrtOp, math::AbsFOp>(op) ? 20 : 1;
  return total;
}

void TileOutput::run(Value acc, ArrayRef<Value> rowIndices, Value column, Value mask) {
  VectorBody body(tile.b, tile.loc, tile.lanes, mask);
  body.mapVector(epilogue.getArgument(0), acc);
  for (auto [index, value] : llvm::zip(epilogue.getArguments().drop_front(1), rowIndices))
    body.mapUniform(index, value);
  int64_t align = tile.lanes;
  if (base) {
    column = addIndex(tile.b, tile.loc, base, column);
    align = std::gcd(align, baseAlign);
  }
  body.mapLinear(epilogue.getArguments().back(), column, align);
  if (failed(body.clone(epilogue)))
    status = failure();
}

void TileOutput::store(ArrayRef<Value> acc, int64_t rows, Value column, int64_t vectors, bool masked,
                       function_ref<SmallVector<Value>(Value)> rowIndices) {
  OpBuilder &b = tile.b;
  Location loc = tile.loc;
  auto constant = [&](int64_t value) { return indexConstant(b, loc, value); };
  // Long epilogues would keep too many values alive over all accumulators at once.
  if (weight(epilogue) <= 24) {
    for (int64_t i = 0; i < rows; ++i) {
      SmallVector<Value> at = rowIndices(constant(i));
      for (int64_t v = 0; v < vectors; ++v)
        run(acc[i * vectors + v], at, addIndex(b, loc, column, v * tile.lanes), mask(column, v, masked));
    }
    return;
  }
  if (!buffer)
    buffer = tile.scratch({maxRows, width});
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t v = 0; v < vectors; ++v)
      vector::StoreOp::create(b, loc, acc[i * vectors + v], buffer, ValueRange{constant(i), constant(v * tile.lanes)});
  tile.loop(constant(0), constant(rows), 1, [&](Value i) {
    SmallVector<Value> at = rowIndices(i);
    tile.loop(constant(0), constant(vectors * tile.lanes), tile.lanes, [&](Value offset) {
      Value here = addIndex(b, loc, column, offset), active;
      if (masked)
        active = tile.firstLanes(arith::SubIOp::create(b, loc, cols, here));
      run(vector::LoadOp::create(b, loc, tile.vectorType(), buffer, ValueRange{i, offset}), at, here, active);
    });
  });
}
