// Programs beside their expected IR, tree or messages. With MODC_UPDATE_GOLDEN set the expectations are written anew.
#include "compiler/sema/Sema.h"
#include "compiler/syntax/Render.h"
#include "dialect/mod/Mod.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <regex>
#include <sstream>

using namespace modc;
namespace fs = std::filesystem;

static const std::string kRoot = MODC_SOURCE_DIR;

static std::string read(const fs::path &path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

static void compare(const fs::path &expected, const std::string &text) {
  if (std::getenv("MODC_UPDATE_GOLDEN")) {
    std::ofstream(expected, std::ios::binary) << text;
    return;
  }
  ASSERT_TRUE(fs::exists(expected)) << expected;
  EXPECT_EQ(read(expected), text) << expected;
}

/// Paths from the root; no line numbers where the library is shown, which is edited for other reasons.
static std::string normalised(std::string text) {
  for (size_t at; (at = text.find(kRoot + "/")) != std::string::npos;)
    text.erase(at, kRoot.size() + 1);
  text = std::regex_replace(text, std::regex("(nn/\\S+\\.mod):\\d+:\\d+"), "$1");
  text = std::regex_replace(text, std::regex("\n +-->"), "\n  -->");
  return std::regex_replace(text, std::regex("\n[ 0-9]+(?=[|=+-] |\\|\n|\\.\\.\\.)"), "\n  ");
}

struct Elaborated {
  SourceManager sources;
  DiagnosticEngine diags;
  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::string messages, ir, tree;

  explicit Elaborated(const fs::path &file) {
    ElaborateOptions options;
    options.libraryPath = kRoot + "/nn";
    module = elaborate(sources, diags, file.string(), options, context);
    llvm::raw_string_ostream os(messages);
    renderAll(diags, sources, os);
    messages = normalised(messages);
    if (!module)
      return;
    llvm::raw_string_ostream irStream(ir), treeStream(tree);
    module->print(irStream);
    ir += "\n";
    printElaborated(*module, treeStream);
  }
};

/// Every wrong program in errors/ ends in exactly the messages beside it, and none leaves a module.
TEST(Golden, Errors) {
  unsigned seen = 0;
  for (auto &entry : fs::directory_iterator(kRoot + "/test/sema/errors")) {
    if (entry.path().extension() != ".mod")
      continue;
    SCOPED_TRACE(entry.path().string());
    Elaborated result(entry.path());
    EXPECT_FALSE(result.module);
    EXPECT_TRUE(result.diags.hasErrors());
    // The code in the name is among the errors.
    std::string code = entry.path().stem().string().substr(0, 5);
    if (code[0] == 'E')
      EXPECT_NE(result.messages.find(code), std::string::npos) << result.messages;
    fs::path expected = entry.path();
    compare(expected.replace_extension(".txt"), result.messages);
    ++seen;
  }
  EXPECT_GE(seen, 50u);
}

static void golden(const std::string &file, const std::string &name) {
  Elaborated result(kRoot + "/" + file);
  ASSERT_TRUE(result.module) << result.messages;
  compare(kRoot + "/test/sema/golden/" + name + ".mlir", result.ir);
  compare(kRoot + "/test/sema/golden/" + name + ".txt", result.tree);
}

TEST(Golden, MLP) { golden("examples/mlp/mlp.mod", "mlp"); }
TEST(Golden, MiniLM) { golden("examples/semantic-search/minilm.mod", "minilm"); }
TEST(Golden, Features) { golden("test/sema/golden/features.mod", "features"); }

TEST(Golden, Control) { golden("test/sema/golden/control.mod", "control"); }

TEST(Golden, Warnings) {
  Elaborated result(kRoot + "/test/sema/golden/warnings.mod");
  ASSERT_TRUE(result.module) << result.messages;
  EXPECT_FALSE(result.diags.hasErrors());
  compare(kRoot + "/test/sema/golden/warnings.txt", result.messages);
}

/// All modules of the library that need nothing beyond the compiled primitives.
TEST(Golden, Library) { golden("test/sema/golden/library.mod", "library"); }
