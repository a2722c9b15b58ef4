// The words and signs of the language.
#include "compiler/syntax/Tokens.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace modc;
using llvm::StringRef;
using Kind = modc::Token::Kind;

Kind modc::keywordKind(StringRef word) {
  return llvm::StringSwitch<Kind>(word)
      .Case("and", Kind::kwAnd)
      .Case("as", Kind::kwAs)
      .Case("assert", Kind::kwAssert)
      .Case("def", Kind::kwDef)
      .Case("elif", Kind::kwElif)
      .Case("else", Kind::kwElse)
      .Case("for", Kind::kwFor)
      .Case("from", Kind::kwFrom)
      .Case("if", Kind::kwIf)
      .Case("import", Kind::kwImport)
      .Case("in", Kind::kwIn)
      .Case("is", Kind::kwIs)
      .Case("not", Kind::kwNot)
      .Case("or", Kind::kwOr)
      .Case("pass", Kind::kwPass)
      .Case("return", Kind::kwReturn)
      .Case("while", Kind::kwWhile)
      .Case("None", Kind::kwNone)
      .Case("True", Kind::kwTrue)
      .Case("False", Kind::kwFalse)
      .Default(Kind::name);
}

static constexpr Operator operatorTable[] = {
    {"**=", Kind::doubleStarAssign},
    {"//=", Kind::doubleSlashAssign},
    {"...", Kind::ellipsis},
    {"->", Kind::arrow},
    {"**", Kind::doubleStar},
    {"//", Kind::doubleSlash},
    {"==", Kind::eq},
    {"!=", Kind::ne},
    {"<=", Kind::le},
    {">=", Kind::ge},
    {"<<", Kind::shiftLeft},
    {">>", Kind::shiftRight},
    {"+=", Kind::plusAssign},
    {"-=", Kind::minusAssign},
    {"*=", Kind::starAssign},
    {"/=", Kind::slashAssign},
    {"@=", Kind::atAssign},
    {"%=", Kind::percentAssign},
    {"&=", Kind::ampAssign},
    {"|=", Kind::pipeAssign},
    {":=", Kind::walrus},
    {"&&", Kind::andAnd},
    {"||", Kind::orOr},
    {"(", Kind::lparen},
    {")", Kind::rparen},
    {"[", Kind::lsquare},
    {"]", Kind::rsquare},
    {"{", Kind::lbrace},
    {"}", Kind::rbrace},
    {",", Kind::comma},
    {":", Kind::colon},
    {".", Kind::dot},
    {"=", Kind::assign},
    {"@", Kind::at},
    {"+", Kind::plus},
    {"-", Kind::minus},
    {"*", Kind::star},
    {"/", Kind::slash},
    {"%", Kind::percent},
    {"&", Kind::amp},
    {"|", Kind::pipe},
    {"~", Kind::tilde},
    {"<", Kind::lt},
    {">", Kind::gt},
    {"^", Kind::caret},
    {"!", Kind::bang},
};

llvm::ArrayRef<Operator> modc::operators() { return operatorTable; }

StringRef modc::lookalike(StringRef character) {
  return llvm::StringSwitch<StringRef>(character)
      .Cases({"\u201c", "\u201d", "\u201e", "\u00ab", "\u00bb"}, "\"")
      .Cases({"\u2018", "\u2019", "\u201a", "`"}, "'")
      .Cases({"\u2212", "\u2013", "\u2014", "\u2010", "\u2011"}, "-")
      .Cases({"\u00a0", "\u2003", "\u2009", "\u202f", "\u3000"}, " ")
      .Cases({"\u00d7", "\u22c5", "\u00b7"}, "*")
      .Cases({"\u2264"}, "<=")
      .Cases({"\u2265"}, ">=")
      .Cases({"\u2260"}, "!=")
      .Cases({"\u2192"}, "->")
      .Cases({"\u2026"}, "...")
      .Cases({"\uff08"}, "(")
      .Cases({"\uff09"}, ")")
      .Cases({"\uff0c"}, ",")
      .Cases({"\uff1a"}, ":")
      .Default("");
}

bool modc::isWellFormedNumber(StringRef spelled, bool floating, bool radix) {
  // Underscores stand between two digits.
  auto digit = [&](size_t i) {
    return i < spelled.size() && (radix ? llvm::isHexDigit(spelled[i]) : llvm::isDigit(spelled[i]));
  };
  for (size_t i = 1; i < spelled.size(); ++i)
    if (spelled[i] == '_' && !(digit(i + 1) && (digit(i - 1) || (radix && i == 2))))
      return false;
  if (radix) {
    StringRef allowed = llvm::toLower(spelled[1]) == 'x'   ? "0123456789abcdefABCDEF_"
                        : llvm::toLower(spelled[1]) == 'o' ? "01234567_"
                                                           : "01_";
    return spelled.size() > 2 && spelled.drop_front(2).find_first_not_of(allowed) == StringRef::npos;
  }
  if (!floating)
    return spelled.find_first_not_of("0123456789_") == StringRef::npos &&
           (spelled[0] != '0' || spelled.find_first_not_of("0_") == StringRef::npos);
  StringRef rest = spelled.ltrim("0123456789_");
  if (rest.consume_front("."))
    rest = rest.ltrim("0123456789_");
  if (rest.consume_front("e") || rest.consume_front("E")) {
    if (!rest.consume_front("+"))
      rest.consume_front("-");
    return !rest.empty() && rest.find_first_not_of("0123456789_") == StringRef::npos;
  }
  return rest.empty();
}

StringRef modc::describe(Kind kind) {
  switch (kind) {
  case Kind::end:
    return "the end of the file";
  case Kind::newline:
    return "the end of the line";
  case Kind::indent:
    return "an indented block";
  case Kind::dedent:
    return "the end of the block";
  case Kind::name:
    return "a name";
  case Kind::integer:
  case Kind::floating:
    return "a number";
  case Kind::string:
    return "a string";
  case Kind::invalid:
    return "something unreadable";
  default:
    return "";
  }
}
