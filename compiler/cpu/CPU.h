// CPU code from kernels: what the driver and the artifact writer call.
#pragma once
#include "compiler/cpu/Target.h"
#include "compiler/cpu/Tiles.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"
#include <functional>
#include <string>
#include <vector>

namespace modc::cpu {

/// How far to go, and what to print: `--emit loops|llvm|asm`.
enum class Phase { Loops, Llvm, Asm };

struct Options {
  /// Symbol of the launcher of a kernel, by the name of its `kern.func`; must be unique in the artifact.
  std::function<std::string(llvm::StringRef kernel)> symbol = [](llvm::StringRef kernel) {
    return "k_" + kernel.str();
  };
  /// Scalar loops instead of the builders: slow, the oracle of tests.
  bool naive = false;
};

/// Launchers of the module's kernels, in its order: `modc_rc launcher(modc_frame *, const void *args)`, args being
/// 8-byte words in the order of the kernel's arguments. A launcher counts its chunks from sizes alone and runs one
/// directly, more through `frame->rt->parallel`. It returns MODC_OK, or MODC_E_INDEX with the value and the limit in
/// `frame->info[0]`, `[1]`.
struct Launcher {
  std::string kernel, symbol;
};
struct Object {
  llvm::SmallVector<char, 0>
      bytes; ///< a relocatable ELF object, position independent, launchers hidden; no path, no time stamp in it
  std::vector<Launcher> launchers;
};

/// Compiles every `kern.func` of a module, which is left as it is. Same input, same bytes. Errors are diagnostics at
/// the operations at fault.
mlir::FailureOr<Object> emitObject(mlir::ModuleOp kernels, const Target &target, const Options &options = {});

/// The same from text, in a context of its own: may run on many threads at once. On failure `error` holds the
/// diagnostics.
mlir::FailureOr<Object> emitObject(llvm::StringRef kernels, const Target &target, const Options &options,
                                   std::string &error);

/// The module's code as text at a phase: MLIR for Loops, LLVM IR (optimised) for Llvm, assembly for Asm. The module is
/// left as it is.
mlir::FailureOr<std::string> emitText(mlir::ModuleOp kernels, Phase phase, const Target &target,
                                      const Options &options = {});

/// Dialects and translations that compiling kernels needs, for a context that kernels are built in.
void registerDialects(mlir::DialectRegistry &registry);

} // namespace modc::cpu
