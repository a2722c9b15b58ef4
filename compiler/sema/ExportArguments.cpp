// What an export takes: the types and values that it, `--input` and the method give for each argument.
#include "compiler/sema/Elaborator.h"
#include "compiler/sema/Holes.h"
#include "compiler/syntax/Parser.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

/// The one word of a type such as `int`.
static llvm::StringRef plainKind(const ast::Type *type) {
  auto *named = llvm::dyn_cast_or_null<ast::NamedType>(type);
  return named && named->path.size() == 1 ? named->path[0].text : llvm::StringRef();
}

/// The strings, and None, that a type lists; nothing where it holds anything else.
static std::optional<std::vector<Value>> listed(const ast::Type *type) {
  if (!type)
    return std::nullopt;
  if (auto *literal = llvm::dyn_cast<ast::LiteralType>(type))
    return std::vector<Value>{Value(literal->text.str())};
  if (type->kind == ast::Type::Kind::none)
    return std::vector<Value>{Value(NoneValue{})};
  auto *all = llvm::dyn_cast<ast::UnionType>(type);
  if (!all)
    return std::nullopt;
  std::vector<Value> values;
  for (const ast::Type *part : all->parts) {
    auto some = listed(part);
    if (!some)
      return std::nullopt;
    llvm::append_range(values, *some);
  }
  return values;
}

std::optional<Elaborator::Given> Elaborator::givenBy(const Export &e, llvm::StringRef argument, const ast::Type *type,
                                                     SourceRange place) {
  if (auto *tensor = llvm::dyn_cast_or_null<ast::TensorType>(type)) {
    for (const ast::Expr *dim : tensor->dims)
      if (llvm::isa<ast::EllipsisExpr>(dim)) {
        report(diag::exportUntyped, place, e.name, argument).note("`...` leaves the number of dimensions open");
        return std::nullopt;
      }
    declareSymbols(*tensor);
    SymTensorType evaluated = evalTensorType(*tensor);
    return evaluated ? std::optional<Given>(Given{Given::Tensor, evaluated, {}, place}) : std::nullopt;
  }
  llvm::StringRef kind = plainKind(type);
  if (kind == "int" || kind == "float")
    return Given{kind == "int" ? Given::Int : Given::Float, {}, {}, place};
  if (kind == "bool")
    return Given{Given::Values, {}, {Value(false), Value(true)}, place};
  if (auto values = listed(type))
    return Given{Given::Values, {}, std::move(*values), place};
  Diagnostic &d = report(diag::exportUntyped, place, e.name, argument);
  if (kind == "str")
    d.suggest("list the strings of which each is compiled: `" + argument.str() + ": \"a\" | \"b\"`");
  else
    d.note("an export takes tensors, ints, floats, bools and listed strings; other arguments are given values")
        .suggest("write `export " + e.name.str() + "(" + argument.str() + "=...) = ...`");
  return std::nullopt;
}

bool Elaborator::exportGivens(const Export &e, llvm::MapVector<llvm::StringRef, Given> &givens,
                              llvm::SmallVectorImpl<llvm::StringRef> &items) {
  bool good = true;
  auto hasStar = llvm::any_of(e.decl->params, [](const ast::Param &p) { return p.star; });
  auto add = [&](llvm::StringRef argument, const ast::Type *type, const ast::Expr *init, SourceRange place) {
    auto *param = llvm::find_if(e.decl->params, [&](const ast::Param &p) { return p.name.text == argument; });
    bool known = param != e.decl->params.end();
    if (!known && !hasStar) {
      llvm::SmallVector<llvm::StringRef> names;
      for (const ast::Param &p : e.decl->params)
        names.push_back(p.name.text);
      didYouMean(report(diag::exportArgument, place, e.decl->name.text, argument), place, argument, names)
          .also(e.decl->name.range, "the method");
      good = false;
      return;
    }
    std::optional<Given> given;
    if (init) {
      Value value = eval(*init);
      if (!value.poisoned())
        given = Given{Given::Values, {}, {std::move(value)}, place};
    } else if (!type && known) {
      return; // `export f(x) = m`: as the method has it
    } else {
      given = givenBy(e, argument, type, place);
    }
    good &= given.has_value();
    if (!given)
      return;
    if (!known)
      items.push_back(argument);
    givens[argument] = std::move(*given);
  };
  Frame scope;
  scope.file = frame->file;
  scope.caller = frame;
  Frame *outer = std::exchange(frame, &scope);
  for (const ast::Param &param : e.params)
    add(param.name.text, param.type, param.init, param.range);
  for (const std::string &input : options.inputs) {
    auto [argument, text] = llvm::StringRef(input).split('=');
    argument = saver.save(argument.trim());
    FileId id = sources.add("--input", input);
    FileId typeId = sources.add("--input", text.trim().str());
    SourceRange whole{id, 0, uint32_t(input.size())};
    extraArenas.push_back(std::make_unique<llvm::BumpPtrAllocator>());
    const ast::Type *type = text.empty() ? nullptr : parseType(typeId, sources, diags, *extraArenas.back());
    if (!type) {
      if (text.empty())
        report(diag::wrongValue, whole, "--input gives a type: `x=f32[N, 3, 224, 224]`");
      good = false;
      continue;
    }
    // One option serves all exports that have an argument of this name.
    bool has = llvm::any_of(e.decl->params, [&](const ast::Param &p) { return p.name.text == argument; });
    if (has || roots.empty())
      add(argument, type, nullptr, whole);
  }
  frame = outer;
  if (!good)
    return false;

  // What the method's own types leave to be chosen when it is called.
  for (const ast::Param &param : e.decl->params)
    if (!givens.count(param.name.text) && !param.init && !param.star && param.type &&
        !llvm::isa<ast::TensorType>(param.type)) {
      bool open = plainKind(param.type) == "tensor" || plainKind(param.type) == "str";
      auto given = open ? std::nullopt : givenBy(e, param.name.text, param.type, param.range);
      if (open)
        report(diag::exportUntyped, e.range, e.name, param.name.text)
            .also(param.range, "declared here")
            .suggest("write `export " + e.name.str() + "(" + param.name.text.str() +
                     (plainKind(param.type) == "str" ? ": \"a\" | \"b\") = ...`" : ": f32[N, 3]) = ...`"));
      good &= given.has_value();
      if (given)
        givens[param.name.text] = std::move(*given);
    }
  return good;
}

std::optional<Elaborator::Signature> Elaborator::exportSignature(const Export &e,
                                                                 llvm::MapVector<llvm::StringRef, Given> &givens,
                                                                 llvm::ArrayRef<llvm::StringRef> items) {
  const ast::FunctionDecl &decl = *e.decl;
  std::string what = ("export `" + e.name + "`").str();
  Frame bound;
  bound.file = e.instance->cls->file;
  bound.self = classOf(*e.instance).representative;
  bound.function = &decl;
  bound.caller = frame;
  Frame *outer = std::exchange(frame, &bound);
  // Values that stand for the given types while the method's own are matched against them.
  mlir::Block stand;
  auto standIn = [&](SymTensorType type, bool number = false) -> Value {
    return TensorValue{stand.addArgument(type, mlir::UnknownLoc::get(ctx)), number};
  };
  auto valueOf = [&](llvm::StringRef name, const Given &given) -> Value {
    switch (given.kind) {
    case Given::Tensor:
      return standIn(given.type);
    case Given::Int:
      return makeDim(DimAttr::symbol(ctx, name));
    case Given::Float:
      return standIn(SymTensorType::get(mlir::Float64Type::get(ctx), {}), /*number=*/true);
    case Given::Values:
      return given.values.front();
    }
    llvm_unreachable("all kinds are handled");
  };
  bool good = true;
  std::vector<Value> values(decl.params.size());
  std::vector<Leaf> leaves;
  for (auto [i, param] : llvm::enumerate(decl.params)) {
    auto it = givens.find(param.name.text);
    bool rest = param.star && it == givens.end();
    if (it == givens.end() && !rest)
      continue;
    SourceRange place = e.range;
    if (rest) {
      std::vector<Value> list;
      for (llvm::StringRef item : items)
        list.push_back(valueOf(item, givens.find(item)->second));
      values[i] = makeList(std::move(list), /*tuple=*/true);
    } else {
      values[i] = valueOf(param.name.text, it->second);
      place = it->second.place;
    }
    bound.locals[param.name.text] = values[i];
    bool fine = !param.type || checkArgument(param, values[i], what, place);
    good &= fine;
    if (fine)
      collectLeaves(param.type, values[i], param, param.name.text.str(), place, leaves);
  }
  good = good && matchLeaves(leaves, what, what);
  for (auto [i, param] : llvm::enumerate(decl.params)) {
    if (!good)
      break;
    if (bound.locals.count(param.name.text))
      continue;
    auto *tensor = llvm::dyn_cast_or_null<ast::TensorType>(param.type);
    auto untyped = [&](llvm::StringRef why) {
      report(diag::exportUntyped, e.range, e.name, param.name.text)
          .also(param.range, why.str())
          .suggest("write `export " + e.name.str() + "(" + param.name.text.str() + ": f32[N, 3]) = ...`");
      good = false;
    };
    if (param.init) {
      values[i] = eval(*param.init);
      good &= !values[i].poisoned();
    } else if (tensor) {
      declareSymbols(*tensor);
      bool open =
          llvm::any_of(tensor->dims, [](const ast::Expr *d) { return llvm::isa<ast::EllipsisExpr>(d); }) && !bound.pack;
      // A misspelt dtype has its own message; a dtype variable is open.
      bool variable = tensor->dtype.size() == 1 && llvm::isUpper(tensor->dtype[0].text[0]);
      quiet += variable;
      bool noDtype = !dtypeOf(*tensor);
      quiet -= variable;
      if (noDtype && bound.poisoned && !variable) {
        good = false;
        continue;
      }
      bound.poisoned = false;
      if (open || noDtype) {
        untyped(open ? "`...` leaves the number of dimensions open" : "the dtype is open");
        continue;
      }
      SymTensorType type = evalTensorType(*tensor);
      good &= bool(type);
      if (type)
        values[i] = standIn(type);
    } else {
      untyped("this argument has no type");
    }
    bound.locals[param.name.text] = values[i];
  }
  std::optional<Signature> signature;
  if (good) {
    signature.emplace();
    signature->info = &classOf(*e.instance);
    signature->decl = &decl;
    for (auto [param, v] : llvm::zip(decl.params, values)) {
      unsigned inside = 0;
      signature->args.emplace_back(&param, mapLeaves(v, [&](const Value &leaf) -> std::optional<Value> {
        std::string name = param.star && inside < items.size() ? items[inside].str() : param.name.text.str();
        if (auto *d = leaf.get<DimValue>()) {
          ++inside;
          if (auto symbol = d->dim.getSymbol())
            signature->add(SymTensorType::get(mlir::IntegerType::get(ctx, 64), {}), name, symbol);
        }
        SymTensorType type = tensorType(leaf);
        if (!type)
          return std::nullopt;
        ++inside;
        bool number = leaf.is<TensorValue>() && leaf.as<TensorValue>().weak;
        signature->add(type, name, number ? mlir::Attribute(mlir::UnitAttr::get(ctx)) : mlir::Attribute());
        return hole();
      }));
    }
    for (auto &n : bound.signatureNames)
      signature->bound[n.first()] = bound.locals[n.first()];
    signature->boundAt = bound.signatureNames;
    signature->pack = bound.pack;
  }
  frame = outer;
  frame->poisoned |= bound.poisoned;
  return signature;
}
