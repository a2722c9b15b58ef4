// What is known of sizes that the counter of a loop is part of: a fact holds for all rounds if it does for those where
// the difference is least.
#include "compiler/sema/Elaborator.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::Truth;

const RunLoop *Elaborator::loopIn(DimAttr dim) {
  if (!frame || !frame->trace || frame->trace->loops.empty())
    return nullptr;
  llvm::SmallDenseSet<mlir::StringAttr> symbols;
  dim.walkSymbols([&](mlir::StringAttr s) { symbols.insert(s); });
  for (const RunLoop &loop : llvm::reverse(frame->trace->loops))
    if (symbols.contains(loop.name))
      return &loop;
  return nullptr;
}

std::optional<llvm::SmallVector<SizeFact>> Elaborator::forAllRounds(const SizeFact &fact) {
  DimAttr difference = fact.b.plus(fact.a, -1);
  const RunLoop *loop = loopIn(difference);
  if (!loop)
    return llvm::SmallVector<SizeFact>{fact};
  if (fact.equal)
    return std::nullopt;
  auto at = [&](DimAttr d, DimAttr value) {
    return d.substitute([&](mlir::StringAttr s) { return s == loop->name ? value : DimAttr(); });
  };
  DimAttr zero = DimAttr::constant(ctx, 0), one = DimAttr::constant(ctx, 1);
  DimAttr first = at(difference, zero), slope = at(difference, one).plus(first, -1);
  // Only what is linear in the counter is least at an end.
  DimAttr linear = first.plus(slope.times(DimAttr::symbol(ctx, loop->name.getValue())));
  bool inSlope = false;
  slope.walkSymbols([&](mlir::StringAttr s) { inSlope |= s == loop->name; });
  if (linear != difference || inSlope)
    return std::nullopt;
  bool rises = decideLessEqual(zero, slope) == Truth::Proved, falls = decideLessEqual(slope, zero) == Truth::Proved;
  if (!rises && !loop->count)
    return std::nullopt; // no one knows how many rounds a `while` has
  llvm::SmallVector<SizeFact> out;
  RunLoop here = *loop;
  for (bool last : {false, true}) {
    if (last ? rises : falls)
      continue;
    DimAttr value = last ? here.count.plus(one, -1) : zero;
    auto rest = forAllRounds({false, at(fact.a, value), at(fact.b, value)});
    if (!rest)
      return std::nullopt;
    llvm::append_range(out, *rest);
  }
  return out;
}

mlir::ArrayAttr Elaborator::iterations() {
  llvm::SmallVector<DimAttr> counters;
  for (const RunLoop &loop : trace().loops)
    counters.push_back(DimAttr::symbol(ctx, loop.name.getValue()));
  return counters.empty() ? mlir::ArrayAttr() : dimArray(counters);
}

bool Elaborator::mayChange(const void *object, llvm::StringRef what, SourceRange range) {
  if (!frame->trace || llvm::none_of(frame->trace->outside, [&](auto *objects) { return objects->contains(object); }))
    return true;
  bool loop = !frame->trace->loops.empty();
  Diagnostic &d = report(diag::changedFromOutside, range, what, loop ? "a loop" : "a branch");
  if (loop)
    d.suggest("make a tensor before the loop and write into it: `y = zeros(S, ...)`, then `y[t] = ...`");
  else
    d.suggest("assign a tensor in both sides instead");
  return false;
}
