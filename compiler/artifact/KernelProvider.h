// Where the kernels of an artifact come from: code generation for one or more instruction sets, or a test's stand-in.
#pragma once
#include "dialect/mod/Mod.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <array>

namespace modc::artifact {

/// One instruction set of an artifact, as modc_target describes it.
struct KernelTarget {
  std::string name;                 ///< "x86-64-v4"
  unsigned rank;                    ///< the runnable target of highest rank is taken
  std::array<uint64_t, 2> features; ///< what the processor must have: bits of abi_features.def
};

class KernelProvider {
public:
  virtual ~KernelProvider() = default;

  /// In the order of the artifact's table.
  virtual llvm::ArrayRef<KernelTarget> targets() const = 0;
  /// The text that the object of a `mod.kernel` or `mod.prepare` is made from: equal texts give equal objects. The
  /// kernel takes, as 8-byte words, the arguments of `op`, then its results, then the values of its dims.
  virtual llvm::Expected<std::string> lower(mlir::Operation *op, unsigned target) = 0;
  /// A relocatable object that defines the hidden function `symbol`, of type modc_kernel_fn, and needs nothing but
  /// memcpy and memset. Called from several threads at once.
  virtual llvm::Expected<llvm::SmallVector<char, 0>> compile(llvm::StringRef text, llvm::StringRef symbol,
                                                             unsigned target) const = 0;
  /// Bytes of the block that a `mod.prepare` writes.
  virtual llvm::Expected<int64_t> preparedBytes(mod::PrepareOp op, unsigned target) const = 0;
  /// Whatever else objects depend on besides text, symbol and target: part of their key in the cache.
  virtual std::string options() const { return ""; }
};

} // namespace modc::artifact
