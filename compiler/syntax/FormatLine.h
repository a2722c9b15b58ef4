// One logical line of the formatter: the blanks between its tokens, and where it goes on over several lines. Inside of
// Format.cpp.
#pragma once

#include "compiler/syntax/Lexer.h"

namespace modc {

/// A token with the comments that stand inside the statement: in brackets, lines may end in one or be one.
struct Piece {
  Token token;
  llvm::StringRef text;
  /// Comment lines before the token.
  std::vector<llvm::StringRef> before;
  /// A comment on the token's own line.
  llvm::StringRef after;
  /// A line begins with it in the source.
  bool newLine = false;
};

/// What a statement is, as far as the layout depends on it.
enum class LineKind { other, let, declare, assignment };

/// The line from column `indent` on, without a line end at its end; more lines where it must be broken.
std::string formatLine(std::vector<Piece> pieces, LineKind kind, unsigned indent);

} // namespace modc
