// One compilation, phase by phase.
#include "compiler/artifact/Artifact.h"
#include "compiler/artifact/Link.h"
#include "compiler/driver/CpuKernels.h"
#include "compiler/driver/Interpret.h"
#include "compiler/driver/Options.h"
#include "compiler/driver/Progress.h"
#include "compiler/driver/Reproducer.h"
#include "compiler/sema/Sema.h"
#include "compiler/syntax/Parser.h"
#include "compiler/syntax/Printer.h"
#include "compiler/syntax/Render.h"
#include "compiler/transform/Passes.h"
#include "dialect/mod/Mod.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"
#include <thread>

using namespace mlir;
using namespace modc;

namespace {
enum Exit { kOk = 0, kUserError = 1, kInternalError = 70 };

class Compilation {
public:
  explicit Compilation(const CompileOptions &options)
      : options(options), reproducer(options.commandLine), diagnostics(50, options.warnings) {
    DialectRegistry registry;
    registry.insert<mod::ModDialect>();
    cpu::registerDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    context.disableMultithreading();
  }

  int run();

private:
  int userError(const llvm::Twine &text) {
    llvm::errs() << "modc: " << text << "\n";
    return kUserError;
  }
  int internalError(llvm::StringRef text) {
    reproducer.reportInternalError(text.empty() ? "no message" : text);
    return kInternalError;
  }
  int write(llvm::StringRef bytes, llvm::StringRef path);
  int writeText(llvm::StringRef text) { return write(text, options.output.empty() ? "-" : options.output); }
  int printModule(ModuleOp module);

  std::optional<std::string> library();
  void showDiagnostics();
  int emitAst();
  int afterMod(ModuleOp module);
  int afterGraph(ModuleOp module);
  int emitArtifact(ModuleOp graph, CpuKernels &kernels);
  std::string outputName(llvm::StringRef suffix) const;

  const CompileOptions &options;
  Reproducer reproducer;
  MLIRContext context;
  SourceManager sources;
  modc::DiagnosticEngine diagnostics;
  SmallVector<const cpu::Target *> targets;
  std::string messages; ///< what passes and verifiers said
};

int Compilation::write(llvm::StringRef bytes, llvm::StringRef path) {
  if (path == "-") {
    llvm::outs() << bytes;
    llvm::outs().flush();
    return llvm::outs().has_error() ? userError("cannot write to standard output") : kOk;
  }
  if (llvm::Error e = artifact::writeFile(path, llvm::ArrayRef<char>(bytes.data(), bytes.size())))
    return userError(llvm::toString(std::move(e)));
  return kOk;
}

int Compilation::printModule(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  module->print(os);
  os << "\n";
  return writeText(text);
}

/// The folder that holds nn.mod: the option's, beside the tool, or the source tree's.
std::optional<std::string> Compilation::library() {
  if (!options.libraryPath.empty())
    return options.libraryPath;
  llvm::SmallString<256> folder(llvm::sys::fs::getMainExecutable(nullptr, nullptr));
  llvm::sys::path::remove_filename(folder);
  for (const char *relative : {"../share/modc/nn", "../lib/modc/nn"}) {
    llvm::SmallString<256> candidate(folder);
    llvm::sys::path::append(candidate, relative);
    if (llvm::sys::fs::exists(candidate + "/nn.mod"))
      return candidate.str().str();
  }
  if (llvm::sys::fs::exists(MODC_SOURCE_LIBRARY "/nn.mod"))
    return MODC_SOURCE_LIBRARY;
  return std::nullopt;
}

void Compilation::showDiagnostics() {
  if (options.jsonDiagnostics)
    renderJson(diagnostics, sources, llvm::errs());
  else
    renderAll(diagnostics, sources, llvm::errs(), options.color);
}

int Compilation::emitAst() {
  auto tree = loadAndParse(options.input, SourceRange(), sources, diagnostics);
  showDiagnostics();
  if (!tree || diagnostics.hasErrors())
    return kUserError;
  std::string text;
  llvm::raw_string_ostream os(text);
  print(*tree, os);
  return writeText(text);
}

int Compilation::run() {
  bool same = false;
  if (!options.output.empty() && !llvm::sys::fs::equivalent(options.input, options.output, same) && same)
    return userError("-o " + options.output + " is the input itself; give the output another name");
  for (const std::string &name : options.cpus) {
    const cpu::Target *t = cpu::findTarget(name);
    if (!t) {
      std::string known;
      for (const cpu::Target &k : cpu::targets())
        known += (known.empty() ? "" : ", ") + k.name.str();
      return userError("--mcpu " + name + ": unknown instruction set; there are " + known);
    }
    if (!llvm::is_contained(targets, t))
      targets.push_back(t);
  }
  if (options.emit == Phase::Ast)
    return emitAst();

  ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &d) {
    llvm::raw_string_ostream os(messages);
    os << d << " at " << d.getLocation() << "\n";
    for (auto &note : d.getNotes())
      os << "  " << note << "\n";
    return success();
  });
  auto libraryPath = library();
  if (!libraryPath)
    return userError("cannot find the standard library nn; give its folder with --library");
  ElaborateOptions elaboration;
  elaboration.includePaths = options.includePaths;
  elaboration.libraryPath = *libraryPath;
  elaboration.model = options.model;
  elaboration.inputs = options.inputTypes;
  elaboration.dtype = options.dtype;
  OwningOpRef<ModuleOp> module = elaborate(sources, diagnostics, options.input, elaboration, context);
  for (FileId f = 0; f < sources.numFiles(); ++f)
    reproducer.addSource(sources.path(f), sources.text(f));
  showDiagnostics();
  if (diagnostics.hasErrors() || !module)
    return diagnostics.hasErrors() ? kUserError : internalError(messages);
  return afterMod(*module);
}

int Compilation::afterMod(ModuleOp module) {
  reproducer.snapshot("mod", module);
  if (failed(verify(module)))
    return internalError(messages);
  if (options.emit == Phase::Check) {
    std::string text;
    llvm::raw_string_ostream os(text);
    printElaborated(module, os);
    return writeText(text);
  }
  if (options.emit == Phase::Mod)
    return printModule(module);
  if (options.interpret) {
    if (llvm::Error e = interpret(module, options))
      return userError(llvm::toString(std::move(e)));
    return kOk;
  }
  PassManager pm(&context);
  GraphOptions graph;
  graph.roles.assign(options.roles.begin(), options.roles.end());
  graph.fusion = options.fusion;
  graph.foldAffine = options.foldAffine;
  buildGraphPipeline(pm, graph);
  reproducer.watch(pm);
  if (failed(pm.run(module)))
    return internalError(messages);
  reproducer.snapshot("graph", module);
  if (options.emit == Phase::Graph)
    return printModule(module);
  return afterGraph(module);
}

int Compilation::afterGraph(ModuleOp module) {
  reproducer.setPass("mod-lower-groups");
  auto kernels = CpuKernels::create(module, targets);
  if (!kernels)
    return internalError(messages);
  reproducer.snapshot("kernels", kernels->kernels());
  if (!options.dumpKernelsTo.empty())
    if (llvm::Error e = dumpKernels(*kernels, targets, options.dumpKernelsTo))
      return userError(llvm::toString(std::move(e)));
  if (options.emit == Phase::Kernels)
    return printModule(kernels->kernels());
  std::optional<cpu::Phase> text = options.emit == Phase::Loops  ? std::optional(cpu::Phase::Loops)
                                   : options.emit == Phase::Llvm ? std::optional(cpu::Phase::Llvm)
                                   : options.emit == Phase::Asm  ? std::optional(cpu::Phase::Asm)
                                                                 : std::nullopt;
  if (text) {
    auto code = cpu::emitText(kernels->kernels(), *text, *targets.front());
    return failed(code) ? internalError(messages) : writeText(*code);
  }
  reproducer.setPass("emit-artifact");
  return emitArtifact(module, *kernels);
}

std::string Compilation::outputName(llvm::StringRef suffix) const {
  return options.output.empty() ? (llvm::sys::path::stem(options.input) + suffix).str() : options.output;
}

int Compilation::emitArtifact(ModuleOp graph, CpuKernels &kernels) {
  if (options.emit == Phase::So || options.emit == Phase::Obj)
    if (auto linker = artifact::findLinker(); !linker)
      return userError(llvm::toString(linker.takeError()));
  Progress progress;
  artifact::Options o;
  o.name = llvm::sys::path::stem(options.input).str();
  o.cache = options.useCache;
  o.threads = std::max(1u, std::thread::hardware_concurrency());
  o.progress = [&](size_t done, size_t total, llvm::StringRef name) { progress.update(done, total, name); };
  uint64_t hash = 0;
  for (FileId f = 0; f < sources.numFiles(); ++f)
    hash = hash * 31 + llvm::xxh3_64bits(sources.text(f));
  o.sourceHash = llvm::utohexstr(hash, true);
  if (options.emit == Phase::Header) {
    auto text = artifact::emitHeader(graph, o);
    return text ? write(*text, outputName(".h")) : internalError(llvm::toString(text.takeError()));
  }
  auto bytes =
      options.emit == Phase::Obj ? artifact::emitObject(graph, kernels, o) : artifact::emitShared(graph, kernels, o);
  if (!bytes) {
    llvm::Error error = bytes.takeError();
    bool environment = error.isA<artifact::EnvironmentError>();
    std::string text = llvm::toString(std::move(error));
    return environment ? userError(text) : internalError(text);
  }
  return write(llvm::StringRef(bytes->data(), bytes->size()), outputName(options.emit == Phase::Obj ? ".o" : ".so"));
}
} // namespace

int modc::compile(const CompileOptions &options) { return Compilation(options).run(); }

int modc::explainAll() {
  explainAll(llvm::outs());
  return kOk;
}

int modc::explain(const std::string &code) {
  const DiagInfo *entry = findDiagnostic(code);
  if (!entry) {
    llvm::errs() << "modc: there is no diagnostic " << code
                 << "; codes look like E0301 and stand in brackets after `error`; modc --explain lists all\n";
    return kUserError;
  }
  explain(*entry, llvm::outs());
  return kOk;
}
