// Statements and blocks. An error ends one statement; the next one is read again.
#include "compiler/syntax/ParserImpl.h"

#include "llvm/Support/SaveAndRestore.h"

using namespace modc;
using namespace modc::ast;
using llvm::ArrayRef;
using llvm::SmallVector;

void Parser::recover(size_t start) {
  // A rule that found its line whole but wrong has already taken the line's end.
  bool lineTaken = pos > start && (tokens[pos - 1].kind == Kind::newline || tokens[pos - 1].kind == Kind::dedent);
  if (!lineTaken)
    skipLine();
  skipBlock();
  if (pos == start)
    take();
  // The other branches of a broken `if` or loop would be without their beginning.
  Kind first = tokens[start].kind;
  bool branching = first == Kind::kwIf || first == Kind::kwFor || first == Kind::kwWhile || first == Kind::kwElse ||
                   first == Kind::kwElif;
  while (branching && (at(Kind::kwElif) || at(Kind::kwElse))) {
    skipLine();
    skipBlock();
  }
}

bool Parser::endLine() {
  if (maybe(Kind::newline) || at(Kind::end))
    return true;
  fail("the end of the line");
  return false;
}

bool Parser::expectColon(StringRef owner) {
  if (maybe(Kind::colon))
    return true;
  if (!mayReport() || rejectPythonOperator())
    return false;
  if (at(Kind::newline)) {
    // The block that follows is read as if the colon were there.
    error(diag::missingColon, behind(), owner).suggest("add it", behind(), ":");
    return true;
  }
  fail("`:`");
  return false;
}

Block Parser::parseBlock(StringRef owner, Context inside) {
  Nesting level(*this);
  if (tooDeep())
    return {};
  llvm::SaveAndRestore<Context> scope(context, inside);
  Stmts out;
  if (!at(Kind::newline)) {
    size_t start = pos;
    if (Stmt *stmt = parseSimple())
      out.push_back(stmt);
    else
      recover(start);
  } else {
    SourceRange place = behind();
    take();
    if (!maybe(Kind::indent)) {
      lostBlock = true;
      error(diag::missingBlock, place, owner).suggest("indent what belongs to it, or write `pass`");
      return {};
    }
    parseStatements(out);
    maybe(Kind::dedent);
  }
  return copy(ArrayRef<const Stmt *>(out));
}

void Parser::parseStatements(Stmts &out) {
  unsigned extra = 0;
  while (!at(Kind::end)) {
    if (at(Kind::indent)) {
      error(diag::unexpectedIndent, here());
      take();
      ++extra;
    } else if (at(Kind::dedent)) {
      if (extra == 0)
        return;
      take();
      --extra;
    } else if (!maybe(Kind::newline)) {
      size_t start = pos;
      if (const Stmt *stmt = parseStatement())
        out.push_back(stmt);
      else
        recover(start);
    }
  }
}

Stmt *Parser::parseStatement() {
  StringRef doc = docHere();
  SmallVector<Attribute> attrs;
  if (!parseAttributes(attrs))
    return nullptr;
  Stmt *stmt = parseBare();
  if (!stmt)
    return nullptr;
  stmt->doc = doc;
  stmt->attrs = copy(ArrayRef<Attribute>(attrs));
  if (!attrs.empty() && !llvm::isa<FunctionDecl, DeclareStmt>(stmt))
    error(diag::strayAttribute, attrs[0].range);
  return stmt;
}

Stmt *Parser::parseBare() {
  switch (peek().kind) {
  case Kind::kwDef:
    if (context == Context::function && mayReport())
      error(diag::nestedFunction, here(), text(peek(1))).suggest("move it to the file or into the module");
    return parseFunction();
  case Kind::kwIf:
    return parseIf();
  case Kind::kwFor:
    return parseFor();
  case Kind::kwWhile:
    return parseWhile();
  case Kind::kwElif:
  case Kind::kwElse:
    error(diag::strayElse, here(), text(peek()));
    return nullptr;
  case Kind::kwImport:
  case Kind::kwFrom:
    error(diag::nestedDeclaration, here(), "`" + text(peek()).str() + "`");
    return nullptr;
  default:
    break;
  }
  if (beginsWith("module") || beginsWith("export")) {
    error(diag::nestedDeclaration, here(), "`" + text(peek()).str() + "`");
    return nullptr;
  }
  if (beginsWith("class"))
    return parseClass();
  if (rejectPythonStatement())
    return nullptr;
  return parseSimple();
}

bool Parser::beginsWith(StringRef word) const { return atWord(word) && peek(1).kind == Kind::name; }

bool Parser::beginsDeclare() const {
  return (atWord("param") || atWord("buffer")) && (peek(1).kind == Kind::name || peek(1).kind == Kind::string);
}

bool Parser::beginsLet() const {
  if (!atWord("let"))
    return false;
  if (peek(1).kind == Kind::name)
    return true;
  if (peek(1).kind != Kind::lparen)
    return false;
  // `let (a, b) = c` or a call of something named `let`: what follows the parenthesis tells.
  unsigned depth = 0;
  for (size_t at = pos + 1; at < tokens.size(); ++at) {
    Kind kind = tokens[at].kind;
    depth += kind == Kind::lparen;
    if (kind == Kind::newline || kind == Kind::end)
      return false;
    if (kind == Kind::rparen && --depth == 0) {
      Kind next = tokens[at + 1].kind;
      return next == Kind::assign || next == Kind::comma;
    }
  }
  return false;
}

Stmt *Parser::parseSimple() {
  Stmt *stmt = nullptr;
  SourceRange start = here();
  if (beginsDeclare())
    stmt = parseDeclare();
  else if (beginsLet())
    stmt = parseLet();
  else if (at(Kind::kwReturn))
    stmt = parseReturn();
  else if (at(Kind::kwAssert))
    stmt = parseAssert();
  else if (maybe(Kind::kwPass))
    stmt = make<PassStmt>(start);
  else if (rejectPythonStatement())
    return nullptr;
  else
    stmt = parseExprStatement();
  return stmt && endLine() ? stmt : nullptr;
}

Stmt *Parser::parseDeclare() {
  SourceRange start = here();
  StringRef word = text(take());
  Identifier name;
  const StringExpr *computed = nullptr;
  if (at(Kind::string)) {
    computed = parseString();
    if (!computed)
      return nullptr;
  } else {
    name = *parseName("a name");
  }
  SourceRange nameRange = computed ? computed->range : name.range;
  if (at(Kind::assign) || at(Kind::newline)) {
    std::string shown = sources.text(nameRange).str();
    error(diag::missingType, nameRange, word, computed ? shown : "`" + shown + "`")
        .suggest("write the element type and the dimensions, as in `" + word.str() + " " + shown + ": f32[n] = ...`");
    return nullptr;
  }
  if (!expect(Kind::colon, "`:` and a type"))
    return nullptr;
  const Type *type = parseType();
  if (!type)
    return nullptr;
  const Expr *init = nullptr, *condition = nullptr;
  if (maybe(Kind::assign)) {
    init = parseInit(condition);
    if (!init)
      return nullptr;
  } else if (maybe(Kind::kwIf)) {
    condition = parseOr();
    if (!condition)
      return nullptr;
  }
  SmallVector<Flag> flags;
  while (maybe(Kind::comma)) {
    Flag flag;
    std::optional<Identifier> flagName = parseName("a flag such as `persistent=False`");
    if (!flagName || !expect(Kind::assign, "`=`"))
      return nullptr;
    flag.name = *flagName;
    flag.value = parseOr();
    if (!flag.value)
      return nullptr;
    flags.push_back(flag);
  }
  auto *node = make<DeclareStmt>(start);
  node->what = word == "param" ? DeclareStmt::What::param : DeclareStmt::What::buffer;
  node->name = name;
  node->computedName = computed;
  node->type = type;
  node->init = init;
  node->cond = condition;
  node->flags = copy(ArrayRef<Flag>(flags));
  return node;
}

const Expr *Parser::parseInit(const Expr *&condition) {
  SourceRange start = here();
  const Expr *value = parseOr();
  if (!value || !maybe(Kind::kwIf))
    return value;
  const Expr *test = parseOr();
  if (!test)
    return nullptr;
  if (maybe(Kind::kwElse))
    return finishConditional(value, test, start);
  condition = test;
  return value;
}

Stmt *Parser::parseLet() {
  SourceRange start = here();
  take();
  const Expr *target = parseTargets();
  if (!target || !expect(Kind::assign, "`=`"))
    return nullptr;
  const Expr *value = parseExprs();
  if (!value)
    return nullptr;
  auto *node = make<LetStmt>(start);
  node->target = target;
  node->value = value;
  return node;
}

Stmt *Parser::parseExprStatement() {
  SourceRange start = here();
  const Expr *left = parseExprs();
  if (!left)
    return nullptr;
  if (at(Kind::assign))
    return finishAssignment(left, start);
  if (peek().kind >= Kind::plusAssign && peek().kind <= Kind::pipeAssign)
    return finishAugmented(left, start);
  if (at(Kind::colon) && llvm::isa<NameExpr, MemberExpr>(left)) {
    rejectAnnotation(sources.text(left->range), "leave the type out; only a `param` or `buffer` is declared with one");
    return nullptr;
  }
  if (rejectSuper(left))
    return nullptr;
  auto *call = llvm::dyn_cast<CallExpr>(left);
  if (!call) {
    if (at(Kind::newline) || at(Kind::end))
      reportNoEffect(left);
    else
      fail("the end of the line");
    return nullptr;
  }
  auto *node = make<CallStmt>(start);
  node->call = call;
  return node;
}

/// At the colon of `name: type = value`.
void Parser::rejectAnnotation(StringRef name, const char *help) {
  SourceRange start = here();
  Diagnostic &d = error(diag::annotatedAssignment, start, name);
  take();
  if (parseType() && at(Kind::assign)) {
    d.range = since(start);
    d.suggest(help, d.range, "");
  } else {
    d.suggest(help);
  }
}

void Parser::reportNoEffect(const Expr *expr) {
  Diagnostic &d = error(diag::noEffect, expr->range);
  if (llvm::isa<StringExpr>(expr))
    d.suggest("to document a declaration write `##` lines before it");
  else if (llvm::isa<EllipsisExpr>(expr))
    d.suggest("write `pass` for an empty block", expr->range, "pass");
  else if (auto *compare = llvm::dyn_cast<CompareExpr>(expr); compare && compare->ops[0] == CompareOp::eq)
    d.suggest("to assign write `=`");
  else if (llvm::isa<NameExpr, MemberExpr>(expr))
    d.suggest("to call it write `()` after it");
}

/// What a message calls something that cannot be assigned to; empty for what can.
static llvm::StringRef notTarget(const Expr *expr) {
  switch (expr->kind) {
  case Expr::Kind::name:
  case Expr::Kind::member:
  case Expr::Kind::subscript:
    return "";
  case Expr::Kind::call:
    return "a call";
  case Expr::Kind::none:
  case Expr::Kind::boolean:
  case Expr::Kind::ellipsis:
    return "a constant";
  case Expr::Kind::integer:
  case Expr::Kind::floating:
    return "a number";
  case Expr::Kind::string:
    return "a string";
  case Expr::Kind::star:
    return "a `*` target: targets take one value each";
  case Expr::Kind::compare:
    return "a comparison";
  default:
    return "this expression";
  }
}

bool Parser::checkTarget(const Expr *target) {
  ArrayRef<const Expr *> items;
  if (auto *tuple = llvm::dyn_cast<TupleExpr>(target))
    items = tuple->items;
  else if (auto *list = llvm::dyn_cast<ListExpr>(target))
    items = list->items;
  else if (llvm::StringRef what = notTarget(target); what.empty())
    return true;
  else {
    error(diag::badTarget, target->range, what);
    return false;
  }
  if (items.empty()) {
    error(diag::badTarget, target->range, "nothing");
    return false;
  }
  return llvm::all_of(items, [&](const Expr *item) { return checkTarget(item); });
}

Stmt *Parser::finishAssignment(const Expr *target, SourceRange start) {
  take();
  if (!checkTarget(target))
    return nullptr;
  const Expr *value = parseExprs();
  if (!value)
    return nullptr;
  if (at(Kind::assign)) {
    error(diag::chainedAssignment, here());
    return nullptr;
  }
  auto *node = make<AssignStmt>(start);
  node->target = target;
  node->value = value;
  return node;
}

Stmt *Parser::finishAugmented(const Expr *target, SourceRange start) {
  static constexpr BinaryOp ops[] = {BinaryOp::add,      BinaryOp::sub,  BinaryOp::mul, BinaryOp::div,
                                     BinaryOp::floorDiv, BinaryOp::mod,  BinaryOp::pow, BinaryOp::matmul,
                                     BinaryOp::bitAnd,   BinaryOp::bitOr};
  Token op = take();
  if (llvm::isa<TupleExpr, ListExpr>(target)) {
    error(diag::badTarget, target->range, "several targets at once with `" + text(op).str() + "`");
    return nullptr;
  }
  if (!checkTarget(target))
    return nullptr;
  const Expr *value = parseExprs();
  if (!value)
    return nullptr;
  auto *node = make<AugmentedStmt>(start);
  node->target = target;
  node->op = ops[static_cast<unsigned>(op.kind) - static_cast<unsigned>(Kind::plusAssign)];
  node->opRange = range(op);
  node->value = value;
  return node;
}

Stmt *Parser::parseReturn() {
  SourceRange start = here();
  take();
  const Expr *value = nullptr;
  if (!at(Kind::newline) && !at(Kind::end)) {
    value = parseExprs();
    if (!value)
      return nullptr;
  }
  auto *node = make<ReturnStmt>(start);
  node->value = value;
  // After a block that was not found this is most likely what it should hold.
  if (context != Context::function && !lostBlock)
    error(diag::returnOutside, start);
  return node;
}

Stmt *Parser::parseAssert() {
  SourceRange start = here();
  take();
  const Expr *condition = parseExpr(), *message = nullptr;
  if (!condition)
    return nullptr;
  if (maybe(Kind::comma)) {
    message = parseExpr();
    if (!message)
      return nullptr;
  }
  auto *node = make<AssertStmt>(start);
  node->cond = condition;
  node->message = message;
  return node;
}
