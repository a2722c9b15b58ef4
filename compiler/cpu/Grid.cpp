// Cutting a kernel's work into chunks, and index arithmetic that builders share.
#include "compiler/cpu/Builders.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

Value cpu::indexConstant(OpBuilder &b, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(b, loc, value);
}

std::optional<int64_t> cpu::constantIndex(Value value) {
  IntegerAttr attr;
  if (matchPattern(value, m_Constant(&attr)))
    return attr.getInt();
  return std::nullopt;
}

Value cpu::addIndex(OpBuilder &b, Location loc, Value lhs, Value rhs) {
  return b.createOrFold<arith::AddIOp>(loc, lhs, rhs);
}
Value cpu::addIndex(OpBuilder &b, Location loc, Value lhs, int64_t rhs) {
  return rhs == 0 ? lhs : addIndex(b, loc, lhs, indexConstant(b, loc, rhs));
}
Value cpu::mulIndex(OpBuilder &b, Location loc, Value lhs, Value rhs) {
  return b.createOrFold<arith::MulIOp>(loc, lhs, rhs);
}
Value cpu::minIndex(OpBuilder &b, Location loc, Value lhs, Value rhs) {
  return b.createOrFold<arith::MinSIOp>(loc, lhs, rhs);
}
Value cpu::maxIndex(OpBuilder &b, Location loc, Value lhs, Value rhs) {
  return b.createOrFold<arith::MaxSIOp>(loc, lhs, rhs);
}
// Sizes are never negative, so unsigned division is the cheap and right one.
Value cpu::divIndex(OpBuilder &b, Location loc, Value lhs, Value rhs) {
  return b.createOrFold<arith::DivUIOp>(loc, lhs, rhs);
}
Value cpu::ceilDivIndex(OpBuilder &b, Location loc, Value lhs, Value rhs) {
  Value less = b.createOrFold<arith::SubIOp>(loc, rhs, indexConstant(b, loc, 1));
  return divIndex(b, loc, addIndex(b, loc, lhs, less), rhs);
}
Value cpu::remIndex(OpBuilder &b, Location loc, Value lhs, Value rhs) {
  return b.createOrFold<arith::RemUIOp>(loc, lhs, rhs);
}

SmallVector<Value> cpu::delinearize(OpBuilder &b, Location loc, Value number, ValueRange sizes) {
  SmallVector<Value> indices(sizes.size());
  for (size_t dim = sizes.size(); dim-- > 1;) {
    indices[dim] = remIndex(b, loc, number, sizes[dim]);
    number = divIndex(b, loc, number, sizes[dim]);
  }
  if (!sizes.empty())
    indices[0] = number;
  return indices;
}

Grid cpu::makeGrid(OpBuilder &b, Location loc, Value units, Value unitWork) {
  Value one = indexConstant(b, loc, 1);
  Value enough = divIndex(b, loc, indexConstant(b, loc, chunkWork), maxIndex(b, loc, unitWork, one));
  Value few = ceilDivIndex(b, loc, units, indexConstant(b, loc, maxChunks));
  return {units, maxIndex(b, loc, maxIndex(b, loc, enough, few), one)};
}

Value Grid::chunks(OpBuilder &b, Location loc) const { return ceilDivIndex(b, loc, units, perChunk); }

Value cpu::chunkContext(OpBuilder &b) {
  Operation *parent = b.getInsertionBlock()->getParentOp();
  auto func = dyn_cast<func::FuncOp>(parent);
  if (!func)
    func = parent->getParentOfType<func::FuncOp>();
  return func.getArguments().back();
}

Value cpu::callNumber(OpBuilder &b, Location loc) {
  return memref::LoadOp::create(b, loc, chunkContext(b), ValueRange{indexConstant(b, loc, contextCall)});
}

Value cpu::panelsMemory(OpBuilder &b, Value panels, Value inner) {
  // By now an argument of another type stands in for the panels.
  Value memory = cast<UnrealizedConversionCastOp>(panels.getDefiningOp()).getOperand(0);
  auto type = cast<MemRefType>(memory.getType());
  if (!type.isDynamicDim(1))
    return memory;
  Location loc = inner.getLoc();
  int64_t width = type.getDimSize(2);
  auto strided = MemRefType::get(type.getShape(), type.getElementType(),
                                 StridedLayoutAttr::get(b.getContext(), 0, {ShapedType::kDynamic, width, 1}));
  OpFoldResult count =
      type.isDynamicDim(0) ? OpFoldResult(indexConstant(b, loc, 1)) : b.getIndexAttr(type.getDimSize(0));
  Value stride = mulIndex(b, loc, inner, indexConstant(b, loc, width));
  return memref::ReinterpretCastOp::create(b, loc, strided, memory, OpFoldResult(b.getIndexAttr(0)),
                                           ArrayRef<OpFoldResult>{count, inner, b.getIndexAttr(width)},
                                           ArrayRef<OpFoldResult>{stride, b.getIndexAttr(width), b.getIndexAttr(1)});
}

bool cpu::isKernelOp(Operation *op) {
  return isa<kern::GemmOp, kern::ConvOp, kern::DwconvOp, kern::AttentionOp, kern::PackOp, kern::RowsOp, kern::MapOp>(
      op);
}
