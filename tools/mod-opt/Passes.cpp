// The registry of mod-opt. A library with passes adds one line to registerModOptPasses and its target to
// CMakeLists.txt.
#include "tools/mod-opt/Passes.h"
#include "dialect/kern/Kern.h"
#include "dialect/mod/Mod.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/DLTI/DLTI.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/Passes.h"

namespace modc {
// Of the libraries that are in this build.
void registerTransformPasses();
void registerLowerPasses();
namespace cpu {
void registerPasses();
}

void registerModOptDialects(mlir::DialectRegistry &registry) {
  registry.insert<mod::ModDialect, kern::KernDialect>();
  registry
      .insert<mlir::affine::AffineDialect, mlir::arith::ArithDialect, mlir::cf::ControlFlowDialect, mlir::DLTIDialect,
              mlir::func::FuncDialect, mlir::LLVM::LLVMDialect, mlir::math::MathDialect, mlir::memref::MemRefDialect,
              mlir::scf::SCFDialect, mlir::ub::UBDialect, mlir::vector::VectorDialect>();
}

void registerModOptPasses() {
  mlir::registerTransformsPasses();
  mlir::registerConversionPasses();
  mlir::arith::registerArithPasses();
  mlir::memref::registerMemRefPasses();
#ifdef HAVE_MODCTRANSFORM
  registerTransformPasses();
#endif
#ifdef HAVE_MODCLOWER
  registerLowerPasses();
#endif
#ifdef HAVE_MODCCPU
  cpu::registerPasses();
#endif
}
} // namespace modc
