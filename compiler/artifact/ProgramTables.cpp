// Composed programs as steps over slots: a slot for each value, freed and taken again after its last use. Loops and
// branches become jumps.
#include "compiler/artifact/TableBuilder.h"

using namespace llvm;
using namespace modc;
using namespace modc::artifact;

/// Slots of the values that are alive.
class TableBuilder::ProgramWriter {
public:
  ProgramWriter(TableBuilder &tables, const Program &p, Records<modc_step> &steps) : t(tables), p(p), steps(steps) {}

  Error write() {
    mlir::Block &body = p.op.getBody().front();
    SmallVector<mlir::Value> unused;
    for (mlir::Value a : body.getArguments()) {
      take(a);
      if (a.use_empty())
        unused.push_back(a);
    }
    drop(unused, p.op.getLoc());
    if (Error e = block(body))
      return e;
    return count > UINT16_MAX ? fail("has more than 65535 values alive at once") : Error::success();
  }

  unsigned count = 0;

private:
  Error fail(const Twine &what) {
    return createStringError("program @" + p.op.getSymName() + " of class " + t.inv.classes[p.cls].op.getSymName() +
                             ": " + what);
  }

  //===------------------------------------------------------------------===//
  // Slots
  //===------------------------------------------------------------------===//

  uint16_t takeSlot() {
    unsigned s = free.empty() ? count++ : *free.begin();
    free.erase(s);
    return uint16_t(s);
  }
  uint16_t take(mlir::Value v) { return of[v] = takeSlot(); }
  uint16_t slot(mlir::Value v) const { return of.lookup(v); }

  modc_step &step(int kind, mlir::Location at) {
    auto &r = steps.emplace_back();
    r.value.op = uint16_t(kind);
    r.value.slots = uint32_t(t.slotPool.size());
    fill(r.value.role_fn, MODC_NONE);
    t.loc(r, &modc_step::loc, at);
    return r.value;
  }
  void move(uint16_t from, uint16_t to, mlir::Location at) {
    if (from == to)
      return;
    modc_step &r = step(MODC_S_MOVE, at);
    r.n_in = r.n_out = 1;
    t.slotPool.push_back(from);
    t.slotPool.push_back(to);
  }
  void dropSlots(ArrayRef<uint16_t> slots, mlir::Location at) {
    if (slots.empty())
      return;
    step(MODC_S_DROP, at).n_in = uint16_t(slots.size());
    for (uint16_t s : slots) {
      t.slotPool.push_back(s);
      free.insert(s);
    }
  }
  void drop(ArrayRef<mlir::Value> values, mlir::Location at) {
    dropSlots(map_to_vector(values, [&](mlir::Value v) { return slot(v); }), at);
  }

  /// Drops what `op` reads last of the values made in its block, and what it made that nothing reads. What comes from
  /// outside a loop is read again in its next round.
  void dropDead(mlir::Operation *op) {
    SmallVector<mlir::Value> dead;
    auto consider = [&](mlir::Value v) {
      bool carried = isa<mlir::BlockArgument>(v) && isa<mod::WhileOp>(op->getParentOp());
      if (v.getParentBlock() == op->getBlock() && !carried && lastReader(v) == op && !is_contained(dead, v))
        dead.push_back(v);
    };
    op->walk([&](mlir::Operation *inner) { for_each(inner->getOperands(), consider); });
    for (mlir::Value v : op->getResults())
      if (v.use_empty())
        dead.push_back(v);
    drop(dead, op->getLoc());
  }
  static mlir::Operation *lastReader(mlir::Value v) {
    mlir::Operation *last = nullptr;
    for (mlir::Operation *user : v.getUsers()) {
      mlir::Operation *at = v.getParentBlock()->findAncestorOpInBlock(*user);
      if (!last || last->isBeforeInBlock(at))
        last = at;
    }
    return last;
  }

  //===------------------------------------------------------------------===//
  // Steps
  //===------------------------------------------------------------------===//

  Error block(mlir::Block &body) {
    for (mlir::Operation &op : body) {
      Error e = Error::success();
      if (isa<mod::YieldOp>(op))
        return e;
      if (isa<mod::ReturnOp>(op)) {
        step(MODC_S_RETURN, op.getLoc()).n_in = uint16_t(op.getNumOperands());
        for (mlir::Value v : op.getOperands())
          t.slotPool.push_back(slot(v));
        return e;
      }
      if (auto loop = dyn_cast<mod::WhileOp>(op))
        e = joinErrors(std::move(e), whileLoop(loop));
      else if (auto branch = dyn_cast<mod::IfOp>(op))
        e = joinErrors(std::move(e), ifElse(branch));
      else if (isa<mod::CallOp, mod::RunOp>(op))
        e = joinErrors(std::move(e), work(&op));
      else
        e = joinErrors(std::move(e), fail("holds " + op.getName().getStringRef()));
      if (e)
        return e;
      dropDead(&op);
    }
    return Error::success();
  }

  Error work(mlir::Operation *op) {
    auto call = dyn_cast<mod::CallOp>(op);
    modc_step &r = step(call ? MODC_S_CALL : MODC_S_RUN, op->getLoc());
    if (call) {
      auto callee = t.inv.classAt(p.cls, call.getChild());
      if (!callee)
        return fail("calls '" + call.getChild() + "', which is no module");
      auto method = t.inv.methodNumber(*callee, call.getMethod());
      if (!method)
        return joinErrors(fail("cannot call '" + call.getChild() + "'"), method.takeError());
      r.target = t.inv.path(call.getChild());
      r.method = *method;
      r.site = uint16_t(call.getSite());
      if (call.getSite() < 0 || call.getSite() > UINT16_MAX)
        return fail("has more than 65535 calls");
    } else {
      auto run = cast<mod::RunOp>(op);
      int32_t named = t.inv.function(p.cls, run.getPiece());
      if (named == MODC_NONE)
        return fail("runs @" + run.getPiece() + ", which is not compiled");
      for (int role = 0; role < MODC_N_ROLES; ++role)
        r.role_fn[role] = t.inv.pieceFor(t.inv.functions[named], role);
    }
    // Counters of the loops round it, outermost first: keys fold them.
    r.n_loops = uint16_t(counters.size());
    r.n_in = uint16_t(op->getNumOperands());
    r.n_out = uint16_t(op->getNumResults());
    append_range(t.slotPool, counters);
    for (mlir::Value v : op->getOperands())
      t.slotPool.push_back(slot(v));
    for (mlir::Value v : op->getResults())
      t.slotPool.push_back(take(v));
    return Error::success();
  }

  size_t jumpIfFalse(mlir::Value condition, mlir::Location at) {
    step(MODC_S_JUMP_IF_FALSE, at).n_in = 1;
    t.slotPool.push_back(slot(condition));
    return steps.size() - 1;
  }
  size_t jump(mlir::Location at) {
    step(MODC_S_JUMP, at);
    return steps.size() - 1;
  }
  void land(size_t jump) { steps[jump].value.target = int32_t(steps.size()); }

  /// Hands on what a block ends with, all at once: what is overwritten before it is read goes through slots of its own.
  void handOn(mlir::Block &body, ArrayRef<uint16_t> to) {
    mlir::Operation *end = body.getTerminator();
    SmallVector<uint16_t> from = map_to_vector(end->getOperands(), [&](mlir::Value v) { return slot(v); }), spare;
    for (auto [i, s] : enumerate(from))
      if (is_contained(to.take_front(i), s) && s != to[i]) {
        spare.push_back(takeSlot());
        move(s, spare.back(), end->getLoc());
        from[i] = spare.back();
      }
    for (auto [s, d] : zip(from, to))
      move(s, d, end->getLoc());
    SmallVector<uint16_t> dead = spare;
    for (mlir::Value v : end->getOperands())
      if (v.getDefiningOp() && v.getParentBlock() == &body && !is_contained(dead, slot(v)))
        dead.push_back(slot(v));
    dropSlots(dead, end->getLoc());
  }

  Error ifElse(mod::IfOp op) {
    SmallVector<uint16_t> to;
    for (mlir::Value v : op->getResults())
      to.push_back(take(v));
    size_t otherwise = jumpIfFalse(op->getOperand(0), op.getLoc());
    mlir::Block &first = op.getThen().front(), &second = op.getOtherwise().front();
    if (Error e = block(first))
      return e;
    handOn(first, to);
    size_t done = jump(op.getLoc());
    land(otherwise);
    if (Error e = block(second))
      return e;
    handOn(second, to);
    land(done);
    return Error::success();
  }

  Error whileLoop(mod::WhileOp op) {
    SmallVector<uint16_t> carried;
    for (auto [k, result] : enumerate(op->getResults())) {
      carried.push_back(take(result));
      move(slot(op->getOperand(k)), carried.back(), op.getLoc());
      for (mlir::Region &region : op->getRegions())
        of[region.getArgument(k)] = carried.back();
    }
    counters.push_back(carried[0]);
    size_t round = steps.size();
    mlir::Block &condition = op.getCondition().front(), &body = op.getBody().front();
    if (Error e = block(condition))
      return e;
    mlir::Value goesOn = condition.getTerminator()->getOperand(0);
    size_t leave = jumpIfFalse(goesOn, op.getLoc());
    bool made = goesOn.getDefiningOp() && goesOn.getParentBlock() == &condition;
    if (made)
      step(MODC_S_DROP, op.getLoc()).n_in = 1, t.slotPool.push_back(slot(goesOn));
    if (Error e = block(body))
      return e;
    handOn(body, carried);
    steps[jump(op.getLoc())].value.target = int32_t(round);
    land(leave);
    if (made)
      drop(goesOn, op.getLoc());
    counters.pop_back();
    return Error::success();
  }

  TableBuilder &t;
  const Program &p;
  Records<modc_step> &steps;
  mlir::DenseMap<mlir::Value, uint16_t> of;
  std::set<unsigned> free;
  SmallVector<uint16_t> counters;
};

Error TableBuilder::program(const Program &p, Records<modc_step> &steps, uint32_t &slotCount) {
  ProgramWriter writer(*this, p, steps);
  if (Error e = writer.write())
    return e;
  slotCount = writer.count;
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
