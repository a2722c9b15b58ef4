// The kernels of an artifact for x86-64: groups lowered once, compiled for each instruction set.
#pragma once
#include "compiler/artifact/KernelProvider.h"
#include "compiler/cpu/CPU.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringMap.h"

namespace modc {

class CpuKernels : public artifact::KernelProvider {
public:
  /// Lowers every group of a module in phase graph. Null after diagnostics. `kernels()` is a module of its own.
  static std::unique_ptr<CpuKernels> create(mlir::ModuleOp graph, llvm::ArrayRef<const cpu::Target *> targets);

  mlir::ModuleOp kernels() { return *lowered; }
  llvm::ArrayRef<artifact::KernelTarget> targets() const override { return descriptions; }
  llvm::Expected<std::string> lower(mlir::Operation *op, unsigned target) override;
  llvm::Expected<llvm::SmallVector<char, 0>> compile(llvm::StringRef text, llvm::StringRef symbol,
                                                     unsigned target) const override;
  llvm::Expected<int64_t> preparedBytes(mod::PrepareOp op, unsigned target) const override;

private:
  mlir::OwningOpRef<mlir::ModuleOp> lowered;
  llvm::StringMap<kern::FuncOp> byName;
  llvm::SmallVector<const cpu::Target *> cpus;
  std::vector<artifact::KernelTarget> descriptions;
};

/// The text of a module that holds one kernel alone.
std::string kernelText(kern::FuncOp kernel);

/// Writes, for each kernel, NAME.kern.mlir and, for each instruction set, NAME.ISA.ll and NAME.ISA.s into the folder,
/// which is made.
llvm::Error dumpKernels(CpuKernels &kernels, llvm::ArrayRef<const cpu::Target *> targets, llvm::StringRef folder);

} // namespace modc
