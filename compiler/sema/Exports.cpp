// Exports: which instances and methods, trees that they share, ties; methods that nothing reaches go.
#include "compiler/sema/Elaborator.h"
#include "compiler/sema/Holes.h"
#include "compiler/syntax/Parser.h"

using namespace modc;
using namespace modc::sema;

static constexpr size_t kMaxChoices = 64;

void Elaborator::exportAll(FileScope &file) {
  std::vector<Export> all;
  Frame scope;
  scope.file = &file;
  Frame *outer = std::exchange(frame, &scope);
  const ast::ExportDecl *chosen = nullptr;
  // Classes and exports share one space of symbols; an export keeps its name, whatever its class is called.
  classNames["model"] = 1;
  for (const ast::ExportDecl *e : file.exports) {
    classNames[e->name.text] = 1;
    if (e->name.text == options.model)
      chosen = e;
  }
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
        unknownName(e->name.text, e->name.range)
            .note("`export name` exports what the name stands for; to export a model "
                  "write `export name = Model(...)`");
      if (!value.poisoned())
        all.push_back({e->name.text, value, e->params, e->doc, e->name.range});
    }
  }
  // All bodies have run by now: what methods see of the tree does not change any more.
  llvm::erase_if(all, [&](Export &e) { return e.value.poisoned() || halted || !resolveExport(e); });
  findRoots(all);
  for (Export &e : all)
    if (e.root && !halted)
      exportMethod(e);
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

bool Elaborator::resolveExport(Export &e) {
  e.instance = e.value.instance();
  llvm::StringRef method = "forward";
  if (auto *function = e.value.get<FunctionValue>(); function && function->self) {
    e.instance = function->self;
    method = function->decl->name.text;
  }
  if (e.value.is<ClassValue>()) {
    notCompiled(e.range, "the export of a class, made with arguments of the program's",
                "export an instance: `export " + e.name.lower() + " = " + str(e.value) + "(...)`");
    return false;
  }
  if (!e.instance) {
    report(diag::exportValue, e.range, describe(e.value));
    return false;
  }
  auto it = e.instance->methods.find(method);
  if (it == e.instance->methods.end()) {
    report(diag::noForward, e.range, e.instance->cls->name)
        .also(e.instance->cls->decl->name.range, "the module")
        .suggest("export a method of it: `export " + e.name.str() + " = model.method`");
    return false;
  }
  e.decl = it->second;
  return true;
}

/// Exports that reach one instance are entries of one tree, whose root is the exported module that holds the others.
void Elaborator::findRoots(llvm::MutableArrayRef<Export> all) {
  for (Export &e : all) {
    e.root = e.instance;
    for (const Export &other : all)
      if (paths(*other.instance).count(e.root))
        e.root = other.instance;
  }
  for (Export &e : all)
    for (const Export &other : all)
      if (e.root && other.root && e.root != other.root)
        for (auto &[part, path] : paths(*other.root))
          if (e.root && paths(*e.root).count(part)) {
            notCompiled(e.range, "exports of two modules that share a part",
                        "put both into one module, export that, and the two as its parts");
            e.root = nullptr;
          }
}

void Elaborator::exportMethod(Export &e) {
  llvm::MapVector<llvm::StringRef, Given> givens;
  llvm::SmallVector<llvm::StringRef> items;
  if (!exportGivens(e, givens, items))
    return;
  // Of arguments that choose among texts, each choice is compiled; the first is what the export's name means.
  std::vector<std::pair<llvm::StringRef, std::vector<Value>>> choices;
  size_t count = 1;
  for (auto &[name, given] : givens)
    if (given.kind == Given::Values && given.values.size() > 1) {
      choices.emplace_back(name, given.values);
      count *= given.values.size();
      if (count > kMaxChoices) {
        notCompiled(given.place, "an export with more than 64 choices of its arguments",
                    "export methods for those that are wanted");
        return;
      }
    }
  FunctionInfo *first = nullptr;
  for (size_t number = 0; number < count; ++number) {
    size_t rest = number;
    for (auto &[name, values] : llvm::reverse(choices)) {
      givens[name].values = {values[rest % values.size()]};
      rest /= values.size();
    }
    auto signature = exportSignature(e, givens, items);
    FunctionInfo *function = signature ? instantiate(*signature, "", e.range) : nullptr;
    if (!function)
      return;
    bool tensors = true;
    mapLeaves(function->result, [&](const Value &v) -> std::optional<Value> {
      tensors &= isHole(v) || v.none() || v.list() || v.dict();
      return std::nullopt;
    });
    if (!tensors || function->op.getResultTypes().empty()) {
      report(diag::wrongValue, e.range,
             "export `" + e.name.str() + "` returns " + str(function->result) + "; exports return tensors")
          .also(e.decl->name.range, "the method");
      return;
    }
    reach(*function);
    if (count > 1)
      for (mod::FuncOp op : {function->op, function->train})
        if (op)
          op->setAttr("mod.choice", mlir::UnitAttr::get(ctx));
    first = first ? first : function;
  }
  emitExport(e, *first);
}

void Elaborator::emitExport(const Export &e, FunctionInfo &function) {
  auto at = llvm::find(roots, e.root);
  int64_t number = at - roots.begin();
  if (at == roots.end())
    roots.push_back(e.root);
  mlir::OpBuilder b = mlir::OpBuilder::atBlockEnd(module->getBody());
  mlir::OperationState op(loc(e.range), mod::ExportOp::getOperationName());
  op.addAttribute("sym_name", b.getStringAttr(e.name));
  op.addAttribute("cls", mlir::FlatSymbolRefAttr::get(ctx, classOf(*e.root).op.getSymName()));
  op.addAttribute("method", mlir::FlatSymbolRefAttr::get(ctx, function.op.getSymName()));
  op.addAttribute("instance", b.getI64IntegerAttr(number));
  if (e.instance != e.root)
    op.addAttribute("mod.path", b.getStringAttr(paths(*e.root).lookup(e.instance)));
  auto ties = tiesOf(*e.root);
  if (!ties.empty())
    op.addAttribute("ties", b.getArrayAttr(ties));
  if (!e.doc.empty())
    op.addAttribute("doc", b.getStringAttr(e.doc));
  exported.emplace_back(b.create(op), &function);
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
