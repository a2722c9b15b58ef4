// Damages programs: bytes, tokens and lines deleted, doubled, swapped, replaced. The same seed gives the same damage.
#pragma once

#include "compiler/syntax/Lexer.h"
#include <random>

namespace modc::test {

class Mutator {
public:
  explicit Mutator(uint32_t seed) : random(seed) {}

  size_t below(size_t n) { return n == 0 ? 0 : random() % n; }

  void bytes(std::string &text) {
    static const std::string special = "()[]{}:,.=\"'\\#\n\t ;@*-+|&<>!~`$%0e_\x80\xE2";
    size_t at = below(text.size()), length = 1 + below(8);
    switch (below(5)) {
    case 0:
      text.erase(at, length);
      break;
    case 1:
      text.insert(at, text.substr(at, length));
      break;
    case 2:
      if (text.size() > 1)
        std::swap(text[at], text[below(text.size())]);
      break;
    case 3:
      if (!text.empty())
        text[at] = special[below(special.size())];
      break;
    default:
      text.insert(at, 1, special[below(special.size())]);
    }
  }

  /// Works on the tokens of the text, so that errors of grammar and not only of spelling come up.
  void tokens(std::string &text) {
    SourceManager sources;
    DiagnosticEngine diags;
    FileId file = sources.add("t", text);
    std::vector<Token> list = lex(file, sources, diags).tokens;
    const Token &a = list[below(list.size())], &b = list[below(list.size())];
    std::string from = text.substr(a.begin, a.end - a.begin), other = text.substr(b.begin, b.end - b.begin);
    switch (below(4)) {
    case 0:
      text.erase(a.begin, a.end - a.begin);
      break;
    case 1:
      text.insert(a.begin, other + " ");
      break;
    case 2:
      text.replace(a.begin, a.end - a.begin, other);
      break;
    default:
      if (a.end <= b.begin) {
        text.replace(b.begin, b.end - b.begin, from);
        text.replace(a.begin, a.end - a.begin, other);
      }
    }
  }

  /// Whole lines moved or indented otherwise.
  void lines(std::string &text) {
    size_t start = text.rfind('\n', below(text.size()));
    start = start == std::string::npos ? 0 : start + 1;
    size_t end = std::min(text.find('\n', start), text.size());
    switch (below(3)) {
    case 0:
      text.erase(start, end - start);
      break;
    case 1:
      text.insert(start, std::string(1 + below(6), ' '));
      break;
    default:
      text.insert(start, text.substr(start, end - start) + "\n");
    }
  }

  /// A line of another program in place of one of this.
  void splice(std::string &text, const std::string &other) {
    auto lineAt = [](const std::string &from, size_t place) {
      size_t start = from.rfind('\n', place);
      start = start == std::string::npos ? 0 : start + 1;
      return std::pair(start, std::min(from.find('\n', start), from.size()));
    };
    auto [to, toEnd] = lineAt(text, below(text.size()));
    auto [from, fromEnd] = lineAt(other, below(other.size()));
    text.replace(to, toEnd - to, other.substr(from, fromEnd - from));
  }

  /// A few damages of any kind.
  void damage(std::string &text, const std::string &other) {
    for (size_t i = 0, n = 1 + below(3); i < n && !text.empty(); ++i) {
      switch (below(4)) {
      case 0:
        bytes(text);
        break;
      case 1:
        tokens(text);
        break;
      case 2:
        lines(text);
        break;
      default:
        splice(text, other);
      }
    }
  }

private:
  std::mt19937 random;
};

} // namespace modc::test
