// Philox4x32-10 (Salmon et al., SC 2011) written out as integer arithmetic; the language's reference fixes key, counter
// and bits.
#include "compiler/cpu/Philox.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace {
// Integer arithmetic on values of one shape: scalars, or vectors of as many lanes as the elements have.
struct Words {
  OpBuilder &b;
  Location loc;
  VectorType shape; // null: scalars

  Type type(Type element) const { return shape ? Type(VectorType::get(shape.getShape(), element)) : element; }
  Type word() const { return type(b.getI32Type()); }
  Type pair() const { return type(b.getI64Type()); }
  Value constant(Type t, uint64_t value) const {
    Type element = getElementTypeOrSelf(t);
    TypedAttr attr = b.getIntegerAttr(element, APInt(element.getIntOrFloatBitWidth(), value));
    if (shape)
      attr = DenseElementsAttr::get(cast<ShapedType>(t), Attribute(attr));
    return arith::ConstantOp::create(b, loc, attr);
  }
  Value spread(Value scalar) const {
    return shape ? Value(vector::BroadcastOp::create(b, loc, type(scalar.getType()), scalar)) : scalar;
  }
  Value low(Value v) const { return arith::TruncIOp::create(b, loc, word(), v); }
  Value high(Value v) const { return low(arith::ShRUIOp::create(b, loc, v, constant(pair(), 32))); }
  Value product(Value w, uint32_t factor) const {
    return arith::MulIOp::create(b, loc, arith::ExtUIOp::create(b, loc, pair(), w), constant(pair(), factor));
  }
  Value exclusive(Value x, Value y, Value z) const {
    return arith::XOrIOp::create(b, loc, arith::XOrIOp::create(b, loc, x, y), z);
  }
};
} // namespace

Value modc::cpu::emitRandom(OpBuilder &b, Location loc, Value key, Value call, Value element, Type result) {
  Words w{b, loc, dyn_cast<VectorType>(element.getType())};
  Value number = arith::IndexCastOp::create(b, loc, w.pair(), element);
  Value block = arith::ShRUIOp::create(b, loc, number, w.constant(w.pair(), 2));
  Value keys = w.spread(key), calls = w.spread(call);
  Value c0 = w.low(block), c1 = w.high(block), c2 = w.low(calls), c3 = w.high(calls);
  Value k0 = w.low(keys), k1 = w.high(keys);
  for (int round = 0; round < 10; ++round) {
    Value p0 = w.product(c0, 0xD2511F53u), p1 = w.product(c2, 0xCD9E8D57u);
    Value n0 = w.exclusive(w.high(p1), c1, k0), n2 = w.exclusive(w.high(p0), c3, k1);
    c0 = n0, c1 = w.low(p1), c2 = n2, c3 = w.low(p0);
    k0 = arith::AddIOp::create(b, loc, k0, w.constant(w.word(), 0x9E3779B9u));
    k1 = arith::AddIOp::create(b, loc, k1, w.constant(w.word(), 0xBB67AE85u));
  }
  Value which = arith::AndIOp::create(b, loc, w.low(number), w.constant(w.word(), 3));
  Value bits = c0;
  std::array<Value, 3> others{c1, c2, c3};
  for (auto [lane, word] : llvm::enumerate(others)) {
    Value is = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, which, w.constant(w.word(), lane + 1));
    bits = arith::SelectOp::create(b, loc, is, word, bits);
  }
  unsigned kept = result.isBF16() ? 8 : result.isF16() ? 11 : 24;
  bits = arith::ShRUIOp::create(b, loc, bits, w.constant(w.word(), 32 - kept));
  // Exact in f32 for all three, and so is the narrowing.
  Type wide = result.isF64() ? result : b.getF32Type();
  Value number01 = arith::UIToFPOp::create(b, loc, w.type(wide), bits);
  TypedAttr unit = b.getFloatAttr(wide, 1.0 / (1u << kept));
  if (w.shape)
    unit = DenseElementsAttr::get(cast<ShapedType>(w.type(wide)), Attribute(unit));
  number01 = arith::MulFOp::create(b, loc, number01, arith::ConstantOp::create(b, loc, unit));
  return wide == result ? number01 : arith::TruncFOp::create(b, loc, w.type(result), number01);
}
