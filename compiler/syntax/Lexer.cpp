// The lexer. It reports what no token can be made of, and goes on.
#include "compiler/syntax/Lexer.h"

#include "compiler/syntax/Tokens.h"
#include "llvm/ADT/StringExtras.h"

using llvm::StringRef;
using Kind = modc::Token::Kind;

namespace modc {
namespace {

bool isNameStart(char c) { return llvm::isAlpha(c) || c == '_'; }
bool isNameChar(char c) { return llvm::isAlnum(c) || c == '_'; }

class Lexer {
public:
  Lexer(SourceRange range, const SourceManager &sources, DiagnosticEngine &diags)
      : diags(diags), file(range.file), text(sources.text(range.file)), pos(range.begin), stop(range.end) {}

  void fragment() {
    inFragment = true;
    while (skipBlanks(), pos < stop)
      token();
    push(Kind::end, stop, stop);
  }

  void whole() {
    while (pos < stop)
      line();
    if (!brackets.empty())
      reportUnclosed();
    endDoc();
    endLine();
    closeBlocks(0);
    push(Kind::end, stop, stop);
  }

  TokenStream out;

private:
  char at(uint32_t p) const { return p < stop ? text[p] : '\0'; }
  SourceRange range(uint32_t begin, uint32_t end) const { return {file, begin, end}; }
  StringRef slice(uint32_t begin, uint32_t end) const { return text.slice(begin, end); }

  void push(Kind kind, uint32_t begin, uint32_t end, bool poisoned = false) {
    out.tokens.push_back({kind, poisoned, begin, end});
  }

  /// One line of the text, from its start, with its newline.
  void line() {
    uint32_t start = pos;
    ++lineNumber;
    while (at(pos) == ' ' || at(pos) == '\t')
      ++pos;
    if (atLineEnd() || at(pos) == '#') {
      if (at(pos) == '#')
        comment(/*alone=*/true);
    } else {
      if (!brackets.empty() && beginsStatement())
        reportUnclosed();
      if (brackets.empty() && !continued)
        indentation(start);
      continued = false;
      while (skipBlanks(), !atLineEnd()) {
        if (at(pos) == '#')
          comment(/*alone=*/false);
        else
          token();
      }
    }
    if (brackets.empty() && !continued)
      endLine();
    pos = std::min(pos + (at(pos) == '\r' ? 2 : 1), stop);
  }

  bool atLineEnd() const { return pos >= stop || text[pos] == '\n' || (text[pos] == '\r' && at(pos + 1) == '\n'); }

  void skipBlanks() {
    while (pos < stop && (text[pos] == ' ' || text[pos] == '\t'))
      ++pos;
  }

  void endLine() {
    if (out.tokens.empty())
      return;
    Kind last = out.tokens.back().kind;
    if (last != Kind::newline && last != Kind::indent && last != Kind::dedent)
      push(Kind::newline, pos, pos);
  }

  void indentation(uint32_t start) {
    uint32_t width = 0;
    for (uint32_t p = start; p < pos; ++p)
      width += text[p] == '\t' ? 4 - width % 4 : 1;
    StringRef blanks = slice(start, pos);
    if (blanks.contains('\t') && !reportedTab) {
      reportedTab = true;
      diags.report(diag::tabIndentation, range(start, pos))
          .label("indented by a tab")
          .suggest("use spaces, four a level", range(start, pos), std::string(width, ' '));
    }
    if (width > indents.back()) {
      indents.push_back(width);
      push(Kind::indent, pos, pos);
      return;
    }
    if (width == indents.back())
      return;
    closeBlocks(width);
  }

  void closeBlocks(uint32_t width) {
    while (width < indents.back()) {
      uint32_t inner = indents.back();
      indents.pop_back();
      if (width > indents.back()) {
        diags.report(diag::badDedent, range(pos - std::min(width, pos), pos), width)
            .expect(std::to_string(indents.back()) + " or " + std::to_string(inner) + " spaces", std::to_string(width));
        // Taken as a line of the inner block.
        indents.push_back(inner);
        return;
      }
      push(Kind::dedent, pos, pos);
    }
  }

  void comment(bool alone) {
    uint32_t begin = pos;
    while (!atLineEnd())
      ++pos;
    out.comments.push_back({begin, pos, alone});
    StringRef body = slice(begin, pos);
    if (!alone || !brackets.empty() || !body.consume_front("##") || body.starts_with("#"))
      return;
    body.consume_front(" ");
    bool follows = doc && doc->lastLine + 1 == lineNumber;
    if (!follows) {
      endDoc();
      doc = DocComment{"", lineNumber, lineNumber};
    } else {
      doc->text += '\n';
    }
    doc->text += body.rtrim();
    doc->lastLine = lineNumber;
  }

  /// The first comment of the file is kept as its own; the parser decides between it and the first declaration.
  void endDoc() {
    if (doc && out.tokens.empty() && !out.top)
      out.top = std::move(doc);
    doc.reset();
  }

  void token() {
    if (diags.overflowed()) {
      pos = stop;
      return;
    }
    if (doc) {
      bool adjacent = doc->lastLine + 1 == lineNumber;
      if (adjacent)
        out.docs[static_cast<uint32_t>(out.tokens.size())] = *doc;
      endDoc();
    }
    char c = text[pos];
    if (isNameStart(c))
      return word();
    if (llvm::isDigit(c) || (c == '.' && llvm::isDigit(at(pos + 1))))
      return number();
    if (c == '"' || c == '\'')
      return string(pos);
    for (const Operator &op : operators())
      if (slice(pos, stop).starts_with(op.text))
        return punctuation(op);
    if (c == ';')
      return semicolon();
    if (c == '\\')
      return backslash();
    unexpected();
  }

  void word() {
    uint32_t begin = pos;
    while (isNameChar(at(pos)))
      ++pos;
    StringRef name = slice(begin, pos);
    bool quoted = at(pos) == '"' || at(pos) == '\'';
    if (quoted && name == "f")
      return string(begin);
    std::string lower = name.lower();
    if (quoted && (lower == "r" || lower == "b" || lower == "u" || lower == "rb" || lower == "br" || lower == "fr" ||
                   lower == "rf" || lower == "f")) {
      diags.report(diag::stringPrefix, range(begin, pos), name)
          .suggest("leave it out", range(begin, pos), "")
          .note("a backslash in a string is written `\\\\`");
      return string(pos);
    }
    push(keywordKind(name), begin, pos);
  }

  void number() {
    uint32_t begin = pos;
    bool floating = false;
    bool radix = at(pos) == '0' && StringRef("xXoObB").contains(at(pos + 1)) && at(pos + 1) != '\0';
    if (radix)
      pos += 2;
    while (isNameChar(at(pos)) || at(pos) == '.') {
      if (at(pos) == '.') {
        if ((floating || radix) && !llvm::isDigit(at(pos + 1)))
          break;
        floating = true;
      }
      bool exponent = !radix && (at(pos) == 'e' || at(pos) == 'E');
      if (exponent &&
          (llvm::isDigit(at(pos + 1)) || ((at(pos + 1) == '+' || at(pos + 1) == '-') && llvm::isDigit(at(pos + 2))))) {
        floating = true;
        pos += 2;
        while (isNameChar(at(pos)))
          ++pos;
        break;
      }
      ++pos;
    }
    StringRef spelled = slice(begin, pos);
    if (!isWellFormedNumber(spelled, floating, radix)) {
      Diagnostic &d = diags.report(diag::malformedNumber, range(begin, pos), spelled);
      if (spelled.size() > 1 && spelled.ltrim("0123456789").empty())
        d.suggest("a decimal number does not begin with 0", range(begin, pos), spelled.ltrim('0').str());
      push(Kind::invalid, begin, pos, true);
      return;
    }
    push(floating ? Kind::floating : Kind::integer, begin, pos);
  }

  /// `pos` is at the quotation mark, or at an `f` before it.
  void string(uint32_t begin) {
    pos = begin + (text[begin] == 'f');
    char quote = text[pos];
    if (at(pos + 1) == quote && at(pos + 2) == quote)
      return tripleQuotes(begin, quote);
    for (++pos; !atLineEnd(); ++pos) {
      if (text[pos] == '\\' && pos + 1 < stop && text[pos + 1] != '\n')
        ++pos;
      else if (text[pos] == quote) {
        ++pos;
        push(Kind::string, begin, pos);
        return;
      }
    }
    diags.report(diag::unterminatedString, range(begin, pos))
        .suggest("close it", range(pos, pos), std::string(1, quote));
    push(Kind::invalid, begin, pos, true);
  }

  void tripleQuotes(uint32_t begin, char quote) {
    pos += 3;
    size_t close = text.find(std::string(3, quote), pos);
    bool closed = close != StringRef::npos && close + 3 <= stop;
    StringRef body = slice(pos, closed ? static_cast<uint32_t>(close) : stop);
    uint32_t end = closed ? static_cast<uint32_t>(close) + 3 : stop;
    Diagnostic &d = diags.report(diag::tripleQuotes, range(begin, end));
    bool alone = out.tokens.empty() || out.tokens.back().kind == Kind::newline ||
                 out.tokens.back().kind == Kind::indent || out.tokens.back().kind == Kind::dedent;
    if (!closed)
      d.label("and this one is not closed");
    if (alone)
      d.suggest("write `##` lines before the declaration that this describes");
    lineNumber += static_cast<uint32_t>(body.count('\n'));
    pos = end;
    push(Kind::invalid, begin, end, true);
  }

  void punctuation(const Operator &op) {
    uint32_t begin = pos;
    pos += static_cast<uint32_t>(op.text.size());
    switch (op.kind) {
    case Kind::lparen:
    case Kind::lsquare:
    case Kind::lbrace:
      brackets.push_back({op.kind, begin});
      break;
    case Kind::rparen:
    case Kind::rsquare:
    case Kind::rbrace:
      if (!closes(op.kind, begin))
        return push(Kind::invalid, begin, pos, true);
      break;
    default:
      break;
    }
    push(op.kind, begin, pos);
  }

  static Kind opening(Kind closing) {
    return closing == Kind::rparen ? Kind::lparen : closing == Kind::rsquare ? Kind::lsquare : Kind::lbrace;
  }

  bool closes(Kind kind, uint32_t begin) {
    if (!brackets.empty() && brackets.back().kind == opening(kind)) {
      brackets.pop_back();
      return true;
    }
    Diagnostic &d = diags.report(diag::unmatchedBracket, range(begin, pos), slice(begin, pos));
    if (!brackets.empty()) {
      const Bracket &inner = brackets.back();
      d.also(range(inner.begin, inner.begin + 1), "this is the bracket to close here");
      // Either the inner bracket was forgotten, or the wrong kind was typed for it.
      auto match = llvm::find_if(llvm::reverse(brackets), [&](const Bracket &b) { return b.kind == opening(kind); });
      brackets.resize(match == brackets.rend() ? brackets.size() - 1 : brackets.rend() - match - 1);
    }
    return false;
  }

  /// A line inside brackets that can only be a new statement: the bracket before was left open.
  bool beginsStatement() const {
    StringRef rest = slice(pos, stop);
    StringRef first = rest.take_while(isNameChar);
    bool hard = first == "def" || first == "return" || first == "assert" || first == "while" || first == "import" ||
                first == "pass" || first == "elif";
    if (hard)
      return true;
    bool soft = first == "module" || first == "export" || first == "param" || first == "buffer" || first == "let";
    if (!soft || !rest.drop_front(first.size()).starts_with(" "))
      return false;
    // `[param for param in ...]` goes on with a keyword.
    StringRef second = rest.drop_front(first.size() + 1).take_while(isNameChar);
    return !second.empty() && isNameStart(second[0]) && keywordKind(second) == Kind::name;
  }

  void reportUnclosed() {
    uint32_t open = brackets.back().begin;
    diags.report(diag::unclosedBracket, range(open, open + 1), slice(open, open + 1))
        .label(pos < stop ? "still open where the next statement begins" : "still open at the end of the file");
    brackets.clear();
    push(Kind::newline, pos, pos, true);
  }

  void semicolon() {
    diags.report(diag::semicolon, range(pos, pos + 1)).suggest("begin a new line here, or leave it out");
    ++pos;
    if (brackets.empty() && !inFragment)
      endLine();
  }

  void backslash() {
    uint32_t begin = pos++;
    skipBlanks();
    bool ends = !inFragment && atLineEnd();
    pos = begin + 1;
    if (!ends)
      return unexpectedAt(begin, pos);
    diags.report(diag::backslash, range(begin, pos)).suggest("put the expression into parentheses");
    skipBlanks();
    continued = pos < stop;
  }

  void unexpected() {
    uint32_t begin = pos++;
    while (pos < stop && (text[pos] & 0xC0) == 0x80)
      ++pos;
    unexpectedAt(begin, pos);
    // A row of the same says nothing new.
    StringRef character = slice(begin, pos);
    while (slice(pos, stop).starts_with(character))
      pos += static_cast<uint32_t>(character.size());
  }

  void unexpectedAt(uint32_t begin, uint32_t end) {
    StringRef character = slice(begin, end);
    bool printable = static_cast<unsigned char>(character[0]) >= 0x20 && character[0] != 0x7f;
    std::string shown = printable ? "`" + character.str() + "`" : "0x" + llvm::toHex(character);
    Diagnostic &d = diags.report(diag::unexpectedCharacter, range(begin, end), shown);
    StringRef meant = lookalike(character);
    if (character == "?")
      d.suggest("a choice is written `a if condition else b`");
    if (!meant.empty())
      d.suggest(meant == " " ? "use an ordinary space" : "write `" + meant.str() + "`", range(begin, end), meant.str());
    else if ((character[0] & 0x80) != 0)
      d.note("names are made of ASCII letters, digits and `_`");
    // An odd space need not spoil the statement.
    if (meant != " ")
      push(Kind::invalid, begin, end, true);
  }

  struct Bracket {
    Kind kind;
    uint32_t begin;
  };

  DiagnosticEngine &diags;
  FileId file;
  StringRef text;
  uint32_t pos;
  uint32_t stop;
  uint32_t lineNumber = 0;
  bool inFragment = false;
  bool continued = false;
  bool reportedTab = false;
  std::vector<Bracket> brackets;
  std::vector<uint32_t> indents = {0};
  std::optional<DocComment> doc;
};

} // namespace

TokenStream lex(FileId file, const SourceManager &sources, DiagnosticEngine &diags) {
  Lexer lexer({file, 0, static_cast<uint32_t>(sources.text(file).size())}, sources, diags);
  lexer.whole();
  return std::move(lexer.out);
}

std::vector<Token> lexFragment(SourceRange range, const SourceManager &sources, DiagnosticEngine &diags) {
  Lexer lexer(range, sources, diags);
  lexer.fragment();
  return std::move(lexer.out.tokens);
}

} // namespace modc
