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

/// Pass `expand-narrow-floats`: what computes in bf16 or f16 computes in f32; conversions to and from bf16, and from
/// f64 to both, become arithmetic in integers. Scalars and vectors alike (NarrowFloats.cpp).
std::unique_ptr<mlir::Pass> createExpandNarrowFloatsPass();
/// Pass `bf16-as-bits`, on the LLVM dialect after that: every bf16 becomes an integer of 16 bits.
std::unique_ptr<mlir::Pass> createBFloatAsBitsPass();

/// After LLVM's optimizer: masked stores of integers whose mask is known to leave one lane become stores of that lane.
void storeSingleLanes(llvm::Module &module);

} // namespace modc::cpu
