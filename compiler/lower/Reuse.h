// What the sweeps over a row share: values that one sweep computes and a later one would compute again.
#pragma once
#include "compiler/lower/Access.h"

namespace modc::lower {

/// One sweep over the elements of a row, to make a reduction or outputs: the values wanted at each element. Variables
/// are inner ones of depth 0.
struct Sweep {
  llvm::SmallVector<mod::DimAttr> dims;
  llvm::SmallVector<std::pair<mlir::Value, Indices>, 1> wanted;
  bool outputs = false; ///< makes outputs
};

/// A value to keep in memory for the row: made in the first sweep that needs it, read in later ones over the same
/// space.
struct Reuse {
  mlir::Value value;
  Indices at;
  llvm::SmallVector<mod::DimAttr> dims;
  /// Identifies it: value and place.
  std::string key() const;
};

/// The sweep that a reduction is.
Sweep sweepOf(IndexSpace &space, const Request &request);
/// Values that are worth keeping: elementary functions in them, a space of constant size, at most `maxBytes` for all
/// together. `isRow` as for collectRequests.
std::vector<Reuse> findReuse(IndexSpace &space, llvm::ArrayRef<Sweep> sweeps, int64_t maxBytes,
                             llvm::function_ref<bool(const Expr &)> isRow);

} // namespace modc::lower
