// Branches that the run decides: both sides are traced into regions, and what they leave under one name is joined.
#include "compiler/sema/Regions.h"
#include "compiler/sema/Holes.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

void Assigned::target(const ast::Expr *t) {
  if (auto *name = llvm::dyn_cast<ast::NameExpr>(t))
    names.insert({name->name, name->range});
  else if (auto *subscript = llvm::dyn_cast<ast::SubscriptExpr>(t))
    target(subscript->base);
  else if (auto *tuple = llvm::dyn_cast<ast::TupleExpr>(t))
    for (const ast::Expr *item : tuple->items)
      target(item);
  else if (auto *list = llvm::dyn_cast<ast::ListExpr>(t))
    for (const ast::Expr *item : list->items)
      target(item);
}

void Assigned::block(ast::Block statements) {
  for (const ast::Stmt *stmt : statements) {
    if (auto *s = llvm::dyn_cast<ast::AssignStmt>(stmt))
      target(s->target);
    else if (auto *s = llvm::dyn_cast<ast::LetStmt>(stmt))
      target(s->target);
    else if (auto *s = llvm::dyn_cast<ast::AugmentedStmt>(stmt))
      target(s->target);
    else if (auto *s = llvm::dyn_cast<ast::WhileStmt>(stmt))
      block(s->body);
    else if (auto *s = llvm::dyn_cast<ast::ForStmt>(stmt)) {
      target(s->target);
      block(s->body);
    } else if (auto *s = llvm::dyn_cast<ast::IfStmt>(stmt)) {
      for (const ast::IfBranch &branch : s->branches)
        block(branch.body);
      if (s->hasElse)
        block(s->otherwise);
    }
  }
}

bool sema::returns(ast::Block statements) {
  return llvm::any_of(statements, [](const ast::Stmt *stmt) {
    if (llvm::isa<ast::ReturnStmt>(stmt))
      return true;
    if (auto *s = llvm::dyn_cast<ast::WhileStmt>(stmt))
      return returns(s->body);
    if (auto *s = llvm::dyn_cast<ast::ForStmt>(stmt))
      return returns(s->body);
    auto *s = llvm::dyn_cast<ast::IfStmt>(stmt);
    return s && ((s->hasElse && returns(s->otherwise)) ||
                 llvm::any_of(s->branches, [](const ast::IfBranch &b) { return returns(b.body); }));
  });
}

bool sema::sameValue(const Value &a, const Value &b, unsigned level) {
  if (a.index() != b.index() || level > kMaxNesting)
    return false;
  if (auto *t = a.get<TensorValue>())
    return t->value == b.as<TensorValue>().value;
  if (auto *s = a.get<StateValue>())
    return s->state == b.as<StateValue>().state && s->owner == b.as<StateValue>().owner;
  if (auto *d = a.get<DimValue>())
    return d->dim == b.as<DimValue>().dim;
  if (auto *f = a.get<double>())
    return *f == b.as<double>() || (*f != *f && b.as<double>() != b.as<double>());
  if (a.is<bool>() || a.is<int64_t>() || a.is<std::string>())
    return str(a) == str(b);
  if (auto *t = a.get<DTypeValue>())
    return t->type == b.as<DTypeValue>().type;
  if (auto *f = a.get<FunctionValue>())
    return f->decl == b.as<FunctionValue>().decl && f->self == b.as<FunctionValue>().self;
  if (auto *c = a.get<ClassValue>())
    return c->cls == b.as<ClassValue>().cls;
  if (a.instance())
    return a.instance() == b.instance();
  if (auto *builtin = a.get<BuiltinValue>())
    return builtin->builtin == b.as<BuiltinValue>().builtin;
  if (ListObject *l = a.list(), *r = b.list(); l && l != r)
    return l->tuple == r->tuple && l->items.size() == r->items.size() &&
           llvm::all_of(llvm::zip(l->items, r->items),
                        [&](auto pair) { return sameValue(std::get<0>(pair), std::get<1>(pair), level + 1); });
  if (DictObject *l = a.dict(), *r = b.dict(); l && l != r)
    return l->items.size() == r->items.size() && llvm::all_of(llvm::zip(l->items, r->items), [&](auto pair) {
             auto &[p, q] = pair;
             return sameValue(p.first, q.first, level + 1) && sameValue(p.second, q.second, level + 1);
           });
  return true;
}

static void collect(const Value &value, llvm::DenseSet<const void *> &objects, unsigned level = 0) {
  if (level > kMaxNesting)
    return;
  if (ListObject *list = value.list(); list && objects.insert(list).second)
    for (const Value &item : list->items)
      collect(item, objects, level + 1);
  if (DictObject *dict = value.dict(); dict && objects.insert(dict).second)
    for (auto &[k, v] : dict->items)
      collect(v, objects, level + 1);
}

void sema::collectObjects(const Frame *frame, llvm::DenseSet<const void *> &objects) {
  for (const Trace *t = frame->trace; frame && frame->trace == t; frame = frame->caller)
    for (auto &local : frame->locals)
      collect(local.second, objects);
}

LeafType sema::leafType(mlir::MLIRContext *ctx, const Value &value) {
  if (SymTensorType type = tensorType(value))
    return {type, value.is<TensorValue>() && value.as<TensorValue>().weak};
  auto scalar = [](mlir::Type dtype) { return LeafType{SymTensorType::get(dtype, {})}; };
  if (value.is<bool>())
    return scalar(mlir::IntegerType::get(ctx, 1));
  if (value.integer())
    return scalar(mlir::IntegerType::get(ctx, 64));
  if (value.is<double>())
    return scalar(mlir::Float32Type::get(ctx));
  return {};
}

std::optional<LeafType> sema::joinTypes(const LeafType &a, bool aNumber, const LeafType &b, bool bNumber) {
  if (!a.type || !b.type)
    return std::nullopt;
  // Numbers take the dtype of a 0-d tensor of their category, or of a wider one.
  auto rank = [](const LeafType &t) {
    mlir::Type dtype = t.type.getElementType();
    return dtype.isInteger(1) ? 0 : llvm::isa<mlir::FloatType>(dtype) ? 2 : 1;
  };
  bool aFree = aNumber || a.weak, bFree = bNumber || b.weak;
  if (aFree && bFree) {
    if ((rank(a) == 0) != (rank(b) == 0))
      return std::nullopt;
    return a.weak || b.weak ? (a.weak ? a : b) : rank(a) >= rank(b) ? a : b;
  }
  if (!aFree && !bFree)
    return a.type.getElementType() == b.type.getElementType() && a.type.getDims().size() == b.type.getDims().size()
               ? std::optional(a)
               : std::nullopt;
  const LeafType &fixed = aFree ? b : a, &free = aFree ? a : b;
  if (!fixed.type.getDims().empty() || rank(free) > rank(fixed) || (rank(free) == 0) != (rank(fixed) == 0))
    return std::nullopt;
  return fixed;
}

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

bool Elaborator::decidedByRun(const Value &value) {
  if (!frame->trace || frame->trace->stateless || frame->body)
    return false;
  if (auto *state = value.get<StateValue>()) {
    auto it = state->owner->members.find(state->name);
    if (it != state->owner->members.end() && it->second.hides.valid())
      return false; // most likely the hidden argument was meant
  }
  return value.tensor() || value.is<FactsValue>() || value.is<DimValue>();
}

mlir::Value Elaborator::condition(const Value &value, SourceRange range) {
  if (value.poisoned())
    return {};
  mlir::Type boolean = mlir::IntegerType::get(ctx, 1), i64 = mlir::IntegerType::get(ctx, 64);
  if (auto *facts = value.get<FactsValue>()) {
    Value all;
    for (const SizeFact &fact : facts->object->facts) {
      mlir::Value a = materialise(makeDim(fact.a), i64, range), b = materialise(makeDim(fact.b), i64, range);
      if (!a || !b)
        return {};
      Value one = fact.equal ? emit<mod::EqOp>(range, {a, b}) : emit<mod::LeOp>(range, {a, b});
      all = all.poisoned() ? one : binary(ast::BinaryOp::bitAnd, all, one, range);
    }
    return all.poisoned() ? mlir::Value() : tensorOf(all, range);
  }
  if (value.is<DimValue>())
    return condition(tensorCompare(ast::CompareOp::ne, value, int64_t(0), range), range);
  if (SymTensorType type = tensorType(value); type && type != SymTensorType::get(boolean, {})) {
    Diagnostic &d = report(diag::conditionType, range, type.text());
    bool isBool = type.getElementType().isInteger(1);
    d.suggest(isBool                   ? "ask `.any()` or `.all()` of it, or choose element by element with `where`"
              : type.getDims().empty() ? "compare it with a number"
                                       : "compare it, and ask `.any()` or `.all()` of the result");
    return {};
  }
  if (value.number())
    return materialise(truth(value, range).value_or(false), boolean, range);
  return tensorOf(value, range);
}

//===----------------------------------------------------------------------===//
// Joining
//===----------------------------------------------------------------------===//

/// The two values with a hole wherever they differ; `leaf` is given each pair that does. False where the structures do.
static bool align(const Value &a, const Value &b, Value &out,
                  llvm::function_ref<bool(const Value &, const Value &)> leaf, unsigned level = 0) {
  if (sameValue(a, b)) {
    out = a;
    return true;
  }
  if (level > kMaxNesting)
    return false;
  if (ListObject *l = a.list(), *r = b.list(); l && r) {
    if (l->items.size() != r->items.size())
      return false;
    std::vector<Value> items(l->items.size());
    for (auto [p, q, item] : llvm::zip(l->items, r->items, items))
      if (!align(p, q, item, leaf, level + 1))
        return false;
    out = makeList(std::move(items), l->tuple && r->tuple);
    return true;
  }
  if (DictObject *l = a.dict(), *r = b.dict(); l && r) {
    if (l->items.size() != r->items.size())
      return false;
    auto object = std::make_shared<DictObject>();
    for (auto &[key, value] : l->items) {
      Value *other = r->find(key), item;
      if (!other || !align(value, *other, item, leaf, level + 1))
        return false;
      object->items.emplace_back(key, std::move(item));
    }
    out = DictValue{object};
    return true;
  }
  out = hole();
  return leaf(a, b);
}

bool Elaborator::joinValues(const Value &a, const Value &b, RegionSide &first, RegionSide &second, Value &out,
                            llvm::SmallVectorImpl<bool> &weak, SourceRange range) {
  std::vector<std::pair<Value, Value>> pairs;
  bool good = align(a, b, out, [&](const Value &p, const Value &q) {
    LeafType s = leafType(ctx, p), t = leafType(ctx, q);
    auto joined = joinTypes(s, p.number() || p.is<DimValue>(), t, q.number() || q.is<DimValue>());
    if (!joined)
      return false;
    // Equal by what is known, not by a guard: the name may be of no use afterwards.
    for (auto [m, n] : llvm::zip(s.type.getDims(), t.type.getDims()))
      if (!joined->type.getDims().empty() && decideEqual(m, n) != mod::Truth::Proved)
        return false;
    pairs.emplace_back(p, q);
    return true;
  });
  if (!good)
    return false;
  for (auto &[p, q] : pairs) {
    LeafType type =
        *joinTypes(leafType(ctx, p), p.number() || p.is<DimValue>(), leafType(ctx, q), q.number() || q.is<DimValue>());
    for (auto [value, side] : {std::pair(&p, &first), std::pair(&q, &second)}) {
      mlir::OpBuilder::InsertionGuard guard(trace().builder);
      trace().builder.setInsertionPointToEnd(side->block);
      mlir::Value v = materialise(*value, type.type.getElementType(), range);
      Value exact = v ? assume(TensorValue{v}, type.type, "sides of an `if`", range) : Value(Poison{});
      if (exact.poisoned())
        return false;
      side->yields.push_back(tensorOf(exact, range));
    }
    weak.push_back(type.weak);
  }
  return true;
}

/// What a name holds, for messages about two sides that differ.
static std::string shown(const std::optional<Value> &value) {
  return value ? "`" + describe(*value) + "`" : std::string("nothing");
}

Flow Elaborator::branch(mlir::Value cond, llvm::ArrayRef<SizeFact> facts, SourceRange range,
                        llvm::function_ref<Flow(bool side)> run, Value *value) {
  Trace &t = trace();
  mlir::Location at = loc(range);
  auto op = mod::IfOp::create(t.builder, at, mlir::TypeRange(), cond);
  auto before = frame->locals;
  auto lost = frame->lost;
  Value resultBefore = frame->result;
  RegionSide sides[2];
  Checkpoint entry(t);
  size_t known = t.known.size();
  llvm::DenseSet<const void *> outside;
  collectObjects(frame, outside);
  t.outside.push_back(&outside);
  bool stopped = false;
  for (bool second : {false, true}) {
    RegionSide &side = sides[second];
    side.block = &op->getRegion(second).emplaceBlock();
    frame->locals = before;
    frame->lost = lost;
    t.params = entry.params;
    t.buffers = entry.buffers;
    // A single `a <= b` says `b + 1 <= a` where it does not hold.
    if (!second)
      t.known.append(facts.begin(), facts.end());
    else if (facts.size() == 1 && !facts[0].equal)
      t.known.push_back({false, facts[0].b.plus(DimAttr::constant(ctx, 1)), facts[0].a});
    mlir::OpBuilder::InsertionGuard guard(t.builder);
    t.builder.setInsertionPointToEnd(side.block);
    side.flow = run(second);
    t.known.truncate(known);
    stopped |= side.flow == Flow::Stop || halted;
    side.locals = std::move(frame->locals);
    side.result = value ? *value : frame->result;
  }
  t.outside.pop_back();
  t.params.clear();
  t.buffers.clear();
  frame->locals = before;
  frame->lost = lost;
  frame->result = resultBefore;
  if (stopped)
    return Flow::Stop;

  llvm::SmallVector<bool> weak;
  std::vector<std::pair<llvm::StringRef, Value>> joined;
  bool leaves = sides[0].flow == Flow::Return || sides[1].flow == Flow::Return;
  Value result;
  if (leaves || value) {
    Value a = sides[0].flow == Flow::Next && leaves ? Value(NoneValue{}) : sides[0].result;
    Value b = sides[1].flow == Flow::Next && leaves ? Value(NoneValue{}) : sides[1].result;
    if (a.poisoned() || b.poisoned())
      return Flow::Stop;
    if (!joinValues(a, b, sides[0], sides[1], result, weak, range)) {
      report(diag::sidesDiffer, range, describe(a), describe(b));
      return Flow::Stop;
    }
  }
  if (!leaves) {
    std::vector<std::string> names;
    for (RegionSide &side : sides)
      for (auto &local : side.locals)
        names.push_back(local.first().str());
    llvm::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const std::string &name : names) {
      std::optional<Value> values[2];
      for (bool second : {false, true})
        if (auto it = sides[second].locals.find(name); it != sides[second].locals.end())
          values[second] = it->second;
      if (values[0] && values[1] && (values[0]->poisoned() || values[1]->poisoned())) {
        joined.emplace_back(saver.save(name), Poison{});
        continue;
      }
      Value out;
      ++quiet;
      bool was = frame->poisoned, both = values[0] && values[1];
      RegionSide trial[2];
      trial[0].block = sides[0].block;
      trial[1].block = sides[1].block;
      llvm::SmallVector<bool> weakly;
      bool good = both && joinValues(*values[0], *values[1], trial[0], trial[1], out, weakly, range);
      frame->poisoned = was;
      --quiet;
      if (!good) {
        // An error where the name is used, if it is.
        frame->locals.erase(name);
        frame->lost[name] = {"it is " + shown(values[0]) + " after one side of an `if` that the run decides, and " +
                                 shown(values[1]) + " after the other",
                             range};
        continue;
      }
      for (bool second : {false, true})
        llvm::append_range(sides[second].yields, trial[second].yields);
      llvm::append_range(weak, weakly);
      joined.emplace_back(saver.save(name), std::move(out));
    }
  }
  for (RegionSide &side : sides) {
    mlir::OpBuilder b = mlir::OpBuilder::atBlockEnd(side.block);
    mod::YieldOp::create(b, at, side.yields);
  }
  auto made = mod::IfOp::create(t.builder, at, mlir::ValueRange(sides[0].yields).getTypes(), cond);
  made.getThen().takeBody(op.getThen());
  made.getOtherwise().takeBody(op.getOtherwise());
  op.erase();
  size_t next = 0;
  auto fill = [&](const Value &v) {
    return mapLeaves(v, [&](const Value &leaf) -> std::optional<Value> {
      if (!isHole(leaf))
        return std::nullopt;
      Value out = TensorValue{made.getResult(next), weak[next]};
      ++next;
      return out;
    });
  };
  // Holes are numbered in the order in which the values were joined.
  if (leaves || value)
    result = fill(result);
  for (auto &[name, v] : joined)
    frame->locals[name] = fill(v);
  if (value)
    *value = result;
  if (!leaves)
    return Flow::Next;
  frame->result = result;
  return Flow::Return;
}

Flow Elaborator::branchOn(const Value &holds, const ast::IfStmt &stmt, size_t at) {
  SourceRange range = stmt.branches[at].cond->range;
  mlir::Value cond = condition(holds, range);
  if (!cond)
    return Flow::Stop;
  llvm::SmallVector<SizeFact> facts;
  if (auto *known = holds.get<FactsValue>())
    llvm::append_range(facts, known->object->facts);
  // Where a side returns, the other goes on to the function's end by itself.
  bool leaves = stmt.hasElse && returns(stmt.otherwise);
  for (const ast::IfBranch &b : stmt.branches.drop_front(at))
    leaves |= returns(b.body);
  auto rest = frame->rest;
  return branch(cond, facts, stmt.range, [&](bool second) {
    Flow flow = second ? runIf(stmt, at + 1) : this->run(stmt.branches[at].body);
    if (leaves && flow == Flow::Next) {
      frame->rest = rest;
      flow = runRest(stmt.range);
    }
    frame->rest = rest;
    return flow;
  });
}

Value Elaborator::choose(const Value &holds, const ast::Expr &a, const ast::Expr &b, SourceRange range) {
  mlir::Value cond = condition(holds, range);
  if (!cond)
    return Poison{};
  llvm::SmallVector<SizeFact> facts;
  if (auto *known = holds.get<FactsValue>())
    llvm::append_range(facts, known->object->facts);
  Value value;
  Flow flow = branch(
      cond, facts, range,
      [&](bool second) {
        value = eval(second ? b : a);
        return value.poisoned() ? Flow::Stop : Flow::Next;
      },
      &value);
  return flow == Flow::Next ? value : Value(Poison{});
}

Flow Elaborator::runRest(SourceRange range) {
  while (!frame->rest.empty()) {
    auto block = frame->rest.pop_back_val();
    if (!block) {
      report(diag::returnInLoop, range);
      return Flow::Stop;
    }
    if (Flow flow = run(*block); flow != Flow::Next)
      return flow;
  }
  frame->result = NoneValue{};
  return Flow::Return;
}
