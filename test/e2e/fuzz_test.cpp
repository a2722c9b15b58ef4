// Random module trees through the whole compiler and the runtime: fused, composed and hooked calls agree bitwise with
// one another, for any number of threads and instruction set, and within rounding with the reference interpreter.
//   MODC_FUZZ_MODELS=N   how many models (default 12)
//   MODC_FUZZ_SEED=S     the first seed
#include "compiler/driver/Options.h"
#include "modrt/modrt.hpp"
#include "random_model.h"
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace fs = std::filesystem;
using namespace modc::test;

namespace {
unsigned environment(const char *name, unsigned otherwise) {
  const char *text = std::getenv(name);
  return text ? unsigned(std::strtoul(text, nullptr, 10)) : otherwise;
}

struct Folder {
  Folder() : path(fs::temp_directory_path() / ("modc-fuzz-" + std::to_string(getpid()))) {
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const std::string &name) const { return (path / name).string(); }
  fs::path path;
};

modc::CompileOptions options(const std::string &source, const std::string &output) {
  modc::CompileOptions o;
  o.input = source;
  o.output = output;
  return o;
}

/// Largest difference as a part of the largest expected value.
double error(const modrt::Tensor &got, const modrt::Tensor &want) {
  auto a = got.data<float>(), b = want.data<float>();
  double worst = 0, scale = 1e-3;
  for (size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) != std::isnan(b[i]))
      return HUGE_VAL;
    if (std::isnan(a[i]))
      continue;
    worst = std::max(worst, double(std::abs(a[i] - b[i])));
    scale = std::max(scale, double(std::abs(b[i])));
  }
  return worst / scale;
}

class Subject {
public:
  Subject(const Folder &folder, const RandomModel &model) : folder(folder) {
    std::ofstream(folder / "model.mod") << model.text;
  }
  /// Compiles with or without the rewrites that change bits.
  modrt::Module compile(bool fold, const std::string &fusion = "full") {
    std::string path = folder / ("model" + std::to_string(count++) + ".so");
    auto o = options(folder / "model.mod", path);
    o.foldAffine = fold;
    o.fusion = fusion;
    if (modc::compile(o) != 0)
      return {};
    return modrt::load(path).create("model").eval();
  }
  modrt::Tensor interpret(const modrt::StateDict &weights, const modrt::Tensor &x) {
    modrt::save_file(weights, folder / "w.safetensors");
    modrt::save_npy(x, folder / "x.npy");
    auto o = options(folder / "model.mod", folder / "y.safetensors");
    o.interpret = true;
    o.weights = folder / "w.safetensors";
    o.inputs = {"x=" + (folder / "x.npy")};
    if (modc::compile(o) != 0)
      return {};
    return modrt::load_file(folder / "y.safetensors").at("output");
  }

private:
  const Folder &folder;
  int count = 0;
};

/// Gives every parameter and buffer values that a fresh model would not have (a BatchNorm's statistics, a norm's
/// weight).
modrt::StateDict randomWeights(const modrt::Module &m, std::mt19937 &rng) {
  modrt::StateDict out;
  std::uniform_real_distribution<float> uniform(-0.5f, 0.5f);
  for (auto &[name, t] : m.state_dict()) {
    modrt::Tensor v = t.clone();
    if (v.dtype() == modrt::kFloat)
      for (float &x : v.mutable_data<float>())
        x = name.find("running_var") != std::string::npos ? 1 + uniform(rng) : uniform(rng);
    out[name] = v;
  }
  return out;
}

void check(unsigned seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Folder folder;
  RandomModel model = makeRandomModel(seed);
  Subject subject(folder, model);
  std::mt19937 rng(seed);
  modrt::Module plain = subject.compile(false);
  ASSERT_TRUE(plain) << model.text;
  modrt::StateDict weights = randomWeights(plain, rng);
  plain.load_state_dict(weights);
  modrt::Module folded = subject.compile(true), unfused = subject.compile(false, "none");
  ASSERT_TRUE(folded && unfused) << model.text;
  folded.load_state_dict(weights);
  unfused.load_state_dict(weights);

  for (int64_t batch : {1, 2, 7}) {
    int64_t length = 1 + int64_t(rng() % 9);
    modrt::Tensor x = modrt::randn(model.sequence ? modrt::Shape{batch, length, model.features}
                                                  : modrt::Shape{batch, model.features});
    modrt::Tensor want = subject.interpret(weights, x), fused = plain(x);
    ASSERT_TRUE(want) << model.text;
    EXPECT_EQ(fused.shape(), want.shape()) << model.text;
    EXPECT_LE(error(fused, want), 2e-5) << model.text;
    EXPECT_LE(error(folded(x), want), 2e-5) << model.text;
    EXPECT_TRUE(modrt::equal(unfused(x), fused)) << "fusion changed bits\n" << model.text;

    auto all = plain.named_modules();
    for (int round = 0; round < 4; ++round) {
      std::vector<modrt::HookHandle> handles;
      int ran = 0, expected = 0;
      for (auto &[name, m] : all)
        if (rng() % 3 == 0 || (round == 0 && name.empty())) {
          bool pre = rng() % 2;
          handles.push_back(pre ? m.register_forward_pre_hook([&](modrt::Module &, const modrt::Tensors &) { ++ran; })
                                : m.register_forward_hook(
                                      [&](modrt::Module &, const modrt::Tensors &, const modrt::Tensor &) { ++ran; }));
          ++expected;
        }
      modrt::set_num_threads(1 + int(rng() % 3));
      EXPECT_TRUE(modrt::equal(plain(x), fused)) << "hooks changed bits\n" << model.text;
      // A child that is called twice fires twice; one that its parent never calls does not.
      EXPECT_TRUE(ran > 0 || expected == 0 || round > 0);
      for (auto &h : handles)
        h.remove();
    }
    EXPECT_TRUE(modrt::equal(plain(x), fused));
  }
}

TEST(Fuzz, FusedComposedHookedAndInterpretedAgree) {
  unsigned first = environment("MODC_FUZZ_SEED", 1), count = environment("MODC_FUZZ_MODELS", 12);
  for (unsigned seed = first; seed < first + count; ++seed) {
    check(seed);
    if (testing::Test::HasFatalFailure())
      return;
  }
}
} // namespace
