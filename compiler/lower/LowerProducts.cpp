// Kernels around a matrix product or attention, and the packing of right-hand matrices.
#include "compiler/lower/Kernel.h"
#include "compiler/lower/Strided.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace modc;
using namespace modc::lower;
using mod::DimAttr;

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

namespace {
/// A product's index space, `[batch..., rows, cols]`, and its operands in it.
struct Product {
  SmallVector<DimAttr> batch;
  SmallVector<const Atom *> batchAtoms;
  DimAttr rows, cols, inner;
  const Atom *i, *j, *k;
  Indices at; ///< of the result
  Strided left, right;
  Value panels;
};
} // namespace

/// Variables for `[batch..., rows, cols]`, and where they point in the result.
static Product makeProduct(IndexSpace &space, mod::MatmulOp op, bool joined) {
  auto dims = tensorType(op.getY()).getDims();
  Product p;
  p.inner = tensorType(op.getA()).getDims().back();
  p.rows = dims[dims.size() - 2];
  p.cols = dims.back();
  if (joined)
    p.rows = DimAttr::product(op.getContext(), dims.drop_back(1));
  else
    llvm::copy_if(dims.drop_back(2), std::back_inserter(p.batch), [](DimAttr d) { return !isOne(d); });
  for (DimAttr d : p.batch)
    p.batchAtoms.push_back(space.outer(p.batchAtoms.size(), d));
  unsigned n = p.batch.size();
  p.i = space.outer(n, p.rows);
  p.j = space.outer(n + 1, p.cols);
  p.k = space.inner(0, 0, p.inner);

  Indices given;
  SmallVector<DimAttr> sizes(p.batch);
  for (const Atom *atom : p.batchAtoms)
    given.push_back(space.of(atom));
  given.append({space.of(p.i), space.of(p.j)});
  sizes.append({p.rows, p.cols});
  p.at = space.reshape(given, sizes, dims);
  return p;
}

static bool findOperands(IndexSpace &space, Emitter &e, mod::MatmulOp op, Product &p) {
  SmallVector<Indices> operands = operandIndices(space, op, p.at, 0);
  SmallVector<const Atom *> left(p.batchAtoms), right(p.batchAtoms);
  left.append({isOne(p.rows) ? nullptr : p.i, p.k});
  right.append({p.k, isOne(p.cols) ? nullptr : p.j});
  auto a = strided(space, e, op.getA(), operands[0], left);
  if (!a)
    return false;
  p.left = *a;

  Source b = seeThrough(space, op.getB(), operands[1]);
  if (isa<BlockArgument>(b.value) && isPacked(b.value)) {
    size_t panel = tensorType(b.value).getLayout().getPanel()[0];
    auto is = [&](const Expr &e, const Atom *atom) {
      return e == space.of(atom) || (isOne(atom->extent) && e.isZero());
    };
    if (!is(b.at[panel], p.j) || !is(b.at[1 - panel], p.k))
      return false;
    p.panels = e.argument(b.value);
    return true;
  }
  auto found = strided(space, e, op.getB(), operands[1], right);
  if (!found)
    return false;
  p.right = *found;
  return true;
}

bool Kernel::lowerMatmul(mod::MatmulOp op) {
  auto dims = tensorType(op.getY()).getDims();
  // Integers are computed element by element.
  if (!isa<FloatType>(tensorType(op.getY()).getElementType()))
    return false;
  // One matrix on the right for all batches and evenly spaced rows on the left: one tall product.
  Product p = makeProduct(space, op, /*joined=*/true);
  if (!findOperands(space, e, op, p)) {
    p = makeProduct(space, op, /*joined=*/false);
    if (!findOperands(space, e, op, p))
      return false;
  }
  size_t n = p.batch.size();
  DimAttr si = p.left.strides[n], sk = p.left.strides[n + 1];
  bool transA = !isOne(sk) && !isOne(p.inner);
  if (transA && !isOne(si))
    return false;
  SmallVector<DimAttr> leftDims(p.batch), leftStrides(ArrayRef(p.left.strides).take_front(n));
  leftDims.append({transA ? p.inner : p.rows, transA ? p.rows : p.inner});
  // A dimension of 1 has any stride; the contiguous one keeps the type plain.
  DimAttr rowStride = isOne(p.rows) ? p.inner : si;
  leftStrides.append({transA ? sk : rowStride, space.dim(1)});

  bool transB = false;
  SmallVector<DimAttr> rightDims, rightStrides;
  if (!p.panels) {
    DimAttr tk = p.right.strides[n], tj = p.right.strides[n + 1];
    transB = !isOne(tj) && !isOne(p.cols);
    if (isOne(p.cols) && isOne(tk))
      transB = true;
    if (transB && !isOne(tk) && !isOne(p.inner))
      return false;
    if (!llvm::all_of(ArrayRef(p.right.strides).take_front(n), isZero)) {
      llvm::append_range(rightDims, p.batch);
      llvm::append_range(rightStrides, ArrayRef(p.right.strides).take_front(n));
    }
    rightDims.append({transB ? p.cols : p.inner, transB ? p.inner : p.cols});
    DimAttr outer = transB ? tj : tk;
    bool single = transB ? isOne(p.cols) : isOne(p.inner);
    rightStrides.append({single ? (transB ? p.inner : p.cols) : outer, space.dim(1)});
  }

  SmallVector<std::pair<Output *, Indices>> stores;
  for (Output &output : outputs) {
    if (output.done || readsPanels(output.value, op))
      continue;
    if (auto at = pushForward(space, op.getY(), p.at, output.value))
      stores.push_back({&output, *at});
  }
  if (stores.empty())
    return false;

  Value left = makeView(space, e, p.left, leftDims, leftStrides);
  Value right = p.panels ? p.panels : makeView(space, e, p.right, rightDims, rightStrides);
  SmallVector<Value> batch = llvm::map_to_vector(p.batch, [&](DimAttr d) { return e.dim(d); });
  Expr here = space.linearise(p.at, dims);
  kern::GemmOp::create(e.b, op.getLoc(), left, right, e.dim(p.rows), e.dim(p.cols), e.dim(p.inner), batch, transA,
                       transB, [&](OpBuilder &, Location, Value acc, ValueRange ivs) {
                         SmallVector<std::pair<const Atom *, Value>> bindings;
                         for (auto [atom, iv] : llvm::zip(p.batchAtoms, ivs))
                           bindings.push_back({atom, iv});
                         bindings.push_back({p.i, ivs[n]});
                         bindings.push_back({p.j, ivs[n + 1]});
                         e.known = [&](Value tensor, ArrayRef<Expr> at) {
                           return tensor == op.getY() && space.linearise(at, dims) == here ? acc : Value();
                         };
                         llvm::SaveAndRestore lane(e.lane, isOne(p.cols) ? ivs[n + 1] : Value());
                         e.inScope(bindings, [&] {
                           for (auto &[output, at] : stores) {
                             e.store(output->target, tensorType(output->value), at, e.at(output->value, at));
                             output->done = true;
                           }
                         });
                         e.known = nullptr;
                       });
  return true;
}

LogicalResult Kernel::lowerPack(Output &output) {
  auto type = tensorType(output.value);
  if (readsPanels(output.value))
    return source->emitOpError("packs what is packed already");
  size_t panel = type.getLayout().getPanel()[0];
  DimAttr cols = type.getDims()[panel], inner = type.getDims()[1 - panel];
  const Atom *j = space.outer(0, cols), *k = space.outer(1, inner);
  kern::PackOp::create(e.b, source->getLoc(), output.target, e.dim(cols), e.dim(inner),
                       [&](OpBuilder &, Location, Value col, Value row) {
                         Value element;
                         e.inScope({{j, col}, {k, row}}, [&] {
                           Indices at{space.of(panel == 0 ? j : k), space.of(panel == 0 ? k : j)};
                           element = mod::scalar::convert(e.b, source->getLoc(), e.at(output.value, at),
                                                          storageType(type.getElementType()));
                         });
                         return element;
                       });
  output.done = true;
  return success();
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

bool Kernel::lowerAttention(mod::AttentionOp op) {
  auto qDims = tensorType(op.getQ()).getDims(), dims = tensorType(op.getY()).getDims();
  size_t rank = dims.size();
  DimAttr queries = dims[rank - 2], keys = tensorType(op.getK()).getDims()[rank - 2], features = qDims[rank - 1],
          out = dims[rank - 1];
  Type element = storageType(tensorType(op.getY()).getElementType());
  if (op.getKey() || !features.getConstant() || !out.getConstant())
    return false;

  SmallVector<DimAttr> batch;
  SmallVector<const Atom *> batchAtoms;
  Indices batchAt;
  for (DimAttr d : dims.drop_back(2)) {
    if (isOne(d)) {
      batchAt.push_back(space.zero());
      continue;
    }
    batchAtoms.push_back(space.outer(batch.size(), d));
    batch.push_back(d);
    batchAt.push_back(space.of(batchAtoms.back()));
  }
  unsigned n = batch.size();
  const Atom *i = space.outer(n, queries), *j = space.outer(n + 1, keys), *d = space.inner(0, 0, features),
             *o = space.inner(0, 0, out);
  auto operand = [&](Value v, const Atom *row, const Atom *feature) -> std::optional<Strided> {
    Indices at(batchAt);
    at.append({space.of(row), space.of(feature)});
    SmallVector<const Atom *> variables(batchAtoms);
    variables.append({row, feature});
    auto found = strided(space, e, v, at, variables);
    if (!found || !isOne(found->strides.back()))
      return std::nullopt;
    return found;
  };
  auto q = operand(op.getQ(), i, d), k = operand(op.getK(), j, d), v = operand(op.getV(), j, o);
  if (!q || !k || !v)
    return false;

  // Where the result goes: the first output that is a view of it.
  Indices at(batchAt);
  at.append({space.of(i), space.of(o)});
  SmallVector<const Atom *> variables(batchAtoms);
  variables.append({i, o});
  struct Target {
    Output *output;
    Indices at;
  };
  SmallVector<Target> targets;
  std::optional<Strided> result;
  for (Output &output : outputs) {
    auto place = output.done ? std::nullopt : pushForward(space, op.getY(), at, output.value);
    if (!place || storageType(tensorType(output.value).getElementType()) != element)
      continue;
    Expr linear = linearInMemory(space, tensorType(output.value), *place);
    bool isView = llvm::all_of(linear.terms, [&](auto &term) { return llvm::is_contained(variables, term.first); });
    if (!result) {
      if (!isView || !isOne(linear.coefficient(o)))
        continue;
      result = Strided{output.target, linear.constant, {}};
      for (const Atom *variable : variables)
        result->strides.push_back(linear.coefficient(variable));
    }
    targets.push_back({&output, *place});
  }
  if (!result)
    return false;

  auto memref = [&](const Strided &s, DimAttr rows, DimAttr columns) {
    SmallVector<DimAttr> sizes(batch);
    sizes.append({rows, columns});
    return makeView(space, e, s, sizes, s.strides);
  };
  Value qv = memref(*q, queries, features), kv = memref(*k, keys, features), vv = memref(*v, keys, out),
        ov = memref(*result, queries, out);
  Value scale =
      mod::scalar::constant(e.b, op.getLoc(), kern::GemmOp::accumulatorType(element), op.getScale().convertToDouble());
  SmallVector<Value> batchSizes = llvm::map_to_vector(batch, [&](DimAttr size) { return e.dim(size); });
  auto score = [&](OpBuilder &, Location loc, Value x, ValueRange ivs) -> Value {
    if (!op.getMask())
      return x;
    SmallVector<std::pair<const Atom *, Value>> bindings;
    for (auto [atom, iv] : llvm::zip(batchAtoms, ivs))
      bindings.push_back({atom, iv});
    bindings.push_back({i, ivs[n]});
    bindings.push_back({j, ivs[n + 1]});
    Indices scoreAt(batchAt);
    scoreAt.append({space.of(i), space.of(j)});
    auto maskDims = tensorType(op.getMask()).getDims();
    Indices maskAt;
    for (auto [position, size] : llvm::enumerate(maskDims))
      maskAt.push_back(isOne(size) ? space.zero() : scoreAt[position + scoreAt.size() - maskDims.size()]);
    Value sum;
    e.inScope(bindings, [&] { sum = mod::scalar::add(e.b, loc, x, e.at(op.getMask(), maskAt)); });
    return sum;
  };
  kern::AttentionOp::create(e.b, op.getLoc(), qv, kv, vv, ov, batchSizes, e.dim(queries), e.dim(keys), scale,
                            op.getCausal(), score);

  // What follows attention elementwise, and further outputs, are made of the stored result in a second sweep, in place.
  auto isPlain = [&](Value value) {
    return seeThrough(
               space, value,
               wholeTensor(space, tensorType(value), [&](unsigned p, DimAttr size) { return space.outer(p, size); }))
                   .value == op.getY() ||
           value == op.getY();
  };
  if (targets.size() == 1 && isPlain(targets[0].output->value)) {
    targets[0].output->done = true;
    return true;
  }
  SmallVector<Value> sizes(batchSizes);
  sizes.append({e.dim(queries), e.dim(out)});
  kern::MapOp::create(e.b, op.getLoc(), sizes, [&](OpBuilder &, Location loc, ValueRange ivs) {
    SmallVector<std::pair<const Atom *, Value>> bindings;
    for (auto [atom, iv] : llvm::zip(variables, ivs))
      bindings.push_back({atom, iv});
    Value stored = mod::scalar::convert(e.b, loc, kern::LoadOp::create(e.b, loc, ov, ivs), computeType(element));
    Expr here = space.linearise(at, dims);
    e.known = [&](Value tensor, ArrayRef<Expr> indices) {
      return tensor == op.getY() && space.linearise(indices, dims) == here ? stored : Value();
    };
    llvm::SaveAndRestore deeper(e.depth, 1u);
    llvm::SaveAndRestore inMap(e.inSpace, true);
    e.inScope(bindings, [&] {
      SmallVector<Value> elements;
      for (Target &target : targets)
        elements.push_back(e.at(target.output->value, target.at));
      for (auto [target, x] : llvm::zip(targets, elements)) {
        e.store(target.output->target, tensorType(target.output->value), target.at, x);
        target.output->done = true;
      }
    });
    e.known = nullptr;
  });
  return true;
}
