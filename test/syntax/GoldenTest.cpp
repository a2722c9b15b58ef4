// The exact text of diagnostics: each diag/NAME.mod is rendered and compared with diag/NAME.txt beside it.
// After an intended change: MODC_UPDATE_GOLDEN=1 build/bin/syntax_test --gtest_filter='Golden*', and read the
// difference.
#include "Support.h"
#include "llvm/ADT/StringSet.h"
#include <gtest/gtest.h>

using modc::test::Parsed;

namespace {

TEST(Golden, Diagnostics) {
  bool update = std::getenv("MODC_UPDATE_GOLDEN") != nullptr;
  auto files = modc::test::programs({"test/syntax/diag"});
  ASSERT_FALSE(files.empty());
  for (const auto &path : files) {
    Parsed p(path.filename().string(), modc::test::readFile(path));
    EXPECT_TRUE(p.tree.hasErrors) << path;
    auto expected = std::filesystem::path(path).replace_extension(".txt");
    if (update)
      std::ofstream(expected, std::ios::binary) << p.rendered();
    EXPECT_EQ(p.rendered(), modc::test::readFile(expected)) << path;
  }
}

/// A message that no golden file shows has never been looked at.
TEST(Golden, EveryCodeOfTheParserIsShown) {
  // Reported for files on disk (SourceTest), and too long to keep as text (ParserTest).
  llvm::StringSet<> elsewhere = {{"E0120"}, {"E0121"}, {"E0122"}, {"E0123"}, {"E0117"}};
  llvm::StringSet<> shown;
  for (const auto &path : modc::test::programs({"test/syntax/diag"})) {
    Parsed p(modc::test::readFile(path));
    for (const modc::Diagnostic *d : p.diags.diagnostics())
      shown.insert(info(d->id).code);
  }
  for (const modc::DiagInfo &entry : modc::allDiagnostics())
    if (entry.code.starts_with("E01") && !elsewhere.contains(entry.code))
      EXPECT_TRUE(shown.contains(entry.code)) << entry.code.str() << " " << entry.name.str();
}

} // namespace
