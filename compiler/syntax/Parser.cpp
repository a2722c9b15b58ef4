// The parser's common parts: tokens, errors, recovery; and its public functions.
#include "compiler/syntax/ParserImpl.h"

using namespace modc;

static bool isKeyword(Token::Kind kind) { return kind >= Token::Kind::kwAnd && kind <= Token::Kind::kwFalse; }

Token Parser::take() {
  Token token = peek();
  if (token.kind != Kind::end) {
    ++pos;
    if (token.end > token.begin)
      lastEnd = token.end;
  }
  return token;
}

bool Parser::maybe(Kind kind) {
  if (!at(kind))
    return false;
  take();
  return true;
}

bool Parser::expect(Kind kind, StringRef what) {
  if (maybe(kind))
    return true;
  fail(what);
  return false;
}

std::optional<ast::Identifier> Parser::parseName(StringRef what) {
  if (at(Kind::name)) {
    Token token = take();
    return ast::Identifier{text(token), range(token)};
  }
  if (isKeyword(peek().kind))
    error(diag::keywordAsName, here(), text(peek()));
  else
    fail(what);
  return std::nullopt;
}

std::string Parser::describeToken(const Token &token) const {
  StringRef known = describe(token.kind);
  switch (token.kind) {
  case Kind::name:
  case Kind::integer:
  case Kind::floating:
    return "`" + text(token).str() + "`";
  case Kind::end:
    return tokens.data() == stream.tokens.data() ? known.str() : "the end";
  default:
    return known.empty() ? "`" + text(token).str() + "`" : known.str();
  }
}

std::string Parser::describeHere() const { return describeToken(peek()); }

bool Parser::mayReport() {
  failed = true;
  return !peek().poisoned && !reportedDepth;
}

std::nullptr_t Parser::fail(StringRef what) {
  if (!mayReport() || rejectPythonOperator())
    return nullptr;
  if (isKeyword(peek().kind) && peek(1).kind == Kind::assign) {
    error(diag::keywordAsName, here(), text(peek()));
    return nullptr;
  }
  SourceRange place = here();
  // The end of a line is invisible: point right behind its last character.
  if (at(Kind::newline) || at(Kind::end) || at(Kind::dedent))
    place = {file, lastEnd, lastEnd};
  error(diag::expected, place, what, describeHere());
  return nullptr;
}

bool Parser::tooDeep() {
  if (nesting <= maxNesting)
    return false;
  tooDeepTree(here());
  return true;
}

bool Parser::tooDeepTree(SourceRange place) {
  if (!reportedDepth)
    error(diag::nestingTooDeep, place.start(), nesting > maxNesting ? maxNesting : ast::maxTreeHeight);
  // Nothing that follows can be trusted to be better: stop reading the file.
  reportedDepth = true;
  pos = tokens.size() - 1;
  return true;
}

void Parser::skipLine() {
  while (!at(Kind::newline) && !at(Kind::end) && !at(Kind::dedent) && !at(Kind::indent))
    take();
  maybe(Kind::newline);
}

void Parser::skipBlock() {
  if (!maybe(Kind::indent))
    return;
  for (unsigned depth = 1; depth > 0 && !at(Kind::end); take())
    depth += at(Kind::indent) ? 1 : at(Kind::dedent) ? -1u : 0;
}

void Parser::skipStatement() {
  skipLine();
  skipBlock();
}

ast::Tree modc::parse(FileId file, const SourceManager &sources, DiagnosticEngine &diags) {
  ast::Tree tree;
  Parser parser(file, sources, diags, *tree.arena);
  std::unique_ptr<llvm::BumpPtrAllocator> arena = std::move(tree.arena);
  tree = parser.parseFile();
  tree.arena = std::move(arena);
  return tree;
}

std::optional<ast::Tree> modc::loadAndParse(llvm::StringRef path, SourceRange from, SourceManager &sources,
                                            DiagnosticEngine &diags) {
  LoadResult loaded = sources.load(path);
  SourceRange inside{loaded.file, loaded.offset, loaded.offset};
  switch (loaded.problem) {
  case LoadProblem::none:
    return parse(loaded.file, sources, diags);
  case LoadProblem::missing:
    diags.report(diag::cannotReadFile, from, path, "no such file");
    break;
  case LoadProblem::directory:
    diags.report(diag::cannotReadFile, from, path, "it is a directory");
    break;
  case LoadProblem::unreadable:
    diags.report(diag::cannotReadFile, from, path, loaded.detail);
    break;
  case LoadProblem::tooLarge:
    diags.report(diag::fileTooLarge, from, path, SourceManager::maxFileSize >> 20);
    break;
  case LoadProblem::notUtf8:
    diags.report(diag::notUtf8, inside, path);
    break;
  case LoadProblem::nulByte:
    diags.report(diag::nulByte, inside, path);
    break;
  }
  return std::nullopt;
}

const ast::Expr *modc::parseExpression(FileId file, const SourceManager &sources, DiagnosticEngine &diags,
                                       llvm::BumpPtrAllocator &arena) {
  return Parser(file, sources, diags, arena).parseAll(&Parser::parseExpr);
}

const ast::Type *modc::parseType(FileId file, const SourceManager &sources, DiagnosticEngine &diags,
                                 llvm::BumpPtrAllocator &arena) {
  return Parser(file, sources, diags, arena).parseAll(&Parser::parseType);
}
