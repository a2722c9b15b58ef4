// Names, literals, brackets, comprehensions, and what follows them: members, calls, subscripts. Targets of assignments.
#include "compiler/syntax/ParserImpl.h"

#include "llvm/ADT/StringSet.h"
#include <charconv>
#include <cmath>
#include <cstdlib>

using namespace modc;
using namespace modc::ast;
using llvm::ArrayRef;
using llvm::SmallVector;
using llvm::SmallVectorImpl;

const Expr *Parser::parsePostfix() {
  SourceRange start = here();
  const Expr *node = parsePrimary();
  while (node) {
    if (maybe(Kind::dot)) {
      std::optional<Identifier> name = parseName("a name after `.`");
      if (!name)
        return nullptr;
      auto *member = make<MemberExpr>(start);
      member->base = node;
      member->name = *name;
      node = adopt(member, node) ? member : nullptr;
    } else if (at(Kind::lparen)) {
      node = parseCall(node, start);
    } else if (at(Kind::lsquare)) {
      node = parseSubscripts(node, start);
    } else {
      return node;
    }
  }
  return nullptr;
}

const Expr *Parser::parseCall(const Expr *callee, SourceRange start) {
  take();
  SmallVector<Argument> args;
  if (!parseArguments(args))
    return nullptr;
  auto *call = make<CallExpr>(start);
  call->callee = callee;
  call->args = copy(ArrayRef<Argument>(args));
  if (!adopt(call, callee))
    return nullptr;
  for (const Argument &arg : args)
    if (!adopt(call, arg.value))
      return nullptr;
  return call;
}

bool Parser::parseArguments(SmallVectorImpl<Argument> &args) {
  llvm::StringSet<> names;
  while (!at(Kind::rparen)) {
    Argument arg;
    if (!parseArgument(arg))
      return false;
    if (arg.name && !names.insert(arg.name.text).second)
      error(diag::repeatedKeyword, arg.name.range, arg.name.text);
    if (!arg.name && !names.empty())
      error(diag::positionalAfterKeyword, arg.range).suggest("give it before the ones with names, or by name");
    args.push_back(arg);
    if (!maybe(Kind::comma))
      break;
  }
  return expect(Kind::rparen, "`,` or `)`");
}

bool Parser::parseArgument(Argument &arg) {
  SourceRange start = here();
  if (at(Kind::doubleStar)) {
    mayReport();
    error(diag::doubleStar, here());
    return false;
  }
  if (at(Kind::name) && peek(1).kind == Kind::assign) {
    arg.name = *parseName("a name");
    take();
    arg.value = parseExpr();
  } else if (maybe(Kind::star)) {
    arg.star = true;
    arg.value = parseOr();
  } else {
    arg.value = parseExpr();
    if (arg.value && at(Kind::kwFor))
      arg.value = parseComp(nullptr, arg.value, CompExpr::Form::generator, start);
  }
  arg.range = since(start);
  return arg.value != nullptr;
}

const Expr *Parser::parseSubscripts(const Expr *base, SourceRange start) {
  SourceRange open = range(take());
  SmallVector<const Expr *> items;
  if (at(Kind::rsquare)) {
    error(diag::emptySubscript, {file, open.begin, peek().end});
    return nullptr;
  }
  while (!at(Kind::rsquare)) {
    const Expr *item = parseSubscript();
    if (!item)
      return nullptr;
    items.push_back(item);
    if (!maybe(Kind::comma))
      break;
  }
  if (!expect(Kind::rsquare, "`,` or `]`"))
    return nullptr;
  auto *node = make<SubscriptExpr>(start);
  node->base = base;
  node->items = copy(ArrayRef<const Expr *>(items));
  if (!adopt(node, base))
    return nullptr;
  for (const Expr *item : items)
    if (!adopt(node, item))
      return nullptr;
  return node;
}

const Expr *Parser::parseSubscript() {
  SourceRange start = here();
  const Expr *parts[3] = {};
  if (!at(Kind::colon)) {
    parts[0] = parseStarExpr();
    if (!parts[0] || !at(Kind::colon) || llvm::isa<StarExpr>(parts[0]))
      return parts[0];
  }
  for (unsigned i = 1; i < 3 && maybe(Kind::colon); ++i) {
    if (at(Kind::colon) || at(Kind::rsquare) || at(Kind::comma))
      continue;
    parts[i] = parseExpr();
    if (!parts[i])
      return nullptr;
  }
  auto *slice = make<SliceExpr>(start);
  slice->lower = parts[0];
  slice->upper = parts[1];
  slice->step = parts[2];
  return adopt(slice, parts[0]) && adopt(slice, parts[1]) && adopt(slice, parts[2]) ? slice : nullptr;
}

const Expr *Parser::parseComp(const Expr *key, const Expr *item, CompExpr::Form form, SourceRange start,
                              std::optional<Kind> close) {
  SmallVector<CompClause> clauses;
  if (auto *star = llvm::dyn_cast<StarExpr>(item)) {
    error(diag::starHere, star->range).label("the item of a comprehension");
    return nullptr;
  }
  while (at(Kind::kwFor) || at(Kind::kwIf)) {
    SourceRange begin = here();
    CompClause clause{};
    if (take().kind == Kind::kwFor) {
      clause.target = parseTargets();
      if (!clause.target || !expect(Kind::kwIn, "`in`"))
        return nullptr;
    }
    clause.value = parseOr();
    if (!clause.value)
      return nullptr;
    clause.range = since(begin);
    clauses.push_back(clause);
  }
  if (close && !expect(*close, *close == Kind::rparen ? "`)`" : *close == Kind::rsquare ? "`]`" : "`}`"))
    return nullptr;
  auto *node = make<CompExpr>(start);
  node->form = form;
  node->key = key;
  node->item = item;
  node->clauses = copy(ArrayRef<CompClause>(clauses));
  if (!adopt(node, key) || !adopt(node, item))
    return nullptr;
  for (const CompClause &clause : clauses)
    if (!adopt(node, clause.target) || !adopt(node, clause.value))
      return nullptr;
  return node;
}

const Expr *Parser::parsePrimary() {
  SourceRange start = here();
  switch (peek().kind) {
  case Kind::name: {
    if (rejectPythonExpr())
      return nullptr;
    StringRef name = text(take());
    auto *node = make<NameExpr>(start);
    node->name = name;
    return node;
  }
  case Kind::integer:
  case Kind::floating:
    return parseNumber();
  case Kind::string:
    return parseString();
  case Kind::kwNone:
    take();
    return make<NoneExpr>(start);
  case Kind::kwTrue:
  case Kind::kwFalse: {
    bool value = take().kind == Kind::kwTrue;
    auto *node = make<BoolExpr>(start);
    node->value = value;
    return node;
  }
  case Kind::ellipsis:
    take();
    return make<EllipsisExpr>(start);
  case Kind::lparen:
    return parseParenthesis();
  case Kind::lsquare:
    return parseList();
  case Kind::lbrace:
    return parseDict();
  default:
    return fail("an expression");
  }
}

const Expr *Parser::parseNumber() {
  SourceRange start = here();
  Token token = take();
  StringRef spelled = text(token);
  std::string digits;
  for (char c : spelled)
    if (c != '_')
      digits += c;
  if (token.kind == Kind::integer) {
    auto *node = make<IntExpr>(start);
    node->text = spelled;
    if (StringRef(digits).getAsInteger(0, node->value))
      error(diag::numberTooLarge, start, spelled);
    return node;
  }
  auto *node = make<FloatExpr>(start);
  node->text = spelled;
  auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), node->value);
  // Too small is zero (or the nearest denormal) as everywhere; only too large is lost.
  if (status == std::errc::result_out_of_range)
    node->value = std::strtod(digits.c_str(), nullptr);
  if (std::isinf(node->value))
    error(diag::numberTooLarge, start, spelled);
  return node;
}

const Expr *Parser::parseParenthesis() {
  SourceRange start = here();
  take();
  SmallVector<const Expr *> items;
  bool comma = false;
  while (!at(Kind::rparen)) {
    const Expr *item = parseStarExpr();
    if (item && items.empty() && at(Kind::kwFor))
      return parseComp(nullptr, item, CompExpr::Form::generator, start, Kind::rparen);
    if (!item)
      return nullptr;
    items.push_back(item);
    comma = maybe(Kind::comma);
    if (!comma)
      break;
  }
  if (!expect(Kind::rparen, items.empty() ? "an expression or `)`" : "`,` or `)`"))
    return nullptr;
  if (items.size() == 1 && !comma) {
    if (auto *star = llvm::dyn_cast<StarExpr>(items[0])) {
      error(diag::starHere, star->range).suggest("a tuple of one item needs a comma after it");
      return nullptr;
    }
    return items[0];
  }
  return finishTuple(items, start);
}

const Expr *Parser::parseList() {
  SourceRange start = here();
  take();
  SmallVector<const Expr *> items;
  while (!at(Kind::rsquare)) {
    const Expr *item = parseStarExpr();
    if (item && items.empty() && at(Kind::kwFor))
      return parseComp(nullptr, item, CompExpr::Form::list, start, Kind::rsquare);
    if (!item)
      return nullptr;
    items.push_back(item);
    if (!maybe(Kind::comma))
      break;
  }
  if (!expect(Kind::rsquare, items.empty() ? "an expression or `]`" : "`,` or `]`"))
    return nullptr;
  auto *list = make<ListExpr>(start);
  list->items = copy(ArrayRef<const Expr *>(items));
  for (const Expr *item : items)
    if (!adopt(list, item))
      return nullptr;
  return list;
}

const Expr *Parser::parseDict() {
  SourceRange start = here();
  take();
  SmallVector<DictEntry> entries;
  while (!at(Kind::rbrace)) {
    if (at(Kind::doubleStar)) {
      error(diag::doubleStar, here());
      return nullptr;
    }
    const Expr *key = parseExpr();
    if (!key)
      return nullptr;
    if (at(Kind::comma) || at(Kind::rbrace) || at(Kind::kwFor)) {
      error(diag::setDisplay, start.to(key->range)).suggest("write a list, `[...]`, or a dict, `{key: value}`");
      return nullptr;
    }
    if (!expect(Kind::colon, "`:` and the value of the key"))
      return nullptr;
    const Expr *value = parseExpr();
    if (!value)
      return nullptr;
    if (entries.empty() && at(Kind::kwFor))
      return parseComp(key, value, CompExpr::Form::dict, start, Kind::rbrace);
    entries.push_back({key, value});
    if (!maybe(Kind::comma))
      break;
  }
  if (!expect(Kind::rbrace, "`,` or `}`"))
    return nullptr;
  auto *dict = make<DictExpr>(start);
  dict->entries = copy(ArrayRef<DictEntry>(entries));
  for (const DictEntry &entry : entries)
    if (!adopt(dict, entry.key) || !adopt(dict, entry.value))
      return nullptr;
  return dict;
}

const Expr *Parser::parseTargets() {
  SourceRange start = here();
  SmallVector<const Expr *> items;
  bool comma = false;
  do {
    const Expr *item = parseTarget();
    if (!item)
      return nullptr;
    items.push_back(item);
    comma = maybe(Kind::comma);
  } while (comma && !at(Kind::kwIn) && !at(Kind::assign));
  return items.size() == 1 && !comma ? items[0] : finishTuple(items, start);
}

const Expr *Parser::parseTarget() {
  Nesting level(*this);
  if (tooDeep())
    return nullptr;
  SourceRange start = here();
  if (maybe(Kind::lparen)) {
    SmallVector<const Expr *> items;
    bool comma = false;
    do {
      const Expr *item = parseTarget();
      if (!item)
        return nullptr;
      items.push_back(item);
      comma = maybe(Kind::comma);
    } while (comma && !at(Kind::rparen));
    if (!expect(Kind::rparen, "`,` or `)`"))
      return nullptr;
    return items.size() == 1 && !comma ? items[0] : finishTuple(items, start);
  }
  if (at(Kind::star)) {
    error(diag::starHere, here()).label("targets take one value each");
    return nullptr;
  }
  std::optional<Identifier> name = parseName("a name");
  if (!name)
    return nullptr;
  auto *node = make<NameExpr>(start);
  node->name = name->text;
  return node;
}
