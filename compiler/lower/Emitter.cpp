// Sizes, views, loads, stores and scopes of a kernel function; see Emitter.h. The primitives are in Element.cpp.
#include "compiler/lower/Emitter.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace modc;
using namespace modc::lower;
using mod::DimAttr;

Type lower::storageType(Type element) {
  if (element.isInteger(1) || element.isUnsignedInteger(8))
    return IntegerType::get(element.getContext(), 8);
  return element;
}

Type lower::computeType(Type element) {
  if (element.isBF16() || element.isF16())
    return Float32Type::get(element.getContext());
  if (element.isUnsignedInteger(8))
    return IntegerType::get(element.getContext(), 32);
  return element;
}

Emitter::Emitter(kern::FuncOp func, IndexSpace &space, DenseMap<Value, Value> arguments,
                 std::map<std::string, Value> sizes)
    : b(func.getContext()), space(space), func(func), loc(func.getLoc()), entry(func.getContext()),
      arguments(std::move(arguments)), sizes(std::move(sizes)) {
  // What comes before the kernel operations is made before this operation, which goes at the end.
  b.setInsertionPoint(func.getBodyBlock()->getTerminator());
  marker = arith::ConstantIndexOp::create(b, loc, 0);
  entry.setInsertionPoint(marker);
  scopes.emplace_back();
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

Value Emitter::dim(DimAttr d) {
  Value &value = dims[d.text()];
  if (value)
    return value;
  auto constant = [&](int64_t c) -> Value { return arith::ConstantIndexOp::create(entry, loc, c); };
  auto factor = [&](Attribute atom) -> Value {
    if (auto name = dyn_cast<StringAttr>(atom))
      return sizes.at(name.str());
    auto fn = cast<mod::DimFnAttr>(atom);
    Value x = dim(fn.getA()), y = dim(fn.getB());
    if (fn.getFn() == "min")
      return entry.createOrFold<arith::MinSIOp>(loc, x, y);
    if (fn.getFn() == "max")
      return entry.createOrFold<arith::MaxSIOp>(loc, x, y);
    // A divisor of 0 is refused before a kernel is launched; this keeps even that from being undefined.
    return entry.createOrFold<arith::FloorDivSIOp>(loc, x, entry.createOrFold<arith::MaxSIOp>(loc, y, constant(1)));
  };
  Value sum;
  for (auto [c, monomial] : llvm::zip(d.getCoeffs(), d.getMonomials())) {
    Value product;
    for (Attribute a : monomial) {
      Value f = factor(a);
      product = product ? entry.createOrFold<arith::MulIOp>(loc, product, f) : f;
    }
    if (!product)
      product = constant(c);
    else if (c != 1)
      product = entry.createOrFold<arith::MulIOp>(loc, product, constant(c));
    sum = sum ? entry.createOrFold<arith::AddIOp>(loc, sum, product) : product;
  }
  return value = sum ? sum : constant(0);
}

Value Emitter::atom(const Atom *atom) {
  switch (atom->kind) {
  case Atom::Kind::Outer:
  case Atom::Kind::Inner: {
    Value value = bound.lookup(atom);
    assert(value && "variable outside its loop");
    return value;
  }
  case Atom::Kind::Quot:
    return b.createOrFold<arith::DivUIOp>(loc, index(atom->of), dim(atom->divisor));
  case Atom::Kind::Rem:
    return b.createOrFold<arith::RemUIOp>(loc, index(atom->of), dim(atom->divisor));
  case Atom::Kind::Opaque:
    return index(atom->of);
  case Atom::Kind::Computed: {
    Value element = at(atom->tensor, atom->at);
    return kern::CheckIndexOp::create(b, loc, b.getIndexType(), element, dim(atom->extent));
  }
  }
  llvm_unreachable("all kinds are listed");
}

Value Emitter::index(const Expr &e) {
  std::string key = "x" + e.key();
  if (Value known = lookup(key))
    return known;
  Value sum;
  for (auto &[a, c] : e.terms) {
    Value term = atom(a);
    if (c.getConstant() != 1)
      term = b.createOrFold<arith::MulIOp>(loc, term, dim(c));
    sum = sum ? b.createOrFold<arith::AddIOp>(loc, sum, term) : term;
  }
  if (!sum)
    sum = dim(e.constant);
  else if (e.constant.getConstant() != 0)
    sum = b.createOrFold<arith::AddIOp>(loc, sum, dim(e.constant));
  return scopes.back()[key] = sum;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value Emitter::view(Value flat, ArrayRef<DimAttr> shape, ArrayRef<DimAttr> strides, DimAttr offset) {
  SmallVector<DimAttr> steps(strides);
  if (strides.empty() && !shape.empty()) {
    steps.resize(shape.size());
    DimAttr step = space.dim(1);
    for (size_t i = shape.size(); i-- > 0; step = step.times(shape[i]))
      steps[i] = step;
  }
  if (!offset)
    offset = space.dim(0);
  std::string key = std::to_string(cast<BlockArgument>(flat).getArgNumber()) + "+" + offset.text();
  for (auto [d, s] : llvm::zip(shape, steps))
    key += "," + d.text() + ":" + s.text();
  Value &cached = views[key];
  if (cached)
    return cached;

  auto mixed = [&](DimAttr d) -> OpFoldResult {
    if (auto c = d.getConstant())
      return entry.getIndexAttr(*c);
    return dim(d);
  };
  auto number = [](DimAttr d) { return d.getConstant().value_or(ShapedType::kDynamic); };
  SmallVector<OpFoldResult> sizes = llvm::map_to_vector(shape, mixed), stepValues = llvm::map_to_vector(steps, mixed);
  SmallVector<int64_t> typeShape = llvm::map_to_vector(shape, number), typeStrides = llvm::map_to_vector(steps, number);
  MemRefLayoutAttrInterface layout;
  if (!strides.empty() || number(offset) != 0)
    layout = StridedLayoutAttr::get(func.getContext(), number(offset), typeStrides);
  auto type = MemRefType::get(typeShape, cast<MemRefType>(flat.getType()).getElementType(), layout);
  return cached = memref::ReinterpretCastOp::create(entry, loc, type, flat, mixed(offset), sizes, stepValues);
}

namespace {
struct Place {
  SmallVector<DimAttr> dims;
  Indices at;
};
} // namespace

/// The memory shape of a tensor and an element's place in it, with dimensions merged where that saves a division.
static Place placeOf(IndexSpace &space, mod::SymTensorType type, ArrayRef<Expr> indices) {
  Place place;
  for (size_t i = 0, e = indices.size(); i < e; ++i) {
    size_t d = type.getLayout() ? type.getLayout().getPerm()[i] : i;
    if (type.getDims()[d].getConstant() == 1)
      continue;
    place.dims.push_back(type.getDims()[d]);
    place.at.push_back(indices[d]);
  }
  for (size_t i = place.at.size(); i-- > 1;) {
    Expr merged = space.add(space.scale(place.at[i - 1], place.dims[i]), place.at[i]);
    if (countDivisions(merged) >= countDivisions(place.at[i - 1]) + countDivisions(place.at[i]))
      continue;
    place.at[i - 1] = merged;
    place.dims[i - 1] = place.dims[i - 1].times(place.dims[i]);
    place.at.erase(place.at.begin() + i);
    place.dims.erase(place.dims.begin() + i);
  }
  return place;
}

Value Emitter::load(Value flat, mod::SymTensorType type, ArrayRef<Expr> indices) {
  Place place = placeOf(space, type, indices);
  Value memref = view(flat, place.dims);
  SmallVector<Value> at = llvm::map_to_vector(place.at, [&](const Expr &e) { return index(e); });
  Value x = kern::LoadOp::create(b, loc, memref, at);
  Type element = type.getElementType();
  if (element.isInteger(1))
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, x, mod::scalar::constant(b, loc, x.getType(), 0));
  if (element.isUnsignedInteger(8))
    return arith::ExtUIOp::create(b, loc, computeType(element), x);
  return mod::scalar::convert(b, loc, x, computeType(element));
}

void Emitter::store(Value flat, mod::SymTensorType type, ArrayRef<Expr> indices, Value element) {
  Place place = placeOf(space, type, indices);
  bool single = lane && place.at.empty();
  if (single) {
    place.dims.push_back(space.dim(1));
    place.at.push_back(space.zero());
  }
  Value memref = view(flat, place.dims);
  SmallVector<Value> at = llvm::map_to_vector(place.at, [&](const Expr &e) { return index(e); });
  if (lane)
    at.back() = single ? lane : b.createOrFold<arith::AddIOp>(loc, at.back(), lane);
  kern::StoreOp::create(b, loc, mod::scalar::convert(b, loc, element, storageType(type.getElementType())), memref, at);
}

//===----------------------------------------------------------------------===//
// Scopes
//===----------------------------------------------------------------------===//

Value Emitter::lookup(const std::string &key) const {
  for (auto &scope : llvm::reverse(scopes))
    if (auto found = scope.find(key); found != scope.end())
      return found->second;
  return {};
}

void Emitter::inScope(ArrayRef<std::pair<const Atom *, Value>> bindings, function_ref<void()> body) {
  SmallVector<Value> before;
  for (auto [atom, value] : bindings) {
    before.push_back(bound.lookup(atom));
    bound[atom] = value;
  }
  scopes.emplace_back();
  body();
  scopes.pop_back();
  for (auto [binding, old] : llvm::zip(bindings, before))
    bound[binding.first] = old;
}

static Value combine(OpBuilder &b, Location loc, kern::Reduction kind, Value x, Value y) {
  switch (kind) {
  case kern::Reduction::add:
    return mod::scalar::add(b, loc, x, y);
  case kern::Reduction::mul:
    return mod::scalar::mul(b, loc, x, y);
  case kern::Reduction::max:
    return mod::scalar::maximum(b, loc, x, y);
  default:
    return mod::scalar::minimum(b, loc, x, y);
  }
}

Value lower::identity(OpBuilder &b, Location loc, kern::Reduction kind, Type type) {
  if (kind == kern::Reduction::add || kind == kern::Reduction::mul)
    return mod::scalar::constant(b, loc, type, kind == kern::Reduction::mul);
  bool max = kind == kern::Reduction::max || kind == kern::Reduction::argmax;
  if (auto f = dyn_cast<FloatType>(type))
    return arith::ConstantOp::create(b, loc, b.getFloatAttr(f, APFloat::getInf(f.getFloatSemantics(), max)));
  unsigned width = type.getIntOrFloatBitWidth();
  APInt value = max ? APInt::getSignedMinValue(width) : APInt::getSignedMaxValue(width);
  return arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, value));
}

/// The step of an argmax: position -1 says that nothing was seen.
static std::pair<Value, Value> better(OpBuilder &b, Location loc, Value best, Value position, Value x, Value here) {
  Value none = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, position,
                                     mod::scalar::constant(b, loc, b.getI64Type(), 0));
  Value take = mod::scalar::lt(b, loc, best, x);
  if (isa<FloatType>(x.getType())) {
    Value xNan = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, x, x);
    Value bestIsNumber = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::ORD, best, best);
    take = arith::OrIOp::create(b, loc, take, arith::AndIOp::create(b, loc, xNan, bestIsNumber));
  }
  take = arith::OrIOp::create(b, loc, take, none);
  return {arith::SelectOp::create(b, loc, take, x, best), arith::SelectOp::create(b, loc, take, here, position)};
}

Value Emitter::reduce(kern::Reduction kind, Type type, ArrayRef<DimAttr> over, function_ref<Value()> element) {
  SmallVector<Value> sizes = llvm::map_to_vector(over, [&](DimAttr d) { return dim(d); });
  auto inside = [&](ValueRange ivs) {
    SmallVector<std::pair<const Atom *, Value>> bindings;
    for (auto [i, d, iv] : llvm::enumerate(over, ivs))
      bindings.push_back({space.inner(depth, i, d), iv});
    Value x;
    llvm::SaveAndRestore deeper(depth, depth + 1);
    llvm::SaveAndRestore elsewhere(inSpace, false);
    inScope(bindings, [&] { x = element(); });
    return x;
  };
  bool position = kind == kern::Reduction::argmax;
  if (inSpace)
    return kern::ReduceOp::create(b, loc, kind, position ? b.getI64Type() : type, sizes,
                                  [&](OpBuilder &, Location, ValueRange ivs) { return inside(ivs); });

  // Deeper inside there are plain loops only.
  Value zero = dim(space.dim(0)), one = dim(space.dim(1));
  SmallVector<Value> lower(sizes.size(), zero), steps(sizes.size(), one), init;
  init.push_back(identity(b, loc, kind, type));
  if (position)
    init.push_back(mod::scalar::constant(b, loc, b.getI64Type(), -1));
  scf::LoopNest nest = scf::buildLoopNest(
      b, loc, lower, sizes, steps, init,
      [&](OpBuilder &, Location, ValueRange ivs, ValueRange state) -> scf::ValueVector {
        Value x = inside(ivs);
        if (!position)
          return {combine(b, loc, kind, state[0], x)};
        Value number = zero;
        for (auto [iv, size] : llvm::zip(ivs, sizes))
          number = b.createOrFold<arith::AddIOp>(loc, b.createOrFold<arith::MulIOp>(loc, number, size), iv);
        auto [best, where] =
            better(b, loc, state[0], state[1], x, arith::IndexCastOp::create(b, loc, b.getI64Type(), number));
        return {best, where};
      });
  if (!position)
    return nest.results[0];
  return arith::MaxSIOp::create(b, loc, nest.results[1], mod::scalar::constant(b, loc, b.getI64Type(), 0));
}

//===----------------------------------------------------------------------===//
// The end
//===----------------------------------------------------------------------===//

void Emitter::finish() {
  marker->erase();
  Block &body = *func.getBodyBlock();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op))
      op.erase();

  // An argument that is seen under one contiguous shape alone gets that type.
  SmallVector<Type> types;
  std::map<const void *, int64_t> sizeArguments;
  for (BlockArgument arg : body.getArguments())
    if (arg.getType().isIndex())
      sizeArguments[arg.getAsOpaquePointer()] = arg.getArgNumber();
  for (BlockArgument arg : body.getArguments()) {
    auto casts = llvm::to_vector(arg.getUsers());
    auto first = casts.empty() ? memref::ReinterpretCastOp() : dyn_cast<memref::ReinterpretCastOp>(casts[0]);
    bool one = first && first.getType().getLayout().isIdentity() &&
               llvm::all_of(casts, [&](Operation *user) { return user->getResult(0) == first.getResult(); });
    SmallVector<int64_t> positions;
    bool inner = false;
    if (one)
      for (auto [i, size] : llvm::enumerate(first.getMixedSizes())) {
        auto value = dyn_cast<Value>(size);
        if (!value)
          continue;
        auto found = sizeArguments.find(value.getAsOpaquePointer());
        inner |= i > 0;
        positions.push_back(found == sizeArguments.end() ? -1 : found->second);
      }
    if (one && (!inner || !llvm::is_contained(positions, -1))) {
      arg.setType(first.getType());
      first.replaceAllUsesWith(Value(arg));
      first.erase();
      if (inner)
        func.setArgAttr(arg.getArgNumber(), kern::sizesAttrName, b.getDenseI64ArrayAttr(positions));
    }
    types.push_back(arg.getType());
  }
  func.setFunctionType(b.getFunctionType(types, {}));
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op))
      op.erase();
}
