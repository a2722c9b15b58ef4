// Blanks by the kinds of neighbours, and breaks by cost: the outermost bracket first, after commas before operators.
#include "compiler/syntax/FormatLine.h"

#include "llvm/Support/Unicode.h"
#include <algorithm>
#include <limits>

using namespace modc;
using Kind = Token::Kind;

namespace {

constexpr unsigned maxColumns = 120;
/// Lines that go on under a bracket further right than this are better begun anew under their statement.
constexpr unsigned farRight = 80;

bool opens(Kind kind) { return kind == Kind::lparen || kind == Kind::lsquare || kind == Kind::lbrace; }
bool closes(Kind kind) { return kind == Kind::rparen || kind == Kind::rsquare || kind == Kind::rbrace; }

/// After these an operator is binary, and a bracket belongs to what stands before it.
bool endsOperand(Kind kind) {
  switch (kind) {
  case Kind::name:
  case Kind::integer:
  case Kind::floating:
  case Kind::string:
  case Kind::kwNone:
  case Kind::kwTrue:
  case Kind::kwFalse:
  case Kind::ellipsis:
    return true;
  default:
    return closes(kind);
  }
}

bool isAssignment(Kind kind) { return kind == Kind::assign || (kind >= Kind::plusAssign && kind <= Kind::pipeAssign); }

/// Operators and words before which a line may be broken.
bool joins(Kind kind) {
  switch (kind) {
  case Kind::kwAnd:
  case Kind::kwOr:
  case Kind::kwIf:
  case Kind::kwElse:
  case Kind::kwFor:
  case Kind::plus:
  case Kind::minus:
  case Kind::star:
  case Kind::slash:
  case Kind::doubleSlash:
  case Kind::percent:
  case Kind::at:
  case Kind::amp:
  case Kind::pipe:
  case Kind::eq:
  case Kind::ne:
  case Kind::lt:
  case Kind::le:
  case Kind::gt:
  case Kind::ge:
    return true;
  default:
    return false;
  }
}

unsigned widthOf(llvm::StringRef text) {
  int width = llvm::sys::unicode::columnWidthUTF8(text);
  return width < 0 ? static_cast<unsigned>(text.size()) : static_cast<unsigned>(width);
}

class Line {
public:
  Line(std::vector<Piece> given, LineKind kind, unsigned indent)
      : pieces(std::move(given)), kind(kind), indent(indent) {
    analyse();
    if (needsParentheses())
      analyse();
  }

  std::string print();

private:
  struct Item {
    /// One blank before it, on the same line.
    bool space = false;
    bool unary = false;
    /// Brackets round it; a bracket counts itself out.
    unsigned depth = 0;
    /// Index of the innermost bracket round it.
    int bracket = -1;
    bool breakBefore = false;
    // Filled in by `print`:
    /// Of an opening bracket: the column where lines inside it begin.
    unsigned column = 0;
  };

  Kind kindOf(size_t i) const { return pieces[i].token.kind; }
  void analyse();
  bool spaceBefore(size_t i, bool slice) const;
  bool needsParentheses();
  void keepRows(size_t open, size_t close);
  unsigned cost(size_t i) const;
  unsigned continuation(size_t i);

  std::vector<Piece> pieces;
  std::vector<Item> items;
  LineKind kind;
  unsigned indent;
  /// Where the line begins that is being printed.
  unsigned base = 0;
};

bool Line::spaceBefore(size_t i, bool slice) const {
  if (i == 0)
    return false;
  Kind before = kindOf(i - 1), here = kindOf(i);
  if (opens(before) || closes(here) || here == Kind::comma)
    return false;
  if (before == Kind::comma)
    return true;
  if (here == Kind::colon)
    return false;
  if (here == Kind::dot)
    // `1.x` would be another number.
    return before == Kind::integer || before == Kind::floating;
  if (before == Kind::dot)
    return false;
  if (before == Kind::colon)
    return !slice;
  if (here == Kind::lparen || here == Kind::lsquare)
    if (endsOperand(before))
      return kind == LineKind::let && i == 1;
  if (here == Kind::assign || before == Kind::assign) {
    size_t at = here == Kind::assign ? i : i - 1;
    // `def f(x = 1)`, `module M(x = 1)`: the first brackets hold arguments with defaults.
    if (items[at].depth > 0)
      return items[at].bracket == 2 && kindOf(1) == Kind::name && (kindOf(0) == Kind::kwDef || kindOf(0) == Kind::name);
    bool flag = kind == LineKind::declare && at >= 2 && kindOf(at - 2) == Kind::comma;
    return !flag;
  }
  bool attribute = before == Kind::at && i == 1;
  return !attribute && !items[i - 1].unary;
}

void Line::analyse() {
  std::vector<size_t> stack;
  items.assign(pieces.size(), {});
  std::vector<std::pair<size_t, size_t>> rows;
  for (size_t i = 0; i < pieces.size(); ++i) {
    Kind here = kindOf(i);
    bool slice = !stack.empty() && kindOf(stack.back()) == Kind::lsquare;
    if (closes(here) && !stack.empty()) {
      if (pieces[stack.back() + 1].newLine && stack.back() + 1 < i)
        rows.emplace_back(stack.back(), i);
      stack.pop_back();
    }
    Item &item = items[i];
    item.depth = static_cast<unsigned>(stack.size());
    item.bracket = stack.empty() ? -1 : static_cast<int>(stack.back());
    item.unary = (here == Kind::minus || here == Kind::plus || here == Kind::tilde || here == Kind::star) &&
                 (i == 0 || !endsOperand(kindOf(i - 1)));
    item.space = spaceBefore(i, slice);
    item.breakBefore = i > 0 && (!pieces[i].before.empty() || !pieces[i - 1].after.empty());
    if (opens(here))
      stack.push_back(i);
  }
  for (auto [open, close] : rows)
    keepRows(open, close);
}

/// A bracket at the end of its line begins rows of items, which stay as they are: a table, layers that belong together.
void Line::keepRows(size_t open, size_t close) {
  items[open + 1].breakBefore = true;
  items[close].breakBefore |= pieces[close].newLine;
  for (size_t i = open + 1; i + 1 < close; ++i)
    if (kindOf(i) == Kind::comma && items[i].bracket == static_cast<int>(open))
      items[i + 1].breakBefore |= pieces[i + 1].newLine;
}

/// A value too long for its line, with operators outside of all brackets, is put into parentheses.
bool Line::needsParentheses() {
  size_t start = 0, end = pieces.size();
  Kind first = kindOf(0);
  if (first == Kind::kwReturn || first == Kind::kwIf || first == Kind::kwElif || first == Kind::kwWhile)
    start = 1;
  else if (kind == LineKind::assignment || kind == LineKind::let)
    for (size_t i = 1; i < pieces.size() && start == 0; ++i)
      if (items[i].depth == 0 && isAssignment(kindOf(i)))
        start = i + 1;
  // The colon of a block stays outside.
  if (first != Kind::kwReturn && kindOf(end - 1) == Kind::colon)
    --end;
  unsigned width = indent;
  bool breakable = false;
  for (size_t i = 0; i < pieces.size(); ++i) {
    width += items[i].space + widthOf(pieces[i].text);
    if (i < start || items[i].depth > 0)
      continue;
    if (kindOf(i) == Kind::comma)
      return false;
    breakable |= joins(kindOf(i)) && !items[i].unary;
  }
  if (start == 0 || width <= maxColumns || !breakable)
    return false;
  Piece open{{Kind::lparen}, "(", std::move(pieces[start].before), "", false},
      close{{Kind::rparen}, ")", {}, "", false};
  pieces[start].before.clear();
  pieces.insert(pieces.begin() + static_cast<ptrdiff_t>(start), std::move(open));
  pieces.insert(pieces.begin() + static_cast<ptrdiff_t>(end) + 1, std::move(close));
  return true;
}

/// Of a break before the piece; none is possible at the greatest number.
unsigned Line::cost(size_t i) const {
  const Item &item = items[i];
  if (item.depth == 0 || closes(kindOf(i)))
    return std::numeric_limits<unsigned>::max();
  unsigned right = items[static_cast<size_t>(item.bracket)].column > farRight ? 20 : 0;
  if (kindOf(i - 1) == Kind::comma)
    return 10 * item.depth + right;
  if (joins(kindOf(i)) && !item.unary)
    return 10 * item.depth + 5 + right;
  if (opens(kindOf(i - 1)))
    return 10 * item.depth + 8;
  return std::numeric_limits<unsigned>::max();
}

/// Where the line begins after a break before the piece.
unsigned Line::continuation(size_t i) {
  bool closing = closes(kindOf(i));
  // The bracket that a closing one closes is the innermost before it that is one level out.
  int bracket = items[i].bracket;
  if (closing) {
    size_t open = i;
    while (open-- > 0)
      if (opens(kindOf(open)) && items[open].depth == items[i].depth)
        break;
    bracket = static_cast<int>(open);
  }
  if (bracket < 0)
    return indent + 4;
  Item &open = items[static_cast<size_t>(bracket)];
  if (static_cast<size_t>(bracket) + 1 == i)
    open.column = base + 4;
  bool hanging = items[static_cast<size_t>(bracket) + 1].breakBefore;
  return closing && hanging ? open.column - std::min(open.column, 4u) : open.column;
}

std::string Line::print() {
  std::string out;
  size_t start = 0;
  base = indent;
  while (start < pieces.size()) {
    // How far the line goes.
    unsigned column = base;
    size_t end = start, best = 0;
    unsigned least = std::numeric_limits<unsigned>::max();
    for (; end < pieces.size(); ++end) {
      if (end > start) {
        if (items[end].breakBefore)
          break;
        column += items[end].space;
        if (unsigned here = cost(end); here <= least && here != std::numeric_limits<unsigned>::max()) {
          least = here;
          best = end;
        }
      }
      column += widthOf(pieces[end].text);
      if (opens(kindOf(end)))
        items[end].column = column;
      if (column > maxColumns && best > start) {
        end = best;
        break;
      }
    }
    for (size_t i = start; i < end; ++i)
      out += (i > start && items[i].space ? " " : "") + pieces[i].text.str();
    if (end == pieces.size())
      break;
    if (!pieces[end - 1].after.empty())
      out += "  " + pieces[end - 1].after.str();
    bool afterOpen = opens(kindOf(end - 1));
    items[end].breakBefore |= afterOpen;
    base = continuation(end);
    unsigned inside = base + (closes(kindOf(end)) ? 4 : 0);
    for (llvm::StringRef comment : pieces[end].before)
      out += "\n" + std::string(inside, ' ') + comment.str();
    out += "\n" + std::string(base, ' ');
    start = end;
  }
  return out;
}

} // namespace

std::string modc::formatLine(std::vector<Piece> pieces, LineKind kind, unsigned indent) {
  return pieces.empty() ? "" : Line(std::move(pieces), kind, indent).print();
}
