// Values seen through views: what an operand reads, and whether strides can say so; constants behind views.
#pragma once
#include "dialect/mod/Mod.h"

namespace modc {

/// Operations that only name elements of their operand.
bool isView(mlir::Operation *op);
/// Operations that never are kernels of their own unless returned: views, and creations without operands.
bool isFree(mlir::Operation *op);
/// The value behind a chain of views.
mlir::Value behindViews(mlir::Value v);

/// The number of a tensor filled with one number, behind views.
std::optional<double> constantOf(mlir::Value v);
/// A tensor of one number.
mlir::Value makeFull(mlir::OpBuilder &b, mlir::Location loc, mod::SymTensorType type, mlir::TypedAttr value);

/// Element [i, j, …] of a view lies at offset + i * strides[0] + … in the row-major base.
struct Strided {
  mlir::Value base;
  mod::DimAttr offset;
  llvm::SmallVector<mod::DimAttr> strides;
};
/// Nothing when strides cannot say it (a reshape across permuted dimensions).
std::optional<Strided> stridedView(mlir::Value v);

} // namespace modc
