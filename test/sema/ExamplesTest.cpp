// The programs that `modc --explain` shows: each wrong one has the mistake of its code and no other, each right one
// none.
#include "compiler/syntax/Examples.h"
#include "compiler/sema/Sema.h"
#include "compiler/syntax/Render.h"
#include "dialect/mod/Mod.h"
#include "llvm/Support/raw_ostream.h"
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>

using namespace modc;

namespace {

struct Result {
  std::set<std::string> codes;
  std::string messages;
};

Result elaborateText(llvm::StringRef text) {
  auto path = std::filesystem::temp_directory_path() / ("modc_example_" + std::to_string(getpid()) + ".mod");
  std::ofstream(path) << text.str();
  SourceManager sources;
  DiagnosticEngine diags;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  ElaborateOptions options;
  options.libraryPath = std::string(MODC_SOURCE_DIR) + "/nn";
  options.maxSteps = 2'000'000;
  auto module = elaborate(sources, diags, path.string(), options, context);
  std::filesystem::remove(path);
  Result result;
  for (const Diagnostic *d : diags.diagnostics())
    result.codes.insert(info(d->id).code.str());
  EXPECT_EQ(bool(module), !diags.hasErrors());
  llvm::raw_string_ostream os(result.messages);
  renderAll(diags, sources, os);
  return result;
}

TEST(Examples, EveryCodeInOrder) {
  auto entries = allDiagnostics();
  auto examples = allExamples();
  ASSERT_EQ(examples.size(), entries.size());
  // No text of one file shows these: unreadable files, and nesting beyond what fits on a page.
  const std::set<std::string> without = {"E0117", "E0120", "E0121", "E0122", "E0123", "E0207"};
  for (auto [example, entry] : llvm::zip(examples, entries)) {
    EXPECT_EQ(example.code.str(), entry.code.str());
    EXPECT_EQ(example.wrong.empty(), without.count(entry.code.str()) == 1) << entry.code.str();
    EXPECT_EQ(example.wrong.empty(), example.right.empty()) << entry.code.str();
    EXPECT_GE(entry.explanation.size(), 80u) << entry.code.str();
  }
}

TEST(Examples, WrongAndRight) {
  for (const Example &example : allExamples()) {
    if (example.wrong.empty())
      continue;
    Result wrong = elaborateText(example.wrong), right = elaborateText(example.right);
    EXPECT_EQ(wrong.codes, std::set<std::string>{example.code.str()}) << example.wrong.str() << wrong.messages;
    EXPECT_TRUE(right.codes.empty()) << example.code.str() << example.right.str() << right.messages;
  }
}

} // namespace
