// What people type who come from PyTorch, recognised so that the message says how the language does it.
#include "compiler/syntax/ParserImpl.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace modc;
using namespace modc::ast;
using llvm::SmallVector;

bool Parser::rejectPythonStatement() {
  if (!at(Kind::name))
    return false;
  StringRef word = text(peek());
  Kind next = peek(1).kind;
  bool alone = next == Kind::newline || next == Kind::end;
  bool clause = next == Kind::colon || next == Kind::name;
  if ((word == "try" || word == "finally") && next == Kind::colon) {
    error(diag::exceptions, here(), word);
    // Its handlers would be the same mistake once more.
    do {
      skipLine();
      skipBlock();
    } while (atWord("except") || atWord("finally") || at(Kind::kwElse));
    return true;
  }
  if ((word == "except" && clause) || (word == "raise" && (alone || next == Kind::name))) {
    Diagnostic &d = error(diag::exceptions, here(), word);
    if (word == "raise")
      d.suggest("write `assert condition, \"text\"`");
    return true;
  }
  if ((word == "break" || word == "continue") && alone) {
    error(diag::loopJump, here(), word);
    return true;
  }
  if (word == "with" && next == Kind::name) {
    error(diag::withStatement, here()).suggest("leave it out");
    return true;
  }
  bool other = word == "del" || word == "global" || word == "nonlocal" || word == "yield" || word == "await";
  if ((other && (next == Kind::name || (word == "yield" && alone))) || (word == "async" && next == Kind::kwDef)) {
    error(diag::pythonStatement, here(), word);
    return true;
  }
  return false;
}

bool Parser::rejectPythonExpr() {
  Kind next = peek(1).kind;
  if (!atWord("lambda") || (next != Kind::name && next != Kind::colon && next != Kind::star))
    return false;
  SourceRange start = here();
  Diagnostic &d = error(diag::lambda, start);
  take();
  SourceRange arguments = here();
  while (!at(Kind::colon) && !at(Kind::newline) && !at(Kind::end))
    take();
  arguments.end = std::max(arguments.begin, lastEnd);
  bool whole = maybe(Kind::colon);
  SourceRange value = here();
  if (whole && parseExpr()) {
    d.range = since(start);
    value.end = lastEnd;
    d.suggest("declare it in the file and pass its name: `def act(" + sources.text(arguments).str() + "): return " +
              sources.text(value).str() + "`");
  } else {
    d.suggest("declare a `def` and pass its name");
  }
  return true;
}

bool Parser::rejectPythonOperator() {
  auto spelled = [&](StringRef word) {
    error(diag::cOperator, here(), text(peek())).suggest("write `" + word.str() + "`", here(), word.str());
    return true;
  };
  switch (peek().kind) {
  case Kind::walrus:
    error(diag::walrus, here());
    return true;
  case Kind::andAnd:
    return spelled("and");
  case Kind::orOr:
    return spelled("or");
  case Kind::bang:
    return spelled("not ");
  case Kind::caret:
  case Kind::shiftLeft:
  case Kind::shiftRight:
    error(diag::missingOperator, here(), text(peek()));
    return true;
  case Kind::assign:
    error(diag::assignmentInExpression, here()).suggest("to compare write `==`", here(), "==");
    return true;
  case Kind::string:
    if (pos == 0 || tokens[pos - 1].kind != Kind::string)
      return false;
    error(diag::adjacentStrings, here()).suggest("join them with `+`", behind(), " +");
    return true;
  default:
    return false;
  }
}

bool Parser::rejectSuper(const Expr *value) {
  const Expr *base = value;
  while (true) {
    if (auto *call = llvm::dyn_cast<CallExpr>(base))
      base = call->callee;
    else if (auto *member = llvm::dyn_cast<MemberExpr>(base))
      base = member->base;
    else
      break;
  }
  auto *name = llvm::dyn_cast<NameExpr>(base);
  if (!name || name->name != "super" || base == value)
    return false;
  if (partOfClass(value->range, "there is nothing to set up: leave it out"))
    return true;
  error(diag::superCall, value->range).suggest("leave it out", value->range, "");
  return true;
}

bool Parser::rejectBaseClass(const Param &param) {
  if (!at(Kind::dot))
    return false;
  while (maybe(Kind::dot))
    maybe(Kind::name);
  SourceRange whole = since(param.name.range);
  SourceRange edit = whole;
  if (at(Kind::comma))
    edit.end = peek(1).begin;
  error(diag::baseClass, whole, sources.text(whole)).suggest("leave it out", edit, "");
  return true;
}

void Parser::rejectSelf(StringRef owner) {
  SourceRange start = here();
  take();
  maybe(Kind::comma);
  SourceRange upTo{file, start.begin, peek().begin};
  // `__init__` has its own message, which says more.
  if (owner != "__init__" && !partOfClass(start, "`self` is no argument: leave it out"))
    error(diag::selfParameter, start, owner).suggest("leave it out", upTo, "");
}

bool Parser::partOfClass(SourceRange place, const char *text) {
  if (!pastedClass)
    return false;
  failed = true;
  // The first of each kind; the others are like it.
  if (llvm::none_of(pastedClass->labels, [&](const Label &label) { return label.text == text; }))
    pastedClass->also(place, text);
  return true;
}

Stmt *Parser::parseClass() {
  SourceRange start = here();
  take();
  Identifier name = *parseName("a name");
  unsigned depth = 0;
  do {
    depth += at(Kind::lparen);
    depth -= at(Kind::rparen) && depth > 0;
    if (at(Kind::lparen) || depth > 0 || at(Kind::rparen))
      take();
  } while (depth > 0 && !at(Kind::newline) && !at(Kind::end));
  SourceRange header = since(start);
  Diagnostic &d = error(diag::classKeyword, header);
  std::string module = "module " + name.text.str() + "()";
  if (context != Context::file) {
    d.suggest("write `module` and the constructor arguments", header, module);
    return nullptr;
  }
  llvm::SaveAndRestore<Diagnostic *> pasted(pastedClass, &d);
  classArguments = {};
  bool colon = expectColon("`module`");
  Block body = colon ? parseBlock("`module`", Context::module) : Block();
  if (classArguments.valid())
    module = "module " + name.text.str() + "(" + sources.text(classArguments).str() + ")";
  d.suggest("a class becomes a module; the arguments of `__init__` become those of the module", header, module);
  if (!colon)
    return nullptr;
  auto *node = make<ModuleDecl>(start);
  node->name = name;
  node->body = body;
  return node;
}
