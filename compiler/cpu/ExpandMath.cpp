// Pass `expand-math`: functions of `math` become arithmetic, so that generated code never calls a library.
#include "compiler/cpu/MathFunctions.h"
#include "compiler/cpu/Pipeline.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Pass/Pass.h"

using namespace mlir;
using namespace modc::cpu;

static Type withElement(Type type, Type element) {
  if (auto vector = dyn_cast<VectorType>(type))
    return VectorType::get(vector.getShape(), element);
  return element;
}

// x to a static or run-time whole power, by squaring.
static Value wholePower(OpBuilder &b, Location loc, Value x, int64_t power) {
  Type type = x.getType();
  Attribute unit = b.getFloatAttr(getElementTypeOrSelf(type), 1.0);
  if (auto vector = dyn_cast<VectorType>(type))
    unit = DenseElementsAttr::get(vector, unit);
  Value one = arith::ConstantOp::create(b, loc, cast<TypedAttr>(unit)), result = one;
  for (uint64_t left = power < 0 ? -static_cast<uint64_t>(power) : power; left != 0; left >>= 1) {
    if (left & 1)
      result = arith::MulFOp::create(b, loc, result, x);
    if (left > 1)
      x = arith::MulFOp::create(b, loc, x, x);
  }
  return power < 0 ? arith::DivFOp::create(b, loc, one, result) : result;
}

// The whole number that a constant (scalar or splat) is, if it is a small one.
static std::optional<int64_t> smallWhole(Value value) {
  Attribute attr;
  if (!matchPattern(value, m_Constant(&attr)))
    return std::nullopt;
  if (auto splat = dyn_cast<SplatElementsAttr>(attr))
    attr = splat.getSplatValue<Attribute>();
  auto number = dyn_cast<FloatAttr>(attr);
  double v = number ? number.getValueAsDouble() : 0.5;
  if (v != static_cast<int64_t>(v) || std::abs(v) > 64)
    return std::nullopt;
  return static_cast<int64_t>(v);
}

static Value expand(Operation *op, OpBuilder &b, ArrayRef<Value> x) {
  Location loc = op->getLoc();
  MathFunctions f(b, loc, x[0].getType());
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([&](math::ExpOp) { return f.exp(x[0]); })
      .Case([&](math::Exp2Op) { return f.exp2(x[0]); })
      .Case([&](math::ExpM1Op) { return f.expm1(x[0]); })
      .Case([&](math::LogOp) { return f.log(x[0]); })
      .Case([&](math::Log1pOp) { return f.log1p(x[0]); })
      .Case([&](math::Log2Op) { return f.log2(x[0]); })
      .Case([&](math::Log10Op) { return f.log10(x[0]); })
      .Case([&](math::TanhOp) { return f.tanh(x[0]); })
      .Case([&](math::ErfOp) { return f.erf(x[0]); })
      .Case([&](math::SinOp) { return f.sin(x[0]); })
      .Case([&](math::CosOp) { return f.cos(x[0]); })
      .Case([&](math::RsqrtOp) { return f.rsqrt(x[0]); })
      .Case([&](math::PowFOp) {
        std::optional<int64_t> power = smallWhole(x[1]);
        return power ? wholePower(b, loc, x[0], *power) : f.pow(x[0], x[1]);
      })
      .Default([](Operation *) { return Value(); });
}

static bool isExpanded(Operation *op) {
  return isa<math::ExpOp, math::Exp2Op, math::ExpM1Op, math::LogOp, math::Log1pOp, math::Log2Op, math::Log10Op,
             math::TanhOp, math::ErfOp, math::SinOp, math::CosOp, math::RsqrtOp, math::PowFOp>(op);
}

// What LLVM turns into instructions by itself.
static bool isNative(Operation *op) {
  return isa<math::FmaOp, math::SqrtOp, math::AbsFOp, math::AbsIOp, math::CopySignOp, math::FloorOp, math::CeilOp,
             math::TruncOp, math::RoundEvenOp, math::RoundOp, math::IsNaNOp, math::IsInfOp, math::IsFiniteOp>(op);
}

namespace {
struct ExpandMathPass : PassWrapper<ExpandMathPass, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ExpandMathPass)
  StringRef getArgument() const override { return "expand-math"; }
  StringRef getDescription() const override { return "Expand functions of math into arithmetic"; }

  void runOnOperation() override {
    SmallVector<Operation *> found;
    getOperation()->walk([&](Operation *op) {
      if (isExpanded(op)) {
        found.push_back(op);
      } else if (isa<math::MathDialect>(op->getDialect()) && !isNative(op)) {
        op->emitOpError("has no expansion into arithmetic");
        signalPassFailure();
      }
    });
    for (Operation *op : found) {
      OpBuilder b(op);
      Type type = op->getResult(0).getType(), element = getElementTypeOrSelf(type);
      SmallVector<Value> operands(op->getOperands());
      bool narrow = element.isF16() || element.isBF16();
      Type wide = withElement(type, b.getF32Type());
      if (narrow)
        for (Value &operand : operands)
          operand = arith::ExtFOp::create(b, op->getLoc(), wide, operand);
      Value result = expand(op, b, operands);
      if (narrow)
        result = arith::TruncFOp::create(b, op->getLoc(), type, result);
      op->getResult(0).replaceAllUsesWith(result);
      op->erase();
    }
  }
};
} // namespace

std::unique_ptr<Pass> modc::cpu::createExpandMathPass() { return std::make_unique<ExpandMathPass>(); }
