// kern.dwconv on a CPU: register tiles of output positions by vectors of channels, every multiply-add reading its
// input from memory.
#include "compiler/cpu/ConvWindow.h"
#include "compiler/cpu/TileOutput.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

/// A tile: output positions, and vectors of channels.
static constexpr int64_t tilePositions = 6, tileVectors = 2;
/// A unit of work: output positions, and tiles' widths of channels, which share one table of positions.
static constexpr int64_t unitPositions = 256, unitPanels = 8;

namespace {
class DepthwiseBuilder {
public:
  DepthwiseBuilder(OpBuilder &b, kern::DwconvOp op, int64_t lanes)
      : op(op), blocks(ConvWindow::blocksOf(op.getOutput(), unitPositions)),
        tile{b, op.getLoc(), op.getAcc().getType(), lanes}, window(tile, op, blocks), b(b), loc(op.getLoc()),
        output(tile, *op.getBodyBlock(), op.getChannels(),
               constantIndex(op.getChannels()).value_or(ShapedType::kDynamic), tileVectors * lanes) {}
  LogicalResult emit(Value first, Value last);

private:
  void panel(const WindowRegion &region, Value number);
  SmallVector<Value> sums(const WindowRegion &region, ArrayRef<Value> offsets, ArrayRef<Value> channels,
                          ArrayRef<Value> masks, int64_t dim, Value shift, Value t, SmallVector<Value> acc);
  Value load(Value memref, ValueRange indices, Value mask);
  Value constant(int64_t value) { return indexConstant(b, loc, value); }

  kern::DwconvOp op;
  SmallVector<int64_t> blocks;
  TileBuilder tile;
  ConvWindow window;
  OpBuilder &b;
  Location loc;
  TileOutput output;
};
} // namespace

static int64_t lanesOf(kern::DwconvOp op, const Target &target) { return target.lanes(op.getAcc().getType()); }

// Blocks of positions, then groups of panels: these fastest, so that a block's input stays in cache.
static SmallVector<Value> unitSizes(OpBuilder &b, Location loc, kern::DwconvOp op, int64_t lanes, SizeOf size) {
  SmallVector<int64_t> blocks = ConvWindow::blocksOf(op.getOutput(), unitPositions);
  SmallVector<Value> sizes = ConvWindow::unitSizes(b, loc, op.getBatch(), op.getOutput(), blocks, size);
  sizes.push_back(
      ceilDivIndex(b, loc, size(op.getChannels()), indexConstant(b, loc, unitPanels * tileVectors * lanes)));
  return sizes;
}

static Grid depthwiseGrid(OpBuilder &b, Operation *operation, const Target &target, SizeOf size) {
  auto op = cast<kern::DwconvOp>(operation);
  Location loc = op.getLoc();
  int64_t lanes = lanesOf(op, target), width = unitPanels * tileVectors * lanes;
  Value units = indexConstant(b, loc, 1);
  for (Value extent : unitSizes(b, loc, op, lanes, size))
    units = mulIndex(b, loc, units, extent);
  Value work = minIndex(b, loc, size(op.getChannels()), indexConstant(b, loc, width));
  for (int64_t extent : op.getKernel())
    work = mulIndex(b, loc, work, indexConstant(b, loc, extent));
  SmallVector<Value> extents{op.getBatch()};
  llvm::append_range(extents, op.getOutput());
  for (auto [extent, block] : llvm::zip(extents, ConvWindow::blocksOf(op.getOutput(), unitPositions)))
    work = mulIndex(b, loc, work, minIndex(b, loc, size(extent), indexConstant(b, loc, block)));
  return makeGrid(b, loc, units, work);
}

LogicalResult DepthwiseBuilder::emit(Value first, Value last) {
  window.begin();
  SmallVector<Value> sizes = unitSizes(b, loc, op, tile.lanes, [](Value v) { return v; });
  Value panels = ceilDivIndex(b, loc, op.getChannels(), constant(tileVectors * tile.lanes));
  tile.loop(first, last, 1, [&](Value number) {
    SmallVector<Value> unit = delinearize(b, loc, number, sizes);
    Value begin = mulIndex(b, loc, unit.pop_back_val(), constant(unitPanels));
    Value end = minIndex(b, loc, addIndex(b, loc, begin, unitPanels), panels);
    window.regions(unit,
                   [&](const WindowRegion &region) { tile.loop(begin, end, 1, [&](Value at) { panel(region, at); }); });
  });
  return output.status;
}

void DepthwiseBuilder::panel(const WindowRegion &region, Value number) {
  Value channel = mulIndex(b, loc, number, constant(tileVectors * tile.lanes));
  output.panel(number, [&](int64_t vectors, bool masked) {
    SmallVector<Value> channels, masks;
    for (int64_t v = 0; v < vectors; ++v) {
      channels.push_back(addIndex(b, loc, channel, v * tile.lanes));
      masks.push_back(output.mask(channel, v, masked));
    }
    tile.ladder(constant(0), region.count, tilePositions,
                [&](Value entry, int64_t count) {
                  SmallVector<Value> offsets;
                  for (int64_t i = 0; i < count; ++i)
                    offsets.push_back(window.offset(addIndex(b, loc, entry, i)));
                  SmallVector<Value> acc = sums(region, offsets, channels, masks, 0, constant(0), constant(0),
                                                SmallVector<Value>(count * vectors, tile.zeros()));
                  output.store(acc, count, channel, vectors, masked,
                               [&](Value i) { return window.indices(addIndex(b, loc, entry, i)); });
                },
                {5, 4, 3, 2, 1});
  });
}

Value DepthwiseBuilder::load(Value memref, ValueRange indices, Value mask) {
  if (!mask)
    return vector::LoadOp::create(b, loc, tile.vectorType(), memref, indices);
  return vector::MaskedLoadOp::create(b, loc, tile.vectorType(), memref, indices, mask, tile.zeros());
}

// Adds the kernel positions of a region's range, dimension `dim` and what is inside of it: `shift` is what the
// positions of outer dimensions add to the offsets, `t` their part of the position's number.
SmallVector<Value> DepthwiseBuilder::sums(const WindowRegion &region, ArrayRef<Value> offsets, ArrayRef<Value> channels,
                                          ArrayRef<Value> masks, int64_t dim, Value shift, Value t,
                                          SmallVector<Value> acc) {
  if (dim == op.getSpatialRank()) {
    size_t vectors = channels.size();
    SmallVector<Value> weights;
    for (size_t v = 0; v < vectors; ++v)
      weights.push_back(load(op.getW(), ValueRange{t, channels[v]}, masks[v]));
    for (auto [row, offset] : llvm::enumerate(offsets))
      for (size_t v = 0; v < vectors; ++v) {
        Value at = addIndex(b, loc, offset, addIndex(b, loc, shift, channels[v]));
        Value &sum = acc[row * vectors + v];
        sum = math::FmaOp::create(b, loc, load(window.flat, ValueRange{at}, masks[v]), weights[v], sum);
      }
    return acc;
  }
  auto loop = scf::ForOp::create(b, loc, region.first[dim], region.last[dim], constant(1), acc);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value i = loop.getInductionVar();
  SmallVector<Value> next =
      sums(region, offsets, channels, masks, dim + 1, addIndex(b, loc, shift, mulIndex(b, loc, i, window.step(dim))),
           addIndex(b, loc, mulIndex(b, loc, t, constant(op.getKernel()[dim])), i),
           SmallVector<Value>(loop.getRegionIterArgs()));
  scf::YieldOp::create(b, loc, next);
  return SmallVector<Value>(loop.getResults());
}

static bool isContiguous(Value memref) {
  SmallVector<int64_t> strides;
  int64_t offset;
  return succeeded(cast<MemRefType>(memref.getType()).getStridesAndOffset(strides, offset)) && strides.back() == 1;
}

static bool supportsDepthwise(Operation *operation, const Target &) {
  auto op = cast<kern::DwconvOp>(operation);
  return cast<MemRefType>(op.getX().getType()).getElementType().isF32() && isContiguous(op.getX()) &&
         isContiguous(op.getW()) && VectorBody::canClone(*op.getBodyBlock());
}

static LogicalResult emitDepthwise(OpBuilder &b, Operation *operation, const Target &target, Value first, Value last) {
  auto op = cast<kern::DwconvOp>(operation);
  return DepthwiseBuilder(b, op, lanesOf(op, target)).emit(first, last);
}

const OpLowering cpu::dwconvLowering{supportsDepthwise, depthwiseGrid, emitDepthwise};
