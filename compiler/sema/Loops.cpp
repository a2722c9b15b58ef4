// Loops whose rounds the run counts: which names are carried round and with what types, sequences of run-time length.
#include "compiler/sema/Holes.h"
#include "compiler/sema/Regions.h"
#include "llvm/ADT/StringSet.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

/// A loop's body is traced again when a number turns out to change; this often at most.
static constexpr unsigned kMaxAttempts = 6;
/// Tensors with more rows than this are walked by a loop of the run.
static constexpr int64_t kMaxRows = 1024;

/// Calls `fn` for every leaf of lists and dicts, in order, and puts what it gives in its place.
static Value mapEach(const Value &value, llvm::function_ref<Value(const Value &)> fn) {
  return mapLeaves(value, [&](const Value &v) -> std::optional<Value> {
    return v.list() || v.dict() ? std::nullopt : std::optional(fn(v));
  });
}

static std::vector<Value> leavesOf(const Value &value) {
  std::vector<Value> leaves;
  mapEach(value, [&](const Value &v) {
    leaves.push_back(v);
    return v;
  });
  return leaves;
}

/// Whether two values differ in their leaves alone.
static bool sameStructure(const Value &a, const Value &b, unsigned level = 0) {
  if (level > kMaxNesting)
    return false;
  if (ListObject *l = a.list()) {
    ListObject *r = b.list();
    return r && l->items.size() == r->items.size() && llvm::all_of(llvm::zip(l->items, r->items), [&](auto pair) {
             return sameStructure(std::get<0>(pair), std::get<1>(pair), level + 1);
           });
  }
  if (DictObject *l = a.dict()) {
    DictObject *r = b.dict();
    return r && l->items.size() == r->items.size() && llvm::all_of(llvm::zip(l->items, r->items), [&](auto pair) {
             auto &[p, q] = pair;
             return sameValue(p.first, q.first) && sameStructure(p.second, q.second, level + 1);
           });
  }
  return !b.list() && !b.dict();
}

std::shared_ptr<SequenceObject> Elaborator::sequence(const Value &value) {
  if (auto *s = value.get<SequenceValue>())
    return s->object;
  SymTensorType type = tensorType(value);
  if (!type || type.getDims().empty() || !frame->trace || frame->trace->stateless)
    return nullptr;
  DimAttr count = type.getDims()[0];
  if (count.getConstant().value_or(kMaxRows + 1) <= kMaxRows)
    return nullptr;
  auto row = [this, value, type](DimAttr at, SourceRange range) {
    Value one = narrow(value, 0, at, DimAttr::constant(ctx, 1), 1, range);
    return one.poisoned() ? one : reshape(one, type.getDims().drop_front(), range);
  };
  return std::make_shared<SequenceObject>(SequenceObject{count, row});
}

Value Elaborator::runRange(DimAttr start, DimAttr stop, int64_t step, SourceRange range) {
  if (step == 0 || step == INT64_MIN)
    return report(diag::wrongValue, range, "a range's step is not 0"), Poison{};
  DimAttr length = step > 0 ? stop.plus(start, -1) : start.plus(stop, -1), by = DimAttr::constant(ctx, std::abs(step));
  DimAttr count = length.plus(by).plus(DimAttr::constant(ctx, 1), -1).floorDiv(by);
  auto item = [this, start, step](DimAttr at, SourceRange place) {
    return checkedDim(start.plus(at.times(DimAttr::constant(ctx, step))), place);
  };
  if (checkedDim(count, range).poisoned())
    return Poison{};
  auto known = count.getConstant();
  if (!known)
    return SequenceValue{std::make_shared<SequenceObject>(SequenceObject{count, item})};
  if (*known > kMaxRows)
    return report(diag::wrongValue, range, "the range has more than " + std::to_string(kMaxRows) + " items"), Poison{};
  std::vector<Value> items;
  for (int64_t i = 0; i < *known; ++i)
    items.push_back(item(DimAttr::constant(ctx, i), range));
  return makeList(std::move(items));
}

Value Elaborator::zipSequences(llvm::ArrayRef<Value> lists, SourceRange range) {
  std::vector<std::shared_ptr<SequenceObject>> all;
  DimAttr count;
  for (const Value &list : lists) {
    all.push_back(sequence(list));
    if (!all.back()) {
      report(diag::notStatic, range, describe(lists[0]))
          .note("beside it in zip() is " + describe(list) + ", whose length the compiler knows");
      return Poison{};
    }
    count = count ? count.min(all.back()->count) : all.back()->count;
  }
  auto item = [all](DimAttr at, SourceRange place) -> Value {
    std::vector<Value> row;
    for (auto &one : all) {
      row.push_back(one->item(at, place));
      if (row.back().poisoned())
        return Poison{};
    }
    return makeList(std::move(row), /*tuple=*/true);
  };
  return SequenceValue{std::make_shared<SequenceObject>(SequenceObject{count, item})};
}

Flow Elaborator::runLoop(const ast::Stmt &stmt, ast::Block body, const ast::Expr *target, const ast::Expr *cond,
                         const SequenceObject *over) {
  Trace &t = trace();
  mlir::Location at = loc(stmt.range);
  Assigned assigned, targets;
  assigned.block(body);
  if (target)
    targets.target(target);
  auto before = frame->locals;
  auto lost = frame->lost;
  std::vector<Carried> carried;
  bool numbers = false;
  for (auto &[name, place] : assigned.names) {
    auto it = before.find(name);
    if (it == before.end() || targets.names.count(name) || it->second.poisoned() || !walkable(it->second))
      continue;
    Carried c{name, place, it->second, leavesOf(it->second), {}};
    for (const Value &leaf : c.leaves) {
      bool number = leaf.number() || leaf.is<DimValue>();
      c.types.push_back(number ? LeafType() : leafType(ctx, leaf));
      numbers |= number;
    }
    carried.push_back(std::move(c));
  }
  // The name that the loop's counter has in the IR.
  auto *simple = llvm::dyn_cast_or_null<ast::NameExpr>(target);
  std::string base = simple && simple->name != "_" ? simple->name.str() : "i", name = base;
  for (unsigned n = 1; t.taken.count(name); ++n)
    name = base + "_" + std::to_string(n);
  t.taken.insert(name);
  auto counter = mlir::StringAttr::get(ctx, name);

  auto leave = [&](Flow flow) {
    frame->locals = before;
    frame->lost = lost;
    t.params.clear();
    t.buffers.clear();
    return flow;
  };
  llvm::DenseSet<const void *> outside;
  collectObjects(frame, outside);
  Checkpoint entry(t);
  for (unsigned attempt = 0; attempt < kMaxAttempts; ++attempt) {
    bool silent = numbers && attempt + 1 < kMaxAttempts;
    bool wasPoisoned = frame->poisoned;
    quiet += silent;
    // Initial values, then the loop with an argument for each.
    llvm::SmallVector<mlir::Value> inits;
    for (Carried &c : carried)
      for (auto [leaf, type] : llvm::zip(c.leaves, c.types))
        if (type.type) {
          mlir::Value v = materialise(leaf, type.type.getElementType(), stmt.range);
          if (!v) {
            quiet -= silent;
            return leave(Flow::Stop);
          }
          inits.push_back(v);
        }
    mlir::Operation *op = over ? mod::ForOp::create(t.builder, at, counter, over->count, inits).getOperation()
                               : mod::WhileOp::create(t.builder, at, counter, inits).getOperation();
    auto enter = [&](mlir::Region &region) {
      mlir::Block &block = region.emplaceBlock();
      for (mlir::Value v : inits)
        block.addArgument(v.getType(), at);
      t.builder.setInsertionPointToEnd(&block);
      frame->locals = before;
      frame->lost = lost;
      t.params.clear();
      t.buffers.clear();
      size_t next = 0;
      for (Carried &c : carried) {
        size_t leaf = 0;
        frame->locals[c.name] = mapEach(c.before, [&](const Value &v) -> Value {
          const LeafType &type = c.types[leaf++];
          return type.type ? Value(TensorValue{block.getArgument(next++), type.weak}) : v;
        });
      }
    };
    t.loops.push_back({counter, over ? over->count : DimAttr()});
    t.outside.push_back(&outside);
    auto rest = frame->rest;
    frame->rest.push_back(std::nullopt);
    bool good = true, changed = false;
    llvm::SmallVector<mlir::Value> yields;
    {
      mlir::OpBuilder::InsertionGuard guard(t.builder);
      if (cond) {
        enter(op->getRegion(0));
        mlir::Value holds = condition(eval(*cond), cond->range);
        if (holds)
          mod::YieldOp::create(t.builder, at, holds);
        good = bool(holds);
      }
      enter(op->getRegion(cond ? 1 : 0));
      if (good && target) {
        Value item = over->item(DimAttr::symbol(ctx, name), stmt.range);
        good = !item.poisoned();
        if (good)
          assign(target, std::move(item), /*let=*/true);
      }
      Flow flow = good ? run(body) : Flow::Stop;
      if (flow == Flow::Return)
        report(diag::returnInLoop, frame->returned).also(stmt.range, "the loop");
      good = flow == Flow::Next && !halted;
      if (good)
        for (Carried &c : carried)
          good &= carryOn(c, yields, changed, stmt.range);
      if (good && !changed)
        mod::YieldOp::create(t.builder, at, yields);
    }
    frame->rest = rest;
    t.outside.pop_back();
    t.loops.pop_back();
    quiet -= silent;
    bool failed = !good || (frame->poisoned && !wasPoisoned);
    frame->poisoned = wasPoisoned || (failed && !silent);
    if (!failed && !changed) {
      // Of the assigned names those that are locals: others are parameters and buffers, which stay.
      llvm::StringSet<> locals;
      for (auto &local : frame->locals)
        locals.insert(local.first());
      for (auto &name : frame->lost)
        locals.insert(name.first());
      leave(Flow::Next);
      size_t next = 0;
      for (Carried &c : carried) {
        size_t leaf = 0;
        frame->locals[c.name] = mapEach(c.before, [&](const Value &v) -> Value {
          const LeafType &type = c.types[leaf++];
          return type.type ? Value(TensorValue{op->getResult(next++), type.weak}) : v;
        });
      }
      std::string why = "it belongs to one round of the loop; what is to be seen afterwards must exist before";
      for (auto *names : {&assigned.names, &targets.names})
        for (auto &[local, place] : *names)
          if (locals.count(local) && (!before.count(local) || targets.names.count(local))) {
            frame->locals.erase(local);
            frame->lost[local] = {why, place};
          }
      return Flow::Next;
    }
    op->erase();
    entry.restore(t);
    if (failed && !silent)
      return leave(Flow::Stop);
    if (failed)
      numbers = false; // once more, with reports
  }
  return leave(Flow::Stop);
}

bool Elaborator::carryOn(Carried &c, llvm::SmallVectorImpl<mlir::Value> &yields, bool &changed, SourceRange loop) {
  llvm::StringRef name = c.name;
  SourceRange assigned = c.assigned;
  const Value &before = c.before;
  auto it = frame->locals.find(name);
  Value after = it == frame->locals.end() ? Value(NoneValue{}) : it->second;
  if (after.poisoned())
    return false;
  auto complain = [&](const std::string &was, const std::string &is) {
    Diagnostic &d = report(diag::carriedType, assigned, name, was, is);
    d.also(loop, "in this loop, whose rounds the run counts").expect(was, is);
    if (before.number() && tensorType(after))
      d.suggest("begin with a tensor of that shape: `" + name.str() + " = zeros(...)`");
    return false;
  };
  if (it == frame->locals.end()) {
    auto why = frame->lost.find(name);
    report(diag::lostName, assigned, name,
           why == frame->lost.end() ? llvm::StringRef("it ends within the round") : llvm::StringRef(why->second.why))
        .also(loop, "it is carried round this loop");
    return false;
  }
  if (!walkable(after) || !sameStructure(before, after))
    return complain(describe(before), describe(after));
  std::vector<Value> ends = leavesOf(after);
  for (auto [leaf, type, end] : llvm::zip(c.leaves, c.types, ends)) {
    bool number = end.number() || end.is<DimValue>();
    if (!type.type) {
      if (sameValue(leaf, end))
        continue;
      // A number that changes from round to round is a 0-d tensor from now on.
      auto joined = joinTypes(leafType(ctx, leaf), leaf.number() || leaf.is<DimValue>(), leafType(ctx, end), number);
      if (!joined)
        return complain(describe(leaf), describe(end));
      type = *joined;
      changed = true;
      continue;
    }
    LeafType is = leafType(ctx, end);
    auto joined = joinTypes(type, false, is, number);
    bool started = leaf.number() || leaf.is<DimValue>() || type.weak;
    if (!joined && started)
      joined = joinTypes(type, true, is, number);
    if (!joined)
      return complain(type.type.text(), describe(end));
    if (joined->type.getElementType() != type.type.getElementType() || joined->weak != type.weak) {
      type = *joined;
      changed = true;
      continue;
    }
    // Sizes that the run may find equal are guarded; others are a mistake.
    if (is.type.getDims().size() == type.type.getDims().size())
      for (auto [m, n] : llvm::zip(is.type.getDims(), type.type.getDims())) {
        std::string why, words = (name + ": " + m.text() + " == " + n.text()).str();
        if (!require({true, m, n}, words, why))
          return complain(type.type.text(), is.type.text());
      }
    mlir::Value v = materialise(end, type.type.getElementType(), assigned);
    Value exact =
        v ? assume(TensorValue{v}, type.type, ("`" + name + "` after a round").str(), assigned) : Value(Poison{});
    if (exact.poisoned())
      return false;
    yields.push_back(tensorOf(exact, assigned));
  }
  return true;
}

Flow Elaborator::runWhile(const ast::WhileStmt &loop) {
  for (;;) {
    if (!step(loop.range))
      return Flow::Stop;
    // Where methods are traced the condition may be the run's to decide: it is looked at in a region that goes again.
    bool traced = frame->trace && !frame->trace->stateless && !frame->body;
    Value holds;
    if (traced) {
      Trace &t = *frame->trace;
      Checkpoint entry(t);
      auto peek = mod::ForOp::create(t.builder, loc(loop.range), mlir::StringAttr::get(ctx, "peek"),
                                     DimAttr::constant(ctx, 1), mlir::ValueRange());
      {
        mlir::OpBuilder::InsertionGuard guard(t.builder);
        t.builder.setInsertionPointToEnd(&peek.getBody().emplaceBlock());
        holds = eval(*loop.cond);
      }
      bool run = decidedByRun(holds);
      peek.erase();
      entry.restore(t);
      if (holds.poisoned())
        return Flow::Stop;
      if (run)
        return runLoop(loop, loop.body, nullptr, loop.cond, nullptr);
    }
    auto known = truth(traced ? holds : eval(*loop.cond), loop.cond->range);
    if (!known)
      return Flow::Stop;
    if (!*known)
      return Flow::Next;
    frame->rest.push_back(std::nullopt);
    Flow flow = run(loop.body);
    frame->rest.pop_back();
    if (flow != Flow::Next)
      return flow;
  }
}
