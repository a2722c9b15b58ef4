// kern.rows on a CPU: rows one after another, what is done to a row's elements in vectors. A sum is kept in 16 lanes,
// joined by a fixed tree, so that it does not depend on the target, the chunk or the number of threads.
#include "compiler/cpu/Span.h"
#include "compiler/cpu/VectorBody.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

namespace {
class RowBuilder {
public:
  RowBuilder(OpBuilder &b, kern::RowsOp op) : b(b), op(op) {}
  LogicalResult emit(ValueRange indices);

private:
  LogicalResult reduce(kern::ReduceOp reduce);
  LogicalResult each(kern::EachOp each);
  /// Loops over all dimensions of a space but the last; the last one in vectors.
  SmallVector<Value> span(Location loc, Block::BlockArgListType indices, ValueRange sizes, ValueRange carried,
                          function_ref<SmallVector<Value>(VectorBody &, Value, ValueRange)> body);
  Value fold(Location loc, kern::Reduction kind, Value lanes);
  void mapOutside(VectorBody &body, Region &region);

  OpBuilder &b;
  kern::RowsOp op;
  IRMapping mapping;
};
} // namespace

void RowBuilder::mapOutside(VectorBody &body, Region &region) {
  llvm::SetVector<Value> outside;
  getUsedValuesDefinedAbove(region, outside);
  for (Value value : outside)
    body.mapUniform(value, mapping.lookupOrDefault(value));
}

SmallVector<Value> RowBuilder::span(Location loc, Block::BlockArgListType indices, ValueRange sizes, ValueRange carried,
                                    function_ref<SmallVector<Value>(VectorBody &, Value, ValueRange)> body) {
  OpBuilder::InsertionGuard guard(b);
  Value zero = indexConstant(b, loc, 0), one = indexConstant(b, loc, 1);
  SmallVector<scf::ForOp> loops;
  SmallVector<Value> state(carried);
  for (Value size : sizes.drop_back()) {
    auto loop = scf::ForOp::create(b, loc, zero, mapping.lookupOrDefault(size), one, state);
    state.assign(loop.getRegionIterArgs().begin(), loop.getRegionIterArgs().end());
    loops.push_back(loop);
    b.setInsertionPointToStart(loop.getBody());
  }
  state = emitSpan(b, loc, zero, mapping.lookupOrDefault(sizes.back()), state,
                   [&](Value at, Value mask, ValueRange inside) {
                     VectorBody vectors(b, loc, spanLanes, mask);
                     mapOutside(vectors, *indices.front().getOwner()->getParent());
                     for (auto [index, loop] : llvm::zip(indices.drop_back(), loops))
                       vectors.mapUniform(index, loop.getInductionVar());
                     vectors.mapLinear(indices.back(), at, spanLanes);
                     return body(vectors, mask, inside);
                   });
  for (scf::ForOp loop : llvm::reverse(loops)) {
    b.setInsertionPointToEnd(loop.getBody());
    if (state.empty())
      continue;
    scf::YieldOp::create(b, loc, state);
    state.assign(loop.result_begin(), loop.result_end());
  }
  return state;
}

// Lane l with lane l + 8, then with l + 4, and so on.
Value RowBuilder::fold(Location loc, kern::Reduction kind, Value lanes) {
  for (int64_t half = spanLanes / 2; half >= 1; half /= 2) {
    SmallVector<int64_t> low = llvm::to_vector(llvm::seq<int64_t>(0, half)),
                         high = llvm::to_vector(llvm::seq<int64_t>(half, 2 * half));
    Value left = vector::ShuffleOp::create(b, loc, lanes, lanes, low),
          right = vector::ShuffleOp::create(b, loc, lanes, lanes, high);
    lanes = combine(b, loc, kind, left, right);
  }
  return vector::ExtractOp::create(b, loc, lanes, int64_t(0));
}

LogicalResult RowBuilder::reduce(kern::ReduceOp reduce) {
  Location loc = reduce.getLoc();
  kern::Reduction kind = reduce.getKind();
  Block &body = *reduce.getBodyBlock();
  bool position = kind == kern::Reduction::argmax || kind == kern::Reduction::argmin;
  if (position || reduce.getSizes().empty() || !canSpan(body, body.getArguments().back())) {
    inlineScalar(b, mapping, *reduce);
    return success();
  }
  auto type = VectorType::get({spanLanes}, reduce.getType());
  Value nothing =
      arith::ConstantOp::create(b, loc, DenseElementsAttr::get(type, Attribute(identity(kind, reduce.getType()))));
  LogicalResult done = success();
  SmallVector<Value> lanes = span(loc, body.getArguments(), reduce.getSizes(), {nothing},
                                  [&](VectorBody &vectors, Value mask, ValueRange carried) -> SmallVector<Value> {
                                    done = failure(failed(done) || failed(vectors.clone(body)));
                                    if (failed(done))
                                      return {carried[0]};
                                    Value element = vectors.vector(reduce.getElement());
                                    if (mask)
                                      element = arith::SelectOp::create(b, loc, mask, element, nothing);
                                    return {combine(b, loc, kind, carried[0], element)};
                                  });
  mapping.map(reduce.getResult(), fold(loc, kind, lanes[0]));
  return done;
}

LogicalResult RowBuilder::each(kern::EachOp each) {
  Block &body = *each.getBodyBlock();
  if (each.getSizes().empty() || !canSpan(body, body.getArguments().back())) {
    inlineScalar(b, mapping, *each);
    return success();
  }
  LogicalResult done = success();
  span(each.getLoc(), body.getArguments(), each.getSizes(), {},
       [&](VectorBody &vectors, Value, ValueRange) -> SmallVector<Value> {
         done = failure(failed(done) || failed(vectors.clone(body)));
         return {};
       });
  return done;
}

LogicalResult RowBuilder::emit(ValueRange indices) {
  mapping.map(op.getBodyBlock()->getArguments(), indices);
  for (Operation &inner : op.getBodyBlock()->without_terminator()) {
    LogicalResult done = success();
    if (auto reduction = dyn_cast<kern::ReduceOp>(inner))
      done = reduce(reduction);
    else if (auto elements = dyn_cast<kern::EachOp>(inner))
      done = each(elements);
    else
      b.clone(inner, mapping);
    if (failed(done))
      return failure();
  }
  return success();
}

static bool supports(Operation *, const Target &) { return true; }

static Grid grid(OpBuilder &b, Operation *op, const Target &, SizeOf size) {
  auto rows = cast<kern::RowsOp>(op);
  return makeGrid(b, op->getLoc(), productOf(b, op->getLoc(), rows.getSizes(), size),
                  workOf(b, op->getLoc(), *rows.getBodyBlock(), op, size));
}

static LogicalResult emit(OpBuilder &b, Operation *op, const Target &, Value first, Value last) {
  auto rows = cast<kern::RowsOp>(op);
  OpBuilder::InsertionGuard guard(b);
  auto units = scf::ForOp::create(b, op->getLoc(), first, last, indexConstant(b, op->getLoc(), 1));
  b.setInsertionPointToStart(units.getBody());
  SmallVector<Value> indices = delinearize(b, op->getLoc(), units.getInductionVar(), rows.getSizes());
  return RowBuilder(b, rows).emit(indices);
}

const OpLowering modc::cpu::rowsLowering{supports, grid, emit};
