// Arithmetic of symbolic indices; see Index.h.
#include "compiler/lower/Index.h"

using namespace mlir;
using namespace modc::lower;
using modc::mod::DimAttr;

const Atom *Expr::getAtom() const {
  bool single = terms.size() == 1 && constant.getConstant() == 0 && terms[0].second.getConstant() == 1;
  return single ? terms[0].first : nullptr;
}

DimAttr Expr::coefficient(const Atom *atom) const {
  for (auto &[a, c] : terms)
    if (a == atom)
      return c;
  return DimAttr::constant(constant.getContext(), 0);
}

std::string Expr::key() const {
  std::string out = constant.text();
  for (auto &[atom, c] : terms)
    out += "+(" + c.text() + ")$" + std::to_string(atom->id);
  return out;
}

std::string modc::lower::keyOf(ArrayRef<Expr> indices) {
  std::string out;
  for (const Expr &e : indices)
    out += e.key() + ";";
  return out;
}

/// True where the polynomial is at least 0 for all sizes from 1 up. Where a size is 0 no element is touched, so nothing
/// rests on it.
static bool isNonNegative(DimAttr d) {
  MLIRContext *ctx = d.getContext();
  DimAttr shifted = d.substitute(
      [&](StringAttr name) { return DimAttr::symbol(ctx, name.getValue()).plus(DimAttr::constant(ctx, 1)); });
  return !shifted.isOverflow() && llvm::all_of(shifted.getCoeffs(), [](int64_t c) { return c >= 0; });
}

//===----------------------------------------------------------------------===//
// Atoms
//===----------------------------------------------------------------------===//

const Atom *IndexSpace::intern(std::string key, Atom atom) {
  auto &slot = atoms[key];
  if (!slot) {
    atom.id = atoms.size();
    slot = std::make_unique<Atom>(std::move(atom));
  }
  return slot.get();
}

const Atom *IndexSpace::outer(unsigned position, DimAttr extent) {
  return intern("o" + std::to_string(position) + ":" + extent.text(), {Atom::Kind::Outer, 0, extent, {}, {}, {}, {}});
}

const Atom *IndexSpace::inner(unsigned depth, unsigned position, DimAttr extent) {
  return intern("i" + std::to_string(depth) + "." + std::to_string(position) + ":" + extent.text(),
                {Atom::Kind::Inner, 0, extent, {}, {}, {}, {}});
}

const Atom *IndexSpace::computed(Value tensor, ArrayRef<Expr> at, DimAttr extent) {
  std::string key =
      "c" + std::to_string(uintptr_t(tensor.getAsOpaquePointer())) + ":" + extent.text() + ":" + keyOf(at);
  return intern(key, {Atom::Kind::Computed, 0, extent, {}, {}, tensor, Indices(at)});
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

Expr IndexSpace::add(const Expr &a, const Expr &b) const {
  Expr sum{a.constant.plus(b.constant), a.terms};
  for (auto &[atom, c] : b.terms) {
    auto *found = llvm::find_if(sum.terms, [&](auto &t) { return t.first == atom; });
    if (found == sum.terms.end())
      sum.terms.push_back({atom, c});
    else
      found->second = found->second.plus(c);
  }
  return normal(std::move(sum));
}

Expr IndexSpace::scale(const Expr &a, DimAttr factor) const {
  Expr product{a.constant.times(factor), {}};
  for (auto &[atom, c] : a.terms)
    product.terms.push_back({atom, c.times(factor)});
  return normal(std::move(product));
}

/// Drops zeros, sorts, and joins `c * d * (x / d) + c * (x % d)` to `c * x`.
Expr IndexSpace::normal(Expr e) const {
  llvm::erase_if(e.terms, [](auto &t) { return t.second.getConstant() == 0; });
  for (size_t i = 0; i < e.terms.size(); ++i) {
    auto [rem, c] = e.terms[i];
    if (rem->kind != Atom::Kind::Rem)
      continue;
    for (size_t j = 0; j < e.terms.size(); ++j) {
      auto [quot, cq] = e.terms[j];
      if (quot->kind != Atom::Kind::Quot || quot->divisor != rem->divisor || !(quot->of == rem->of) ||
          cq != c.times(rem->divisor))
        continue;
      Expr whole = scale(rem->of, c);
      e.terms.erase(e.terms.begin() + std::max(i, j));
      e.terms.erase(e.terms.begin() + std::min(i, j));
      return add(e, whole);
    }
  }
  llvm::sort(e.terms, [](auto &a, auto &b) { return a.first->id < b.first->id; });
  return e;
}

bool IndexSpace::within(const Expr &e, DimAttr extent) const {
  // Lowest value: the constant, where all coefficients are positive. Highest: every atom at its end.
  DimAttr highest = e.constant;
  if (!isNonNegative(e.constant))
    return false;
  for (auto &[atom, c] : e.terms) {
    if (!isNonNegative(c))
      return false;
    highest = highest.plus(c.times(atom->extent.plus(dim(1), -1)));
  }
  return isNonNegative(extent.plus(highest, -1).plus(dim(1), -1));
}

Expr IndexSpace::bounded(const Expr &e, DimAttr extent) {
  if (within(e, extent))
    return e;
  return of(intern("v:" + extent.text() + ":" + e.key(), {Atom::Kind::Opaque, 0, extent, e, {}, {}, {}}));
}

std::pair<Expr, Expr> IndexSpace::divide(const Expr &e, DimAttr divisor, DimAttr quotientExtent) {
  Expr quotient = zero(), remainder = zero();
  auto place = [&](DimAttr coefficient, const Atom *atom) {
    Expr &target = coefficient.divideExactly(divisor) ? quotient : remainder;
    DimAttr factor = coefficient.divideExactly(divisor).value_or(coefficient);
    target = add(target, atom ? Expr{dim(0), {{atom, factor}}} : constant(factor));
  };
  auto constants = std::pair(e.constant.getConstant(), divisor.getConstant());
  if (constants.first && constants.second && *constants.second > 0 && *constants.first >= 0) {
    quotient.constant = dim(*constants.first / *constants.second);
    remainder.constant = dim(*constants.first % *constants.second);
  } else {
    place(e.constant, nullptr);
  }
  for (auto &[atom, c] : e.terms)
    place(c, atom);
  if (within(remainder, divisor))
    return {quotient, remainder};

  // A variable that runs over several multiples of the divisor is split in two.
  Expr rest = constant(remainder.constant);
  for (auto &[atom, c] : remainder.terms) {
    std::optional<DimAttr> step = divisor.divideExactly(c);
    if (!step || within({dim(0), {{atom, c}}}, divisor)) {
      rest = add(rest, {dim(0), {{atom, c}}});
      continue;
    }
    std::optional<DimAttr> count = atom->extent.divideExactly(*step);
    if (count && !wish && atom->kind == Atom::Kind::Outer)
      wish = Split{atom, *step};
    DimAttr trips = count ? *count : atom->extent.plus(*step).plus(dim(1), -1).floorDiv(*step);
    std::string key = step->text() + ":" + std::to_string(atom->id);
    const Atom *q = intern("q" + key, {Atom::Kind::Quot, 0, trips, of(atom), *step, {}, {}});
    const Atom *r = intern("r" + key, {Atom::Kind::Rem, 0, *step, of(atom), *step, {}, {}});
    quotient = add(quotient, of(q));
    rest = add(rest, {dim(0), {{r, c}}});
  }
  if (within(rest, divisor))
    return {quotient, rest};

  return divided(e, divisor, quotientExtent);
}

std::pair<Expr, Expr> IndexSpace::divided(const Expr &e, DimAttr divisor, DimAttr extent) {
  if (divisor.getConstant() == 1)
    return {e, zero()};
  std::string key = divisor.text() + ":" + e.key();
  const Atom *q = intern("Q" + key, {Atom::Kind::Quot, 0, extent, e, divisor, {}, {}});
  const Atom *r = intern("R" + key, {Atom::Kind::Rem, 0, divisor, e, divisor, {}, {}});
  return {of(q), of(r)};
}

Expr IndexSpace::linearise(ArrayRef<Expr> indices, ArrayRef<DimAttr> dims) {
  Expr linear = zero();
  DimAttr stride = dim(1);
  for (size_t i = dims.size(); i-- > 0;) {
    linear = add(linear, scale(indices[i], stride));
    stride = stride.times(dims[i]);
  }
  return linear;
}

Indices IndexSpace::delinearise(Expr linear, ArrayRef<DimAttr> dims) {
  Indices indices;
  for (size_t i = 0; i + 1 < dims.size(); ++i) {
    auto [q, r] = divide(linear, DimAttr::product(ctx, dims.drop_front(i + 1)), dims[i]);
    indices.push_back(q);
    linear = r;
  }
  if (!dims.empty())
    indices.push_back(linear);
  return indices;
}

Indices IndexSpace::reshape(ArrayRef<Expr> indices, ArrayRef<DimAttr> from, ArrayRef<DimAttr> to) {
  SmallVector<DimAttr> sizes, targets;
  Indices given;
  for (auto [e, d] : llvm::zip(indices, from))
    if (d.getConstant() != 1) {
      sizes.push_back(d);
      given.push_back(e);
    }
  llvm::copy_if(to, std::back_inserter(targets), [](DimAttr d) { return d.getConstant() != 1; });

  // Runs of dimensions with equal products are independent of each other.
  Indices found;
  for (size_t i = 0, j = 0; i < sizes.size() || j < targets.size();) {
    size_t i0 = i, j0 = j;
    DimAttr a = i < sizes.size() ? sizes[i++] : dim(1), b = j < targets.size() ? targets[j++] : dim(1);
    while (a != b && (i < sizes.size() || j < targets.size())) {
      bool extendTarget = j < targets.size() && (i == sizes.size() || a.divideExactly(b));
      if (extendTarget)
        b = b.times(targets[j++]);
      else
        a = a.times(sizes[i++]);
    }
    if (i - i0 == 1 && j - j0 == 1) {
      found.push_back(given[i0]);
      continue;
    }
    Indices clean;
    for (size_t n = i0; n < i; ++n)
      clean.push_back(bounded(given[n], sizes[n]));
    llvm::append_range(
        found, delinearise(linearise(clean, ArrayRef(sizes).slice(i0, i - i0)), ArrayRef(targets).slice(j0, j - j0)));
  }
  Indices result;
  size_t next = 0;
  for (DimAttr d : to)
    result.push_back(d.getConstant() == 1 ? zero() : found[next++]);
  return result;
}

//===----------------------------------------------------------------------===//
// Queries
//===----------------------------------------------------------------------===//

unsigned modc::lower::countDivisions(const Expr &e) {
  unsigned count = 0;
  for (auto &[atom, c] : e.terms)
    if (atom->kind == Atom::Kind::Quot || atom->kind == Atom::Kind::Rem)
      count += 1 + countDivisions(atom->of);
  return count;
}

void modc::lower::walkVariables(const Expr &e, function_ref<void(const Atom *)> fn) {
  for (auto &[atom, c] : e.terms) {
    if (atom->kind == Atom::Kind::Outer || atom->kind == Atom::Kind::Inner)
      fn(atom);
    else if (atom->kind == Atom::Kind::Computed)
      for (const Expr &index : atom->at)
        walkVariables(index, fn);
    else
      walkVariables(atom->of, fn);
  }
}

bool modc::lower::usesOnly(const Expr &e, function_ref<bool(const Atom *)> allowed) {
  bool only = true;
  walkVariables(e, [&](const Atom *atom) { only &= allowed(atom); });
  return only;
}
