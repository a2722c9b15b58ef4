// The functions round a chunk function that the runtime calls.
#pragma once
#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"
#include <string>
#include <vector>

namespace modc::cpu {

/// What is known of a kernel's argument block.
struct KernelWords {
  std::string kernel, symbol;
  struct Word {
    mlir::Type type;            ///< memref, index or scalar
    std::vector<int64_t> sizes; ///< memref: words of its unknown sizes, then strides
  };
  std::vector<Word> words;
};

/// Adds, for each kernel, the chunk entry `int32(block, chunk)` and the launcher, over `<kernel>.body` and
/// `<kernel>.count`.
void addEntryPoints(llvm::Module &module, const std::vector<KernelWords> &kernels);

} // namespace modc::cpu
