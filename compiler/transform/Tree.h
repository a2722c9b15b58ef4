// Finding classes, state and methods by path in the tree of modules.
#pragma once
#include "dialect/mod/Mod.h"
#include "mlir/IR/BuiltinOps.h"

namespace modc {

/// `"a.b"` of "a" and "b"; either may be empty.
std::string joinPath(llvm::StringRef path, llvm::StringRef below);
/// The class of the module at `path` below an instance of `cls`; null when nothing is there.
mod::ClassOp classAt(mod::ClassOp cls, llvm::StringRef path);
/// The parameter or buffer at `path`, null when nothing is there.
mlir::Operation *tensorAt(mod::ClassOp cls, llvm::StringRef path);
/// The text of a method as elaborated for a mode: "m.train" ("m.training" once make-roles has run) where there is one
/// and `training`, else "m".
mod::FuncOp methodOf(mod::ClassOp cls, llvm::StringRef method, bool training);

/// Functions that the graph passes work on: those with a role, fused or pieces.
llvm::SmallVector<mod::FuncOp> roleFunctions(mlir::ModuleOp module);

/// Marks an operation as opened from the module at `path`, called at `call`.
mlir::Location openedLocation(mlir::Location op, llvm::StringRef path, mlir::Location call);
/// The paths that the innermost opened calls gave an operation, "" being the function's own module; several where it
/// was joined from several.
llvm::SmallVector<llvm::StringRef> modulePaths(mlir::Location loc);
/// The language's function an operation was written in ("F.gelu"), "" if none.
llvm::StringRef functionName(mlir::Location loc);

} // namespace modc
