// Objects of an artifact: the host's, and one for each kernel and instruction set, compiled by a few threads and kept
// in a cache.
#pragma once
#include "compiler/artifact/Artifact.h"
#include "compiler/artifact/Inventory.h"
#include "llvm/IR/Module.h"

namespace modc::artifact {

struct NamedObject {
  std::string name; ///< of its file while it is linked
  Bytes bytes;
};

/// Compiles kernels and prepares for every target, largest first; the result is in order of names.
llvm::Expected<std::vector<NamedObject>> compileKernels(const Inventory &inv, KernelProvider &kernels,
                                                        const Options &options);

/// Optimises the host module (-O1), for the plainest processor of its architecture.
llvm::Error optimiseHost(llvm::Module &host);
llvm::Expected<Bytes> compileHost(llvm::Module &host);
/// Sets triple and data layout of the machine at hand.
llvm::Error configureHost(llvm::Module &host);

/// Objects by key, in files that are whole or not there. Whatever goes wrong with it costs time, never correctness.
class ObjectCache {
public:
  explicit ObjectCache(const Options &options);
  bool enabled() const { return !folder.empty(); }
  /// The name of the file for that text, symbol and target.
  std::string key(llvm::StringRef text, llvm::StringRef symbol, llvm::StringRef target,
                  llvm::StringRef kernelOptions) const;
  std::optional<Bytes> get(llvm::StringRef key) const;
  void put(llvm::StringRef key, llvm::ArrayRef<char> bytes) const;
  /// Removes the oldest files where the limit is passed.
  void trim() const;

private:
  std::string root, folder;
  uint64_t limit;
};

} // namespace modc::artifact
