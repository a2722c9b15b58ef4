// Elaborates a file and prints the IR of phase mod, or with --check the tree of modules; for tests by eye.
#include "compiler/sema/Sema.h"
#include "compiler/syntax/Render.h"
#include "dialect/mod/Mod.h"
#include "llvm/Support/raw_ostream.h"

using namespace modc;

int main(int argc, char **argv) {
  ElaborateOptions options;
  std::string file;
  bool check = false;
  for (int i = 1; i < argc; ++i) {
    llvm::StringRef arg = argv[i];
    auto next = [&] { return std::string(i + 1 < argc ? argv[++i] : ""); };
    if (arg == "--check")
      check = true;
    else if (arg == "--model")
      options.model = next();
    else if (arg == "--input")
      options.inputs.push_back(next());
    else if (arg == "-I")
      options.includePaths.push_back(next());
    else if (arg == "--library")
      options.libraryPath = next();
    else
      file = arg.str();
  }
  SourceManager sources;
  DiagnosticEngine diags;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto module = elaborate(sources, diags, file, options, context);
  renderAll(diags, sources, llvm::errs());
  if (!module)
    return 1;
  if (check)
    printElaborated(*module, llvm::outs());
  else
    module->print(llvm::outs());
  return 0;
}
