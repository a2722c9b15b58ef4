// Reports of failures that are the compiler's own.
#include "compiler/driver/Reproducer.h"
#include "mlir/IR/Operation.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"
#include <unistd.h>

using namespace modc;

namespace {
Reproducer *current = nullptr;
constexpr int kInternalErrorExit = 70; // EX_SOFTWARE

/// Tells the reproducer which pass runs.
struct PassNames : mlir::PassInstrumentation {
  explicit PassNames(Reproducer &r) : reproducer(r) {}
  void runBeforePass(mlir::Pass *pass, mlir::Operation *) override {
    llvm::StringRef name = pass->getArgument();
    reproducer.setPass(name.empty() ? pass->getName() : name);
  }
  Reproducer &reproducer;
};
} // namespace

Reproducer::Reproducer(llvm::ArrayRef<std::string> commandLine) : commandLine(commandLine) {
  current = this;
  static bool registered = false;
  if (!registered)
    llvm::sys::AddSignalHandler(onSignal, nullptr);
  registered = true;
}

Reproducer::~Reproducer() { current = nullptr; }

void Reproducer::addSource(llvm::StringRef path, llvm::StringRef text) { sources.emplace_back(path.str(), text.str()); }

void Reproducer::snapshot(llvm::StringRef name, mlir::Operation *op) {
  phase = name.str();
  ir.clear();
  llvm::raw_string_ostream os(ir);
  op->print(os, mlir::OpPrintingFlags().enableDebugInfo().assumeVerified());
}

void Reproducer::watch(mlir::PassManager &pm) { pm.addInstrumentation(std::make_unique<PassNames>(*this)); }

void Reproducer::setPass(llvm::StringRef name) { pass = name.str(); }

static void writeFile(llvm::StringRef folder, const llvm::Twine &name, llvm::StringRef text) {
  llvm::SmallString<256> path(folder);
  llvm::sys::path::append(path, name);
  std::error_code error;
  llvm::raw_fd_ostream os(path, error);
  if (!error)
    os << text;
}

std::string Reproducer::write(llvm::StringRef text) {
  llvm::SmallString<256> folder;
  if (llvm::sys::fs::createUniqueDirectory("modc-internal-error", folder))
    return "";
  std::string command;
  for (const std::string &word : commandLine)
    command += (command.empty() ? "" : " ") + word;
  writeFile(folder, "command", command + "\n");
  writeFile(folder, "message", text);
  for (auto [n, source] : llvm::enumerate(sources))
    writeFile(folder, llvm::Twine(n) + "-" + llvm::sys::path::filename(source.first), source.second);
  if (!ir.empty())
    writeFile(folder, phase + ".mlir", ir);
  return folder.str().str();
}

void Reproducer::reportInternalError(llvm::StringRef text) {
  if (written)
    return;
  written = true;
  std::string folder = write(text);
  llvm::errs() << "modc: internal error" << (pass.empty() ? "" : " in pass " + pass) << ": " << text.rtrim() << "\n";
  if (!folder.empty())
    llvm::errs()
        << "modc: this is a fault of the compiler, not of your model; what is needed to reproduce it was written to "
        << folder << "\n";
}

void Reproducer::onSignal(void *) {
  if (!current)
    return;
  current->reportInternalError("crash");
  _exit(kInternalErrorExit);
}
