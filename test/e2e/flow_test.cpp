// Loops and branches that the run decides, from source text to results: fused, composed and unfused code agree bitwise
// for any length of the loops and any number of threads, and within rounding with the reference interpreter.
#include "compiler/driver/Options.h"
#include "modrt/modrt.hpp"
#include <cmath>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace fs = std::filesystem;
using modrt::Tensor;
using modrt::Tensors;
using Inputs = std::vector<std::pair<std::string, Tensor>>;

namespace {
const char *const kModels = R"(
import nn
import nn.functional as F

module Cell(n: int):
    fc = nn.Linear(n, n)
    def forward(x: f32[N, n], h: f32[N, n]):
        return tanh(fc(h) + x)

## A module called in a loop; every step's result is written into a tensor.
module Recur(n: int):
    cell = Cell(n)
    def forward(x: f32[S, N, n]):
        h = zeros(x.shape[1], n)
        y = zeros(*x.shape)
        for t in range(x.shape[0]):
            h = cell(x[t], h)
            y[t] = h * 2
        return y, h

## Without calls: the loop stays in one piece. Two values change places, one is only counted.
module Plain():
    def forward(x: f32[S, 5]):
        a, b = zeros(5), ones(5)
        n = 0
        for t in range(x.shape[0]):
            a, b = b, a * 0.5 + x[t]
            n += 1
        return a, b, n

## Loops in loops, the inner one as long as the outer's counter; a branch that leaves the tensor as it is.
module Nested():
    def forward(x: f32[S, 3]):
        y = zeros(x.shape[0], x.shape[0])
        s = 0.0
        for i in range(x.shape[0]):
            for j in range(i):
                d = (x[i] * x[j]).sum()
                if d > 0:
                    y[i, j] = d
                s = s + d
        return y, s

## Newton's iteration for square roots, as many steps as it takes.
module Newton():
    def forward(a: f32[N]):
        x = a + 1
        n = 0
        while (x * x - a).abs().max() > 1e-4 and n < 100:
            x = (x + a / x) / 2
            n += 1
        return x, n

module Scale(n: int):
    w = nn.Linear(n, n)
    def forward(x: f32[N, n]):
        return w(x)

## A branch whose sides call modules.
module Choose(n: int):
    yes = Scale(n)
    no = Scale(n)
    def forward(x: f32[N, n]):
        if x.sum() > 0:
            y = yes(x)
        else:
            y = no(x) - 1
        return y.relu() + x

## A while loop whose body and condition use modules.
module Settle(n: int):
    step = Scale(n)
    def forward(x: f32[N, n]):
        k = 0
        while (step(x) - x).abs().max() > 1e-2 and k < 5:
            x = tanh(step(x))
            k += 1
        return x, k

## Greedy decoding: the token with the highest score is looked up next.
module Decode(v: int, n: int):
    embed = nn.Embedding(v, n)
    cell = Cell(n)
    head = nn.Linear(n, v)
    def forward(first: i64[N], steps: f32[S]):
        token, h = first, zeros(first.shape[0], embed.weight.shape[1])
        out = zeros(steps.shape[0], first.shape[0], dtype=i64)
        for t in range(steps.shape[0]):
            h = cell(embed(token), h)
            token = head(h).argmax(-1)
            out[t] = token
        return out

## Random numbers in loops: each round has its own.
module Noise(n: int):
    fc = nn.Linear(n, n)
    def forward(x: f32[S, n]):
        y = x
        for t in range(x.shape[0]):
            y = y + rand(x.shape[0], n) * fc(x[t : t + 1])
        for t in range(2):
            y = y + rand(x.shape[0], n)
        return y

## State in a loop: a running average and rows of a cache, by their bare names and through `self`.
module Stateful(n: int):
    buffer average: f32[n] = 0
    buffer cache: f32[8, n] = 0
    fc = nn.Linear(n, n)
    def forward(x: f32[S, n]):
        assert x.shape[0] <= 8
        for t in range(x.shape[0]):
            v = fc(x[t : t + 1])
            average = average * 0.9 + v[0] * 0.1
            for u in range(t):
                self.cache[u] = v[0] + average
        return average + cache.sum(0) + self.average

module LSTMs():
    lstm = nn.LSTM(6, 5, num_layers=2, batch_first=True)
    def forward(x: f32[N, S, 6]):
        y, (h, c) = lstm(x)
        return y, h, c

export recur = Recur(6)
export plain = Plain()
export nested = Nested()
export newton = Newton()
export choose = Choose(4)
export settle = Settle(3)
export decode = Decode(11, 6)
export noise = Noise(4)
export stateful = Stateful(4)
export lstms = LSTMs()
)";

struct Folder {
  Folder() : path(fs::temp_directory_path() / ("modc-flow-" + std::to_string(getpid()))) {
    fs::create_directories(path);
    std::ofstream(path / "flow.mod") << kModels;
  }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const std::string &name) const { return (path / name).string(); }
  fs::path path;
};

/// The models, compiled once with and once without fusion.
class Flow : public testing::Test {
protected:
  static void SetUpTestSuite() {
    folder = new Folder;
    for (const char *fusion : {"full", "none"}) {
      modc::CompileOptions o;
      o.input = *folder / "flow.mod";
      o.output = *folder / (std::string(fusion) + ".so");
      o.fusion = fusion;
      ASSERT_EQ(modc::compile(o), 0);
    }
  }
  static void TearDownTestSuite() { delete folder; }

  modrt::Module load(const std::string &name, const std::string &fusion = "full") {
    return modrt::load(*folder / (fusion + ".so")).create(name).eval();
  }

  Tensors interpret(const std::string &name, const modrt::Module &m, const Inputs &inputs,
                    const std::vector<std::string> &outputs) {
    modrt::save_file(m.state_dict(), *folder / "w.safetensors");
    modc::CompileOptions o;
    o.input = *folder / "flow.mod";
    o.output = *folder / "y.safetensors";
    o.model = name;
    o.interpret = true;
    o.seed = 3;
    o.weights = *folder / "w.safetensors";
    for (auto &[input, value] : inputs) {
      modrt::save_npy(value, *folder / (input + ".npy"));
      o.inputs.push_back(input + "=" + (*folder / (input + ".npy")));
    }
    EXPECT_EQ(modc::compile(o), 0);
    auto all = modrt::load_file(*folder / "y.safetensors");
    Tensors out;
    for (auto &o : outputs)
      out.push_back(all.at(o));
    return out;
  }

  static double error(const Tensor &got, const Tensor &want) {
    if (got.shape() != want.shape() || got.dtype() != want.dtype())
      return HUGE_VAL;
    if (got.dtype() != modrt::kFloat)
      return modrt::equal(got, want) ? 0 : HUGE_VAL;
    auto a = got.data<float>(), b = want.data<float>();
    double worst = 0, scale = 1e-3;
    for (size_t i = 0; i < a.size(); ++i) {
      worst = std::max(worst, double(std::abs(a[i] - b[i])));
      scale = std::max(scale, double(std::abs(b[i])));
    }
    return worst / scale;
  }

  static Tensors values(const Inputs &inputs) {
    Tensors out;
    for (auto &[name, value] : inputs)
      out.push_back(value);
    return out;
  }

  static void same(const Tensors &got, const Tensors &want, const std::string &what) {
    ASSERT_EQ(got.size(), want.size());
    for (size_t i = 0; i < got.size(); ++i)
      EXPECT_TRUE(modrt::equal(got[i], want[i])) << what << ", output " << i;
  }

  /// Every way of running a model against each other; `hooked` is a module below it, called `calls` times. A model that
  /// draws random numbers or has state is run from the same beginning each time.
  void check(const std::string &name, const Inputs &inputs, const std::vector<std::string> &outputs,
             const std::string &hooked = "", int calls = 0) {
    SCOPED_TRACE(name);
    modrt::Module m = load(name), unfused = load(name, "none");
    modrt::StateDict weights;
    for (auto &[key, value] : m.state_dict())
      weights[key] = value.clone();
    auto run = [&](modrt::Module &module) {
      module.load_state_dict(weights);
      modrt::manual_seed(3);
      (void)modrt::randn({1}); // the interpreter's tree took number 0
      return module.call(values(inputs));
    };
    Tensors fused = run(m);
    for (int threads : {1, 3}) {
      modrt::set_num_threads(threads);
      same(run(m), fused, std::to_string(threads) + " threads");
      same(run(unfused), fused, "without fusion");
      if (hooked.empty())
        continue;
      int ran = 0;
      auto handle = m.get_submodule(hooked).register_forward_hook(
          [&](modrt::Module &, const Tensors &, const Tensor &) { ++ran; });
      same(run(m), fused, "composed");
      EXPECT_EQ(ran, calls);
      handle.remove();
    }
    m.load_state_dict(weights);
    Tensors want = interpret(name, m, inputs, outputs);
    for (size_t i = 0; i < want.size(); ++i)
      EXPECT_LE(error(fused[i], want[i]), 2e-5) << "output " << outputs[i];
  }

  static Folder *folder;
};
Folder *Flow::folder = nullptr;

Tensor numbers(std::initializer_list<float> list) {
  Tensor t = modrt::zeros({int64_t(list.size())});
  std::copy(list.begin(), list.end(), t.mutable_data<float>().begin());
  return t;
}
} // namespace

TEST_F(Flow, ModuleInLoop) {
  modrt::manual_seed(1);
  for (int64_t steps : {0, 1, 2, 9})
    for (int64_t rows : {1, 3})
      check("recur", {{"x", modrt::randn({steps, rows, 6})}}, {"output0", "output1"}, "cell.fc", int(steps));
}

TEST_F(Flow, ValuesChangePlaces) {
  for (int64_t steps : {0, 1, 2, 7})
    check("plain", {{"x", modrt::randn({steps, 5})}}, {"output0", "output1", "output2"});
}

TEST_F(Flow, LoopsInLoops) {
  for (int64_t n : {0, 1, 2, 6})
    check("nested", {{"x", modrt::randn({n, 3})}}, {"output0", "output1"});
}

TEST_F(Flow, While) {
  check("newton", {{"a", numbers({1, 2, 4, 100, 0.5})}}, {"output0", "output1"});
  modrt::Module m = load("newton");
  Tensors out = m.call(Tensors{numbers({9, 16})});
  EXPECT_NEAR(out[0].data<float>()[0], 3, 1e-4);
  EXPECT_NEAR(out[0].data<float>()[1], 4, 1e-4);
}

TEST_F(Flow, BranchesWithModules) {
  Tensor x = numbers({1, 2, -1, 0.5}).view({1, 4}), y = numbers({-1, -2, 1, -0.5}).view({1, 4});
  check("choose", {{"x", x}}, {"output"}, "yes.w", 1);
  check("choose", {{"x", x}}, {"output"}, "no", 0);
  check("choose", {{"x", y}}, {"output"}, "no.w", 1);
}

TEST_F(Flow, ModulesInConditions) {
  modrt::manual_seed(5);
  check("settle", {{"x", modrt::randn({2, 3})}}, {"output0", "output1"});
  // Each round asks once and steps once, and the last asks alone.
  modrt::Module m = load("settle");
  int ran = 0;
  auto handle =
      m.get_submodule("step").register_forward_hook([&](modrt::Module &, const Tensors &, const Tensor &) { ++ran; });
  Tensors out = m.call(Tensors{modrt::randn({2, 3})});
  EXPECT_EQ(ran, 2 * out[1].item<int64_t>() + 1);
}

TEST_F(Flow, GreedyDecoding) {
  Tensor first = modrt::zeros({2}, modrt::kLong);
  first.mutable_data<int64_t>()[1] = 7;
  for (int64_t steps : {0, 1, 6})
    check("decode", {{"first", first}, {"steps", modrt::zeros({steps})}}, {"output"}, "head", int(steps));
  modrt::Module m = load("decode");
  first.mutable_data<int64_t>()[0] = 11;
  try {
    m.call(Tensors{first, modrt::zeros({3})});
    ADD_FAILURE() << "a token beyond the table was looked up";
  } catch (const modrt::Error &e) {
    EXPECT_NE(std::string(e.what()).find("11"), std::string::npos) << e.what();
  }
}

TEST_F(Flow, RandomNumbersOfRounds) {
  for (int64_t steps : {1, 4})
    check("noise", {{"x", modrt::randn({steps, 4})}}, {"output"}, "fc", int(steps));
}

TEST_F(Flow, StateInLoops) {
  for (int64_t steps : {0, 1, 8})
    check("stateful", {{"x", modrt::randn({steps, 4})}}, {"output"}, "fc", int(steps));
}

TEST_F(Flow, LSTM) {
  for (int64_t steps : {1, 2, 17})
    for (int64_t batch : {1, 4})
      check("lstms", {{"x", modrt::randn({batch, steps, 6})}}, {"output0", "output1", "output2"}, "lstm", 1);
}
