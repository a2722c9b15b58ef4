// Composed programs as steps over slots: a slot for each value, freed and taken again after its last use.
#include "compiler/artifact/TableBuilder.h"

using namespace llvm;
using namespace modc;
using namespace modc::artifact;

namespace {
/// Slots of the values that are alive.
class Slots {
public:
  uint16_t take(mlir::Value v) {
    unsigned s;
    if (free.empty()) {
      s = count++;
    } else {
      s = *free.begin();
      free.erase(free.begin());
    }
    of[v] = s;
    return uint16_t(s);
  }
  void release(mlir::Value v) { free.insert(of.lookup(v)); }
  uint16_t operator[](mlir::Value v) const { return uint16_t(of.lookup(v)); }
  unsigned count = 0;

private:
  mlir::DenseMap<mlir::Value, unsigned> of;
  std::set<unsigned> free;
};
} // namespace

Error TableBuilder::program(const Program &p, Records<modc_step> &steps, uint32_t &slotCount) {
  auto op = p.op;
  mlir::Block &body = op.getBody().front();
  auto fail = [&](const Twine &what) {
    return createStringError("program @" + op.getSymName() + " of class " + inv.classes[p.cls].op.getSymName() + ": " +
                             what);
  };
  mlir::DenseMap<mlir::Value, mlir::Operation *> lastUse;
  for (mlir::Operation &step : body)
    for (mlir::Value v : step.getOperands())
      lastUse[v] = &step;

  Slots slots;
  auto step = [&](int kind, mlir::Location at) -> Record<modc_step> & {
    auto &r = steps.emplace_back();
    r.value.op = uint16_t(kind);
    r.value.slots = uint32_t(slotPool.size());
    fill(r.value.role_fn, MODC_NONE);
    loc(r, &modc_step::loc, at);
    return r;
  };
  auto drop = [&](ArrayRef<mlir::Value> values, mlir::Location at) {
    if (values.empty())
      return;
    auto &r = step(MODC_S_DROP, at);
    r.value.n_in = uint16_t(values.size());
    for (mlir::Value v : values) {
      slotPool.push_back(slots[v]);
      slots.release(v);
    }
  };

  SmallVector<mlir::Value> unused;
  for (mlir::Value a : body.getArguments()) {
    slots.take(a);
    if (!lastUse.contains(a))
      unused.push_back(a);
  }
  drop(unused, op.getLoc());
  for (mlir::Operation &o : body) {
    bool isReturn = isa<mod::ReturnOp>(o);
    auto call = dyn_cast<mod::CallOp>(o);
    auto run = dyn_cast<mod::RunOp>(o);
    if (!isReturn && !call && !run)
      return fail("holds " + o.getName().getStringRef());
    auto &r = step(call ? MODC_S_CALL : run ? MODC_S_RUN : MODC_S_RETURN, o.getLoc());
    if (call) {
      auto callee = inv.classAt(p.cls, call.getChild());
      if (!callee)
        return fail("calls '" + call.getChild() + "', which is no module");
      auto method = inv.methodNumber(*callee, call.getMethod());
      if (!method)
        return joinErrors(fail("cannot call '" + call.getChild() + "'"), method.takeError());
      r.value.target = inv.path(call.getChild());
      r.value.method = *method;
      r.value.site = uint16_t(call.getSite());
      if (call.getSite() < 0 || call.getSite() > UINT16_MAX)
        return fail("has more than 65535 calls");
    } else if (run) {
      int32_t named = inv.function(p.cls, run.getPiece());
      if (named == MODC_NONE)
        return fail("runs @" + run.getPiece() + ", which is not compiled");
      for (int role = 0; role < MODC_N_ROLES; ++role)
        r.value.role_fn[role] = inv.pieceFor(inv.functions[named], role);
    }
    r.value.n_in = uint16_t(o.getNumOperands());
    r.value.n_out = uint16_t(o.getNumResults());
    for (mlir::Value v : o.getOperands())
      slotPool.push_back(slots[v]);
    if (isReturn)
      continue;
    SmallVector<mlir::Value> dead, stillborn;
    for (mlir::Value v : o.getOperands())
      if (lastUse.lookup(v) == &o && !is_contained(dead, v))
        dead.push_back(v);
    for (mlir::Value v : o.getResults()) {
      slotPool.push_back(slots.take(v));
      if (!lastUse.contains(v))
        stillborn.push_back(v);
    }
    dead.append(stillborn);
    drop(dead, o.getLoc());
  }
  if (slots.count > UINT16_MAX)
    return fail("has more than 65535 values alive at once");
  slotCount = slots.count;
  return Error::success();
}

Error TableBuilder::programs(Records<modc_program> &out) {
  for (const Program &p : inv.programs) {
    Records<modc_step> steps;
    auto &r = out.emplace_back();
    if (Error e = program(p, steps, r.value.n_slots))
      return e;
    r.value.n_steps = uint32_t(steps.size());
    r.point(&modc_program::steps, array<modc_step>(steps, "steps"));
  }
  return Error::success();
}
