// Polynomial dimensions: arithmetic in normal form, evaluation, text, parsing.
#include "dialect/mod/Mod.h"
#include <limits>
#include <map>
#include <numeric>

using namespace mlir;
using namespace modc::mod;

namespace {
/// No size or coefficient beyond this; two of them add without overflow.
constexpr int64_t kLimit = int64_t(1) << 62;
/// A polynomial of more terms counts as one that does not fit: products of sums grow exponentially.
constexpr size_t kMaxTerms = 256;
/// Text of the atom that stands for "does not fit"; no name of the language can spell it.
constexpr StringLiteral kOverflow = "<overflow>";

std::string atomText(Attribute atom) {
  if (auto symbol = dyn_cast<StringAttr>(atom))
    return symbol.getValue().str();
  auto fn = cast<DimFnAttr>(atom);
  std::string text;
  llvm::raw_string_ostream os(text);
  os << fn.getFn() << "(";
  fn.getA().print(os);
  os << ", ";
  fn.getB().print(os);
  os << ")";
  return text;
}

using Atoms = SmallVector<Attribute>;

std::string monomialText(ArrayRef<Attribute> atoms) {
  std::string out;
  for (Attribute atom : atoms)
    out += (out.empty() ? "" : "*") + atomText(atom);
  return out;
}

/// Monomials by degree, then text: the order of printing and of division.
struct Key {
  size_t degree;
  std::string text;
  bool operator<(const Key &o) const { return degree != o.degree ? degree > o.degree : text < o.text; }
};

/// A polynomial being built.
class Poly {
public:
  explicit Poly(MLIRContext *ctx) : ctx(ctx) {}
  explicit Poly(DimAttr d) : ctx(d.getContext()) {
    for (auto [c, m] : llvm::zip(d.getCoeffs(), d.getMonomials()))
      add(Atoms(m.begin(), m.end()), c);
  }

  void add(Atoms atoms, int64_t c) {
    llvm::sort(atoms, [](Attribute a, Attribute b) { return atomText(a) < atomText(b); });
    Key key{atoms.size(), monomialText(atoms)};
    auto &slot = terms[key];
    slot.first = atoms;
    if (terms.size() > kMaxTerms)
      overflow = true;
    if (__builtin_add_overflow(slot.second, c, &slot.second) || slot.second > kLimit || slot.second < -kLimit)
      overflow = true;
    if (slot.second == 0)
      terms.erase(key);
  }
  void add(const Atoms &atoms, int64_t a, int64_t b) {
    int64_t product;
    if (__builtin_mul_overflow(a, b, &product))
      overflow = true;
    else
      add(atoms, product);
  }

  DimAttr close() const {
    SmallVector<int64_t> coeffs;
    SmallVector<ArrayAttr> monomials;
    if (overflow) {
      coeffs.push_back(1);
      monomials.push_back(ArrayAttr::get(ctx, {StringAttr::get(ctx, kOverflow)}));
      return DimAttr::get(ctx, coeffs, monomials);
    }
    for (auto &[key, term] : terms) {
      coeffs.push_back(term.second);
      monomials.push_back(ArrayAttr::get(ctx, term.first));
    }
    return DimAttr::get(ctx, coeffs, monomials);
  }

  MLIRContext *ctx;
  std::map<Key, std::pair<Atoms, int64_t>> terms;
  bool overflow = false;
};

/// a / b where every atom of b is in a.
std::optional<Atoms> divideAtoms(const Atoms &a, const Atoms &b) {
  Atoms rest = a;
  for (Attribute atom : b) {
    auto it = llvm::find(rest, atom);
    if (it == rest.end())
      return std::nullopt;
    rest.erase(it);
  }
  return rest;
}

/// Long division by the leading term: quotient, and what is left.
std::pair<DimAttr, DimAttr> divide(DimAttr a, DimAttr b) {
  MLIRContext *ctx = a.getContext();
  Poly rest(a), quotient(ctx), left(ctx), divisor(b);
  auto lead = divisor.terms.begin()->second;
  while (!rest.terms.empty() && !rest.overflow) {
    auto head = rest.terms.begin()->second;
    auto atoms = divideAtoms(head.first, lead.first);
    if (!atoms || head.second % lead.second != 0) {
      left.add(head.first, head.second);
      rest.terms.erase(rest.terms.begin());
      continue;
    }
    int64_t c = head.second / lead.second;
    quotient.add(*atoms, c);
    for (auto &[key, term] : divisor.terms) {
      Atoms product = term.first;
      product.append(*atoms);
      rest.add(product, -c, term.second);
    }
  }
  quotient.overflow |= rest.overflow;
  return {quotient.close(), left.close()};
}

int64_t floorDivInt(int64_t a, int64_t b) { return a / b - ((a % b != 0) && ((a < 0) != (b < 0))); }

int64_t constantTerm(DimAttr d) {
  for (auto [c, m] : llvm::zip(d.getCoeffs(), d.getMonomials()))
    if (m.empty())
      return c;
  return 0;
}

int64_t commonFactor(ArrayRef<DimAttr> dims) {
  int64_t common = 0;
  for (DimAttr d : dims)
    for (int64_t c : d.getCoeffs())
      common = std::gcd(common, c);
  return common;
}

/// Every coefficient divided by one that divides it.
DimAttr scaledDown(DimAttr d, int64_t by) {
  Poly p(d.getContext());
  for (auto [c, m] : llvm::zip(d.getCoeffs(), d.getMonomials()))
    p.add(Atoms(m.begin(), m.end()), c / by);
  return p.close();
}

DimAttr atom(DimAttr a, StringRef fn, DimAttr b) {
  Poly p(a.getContext());
  p.add({DimFnAttr::get(a.getContext(), fn, a, b)}, 1);
  return p.close();
}
} // namespace

DimAttr DimAttr::constant(MLIRContext *ctx, int64_t value) {
  Poly p(ctx);
  p.add({}, value);
  return p.close();
}

DimAttr DimAttr::symbol(MLIRContext *ctx, StringRef name) {
  Poly p(ctx);
  p.add({StringAttr::get(ctx, name)}, 1);
  return p.close();
}

DimAttr DimAttr::product(MLIRContext *ctx, ArrayRef<DimAttr> dims) {
  DimAttr p = constant(ctx, 1);
  for (DimAttr d : dims)
    p = p.times(d);
  return p;
}

DimAttr DimAttr::plus(DimAttr other, int64_t scale) const {
  if (isOverflow() || other.isOverflow())
    return isOverflow() ? *this : other;
  Poly p(*this);
  for (auto &[key, term] : Poly(other).terms)
    p.add(term.first, scale, term.second);
  return p.close();
}

DimAttr DimAttr::times(DimAttr other) const {
  if (isOverflow() || other.isOverflow())
    return isOverflow() ? *this : other;
  Poly p(getContext()), a(*this), b(other);
  for (auto &[ka, ta] : a.terms)
    for (auto &[kb, tb] : b.terms) {
      Atoms atoms = ta.first;
      atoms.append(tb.first);
      p.add(atoms, ta.second, tb.second);
    }
  return p.close();
}

DimAttr DimAttr::floorDiv(DimAttr other) const {
  assert(other.getConstant() != 0 && "division by zero");
  if (isOverflow() || other.isOverflow())
    return isOverflow() ? *this : other;
  auto [q, r] = divide(*this, other);
  if (r.getConstant() == 0)
    return q;
  auto rc = r.getConstant(), oc = other.getConstant();
  if (rc && oc)
    return q.plus(constant(getContext(), floorDivInt(*rc, *oc)));
  if (oc && *oc > 0) {
    // The constant term is brought into [0, divisor): (x - 1) // 2 + 1 is (x + 1) // 2.
    int64_t term = constantTerm(r), whole = floorDivInt(term, *oc);
    if (whole) {
      q = q.plus(constant(getContext(), whole));
      r = r.plus(constant(getContext(), -whole * *oc));
      term -= whole * *oc;
    }
    // (x // a + c) // b = (x + a * c) // (a * b) for positive constants.
    DimAttr head = r.plus(constant(getContext(), -term));
    if (head.getMonomials().size() == 1 && head.getCoeffs()[0] == 1 && head.getMonomials()[0].size() == 1)
      if (auto fn = dyn_cast<DimFnAttr>(head.getMonomials()[0][0]); fn && fn.getFn() == "floordiv")
        if (auto inner = fn.getB().getConstant(); inner && *inner > 0)
          return q.plus(fn.getA().plus(fn.getB().times(constant(getContext(), term))).floorDiv(fn.getB().times(other)));
    // (g * x + c) // (g * d) = (x + c // g) // d.
    if (int64_t common = commonFactor({head, other}); common > 1)
      return q.plus(scaledDown(head, common)
                        .plus(constant(getContext(), floorDivInt(term, common)))
                        .floorDiv(scaledDown(other, common)));
  }
  // A factor common to both sides cancels.
  if (int64_t common = commonFactor({r, other}); common > 1)
    return q.plus(scaledDown(r, common).floorDiv(scaledDown(other, common)));
  return q.plus(atom(r, "floordiv", other));
}

DimAttr DimAttr::mod(DimAttr other) const { return plus(floorDiv(other).times(other), -1); }

std::optional<DimAttr> DimAttr::divideExactly(DimAttr other) const {
  if (isOverflow() || other.isOverflow() || other.getCoeffs().empty())
    return std::nullopt;
  auto [q, r] = divide(*this, other);
  return r.getConstant() == 0 ? std::optional<DimAttr>(q) : std::nullopt;
}

/// min and max: decided where the difference is a constant, else an atom with its operands in order of text.
static DimAttr select(DimAttr a, StringRef fn, DimAttr b) {
  if (a.isOverflow() || b.isOverflow())
    return a.isOverflow() ? a : b;
  if (auto difference = a.plus(b, -1).getConstant())
    return (*difference <= 0) == (fn == "min") ? a : b;
  return a.text() < b.text() ? atom(a, fn, b) : atom(b, fn, a);
}
DimAttr DimAttr::min(DimAttr other) const { return select(*this, "min", other); }
DimAttr DimAttr::max(DimAttr other) const { return select(*this, "max", other); }

DimAttr DimAttr::substitute(llvm::function_ref<DimAttr(StringAttr)> map) const {
  DimAttr sum = constant(getContext(), 0);
  for (auto [c, m] : llvm::zip(getCoeffs(), getMonomials())) {
    DimAttr product = constant(getContext(), c);
    for (Attribute atom : m) {
      DimAttr value;
      if (auto s = dyn_cast<StringAttr>(atom)) {
        value = map(s);
        if (!value)
          value = symbol(getContext(), s.getValue());
      } else {
        auto fn = cast<DimFnAttr>(atom);
        DimAttr a = fn.getA().substitute(map), b = fn.getB().substitute(map);
        if (fn.getFn() == "min")
          value = a.min(b);
        else if (fn.getFn() == "max")
          value = a.max(b);
        else if (b.getConstant() == 0)
          value = symbol(getContext(), kOverflow);
        else
          value = a.floorDiv(b);
      }
      product = product.times(value);
    }
    sum = sum.plus(product);
  }
  return sum;
}

std::optional<int64_t> DimAttr::evaluate(llvm::function_ref<std::optional<int64_t>(StringRef)> sizes) const {
  int64_t sum = 0;
  for (auto [c, m] : llvm::zip(getCoeffs(), getMonomials())) {
    int64_t product = c;
    for (Attribute atom : m) {
      std::optional<int64_t> value;
      if (auto s = dyn_cast<StringAttr>(atom)) {
        value = sizes(s.getValue());
      } else {
        auto fn = cast<DimFnAttr>(atom);
        auto a = fn.getA().evaluate(sizes), b = fn.getB().evaluate(sizes);
        if (!a || !b)
          return std::nullopt;
        if (fn.getFn() == "min")
          value = std::min(*a, *b);
        else if (fn.getFn() == "max")
          value = std::max(*a, *b);
        else if (*b == -1)
          value = *a == std::numeric_limits<int64_t>::min() ? std::nullopt : std::optional(-*a);
        else if (*b != 0)
          value = floorDivInt(*a, *b);
      }
      if (!value || __builtin_mul_overflow(product, *value, &product))
        return std::nullopt;
    }
    if (__builtin_add_overflow(sum, product, &sum))
      return std::nullopt;
  }
  return sum;
}

std::optional<int64_t> DimAttr::getConstant() const {
  if (getCoeffs().empty())
    return 0;
  if (getCoeffs().size() == 1 && getMonomials()[0].empty())
    return getCoeffs()[0];
  return std::nullopt;
}

StringAttr DimAttr::getSymbol() const {
  if (getCoeffs().size() == 1 && getCoeffs()[0] == 1 && getMonomials()[0].size() == 1)
    return dyn_cast<StringAttr>(getMonomials()[0][0]);
  return {};
}

bool DimAttr::isOverflow() const {
  bool found = false;
  for (ArrayAttr m : getMonomials())
    for (Attribute atom : m) {
      if (auto s = dyn_cast<StringAttr>(atom))
        found |= s.getValue() == kOverflow;
      else if (auto fn = dyn_cast<DimFnAttr>(atom))
        found |= fn.getA().isOverflow() || fn.getB().isOverflow();
    }
  return found;
}

void DimAttr::walkSymbols(llvm::function_ref<void(StringAttr)> fn) const {
  for (ArrayAttr m : getMonomials())
    for (Attribute atom : m) {
      if (auto s = dyn_cast<StringAttr>(atom)) {
        fn(s);
      } else {
        cast<DimFnAttr>(atom).getA().walkSymbols(fn);
        cast<DimFnAttr>(atom).getB().walkSymbols(fn);
      }
    }
}

void DimAttr::print(raw_ostream &os) const {
  if (getCoeffs().empty())
    os << 0;
  bool first = true;
  for (auto [c, m] : llvm::zip(getCoeffs(), getMonomials())) {
    int64_t magnitude = c;
    if (!first || c < 0) {
      os << (first ? "-" : c < 0 ? " - " : " + ");
      magnitude = c < 0 ? -c : c;
    }
    std::string atoms = monomialText(m.getValue());
    if (atoms.empty())
      os << magnitude;
    else if (magnitude == 1)
      os << atoms;
    else
      os << magnitude << "*" << atoms;
    first = false;
  }
}

/// A symbol `H.16` stands for H // 16 where H is a multiple of 16: H itself is `16*H.16`. No name of the language has a
/// dot.
static std::optional<std::pair<StringRef, int64_t>> sixteenth(Attribute atom) {
  auto symbol = dyn_cast<StringAttr>(atom);
  auto [name, by] = symbol ? symbol.getValue().rsplit('.') : std::pair<StringRef, StringRef>();
  int64_t n;
  if (name.empty() || by.empty() || by.getAsInteger(10, n) || n < 2)
    return std::nullopt;
  return std::pair(name, n);
}

/// A monomial as users write it: `16*H.16*N` is `H*N`, `8*H.16` is `H // 2`.
static std::string userMonomial(int64_t coefficient, ArrayRef<Attribute> atoms) {
  SmallVector<std::string> parts;
  for (Attribute atom : atoms) {
    auto part = sixteenth(atom);
    if (!part) {
      auto fn = dyn_cast<DimFnAttr>(atom);
      parts.push_back(fn ? (fn.getFn() + "(" + fn.getA().text() + ", " + fn.getB().text() + ")").str()
                         : atomText(atom));
      continue;
    }
    auto [name, by] = *part;
    int64_t common = std::gcd(coefficient, by);
    coefficient /= common;
    int64_t left = by / common;
    parts.push_back(left == 1 ? name.str() : (Twine(name) + " // " + Twine(left)).str());
  }
  bool single = parts.size() == 1 && coefficient == 1;
  std::string out = coefficient == 1 && !parts.empty() ? "" : std::to_string(coefficient);
  for (const std::string &part : parts)
    out += (out.empty() ? "" : "*") + (!single && part.find("//") != std::string::npos ? "(" + part + ")" : part);
  return out;
}

std::string DimAttr::text() const {
  if (getCoeffs().empty())
    return "0";
  std::string out;
  for (auto [c, m] : llvm::zip(getCoeffs(), getMonomials())) {
    out += out.empty() ? (c < 0 ? "-" : "") : (c < 0 ? " - " : " + ");
    out += userMonomial(c < 0 ? -c : c, m.getValue());
  }
  return out;
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

/// Deeper expressions are refused, so that hostile text can't exhaust the stack.
static constexpr int kMaxDepth = 64;

static FailureOr<DimAttr> parseSum(AsmParser &p, int depth);

static FailureOr<DimAttr> parseFactor(AsmParser &p, int depth) {
  if (depth > kMaxDepth)
    return p.emitError(p.getCurrentLocation(), "size is nested too deeply");
  MLIRContext *ctx = p.getContext();
  int64_t value;
  OptionalParseResult number = p.parseOptionalInteger(value);
  if (number.has_value())
    return failed(*number) ? FailureOr<DimAttr>(failure()) : DimAttr::constant(ctx, value);
  if (succeeded(p.parseOptionalLParen())) {
    auto inner = parseSum(p, depth + 1);
    if (failed(inner) || p.parseRParen())
      return failure();
    return inner;
  }
  StringRef name;
  if (p.parseKeyword(&name))
    return failure();
  if (name != "floordiv" && name != "min" && name != "max")
    return DimAttr::symbol(ctx, name);
  if (p.parseLParen())
    return failure();
  auto a = parseSum(p, depth + 1);
  if (failed(a) || p.parseComma())
    return failure();
  SMLoc at = p.getCurrentLocation();
  auto b = parseSum(p, depth + 1);
  if (failed(b) || p.parseRParen())
    return failure();
  if (name != "floordiv")
    return name == "min" ? a->min(*b) : a->max(*b);
  if (b->getConstant() == 0)
    return p.emitError(at, "division by zero");
  return a->floorDiv(*b);
}

FailureOr<DimAttr> DimAttr::parseExpr(AsmParser &p) { return parseSum(p, 0); }

static FailureOr<DimAttr> parseSum(AsmParser &p, int depth) {
  auto term = [&](bool negate) -> FailureOr<DimAttr> {
    auto left = parseFactor(p, depth);
    while (succeeded(left) && succeeded(p.parseOptionalStar())) {
      auto right = parseFactor(p, depth);
      if (failed(right))
        return failure();
      left = left->times(*right);
    }
    if (succeeded(left) && negate)
      left = DimAttr::constant(p.getContext(), 0).plus(*left, -1);
    return left;
  };
  auto sum = term(succeeded(p.parseOptionalMinus()));
  while (succeeded(sum)) {
    int64_t sign = succeeded(p.parseOptionalPlus()) ? 1 : succeeded(p.parseOptionalMinus()) ? -1 : 0;
    if (!sign)
      break;
    auto next = term(false);
    if (failed(next))
      return failure();
    sum = sum->plus(*next, sign);
  }
  return sum;
}

Attribute DimAttr::parse(AsmParser &p, Type) {
  if (p.parseLess())
    return {};
  auto expr = parseExpr(p);
  if (failed(expr) || p.parseGreater())
    return {};
  return *expr;
}

void DimAttr::print(AsmPrinter &p) const {
  p << "<";
  print(p.getStream());
  p << ">";
}
