// No text may crash the dialect: mutations of valid files are parsed, verified, simplified, printed, read back and,
// where they still verify, interpreted. A crash ends the test program; a hang its time limit.
#include "dialect/reference/Interpreter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <sstream>

using namespace mlir;
using namespace modc;

namespace {
std::string readFile(const std::string &name) {
  std::ifstream file(std::string(SEED_FILES) + "/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

const char *const words[] = {"0",
                             "1",
                             "-1",
                             "9",
                             "4611686018427387904",
                             "9223372036854775807",
                             "-9223372036854775808",
                             "99999999999999999999",
                             "1.0 : f64",
                             "0x7FF0000000000000 : f64",
                             "N",
                             "S",
                             "d0",
                             "r0",
                             "<",
                             ">",
                             "[",
                             "]",
                             "(",
                             ")",
                             "{",
                             "}",
                             ",",
                             "*",
                             "+",
                             "-",
                             ":",
                             "floordiv(N, 0)",
                             "floordiv(N, S)",
                             "min(N, 3)",
                             "max(N, -N)",
                             "f32",
                             "i64",
                             "i1",
                             "ui8",
                             "bf16",
                             "f64",
                             "i7",
                             "index",
                             "tensor<2xf32>",
                             "!mod.tensor<f32[N]>",
                             "!mod.tensor<f32[1, 1, 1, 1, 1, 1, 1, 1, 1]>",
                             "!mod.rng",
                             "true",
                             "unit",
                             "\"\"",
                             "\"weight\"",
                             "@forward",
                             "@k",
                             "@Leaf",
                             "#mod.dim<N>",
                             "#mod.dim<-1>",
                             "dims",
                             "fresh",
                             "over",
                             "dense<1.0> : !mod.tensor<f32[2]>",
                             "arith.constant",
                             "%0",
                             "%x",
                             "none",
                             "panel = [0]"};

class Mutator {
public:
  explicit Mutator(uint64_t seed) : rng(seed) {}
  std::string operator()(std::string text) {
    for (int64_t i = pick(1, 3); i-- > 0;)
      mutate(text);
    return text;
  }

private:
  int64_t pick(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(rng); }
  /// A token: a run of letters and digits, or one other character.
  std::pair<size_t, size_t> token(const std::string &text) {
    size_t at = pick(0, text.size() - 1), end = at + 1;
    auto word = [&](size_t i) { return isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_'; };
    if (word(at)) {
      while (at > 0 && word(at - 1))
        --at;
      while (end < text.size() && word(end))
        ++end;
    }
    return {at, end - at};
  }
  void mutate(std::string &text) {
    if (text.size() < 8)
      return;
    auto [at, n] = token(text);
    switch (pick(0, 5)) {
    case 0:
      text.erase(at, n);
      break;
    case 1:
    case 2:
      text.replace(at, n, words[pick(0, std::size(words) - 1)]);
      break;
    case 3: { // another token of the same file
      auto [from, m] = token(text);
      text.replace(at, n, text.substr(from, m));
      break;
    }
    case 4: { // a line twice
      size_t begin = text.rfind('\n', at), end = text.find('\n', at);
      if (begin != std::string::npos && end != std::string::npos)
        text.insert(end, text.substr(begin, end - begin));
      break;
    }
    default:
      text.resize(at);
    }
  }
  std::mt19937_64 rng;
};

/// Everything a driver would do with the text. Returns whether it verified.
bool exercise(MLIRContext &ctx, const std::string &text) {
  std::string said;
  ScopedDiagnosticHandler quiet(&ctx, [&](Diagnostic &d) {
    said = d.str();
    return success();
  });
  auto module = parseSourceString<ModuleOp>(text, &ctx);
  if (!module)
    return false;
  std::string printed;
  llvm::raw_string_ostream(printed) << *module;
  auto again = parseSourceString<ModuleOp>(printed, &ctx);
  EXPECT_TRUE(again) << "what was printed does not parse: " << said << "\n" << printed;
  for (auto e : llvm::to_vector(module->getOps<mod::ExportOp>())) {
    reference::Options options;
    options.maxElements = 1024;
    auto interpreter = reference::Interpreter::load(*module, e.getSymName(), options);
    if (!interpreter) {
      consumeError(interpreter.takeError());
      continue;
    }
    auto wanted = interpreter->inputs();
    if (!wanted) {
      consumeError(wanted.takeError());
      continue;
    }
    std::map<std::string, mod::Array> inputs;
    for (auto &[name, type] : *wanted) {
      mod::Evaluator ev;
      ev.maxElements = 1024;
      for (mod::DimAttr d : type.getDims())
        d.walkSymbols([&](StringAttr s) { ev.sizes[s.str()] = 3; });
      if (auto array = ev.result(type))
        inputs[name] = std::move(*array);
      else
        consumeError(array.takeError());
    }
    if (auto outputs = interpreter->run(inputs); !outputs)
      consumeError(outputs.takeError());
  }
  PassManager passes(&ctx);
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  passes.addPass(createLoopInvariantCodeMotionPass());
  EXPECT_TRUE(succeeded(passes.run(*module))) << "simplifying made invalid IR from:\n" << text;
  return true;
}

std::unique_ptr<MLIRContext> context() {
  DialectRegistry registry;
  registry.insert<mod::ModDialect, arith::ArithDialect, math::MathDialect>();
  auto ctx = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  return ctx;
}

void fuzz(const std::string &name, int rounds, uint64_t seed) {
  std::string text = readFile(name);
  ASSERT_FALSE(text.empty()) << name;
  auto ctx = context();
  ASSERT_TRUE(exercise(*ctx, text)) << name << " itself must be valid";
  // The generic form reaches what custom parsers would refuse.
  std::string generic;
  {
    auto module = parseSourceString<ModuleOp>(text, ctx.get());
    llvm::raw_string_ostream os(generic);
    module->print(os, OpPrintingFlags().printGenericOpForm().useLocalScope());
  }
  // MODC_FUZZ_ROUNDS=50 searches for minutes instead of seconds, from other seeds, and leaves the text at hand in
  // hostile_last.mlir, to be found after a crash.
  std::string last;
  if (const char *times = std::getenv("MODC_FUZZ_ROUNDS")) {
    rounds *= std::max(1, std::atoi(times));
    seed += std::random_device()();
    last = "hostile_last.mlir";
  }
  Mutator mutate(seed);
  int valid = 0;
  for (int i = 0; i < rounds; ++i) {
    if (i % 200 == 199)
      ctx = context(); // types and attributes are never freed
    std::string mutated = mutate(i % 2 ? generic : text);
    if (!last.empty())
      std::ofstream(last) << mutated;
    valid += exercise(*ctx, mutated);
  }
  // If nothing survived parsing, the mutations were too rough to test verifiers.
  EXPECT_GT(valid, rounds / 100);
}

TEST(Hostile, MutatedDialect) { fuzz("roundtrip.mlir", 700, 1); }
TEST(Hostile, MutatedPrograms) { fuzz("programs.mlir", 1500, 2); }

TEST(Hostile, DeepAndWide) {
  auto ctx = context();
  std::string deep = "mod.func @f(%x: !mod.tensor<f32[" + std::string(100000, '(') + "N";
  EXPECT_FALSE(exercise(*ctx, deep));
  std::string product = "mod.func @f(%x: !mod.tensor<f32[";
  for (int i = 0; i < 200; ++i)
    product += (i ? "*(a" : "(a") + std::to_string(i) + " + b" + std::to_string(i) + ")";
  EXPECT_FALSE(exercise(*ctx, product + "]>) { mod.return }"));
  std::string cycle = R"(mod.class @A from "A" kind "module" { mod.child @a = @A
    mod.func @forward() { mod.return } }
    mod.export @a = @A -> @forward instance 0)";
  EXPECT_TRUE(exercise(*ctx, cycle));
}
} // namespace
