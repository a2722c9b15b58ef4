// The pass pipelines of CPU code.
#pragma once
#include "compiler/cpu/Target.h"
#include "mlir/Pass/PassManager.h"

namespace llvm {
class Module;
}

namespace modc::cpu {

/// kern to loops over vectors, functions of `math` expanded (phase `loops`).
void buildLoopsPipeline(mlir::OpPassManager &pm, const Target &target, bool naive);
/// Loops to the LLVM dialect.
void buildLlvmPipeline(mlir::OpPassManager &pm);

/// Pass `expand-math`: functions of `math` on floats become polynomials in arith, on scalars and vectors alike
/// (ExpandMath.cpp).
std::unique_ptr<mlir::Pass> createExpandMathPass();

/// Loads and stores of bf16 in the LLVM dialect as integers of 16 bits.
std::unique_ptr<mlir::Pass> createNarrowFloatsPass();

/// After LLVM's optimizer: masked stores of integers whose mask is known to leave one lane become stores of that lane.
void storeSingleLanes(llvm::Module &module);

} // namespace modc::cpu
