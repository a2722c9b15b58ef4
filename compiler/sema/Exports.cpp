// Exports: which instances and methods, with what types of arguments; ties; methods that nothing reaches go.
#include "compiler/sema/Elaborator.h"
#include "compiler/sema/Holes.h"
#include "compiler/syntax/Parser.h"

using namespace modc;
using namespace modc::sema;
using mod::SymTensorType;

void Elaborator::exportAll(FileScope &file) {
  struct Export {
    llvm::StringRef name;
    Value value;
    llvm::ArrayRef<ast::Param> params;
    llvm::StringRef doc;
    SourceRange range;
  };
  std::vector<Export> all;
  Frame scope;
  scope.file = &file;
  Frame *outer = std::exchange(frame, &scope);
  const ast::ExportDecl *chosen = nullptr;
  for (const ast::ExportDecl *e : file.exports)
    if (e->name.text == options.model)
      chosen = e;
  if (!options.model.empty() && !chosen) {
    FileId id = sources.add("--model", options.model);
    extraArenas.push_back(std::make_unique<llvm::BumpPtrAllocator>());
    if (const ast::Expr *expr = parseExpression(id, sources, diags, *extraArenas.back())) {
      auto *name = llvm::dyn_cast<ast::NameExpr>(expr);
      if (name && !lookup(name->name)) {
        // Most likely the name of an export.
        llvm::SmallVector<llvm::StringRef> known;
        for (const ast::ExportDecl *e : file.exports)
          known.push_back(e->name.text);
        Diagnostic &d = report(diag::unknownName, expr->range, name->name);
        d.note(known.empty() ? "the file exports nothing; give an expression that makes a model: `--model 'Net(10)'`"
                             : "the file exports " + llvm::join(known, ", "));
        didYouMean(d, expr->range, name->name, known);
      } else {
        all.push_back({"model", eval(*expr), {}, "", expr->range});
      }
    }
  } else {
    if (file.exports.empty())
      report(diag::noExports, {}, file.path).suggest("add `export name = Model(...)`, or give `--model 'Model(...)'`");
    for (const ast::ExportDecl *e : file.exports) {
      if (chosen && e != chosen)
        continue;
      auto [it, fresh] = exportNames.try_emplace(e->name.text, e->name.range);
      if (!fresh) {
        report(diag::duplicateDeclaration, e->name.range, e->name.text).also(it->second, "exported here before");
        continue;
      }
      Value value;
      if (e->value)
        value = eval(*e->value);
      else if (auto found = lookup(e->name.text))
        value = *found;
      else
        unknownName(e->name.text, e->name.range).note("`export name` exports what the name stands for; to export a model "
                                                      "write `export name = Model(...)`");
      if (!value.poisoned())
        all.push_back({e->name.text, value, e->params, e->doc, e->name.range});
    }
  }
  // All bodies have run by now: what methods see of the tree does not change any more.
  for (Export &e : all)
    if (!e.value.poisoned() && !halted)
      exportValue(e.name, e.value, e.params, e.doc, e.range);
  frame = outer;
}

llvm::SmallVector<mlir::Attribute> Elaborator::tiesOf(Instance &root) {
  llvm::SmallVector<mlir::Attribute> ties;
  llvm::DenseMap<void *, std::string> first;
  auto walk = [&](auto &&self, Instance &at, const std::string &path) -> void {
    auto [it, fresh] = first.try_emplace(&at, path);
    if (!fresh) {
      ties.push_back(mod::TieAttr::get(ctx, path, it->second));
      return;
    }
    auto join = [&](llvm::StringRef name) { return path.empty() ? name.str() : path + "." + name.str(); };
    for (auto &[name, member] : at.members)
      if (member.state && !member.state->none) {
        auto [s, isFirst] = first.try_emplace(member.state, join(name));
        if (!isFirst)
          ties.push_back(mod::TieAttr::get(ctx, join(name), s->second));
      }
    for (auto &[name, child] : at.children())
      self(self, *child, join(name));
  };
  walk(walk, root, "");
  return ties;
}

void Elaborator::exportValue(llvm::StringRef name, const Value &value, llvm::ArrayRef<ast::Param> given,
                             llvm::StringRef doc, SourceRange range) {
  Instance *root = value.instance();
  llvm::StringRef method = "forward";
  if (auto *function = value.get<FunctionValue>(); function && function->self) {
    root = function->self;
    method = function->decl->name.text;
  }
  if (value.is<ClassValue>()) {
    notCompiled(range, "the export of a class",
                "export an instance: `export " + name.lower() + " = " + str(value) + "(...)`");
    return;
  }
  if (!root) {
    report(diag::exportValue, range, describe(value));
    return;
  }
  auto it = root->methods.find(method);
  if (it == root->methods.end()) {
    report(diag::noForward, range, root->cls->name).also(root->cls->decl->name.range, "the module");
    return;
  }
  const ast::FunctionDecl &decl = *it->second;
  ClassInfo &info = classOf(*root);

  // Types given by the export and by `--input`, by argument name.
  llvm::StringMap<std::pair<SymTensorType, SourceRange>> types;
  auto narrow = [&](llvm::StringRef argument, const ast::Type *type, SourceRange place) {
    if (llvm::none_of(decl.params, [&](const ast::Param &p) { return p.name.text == argument; })) {
      if (llvm::any_of(decl.params, [](const ast::Param &p) { return p.star; })) {
        notCompiled(place, "an export that names the items of `*` arguments",
                    "give the method arguments with names of their own");
        return false;
      }
      llvm::SmallVector<llvm::StringRef> known;
      for (const ast::Param &p : decl.params)
        known.push_back(p.name.text);
      didYouMean(report(diag::exportArgument, place, method, argument), place, argument, known)
          .also(decl.name.range, "the method");
      return false;
    }
    auto *tensor = llvm::dyn_cast_or_null<ast::TensorType>(type);
    if (!tensor) {
      if (type)
        notCompiled(place, "an argument of this kind at an export",
                    "give it a default in the method; exports take tensors");
      return type == nullptr;
    }
    for (const ast::Expr *dim : tensor->dims)
      if (llvm::isa<ast::EllipsisExpr>(dim)) {
        report(diag::exportUntyped, place, name, argument).note("`...` leaves the number of dimensions open");
        return false;
      }
    declareSymbols(*tensor);
    SymTensorType evaluated = evalTensorType(*tensor);
    if (evaluated)
      types[argument] = {evaluated, place};
    return bool(evaluated);
  };
  Frame scope;
  scope.file = frame->file;
  Frame *outer = std::exchange(frame, &scope);
  bool good = true;
  for (const ast::Param &param : given)
    good &= narrow(param.name.text, param.type, param.range);
  for (const std::string &input : options.inputs) {
    auto [argument, text] = llvm::StringRef(input).split('=');
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
    bool has = llvm::any_of(decl.params, [&](const ast::Param &p) { return p.name.text == argument.trim(); });
    if (has || roots.empty())
      good &= narrow(saver.save(argument.trim()), type, whole);
  }
  frame = outer;
  if (!good)
    return;

  Frame bound;
  bound.file = root->cls->file;
  bound.self = info.representative;
  bound.function = &decl;
  bound.caller = frame;
  outer = std::exchange(frame, &bound);
  Signature signature;
  signature.info = &info;
  signature.decl = &decl;
  // Values that stand for the given types while the method's own are matched against them.
  mlir::Block stand;
  std::vector<Value> values(decl.params.size());
  std::vector<Leaf> leaves;
  for (auto [i, param] : llvm::enumerate(decl.params))
    if (auto t = types.find(param.name.text); t != types.end()) {
      values[i] = TensorValue{stand.addArgument(t->second.first, mlir::UnknownLoc::get(ctx))};
      bound.locals[param.name.text] = values[i];
      good &= !param.type || checkArgument(param, values[i], ("export `" + name + "`").str(), t->second.second);
      if (good)
        collectLeaves(param.type, values[i], param, param.name.text.str(), t->second.second, leaves);
    }
  std::string what = ("export `" + name + "`").str();
  good = good && matchLeaves(leaves, what, what);
  for (auto [i, param] : llvm::enumerate(decl.params)) {
    if (!good)
      break;
    if (types.count(param.name.text))
      continue;
    auto *tensor = llvm::dyn_cast_or_null<ast::TensorType>(param.type);
    if (tensor && !param.init) {
      declareSymbols(*tensor);
      bool open =
          llvm::any_of(tensor->dims, [](const ast::Expr *d) { return llvm::isa<ast::EllipsisExpr>(d); }) && !bound.pack;
      // A misspelt dtype has its own message; a dtype variable is open.
      bool variable = tensor->dtype.size() == 1 && llvm::isUpper(tensor->dtype[0].text[0]);
      quiet += variable;
      bool untyped = !dtypeOf(*tensor);
      quiet -= variable;
      if (untyped && bound.poisoned && !variable) {
        good = false;
        continue;
      }
      bound.poisoned = false;
      if (open || untyped) {
        report(diag::exportUntyped, range, name, param.name.text)
            .also(param.range, open ? "`...` leaves the number of dimensions open" : "the dtype is open")
            .suggest("write `export " + name.str() + "(" + param.name.text.str() + ": f32[N, 3]) = ...`");
        good = false;
        continue;
      }
      SymTensorType type = evalTensorType(*tensor);
      good &= bool(type);
      if (type)
        values[i] = TensorValue{stand.addArgument(type, mlir::UnknownLoc::get(ctx))};
    } else if (param.init) {
      values[i] = eval(*param.init);
      good &= !values[i].poisoned();
    } else if (param.star) {
      values[i] = makeList({}, /*tuple=*/true);
    } else {
      auto *named = llvm::dyn_cast_or_null<ast::NamedType>(param.type);
      llvm::StringRef kind = named && named->path.size() == 1 ? named->path[0].text : "";
      if (kind == "int" || kind == "float")
        notCompiled(param.range, ("a run-time `" + kind + "` argument of an export").str(),
                    "give it a default, which the export then takes");
      else if (param.type && !tensor && kind != "tensor")
        notCompiled(param.range, "an argument that selects a variant at an export",
                    "give it a default, which the export then takes");
      else
        report(diag::exportUntyped, range, name, param.name.text)
            .also(param.range, "this argument has no type")
            .suggest("write `export " + name.str() + "(" + param.name.text.str() + ": f32[N, 3]) = ...`");
      good = false;
    }
    bound.locals[param.name.text] = values[i];
  }
  if (good) {
    for (auto [param, v] : llvm::zip(decl.params, values)) {
      signature.args.emplace_back(&param, mapLeaves(v, [&](const Value &leaf) -> std::optional<Value> {
        SymTensorType type = tensorType(leaf);
        if (!type)
          return std::nullopt;
        signature.types.push_back(type);
        signature.names.push_back(param.name.text.str());
        return hole();
      }));
    }
    for (auto &n : bound.signatureNames)
      signature.bound[n.first()] = bound.locals[n.first()];
    signature.boundAt = bound.signatureNames;
    signature.pack = bound.pack;
  }
  frame = outer;
  FunctionInfo *function = good ? instantiate(signature, "", range) : nullptr;
  if (!function)
    return;
  bool tensors = true;
  mapLeaves(function->result, [&](const Value &v) -> std::optional<Value> {
    tensors &= isHole(v) || v.none() || v.list() || v.dict();
    return std::nullopt;
  });
  if (!tensors || function->op.getResultTypes().empty()) {
    report(diag::wrongValue, range,
           "export `" + name.str() + "` returns " + str(function->result) + "; exports return tensors")
        .also(decl.name.range, "the method");
    return;
  }
  reach(*function);
  auto at = llvm::find(roots, root);
  for (Instance *other : roots)
    if (other != root && (paths(*other).count(root) || paths(*root).count(other))) {
      notCompiled(range, "exports of a module and of a part of it", "export methods of the whole module instead");
      return;
    }
  int64_t number = at - roots.begin();
  if (at == roots.end())
    roots.push_back(root);
  mlir::OpBuilder b = mlir::OpBuilder::atBlockEnd(module->getBody());
  mlir::OperationState op(loc(range), mod::ExportOp::getOperationName());
  op.addAttribute("sym_name", b.getStringAttr(name));
  op.addAttribute("cls", mlir::FlatSymbolRefAttr::get(ctx, info.op.getSymName()));
  op.addAttribute("method", mlir::FlatSymbolRefAttr::get(ctx, function->op.getSymName()));
  op.addAttribute("instance", b.getI64IntegerAttr(number));
  auto ties = tiesOf(*root);
  if (!ties.empty())
    op.addAttribute("ties", b.getArrayAttr(ties));
  if (!doc.empty())
    op.addAttribute("doc", b.getStringAttr(doc));
  exported.emplace_back(b.create(op), function);
}

void Elaborator::reach(FunctionInfo &function) {
  if (std::exchange(function.reached, true))
    return;
  for (auto &[call, callee] : function.calls)
    reach(*callee);
}

void Elaborator::prune() {
  std::vector<ClassInfo *> infos;
  for (auto &entry : classes)
    infos.push_back(&entry.second);
  for (ClassInfo *info : infos) {
    llvm::StringMap<unsigned> variants;
    for (FunctionInfo *function : info->order) {
      if (!function->reached) {
        function->op.erase();
        if (function->train)
          function->train.erase();
        continue;
      }
      llvm::StringRef method = function->decl->name.text;
      unsigned number = variants[method]++;
      std::string symbol = number ? (method + ".v" + llvm::Twine(number)).str() : method.str();
      function->op.setSymName(symbol);
      if (function->train)
        function->train.setSymName(symbol + ".train");
      if (number)
        for (mod::FuncOp op : {function->op, function->train})
          if (op)
            op->setAttr("mod.method", mlir::StringAttr::get(ctx, method));
    }
  }
  for (ClassInfo *info : infos)
    for (FunctionInfo *function : info->order)
      if (function->reached)
        for (auto &[call, callee] : function->calls)
          call->setAttr("method", mlir::FlatSymbolRefAttr::get(ctx, callee->op.getSymName()));
  for (auto &[op, function] : exported)
    op->setAttr("method", mlir::FlatSymbolRefAttr::get(ctx, function->op.getSymName()));
}
