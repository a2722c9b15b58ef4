// Constants as arrays and back, and folding: operations on constants are run by their reference meaning.
#pragma once
#include "dialect/mod/Evaluator.h"

namespace modc::reference {

/// Results above this many bytes are not folded.
inline constexpr int64_t kMaxFoldedBytes = 64 << 10;

/// Elements of a dense attribute whose type is `!mod.tensor` with constant sizes; nothing for other attributes.
std::optional<mod::Array> toArray(mlir::Attribute constant);
/// The attribute for an array, of type `!mod.tensor<…>` (`layout` may be null).
mlir::DenseElementsAttr toAttribute(const mod::Array &array, mod::LayoutAttr layout = {});

/// Runs `op` on its operands' constants. Nothing is returned, and nothing reported, if an operand is no constant
/// (`mod.full` or `arith.constant`), a size is symbolic, the op is no primitive or fails, or a result is above
/// kMaxFoldedBytes.
std::optional<llvm::SmallVector<mlir::DenseElementsAttr>> foldConstants(mlir::Operation *op);
/// A value for a folded constant: `mod.full` where all elements are equal, else `arith.constant`.
mlir::Value materialize(mlir::OpBuilder &b, mlir::Location loc, mlir::DenseElementsAttr constant);

} // namespace modc::reference
