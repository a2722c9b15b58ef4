// What becomes of a tile's sums: the epilogue region on accumulators or, where it is long, on a stored tile.
#pragma once
#include "compiler/cpu/TileBuilder.h"
#include "compiler/cpu/VectorBody.h"

namespace modc::cpu {

/// Runs an epilogue region `(accumulator, indices of the row..., column)` for tiles of a matrix of `cols` columns that
/// is cut into panels of `width`.
class TileOutput {
public:
  /// `knownCols`: the columns' number, ShapedType::kDynamic where that is known at run time only.
  TileOutput(TileBuilder &tile, mlir::Block &epilogue, mlir::Value cols, int64_t knownCols, int64_t width)
      : tile(tile), epilogue(epilogue), cols(cols), knownCols(knownCols), width(width) {}

  /// What is added to the column for the region, and a divisor of it.
  void setBase(mlir::Value value, int64_t divisor) {
    base = value;
    baseAlign = divisor;
  }
  /// The mask of vector `v` from a column on, which begins a panel; null where all its lanes are columns for certain.
  /// `masked` says that the panel may be the last.
  mlir::Value mask(mlir::Value column, int64_t v, bool masked);
  /// Emits `body(vectors, masked)` for a panel: as it is for all vectors of a full one, for those that hold columns,
  /// under masks, where it is the last and holds fewer.
  void panel(mlir::Value number, llvm::function_ref<void(int64_t, bool)> body);
  /// Runs the region for a tile, accumulators row by row. `rowIndices` gives the region's indices of a row of the tile.
  void store(mlir::ArrayRef<mlir::Value> acc, int64_t rows, mlir::Value column, int64_t vectors, bool masked,
             llvm::function_ref<mlir::SmallVector<mlir::Value>(mlir::Value)> rowIndices);

  /// Most rows of a tile.
  static constexpr int64_t maxRows = 16;

  mlir::LogicalResult status = mlir::success();

private:
  void run(mlir::Value acc, mlir::ArrayRef<mlir::Value> rowIndices, mlir::Value column, mlir::Value mask);

  TileBuilder &tile;
  mlir::Block &epilogue;
  mlir::Value cols;
  int64_t knownCols, width;
  mlir::Value base, buffer;
  int64_t baseAlign = 1;
};

} // namespace modc::cpu
