// Convolutions that are products: pointwise ones, and the transposed.
#pragma once
#include "dialect/mod/Mod.h"

namespace modc {

/// One weight per pair of channels, no padding, no groups.
bool isPointwise(mod::ConvOp op);
/// Such a convolution of x, which has channels last, as a product; the result has channels last.
mlir::Value openPointwise(mlir::OpBuilder &b, mod::ConvOp op, mlir::Value x);

/// A transposed convolution of x, which has channels last: a product whose rows are spread over the result where
/// windows neither overlap nor leave gaps, else a convolution over x with zeros between its elements.
mlir::Value openTransposed(mlir::OpBuilder &b, mod::ConvTransposeOp op, mlir::Value x);

} // namespace modc
