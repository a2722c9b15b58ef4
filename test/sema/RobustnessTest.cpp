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
        std::pair("def f(x):\n    n = x.shape[0]\n    for i in range(1000):\n        n = n // 3 + n * n\n    return "
                  "x.reshape(n)\n",
                  "E0407"),
        std::pair("def f(x):\n    n = 2\n    for i in range(1000):\n        n = n * n\n    return x\n", "E0407"),
        std::pair("def f(x):\n    for i in range(100000):\n        for j in range(100000):\n            x = x + 1\n    "
                  "return x\n",
                  "E0408"),
        std::pair("def f(x):\n    return zeros(1000000000, 1000000000, 1000000000) + x\n", "E0407"),
        std::pair("def f(x):\n    return zeros(1, 1, 1, 1, 1, 1, 1, 1, 1) + x\n", "E0412"),
        std::pair("def f(x):\n    return x.reshape(-1, -1)\n", "E0303"),
        std::pair("def f(x):\n    return x.reshape(-1, 0)\n", "E0303"),
        std::pair("def f(x):\n    return x[..., ...]\n", "E0308"),
        std::pair("def f(x):\n    return x[0:4:0]\n", "E0308"),
        std::pair("def f(x):\n    return x.transpose(0, 7)\n", "E0307"),
        std::pair("def f(x):\n    return x.permute(0, 0)\n", "E0303"),
        std::pair("def f(x):\n    return cat([])\n", "E0303"), std::pair("def f(x):\n    return f\n", "E0412"),
        std::pair("def f(x):\n    l = []\n    for i in range(300000):\n        l = [l]\n    return l\n", "E0"),
        std::pair("def f(x):\n    l = [x]\n    for i in range(60):\n        l = [l, l]\n    return l\n", "E0412"),
        std::pair("def f(x):\n    l = [x]\n    l.append(l)\n    y = l == l\n    return l\n", "E0412"),
        std::pair("module W(inner: Module):\n    self.inner = inner\n\nmodule Q():\n    w = W(self)\n    def "
                  "forward(x: f32[N]):\n        return x\n\nexport q = Q()\ndef f(x):\n    return x\n",
                  "E0412"),
        std::pair("import nn\nmodule Q():\n    let m = nn.Identity()\n    for i in range(5000):\n        let m = "
                  "nn.Sequential(m)\n    self.m = m\n    def forward(x: f32[N]):\n        return m(x)\n\nexport q = "
                  "Q()\ndef f(x):\n    return x\n",
                  "E0409"),
        std::pair(
            "module Q():\n    def forward(x: f32[A, B, C, D, E, F, G, H]):\n        n = A + B + C + D + E + F + G + "
            "H\n        return x.reshape(n, n, n, n, n, n, n, n)\n\nexport q = Q()\ndef f(x):\n    return x\n",
            "E0407"),
        std::pair("import modc_robustness_missing\n\ndef f(x):\n    return x\n\ny = modc_robustness_missing.z\nexport "
                  "z = y\n",
                  "E0203")),
    // Pointers in the parameters would otherwise be printed as the name.
    [](const auto &test) { return "Program" + std::to_string(test.index) + "_" + test.param.second; });

TEST(Robustness, MissingFile) {
  SourceManager sources;
  DiagnosticEngine diags;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  EXPECT_FALSE(elaborate(sources, diags, "/no/such/file.mod", {}, context));
  EXPECT_TRUE(diags.hasErrors());
}

/// Found by the fuzz test: classes and exports share the symbols of the IR.
TEST(Robustness, ExportNamedLikeItsClass) {
  bool module = false;
  std::string text = "module M():\n    def forward(x: f32[N, 4]):\n        return x * 2\n\n";
  EXPECT_EQ(elaborateText(text + "export M = M()\nexport model = M()\n", module), "");
  EXPECT_TRUE(module);
}

TEST(Robustness, NoLibrary) {
  bool module = true;
  SourceManager sources;
  DiagnosticEngine diags;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  ElaborateOptions options;
  options.libraryPath = "/no/such/folder";
  module = bool(elaborate(sources, diags, std::string(MODC_SOURCE_DIR) + "/examples/models/mlp.mod", options, context));
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

/// Mutated programs: words dropped, doubled or exchanged in real ones. Each ends, and an error always has a message.
TEST(Robustness, Mutations) {
  std::string dir(MODC_SOURCE_DIR);
  uint64_t seed = 12345;
  auto next = [&](size_t n) {
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return size_t(seed >> 33) % n;
  };
  for (const char *file :
       {"/test/sema/golden/features.mod", "/test/sema/golden/library.mod", "/examples/models/mlp.mod"}) {
    std::ifstream in(dir + file);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    // Words, numbers, single operators and the space between them.
    std::vector<std::string> words;
    for (size_t i = 0; i < text.size();) {
      size_t j = i + 1;
      if (isalnum(text[i]) || text[i] == '_')
        while (j < text.size() && (isalnum(text[j]) || text[j] == '_'))
          ++j;
      words.push_back(text.substr(i, j - i));
      i = j;
    }
    for (int round = 0; round < 60; ++round) {
      auto mutated = words;
      for (size_t k = 0, n = 1 + next(3); k < n; ++k) {
        size_t a = next(mutated.size()), b = next(mutated.size());
        switch (next(4)) {
        case 0:
          mutated[a].clear();
          break;
        case 1:
          mutated[a] += mutated[a];
          break;
        case 2:
          std::swap(mutated[a], mutated[b]);
          break;
        default:
          mutated[a] = mutated[b];
        }
      }
      std::string program;
      for (auto &w : mutated)
        program += w;
      bool module = false;
      std::string messages = elaborateText(program, module);
      EXPECT_TRUE(module || !messages.empty()) << program;
    }
  }
}
