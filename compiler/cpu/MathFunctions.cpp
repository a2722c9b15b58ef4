// Elementary functions as arithmetic. The polynomials are minimax fits made for this file (Remez exchange in 40
// digits); each is given with its interval and its relative error.
#include "compiler/cpu/MathFunctions.h"
#include <limits>

using namespace mlir;
using namespace modc::cpu;
using arith::CmpFPredicate;

MathFunctions::MathFunctions(OpBuilder &builder, Location loc, Type type)
    : b(builder), loc(loc), type(type), element(getElementTypeOrSelf(type)) {}

static Type shapedLike(Type type, Type element) {
  if (auto vector = dyn_cast<VectorType>(type))
    return VectorType::get(vector.getShape(), element);
  return element;
}

Type MathFunctions::intType() const { return shapedLike(type, b.getIntegerType(element.getIntOrFloatBitWidth())); }

static Value splat(OpBuilder &b, Location loc, Type type, TypedAttr scalar) {
  if (auto vector = dyn_cast<VectorType>(type))
    return arith::ConstantOp::create(b, loc, DenseElementsAttr::get(vector, Attribute(scalar)));
  return arith::ConstantOp::create(b, loc, scalar);
}

Value MathFunctions::c(double value) { return splat(b, loc, type, b.getFloatAttr(element, value)); }

Value MathFunctions::ic(int64_t value) {
  return splat(b, loc, intType(), b.getIntegerAttr(getElementTypeOrSelf(intType()), value));
}

Value MathFunctions::polynomial(Value x, ArrayRef<double> coefficients) {
  Value sum = c(coefficients.back());
  for (double coefficient : llvm::reverse(coefficients.drop_back()))
    sum = fma(sum, x, c(coefficient));
  return sum;
}

Value MathFunctions::clamp(Value x, double low, double high) {
  Value least = c(low), most = c(high);
  x = select(cmp(CmpFPredicate::OGT, least, x), least, x);
  return select(cmp(CmpFPredicate::OLT, most, x), most, x);
}

Value MathFunctions::viaWide(Value x, function_ref<Value(MathFunctions &, Value)> function) {
  Type wideType = shapedLike(type, b.getF64Type());
  MathFunctions in64(b, loc, wideType);
  return arith::TruncFOp::create(b, loc, type, function(in64, arith::ExtFOp::create(b, loc, wideType, x)));
}

//===----------------------------------------------------------------------===//
// Exponentials
//===----------------------------------------------------------------------===//

static constexpr double ln2 = 0.693147180559945309417;

MathFunctions::Reduced MathFunctions::reduce(Value x) {
  // Adding 1.5 * 2^(mantissa bits) rounds to an integer that then stands in the low bits: no conversion that NaN could
  // poison.
  double magic = wide() ? 6755399441055744.0 : 12582912.0;
  Value shifted = fma(x, c(1 / ln2), c(magic));
  Value rounded = sub(shifted, c(magic));
  Value n = arith::SubIOp::create(b, loc, bits(shifted), bits(c(magic)));
  // The high part of ln 2 has so few bits that its product with n is exact.
  double high = wide() ? 0x1.62e42fefa38p-1 : 0x1.62e4p-1;
  Value r = fma(rounded, c(-high), x);
  r = fma(rounded, c(wide() ? -0x1.ef35793c7673p-45 : -(ln2 - 0x1.62e4p-1)), r);
  // (exp(r) - 1 - r) / r^2 on [-0.35, 0.35]; 3.4e-9 and 3.9e-18.
  static constexpr double narrow[] = {0.500000010099421787, 0.166665128908884301, 0.0416661872369098281,
                                      0.00836959818953710325, 0.00139517202812823092};
  static constexpr double fine[] = {0.500000000000001406,     0.166666666666667024,   0.0416666666665030205,
                                    0.00833333333330505747,   0.00138888889505551553, 0.000198412699220287043,
                                    0.0000248014860280076302, 2.75572121542648376e-6, 2.76327531649381288e-7,
                                    2.51191729807186554e-8};
  Value q = polynomial(r, wide() ? ArrayRef<double>(fine) : ArrayRef<double>(narrow));
  return {n, r, fma(mul(r, r), q, r)};
}

Value MathFunctions::power(Value n) {
  int64_t mantissa = wide() ? 52 : 23, bias = wide() ? 1023 : 127;
  Value biased = arith::AddIOp::create(b, loc, n, ic(bias));
  return floating(arith::ShLIOp::create(b, loc, biased, ic(mantissa)));
}

Value MathFunctions::scale(Value x, Value n) {
  // In two steps, so that results may be denormal or overflow.
  Value half = arith::ShRSIOp::create(b, loc, n, ic(1));
  return mul(mul(x, power(half)), power(arith::SubIOp::create(b, loc, n, half)));
}

Value MathFunctions::exp(Value x) {
  x = wide() ? clamp(x, -746, 711) : clamp(x, -104, 90);
  Reduced reduced = reduce(x);
  return scale(add(reduced.tail, c(1)), reduced.n);
}

Value MathFunctions::exp2(Value x) {
  if (!wide())
    return viaWide(x, [](MathFunctions &in64, Value y) { return in64.exp2(y); });
  // The integer part goes to the exponent by itself; what is left has an exact product's error alone.
  x = clamp(x, -1076, 1025);
  Value whole = math::RoundEvenOp::create(b, loc, x);
  Value y = exp(mul(sub(x, whole), c(ln2)));
  Value magic = c(6755399441055744.0);
  return scale(y, arith::SubIOp::create(b, loc, bits(add(whole, magic)), bits(magic)));
}

Value MathFunctions::expm1(Value x) {
  if (!wide())
    return viaWide(x, [](MathFunctions &in64, Value y) { return in64.expm1(y); });
  Value limited = clamp(x, -60, 709.9);
  Reduced reduced = reduce(limited);
  // 2^n * tail + (2^n - 1), the powers in halves so that the largest is finite.
  Value half = power(arith::SubIOp::create(b, loc, reduced.n, ic(1)));
  Value result = mul(fma(half, reduced.tail, sub(half, c(0.5))), c(2));
  // Keeps the sign of zero.
  return select(cmp(CmpFPredicate::OEQ, x, c(0)), x, result);
}

Value MathFunctions::tanh(Value x) {
  // tanh(x) / x - 1 over x^2 on x^2 < 0.39; 4.4e-9. Beyond: 1 - 2 / (exp(2 |x|) + 1).
  Value magnitude = abs(x);
  if (wide()) {
    Value t = expm1(add(magnitude, magnitude));
    Value ratio = div(t, add(t, c(2)));
    Value large = cmp(CmpFPredicate::OGT, magnitude, c(22));
    return copysign(select(large, c(1), ratio), x);
  }
  static constexpr double small[] = {-0.333332819421143255, 0.133314422008643374, -0.0537397153098018124,
                                     0.0206390879763188897, -0.00570498780522798442};
  Value z = mul(x, x);
  Value inner = fma(mul(polynomial(z, small), z), x, x);
  Value e = exp(add(magnitude, magnitude));
  Value outer = copysign(sub(c(1), div(c(2), add(e, c(1)))), x);
  return select(cmp(CmpFPredicate::OLT, magnitude, c(0.625)), inner, outer);
}

Value MathFunctions::erf(Value x) {
  Value t = abs(x), z = mul(x, x);
  if (wide()) {
    // erf(x) / x - 1 on x^2 < 1; 7e-18. -log(erfc(t)) - t^2 in t - 3 on [0.99, 6]; 3e-17.
    static constexpr double small[] = {0.128379167095512566,    -0.376126389031835195,     0.112837916709441847,
                                       -0.0268661706431114666,  0.00522397760611845182,    -0.000854832592931305867,
                                       0.000120552935768527706, -0.0000149247123010638102, 1.6447131559733455e-6,
                                       -1.62063136728401159e-7, 1.37109800431167239e-8,    -7.77946785791140069e-10};
    static constexpr double large[] = {1.7203630419801182,        0.303753688984623079,    -0.0426057812418516038,
                                       0.00741189204531931432,    -0.00135330924617051272, 0.000245693342492582084,
                                       -0.0000430840355730798714, 7.10901044133768173e-6,  -1.07394733411759037e-6,
                                       1.38921376874177911e-7,    -4.78915274055507747e-9, 3.31488481040045617e-9,
                                       5.0192242419343479e-10,    -1.5677048253165e-9,     -7.43685678838131762e-10,
                                       -2.08347899582233478e-10,  -1.85563202219434296e-11};
    Value inner = fma(polynomial(z, small), x, x);
    Value limited = clamp(t, 0.5, 6);
    Value q = polynomial(sub(limited, c(3)), large);
    Value outer = copysign(sub(c(1), exp(neg(fma(limited, limited, q)))), x);
    return select(cmp(CmpFPredicate::OLT, t, c(1)), inner, outer);
  }
  // erf(x) / x - 1 on x^2 < 0.865; 1.7e-8. -log(erfc(t)) on [0.92, 4]; 1.5e-9 of erf.
  static constexpr double small[] = {0.128379147690977982,   -0.376124811007015928,  0.112816825462171519,
                                     -0.0267617200190269382, 0.00498594078409396412, -0.000595374250906911617};
  static constexpr double large[] = {0.00019568218513253094,  1.12767559817315936,    0.637182296545220238,
                                     0.103931552048026473,    -0.0222268979233632564, 0.00304321156385077156,
                                     -0.000195936621904211874};
  Value inner = fma(polynomial(z, small), x, x);
  Value q = polynomial(clamp(t, 0, 4), large);
  Reduced reduced = reduce(neg(q)); // of a moderate number: no scaling in steps is needed
  Value outer = copysign(sub(c(1), mul(add(reduced.tail, c(1)), power(reduced.n))), x);
  return select(cmp(CmpFPredicate::OLT, t, c(0.925)), inner, outer);
}

//===----------------------------------------------------------------------===//
// Logarithms
//===----------------------------------------------------------------------===//

Value MathFunctions::log(Value x) {
  int64_t mantissa = wide() ? 52 : 23;
  // Denormals are brought up first.
  Value tiny = cmp(CmpFPredicate::OLT, x, c(wide() ? 0x1p-1022 : 0x1p-126));
  Value normal = select(tiny, mul(x, c(wide() ? 0x1p54 : 0x1p25)), x);
  // x = 2^e * (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)).
  Value word = bits(normal), origin = ic(wide() ? 0x3fe6a09e667f3bcd : 0x3f3504f3);
  Value e = arith::ShRSIOp::create(b, loc, arith::SubIOp::create(b, loc, word, origin), ic(mantissa));
  Value f = sub(floating(arith::SubIOp::create(b, loc, word, arith::ShLIOp::create(b, loc, e, ic(mantissa)))), c(1));
  e = arith::SubIOp::create(b, loc, e, select(tiny, ic(wide() ? 54 : 25), ic(0)));
  Value exponent;
  if (wide()) {
    // As in `reduce`: an integer in the low bits of a large float, taken off again. (No instruction before AVX-512
    // converts i64.)
    Value magic = c(6755399441055744.0);
    exponent = sub(floating(arith::AddIOp::create(b, loc, e, bits(magic))), magic);
  } else {
    exponent = arith::SIToFPOp::create(b, loc, type, e);
  }
  Value half = mul(mul(f, f), c(0.5)), result;
  if (wide()) {
    // log(1 + f) = f - (f^2/2 - s (f^2/2 + R)), s = f / (2 + f), R = 2 atanh(s) / s - 2 on s^2 < 0.0295; 2.5e-18.
    static constexpr double series[] = {0.666666666666673456, 0.399999999994135477, 0.285714287426634267,
                                        0.222221985425511747, 0.181835660325004531, 0.153140041120619252,
                                        0.147964410188553097};
    Value s = div(f, add(f, c(2))), z = mul(s, s);
    Value r = mul(polynomial(z, series), z);
    Value small = fma(s, add(half, r), mul(exponent, c(0x1.ef35793c7673p-45)));
    result = fma(exponent, c(0x1.62e42fefa38p-1), sub(f, sub(half, small)));
  } else {
    // (log(1 + f) - f + f^2/2) / f^3 on [sqrt(1/2) - 1, sqrt(2) - 1]; 7.5e-10.
    static constexpr double series[] = {0.33333312605139374,   -0.250000096038770092, 0.200021185886230318,
                                        -0.166679955440621479, 0.142195534997708568,  -0.124055951567773777,
                                        0.11888160490808636,   -0.116756141669933676, 0.0674659840110705802};
    Value cube = mul(mul(f, f), f);
    Value small = fma(polynomial(f, series), cube, mul(exponent, c(ln2 - 0x1.62e4p-1)));
    result = fma(exponent, c(0x1.62e4p-1), add(f, sub(small, half)));
  }
  double infinity = std::numeric_limits<double>::infinity();
  result = select(cmp(CmpFPredicate::OEQ, x, c(infinity)), x, result);
  result = select(cmp(CmpFPredicate::OEQ, x, c(0)), c(-infinity), result);
  // Negative numbers and NaN.
  return select(cmp(CmpFPredicate::UGE, x, c(0)), select(cmp(CmpFPredicate::UNO, x, x), x, result),
                c(std::numeric_limits<double>::quiet_NaN()));
}

Value MathFunctions::log1p(Value x) {
  if (!wide())
    return viaWide(x, [](MathFunctions &in64, Value y) { return in64.log1p(y); });
  Value u = add(x, c(1));
  // What rounding took from 1 + x comes back to first order.
  Value lost = div(sub(x, sub(u, c(1))), u);
  double infinity = std::numeric_limits<double>::infinity();
  Value plain = log(u);
  Value special =
      arith::OrIOp::create(b, loc, cmp(CmpFPredicate::OEQ, x, c(infinity)), cmp(CmpFPredicate::OLE, x, c(-1)));
  Value result = select(special, plain, add(plain, lost));
  return select(cmp(CmpFPredicate::OEQ, x, c(0)), x, result);
}

Value MathFunctions::log2(Value x) {
  if (!wide())
    return viaWide(x, [](MathFunctions &in64, Value y) { return in64.log2(y); });
  return mul(log(x), c(1 / ln2));
}

Value MathFunctions::log10(Value x) {
  if (!wide())
    return viaWide(x, [](MathFunctions &in64, Value y) { return in64.log10(y); });
  return mul(log(x), c(0.434294481903251827651));
}

Value MathFunctions::pow(Value x, Value y) {
  if (!wide()) {
    Type wideType = shapedLike(type, b.getF64Type());
    MathFunctions in64(b, loc, wideType);
    Value result = in64.pow(arith::ExtFOp::create(b, loc, wideType, x), arith::ExtFOp::create(b, loc, wideType, y));
    return arith::TruncFOp::create(b, loc, type, result);
  }
  Value magnitude = exp(mul(y, log(abs(x))));
  // A negative base: the sign of an odd power, no number for a power that is not whole.
  Value whole = cmp(CmpFPredicate::OEQ, math::FloorOp::create(b, loc, y), y);
  Value half = mul(y, c(0.5));
  Value even = cmp(CmpFPredicate::OEQ, math::FloorOp::create(b, loc, half), half);
  Value signedPower = select(even, magnitude, copysign(magnitude, x));
  double infinity = std::numeric_limits<double>::infinity();
  Value negative = cmp(CmpFPredicate::OLT, x, c(0));
  Value finite = cmp(CmpFPredicate::OGT, x, c(-infinity));
  Value result = select(whole, signedPower, magnitude);
  Value broken = cmp(CmpFPredicate::ONE, math::FloorOp::create(b, loc, y), y);
  Value noNumber = arith::AndIOp::create(b, loc, negative, arith::AndIOp::create(b, loc, finite, broken));
  result = select(noNumber, c(std::numeric_limits<double>::quiet_NaN()), result);
  // x = 1 or y = 0 give 1 even beside NaN, and so does -1 to an infinite power.
  Value infinite = cmp(CmpFPredicate::OEQ, abs(y), c(infinity));
  Value one = arith::OrIOp::create(b, loc, cmp(CmpFPredicate::OEQ, x, c(1)), cmp(CmpFPredicate::OEQ, y, c(0)));
  one = arith::OrIOp::create(b, loc, one, arith::AndIOp::create(b, loc, cmp(CmpFPredicate::OEQ, x, c(-1)), infinite));
  return select(one, c(1), result);
}

Value MathFunctions::rsqrt(Value x) { return div(c(1), math::SqrtOp::create(b, loc, x)); }

//===----------------------------------------------------------------------===//
// Sine and cosine
//===----------------------------------------------------------------------===//

Value MathFunctions::sin(Value x) { return trigonometric(x, 0); }
Value MathFunctions::cos(Value x) { return trigonometric(x, 1); }

// sin(x + quadrants * pi / 2). The reduction is exact enough for |x| < 2^20 in f64 and so for f32 in f64.
Value MathFunctions::trigonometric(Value x, int64_t quadrants) {
  if (!wide())
    return viaWide(x, [&](MathFunctions &in64, Value y) { return in64.trigonometric(y, quadrants); });
  Value magic = c(6755399441055744.0);
  Value shifted = fma(x, c(0.636619772367581343076), magic), n = sub(shifted, magic);
  Value quadrant = arith::AddIOp::create(b, loc, bits(shifted), ic(quadrants));
  Value r = fma(n, c(-0x1.921fb54442d18p+0), x);
  r = fma(n, c(-0x1.1a62633145c07p-54), r);
  // Beyond the reach of the reduction the angle is lost, but the result stays a sine: no infinity leaves here. NaN
  // passes.
  r = clamp(r, -0.785398163397448309616, 0.785398163397448309616);
  Value z = mul(r, r);
  // On |r| < pi / 4; 4e-18 and 5e-20.
  static constexpr double sine[] = {-0.166666666666666277,  0.00833333333332128525, -0.000198412698288699794,
                                    2.75573133559663658e-6, -2.505070403247988e-8,  1.58935835194885038e-10};
  static constexpr double cosine[] = {0.0416666666666665911,   -0.00138888888888725981, 0.0000248015872884916508,
                                      -2.75573140564545989e-7, 2.08756818636680837e-9,  -1.13574478714458227e-11};
  Value s = fma(mul(polynomial(z, sine), z), r, r);
  Value co = fma(polynomial(z, cosine), mul(z, z), fma(z, c(-0.5), c(1)));
  auto bit = [&](int64_t mask) {
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, arith::AndIOp::create(b, loc, quadrant, ic(mask)),
                                 ic(0));
  };
  Value result = select(bit(1), co, s);
  return select(bit(2), neg(result), result);
}
