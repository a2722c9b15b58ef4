// What the files that define `kern` operations share: building and checking their regions.
#pragma once
#include "dialect/kern/Kern.h"

namespace modc::kern {

/// Fills a new region: a block with arguments of these types, the callback's code, a yield of what it returns.
void buildRegion(mlir::OpBuilder &builder, mlir::OperationState &state, mlir::ArrayRef<mlir::Type> argTypes,
                 llvm::function_ref<mlir::SmallVector<mlir::Value>(mlir::Block &)> fill);

/// The types `first`, then `count` of `index`.
mlir::SmallVector<mlir::Type> indexTypes(mlir::OpBuilder &builder, size_t count, mlir::ArrayRef<mlir::Type> first = {});

/// Checks that a block ends in a `kern.yield` of values of these types (none or one).
mlir::LogicalResult verifyYields(mlir::Operation *op, mlir::Block &block, mlir::TypeRange expected);

/// The element type of a memref or panels.
mlir::Type elementOf(mlir::Value operand);

/// True where a static size and the size of a dimension cannot be equal.
bool contradicts(mlir::Value size, int64_t dim);

} // namespace modc::kern
