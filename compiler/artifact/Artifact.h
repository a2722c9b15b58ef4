// From a module in phase graph and its kernels to a finished artifact: host functions, tables, objects, link.
// docs/phases.md says what the module holds, include/modrt/abi.h what the artifact is.
#pragma once
#include "compiler/artifact/KernelProvider.h"
#include "mlir/IR/BuiltinOps.h"
#include <functional>

namespace modc::artifact {

struct Options {
  std::string name;                 ///< of the artifact: "mlp"; for static linking part of a symbol's name
  std::string compiler;             ///< modc_artifact.compiler; empty: this one and its version
  std::string sourceHash;           ///< modc_artifact.source_hash: of the model's text
  bool cache = true;                ///< keep objects of kernels from one run to the next
  std::string cacheFolder;          ///< empty: $XDG_CACHE_HOME/modc, else $HOME/.cache/modc
  uint64_t cacheBytes = 512u << 20; ///< the oldest objects beyond that are removed
  unsigned threads = 2;             ///< that compile kernels
  /// Called by one thread at a time, after each kernel: how many of how many are done, and its name.
  std::function<void(size_t done, size_t total, llvm::StringRef kernel)> progress;
};

using Bytes = llvm::SmallVector<char, 0>;

/// A shared library with its trailer. Same input, same bytes. Fails with a text: where the module breaks a rule of its
/// phase, a kernel cannot be compiled, the linker is not there or refuses.
llvm::Expected<Bytes> emitShared(mlir::ModuleOp graph, KernelProvider &kernels, const Options &options);
/// One relocatable object for static linking; its only visible symbol is `modc_artifact_<identifier of the name>`.
llvm::Expected<Bytes> emitObject(mlir::ModuleOp graph, KernelProvider &kernels, const Options &options);
/// The C++ header that goes with it.
llvm::Expected<std::string> emitHeader(mlir::ModuleOp graph, const Options &options);
/// LLVM IR of host functions and tables, after optimisation.
llvm::Expected<std::string> emitHostText(mlir::ModuleOp graph, KernelProvider &kernels, const Options &options);

/// Writes a file by a temporary one beside it and a rename: afterwards there is the whole file or what was there
/// before.
llvm::Error writeFile(llvm::StringRef path, llvm::ArrayRef<char> bytes);

/// What the machine refuses (no folder for temporary files, no space, no linker): the user's to mend, no fault of the
/// compiler.
class EnvironmentError : public llvm::ErrorInfo<EnvironmentError> {
public:
  static char ID;
  explicit EnvironmentError(std::string text) : text(std::move(text)) {}
  void log(llvm::raw_ostream &os) const override { os << text; }
  std::error_code convertToErrorCode() const override { return std::make_error_code(std::errc::io_error); }

private:
  std::string text;
};

} // namespace modc::artifact
