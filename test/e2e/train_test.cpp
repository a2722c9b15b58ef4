// The train mode of compiled models: modes of single modules, buffers and parameters that calls write, random draws and
// their seeds, what a failing call leaves behind.
#include "compiler/driver/Options.h"
#include "modrt/modrt.hpp"
#include <cmath>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <thread>

namespace fs = std::filesystem;
using modrt::Module;
using modrt::Tensor;

namespace {
struct Folder {
  Folder() : path(fs::temp_directory_path() / ("modc-train-" + std::to_string(getpid()))) {
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

modrt::Artifact compiled(const std::string &text, std::vector<std::string> roles = {"eval", "train"}) {
  static const Folder folder;
  static int count = 0;
  std::string stem = folder.path / ("m" + std::to_string(count++));
  std::ofstream(stem + ".mod") << "import nn\nimport nn.functional as F\nfrom torch import rand, randn, rand_like\n\n"
                               << text;
  modc::CompileOptions o;
  o.input = stem + ".mod";
  o.output = stem + ".so";
  o.roles = std::move(roles);
  o.cpus = {"x86-64-v3"};
  return modc::compile(o) == 0 ? modrt::load(o.output) : modrt::Artifact();
}

Module model(const std::string &text) {
  modrt::Artifact a = compiled(text);
  return a ? a.create("model") : Module();
}

/// Kernels that a call launched.
size_t launches(const Module &m, const Tensor &x) {
  modrt::Profile profile;
  m(x);
  std::string table = profile.chrome_trace();
  size_t n = 0;
  for (size_t at = 0; (at = table.find("\"dur\"", at)) != std::string::npos; ++at)
    ++n;
  return n;
}

template <class F> std::string failure(F f) {
  try {
    f();
  } catch (const modrt::Error &e) {
    return e.what();
  }
  return "";
}

float first(const Tensor &t) { return t.data<float>()[0]; }

TEST(Train, FrozenNormInATrainingNet) {
  Module net = model(R"(
module Block():
    fc = nn.Linear(8, 8)
    bn = nn.BatchNorm1d(8)
    def forward(x: f32[N, 8]):
        return F.relu(bn(fc(x)))

module Net():
    a = Block()
    b = Block()
    def forward(x: f32[N, 8]):
        return b(a(x))
export model = Net()
)");
  ASSERT_TRUE(net);
  EXPECT_TRUE(net.training()) << "a fresh model trains, as in PyTorch";
  Tensor x = modrt::randn({6, 8});
  net.eval();
  Tensor inEval = net(x);
  size_t fusedEval = launches(net, x);
  EXPECT_EQ(fusedEval, 2u) << "norm and relu ride on the product";
  EXPECT_TRUE(modrt::equal(net.get_buffer("a.bn.running_mean"), modrt::zeros({8}))) << "eval() updates nothing";

  net.train();
  Tensor inTraining = net(x);
  EXPECT_FALSE(modrt::equal(inTraining, inEval));
  EXPECT_FALSE(modrt::equal(net.get_buffer("a.bn.running_mean"), modrt::zeros({8})));
  EXPECT_EQ(net.get_buffer("a.bn.num_batches_tracked").item<int64_t>(), 1);

  // Fine-tuning with frozen statistics.
  net["a"]["bn"].eval();
  Tensor before = net.get_buffer("a.bn.running_mean").clone();
  Tensor mixed = net(x);
  EXPECT_FALSE(modrt::equal(mixed, inTraining));
  EXPECT_TRUE(modrt::equal(net.get_buffer("a.bn.running_mean"), before));
  EXPECT_EQ(net.get_buffer("a.bn.num_batches_tracked").item<int64_t>(), 1);
  EXPECT_EQ(net.get_buffer("b.bn.num_batches_tracked").item<int64_t>(), 2);

  // A mode that differs where nothing depends on it is no reason to leave fused code.
  net.eval();
  net["a"]["fc"].train();
  EXPECT_EQ(launches(net, x), fusedEval);
  net["a"]["bn"].train();
  EXPECT_GT(launches(net, x), fusedEval);
}

TEST(Train, AnArtifactForEvaluationAlone) {
  modrt::Artifact a = compiled(R"(
module Net():
    fc = nn.Linear(4, 4)
    drop = nn.Dropout(0.5)
    def forward(x: f32[N, 4]):
        return drop(fc(x))
export model = Net()
export plain(x: f32[N, 4]) = nn.Linear(4, 4)
)",
                               {"eval"});
  ASSERT_TRUE(a);
  Module net = a.create("model"), plain = a.create("plain");
  Tensor x = modrt::ones({2, 4});
  EXPECT_NE(failure([&] { net(x); }).find("modc --roles eval,train"), std::string::npos) << failure([&] { net(x); });
  net.eval();
  EXPECT_EQ(net(x).shape(), modrt::Shape({2, 4}));
  EXPECT_EQ(plain(x).shape(), modrt::Shape({2, 4})) << "what does not depend on the mode needs no role of its own";
}

TEST(Train, WhatTrainingAloneAsksOfSizes) {
  Module net = model(R"(
module Net():
    fc = nn.Linear(4, 4)
    bn = nn.BatchNorm1d(4)
    def forward(x: f32[N, 4]):
        return bn(fc(x))
export model = Net()
)");
  ASSERT_TRUE(net);
  Tensor one = modrt::ones({1, 4});
  std::string message = failure([&] { net(one); });
  EXPECT_NE(message.find("N is 1"), std::string::npos) << message;
  EXPECT_NE(message.find("at least 2"), std::string::npos) << message;
  EXPECT_EQ(net.get_buffer("bn.num_batches_tracked").item<int64_t>(), 0);
  net.eval();
  EXPECT_EQ(net(one).shape(), modrt::Shape({1, 4}));
  net["bn"].train();
  EXPECT_NE(failure([&] { net(one); }).find("at least 2"), std::string::npos) << "composed";
}

// Two modules write one buffer of a third in one call, and read each other's updates.
constexpr const char *kShared = R"(
module Counter():
    buffer total: f32[] = 0.0
    buffer calls: i64[] = 0
    def add(x: f32[]):
        total = total + x
        calls += 1
        return total

    def forward(x: f32[N]):
        return x + add(x.sum())

module Left(counter: Module):
    self.counter = counter
    def forward(x: f32[N]):
        return self.counter(x)

module Right(counter: Module):
    self.counter = counter
    def forward(x: f32[N]):
        assert N < 5, "at most four"
        return self.counter(x) * 2

module Net():
    let counter = Counter()
    left = Left(counter)
    right = Right(counter)
    def forward(x: f32[N]):
        return right(left(x)) + left.counter.total
export model = Net()
)";

TEST(Train, BuffersThatSeveralModulesWrite) {
  Module net = model(kShared);
  ASSERT_TRUE(net);
  net.eval(); // the module says so in eval mode too
  Tensor x = modrt::ones({2});
  auto total = [&] { return net.get_buffer("left.counter.total").item<float>(); };
  auto calls = [&] { return net.get_buffer("right.counter.calls").item<int64_t>(); };
  // left: total 2, y = 3; right: total 2 + 6 = 8, y = 11 * 2; plus 8.
  EXPECT_EQ(first(net(x)), 30);
  EXPECT_EQ(total(), 8);
  EXPECT_EQ(calls(), 2);
  // left: total 10, y = 11; right: 32, y = 43 * 2; plus 32.
  EXPECT_EQ(first(net(x)), 118);
  auto hook = net["left"].register_forward_hook([&](Module &, const modrt::Tensors &, const Tensor &) {
    EXPECT_EQ(total(), 32) << "published only when the call has succeeded";
  });
  // left: 34, y = 35; right: 104, y = 139 * 2; plus 104: composed now.
  EXPECT_EQ(first(net(x)), 382);
  hook.remove();
  EXPECT_EQ(calls(), 6);
}

TEST(Train, AFailingCallHasWrittenNothing) {
  Module net = model(kShared);
  ASSERT_TRUE(net);
  Tensor x = modrt::ones({2});
  net(x);
  auto state = [&] {
    return std::pair(net.get_buffer("left.counter.total").item<float>(),
                     net.get_buffer("left.counter.calls").item<int64_t>());
  };
  auto before = state();
  EXPECT_NE(failure([&] { net(modrt::ones({7})); }), "") << "the guard of the second module";
  EXPECT_EQ(state(), before);
  auto late = net["right"].register_forward_hook(
      [](Module &, const modrt::Tensors &, const Tensor &) { throw modrt::ValueError("a hook after both updates"); });
  EXPECT_EQ(failure([&] { net(x); }), "a hook after both updates");
  EXPECT_EQ(state(), before);
  late.remove();
  auto none = net.register_forward_hook([](Module &, const modrt::Tensors &, const Tensor &) {});
  EXPECT_NE(failure([&] { net(modrt::ones({7})); }), "") << "composed, after the first module has run";
  EXPECT_EQ(state(), before);
  none.remove();
  net(x);
  EXPECT_EQ(state().second, before.second + 2);
}

TEST(Train, MomentumEncoder) {
  Module net = model(R"(
module Net():
    query = nn.Linear(3, 3, bias=False)
    keys = nn.Linear(3, 3, bias=False)
    def forward(x: f32[N, 3]):
        before = keys(x)
        keys.weight.copy_(0.5 * keys.weight + 0.5 * query.weight)
        return before, keys(x)
export model = Net()
)");
  ASSERT_TRUE(net);
  Tensor x = modrt::randn({4, 3});
  auto weight = [&](const char *name) { return net.get_parameter(name).clone(); };
  for (int round = 0; round < 4; ++round) {
    SCOPED_TRACE(round);
    modrt::HookHandle h;
    if (round % 2) // composed: the child reads a packed weight that this call has written
      h = net["keys"].register_forward_hook([](Module &, const modrt::Tensors &, const Tensor &) {});
    Tensor q = weight("query.weight"), k = weight("keys.weight");
    Tensor oldKeys = net["keys"](x);
    modrt::Tensors y = net.call({x});
    EXPECT_TRUE(modrt::allclose(y[0], oldKeys));
    Tensor now = weight("keys.weight");
    for (size_t i = 0; i < 9; ++i)
      EXPECT_NEAR(now.data<float>()[i], 0.5f * q.data<float>()[i] + 0.5f * k.data<float>()[i], 1e-6);
    EXPECT_TRUE(modrt::allclose(net["keys"](x), y[1]));
    h.remove();
  }
}

TEST(Train, SeedsAndCallNumbers) {
  Module net = model(R"(
module Net():
    drop = nn.Dropout(0.5)
    def forward(x: f32[N, 16]):
        return drop(x)
export model = Net()
)");
  ASSERT_TRUE(net);
  Tensor x = modrt::ones({3, 16});
  modrt::manual_seed(5);
  Tensor a = net(x), b = net(x);
  EXPECT_FALSE(modrt::equal(a, b)) << "every call draws anew";
  Tensor state = modrt::get_rng_state();
  Tensor c = net(x);
  net(x);
  modrt::set_rng_state(state);
  EXPECT_TRUE(modrt::equal(net(x), c)) << "a checkpoint resumes";
  modrt::manual_seed(5);
  modrt::set_num_threads(2);
  EXPECT_TRUE(modrt::equal(net(x), a));
  modrt::set_num_threads(1);
  net.eval();
  EXPECT_TRUE(modrt::equal(net(x), x));
  net.train();
  EXPECT_FALSE(modrt::equal(net(x), b)) << "a call that drew nothing has a number too";
  modrt::manual_seed(6);
  EXPECT_FALSE(modrt::equal(net(x), a));
  EXPECT_THROW(modrt::set_rng_state(modrt::zeros({16})), modrt::TypeError);
  uint64_t given = modrt::seed();
  EXPECT_EQ(modrt::initial_seed(), given);
}

TEST(Train, DistributionsAreWhatTheyClaim) {
  Module net = model(R"(
module Net():
    drop = nn.Dropout(0.3)
    def forward(x: f32[N, 64]):
        u, v, n = rand_like(x), rand(x.shape[0], 64), randn(x.shape[0], 64)
        return u, v, n, drop(x)
export model = Net()
)");
  ASSERT_TRUE(net);
  modrt::manual_seed(1);
  int64_t rows = 4000;
  double count = double(rows) * 64;
  modrt::Tensors y = net.call({modrt::ones({rows, 64})});
  auto moments = [&](const Tensor &t) {
    double m = 0, s = 0;
    for (float v : t.data<float>())
      m += v;
    m /= count;
    for (float v : t.data<float>())
      s += (v - m) * (v - m);
    return std::pair(m, s / count);
  };
  // Within five standard errors.
  for (int i : {0, 1}) {
    auto [mean, variance] = moments(y[size_t(i)]);
    EXPECT_NEAR(mean, 0.5, 5 * std::sqrt(1 / 12.0 / count));
    EXPECT_NEAR(variance, 1 / 12.0, 5 * std::sqrt(1 / 180.0 / count));
    int64_t bins[16] = {};
    for (float v : y[size_t(i)].data<float>()) {
      ASSERT_GE(v, 0);
      ASSERT_LT(v, 1);
      ++bins[int(v * 16)];
    }
    double chi = 0;
    for (int64_t n : bins)
      chi += (double(n) - count / 16) * (double(n) - count / 16) / (count / 16);
    EXPECT_LT(chi, 44.3) << "chi squared of 15 degrees, 1 in 10000";
  }
  EXPECT_FALSE(modrt::equal(y[0], y[1])) << "each draw of a method has its own stream";
  double together = 0;
  for (size_t i = 0; i < size_t(count); ++i)
    together += (y[0].data<float>()[i] - 0.5) * (y[1].data<float>()[i] - 0.5);
  EXPECT_NEAR(together / count, 0, 5 / 12.0 / std::sqrt(count)) << "and they are independent";
  auto [mean, variance] = moments(y[2]);
  EXPECT_NEAR(mean, 0, 5 / std::sqrt(count));
  EXPECT_NEAR(variance, 1, 5 * std::sqrt(2 / count));
  double dropped = 0, along = 0, last = 0;
  for (float v : y[3].data<float>()) {
    EXPECT_TRUE(v == 0 || std::abs(v - 1 / 0.7f) < 1e-6);
    double here = v == 0 ? 0.7 : -0.3;
    dropped += v == 0;
    along += here * last;
    last = here;
  }
  EXPECT_NEAR(dropped / count, 0.3, 5 * std::sqrt(0.21 / count));
  EXPECT_NEAR(along / count, 0, 5 * 0.21 / std::sqrt(count)) << "neighbours are independent";
}

TEST(Train, WritingCallsGoOneAtATimeReadersShare) {
  Module net = model(R"(
module Net():
    bn = nn.BatchNorm1d(4, momentum=None)
    buffer steps: i64[] = 0
    def forward(x: f32[N, 4]):
        if training:
            steps += 1
        return bn(x) + steps

export model = Net()
)");
  ASSERT_TRUE(net);
  Tensor x = modrt::randn({8, 4});
  constexpr int kThreads = 4, kCalls = 200;
  std::atomic<bool> stop{false};
  std::atomic<int> torn{0}, backwards{0};
  std::vector<std::thread> writers, readers;
  for (int i = 0; i < 2; ++i)
    readers.emplace_back([&] {
      int64_t last = 0;
      while (!stop) {
        modrt::StateDict s = net.state_dict();
        int64_t steps = s.at("steps").item<int64_t>();
        backwards += steps < last;
        last = steps;
        for (float v : s.at("bn.running_var").data<float>())
          torn += !(v > 0);
      }
    });
  for (int i = 0; i < kThreads; ++i)
    writers.emplace_back([&] {
      for (int k = 0; k < kCalls; ++k)
        net(x);
    });
  for (auto &t : writers)
    t.join();
  stop = true;
  for (auto &t : readers)
    t.join();
  EXPECT_EQ(net.get_buffer("steps").item<int64_t>(), kThreads * kCalls) << "no update is lost";
  EXPECT_EQ(net.get_buffer("bn.num_batches_tracked").item<int64_t>(), kThreads * kCalls);
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(backwards, 0);
}
} // namespace
