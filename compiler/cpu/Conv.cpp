// kern.conv on a CPU: register tiles of output positions by panels of channels. The positions of a tile come from a
// table and may lie anywhere, so that maps of any width fill tiles; the input is read where it lies.
#include "compiler/cpu/ConvWindow.h"
#include "compiler/cpu/TileOutput.h"
#include "compiler/cpu/Tiles.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

namespace {
// What is decided about a convolution before code is emitted.
struct Shape {
  int64_t cols;                 ///< features of a group; ShapedType::kDynamic: unknown
  int64_t width, vectors, rows; ///< of a panel; of the tile
  SmallVector<int64_t> blocks;  ///< positions of a unit, in each dimension
  /// The panel does not fit into L2: all tiles of a region use its part of one kernel position in the first dimension
  /// before that of the next; their sums lie in memory in between.
  bool inParts = false;

  Shape(kern::ConvOp op, const Target &target);
};

class ConvBuilder {
public:
  ConvBuilder(OpBuilder &b, kern::ConvOp op, const Target &target)
      : op(op), target(target), shape(op, target),
        tile{b, op.getLoc(), op.getAcc().getType(), target.lanes(op.getAcc().getType())},
        window(tile, op, shape.blocks, shape.inParts), b(b), loc(op.getLoc()) {}
  LogicalResult emit(Value first, Value last);

private:
  void panel(TileOutput &output, ArrayRef<Value> unit, Value number, int64_t vectors, bool masked);
  SmallVector<Value> sums(const WindowRegion &region, ArrayRef<Value> offsets, Value number, int64_t vectors,
                          int64_t dim, Value shift, Value k, SmallVector<Value> acc);
  void keep(Value entry, int64_t count, ArrayRef<Value> acc);
  SmallVector<Value> kept(Value entry, int64_t count, int64_t vectors);
  Value constant(int64_t value) { return indexConstant(b, loc, value); }

  kern::ConvOp op;
  const Target &target;
  Shape shape;
  TileBuilder tile;
  ConvWindow window;
  OpBuilder &b;
  Location loc;
  Value weights, perGroup;       // panels; input channels of a group
  Value firstChannel, firstTerm; // of the group at hand: in the input, in the panels
  Value partial;                 // scratch: sums of a region's positions, a row a table entry
};
} // namespace

static int64_t positionsOf(ArrayRef<int64_t> sizes) {
  int64_t count = 1;
  for (int64_t size : sizes)
    count *= size;
  return count;
}

Shape::Shape(kern::ConvOp op, const Target &target) : cols(op.getW().getType().getCols()) {
  int64_t bytes = op.getAcc().getType().getIntOrFloatBitWidth() / 8;
  width = panelWidth(cols, bytes, target);
  vectors = width / target.lanes(op.getAcc().getType());
  SmallVector<int64_t> strides;
  int64_t offset, rowStride = ShapedType::kDynamic;
  if (succeeded(cast<MemRefType>(op.getX().getType()).getStridesAndOffset(strides, offset)) &&
      !ShapedType::isDynamic(strides[op.getSpatialRank()]))
    rowStride = strides[op.getSpatialRank()] * op.getStride().back() * bytes;
  // A register for the address of each row.
  rows = std::min<int64_t>(12, tileRows(vectors, rowStride, target));
  // Enough positions to fill tiles at edges too, not so many that there are few units.
  int64_t positions = 128;
  if (std::optional<int64_t> channels = constantIndex(op.getChannels())) {
    int64_t work = std::max<int64_t>(1, *channels / op.getGroups() * positionsOf(op.getKernel()) * width);
    positions = std::clamp<int64_t>((int64_t(1) << 24) / work, 64, 256);
    int64_t outermost = op.getKernel().front();
    inParts = work * bytes > 512 * 1024 && outermost > 1 && work / outermost / width >= 128;
  }
  blocks = ConvWindow::blocksOf(op.getOutput(), op.getKernel(), positions, positions);
}

//===----------------------------------------------------------------------===//
// The grid: groups, panels, blocks of positions; these fastest, so that a panel stays in cache
//===----------------------------------------------------------------------===//

static SmallVector<Value> unitSizes(OpBuilder &b, Location loc, kern::ConvOp op, const Shape &shape, SizeOf size) {
  Value groups = indexConstant(b, loc, op.getGroups());
  SmallVector<Value> sizes{groups};
  sizes.push_back(
      ceilDivIndex(b, loc, divIndex(b, loc, size(op.getFeatures()), groups), indexConstant(b, loc, shape.width)));
  llvm::append_range(sizes, ConvWindow::unitSizes(b, loc, op.getBatch(), op.getOutput(), shape.blocks, size));
  return sizes;
}

static Grid convGrid(OpBuilder &b, Operation *operation, const Target &target, SizeOf size) {
  auto op = cast<kern::ConvOp>(operation);
  Location loc = op.getLoc();
  Shape shape(op, target);
  Value units = indexConstant(b, loc, 1), groups = indexConstant(b, loc, op.getGroups());
  for (Value extent : unitSizes(b, loc, op, shape, size))
    units = mulIndex(b, loc, units, extent);
  Value work = mulIndex(b, loc, divIndex(b, loc, size(op.getChannels()), groups),
                        indexConstant(b, loc, positionsOf(op.getKernel())));
  work =
      mulIndex(b, loc, work,
               minIndex(b, loc, divIndex(b, loc, size(op.getFeatures()), groups), indexConstant(b, loc, shape.width)));
  work = mulIndex(b, loc, work, ConvWindow::unitPositions(b, loc, op.getBatch(), op.getOutput(), shape.blocks, size));
  return makeGrid(b, loc, units, work);
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

LogicalResult ConvBuilder::emit(Value first, Value last) {
  Value groups = constant(op.getGroups());
  Value cols = divIndex(b, loc, op.getFeatures(), groups);
  Value terms = mulIndex(b, loc, op.getChannels(), constant(positionsOf(op.getKernel())));
  perGroup = divIndex(b, loc, op.getChannels(), groups);
  weights = panelsMemory(b, op.getW(), terms);
  window.begin();
  if (shape.inParts)
    partial = tile.scratch({positionsOf(shape.blocks), shape.width});
  TileOutput output(tile, *op.getBodyBlock(), cols, shape.cols, shape.width);
  SmallVector<Value> sizes = unitSizes(b, loc, op, shape, [](Value v) { return v; });
  tile.loop(first, last, 1, [&](Value number) {
    SmallVector<Value> unit = delinearize(b, loc, number, sizes);
    Value group = unit[0], panelNumber = unit[1];
    firstChannel = firstTerm = constant(0);
    if (op.getGroups() > 1) {
      firstChannel = mulIndex(b, loc, mulIndex(b, loc, group, perGroup), window.strides.back()); // an offset in x
      firstTerm = mulIndex(b, loc, group, divIndex(b, loc, terms, groups));
      output.setBase(mulIndex(b, loc, group, cols), constantIndex(cols).value_or(1));
    }
    output.panel(panelNumber, [&](int64_t vectors, bool masked) {
      panel(output, ArrayRef(unit).drop_front(2), panelNumber, vectors, masked);
    });
  });
  return output.status;
}

void ConvBuilder::panel(TileOutput &output, ArrayRef<Value> unit, Value number, int64_t vectors, bool masked) {
  Value column = mulIndex(b, loc, number, constant(shape.width));
  int64_t rows = vectors == shape.vectors ? shape.rows : std::min<int64_t>(12, tileRows(vectors, 4, target));
  if (shape.rows <= 8) // not more than what the input's stride allows
    rows = std::min<int64_t>(rows, 8);
  // Regions are often small: tails of every size where that is not too much code.
  SmallVector<int64_t> tails{4, 2, 1};
  if (rows <= 8 && !masked && !shape.inParts)
    tails = {7, 6, 5, 4, 3, 2, 1};
  window.regions(unit, [&](const WindowRegion &region) {
    auto tiles = [&](Value begin, Value end, function_ref<void(Value, int64_t)> body) {
      tile.ladder(begin, end, rows, body, tails);
    };
    auto add = [&](const WindowRegion &part, Value entry, int64_t count, SmallVector<Value> start) {
      SmallVector<Value> offsets;
      for (int64_t i = 0; i < count; ++i)
        offsets.push_back(window.offset(addIndex(b, loc, entry, i)));
      return sums(part, offsets, number, vectors, 0, firstChannel, firstTerm, start);
    };
    auto finish = [&](Value entry, int64_t count, ArrayRef<Value> acc) {
      output.store(acc, count, column, vectors, masked,
                   [&](Value i) { return window.indices(addIndex(b, loc, entry, i)); });
    };
    auto zeros = [&](int64_t count) { return SmallVector<Value>(count * vectors, tile.zeros()); };
    Value zero = constant(0);
    if (!shape.inParts) {
      tiles(zero, region.count,
            [&](Value entry, int64_t count) { finish(entry, count, add(region, entry, count, zeros(count))); });
      return;
    }
    tile.loop(zero, region.count, 1, [&](Value entry) { keep(entry, 1, zeros(1)); });
    tile.loop(zero, constant(op.getKernel().front()), 1, [&](Value t) {
      WindowRegion part = region;
      part.first[0] = t;
      part.last[0] = addIndex(b, loc, t, 1);
      auto [begin, end] = window.reached(region, t);
      tile.loop(zero, region.images, 1, [&, begin = begin, end = end](Value image) {
        Value outer = mulIndex(b, loc, image, region.outer);
        tiles(mulIndex(b, loc, addIndex(b, loc, outer, begin), region.inner),
              mulIndex(b, loc, addIndex(b, loc, outer, end), region.inner), [&](Value entry, int64_t count) {
                keep(entry, count, add(part, entry, count, kept(entry, count, vectors)));
              });
      });
    });
    tiles(zero, region.count, [&](Value entry, int64_t count) { finish(entry, count, kept(entry, count, vectors)); });
  });
}

// Writes the sums of a tile to memory.
void ConvBuilder::keep(Value entry, int64_t count, ArrayRef<Value> acc) {
  int64_t vectors = acc.size() / count;
  for (auto [number, value] : llvm::enumerate(acc))
    vector::StoreOp::create(
        b, loc, value, partial,
        ValueRange{addIndex(b, loc, entry, number / vectors), constant(number % vectors * tile.lanes)});
}

SmallVector<Value> ConvBuilder::kept(Value entry, int64_t count, int64_t vectors) {
  SmallVector<Value> acc;
  for (int64_t i = 0; i < count; ++i)
    for (int64_t v = 0; v < vectors; ++v)
      acc.push_back(vector::LoadOp::create(b, loc, tile.vectorType(), partial,
                                           ValueRange{addIndex(b, loc, entry, i), constant(v * tile.lanes)}));
  return acc;
}

// Adds the summands of kernel positions in a region's range, dimension `dim` and what is inside of it: `shift` is what
// the positions of outer dimensions add to the offsets, `k` their part of the summand's number.
SmallVector<Value> ConvBuilder::sums(const WindowRegion &region, ArrayRef<Value> offsets, Value number, int64_t vectors,
                                     int64_t dim, Value shift, Value k, SmallVector<Value> acc) {
  int64_t rank = op.getSpatialRank();
  int64_t inside = positionsOf(op.getKernel().drop_front(dim + 1));
  Value terms = mulIndex(b, loc, perGroup, constant(inside)), step = window.step(dim);
  auto product = [&](Value from, Value count, Value firstK, Value channelStride, SmallVector<Value> start) {
    return tile.product(
        offsets.size(), vectors, count,
        [&](Value c, int64_t row) -> Value {
          Value at = addIndex(b, loc, from, mulIndex(b, loc, c, channelStride));
          return memref::LoadOp::create(b, loc, window.flat, ValueRange{addIndex(b, loc, offsets[row], at)});
        },
        [&](Value c, int64_t v) -> Value {
          Value at = addIndex(b, loc, firstK, c);
          return vector::LoadOp::create(b, loc, tile.vectorType(), weights,
                                        ValueRange{number, at, constant(v * tile.lanes)});
        },
        start);
  };
  Value channelStride = window.strides.back(), first = region.first[dim], last = region.last[dim];
  // Channels of consecutive positions of the last dimension often lie one after the other.
  bool joined = dim == rank - 1 && constantIndex(channelStride) == 1 && op.getGroups() == 1 &&
                constantIndex(step).has_value() && constantIndex(step) == constantIndex(perGroup);
  if (joined) {
    Value skipped = mulIndex(b, loc, first, perGroup);
    Value count = mulIndex(b, loc, b.createOrFold<arith::SubIOp>(loc, last, first), perGroup);
    return product(addIndex(b, loc, shift, skipped), count, addIndex(b, loc, k, skipped), channelStride, acc);
  }
  auto loop = scf::ForOp::create(b, loc, first, last, constant(1), acc);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value t = loop.getInductionVar();
  Value here = addIndex(b, loc, shift, mulIndex(b, loc, t, step)),
        term = addIndex(b, loc, k, mulIndex(b, loc, t, terms));
  SmallVector<Value> next(loop.getRegionIterArgs());
  if (dim < rank - 1)
    next = sums(region, offsets, number, vectors, dim + 1, here, term, next);
  else
    next = product(here, perGroup, term, channelStride, next);
  scf::YieldOp::create(b, loc, next);
  return SmallVector<Value>(loop.getResults());
}

static bool supportsConv(Operation *operation, const Target &) {
  auto op = cast<kern::ConvOp>(operation);
  return op.getAcc().getType().isF32() && cast<MemRefType>(op.getX().getType()).getElementType().isF32() &&
         VectorBody::canClone(*op.getBodyBlock());
}

static LogicalResult emitConv(OpBuilder &b, Operation *op, const Target &target, Value first, Value last) {
  return ConvBuilder(b, cast<kern::ConvOp>(op), target).emit(first, last);
}

const OpLowering cpu::convLowering{supportsConv, convGrid, emitConv};
