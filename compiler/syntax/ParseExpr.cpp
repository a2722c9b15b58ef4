// Expressions: the operators, loosest first. Primaries, calls and subscripts are in ParsePrimary.cpp.
#include "compiler/syntax/ParserImpl.h"

using namespace modc;
using namespace modc::ast;
using llvm::ArrayRef;
using llvm::SmallVector;

bool Parser::endsExprs() const {
  Kind kind = peek().kind;
  return kind == Kind::newline || kind == Kind::end || kind == Kind::assign || kind == Kind::colon ||
         kind == Kind::rparen || kind == Kind::rsquare || kind == Kind::rbrace ||
         (kind >= Kind::plusAssign && kind <= Kind::pipeAssign);
}

const Expr *Parser::finishTuple(ArrayRef<const Expr *> items, SourceRange start) {
  auto *tuple = make<TupleExpr>(start);
  tuple->items = copy(items);
  for (const Expr *item : items)
    if (!adopt(tuple, item))
      return nullptr;
  return tuple;
}

const Expr *Parser::parseExprs() {
  SourceRange start = here();
  const Expr *first = parseStarExpr();
  if (!first)
    return nullptr;
  if (!at(Kind::comma)) {
    if (auto *star = llvm::dyn_cast<StarExpr>(first)) {
      error(diag::starHere, star->range).suggest("a tuple of one item needs a comma after it");
      return nullptr;
    }
    return first;
  }
  SmallVector<const Expr *> items = {first};
  while (maybe(Kind::comma) && !endsExprs()) {
    const Expr *item = parseStarExpr();
    if (!item)
      return nullptr;
    items.push_back(item);
  }
  return finishTuple(items, start);
}

const Expr *Parser::parseStarExpr() {
  if (!at(Kind::star))
    return parseExpr();
  SourceRange start = here();
  take();
  const Expr *value = parseOr();
  if (!value)
    return nullptr;
  auto *star = make<StarExpr>(start);
  star->value = value;
  return adopt(star, value) ? star : nullptr;
}

const Expr *Parser::finishConditional(const Expr *then, const Expr *condition, SourceRange start) {
  const Expr *otherwise = parseExpr();
  if (!otherwise)
    return nullptr;
  auto *node = make<ConditionalExpr>(start);
  node->cond = condition;
  node->then = then;
  node->otherwise = otherwise;
  return adopt(node, condition) && adopt(node, then) && adopt(node, otherwise) ? node : nullptr;
}

const Expr *Parser::parseExpr() {
  Nesting level(*this);
  if (tooDeep())
    return nullptr;
  SourceRange start = here();
  const Expr *value = parseOr();
  if (!value || !maybe(Kind::kwIf))
    return value;
  const Expr *condition = parseOr();
  if (!condition)
    return nullptr;
  if (!maybe(Kind::kwElse))
    return fail("`else` (a conditional expression is `a if c else b`)");
  return finishConditional(value, condition, start);
}

const Expr *Parser::parseOr() {
  Nesting level(*this);
  if (tooDeep())
    return nullptr;
  SourceRange start = here();
  const Expr *left = parseAnd();
  while (left && maybe(Kind::kwOr)) {
    const Expr *right = parseAnd();
    if (!right)
      return nullptr;
    auto *node = make<LogicExpr>(start);
    node->op = LogicOp::logicalOr;
    node->lhs = left;
    node->rhs = right;
    left = adopt(node, left) && adopt(node, right) ? node : nullptr;
  }
  return left;
}

const Expr *Parser::parseAnd() {
  SourceRange start = here();
  const Expr *left = parseNot();
  while (left && maybe(Kind::kwAnd)) {
    const Expr *right = parseNot();
    if (!right)
      return nullptr;
    auto *node = make<LogicExpr>(start);
    node->op = LogicOp::logicalAnd;
    node->lhs = left;
    node->rhs = right;
    left = adopt(node, left) && adopt(node, right) ? node : nullptr;
  }
  return left;
}

const Expr *Parser::parseNot() {
  if (!at(Kind::kwNot))
    return parseCompare();
  Nesting level(*this);
  if (tooDeep())
    return nullptr;
  SourceRange start = here();
  take();
  const Expr *operand = parseNot();
  if (!operand)
    return nullptr;
  auto *node = make<UnaryExpr>(start);
  node->op = UnaryOp::logicalNot;
  node->operand = operand;
  return adopt(node, operand) ? node : nullptr;
}

static std::optional<CompareOp> compareOp(Token::Kind kind, Token::Kind next) {
  using Kind = Token::Kind;
  switch (kind) {
  case Kind::eq:
    return CompareOp::eq;
  case Kind::ne:
    return CompareOp::ne;
  case Kind::lt:
    return CompareOp::lt;
  case Kind::le:
    return CompareOp::le;
  case Kind::gt:
    return CompareOp::gt;
  case Kind::ge:
    return CompareOp::ge;
  case Kind::kwIn:
    return CompareOp::in;
  case Kind::kwNot:
    return next == Kind::kwIn ? std::optional(CompareOp::notIn) : std::nullopt;
  case Kind::kwIs:
    return next == Kind::kwNot ? CompareOp::isNot : CompareOp::is;
  default:
    return std::nullopt;
  }
}

const Expr *Parser::parseCompare() {
  SourceRange start = here();
  const Expr *first = parseBinary(0);
  if (!first)
    return nullptr;
  SmallVector<const Expr *, 2> operands = {first};
  SmallVector<CompareOp, 1> ops;
  while (std::optional<CompareOp> op = compareOp(peek().kind, peek(1).kind)) {
    take();
    if (*op == CompareOp::notIn || *op == CompareOp::isNot)
      take();
    const Expr *next = parseBinary(0);
    if (!next)
      return nullptr;
    ops.push_back(*op);
    operands.push_back(next);
  }
  if (ops.empty())
    return first;
  auto *node = make<CompareExpr>(start);
  node->operands = copy(ArrayRef<const Expr *>(operands));
  node->ops = copy(ArrayRef<CompareOp>(ops));
  for (const Expr *operand : operands)
    if (!adopt(node, operand))
      return nullptr;
  return node;
}

/// The operator of a binary level, loosest first.
static std::optional<BinaryOp> binaryOp(Token::Kind kind, unsigned level) {
  using Kind = Token::Kind;
  switch (kind) {
  case Kind::pipe:
    return level == 0 ? std::optional(BinaryOp::bitOr) : std::nullopt;
  case Kind::amp:
    return level == 1 ? std::optional(BinaryOp::bitAnd) : std::nullopt;
  case Kind::plus:
    return level == 2 ? std::optional(BinaryOp::add) : std::nullopt;
  case Kind::minus:
    return level == 2 ? std::optional(BinaryOp::sub) : std::nullopt;
  case Kind::star:
    return level == 3 ? std::optional(BinaryOp::mul) : std::nullopt;
  case Kind::slash:
    return level == 3 ? std::optional(BinaryOp::div) : std::nullopt;
  case Kind::doubleSlash:
    return level == 3 ? std::optional(BinaryOp::floorDiv) : std::nullopt;
  case Kind::percent:
    return level == 3 ? std::optional(BinaryOp::mod) : std::nullopt;
  case Kind::at:
    return level == 3 ? std::optional(BinaryOp::matmul) : std::nullopt;
  default:
    return std::nullopt;
  }
}

const Expr *Parser::parseBinary(unsigned level) {
  if (level == 4)
    return parseUnary();
  SourceRange start = here();
  const Expr *left = parseBinary(level + 1);
  while (left) {
    std::optional<BinaryOp> op = binaryOp(peek().kind, level);
    if (!op)
      return left;
    SourceRange opRange = range(take());
    const Expr *right = parseBinary(level + 1);
    if (!right)
      return nullptr;
    auto *node = make<BinaryExpr>(start);
    node->op = *op;
    node->opRange = opRange;
    node->lhs = left;
    node->rhs = right;
    left = adopt(node, left) && adopt(node, right) ? node : nullptr;
  }
  return nullptr;
}

const Expr *Parser::parseUnary() {
  SourceRange start = here();
  std::optional<UnaryOp> op;
  if (at(Kind::minus))
    op = UnaryOp::neg;
  else if (at(Kind::plus))
    op = UnaryOp::pos;
  else if (at(Kind::tilde))
    op = UnaryOp::invert;
  if (op) {
    Nesting level(*this);
    if (tooDeep())
      return nullptr;
    take();
    const Expr *operand = parseUnary();
    if (!operand)
      return nullptr;
    auto *node = make<UnaryExpr>(start);
    node->op = *op;
    node->operand = operand;
    return adopt(node, operand) ? node : nullptr;
  }
  const Expr *base = parsePostfix();
  if (!base || !at(Kind::doubleStar))
    return base;
  Nesting level(*this);
  if (tooDeep())
    return nullptr;
  SourceRange opRange = range(take());
  const Expr *exponent = parseUnary();
  if (!exponent)
    return nullptr;
  auto *node = make<BinaryExpr>(start);
  node->op = BinaryOp::pow;
  node->opRange = opRange;
  node->lhs = base;
  node->rhs = exponent;
  return adopt(node, base) && adopt(node, exponent) ? node : nullptr;
}
