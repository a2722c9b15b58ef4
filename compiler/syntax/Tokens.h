// Tables of the lexer: keywords, operators, what a number may look like, and characters that are mistaken for ours.
#pragma once

#include "compiler/syntax/Lexer.h"

namespace modc {

struct Operator {
  llvm::StringRef text;
  Token::Kind kind;
};

/// Longer ones before their beginnings.
llvm::ArrayRef<Operator> operators();
/// The kind of a keyword; `name` for other words.
Token::Kind keywordKind(llvm::StringRef word);
/// `floating`: with a point or an exponent; `radix`: with `0x`, `0o` or `0b`.
bool isWellFormedNumber(llvm::StringRef spelled, bool floating, bool radix);
/// What was likely meant by a character that looks like one of ours (a curly quotation mark, a long dash), or empty.
llvm::StringRef lookalike(llvm::StringRef character);

} // namespace modc
