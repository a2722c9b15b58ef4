// The graph passes keep the meaning: random module trees give the same results before and after, fused and composed,
// with fusion and without.
#include "compiler/transform/Passes.h"
#include "dialect/reference/Interpreter.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "random_graph.h"
#include <cstring>
#include <gtest/gtest.h>
#include <random>

using namespace mlir;
using namespace modc;
using namespace modc::test;
using mod::Array;

namespace {
std::string textOf(ModuleOp m) {
  std::string text;
  llvm::raw_string_ostream os(text);
  m.print(os);
  return text;
}

class Graphs : public testing::Test {
protected:
  Graphs() { ctx.loadDialect<mod::ModDialect>(); }

  OwningOpRef<ModuleOp> lowered(ModuleOp module, GraphOptions options) {
    OwningOpRef<ModuleOp> copy(module.clone());
    PassManager pm(&ctx);
    buildGraphPipeline(pm, options);
    EXPECT_TRUE(succeeded(pm.run(*copy))) << textOf(module);
    return copy;
  }

  Array random(Type element, ArrayRef<int64_t> dims, std::mt19937_64 &rng) {
    Array a = Array::make(element, dims);
    if (a.isFloat())
      for (double &x : a.f)
        x = float(std::uniform_real_distribution<double>(-1, 1)(rng));
    else
      for (int64_t &x : a.i)
        x = std::uniform_int_distribution<int64_t>(0, kVocabulary - 1)(rng);
    return a;
  }

  /// Outputs, then all state after the call.
  std::vector<reference::NamedArray> evaluate(ModuleOp module, reference::Form form, uint64_t seed,
                                              std::string &error) {
    std::mt19937_64 rng(seed);
    reference::Options options;
    options.form = form;
    options.seed = seed;
    auto fail = [&](llvm::Error e) {
      error = llvm::toString(std::move(e));
      return std::vector<reference::NamedArray>{};
    };
    auto interpreter = reference::Interpreter::load(module, "top", options);
    if (!interpreter)
      return fail(interpreter.takeError());
    for (auto &[path, leaf] : interpreter->tree().named()) {
      SmallVector<int64_t> dims;
      for (mod::DimAttr d : leaf->type.getDims())
        dims.push_back(*d.getConstant());
      if (llvm::Error e = interpreter->setState(path, random(leaf->type.getElementType(), dims, rng)))
        return fail(std::move(e));
    }
    std::map<std::string, int64_t> sizes{{"N", 1 + seed % 3}, {"S", 1 + seed / 3 % 4}};
    auto wanted = interpreter->inputs();
    if (!wanted)
      return fail(wanted.takeError());
    std::map<std::string, Array> inputs;
    for (auto &[name, type] : *wanted) {
      SmallVector<int64_t> dims;
      for (mod::DimAttr d : type.getDims())
        dims.push_back(*d.evaluate([&](StringRef s) { return std::optional<int64_t>(sizes[s.str()]); }));
      inputs[name] = random(type.getElementType(), dims, rng);
    }
    auto outputs = interpreter->run(inputs);
    if (!outputs)
      return fail(outputs.takeError());
    for (auto &[path, leaf] : interpreter->tree().named())
      outputs->push_back({path, *leaf->value});
    return *outputs;
  }

  static void expectEqual(const std::vector<reference::NamedArray> &a, const std::vector<reference::NamedArray> &b,
                          double tolerance, const std::string &what) {
    ASSERT_EQ(a.size(), b.size()) << what;
    for (size_t i = 0; i < a.size(); ++i) {
      ASSERT_EQ(a[i].value.dims, b[i].value.dims) << what << " " << a[i].name;
      ASSERT_EQ(a[i].value.i, b[i].value.i) << what << " " << a[i].name;
      for (size_t k = 0; k < a[i].value.f.size(); ++k) {
        double x = a[i].value.f[k], y = b[i].value.f[k];
        if (tolerance == 0)
          ASSERT_EQ(0, std::memcmp(&x, &y, sizeof x)) << what << " " << a[i].name << "[" << k << "]: " << x << " " << y;
        else
          ASSERT_NEAR(x, y, tolerance * (1 + std::abs(x))) << what << " " << a[i].name << "[" << k << "]";
      }
    }
  }

  /// The whole way to kernels, fused and composed, with fusion and without.
  void keepMeaning(uint64_t seeds, bool control) {
    uint64_t exact = 0;
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      RandomGraph graph = makeRandomGraph(ctx, seed, control);
      ASSERT_TRUE(succeeded(verify(*graph.module)));
      std::string error;
      auto expected = evaluate(*graph.module, reference::Form::Auto, seed, error);
      ASSERT_EQ(error, "") << textOf(*graph.module);

      GraphOptions options, none;
      options.foldAffine = none.foldAffine = !control || graph.rounds;
      none.fusion = "none";
      auto full = lowered(*graph.module, options), single = lowered(*graph.module, none);
      if (HasFailure())
        return;
      auto fused = evaluate(*full, reference::Form::Fused, seed, error);
      ASSERT_EQ(error, "") << textOf(*full);
      auto composed = evaluate(*full, reference::Form::Composed, seed, error);
      ASSERT_EQ(error, "") << textOf(*full);
      auto unfused = evaluate(*single, reference::Form::Fused, seed, error);
      ASSERT_EQ(error, "") << textOf(*single);
      exact += !graph.rounds;
      double tolerance = graph.rounds ? 1e-4 : 0;
      expectEqual(fused, unfused, 0, "fusion changed the result:");
      expectEqual(expected, fused, tolerance, "fused differs:");
      expectEqual(expected, composed, tolerance, "composed differs:");
      if (HasFailure()) {
        llvm::errs() << textOf(*graph.module) << textOf(*full);
        return;
      }
    }
    EXPECT_GT(exact, seeds / 5) << "too few graphs are compared bit by bit";
  }

  MLIRContext ctx;
};

TEST_F(Graphs, RandomTreesKeepTheirMeaning) { keepMeaning(150, /*control=*/false); }
TEST_F(Graphs, RandomControlKeepsItsMeaningAsKernels) { keepMeaning(60, /*control=*/true); }

/// Loops and branches, up to the passes that make kernels.
TEST_F(Graphs, RandomControlKeepsItsMeaning) {
  const char *asked = std::getenv("MODC_FUZZ_SEEDS");
  uint64_t seeds = asked ? std::max(200, std::atoi(asked)) : 200;
  size_t loops = 0, left = 0, exact = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomGraph graph = makeRandomGraph(ctx, seed, /*control=*/true);
    ASSERT_TRUE(succeeded(verify(*graph.module))) << textOf(*graph.module);
    std::string error;
    auto expected = evaluate(*graph.module, reference::Form::Auto, seed, error);
    ASSERT_EQ(error, "") << textOf(*graph.module);
    OwningOpRef<ModuleOp> opened(graph.module->clone());
    PassManager pm(&ctx);
    auto clean = [&] {
      pm.addPass(createCanonicalizerPass());
      pm.addPass(createCSEPass());
    };
    pm.addPass(createVerifyModPass());
    pm.addPass(createMakeRolesPass());
    pm.addPass(createOpenCallsPass());
    clean();
    pm.addPass(createThreadStatePass());
    pm.addPass(createSimplifyPass());
    clean();
    pm.addPass(createSimplifyFlowPass());
    pm.addPass(createRaisePass());
    if (graph.rounds) // folding may round otherwise; the others are compared bit by bit
      pm.addPass(createFoldAffinePass());
    pm.addPass(createSimplifyPass());
    pm.addPass(createSimplifyFlowPass());
    clean();
    pm.addPass(createJoinMatmulsPass());
    clean();
    pm.addPass(createHoistPreparePass());
    ASSERT_TRUE(succeeded(pm.run(*opened))) << textOf(*graph.module);
    auto fused = evaluate(*opened, reference::Form::Fused, seed, error);
    ASSERT_EQ(error, "") << textOf(*graph.module) << textOf(*opened);
    expectEqual(expected, fused, graph.rounds ? 1e-4 : 0, "opened differs:");
    if (HasFailure()) {
      llvm::errs() << textOf(*graph.module) << textOf(*opened);
      return;
    }
    exact += !graph.rounds;
    graph.module->walk([&](Operation *op) { loops += isa<mod::ForOp, mod::WhileOp, mod::IfOp>(op); });
    opened->walk([&](Operation *op) { left += isa<mod::ForOp, mod::WhileOp, mod::IfOp>(op); });
  }
  EXPECT_GT(loops, 400u);
  EXPECT_GT(left, 100u) << "too little control flow is left to be kept right";
  EXPECT_GE(exact, seeds / 2) << "too few graphs are compared bit by bit";
}

/// Fusion has to do something: fewer launches in all than operations.
TEST_F(Graphs, FusionMakesFewerKernels) {
  size_t fused = 0, single = 0;
  auto launches = [](ModuleOp m) {
    size_t n = 0;
    m.walk([&](mod::LaunchOp) { ++n; });
    return n;
  };
  for (uint64_t seed = 0; seed < 20; ++seed) {
    RandomGraph graph = makeRandomGraph(ctx, seed);
    GraphOptions none;
    none.fusion = "none";
    fused += launches(*lowered(*graph.module, {}));
    single += launches(*lowered(*graph.module, none));
  }
  EXPECT_LT(fused * 3, single * 2) << fused << " of " << single;
}

/// The same input gives the same text, twice in one process.
TEST_F(Graphs, OutputIsDeterministic) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    RandomGraph graph = makeRandomGraph(ctx, seed);
    auto first = lowered(*graph.module, {});
    MLIRContext other;
    other.loadDialect<mod::ModDialect>();
    RandomGraph again = makeRandomGraph(other, seed);
    OwningOpRef<ModuleOp> second(again.module->clone());
    PassManager pm(&other);
    buildGraphPipeline(pm);
    ASSERT_TRUE(succeeded(pm.run(*second)));
    EXPECT_EQ(textOf(*first), textOf(*second)) << "seed " << seed;
  }
}
} // namespace
