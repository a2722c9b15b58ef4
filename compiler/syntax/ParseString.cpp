// The inside of strings: escapes, doubled braces, and interpolated expressions.
#include "compiler/syntax/ParserImpl.h"

#include "llvm/Support/ConvertUTF.h"

using namespace modc;
using namespace modc::ast;
using llvm::SmallVector;
using llvm::SmallVectorImpl;

namespace {
/// Collects text and closes it into a part when an expression follows.
struct PartBuilder {
  SmallVector<StringPart> parts;
  std::string pending;
  uint32_t pendingBegin = 0;
};
} // namespace

/// Value of the hexadecimal digits, or nothing if there are fewer than `count`.
static std::optional<uint32_t> hexDigits(llvm::StringRef text, unsigned count) {
  uint32_t value = 0;
  if (text.size() < count || text.take_front(count).getAsInteger(16, value))
    return std::nullopt;
  return value;
}

/// The text of the escape at the start of `rest` (a backslash) and its length; length 0 if it is none.
static std::pair<std::string, unsigned> unescape(llvm::StringRef rest) {
  switch (rest.size() > 1 ? rest[1] : '\0') {
  case 'n':
    return {"\n", 2};
  case 't':
    return {"\t", 2};
  case 'r':
    return {"\r", 2};
  case '\\':
  case '"':
  case '\'':
    return {std::string(1, rest[1]), 2};
  case 'x':
    if (auto value = hexDigits(rest.drop_front(2), 2); value && *value > 0 && *value < 0x80)
      return {std::string(1, static_cast<char>(*value)), 4};
    return {"", 0};
  case 'u':
    if (auto value = hexDigits(rest.drop_front(2), 4); value && *value > 0 && (*value < 0xD800 || *value > 0xDFFF)) {
      char buffer[UNI_MAX_UTF8_BYTES_PER_CODE_POINT];
      char *end = buffer;
      if (llvm::ConvertCodePointToUTF8(*value, end))
        return {std::string(buffer, end), 6};
    }
    return {"", 0};
  default:
    return {"", 0};
  }
}

const StringExpr *Parser::parseString() {
  SourceRange start = here();
  Token token = take();
  StringRef source = sources.text(file);
  uint32_t at = token.begin + (source[token.begin] == 'f' ? 2 : 1);
  uint32_t end = token.end - 1;
  PartBuilder builder;
  unsigned height = 1;
  auto flush = [&] {
    if (!builder.pending.empty())
      builder.parts.push_back({{file, builder.pendingBegin, at}, save(builder.pending), nullptr});
    builder.pending.clear();
  };
  while (at < end) {
    if (builder.pending.empty())
      builder.pendingBegin = at;
    StringRef rest = source.slice(at, end);
    if (rest[0] == '\\') {
      auto [replacement, length] = unescape(rest);
      if (length == 0) {
        // A character of several bytes is one escape.
        length = 2;
        while (length < rest.size() && (rest[length] & 0xC0) == 0x80)
          ++length;
        error(diag::unknownEscape, {file, at, at + length}, rest.take_front(length))
            .suggest("write `\\\\` for a backslash", {file, at, at + 1}, "\\\\");
      }
      builder.pending += replacement;
      at += length;
    } else if (rest.starts_with("{{") || rest.starts_with("}}")) {
      builder.pending += rest[0];
      at += 2;
    } else if (rest[0] == '}') {
      error(diag::badInterpolation, {file, at, at + 1}, "`}` without a `{` in a string")
          .suggest("write `}}` for a brace", {file, at, at + 1}, "}}");
      ++at;
    } else if (rest[0] == '{') {
      flush();
      uint32_t open = at;
      const Expr *expr = parseInterpolation(at, end);
      if (!expr)
        return nullptr;
      height = std::max(height, expr->height + 1);
      builder.parts.push_back({{file, open, at}, {}, expr});
    } else {
      builder.pending += rest[0];
      ++at;
    }
  }
  flush();
  auto *node = make<StringExpr>(start);
  node->range = start;
  node->parts = copy(llvm::ArrayRef<StringPart>(builder.parts));
  node->height = height;
  return node;
}

/// Where the expression of an interpolation ends: at the `}` that closes it, or at what no expression can hold.
static uint32_t endOfInterpolation(llvm::StringRef source, uint32_t at, uint32_t end) {
  unsigned depth = 0;
  char quote = 0;
  for (; at < end; ++at) {
    char c = source[at];
    if (quote) {
      at += c == '\\';
      quote = c == quote ? 0 : quote;
      continue;
    }
    bool conversion = c == '!' && at + 1 < end && source[at + 1] != '=';
    if (c == '"' || c == '\'')
      quote = c;
    else if (c == '(' || c == '[' || c == '{')
      ++depth;
    else if (depth == 0 && (c == '}' || c == ':' || conversion))
      return at;
    else if (c == ')' || c == ']' || c == '}')
      depth -= depth > 0;
  }
  return end;
}

const Expr *Parser::parseInterpolation(uint32_t &at, uint32_t end) {
  StringRef source = sources.text(file);
  SourceRange brace{file, at, at + 1};
  uint32_t close = endOfInterpolation(source, at + 1, end);
  if (close == end) {
    error(diag::badInterpolation, brace, "`{` is not closed in this string")
        .suggest("write `{{` for a brace", brace, "{{");
    return nullptr;
  }
  if (source.slice(at + 1, close).trim().empty()) {
    error(diag::badInterpolation, {file, at, close + 1}, "nothing between the braces of a string")
        .suggest("write `{{` and `}}` for braces", {file, at, close + 1}, "{{}}");
    return nullptr;
  }
  if (source[close] != '}') {
    size_t last = source.slice(close, end).find('}');
    uint32_t stop = last == StringRef::npos ? end : close + static_cast<uint32_t>(last);
    error(diag::formatSpec, {file, close, stop}, source.slice(close, stop))
        .suggest("leave it out", {file, close, stop}, "");
    return nullptr;
  }

  // The expression has tokens of its own; the file's are put back afterwards.
  std::vector<Token> inner = lexFragment({file, at + 1, close}, sources, diags);
  llvm::ArrayRef<Token> outerTokens = tokens;
  size_t outerPos = pos;
  uint32_t outerEnd = lastEnd;
  tokens = inner;
  pos = 0;
  const Expr *expr = parseExpr();
  if (expr && this->at(Kind::assign) && peek(1).kind == Kind::end) {
    error(diag::formatSpec, here(), "=").suggest("leave it out", here(), "");
    expr = nullptr;
  } else if (expr && !this->at(Kind::end)) {
    expr = fail("`}` (one expression stands between the braces of a string)");
  }
  tokens = outerTokens;
  pos = reportedDepth ? tokens.size() - 1 : outerPos;
  lastEnd = outerEnd;
  at = close + 1;
  return expr;
}
