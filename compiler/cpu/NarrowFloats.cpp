// bf16 and f16 on processors that only convert them: computing is done in f32, conversions that are no instruction
// become arithmetic on integers, and LLVM never sees a bf16, for which it would call a library that artifacts do not
// have.
#include "compiler/cpu/Pipeline.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/Pass/Pass.h"

using namespace mlir;

static bool isNarrow(Type type) {
  Type element = getElementTypeOrSelf(type);
  return element.isBF16() || element.isF16();
}

static Type withElement(Type type, Type element) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? Type(vector.clone(element)) : element;
}

namespace {
/// Conversions of one shape: scalars, or vectors of one type.
class Converter {
public:
  Converter(OpBuilder &b, Location loc, Type shape) : b(b), loc(loc), shape(shape) {}

  Value widen(Value x) {
    if (!getElementTypeOrSelf(x.getType()).isBF16())
      return arith::ExtFOp::create(b, loc, type(b.getF32Type()), x);
    Value bits = arith::BitcastOp::create(b, loc, type(b.getI16Type()), x);
    bits = arith::ExtUIOp::create(b, loc, type(b.getI32Type()), bits);
    return arith::BitcastOp::create(b, loc, type(b.getF32Type()), shiftLeft(bits, 16));
  }

  /// f32 or f64 to `element`, bf16 or f16, to the nearest, ties to even.
  Value narrow(Value x, FloatType element) {
    if (getElementTypeOrSelf(x.getType()).isF64())
      x = oddSingle(x);
    if (element.isBF16())
      return roundToBFloat(x);
    return arith::TruncFOp::create(b, loc, type(element), x);
  }

private:
  Type type(Type element) const { return withElement(shape, element); }
  Value number(int64_t n) {
    Type i32 = type(b.getI32Type());
    TypedAttr value = b.getI32IntegerAttr(static_cast<int32_t>(n));
    if (auto vector = dyn_cast<VectorType>(i32))
      value = DenseElementsAttr::get(vector, Attribute(value));
    return arith::ConstantOp::create(b, loc, value);
  }
  Value shiftLeft(Value x, int64_t by) { return arith::ShLIOp::create(b, loc, x, number(by)); }
  Value shiftRight(Value x, int64_t by) { return arith::ShRUIOp::create(b, loc, x, number(by)); }
  Value lowest(Value x) { return arith::AndIOp::create(b, loc, x, number(1)); }
  Value bitsOf(Value single) { return arith::BitcastOp::create(b, loc, type(b.getI32Type()), single); }

  Value roundToBFloat(Value x) {
    Value bits = bitsOf(x), high = shiftRight(bits, 16);
    Value half = arith::AddIOp::create(b, loc, number(0x7fff), lowest(high));
    Value rounded = shiftRight(arith::AddIOp::create(b, loc, bits, half), 16);
    // A NaN must not lose all bits that make it one, nor carry into the sign.
    Value isNaN = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, x, x);
    Value quiet = arith::OrIOp::create(b, loc, high, number(0x40));
    Value chosen = arith::SelectOp::create(b, loc, isNaN, quiet, rounded);
    chosen = arith::TruncIOp::create(b, loc, type(b.getI16Type()), chosen);
    return arith::BitcastOp::create(b, loc, type(b.getBF16Type()), chosen);
  }

  /// f64 to f32 so that rounding the result further is rounding once: what is not exact gets an odd last bit, of the
  /// two neighbours the one that has it. f32 has more than two bits more than what comes after.
  Value oddSingle(Value x) {
    Type f32 = type(b.getF32Type()), f64 = x.getType();
    Value nearest = arith::TruncFOp::create(b, loc, f32, x), back = arith::ExtFOp::create(b, loc, f64, nearest);
    Value bits = bitsOf(nearest);
    auto compare = [&](arith::CmpFPredicate how, Value l, Value r) -> Value {
      return arith::CmpFOp::create(b, loc, how, l, r);
    };
    Value inexact = compare(arith::CmpFPredicate::ONE, back, x); // not of NaN
    Value isEven = arith::XOrIOp::create(b, loc, lowest(bits), number(1));
    Value moves = arith::AndIOp::create(b, loc, arith::ExtUIOp::create(b, loc, bits.getType(), inexact), isEven);
    // The bits without the sign grow with the size, beyond the largest number to infinity.
    Value above =
        compare(arith::CmpFPredicate::OGT, math::AbsFOp::create(b, loc, back), math::AbsFOp::create(b, loc, x));
    Value more = arith::AddIOp::create(b, loc, bits, moves), less = arith::SubIOp::create(b, loc, bits, moves);
    return arith::BitcastOp::create(b, loc, f32, arith::SelectOp::create(b, loc, above, less, more));
  }

  OpBuilder &b;
  Location loc;
  Type shape;
};

struct ExpandNarrowFloatsPass : PassWrapper<ExpandNarrowFloatsPass, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ExpandNarrowFloatsPass)
  StringRef getArgument() const override { return "expand-narrow-floats"; }
  StringRef getDescription() const override { return "Compute bf16 and f16 in f32, and convert bf16 by integers"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<arith::ArithDialect, math::MathDialect>();
  }

  void runOnOperation() override {
    SmallVector<Operation *> found;
    getOperation()->walk([&](Operation *op) {
      if (isa_and_nonnull<arith::ArithDialect, math::MathDialect>(op->getDialect()) &&
          !isa<arith::ConstantOp, arith::SelectOp, arith::BitcastOp>(op) &&
          (llvm::any_of(op->getOperandTypes(), isNarrow) || llvm::any_of(op->getResultTypes(), isNarrow)))
        found.push_back(op);
    });
    for (Operation *op : found) {
      OpBuilder b(op);
      Type type = op->getResult(0).getType();
      Converter converter(b, op->getLoc(), type);
      Value result;
      if (isa<arith::ExtFOp>(op)) {
        result = converter.widen(op->getOperand(0));
        if (result.getType() != type)
          result = arith::ExtFOp::create(b, op->getLoc(), type, result);
      } else if (isa<arith::TruncFOp>(op)) {
        result = converter.narrow(op->getOperand(0), cast<FloatType>(getElementTypeOrSelf(type)));
      } else {
        OperationState state(op->getLoc(), op->getName());
        state.addAttributes(op->getAttrs());
        for (Value operand : op->getOperands())
          state.addOperands(isNarrow(operand.getType()) ? converter.widen(operand) : operand);
        state.addTypes(isNarrow(type) ? withElement(type, b.getF32Type()) : type);
        result = b.create(state)->getResult(0);
        if (isNarrow(type))
          result = converter.narrow(result, cast<FloatType>(getElementTypeOrSelf(type)));
      }
      op->getResult(0).replaceAllUsesWith(result);
      op->erase();
    }
  }
};

struct BFloatAsBitsPass : PassWrapper<BFloatAsBitsPass, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(BFloatAsBitsPass)
  StringRef getArgument() const override { return "bf16-as-bits"; }
  StringRef getDescription() const override { return "bf16 in the LLVM dialect as integers of 16 bits"; }

  void runOnOperation() override {
    // What still computes in bf16 is then refused by the verifier, which wants floats there.
    Type bits = IntegerType::get(&getContext(), 16);
    AttrTypeReplacer replacer;
    replacer.addReplacement([&](BFloat16Type) { return bits; });
    replacer.addReplacement([&](FloatAttr number) -> std::optional<Attribute> {
      if (!number.getType().isBF16())
        return std::nullopt;
      return IntegerAttr::get(bits, number.getValue().bitcastToAPInt());
    });
    replacer.addReplacement([&](DenseElementsAttr numbers) -> std::optional<Attribute> {
      if (!numbers.getElementType().isBF16())
        return std::nullopt;
      return numbers.bitcast(bits);
    });
    replacer.recursivelyReplaceElementsIn(getOperation(), /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                          /*replaceTypes=*/true);
    getOperation()->walk([](LLVM::BitcastOp cast) {
      if (cast.getArg().getType() == cast.getType()) {
        cast.replaceAllUsesWith(cast.getArg());
        cast.erase();
      }
    });
  }
};
} // namespace

std::unique_ptr<Pass> modc::cpu::createExpandNarrowFloatsPass() { return std::make_unique<ExpandNarrowFloatsPass>(); }
std::unique_ptr<Pass> modc::cpu::createBFloatAsBitsPass() { return std::make_unique<BFloatAsBitsPass>(); }
