// Declarations of a file: imports, modules, functions, exports, constants; argument lists and attributes.
#include "compiler/syntax/ParserImpl.h"

#include "llvm/ADT/StringSet.h"

using namespace modc;
using namespace modc::ast;
using llvm::ArrayRef;
using llvm::SmallVector;

Tree Parser::parseFile() {
  stream = lex(file, sources, diags);
  tokens = stream.tokens;
  Stmts items;
  while (!at(Kind::end)) {
    if (at(Kind::indent)) {
      error(diag::unexpectedIndent, here());
      skipBlock();
    } else if (!maybe(Kind::newline) && !maybe(Kind::dedent)) {
      size_t start = pos;
      if (const Stmt *item = parseTop())
        items.push_back(item);
      else
        recover(start);
    }
  }
  Tree tree;
  tree.file = file;
  tree.items = copy(ArrayRef<const Stmt *>(items));
  tree.hasErrors = failed || diags.numErrors() != errorsBefore || diags.overflowed();
  // The comment at the top may belong to the declaration right below.
  auto first = stream.docs.find(0);
  bool adjacent = stream.top && first != stream.docs.end() && first->second.firstLine == stream.top->firstLine;
  if (stream.top && !(adjacent && !items.empty() && !items[0]->doc.empty()))
    tree.doc = save(stream.top->text);
  return tree;
}

StringRef Parser::docHere() const {
  if (tokens.data() != stream.tokens.data())
    return {};
  auto found = stream.docs.find(static_cast<uint32_t>(pos));
  return found == stream.docs.end() ? StringRef() : StringRef(found->second.text).copy(arena);
}

Stmt *Parser::parseTop() {
  StringRef doc = docHere();
  SmallVector<Attribute> attrs;
  if (!parseAttributes(attrs))
    return nullptr;
  Stmt *item = parseTopBare();
  if (!item)
    return nullptr;
  // An import needs no words; the ones above it are the file's.
  if (!llvm::isa<ImportDecl, FromImportDecl>(item))
    item->doc = doc;
  item->attrs = copy(ArrayRef<Attribute>(attrs));
  if (!attrs.empty() && !llvm::isa<FunctionDecl, ModuleDecl, DeriveDecl>(item))
    error(diag::strayAttribute, attrs[0].range);
  return item;
}

Stmt *Parser::parseTopBare() {
  if (at(Kind::kwImport) || at(Kind::kwFrom) || at(Kind::kwDef) || beginsWith("module") || beginsWith("export"))
    lostBlock = false;
  if (at(Kind::kwImport))
    return parseImport();
  if (at(Kind::kwFrom))
    return parseFrom();
  if (at(Kind::kwDef))
    return parseFunction();
  if (beginsWith("module"))
    return parseModule();
  if (beginsWith("export"))
    return parseExport();
  if (beginsWith("class"))
    return parseClass();
  if (at(Kind::name) && peek(1).kind == Kind::assign)
    return parseConstant();
  return rejectTop();
}

std::nullptr_t Parser::rejectTop() {
  if (lostBlock || !mayReport() || rejectPythonStatement())
    return nullptr;
  if (at(Kind::name) && peek(1).kind == Kind::colon) {
    StringRef name = text(peek());
    take();
    rejectAnnotation(name, "leave the type out");
    return nullptr;
  }
  Diagnostic &d = error(diag::expectedDeclaration, here(), describeHere());
  if (at(Kind::string))
    d.suggest("to document the file or a declaration write `##` lines");
  else if (beginsLet())
    d.suggest("a constant of a file is written without `let`");
  else if (beginsDeclare())
    d.suggest("parameters and buffers belong into the body of a module");
  else if (at(Kind::kwIf) && text(peek(1)) == "__name__")
    d.suggest("leave it out: importing a file runs nothing");
  else if (at(Kind::name))
    didYouMean(d, here(), text(peek()), {"module", "import", "export", "from", "def"});
  return nullptr;
}

Stmt *Parser::parseImport() {
  SourceRange start = here();
  take();
  SmallVector<Identifier> path;
  if (!parseDotted(path, "the name of a file"))
    return nullptr;
  Identifier alias;
  if (maybe(Kind::kwAs)) {
    std::optional<Identifier> name = parseName("a name after `as`");
    if (!name)
      return nullptr;
    alias = *name;
  }
  if (at(Kind::comma)) {
    error(diag::importList, here()).suggest("begin a new line with `import`");
    return nullptr;
  }
  auto *node = make<ImportDecl>(start);
  node->path = copy(ArrayRef<Identifier>(path));
  node->alias = alias;
  return endLine() ? node : nullptr;
}

Stmt *Parser::parseFrom() {
  SourceRange start = here();
  take();
  if (at(Kind::dot) || at(Kind::ellipsis)) {
    error(diag::relativeImport, here());
    return nullptr;
  }
  SmallVector<Identifier> path;
  if (!parseDotted(path, "the name of a file") || !expect(Kind::kwImport, "`import`"))
    return nullptr;
  SmallVector<ImportedName> names;
  bool all = maybe(Kind::star);
  while (!all) {
    ImportedName imported;
    std::optional<Identifier> name = parseName("a name or `*`");
    if (!name)
      return nullptr;
    imported.name = *name;
    if (maybe(Kind::kwAs)) {
      std::optional<Identifier> alias = parseName("a name after `as`");
      if (!alias)
        return nullptr;
      imported.alias = *alias;
    }
    names.push_back(imported);
    if (!maybe(Kind::comma) || at(Kind::newline))
      break;
  }
  auto *node = make<FromImportDecl>(start);
  node->path = copy(ArrayRef<Identifier>(path));
  node->all = all;
  node->names = copy(ArrayRef<ImportedName>(names));
  return endLine() ? node : nullptr;
}

Stmt *Parser::parseModule() {
  SourceRange start = here();
  take();
  Identifier name = *parseName("a name");
  if (maybe(Kind::assign)) {
    const Expr *value = parseExpr();
    if (!value)
      return nullptr;
    auto *call = llvm::dyn_cast<CallExpr>(value);
    if (!call) {
      error(diag::deriveNeedsCall, value->range, name.text);
      return nullptr;
    }
    auto *node = make<DeriveDecl>(start);
    node->name = name;
    node->call = call;
    return endLine() ? node : nullptr;
  }
  SmallVector<Param> params;
  if (at(Kind::colon))
    error(diag::missingParameters, name.range, name.text).suggest("add `()`", behind(), "()");
  else if (!expect(Kind::lparen, "`(` and the constructor arguments") || !parseParams(params, name.text, false))
    return nullptr;
  if (!expectColon("`module`"))
    return nullptr;
  Block body = parseBlock("`module`", Context::module);
  auto *node = make<ModuleDecl>(start);
  node->name = name;
  node->params = copy(ArrayRef<Param>(params));
  node->body = body;
  return node;
}

Stmt *Parser::parseExport() {
  SourceRange start = here();
  take();
  Identifier name = *parseName("a name");
  SmallVector<Param> params;
  bool hasParams = maybe(Kind::lparen);
  if (hasParams && !parseParams(params, name.text, false))
    return nullptr;
  const Expr *value = nullptr;
  if (maybe(Kind::assign)) {
    value = parseExpr();
    if (!value)
      return nullptr;
  }
  auto *node = make<ExportDecl>(start);
  node->name = name;
  node->hasParams = hasParams;
  node->params = copy(ArrayRef<Param>(params));
  node->value = value;
  return endLine() ? node : nullptr;
}

Stmt *Parser::parseConstant() {
  SourceRange start = here();
  Identifier name = *parseName("a name");
  take();
  const Expr *value = parseExprs();
  if (!value)
    return nullptr;
  if (at(Kind::assign)) {
    error(diag::chainedAssignment, here());
    return nullptr;
  }
  auto *node = make<ConstantDecl>(start);
  node->name = name;
  node->value = value;
  return endLine() ? node : nullptr;
}

Stmt *Parser::parseFunction() {
  SourceRange start = here();
  take();
  std::optional<Identifier> name = parseName("the name of the function");
  if (!name)
    return nullptr;
  bool constructor = name->text == "__init__";
  Diagnostic *wrong = nullptr;
  if (constructor && !partOfClass(name->range, "its statements belong into the module's body"))
    wrong = &error(diag::initMethod, name->range);
  SmallVector<Param> params;
  if (!expect(Kind::lparen, "`(`") || !parseParams(params, name->text, context == Context::module))
    return nullptr;
  if (constructor && !params.empty())
    classArguments = params.front().range.to(params.back().range);
  if (wrong)
    wrong->suggest("give the arguments to the module, `module Net(" +
                   (params.empty() ? std::string("dim: int") : sources.text(classArguments).str()) +
                   "):`, and write the statements into its body");
  const Type *result = nullptr;
  if (maybe(Kind::arrow)) {
    result = parseType();
    if (!result)
      return nullptr;
  }
  if (!expectColon("`def`"))
    return nullptr;
  Block body = parseBlock("`def`", Context::function);
  auto *node = make<FunctionDecl>(start);
  node->name = *name;
  node->params = copy(ArrayRef<Param>(params));
  node->result = result;
  node->body = body;
  return node;
}

bool Parser::parseParams(llvm::SmallVectorImpl<Param> &params, StringRef owner, bool method) {
  if (method && atWord("self"))
    rejectSelf(owner);
  while (!at(Kind::rparen)) {
    Param param;
    if (!parseParam(param))
      return false;
    if (param.name)
      params.push_back(param);
    if (!maybe(Kind::comma))
      break;
  }
  checkParams(params);
  return expect(Kind::rparen, "`,` or `)`");
}

bool Parser::parseParam(Param &param) {
  SourceRange start = here();
  if (at(Kind::doubleStar)) {
    error(diag::doubleStar, here());
    return false;
  }
  param.star = maybe(Kind::star);
  std::optional<Identifier> name = parseName("the name of an argument");
  if (!name)
    return false;
  param.name = *name;
  if (rejectBaseClass(param)) {
    param.name = {};
    return true;
  }
  if (maybe(Kind::colon)) {
    param.type = parseType();
    if (!param.type)
      return false;
  }
  if (maybe(Kind::assign)) {
    param.init = parseExpr();
    if (!param.init)
      return false;
  }
  param.range = since(start);
  return true;
}

void Parser::checkParams(ArrayRef<Param> params) {
  llvm::StringMap<SourceRange> names;
  const Param *star = nullptr, *withDefault = nullptr;
  for (const Param &param : params) {
    auto [entry, isNew] = names.try_emplace(param.name.text, param.name.range);
    if (!isNew)
      error(diag::repeatedParameter, param.name.range, param.name.text).also(entry->second, "first declared here");
    if (param.star && star)
      error(diag::duplicateStar, param.range).also(star->range, "the first one");
    if (param.star)
      star = &param;
    if (param.init && !withDefault)
      withDefault = &param;
    if (!param.init && !param.star && withDefault && !star)
      error(diag::requiredAfterDefault, param.name.range, param.name.text)
          .also(withDefault->range, "this one has a default");
  }
}

bool Parser::parseAttributes(llvm::SmallVectorImpl<Attribute> &attrs) {
  while (at(Kind::at)) {
    Attribute attr;
    SourceRange start = here();
    take();
    std::optional<Identifier> name = parseName("the name of an attribute");
    if (!name)
      return false;
    attr.name = *name;
    if (at(Kind::dot)) {
      while (maybe(Kind::dot))
        maybe(Kind::name);
      SourceRange whole = since(start);
      StringRef dotted = sources.text(since(name->range));
      while (!at(Kind::newline) && !at(Kind::end))
        take();
      error(diag::dottedAttribute, whole, dotted).suggest("leave it out", since(start), "");
      maybe(Kind::newline);
      continue;
    }
    SmallVector<Argument> args;
    if (maybe(Kind::lparen) && !parseArguments(args))
      return false;
    attr.args = copy(ArrayRef<Argument>(args));
    attr.range = since(start);
    if (!endLine())
      return false;
    attrs.push_back(attr);
  }
  if (!attrs.empty() && (at(Kind::dedent) || at(Kind::end) || at(Kind::indent))) {
    error(diag::strayAttribute, attrs.back().range);
    return false;
  }
  return true;
}
