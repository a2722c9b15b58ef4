// One element of each primitive's result, from its operands' elements.
#include "compiler/lower/Emitter.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace modc;
using namespace modc::lower;
using mod::DimAttr;

Value Emitter::at(Value tensor, ArrayRef<Expr> indices) {
  std::string key = std::to_string(uintptr_t(tensor.getAsOpaquePointer())) + ":" + keyOf(indices);
  if (Value found = lookup(key))
    return found;
  Value element = known ? known(tensor, indices) : Value();
  if (!element) {
    if (Operation *op = tensor.getDefiningOp()) {
      Location outside = loc;
      loc = op->getLoc();
      element = compute(op, indices);
      loc = outside;
      if (computed)
        computed(tensor, indices, element);
    } else {
      element = load(arguments.lookup(tensor), tensorType(tensor), indices);
    }
  }
  return scopes.back()[key] = element;
}

Value Emitter::compute(Operation *op, ArrayRef<Expr> at) {
  SmallVector<Indices> operands = operandIndices(space, op, at, depth);
  if (isReduction(op))
    return reduction(op, operands[0]);
  return TypeSwitch<Operation *, Value>(op)
      .Case<mod::ReshapeOp, mod::PermuteOp, mod::ExpandOp, mod::NarrowOp, mod::RepackOp, mod::AssumeOp, mod::TakeOp,
            mod::GatherOp>([&](Operation *view) { return this->at(view->getOperand(0), operands[0]); })
      .Case([&](mod::ReduceWindowOp w) { return window(w, operands[0]); })
      .Case([&](mod::MatmulOp m) { return matmul(m, operands); })
      .Case<mod::ConvOp, mod::ConvTransposeOp>([&](auto c) { return convolution(c, at, operands); })
      .Case([&](mod::AttentionOp a) { return attention(a, at, operands); })
      .Case([&](mod::CatOp c) { return cat(c, operands); })
      .Case([&](mod::ConstantPadOp p) {
        Value inside;
        for (auto [e, d] : llvm::zip(operands[0], tensorType(p.getX()).getDims())) {
          Value here = isInside(loc, e, d);
          inside = !inside ? here : here ? b.createOrFold<arith::AndIOp>(loc, inside, here) : inside;
        }
        Type type = computeType(tensorType(p.getX()).getElementType());
        return choose(
            loc, inside, type, [&] { return this->at(p.getX(), operands[0]); },
            [&]() -> Value {
              auto value = p.getValue();
              double number = isa<FloatAttr>(value) ? cast<FloatAttr>(value).getValueAsDouble()
                                                    : double(cast<IntegerAttr>(value).getInt());
              return mod::scalar::constant(b, loc, type, number);
            });
      })
      .Case([&](mod::UpdateSliceOp u) {
        Value inside;
        for (auto [e, d] : llvm::zip(operands[1], tensorType(u.getV()).getDims())) {
          Value here = isInside(loc, e, d);
          inside = !inside ? here : here ? b.createOrFold<arith::AndIOp>(loc, inside, here) : inside;
        }
        return choose(
            loc, inside, computeType(tensorType(u.getX()).getElementType()),
            [&] { return this->at(u.getV(), operands[1]); }, [&] { return this->at(u.getX(), operands[0]); });
      })
      .Case([&](mod::IotaOp i) { return number(loc, index(at[0]), i.getDtype()); })
      .Case([&](mod::SizeOp s) { return number(loc, dim(s.getSize()), s.getDtype()); })
      .Case([&](mod::RandomOp r) {
        return random(loc, arguments.lookup(r.getKey()), space.linearise(at, tensorType(r.getY()).getDims()),
                      r.getDtype());
      })
      .Default([&](Operation *other) { return elementwise(other, operands); });
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

/// `x` is in the compute type of dtype `from`; so is the result of `to`.
Value Emitter::convert(Location loc, Value x, Type from, Type to) {
  if (from == to)
    return x;
  if (isa<FloatType>(from) && isa<IntegerType>(to) && !to.isInteger(1))
    return saturate(loc, x, cast<IntegerType>(to));
  if (to.isUnsignedInteger(8)) {
    Type wide = computeType(to);
    Value y = x.getType() == wide ? x : mod::scalar::convert(b, loc, x, wide);
    return arith::AndIOp::create(b, loc, y, mod::scalar::constant(b, loc, wide, 255));
  }
  if (to.isBF16() || to.isF16()) {
    // Through the narrow type, so that a conversion rounds.
    return mod::scalar::convert(b, loc, mod::scalar::convert(b, loc, x, to), computeType(to));
  }
  return mod::scalar::convert(b, loc, x, to);
}

/// Towards zero; what is out of range becomes the nearest end, NaN becomes 0.
Value Emitter::saturate(Location loc, Value x, IntegerType to) {
  Type type = computeType(to);
  unsigned bits = to.getWidth();
  bool isUnsigned = to.isUnsigned();
  double below = isUnsigned ? 0 : -std::ldexp(1.0, bits - 1), above = std::ldexp(1.0, isUnsigned ? bits : bits - 1);
  auto end = [&](bool high) -> Value {
    APInt value = isUnsigned ? (high ? APInt::getMaxValue(bits) : APInt(bits, 0))
                             : (high ? APInt::getSignedMaxValue(bits) : APInt::getSignedMinValue(bits));
    return arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, value.zextOrTrunc(type.getIntOrFloatBitWidth())));
  };
  auto compare = [&](arith::CmpFPredicate how, double bound) -> Value {
    return arith::CmpFOp::create(b, loc, how, x, mod::scalar::constant(b, loc, x.getType(), bound));
  };
  // What a conversion out of range gives is not defined, and not chosen.
  Value y = arith::FPToSIOp::create(b, loc, type, x);
  y = arith::SelectOp::create(b, loc, compare(arith::CmpFPredicate::OLT, below), end(false), y);
  y = arith::SelectOp::create(b, loc, compare(arith::CmpFPredicate::OGE, above), end(true), y);
  return arith::SelectOp::create(b, loc, compare(arith::CmpFPredicate::UNO, 0), mod::scalar::constant(b, loc, type, 0),
                                 y);
}

Value Emitter::elementwise(Operation *op, ArrayRef<Indices> operands) {
  if (auto to = dyn_cast<mod::ToOp>(op))
    return convert(loc, at(to.getX(), operands[0]), tensorType(to.getX()).getElementType(), to.getDtype());
  SmallVector<Value> args;
  for (auto [x, indices] : llvm::zip(op->getOperands(), operands))
    args.push_back(at(x, indices));
  Value y = cast<mod::ScalarOpInterface>(op).emitScalar(b, args);
  Type element = tensorType(op->getResult(0)).getElementType();
  if (!element.isUnsignedInteger(8))
    return mod::scalar::convert(b, loc, y, computeType(element));
  // A byte constant comes signless; other results may have left 0..255.
  if (y.getType().isInteger(8))
    return arith::ExtUIOp::create(b, loc, computeType(element), y);
  return arith::AndIOp::create(b, loc, y, mod::scalar::constant(b, loc, y.getType(), 255));
}

Value Emitter::number(Location loc, Value index, Type element) {
  Value wide = arith::IndexCastOp::create(b, loc, b.getI64Type(), index);
  return convert(loc, wide, b.getI64Type(), element);
}

Value Emitter::random(Location loc, Value key, const Expr &element, Type dtype) {
  Value u = kern::RandomOp::create(b, loc, dtype, key, index(element));
  return mod::scalar::convert(b, loc, u, computeType(dtype));
}

//===----------------------------------------------------------------------===//
// Pieces side by side
//===----------------------------------------------------------------------===//

/// Whether an index is within [0, size); null where it always is.
Value Emitter::isInside(Location loc, const Expr &e, DimAttr size) {
  // Unsigned, so that a negative index is beyond every size. Bounds that the variables keep anyway are left to folding.
  if (e.terms.size() == 1 && e.constant.getConstant() == 0 && e.getAtom() && e.getAtom()->extent == size)
    return {};
  return b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::ult, index(e), dim(size));
}

/// A branch, not a select: the side not taken may not even be read.
Value Emitter::choose(Location loc, Value condition, Type type, function_ref<Value()> yes, function_ref<Value()> no) {
  if (!condition)
    return yes();
  auto side = [&](function_ref<Value()> make) {
    return [&, make](OpBuilder &, Location) {
      Value x;
      llvm::SaveAndRestore elsewhere(inSpace, false);
      inScope({}, [&] { x = make(); });
      scf::YieldOp::create(b, loc, x);
    };
  };
  auto branch = scf::IfOp::create(b, loc, condition, side(yes), side(no));
  return branch.getResult(0);
}

Value Emitter::cat(mod::CatOp op, ArrayRef<Indices> operands) {
  Type type = computeType(tensorType(op.getY()).getElementType());
  size_t dimension = op.getDim();
  std::function<Value(size_t)> from = [&](size_t i) -> Value {
    Value x = op.getXs()[i];
    if (i + 1 == op.getXs().size())
      return at(x, operands[i]);
    Value here = b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, index(operands[i][dimension]),
                                               dim(tensorType(x).getDims()[dimension]));
    return choose(loc, here, type, [&] { return at(x, operands[i]); }, [&] { return from(i + 1); });
  };
  return from(0);
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

Value Emitter::reduction(Operation *op, const Indices &operand) {
  Value x = op->getOperand(0);
  Type element = tensorType(x).getElementType(), result = computeType(tensorType(op->getResult(0)).getElementType());
  kern::Reduction kind = isa<mod::SumOp>(op)    ? kern::Reduction::add
                         : isa<mod::AmaxOp>(op) ? kern::Reduction::max
                                                : kern::Reduction::argmax;
  Type joined = kind == kern::Reduction::add ? result : computeType(element);
  return reduce(kind, joined, reducedDims(op), [&] {
    Value e = at(x, operand);
    return e.getType() == joined ? e : mod::scalar::convert(b, loc, e, joined);
  });
}

/// The window's elements in order; those outside of x do not count.
Value Emitter::window(mod::ReduceWindowOp op, const Indices &operand) {
  auto dims = tensorType(op.getX()).getDims();
  Type element = tensorType(op.getX()).getElementType(), type = computeType(element);
  bool sum = op.getKind() == "sum";
  SmallVector<DimAttr> sizes = llvm::map_to_vector(op.getWindow(), [&](int64_t n) { return space.dim(n); });
  Value y = reduce(sum ? kern::Reduction::add : kern::Reduction::max, type, sizes, [&] {
    Value inside;
    for (size_t i = 0; i < sizes.size(); ++i) {
      size_t d = op.getFirstWindowed() + i;
      // Without padding every window lies inside.
      if (cast<DimAttr>(op.getLo()[i]).getConstant() == 0 && cast<DimAttr>(op.getHi()[i]).getConstant() == 0)
        continue;
      Value here = isInside(loc, operand[d], dims[d]);
      inside = !inside ? here : here ? b.createOrFold<arith::AndIOp>(loc, inside, here) : inside;
    }
    return choose(
        loc, inside, type, [&] { return at(op.getX(), operand); },
        [&] { return identity(b, loc, sum ? kern::Reduction::add : kern::Reduction::max, type); });
  });
  if (!element.isUnsignedInteger(8))
    return y;
  // In 0..255 again: a sum wraps, the largest of nothing is 0.
  if (sum)
    return arith::AndIOp::create(b, loc, y, mod::scalar::constant(b, loc, type, 255));
  return arith::MaxSIOp::create(b, loc, y, mod::scalar::constant(b, loc, type, 0));
}

Value Emitter::matmul(mod::MatmulOp op, ArrayRef<Indices> operands) {
  Type type = computeType(tensorType(op.getY()).getElementType());
  Value sum = reduce(kern::Reduction::add, type, {tensorType(op.getA()).getDims().back()}, [&]() -> Value {
    Value x = at(op.getA(), operands[0]), y = at(op.getB(), operands[1]);
    return mod::scalar::mul(b, loc, x, y);
  });
  if (!tensorType(op.getY()).getElementType().isUnsignedInteger(8))
    return sum;
  return arith::AndIOp::create(b, loc, sum, mod::scalar::constant(b, loc, type, 255));
}

/// What lies outside of x is left out of the sum.
Value Emitter::convolution(Operation *op, ArrayRef<Expr> at, ArrayRef<Indices> operands) {
  Value x = op->getOperand(0), w = op->getOperand(1);
  Type type = computeType(tensorType(op->getResult(0)).getElementType());
  SmallVector<DimAttr> summed = summedDims(op);
  size_t first = op->hasAttr("channels_last") ? 1 : 2;
  auto transposed = dyn_cast<mod::ConvTransposeOp>(op);
  return reduce(kern::Reduction::add, type, summed, [&]() -> Value {
    Value inside;
    auto require = [&](Value condition) {
      inside = inside && condition ? b.createOrFold<arith::AndIOp>(loc, inside, condition)
                                   : (condition ? condition : inside);
    };
    for (size_t i = 0; i + 1 < summed.size() && isBranch(op); ++i) {
      if (transposed) {
        Expr tap = operands[1][i + 2], remainder = transposedAxis(space, transposed, i, at[first + i], tap).remainder;
        if (!remainder.isZero())
          require(b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, index(remainder), dim(space.dim(0))));
      }
      require(isInside(loc, operands[0][first + i], tensorType(x).getDims()[first + i]));
    }
    return choose(
        loc, inside, type,
        [&]() -> Value { return arith::MulFOp::create(b, loc, this->at(x, operands[0]), this->at(w, operands[1])); },
        [&]() -> Value { return mod::scalar::constant(b, loc, type, 0); });
  });
}

Value Emitter::attention(mod::AttentionOp op, ArrayRef<Expr> at, ArrayRef<Indices> operands) {
  auto k = tensorType(op.getK()).getDims();
  DimAttr keys = k[k.size() - 2], features = k.back();
  Type type = computeType(tensorType(op.getY()).getElementType());
  auto constant = [&](double x) { return mod::scalar::constant(b, loc, type, x); };
  Value lowest = arith::ConstantOp::create(b, loc, b.getFloatAttr(type, -std::numeric_limits<double>::infinity()));
  const Atom *keyAtom = space.inner(depth, 0, keys);

  // Called where the key's variable is bound, one depth inside.
  auto score = [&]() -> Value {
    Value dot = reduce(kern::Reduction::add, type, {features}, [&]() -> Value {
      return arith::MulFOp::create(b, loc, this->at(op.getQ(), operands[0]), this->at(op.getK(), operands[1]));
    });
    Value s = arith::MulFOp::create(b, loc, dot, constant(op.getScale().convertToDouble()));
    if (op.getMask())
      s = arith::AddFOp::create(b, loc, s, this->at(op.getMask(), operands[3]));
    if (!op.getCausal())
      return s;
    Value seen =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ule, index(space.of(keyAtom)), index(at[at.size() - 2]));
    return arith::SelectOp::create(b, loc, seen, s, lowest);
  };
  Value max = reduce(kern::Reduction::max, type, {keys}, score);
  Value nothing = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, max, lowest);
  // A row that sees nothing: any finite maximum keeps its exponentials at 0.
  Value shift = arith::SelectOp::create(b, loc, nothing, constant(0), max);
  auto weight = [&]() -> Value {
    Value s = score();
    return math::ExpOp::create(b, loc, arith::SubFOp::create(b, loc, s, shift));
  };
  Value sum = reduce(kern::Reduction::add, type, {keys}, weight);
  Value total = reduce(kern::Reduction::add, type, {keys}, [&]() -> Value {
    Value p = weight();
    if (op.getKey()) {
      SmallVector<DimAttr> dims(tensorType(op.getQ()).getDims().drop_back(1));
      dims.push_back(keys);
      Indices here(at.drop_back(1));
      here.push_back(space.of(keyAtom));
      double drop = op.getDropoutP().convertToDouble();
      Value u = random(loc, arguments.lookup(op.getKey()), space.linearise(here, dims),
                       tensorType(op.getY()).getElementType());
      Value dropped = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, u, constant(drop));
      Value kept = arith::DivFOp::create(b, loc, p, constant(1 - drop));
      p = arith::SelectOp::create(b, loc, dropped, constant(0), kept);
    }
    return arith::MulFOp::create(b, loc, p, this->at(op.getV(), operands[2]));
  });
  Value y = arith::DivFOp::create(b, loc, total, sum);
  return arith::SelectOp::create(b, loc, nothing, constant(0), y);
}
