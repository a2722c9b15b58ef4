// What a region of a loop or branch that the run decides needs while it is traced: values that become results, state of
// the trace to come back to.
#pragma once
#include "compiler/sema/Elaborator.h"

namespace modc::sema {

/// What a leaf of a value is once it is carried or joined. Null type: a value known at compile time, the same always.
struct LeafType {
  mod::SymTensorType type;
  bool weak = false;
  bool operator==(const LeafType &other) const { return type == other.type && weak == other.weak; }
};

/// A name that is carried round: its value before, and for each leaf of that the type that it is carried with.
struct Carried {
  llvm::StringRef name;
  SourceRange assigned;
  Value before;
  std::vector<Value> leaves;
  std::vector<LeafType> types;
};

/// One side of a branch, traced: where control went, what its locals hold, what it gives to the results.
struct RegionSide {
  mlir::Block *block = nullptr;
  Flow flow = Flow::Next;
  Value result;
  llvm::StringMap<Value> locals;
  llvm::SmallVector<mlir::Value> yields;
};

/// Names that a block assigns, in order of their places; `y[t] = v` assigns y.
struct Assigned {
  llvm::MapVector<llvm::StringRef, SourceRange> names;
  void block(ast::Block block);
  void target(const ast::Expr *target);
};

/// Whether a `return` stands in the block.
bool returns(ast::Block block);
bool sameValue(const Value &a, const Value &b, unsigned level = 0);
/// Lists and dicts that locals of the frames hold: what a region may not change.
void collectObjects(const Frame *frame, llvm::DenseSet<const void *> &objects);
/// What a leaf becomes as a tensor: that of a tensor, i64 for ints, f32 for floats, bool; null for other values.
LeafType leafType(mlir::MLIRContext *ctx, const Value &value);
/// The type that both can take; nothing where there is none.
std::optional<LeafType> joinTypes(const LeafType &a, bool aNumber, const LeafType &b, bool bNumber);

/// What tracing changes besides the IR, to be put back when a region is traced again.
struct Checkpoint {
  explicit Checkpoint(const Trace &t)
      : site(t.site), guards(t.guards.size()), calls(t.function ? t.function->calls.size() : 0), ranges(t.ranges),
        params(t.params), buffers(t.buffers) {}
  void restore(Trace &t) const {
    t.site = site;
    t.guards.truncate(guards);
    if (t.function)
      t.function->calls.truncate(calls);
    t.ranges = ranges;
    t.params = params;
    t.buffers = buffers;
  }
  int64_t site;
  size_t guards, calls;
  llvm::MapVector<mlir::StringAttr, mod::RangeAttr> ranges;
  llvm::StringMap<mlir::Value> params, buffers;
};

} // namespace modc::sema
