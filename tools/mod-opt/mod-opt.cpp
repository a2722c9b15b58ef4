// mod-opt: reads IR of any phase, runs passes of ours and upstream's, prints it. The tool behind the lit tests.
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "tools/mod-opt/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  modc::registerModOptDialects(registry);
  modc::registerModOptPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "modc's optimiser driver\n", registry));
}
