// Random module trees in phase mod: up to three levels of classes, bodies of ten to thirty primitives over symbolic
// sizes.
#pragma once
#include "dialect/mod/Mod.h"
#include "mlir/IR/BuiltinOps.h"

namespace modc::test {

struct RandomGraph {
  mlir::OwningOpRef<mlir::ModuleOp>
      module; ///< export "top", inputs x: f32[N, S, C] and ids: i64[N, S] below `vocabulary`
  /// Whether the graph passes may change bits: attention was written out, or a chain that fold-affine takes.
  bool rounds = false;
};
inline constexpr int64_t kVocabulary = 5;

/// With `control`, bodies have loops and branches, nested, in which modules are called, state is written and numbers
/// are drawn.
RandomGraph makeRandomGraph(mlir::MLIRContext &ctx, uint64_t seed, bool control = false);

} // namespace modc::test
