// An optimiser driver for the kern dialect and its lowering: small, so that their tests need nothing else of the
// compiler.
#include "compiler/cpu/CPU.h"
#include "compiler/cpu/KernToLoops.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  modc::cpu::registerDialects(registry);
  modc::cpu::registerPasses();
  mlir::registerTransformsPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "kern dialect driver\n", registry));
}
