// Damaged programs: bytes and tokens deleted, doubled, swapped, replaced. Nothing may crash or hang, and every text
// gives either a whole tree (which prints and parses again) or at least one error.
#include "Mutator.h"
#include "Support.h"
#include "compiler/syntax/Format.h"
#include "compiler/syntax/Structure.h"
#include <gtest/gtest.h>

using namespace modc;
using modc::test::Mutator;
using modc::test::Parsed;

namespace {

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
  ASSERT_TRUE(modc::structure(again.tree) == modc::structure(p.tree)) << what << "\n" << once;
  // The layout keeps the tree and every comment, and is its own layout.
  std::string laid = format(p.tree, p.sources);
  Parsed formatted(laid);
  ASSERT_FALSE(formatted.tree.hasErrors) << what << "\n" << laid << formatted.rendered();
  ASSERT_TRUE(modc::structure(formatted.tree) == modc::structure(p.tree)) << what << "\n" << laid;
  ASSERT_EQ(format(formatted.tree, formatted.sources), laid) << what;
  ASSERT_EQ(modc::test::comments(laid), modc::test::comments(text)) << what << "\n" << laid;
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
    mutate.damage(text, texts[mutate.below(texts.size())]);
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
