// Dtypes of mixed operands (PyTorch's rules), conversion, and the binary operators on tensors.
#include "compiler/sema/Elaborator.h"

using namespace modc;
using namespace modc::sema;
using ast::BinaryOp;
using ast::CompareOp;
using mod::SymTensorType;

namespace {
enum Category { Undefined = -1, Boolean, Integer, Floating };

Category category(mlir::Type type) {
  if (!type)
    return Undefined;
  if (llvm::isa<mlir::FloatType>(type))
    return Floating;
  return type.isInteger(1) ? Boolean : Integer;
}
} // namespace

mlir::Type Elaborator::promoteTypes(mlir::Type a, mlir::Type b) {
  if (!a || !b || a == b)
    return a ? a : b;
  Category x = category(a), y = category(b);
  if (x != y)
    return x > y ? a : b;
  if (x == Floating) {
    unsigned p = a.getIntOrFloatBitWidth(), q = b.getIntOrFloatBitWidth();
    return p == q ? mlir::Float32Type::get(ctx) : p > q ? a : b; // f16 with bf16
  }
  unsigned p = a.getIntOrFloatBitWidth(), q = b.getIntOrFloatBitWidth();
  return p == q ? mlir::IntegerType::get(ctx, 32) : p > q ? a : b; // i8 with u8
}

mlir::Type Elaborator::promote(llvm::ArrayRef<const Value *> values) {
  // Tensors with dimensions lead, then 0-d ones, then numbers; a lower group widens only into a higher category.
  mlir::Type groups[3];
  for (const Value *value : values) {
    mlir::Type type;
    int group = 2;
    if (auto *t = value->get<TensorValue>(); t && t->weak) {
      type = mlir::Float32Type::get(ctx);
    } else if (SymTensorType tensor = tensorType(*value)) {
      type = tensor.getElementType();
      group = tensor.getDims().empty();
    } else if (value->is<double>()) {
      type = mlir::Float32Type::get(ctx);
    } else {
      type = mlir::IntegerType::get(ctx, value->is<bool>() ? 1 : 64);
    }
    groups[group] = promoteTypes(groups[group], type);
  }
  auto combine = [&](mlir::Type high, mlir::Type low) -> mlir::Type {
    if (!high || !low)
      return high ? high : low;
    return category(high) >= category(low) ? high : promoteTypes(high, low);
  };
  return combine(groups[0], combine(groups[1], groups[2]));
}

bool Elaborator::weakly(llvm::ArrayRef<const Value *> values) {
  return llvm::all_of(values, [](const Value *v) {
    auto *t = v->get<TensorValue>();
    return !v->tensor() || (t && t->weak);
  });
}

mlir::Value Elaborator::materialise(const Value &value, mlir::Type dtype, SourceRange range) {
  if (value.tensor()) {
    Value converted = cast(value, dtype, range);
    return tensorOf(converted, range);
  }
  if (auto *d = value.get<DimValue>())
    return tensorOf(emit<mod::SizeOp>(range, {}, {attr("size", d->dim), attr("dtype", mlir::TypeAttr::get(dtype))}),
                    range);
  if (value.number())
    return tensorOf(full({}, value, dtype, range), range);
  report(diag::unsupportedOperands, range, "a tensor operation", describe(value), "a tensor");
  return {};
}

Value Elaborator::cast(const Value &x, mlir::Type dtype, SourceRange range) {
  if (x.poisoned() || !dtype)
    return Poison{};
  mlir::Value v = tensorOf(x, range);
  if (!v)
    return Poison{};
  if (llvm::cast<SymTensorType>(v.getType()).getElementType() == dtype)
    return TensorValue{v};
  return emit<mod::ToOp>(range, {v}, {attr("dtype", mlir::TypeAttr::get(dtype))});
}

Value Elaborator::tensorBinary(BinaryOp op, const Value &a, const Value &b, SourceRange range) {
  if (op == BinaryOp::matmul)
    return matmul(a, b, range);
  if (op == BinaryOp::pow)
    return tensorPow(a, b, range);
  bool weak = weakly({&a, &b});
  mlir::Type dtype = weak ? mlir::Float64Type::get(ctx) : promote({&a, &b});
  bool floats = llvm::isa<mlir::FloatType>(dtype), bools = dtype.isInteger(1);
  if (op == BinaryOp::div && !floats)
    dtype = mlir::Float32Type::get(ctx);
  bool bitwise = op == BinaryOp::bitAnd || op == BinaryOp::bitOr;
  if (bitwise && floats) {
    report(diag::operandMismatch, range, ast::spelling(op),
           "wants bool or integer tensors, got " + describe(a) + " and " + describe(b));
    return Poison{};
  }
  if (bools && (op == BinaryOp::sub || op == BinaryOp::floorDiv || op == BinaryOp::mod)) {
    report(diag::operandMismatch, range, ast::spelling(op), "is not defined for bool tensors; convert them first");
    return Poison{};
  }
  // x * 1 and n + 0 are what they are; `arange` is full of them.
  auto neutral = [&](const Value &number, const Value &other) {
    auto n = asDouble(number);
    bool one = op == BinaryOp::mul || op == BinaryOp::div, zero = op == BinaryOp::add || op == BinaryOp::sub;
    return n && other.tensor() && tensorType(other).getElementType() == dtype &&
           ((one && *n == 1) || (zero && *n == 0 && !floats && !bools));
  };
  bool commutes = op == BinaryOp::add || op == BinaryOp::mul;
  if (neutral(b, a) || (commutes && neutral(a, b))) {
    const Value &same = neutral(b, a) ? a : b;
    mlir::Value v = tensorOf(same, range);
    return v ? Value(TensorValue{v, weak}) : Value(Poison{});
  }
  mlir::Value x = materialise(a, dtype, range);
  mlir::Value y = x ? materialise(b, dtype, range) : mlir::Value();
  if (!y)
    return Poison{};
  switch (op) {
  case BinaryOp::add:
    return bools ? emit<mod::BitwiseOrOp>(range, {x, y}) : emit<mod::AddOp>(range, {x, y}, {}, weak);
  case BinaryOp::sub:
    return emit<mod::SubOp>(range, {x, y}, {}, weak);
  case BinaryOp::mul:
    return bools ? emit<mod::BitwiseAndOp>(range, {x, y}) : emit<mod::MulOp>(range, {x, y}, {}, weak);
  case BinaryOp::div:
    return emit<mod::DivOp>(range, {x, y}, {}, weak);
  case BinaryOp::floorDiv:
    return emit<mod::FloorDivideOp>(range, {x, y}, {}, weak);
  case BinaryOp::mod:
    return emit<mod::RemainderOp>(range, {x, y}, {}, weak);
  case BinaryOp::bitAnd:
    return emit<mod::BitwiseAndOp>(range, {x, y});
  case BinaryOp::bitOr:
    return emit<mod::BitwiseOrOp>(range, {x, y});
  default:
    llvm_unreachable("handled above");
  }
}

Value Elaborator::tensorCompare(CompareOp op, const Value &a, const Value &b, SourceRange range) {
  mlir::Type dtype = weakly({&a, &b}) ? mlir::Float64Type::get(ctx) : promote({&a, &b});
  mlir::Value x = materialise(a, dtype, range);
  mlir::Value y = x ? materialise(b, dtype, range) : mlir::Value();
  if (!y)
    return Poison{};
  switch (op) {
  case CompareOp::eq:
    return emit<mod::EqOp>(range, {x, y});
  case CompareOp::ne: {
    Value same = emit<mod::EqOp>(range, {x, y});
    return same.poisoned() ? same : emit<mod::LogicalNotOp>(range, {same.as<TensorValue>().value});
  }
  case CompareOp::lt:
    return emit<mod::LtOp>(range, {x, y});
  case CompareOp::le:
    return emit<mod::LeOp>(range, {x, y});
  case CompareOp::gt:
    return emit<mod::LtOp>(range, {y, x});
  case CompareOp::ge:
    return emit<mod::LeOp>(range, {y, x});
  default:
    llvm_unreachable("`in` and `is` are not for tensors");
  }
}

Value Elaborator::tensorPow(const Value &a, const Value &b, SourceRange range) {
  bool weak = weakly({&a, &b});
  mlir::Type dtype = weak ? mlir::Float64Type::get(ctx) : promote({&a, &b});
  std::optional<int64_t> power;
  if (auto *n = b.get<int64_t>())
    power = *n;
  if (auto *f = b.get<double>(); f && *f == std::floor(*f) && std::abs(*f) <= 8 && llvm::isa<mlir::FloatType>(dtype))
    power = int64_t(*f);
  mlir::Value x = materialise(a, dtype, range);
  if (!x)
    return Poison{};
  // A small static power is products; the gradient then needs no logarithm.
  if (power && *power >= 1 && *power <= 8) {
    Value out = TensorValue{x, weak};
    for (int64_t i = 1; i < *power && !out.poisoned(); ++i)
      out = emit<mod::MulOp>(range, {out.as<TensorValue>().value, x}, {}, weak);
    return out;
  }
  if (!llvm::isa<mlir::FloatType>(dtype)) {
    if (power && *power == 0)
      return full(llvm::cast<SymTensorType>(x.getType()).getDims(), int64_t(1), dtype, range);
    if (power && *power < 0) {
      report(diag::operandMismatch, range, "**", "integers to negative powers are not integers")
          .suggest("convert the tensor to a float dtype first");
      return Poison{};
    }
    if (dtype.isInteger(1)) {
      report(diag::operandMismatch, range, "**", "is not defined for bool tensors; convert them first");
      return Poison{};
    }
  }
  if (power && (*power == -1 || *power == -2)) {
    Value square = *power == -2 ? emit<mod::MulOp>(range, {x, x}, {}, weak) : Value(TensorValue{x, weak});
    return binary(BinaryOp::div, int64_t(1), square, range);
  }
  mlir::Value y = materialise(b, dtype, range);
  return y ? emit<mod::PowOp>(range, {x, y}, {}, weak) : Value(Poison{});
}

Value Elaborator::matmul(const Value &a, const Value &b, SourceRange range) {
  SymTensorType s = tensorType(a), t = tensorType(b);
  if (!s || !t)
    return unsupported("@", a, b, range);
  if (s.getElementType() != t.getElementType()) {
    Diagnostic &d = report(diag::mixedDtypes, range, "@", s.text(), t.text());
    labelOperands(d, range, s.text(), t.text());
    d.suggest("convert one of them: `.to(" + mod::dtypeName(s.getElementType()) + ")`");
    return Poison{};
  }
  if (s.getElementType().isInteger(1)) {
    report(diag::operandMismatch, range, "@", "is not defined for bool tensors; convert them first");
    return Poison{};
  }
  if (s.getDims().empty() || t.getDims().empty()) {
    report(diag::operandMismatch, range, "@", "wants vectors or matrices, got " + s.text() + " and " + t.text());
    return Poison{};
  }
  // A vector is a matrix of one row (left) or one column (right), as in PyTorch.
  bool left = s.getDims().size() == 1, right = t.getDims().size() == 1;
  mod::DimAttr one = mod::DimAttr::constant(ctx, 1);
  Value p = left ? reshape(a, {one, s.getDims()[0]}, range) : a;
  Value q = right ? reshape(b, {t.getDims()[0], one}, range) : b;
  mlir::Value x = tensorOf(p, range), y = tensorOf(q, range);
  if (!x || !y)
    return Poison{};
  // `x @ w.t()` reads w as it lies.
  llvm::SmallVector<mlir::NamedAttribute> attrs;
  if (auto swapped = y.getDefiningOp<mod::PermuteOp>()) {
    auto order = swapped.getDims();
    int64_t n = order.size();
    bool lastTwo = n >= 2 && order[n - 1] == n - 2 && order[n - 2] == n - 1;
    for (int64_t i = 0; i + 2 < n; ++i)
      lastTwo &= order[i] == i;
    if (lastTwo) {
      y = swapped.getX();
      attrs.push_back(attr("trans_b", mlir::BoolAttr::get(ctx, true)));
    }
  }
  Value out = emit<mod::MatmulOp>(range, {x, y}, attrs);
  if (out.poisoned() || (!left && !right))
    return out;
  llvm::SmallVector<mod::DimAttr> dims(tensorType(out).getDims());
  if (right)
    dims.pop_back();
  if (left)
    dims.erase(dims.end() - (right ? 1 : 2));
  return reshape(out, dims, range);
}
