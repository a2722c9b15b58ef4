// What the lowering from `kern` to loops is made of: one builder per kernel operation, and what they share.
#pragma once
#include "compiler/cpu/Target.h"
#include "dialect/kern/Kern.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace modc::cpu {

/// A chunk function is `@<kernel>.body(arguments of the kernel, chunk: index, context: memref<4xi64>)`. The context
/// holds the return code, the offending value and its limit, and the number of the root call.
enum ContextSlot { contextCode = 0, contextValue = 1, contextLimit = 2, contextCall = 3, contextSlots = 4 };

/// The context of the chunk function that the builder is in.
mlir::Value chunkContext(mlir::OpBuilder &builder);
/// The number of the root call, for random numbers.
mlir::Value callNumber(mlir::OpBuilder &builder, mlir::Location loc);

/// How the work of an operation is cut: `units` equal pieces in a fixed order, chunk c takes `perChunk` of them from `c
/// * perChunk` on. Computed from sizes alone, so that results are the same for any number of threads.
struct Grid {
  mlir::Value units, perChunk;
  /// Emits the number of chunks.
  mlir::Value chunks(mlir::OpBuilder &builder, mlir::Location loc) const;
};

/// Multiply-adds (or as much other work) that a chunk should have: about 17 us of a core.
inline constexpr int64_t chunkWork = int64_t(1) << 20;
inline constexpr int64_t maxChunks = 4096;

/// The grid of `units` pieces of `unitWork` multiply-adds each: at most maxChunks chunks, each of chunkWork or more
/// where there is enough.
Grid makeGrid(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value units, mlir::Value unitWork);

/// A size as it is called where code is being emitted.
using SizeOf = llvm::function_ref<mlir::Value(mlir::Value)>;

/// One operation's way to code. Builders emit at the builder's position, which is the operation's place in the chunk
/// function.
struct OpLowering {
  /// True where the operation in this form has a fast builder on the target.
  bool (*supports)(mlir::Operation *op, const Target &target);
  Grid (*grid)(mlir::OpBuilder &builder, mlir::Operation *op, const Target &target, SizeOf size);
  /// Emits units `first` to `last` of the grid.
  mlir::LogicalResult (*emit)(mlir::OpBuilder &builder, mlir::Operation *op, const Target &target, mlir::Value first,
                              mlir::Value last);
};

/// The builder of an operation, null if it has none but the naive one.
const OpLowering *findLowering(mlir::Operation *op);
extern const OpLowering gemmLowering, convLowering, dwconvLowering, attentionLowering, packLowering, rowsLowering,
    mapLowering;

/// Replaces a kernel operation by plain scalar loops that run all of it: always possible, and the oracle of the
/// builders.
mlir::LogicalResult emitNaive(mlir::OpBuilder &builder, mlir::Operation *op);

/// Rewrites what is left of `kern` in a function whose kernel operations are loops by now: loads, stores, temporaries,
/// index checks, random numbers.
void lowerLeaves(mlir::func::FuncOp func);

/// The memref behind a value of type `!kern.panels`: `[ceil(cols / width)][inner][width]`, with the strides that
/// `inner` gives.
mlir::Value panelsMemory(mlir::OpBuilder &builder, mlir::Value panels, mlir::Value inner);

/// True for `gemm`, `conv`, `dwconv`, `attention`, `pack`, `rows`, `map`: what a kernel consists of.
bool isKernelOp(mlir::Operation *op);

// Small things that every builder needs.
mlir::Value indexConstant(mlir::OpBuilder &builder, mlir::Location loc, int64_t value);
std::optional<int64_t> constantIndex(mlir::Value value);
mlir::Value addIndex(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value lhs, mlir::Value rhs);
mlir::Value addIndex(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value lhs, int64_t rhs);
mlir::Value mulIndex(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value lhs, mlir::Value rhs);
mlir::Value minIndex(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value lhs, mlir::Value rhs);
mlir::Value maxIndex(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value lhs, mlir::Value rhs);
mlir::Value divIndex(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value lhs, mlir::Value rhs); ///< rounded down
mlir::Value ceilDivIndex(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value lhs,
                         mlir::Value rhs); ///< rounded up
mlir::Value remIndex(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value lhs, mlir::Value rhs);
/// Splits a row-major number into indices of the space of these sizes.
mlir::SmallVector<mlir::Value> delinearize(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value number,
                                           mlir::ValueRange sizes);

} // namespace modc::cpu
