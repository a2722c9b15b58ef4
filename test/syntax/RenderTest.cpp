// How diagnostics look: carets under the right characters whatever stands before them, several labels on a line, JSON.
#include "Support.h"
#include "llvm/Support/JSON.h"
#include <gtest/gtest.h>

using namespace modc;

namespace {

std::string rendered(const Diagnostic &d, const SourceManager &sources, bool colour = false) {
  std::string out;
  llvm::raw_string_ostream os(out);
  render(d, sources, os, colour);
  return out;
}

TEST(Render, LabelsNotesExpectedAndEdit) {
  SourceManager sources;
  DiagnosticEngine diags;
  FileId file = sources.add("a.mod", "def f(x: f32[N, C], y):\n    a = 1\n    b = 2\n    c = 3\n    return x + yy\n");
  llvm::StringRef text = sources.text(file);
  auto at = [&](llvm::StringRef part) {
    auto begin = static_cast<uint32_t>(text.find(part));
    return SourceRange{file, begin, begin + static_cast<uint32_t>(part.size())};
  };
  Diagnostic &d = diags.report(diag::expected, at("yy"), "a tensor", "`yy`")
                      .label("not known")
                      .also(at("x: f32"), "first")
                      .also(at("y)").start(), "second")
                      .note("in `MLP`")
                      .expect("f32[N]", "f32[C]")
                      .suggest("did you mean `y`?", at("yy"), "y");
  EXPECT_EQ(rendered(d, sources), R"(error[E0130]: expected a tensor, found `yy`
  --> a.mod:5:16
   |
 1 | def f(x: f32[N, C], y):
   |       ------        - second
   |       first
   ...
 5 |     return x + yy
   |                ^^ not known
   = expected: f32[N]
   =   actual: f32[C]
   = note: in `MLP`
   = help: did you mean `y`?
   |
 5 -     return x + yy
 5 +     return x + y
)");
}

TEST(Render, TabsWideCharactersAndControlCharacters) {
  SourceManager sources;
  DiagnosticEngine diags;
  FileId file = sources.add("a\033[31m.mod", "\t\u4f60\u00e4\033x = $\n");
  auto dollar = static_cast<uint32_t>(sources.text(file).find('$'));
  std::string out = rendered(diags.report(diag::unexpectedCharacter, {file, dollar, dollar + 1}, "`$`"), sources);
  EXPECT_EQ(out.find('\033'), std::string::npos) << "a file must not be able to move the cursor";
  // 4 for the tab, 2 for the wide character, 1 each for the others.
  EXPECT_NE(out.find("\n   | " + std::string(4 + 2 + 1 + 1 + 4, ' ') + "^\n"), std::string::npos) << out;
}

TEST(Render, ColourOnlyWhenAsked) {
  test::Parsed p("x = $\n");
  EXPECT_EQ(p.rendered(false).find('\033'), std::string::npos);
  EXPECT_NE(p.rendered(true).find("\033[1;31m"), std::string::npos);
}

TEST(Render, LongLineInPart) {
  test::Parsed p("x = [" + std::string(5000, '1') + ", $, " + std::string(5000, 'y') + "]\n");
  std::string out = p.rendered();
  EXPECT_LT(out.size(), 3000u);
  size_t carets = out.rfind("^\n"), line = out.rfind('\n', out.rfind('$', carets));
  // The caret stands under the character although the beginning of the line is not shown.
  EXPECT_EQ(out[line + (carets - out.rfind('\n', carets))], '$') << out;
}

TEST(Render, WithoutPlace) {
  SourceManager sources;
  DiagnosticEngine diags;
  EXPECT_EQ(rendered(diags.report(diag::cannotReadFile, {}, "x.mod", "no such file"), sources),
            "error[E0120]: cannot read `x.mod`: no such file\n");
}

TEST(Render, EndOfFileAndEmptyFile) {
  SourceManager sources;
  DiagnosticEngine diags;
  FileId file = sources.add("empty.mod", "");
  EXPECT_NE(rendered(diags.report(diag::noEffect, {file, 0, 0}), sources).find("--> empty.mod:1:1"), std::string::npos);
}

TEST(Render, JsonHoldsEverything) {
  test::Parsed p("def f(x):\n    y = 1;\n    return x && y\n");
  std::string out;
  llvm::raw_string_ostream os(out);
  renderJson(p.diags, p.sources, os);
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(out);
  ASSERT_TRUE(static_cast<bool>(value)) << out;
  const llvm::json::Array &all = *value->getAsArray();
  ASSERT_EQ(all.size(), 2u);
  const llvm::json::Object &second = *all[1].getAsObject();
  EXPECT_EQ(second.getString("code"), "E0161");
  EXPECT_EQ(second.getString("severity"), "error");
  EXPECT_EQ(second.getObject("place")->getInteger("line"), 3);
  EXPECT_EQ(second.getObject("place")->getInteger("column"), 14);
  const llvm::json::Object &fix = *second.getArray("suggestions")->front().getAsObject();
  EXPECT_EQ(fix.getObject("edit")->getString("replacement"), "and");
}

} // namespace
