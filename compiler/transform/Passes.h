// The passes from phase mod to phase graph, and the pipeline of them all.
#pragma once
#include "dialect/mod/Mod.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

namespace modc {
#define GEN_PASS_DECL
#include "compiler/transform/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "compiler/transform/Passes.h.inc"

struct GraphOptions {
  /// Roles to compile: "eval", and "train" for what differs in training.
  llvm::SmallVector<std::string> roles{"eval", "train"};
  /// "full", or "none": every operation its own kernel, for tests.
  std::string fusion = "full";
  bool foldAffine = true;
  /// Sizes the memory plan is best for, as "S=128".
  llvm::SmallVector<std::string> nominal;
};

/// Everything between phase mod and phase graph; docs/phases.md says what holds at both ends.
void buildGraphPipeline(mlir::OpPassManager &pm, const GraphOptions &options = {});

/// The passes, each under its flag, and `--mod-to-graph` for all of them.
void registerTransformPasses();

} // namespace modc
