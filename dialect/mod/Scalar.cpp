// arith/math code for one element; see Scalar.h.
#include "dialect/mod/Scalar.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace modc::mod::scalar {

static bool isFloat(Value x) { return isa<FloatType>(getElementTypeOrSelf(x.getType())); }
static bool isBool(Value x) { return getElementTypeOrSelf(x.getType()).isInteger(1); }

Value constant(OpBuilder &b, Location loc, Type type, double value) {
  Type element = getElementTypeOrSelf(type);
  TypedAttr attr = isa<FloatType>(element) ? TypedAttr(b.getFloatAttr(element, value))
                                           : TypedAttr(b.getIntegerAttr(element, int64_t(value)));
  if (auto vector = dyn_cast<VectorType>(type))
    attr = DenseElementsAttr::get(vector, attr);
  return arith::ConstantOp::create(b, loc, attr);
}

Value add(OpBuilder &b, Location loc, Value x, Value y) {
  return isFloat(x) ? Value(arith::AddFOp::create(b, loc, x, y)) : Value(arith::AddIOp::create(b, loc, x, y));
}
Value sub(OpBuilder &b, Location loc, Value x, Value y) {
  return isFloat(x) ? Value(arith::SubFOp::create(b, loc, x, y)) : Value(arith::SubIOp::create(b, loc, x, y));
}
Value mul(OpBuilder &b, Location loc, Value x, Value y) {
  return isFloat(x) ? Value(arith::MulFOp::create(b, loc, x, y)) : Value(arith::MulIOp::create(b, loc, x, y));
}
Value neg(OpBuilder &b, Location loc, Value x) {
  if (isFloat(x))
    return arith::NegFOp::create(b, loc, x);
  return arith::SubIOp::create(b, loc, constant(b, loc, x.getType(), 0), x);
}
Value abs(OpBuilder &b, Location loc, Value x) {
  return isFloat(x) ? Value(math::AbsFOp::create(b, loc, x)) : Value(math::AbsIOp::create(b, loc, x));
}

Value sigmoid(OpBuilder &b, Location loc, Value x) {
  Value one = constant(b, loc, x.getType(), 1);
  Value e = math::ExpOp::create(b, loc, arith::NegFOp::create(b, loc, x));
  return arith::DivFOp::create(b, loc, one, arith::AddFOp::create(b, loc, one, e));
}

Value logicalNot(OpBuilder &b, Location loc, Value x) {
  return arith::XOrIOp::create(b, loc, x, constant(b, loc, x.getType(), isBool(x) ? 1 : -1));
}

/// Division that is defined for every divisor: 0 gives 0, and the one overflow (lowest / -1) wraps.
static Value guardedDivisor(OpBuilder &b, Location loc, Value y, Value isZero, Value isMinusOne) {
  Value one = constant(b, loc, y.getType(), 1);
  return arith::SelectOp::create(b, loc, arith::OrIOp::create(b, loc, isZero, isMinusOne), one, y);
}

/// Whether the remainder `r` is not 0 and has another sign than the divisor `y`; floats.
static Value signsDiffer(OpBuilder &b, Location loc, Value r, Value y) {
  Value zero = constant(b, loc, r.getType(), 0);
  Value rNegative = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, r, zero);
  Value yNegative = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, y, zero);
  Value nonZero = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::ONE, r, zero);
  return arith::AndIOp::create(b, loc, nonZero, arith::XOrIOp::create(b, loc, rNegative, yNegative));
}

/// C's fmod without a call of it, which is what arith.remf becomes. Narrow floats go through f64, where the quotient of
/// two is exact enough for the difference to be exact; f64 itself is exact while the quotient is below 2^53.
static Value truncatedRemainder(OpBuilder &b, Location loc, Value x, Value y) {
  Type type = x.getType();
  if (getElementTypeOrSelf(type).getIntOrFloatBitWidth() < 64) {
    Type wide = b.getF64Type();
    if (auto vector = dyn_cast<VectorType>(type))
      wide = vector.clone(wide);
    return convert(b, loc, truncatedRemainder(b, loc, convert(b, loc, x, wide), convert(b, loc, y, wide)), type);
  }
  Value zero = constant(b, loc, type, 0), infinity = constant(b, loc, type, HUGE_VAL);
  Value size = math::AbsFOp::create(b, loc, y);
  Value q = math::TruncOp::create(b, loc, arith::DivFOp::create(b, loc, x, y));
  Value r = math::FmaOp::create(b, loc, arith::NegFOp::create(b, loc, q), y, x);
  // A quotient that was rounded up to an integer leaves a remainder of the other sign.
  Value xNegative = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, x, zero);
  Value step = arith::SelectOp::create(b, loc, xNegative, arith::NegFOp::create(b, loc, size), size);
  r = arith::SelectOp::create(b, loc, signsDiffer(b, loc, r, x), arith::AddFOp::create(b, loc, r, step), r);
  // Anything finite modulo an infinity is itself; 0 times infinity above is NaN.
  Value endless = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, size, infinity);
  Value finite = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, math::AbsFOp::create(b, loc, x), infinity);
  return arith::SelectOp::create(b, loc, arith::AndIOp::create(b, loc, endless, finite), x, r);
}

Value floorDivide(OpBuilder &b, Location loc, Value x, Value y) {
  if (isFloat(x)) {
    // floor(x / y) would be wrong where the division rounds up to an integer, as for 1 // 0.1.
    Value zero = constant(b, loc, x.getType(), 0), one = constant(b, loc, x.getType(), 1);
    Value r = truncatedRemainder(b, loc, x, y);
    Value q = arith::DivFOp::create(b, loc, arith::SubFOp::create(b, loc, x, r), y);
    Value below = arith::SubFOp::create(b, loc, q, one);
    q = math::RoundEvenOp::create(b, loc, arith::SelectOp::create(b, loc, signsDiffer(b, loc, r, y), below, q));
    Value isZero = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, y, zero);
    return arith::SelectOp::create(b, loc, isZero, arith::DivFOp::create(b, loc, x, y), q);
  }
  Value zero = constant(b, loc, x.getType(), 0), minusOne = constant(b, loc, x.getType(), -1);
  Value isZero = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, y, zero);
  Value isMinusOne = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, y, minusOne);
  Value q = arith::FloorDivSIOp::create(b, loc, x, guardedDivisor(b, loc, y, isZero, isMinusOne));
  q = arith::SelectOp::create(b, loc, isMinusOne, arith::SubIOp::create(b, loc, zero, x), q);
  return arith::SelectOp::create(b, loc, isZero, zero, q);
}

Value remainder(OpBuilder &b, Location loc, Value x, Value y) {
  Value zero = constant(b, loc, x.getType(), 0), r, wrongSign;
  if (isFloat(x)) {
    r = truncatedRemainder(b, loc, x, y);
    return arith::SelectOp::create(b, loc, signsDiffer(b, loc, r, y), arith::AddFOp::create(b, loc, r, y), r);
  }
  Value isZero = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, y, zero);
  Value isMinusOne = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, y, constant(b, loc, x.getType(), -1));
  // Modulo 1, which guards 0 and -1, is the 0 that both want.
  r = arith::RemSIOp::create(b, loc, x, guardedDivisor(b, loc, y, isZero, isMinusOne));
  Value rNegative = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, r, zero);
  Value yNegative = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, y, zero);
  Value nonZero = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, r, zero);
  wrongSign = arith::AndIOp::create(b, loc, nonZero, arith::XOrIOp::create(b, loc, rNegative, yNegative));
  return arith::SelectOp::create(b, loc, wrongSign, arith::AddIOp::create(b, loc, r, y), r);
}

/// Integers by squaring, a step for each bit of the exponent without its sign: no branches, so that lanes may differ.
static Value integerPower(OpBuilder &b, Location loc, Value x, Value y) {
  Type type = x.getType();
  Value zero = constant(b, loc, type, 0), one = constant(b, loc, type, 1), minusOne = constant(b, loc, type, -1);
  Value isNegative = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, y, zero);
  Value result = one, base = x, bits = y, odd;
  for (unsigned bit = 0, end = getElementTypeOrSelf(type).getIntOrFloatBitWidth() - 1; bit < end; ++bit) {
    Value isSet =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, arith::AndIOp::create(b, loc, bits, one), zero);
    if (bit == 0)
      odd = isSet;
    result = arith::SelectOp::create(b, loc, isSet, arith::MulIOp::create(b, loc, result, base), result);
    base = arith::MulIOp::create(b, loc, base, base);
    bits = arith::ShRUIOp::create(b, loc, bits, one);
  }
  // 1 / x**n is 1 for x = 1, 1 or -1 for x = -1, and cut to 0 else.
  Value isOne = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, x, one);
  Value isMinusOne = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, x, minusOne);
  Value inverse = arith::SelectOp::create(b, loc, arith::AndIOp::create(b, loc, isMinusOne, odd), minusOne, one);
  inverse = arith::SelectOp::create(b, loc, arith::OrIOp::create(b, loc, isOne, isMinusOne), inverse, zero);
  return arith::SelectOp::create(b, loc, isNegative, inverse, result);
}

Value power(OpBuilder &b, Location loc, Value x, Value y) {
  return isFloat(x) ? Value(math::PowFOp::create(b, loc, x, y)) : integerPower(b, loc, x, y);
}

Value maximum(OpBuilder &b, Location loc, Value x, Value y) {
  return isFloat(x) ? Value(arith::MaximumFOp::create(b, loc, x, y)) : Value(arith::MaxSIOp::create(b, loc, x, y));
}
Value minimum(OpBuilder &b, Location loc, Value x, Value y) {
  return isFloat(x) ? Value(arith::MinimumFOp::create(b, loc, x, y)) : Value(arith::MinSIOp::create(b, loc, x, y));
}

static Value compare(OpBuilder &b, Location loc, Value x, Value y, arith::CmpFPredicate f, arith::CmpIPredicate i) {
  if (isFloat(x))
    return arith::CmpFOp::create(b, loc, f, x, y);
  return arith::CmpIOp::create(b, loc, i, x, y);
}
Value eq(OpBuilder &b, Location loc, Value x, Value y) {
  return compare(b, loc, x, y, arith::CmpFPredicate::OEQ, arith::CmpIPredicate::eq);
}
Value lt(OpBuilder &b, Location loc, Value x, Value y) {
  return compare(b, loc, x, y, arith::CmpFPredicate::OLT,
                 isBool(x) ? arith::CmpIPredicate::ult : arith::CmpIPredicate::slt);
}
Value le(OpBuilder &b, Location loc, Value x, Value y) {
  return compare(b, loc, x, y, arith::CmpFPredicate::OLE,
                 isBool(x) ? arith::CmpIPredicate::ule : arith::CmpIPredicate::sle);
}

Value convert(OpBuilder &b, Location loc, Value x, Type to) {
  Type from = x.getType();
  if (from == to)
    return x;
  Type f = getElementTypeOrSelf(from), t = getElementTypeOrSelf(to);
  if (t.isInteger(1)) {
    Value zero = constant(b, loc, from, 0);
    if (isa<FloatType>(f))
      return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNE, x, zero);
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, x, zero);
  }
  if (isa<FloatType>(f) && isa<FloatType>(t)) {
    if (f.getIntOrFloatBitWidth() < t.getIntOrFloatBitWidth())
      return arith::ExtFOp::create(b, loc, to, x);
    if (f.getIntOrFloatBitWidth() > t.getIntOrFloatBitWidth())
      return arith::TruncFOp::create(b, loc, to, x);
    // f16 <-> bf16
    Type wide = isa<VectorType>(from) ? Type(cast<VectorType>(from).clone(b.getF32Type())) : Type(b.getF32Type());
    return arith::TruncFOp::create(b, loc, to, arith::ExtFOp::create(b, loc, wide, x));
  }
  if (isa<FloatType>(f))
    return arith::FPToSIOp::create(b, loc, to, x);
  if (isa<FloatType>(t))
    return f.isInteger(1) ? Value(arith::UIToFPOp::create(b, loc, to, x))
                          : Value(arith::SIToFPOp::create(b, loc, to, x));
  if (f.getIntOrFloatBitWidth() < t.getIntOrFloatBitWidth())
    return f.isInteger(1) ? Value(arith::ExtUIOp::create(b, loc, to, x)) : Value(arith::ExtSIOp::create(b, loc, to, x));
  return arith::TruncIOp::create(b, loc, to, x);
}

} // namespace modc::mod::scalar
