// Where the window of a convolution lies: output positions in regions whose windows reach over the same kernel
// positions, so that edges need no tests in inner loops.
#pragma once
#include "compiler/cpu/TileBuilder.h"

namespace modc::cpu {

/// Output positions whose windows hold the same kernel positions: those from `first` to `last` in each spatial
/// dimension (none where last <= first).
struct WindowRegion {
  mlir::Value count; ///< of positions; entry e of the window's table describes the e-th, for e < count
  /// Positions are rows of this length; those of a row differ in the last dimension alone, by steps of one.
  mlir::Value rowLength, rows;
  /// The same, as images of `outer` positions in the first spatial dimension, from `firstOuter` on, of `inner` each.
  mlir::Value images, outer, inner, firstOuter;
  mlir::SmallVector<mlir::Value> first, last;
};

class ConvWindow {
public:
  /// `op` is a `kern.conv` or a `kern.dwconv`; `blocks` as `blocksOf` gives it. `open`: regions are not cut in the
  /// first spatial dimension; their windows there are nominal, and `reached` says which positions meet one kernel
  /// position.
  template <class Op>
  ConvWindow(TileBuilder &tile, Op op, mlir::ArrayRef<int64_t> blocks, bool open)
      : tile(tile), x(op.getX()), batch(op.getBatch()), input(op.getInput()), output(op.getOutput()),
        kernel(op.getKernel()), stride(op.getStride()), pad(op.getPad()), dilation(op.getDilation()), blocks(blocks),
        open(open) {}

  /// Positions that a unit of work has in each dimension, batch first: about `positions` in all, at most `row` in the
  /// last.
  static mlir::SmallVector<int64_t> blocksOf(mlir::ValueRange output, mlir::ArrayRef<int64_t> kernel, int64_t positions,
                                             int64_t row);
  /// Number of units in each dimension, batch first.
  static mlir::SmallVector<mlir::Value> unitSizes(mlir::OpBuilder &b, mlir::Location loc, mlir::Value batch,
                                                  mlir::ValueRange output, mlir::ArrayRef<int64_t> blocks, SizeOf size);
  /// Positions of one unit that lies wholly inside.
  static mlir::Value unitPositions(mlir::OpBuilder &b, mlir::Location loc, mlir::Value batch, mlir::ValueRange output,
                                   mlir::ArrayRef<int64_t> blocks, SizeOf size);

  /// Emits what all units need. Before any of the following.
  void begin();
  /// Runs `body` for each region of the unit at these block numbers.
  void regions(mlir::ArrayRef<mlir::Value> unit, llvm::function_ref<void(const WindowRegion &)> body);
  /// The positions of a region (counted from its first) in the first spatial dimension for which kernel position `t` of
  /// that dimension lies inside: from the first of the two to the second.
  std::pair<mlir::Value, mlir::Value> reached(const WindowRegion &region, mlir::Value t);
  /// Where the window of a table entry begins in `flat`: what its kernel position 0 reads, inside or not.
  mlir::Value offset(mlir::Value entry);
  /// Batch index and output position of a table entry.
  mlir::SmallVector<mlir::Value> indices(mlir::Value entry);
  /// Distance in `flat` of consecutive kernel positions in a spatial dimension.
  mlir::Value step(int64_t dim);

  mlir::Value flat;                       ///< the input as memref<?>
  mlir::SmallVector<mlir::Value> strides; ///< of the input, in elements

private:
  void descend(int64_t dim, mlir::SmallVectorImpl<mlir::Value> &from, mlir::SmallVectorImpl<mlir::Value> &to,
               WindowRegion &region, llvm::function_ref<void(const WindowRegion &)> body);
  void fill(mlir::ArrayRef<mlir::Value> from, mlir::ArrayRef<mlir::Value> to, WindowRegion &region);
  mlir::Value constant(int64_t value) { return indexConstant(tile.b, tile.loc, value); }

  TileBuilder &tile;
  mlir::Value x, batch;
  mlir::ValueRange input, output;
  mlir::ArrayRef<int64_t> kernel, stride, pad, dilation, blocks;
  bool open;
  mlir::Value table;
};

} // namespace modc::cpu
