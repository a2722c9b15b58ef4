// Tensors stored in another order of dimensions than the language's, and views that bring one into the other.
#pragma once
#include "dialect/mod/Mod.h"

namespace modc {

/// Stands for `permute(value, perm)`: dimension i of the language is dimension perm[i] of what is stored.
struct Stored {
  mlir::Value value;
  llvm::SmallVector<int64_t> perm;
  bool isIdentity() const { return llvm::equal(perm, llvm::seq<int64_t>(0, perm.size())); }
};

llvm::SmallVector<int64_t> identity(size_t rank);
llvm::SmallVector<int64_t> inverse(llvm::ArrayRef<int64_t> perm);
/// [N, *S, C] read as [N, C, *S]: 0, rank - 1, 1, 2, …
llvm::SmallVector<int64_t> channelsLastPermutation(size_t rank);

mlir::Value reshaped(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, llvm::ArrayRef<mod::DimAttr> dims);
/// By a reshape where only dimensions of 1 change places.
mlir::Value permuted(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, llvm::ArrayRef<int64_t> order);
mlir::Value inLanguageOrder(mlir::OpBuilder &b, mlir::Location loc, const Stored &x);
/// `permuted` of x as it stretches to the rank of `order`, without leading dimensions of 1 where x had fewer.
mlir::Value reordered(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, llvm::ArrayRef<int64_t> order);

/// Dimensions of a reshape that go with each other, as positions before and after; dimensions of 1 are with the run
/// before them, or after it for leading ones.
struct Run {
  llvm::SmallVector<int64_t> from, to;
};
/// The smallest such runs, outermost first. Nothing where an empty run would be left.
std::optional<llvm::SmallVector<Run>> matchRuns(llvm::ArrayRef<mod::DimAttr> from, llvm::ArrayRef<mod::DimAttr> to);

} // namespace modc
