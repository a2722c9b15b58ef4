// kern.gemm on a CPU: register tiles over panels of the right matrix, the left one read where it lies, the epilogue on
// accumulators or, where it is long, on a stored tile.
#include "compiler/cpu/TileOutput.h"
#include "compiler/cpu/Tiles.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

namespace {
enum class RhsForm {
  Panels, ///< packed
  Rows,   ///< [k, n], contiguous along n
  Packed, ///< [n, k] of static k: packed into scratch panel by panel
  Gather, ///< anything else
};

// What is decided about a product before code is emitted.
struct Shape {
  RhsForm form;
  int64_t cols, inner;    // ShapedType::kDynamic: unknown
  int64_t width, vectors; // of a panel
  int64_t rows, rowBlock; // of the tile; of a unit of work
  int64_t panelsPerUnit;

  Shape(kern::GemmOp op, const Target &target);
};

class GemmBuilder {
public:
  GemmBuilder(OpBuilder &b, kern::GemmOp op, const Target &target)
      : op(op), target(target), shape(op, target),
        tile{b, op.getLoc(), op.getAcc().getType(), target.lanes(op.getAcc().getType())},
        output(tile, *op.getBodyBlock(), op.getCols(), shape.cols, shape.width), b(b), loc(op.getLoc()) {}
  LogicalResult emit(Value first, Value last);

private:
  void unit(ArrayRef<Value> position);
  void panel(Value number, int64_t vectors, bool masked);
  void packPanel(Value column);
  Value rhs(Value number, Value column, Value k, int64_t v, bool masked);
  SmallVector<Value> matrix(Value memref, Value outer, Value inner) {
    SmallVector<Value> indices;
    if (cast<MemRefType>(memref.getType()).getRank() > 2)
      indices.append(batch);
    indices.append({outer, inner});
    return indices;
  }

  kern::GemmOp op;
  const Target &target;
  Shape shape;
  TileBuilder tile;
  TileOutput output;
  OpBuilder &b;
  Location loc;
  SmallVector<Value> batch;      // indices of the unit at hand
  Value rowBegin, rowEnd, right; // rows of the unit; what the right operand is read from
  Value packed;                  // scratch
};
} // namespace

static int64_t staticSize(Value size) { return constantIndex(size).value_or(ShapedType::kDynamic); }

static int64_t innerStride(MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t offset;
  return succeeded(type.getStridesAndOffset(strides, offset)) ? strides.back() : ShapedType::kDynamic;
}

Shape::Shape(kern::GemmOp op, const Target &target) : cols(staticSize(op.getCols())), inner(staticSize(op.getInner())) {
  Type element = op.getAcc().getType();
  int64_t rowStride = ShapedType::kDynamic;
  SmallVector<int64_t> strides;
  int64_t offset;
  auto lhs = cast<MemRefType>(op.getLhs().getType());
  if (succeeded(lhs.getStridesAndOffset(strides, offset)) && !op.getTransA() &&
      !ShapedType::isDynamic(strides[lhs.getRank() - 2]))
    rowStride = strides[lhs.getRank() - 2] * element.getIntOrFloatBitWidth() / 8;
  if (auto panels = dyn_cast<kern::PanelsType>(op.getRhs().getType())) {
    form = RhsForm::Panels;
    cols = panels.getCols();
  } else if (!op.getTransB()) {
    form = innerStride(cast<MemRefType>(op.getRhs().getType())) == 1 ? RhsForm::Rows : RhsForm::Gather;
  }
  width = panelWidth(cols, element.getIntOrFloatBitWidth() / 8, target);
  vectors = width / target.lanes(element);
  if (op.getTransB()) { // a panel on the stack, where it is no larger than a good part of L2
    bool fits = !ShapedType::isDynamic(inner) && inner * width * 4 <= 192 * 1024;
    form = fits && innerStride(cast<MemRefType>(op.getRhs().getType())) == 1 ? RhsForm::Packed : RhsForm::Gather;
  }
  rows = tileRows(vectors, rowStride, target);
  rowBlock = form == RhsForm::Packed ? 240 / rows * rows : 64 / rows * rows;
  panelsPerUnit = 1;
  if (!ShapedType::isDynamic(inner))
    panelsPerUnit = std::clamp<int64_t>(chunkWork / std::max<int64_t>(1, rowBlock * width * inner), 1, 64);
}

//===----------------------------------------------------------------------===//
// The grid: batches, groups of panels, blocks of rows; rows fastest, so that a panel stays in cache
//===----------------------------------------------------------------------===//

static SmallVector<Value> unitSizes(OpBuilder &b, Location loc, kern::GemmOp op, const Shape &shape, SizeOf size) {
  SmallVector<Value> sizes;
  for (Value extent : op.getBatch())
    sizes.push_back(size(extent));
  sizes.push_back(ceilDivIndex(b, loc, size(op.getCols()), indexConstant(b, loc, shape.width * shape.panelsPerUnit)));
  sizes.push_back(ceilDivIndex(b, loc, size(op.getRows()), indexConstant(b, loc, shape.rowBlock)));
  return sizes;
}

static Grid gemmGrid(OpBuilder &b, Operation *operation, const Target &target, SizeOf size) {
  auto op = cast<kern::GemmOp>(operation);
  Location loc = op.getLoc();
  Shape shape(op, target);
  Value units = indexConstant(b, loc, 1);
  for (Value extent : unitSizes(b, loc, op, shape, size))
    units = mulIndex(b, loc, units, extent);
  // One row costs as much as four: its panels come from memory all the same.
  Value rows = maxIndex(b, loc, minIndex(b, loc, size(op.getRows()), indexConstant(b, loc, shape.rowBlock)),
                        indexConstant(b, loc, 4));
  Value cols = minIndex(b, loc, size(op.getCols()), indexConstant(b, loc, shape.width * shape.panelsPerUnit));
  return makeGrid(b, loc, units, mulIndex(b, loc, mulIndex(b, loc, rows, cols), size(op.getInner())));
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

LogicalResult GemmBuilder::emit(Value first, Value last) {
  right = op.getRhs();
  if (shape.form == RhsForm::Panels)
    right = panelsMemory(b, right, op.getInner());
  if (shape.form == RhsForm::Packed)
    packed = tile.scratch({shape.inner, shape.width});
  SmallVector<Value> sizes = unitSizes(b, loc, op, shape, [](Value v) { return v; });
  tile.loop(first, last, 1, [&](Value number) { unit(delinearize(b, loc, number, sizes)); });
  return output.status;
}

void GemmBuilder::unit(ArrayRef<Value> position) {
  batch.assign(position.begin(), position.end() - 2);
  Value group = position[batch.size()], block = position[batch.size() + 1];
  Value rowBlock = indexConstant(b, loc, shape.rowBlock);
  rowBegin = mulIndex(b, loc, block, rowBlock);
  rowEnd = minIndex(b, loc, addIndex(b, loc, rowBegin, rowBlock), op.getRows());
  Value perUnit = indexConstant(b, loc, shape.panelsPerUnit), width = indexConstant(b, loc, shape.width);
  Value begin = mulIndex(b, loc, group, perUnit), end = addIndex(b, loc, begin, perUnit);
  Value full = divIndex(b, loc, op.getCols(), width);
  bool partial = ShapedType::isDynamic(shape.cols) || shape.cols % shape.width != 0;
  bool anyFull = ShapedType::isDynamic(shape.cols) || shape.cols >= shape.width;
  if (anyFull)
    tile.loop(begin, minIndex(b, loc, end, full), 1, [&](Value number) { panel(number, shape.vectors, false); });
  if (!partial)
    return;
  // The last panel holds fewer columns; of a known number only the vectors that have any are computed.
  int64_t vectors = shape.vectors;
  if (!ShapedType::isDynamic(shape.cols))
    vectors = llvm::divideCeil(shape.cols % shape.width, tile.lanes);
  Value all = ceilDivIndex(b, loc, op.getCols(), width);
  tile.loop(maxIndex(b, loc, begin, full), minIndex(b, loc, end, all), 1,
            [&](Value number) { panel(number, vectors, true); });
}

Value GemmBuilder::rhs(Value number, Value column, Value k, int64_t v, bool masked) {
  VectorType type = tile.vectorType();
  Value offset = indexConstant(b, loc, v * tile.lanes);
  if (shape.form == RhsForm::Panels)
    return vector::LoadOp::create(b, loc, type, right, ValueRange{number, k, offset});
  if (shape.form == RhsForm::Packed)
    return vector::LoadOp::create(b, loc, type, packed, ValueRange{k, offset});
  Value at = addIndex(b, loc, column, offset), active = output.mask(column, v, masked);
  if (shape.form == RhsForm::Rows) {
    SmallVector<Value> indices = matrix(right, k, at);
    if (!active)
      return vector::LoadOp::create(b, loc, type, right, indices);
    return vector::MaskedLoadOp::create(b, loc, type, right, indices, active, tile.zeros());
  }
  VectorBody body(b, loc, tile.lanes, active);
  SmallVector<Lane> indices;
  for (Value index : matrix(right, op.getTransB() ? at : k, op.getTransB() ? k : at))
    indices.push_back({Lane::Uniform, index});
  indices[indices.size() - (op.getTransB() ? 2 : 1)].kind = Lane::Linear;
  return body.vector(body.load(right, indices));
}

// Transposes one panel of a [n, k] matrix into scratch. Columns past the last are never stored, so that it does not
// matter what they hold.
void GemmBuilder::packPanel(Value column) {
  Value count =
      minIndex(b, loc, arith::SubIOp::create(b, loc, op.getCols(), column), indexConstant(b, loc, shape.width));
  Value last = addIndex(b, loc, op.getCols(), -1);
  tile.packTransposed(
      right, [&](Value row, Value k) { return matrix(right, row, k); }, column, count, last, shape.inner, packed);
}

void GemmBuilder::panel(Value number, int64_t vectors, bool masked) {
  Value column = mulIndex(b, loc, number, indexConstant(b, loc, shape.width));
  if (shape.form == RhsForm::Packed)
    packPanel(column);
  int64_t rows = vectors == shape.vectors ? shape.rows : std::min(shape.rowBlock, tileRows(vectors, 4, target));
  if (shape.rows <= 8) // not more than what the left matrix's stride allows
    rows = std::min<int64_t>(rows, 8);
  tile.ladder(rowBegin, rowEnd, rows, [&](Value row, int64_t count) {
    SmallVector<Value> rowsOfTile;
    for (int64_t i = 0; i < count; ++i)
      rowsOfTile.push_back(addIndex(b, loc, row, i));
    SmallVector<Value> acc = tile.product(
        count, vectors, op.getInner(),
        [&](Value k, int64_t i) -> Value {
          SmallVector<Value> indices =
              op.getTransA() ? matrix(op.getLhs(), k, rowsOfTile[i]) : matrix(op.getLhs(), rowsOfTile[i], k);
          return memref::LoadOp::create(b, loc, op.getLhs(), indices);
        },
        [&](Value k, int64_t v) { return rhs(number, column, k, v, masked); });
    output.store(acc, count, column, vectors, masked, [&](Value i) {
      SmallVector<Value> at(batch);
      at.push_back(addIndex(b, loc, row, i));
      return at;
    });
  });
}

static bool supportsGemm(Operation *operation, const Target &) {
  auto op = cast<kern::GemmOp>(operation);
  return cast<MemRefType>(op.getLhs().getType()).getElementType().isF32() && VectorBody::canClone(*op.getBodyBlock());
}

static LogicalResult emitGemm(OpBuilder &b, Operation *op, const Target &target, Value first, Value last) {
  return GemmBuilder(b, cast<kern::GemmOp>(op), target).emit(first, last);
}

const OpLowering cpu::gemmLowering{supportsGemm, gemmGrid, emitGemm};
