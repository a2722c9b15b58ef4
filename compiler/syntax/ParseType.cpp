// Types: tensors with their dimensions, plain and generic types, literals, tuples, interfaces of callables, unions.
#include "compiler/syntax/ParserImpl.h"

using namespace modc;
using namespace modc::ast;
using llvm::ArrayRef;
using llvm::SmallVector;

const Type *Parser::parseType() {
  Nesting level(*this);
  if (tooDeep())
    return nullptr;
  SourceRange start = here();
  const Type *first = parseTypeAtom();
  if (!first || !at(Kind::pipe))
    return first;
  SmallVector<const Type *> parts = {first};
  while (maybe(Kind::pipe)) {
    const Type *part = parseTypeAtom();
    if (!part)
      return nullptr;
    parts.push_back(part);
  }
  auto *node = make<UnionType>(start);
  node->parts = copy(ArrayRef<const Type *>(parts));
  for (const Type *part : parts)
    if (!adopt(node, part))
      return nullptr;
  return node;
}

const Type *Parser::parseTypeAtom() {
  SourceRange start = here();
  if (maybe(Kind::kwNone))
    return make<NoneType>(start);
  if (at(Kind::lparen))
    return parseTupleOrArrow();
  if (at(Kind::string)) {
    const StringExpr *string = parseString();
    if (!string)
      return nullptr;
    if (!string->isLiteral()) {
      error(diag::expected, string->range, "a string without `{}` as a type", "an interpolated one");
      return nullptr;
    }
    auto *node = make<LiteralType>(start);
    node->text = string->literal();
    return node;
  }
  SmallVector<Identifier> path;
  if (!parseDotted(path, "a type"))
    return nullptr;
  if (at(Kind::lsquare))
    return parseBracketedType(path, start);
  auto *node = make<NamedType>(start);
  node->path = copy(ArrayRef<Identifier>(path));
  return node;
}

const Type *Parser::parseBracketedType(ArrayRef<Identifier> path, SourceRange start) {
  take();
  bool generic = path.size() == 1 && (path[0].text == "list" || path[0].text == "dict");
  SmallVector<const Type *> args;
  SmallVector<const Expr *> dims;
  while (!at(Kind::rsquare)) {
    if (generic) {
      args.push_back(parseType());
      if (!args.back())
        return nullptr;
    } else {
      dims.push_back(parseDim());
      if (!dims.back())
        return nullptr;
    }
    if (!maybe(Kind::comma))
      break;
  }
  if (!expect(Kind::rsquare, "`,` or `]`"))
    return nullptr;
  if (generic) {
    auto *node = make<GenericType>(start);
    node->name = path[0];
    node->args = copy(ArrayRef<const Type *>(args));
    for (const Type *arg : args)
      if (!adopt(node, arg))
        return nullptr;
    return node;
  }
  auto *node = make<TensorType>(start);
  node->dtype = copy(path);
  node->dims = copy(ArrayRef<const Expr *>(dims));
  for (const Expr *dim : dims)
    if (!adopt(node, dim))
      return nullptr;
  return node;
}

const Expr *Parser::parseDim() {
  if (at(Kind::colon)) {
    fail("a dimension (`...` stands for any number of them)");
    return nullptr;
  }
  SourceRange start = here();
  if (!maybe(Kind::star))
    return parseExpr();
  const Expr *value = parseExpr();
  if (!value)
    return nullptr;
  auto *star = make<StarExpr>(start);
  star->value = value;
  return adopt(star, value) ? star : nullptr;
}

const Type *Parser::parseTupleOrArrow() {
  SourceRange start = here();
  take();
  SmallVector<TypeField> fields;
  while (!at(Kind::rparen)) {
    TypeField field;
    if (at(Kind::name) && peek(1).kind == Kind::colon) {
      field.name = *parseName("a name");
      take();
    }
    field.type = parseType();
    if (!field.type)
      return nullptr;
    fields.push_back(field);
    if (!maybe(Kind::comma))
      break;
  }
  if (!expect(Kind::rparen, "`,` or `)`"))
    return nullptr;
  if (maybe(Kind::arrow)) {
    const Type *result = parseType();
    if (!result)
      return nullptr;
    auto *node = make<ArrowType>(start);
    node->params = copy(ArrayRef<TypeField>(fields));
    node->result = result;
    for (const TypeField &field : fields)
      if (!adopt(node, field.type))
        return nullptr;
    return adopt(node, result) ? node : nullptr;
  }
  auto *node = make<TupleType>(start);
  node->fields = copy(ArrayRef<TypeField>(fields));
  for (const TypeField &field : fields)
    if (!adopt(node, field.type))
      return nullptr;
  return node;
}

bool Parser::parseDotted(llvm::SmallVectorImpl<Identifier> &path, StringRef what) {
  do {
    std::optional<Identifier> name = parseName(path.empty() ? what : "a name after `.`");
    if (!name)
      return false;
    path.push_back(*name);
  } while (maybe(Kind::dot));
  return true;
}
