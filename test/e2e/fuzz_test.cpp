// Random module trees through the whole compiler and the runtime, in eval, train and mixed modes, with random draws and
// buffers that calls write: fused, composed and hooked calls agree bitwise with one another, for any number of threads,
// and within rounding with the reference interpreter, which draws the same bits.
//   MODC_FUZZ_MODELS=N   how many models (default 4)
//   MODC_FUZZ_SEED=S     the first seed
#include "compiler/driver/Options.h"
#include "modrt/modrt.hpp"
#include "random_model.h"
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
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

/// Calls of one model in a row, each of which finds what the one before has written.
constexpr int kCalls = 2;

/// What the last of them returned, and parameters and buffers after it.
struct Outcome {
  modrt::Tensor y;
  modrt::StateDict state;
};

Outcome run(modrt::Module &m, const modrt::StateDict &weights, const modrt::Tensor &x, uint64_t seed) {
  m.load_state_dict(weights);
  modrt::manual_seed(seed);
  modrt::rand({1}); // as making the model, which the interpreter does every time, takes a number
  Outcome o;
  for (int i = 0; i < kCalls; ++i)
    o.y = m(x);
  o.state = m.state_dict();
  return o;
}

bool same(const Outcome &a, const Outcome &b) {
  bool equal = modrt::equal(a.y, b.y);
  for (auto &[name, t] : a.state)
    equal &= modrt::equal(t, b.state.at(name));
  return equal;
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
  Outcome interpret(const modrt::StateDict &weights, const modrt::Tensor &x, bool train, uint64_t seed) {
    modrt::save_file(weights, folder / "w.safetensors");
    modrt::save_npy(x, folder / "x.npy");
    auto o = options(folder / "model.mod", folder / "y.safetensors");
    o.interpret = true;
    o.train = train;
    o.seed = seed;
    o.calls = kCalls;
    o.weights = folder / "w.safetensors";
    o.savedWeights = folder / "after.safetensors";
    o.inputs = {"x=" + (folder / "x.npy")};
    if (modc::compile(o) != 0)
      return {};
    return {modrt::load_file(folder / "y.safetensors").at("output"), modrt::load_file(folder / "after.safetensors")};
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

/// Hooks on some modules, which must change nothing.
void checkHooks(modrt::Module &m, std::mt19937 &rng, const std::function<bool()> &same, const std::string &text) {
  auto all = m.named_modules();
  for (int round = 0; round < 2; ++round) {
    std::vector<modrt::HookHandle> handles;
    int ran = 0, expected = 0;
    for (auto &[name, at] : all)
      if (rng() % 3 == 0 || (round == 0 && name.empty())) {
        bool pre = rng() % 2;
        handles.push_back(pre ? at.register_forward_pre_hook([&](modrt::Module &, const modrt::Tensors &) { ++ran; })
                              : at.register_forward_hook(
                                    [&](modrt::Module &, const modrt::Tensors &, const modrt::Tensor &) { ++ran; }));
        ++expected;
      }
    modrt::set_num_threads(1 + int(rng() % 3));
    EXPECT_TRUE(same()) << "hooks changed bits\n" << text;
    // A child that is called twice fires twice; one that its parent never calls does not.
    EXPECT_TRUE(ran > 0 || expected == 0 || round > 0);
    for (auto &h : handles)
      h.remove();
  }
}

/// The same in train mode, and with a mode for each module.
void checkTraining(Subject &subject, const RandomModel &model, modrt::Module plain, modrt::Module unfused,
                   const modrt::StateDict &weights, std::mt19937 &rng) {
  const std::string &text = model.text;
  int64_t batch = 2 + int64_t(rng() % 9), length = 1 + int64_t(rng() % 9);
  modrt::Tensor x =
      modrt::randn(model.sequence ? modrt::Shape{batch, length, model.features} : modrt::Shape{batch, model.features});
  uint64_t seed = rng();
  Outcome want = subject.interpret(weights, x, true, seed);
  ASSERT_TRUE(want.y) << text;
  plain.train();
  unfused.train();
  Outcome fused = run(plain, weights, x, seed);
  EXPECT_LE(error(fused.y, want.y), 2e-4) << text;
  for (auto &[name, t] : want.state)
    if (t.dtype() == modrt::kFloat)
      EXPECT_LE(error(fused.state.at(name), t), 1e-4) << name << "\n" << text;
    else
      EXPECT_TRUE(modrt::equal(fused.state.at(name), t)) << name << "\n" << text;
  EXPECT_TRUE(same(run(unfused, weights, x, seed), fused)) << "fusion changed bits in training\n" << text;
  checkHooks(plain, rng, [&] { return same(run(plain, weights, x, seed), fused); }, text);

  auto modules = plain.modules(), others = unfused.modules();
  for (size_t i = 0; i < modules.size(); ++i) {
    bool mode = rng() % 3 != 0;
    modules[i].train(mode); // and all below
    others[i].train(mode);
  }
  Outcome mixed = run(plain, weights, x, seed);
  EXPECT_TRUE(same(run(unfused, weights, x, seed), mixed)) << "fusion changed bits in mixed modes\n" << text;
  checkHooks(plain, rng, [&] { return same(run(plain, weights, x, seed), mixed); }, text);
  plain.train();
  EXPECT_TRUE(same(run(plain, weights, x, seed), fused)) << "back in train mode\n" << text;
  plain.eval();
  unfused.eval();
}

void check(const RandomModel &model, unsigned seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Folder folder;
  Subject subject(folder, model);
  std::mt19937 rng(seed);
  modrt::Module plain = subject.compile(false);
  ASSERT_TRUE(plain) << model.text;
  modrt::StateDict weights = randomWeights(plain, rng);
  modrt::Module folded = subject.compile(true), unfused = subject.compile(false, "none");
  ASSERT_TRUE(folded && unfused) << model.text;

  for (int64_t batch : {1, 7}) {
    int64_t length = 1 + int64_t(rng() % 9);
    modrt::Tensor x = modrt::randn(model.sequence ? modrt::Shape{batch, length, model.features}
                                                  : modrt::Shape{batch, model.features});
    Outcome want = subject.interpret(weights, x, false, seed), fused = run(plain, weights, x, seed);
    ASSERT_TRUE(want.y) << model.text;
    EXPECT_EQ(fused.y.shape(), want.y.shape()) << model.text;
    EXPECT_LE(error(fused.y, want.y), 2e-5) << model.text;
    EXPECT_LE(error(run(folded, weights, x, seed).y, want.y), 2e-5) << model.text;
    EXPECT_TRUE(same(run(unfused, weights, x, seed), fused)) << "fusion changed bits\n" << model.text;
    checkHooks(plain, rng, [&] { return same(run(plain, weights, x, seed), fused); }, model.text);
    EXPECT_TRUE(same(run(plain, weights, x, seed), fused));
  }
  checkTraining(subject, model, plain, unfused, weights, rng);
}

TEST(Fuzz, FusedComposedHookedAndInterpretedAgree) {
  unsigned first = environment("MODC_FUZZ_SEED", 1), count = environment("MODC_FUZZ_MODELS", 4);
  for (unsigned seed = first; seed < first + count; ++seed) {
    check(makeRandomModel(seed), seed);
    if (testing::Test::HasFatalFailure())
      return;
  }
}

// What a child gave has other sizes once it is replaced, so that pieces know less than the fused function, which must
// not choose another kernel for that: attention adds up in blocks of keys.
TEST(Fuzz, AttentionOverWhatOneChildGave) {
  check({R"(
import nn
import nn.functional as F

module Self(d: int):
    def forward(x: f32[..., S, d]):
        return F.scaled_dot_product_attention(x, x, x, scale=0.3)

module Written(d: int):
    fc = nn.Linear(d, d)
    def forward(x: f32[N, S, d]):
        y = fc(x)
        return softmax(y @ y.transpose(-1, -2) / 3, -1) @ y

module Both():
    fc = nn.Linear(12, 17)
    inner = Self(17)
    written = Written(17)
    def forward(x: f32[N, S, 12]):
        y = fc(x)
        y = F.scaled_dot_product_attention(y, y, y, is_causal=True)
        return written(y) + inner(y)

export model = Both()
)",
         12, true},
        1);
}
} // namespace
