// Choice of register tiles and panel widths: pure functions of sizes, type and instruction set.
#pragma once
#include "compiler/cpu/Target.h"
#include "dialect/kern/Kern.h"

namespace modc::cpu {

/// Width in elements of the panels of a right-hand matrix of `cols` columns (ShapedType::kDynamic: unknown). It depends
/// on nothing else, so that the kernel that packs and the kernels that multiply agree.
int64_t panelWidth(int64_t cols, int64_t elementBytes, const Target &target);

/// Bytes of a packed matrix: `[ceil(cols / width)][inner][width]`. Sizes known at run time only: count `ceil(cols /
/// width)` with `panelWidth` of an unknown size.
int64_t packedBytes(int64_t cols, int64_t inner, int64_t elementBytes, const Target &target);

/// Rows of the register tile that is `vectors` vectors wide, where the rows of the left matrix lie `rowStride` bytes
/// apart (ShapedType::kDynamic: unknown).
int64_t tileRows(int64_t vectors, int64_t rowStride, const Target &target);

/// The memref that panels are on a target.
mlir::MemRefType panelsMemRef(kern::PanelsType panels, const Target &target);

} // namespace modc::cpu
