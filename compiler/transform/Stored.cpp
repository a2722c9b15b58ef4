// Views between orders of dimensions; see Stored.h.
#include "compiler/transform/Stored.h"

using namespace mlir;
using namespace modc;
using namespace modc::mod;

static SymTensorType typeOf(Value v) { return cast<SymTensorType>(v.getType()); }
static bool isOne(DimAttr d) { return d.getConstant() == 1; }

SmallVector<int64_t> modc::identity(size_t rank) { return llvm::to_vector(llvm::seq<int64_t>(0, rank)); }

SmallVector<int64_t> modc::inverse(ArrayRef<int64_t> perm) {
  SmallVector<int64_t> out(perm.size());
  for (auto [i, d] : llvm::enumerate(perm))
    out[d] = i;
  return out;
}

SmallVector<int64_t> modc::channelsLastPermutation(size_t rank) {
  SmallVector<int64_t> perm{0, int64_t(rank) - 1};
  for (size_t i = 2; i < rank; ++i)
    perm.push_back(i - 1);
  return perm;
}

Value modc::reshaped(OpBuilder &b, Location loc, Value x, ArrayRef<DimAttr> dims) {
  if (typeOf(x).getDims() == dims)
    return x;
  SmallVector<Attribute> shape(dims.begin(), dims.end());
  return ReshapeOp::create(b, loc, SymTensorType::get(typeOf(x).getElementType(), dims), x, b.getArrayAttr(shape));
}

Value modc::permuted(OpBuilder &b, Location loc, Value x, ArrayRef<int64_t> order) {
  auto dims = typeOf(x).getDims();
  SmallVector<DimAttr> to;
  int64_t last = -1;
  bool keeps = true;
  for (int64_t d : order) {
    to.push_back(dims[d]);
    if (isOne(dims[d]))
      continue;
    keeps &= d > last;
    last = d;
  }
  if (keeps)
    return reshaped(b, loc, x, to);
  return PermuteOp::create(b, loc, typeOf(x).withDims(to), x, b.getDenseI64ArrayAttr(order));
}

Value modc::inLanguageOrder(OpBuilder &b, Location loc, const Stored &x) { return permuted(b, loc, x.value, x.perm); }

Value modc::reordered(OpBuilder &b, Location loc, Value x, ArrayRef<int64_t> order) {
  auto dims = typeOf(x).getDims();
  if (dims.size() == order.size())
    return permuted(b, loc, x, order);
  if (dims.empty())
    return x;
  SmallVector<DimAttr> full(order.size() - dims.size(), DimAttr::constant(b.getContext(), 1));
  llvm::append_range(full, dims);
  // The final shape is known before anything is made, so that [C, 1, 1] becomes [C] in one step or none.
  SmallVector<DimAttr> to;
  int64_t last = -1;
  bool keeps = true;
  for (int64_t d : order) {
    if (to.empty() && isOne(full[d]))
      continue;
    to.push_back(full[d]);
    if (isOne(full[d]))
      continue;
    keeps &= d > last;
    last = d;
  }
  if (keeps)
    return reshaped(b, loc, x, to);
  return permuted(b, loc, reshaped(b, loc, x, full), order);
}

std::optional<SmallVector<Run>> modc::matchRuns(ArrayRef<DimAttr> from, ArrayRef<DimAttr> to) {
  SmallVector<Run> runs;
  size_t i = 0, j = 0;
  DimAttr one = DimAttr::constant(from.empty() ? to[0].getContext() : from[0].getContext(), 1);
  SmallVector<int64_t> ones; // leading ones of the result
  auto skipOnes = [&] {
    for (; i < from.size() && isOne(from[i]); ++i) {
    }
    for (; j < to.size() && isOne(to[j]); ++j)
      if (runs.empty())
        ones.push_back(j);
      else
        runs.back().to.push_back(j);
  };
  for (skipOnes(); i < from.size() && j < to.size(); skipOnes()) {
    Run run;
    DimAttr a = one, c = one;
    // The smallest equal products; what is left over as a whole is always equal.
    bool matched = false;
    for (size_t ii = i + 1; !matched && ii <= from.size(); ++ii) {
      a = DimAttr::product(one.getContext(), from.slice(i, ii - i));
      for (size_t jj = j + 1; !matched && jj <= to.size(); ++jj) {
        c = DimAttr::product(one.getContext(), to.slice(j, jj - j));
        if (a != c)
          continue;
        matched = true;
        for (; i < ii; ++i)
          if (!isOne(from[i]))
            run.from.push_back(i);
        for (; j < jj; ++j)
          run.to.push_back(j);
      }
    }
    if (!matched || run.from.empty())
      return std::nullopt;
    runs.push_back(std::move(run));
  }
  if (i < from.size() || j < to.size() || runs.empty())
    return std::nullopt;
  runs.front().to.insert(runs.front().to.begin(), ones.begin(), ones.end());
  return runs;
}
