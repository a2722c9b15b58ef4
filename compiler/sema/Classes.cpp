// Classes: instances of equal content share one `mod.class`; its members, constructor arguments and printed text.
#include "compiler/sema/Elaborator.h"

using namespace modc;
using namespace modc::sema;

const llvm::DenseMap<Instance *, std::string> &Elaborator::paths(Instance &root) {
  auto [it, fresh] = pathCache.try_emplace(&root);
  if (!fresh)
    return it->second;
  llvm::DenseMap<Instance *, std::string> found;
  auto walk = [&](auto &&self, Instance &at, const std::string &path) -> void {
    if (!found.try_emplace(&at, path).second)
      return;
    for (auto &[name, child] : at.children())
      self(self, *child, path.empty() ? name.str() : path + "." + name.str());
  };
  walk(walk, root, "");
  return pathCache[&root] = std::move(found);
}

std::optional<std::string> Elaborator::pathOf(Instance &target, SourceRange range) {
  Trace &t = trace();
  if (t.self) {
    auto &known = paths(*t.self);
    if (auto it = known.find(&target); it != known.end())
      return it->second;
  }
  Diagnostic &d = report(diag::unassignedModule, range, ("`" + target.cls->name + "`").str());
  if (target.made.range.valid())
    d.note(target.made.range, "it was made here");
  if (t.self) {
    d.also(t.self->cls->decl->name.range, "the module that uses it");
    for (auto &[name, member] : t.self->members)
      if (member.value.instance() == &target)
        suggestMember(d, "assign it in the body, which makes it a child", "self." + name.str() + " = " + name.str());
  }
  return std::nullopt;
}

std::string Elaborator::keyText(const Value &value, const llvm::DenseMap<Instance *, std::string> &inside,
                                unsigned level) {
  if (level > kMaxNesting)
    return "...";
  if (Instance *instance = value.instance()) {
    auto it = inside.find(instance);
    return it != inside.end() ? "@" + it->second : "#" + std::to_string(instance->number);
  }
  if (auto *s = value.get<StateValue>()) {
    auto it = inside.find(s->owner);
    return (it != inside.end() ? "@" + it->second : "#" + std::to_string(s->owner->number)) + "/" + s->name.str();
  }
  auto address = [](const void *p) { return std::to_string(reinterpret_cast<uintptr_t>(p)); };
  if (auto *f = value.get<FunctionValue>())
    return "f" + address(f->decl) + (f->self ? keyText(InstanceValue{f->self}, inside, level + 1) : "");
  if (auto *c = value.get<ClassValue>())
    return "c" + address(c->cls);
  if (auto *b = value.get<BuiltinValue>())
    return "b" + address(b->builtin);
  if (ListObject *list = value.list()) {
    std::string out = list->tuple ? "(" : "[";
    for (const Value &item : list->items)
      out += keyText(item, inside, level + 1) + ",";
    return out + ")";
  }
  if (DictObject *dict = value.dict()) {
    std::string out = "{";
    for (auto &[k, v] : dict->items)
      out += repr(k) + ":" + keyText(v, inside, level + 1) + ",";
    return out + "}";
  }
  return repr(value);
}

std::string Elaborator::classKey(Instance &instance) {
  auto &inside = paths(instance);
  std::string key = std::to_string(reinterpret_cast<uintptr_t>(instance.cls->decl)) + instance.cls->name.str() + "(";
  for (auto &[name, value] : instance.arguments)
    key += name.str() + "=" + keyText(value, inside) + ",";
  key += ")";
  for (auto &[name, member] : instance.members) {
    key += "|" + name.str() + ":" + std::to_string(int(member.kind));
    if (State *s = member.state) {
      key += s->type.text() + (s->none ? "none" : "") + (s->persistent ? "p" : "") + (s->requiresGrad ? "g" : "") +
             std::to_string(s->since);
      if (s->init) {
        llvm::raw_string_ostream os(key);
        os << s->init;
      }
    } else if (Instance *child = member.value.instance(); child && member.kind == MemberKind::Child) {
      key += classOf(*child).op.getSymName().str();
    } else {
      // What cannot be compared shares with nothing.
      key += walkable(member.value) ? keyText(member.value, inside) : "#" + std::to_string(instance.number);
    }
  }
  // Which modules below are one: paths to them would differ.
  llvm::DenseSet<Instance *> seen;
  auto walk = [&](auto &&self, Instance &at, const std::string &path) -> void {
    for (auto &[name, child] : at.children()) {
      std::string here = path + "." + name.str();
      if (seen.insert(child).second)
        self(self, *child, here);
      else
        key += "|" + here + "=" + inside.lookup(child);
    }
  };
  walk(walk, instance, "");
  return key;
}

std::string Elaborator::classSymbol(const Instance &instance) {
  std::string name = instance.cls->name.str();
  // The arguments that differ from their defaults, as far as they are short.
  for (auto &[argument, value] : instance.arguments) {
    std::string text = value.is<int64_t>() || value.is<double>() || value.is<std::string>() ? str(value) : "";
    const ast::Param *param = nullptr;
    for (const ast::Param &p : instance.cls->decl->params)
      if (p.name.text == argument)
        param = &p;
    bool given = !param || !param->init;
    if (param && param->init) {
      if (auto *i = llvm::dyn_cast<ast::IntExpr>(param->init))
        given = !(value.is<int64_t>() && value.as<int64_t>() == i->value);
      else if (auto *f = llvm::dyn_cast<ast::FloatExpr>(param->init))
        given = !(value.is<double>() && value.as<double>() == f->value);
      else if (auto *s = llvm::dyn_cast<ast::StringExpr>(param->init))
        given = !(value.is<std::string>() && s->isLiteral() && value.as<std::string>() == s->literal());
    }
    if (!given || text.empty() || text.size() > 16 || name.size() > 48)
      continue;
    name += "_";
    for (char c : text)
      name += llvm::isAlnum(c) || c == '.' ? c : '_';
  }
  unsigned &count = classNames[name];
  if (count++ == 0)
    return name;
  std::string unique;
  do
    unique = name + "." + std::to_string(count);
  while (classNames.count(unique) && ++count);
  classNames[unique] = 1;
  return unique;
}

ClassInfo &Elaborator::classOf(Instance &instance) {
  if (ClassInfo *known = classCache.lookup(&instance))
    return *known;
  std::string key = classKey(instance);
  auto [it, fresh] = classes.try_emplace(key);
  ClassInfo &info = it->second;
  if (fresh) {
    info.representative = &instance;
    emitMembers(info);
  }
  classCache[&instance] = &info;
  return info;
}

/// A constructor argument as IR keeps it; null for kinds that it does not.
static mlir::Attribute argumentAttr(mlir::MLIRContext *ctx, const Value &value) {
  if (value.none())
    return mlir::UnitAttr::get(ctx);
  if (auto *b = value.get<bool>())
    return mlir::BoolAttr::get(ctx, *b);
  if (auto *n = value.get<int64_t>())
    return mlir::IntegerAttr::get(mlir::IntegerType::get(ctx, 64), *n);
  if (auto *f = value.get<double>())
    return mlir::FloatAttr::get(mlir::Float64Type::get(ctx), *f);
  if (auto *s = value.get<std::string>())
    return mlir::StringAttr::get(ctx, *s);
  if (value.is<DTypeValue>() || value.is<FunctionValue>() || value.is<ClassValue>())
    return mlir::StringAttr::get(ctx, str(value));
  if (ListObject *list = value.list()) {
    llvm::SmallVector<int64_t> ints;
    for (const Value &item : list->items) {
      if (!item.is<int64_t>())
        return {};
      ints.push_back(item.as<int64_t>());
    }
    return mlir::DenseI64ArrayAttr::get(ctx, ints);
  }
  return {};
}

void Elaborator::emitMembers(ClassInfo &info) {
  Instance &instance = *info.representative;
  // Children's classes first: theirs are the lower ones.
  for (auto &[name, child] : instance.children())
    classOf(*child);
  mlir::OpBuilder b = mlir::OpBuilder::atBlockEnd(module->getBody());
  auto i64 = [&](int64_t n) { return b.getI64IntegerAttr(n); };
  ClassDef &cls = *instance.cls;
  bool fromContainer = cls.file->library && cls.file->name == "container";
  llvm::StringRef kind = "module";
  if (fromContainer)
    kind = llvm::StringSwitch<llvm::StringRef>(cls.name)
               .Case("Sequential", "sequential")
               .Case("ModuleList", "list")
               .Case("ModuleDict", "dict")
               .Default("module");

  mlir::OperationState state(loc(cls.decl->name.range), mod::ClassOp::getOperationName());
  state.addAttribute("sym_name", b.getStringAttr(classSymbol(instance)));
  state.addAttribute("source", b.getStringAttr(cls.name));
  state.addAttribute("kind", b.getStringAttr(kind));
  llvm::SmallVector<mlir::Attribute> ctor;
  for (auto &[name, value] : instance.arguments)
    if (mlir::Attribute a = argumentAttr(ctx, value))
      ctor.push_back(mod::ArgAttr::get(ctx, name, a));
  if (!ctor.empty())
    state.addAttribute("ctor", b.getArrayAttr(ctor));
  int64_t version = 1;
  for (auto &[name, member] : instance.members)
    if (member.state)
      version = std::max(version, member.state->since);
  state.addAttribute("version", i64(version));
  if (!cls.decl->doc.empty())
    state.addAttribute("doc", b.getStringAttr(cls.decl->doc));
  if (auto it = instance.methods.find("extra_repr"); it != instance.methods.end()) {
    CallArgs args;
    args.range = it->second->name.range;
    Frame scope;
    scope.file = cls.file;
    scope.self = &instance;
    scope.caller = frame;
    Frame *outer = std::exchange(frame, &scope);
    Value text = callFunction({it->second, cls.file, &instance}, std::move(args));
    frame = outer;
    if (auto *s = text.get<std::string>())
      state.addAttribute("extra_repr", b.getStringAttr(*s));
    else if (!text.poisoned())
      report(diag::wrongValue, it->second->name.range, "extra_repr() gives a string, not " + describe(text));
  }
  state.addRegion()->emplaceBlock();
  info.op = llvm::cast<mod::ClassOp>(b.create(state));

  b.setInsertionPointToEnd(&info.op.getBody().front());
  auto declare = [&](llvm::StringRef name, const Member &member, bool param) {
    State &s = *member.state;
    mlir::OperationState op(loc(s.where), param ? mod::ParamOp::getOperationName() : mod::BufferOp::getOperationName());
    op.addAttribute("sym_name", b.getStringAttr(name));
    op.addAttribute("type", mlir::TypeAttr::get(s.type));
    if (s.init && !s.none)
      op.addAttribute("init", s.init);
    if (s.none)
      op.addAttribute("none", b.getUnitAttr());
    if (s.since)
      op.addAttribute("since", i64(s.since));
    if (param && !s.requiresGrad)
      op.addAttribute("requires_grad", b.getBoolAttr(false));
    if (!param && !s.persistent)
      op.addAttribute("persistent", b.getBoolAttr(false));
    b.create(op);
  };
  for (MemberKind wanted : {MemberKind::Param, MemberKind::Buffer})
    for (auto &[name, member] : instance.members)
      if (member.kind == wanted && member.state)
        declare(name, member, wanted == MemberKind::Param);
  for (auto &[name, member] : instance.members)
    if (Instance *child = member.value.instance(); child && member.kind == MemberKind::Child) {
      mlir::OperationState op(loc(member.where), mod::ChildOp::getOperationName());
      op.addAttribute("sym_name", b.getStringAttr(name));
      op.addAttribute("cls", mlir::FlatSymbolRefAttr::get(ctx, classOf(*child).op.getSymName()));
      b.create(op);
    }
  llvm::DenseSet<State *> done;
  for (auto &[name, member] : instance.members)
    if (member.state && member.state->function && done.insert(member.state).second) {
      mlir::Operation *copy = member.state->function.get()->clone();
      llvm::cast<mod::FuncOp>(copy).setSymName(member.state->init.getFn().getValue());
      b.insert(copy);
    }
}
