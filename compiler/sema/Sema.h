// Names, types, elaboration and tracing: from the syntax tree of a file to phase `mod` IR (docs/phases.md).
//
// Module bodies run once per instance, here, at compile time; then every method that an export needs is traced for each
// distinct class. All problems with the program go to the engine as diagnostics, several per run; nothing is thrown.
// Compile-time work is bounded: steps, depth of calls and constructions, sizes of lists and strings.
#pragma once

#include "compiler/syntax/Diagnostics.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <string>
#include <vector>

namespace modc {

struct ElaborateOptions {
  /// `-I`: searched for imports after the folder of the importing file, in order.
  std::vector<std::string> includePaths;
  /// Folder of the installed library: holds `nn.mod` and the folder `nn`. Searched last.
  std::string libraryPath;
  /// Empty: all exports of the file. The name of an export: that one. Else an expression in the file's scope whose
  /// value is a module or a method of one, exported as `model`.
  std::string model;
  /// Types of the exported arguments, each `x=f32[N, 3, 224, 224]`: they give or narrow, as `export name(x: ...)` does.
  std::vector<std::string> inputs;
  /// f16, bf16, f32 or f64: what the declared floating types of parameters, buffers and arguments become. Empty: as
  /// written.
  std::string dtype;
  /// Evaluations of expressions allowed before the program is given up as endless.
  uint64_t maxSteps = 20'000'000;
};

/// Elaborates `file` into one module of phase `mod`. Null after an error; warnings alone leave a result. The context
/// must have the mod dialect loaded. The result keeps no reference to the sources.
mlir::OwningOpRef<mlir::ModuleOp> elaborate(SourceManager &sources, DiagnosticEngine &diags, llvm::StringRef file,
                                            const ElaborateOptions &options, mlir::MLIRContext &context);

/// The elaborated tree of modules as text (`--emit check`): for each export its inputs and outputs, and every module
/// with its parameters, buffers and children by full name and type.
void printElaborated(mlir::ModuleOp module, llvm::raw_ostream &os);

} // namespace modc
