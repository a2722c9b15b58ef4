// Choice of register tiles and panel widths. Measured: tiles of rows * vectors + vectors + 1 registers run at the peak
// without spills.
#include "compiler/cpu/Tiles.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

int64_t cpu::panelWidth(int64_t cols, int64_t elementBytes, const Target &target) {
  // In vectors, best first: a wide panel loads fewer bytes of the left matrix for each multiply-add.
  static constexpr int64_t many[] = {4, 3}, few[] = {2, 3};
  ArrayRef<int64_t> widths = target.vectorRegisters >= 32 ? ArrayRef<int64_t>(many) : ArrayRef<int64_t>(few);
  int64_t lanes = target.vectorBytes / elementBytes;
  if (ShapedType::isDynamic(cols))
    return widths.front() * lanes;
  int64_t vectors = std::max<int64_t>(1, llvm::divideCeil(cols, lanes));
  if (vectors <= std::max(widths[0], widths[1]))
    return vectors * lanes;
  for (int64_t width : widths)
    if (cols % (width * lanes) == 0)
      return width * lanes;
  return widths.front() * lanes; // the last panel computes only the vectors that hold columns
}

int64_t cpu::packedBytes(int64_t cols, int64_t inner, int64_t elementBytes, const Target &target) {
  return llvm::alignTo(cols, panelWidth(cols, elementBytes, target)) * inner * elementBytes;
}

int64_t cpu::tileRows(int64_t vectors, int64_t rowStride, const Target &target) {
  bool manyRegisters = target.vectorRegisters >= 32;
  int64_t rows;
  switch (vectors) {
  case 4:
    rows = 6;
    break;
  case 3:
    rows = manyRegisters ? 8 : 4;
    break;
  case 2:
    rows = manyRegisters ? 12 : 6;
    break;
  default:
    rows = manyRegisters ? 14 : 8;
  }
  // Rows a multiple of 4096 bytes apart fall on one set of an 8-way cache.
  if (ShapedType::isDynamic(rowStride) || rowStride % 4096 == 0)
    rows = std::min<int64_t>(rows, 8);
  return rows;
}

MemRefType cpu::panelsMemRef(kern::PanelsType panels, const Target &target) {
  int64_t width = panelWidth(panels.getCols(), panels.getElementType().getIntOrFloatBitWidth() / 8, target);
  int64_t count = ShapedType::isDynamic(panels.getCols())
                      ? ShapedType::kDynamic
                      : static_cast<int64_t>(llvm::divideCeil(panels.getCols(), width));
  return MemRefType::get({count, panels.getInner(), width}, panels.getElementType());
}
