// Loops over consecutive elements, a vector at a time: shared by maps and rows.
#pragma once
#include "compiler/cpu/Builders.h"
#include "mlir/IR/IRMapping.h"

namespace modc::cpu {

/// Lanes that maps and rows work in on every target: sums are kept in that many, so that results are the same on all.
/// Where registers are narrower, a vector is several of them.
inline constexpr int64_t spanLanes = 16;

/// Runs `body` for the elements `begin` to `end`, spanLanes at a time, carrying values through. The rest is one more
/// run under a mask; without one (null) all lanes exist. `body` gets the first element's number, the mask, and what is
/// carried; it returns what goes on.
mlir::SmallVector<mlir::Value>
emitSpan(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value begin, mlir::Value end, mlir::ValueRange carried,
         llvm::function_ref<mlir::SmallVector<mlir::Value>(mlir::Value, mlir::Value, mlir::ValueRange)> body);

/// True where a block can run for consecutive values of `index` at once: everything in it has a vector form, and every
/// store goes to another place for each of them.
bool canSpan(mlir::Block &block, mlir::Value index);

/// Whether every index of `sizes` is used from outside of `op`, so that it is known before a loop over `op`'s space
/// begins.
mlir::Value productOf(mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange sizes, SizeOf size);
/// What one run of a block costs, in multiply-adds of a vector register: loops inside count with their sizes where
/// those are known outside `top`.
mlir::Value workOf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Block &block, mlir::Operation *top, SizeOf size);

/// Clones a scalar block for these indices, reductions and inner spaces as loops (Naive.cpp). `mapping` gives values
/// from outside.
mlir::SmallVector<mlir::Value> inlineScalars(mlir::OpBuilder &builder, mlir::IRMapping &mapping, mlir::Block &block,
                                             mlir::ValueRange indices);
/// The same for one operation.
void inlineScalar(mlir::OpBuilder &builder, mlir::IRMapping &mapping, mlir::Operation &op);

} // namespace modc::cpu
