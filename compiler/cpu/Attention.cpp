// kern.attention on a CPU: blocks of keys, their scores in L1, softmax carried from block to block (running maximum and
// sum), so that no length needs memory of its own.
//
// For a block of queries: for each block of keys: the keys are transposed into scratch; for each group of rows: scores
// by register tiles; scale, region, mask and maximum row by row; exponentials and their sum; the values are added to
// the rescaled result so far. At the end the result is divided by the sum. Blocks begin at fixed keys and every sum has
// a fixed order, so a row's bits depend on nothing but its own data.
#include "compiler/cpu/TileBuilder.h"
#include "compiler/cpu/VectorBody.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <limits>

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

static constexpr int64_t queryBlock = 64, rowGroup = 32, keyBlock = 128;

namespace {
class AttentionBuilder {
public:
  AttentionBuilder(OpBuilder &b, kern::AttentionOp op, const Target &target)
      : op(op), tile{b, op.getLoc(), op.getScale().getType(), target.lanes(op.getScale().getType())}, b(b),
        loc(op.getLoc()), tileRows(target.vectorRegisters >= 32 ? 8 : 4) {
    features = cast<MemRefType>(op.getQuery().getType()).getShape().back();
    outputs = cast<MemRefType>(op.getOut().getType()).getShape().back();
    outVectors = llvm::divideCeil(outputs, tile.lanes);
  }
  LogicalResult emit(Value first, Value last);

private:
  void unit(ArrayRef<Value> position);
  void transposeKeys(Value key, Value length);
  void copyValues(Value key, Value length);
  void scores(Value row, Value end, Value length);
  void softmaxRow(Value row, Value key, Value length);
  Value scoreVector(Value row, Value slot, Value key, Value offset, Value active);
  void addValues(Value row, Value end, Value length);
  void finishRow(Value row);

  Value size(int64_t value) { return indexConstant(b, loc, value); }
  Value sub(Value x, Value y) { return b.createOrFold<arith::SubIOp>(loc, x, y); }
  Value number(double value) { return arith::ConstantOp::create(b, loc, b.getFloatAttr(tile.element, value)); }
  SmallVector<Value> at(Value row, Value feature) {
    SmallVector<Value> indices(batch);
    indices.append({row, feature});
    return indices;
  }
  // Row of scratch that a query's state is in.
  Value slotOf(Value row) { return sub(row, rowBegin); }
  Value load(Value memref, ValueRange indices) { return memref::LoadOp::create(b, loc, memref, indices); }
  Value loadVector(Value memref, ValueRange indices) {
    return vector::LoadOp::create(b, loc, tile.vectorType(), memref, indices);
  }
  // The lanes of vector v of the outputs, null for all.
  Value outMask(int64_t v) {
    int64_t active = outputs - v * tile.lanes;
    return active >= tile.lanes ? Value() : tile.firstLanes(size(active));
  }
  Value sum16(ArrayRef<Value> parts) {
    return tile.reduce16(parts, [&](Value x, Value y) -> Value { return arith::AddFOp::create(b, loc, x, y); });
  }

  kern::AttentionOp op;
  TileBuilder tile;
  OpBuilder &b;
  Location loc;
  int64_t tileRows, features, outputs, outVectors;
  SmallVector<Value> batch;
  Value rowBegin, groupBegin;
  // Scratch: transposed keys, values, scores of a row group; per query: result so far, maximum, sum, and the factor of
  // the block at hand.
  Value keys, values, score, result, most, total, factor;
  LogicalResult status = success();
};
} // namespace

static SmallVector<Value> unitSizes(OpBuilder &b, Location loc, kern::AttentionOp op, SizeOf size) {
  SmallVector<Value> sizes;
  for (Value extent : op.getBatch())
    sizes.push_back(size(extent));
  sizes.push_back(ceilDivIndex(b, loc, size(op.getQueries()), indexConstant(b, loc, queryBlock)));
  return sizes;
}

static Grid attentionGrid(OpBuilder &b, Operation *operation, const Target &, SizeOf size) {
  auto op = cast<kern::AttentionOp>(operation);
  Location loc = op.getLoc();
  Value units = indexConstant(b, loc, 1);
  for (Value extent : unitSizes(b, loc, op, size))
    units = mulIndex(b, loc, units, extent);
  // Exponentials and transposition count as 24 features.
  int64_t perKey = cast<MemRefType>(op.getQuery().getType()).getShape().back() +
                   cast<MemRefType>(op.getOut().getType()).getShape().back() + 24;
  Value rows = minIndex(b, loc, size(op.getQueries()), indexConstant(b, loc, queryBlock));
  return makeGrid(b, loc, units,
                  mulIndex(b, loc, mulIndex(b, loc, rows, size(op.getKeys())), indexConstant(b, loc, perKey)));
}

LogicalResult AttentionBuilder::emit(Value first, Value last) {
  keys = tile.scratch({features, keyBlock});
  values = tile.scratch({keyBlock, outVectors * tile.lanes});
  score = tile.scratch({rowGroup, keyBlock});
  result = tile.scratch({queryBlock, outVectors * tile.lanes});
  most = tile.scratch({queryBlock});
  total = tile.scratch({queryBlock});
  factor = tile.scratch({queryBlock});
  SmallVector<Value> sizes = unitSizes(b, loc, op, [](Value v) { return v; });
  tile.loop(first, last, 1, [&](Value unitNumber) { unit(delinearize(b, loc, unitNumber, sizes)); });
  return status;
}

void AttentionBuilder::unit(ArrayRef<Value> position) {
  batch.assign(position.begin(), position.end() - 1);
  Value zero = size(0);
  rowBegin = mulIndex(b, loc, position.back(), size(queryBlock));
  Value rowEnd = minIndex(b, loc, addIndex(b, loc, rowBegin, queryBlock), op.getQueries());
  Value rows = slotOf(rowEnd);
  tile.loop(zero, rows, 1, [&](Value slot) {
    memref::StoreOp::create(b, loc, number(-std::numeric_limits<double>::infinity()), most, ValueRange{slot});
    memref::StoreOp::create(b, loc, number(0), total, ValueRange{slot});
    for (int64_t v = 0; v < outVectors; ++v)
      vector::StoreOp::create(b, loc, tile.zeros(), result, ValueRange{slot, size(v * tile.lanes)});
  });
  // Keys that any row of the block sees.
  Value seen = op.getCausal() ? minIndex(b, loc, op.getKeys(), rowEnd) : op.getKeys();
  tile.loop(zero, seen, keyBlock, [&](Value key) {
    Value length = minIndex(b, loc, sub(seen, key), size(keyBlock));
    transposeKeys(key, length);
    copyValues(key, length);
    tile.loop(rowBegin, rowEnd, rowGroup, [&](Value group) {
      groupBegin = group;
      Value end = minIndex(b, loc, addIndex(b, loc, group, rowGroup), rowEnd);
      Value limit = op.getCausal() ? minIndex(b, loc, op.getKeys(), end) : op.getKeys();
      Value length = minIndex(b, loc, maxIndex(b, loc, sub(limit, key), zero), size(keyBlock));
      scores(group, end, length);
      tile.loop(group, end, 1, [&](Value row) { softmaxRow(row, key, length); });
      addValues(group, end, length);
    });
  });
  tile.loop(rowBegin, rowEnd, 1, [&](Value row) { finishRow(row); });
}

// Scratch gets [feature][key of the block].
void AttentionBuilder::transposeKeys(Value key, Value length) {
  Value lastKey = addIndex(b, loc, op.getKeys(), -1);
  tile.packTransposed(
      op.getKey(), [&](Value row, Value feature) { return at(row, feature); }, key, length, lastKey, features, keys);
}

// Scratch gets the block's values side by side: rows of a head lie far apart, many in one set of the cache.
void AttentionBuilder::copyValues(Value key, Value length) {
  tile.loop(size(0), length, 1, [&](Value j) {
    for (int64_t v = 0; v < outVectors; ++v) {
      SmallVector<Value> indices = at(addIndex(b, loc, key, j), size(v * tile.lanes));
      Value active = outMask(v), value;
      if (active)
        value = vector::MaskedLoadOp::create(b, loc, tile.vectorType(), op.getValue(), indices, active, tile.zeros());
      else
        value = loadVector(op.getValue(), indices);
      vector::StoreOp::create(b, loc, value, values, ValueRange{j, size(v * tile.lanes)});
    }
  });
}

// Products of the rows from `row` on with the block's keys, unscaled; lanes up to the next full vector are filled.
void AttentionBuilder::scores(Value row, Value end, Value length) {
  tile.ladder(row, end, tileRows, [&](Value first, int64_t rows) {
    SmallVector<Value> numbers;
    for (int64_t i = 0; i < rows; ++i)
      numbers.push_back(addIndex(b, loc, first, i));
    auto strip = [&](Value begin, Value stop, int64_t vectors) {
      tile.loop(begin, stop, vectors * tile.lanes, [&](Value offset) {
        SmallVector<Value> offsets;
        for (int64_t v = 0; v < vectors; ++v)
          offsets.push_back(addIndex(b, loc, offset, v * tile.lanes));
        SmallVector<Value> acc = tile.product(
            rows, vectors, size(features), [&](Value k, int64_t i) { return load(op.getQuery(), at(numbers[i], k)); },
            [&](Value k, int64_t v) { return loadVector(keys, {k, offsets[v]}); });
        for (int64_t i = 0; i < rows; ++i)
          for (int64_t v = 0; v < vectors; ++v)
            vector::StoreOp::create(b, loc, acc[i * vectors + v], score,
                                    ValueRange{sub(numbers[i], groupBegin), offsets[v]});
      });
    };
    Value wide = size(2 * tile.lanes);
    Value full = mulIndex(b, loc, divIndex(b, loc, length, wide), wide);
    strip(size(0), full, 2);
    strip(full, length, 1);
  });
}

// The score that counts: scaled, through the region, -inf where no key is or none may be seen.
Value AttentionBuilder::scoreVector(Value row, Value slot, Value key, Value offset, Value active) {
  Value raw = loadVector(score, {slot, offset});
  Value value = arith::MulFOp::create(b, loc, raw, tile.splat(op.getScale()));
  Value j = addIndex(b, loc, key, offset);
  VectorBody body(b, loc, tile.lanes, active);
  body.mapVector(op.getBodyBlock()->getArgument(0), value);
  for (auto [index, here] : llvm::zip(op.getIndices().take_front(batch.size()), batch))
    body.mapUniform(index, here);
  body.mapUniform(op.getIndices()[batch.size()], row);
  body.mapLinear(op.getIndices()[batch.size() + 1], j, tile.lanes);
  if (failed(body.clone(*op.getBodyBlock())))
    status = failure();
  value = body.vector(op.getBodyBlock()->getTerminator()->getOperand(0));
  if (op.getCausal()) {
    Value seen = tile.firstLanes(addIndex(b, loc, sub(row, j), 1));
    active = active ? Value(arith::AndIOp::create(b, loc, active, seen)) : seen;
  }
  if (active)
    value =
        arith::SelectOp::create(b, loc, active, value, tile.splat(number(-std::numeric_limits<double>::infinity())));
  return value;
}

void AttentionBuilder::softmaxRow(Value row, Value key, Value length) {
  int64_t parts = 16 / tile.lanes;
  Value slot = sub(row, groupBegin), state = slotOf(row);
  Value none = number(-std::numeric_limits<double>::infinity());
  Value full = mulIndex(b, loc, divIndex(b, loc, length, size(16)), size(16));
  // First pass: scores that count, and their maximum.
  auto pass = [&](Value begin, Value end, ValueRange start, bool masked) {
    auto loop = scf::ForOp::create(b, loc, begin, end, size(16), start);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> next;
    for (int64_t part = 0; part < parts; ++part) {
      Value offset = addIndex(b, loc, loop.getInductionVar(), part * tile.lanes);
      Value active = masked ? tile.firstLanes(sub(length, offset)) : Value();
      Value value = scoreVector(row, slot, key, offset, active);
      vector::StoreOp::create(b, loc, value, score, ValueRange{slot, offset});
      next.push_back(tile.greater(loop.getRegionIterArg(part), value));
    }
    scf::YieldOp::create(b, loc, next);
    return loop.getResults();
  };
  SmallVector<Value> start(parts, tile.splat(none));
  ValueRange maxima = pass(full, length, pass(size(0), full, start, false), true);
  Value before = load(most, {state});
  Value now = tile.greater(
      before, tile.reduce16(SmallVector<Value>(maxima), [&](Value x, Value y) { return tile.greater(x, y); }));
  // Where nothing is seen so far, -inf minus -inf must not become NaN.
  Value nothing = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, now, none);
  Value shift = arith::SelectOp::create(b, loc, nothing, number(0), now);
  Value scaleOld = math::ExpOp::create(b, loc, arith::SubFOp::create(b, loc, before, shift));
  // Second pass: exponentials and their sum.
  auto loop = scf::ForOp::create(b, loc, size(0), length, size(16), SmallVector<Value>(parts, tile.zeros()));
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> next;
    for (int64_t part = 0; part < parts; ++part) {
      Value offset = addIndex(b, loc, loop.getInductionVar(), part * tile.lanes);
      Value shifted = arith::SubFOp::create(b, loc, loadVector(score, {slot, offset}), tile.splat(shift));
      Value weight = math::ExpOp::create(b, loc, shifted);
      vector::StoreOp::create(b, loc, weight, score, ValueRange{slot, offset});
      next.push_back(arith::AddFOp::create(b, loc, loop.getRegionIterArg(part), weight));
    }
    scf::YieldOp::create(b, loc, next);
  }
  Value sum = math::FmaOp::create(b, loc, load(total, {state}), scaleOld, sum16(SmallVector<Value>(loop.getResults())));
  memref::StoreOp::create(b, loc, now, most, ValueRange{state});
  memref::StoreOp::create(b, loc, sum, total, ValueRange{state});
  memref::StoreOp::create(b, loc, scaleOld, factor, ValueRange{state});
}

// result = result * factor + weights * values, for the rows from `row` on.
void AttentionBuilder::addValues(Value row, Value end, Value length) {
  tile.ladder(row, end, tileRows, [&](Value first, int64_t rows) {
    for (int64_t begin = 0; begin < outVectors; begin += 2) {
      int64_t vectors = std::min<int64_t>(2, outVectors - begin);
      SmallVector<Value> slots, states, start, columns;
      for (int64_t v = 0; v < vectors; ++v)
        columns.push_back(size((begin + v) * tile.lanes));
      for (int64_t i = 0; i < rows; ++i) {
        slots.push_back(sub(addIndex(b, loc, first, i), groupBegin));
        states.push_back(slotOf(addIndex(b, loc, first, i)));
        Value scale = tile.splat(load(factor, {states.back()}));
        for (int64_t v = 0; v < vectors; ++v)
          start.push_back(arith::MulFOp::create(b, loc, loadVector(result, {states.back(), columns[v]}), scale));
      }
      SmallVector<Value> acc = tile.product(
          rows, vectors, length, [&](Value j, int64_t i) { return load(score, {slots[i], j}); },
          [&](Value j, int64_t v) { return loadVector(values, {j, columns[v]}); }, start);
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t v = 0; v < vectors; ++v)
          vector::StoreOp::create(b, loc, acc[i * vectors + v], result, ValueRange{states[i], columns[v]});
    }
  });
}

void AttentionBuilder::finishRow(Value row) {
  Value state = slotOf(row);
  Value nothing = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, load(most, {state}),
                                        number(-std::numeric_limits<double>::infinity()));
  Value divisor = tile.splat(arith::SelectOp::create(b, loc, nothing, number(1), load(total, {state})));
  for (int64_t v = 0; v < outVectors; ++v) {
    Value column = size(v * tile.lanes);
    Value value = arith::DivFOp::create(b, loc, loadVector(result, {state, column}), divisor);
    if (Value active = outMask(v))
      vector::MaskedStoreOp::create(b, loc, op.getOut(), at(row, column), active, value);
    else
      vector::StoreOp::create(b, loc, value, op.getOut(), at(row, column));
  }
}

static bool supportsAttention(Operation *operation, const Target &) {
  auto op = cast<kern::AttentionOp>(operation);
  auto features = [](Value v) { return cast<MemRefType>(v.getType()).getShape().back(); };
  // Scratch is on the stack.
  return cast<MemRefType>(op.getQuery().getType()).getElementType().isF32() && features(op.getQuery()) <= 512 &&
         features(op.getOut()) <= 512 && VectorBody::canClone(*op.getBodyBlock());
}

static LogicalResult emitAttention(OpBuilder &b, Operation *op, const Target &target, Value first, Value last) {
  return AttentionBuilder(b, cast<kern::AttentionOp>(op), target).emit(first, last);
}

const OpLowering cpu::attentionLowering{supportsAttention, attentionGrid, emitAttention};
