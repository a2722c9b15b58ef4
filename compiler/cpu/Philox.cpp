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
  Value shift(Value v) const { return arith::ShRUIOp::create(b, loc, v, constant(v.getType(), 32)); }
  Value exclusive(Value x, Value y, Value z) const {
    return arith::XOrIOp::create(b, loc, arith::XOrIOp::create(b, loc, x, y), z);
  }
  /// Of the low halves alone, which is what one instruction multiplies.
  Value product(Value v, uint32_t factor) const {
    Value half = arith::AndIOp::create(b, loc, v, constant(pair(), 0xffffffffu));
    return arith::MulIOp::create(b, loc, half, constant(pair(), factor));
  }

  /// The four words of each block; `blocks` and what is given with it are 64 bits wide. Words keep to 64 bits, with
  /// anything in their upper halves, until the end: nothing is packed or unpacked in between.
  std::array<Value, 4> philox(Value key, Value call, Value blocks) const {
    Words scalar{b, loc, {}};
    Value calls = spread(call), k0 = key, k1 = scalar.shift(key);
    Value c0 = blocks, c1 = shift(blocks), c2 = calls, c3 = shift(calls);
    for (int round = 0; round < 10; ++round) {
      Value p0 = product(c0, 0xD2511F53u), p1 = product(c2, 0xCD9E8D57u);
      Value n0 = exclusive(shift(p1), c1, spread(k0)), n2 = exclusive(shift(p0), c3, spread(k1));
      c0 = n0, c1 = p1, c2 = n2, c3 = p0;
      k0 = arith::AddIOp::create(b, loc, k0, scalar.constant(k0.getType(), 0x9E3779B9u));
      k1 = arith::AddIOp::create(b, loc, k1, scalar.constant(k1.getType(), 0xBB67AE85u));
    }
    return {low(c0), low(c1), low(c2), low(c3)};
  }

  /// Words as numbers in [0, 1).
  Value unit(Value bits, Type result) const {
    unsigned kept = result.isBF16() ? 8 : result.isF16() ? 11 : 24;
    bits = arith::ShRUIOp::create(b, loc, bits, constant(word(), 32 - kept));
    // Exact in f32 for all three, and so is the narrowing.
    Type wide = result.isF64() ? result : b.getF32Type();
    Value number = arith::UIToFPOp::create(b, loc, type(wide), bits);
    TypedAttr step = b.getFloatAttr(wide, 1.0 / (1u << kept));
    if (shape)
      step = DenseElementsAttr::get(cast<ShapedType>(type(wide)), Attribute(step));
    number = arith::MulFOp::create(b, loc, number, arith::ConstantOp::create(b, loc, step));
    return wide == result ? number : arith::TruncFOp::create(b, loc, type(result), number);
  }
};
} // namespace

Value modc::cpu::emitRandom(OpBuilder &b, Location loc, Value key, Value call, Value element, Type result) {
  Words w{b, loc, dyn_cast<VectorType>(element.getType())};
  Value number = arith::IndexCastOp::create(b, loc, w.pair(), element);
  std::array<Value, 4> words = w.philox(key, call, arith::ShRUIOp::create(b, loc, number, w.constant(w.pair(), 2)));
  Value which = arith::AndIOp::create(b, loc, w.low(number), w.constant(w.word(), 3));
  Value bits = words[0];
  for (uint64_t i = 1; i < 4; ++i) {
    Value is = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, which, w.constant(w.word(), i));
    bits = arith::SelectOp::create(b, loc, is, words[i], bits);
  }
  return w.unit(bits, result);
}

Value modc::cpu::emitRandomSpan(OpBuilder &b, Location loc, Value key, Value call, Value first, bool aligned,
                                int64_t lanes, Type result) {
  // The elements lie in lanes / 4 blocks, and in one more where the first is not the first of its block.
  int64_t blocks = aligned ? lanes / 4 : lanes / 2;
  Words scalar{b, loc, {}}, w{b, loc, VectorType::get({blocks}, b.getI64Type())};
  Value number = arith::IndexCastOp::create(b, loc, b.getI64Type(), first);
  Value block = w.spread(arith::ShRUIOp::create(b, loc, number, scalar.constant(scalar.pair(), 2)));
  Value steps = arith::IndexCastOp::create(b, loc, w.pair(),
                                           vector::StepOp::create(b, loc, VectorType::get({blocks}, b.getIndexType())));
  std::array<Value, 4> words = w.philox(key, call, arith::AddIOp::create(b, loc, block, steps));

  auto interleave = [&](Value x, Value y, int64_t run) { // of each in turn `run` lanes
    int64_t n = cast<VectorType>(x.getType()).getNumElements();
    SmallVector<int64_t> order;
    for (int64_t i = 0; i < n; i += run)
      for (int64_t side : {int64_t(0), n})
        for (int64_t k = 0; k < run; ++k)
          order.push_back(side + i + k);
    return Value(vector::ShuffleOp::create(b, loc, x, y, order));
  };
  Value all = interleave(interleave(words[0], words[1], 1), interleave(words[2], words[3], 1), 2);
  auto from = [&](int64_t start) {
    return Value(
        vector::ShuffleOp::create(b, loc, all, all, llvm::to_vector(llvm::seq<int64_t>(start, start + lanes))));
  };
  Value bits = aligned ? all : from(0);
  if (!aligned) {
    Value which = arith::AndIOp::create(b, loc, scalar.low(number), scalar.constant(scalar.word(), 3));
    for (int64_t i = 1; i < 4; ++i) {
      Value is =
          arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, which, scalar.constant(scalar.word(), uint64_t(i)));
      bits = arith::SelectOp::create(b, loc, is, from(i), bits);
    }
  }
  return Words{b, loc, cast<VectorType>(bits.getType())}.unit(bits, result);
}
