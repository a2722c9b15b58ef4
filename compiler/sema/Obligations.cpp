// What is known of sizes: intervals from the declared ranges, and obligations that become guards.
#include "compiler/sema/Elaborator.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::Truth;
using Bound = std::optional<int64_t>;

static Bound plus(Bound a, Bound b) {
  int64_t out;
  if (!a || !b || __builtin_add_overflow(*a, *b, &out))
    return std::nullopt;
  return out;
}

static Bound times(Bound a, Bound b) {
  int64_t out;
  if (!a || !b || __builtin_mul_overflow(*a, *b, &out))
    return std::nullopt;
  return out;
}

std::pair<Bound, Bound> Elaborator::bounds(DimAttr dim) {
  Bound low = 0, high = 0;
  for (auto [c, monomial] : llvm::zip(dim.getCoeffs(), dim.getMonomials())) {
    // Each atom's interval; only non-negative ones multiply simply.
    Bound lo = 1, hi = 1;
    bool known = true;
    for (mlir::Attribute atom : monomial) {
      Bound l = 0, h;
      if (auto symbol = llvm::dyn_cast<mlir::StringAttr>(atom)) {
        if (frame && frame->trace) {
          if (frame->trace->ints.contains(symbol))
            l = std::nullopt;
          if (auto range = frame->trace->ranges.lookup(symbol)) {
            l = range.getMin();
            if (range.getMax() != INT64_MAX)
              h = range.getMax();
          }
        }
      } else {
        auto fn = llvm::cast<mod::DimFnAttr>(atom);
        auto [al, ah] = bounds(fn.getA());
        auto [bl, bh] = bounds(fn.getB());
        if (fn.getFn() == "min") {
          l = al && bl ? Bound(std::min(*al, *bl)) : std::nullopt;
          h = ah && bh ? Bound(std::min(*ah, *bh)) : ah ? ah : bh;
        } else if (fn.getFn() == "max") {
          l = al && bl ? Bound(std::max(*al, *bl)) : al ? al : bl;
          h = ah && bh ? Bound(std::max(*ah, *bh)) : std::nullopt;
        } else {
          l = al && *al >= 0 && bl && *bl >= 1 ? Bound(bh ? *al / *bh : 0) : std::nullopt;
          h = ah && *ah >= 0 && bl && *bl >= 1 ? Bound(*ah / *bl) : std::nullopt;
        }
      }
      if (!l || *l < 0) {
        known = false;
        break;
      }
      lo = times(lo, l);
      hi = times(hi, h);
    }
    if (!known)
      return {std::nullopt, std::nullopt};
    low = plus(low, times(c, c > 0 ? lo : hi));
    high = plus(high, times(c, c > 0 ? hi : lo));
  }
  return {low, high};
}

Truth Elaborator::decideEqual(DimAttr a, DimAttr b) {
  Truth truth = mod::compareDims(a, b);
  if (truth != Truth::Open)
    return truth;
  auto [low, high] = bounds(a.plus(b, -1));
  if ((low && *low > 0) || (high && *high < 0))
    return Truth::Refuted;
  DimAttr difference = a.plus(b, -1);
  if (frame && frame->trace)
    for (const SizeFact &fact : frame->trace->known)
      if (fact.equal && (fact.a.plus(fact.b, -1) == difference || fact.b.plus(fact.a, -1) == difference))
        return Truth::Proved;
  if (frame && frame->trace && loopIn(difference)) {
    DimAttr one = DimAttr::constant(ctx, 1);
    bool apart = decideLessEqual(a.plus(one), b) == Truth::Proved || decideLessEqual(b.plus(one), a) == Truth::Proved;
    return apart ? Truth::Refuted : Truth::Open;
  }
  if (frame && frame->trace)
    for (mod::GuardAttr guard : frame->trace->guards)
      if (guard.getRel() == "eq" &&
          (guard.getA().plus(guard.getB(), -1) == difference || guard.getB().plus(guard.getA(), -1) == difference))
        return Truth::Proved;
  return Truth::Open;
}

Truth Elaborator::decideLessEqual(DimAttr a, DimAttr b) {
  DimAttr room = b.plus(a, -1);
  auto [low, high] = bounds(room);
  if (low && *low >= 0)
    return Truth::Proved;
  if (high && *high < 0)
    return Truth::Refuted;
  // What the branches round this place have found: room - (known room) >= 0.
  if (frame && frame->trace)
    for (const SizeFact &fact : frame->trace->known) {
      DimAttr known = fact.b.plus(fact.a, -1);
      auto atLeast = [&](DimAttr d) {
        return bounds(d.plus(known, -1)).first.value_or(-1) >= 0 ||
               (fact.equal && bounds(d.plus(known)).first.value_or(-1) >= 0);
      };
      if (atLeast(room))
        return Truth::Proved;
      if (atLeast(DimAttr::constant(ctx, -1).plus(room, -1)))
        return Truth::Refuted;
    }
  if (loopIn(room)) {
    auto always = [&](DimAttr x, DimAttr y) {
      auto facts = forAllRounds({false, x, y});
      return facts &&
             llvm::all_of(*facts, [&](const SizeFact &f) { return decideLessEqual(f.a, f.b) == Truth::Proved; });
    };
    return always(a, b) ? Truth::Proved : always(b.plus(DimAttr::constant(ctx, 1)), a) ? Truth::Refuted : Truth::Open;
  }
  // What a guard leaves: pos + S <= 64 makes pos <= 64, as S is no less than 0.
  if (frame && frame->trace)
    for (mod::GuardAttr guard : frame->trace->guards) {
      if (guard.getRel() == "le") {
        auto [least, most] = bounds(b.plus(a, -1).plus(guard.getB().plus(guard.getA(), -1), -1));
        if (least && *least >= 0)
          return Truth::Proved;
      } else if (guard.getRel() == "eq") {
        for (int64_t sign : {1, -1}) {
          auto [least, most] = bounds(b.plus(a, -1).plus(guard.getB().plus(guard.getA(), -1), sign));
          if (least && *least >= 0)
            return Truth::Proved;
        }
      }
    }
  return Truth::Open;
}

/// The one value of one symbol for which `d` is 0, if it has that form.
static std::optional<std::pair<mlir::StringAttr, int64_t>> solve(DimAttr d) {
  mlir::StringAttr symbol;
  int64_t slope = 0, constant = 0;
  for (auto [c, m] : llvm::zip(d.getCoeffs(), d.getMonomials())) {
    if (m.empty()) {
      constant = c;
      continue;
    }
    auto name = m.size() == 1 ? llvm::dyn_cast<mlir::StringAttr>(m[0]) : mlir::StringAttr();
    if (!name || symbol)
      return std::nullopt;
    symbol = name;
    slope = c;
  }
  if (!symbol || constant % slope != 0)
    return std::nullopt;
  return std::pair(symbol, -constant / slope);
}

bool Elaborator::require(SizeFact fact, llvm::StringRef text, std::string &why) {
  fixed.reset();
  Truth truth = fact.equal ? decideEqual(fact.a, fact.b) : decideLessEqual(fact.a, fact.b);
  if (truth == Truth::Proved)
    return true;
  if (truth == Truth::Refuted) {
    why = fact.a.text() + (fact.equal ? " against " : " is more than ") + fact.b.text();
    return false;
  }
  if (loopIn(fact.b.plus(fact.a, -1))) {
    // A guard is checked before the loop: for all its rounds.
    auto facts = forAllRounds(fact);
    if (!facts)
      why = "is not known for all rounds of the loop over `" + loopIn(fact.b.plus(fact.a, -1))->name.str() + "`";
    return facts && llvm::all_of(*facts, [&](const SizeFact &f) { return require(f, text, why); });
  }
  if (fact.equal)
    if (auto only = solve(fact.a.plus(fact.b, -1))) {
      why = "holds only for " + only->first.str() + " = " + std::to_string(only->second);
      fixed.emplace(only->first.str(), only->second);
      return false;
    }
  if (!frame || !frame->trace) {
    why = "is not known at compile time";
    return false;
  }
  frame->trace->guards.push_back(mod::GuardAttr::get(ctx, fact.equal ? "eq" : "le", fact.a, fact.b, saver.save(text)));
  return true;
}

bool Elaborator::learn(SizeFact fact, llvm::StringRef text, std::string &why) {
  auto low = fact.a.getConstant(), high = fact.b.getConstant();
  mlir::StringAttr symbol = low ? fact.b.getSymbol() : high ? fact.a.getSymbol() : mlir::StringAttr();
  if (fact.equal || !symbol || !frame->trace || decideLessEqual(fact.a, fact.b) != Truth::Open)
    return require(fact, text, why);
  mod::RangeAttr range = frame->trace->ranges.lookup(symbol);
  // Ranges begin at 0 or above; an `int` argument has none until that is known.
  if (!range && frame->trace->ints.contains(symbol) && low.value_or(-1) < 0)
    return require(fact, text, why);
  int64_t min = range ? range.getMin() : 0, max = range ? range.getMax() : INT64_MAX;
  if (low)
    min = std::max(min, *low);
  else
    max = std::min(max, *high);
  frame->trace->ranges[symbol] = mod::RangeAttr::get(ctx, symbol.getValue(), min, max);
  return true;
}

Value Elaborator::assume(const Value &value, mod::SymTensorType type, llvm::StringRef text, SourceRange range) {
  mod::SymTensorType have = tensorType(value);
  mlir::Value v = tensorOf(value, range);
  if (!v || have == type)
    return value;
  for (auto [a, b] : llvm::zip_equal(have.getDims(), type.getDims())) {
    std::string why, words = (text + ": " + a.text() + " == " + b.text()).str();
    if (!require({true, a, b}, words, why)) {
      report(diag::operandMismatch, range, sources.text(range), text.str() + ": " + why)
          .expect(type.text(), have.text());
      return Poison{};
    }
  }
  return TensorValue{mod::AssumeOp::create(trace().builder, loc(range), type, v, mlir::StringAttr::get(ctx, text))};
}
