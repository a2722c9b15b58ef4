// Loops and branches in functions of the graph: what they read from outside, when things happen in them.
#pragma once
#include "dialect/mod/Mod.h"

namespace modc {

/// `mod.for`, `mod.while`, `mod.if`.
bool isControl(mlir::Operation *op);
/// Of these, what may run its regions more than once.
bool isLoop(mlir::Operation *op);
/// The values carried into a loop; none of a branch.
mlir::ValueRange carriedInto(mlir::Operation *op);
/// The body of a loop.
mlir::Block &bodyOf(mlir::Operation *loop);
/// Values from outside that an operation reads: its operands, then what its regions read, each once, in program order.
llvm::SetVector<mlir::Value> outsideValues(mlir::Operation *op);
/// Calls `fn` for the block and all blocks inside it, a block before those inside it.
void forEachBlock(mlir::Block &block, llvm::function_ref<void(mlir::Block &)> fn);
/// The ancestor of an operation, or itself, in `block`; null if it is not inside.
mlir::Operation *ancestorIn(mlir::Block *block, mlir::Operation *op);

/// When the launches of a function run, in the order of its text; a loop or branch lasts from its beginning to its end.
/// Terminators have moments of their own, at which values are handed on.
class Timeline {
public:
  explicit Timeline(mod::FuncOp f);

  int64_t begin(mlir::Operation *op) const { return moments.lookup(op).first; }
  int64_t end(mlir::Operation *op) const { return moments.lookup(op).second; }
  /// The last moment at which a value is read, in any round of the loops inside its block; its own where nothing reads
  /// it.
  int64_t lastUse(mlir::Value v) const;

private:
  void number(mlir::Block &block);

  llvm::DenseMap<mlir::Operation *, std::pair<int64_t, int64_t>> moments;
  int64_t now = 0;
};

/// Whether memory of `a` may be written by result `index` of `writer`: nothing reads `a` after that, in no round of any
/// loop, and what reads it in `writer` itself is done in time. Both are in blocks of one function.
bool diesAt(mlir::Value a, mlir::Operation *writer, unsigned index);

} // namespace modc
