// Elementary functions as arithmetic, on scalars and vectors of f32 and f64. Errors are at most 5 ulp of the result
// over the whole range (test/cpu/math_test.cpp measures them), except pow in f64; NaN travels, infinities, zeros and
// denormals are right. Nothing calls a library.
#pragma once
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Builders.h"

namespace modc::cpu {

/// Emits functions of values of one type (f32, f64 or a vector of these) at the builder's position.
class MathFunctions {
public:
  MathFunctions(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type);
  using Value = mlir::Value;

  Value exp(Value x);
  Value exp2(Value x);
  Value expm1(Value x);
  Value log(Value x);
  Value log1p(Value x);
  Value log2(Value x);
  Value log10(Value x);
  Value tanh(Value x);
  Value erf(Value x);
  Value sin(Value x);
  Value cos(Value x);
  Value pow(Value x, Value y);
  Value rsqrt(Value x);

private:
  bool wide() const { return element.isF64(); }
  mlir::Type intType() const;
  Value c(double value);
  Value ic(int64_t value);
  Value add(Value x, Value y) { return mlir::arith::AddFOp::create(b, loc, x, y); }
  Value sub(Value x, Value y) { return mlir::arith::SubFOp::create(b, loc, x, y); }
  Value mul(Value x, Value y) { return mlir::arith::MulFOp::create(b, loc, x, y); }
  Value div(Value x, Value y) { return mlir::arith::DivFOp::create(b, loc, x, y); }
  Value fma(Value x, Value y, Value z) { return mlir::math::FmaOp::create(b, loc, x, y, z); }
  Value neg(Value x) { return mlir::arith::NegFOp::create(b, loc, x); }
  Value abs(Value x) { return mlir::math::AbsFOp::create(b, loc, x); }
  Value copysign(Value x, Value sign) { return mlir::math::CopySignOp::create(b, loc, x, sign); }
  Value cmp(mlir::arith::CmpFPredicate p, Value x, Value y) { return mlir::arith::CmpFOp::create(b, loc, p, x, y); }
  Value select(Value cond, Value x, Value y) { return mlir::arith::SelectOp::create(b, loc, cond, x, y); }
  Value bits(Value x) { return mlir::arith::BitcastOp::create(b, loc, intType(), x); }
  Value floating(Value x) { return mlir::arith::BitcastOp::create(b, loc, type, x); }
  /// The coefficients, lowest first, at x.
  Value polynomial(Value x, mlir::ArrayRef<double> coefficients);
  /// x limited to [low, high]; NaN stays.
  Value clamp(Value x, double low, double high);

  /// `x = n * ln 2 + r`: n as an integer, r and exp(r) - 1.
  struct Reduced {
    Value n, r, tail;
  };
  Reduced reduce(Value x);
  /// x * 2^n for any n that two exponents hold.
  Value scale(Value x, Value n);
  Value power(Value n); ///< 2^n for a normal result
  Value viaWide(Value x, mlir::function_ref<Value(MathFunctions &, Value)> function);
  Value trigonometric(Value x, int64_t quadrants);

  mlir::OpBuilder &b;
  mlir::Location loc;
  mlir::Type type, element;
};

} // namespace modc::cpu
