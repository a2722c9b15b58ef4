// One element of an elementwise primitive: as C++ for the reference interpreter, and as arith/math operations for code
// generation. Records in ModPrimitives.td call these where one expression does not do for floats and integers.
#pragma once
#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace modc::mod::scalar {

// ---- reference: T is double or int64_t; int64_t arithmetic wraps
template <typename T> T wrapAdd(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return T(uint64_t(a) + uint64_t(b));
  else
    return a + b;
}
template <typename T> T wrapSub(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return T(uint64_t(a) - uint64_t(b));
  else
    return a - b;
}
template <typename T> T wrapMul(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return T(uint64_t(a) * uint64_t(b));
  else
    return a * b;
}
template <typename T> T negate(T x) {
  if constexpr (std::is_integral_v<T>)
    return wrapSub<T>(0, x);
  else
    return -x;
}
template <typename T> T absolute(T x) {
  if constexpr (std::is_integral_v<T>)
    return x < 0 ? negate(x) : x;
  else
    return std::fabs(x); // also of -0.0
}
template <typename T> T floorDivide(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    if (b == 0)
      return 0;
    if (b == -1)
      return wrapSub<T>(0, a);
    return a / b - ((a % b != 0) && ((a < 0) != (b < 0)));
  } else {
    // floor(a / b) would be wrong where the division rounds up to an integer, as for 1 // 0.1.
    if (b == 0)
      return a / b;
    T r = std::fmod(a, b), q = (a - r) / b;
    return std::nearbyint(r != 0 && (r < 0) != (b < 0) ? q - 1 : q);
  }
}
template <typename T> T remainder(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    if (b == 0 || b == -1)
      return 0;
    T r = a % b;
    return r != 0 && ((r < 0) != (b < 0)) ? r + b : r;
  } else {
    T r = std::fmod(a, b);
    return r != 0 && ((r < 0) != (b < 0)) ? r + b : r;
  }
}
template <typename T> T maximum(T a, T b) { return a != a ? a : b != b ? b : a > b ? a : b; }
template <typename T> T minimum(T a, T b) { return a != a ? a : b != b ? b : a < b ? a : b; }
template <typename T> T power(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    if (b < 0)
      return a == 1 ? 1 : a == -1 ? (b % 2 ? -1 : 1) : 0;
    T y = 1;
    for (; b; b >>= 1, a = wrapMul(a, a))
      if (b & 1)
        y = wrapMul(y, a);
    return y;
  } else {
    return std::pow(a, b);
  }
}
inline int64_t bitAnd(int64_t a, int64_t b) { return a & b; }
inline int64_t bitOr(int64_t a, int64_t b) { return a | b; }
inline int64_t logicalNot(int64_t x) { return ~x; }

// ---- code: scalars or vectors of f64 f32 bf16 f16 i64 i32 i8 i1; signedness is not in the value, so `unsigned` bytes
// are widened by whoever loads them
mlir::Value add(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value y);
mlir::Value sub(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value y);
mlir::Value mul(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value y);
mlir::Value neg(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x);
mlir::Value abs(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x);
mlir::Value sigmoid(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x);
mlir::Value logicalNot(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x);
mlir::Value floorDivide(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value y);
mlir::Value remainder(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value y);
mlir::Value power(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value y);
mlir::Value maximum(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value y);
mlir::Value minimum(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value y);
mlir::Value eq(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value y);
mlir::Value lt(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value y);
mlir::Value le(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value y);
/// Conversion by the language's rules (to int towards zero, to bool by x != 0); `to` is the element or vector type.
mlir::Value convert(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Type to);
/// A constant of scalar or vector type `type`.
mlir::Value constant(mlir::OpBuilder &b, mlir::Location loc, mlir::Type type, double value);

} // namespace modc::mod::scalar
