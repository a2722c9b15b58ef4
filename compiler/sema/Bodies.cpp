// Module bodies: constructing instances, declaring parameters and buffers, members, ties.
#include "compiler/sema/Elaborator.h"

using namespace modc;
using namespace modc::sema;

static constexpr unsigned kMaxConstruction = 200, kMaxInstances = 100'000;

static llvm::StringRef kindName(MemberKind kind) {
  switch (kind) {
  case MemberKind::Param:
    return "parameter";
  case MemberKind::Buffer:
    return "buffer";
  case MemberKind::Child:
    return "child";
  default:
    return "member";
  }
}

/// Points at the call by which a class makes itself again, and shows each round's arguments, so that it is seen what
/// does not shrink.
void Elaborator::reportEndless(ClassDef &cls, SourceRange range) {
  // The class most often on the way: what is made last may be an innocent layer.
  llvm::DenseMap<const ast::ModuleDecl *, unsigned> counts;
  llvm::SmallVector<Frame *> bodies;
  for (Frame *f = frame; f; f = f->caller)
    if (f->body) {
      bodies.push_back(f);
      ++counts[f->self->cls->decl];
    }
  Frame *again = nullptr;
  for (Frame *f : bodies)
    if (counts[f->self->cls->decl] > 1 && (!again || counts[f->self->cls->decl] > counts[again->self->cls->decl]))
      again = f;
  if (!again) {
    report(diag::endlessConstruction, range, cls.name)
        .note("a program makes at most " + std::to_string(kMaxInstances) + " modules, nested at most " +
              std::to_string(kMaxConstruction) + " deep");
    return;
  }
  llvm::SmallVector<Frame *> rounds;
  for (Frame *f : llvm::reverse(bodies))
    if (f->self->cls->decl == again->self->cls->decl && rounds.size() < 3)
      rounds.push_back(f);
  // The second round was made by the first one.
  Frame *second = rounds.size() > 1 ? rounds[1] : again;
  Frame *outer = std::exchange(frame, second->caller);
  Diagnostic &d = report(diag::endlessConstruction, second->callRange, again->self->cls->name);
  frame = outer;
  std::string way;
  for (Frame *f : rounds) {
    std::string given;
    for (auto &[name, value] : f->self->arguments)
      given += (given.empty() ? "" : ", ") + name.str() + "=" + repr(value).substr(0, 40);
    way += (way.empty() ? "`" : ", that makes `") + f->self->cls->name.str() + "(" + given + ")`";
  }
  d.note(way + ", and so on");
  auto &first = rounds.front()->self->arguments, &next = second->self->arguments;
  for (auto [a, b] : llvm::zip(first, next))
    if (auto *x = a.second.get<int64_t>(), *y = b.second.get<int64_t>(); x && y && *x != *y) {
      std::string call = sources.text(second->callRange).str(), limit = *y < *x ? a.first.str() + " > 0" : "";
      if (!limit.empty() && !call.empty())
        d.suggest("stop where the argument has run out", second->callRange, call + " if " + limit + " else None");
      else
        d.suggest("stop at some value of `" + a.first.str() + "`: `... if " + a.first.str() + " < limit else None`");
      return;
    }
  d.suggest("give it an argument that changes, and stop at some value of it");
}

Value Elaborator::construct(ClassDef &cls, CallArgs args) {
  SourceRange range = args.range;
  if (constructing >= kMaxConstruction || instances.size() >= kMaxInstances) {
    quiet = 0;
    reportEndless(cls, range);
    halted = true;
    return Poison{};
  }
  warnDeprecated(cls.decl->attrs, cls.name, range);
  instances.push_back(std::make_unique<Instance>());
  Instance &instance = *instances.back();
  instance.cls = &cls;
  instance.made = args;
  instance.number = instances.size();

  Frame body;
  body.file = cls.file;
  body.self = &instance;
  body.body = true;
  body.caller = frame;
  body.callRange = range;
  Frame *outer = std::exchange(frame, &body);
  ++constructing;
  llvm::DenseMap<const ast::Param *, SourceRange> places;
  bool good = bind(cls.decl->params, args, cls.bound, (cls.name + "()").str(), cls.decl->name.range,
                   [&](const ast::Param &param, Value value, SourceRange place) {
                     places[&param] = place;
                     instance.members[param.name.text] = Member{value, MemberKind::Argument, param.name.range};
                     instance.arguments.emplace_back(param.name.text, value);
                   });
  if (good) {
    for (auto &param : cls.decl->params)
      if (!walkable(instance.members[param.name.text].value)) {
        report(diag::wrongValue, places.lookup(&param), "the argument is nested too deeply");
        good = false;
      } else if (param.type)
        good &= checkArgument(param, instance.members[param.name.text].value, (cls.name + "()").str(),
                              places.lookup(&param));
  }
  if (good)
    good = run(cls.decl->body) == Flow::Next && !body.poisoned;
  --constructing;
  frame = outer;
  instance.complete = true;
  if (!good) {
    if (frame)
      frame->poisoned = true;
    return Poison{};
  }
  return InstanceValue{&instance};
}

bool Elaborator::checkMemberName(llvm::StringRef name, SourceRange range) {
  if (!name.empty() && !name.contains('.'))
    return true;
  Diagnostic &d = report(diag::memberName, range, name);
  std::string written = sources.text(range).str();
  size_t dot = written.find('.');
  if (dot != std::string::npos) {
    d.label("dots join the names of the path, as in `layers.0.weight`");
    std::replace(written.begin(), written.end(), '.', '_');
    d.suggest("write another sign, or assign a list of modules to one name", range, written);
  }
  return false;
}

void Elaborator::checkAttributes(llvm::ArrayRef<ast::Attribute> attributes, bool library) {
  static constexpr llvm::StringRef known[] = {"checkpoint", "deprecated"};
  for (auto &attribute : attributes)
    if (!library && !llvm::is_contained(known, attribute.name.text)) {
      Diagnostic &d = report(diag::unknownAttribute, attribute.range, attribute.name.text);
      if (llvm::StringRef close = nearest(attribute.name.text, known); !close.empty())
        d.suggest(("did you mean `@" + close + "`?").str());
    }
}

void Elaborator::warnDeprecated(llvm::ArrayRef<ast::Attribute> attributes, llvm::StringRef name, SourceRange range) {
  for (auto &attribute : attributes)
    if (attribute.name.text == "deprecated") {
      auto *text = attribute.args.empty() ? nullptr : llvm::dyn_cast<ast::StringExpr>(attribute.args[0].value);
      report(diag::deprecated, range, name, text ? text->literal() : llvm::StringRef("do not use it"));
    }
}

void Elaborator::declare(const ast::DeclareStmt &stmt) {
  checkAttributes(stmt.attrs, frame->file->library);
  bool param = stmt.what == ast::DeclareStmt::What::param;
  llvm::StringRef what = param ? "param" : "buffer";
  llvm::StringRef name = stmt.name.text;
  if (stmt.computedName) {
    Value text = evalString(*stmt.computedName);
    if (!text.is<std::string>())
      return;
    name = saver.save(text.as<std::string>());
  }
  if (!frame->body) {
    Diagnostic &d = report(diag::declareInMethod, stmt.range, what);
    if (frame->self)
      d.also(frame->self->cls->decl->name.range, "it belongs into the body of this module");
    suggestMember(d, "move the line into the body of the module", sources.text(stmt.range).str());
    frame->locals[name] = Poison{};
    return;
  }
  Instance &self = *frame->self;
  if (!checkMemberName(name, stmt.nameRange()))
    return;
  auto existing = self.members.find(name);
  if (existing != self.members.end() && existing->second.kind != MemberKind::Argument &&
      existing->second.kind != MemberKind::Let) {
    report(diag::duplicateMember, stmt.nameRange(), name)
        .also(existing->second.where, ("declared here before, as a " + kindName(existing->second.kind)).str());
    return;
  }
  if (auto it = self.methods.find(name); it != self.methods.end()) {
    report(diag::duplicateMember, stmt.nameRange(), name)
        .also(it->second->name.range, "declared here before, as a method");
    return;
  }
  Member member;
  member.kind = param ? MemberKind::Param : MemberKind::Buffer;
  member.where = stmt.nameRange();
  if (existing != self.members.end() && existing->second.kind == MemberKind::Argument)
    member.hides = existing->second.where;

  states.push_back(std::make_unique<State>());
  State &state = *states.back();
  member.state = &state;
  state.param = param;
  state.where = stmt.nameRange();
  for (const ast::Flag &flag : stmt.flags) {
    Value value = eval(*flag.value);
    if (value.poisoned())
      continue;
    auto *truth = value.get<bool>();
    auto *number = value.get<int64_t>();
    if (flag.name.text == "persistent" && !param && truth)
      state.persistent = *truth;
    else if (flag.name.text == "requires_grad" && param && truth)
      state.requiresGrad = *truth;
    else if (flag.name.text == "since" && number && *number >= 0)
      state.since = *number;
    else
      report(diag::wrongValue, flag.name.range,
             ("a " + what + " has no flag `" + flag.name.text + "` of this value; there are `since=2`, " +
              (param ? "`requires_grad=False`" : "`persistent=False`"))
                 .str());
  }
  bool present = true;
  if (stmt.cond) {
    auto holds = truth(eval(*stmt.cond), stmt.cond->range);
    present = !holds || *holds;
  }
  auto *type = llvm::dyn_cast<ast::TensorType>(stmt.type);
  if (!type) {
    report(diag::wrongValue, stmt.type->range, ("a " + what + " has a tensor type, as `f32[3, 4]`").str());
    member.value = Poison{};
  } else if (present) {
    state.type = evalTensorType(*type);
    if (state.type) {
      initialise(state, stmt, name);
      member.value = StateValue{&state, &self, name};
    }
  } else {
    // The name exists and holds None; its type may not be computable then.
    ++quiet;
    bool was = frame->poisoned;
    state.type = evalTensorType(*type);
    frame->poisoned = was;
    --quiet;
    if (!state.type)
      state.type = mod::SymTensorType::get(mlir::Float32Type::get(ctx), {});
    state.none = true;
    member.value = NoneValue{};
  }
  self.members.erase(name);
  self.members[name] = std::move(member);
}

static bool holds(const Value &value, bool (*is)(const Value &), unsigned level = 0) {
  if (is(value))
    return true;
  if (level > kMaxNesting)
    return false;
  if (ListObject *list = value.list())
    return llvm::any_of(list->items, [&](const Value &item) { return holds(item, is, level + 1); });
  if (DictObject *dict = value.dict())
    return llvm::any_of(dict->items, [&](auto &item) { return holds(item.second, is, level + 1); });
  return false;
}

static bool holdsModules(const Value &value) {
  return holds(value, [](const Value &v) { return v.instance() != nullptr; });
}

static bool holdsTensors(const Value &value) {
  return holds(value, [](const Value &v) { return v.is<TensorValue>(); });
}

Value Elaborator::moduleOfList(Value value, SourceRange range) {
  if (!step(range))
    return Poison{};
  bool isDict = value.dict();
  auto convert = [&](Value &item) {
    if ((item.list() || item.dict()) && holdsModules(item))
      item = moduleOfList(item, range);
  };
  CallArgs args;
  args.range = range;
  args.places.push_back(range);
  if (isDict) {
    auto copy = std::make_shared<DictObject>(*value.dict());
    for (auto &[k, v] : copy->items)
      convert(v);
    args.positional.push_back(DictValue{copy});
  } else {
    auto copy = std::make_shared<ListObject>(*value.list());
    for (Value &v : copy->items)
      convert(v);
    args.positional.push_back(ListValue{copy});
  }
  if (!container)
    container = libraryFile("nn.container");
  std::optional<Value> cls;
  if (container)
    cls = fileName(*container, isDict ? "ModuleDict" : "ModuleList");
  if (!cls || !cls->is<ClassValue>()) {
    report(diag::wrongValue, range, "a list of modules needs the library's `nn.container`, which was not found");
    return Poison{};
  }
  return construct(*cls->as<ClassValue>().cls, std::move(args));
}

void Elaborator::addMember(llvm::StringRef name, Value value, SourceRange range) {
  Instance &self = *frame->self;
  if (!checkMemberName(name, range))
    return;
  Member fresh;
  fresh.where = range;
  auto it = self.members.find(name);
  if (it != self.members.end()) {
    MemberKind kind = it->second.kind;
    bool state = kind == MemberKind::Param || kind == MemberKind::Buffer || kind == MemberKind::Child;
    if (state) {
      Diagnostic &d = report(diag::duplicateMember, range, name);
      d.also(it->second.where, ("declared here before, as a " + kindName(kind)).str());
      if (sources.text(range) == name)
        d.suggest("give the second one a name of its own", range, name.str() + "2");
      return;
    }
    fresh.hides = kind == MemberKind::Argument ? it->second.where : it->second.hides;
  }
  if (!walkable(value)) {
    report(diag::wrongValue, range, "the value of `" + name.str() + "` is nested too deeply");
    value = Poison{};
  }
  if (auto method = self.methods.find(name); method != self.methods.end()) {
    report(diag::duplicateMember, range, name).also(method->second->name.range, "declared here before, as a method");
    return;
  }
  if (holdsTensors(value)) {
    suggestDeclaration(report(diag::tensorMember, range, name), name, value);
    value = Poison{};
  }
  if ((value.list() || value.dict()) && holdsModules(value))
    value = moduleOfList(std::move(value), range);
  if (value.instance()) {
    fresh.kind = MemberKind::Child;
    Instance &child = *value.instance();
    if (!child.complete) {
      report(diag::wrongValue, range,
             "`" + name.str() + "` is the module that is being made here: it would contain itself");
      return;
    }
    if (child.height >= kMaxConstruction) {
      report(diag::endlessConstruction, range, child.cls->name).note("modules are nested more than 200 deep");
      return;
    }
    self.height = std::max(self.height, child.height + 1);
  } else if (auto *state = value.get<StateValue>()) {
    fresh.kind = state->state->param ? MemberKind::Param : MemberKind::Buffer;
    fresh.state = state->state;
    value = StateValue{state->state, &self, name};
  } else {
    fresh.kind = MemberKind::Attribute;
  }
  fresh.value = std::move(value);
  self.members.erase(name);
  self.members[name] = std::move(fresh);
}

void Elaborator::tie(Instance &owner, llvm::StringRef name, const Value &value, SourceRange range) {
  if (value.poisoned())
    return;
  auto it = owner.members.find(name);
  auto *given = value.get<StateValue>();
  if (it == owner.members.end() || !it->second.value.is<StateValue>() || !given) {
    Diagnostic &d =
        report(diag::wrongValue, range, "of another module only a parameter can be assigned, to tie it to this one");
    if (!given)
      d.note("the value is " + describe(value));
    return;
  }
  State *own = it->second.value.as<StateValue>().state;
  if (own->type != given->state->type || own->param != given->state->param) {
    Diagnostic &d = report(diag::tieMismatch, range, own->type.text(), given->state->type.text());
    d.also(own->where, "this one is " + own->type.text())
        .also(given->state->where, "this one is " + given->state->type.text());
    auto a = own->type.getDims(), b = given->state->type.getDims();
    if (a.size() == 2 && b.size() == 2 && a[0] == b[1] && a[1] == b[0])
      d.suggest("one is the other transposed: `nn.Linear(a, b)` holds its weight as [b, a]");
    return;
  }
  it->second.value = StateValue{given->state, &owner, it->first};
  it->second.state = given->state;
}

void Elaborator::update(const StateValue &target, Value value, SourceRange range) {
  if (value.poisoned())
    return;
  Trace *t = frame->trace;
  if (!t || t->stateless) {
    report(diag::wrongValue, range, "`" + target.name.str() + "` can be updated in methods only");
    return;
  }
  mod::SymTensorType declared = target.state->type;
  if (value.number() && declared.getDims().empty())
    value = full({}, value, declared.getElementType(), range);
  mod::SymTensorType given = tensorType(value);
  bool same = given && given.getElementType() == declared.getElementType() &&
              given.getDims().size() == declared.getDims().size();
  if (same && given != declared)
    value = assume(value, declared, "update of " + target.name.str(), range);
  if (value.poisoned())
    return;
  if (!same) {
    Diagnostic &d = report(diag::stateType, range, target.name, declared.text(), describe(value));
    d.expect(declared.text(), describe(value)).also(target.state->where, "declared here");
    // Nothing but dimensions of size 1 may be too much, as `keepdim` leaves them.
    if (given && given.getDims().size() > declared.getDims().size()) {
      llvm::SmallVector<mod::DimAttr> kept;
      for (mod::DimAttr dim : given.getDims())
        if (dim.getConstant() != 1)
          kept.push_back(dim);
      if (llvm::ArrayRef(kept) == declared.getDims())
        d.suggest("drop the dimension of size 1: with `.squeeze(0)`, or without `keepdim`");
    }
    return;
  }
  auto owner = pathOf(*target.owner, range);
  if (!owner)
    return;
  std::string path = owner->empty() ? target.name.str() : *owner + "." + target.name.str();
  mlir::Value v = tensorOf(value, range);
  mod::SetOp::create(t->builder, loc(range), mlir::StringAttr::get(ctx, path), v);
  (target.state->param ? t->params : t->buffers)[path] = v;
}
