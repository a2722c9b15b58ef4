// How indices of a result become indices of operands, for every primitive; and what whole chains of views come to.
#pragma once
#include "compiler/lower/Index.h"

namespace modc::lower {

inline mod::SymTensorType tensorType(mlir::Value v) { return llvm::cast<mod::SymTensorType>(v.getType()); }

/// Sizes that a reduction runs over, outermost first.
llvm::SmallVector<mod::DimAttr> reducedDims(mlir::Operation *op);
bool isReduction(mlir::Operation *op);

/// For each operand of a primitive (empty for keys), where it is read to make the result's element at `at`. Variables
/// of the sums inside (reductions, products, attention) are inner atoms of depth `depth` and beyond. Operands of `cat`,
/// `constant_pad` and `update_slice` may be outside their range; whoever reads them checks.
llvm::SmallVector<Indices> operandIndices(IndexSpace &space, mlir::Operation *op, llvm::ArrayRef<Expr> at,
                                          unsigned depth);

/// Sizes that one element of a convolution is summed over: the filters' positions, then a group's input channels.
llvm::SmallVector<mod::DimAttr> summedDims(mlir::Operation *convolution);
/// What a transposed convolution's element needs of dimension `i` of x: `position` where `remainder` is 0.
struct TransposedAxis {
  Expr position, remainder;
};
TransposedAxis transposedAxis(IndexSpace &space, mod::ConvTransposeOp op, unsigned i, const Expr &at, const Expr &tap);
/// Operations that read some of their operands for some of their elements only.
bool isBranch(mlir::Operation *op);

/// Indices that cover a tensor: `make(position, extent)` for each dimension that is not 1.
Indices wholeTensor(IndexSpace &space, mod::SymTensorType type,
                    llvm::function_ref<const Atom *(unsigned, mod::DimAttr)> make);

/// Sees through views (and conversions that change nothing) down to what they read.
struct Source {
  mlir::Value value;
  Indices at;
};
Source seeThrough(IndexSpace &space, mlir::Value value, llvm::ArrayRef<Expr> at);

/// The other direction: where the element of `target` lies that is made of the element `at` of `anchor`, by views and
/// elementwise operations that keep elements one to one. Nothing if there is no such path.
std::optional<Indices> pushForward(IndexSpace &space, mlir::Value anchor, llvm::ArrayRef<Expr> at, mlir::Value target);

/// Row-major number of an element in memory, with the layout's order of dimensions.
Expr linearInMemory(IndexSpace &space, mod::SymTensorType type, llvm::ArrayRef<Expr> at);

/// What is fixed within a row and therefore made before the sweeps over its elements: a reduction, a scalar, or an
/// index (no value, one expression).
struct Request {
  mlir::Value value;
  Indices at;
  mlir::Operation *reduction() const;
};
/// Collects what an output's elements need of that, dependencies first. `isRow(e)` says whether an index is fixed
/// within a row. Outside of sweeps
/// (`depth` 0) reductions alone are listed. What only some elements need is not: it may not be there to be read for the
/// others.
llvm::SmallVector<Request> collectRequests(IndexSpace &space, mlir::Value value, llvm::ArrayRef<Expr> at,
                                           unsigned depth, llvm::function_ref<bool(const Expr &)> isRow);

} // namespace modc::lower
