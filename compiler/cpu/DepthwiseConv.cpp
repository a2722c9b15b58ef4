// kern.dwconv on a CPU: register tiles of output positions by vectors of channels. Along a row each input vector is
// read once for all positions of a tile that it meets; where windows are cut off, positions come from a table.
#include "compiler/cpu/ConvWindow.h"
#include "compiler/cpu/TileOutput.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

namespace {
// What is decided about a convolution before code is emitted.
struct Shape {
  int64_t positions, vectors, width; ///< of a tile: output positions, vectors, channels
  int64_t panels;                    ///< widths of channels in a unit of work, which share one table of positions
  SmallVector<int64_t> blocks;       ///< positions of a unit, in each dimension

  Shape(kern::DwconvOp op, const Target &target);
};

class DepthwiseBuilder {
public:
  DepthwiseBuilder(OpBuilder &b, kern::DwconvOp op, const Target &target)
      : op(op), shape(op, target), tile{b, op.getLoc(), op.getAcc().getType(), target.lanes(op.getAcc().getType())},
        window(tile, op, shape.blocks, /*open=*/false),
        output(tile, *op.getBodyBlock(), op.getChannels(),
               constantIndex(op.getChannels()).value_or(ShapedType::kDynamic), shape.width),
        b(b), loc(op.getLoc()), last(op.getSpatialRank() - 1) {}
  LogicalResult emit(Value first, Value last);

private:
  using Sums = SmallVector<Value>;
  void panel(const WindowRegion &region, Value number);
  void rowTile(const WindowRegion &region, Value entry, int64_t count, Value channel, bool masked);
  void scatteredTile(const WindowRegion &region, Value entry, int64_t count, Value channel, bool masked);
  Sums overPositions(const WindowRegion &region, int64_t dims, int64_t dim, Value shift, Value t, Sums acc,
                     function_ref<Sums(Value, Value, Sums)> inner);
  Value load(Value memref, ValueRange indices, int64_t v);
  Value constant(int64_t value) { return indexConstant(b, loc, value); }

  kern::DwconvOp op;
  Shape shape;
  TileBuilder tile;
  ConvWindow window;
  TileOutput output;
  OpBuilder &b;
  Location loc;
  int64_t last;                       // spatial dimension
  SmallVector<Value> channels, masks; // of the vectors of the panel at hand
};
} // namespace

/// Kernel positions in the last dimension that are unrolled.
static constexpr int64_t mostUnrolled = 7;

// Beside the sums, the weights of a kernel row stay in registers, and the input vector at hand.
Shape::Shape(kern::DwconvOp op, const Target &target) : panels(8) {
  bool manyRegisters = target.vectorRegisters >= 32;
  int64_t lanes = target.lanes(op.getAcc().getType());
  positions = manyRegisters ? 6 : 4;
  vectors = 2;
  // A width that leaves no rest spares a second form of all tiles.
  std::optional<int64_t> channels = constantIndex(op.getChannels());
  if (manyRegisters && channels && *channels % (2 * lanes) != 0 && *channels % (3 * lanes) == 0) {
    positions = 4;
    vectors = 3;
  }
  width = vectors * lanes;
  blocks = ConvWindow::blocksOf(op.getOutput(), op.getKernel(), 256, 64); // some input rows of one width stay in L1
}

// Blocks of positions, then groups of panels: these fastest, so that a block's input stays in cache.
static SmallVector<Value> unitSizes(OpBuilder &b, Location loc, kern::DwconvOp op, const Shape &shape, SizeOf size) {
  SmallVector<Value> sizes = ConvWindow::unitSizes(b, loc, op.getBatch(), op.getOutput(), shape.blocks, size);
  sizes.push_back(ceilDivIndex(b, loc, size(op.getChannels()), indexConstant(b, loc, shape.panels * shape.width)));
  return sizes;
}

static Grid depthwiseGrid(OpBuilder &b, Operation *operation, const Target &target, SizeOf size) {
  auto op = cast<kern::DwconvOp>(operation);
  Location loc = op.getLoc();
  Shape shape(op, target);
  Value units = indexConstant(b, loc, 1);
  for (Value extent : unitSizes(b, loc, op, shape, size))
    units = mulIndex(b, loc, units, extent);
  Value work = minIndex(b, loc, size(op.getChannels()), indexConstant(b, loc, shape.panels * shape.width));
  for (int64_t extent : op.getKernel())
    work = mulIndex(b, loc, work, indexConstant(b, loc, extent));
  return makeGrid(
      b, loc, units,
      mulIndex(b, loc, work, ConvWindow::unitPositions(b, loc, op.getBatch(), op.getOutput(), shape.blocks, size)));
}

LogicalResult DepthwiseBuilder::emit(Value first, Value last) {
  window.begin();
  SmallVector<Value> sizes = unitSizes(b, loc, op, shape, [](Value v) { return v; });
  Value panels = ceilDivIndex(b, loc, op.getChannels(), constant(shape.width));
  tile.loop(first, last, 1, [&](Value number) {
    SmallVector<Value> unit = delinearize(b, loc, number, sizes);
    Value begin = mulIndex(b, loc, unit.pop_back_val(), constant(shape.panels));
    Value end = minIndex(b, loc, addIndex(b, loc, begin, shape.panels), panels);
    window.regions(unit,
                   [&](const WindowRegion &region) { tile.loop(begin, end, 1, [&](Value at) { panel(region, at); }); });
  });
  return output.status;
}

void DepthwiseBuilder::panel(const WindowRegion &region, Value number) {
  Value channel = mulIndex(b, loc, number, constant(shape.width));
  output.panel(number, [&](int64_t vectors, bool masked) {
    channels.clear();
    masks.clear();
    for (int64_t v = 0; v < vectors; ++v) {
      channels.push_back(addIndex(b, loc, channel, v * tile.lanes));
      masks.push_back(output.mask(channel, v, masked));
    }
    auto scattered = [&] {
      tile.ladder(constant(0), region.count, shape.positions,
                  [&](Value entry, int64_t count) { scatteredTile(region, entry, count, channel, masked); });
    };
    int64_t size = op.getKernel()[last];
    if (size > mostUnrolled)
      return scattered();
    Value count = b.createOrFold<arith::SubIOp>(loc, region.last[last], region.first[last]);
    Value whole = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, count, constant(size));
    auto branch = scf::IfOp::create(b, loc, whole, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    tile.loop(constant(0), region.rows, 1, [&](Value row) {
      Value begin = mulIndex(b, loc, row, region.rowLength);
      tile.ladder(begin, addIndex(b, loc, begin, region.rowLength), shape.positions,
                  [&](Value entry, int64_t positions) { rowTile(region, entry, positions, channel, masked); }, {2, 1});
    });
    b.setInsertionPointToStart(branch.elseBlock());
    scattered();
  });
}

Value DepthwiseBuilder::load(Value memref, ValueRange indices, int64_t v) {
  if (!masks[v])
    return vector::LoadOp::create(b, loc, tile.vectorType(), memref, indices);
  return vector::MaskedLoadOp::create(b, loc, tile.vectorType(), memref, indices, masks[v], tile.zeros());
}

// Loops over a region's kernel positions in dimensions `dim` to `dims`, sums carried along. `inner` gets what the
// position adds to the offset in the input, and its row-major number among those of these dimensions.
DepthwiseBuilder::Sums DepthwiseBuilder::overPositions(const WindowRegion &region, int64_t dims, int64_t dim,
                                                       Value shift, Value t, Sums acc,
                                                       function_ref<Sums(Value, Value, Sums)> inner) {
  if (dim == dims)
    return inner(shift, t, acc);
  auto loop = scf::ForOp::create(b, loc, region.first[dim], region.last[dim], constant(1), acc);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value i = loop.getInductionVar();
  Sums next = overPositions(region, dims, dim + 1, addIndex(b, loc, shift, mulIndex(b, loc, i, window.step(dim))),
                            addIndex(b, loc, mulIndex(b, loc, t, constant(op.getKernel()[dim])), i),
                            Sums(loop.getRegionIterArgs()), inner);
  scf::YieldOp::create(b, loc, next);
  return Sums(loop.getResults());
}

// Positions side by side whose windows are whole in the last dimension.
void DepthwiseBuilder::rowTile(const WindowRegion &region, Value entry, int64_t count, Value channel, bool masked) {
  size_t vectors = channels.size();
  Value base = window.offset(entry);
  int64_t size = op.getKernel()[last];
  Sums acc = overPositions(
      region, last, 0, constant(0), constant(0), Sums(count * vectors, tile.zeros()),
      [&](Value shift, Value t, Sums sums) {
        Value from = addIndex(b, loc, base, shift), firstWeight = mulIndex(b, loc, t, constant(size));
        SmallVector<Value> weights;
        for (int64_t i = 0; i < size; ++i)
          for (size_t v = 0; v < vectors; ++v)
            weights.push_back(load(op.getW(), ValueRange{addIndex(b, loc, firstWeight, i), channels[v]}, v));
        // Position p reads elements p * stride + i * dilation, in ascending order of i.
        int64_t stride = op.getStride()[last], dilation = op.getDilation()[last];
        llvm::SmallDenseMap<int64_t, SmallVector<Value>> elements;
        for (int64_t i = 0; i < size; ++i)
          for (int64_t p = 0; p < count; ++p) {
            int64_t element = p * stride + i * dilation;
            SmallVector<Value> &x = elements[element];
            for (size_t v = 0; v < vectors; ++v) {
              if (x.size() <= v) {
                Value at = addIndex(b, loc, from, mulIndex(b, loc, window.strides[last + 1], constant(element)));
                x.push_back(load(window.flat, ValueRange{addIndex(b, loc, at, channels[v])}, v));
              }
              Value &sum = sums[p * vectors + v];
              sum = math::FmaOp::create(b, loc, x[v], weights[i * vectors + v], sum);
            }
          }
        return sums;
      });
  SmallVector<Value> first = window.indices(entry);
  output.store(acc, count, channel, vectors, masked, [&](Value i) {
    SmallVector<Value> at(first);
    at.back() = addIndex(b, loc, at.back(), i);
    return at;
  });
}

// Positions anywhere.
void DepthwiseBuilder::scatteredTile(const WindowRegion &region, Value entry, int64_t count, Value channel,
                                     bool masked) {
  size_t vectors = channels.size();
  SmallVector<Value> offsets;
  for (int64_t i = 0; i < count; ++i)
    offsets.push_back(window.offset(addIndex(b, loc, entry, i)));
  Sums acc = overPositions(region, last + 1, 0, constant(0), constant(0), Sums(count * vectors, tile.zeros()),
                           [&](Value shift, Value t, Sums sums) {
                             for (size_t v = 0; v < vectors; ++v) {
                               Value weight = load(op.getW(), ValueRange{t, channels[v]}, v);
                               Value from = addIndex(b, loc, shift, channels[v]);
                               for (int64_t i = 0; i < count; ++i) {
                                 Value x = load(window.flat, ValueRange{addIndex(b, loc, offsets[i], from)}, v);
                                 Value &sum = sums[i * vectors + v];
                                 sum = math::FmaOp::create(b, loc, x, weight, sum);
                               }
                             }
                             return sums;
                           });
  output.store(acc, count, channel, vectors, masked,
               [&](Value i) { return window.indices(addIndex(b, loc, entry, i)); });
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

static LogicalResult emitDepthwise(OpBuilder &b, Operation *op, const Target &target, Value first, Value last) {
  return DepthwiseBuilder(b, cast<kern::DwconvOp>(op), target).emit(first, last);
}

const OpLowering cpu::dwconvLowering{supportsDepthwise, depthwiseGrid, emitDepthwise};
