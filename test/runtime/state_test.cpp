// Weights: load_state_dict all or nothing, edits, declared models, buffers that calls write.
#include "core/storage.h"
#include "core/tensor_impl.h"
#include "support.h"
#include <thread>
using namespace support;

namespace {
struct State : testing::Test {
    Module net = handmade().create("net").eval();
    Tensor x = input(3), plain = net(x, 1);
    StateDict sd = net.state_dict();
    std::string fails(const StateDict &d, LoadOptions o = {}) {
        return error<StateDictError>([&] { net.load_state_dict(d, o); });
    }
};

TEST_F(State, OrderAndVersions) {
    EXPECT_EQ(sd.keys(),
              (std::vector<std::string>{"layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias",
                                        "norm.mean", "norm.count", "head.weight", "head.bias"}));
    EXPECT_EQ(sd.versions.at(""), 1);
    EXPECT_EQ(sd.versions.at("norm"), 2);
    EXPECT_EQ(net.state_dict("p.").keys()[0], "p.layers.0.weight");
    EXPECT_EQ(net.state_dict("p")["player.x"].is_same(Tensor()), true);
    EXPECT_TRUE(net.state_dict("", true).at("head.bias").is_same(net.get_parameter("head.bias")));
}

TEST_F(State, LoadsAndBindsAgain) {
    Module other = handmade().create("net").eval();
    EXPECT_FALSE(same_bits(other(x, 1), plain));
    other.load_state_dict(sd);
    EXPECT_TRUE(same_bits(other(x, 1), plain));
    Parameter w = other.get_parameter("head.weight");
    other.load_state_dict(handmade().create("net").state_dict());
    EXPECT_TRUE(w.is_same(other.get_parameter("head.weight"))) << "handles survive";
    EXPECT_FALSE(same_bits(other(x, 1), plain));
    EXPECT_TRUE(same_bits(net(x, 1), plain)) << "what was loaded from is not touched";
}

TEST_F(State, AllOrNothing) {
    StateDict bad = handmade().create("net").state_dict();
    bad["head.bias"] = zeros({3});
    bad.erase("layers.0.weight");
    bad["zz.q"] = zeros({1});
    bad["layers.7.weight"] = zeros({1});
    bad["offsets"] = zeros({4});
    EXPECT_EQ(
        fails(bad),
        "Error(s) in loading state_dict for Net:\n\tMissing key(s) in state_dict: \"layers.0.weight\". \n\tUnexpected "
        "key(s) in state_dict: \"zz.q\", \"offsets\", \"layers.7.weight\". \n\tsize mismatch for head.bias: copying a "
        "param with shape torch.Size([3]) from checkpoint, the shape in current model is torch.Size([4]).");
    EXPECT_TRUE(same_bits(net(x, 1), plain));
    EXPECT_EQ(fails(bad, {.strict = false}),
              "Error(s) in loading state_dict for Net:\n\tsize mismatch for head.bias: copying a param with "
              "shape torch.Size([3]) from checkpoint, the shape in current model is torch.Size([4]).");
    EXPECT_TRUE(same_bits(net(x, 1), plain));
    bad["head.bias"] = zeros({4});
    Incompatible r = net.load_state_dict(bad, {.strict = false});
    EXPECT_EQ(r.missing_keys, std::vector<std::string>{"layers.0.weight"});
    EXPECT_EQ(r.unexpected_keys.size(), 3u);
    StateDict none = sd;
    none["head.bias"] = Tensor();
    EXPECT_EQ(fails(none),
              "Error(s) in loading state_dict for Net:\n\tWhile copying the parameter named \"head.bias\", expected "
              "torch.Tensor or Tensor-like object from checkpoint but received NoneType");
    none["head.bias"] = zeros({4}, DType::c64);
    EXPECT_NE(fails(none).find("torch.complex64 cannot become torch.float32"), std::string::npos);
}

TEST_F(State, Conversion) {
    StateDict d = sd;
    d["head.weight"] = sd.at("head.weight").to(DType::f64);
    d["layers.0.bias"] = sd.at("layers.0.bias").to(DType::bf16);
    d["layers.1.weight"] = sd.at("layers.1.weight").t().contiguous().t();
    d["norm.count"] = tensor({5.0f}); // [1] of f32 into [] of i64
    net.load_state_dict(d);
    EXPECT_EQ(net.get_buffer("norm.count").item<int64_t>(), 5);
    EXPECT_EQ(net.get_buffer("norm.count").shape(), Shape());
    EXPECT_EQ(net.get_parameter("head.weight").dtype(), DType::f32);
    EXPECT_TRUE(same_bits(net.get_parameter("head.weight"), sd.at("head.weight")));
    EXPECT_TRUE(same_bits(net.get_parameter("layers.1.weight"), sd.at("layers.1.weight")));
    EXPECT_TRUE(same_bits(net.get_parameter("layers.0.bias"), sd.at("layers.0.bias").to(DType::bf16).to(DType::f32)));
}

TEST_F(State, OlderCheckpointsMayLackNewBuffers) {
    net.get_buffer("norm.count").edit<int64_t>()[0] = 4;
    StateDict old = sd;
    old.erase("norm.count");
    EXPECT_EQ(fails(old), "Error(s) in loading state_dict for Net:\n\tMissing key(s) in state_dict: \"norm.count\". ")
        << "same version";
    old.versions["norm"] = 1;
    net.load_state_dict(old);
    EXPECT_EQ(net.get_buffer("norm.count").item<int64_t>(), 4);
    old.versions.clear();
    net.load_state_dict(old);
    Module declared = handmade().declare("net");
    declared.load_state_dict(old);
    EXPECT_EQ(declared.get_buffer("norm.count").item<int64_t>(), 0);
}

TEST_F(State, Edits) {
    {
        auto e = net.get_parameter("head.bias").edit<float>();
        e[0] = 50;
        EXPECT_EQ(net.get_parameter("head.bias").data<float>()[0], 0.25f) << "published at the end";
        EXPECT_TRUE(same_bits(net(x, 1), plain));
    }
    EXPECT_GT(net(x, 1).data<float>()[0], 40);
    EXPECT_EQ(sd.at("head.bias").data<float>()[0], 0.25f) << "a state dict keeps the values of its moment";
    net.get_parameter("layers.0.weight").edit<float>().span()[0] += 1; // a packed weight
    Tensor fused = net(x, 1);
    auto h = net["drop"].register_forward_hook([](Module &, const Tensors &, const Tensor &) {});
    EXPECT_TRUE(same_bits(net(x, 1), fused));
    EXPECT_THROW(net.get_parameter("head.bias").edit<double>(), TypeError);
    EXPECT_THROW(net.get_parameter("head.bias").mutable_data<float>(), TypeError);
    EXPECT_THROW(net.get_parameter("head.bias").zero_(), TypeError);
}

TEST_F(State, PackedWeightsAreSharedAndDerivedOnce) {
    Module m = handmade().create("net").eval();
    int before = g_packed;
    auto packed = [&] { return g_packed - std::exchange(before, g_packed); };
    m(x, 1);
    EXPECT_EQ(packed(), 3);
    m(x, 1);
    m["head"](input(2, 16));
    m.entry("embed")(x);
    m.train()(x, 1);
    m.eval();
    auto h = m["drop"].register_forward_hook([](Module &, const Tensors &, const Tensor &) {});
    m(x, 1);
    h.remove();
    EXPECT_EQ(packed(), 0) << "root, leaves, methods and both modes share the blocks";
    m.get_parameter("head.weight").edit<float>()[0] = 1;
    EXPECT_EQ(packed(), 0) << "at the next call";
    m(x, 1);
    m["head"](input(2, 16));
    EXPECT_EQ(packed(), 1) << "what changed, once";
    m.get_parameter("head.bias").edit<float>()[0] = 1;
    m(x, 1);
    EXPECT_EQ(packed(), 0) << "a bias is read as it is";
    m.load_state_dict(sd);
    EXPECT_EQ(packed(), 3) << "loading derives before it publishes";
    EXPECT_TRUE(same_bits(m(x, 1), plain));
    EXPECT_EQ(packed(), 0);
    StateDict bad = sd;
    bad["head.bias"] = zeros({9});
    fails(bad);
    EXPECT_EQ(packed(), 0);
}

TEST_F(State, DeclaredModels) {
    Module m = handmade().declare("net").eval();
    EXPECT_EQ(m.get_parameter("head.weight").shape(), Shape({4, 16}));
    EXPECT_FALSE(m.get_parameter("head.weight").has_data());
    EXPECT_TRUE(m.get_buffer("offsets").has_data()) << "no checkpoint holds it";
    EXPECT_EQ(error<ValueError>([&] { m(x, 1); }),
              "layers.0.bias (f32[16]) has no value: load_state_dict() gives it one");
    EXPECT_THROW(m.prepare(), ValueError);
    EXPECT_THROW(m.get_parameter("head.weight").data<float>(), ValueError);
    StateDict half = sd;
    half.erase("head.bias");
    m.load_state_dict(half, {.strict = false});
    EXPECT_EQ(error<ValueError>([&] { m(x, 1); }), "head.bias (f32[4]) has no value: load_state_dict() gives it one");
    m.load_state_dict(sd);
    m.prepare();
    EXPECT_TRUE(same_bits(m(x, 1), plain));
}

TEST_F(State, ImmutableMemoryIsAdoptedOtherMemoryIsCopied) {
    Tensor w = sd.at("head.weight").clone();
    auto raw = w.mutable_data<float>();
    int freed = 0;
    using namespace modrt::detail;
    {
        StateDict d = sd;
        d["head.weight"] = make_view(
            Storage::foreign(raw.data(), w.nbytes(), [&] { ++freed; }, Access::immutable), 0, w.shape(), DType::f32);
        EXPECT_THROW(d["head.weight"].mutable_data<float>(), TypeError);
        net.load_state_dict(d);
    }
    EXPECT_EQ(net.get_parameter("head.weight").data_ptr(), raw.data());
    EXPECT_TRUE(same_bits(net(x, 1), plain));
    EXPECT_EQ(freed, 0);
    net.load_state_dict(sd);
    net(x, 1);
    EXPECT_NE(net.get_parameter("head.weight").data_ptr(), raw.data());
    EXPECT_EQ(freed, 1) << "the last reader is gone";
}

TEST_F(State, CallsPublishBuffersOnceTheySucceed) {
    net.train();
    manual_seed(4);
    net(x, 1);
    EXPECT_EQ(net.get_buffer("norm.count").item<int64_t>(), 1);
    Tensor mean = net.get_buffer("norm.mean").clone();
    EXPECT_FALSE(equal(mean, zeros({16})));
    auto h = net["head"].register_forward_hook([&](Module &, const Tensors &, const Tensor &) {
        EXPECT_EQ(net.get_buffer("norm.count").item<int64_t>(), 1) << "not yet";
        throw std::runtime_error("no");
    });
    error<std::runtime_error>([&] { net(x, 1); });
    EXPECT_EQ(net.get_buffer("norm.count").item<int64_t>(), 1) << "a failed call leaves buffers alone";
    EXPECT_TRUE(same_bits(net.get_buffer("norm.mean"), mean));
    h.remove();
    net(x, 1);
    EXPECT_EQ(net.get_buffer("norm.count").item<int64_t>(), 2);
    net.eval();
    Tensor a = net(x, 1);
    EXPECT_FALSE(same_bits(a, plain)) << "evaluation reads the new mean";
    net.train()(x, 1);
    net.eval();
    EXPECT_FALSE(same_bits(net(x, 1), a)) << "and the newer one";
}

TEST(Overlay, TheSecondUseSeesTheFirstUpdate) {
    Module twice = handmade().create("twice");
    Tensor x = full({2, 16}, 8), between;
    twice["m"].register_forward_hook(
        [&](Module &, const Tensors &, const Tensor &y) { between = between ? between : y; });
    Tensor y = twice(x); // mean 4: 8 - 4 = 4; then mean 0.5 * 4 + 0.5 * 4 = 4: 4 - 4 = 0
    EXPECT_TRUE(equal(between, full({2, 16}, 4)));
    EXPECT_TRUE(equal(y, zeros({2, 16})));
    EXPECT_EQ(twice["m"].buffer("count").item<int64_t>(), 2);
    EXPECT_EQ(twice["m"].buffer("mean").data<float>()[0], 4);
}

TEST(Overlay, ReadersInTheSameCallSeeUpdates) {
    Module twice = handmade().create("twice"), m = twice["m"];
    Tensor x = full({2, 16}, 8);
    bool inside = false;
    m.register_forward_hook([&](Module &self, const Tensors &, const Tensor &) {
        if (inside)
            return;
        inside = true;
        self.eval();
        EXPECT_TRUE(equal(self(x), full({2, 16}, 4)))
            << "an evaluation within the call reads the mean that it has just written";
        self.train();
    });
    twice(x);
}

TEST(StateDicts, Renamed) {
    StateDict d;
    d["module.a"] = Tensor(1);
    d["module.b"] = Tensor(2);
    d["skip"] = Tensor(3);
    d.aliases["module.b"] = "module.a";
    StateDict r =
        d.renamed([](std::string_view n) { return n.starts_with("module.") ? std::string(n.substr(7)) : ""; });
    EXPECT_EQ(r.keys(), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(r.aliases.at("b"), "a");
    EXPECT_THROW(d.renamed([](std::string_view) { return "x"; }), KeyError);
    EXPECT_THROW(d.at("nope"), KeyError);
    EXPECT_TRUE(d.erase("module.a"));
    EXPECT_FALSE(d.erase("module.a"));
    EXPECT_EQ(d.at("skip").item<int64_t>(), 3);
    EXPECT_EQ(d.size(), 2u);
}

// The handmade artifact with functions that write their state in place.
Artifact in_place() {
    static const Artifact a = [] {
        static modc_artifact t = *modc_artifact_v1();
        static std::vector<modc_fn> fns(t.fns, t.fns + t.n_fns);
        static std::vector<modc_class> classes(t.classes, t.classes + t.n_classes);
        for (auto &f : fns)
            f.flags |= f.n_writes ? MODC_FN_STATE_IN_PLACE : 0;
        for (auto &c : classes)
            c.flags |= MODC_C_STATE_IN_PLACE;
        t.fns = fns.data();
        t.classes = classes.data();
        return link(&t);
    }();
    return a;
}

TEST(StateInPlace, WritesTheMemoryItselfWhereNobodyElseHasIt) {
    Module net = in_place().create("net"), copying = handmade().create("net");
    copying.load_state_dict(net.state_dict().clone());
    Tensor x = input(3);
    Buffer mean = net.get_buffer("norm.mean");
    auto both = [&] { // of one seed: they draw
        manual_seed(9);
        net(x, 1);
        manual_seed(9);
        copying(x, 1);
    };
    both();
    const void *at = mean.data_ptr();
    both();
    EXPECT_EQ(mean.data_ptr(), at);
    EXPECT_TRUE(same_bits(mean, copying.get_buffer("norm.mean")));

    StateDict kept = net.state_dict();
    StateDict values = kept.clone();
    both();
    EXPECT_TRUE(same_bits(kept.at("norm.mean"), values.at("norm.mean"))) << "a state dict keeps its values";
    EXPECT_NE(mean.data_ptr(), at);
    EXPECT_TRUE(same_bits(mean, copying.get_buffer("norm.mean")));

    net.eval();
    Tensor before = net(x, 1); // reads it by its binding
    net.train();
    both();
    EXPECT_TRUE(same_bits(mean, copying.get_buffer("norm.mean")));
    copying.eval();
    EXPECT_TRUE(same_bits(net.eval()(x, 1), copying(x, 1)));
    EXPECT_FALSE(same_bits(net(x, 1), before));
}

TEST(StateInPlace, AFailingCallLetsGo) {
    Module net = in_place().create("net");
    Tensor x = input(3);
    net(x, 1);
    auto h = net["norm"].register_forward_hook(
        [](Module &, const Tensors &, const Tensor &) { throw ValueError("after the update"); });
    EXPECT_EQ(error<ValueError>([&] { net(x, 1); }), "after the update");
    h.remove();
    std::thread([&] {
        EXPECT_EQ(net.get_buffer("norm.count").item<int64_t>(), 2) << "kept, and readable elsewhere";
    }).join();
    net(x, 1);
    EXPECT_EQ(net.get_buffer("norm.count").item<int64_t>(), 3);
}

TEST(StateInPlace, WritersAndReadersOfAllKinds) {
    Module net = in_place().create("net");
    Tensor x = input(4);
    constexpr int kCalls = 300;
    std::atomic<bool> stop{false};
    std::atomic<int> torn{0};
    std::vector<std::thread> threads, readers;
    readers.emplace_back([&] {
        while (!stop) {
            StateDict s = net.state_dict();
            StateDict values = s.clone();
            std::this_thread::yield();
            torn += !same_bits(s.at("norm.mean"), values.at("norm.mean"));
        }
    });
    readers.emplace_back([&] {
        Buffer count = net.get_buffer("norm.count");
        for (int64_t last = 0; !stop;) {
            int64_t now = count.clone().item<int64_t>();
            torn += now < last;
            last = now;
        }
    });
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            for (int k = 0; k < kCalls; ++k)
                net(x, 1);
        });
    for (auto &t : threads)
        t.join();
    stop = true;
    for (auto &t : readers)
        t.join();
    EXPECT_EQ(net.get_buffer("norm.count").item<int64_t>(), 3 * kCalls);
    EXPECT_EQ(torn, 0);
}
} // namespace
