// The lines of a file: statements at their level, comments between them, blank lines.
#include "compiler/syntax/Format.h"

#include "compiler/syntax/FormatLine.h"
#include "llvm/ADT/DenseMap.h"

using namespace modc;
using llvm::StringRef;
using Kind = Token::Kind;

namespace {

class Formatter {
public:
  Formatter(const ast::Tree &tree, const SourceManager &sources)
      : sources(sources), file(tree.file), text(sources.text(tree.file)) {
    for (const ast::Stmt *item : tree.items)
      classify(item);
    // The tree is without errors, so this reports nothing.
    DiagnosticEngine diags;
    stream = lex(file, sources, diags);
  }

  std::string run() {
    for (at = 0; at < stream.tokens.size(); ++at) {
      switch (tokenAt(at).kind) {
      case Kind::indent:
        columns.push_back(columnOf(tokenAt(at + 1).begin));
        opened = true;
        break;
      case Kind::dedent:
        columns.pop_back();
        break;
      case Kind::newline:
        break;
      case Kind::end:
        gap(static_cast<uint32_t>(text.size()), /*blank=*/false);
        return std::move(out);
      default:
        statement();
      }
    }
    return std::move(out);
  }

private:
  const Token &tokenAt(size_t index) const { return stream.tokens[std::min(index, stream.tokens.size() - 1)]; }
  StringRef textOf(const Token &token) const { return text.slice(token.begin, token.end); }
  StringRef textOf(const Comment &comment) const { return text.slice(comment.begin, comment.end).rtrim(); }
  uint32_t lineOf(uint32_t offset) const { return sources.line(file, offset); }
  uint32_t columnOf(uint32_t offset) const { return offset - sources.lineStart(file, lineOf(offset)); }
  unsigned level() const { return static_cast<unsigned>(columns.size() - 1); }

  void block(ast::Block body) {
    for (const ast::Stmt *stmt : body)
      classify(stmt);
  }

  void classify(const ast::Stmt *stmt) {
    using namespace ast;
    uint32_t place = stmt->range.begin;
    if (llvm::isa<LetStmt>(stmt))
      kinds[place] = LineKind::let;
    else if (llvm::isa<DeclareStmt>(stmt))
      kinds[place] = LineKind::declare;
    else if (llvm::isa<AssignStmt, AugmentedStmt, ConstantDecl>(stmt))
      kinds[place] = LineKind::assignment;
    else if (auto *module = llvm::dyn_cast<ModuleDecl>(stmt))
      block(module->body);
    else if (auto *function = llvm::dyn_cast<FunctionDecl>(stmt))
      block(function->body);
    else if (auto *loop = llvm::dyn_cast<ForStmt>(stmt))
      block(loop->body);
    else if (auto *loop = llvm::dyn_cast<WhileStmt>(stmt))
      block(loop->body);
    else if (auto *choice = llvm::dyn_cast<IfStmt>(stmt)) {
      for (const IfBranch &branch : choice->branches)
        block(branch.body);
      block(choice->otherwise);
    }
  }

  /// A `def` or a `module` with a body, behind its attributes.
  bool declares(size_t index) const {
    while (tokenAt(index).kind == Kind::at) {
      while (tokenAt(index).kind != Kind::newline && tokenAt(index).kind != Kind::end)
        ++index;
      ++index;
    }
    if (tokenAt(index).kind == Kind::kwDef)
      return true;
    bool module = tokenAt(index).kind == Kind::name && textOf(tokenAt(index)) == "module" &&
                  tokenAt(index + 1).kind == Kind::name;
    return module && tokenAt(index + 2).kind == Kind::lparen;
  }

  /// Comments and blank lines before the place, where the next statement begins. `blank`: one blank line at least.
  void gap(uint32_t place, bool blank) {
    uint32_t line = lastLine;
    unsigned deepest = std::max(level(), static_cast<unsigned>(lastColumns.size() - 1));
    size_t first = out.size();
    bool hadBlank = out.empty() || opened;
    auto blankBefore = [&](uint32_t next) {
      bool wanted = next > line + 1 && !out.empty() && !(opened && out.size() == first);
      if (wanted)
        out += '\n';
      hadBlank |= wanted;
    };
    // Where a blank line goes that must be and is not there: before the comments of the statement itself.
    size_t own = out.size();
    for (; nextComment < stream.comments.size() && stream.comments[nextComment].begin < place; ++nextComment) {
      const Comment &comment = stream.comments[nextComment];
      // A comment belongs to the innermost block that it is indented for.
      unsigned depth = deepest;
      while (depth > level() && (depth >= lastColumns.size() || lastColumns[depth] > columnOf(comment.begin)))
        --depth;
      deepest = depth;
      uint32_t here = lineOf(comment.begin);
      blankBefore(here);
      if (depth > level())
        own = std::string::npos;
      else if (own == std::string::npos)
        own = out.size();
      out.append(4 * depth, ' ');
      out += textOf(comment);
      out += '\n';
      line = here;
    }
    if (place < text.size())
      blankBefore(lineOf(place));
    if (blank && !hadBlank)
      out.insert(own == std::string::npos ? out.size() : own, "\n");
  }

  void statement() {
    size_t start = at;
    bool declaration = declares(start);
    unsigned depth = level();
    if (afterDeclaration.size() <= depth)
      afterDeclaration.resize(depth + 1);
    if (opened)
      afterDeclaration[depth] = false;
    gap(tokenAt(at).begin, (declaration || afterDeclaration[depth]) && !afterAttribute);
    opened = false;
    afterAttribute = tokenAt(start).kind == Kind::at;
    afterDeclaration.resize(depth + 1);
    afterDeclaration[depth] = declaration;

    bool block = beginsBlock(start);
    unsigned brackets = 0;
    std::vector<Piece> pieces;
    LineKind kind = kinds.lookup(tokenAt(start).begin);
    for (; tokenAt(at).kind != Kind::newline && tokenAt(at).kind != Kind::end; ++at) {
      const Token &token = tokenAt(at);
      Piece piece{token, textOf(token), {}, "", false};
      piece.newLine = !pieces.empty() && text.slice(pieces.back().token.end, token.begin).contains('\n');
      commentsBefore(token.begin, pieces, piece);
      pieces.push_back(std::move(piece));
      brackets += token.kind == Kind::lparen || token.kind == Kind::lsquare || token.kind == Kind::lbrace;
      brackets -= token.kind == Kind::rparen || token.kind == Kind::rsquare || token.kind == Kind::rbrace;
      if (!block || brackets > 0 || token.kind != Kind::colon)
        continue;
      block = false;
      if (tokenAt(at + 1).kind == Kind::newline)
        continue;
      // A statement on the line of its block's head gets a line of its own.
      out.append(4 * depth, ' ');
      out += formatLine(std::move(pieces), kind, 4 * depth) + "\n";
      pieces.clear();
      ++depth;
      kind = kinds.lookup(tokenAt(at + 1).begin);
    }
    lastLine = lineOf(tokenAt(at).begin);
    lastColumns = columns;
    out.append(4 * depth, ' ');
    out += formatLine(std::move(pieces), kind, 4 * depth);
    // What stands behind it on its last line.
    if (nextComment < stream.comments.size() && stream.comments[nextComment].begin < tokenAt(at).begin &&
        !stream.comments[nextComment].alone)
      out += "  " + textOf(stream.comments[nextComment++]).str();
    out += '\n';
  }

  void commentsBefore(uint32_t place, std::vector<Piece> &pieces, Piece &piece) {
    for (; nextComment < stream.comments.size() && stream.comments[nextComment].begin < place; ++nextComment) {
      const Comment &comment = stream.comments[nextComment];
      if (comment.alone || pieces.empty())
        piece.before.push_back(textOf(comment));
      else
        pieces.back().after = textOf(comment);
    }
  }

  bool beginsBlock(size_t index) const {
    switch (tokenAt(index).kind) {
    case Kind::kwDef:
    case Kind::kwIf:
    case Kind::kwElif:
    case Kind::kwElse:
    case Kind::kwFor:
    case Kind::kwWhile:
      return true;
    default:
      return declares(index);
    }
  }

  const SourceManager &sources;
  FileId file;
  StringRef text;
  TokenStream stream;
  llvm::DenseMap<uint32_t, LineKind> kinds;
  std::string out;
  size_t at = 0, nextComment = 0;
  /// Columns in the source of the open blocks; as they were at the last statement.
  std::vector<uint32_t> columns = {0}, lastColumns = {0};
  /// Whether the last statement at each level was a function or a module.
  std::vector<bool> afterDeclaration;
  uint32_t lastLine = 0;
  bool opened = false, afterAttribute = false;
};

} // namespace

std::string modc::format(const ast::Tree &tree, const SourceManager &sources) { return Formatter(tree, sources).run(); }
