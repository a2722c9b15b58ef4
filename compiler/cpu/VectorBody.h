// Runs a scalar region for `lanes` consecutive points of one index at once, by cloning it with vectors in place of
// scalars.
#pragma once
#include "dialect/kern/Kern.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/DenseMap.h"

namespace modc::cpu {

/// What a scalar value of the region is when several consecutive points run at once.
struct Lane {
  enum Kind {
    Uniform, ///< `value` is the scalar, the same in every lane
    Linear,  ///< an index: lane l holds `value + l`
    Vector,  ///< `value` is a vector, one element a lane
  };
  Kind kind;
  mlir::Value value;
  int64_t align = 1; ///< Linear: a known divisor of `value`
};

/// Clones regions lane by lane. Values defined outside the regions are uniform. Code goes to the builder's position.
class VectorBody {
public:
  /// `mask` (vector of i1, null = all) says which lanes exist: the others neither read nor write memory.
  VectorBody(mlir::OpBuilder &builder, mlir::Location loc, int64_t lanes, mlir::Value mask = {})
      : b(builder), loc(loc), lanes(lanes), mask(mask) {}

  void map(mlir::Value scalar, Lane lane) { known[scalar] = lane; }
  void mapUniform(mlir::Value scalar, mlir::Value value) { map(scalar, {Lane::Uniform, value}); }
  void mapLinear(mlir::Value scalar, mlir::Value base, int64_t align) { map(scalar, {Lane::Linear, base, align}); }
  void mapVector(mlir::Value scalar, mlir::Value vector) { map(scalar, {Lane::Vector, vector}); }

  /// Clones all operations of the block but its terminator. Fails, having emitted rubbish, where `canClone` says no.
  mlir::LogicalResult clone(mlir::Block &block);

  /// Clones a block for several bodies of one builder at once, operation by operation: their reductions run in one
  /// loop, whose sums do not wait for one another.
  static mlir::LogicalResult cloneTogether(mlir::ArrayRef<VectorBody *> bodies, mlir::Block &block);

  /// Reads the element at these indices for every lane.
  Lane load(mlir::Value memref, mlir::ArrayRef<Lane> indices);

  Lane get(mlir::Value scalar) const;
  /// The value as a vector of one element a lane.
  mlir::Value vector(mlir::Value scalar);
  mlir::Value vector(const Lane &lane);

  /// True where every operation of the block has a vector form; the caller falls back to scalars otherwise.
  static bool canClone(mlir::Block &block);

private:
  mlir::LogicalResult cloneOp(mlir::Operation &op);
  mlir::LogicalResult cloneElementwise(mlir::Operation &op);
  mlir::LogicalResult cloneStore(kern::StoreOp op);
  static mlir::LogicalResult cloneReduce(mlir::ArrayRef<VectorBody *> bodies, kern::ReduceOp op);
  mlir::LogicalResult cloneLoop(mlir::scf::ForOp op);
  mlir::LogicalResult cloneBranch(mlir::scf::IfOp op);
  /// Runs `make`, which gives one value for all lanes, only where a lane of a branch is live; else the value is 0.
  mlir::Value whereLive(mlir::Type type, llvm::function_ref<mlir::Value()> make);
  void cloneCheckIndex(kern::CheckIndexOp op);
  Lane affine(mlir::AffineExpr expr, mlir::ArrayRef<Lane> dims, mlir::ArrayRef<Lane> symbols);
  Lane addLanes(const Lane &lhs, const Lane &rhs);
  Lane binary(mlir::AffineExprKind kind, const Lane &lhs, const Lane &rhs);
  Lane constant(int64_t value);
  mlir::VectorType vectorOf(mlir::Type element) const;
  mlir::Value allOr(mlir::Value mask);

  struct Access {
    bool contiguous;
    mlir::SmallVector<mlir::Value> indices; ///< contiguous or uniform: scalar indices of lane 0
    mlir::Value base, offsets;              ///< else: flat memref and a vector of element offsets
    bool uniform;
  };
  Access access(mlir::Value memref, mlir::ArrayRef<Lane> indices);
  mlir::SmallVector<Lane> lanesOf(mlir::ValueRange indices) const;

  mlir::OpBuilder &b;
  mlir::Location loc;
  int64_t lanes;
  mlir::Value mask;
  /// Within a branch that some lanes take, so that perhaps none is live.
  bool branched = false;
  llvm::DenseMap<mlir::Value, Lane> known;
};

/// `lhs` joined with `rhs` as `kern.reduce` of that kind joins, on scalars or vectors (not for argmax, argmin).
mlir::Value combine(mlir::OpBuilder &builder, mlir::Location loc, kern::Reduction kind, mlir::Value lhs,
                    mlir::Value rhs);
/// What a reduction of that kind starts from.
mlir::TypedAttr identity(kern::Reduction kind, mlir::Type type);
/// Joins `element(indices)`, one or several values, over a space of at least one dimension, each from its `start` (the
/// identity). Blocks of the innermost dimension, in them even and odd positions, and inner dimensions have sums of
/// their own, joined from the inside out (ReduceInOrder.cpp).
mlir::SmallVector<mlir::Value>
reduceInOrder(mlir::OpBuilder &builder, mlir::Location loc, kern::Reduction kind, mlir::ArrayRef<mlir::Value> start,
              mlir::ValueRange sizes, llvm::function_ref<mlir::SmallVector<mlir::Value>(mlir::ValueRange)> element);

} // namespace modc::cpu
