// Statements: control flow on values known here, assertions, assignment to locals, members and state.
#include "compiler/sema/Elaborator.h"

using namespace modc;
using namespace modc::sema;

Flow Elaborator::run(ast::Block block) {
  for (size_t i = 0; i < block.size(); ++i) {
    frame->rest.push_back(block.drop_front(i + 1));
    size_t level = frame->rest.size();
    Flow flow = run(*block[i]);
    if (flow != Flow::Next)
      return flow;
    frame->rest.truncate(level - 1);
  }
  return Flow::Next;
}

Flow Elaborator::run(const ast::Stmt &stmt) {
  if (!step(stmt.range))
    return Flow::Stop;
  frame->stmt = &stmt;
  using Kind = ast::Stmt::Kind;
  switch (stmt.kind) {
  case Kind::declare:
    declare(llvm::cast<ast::DeclareStmt>(stmt));
    return Flow::Next;
  case Kind::let: {
    auto &let = llvm::cast<ast::LetStmt>(stmt);
    assign(let.target, eval(*let.value), /*let=*/true);
    return Flow::Next;
  }
  case Kind::assign: {
    auto &assignment = llvm::cast<ast::AssignStmt>(stmt);
    if (rejectDeclarationByCall(stmt))
      return Flow::Next;
    assign(assignment.target, eval(*assignment.value), /*let=*/false);
    return Flow::Next;
  }
  case Kind::augmented: {
    auto &augmented = llvm::cast<ast::AugmentedStmt>(stmt);
    Value result = evalOperation(augmented.op, *augmented.target, *augmented.value, augmented.opRange, augmented.range);
    assign(augmented.target, std::move(result), /*let=*/false);
    return Flow::Next;
  }
  case Kind::call:
    if (rejectDeclarationByCall(stmt))
      return Flow::Next;
    eval(*llvm::cast<ast::CallStmt>(stmt).call);
    return Flow::Next;
  case Kind::returns: {
    auto &ret = llvm::cast<ast::ReturnStmt>(stmt);
    frame->returned = stmt.range;
    frame->result = ret.value ? eval(*ret.value) : Value(NoneValue{});
    return Flow::Return;
  }
  case Kind::assertion:
    runAssert(llvm::cast<ast::AssertStmt>(stmt));
    return Flow::Next;
  case Kind::pass:
    return Flow::Next;
  case Kind::ifs:
    return runIf(llvm::cast<ast::IfStmt>(stmt));
  case Kind::fors:
    return runFor(llvm::cast<ast::ForStmt>(stmt));
  case Kind::whiles:
    return runWhile(llvm::cast<ast::WhileStmt>(stmt));
  case Kind::function: {
    auto &function = llvm::cast<ast::FunctionDecl>(stmt);
    if (!frame->body) {
      report(diag::wrongValue, stmt.range, "functions are not nested: move `" + function.name.text.str() + "` out");
      return Flow::Next;
    }
    checkAttributes(function.attrs, frame->file->library);
    auto [it, fresh] = frame->self->methods.insert({function.name.text, &function});
    if (!fresh)
      report(diag::duplicateMember, function.name.range, function.name.text)
          .also(it->second->name.range, "declared here before");
    else if (auto m = frame->self->members.find(function.name.text);
             m != frame->self->members.end() && m->second.kind != MemberKind::Let)
      report(diag::duplicateMember, function.name.range, function.name.text)
          .also(m->second.where, "declared here before");
    return Flow::Next;
  }
  default:
    report(diag::wrongValue, stmt.range, "this declaration belongs into a file, not into a body");
    return Flow::Next;
  }
}

Flow Elaborator::runIf(const ast::IfStmt &stmt, size_t at) {
  for (; at < stmt.branches.size(); ++at) {
    const ast::IfBranch &branch = stmt.branches[at];
    Value holds = eval(*branch.cond);
    if (decidedByRun(holds))
      return branchOn(holds, stmt, at);
    auto known = truth(holds, branch.cond->range);
    if (!known)
      return Flow::Stop;
    if (*known)
      return run(branch.body);
  }
  return stmt.hasElse ? run(stmt.otherwise) : Flow::Next;
}

Flow Elaborator::runFor(const ast::ForStmt &stmt) {
  Value over = eval(*stmt.iter);
  if (auto items = frame->trace && !frame->body ? sequence(over) : nullptr)
    return runLoop(stmt, stmt.body, stmt.target, nullptr, items.get());
  auto items = iterate(over, stmt.iter->range);
  if (!items)
    return Flow::Stop;
  for (const Value &item : *items) {
    if (!step(stmt.range))
      return Flow::Stop;
    assign(stmt.target, item, /*let=*/true);
    frame->rest.push_back(std::nullopt);
    Flow flow = run(stmt.body);
    if (flow != Flow::Next)
      return flow;
    frame->rest.pop_back();
  }
  return Flow::Next;
}

/// The names in a condition, each once, but for those that stand alone.
static void namesIn(const ast::Expr &expr, llvm::SmallVectorImpl<llvm::StringRef> &names, bool alone = true) {
  if (auto *name = llvm::dyn_cast<ast::NameExpr>(&expr)) {
    if (!alone && !llvm::is_contained(names, name->name))
      names.push_back(name->name);
  } else if (auto *binary = llvm::dyn_cast<ast::BinaryExpr>(&expr)) {
    namesIn(*binary->lhs, names, false);
    namesIn(*binary->rhs, names, false);
  } else if (auto *unary = llvm::dyn_cast<ast::UnaryExpr>(&expr)) {
    namesIn(*unary->operand, names, false);
  } else if (auto *call = llvm::dyn_cast<ast::CallExpr>(&expr)) {
    for (const ast::Argument &arg : call->args)
      namesIn(*arg.value, names, false);
  }
}

void Elaborator::runAssert(const ast::AssertStmt &stmt) {
  Value cond = eval(*stmt.cond);
  if (cond.poisoned())
    return;
  if (auto *facts = cond.get<FactsValue>()) {
    // A bound of one size becomes its range; anything else a guard, in the user's words.
    llvm::StringRef words = sources.text(stmt.cond->range);
    for (const SizeFact &fact : facts->object->facts) {
      std::string why;
      if (!learn(fact, words, why))
        report(diag::assertionFailed, stmt.cond->range, words).label(why);
    }
    return;
  }
  if (cond.tensor()) {
    report(diag::notStatic, stmt.cond->range, describe(cond))
        .note("an assertion is decided by the compiler, or from sizes before the call begins; not from the values of "
              "tensors");
    return;
  }
  auto holds = truth(cond, stmt.cond->range);
  if (!holds || *holds)
    return;
  std::string words = sources.text(stmt.cond->range).str();
  if (stmt.message) {
    Value message = eval(*stmt.message);
    words = message.poisoned() ? words : str(message);
  }
  Diagnostic &d = report(diag::assertionFailed, stmt.range, words);
  auto *compare = llvm::dyn_cast<ast::CompareExpr>(stmt.cond);
  if (!compare || quiet)
    return;
  ++quiet;
  std::string sides, values;
  llvm::SmallVector<llvm::StringRef> names;
  for (const ast::Expr *operand : compare->operands) {
    Value value = eval(*operand);
    if (!llvm::isa<ast::IntExpr, ast::FloatExpr, ast::StringExpr, ast::NoneExpr, ast::BoolExpr>(operand) &&
        !value.poisoned() && walkable(value))
      sides += (sides.empty() ? "`" : ", `") + sources.text(operand->range).str() + "` is " + repr(value);
    namesIn(*operand, names);
  }
  for (llvm::StringRef name : names)
    if (auto value = lookup(name); value && (value->number() || value->is<std::string>() || value->is<DimValue>()))
      values += (values.empty() ? "" : ", ") + name.str() + " = " + repr(*value);
  --quiet;
  if (!sides.empty())
    d.label(sides);
  if (!values.empty())
    d.note("here " + values);
}

void Elaborator::assign(const ast::Expr *target, Value value, bool let) {
  if (auto *name = llvm::dyn_cast<ast::NameExpr>(target))
    return assignName(name->name, std::move(value), let, name->range);
  if (auto *m = llvm::dyn_cast<ast::MemberExpr>(target))
    return assignMember(*m, std::move(value));
  if (auto *s = llvm::dyn_cast<ast::SubscriptExpr>(target))
    return assignSubscript(*s, std::move(value));
  llvm::ArrayRef<const ast::Expr *> names;
  if (auto *tuple = llvm::dyn_cast<ast::TupleExpr>(target))
    names = tuple->items;
  else if (auto *list = llvm::dyn_cast<ast::ListExpr>(target))
    names = list->items;
  else {
    report(diag::wrongValue, target->range, "this cannot be assigned to");
    return;
  }
  if (value.poisoned()) {
    for (const ast::Expr *t : names)
      assign(t, Poison{}, let);
    return;
  }
  auto items = iterate(value, target->range);
  if (!items || items->size() != names.size()) {
    if (items)
      report(diag::unpackError, target->range, names.size(), items->size()).note("the value is " + describe(value));
    for (const ast::Expr *t : names)
      assign(t, Poison{}, let);
    return;
  }
  for (auto [t, item] : llvm::zip(names, *items))
    assign(t, item, let);
}

void Elaborator::assignName(llvm::StringRef name, Value value, bool let, SourceRange range) {
  if (name == "_")
    return;
  if (frame->body) {
    Instance &self = *frame->self;
    auto it = self.members.find(name);
    bool isLet = it != self.members.end() && it->second.kind == MemberKind::Let;
    if (!let && !isLet)
      return addMember(name, std::move(value), range);
    if (it != self.members.end() && !isLet && it->second.kind != MemberKind::Argument) {
      report(diag::duplicateMember, range, name).also(it->second.where, "a member since here");
      return;
    }
    if (value.is<TensorValue>()) {
      report(diag::tensorMember, range, name).suggest("write it as the initialiser of a `param` or `buffer`");
      value = Poison{};
    }
    self.members[name] = Member{std::move(value), MemberKind::Let, range};
    return;
  }
  if (!frame->locals.count(name) && frame->self && !let) {
    auto it = frame->self->members.find(name);
    if (it != frame->self->members.end()) {
      Member &m = it->second;
      if (m.kind == MemberKind::Buffer && m.value.is<StateValue>())
        return update(m.value.as<StateValue>(), std::move(value), range);
      if (m.kind == MemberKind::Child || (m.kind == MemberKind::Param && !m.value.none())) {
        Diagnostic &d = report(diag::assignInMethod, range, name, m.kind == MemberKind::Child ? "child" : "parameter");
        d.also(m.where, "declared here");
        auto *augmented = llvm::dyn_cast_or_null<ast::AugmentedStmt>(frame->stmt);
        if (m.kind == MemberKind::Child)
          d.suggest("give the local another name: it would hide the child");
        else if (augmented && augmented->target->range == range)
          d.suggest("to compute with it, assign to another name; to change the parameter itself, write",
                    augmented->range,
                    name.str() + ".copy_(" + name.str() + " " + ast::spelling(augmented->op).str() + " " +
                        sources.text(augmented->value->range).str() + ")");
        else
          d.suggest("give the local another name; to write the parameter: `" + name.str() + ".copy_(value)`");
        // What reads the name after this meant the local.
        frame->locals[name] = Poison{};
        return;
      }
    }
  }
  frame->locals[name] = std::move(value);
  frame->lost.erase(name);
}

void Elaborator::assignMember(const ast::MemberExpr &target, Value value) {
  Value base = eval(*target.base);
  if (base.poisoned())
    return;
  Instance *instance = base.instance();
  if (!instance) {
    report(diag::wrongValue, target.range, "only members of modules can be assigned, not of " + describe(base));
    return;
  }
  if (instance != frame->self) {
    if (frame->body)
      return tie(*instance, target.name.text, value, target.range);
    report(diag::assignInMethod, target.range, sources.text(target.range), "member of another module");
    return;
  }
  if (frame->body)
    return addMember(target.name.text, std::move(value), target.name.range);
  auto it = instance->members.find(target.name.text);
  if (it != instance->members.end() && it->second.kind == MemberKind::Buffer && it->second.value.is<StateValue>())
    return update(it->second.value.as<StateValue>(), std::move(value), target.range);
  bool param = it != instance->members.end() && it->second.kind == MemberKind::Param;
  if (it != instance->members.end() && (param || it->second.kind == MemberKind::Child))
    report(diag::assignInMethod, target.range, target.name.text, param ? "parameter" : "child")
        .also(it->second.where, "declared here");
  else {
    Diagnostic &d = report(diag::assignInMethod, target.range, target.name.text, "plain attribute");
    std::string text = "state that changes is a buffer, declared in the body";
    mod::SymTensorType type = tensorType(value);
    bool open = !type || llvm::any_of(type.getDims(), [](mod::DimAttr dim) { return !dim.getConstant(); });
    std::string line = "buffer " + target.name.text.str() + ": " + (type ? type.text() : "f32[...]") + " = zeros";
    if (it != instance->members.end()) {
      d.also(it->second.where, "declared here");
      text += " in place of this";
      open = true;
    }
    if (open)
      d.suggest(text + ": `" + line + "`");
    else
      suggestMember(d, text, line);
  }
}

void Elaborator::assignSubscript(const ast::SubscriptExpr &target, Value value) {
  Value base = eval(*target.base);
  if (base.poisoned() || value.poisoned())
    return;
  if (Instance *instance = base.instance()) {
    Value key = eval(*target.items[0]);
    auto *name = key.get<std::string>();
    if (!name || instance != frame->self || target.items.size() != 1) {
      if (!key.poisoned())
        report(diag::wrongValue, target.range, "members are assigned as `self[\"name\"] = ...`");
      return;
    }
    if (frame->body)
      return addMember(saver.save(*name), std::move(value), target.items[0]->range);
    auto it = instance->members.find(*name);
    if (it != instance->members.end() && it->second.kind == MemberKind::Buffer && it->second.value.is<StateValue>())
      return update(it->second.value.as<StateValue>(), std::move(value), target.range);
    report(diag::assignInMethod, target.range, *name, "member that is no buffer");
    return;
  }
  if (base.tensor()) {
    Value updated = updateSlice(base, target.items, value, target.range);
    assign(target.base, updated, /*let=*/frame->body);
    return;
  }
  if (target.items.size() != 1) {
    report(diag::wrongValue, target.range, "one index is assigned at a time");
    return;
  }
  Value key = eval(*target.items[0]);
  if (key.poisoned())
    return;
  if (DictObject *dict = base.dict()) {
    if (mayChange(dict, "dict", target.range))
      dict->set(key, std::move(value));
  } else if (ListObject *list = base.list(); list && !list->tuple && key.is<int64_t>()) {
    int64_t n = list->items.size(), i = key.as<int64_t>();
    if (!mayChange(list, "list", target.range))
      return;
    if (i < -n || i >= n)
      report(diag::lookupError, target.range,
             "index " + std::to_string(i) + " is out of range for a list of " + std::to_string(n));
    else
      list->items[i < 0 ? i + n : i] = std::move(value);
  } else {
    report(diag::wrongValue, target.range, "items of " + describe(base) + " cannot be assigned");
  }
}
