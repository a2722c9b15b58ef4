// Compiles a file of kernels for a target and prints a phase: `kern-compile FILE TARGET loops|llvm|asm`. For tests of
// generated code.
#include "compiler/cpu/CPU.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

using namespace modc::cpu;

int main(int argc, char **argv) {
  if (argc != 4) {
    llvm::errs() << "usage: kern-compile FILE TARGET loops|llvm|asm\n";
    return 1;
  }
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(argv[1], &context);
  const Target *target = findTarget(argv[2]);
  if (!module || !target)
    return 1;
  llvm::StringRef name = argv[3];
  auto text = emitText(*module, name == "loops" ? Phase::Loops : name == "llvm" ? Phase::Llvm : Phase::Asm, *target);
  if (failed(text))
    return 1;
  llvm::outs() << *text;
}
