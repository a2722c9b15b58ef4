// kern.pack on a CPU: one unit a panel. A weight [cols, inner] is transposed in registers, block by block; any other
// element is computed for a vector of columns at once.
#include "compiler/cpu/TileBuilder.h"
#include "compiler/cpu/Tiles.h"
#include "compiler/cpu/VectorBody.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

namespace {
class PackBuilder {
public:
  PackBuilder(OpBuilder &b, kern::PackOp op, const Target &target)
      : op(op), tile{b, op.getLoc(), op.getPanels().getType().getElementType(),
                     target.lanes(op.getPanels().getType().getElementType())},
        b(b), loc(op.getLoc()) {}
  LogicalResult emit(Value first, Value last);

private:
  void vector(Value panel, Value offset, Value column, Value active);
  void element(Value panel, Value offset, Value column, Value k, Value active);
  void store(Value value, Value panel, Value offset, Value k, Value active);

  kern::PackOp op;
  TileBuilder tile;
  OpBuilder &b;
  Location loc;
  Value memory;
  kern::LoadOp transposed; ///< the load of a [cols, inner] matrix that is all of the region; null: anything else
  LogicalResult status = success();
};
} // namespace

// The load that a region consists of, if it reads `[j, k]` of a matrix with contiguous rows.
static kern::LoadOp transposedLoad(kern::PackOp op) {
  Block &block = *op.getBodyBlock();
  auto load = block.getTerminator()->getOperand(0).getDefiningOp<kern::LoadOp>();
  if (!load || load->getBlock() != &block || llvm::range_size(block.without_terminator()) != 1)
    return {};
  SmallVector<int64_t> strides;
  int64_t offset;
  bool contiguous =
      succeeded(load.getMemRefType().getStridesAndOffset(strides, offset)) && !strides.empty() && strides.back() == 1;
  bool inOrder = load.getIndices().size() == 2 && load.getIndices()[0] == block.getArgument(0) &&
                 load.getIndices()[1] == block.getArgument(1);
  return contiguous && inOrder ? load : kern::LoadOp();
}

static Grid packGrid(OpBuilder &b, Operation *operation, const Target &target, SizeOf size) {
  auto op = cast<kern::PackOp>(operation);
  Location loc = op.getLoc();
  Value width = indexConstant(b, loc, panelsMemRef(op.getPanels().getType(), target).getDimSize(2));
  return makeGrid(b, loc, ceilDivIndex(b, loc, size(op.getCols()), width),
                  mulIndex(b, loc, width, size(op.getInner())));
}

LogicalResult PackBuilder::emit(Value first, Value last) {
  memory = panelsMemory(b, op.getPanels(), op.getInner());
  if (tile.element.isF32())
    transposed = transposedLoad(op);
  Value width = indexConstant(b, loc, cast<MemRefType>(memory.getType()).getDimSize(2)),
        zero = indexConstant(b, loc, 0);
  tile.loop(first, last, 1, [&](Value panel) {
    Value begin = mulIndex(b, loc, panel, width);
    tile.loop(zero, width, tile.lanes, [&](Value offset) {
      Value column = addIndex(b, loc, begin, offset);
      Value left = arith::SubIOp::create(b, loc, op.getCols(), column);
      Value isFull = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sge, left, indexConstant(b, loc, tile.lanes));
      auto branch = scf::IfOp::create(b, loc, isFull, /*withElseRegion=*/true);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.thenBlock());
      vector(panel, offset, column, {});
      b.setInsertionPointToStart(branch.elseBlock());
      vector(panel, offset, column, tile.firstLanes(left));
    });
  });
  return status;
}

// All summands of the columns `column` on, as many as a vector has lanes; `active` masks those that exist.
void PackBuilder::vector(Value panel, Value offset, Value column, Value active) {
  Value zero = indexConstant(b, loc, 0), begin = zero;
  if (transposed && !active) {
    Value lanes = indexConstant(b, loc, tile.lanes);
    begin = mulIndex(b, loc, divIndex(b, loc, op.getInner(), lanes), lanes);
    tile.loop(zero, begin, tile.lanes, [&](Value k) {
      SmallVector<Value> rows;
      for (int64_t lane = 0; lane < tile.lanes; ++lane)
        rows.push_back(vector::LoadOp::create(b, loc, tile.vectorType(), transposed.getMemref(),
                                              ValueRange{addIndex(b, loc, column, lane), k}));
      for (auto [lane, values] : llvm::enumerate(tile.transpose(rows)))
        store(values, panel, offset, addIndex(b, loc, k, lane), active);
    });
  }
  tile.loop(begin, op.getInner(), 1, [&](Value k) { element(panel, offset, column, k, active); });
}

void PackBuilder::element(Value panel, Value offset, Value column, Value k, Value active) {
  VectorBody body(b, loc, tile.lanes, active);
  body.mapLinear(op.getBodyBlock()->getArgument(0), column, tile.lanes);
  body.mapUniform(op.getBodyBlock()->getArgument(1), k);
  if (failed(body.clone(*op.getBodyBlock())))
    status = failure();
  store(body.vector(op.getBodyBlock()->getTerminator()->getOperand(0)), panel, offset, k, active);
}

void PackBuilder::store(Value value, Value panel, Value offset, Value k, Value active) {
  // Padding is zero whatever the region makes of a column that is none.
  if (active)
    value = arith::SelectOp::create(b, loc, active, value,
                                    arith::ConstantOp::create(b, loc, b.getZeroAttr(tile.vectorType())));
  vector::StoreOp::create(b, loc, value, memory, ValueRange{panel, k, offset});
}

static bool supportsPack(Operation *op, const Target &) {
  return VectorBody::canClone(*cast<kern::PackOp>(op).getBodyBlock());
}

static LogicalResult emitPack(OpBuilder &b, Operation *op, const Target &target, Value first, Value last) {
  return PackBuilder(b, cast<kern::PackOp>(op), target).emit(first, last);
}

const OpLowering cpu::packLowering{supportsPack, packGrid, emitPack};
