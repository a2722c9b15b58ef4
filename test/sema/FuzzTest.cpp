// Damaged programs through parser and elaborator: each ends in a module or in messages, soon, and never in a crash.
//
// A second or two in a test run. For long: MODC_FUZZ_SECONDS=600 [MODC_FUZZ_SEED=1] build/bin/sema_test
// --gtest_filter='Fuzz*'. The program that is being tried lies in the folder for temporary files (modc_fuzz_PID.mod),
// so it is there after a crash.
#include "../syntax/Mutator.h"
#include "compiler/sema/Sema.h"
#include "compiler/syntax/Examples.h"
#include "compiler/syntax/Render.h"
#include "dialect/mod/Mod.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

using namespace modc;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> corpus() {
  std::vector<std::string> out;
  for (const char *folder : {"test/sema/errors", "test/sema/errors/pytorch", "test/sema/golden", "examples/models"}) {
    std::vector<fs::path> files;
    for (auto &entry : fs::directory_iterator(std::string(MODC_SOURCE_DIR) + "/" + folder))
      if (entry.path().extension() == ".mod")
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path &file : files) {
      std::stringstream text;
      text << std::ifstream(file).rdbuf();
      out.push_back(text.str());
    }
  }
  for (const Example &example : allExamples())
    for (llvm::StringRef text : {example.right, example.wrong, example.right})
      if (!text.empty())
        out.push_back(text.str());
  return out;
}

TEST(Fuzz, ThroughElaboration) {
  using Clock = std::chrono::steady_clock;
  const char *seconds = std::getenv("MODC_FUZZ_SECONDS"), *first = std::getenv("MODC_FUZZ_SEED");
  auto end = Clock::now() + std::chrono::seconds(seconds ? std::atoi(seconds) : 2);
  auto texts = corpus();
  ASSERT_GT(texts.size(), 200u);
  auto path = fs::temp_directory_path() / ("modc_fuzz_" + std::to_string(getpid()) + ".mod");
  unsigned whole = 0, wrong = 0;
  for (uint32_t seed = first ? static_cast<uint32_t>(std::atoi(first)) : 1; Clock::now() < end; ++seed) {
    test::Mutator mutate(seed);
    std::string text = texts[mutate.below(texts.size())];
    mutate.damage(text, texts[mutate.below(texts.size())]);
    std::ofstream(path, std::ios::binary) << text;
    // The processor's time: what else the machine does is no fault of the program's.
    std::clock_t start = std::clock();
    SourceManager sources;
    DiagnosticEngine diags;
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    ElaborateOptions options;
    options.libraryPath = std::string(MODC_SOURCE_DIR) + "/nn";
    options.maxSteps = 300'000;
    auto module = elaborate(sources, diags, path.string(), options, context);
    std::string messages;
    llvm::raw_string_ostream os(messages);
    renderAll(diags, sources, os);
    ASSERT_EQ(bool(module), !diags.hasErrors()) << "seed " << seed << "\n" << text << messages;
    ASSERT_TRUE(!module || succeeded(mlir::verify(*module))) << "seed " << seed << "\n" << text;
    ASSERT_LT(std::clock() - start, 5 * CLOCKS_PER_SEC) << "seed " << seed << "\n" << text;
    ++(module ? whole : wrong);
  }
  fs::remove(path);
  EXPECT_GT(wrong, 0u);
  std::cout << whole << " programs elaborated, " << wrong << " refused\n";
}

} // namespace
