// The recursive-descent parser, split over ParseExpr, ParseType, ParseStmt, ParseDecl and ParsePython (what people type
// who come from PyTorch). Rules return null after they have reported an error; the statement loop then skips to the
// next line.
#pragma once

#include "compiler/syntax/Lexer.h"
#include "compiler/syntax/Parser.h"

namespace modc {

class Parser {
public:
  using Kind = Token::Kind;
  using StringRef = llvm::StringRef;

  Parser(FileId file, const SourceManager &sources, DiagnosticEngine &diags, llvm::BumpPtrAllocator &arena)
      : sources(sources), diags(diags), arena(arena), file(file) {}

  // ParseDecl.cpp
  ast::Tree parseFile();
  // Parser.cpp
  /// Runs one rule over the whole text, for options of the command line.
  template <typename Rule> auto parseAll(Rule rule) -> decltype((this->*rule)()) {
    fragment = lexFragment({file, 0, static_cast<uint32_t>(sources.text(file).size())}, sources, diags);
    tokens = fragment;
    auto *node = (this->*rule)();
    if (node && !at(Kind::end))
      return fail("the end");
    return failed ? nullptr : node;
  }

  // ParseExpr.cpp: one rule of the grammar each, loosest first.
  /// More than one item, or a trailing comma: a tuple.
  const ast::Expr *parseExprs();
  const ast::Expr *parseExpr();
  // ParseType.cpp
  const ast::Type *parseType();

private:
  /// Guarded rules that may be active at once. A bracket takes two of them and about fifteen frames of the stack.
  static constexpr int maxNesting = 400;

  struct Nesting {
    explicit Nesting(Parser &parser) : parser(parser) { ++parser.nesting; }
    ~Nesting() { --parser.nesting; }
    Parser &parser;
  };

  /// Where a statement stands decides which ones are possible.
  enum class Context : uint8_t { file, module, function };

  // Parser.cpp: tokens, errors, nodes
  const Token &peek(unsigned ahead = 0) const { return tokens[std::min<size_t>(pos + ahead, tokens.size() - 1)]; }
  bool at(Kind kind) const { return peek().kind == kind; }
  bool atWord(StringRef word) const { return at(Kind::name) && text(peek()) == word; }
  StringRef text(const Token &token) const { return sources.text(file).slice(token.begin, token.end); }
  SourceRange range(const Token &token) const { return {file, token.begin, token.end}; }
  SourceRange here() const { return range(peek()); }
  /// From a place to the end of the last token taken.
  SourceRange since(SourceRange start) const { return {file, start.begin, std::max(start.begin, lastEnd)}; }
  /// The place right behind the last token taken.
  SourceRange behind() const { return {file, lastEnd, lastEnd}; }
  Token take();
  bool maybe(Kind kind);
  /// Takes the token or reports that `what` was expected.
  bool expect(Kind kind, StringRef what);
  std::optional<ast::Identifier> parseName(StringRef what);
  std::string describeHere() const;
  std::string describeToken(const Token &token) const;
  /// Reports "expected X, found Y" (or nothing where the lexer already has) and gives null.
  std::nullptr_t fail(StringRef what);
  /// Marks the tree as broken; true if the place has not been complained about.
  bool mayReport();
  template <typename... Args>
  Diagnostic &error(DiagKind<Args...> kind, SourceRange range, std::type_identity_t<Args>... args) {
    failed = true;
    return reportedDepth ? silent = Diagnostic() : diags.report(kind, range, args...);
  }
  bool tooDeep();
  /// Skips to the end of the line, and over the block that follows it.
  void skipStatement();
  void skipBlock();
  void skipLine();

  template <typename T> T *make(SourceRange start) {
    T *node = new (arena.Allocate<T>()) T();
    node->range = since(start);
    return node;
  }
  template <typename T> llvm::ArrayRef<T> copy(llvm::ArrayRef<T> values) { return values.copy(arena); }
  StringRef save(const std::string &text) { return StringRef(text).copy(arena); }
  /// Makes room for a child's height; false (after a report) if the tree grows too high.
  template <typename N, typename C> bool adopt(N *node, const C *child) {
    if (child && child->height >= node->height)
      node->height = child->height + 1;
    return node->height <= ast::maxTreeHeight || !tooDeepTree(node->range);
  }
  bool tooDeepTree(SourceRange range);

  // ParseExpr.cpp and ParsePrimary.cpp
  const ast::Expr *parseStarExpr();
  const ast::Expr *parseOr();
  const ast::Expr *parseAnd();
  const ast::Expr *parseNot();
  const ast::Expr *parseCompare();
  const ast::Expr *parseBinary(unsigned level);
  const ast::Expr *parseUnary();
  const ast::Expr *parsePostfix();
  const ast::Expr *parsePrimary();
  const ast::Expr *parseNumber();
  const ast::Expr *parseParenthesis();
  const ast::Expr *parseList();
  const ast::Expr *parseDict();
  const ast::Expr *parseSubscript();
  const ast::Expr *parseSubscripts(const ast::Expr *base, SourceRange start);
  const ast::Expr *parseCall(const ast::Expr *callee, SourceRange start);
  /// From the first `for`; takes the closing bracket if there is one.
  const ast::Expr *parseComp(const ast::Expr *key, const ast::Expr *item, ast::CompExpr::Form form, SourceRange start,
                             std::optional<Kind> close = std::nullopt);
  bool parseArguments(llvm::SmallVectorImpl<ast::Argument> &args);
  bool parseArgument(ast::Argument &arg);
  const ast::Expr *parseTargets();
  const ast::Expr *parseTarget();
  const ast::Expr *finishTuple(llvm::ArrayRef<const ast::Expr *> items, SourceRange start);
  const ast::Expr *finishConditional(const ast::Expr *then, const ast::Expr *condition, SourceRange start);
  bool endsExprs() const;
  // ParseString.cpp
  const ast::StringExpr *parseString();
  /// `at` is at the `{`, and behind the `}` afterwards; `end` is where the string ends.
  const ast::Expr *parseInterpolation(uint32_t &at, uint32_t end);

  // ParseType.cpp
  const ast::Type *parseTypeAtom();
  const ast::Type *parseBracketedType(llvm::ArrayRef<ast::Identifier> path, SourceRange start);
  const ast::Type *parseTupleOrArrow();
  const ast::Expr *parseDim();
  bool parseDotted(llvm::SmallVectorImpl<ast::Identifier> &path, StringRef what);

  // ParseStmt.cpp
  using Stmts = llvm::SmallVector<const ast::Stmt *>;
  /// What stands after the `:` of `owner` ("`if`"): a statement on the same line, or a block.
  ast::Block parseBlock(StringRef owner, Context inside);
  void parseStatements(Stmts &out);
  /// With its documentation and attributes; null after an error, with the position anywhere in it.
  ast::Stmt *parseStatement();
  ast::Stmt *parseBare();
  ast::Stmt *parseSimple();
  ast::Stmt *parseDeclare();
  ast::Stmt *parseLet();
  ast::Stmt *parseExprStatement();
  ast::Stmt *finishAssignment(const ast::Expr *target, SourceRange start);
  ast::Stmt *finishAugmented(const ast::Expr *target, SourceRange start);
  ast::Stmt *parseReturn();
  ast::Stmt *parseAssert();
  ast::Stmt *parseIf();
  ast::Stmt *parseFor();
  ast::Stmt *parseWhile();
  /// An initialiser; `condition` is set for `init if condition` without `else`.
  const ast::Expr *parseInit(const ast::Expr *&condition);
  bool checkTarget(const ast::Expr *target);
  void reportNoEffect(const ast::Expr *expr);
  void rejectAnnotation(StringRef name, const char *help);
  void rejectLoopElse();
  bool beginsDeclare() const;
  bool beginsLet() const;
  /// "module" or "export", followed by a name.
  bool beginsWith(StringRef word) const;
  bool endLine();
  bool expectColon(StringRef owner);
  /// Goes on after an error in the statement that began at token `start`.
  void recover(size_t start);

  // ParseDecl.cpp
  ast::Stmt *parseTop();
  ast::Stmt *parseTopBare();
  ast::Stmt *parseImport();
  ast::Stmt *parseFrom();
  ast::Stmt *parseModule();
  ast::Stmt *parseExport();
  ast::Stmt *parseConstant();
  ast::Stmt *parseFunction();
  std::nullptr_t rejectTop();
  bool parseParams(llvm::SmallVectorImpl<ast::Param> &params, StringRef owner, bool method);
  /// The name stays empty where it was reported and left out.
  bool parseParam(ast::Param &param);
  bool parseAttributes(llvm::SmallVectorImpl<ast::Attribute> &attrs);
  void checkParams(llvm::ArrayRef<ast::Param> params);
  StringRef docHere() const;

  // ParsePython.cpp: recognised mistakes. Each says whether it found and reported its own.
  bool rejectPythonStatement();
  bool rejectPythonExpr();
  bool rejectPythonOperator();
  bool rejectSuper(const ast::Expr *value);
  bool rejectBaseClass(const ast::Param &param);
  /// Takes a leading `self` of an argument list, with its comma.
  void rejectSelf(StringRef owner);
  /// `class Net(...):`, read as a module from there on.
  ast::Stmt *parseClass();
  /// In a pasted class, what follows from its being one is told in its own message and not by an error for each.
  bool partOfClass(SourceRange place, const char *text);

  const SourceManager &sources;
  DiagnosticEngine &diags;
  llvm::BumpPtrAllocator &arena;
  FileId file;
  TokenStream stream;
  std::vector<Token> fragment;
  llvm::ArrayRef<Token> tokens;
  size_t pos = 0;
  uint32_t lastEnd = 0;
  int nesting = 0;
  bool failed = false;
  /// A block was expected and not there: statements at the left margin are likely its own.
  bool lostBlock = false;
  unsigned errorsBefore = diags.numErrors();
  bool reportedDepth = false;
  /// The message about the class that is being read.
  Diagnostic *pastedClass = nullptr;
  /// Where the arguments of its `__init__` stand, behind `self`.
  SourceRange classArguments;
  /// Takes what would be reported after the parser has given the file up.
  Diagnostic silent;
  Context context = Context::file;
};

} // namespace modc
