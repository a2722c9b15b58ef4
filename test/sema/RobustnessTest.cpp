// Hostile programs: each ends in messages, in bounded time, without a crash.
#include "compiler/sema/Sema.h"
#include "compiler/syntax/Render.h"
#include "dialect/mod/Mod.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

using namespace modc;

static std::string elaborateText(const std::string &text, bool &module, uint64_t maxSteps = 2'000'000) {
  auto path = std::filesystem::temp_directory_path() / ("modc_robustness_" + std::to_string(getpid()) + ".mod");
  std::ofstream(path) << text;
  SourceManager sources;
  DiagnosticEngine diags;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  ElaborateOptions options;
  options.libraryPath = std::string(MODC_SOURCE_DIR) + "/nn";
  options.maxSteps = maxSteps;
  auto result = elaborate(sources, diags, path.string(), options, context);
  module = bool(result);
  std::string messages;
  llvm::raw_string_ostream os(messages);
  renderAll(diags, sources, os);
  std::filesystem::remove(path);
  return messages;
}

static const char *kTail = "\nmodule M():\n    def forward(x: f32[N, 4]):\n        return f(x)\n\nexport m = M()\n";

class Hostile : public testing::TestWithParam<std::pair<const char *, const char *>> {};

TEST_P(Hostile, EndsInAMessage) {
  auto [text, code] = GetParam();
  bool module = true;
  std::string messages = elaborateText(std::string(text) + kTail, module);
  EXPECT_FALSE(module);
  EXPECT_NE(messages.find(code), std::string::npos) << messages.substr(0, 2000);
}

INSTANTIATE_TEST_SUITE_P(
    Programs, Hostile,
    testing::Values(
        std::pair("def f(x):\n    while True:\n        pass\n    return x\n", "E0408"),
        std::pair("def f(x):\n    return f(x)\n", "E0410"),
        std::pair("def g(x):\n    return f(x)\n\ndef f(x):\n    return g(x)\n", "E0410"),
        std::pair("def f(x):\n    s = \"a\"\n    for i in range(100):\n        s = s + s\n    return x\n", "E0412"),
        std::pair("def f(x):\n    s = [1]\n    for i in range(100):\n        s = s + s\n    return x\n", "E0412"),
        std::pair("def f(x):\n    s = [x for i in range(100000000000)]\n    return x\n", "E0412"),
        std::pair("def f(x):\n    n = x.shape[0]\n    for i in range(1000):\n        n = n // 3 + n * n\n    return x.reshape(n)\n", "E0407"),
        std::pair("def f(x):\n    n = 2\n    for i in range(1000):\n        n = n * n\n    return x\n", "E0407"),
        std::pair("def f(x):\n    for i in range(100000):\n        for j in range(100000):\n            x = x + 1\n    return x\n", "E0408"),
        std::pair("def f(x):\n    return zeros(1000000000, 1000000000, 1000000000) + x\n", "E0407"),
        std::pair("def f(x):\n    return zeros(1, 1, 1, 1, 1, 1, 1, 1, 1) + x\n", "E0412"),
        std::pair("def f(x):\n    return x.reshape(-1, -1)\n", "E0303"),
        std::pair("def f(x):\n    return x.reshape(-1, 0)\n", "E0303"),
        std::pair("def f(x):\n    return x[..., ...]\n", "E0308"),
        std::pair("def f(x):\n    return x[0:4:0]\n", "E0308"),
        std::pair("def f(x):\n    return x.transpose(0, 7)\n", "E0308"),
        std::pair("def f(x):\n    return x.permute(0, 0)\n", "E0303"),
        std::pair("def f(x):\n    return cat([])\n", "E0303"),
        std::pair("def f(x):\n    return f\n", "E0"),
        std::pair("import modc_robustness_missing\n\ndef f(x):\n    return x\n\ny = modc_robustness_missing.z\nexport z = y\n", "E0203")));

TEST(Robustness, MissingFile) {
  SourceManager sources;
  DiagnosticEngine diags;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  EXPECT_FALSE(elaborate(sources, diags, "/no/such/file.mod", {}, context));
  EXPECT_TRUE(diags.hasErrors());
}

TEST(Robustness, NoLibrary) {
  bool module = true;
  SourceManager sources;
  DiagnosticEngine diags;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  ElaborateOptions options;
  options.libraryPath = "/no/such/folder";
  module = bool(elaborate(sources, diags, std::string(MODC_SOURCE_DIR) + "/examples/mlp/mlp.mod", options, context));
  EXPECT_FALSE(module);
  EXPECT_TRUE(diags.hasErrors());
}

/// Half-written programs, as an editor sends them: every prefix of a real one ends without a crash.
TEST(Robustness, Prefixes) {
  std::ifstream in(std::string(MODC_SOURCE_DIR) + "/examples/semantic-search/minilm.mod");
  std::string text((std::istreambuf_iterator<char>(in)), {});
  ASSERT_GT(text.size(), 1000u);
  bool module;
  for (size_t n = 0; n < text.size(); n += 211)
    elaborateText(text.substr(0, n), module);
}
