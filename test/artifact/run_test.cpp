// Artifacts in the runtime: fused and composed give the same bits, methods, hooks, initial values, errors with the
// model's words.
#include "CKernels.h"
#include "modrt/modrt.hpp"
#include <gtest/gtest.h>

using namespace modc;

namespace {
modrt::Artifact toy() {
  static const std::string path = [] {
    auto graph = parseFile("mlp.mlir");
    CKernels kernels;
    auto bytes = artifact::emitShared(*graph, kernels, plainOptions());
    EXPECT_TRUE(bool(bytes)) << llvm::toString(bytes.takeError());
    EXPECT_FALSE(bool(artifact::writeFile(scratch("toy.so"), *bytes)));
    return scratch("toy.so");
  }();
  return modrt::load(path);
}

std::string message(const std::function<void()> &f) {
  try {
    f();
  } catch (const modrt::Error &e) {
    return e.what();
  }
  return "nothing was thrown";
}
} // namespace

TEST(Run, FusedIsComposedBitwise) {
  modrt::manual_seed(7);
  modrt::Module m = toy().create("mlp");
  m.eval();
  for (int64_t rows : {1, 3, 17, 1000}) {
    modrt::Tensor x = modrt::randn({rows, 6});
    modrt::Tensor fused = m(x);
    int calls = 0;
    modrt::HookHandle hook = m.get_submodule("layers.1")
                                 .register_forward_hook([&](modrt::Module &, const modrt::Tensors &in,
                                                            const modrt::Tensor &) { calls += in[0].size(0) == rows; });
    modrt::Tensor composed = m(x);
    hook.remove();
    EXPECT_EQ(calls, 1) << "the hook of a child makes the call run composed";
    EXPECT_TRUE(modrt::equal(fused, composed));
    EXPECT_EQ(fused.size(0), rows);
    EXPECT_EQ(fused.size(1), 3);
  }
}

TEST(Run, ComputesTheModel) {
  modrt::Module m = toy().create("mlp");
  m.eval();
  modrt::Tensor x = modrt::randn({5, 6}), y = m(x);
  auto w1 = m.get_parameter("layers.0.weight"), b1 = m.get_parameter("layers.0.bias"),
       w2 = m.get_parameter("fc2.weight"), b2 = m.get_parameter("fc2.bias");
  for (int i = 0; i < 5; ++i)
    for (int o = 0; o < 3; ++o) {
      float sum = 0;
      for (int h = 0; h < 8; ++h) {
        float a = 0;
        for (int k = 0; k < 6; ++k)
          a += x.data<float>()[i * 6 + k] * w1.data<float>()[h * 6 + k];
        a += b1.data<float>()[h];
        sum += std::max(a, 0.0f) * w2.data<float>()[o * 8 + h];
      }
      EXPECT_NEAR(sum + b2.data<float>()[o], y.data<float>()[i * 3 + o], 1e-5);
    }
}

TEST(Run, MethodCopiesWhatNoKernelWrites) {
  modrt::Artifact a = toy();
  modrt::Module hidden = a.create("mlp").eval().entry("hidden");
  modrt::Tensor x = modrt::randn({4, 6});
  modrt::Tensors out = hidden.call(modrt::Tensors{x});
  ASSERT_EQ(out.size(), 3u);
  EXPECT_TRUE(modrt::equal(out[0], out[1]));
  EXPECT_FALSE(out[0].is_same(out[1]));
  EXPECT_TRUE(modrt::equal(out[2], x));
  modrt::Tensor mine[] = {modrt::zeros({4, 8}), modrt::zeros({4, 8}), modrt::zeros({4, 6})}, in[] = {x};
  hidden.call_into(in, mine);
  EXPECT_TRUE(modrt::equal(mine[1], out[0]));
  EXPECT_TRUE(modrt::equal(mine[2], x));
}

TEST(Run, InitialValuesByFunctionAreTheSeeds) {
  modrt::manual_seed(11);
  modrt::Tensor a = toy().create("head").param("bias").clone();
  modrt::manual_seed(11);
  modrt::Tensor b = toy().create("head").param("bias").clone();
  modrt::manual_seed(12);
  modrt::Tensor c = toy().create("head").param("bias").clone();
  EXPECT_TRUE(modrt::equal(a, b));
  EXPECT_FALSE(modrt::equal(a, c));
  for (float v : a.data<float>())
    EXPECT_TRUE(v >= 0 && v < 1) << v;
}

TEST(Run, NewWeightsArePackedAgain) {
  modrt::Module m = toy().create("mlp");
  m.eval();
  modrt::Tensor x = modrt::randn({2, 6}), before = m(x);
  {
    auto edit = m.get_parameter("fc2.weight").edit<float>();
    for (float &v : edit.span())
      v = 0;
  }
  modrt::Tensor after = m(x);
  EXPECT_FALSE(modrt::equal(before, after));
  for (int o = 0; o < 3; ++o)
    EXPECT_EQ(after.data<float>()[o], m.get_parameter("fc2.bias").data<float>()[o]);
}

TEST(Run, ErrorsUseTheModelsWords) {
  modrt::Module m = toy().create("mlp");
  m.eval();
  std::string text = message([&] { m(modrt::zeros({2, 7})); });
  EXPECT_NE(text.find("x"), std::string::npos) << text;
  EXPECT_NE(text.find("7"), std::string::npos) << text;
  EXPECT_NE(text.find("6"), std::string::npos) << text;
  text = message([&] { m(modrt::zeros({2000, 6})); });
  EXPECT_NE(text.find("N <= 1000"), std::string::npos) << text;
  text = message([&] { m(modrt::zeros({5000, 6})); });
  EXPECT_NE(text.find("4096"), std::string::npos) << text;
  EXPECT_NE(text.find("N"), std::string::npos) << text;
}

TEST(Run, PrintsAsPyTorchDoes) {
  EXPECT_EQ(toy().create("mlp").repr(), "MLP(\n"
                                        "  (layers): ModuleList(\n"
                                        "    (0): Linear(in_features=6, out_features=8, bias=True)\n"
                                        "    (1): Identity()\n"
                                        "  )\n"
                                        "  (fc2): Linear(in_features=8, out_features=3, bias=True)\n"
                                        "  (gone): None\n"
                                        ")");
  EXPECT_NE(toy().info().find("mlp"), std::string::npos);
}

TEST(Run, EachInstructionSetGivesTheSameBits) {
  modrt::manual_seed(3);
  modrt::Tensor x = modrt::randn({9, 6});
  auto run = [&](const char *set) {
    setenv("MODRT_TARGET", set, 1);
    modrt::manual_seed(5);
    modrt::Module m = toy().create("mlp");
    m.eval();
    modrt::Tensor y = m(x);
    unsetenv("MODRT_TARGET");
    return y;
  };
  EXPECT_TRUE(modrt::equal(run("narrow"), run("wide")));
}
