// kern.map on a CPU: the last dimension in vectors, cut into blocks where it is long; scalars where the body has no
// vector form. Where each point is a reduction (sums of columns), a block is two vectors and the work is cut finer.
#include "compiler/cpu/Span.h"
#include "compiler/cpu/VectorBody.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <memory>

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

/// Elements of the last dimension that one unit of work has: two vectors where each is a reduction.
static int64_t blockOf(kern::MapOp map) {
  bool reduces = llvm::any_of(*map.getBodyBlock(), [](Operation &op) { return isa<kern::ReduceOp>(op); });
  return reduces ? 2 * spanLanes : 4096;
}

static bool supports(Operation *, const Target &) { return true; }

static Value blocksOf(OpBuilder &b, Location loc, kern::MapOp map, Value last) {
  return ceilDivIndex(b, loc, last, indexConstant(b, loc, blockOf(map)));
}

static Grid grid(OpBuilder &b, Operation *op, const Target &, SizeOf size) {
  Location loc = op->getLoc();
  auto map = cast<kern::MapOp>(op);
  Value work = workOf(b, loc, *map.getBodyBlock(), op, size);
  if (map.getSizes().empty())
    return makeGrid(b, loc, indexConstant(b, loc, 1), work);
  Value last = size(map.getSizes().back());
  Value units = mulIndex(b, loc, productOf(b, loc, map.getSizes().drop_back(), size), blocksOf(b, loc, map, last));
  return makeGrid(b, loc, units, mulIndex(b, loc, work, minIndex(b, loc, last, indexConstant(b, loc, blockOf(map)))));
}

/// A block of reductions side by side: two vectors at once where all their lanes exist, else one by one under a mask.
static LogicalResult emitReductions(OpBuilder &b, Location loc, Block &body, ValueRange outer, Value begin, Value end) {
  LogicalResult done = success();
  auto clone = [&](ArrayRef<Value> starts, Value mask) {
    SmallVector<std::unique_ptr<VectorBody>> owned;
    SmallVector<VectorBody *> bodies;
    for (Value at : starts) {
      bodies.push_back(owned.emplace_back(std::make_unique<VectorBody>(b, loc, spanLanes, mask)).get());
      for (auto [scalar, value] : llvm::zip(body.getArguments().drop_back(), outer))
        bodies.back()->mapUniform(scalar, value);
      bodies.back()->mapLinear(body.getArguments().back(), at, spanLanes);
    }
    done = failure(failed(done) || failed(VectorBody::cloneTogether(bodies, body)));
  };
  OpBuilder::InsertionGuard guard(b);
  Value whole = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, addIndex(b, loc, begin, 2 * spanLanes), end);
  auto branch = scf::IfOp::create(b, loc, whole, /*withElseRegion=*/true);
  b.setInsertionPointToStart(branch.thenBlock());
  clone({begin, addIndex(b, loc, begin, spanLanes)}, {});
  b.setInsertionPointToStart(branch.elseBlock());
  auto spans = scf::ForOp::create(b, loc, begin, end, indexConstant(b, loc, spanLanes));
  b.setInsertionPointToStart(spans.getBody());
  Value left = b.createOrFold<arith::SubIOp>(loc, end, spans.getInductionVar());
  clone({spans.getInductionVar()},
        vector::CreateMaskOp::create(b, loc, VectorType::get({spanLanes}, b.getI1Type()), left));
  return done;
}

static LogicalResult emit(OpBuilder &b, Operation *op, const Target &, Value first, Value last) {
  Location loc = op->getLoc();
  auto map = cast<kern::MapOp>(op);
  Block &body = *map.getBodyBlock();
  OpBuilder::InsertionGuard guard(b);
  auto units = scf::ForOp::create(b, loc, first, last, indexConstant(b, loc, 1));
  b.setInsertionPointToStart(units.getBody());
  IRMapping mapping;
  if (map.getSizes().empty()) {
    inlineScalars(b, mapping, body, {});
    return success();
  }
  Value size = map.getSizes().back();
  SmallVector<Value> sizes(map.getSizes().drop_back());
  int64_t block = blockOf(map);
  sizes.push_back(blocksOf(b, loc, map, size));
  SmallVector<Value> outer = delinearize(b, loc, units.getInductionVar(), sizes);
  Value step = indexConstant(b, loc, block), begin = mulIndex(b, loc, outer.pop_back_val(), step);
  std::optional<int64_t> known = constantIndex(size);
  // A dimension of one block has bounds that are plain to see.
  Value end = known && *known <= block ? size : minIndex(b, loc, addIndex(b, loc, begin, step), size);
  if (known && *known <= block)
    begin = indexConstant(b, loc, 0);

  if (!canSpan(body, body.getArguments().back())) {
    auto elements = scf::ForOp::create(b, loc, begin, end, indexConstant(b, loc, 1));
    b.setInsertionPointToStart(elements.getBody());
    outer.push_back(elements.getInductionVar());
    inlineScalars(b, mapping, body, outer);
    return success();
  }
  if (block == 2 * spanLanes)
    return emitReductions(b, loc, body, outer, begin, end);
  LogicalResult done = success();
  emitSpan(b, loc, begin, end, {}, [&](Value at, Value mask, ValueRange) -> SmallVector<Value> {
    VectorBody vectors(b, loc, spanLanes, mask);
    for (auto [scalar, value] : llvm::zip(body.getArguments().drop_back(), outer))
      vectors.mapUniform(scalar, value);
    vectors.mapLinear(body.getArguments().back(), at, spanLanes);
    done = failure(failed(done) || failed(vectors.clone(body)));
    return {};
  });
  return done;
}

const OpLowering modc::cpu::mapLowering{supports, grid, emit};
