// What is left behind when the compiler itself fails: a folder with the sources, the command and the IR before the pass
// at fault.
#pragma once
#include "mlir/Pass/PassInstrumentation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <memory>
#include <string>
#include <vector>

namespace mlir {
class Operation;
class PassManager;
} // namespace mlir

namespace modc {

/// Collects, while a compilation runs, what a report of a crash needs. One at a time in a process; it also catches
/// fatal signals, which end the process with exit code 70 after the folder is written.
class Reproducer {
public:
  Reproducer(llvm::ArrayRef<std::string> commandLine);
  ~Reproducer();

  void addSource(llvm::StringRef path, llvm::StringRef text);
  /// Remembers the IR at a border between phases.
  void snapshot(llvm::StringRef phase, mlir::Operation *op);
  /// Follows the passes of `pm`, to name the one that fails.
  void watch(mlir::PassManager &pm);
  void setPass(llvm::StringRef name);

  /// Writes the folder and prints, on stderr, what failed and where it is. `text` is what the verifier or pass said.
  void reportInternalError(llvm::StringRef text);

private:
  std::string write(llvm::StringRef text);
  static void onSignal(void *self);

  std::vector<std::string> commandLine;
  std::vector<std::pair<std::string, std::string>> sources;
  std::string phase, ir, pass;
  bool written = false;
};

} // namespace modc
