// `--target interpret`: a model on real weights without code generation.
#pragma once
#include "compiler/driver/Options.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace modc {

/// Runs the export that `options.model` names (the only one when empty) of a module in phase mod, with the files that
/// the options name, and writes the outputs to `options.output`. Errors are the user's.
llvm::Error interpret(mlir::ModuleOp module, const CompileOptions &options);

} // namespace modc
