// From the graph to the artifact's bytes: the order of the steps.
#include "compiler/artifact/Artifact.h"
#include "compiler/artifact/Link.h"
#include "compiler/artifact/Names.h"
#include "compiler/artifact/TableBuilder.h"
#include "llvm/IR/Verifier.h"

using namespace llvm;
using namespace modc;
using namespace modc::artifact;

namespace {
/// The host's module with its functions and tables.
struct Host {
  LLVMContext context;
  std::unique_ptr<Module> module;
  std::optional<Inventory> inventory;
};

/// `shared`: with the entry function, else with the table itself as the visible symbol.
Error buildHost(Host &host, mlir::ModuleOp graph, KernelProvider &kernels, const Options &options, bool shared) {
  auto inv = Inventory::collect(graph);
  if (!inv)
    return inv.takeError();
  host.inventory = std::move(*inv);
  host.module = std::make_unique<Module>(options.name, host.context);
  host.module->setSourceFileName(options.name);
  if (Error e = configureHost(*host.module))
    return e;
  auto artifact = TableBuilder(*host.module, *host.inventory, kernels, options).build();
  if (!artifact)
    return artifact.takeError();
  if (shared) {
    emitEntry(*host.module, *artifact);
  } else {
    (*artifact)->setLinkage(GlobalValue::ExternalLinkage);
    (*artifact)->setName(staticSymbol(options.name));
  }
  std::string broken;
  raw_string_ostream os(broken);
  if (verifyModule(*host.module, &os))
    return createStringError("host code does not verify: " + broken);
  return optimiseHost(*host.module);
}

Expected<std::vector<NamedObject>> objects(mlir::ModuleOp graph, KernelProvider &kernels, const Options &options,
                                           bool shared) {
  Host host;
  if (Error e = buildHost(host, graph, kernels, options, shared))
    return std::move(e);
  std::vector<NamedObject> all(1);
  all[0].name = "host.o";
  auto code = compileHost(*host.module);
  if (!code)
    return code.takeError();
  all[0].bytes = std::move(*code);
  auto compiled = compileKernels(*host.inventory, kernels, options);
  if (!compiled)
    return compiled.takeError();
  std::move(compiled->begin(), compiled->end(), std::back_inserter(all));
  return all;
}
} // namespace

Expected<Bytes> modc::artifact::emitShared(mlir::ModuleOp graph, KernelProvider &kernels, const Options &options) {
  auto all = objects(graph, kernels, options, true);
  if (!all)
    return all.takeError();
  auto library = linkShared(*all);
  if (library)
    appendTrailer(*library);
  return library;
}

Expected<Bytes> modc::artifact::emitObject(mlir::ModuleOp graph, KernelProvider &kernels, const Options &options) {
  auto all = objects(graph, kernels, options, false);
  if (!all)
    return all.takeError();
  return linkRelocatable(*all, staticSymbol(options.name));
}

Expected<std::string> modc::artifact::emitHostText(mlir::ModuleOp graph, KernelProvider &kernels,
                                                   const Options &options) {
  Host host;
  if (Error e = buildHost(host, graph, kernels, options, true))
    return std::move(e);
  std::string text;
  raw_string_ostream os(text);
  host.module->print(os, nullptr);
  return text;
}
