// The run: opens the file and the prelude, elaborates the exports, verifies the result.
#include "compiler/sema/Elaborator.h"
#include "compiler/syntax/Parser.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/Path.h"

using namespace modc;
using namespace modc::sema;

Elaborator::Elaborator(SourceManager &sources, DiagnosticEngine &diags, const ElaborateOptions &options,
                       mlir::MLIRContext &ctx)
    : sources(sources), diags(diags), options(options), ctx(&ctx) {}

Elaborator::~Elaborator() = default;

mlir::OwningOpRef<mlir::ModuleOp> Elaborator::run(llvm::StringRef name) {
  stackTop = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  unsigned before = diags.numErrors();
  module = mlir::ModuleOp::create(mlir::FileLineColLoc::get(ctx, name, 1, 1));
  mainFolder = llvm::sys::path::parent_path(name).str();
  FileScope *file = openFile(name, /*library=*/false, {});
  if (!file || file->tree.hasErrors)
    return nullptr;
  if (!options.libraryPath.empty())
    functional = libraryFile("nn.functional");
  if (!functional)
    report(diag::fileNotFound, {}, "nn.functional")
        .note("the prelude is part of the installed library, which was looked for in `" + options.libraryPath + "`");
  else
    exportAll(*file);
  if (diags.numErrors() != before || halted)
    return nullptr;
  prune();
  if (!options.dtype.empty())
    (*module)->setAttr("mod.dtype", mlir::StringAttr::get(ctx, options.dtype));
  warnUnused();
  if (failed(mlir::verify(*module)))
    return nullptr;
  return std::move(module);
}

mlir::OwningOpRef<mlir::ModuleOp> modc::elaborate(SourceManager &sources, DiagnosticEngine &diags, llvm::StringRef file,
                                                  const ElaborateOptions &options, mlir::MLIRContext &context) {
  context.loadDialect<mod::ModDialect>();
  return Elaborator(sources, diags, options, context).run(file);
}
