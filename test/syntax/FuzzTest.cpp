// Damaged programs: bytes and tokens deleted, doubled, swapped, replaced. Nothing may crash or hang, and every text
// gives either a whole tree (which prints and parses again) or at least one error.
#include "Structure.h"
#include "Support.h"
#include "compiler/syntax/Lexer.h"
#include <gtest/gtest.h>
#include <random>

using namespace modc;
using modc::test::Parsed;

namespace {

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

private:
  std::mt19937 random;
};

void check(const std::string &text, const std::string &what) {
  Parsed p(text);
  ASSERT_EQ(p.tree.hasErrors, p.diags.hasErrors()) << what << "\n" << p.rendered();
  for (const Diagnostic *d : p.diags.diagnostics()) {
    ASSERT_TRUE(d->range.valid()) << what;
    ASSERT_LE(d->range.begin, d->range.end) << what;
    ASSERT_LE(d->range.end, text.size()) << what;
  }
  ASSERT_FALSE(p.diags.hasErrors() && p.rendered().empty());
  if (p.tree.hasErrors)
    return;
  std::string once = p.printed();
  Parsed again(once);
  ASSERT_FALSE(again.tree.hasErrors) << what << "\n" << once << again.rendered();
  ASSERT_EQ(again.printed(), once) << what;
  ASSERT_TRUE(modc::test::structure(again.tree) == modc::test::structure(p.tree)) << what << "\n" << once;
}

TEST(Fuzz, DamagedPrograms) {
  std::vector<std::string> texts;
  for (const auto &path : modc::test::programs({"nn", "test/syntax/programs", "test/syntax/diag"})) {
    std::string text = modc::test::readFile(path);
    // Short texts: a damage matters more in them, and many are tried in the time.
    texts.push_back(text.substr(0, 2500));
  }
  size_t whole = 0;
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    Mutator mutate(seed);
    std::string text = texts[seed % texts.size()];
    for (size_t i = 0, n = 1 + mutate.below(3); i < n; ++i) {
      switch (mutate.below(3)) {
      case 0:
        mutate.bytes(text);
        break;
      case 1:
        mutate.tokens(text);
        break;
      default:
        mutate.lines(text);
      }
    }
    check(text, "seed " + std::to_string(seed));
    if (HasFatalFailure()) {
      std::ofstream("/tmp/modc-syntax-fuzz.mod") << text;
      return;
    }
    whole += !Parsed(text).tree.hasErrors;
  }
  // Both ways are taken, or the test would prove half of what it says.
  EXPECT_GT(whole, 200u);
  EXPECT_LT(whole, 2800u);
}

TEST(Fuzz, EveryPrefix) {
  std::string text =
      modc::test::readFile(std::filesystem::path(MODC_SOURCE_DIR) / "nn/nn/attention.mod").substr(0, 3000);
  for (size_t length = 0; length < text.size(); length += 3) {
    check(text.substr(0, length), "prefix " + std::to_string(length));
    if (HasFatalFailure())
      return;
  }
}

TEST(Fuzz, Noise) {
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) {
    std::string text;
    for (size_t j = 0, n = random() % 400; j < n; ++j)
      text += static_cast<char>(i % 2 ? random() % 256 : 9 + random() % 118);
    check(text, "noise " + std::to_string(i));
    if (HasFatalFailure())
      return;
  }
}

} // namespace
