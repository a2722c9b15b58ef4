// Calls: binding arguments to parameters, inlined functions, built-ins, methods of values.
#include "compiler/sema/Elaborator.h"

using namespace modc;
using namespace modc::sema;

static constexpr unsigned kMaxDepth = 400;

bool Elaborator::bind(llvm::ArrayRef<ast::Param> params, CallArgs &args,
                      llvm::ArrayRef<std::pair<llvm::StringRef, Value>> fixed, llvm::StringRef what,
                      SourceRange declared, llvm::function_ref<void(const ast::Param &, Value, SourceRange)> store) {
  bool good = true;
  size_t next = 0, numPositional = args.positional.size();
  auto isFixed = [&](llvm::StringRef name) { return llvm::find_if(fixed, [&](auto &f) { return f.first == name; }); };
  size_t takes = 0;
  for (const ast::Param &param : params)
    takes += isFixed(param.name.text) == fixed.end();
  auto note = [&](Diagnostic &d) {
    if (declared.valid())
      d.note(declared, "declared here");
  };
  // A misspelt name is the one mistake: what then seems to be missing is not reported as well.
  bool misspelt = false;
  for (auto [i, arg] : llvm::enumerate(args.named)) {
    if (llvm::any_of(params, [&](const ast::Param &p) { return p.name.text == arg.first; }))
      continue;
    llvm::SmallVector<llvm::StringRef> known;
    for (const ast::Param &param : params)
      if (isFixed(param.name.text) == fixed.end())
        known.push_back(param.name.text);
    SourceRange place = args.keyword(i);
    Diagnostic &d = report(diag::unknownKeyword, place, what, arg.first);
    if (llvm::StringRef hint = keywordHint(arg.first); !hint.empty())
      d.suggest(hint.str());
    else
      didYouMean(d, place, arg.first, known);
    noteHiddenFunction(d, args);
    note(d);
    misspelt = true;
  }
  good = !misspelt;
  bool starSeen = false;
  for (const ast::Param &param : params) {
    llvm::StringRef name = param.name.text;
    std::optional<size_t> byName;
    for (auto [i, arg] : llvm::enumerate(args.named))
      if (arg.first == name) {
        if (byName) {
          report(diag::repeatedArgument, args.keyword(i), what, name);
          good = false;
        }
        byName = i;
      }
    if (auto f = isFixed(name); f != fixed.end()) {
      if (byName) {
        note(report(diag::repeatedArgument, args.keyword(*byName), what, name));
        good = false;
      }
      store(param, f->second, args.range);
      continue;
    }
    if (param.star) {
      starSeen = true;
      if (byName) {
        store(param, args.named[*byName].second, args.places[numPositional + *byName]);
        continue;
      }
      std::vector<Value> rest(args.positional.begin() + next, args.positional.end());
      next = numPositional;
      // `zeros(shape)` is `zeros(*shape)` for sizes.
      auto *type = llvm::dyn_cast_or_null<ast::NamedType>(param.type);
      if (rest.size() == 1 && rest[0].list() && type && type->path.size() == 1 && type->path[0].text == "int")
        rest = std::vector<Value>(rest[0].list()->items);
      store(param, makeList(std::move(rest), /*tuple=*/true), args.range);
      continue;
    }
    bool positional = next < numPositional && !starSeen;
    if (positional && byName) {
      Diagnostic &d = report(diag::repeatedArgument, args.keyword(*byName), what, name);
      d.also(args.places[next], "given here by position");
      note(d);
      good = false;
    }
    if (positional) {
      store(param, args.positional[next], args.places[next]);
      ++next;
    } else if (byName) {
      store(param, args.named[*byName].second, args.places[numPositional + *byName]);
    } else if (param.init) {
      Value value = eval(*param.init);
      good &= !value.poisoned();
      store(param, value, param.range);
    } else {
      if (!misspelt) {
        Diagnostic &d = report(diag::missingArgument, args.range, what, name);
        note(d);
        if (param.type && !quiet)
          d.label("`" + name.str() + ": " + toString(*param.type) + "` is missing");
      }
      good = false;
      store(param, Poison{}, args.range);
    }
  }
  if (next < numPositional) {
    Diagnostic &d = report(diag::tooManyArguments, args.places[next], what, std::to_string(takes), numPositional);
    noteHiddenFunction(d, args);
    note(d);
    good = false;
  }
  return good;
}

Value Elaborator::call(const Value &callee, CallArgs args) {
  if (!step(args.range) || callee.poisoned())
    return Poison{};
  if (auto *function = callee.get<FunctionValue>()) {
    Trace *t = frame->trace;
    bool other = function->self && t && !t->stateless && function->self != t->self;
    if (other) {
      // A method of another module runs there when tensors go in; without any it is a question to the instance.
      bool tensors = llvm::any_of(args.positional, [](const Value &v) { return v.tensor() || v.list(); }) ||
                     llvm::any_of(args.named, [](auto &v) { return v.second.tensor() || v.second.list(); });
      if (tensors)
        return callModule(*function->self, function->decl->name.text, std::move(args));
    }
    return callFunction(*function, std::move(args));
  }
  if (auto *cls = callee.get<ClassValue>())
    return construct(*cls->cls, std::move(args));
  if (Instance *instance = callee.instance()) {
    if (!frame->trace || frame->trace->stateless) {
      report(diag::callInBody, args.range, instance->cls->name).suggest("call it in `forward` or another method");
      return Poison{};
    }
    if (!instance->methods.count("forward")) {
      report(diag::noForward, args.range, instance->cls->name)
          .also(instance->cls->decl->name.range, "the module")
          .suggest(instance->children().empty()
                       ? "write `def forward(x: ...)` in it"
                       : "call its children, `for layer in layers: x = layer(x)`, or make it an "
                         "`nn.Sequential`, which calls them in order");
      return Poison{};
    }
    return callModule(*instance, "forward", std::move(args));
  }
  if (auto *builtin = callee.get<BuiltinValue>())
    return callBuiltin(*builtin->builtin, std::move(args));
  if (auto *method = callee.get<MethodValue>())
    return callMethod(*method->object, std::move(args));
  if (auto *dtype = callee.get<DTypeValue>();
      dtype && dtype->type.isInteger(1) && args.positional.size() == 1 && args.named.empty()) {
    if (args.positional[0].tensor())
      return cast(args.positional[0], dtype->type, args.range);
    auto holds = truth(args.positional[0], args.range);
    return holds ? Value(*holds) : Value(Poison{});
  }
  report(diag::notCallable, args.range, describe(callee));
  return Poison{};
}

Value Elaborator::callFunction(const FunctionValue &function, CallArgs args) {
  const ast::FunctionDecl &decl = *function.decl;
  if (depth >= kMaxDepth) {
    quiet = 0;
    report(diag::tooDeep, args.range, decl.name.text).note("the limit is 400 calls inside one another");
    halted = true;
    return Poison{};
  }
  warnDeprecated(decl.attrs, decl.name.text, args.range);
  // As PyTorch's, the function drops unless told otherwise.
  bool drops = function.file == functional && (decl.name.text == "dropout" || decl.name.text == "dropout2d");
  if (drops && frame->self && frame->function && !frame->file->library && args.positional.size() < 3 &&
      llvm::none_of(args.named, [](auto &named) { return named.first == "training"; }))
    warn(diag::alwaysDrops, args.range, decl.name.text)
        .label("drops elements whenever it is called")
        .suggest("pass the module's mode", {args.range.file, args.range.end - 1, args.range.end - 1},
                 ", training=training");
  Frame callee;
  callee.file = function.file;
  callee.self = function.self;
  callee.function = &decl;
  callee.caller = frame;
  callee.callRange = args.range;
  callee.callLoc = loc(args.range);
  callee.trace = frame->trace;
  Frame *outer = std::exchange(frame, &callee);
  ++depth;
  std::string what = (decl.name.text + "()").str();
  Value result;
  struct Bound {
    const ast::Param *param;
    SourceRange place;
  };
  llvm::SmallVector<Bound> bound;
  bool good =
      bind(decl.params, args, {}, what, decl.name.range, [&](const ast::Param &param, Value value, SourceRange place) {
        callee.locals[param.name.text] = std::move(value);
        bound.push_back({&param, place});
      });
  std::vector<Leaf> leaves;
  if (good)
    for (auto &[param, place] : bound)
      if (param->type) {
        Value &value = callee.locals[param->name.text];
        if (!walkable(value)) {
          report(diag::wrongValue, place, "the argument is nested too deeply");
          good = false;
          continue;
        }
        bool fine = checkArgument(*param, value, what, place);
        good &= fine;
        if (fine)
          collectLeaves(param->type, value, *param, param->name.text.str(), place, leaves);
      }
  good = good && matchLeaves(leaves, what, what);
  if (good) {
    Flow flow = run(decl.body);
    if (flow == Flow::Return)
      result = checkResult(decl, std::move(callee.result));
    else if (flow == Flow::Next && !decl.result)
      result = NoneValue{};
    else if (flow == Flow::Next && !callee.poisoned)
      suggestReturn(report(diag::missingReturn, decl.name.range, decl.name.text), decl);
  }
  --depth;
  frame = outer;
  frame->poisoned |= callee.poisoned;
  return result;
}

Value Elaborator::callBuiltin(const Builtin &builtin, CallArgs args) {
  // The parameter list is in the table as text: "x, dim=None, *shape".
  struct Slot {
    llvm::StringRef name, init;
    bool star, hasInit;
  };
  llvm::SmallVector<Slot> slots;
  llvm::SmallVector<llvm::StringRef> parts;
  builtin.params.split(parts, ',', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef part : parts) {
    part = part.trim();
    bool star = part.consume_front("*");
    auto [name, init] = part.split('=');
    slots.push_back({name, init, star, part.contains('=')});
  }
  std::string what = (builtin.name + "()").str();
  std::vector<Value> values;
  size_t next = 0;
  llvm::SmallVector<bool> used(args.named.size());
  bool starSeen = false;
  for (const Slot &slot : slots) {
    std::optional<Value> value;
    if (slot.star) {
      starSeen = true;
      value = makeList(std::vector<Value>(args.positional.begin() + next, args.positional.end()), /*tuple=*/true);
      next = args.positional.size();
    } else if (next < args.positional.size() && !starSeen) {
      value = args.positional[next++];
    }
    for (auto [i, arg] : llvm::enumerate(args.named))
      if (arg.first == slot.name) {
        used[i] = true;
        if (value && !slot.star) {
          report(diag::repeatedArgument, args.range, what, slot.name);
          return Poison{};
        }
        value = arg.second;
      }
    if (!value && slot.hasInit) {
      int64_t number;
      if (slot.init == "None")
        value = NoneValue{};
      else if (slot.init == "False" || slot.init == "True")
        value = slot.init == "True";
      else if (!slot.init.getAsInteger(10, number))
        value = number;
    }
    if (!value) {
      report(diag::missingArgument, args.range, what, slot.name);
      return Poison{};
    }
    values.push_back(std::move(*value));
  }
  if (next < args.positional.size()) {
    report(diag::tooManyArguments, args.range, what, std::to_string(slots.size()), args.positional.size());
    return Poison{};
  }
  for (auto [i, arg] : llvm::enumerate(args.named))
    if (!used[i]) {
      llvm::SmallVector<llvm::StringRef> known;
      for (const Slot &slot : slots)
        known.push_back(slot.name);
      Diagnostic &d = report(diag::unknownKeyword, args.keyword(i), what, arg.first);
      if (llvm::StringRef hint = keywordHint(arg.first); !hint.empty())
        d.suggest(hint.str());
      else
        didYouMean(d, args.keyword(i), arg.first, known);
      return Poison{};
    }
  return builtin.call(*this, values, args.range);
}

Value Elaborator::callGlobal(llvm::StringRef name, std::vector<Value> values, SourceRange range) {
  auto function = functional ? fileName(*functional, name) : std::nullopt;
  if (!function)
    return report(diag::unknownName, range, name), Poison{};
  CallArgs args;
  args.range = range;
  args.places.assign(values.size(), range);
  args.positional = std::move(values);
  return call(*function, std::move(args));
}

std::optional<Value> Elaborator::callOfInstance(Instance &instance, llvm::StringRef name, CallArgs &args) {
  bool named = name.starts_with("named_");
  std::vector<Value> out;
  auto add = [&](std::string key, Value value) {
    out.push_back(named ? makeList({Value(std::move(key)), std::move(value)}, /*tuple=*/true) : std::move(value));
  };
  if (name.ends_with("children")) {
    for (auto &[key, child] : instance.children())
      add(key.str(), InstanceValue{child});
    return makeList(std::move(out));
  }
  llvm::DenseSet<State *> seen;
  auto walk = [&](auto &&self, Instance &at, const std::string &prefix) -> void {
    for (auto &[key, value] : at.params())
      if (seen.insert(value.as<StateValue>().state).second)
        add(prefix + key.str(), value);
    for (auto &[key, child] : at.children())
      if (step(args.range))
        self(self, *child, prefix + key.str() + ".");
  };
  walk(walk, instance, "");
  return makeList(std::move(out));
}

Value Elaborator::callMethod(const MethodObject &method, CallArgs args) {
  const Value &base = method.base;
  llvm::StringRef name = method.name;
  if (Instance *instance = base.instance())
    return *callOfInstance(*instance, name, args);
  if (auto *text = base.get<std::string>())
    return callText(*text, name, args);
  if (base.list())
    return callList(base, name, args);
  if (base.dict())
    return callDict(base, name, args);
  if (auto *state = base.get<StateValue>(); state && name == "copy_") {
    if (args.positional.size() != 1 || !args.named.empty()) {
      report(diag::missingArgument, args.range, "copy_()", "value");
      return Poison{};
    }
    update(*state, args.positional[0], args.range);
    return NoneValue{};
  }
  if (base.tensor() || base.number() || base.is<DimValue>()) {
    auto function = lookupGlobal(name);
    if (!function || function->poisoned()) {
      if (!function) {
        SourceRange at = method.nameRange.valid() ? method.nameRange : args.range;
        hintMember(report(diag::unknownMember, at, "`" + describe(base) + "`", name), base, name, args.range, at);
      }
      return Poison{};
    }
    args.positional.insert(args.positional.begin(), base);
    args.places.insert(args.places.begin(), args.range);
    return call(*function, std::move(args));
  }
  if (auto *dtype = base.get<DTypeValue>(); dtype && name == "is_floating_point")
    return llvm::isa<mlir::FloatType>(dtype->type);
  report(diag::unknownMember, args.range, describe(base), name);
  return Poison{};
}
