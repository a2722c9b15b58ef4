// kern.map on a CPU: the last dimension in vectors, cut into blocks where it is long; scalars where the body has no
// vector form.
#include "compiler/cpu/Span.h"
#include "compiler/cpu/VectorBody.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

/// Elements of the last dimension that one unit of work has.
static constexpr int64_t block = 4096;

static bool supports(Operation *, const Target &) { return true; }

static Value blocksOf(OpBuilder &b, Location loc, Value last) {
  return ceilDivIndex(b, loc, last, indexConstant(b, loc, block));
}

static Grid grid(OpBuilder &b, Operation *op, const Target &, SizeOf size) {
  Location loc = op->getLoc();
  auto map = cast<kern::MapOp>(op);
  Value work = workOf(b, loc, *map.getBodyBlock(), op, size);
  if (map.getSizes().empty())
    return makeGrid(b, loc, indexConstant(b, loc, 1), work);
  Value last = size(map.getSizes().back());
  Value units = mulIndex(b, loc, productOf(b, loc, map.getSizes().drop_back(), size), blocksOf(b, loc, last));
  return makeGrid(b, loc, units, mulIndex(b, loc, work, minIndex(b, loc, last, indexConstant(b, loc, block))));
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
  sizes.push_back(blocksOf(b, loc, size));
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
