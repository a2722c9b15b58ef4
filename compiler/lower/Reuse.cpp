// Values that several sweeps over a row share; see Reuse.h.
#include "compiler/lower/Reuse.h"
#include "compiler/lower/Emitter.h"
#include <set>

using namespace mlir;
using namespace modc;
using namespace modc::lower;
using mod::DimAttr;

static std::string keyOf(Value value, ArrayRef<Expr> at) {
  return std::to_string(uintptr_t(value.getAsOpaquePointer())) + ":" + lower::keyOf(at);
}

std::string Reuse::key() const { return ::keyOf(value, at); }

Sweep lower::sweepOf(IndexSpace &space, const Request &request) {
  Operation *op = request.reduction();
  return {reducedDims(op), {{op->getOperand(0), operandIndices(space, op, request.at, 0)[0]}}, false};
}

/// Operations that cost many instructions an element.
static bool isCostly(Operation *op) {
  return isa<mod::ExpOp, mod::Expm1Op, mod::LogOp, mod::Log1pOp, mod::SinOp, mod::CosOp, mod::TanhOp, mod::ErfOp,
             mod::SigmoidOp, mod::PowOp, mod::RandomOp>(op);
}

namespace {
struct Finder {
  IndexSpace &space;
  function_ref<bool(const Expr &)> isRow;
  std::set<std::string> done; ///< computed in sweeps before this one
  std::set<std::string> seen; ///< in this one
  std::map<std::string, bool> costly;
  std::vector<Reuse> found;
  bool branches = false; ///< some elements are computed for a part of the row only

  /// Visits a value and what it is made of within the sweep; true where something costly is among it.
  bool visit(Value value, ArrayRef<Expr> at, ArrayRef<DimAttr> dims, bool search) {
    Operation *op = value.getDefiningOp();
    if (!op || llvm::all_of(at, isRow))
      return false;
    std::string key = ::keyOf(value, at);
    if (search && done.contains(spaceKey(dims) + key) && costly[key] && isa<mod::ScalarOpInterface>(op)) {
      if (llvm::none_of(found, [&](const Reuse &r) { return r.key() == key; }))
        found.push_back({value, Indices(at), SmallVector<DimAttr>(dims)});
      seen.insert(spaceKey(dims) + key);
      return true;
    }
    if (!seen.insert(spaceKey(dims) + key).second)
      return costly[key];
    branches |= isBranch(op);
    bool any = isCostly(op);
    // Sums inside are loops of their own; what they read is no element of this row.
    if (!isReduction(op) &&
        !isa<mod::MatmulOp, mod::ConvOp, mod::ConvTransposeOp, mod::AttentionOp, mod::ReduceWindowOp>(op))
      for (auto [x, indices] : llvm::zip(op->getOperands(), operandIndices(space, op, at, 1)))
        if (isa<mod::SymTensorType>(x.getType()))
          any |= visit(x, indices, dims, search);
    return costly[key] = any;
  }
  static std::string spaceKey(ArrayRef<DimAttr> dims) {
    std::string out;
    for (DimAttr d : dims)
      out += d.text() + "|";
    return out;
  }
};
} // namespace

std::vector<Reuse> lower::findReuse(IndexSpace &space, ArrayRef<Sweep> sweeps, int64_t maxBytes,
                                    function_ref<bool(const Expr &)> isRow) {
  Finder finder{space, isRow, {}, {}, {}, {}};
  // A value stored in a branch is not there for all of the row.
  for (const Sweep &sweep : sweeps) {
    finder.seen.clear();
    for (auto &[value, at] : sweep.wanted)
      finder.visit(value, at, sweep.dims, /*search=*/true);
    finder.done.insert(finder.seen.begin(), finder.seen.end());
  }
  std::vector<Reuse> kept;
  if (finder.branches)
    return kept;
  for (Reuse &reuse : finder.found) {
    Type element = computeType(tensorType(reuse.value).getElementType());
    auto count = DimAttr::product(reuse.value.getContext(), reuse.dims).getConstant();
    if (!count || element.isInteger(1))
      continue;
    int64_t bytes = *count * element.getIntOrFloatBitWidth() / 8;
    if (bytes > maxBytes)
      continue;
    maxBytes -= bytes;
    kept.push_back(reuse);
  }
  return kept;
}
