// Evaluation of expressions: dispatch by kind, names, strings, comprehensions, members, iteration and truth.
#include "compiler/sema/Elaborator.h"
#include "llvm/Support/Path.h"

using namespace modc;
using namespace modc::sema;

static constexpr size_t kMaxText = 1 << 20, kMaxItems = 10'000'000;

Value Elaborator::eval(const ast::Expr &expr) {
  if (!step(expr.range))
    return Poison{};
  using Kind = ast::Expr::Kind;
  switch (expr.kind) {
  case Kind::name:
    return evalName(llvm::cast<ast::NameExpr>(expr));
  case Kind::integer:
    return llvm::cast<ast::IntExpr>(expr).value;
  case Kind::floating:
    return llvm::cast<ast::FloatExpr>(expr).value;
  case Kind::string:
    return evalString(llvm::cast<ast::StringExpr>(expr));
  case Kind::none:
    return NoneValue{};
  case Kind::boolean:
    return llvm::cast<ast::BoolExpr>(expr).value;
  case Kind::ellipsis:
    return EllipsisValue{};
  case Kind::tuple:
    return evalItems(llvm::cast<ast::TupleExpr>(expr).items, /*tuple=*/true);
  case Kind::list:
    return evalItems(llvm::cast<ast::ListExpr>(expr).items, /*tuple=*/false);
  case Kind::dict: {
    auto object = std::make_shared<DictObject>();
    for (auto &entry : llvm::cast<ast::DictExpr>(expr).entries) {
      Value key = eval(*entry.key), value = eval(*entry.value);
      if (key.poisoned() || value.poisoned())
        return Poison{};
      object->set(key, std::move(value));
    }
    return DictValue{object};
  }
  case Kind::comprehension:
    return evalComprehension(llvm::cast<ast::CompExpr>(expr));
  case Kind::call:
    return evalCall(llvm::cast<ast::CallExpr>(expr));
  case Kind::subscript:
    return evalSubscript(llvm::cast<ast::SubscriptExpr>(expr));
  case Kind::slice:
  case Kind::star:
    report(diag::wrongValue, expr.range, "this can only stand in a subscript, a call, a list or a tuple");
    return Poison{};
  case Kind::member:
    return evalMember(llvm::cast<ast::MemberExpr>(expr));
  case Kind::unary: {
    auto &e = llvm::cast<ast::UnaryExpr>(expr);
    return unary(e.op, eval(*e.operand), expr.range);
  }
  case Kind::binary: {
    auto &e = llvm::cast<ast::BinaryExpr>(expr);
    return evalOperation(e.op, *e.lhs, *e.rhs, e.opRange, expr.range);
  }
  case Kind::compare:
    return evalCompare(llvm::cast<ast::CompareExpr>(expr));
  case Kind::logic:
    return evalLogic(llvm::cast<ast::LogicExpr>(expr));
  case Kind::conditional: {
    auto &e = llvm::cast<ast::ConditionalExpr>(expr);
    Value cond = eval(*e.cond);
    if (decidedByRun(cond))
      return choose(cond, *e.then, *e.otherwise, expr.range);
    auto holds = truth(cond, e.cond->range);
    if (!holds)
      return Poison{};
    return eval(*holds ? *e.then : *e.otherwise);
  }
  }
  llvm_unreachable("all kinds of expressions are handled");
}

Value Elaborator::evalOperation(ast::BinaryOp op, const ast::Expr &lhs, const ast::Expr &rhs, SourceRange opRange,
                                SourceRange range) {
  Value a = eval(lhs);
  Value b = eval(rhs);
  operands = Operands{range, lhs.range, opRange, rhs.range};
  Value result = binary(op, a, b, range);
  operands.reset();
  return result;
}

void Elaborator::labelOperands(Diagnostic &d, SourceRange range, const std::string &left, const std::string &right) {
  if (!operands || operands->whole != range || d.range != range) {
    d.label(left + ", " + right);
    return;
  }
  d.range = operands->op;
  d.also(operands->lhs, left).also(operands->rhs, right);
}

Value Elaborator::evalName(const ast::NameExpr &expr) {
  if (auto gone = frame->lost.find(expr.name); gone != frame->lost.end() && !frame->locals.count(expr.name)) {
    report(diag::lostName, expr.range, expr.name, gone->second.why)
        .also(gone->second.where, "there")
        .suggest("give `" + expr.name.str() + "` a value before");
    return Poison{};
  }
  // Marking a `let` as read is not needed: warnings about unused ones look at the text alone.
  if (auto value = lookup(expr.name))
    return *value;
  unknownName(expr.name, expr.range);
  return Poison{};
}

Value Elaborator::evalString(const ast::StringExpr &expr) {
  std::string out;
  for (const ast::StringPart &part : expr.parts) {
    if (!part.expr) {
      out += part.text;
      continue;
    }
    Value value = eval(*part.expr);
    if (value.poisoned())
      return Poison{};
    if (value.is<TensorValue>() || value.is<FactsValue>()) {
      report(diag::notStatic, part.range, describe(value));
      return Poison{};
    }
    out += str(value);
    if (out.size() > kMaxText) {
      report(diag::wrongValue, expr.range, "the string is longer than a megabyte");
      return Poison{};
    }
  }
  return out;
}

Value Elaborator::evalItems(llvm::ArrayRef<const ast::Expr *> items, bool tuple) {
  std::vector<Value> out;
  for (const ast::Expr *item : items) {
    if (auto *star = llvm::dyn_cast<ast::StarExpr>(item)) {
      auto more = iterate(eval(*star->value), star->range);
      if (!more)
        return Poison{};
      llvm::append_range(out, *more);
    } else {
      out.push_back(eval(*item));
      if (out.back().poisoned())
        return Poison{};
    }
    if (out.size() > kMaxItems)
      return report(diag::wrongValue, item->range, "the list has more than 10 million items"), Poison{};
  }
  return makeList(std::move(out), tuple);
}

static void targetNames(const ast::Expr *target, llvm::SmallVectorImpl<llvm::StringRef> &names) {
  if (auto *name = llvm::dyn_cast<ast::NameExpr>(target))
    names.push_back(name->name);
  else if (auto *tuple = llvm::dyn_cast<ast::TupleExpr>(target))
    for (const ast::Expr *t : tuple->items)
      targetNames(t, names);
}

bool Elaborator::comprehend(const ast::CompExpr &expr, size_t at, llvm::function_ref<bool()> emit) {
  if (at == expr.clauses.size())
    return emit();
  const ast::CompClause &clause = expr.clauses[at];
  Value value = eval(*clause.value);
  if (!clause.target) {
    auto holds = truth(value, clause.value->range);
    return holds && (!*holds || comprehend(expr, at + 1, emit));
  }
  auto items = iterate(value, clause.value->range);
  if (!items)
    return false;
  for (const Value &item : *items) {
    if (!step(expr.range))
      return false;
    // Targets are locals of the comprehension, in a body too.
    bool body = std::exchange(frame->body, false);
    llvm::SmallVector<llvm::StringRef> names;
    targetNames(clause.target, names);
    for (llvm::StringRef name : names)
      frame->locals.try_emplace(name, Poison{});
    assign(clause.target, item, /*let=*/true);
    frame->body = body;
    if (!comprehend(expr, at + 1, emit))
      return false;
  }
  return true;
}

Value Elaborator::evalComprehension(const ast::CompExpr &expr) {
  llvm::SmallVector<llvm::StringRef> names;
  for (auto &clause : expr.clauses)
    if (clause.target)
      targetNames(clause.target, names);
  llvm::SmallVector<std::pair<llvm::StringRef, std::optional<Value>>> saved;
  for (llvm::StringRef name : names) {
    auto it = frame->locals.find(name);
    saved.emplace_back(name, it == frame->locals.end() ? std::nullopt : std::optional<Value>(it->second));
  }
  std::vector<Value> items;
  auto object = std::make_shared<DictObject>();
  bool good = comprehend(expr, 0, [&] {
    // The item is evaluated with the body's rules off: it makes no members.
    Value item = eval(*expr.item);
    if (item.poisoned())
      return false;
    if (expr.form == ast::CompExpr::Form::dict) {
      Value key = eval(*expr.key);
      if (key.poisoned())
        return false;
      object->set(key, std::move(item));
    } else {
      items.push_back(std::move(item));
    }
    return items.size() <= kMaxItems;
  });
  for (auto &[name, value] : llvm::reverse(saved)) {
    if (value)
      frame->locals[name] = *value;
    else
      frame->locals.erase(name);
  }
  if (!good)
    return Poison{};
  if (expr.form == ast::CompExpr::Form::dict)
    return DictValue{object};
  return makeList(std::move(items));
}

std::optional<std::vector<Value>> Elaborator::iterate(const Value &value, SourceRange range) {
  if (value.poisoned())
    return std::nullopt;
  if (ListObject *list = value.list())
    return list->items;
  if (Instance *instance = value.instance()) {
    std::vector<Value> out;
    for (auto &[name, child] : instance->children())
      out.push_back(InstanceValue{child});
    return out;
  }
  if (DictObject *dict = value.dict()) {
    std::vector<Value> out;
    for (auto &[k, v] : dict->items)
      out.push_back(k);
    return out;
  }
  if (auto *text = value.get<std::string>()) {
    std::vector<Value> out;
    for (char c : *text)
      out.push_back(std::string(1, c));
    return out;
  }
  if (mod::SymTensorType type = tensorType(value); type && !type.getDims().empty()) {
    auto n = type.getDims()[0].getConstant();
    if (n && *n <= 1024) {
      std::vector<Value> out;
      for (int64_t i = 0; i < *n; ++i) {
        Value row = narrow(value, 0, mod::DimAttr::constant(ctx, i), mod::DimAttr::constant(ctx, 1), 1, range);
        if (row.poisoned())
          return std::nullopt;
        out.push_back(reshape(row, type.getDims().drop_front(), range));
      }
      return out;
    }
    report(diag::notStatic, range, "the rows of " + type.text())
        .suggest("walk them with a `for` statement, and gather results in a tensor: `y = zeros(n, ...)`, `y[t] = ...`");
    return std::nullopt;
  }
  if (value.is<SequenceValue>()) {
    report(diag::notStatic, range, describe(value))
        .suggest("walk it with a `for` statement, and gather results in a tensor: `y = zeros(n, ...)`, `y[t] = ...`");
    return std::nullopt;
  }
  report(diag::notIterable, range, describe(value));
  return std::nullopt;
}

std::optional<bool> Elaborator::truth(const Value &value, SourceRange range) {
  if (value.poisoned())
    return std::nullopt;
  if (auto *b = value.get<bool>())
    return *b;
  if (auto *n = value.get<int64_t>())
    return *n != 0;
  if (auto *f = value.get<double>())
    return *f != 0;
  if (auto *s = value.get<std::string>())
    return !s->empty();
  if (value.none())
    return false;
  if (ListObject *list = value.list())
    return !list->items.empty();
  if (DictObject *dict = value.dict())
    return !dict->items.empty();
  if (auto *state = value.get<StateValue>()) {
    // The trap of `param bias: ... if bias` followed by `if bias:`.
    auto it = state->owner->members.find(state->name);
    if (it != state->owner->members.end() && it->second.hides.valid()) {
      report(diag::hiddenArgument, range, state->name)
          .also(it->second.hides, "the constructor argument")
          .also(it->second.where, "hidden by this member from here on")
          .suggest("write `" + state->name.str() + " is not None`, or ask before the declaration");
      return std::nullopt;
    }
  }
  if (value.tensor()) {
    report(diag::notStatic, range, describe(value)).suggest("choose with `where(cond, a, b)`, or ask `is not None`");
    return std::nullopt;
  }
  if (value.is<FactsValue>() || value.is<DimValue>()) {
    Diagnostic &d = report(diag::notStatic, range, describe(value));
    if (auto *facts = value.get<FactsValue>())
      for (const SizeFact &f : facts->object->facts)
        d.note("neither proved nor refuted: " + f.a.text() + (f.equal ? " == " : " <= ") + f.b.text());
    d.suggest("give the size in the signature or by `--input`, or state the fact with `assert`");
    return std::nullopt;
  }
  return true;
}

Value Elaborator::evalMember(const ast::MemberExpr &expr) {
  Value base = eval(*expr.base);
  return member(base, expr.name.text, expr.range, expr.name.range);
}

Value Elaborator::member(const Value &base, llvm::StringRef name, SourceRange range, SourceRange nameRange) {
  if (base.poisoned())
    return Poison{};
  if (auto *file = base.get<FileValue>()) {
    bool sameFolder = llvm::sys::path::parent_path(file->file->path) == llvm::sys::path::parent_path(frame->file->path);
    if (auto value = fileName(*file->file, name, /*exportedOnly=*/!sameFolder))
      return *value;
    // `torch.nn.functional` and `nn.linear` are files beside the package.
    llvm::SmallVector<llvm::StringRef> known;
    appendFileNames(*file->file, known);
    Diagnostic &d = report(diag::unknownMember, nameRange, ("file `" + file->file->name + "`"), name);
    if (name.ends_with("_") && !name.starts_with("_") && fileName(*file->file, name.drop_back()))
      d.note("tensors are values: there are no functions that change them in place");
    if (name == "Module" && file->file->name == "nn")
      d.suggest("modules have no base class: a module is declared `module Net(dim: int):`");
    else
      didYouMean(d, nameRange, name, known);
    return Poison{};
  }
  if (Instance *instance = base.instance()) {
    if (auto value = memberOf(*instance, name))
      return *value;
    static constexpr llvm::StringLiteral lists[] = {"parameters", "named_parameters", "children", "named_children"};
    if (llvm::is_contained(lists, name))
      return MethodValue{std::make_shared<MethodObject>(MethodObject{base, name})};
    Diagnostic &d = report(diag::unknownMember, nameRange, ("`" + instance->cls->name + "`").str(), name);
    didYouMean(d, nameRange, name, memberNames(*instance));
    d.also(instance->cls->decl->name.range, "the module");
    return Poison{};
  }
  if (mod::SymTensorType type = tensorType(base)) {
    if (name == "shape")
      return makeDims(type.getDims());
    if (name == "ndim")
      return static_cast<int64_t>(type.getDims().size());
    if (name == "dtype")
      return DTypeValue{type.getElementType()};
    if (name == "device")
      return NoneValue{};
    if (name == "T") {
      llvm::SmallVector<int64_t> order = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, type.getDims().size())));
      return permute(base, order, range);
    }
  }
  if (auto *info = base.get<FinfoValue>()) {
    auto &semantics = llvm::cast<mlir::FloatType>(info->type).getFloatSemantics();
    auto number = [&](llvm::APFloat f) {
      bool lost;
      f.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &lost);
      return Value(f.convertToDouble());
    };
    if (name == "max")
      return number(llvm::APFloat::getLargest(semantics));
    if (name == "min")
      return number(llvm::APFloat::getLargest(semantics, /*Negative=*/true));
    if (name == "tiny")
      return number(llvm::APFloat::getSmallestNormalized(semantics));
    if (name == "eps")
      return std::ldexp(1.0, 1 - int(llvm::APFloat::semanticsPrecision(semantics)));
  }
  if (auto *dtype = base.get<DTypeValue>(); dtype && name == "is_floating_point")
    return llvm::isa<mlir::FloatType>(dtype->type);
  return MethodValue{std::make_shared<MethodObject>(MethodObject{base, name, nameRange})};
}

Value Elaborator::evalSubscript(const ast::SubscriptExpr &expr) {
  Value base = eval(*expr.base);
  if (base.poisoned())
    return Poison{};
  return index(base, expr.items, expr.range);
}

bool Elaborator::evalArgs(llvm::ArrayRef<ast::Argument> args, CallArgs &out) {
  bool good = true;
  std::vector<SourceRange> namedPlaces;
  for (const ast::Argument &arg : args) {
    Value value = eval(*arg.value);
    if (value.poisoned()) {
      good = false;
      continue;
    }
    if (arg.star) {
      auto items = iterate(value, arg.range);
      if (!items) {
        good = false;
        continue;
      }
      for (Value &item : *items) {
        out.positional.push_back(std::move(item));
        out.places.push_back(arg.range);
      }
    } else if (arg.name) {
      out.named.emplace_back(arg.name.text, std::move(value));
      namedPlaces.push_back(arg.value->range);
      out.keywords.push_back(arg.name.range);
    } else {
      out.positional.push_back(std::move(value));
      out.places.push_back(arg.range);
    }
  }
  llvm::append_range(out.places, namedPlaces);
  return good;
}

Value Elaborator::evalCall(const ast::CallExpr &expr) {
  if (auto *m = llvm::dyn_cast<ast::MemberExpr>(expr.callee); m && m->name.text == "forward") {
    Value base = eval(*m->base);
    if (base.instance()) {
      std::string object = sources.text(m->base->range).str();
      report(diag::forwardByName, expr.callee->range)
          .suggest("write `" + object + "(...)`", expr.callee->range, object);
      return Poison{};
    }
  }
  Value callee = eval(*expr.callee);
  CallArgs args;
  args.range = expr.range;
  if (auto *name = llvm::dyn_cast<ast::NameExpr>(expr.callee))
    args.calleeName = name->name;
  bool good = evalArgs(expr.args, args);
  if (callee.poisoned())
    return Poison{};
  if (!good) {
    // What was to be appended is missing; that must not look like a second mistake.
    auto *method = callee.get<MethodValue>();
    ListObject *list = method ? method->object->base.list() : nullptr;
    if (list && !list->tuple &&
        (method->object->name == "append" || method->object->name == "extend" || method->object->name == "insert"))
      list->items.push_back(Poison{});
    return Poison{};
  }
  return call(callee, std::move(args));
}

Value Elaborator::evalCompare(const ast::CompareExpr &expr) {
  Value result = true;
  Value left = eval(*expr.operands[0]);
  for (auto [i, op] : llvm::enumerate(expr.ops)) {
    Value right = eval(*expr.operands[i + 1]);
    Value holds = compare(op, left, right, expr.range);
    if (holds.poisoned())
      return Poison{};
    if (expr.ops.size() == 1)
      return holds;
    if (auto *b = holds.get<bool>()) {
      if (!*b)
        return false;
    } else if (auto *facts = holds.get<FactsValue>()) {
      auto object = std::make_shared<FactsObject>();
      if (auto *have = result.get<FactsValue>())
        *object = *have->object;
      llvm::append_range(object->facts, facts->object->facts);
      result = FactsValue{object};
    } else {
      report(diag::wrongValue, expr.range, "comparisons of tensors are not chained: use `(a < b) & (b < c)`");
      return Poison{};
    }
    left = right;
  }
  return result;
}

/// `and`, `or` of what the run decides: both sides are computed.
Value Elaborator::logic(bool isAnd, const Value &a, const Value &b, const ast::Expr &left, const ast::Expr &right,
                        SourceRange range) {
  mlir::Value x = condition(a, left.range), y = x ? condition(b, right.range) : mlir::Value();
  if (!y)
    return Poison{};
  return isAnd ? emit<mod::BitwiseAndOp>(range, {x, y}) : emit<mod::BitwiseOrOp>(range, {x, y});
}

Value Elaborator::evalLogic(const ast::LogicExpr &expr) {
  bool isAnd = expr.op == ast::LogicOp::logicalAnd;
  Value left = eval(*expr.lhs);
  if (left.poisoned())
    return Poison{};
  if (auto *facts = left.get<FactsValue>(); facts && isAnd) {
    Value right = eval(*expr.rhs);
    if (right.poisoned())
      return Poison{};
    if (auto *more = right.get<FactsValue>()) {
      auto object = std::make_shared<FactsObject>(*facts->object);
      llvm::append_range(object->facts, more->object->facts);
      return FactsValue{object};
    }
    if (!right.tensor()) {
      auto holds = truth(right, expr.rhs->range);
      return !holds ? Value(Poison{}) : *holds ? left : Value(false);
    }
    return logic(isAnd, left, right, *expr.lhs, *expr.rhs, expr.range);
  }
  if (decidedByRun(left)) {
    Value right = eval(*expr.rhs);
    return right.poisoned() ? right : logic(isAnd, left, right, *expr.lhs, *expr.rhs, expr.range);
  }
  auto holds = truth(left, expr.lhs->range);
  if (!holds)
    return Poison{};
  return *holds == isAnd ? eval(*expr.rhs) : left;
}
