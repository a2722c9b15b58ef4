// Register tiles: `rows` x `vectors` accumulators that a loop over k carries in registers.
#pragma once
#include "compiler/cpu/Builders.h"

namespace modc::cpu {

/// Emits tiles of one shape family. Every sum runs over k in ascending order from 0 by fused multiply-add, whatever the tile, so a row's
/// result depends neither on the tile it falls into nor on its neighbours.
struct TileBuilder {
  mlir::OpBuilder &b;
  mlir::Location loc;
  mlir::Type element;
  int64_t lanes;

  mlir::VectorType vectorType() const { return mlir::VectorType::get({lanes}, element); }
  mlir::Value zeros();
  mlir::Value splat(mlir::Value scalar);
  /// The vector of i1 whose first `active` lanes (clamped to 0..lanes) are on.
  mlir::Value firstLanes(mlir::Value active);

  /// Sums `lhs(k, row)` (scalar) times `rhs(k, vector)` over `k < inner`; the accumulators come row by row.
  mlir::SmallVector<mlir::Value> product(int64_t rows, int64_t vectors, mlir::Value inner,
                                         llvm::function_ref<mlir::Value(mlir::Value, int64_t)> lhs,
                                         llvm::function_ref<mlir::Value(mlir::Value, int64_t)> rhs);

  /// Runs `tile(first row, rows)` over rows `begin` to `end`: tiles of `rows`, then the ladder 4, 2, 1 for what is left.
  void ladder(mlir::Value begin, mlir::Value end, int64_t rows, llvm::function_ref<void(mlir::Value, int64_t)> tile);

  /// A plain counted loop.
  void loop(mlir::Value begin, mlir::Value end, int64_t step, llvm::function_ref<void(mlir::Value)> body);
  /// Memory of the chunk function, outside of all loops.
  mlir::Value scratch(mlir::ArrayRef<int64_t> shape);
};

} // namespace modc::cpu
