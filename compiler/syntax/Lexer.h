// Tokens of a file: names, numbers, strings, operators, and the line ends and borders of blocks.
#pragma once

#include "compiler/syntax/Diagnostics.h"
#include "llvm/ADT/DenseMap.h"

namespace modc {

struct Token {
  enum class Kind : uint8_t {
    end,
    newline,
    indent,
    dedent,
    name,
    integer,
    floating,
    string,
    /// Something the lexer has already complained about; the parser gives up on the statement without a word.
    invalid,
    // keywords
    kwAnd,
    kwAs,
    kwAssert,
    kwDef,
    kwElif,
    kwElse,
    kwFor,
    kwFrom,
    kwIf,
    kwImport,
    kwIn,
    kwIs,
    kwNot,
    kwOr,
    kwPass,
    kwReturn,
    kwWhile,
    kwNone,
    kwTrue,
    kwFalse,
    // operators and punctuation
    lparen,
    rparen,
    lsquare,
    rsquare,
    lbrace,
    rbrace,
    comma,
    colon,
    dot,
    ellipsis,
    arrow,
    assign,
    at,
    plus,
    minus,
    star,
    slash,
    doubleSlash,
    percent,
    doubleStar,
    amp,
    pipe,
    tilde,
    eq,
    ne,
    lt,
    le,
    gt,
    ge,
    plusAssign,
    minusAssign,
    starAssign,
    slashAssign,
    doubleSlashAssign,
    percentAssign,
    doubleStarAssign,
    atAssign,
    ampAssign,
    pipeAssign,
    // known from Python and C, in no rule of the grammar
    walrus,
    caret,
    shiftLeft,
    shiftRight,
    andAnd,
    orOr,
    bang,
  };
  Kind kind = Kind::end;
  /// The lexer has complained about this place (a bracket left open before it): the parser stays silent.
  bool poisoned = false;
  uint32_t begin = 0;
  uint32_t end = 0;
};

/// How a token is named in messages: "`(`", "a name", "the end of the line".
llvm::StringRef describe(Token::Kind kind);

/// Consecutive `##` lines that stand alone.
struct DocComment {
  std::string text;
  uint32_t firstLine = 0;
  uint32_t lastLine = 0;
};

/// A `#` comment, up to the end of its line.
struct Comment {
  uint32_t begin = 0;
  uint32_t end = 0;
  /// Nothing stands before it on its line.
  bool alone = false;
};

struct TokenStream {
  /// Ends with a token of kind `end`.
  std::vector<Token> tokens;
  /// All comments, documentation included, in order: what is neither token nor blank.
  std::vector<Comment> comments;
  /// The last comment before a token, by the token's index; only where no blank line stands between.
  llvm::DenseMap<uint32_t, DocComment> docs;
  /// The first comment of the file, if it stands before the first token.
  std::optional<DocComment> top;
};

TokenStream lex(FileId file, const SourceManager &sources, DiagnosticEngine &diags);

/// The tokens of a part of a line, as inside brackets: no newlines, no blocks. For `{expr}` in strings.
std::vector<Token> lexFragment(SourceRange range, const SourceManager &sources, DiagnosticEngine &diags);

} // namespace modc
