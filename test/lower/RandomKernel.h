// Random kernels: chains of primitives over views, symbolic sizes and dtypes.
#pragma once
#include "dialect/mod/Mod.h"
#include <random>

namespace modc::lower {

/// Appends `mod.kernel @name` with dims d0 and d1 to a module. Operations that could turn a rounding error into another
/// result (comparisons, floors, positions) read exact values only; indices of gathers are operands with values in 0..2,
/// for dimensions of size 3 and above. Same generator state, same kernel.
void addRandomKernel(mlir::ModuleOp module, llvm::StringRef name, std::mt19937_64 &rng);

} // namespace modc::lower
