// What messages say beyond the mistake: how to mend it as an edit, and what PyTorch's names are called here.
#include "compiler/sema/Elaborator.h"

using namespace modc;
using namespace modc::sema;

namespace {

struct Hint {
  llvm::StringLiteral name, text;
};

/// Members of PyTorch's tensors that do not exist here.
constexpr Hint kTensorHints[] = {
    {"cuda", "where a model runs is chosen by who runs it, not in its text: leave `.cuda()` out"},
    {"cpu", "where a model runs is chosen by who runs it, not in its text: leave `.cpu()` out"},
    {"item", "a tensor's value is known when the model runs: go on with the tensor itself, it broadcasts"},
    {"tolist", "a tensor's values are known when the model runs: go on with the tensor itself"},
    {"numpy", "a tensor's values are known when the model runs: return the tensor, the caller reads it"},
    {"backward", "gradients are values: `grad(loss, params)`"},
    {"requires_grad",
     "whether a parameter is trained is said where it is declared: `param w: ..., requires_grad=False`"},
    {"requires_grad_",
     "whether a parameter is trained is said where it is declared: `param w: ..., requires_grad=False`"},
    {"data", "leave `.data` out; `detach(x)` stops a gradient"},
    {"clone", "tensors are values, which nobody can change: leave `.clone()` out"},
    {"repeat", "write `cat([x, x], dim)`, or `expand` for dimensions of size 1"},
    {"is_cuda", "where a model runs is not known in its text"},
    {"type", "write `x.to(f32)`"},
    {"new_zeros", "write `zeros(..., dtype=x.dtype)`"},
    {"new_ones", "write `ones(..., dtype=x.dtype)`"},
    {"nonzero", "the size of the result would depend on data; `where(mask, a, b)` keeps the shape"},
    {"unique", "the size of the result would depend on data"},
};

/// In-place arithmetic, with the operator to write.
constexpr Hint kInPlace[] = {{"add_", "+"}, {"sub_", "-"}, {"mul_", "*"}, {"div_", "/"}, {"pow_", "**"}};

/// Names that PyTorch's programs take from elsewhere.
constexpr Hint kNameHints[] = {
    {"math", "`sqrt`, `exp`, `log`, `pi`, `inf` and the like need no import"},
    {"np", "there is no NumPy here: `sqrt`, `exp`, `prod` and the like need no import"},
    {"print", "a model does not print; hooks observe what a module gives"},
    {"Tensor", "an argument of any shape has no type, or the type `tensor`"},
    {"Parameter", "a parameter is declared in the module's body: `param w: f32[n] = zeros`"},
    {"range_", "write `range`"},
};

/// Arguments of PyTorch that have no meaning here.
constexpr Hint kKeywordHints[] = {
    {"device", "where a model runs is chosen by who runs it, not in its text: leave the argument out"},
    {"requires_grad", "whether a parameter is trained is said where it is declared"},
    {"out", "tensors are values: assign the result"},
    {"generator", "random numbers follow the seed of the call"},
    {"pin_memory", "leave the argument out"},
    {"layout", "leave the argument out"},
};

template <size_t N> llvm::StringRef find(const Hint (&table)[N], llvm::StringRef name) {
  for (const Hint &hint : table)
    if (hint.name == name)
      return hint.text;
  return {};
}

/// `nn.Parameter` of a callee; empty for what is no name with dots.
std::string dotted(const ast::Expr &expr) {
  if (auto *name = llvm::dyn_cast<ast::NameExpr>(&expr))
    return name->name.str();
  if (auto *member = llvm::dyn_cast<ast::MemberExpr>(&expr)) {
    std::string base = dotted(*member->base);
    return base.empty() ? base : base + "." + member->name.text.str();
  }
  return {};
}

llvm::StringRef lastPart(llvm::StringRef path) {
  size_t dot = path.rfind('.');
  return dot == llvm::StringRef::npos ? path : path.drop_front(dot + 1);
}

/// The call in a value that says its shape: `randn(a, b)` in `0.02 * randn(a, b)`.
const ast::CallExpr *creation(const ast::Expr &value) {
  if (auto *call = llvm::dyn_cast<ast::CallExpr>(&value)) {
    static constexpr llvm::StringLiteral makers[] = {"zeros", "ones", "randn", "rand", "empty", "full", "arange"};
    if (llvm::is_contained(makers, lastPart(dotted(*call->callee))) && !call->args.empty())
      return call;
    if (auto *member = llvm::dyn_cast<ast::MemberExpr>(call->callee))
      return creation(*member->base);
    return nullptr;
  }
  if (auto *binary = llvm::dyn_cast<ast::BinaryExpr>(&value)) {
    const ast::CallExpr *left = creation(*binary->lhs);
    return left ? left : creation(*binary->rhs);
  }
  if (auto *unary = llvm::dyn_cast<ast::UnaryExpr>(&value))
    return creation(*unary->operand);
  return nullptr;
}

/// `f32[a, b] = randn`, read off the value that a declaration is to have.
std::string declarationOf(const ast::Expr &value, const SourceManager &sources) {
  const ast::CallExpr *made = creation(value);
  std::string text = sources.text(value.range).str();
  if (!made)
    return "f32[...] = " + text;
  std::string callee = dotted(*made->callee);
  llvm::StringRef maker = lastPart(callee);
  std::string dims, dtype = maker == "arange" ? "i64" : "f32";
  llvm::ArrayRef<ast::Argument> args = made->args;
  bool plain = true;
  for (const ast::Argument &arg : args) {
    if (arg.name) {
      plain = false;
      continue;
    }
    llvm::StringRef written = sources.text(arg.value->range);
    if (maker == "full" || maker == "arange" ? !dims.empty() : false)
      continue;
    if (llvm::isa<ast::TupleExpr, ast::ListExpr>(arg.value))
      written = written.drop_front().drop_back().rtrim(", ");
    dims += (dims.empty() ? "" : ", ") + written.str();
  }
  bool whole = made == &value && plain && maker != "full" && maker != "arange";
  if (whole)
    text = maker == "empty" ? "zeros" : maker.str();
  return dtype + "[" + dims + "] = " + text;
}

} // namespace

llvm::StringRef Elaborator::keywordHint(llvm::StringRef name) { return find(kKeywordHints, name); }

Diagnostic &Elaborator::unknownName(llvm::StringRef name, SourceRange range) {
  Diagnostic &d = report(diag::unknownName, range, name);
  if (quiet)
    return d;
  FileScope &file = *frame->file;
  auto import = [&](const std::string &line) {
    SourceRange top{file.id, 0, 0};
    if (!file.tree.items.empty())
      top = file.tree.items.front()->range.start();
    d.suggest("add the import", top, line + "\n");
  };
  if (name == "nn" || name == "torch") {
    import("import " + name.str());
    return d;
  }
  if (name == "F") {
    import("import nn.functional as F");
    return d;
  }
  if (llvm::StringRef hint = find(kNameHints, name); !hint.empty()) {
    d.suggest(hint.str());
    return d;
  }
  if (name.size() <= 2 && llvm::isUpper(name[0])) {
    d.note(frame->body ? "sizes of inputs are known in methods only: the body runs before any input is there"
                       : "a size must stand alone in some argument's type to be known by name");
    return d;
  }
  // A layer without its `nn.`, an initialiser without its `nn.init.`.
  std::string prefix = "nn";
  bool imported = false;
  for (auto &[bound, entry] : file.names)
    if (auto *decl = llvm::dyn_cast<ast::ImportDecl>(entry.decl); decl && decl->path[0].text == "nn")
      if (decl->path.size() == 1 || !decl->alias) {
        prefix = bound.str();
        imported = true;
      }
  for (auto [path, inside] : {std::pair("nn.init", ".init"), std::pair("nn", "")})
    if (FileScope *library = libraryFile(path); library && !file.library)
      if (fileName(*library, name, /*exportedOnly=*/true)) {
        std::string full = prefix + inside + "." + name.str();
        if (imported)
          d.suggest("it is in `" + std::string(path) + "`", range, full);
        else
          d.suggest("it is in `" + std::string(path) + "`: write `import nn` at the top, and `" + full + "` here");
        return d;
      }
  return didYouMean(d, range, name, visibleNames());
}

void Elaborator::hintMember(Diagnostic &d, const Value &base, llvm::StringRef name, SourceRange range,
                            SourceRange nameRange) {
  if (quiet)
    return;
  if (llvm::StringRef hint = find(kTensorHints, name); !hint.empty()) {
    d.suggest(hint.str());
    return;
  }
  if (name.ends_with("_") && name.size() > 1) {
    d.note("tensors are values: there are no methods that change them in place");
    llvm::StringRef plain = name.drop_back(), op = find(kInPlace, name);
    llvm::StringRef object = sources.text({range.file, range.begin, nameRange.begin}).rtrim(". ");
    bool statement = frame->stmt && llvm::isa<ast::CallStmt>(frame->stmt) && frame->stmt->range == range;
    if (!op.empty())
      d.suggest(("write `" + object + " = " + object + " " + op + " ...`").str());
    else if (lookupGlobal(plain) && statement)
      d.suggest(("assign the result of `" + plain + "`").str(), {range.file, range.begin, nameRange.end},
                (object + " = " + object + "." + plain).str());
    else if (lookupGlobal(plain))
      d.suggest(("use `" + plain + "`, which gives a new tensor").str(), nameRange, plain.str());
    return;
  }
  llvm::SmallVector<llvm::StringRef> known;
  if (functional)
    appendFileNames(*functional, known);
  appendFileNames(*frame->file, known);
  didYouMean(d, nameRange, name, known);
}

void Elaborator::suggestMember(Diagnostic &d, const std::string &text, const std::string &line) {
  if (quiet || !frame->self || frame->self->cls->file->library || frame->self->cls->decl->body.empty())
    return;
  const ast::ModuleDecl &decl = *frame->self->cls->decl;
  const ast::Stmt *last = nullptr;
  for (const ast::Stmt *stmt : decl.body) {
    if (llvm::isa<ast::FunctionDecl>(stmt))
      break;
    last = stmt;
  }
  const ast::Stmt *beside = last ? last : decl.body.front();
  FileId file = beside->range.file;
  uint32_t first = sources.line(file, beside->range.begin);
  std::string indent(beside->range.begin - sources.lineStart(file, first), ' ');
  if (last) {
    // Behind the last declaration; the end of a block is the end of its last line.
    uint32_t number = sources.line(file, last->range.end);
    uint32_t end = sources.lineStart(file, number) + static_cast<uint32_t>(sources.lineText(file, number).size());
    if (llvm::isa<ast::ForStmt, ast::IfStmt, ast::WhileStmt>(last))
      d.suggest(text + ": `" + line + "`");
    else
      d.suggest(text, {file, end, end}, "\n" + indent + line);
    return;
  }
  uint32_t header = sources.line(file, decl.range.begin);
  if (header + 1 != first && beside->doc.empty() && beside->attrs.empty()) {
    d.suggest(text + ": `" + line + "`");
    return;
  }
  uint32_t end = sources.lineStart(file, header) + static_cast<uint32_t>(sources.lineText(file, header).size());
  d.suggest(text, {file, end, end}, "\n" + indent + line);
}

void Elaborator::suggestDeclaration(Diagnostic &d, llvm::StringRef name, const Value &value) {
  if (quiet)
    return;
  auto *assignment = llvm::dyn_cast_or_null<ast::AssignStmt>(frame->stmt);
  if (assignment && creation(*assignment->value) && llvm::isa<ast::NameExpr, ast::MemberExpr>(assignment->target)) {
    std::string rest = name.str() + ": " + declarationOf(*assignment->value, sources);
    d.suggest("declare it as a parameter, if it is to be trained", assignment->range, "param " + rest);
    d.suggest("or as a buffer, if it is only kept: `buffer " + rest + "`");
    return;
  }
  std::string type = tensorType(value) ? tensorType(value).text() : std::string("f32[...]");
  d.suggest("declare it: `param " + name.str() + ": " + type + " = ...`, or `buffer` if it is not trained");
}

void Elaborator::suggestReturn(Diagnostic &d, const ast::FunctionDecl &decl) {
  auto *last = decl.body.empty() ? nullptr : llvm::dyn_cast<ast::AssignStmt>(decl.body.back());
  auto *name = last ? llvm::dyn_cast<ast::NameExpr>(last->target) : nullptr;
  if (quiet || !name || sources.path(decl.range.file).starts_with(options.libraryPath)) {
    d.suggest("end it with `return ...`");
    return;
  }
  uint32_t start = sources.lineStart(last->range.file, sources.line(last->range.file, last->range.begin));
  d.also(last->range, "the last statement");
  d.suggest("return what was computed last", last->range.finish(),
            "\n" + std::string(last->range.begin - start, ' ') + "return " + name->name.str());
}

void Elaborator::suggestSize(Diagnostic &d, llvm::StringRef symbol, int64_t size) {
  std::string text = "write " + std::to_string(size) + " for " + symbol.str() + " in the signature";
  for (Frame *f = frame; f && !quiet; f = f->caller) {
    if (!f->function || f->file->library)
      continue;
    for (const ast::Param &param : f->function->params)
      if (auto *type = llvm::dyn_cast_or_null<ast::TensorType>(param.type))
        for (const ast::Expr *dim : type->dims)
          if (auto *name = llvm::dyn_cast<ast::NameExpr>(dim); name && name->name == symbol) {
            d.also(name->range, "this size is free");
            d.suggest(text, name->range, std::to_string(size));
            return;
          }
  }
  d.suggest(text);
}

void Elaborator::noteHiddenFunction(Diagnostic &d, const CallArgs &args) {
  if (quiet || args.calleeName.empty() || !functional)
    return;
  auto value = fileName(*functional, args.calleeName, /*exportedOnly=*/true);
  auto *function = value ? value->get<FunctionValue>() : nullptr;
  if (!function)
    return;
  auto &params = function->decl->params;
  bool fits = args.positional.size() <= params.size() && llvm::all_of(args.named, [&](auto &named) {
                return llvm::any_of(params, [&](const ast::Param &p) { return p.name.text == named.first; });
              });
  if (!fits)
    return;
  d.suggest("write `nn.functional." + args.calleeName.str() + "(...)`");
  d.note("`" + args.calleeName.str() + "` is the member of this module here, which hides the function: that one is " +
         "`nn.functional." + args.calleeName.str() + "`");
}

bool Elaborator::rejectDeclarationByCall(const ast::Stmt &stmt) {
  auto *assignment = llvm::dyn_cast<ast::AssignStmt>(&stmt);
  auto *statement = llvm::dyn_cast<ast::CallStmt>(&stmt);
  auto *call = assignment ? llvm::dyn_cast<ast::CallExpr>(assignment->value) : statement ? statement->call : nullptr;
  if (!call)
    return false;
  std::string callee = dotted(*call->callee);
  llvm::StringRef what = lastPart(callee);
  bool registers = what == "register_buffer" || what == "register_parameter";
  bool makes = what == "Parameter" || what == "Buffer";
  if (assignment ? !makes : !registers || call->args.size() < 2)
    return false;
  // Somebody's own function of that name is no mistake.
  ++quiet;
  bool was = frame->poisoned;
  Value known = eval(*call->callee);
  frame->poisoned = was;
  --quiet;
  if (!known.poisoned())
    return false;

  bool param = what == "Parameter" || what == "register_parameter";
  std::string name;
  const ast::Expr *value = nullptr;
  std::string flags;
  if (assignment) {
    std::string target = dotted(*assignment->target);
    name = target.empty() ? "name" : lastPart(target).str();
    value = call->args.empty() ? nullptr : call->args[0].value;
  } else {
    auto *text = llvm::dyn_cast<ast::StringExpr>(call->args[0].value);
    name = text && text->isLiteral() ? text->literal().str() : sources.text(call->args[0].value->range).str();
    value = call->args[1].value;
    if (auto *inner = llvm::dyn_cast<ast::CallExpr>(value); inner && lastPart(dotted(*inner->callee)) == "Parameter")
      value = inner->args.empty() ? nullptr : inner->args[0].value;
  }
  for (const ast::Argument &arg : call->args)
    if (arg.name.text == "persistent" || arg.name.text == "requires_grad")
      flags += ", " + sources.text(arg.range).str();
  std::string word = param ? "param" : "buffer", kind = param ? "a parameter" : "a buffer";
  std::string line = word + " " + name + ": " + (value ? declarationOf(*value, sources) : "f32[...]") + flags;
  Diagnostic &d = report(diag::declaredByCall, call->callee->range, callee,
                         kind + " is declared by `" + word + "`" + (frame->body ? "" : " in the module's body"));
  if (frame->body)
    d.suggest("declare it with its shape", stmt.range, line);
  else
    suggestMember(d, "declare it once, in the module's body", line);
  if (assignment && !frame->body)
    if (auto *local = llvm::dyn_cast<ast::NameExpr>(assignment->target))
      frame->locals[local->name] = Poison{};
  if (frame->body)
    addMember(saver.save(name), Poison{}, stmt.range);
  return true;
}
