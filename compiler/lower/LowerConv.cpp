// Kernels around a convolution whose filters are packed.
#include "compiler/lower/Kernel.h"
#include "compiler/lower/Strided.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace modc;
using namespace modc::lower;
using mod::DimAttr;

namespace {
/// A convolution's index space, `[batch, positions..., channel]`, and its operands.
struct Space {
  int64_t groups;
  size_t spatial;
  DimAttr batch, features, channels; ///< channels of x, of all groups
  SmallVector<DimAttr> input, output;
  SmallVector<const Atom *> variables; ///< batch, positions, channel of the result
  Indices at;                          ///< of the result, in the order that it has
};
} // namespace

static Expr of(IndexSpace &space, const Atom *atom) { return isOne(atom->extent) ? space.zero() : space.of(atom); }

static Space makeSpace(IndexSpace &space, mod::ConvOp op) {
  auto x = tensorType(op.getX()).getDims(), y = tensorType(op.getY()).getDims();
  bool last = op.getChannelsLast();
  Space s;
  s.groups = op.getGroups();
  s.spatial = x.size() - 2;
  s.batch = y[0];
  s.channels = last ? x.back() : x[1];
  s.features = last ? y.back() : y[1];
  s.input.assign(x.slice(last ? 1 : 2, s.spatial).begin(), x.slice(last ? 1 : 2, s.spatial).end());
  s.output.assign(y.slice(last ? 1 : 2, s.spatial).begin(), y.slice(last ? 1 : 2, s.spatial).end());
  s.variables.push_back(space.outer(0, s.batch));
  for (auto [i, d] : llvm::enumerate(s.output))
    s.variables.push_back(space.outer(i + 1, d));
  s.variables.push_back(space.outer(s.spatial + 1, s.features));
  for (const Atom *variable : s.variables)
    s.at.push_back(of(space, variable));
  if (!last)
    std::rotate(s.at.begin() + 1, s.at.end() - 1, s.at.end());
  return s;
}

/// x as memory [batch, positions..., channels] of any strides.
static Value inputView(IndexSpace &space, Emitter &e, mod::ConvOp op, const Space &s) {
  SmallVector<DimAttr> dims{s.batch};
  llvm::append_range(dims, s.input);
  dims.push_back(s.channels);
  SmallVector<const Atom *> variables;
  Indices at;
  for (auto [i, d] : llvm::enumerate(dims)) {
    const Atom *variable = space.inner(0, i, d);
    variables.push_back(isOne(d) ? nullptr : variable);
    at.push_back(of(space, variable));
  }
  if (!op.getChannelsLast())
    std::rotate(at.begin() + 1, at.end() - 1, at.end());
  auto found = strided(space, e, op.getX(), at, variables);
  if (!found)
    return {};
  // A dimension of 1 has any stride; the contiguous one keeps the type plain.
  DimAttr step = space.dim(1);
  for (size_t i = dims.size(); i-- > 0; step = step.times(dims[i]))
    if (isOne(dims[i]))
      found->strides[i] = step;
  return makeView(space, e, *found, dims, found->strides);
}

/// The filters if they are packed as `kern.conv` wants them: columns within a group; summands by group, position,
/// channel.
static Value packedFilters(IndexSpace &space, Emitter &e, mod::ConvOp op, const Space &s) {
  auto w = tensorType(op.getW()).getDims();
  DimAttr groups = space.dim(s.groups), columns = w[0].floorDiv(groups);
  SmallVector<DimAttr> summed{groups};
  llvm::append_range(summed, w.drop_front(2));
  summed.push_back(w[1]);
  Indices summands;
  for (auto [i, d] : llvm::enumerate(summed))
    summands.push_back(of(space, space.inner(0, i, d)));
  Expr column = of(space, space.inner(0, summed.size(), columns));
  Indices at{space.add(space.scale(summands[0], columns), column), summands.back()};
  at.append(summands.begin() + 1, summands.end() - 1);
  Source source = seeThrough(space, op.getW(), at);
  if (!isa<BlockArgument>(source.value) || !isPacked(source.value) || source.at.size() != 2)
    return {};
  size_t panel = tensorType(source.value).getLayout().getPanel()[0];
  if (!(source.at[panel] == column) || !(source.at[1 - panel] == space.linearise(summands, summed)))
    return {};
  return e.argument(source.value);
}

/// The filters of a depthwise convolution as memory [positions, channels].
static Value depthwiseFilters(IndexSpace &space, Emitter &e, mod::ConvOp op, const Space &s) {
  auto w = tensorType(op.getW()).getDims();
  if (s.channels.getConstant() != s.groups || s.features != s.channels)
    return {};
  SmallVector<const Atom *> variables;
  SmallVector<DimAttr> dims(w.drop_front(2));
  dims.push_back(w[0]);
  Indices positions;
  for (auto [i, d] : llvm::enumerate(dims)) {
    const Atom *variable = space.inner(0, i, d);
    variables.push_back(isOne(d) ? nullptr : variable);
    positions.push_back(of(space, variable));
  }
  Indices at{positions.back(), space.zero()};
  at.append(positions.begin(), positions.end() - 1);
  auto found = strided(space, e, op.getW(), at, variables);
  if (!found)
    return {};
  DimAttr step = space.dim(1);
  for (size_t i = dims.size(); i-- > 0; step = step.times(dims[i]))
    if (!isOne(dims[i]) && found->strides[i] != step)
      return {};
  DimAttr count = DimAttr::product(op.getContext(), ArrayRef(dims).drop_back(1));
  return makeView(space, e, *found, {count, s.channels}, {s.channels, space.dim(1)});
}

bool Kernel::lowerConv(mod::ConvOp op) {
  Space s = makeSpace(space, op);
  SmallVector<int64_t> kernel;
  for (DimAttr d : tensorType(op.getW()).getDims().drop_front(2)) {
    if (!d.getConstant())
      return false;
    kernel.push_back(*d.getConstant());
  }
  // Depthwise filters are no panels, and few plain ones look like theirs; those go element by element.
  Value depthwise = depthwiseFilters(space, e, op, s);
  Value filters = depthwise ? depthwise : packedFilters(space, e, op, s);
  if (!filters)
    return false;
  SmallVector<std::pair<Output *, Indices>> stores;
  for (Output &output : outputs) {
    if (output.done || readsPanels(output.value, op))
      continue;
    if (auto at = pushForward(space, op.getY(), s.at, output.value))
      stores.push_back({&output, *at});
  }
  Value input = stores.empty() ? Value() : inputView(space, e, op, s);
  if (!input)
    return false;

  auto dims = tensorType(op.getY()).getDims();
  Expr here = space.linearise(s.at, dims);
  auto epilogue = [&](OpBuilder &, Location, Value acc, ValueRange ivs) {
    SmallVector<std::pair<const Atom *, Value>> bindings;
    for (auto [variable, iv] : llvm::zip_equal(s.variables, ivs))
      bindings.push_back({variable, iv});
    e.known = [&](Value tensor, ArrayRef<Expr> at) {
      return tensor == op.getY() && space.linearise(at, dims) == here ? acc : Value();
    };
    llvm::SaveAndRestore lane(e.lane, isOne(s.features) ? ivs.back() : Value());
    e.inScope(bindings, [&] {
      for (auto &[output, at] : stores) {
        e.store(output->target, tensorType(output->value), at, e.at(output->value, at));
        output->done = true;
      }
    });
    e.known = nullptr;
  };
  auto sizes = [&](ArrayRef<DimAttr> list) {
    return llvm::map_to_vector(list, [&](DimAttr d) -> Value { return e.dim(d); });
  };
  if (depthwise)
    kern::DwconvOp::create(e.b, op.getLoc(), input, filters, e.dim(s.batch), sizes(s.input), sizes(s.output),
                           e.dim(s.channels), kernel, op.getStride(), op.getLo(), op.getDilation(), epilogue);
  else
    kern::ConvOp::create(e.b, op.getLoc(), input, filters, e.dim(s.batch), sizes(s.input), sizes(s.output),
                         e.dim(s.channels), e.dim(s.features), kernel, op.getStride(), op.getLo(), op.getDilation(),
                         s.groups, epilogue);
  return true;
}
