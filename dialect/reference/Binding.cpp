// Binding of sizes; see Binding.h.
#include "dialect/reference/Binding.h"

using namespace mlir;
using namespace modc;
using namespace modc::mod;
using namespace modc::reference;
using llvm::createStringError;
using llvm::Error;

/// `file:line:col` of the innermost source range of a location, if it has one.
static std::string place(Location loc) {
  std::string text;
  loc->walk([&](Location at) {
    if (auto file = dyn_cast<FileLineColLoc>(at)) {
      text = (file.getFilename().getValue() + ":" + Twine(file.getLine()) + ":" + Twine(file.getColumn())).str();
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return text;
}

Error modc::reference::located(const std::string &where, Operation *op, Error error) {
  std::string at = place(op->getLoc());
  return createStringError(where + (at.empty() ? "" : ", " + at) + ": " + llvm::toString(std::move(error)));
}

std::string modc::reference::text(const Array &a) {
  std::string out = dtypeName(a.element) + "[";
  llvm::raw_string_ostream os(out);
  llvm::interleaveComma(a.dims, os);
  return out + "]";
}

Error Binder::add(StringRef what, Type type, const Array &have) {
  auto want = cast<SymTensorType>(type);
  if (have.element != want.getElementType() || have.dims.size() != want.getDims().size())
    return mismatch(what, want, have);
  seen.push_back({what.str(), want, &have});
  return Error::success();
}

Error Binder::finish() {
  for (bool alone : {true, false})
    for (auto &[what, want, have] : seen)
      for (auto [d, n] : llvm::zip(want.getDims(), have->dims))
        bind(d, n, alone);
  for (auto &[what, want, have] : seen)
    for (auto [d, n] : llvm::zip(want.getDims(), have->dims)) {
      auto value = ev.size(d);
      if (!value)
        return createStringError(what + ": size " + d.text() + " of " + want.text() +
                                 " has no value; an input must bind it");
      if (*value != n)
        return mismatch(what, want, *have);
    }
  return Error::success();
}

void Binder::bind(DimAttr d, int64_t n, bool alone) {
  int64_t scale = 0, offset = 0;
  StringAttr symbol = d.getSymbol();
  if (alone) {
    scale = 1;
  } else {
    symbol = {};
    for (auto [c, atoms] : llvm::zip(d.getCoeffs(), d.getMonomials())) {
      if (atoms.empty()) {
        offset = c;
      } else if (atoms.size() == 1 && !symbol && isa<StringAttr>(atoms[0])) {
        symbol = cast<StringAttr>(atoms[0]);
        scale = c;
      } else {
        return;
      }
    }
  }
  // A remainder is left to the comparison.
  int64_t room;
  if (!symbol || ev.sizes.contains(symbol.str()) || __builtin_sub_overflow(n, offset, &room) || room / scale < 0)
    return;
  ev.sizes[symbol.str()] = room / scale;
}

Error Binder::mismatch(StringRef what, SymTensorType want, const Array &have) {
  std::string known;
  llvm::SmallDenseSet<StringAttr> told;
  for (DimAttr d : want.getDims())
    d.walkSymbols([&](StringAttr s) {
      if (auto it = ev.sizes.find(s.str()); it != ev.sizes.end() && told.insert(s).second)
        known += (known.empty() ? " with " : ", ") + it->first + " = " + std::to_string(it->second);
    });
  return createStringError(what + ": expected " + want.text() + known + ", got " + text(have));
}

Error modc::reference::checkFacts(FuncOp func, const Evaluator &ev) {
  if (auto ranges = func.getRanges())
    for (auto r : ranges->getAsRange<RangeAttr>())
      if (auto it = ev.sizes.find(r.getName().str()); it != ev.sizes.end())
        if (it->second < r.getMin() || it->second > r.getMax())
          return createStringError(r.getName() + " = " + Twine(it->second) + ", expected " + Twine(r.getMin()) +
                                   " <= " + r.getName() + " <= " + Twine(r.getMax()));
  if (auto guards = func.getGuards())
    for (auto g : guards->getAsRange<GuardAttr>()) {
      auto a = ev.size(g.getA()), b = ev.size(g.getB());
      if (!a || !b)
        return createStringError("guard `" + g.getText() + "` has a size without a value");
      if (g.getRel() == "eq" ? *a != *b : *a > *b)
        return createStringError(g.getText() + ": " + g.getA().text() + " is " + Twine(*a) + ", expected " +
                                 (g.getRel() == "eq" ? "" : "at most ") + g.getB().text() + " = " + Twine(*b));
    }
  return Error::success();
}
