// `if`, `for` and `while`.
#include "compiler/syntax/ParserImpl.h"

using namespace modc;
using namespace modc::ast;
using llvm::ArrayRef;
using llvm::SmallVector;

Stmt *Parser::parseIf() {
  SourceRange start = here();
  SmallVector<IfBranch> branches;
  bool hasElse = false;
  Block otherwise;
  StringRef owner = "`if`";
  take();
  while (true) {
    IfBranch branch;
    branch.cond = parseExpr();
    if (!branch.cond || !expectColon(owner))
      return nullptr;
    branch.body = parseBlock(owner, context);
    branches.push_back(branch);
    if (maybe(Kind::kwElif)) {
      owner = "`elif`";
      continue;
    }
    if (at(Kind::kwElse) && peek(1).kind == Kind::kwIf) {
      SourceRange both{file, peek().begin, peek(1).end};
      error(diag::elseIf, both).suggest("write `elif`", both, "elif");
      take();
      take();
      continue;
    }
    break;
  }
  if (maybe(Kind::kwElse)) {
    if (!expectColon("`else`"))
      return nullptr;
    hasElse = true;
    otherwise = parseBlock("`else`", context);
  }
  auto *node = make<IfStmt>(start);
  node->branches = copy(ArrayRef<IfBranch>(branches));
  node->hasElse = hasElse;
  node->otherwise = otherwise;
  return node;
}

void Parser::rejectLoopElse() {
  if (!at(Kind::kwElse))
    return;
  size_t start = pos;
  error(diag::loopElse, here());
  recover(start);
}

Stmt *Parser::parseFor() {
  SourceRange start = here();
  take();
  const Expr *target = parseTargets();
  if (!target || !expect(Kind::kwIn, "`in`"))
    return nullptr;
  const Expr *iter = parseExprs();
  if (!iter || !expectColon("`for`"))
    return nullptr;
  Block body = parseBlock("`for`", context);
  auto *node = make<ForStmt>(start);
  node->target = target;
  node->iter = iter;
  node->body = body;
  rejectLoopElse();
  return node;
}

Stmt *Parser::parseWhile() {
  SourceRange start = here();
  take();
  const Expr *condition = parseExpr();
  if (!condition || !expectColon("`while`"))
    return nullptr;
  Block body = parseBlock("`while`", context);
  auto *node = make<WhileStmt>(start);
  node->cond = condition;
  node->body = body;
  rejectLoopElse();
  return node;
}
