// A stand-in for code generation: kernels written in C, compiled by clang. It knows the kernels of mlp.mlir.
#pragma once
#include "compiler/artifact/Artifact.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringMap.h"
#include <atomic>

struct CKernels : modc::artifact::KernelProvider {
  /// With two instruction sets that any x86-64 runs, of different panel widths.
  CKernels();

  llvm::ArrayRef<modc::artifact::KernelTarget> targets() const override { return sets; }
  llvm::Expected<std::string> lower(mlir::Operation *op, unsigned target) override;
  llvm::Expected<llvm::SmallVector<char, 0>> compile(llvm::StringRef text, llvm::StringRef symbol,
                                                     unsigned target) const override;
  llvm::Expected<int64_t> preparedBytes(modc::mod::PrepareOp op, unsigned target) const override;

  std::vector<modc::artifact::KernelTarget> sets;
  llvm::StringMap<std::string> bodies; ///< C statements by kernel name, over `f` and the words `a`
  mutable std::atomic<int> compiled = 0;
};

/// A context with the dialects of phase graph; the module of a file in this folder, or of a text. Fails the test when
/// it does not parse.
mlir::MLIRContext &testContext();
mlir::OwningOpRef<mlir::ModuleOp> parseFile(llvm::StringRef name);
mlir::OwningOpRef<mlir::ModuleOp> parseText(llvm::StringRef text);

/// A folder of this test process that is removed at its end.
std::string scratch(llvm::StringRef name);
/// Options without a cache, so that every object is compiled.
modc::artifact::Options plainOptions();
