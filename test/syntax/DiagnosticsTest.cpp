// The registry, the engine and the search for the nearest name.
#include "Support.h"
#include "llvm/ADT/StringSet.h"
#include <gtest/gtest.h>

using namespace modc;
using llvm::StringRef;

namespace {

TEST(Registry, CodesAreSortedUniqueAndExplained) {
  llvm::StringSet<> names;
  StringRef last;
  for (const DiagInfo &entry : allDiagnostics()) {
    bool warning = entry.severity == Severity::warning;
    EXPECT_EQ(entry.code.front(), warning ? 'W' : 'E') << entry.code.str();
    EXPECT_EQ(entry.code.size(), 5u);
    EXPECT_TRUE(last < entry.code) << last.str() << " before " << entry.code.str();
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name.str();
    EXPECT_GT(entry.explanation.size(), 30u) << entry.code.str();
    EXPECT_FALSE(entry.format.ends_with(".")) << entry.code.str();
    EXPECT_EQ(findDiagnostic(entry.code.lower()), &entry);
    last = entry.code;
  }
  EXPECT_EQ(findDiagnostic("E9999"), nullptr);
}

TEST(Format, ArgumentsAndPlural) {
  EXPECT_EQ(formatMessage("{0} of {1}", {"a", "b"}), "a of b");
  EXPECT_EQ(formatMessage("{0} space{0:s}", {"1"}), "1 space");
  EXPECT_EQ(formatMessage("{0} space{0:s}", {"2"}), "2 spaces");
  EXPECT_EQ(formatMessage("none", {}), "none");
}

TEST(Engine, SameReportOnceAndLimit) {
  DiagnosticEngine diags(/*limit=*/3);
  for (int i = 0; i < 2; ++i)
    diags.report(diag::unexpectedCharacter, {0, 1, 2}, "x").label("kept");
  EXPECT_EQ(diags.numErrors(), 1u);
  for (uint32_t i = 2; i < 10; ++i)
    diags.report(diag::unexpectedCharacter, {0, i, i + 1}, "y");
  EXPECT_EQ(diags.diagnostics().size(), 3u);
  EXPECT_EQ(diags.numErrors(), 9u);
  EXPECT_EQ(diags.numDropped(), 6u);
  EXPECT_EQ(diags.diagnostics()[0]->primary, "kept");
}

TEST(Nearest, SlipsAreFoundStrangersAreNot) {
  std::vector<StringRef> names = {"in_features", "out_features", "bias", "dtype", "relu", "ReLU"};
  EXPECT_EQ(nearest("in_feature", names), "in_features");
  EXPECT_EQ(nearest("out_faetures", names), "out_features") << "a swap of neighbours";
  EXPECT_EQ(nearest("baiss", names), "bias");
  EXPECT_EQ(nearest("Relu", names), "relu") << "ties go to the first; both differ in case only";
  EXPECT_EQ(nearest("RELU", names), "ReLU");
  EXPECT_EQ(nearest("padding", names), "");
  EXPECT_EQ(nearest("x", {"y", "h"}), "") << "one letter tells nothing";
  EXPECT_EQ(nearest("", names), "");
  EXPECT_EQ(nearest(std::string(100000, 'a'), names), "");
}

TEST(Nearest, SuggestsAnEdit) {
  DiagnosticEngine diags;
  Diagnostic &d = diags.report(diag::unexpectedCharacter, {0, 0, 4}, "x");
  didYouMean(d, d.range, "baiss", {"weight", "bias"});
  ASSERT_EQ(d.suggestions.size(), 1u);
  EXPECT_EQ(d.suggestions[0].replacement, "bias");
}

} // namespace
