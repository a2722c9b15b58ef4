// Arithmetic and comparison at compile time: Python's ints, floats, strings and lists, and polynomials in sizes.
#include "compiler/sema/Elaborator.h"
#include <cmath>

using namespace modc;
using namespace modc::sema;
using ast::BinaryOp;
using ast::CompareOp;
using mod::DimAttr;

static constexpr size_t kMaxTerms = 64, kMaxDimText = 2048, kMaxSequence = 10'000'000;

Value Elaborator::unsupported(llvm::StringRef op, const Value &a, const Value &b, SourceRange range) {
  Diagnostic &d = report(diag::unsupportedOperands, range, op, describe(a), describe(b));
  labelOperands(d, range, describe(a), describe(b));
  if (op == "+" && (a.is<std::string>() || b.is<std::string>()))
    d.suggest("strings take values by `{}`: `\"layer{i}\"`");
  return Poison{};
}

Value Elaborator::checkedDim(DimAttr dim, SourceRange range) {
  if (dim.isOverflow()) {
    report(diag::arithmetic, range, "the size is beyond 62 bits");
    return Poison{};
  }
  if (dim.getCoeffs().size() > kMaxTerms || (!dim.getConstant() && dim.text().size() > kMaxDimText)) {
    report(diag::arithmetic, range, "the size is too complicated an expression");
    return Poison{};
  }
  return makeDim(dim);
}

bool Elaborator::checkShape(llvm::ArrayRef<DimAttr> dims, SourceRange range) {
  size_t terms = 1;
  for (DimAttr d : dims) {
    if (checkedDim(d, range).poisoned())
      return false;
    if (const RunLoop *loop = loopIn(d)) {
      report(diag::shapeOfRound, range, d.text(), loop->name.getValue())
          .suggest("slice a fixed length (`x[" + loop->name.str() + " : " + loop->name.str() + " + 4]`), or mask");
      return false;
    }
    terms *= std::max<size_t>(1, d.getCoeffs().size());
    if (terms > kMaxTerms * kMaxTerms) {
      report(diag::arithmetic, range, "the shape is too complicated an expression");
      return false;
    }
  }
  return true;
}

static int64_t floorDivide(int64_t a, int64_t b) { return a / b - ((a % b != 0) && ((a < 0) != (b < 0))); }

Value Elaborator::integerBinary(BinaryOp op, int64_t a, int64_t b, SourceRange range) {
  int64_t out = 0;
  bool overflow = false;
  switch (op) {
  case BinaryOp::add:
    overflow = __builtin_add_overflow(a, b, &out);
    break;
  case BinaryOp::sub:
    overflow = __builtin_sub_overflow(a, b, &out);
    break;
  case BinaryOp::mul:
    overflow = __builtin_mul_overflow(a, b, &out);
    break;
  case BinaryOp::bitAnd:
    return a & b;
  case BinaryOp::bitOr:
    return a | b;
  case BinaryOp::div:
  case BinaryOp::floorDiv:
  case BinaryOp::mod:
    if (b == 0) {
      report(diag::arithmetic, range, "division by zero");
      return Poison{};
    }
    if (op == BinaryOp::div)
      return double(a) / double(b);
    if (b == -1)
      return op == BinaryOp::mod ? Value(int64_t(0)) : integerBinary(BinaryOp::sub, 0, a, range);
    return op == BinaryOp::floorDiv ? floorDivide(a, b) : a - b * floorDivide(a, b);
  case BinaryOp::pow:
    if (b < 0)
      return floatBinary(op, double(a), double(b), range);
    out = 1;
    if (a == 0 || a == 1)
      return b == 0 ? Value(int64_t(1)) : Value(a);
    if (a == -1)
      return Value(int64_t(b % 2 ? -1 : 1));
    for (int64_t i = 0; i < b && !overflow; ++i)
      overflow = __builtin_mul_overflow(out, a, &out);
    break;
  case BinaryOp::matmul:
    return unsupported("@", a, b, range);
  }
  if (overflow) {
    report(diag::arithmetic, range, "the int is beyond 64 bits");
    return Poison{};
  }
  return out;
}

Value Elaborator::floatBinary(BinaryOp op, double a, double b, SourceRange range) {
  switch (op) {
  case BinaryOp::add:
    return a + b;
  case BinaryOp::sub:
    return a - b;
  case BinaryOp::mul:
    return a * b;
  case BinaryOp::pow: {
    if (a == 0 && b < 0)
      break;
    double out = std::pow(a, b);
    if (std::isnan(out) && !std::isnan(a) && !std::isnan(b)) {
      report(diag::arithmetic, range, "a negative number to a broken power");
      return Poison{};
    }
    return out;
  }
  case BinaryOp::div:
  case BinaryOp::floorDiv:
  case BinaryOp::mod:
    if (b == 0)
      break;
    if (op == BinaryOp::div)
      return a / b;
    if (op == BinaryOp::floorDiv)
      return std::floor(a / b);
    {
      double r = std::fmod(a, b);
      return r != 0 && (r < 0) != (b < 0) ? r + b : r;
    }
  default:
    return unsupported(ast::spelling(op), a, b, range);
  }
  report(diag::arithmetic, range, "division by zero");
  return Poison{};
}

Value Elaborator::dimBinary(BinaryOp op, DimAttr a, DimAttr b, SourceRange range) {
  switch (op) {
  case BinaryOp::add:
    return checkedDim(a.plus(b), range);
  case BinaryOp::sub:
    return checkedDim(a.plus(b, -1), range);
  case BinaryOp::mul:
    if (a.getCoeffs().size() * b.getCoeffs().size() > kMaxTerms)
      return report(diag::arithmetic, range, "the size is too complicated an expression"), Poison{};
    return checkedDim(a.times(b), range);
  case BinaryOp::floorDiv:
  case BinaryOp::mod:
    if (b.getConstant() == 0) {
      report(diag::arithmetic, range, "division by zero");
      return Poison{};
    }
    return checkedDim(op == BinaryOp::floorDiv ? a.floorDiv(b) : a.mod(b), range);
  case BinaryOp::pow:
    if (auto n = b.getConstant(); n && *n >= 0 && *n <= 8) {
      DimAttr out = DimAttr::constant(ctx, 1);
      for (int64_t i = 0; i < *n; ++i)
        out = out.times(a);
      return checkedDim(out, range);
    }
    break;
  default:
    break;
  }
  return unsupported(ast::spelling(op), makeDim(a), makeDim(b), range);
}

Value Elaborator::sequenceBinary(BinaryOp op, const Value &a, const Value &b, SourceRange range) {
  auto *x = a.get<std::string>(), *y = b.get<std::string>();
  if (op == BinaryOp::add && x && y) {
    if (x->size() + y->size() > (1 << 20))
      return report(diag::wrongValue, range, "the string is longer than a megabyte"), Poison{};
    return *x + *y;
  }
  ListObject *l = a.list(), *r = b.list();
  if (op == BinaryOp::add && l && r) {
    if (l->items.size() + r->items.size() > kMaxSequence)
      return report(diag::wrongValue, range, "the list has more than 10 million items"), Poison{};
    std::vector<Value> items = l->items;
    llvm::append_range(items, r->items);
    return makeList(std::move(items), l->tuple && r->tuple);
  }
  auto *count = op == BinaryOp::mul ? b.get<int64_t>() : nullptr;
  if (count && (x || l)) {
    int64_t n = std::max<int64_t>(*count, 0);
    size_t size = x ? x->size() : l->items.size();
    if (size && uint64_t(n) > (x ? (1 << 20) : kMaxSequence) / size)
      return report(diag::wrongValue, range, "the repeated sequence is too long"), Poison{};
    if (x) {
      std::string out;
      for (int64_t i = 0; i < n; ++i)
        out += *x;
      return out;
    }
    std::vector<Value> items;
    for (int64_t i = 0; i < n; ++i)
      llvm::append_range(items, l->items);
    return makeList(std::move(items), l->tuple);
  }
  if (op == BinaryOp::mul && a.is<int64_t>() && (b.list() || b.is<std::string>()))
    return sequenceBinary(op, b, a, range);
  return unsupported(ast::spelling(op), a, b, range);
}

/// An int or bool known here; not by way of sizes, which have 62 bits.
static std::optional<int64_t> wholeOf(const Value &value) {
  if (auto *truth = value.get<bool>())
    return *truth;
  if (auto *number = value.get<int64_t>())
    return *number;
  return std::nullopt;
}

Value Elaborator::binary(BinaryOp op, const Value &a, const Value &b, SourceRange range) {
  if (a.poisoned() || b.poisoned())
    return Poison{};
  if (a.tensor() || b.tensor()) {
    auto numeric = [](const Value &v) { return v.tensor() || v.number() || v.is<DimValue>(); };
    if (!numeric(a) || !numeric(b))
      return unsupported(ast::spelling(op), a, b, range);
    return tensorBinary(op, a, b, range);
  }
  if (a.number() && b.number()) {
    if (a.is<bool>() && b.is<bool>() && (op == BinaryOp::bitAnd || op == BinaryOp::bitOr))
      return op == BinaryOp::bitAnd ? a.as<bool>() && b.as<bool>() : a.as<bool>() || b.as<bool>();
    if (a.is<double>() || b.is<double>())
      return floatBinary(op, *asDouble(a), *asDouble(b), range);
    return integerBinary(op, *wholeOf(a), *wholeOf(b), range);
  }
  bool sizes = (a.number() || a.is<DimValue>()) && (b.number() || b.is<DimValue>());
  if (sizes) {
    DimAttr x = asDim(ctx, a), y = asDim(ctx, b);
    if (x && y && op != BinaryOp::div)
      return dimBinary(op, x, y, range);
    // A float that depends on sizes: a 0-d tensor that promotes as a number.
    return tensorBinary(op, a, b, range);
  }
  return sequenceBinary(op, a, b, range);
}

Value Elaborator::unary(ast::UnaryOp op, const Value &x, SourceRange range) {
  if (x.poisoned())
    return Poison{};
  if (op == ast::UnaryOp::logicalNot) {
    if (auto *facts = x.get<FactsValue>();
        facts && facts->object->facts.size() == 1 && !facts->object->facts[0].equal) {
      const SizeFact &f = facts->object->facts[0];
      return sizeFact(false, f.b.plus(DimAttr::constant(ctx, 1)), f.a);
    }
    if (decidedByRun(x)) {
      mlir::Value cond = condition(x, range);
      return cond ? emit<mod::LogicalNotOp>(range, {cond}) : Value(Poison{});
    }
    auto holds = truth(x, range);
    return holds ? Value(!*holds) : Value(Poison{});
  }
  if (x.tensor()) {
    mlir::Value v = tensorOf(x, range);
    if (!v)
      return Poison{};
    bool weak = x.is<TensorValue>() && x.as<TensorValue>().weak;
    if (op == ast::UnaryOp::pos)
      return x;
    if (op == ast::UnaryOp::neg) {
      if (tensorType(x).getElementType().isInteger(1))
        return report(diag::operandMismatch, range, "-", "a bool tensor has no negative; convert it first"), Poison{};
      return emit<mod::NegOp>(range, {v}, {}, weak);
    }
    if (llvm::isa<mlir::FloatType>(tensorType(x).getElementType()))
      return report(diag::operandMismatch, range, "~", "wants a bool or integer tensor, got " + describe(x)), Poison{};
    return emit<mod::LogicalNotOp>(range, {v});
  }
  if (auto *d = x.get<DimValue>()) {
    if (op == ast::UnaryOp::neg)
      return checkedDim(DimAttr::constant(ctx, 0).plus(d->dim, -1), range);
    if (op == ast::UnaryOp::pos)
      return x;
  }
  if (auto *f = x.get<double>()) {
    if (op == ast::UnaryOp::neg)
      return -*f;
    if (op == ast::UnaryOp::pos)
      return *f;
  }
  if (x.is<int64_t>() || x.is<bool>()) {
    int64_t n = x.is<bool>() ? x.as<bool>() : x.as<int64_t>();
    if (op == ast::UnaryOp::neg)
      return integerBinary(BinaryOp::sub, 0, n, range);
    if (op == ast::UnaryOp::pos)
      return n;
    return x.is<bool>() ? Value(!x.as<bool>()) : Value(~n);
  }
  report(diag::unsupportedOperands, range, ast::spelling(op), describe(x), "nothing else");
  return Poison{};
}

Value Elaborator::sizeFact(bool isEqual, DimAttr a, DimAttr b) {
  switch (isEqual ? decideEqual(a, b) : decideLessEqual(a, b)) {
  case mod::Truth::Proved:
    return true;
  case mod::Truth::Refuted:
    return false;
  case mod::Truth::Open:
    return FactsValue{std::make_shared<FactsObject>(FactsObject{{SizeFact{isEqual, a, b}}})};
  }
  llvm_unreachable("all truths are handled");
}

Value Elaborator::equal(const Value &a, const Value &b, SourceRange range) {
  if (auto m = wholeOf(a), n = wholeOf(b); m && n)
    return *m == *n;
  DimAttr x = a.number() && !a.is<int64_t>() && !a.is<bool>() ? DimAttr() : asDim(ctx, a), y = asDim(ctx, b);
  if (x && y)
    return sizeFact(true, x, y);
  auto f = asDouble(a), g = asDouble(b);
  if (f && g)
    return *f == *g;
  if (a.is<std::string>() && b.is<std::string>())
    return a.as<std::string>() == b.as<std::string>();
  if (a.none() || b.none())
    return a.none() && b.none();
  if (a.is<DTypeValue>() && b.is<DTypeValue>())
    return a.as<DTypeValue>().type == b.as<DTypeValue>().type;
  // `x.dtype == bool`, `x.dtype == float`: the kinds stand for dtypes too.
  if (a.instance() || b.instance())
    return a.instance() == b.instance();
  if (a.is<ClassValue>() && b.is<ClassValue>())
    return a.as<ClassValue>().cls == b.as<ClassValue>().cls;
  if (a.is<FunctionValue>() && b.is<FunctionValue>())
    return a.as<FunctionValue>().decl == b.as<FunctionValue>().decl &&
           a.as<FunctionValue>().self == b.as<FunctionValue>().self;
  if (a.is<EllipsisValue>() && b.is<EllipsisValue>())
    return true;
  // A tuple of equal items equals the list: `stride == F.ntuple(1, nd)`.
  if (ListObject *l = a.list(), *r = b.list(); l && r) {
    if (l->items.size() != r->items.size())
      return false;
    auto object = std::make_shared<FactsObject>();
    for (auto [p, q] : llvm::zip(l->items, r->items)) {
      if (!step(range))
        return Poison{};
      Value holds = equal(p, q, range);
      if (auto *facts = holds.get<FactsValue>())
        llvm::append_range(object->facts, facts->object->facts);
      else if (!holds.is<bool>() || !holds.as<bool>())
        return holds;
    }
    return object->facts.empty() ? Value(true) : Value(FactsValue{object});
  }
  if (DictObject *l = a.dict(), *r = b.dict(); l && r) {
    if (l->items.size() != r->items.size())
      return false;
    for (auto &[k, v] : l->items) {
      Value *other = r->find(k);
      Value holds = other ? equal(v, *other, range) : Value(false);
      if (!holds.is<bool>() || !holds.as<bool>())
        return holds;
    }
    return true;
  }
  return false;
}

Value Elaborator::compare(CompareOp op, const Value &a, const Value &b, SourceRange range) {
  if (a.poisoned() || b.poisoned())
    return Poison{};
  switch (op) {
  case CompareOp::is:
  case CompareOp::isNot: {
    bool same;
    if (a.none() || b.none())
      same = a.none() && b.none();
    else if (a.is<StateValue>() && b.is<StateValue>())
      same = a.as<StateValue>().state == b.as<StateValue>().state;
    else if (a.list() || b.list())
      same = a.list() == b.list();
    else {
      Value holds = a.tensor() || b.tensor() ? Value(false) : equal(a, b, range);
      same = holds.is<bool>() && holds.as<bool>();
    }
    return same == (op == CompareOp::is);
  }
  case CompareOp::in:
  case CompareOp::notIn: {
    bool found = false;
    if (auto *text = b.get<std::string>(); text && a.is<std::string>()) {
      found = llvm::StringRef(*text).contains(a.as<std::string>());
    } else if (DictObject *dict = b.dict()) {
      found = dict->find(a);
    } else if (Instance *instance = b.instance(); instance && a.is<std::string>()) {
      found = instance->members.count(a.as<std::string>());
    } else {
      auto items = iterate(b, range);
      if (!items)
        return Poison{};
      for (const Value &item : *items) {
        Value holds = equal(a, item, range);
        if (holds.is<FactsValue>())
          return truth(holds, range), Poison{};
        found |= holds.is<bool>() && holds.as<bool>();
      }
    }
    return found == (op == CompareOp::in);
  }
  default:
    break;
  }
  if (a.tensor() || b.tensor()) {
    auto numeric = [](const Value &v) { return v.tensor() || v.number() || v.is<DimValue>(); };
    if (!numeric(a) || !numeric(b)) {
      if (op == CompareOp::eq || op == CompareOp::ne)
        return op == CompareOp::ne;
      return unsupported(ast::spelling(op), a, b, range);
    }
    return tensorCompare(op, a, b, range);
  }
  if (op == CompareOp::eq || op == CompareOp::ne) {
    Value holds = equal(a, b, range);
    if (op == CompareOp::eq || holds.poisoned())
      return holds;
    if (auto *known = holds.get<bool>())
      return !*known;
    // Of two sizes of which one is no less than the other, different ones are a fact: `N != 0` is `N >= 1`.
    if (DimAttr p = asDim(ctx, a), q = asDim(ctx, b); p && q) {
      DimAttr one = DimAttr::constant(ctx, 1);
      if (decideLessEqual(q, p) == mod::Truth::Proved)
        return sizeFact(false, q.plus(one), p);
      if (decideLessEqual(p, q) == mod::Truth::Proved)
        return sizeFact(false, p.plus(one), q);
    }
    // Others are no fact of the kinds that guards know: a branch can ask them, an `assert` cannot.
    return unary(ast::UnaryOp::logicalNot, holds, range);
  }
  bool less = op == CompareOp::lt || op == CompareOp::le;
  bool strict = op == CompareOp::lt || op == CompareOp::gt;
  const Value &low = less ? a : b, &high = less ? b : a;
  if (auto *x = low.get<std::string>(), *y = high.get<std::string>(); x && y)
    return strict ? *x < *y : *x <= *y;
  auto x = asDouble(low), y = asDouble(high);
  if (x && y) {
    if (low.is<int64_t>() && high.is<int64_t>())
      return strict ? low.as<int64_t>() < high.as<int64_t>() : low.as<int64_t>() <= high.as<int64_t>();
    return strict ? *x < *y : *x <= *y;
  }
  if (DimAttr p = asDim(ctx, low), q = asDim(ctx, high); p && q)
    return sizeFact(false, strict ? p.plus(DimAttr::constant(ctx, 1)) : p, q);
  if ((low.is<DimValue>() || high.is<DimValue>()) && (x || y))
    return tensorCompare(op, a, b, range);
  return unsupported(ast::spelling(op), a, b, range);
}
