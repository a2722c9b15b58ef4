// Plans: unify the sizes of inputs with the signature, check ranges and guards, derive every integer that the body
// reads.
#include "compiler/artifact/HostBuilder.h"
#include "compiler/artifact/HostCode.h"

using namespace llvm;
using namespace modc;
using namespace modc::artifact;
using modc::mod::DimAttr;

namespace {
/// `dim = factor * name + rest`, where `rest` and no atom of another kind holds the name.
struct Linear {
  int64_t factor;
  DimAttr rest;
};
std::optional<Linear> linearIn(DimAttr dim, StringRef name) {
  Linear out{0, DimAttr::constant(dim.getContext(), 0)};
  for (auto [c, atoms] : zip(dim.getCoeffs(), dim.getMonomials())) {
    auto atom = atoms.size() == 1 ? dyn_cast<mlir::StringAttr>(atoms[0]) : mlir::StringAttr();
    if (atom && atom.getValue() == name) {
      out.factor = c;
      continue;
    }
    out.rest = out.rest.plus(DimAttr::get(dim.getContext(), {c}, {atoms}));
  }
  bool left = false;
  out.rest.walkSymbols([&](mlir::StringAttr s) { left |= s.getValue() == name; });
  if (left || out.factor == 0)
    return std::nullopt;
  return out;
}

class PlanBuilder {
public:
  PlanBuilder(Module &host, const artifact::Function &f)
      : f(f),
        h(host,
          ("modc.plan." + Twine(f.op->getParentOfType<mod::ClassOp>().getSymName()) + "." + Twine(funcName(f))).str(),
          6) {}

  Expected<llvm::Function *> build() {
    collectAxes();
    if (Error e = unify()) {
      h.function->deleteBody();
      return std::move(e);
    }
    for (unsigned i = 0; i < f.sizes.nameCount; ++i)
      setSym(i, bound[nameOf(i)]);
    checkRanges();
    checkGuards();
    for (size_t i = f.sizes.nameCount; i < f.sizes.entries.size(); ++i)
      derive(i);
    writeOutputs();
    h.ret(MODC_OK);
    return h.function;
  }

private:
  struct Axis {
    unsigned input, axis;
    DimAttr dim;
    bool done = false;
  };

  static StringRef funcName(const artifact::Function &f) { return f.op.getSymName(); }
  Value *inDims() { return h.arg(0); }
  Value *syms() { return h.arg(2); }
  Value *info() { return h.arg(5); }
  StringRef nameOf(unsigned i) { return f.sizes.entries[i].dim.getSymbol().getValue(); }
  void setSym(unsigned i, Value *v) { h.store(v, syms(), 8 * i); }
  Value *actual(const Axis &a) { return h.loadI64(h.loadPtr(inDims(), 8 * a.input), 8 * a.axis); }
  Value *eval(DimAttr d) {
    return h.size(d, [&](StringRef s) { return bound.lookup(s); });
  }
  void failOverflow() {
    if (Value *bad = h.takeOverflow())
      h.failIf(bad, MODC_E_OVERFLOW, info(), {});
  }
  bool known(DimAttr d) {
    bool all = true;
    d.walkSymbols([&](mlir::StringAttr s) { all &= bound.contains(s.getValue()); });
    return all;
  }
  void failDim(Value *wrong, const Axis &a, Value *expected, Value *got) {
    h.failIf(wrong, MODC_E_DIM, info(), {h.i64(a.input), h.i64(a.axis), expected, got});
  }

  void collectAxes() {
    for (auto [i, arg] : enumerate(f.inputs))
      for (auto [k, dim] : enumerate(cast<mod::SymTensorType>(f.op.getArgumentTypes()[arg]).getDims()))
        axes.push_back({unsigned(i), unsigned(k), dim});
  }

  /// Names alone first, in the order of the inputs, so that a message blames the later of two that differ; then
  /// whatever they make known.
  Error unify() {
    for (unsigned i = 0; i < f.sizes.scalarCount; ++i)
      bound[nameOf(i)] = h.loadI64(syms(), 8 * i);
    for (Axis &a : axes)
      if (auto s = a.dim.getSymbol())
        if (bound.try_emplace(s.getValue(), actual(a)).second)
          a.done = true;
    for (bool progress = true; progress;) {
      progress = false;
      for (Axis &a : axes) {
        if (a.done || !(known(a.dim) || solve(a)))
          continue;
        if (!a.done)
          compare(a);
        progress = a.done = true;
      }
    }
    for (Axis &a : axes)
      if (!a.done)
        return createStringError("function " + f.name + ": the size " + a.dim.text() +
                                 " of an input does not tell what its names are");
    for (unsigned i = 0; i < f.sizes.nameCount; ++i)
      if (!bound.contains(nameOf(i)))
        return createStringError("function " + f.name + ": no input has the size " + nameOf(i));
    return Error::success();
  }

  void compare(const Axis &a) {
    Value *expected = eval(a.dim), *got = actual(a);
    failOverflow();
    failDim(h.b.CreateICmpNE(expected, got), a, expected, got);
  }

  /// An axis `factor * name + rest` with one unknown name: binds it, where the division comes out even.
  bool solve(Axis &a) {
    StringRef unknown;
    unsigned count = 0;
    a.dim.walkSymbols([&](mlir::StringAttr s) {
      if (!bound.contains(s.getValue()) && s.getValue() != unknown)
        unknown = s.getValue(), ++count;
    });
    auto linear = count == 1 ? linearIn(a.dim, unknown) : std::nullopt;
    if (!linear)
      return false;
    Value *got = actual(a), *rest = eval(linear->rest), *factor = h.i64(linear->factor);
    // rest is at least -2^63 + 1, as an input's size is never negative.
    Value *difference = h.checkedSub(got, rest);
    failOverflow();
    Value *q = h.b.CreateSDiv(difference, factor);
    Value *wrong = h.b.CreateOr(h.b.CreateICmpNE(h.b.CreateMul(q, factor), difference), h.b.CreateICmpSLT(q, h.i64(0)));
    Value *nearest =
        h.b.CreateAdd(h.b.CreateMul(h.b.CreateBinaryIntrinsic(Intrinsic::smax, q, h.i64(0)), factor), rest);
    failDim(wrong, a, nearest, got);
    bound[unknown] = q;
    return a.done = true;
  }

  void checkRanges() {
    if (auto ranges = f.op.getRanges())
      for (auto r : ranges->getAsRange<mod::RangeAttr>())
        for (unsigned i = 0; i < f.sizes.nameCount; ++i)
          if (nameOf(i) == r.getName()) {
            Value *v = bound[nameOf(i)];
            Value *out = h.b.CreateOr(h.b.CreateICmpSLT(v, h.i64(r.getMin())), h.b.CreateICmpSGT(v, h.i64(r.getMax())));
            h.failIf(out, MODC_E_RANGE, info(), {h.i64(i), v});
          }
  }

  void checkGuards() {
    auto guards = f.op.getGuards();
    if (!guards)
      return;
    for (auto [i, g] : enumerate(guards->getAsRange<mod::GuardAttr>())) {
      Value *a = eval(g.getA()), *b = eval(g.getB());
      failOverflow();
      auto wrong = g.getRel() == "eq" ? CmpInst::ICMP_NE : CmpInst::ICMP_SGT;
      h.failIf(h.b.CreateICmp(wrong, a, b), MODC_E_GUARD, info(), {h.i64(int64_t(i)), a, b});
    }
  }

  void derive(size_t i) {
    const Sizes::Entry &e = f.sizes.entries[i];
    Value *v = e.dim ? eval(e.dim) : offset(e.slot);
    h.requireNatural(v);
    failOverflow();
    derived[e.dim] = v;
    setSym(i, v);
  }

  /// Where a slot begins: above everything that lies below it.
  Value *offset(int64_t slot) {
    if (auto c = f.sizes.constantOffset(slot))
      return h.i64(*c);
    if (Value *v = offsets.lookup(slot))
      return v;
    Value *at = h.i64(0);
    for (int64_t below : f.sizes.slots()[slot].getBelow())
      at = h.b.CreateBinaryIntrinsic(Intrinsic::smax, at, end(below));
    failOverflow();
    return offsets[slot] = at;
  }
  /// The first multiple of the alignment behind a slot.
  Value *end(int64_t slot) {
    Value *bytes = eval(f.sizes.slots()[slot].getBytes());
    h.requireNatural(bytes);
    Value *end = h.checkedAdd(h.checkedAdd(offset(slot), bytes), h.i64(Sizes::slotAlign - 1));
    return h.b.CreateAnd(end, h.i64(-Sizes::slotAlign));
  }

  void writeOutputs() {
    Value *arena = h.i64(0);
    for (size_t i = 0; i < f.sizes.slots().size(); ++i)
      arena = h.b.CreateBinaryIntrinsic(Intrinsic::smax, arena, end(int64_t(i)));
    failOverflow();
    for (unsigned o = 0; o < f.outputs; ++o) {
      auto dims = cast<mod::SymTensorType>(f.op.getResultTypes()[o]).getDims();
      Value *out = dims.empty() ? nullptr : h.loadPtr(h.arg(3), 8 * o);
      for (auto [k, dim] : enumerate(dims)) {
        auto c = dim.getConstant();
        auto name = dim.getSymbol();
        h.store(c ? h.i64(*c) : name ? bound[name.getValue()] : derived[dim], out, 8 * k);
      }
    }
    h.store(arena, h.arg(4), offsetof(modc_sizes, arena));
    h.store(h.i64(0), h.arg(4), offsetof(modc_sizes, saved));
  }

  const artifact::Function &f;
  HostBuilder h;
  std::vector<Axis> axes;
  StringMap<Value *> bound;
  mlir::DenseMap<mlir::Attribute, Value *> derived;
  mlir::DenseMap<int64_t, Value *> offsets;
};
} // namespace

Expected<llvm::Function *> modc::artifact::emitPlan(Module &host, const artifact::Function &f) {
  return PlanBuilder(host, f).build();
}
