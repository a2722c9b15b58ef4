// Register tiles: `rows` x `vectors` accumulators that a loop over k carries in registers.
#pragma once
#include "compiler/cpu/Builders.h"

namespace modc::cpu {

/// Emits tiles of one shape family. Every sum runs over k in ascending order from 0 by fused multiply-add, whatever the
/// tile, so a row's result depends neither on the tile it falls into nor on its neighbours.
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

  /// Sums `lhs(k, row)` (scalar) times `rhs(k, vector)` over `k < inner`; the accumulators come row by row and begin as
  /// `start`, or 0.
  mlir::SmallVector<mlir::Value> product(int64_t rows, int64_t vectors, mlir::Value inner,
                                         llvm::function_ref<mlir::Value(mlir::Value, int64_t)> lhs,
                                         llvm::function_ref<mlir::Value(mlir::Value, int64_t)> rhs,
                                         mlir::ArrayRef<mlir::Value> start = {});

  /// Joins 16 lanes, given as 16 / lanes vectors, by the tree (0..7 with 8..15, ...) that is the same on every target.
  mlir::Value reduce16(mlir::ArrayRef<mlir::Value> parts,
                       llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> join);
  /// The greater of two, the first where the second is NaN: one instruction.
  mlir::Value greater(mlir::Value kept, mlir::Value other);
  /// Writes rows `first` to `first + count` of a matrix (read at `from(row, k)`, contiguous along k) as columns:
  /// `into[k][row - first]` for `k < inner`. `count` is rounded up to full vectors; rows past `last` are copies of it,
  /// for masks to take out later.
  void packTransposed(mlir::Value matrix,
                      llvm::function_ref<mlir::SmallVector<mlir::Value>(mlir::Value, mlir::Value)> from,
                      mlir::Value first, mlir::Value count, mlir::Value last, int64_t inner, mlir::Value into);
  /// Transposes `lanes` vectors of as many lanes.
  mlir::SmallVector<mlir::Value> transpose(mlir::SmallVector<mlir::Value> rows);

  /// Runs `tile(first row, rows)` over rows `begin` to `end`: tiles of `rows`, then those of `tails` that are smaller
  /// (descending, the last is 1) for what is left.
  void ladder(mlir::Value begin, mlir::Value end, int64_t rows, llvm::function_ref<void(mlir::Value, int64_t)> tile,
              mlir::ArrayRef<int64_t> tails = {4, 2, 1});

  /// A plain counted loop.
  void loop(mlir::Value begin, mlir::Value end, int64_t step, llvm::function_ref<void(mlir::Value)> body);
  /// Memory of the chunk function, outside of all loops; of the tile's element type if none is given.
  mlir::Value scratch(mlir::ArrayRef<int64_t> shape, mlir::Type type = {});
};

} // namespace modc::cpu
