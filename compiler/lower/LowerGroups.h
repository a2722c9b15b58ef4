// From groups of primitives to kernels: `mod.kernel` and `mod.prepare` become `kern.func`.
#pragma once
#include "dialect/kern/Kern.h"
#include "dialect/mod/Mod.h"

namespace mlir {
class Pass;
}

namespace modc::lower {

/// One `kern.func` for each `mod.kernel` and `mod.prepare` at the top level of `graph`, in their order and under their
/// names. Arguments: the block's arguments (tensors as memrefs or panels, keys as i64), then a memref or panels for
/// each value yielded, then an index for each of the kernel's `dims`. Which shape a memref shows is the kernel's own
/// affair: the caller passes pointers. Reports an error and gives null where a kernel has no code.
mlir::OwningOpRef<mlir::ModuleOp> lowerGroups(mlir::ModuleOp graph);

/// `--mod-lower-groups`: replaces the module's contents by that.
std::unique_ptr<mlir::Pass> createLowerGroupsPass();

} // namespace modc::lower

namespace modc {
void registerLowerPasses();
}
