// Holds kernels against their meaning: a `mod.kernel` is lowered, compiled and run, and its outputs are compared with
// the primitives' own evaluation.
#pragma once
#include "compiler/cpu/CPU.h"
#include "dialect/mod/Evaluator.h"
#include "mlir/IR/MLIRContext.h"
#include <map>
#include <random>
#include <string>

namespace modc::lower {

/// Everything that kernels in any phase may contain.
std::unique_ptr<mlir::MLIRContext> makeContext();
mlir::OwningOpRef<mlir::ModuleOp> parse(mlir::MLIRContext &context, const std::string &text);

struct Tolerance {
  double f64 = 1e-7, f32 = 2e-5, half = 2e-2; ///< of |expected| + 1
};

/// A way to code: a target and whether its builders are used.
struct Way {
  const cpu::Target *target;
  bool naive;
  std::string name() const;
};
/// Naive for one target, the builders for all targets that this machine can run.
std::vector<Way> ways();

/// The kernels of a module, compiled in several ways.
class KernelCheck {
public:
  /// Throws std::runtime_error where lowering or compiling fails.
  KernelCheck(mlir::ModuleOp graph, std::vector<Way> ways);
  ~KernelCheck();

  using Sizes = std::map<std::string, int64_t>;
  /// Runs a kernel on random operands of these sizes, all ways; returns what differs, empty where all is well. Integer
  /// operands are below `integerLimit` in size. Ways that use builders must agree bit for bit.
  std::string run(llvm::StringRef kernel, const Sizes &sizes, uint64_t seed, Tolerance tolerance = {},
                  int64_t integerLimit = 10, bool indices = false);

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace modc::lower
