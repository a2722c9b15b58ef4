// Index maps of the primitives; see Access.h.
#include "compiler/lower/Access.h"
#include <set>

using namespace mlir;
using namespace modc;
using namespace modc::lower;
using mod::DimAttr;

static SmallVector<DimAttr> dimsOf(ArrayAttr array) {
  return llvm::map_to_vector(array, [](Attribute d) { return cast<DimAttr>(d); });
}

static SmallVector<int64_t> reducedPositions(Operation *op) {
  if (auto argmax = dyn_cast<mod::ArgmaxOp>(op))
    return {int64_t(argmax.getDim())};
  SmallVector<int64_t> dims(cast<DenseI64ArrayAttr>(op->getAttr("dims")).asArrayRef());
  llvm::sort(dims);
  return dims;
}

bool lower::isReduction(Operation *op) { return isa_and_nonnull<mod::SumOp, mod::AmaxOp, mod::ArgmaxOp>(op); }

SmallVector<DimAttr> lower::reducedDims(Operation *op) {
  SmallVector<DimAttr> dims;
  for (int64_t position : reducedPositions(op))
    dims.push_back(tensorType(op->getOperand(0)).getDims()[position]);
  return dims;
}

Indices lower::wholeTensor(IndexSpace &space, mod::SymTensorType type,
                           function_ref<const Atom *(unsigned, DimAttr)> make) {
  Indices at;
  unsigned position = 0;
  for (DimAttr d : type.getDims())
    at.push_back(d.getConstant() == 1 ? space.zero() : space.of(make(position++, d)));
  return at;
}

/// Indices of an operand aligned from the right; its dimensions of size 1 are stretched.
static Indices broadcast(IndexSpace &space, ArrayRef<Expr> at, ArrayRef<DimAttr> dims) {
  Indices out;
  for (auto [i, d] : llvm::enumerate(dims))
    out.push_back(d.getConstant() == 1 ? space.zero() : at[i + at.size() - dims.size()]);
  return out;
}

static Indices reductionOperand(IndexSpace &space, Operation *op, ArrayRef<Expr> at, unsigned depth) {
  SmallVector<int64_t> reduced = reducedPositions(op);
  auto keep = op->getAttrOfType<BoolAttr>("keepdim");
  bool keepdim = keep && keep.getValue();
  Indices out;
  unsigned next = 0, position = 0;
  for (auto [i, d] : llvm::enumerate(tensorType(op->getOperand(0)).getDims())) {
    bool isReduced = llvm::is_contained(reduced, int64_t(i));
    out.push_back(isReduced ? space.of(space.inner(depth, position++, d)) : at[next]);
    next += !isReduced || keepdim;
  }
  return out;
}

static SmallVector<Indices> matmulOperands(IndexSpace &space, mod::MatmulOp op, ArrayRef<Expr> at, unsigned depth) {
  auto a = tensorType(op.getA()).getDims(), b = tensorType(op.getB()).getDims();
  Expr k = space.of(space.inner(depth, 0, a.back()));
  ArrayRef<Expr> batch = at.drop_back(2);
  Indices left = broadcast(space, batch, a.drop_back(2)), right = broadcast(space, batch, b.drop_back(2));
  left.append({at[at.size() - 2], k});
  if (op.getTransB())
    right.append({at.back(), k});
  else
    right.append({k, at.back()});
  return {left, right};
}

static SmallVector<Indices> attentionOperands(IndexSpace &space, mod::AttentionOp op, ArrayRef<Expr> at,
                                              unsigned depth) {
  auto k = tensorType(op.getK()).getDims();
  Expr key = space.of(space.inner(depth, 0, k[k.size() - 2])), feature = space.of(space.inner(depth + 1, 0, k.back()));
  Indices q(at.drop_back(1)), keys(at.drop_back(2)), values(at.drop_back(2)), scores(at.drop_back(1));
  q.push_back(feature);
  keys.append({key, feature});
  values.append({key, at.back()});
  scores.push_back(key);
  SmallVector<Indices> out{q, keys, values};
  if (op.getMask())
    out.push_back(broadcast(space, scores, tensorType(op.getMask()).getDims()));
  if (op.getKey())
    out.emplace_back();
  return out;
}

SmallVector<DimAttr> lower::summedDims(Operation *op) {
  auto w = tensorType(op->getOperand(1)).getDims();
  SmallVector<DimAttr> dims(w.drop_front(2));
  auto transposed = dyn_cast<mod::ConvTransposeOp>(op);
  DimAttr groups = DimAttr::constant(op->getContext(), transposed ? int64_t(transposed.getGroups()) : 1);
  dims.push_back(transposed ? w[0].floorDiv(groups) : w[1]);
  return dims;
}

TransposedAxis lower::transposedAxis(IndexSpace &space, mod::ConvTransposeOp op, unsigned i, const Expr &at,
                                     const Expr &tap) {
  int64_t stride = op.getStride()[i], padding = op.getPadding()[i], dilation = op.getDilation()[i];
  // Moved up by a multiple of the stride, so that nothing negative is divided.
  DimAttr up = tensorType(op.getW()).getDims()[i + 2].plus(space.dim(-1)).times(space.dim(dilation));
  Expr e = space.add(space.offset(at, up.times(space.dim(stride)).plus(space.dim(padding))),
                     space.scale(tap, space.dim(-dilation)));
  DimAttr extent = tensorType(op.getX()).getDims()[i + (op.getChannelsLast() ? 1 : 2)].plus(up, 2);
  auto [quotient, remainder] = space.divided(e, space.dim(stride), extent);
  return {space.offset(quotient, space.dim(0).plus(up, -1)), remainder};
}

/// Operands of either convolution: x and the filters.
static SmallVector<Indices> convolutionOperands(IndexSpace &space, Operation *op, ArrayRef<Expr> at, unsigned depth) {
  auto forward = dyn_cast<mod::ConvOp>(op);
  auto transposed = dyn_cast<mod::ConvTransposeOp>(op);
  bool last = op->hasAttr("channels_last");
  int64_t groups = forward ? forward.getGroups() : transposed.getGroups();
  SmallVector<DimAttr> summed = summedDims(op);
  size_t spatial = summed.size() - 1, first = last ? 1 : 2, channel = last ? spatial + 1 : 1;
  Indices taps;
  for (auto [i, d] : llvm::enumerate(summed))
    taps.push_back(d.getConstant() == 1 ? space.zero() : space.of(space.inner(depth, i, d)));
  Expr c = taps.back(), o = at[channel], group = space.zero(), inGroup = o;
  if (groups != 1) {
    DimAttr outputs = tensorType(op->getResult(0)).getDims()[channel], n = space.dim(groups);
    Indices split = space.reshape({o}, {outputs}, {n, outputs.floorDiv(n)});
    group = split[0];
    inGroup = split[1];
  }
  Expr input = space.add(space.scale(group, summed.back()), c);
  Indices x(at);
  x[channel] = input;
  for (size_t i = 0; i < spatial; ++i) {
    if (transposed) {
      x[first + i] = transposedAxis(space, transposed, i, at[first + i], taps[i]).position;
      continue;
    }
    Expr moved = space.add(space.scale(at[first + i], space.dim(forward.getStride()[i])),
                           space.scale(taps[i], space.dim(forward.getDilation()[i])));
    x[first + i] = space.offset(moved, space.dim(-forward.getLo()[i]));
  }
  Indices w = forward ? Indices{o, c} : Indices{input, inGroup};
  w.append(taps.begin(), taps.begin() + spatial);
  return {x, w};
}

SmallVector<Indices> lower::operandIndices(IndexSpace &space, Operation *op, ArrayRef<Expr> at, unsigned depth) {
  if (isReduction(op))
    return {reductionOperand(space, op, at, depth)};
  return llvm::TypeSwitch<Operation *, SmallVector<Indices>>(op)
      .Case([&](mod::ReshapeOp r) -> SmallVector<Indices> {
        return {space.reshape(at, tensorType(r.getY()).getDims(), tensorType(r.getX()).getDims())};
      })
      .Case([&](mod::PermuteOp p) -> SmallVector<Indices> {
        Indices x(at.size(), space.zero());
        for (auto [i, d] : llvm::enumerate(p.getDims()))
          x[d] = at[i];
        return {x};
      })
      .Case([&](mod::NarrowOp n) -> SmallVector<Indices> {
        Indices x(at);
        x[n.getDim()] = space.offset(space.scale(at[n.getDim()], space.dim(n.getStep())), n.getStart());
        return {x};
      })
      .Case<mod::RepackOp, mod::AssumeOp>([&](auto) -> SmallVector<Indices> { return {Indices(at)}; })
      .Case([&](mod::ReduceWindowOp w) -> SmallVector<Indices> {
        Indices x(at);
        SmallVector<DimAttr> lo = dimsOf(w.getLo());
        for (auto [i, window] : llvm::enumerate(w.getWindow())) {
          Expr step = space.scale(space.of(space.inner(depth, i, space.dim(window))), space.dim(w.getDilation()[i]));
          Expr &here = x[w.getFirstWindowed() + i];
          here = space.offset(space.add(space.scale(here, space.dim(w.getStride()[i])), step),
                              space.dim(0).plus(lo[i], -1));
        }
        return {x};
      })
      .Case([&](mod::MatmulOp m) { return matmulOperands(space, m, at, depth); })
      .Case([&](mod::AttentionOp a) { return attentionOperands(space, a, at, depth); })
      .Case<mod::ConvOp, mod::ConvTransposeOp>([&](auto c) { return convolutionOperands(space, c, at, depth); })
      .Case([&](mod::TakeOp t) -> SmallVector<Indices> {
        size_t dim = t.getDim(), rank = tensorType(t.getIndex()).getDims().size();
        Indices index(at.slice(dim, rank)), x(at.take_front(dim));
        x.push_back(space.of(space.computed(t.getIndex(), index, tensorType(t.getX()).getDims()[dim])));
        llvm::append_range(x, at.drop_front(dim + rank));
        return {x, index};
      })
      .Case([&](mod::GatherOp g) -> SmallVector<Indices> {
        Indices x(at);
        x[g.getDim()] = space.of(space.computed(g.getIndex(), at, tensorType(g.getX()).getDims()[g.getDim()]));
        return {x, Indices(at)};
      })
      .Case([&](mod::CatOp c) {
        SmallVector<Indices> out;
        DimAttr start = space.dim(0);
        for (Value x : c.getXs()) {
          out.emplace_back(at);
          out.back()[c.getDim()] = space.offset(at[c.getDim()], space.dim(0).plus(start, -1));
          start = start.plus(tensorType(x).getDims()[c.getDim()]);
        }
        return out;
      })
      .Case([&](mod::ConstantPadOp p) -> SmallVector<Indices> {
        Indices x;
        for (auto [e, lo] : llvm::zip(at, p.getLo()))
          x.push_back(space.offset(e, space.dim(-lo)));
        return {x};
      })
      .Case([&](mod::UpdateSliceOp u) -> SmallVector<Indices> {
        Indices v;
        for (auto [e, start] : llvm::zip(at, dimsOf(u.getStart())))
          v.push_back(space.offset(e, space.dim(0).plus(start, -1)));
        return {Indices(at), v};
      })
      .Default([&](Operation *other) {
        // Elementwise and expand: aligned from the right.
        SmallVector<Indices> out;
        for (Value x : other->getOperands()) {
          if (auto type = dyn_cast<mod::SymTensorType>(x.getType()))
            out.push_back(broadcast(space, at, type.getDims()));
          else
            out.emplace_back();
        }
        return out;
      });
}

/// Operations whose result's element is an operand's element, unchanged.
static bool isIdentity(Operation *op) {
  if (auto to = dyn_cast<mod::ToOp>(op))
    return tensorType(to.getX()).getElementType() == to.getDtype();
  return isa<mod::DetachOp, mod::RepackOp, mod::AssumeOp>(op);
}

Source lower::seeThrough(IndexSpace &space, Value value, ArrayRef<Expr> at) {
  Source source{value, Indices(at)};
  while (Operation *op = source.value.getDefiningOp()) {
    if (!isIdentity(op) && !isa<mod::ReshapeOp, mod::PermuteOp, mod::ExpandOp, mod::NarrowOp>(op))
      break;
    source.at = operandIndices(space, op, source.at, 0)[0];
    source.value = op->getOperand(0);
  }
  return source;
}

std::optional<Indices> lower::pushForward(IndexSpace &space, Value anchor, ArrayRef<Expr> at, Value target) {
  if (target == anchor)
    return Indices(at);
  Operation *op = target.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (isIdentity(op))
    return pushForward(space, anchor, at, op->getOperand(0));
  if (auto reshape = dyn_cast<mod::ReshapeOp>(op)) {
    auto x = pushForward(space, anchor, at, reshape.getX());
    if (!x)
      return std::nullopt;
    return space.reshape(*x, tensorType(reshape.getX()).getDims(), tensorType(target).getDims());
  }
  if (auto permute = dyn_cast<mod::PermuteOp>(op)) {
    auto x = pushForward(space, anchor, at, permute.getX());
    if (!x)
      return std::nullopt;
    Indices y;
    for (int64_t d : permute.getDims())
      y.push_back((*x)[d]);
    return y;
  }
  if (!isa<mod::ScalarOpInterface>(op))
    return std::nullopt;
  for (Value x : op->getOperands())
    if (tensorType(x).getDims() == tensorType(target).getDims())
      if (auto found = pushForward(space, anchor, at, x))
        return found;
  return std::nullopt;
}

Expr lower::linearInMemory(IndexSpace &space, mod::SymTensorType type, ArrayRef<Expr> at) {
  SmallVector<DimAttr> dims(type.getDims());
  Indices indices(at);
  if (mod::LayoutAttr layout = type.getLayout())
    for (auto [i, d] : llvm::enumerate(layout.getPerm())) {
      dims[i] = type.getDims()[d];
      indices[i] = at[d];
    }
  return space.linearise(indices, dims);
}

Operation *Request::reduction() const {
  Operation *op = value ? value.getDefiningOp() : nullptr;
  return isReduction(op) ? op : nullptr;
}

bool lower::isBranch(Operation *op) {
  auto padded = [](mod::ConvOp conv) {
    auto some = [](int64_t n) { return n != 0; };
    return llvm::any_of(conv.getLo(), some) || llvm::any_of(conv.getHi(), some);
  };
  auto conv = dyn_cast<mod::ConvOp>(op);
  return isa<mod::CatOp, mod::ConstantPadOp, mod::UpdateSliceOp, mod::ConvTransposeOp, mod::ReduceWindowOp>(op) ||
         (conv && padded(conv));
}

static bool hasComputed(const Expr &e) {
  return llvm::any_of(e.terms, [](auto &term) { return term.first->kind == Atom::Kind::Computed; });
}

namespace {
struct Collector {
  IndexSpace &space;
  function_ref<bool(const Expr &)> isRow;
  SmallVector<Request> requests;
  std::set<std::string> seen;

  void visit(Value value, ArrayRef<Expr> at, unsigned depth, bool branch) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return;
    std::string key = std::to_string(uintptr_t(op)) + (branch ? "?" : ":") + keyOf(at);
    bool fixed = !branch && llvm::all_of(at, isRow), row = fixed && isReduction(op);
    if (!seen.insert(key).second)
      return;
    unsigned inside = row ? 0 : depth;
    SmallVector<Indices> operands = operandIndices(space, op, at, inside);
    // The sums of products and attention take up to two depths of variables.
    unsigned next = inside + (isReduction(op) || isa<mod::ReduceWindowOp>(op)                               ? 1
                              : isa<mod::MatmulOp, mod::ConvOp, mod::ConvTransposeOp, mod::AttentionOp>(op) ? 2
                                                                                                            : 0);
    for (auto [x, indices] : llvm::zip(op->getOperands(), operands))
      if (isa<mod::SymTensorType>(x.getType()))
        visit(x, indices, next, branch || isBranch(op));
    if (row)
      requests.push_back({value, Indices(at)});
    else if (fixed && depth == 1 && isa<mod::ScalarOpInterface>(op) && op->getNumOperands() > 0)
      requests.push_back({value, Indices(at)});
    else if (!branch && next == 1 && isa<mod::TakeOp, mod::GatherOp>(op))
      for (const Expr &e : operands[0])
        if (hasComputed(e) && isRow(e))
          requests.push_back({Value(), {e}});
  }
};
} // namespace

SmallVector<Request> lower::collectRequests(IndexSpace &space, Value value, ArrayRef<Expr> at, unsigned depth,
                                            function_ref<bool(const Expr &)> isRow) {
  Collector collector{space, isRow, {}, {}};
  collector.visit(value, at, depth, false);
  return std::move(collector.requests);
}
