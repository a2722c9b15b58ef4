// Forward hooks: values replaced, order, exceptions, changes made from inside hooks.
#include "modrt/hooks.h"
#include "support.h"
#include <thread>
using namespace support;

namespace {
struct Hooks : testing::Test {
    Module net = handmade().create("net").eval();
    Tensor x = input(5), plain = net(x, 2);
    std::vector<std::string> log;
};

TEST_F(Hooks, PreHookReplacesInputs) {
    Tensor other = input(5, 8, 0.5f);
    Tensor want = net(other, 2);
    auto h = net["layers"][0].register_forward_pre_hook([&](Module &m, const Tensors &in) {
        EXPECT_EQ(m.path(), "layers.0");
        EXPECT_EQ(in.size(), 1u);
        return other;
    });
    EXPECT_TRUE(same_bits(net(x, 2), want));
    h.remove();
    EXPECT_TRUE(same_bits(net(x, 2), plain));
}

TEST_F(Hooks, ForwardHookReplacesOutput) {
    Tensor seen;
    auto keep = net["norm"].register_forward_hook([&](Module &, const Tensors &, const Tensor &y) { seen = y; });
    net(x, 2);
    keep.remove();
    Tensor want = net["head"](zeros({5, 16}));
    auto h = net["norm"].register_forward_hook(
        [](Module &, const Tensors &, const Tensors &out) { return zeros(out[0].shape()); });
    net(x, 2);
    auto check = net["head"].register_forward_hook([&](Module &, const Tensors &in, const Tensor &y) {
        EXPECT_TRUE(equal(in[0], zeros({5, 16})));
        EXPECT_TRUE(same_bits(y, want));
    });
    Tensor y = net(x, 2);
    EXPECT_FALSE(same_bits(y, plain));
    EXPECT_EQ(seen.shape(), Shape({5, 16})) << "a kept output stays readable";
}

TEST_F(Hooks, RootHooksWrapTheFusedBody) {
    forget_runs();
    auto h = net.register_forward_hook([](Module &, const Tensors &in, const Tensor &y) {
        EXPECT_EQ(in[1].item<int64_t>(), 2);
        return full(y.shape(), 9);
    });
    EXPECT_TRUE(equal(net(x, 2), full({5, 4}, 9)));
    EXPECT_EQ(ran("Net.eval"), 1);
    EXPECT_EQ(ran("relu"), 0);
}

TEST_F(Hooks, Order) {
    auto say = [&](std::string s) { return [this, s](Module &, const Tensors &) { log.push_back(s); }; };
    auto say_out = [&](std::string s) {
        return [this, s](Module &, const Tensors &, const Tensor &) { log.push_back(s); };
    };
    Module head = net["head"];
    head.register_forward_pre_hook(say("pre 1"));
    head.register_forward_pre_hook(say("pre 2"));
    head.register_forward_pre_hook(say("pre 0"), {.prepend = true});
    head.register_forward_hook(say_out("fwd 1"));
    head.register_forward_hook(say_out("fwd 0"), {.prepend = true});
    auto a = register_module_forward_pre_hook([&](Module &m, const Tensors &) {
        if (m.is("Linear") && m.path() == "head")
            log.push_back("global pre");
        return Tensors{};
    });
    auto b = register_module_forward_hook([&](Module &m, const Tensors &, const Tensors &) {
        if (m.path() == "head")
            log.push_back("global fwd");
        return Tensors{};
    });
    net(x, 0);
    a.remove();
    b.remove();
    EXPECT_EQ(log, (std::vector<std::string>{"global pre", "pre 0", "pre 1", "pre 2", "global fwd", "fwd 0", "fwd 1"}));
    log.clear();
    net(x, 0);
    EXPECT_EQ(log.size(), 5u);
}

TEST_F(Hooks, GlobalHookSeesEveryModuleAndLeavesNoTrace) {
    std::vector<std::string> paths;
    Tensor once = net(x, 1);
    auto h = register_module_forward_hook([&](Module &m, const Tensors &, const Tensors &) {
        paths.push_back(m.path());
        return Tensors{};
    });
    EXPECT_TRUE(same_bits(net(x, 1), once));
    h.remove();
    EXPECT_EQ(paths, (std::vector<std::string>{"layers.0", "layers.1", "drop", "norm", "head", ""}));
    forget_runs();
    net(x, 1);
    EXPECT_EQ(ran("Net.eval"), 1);
}

TEST_F(Hooks, ThrowingHooksAndAlwaysCall) {
    auto bad = net["norm"].register_forward_pre_hook(
        [](Module &, const Tensors &) { throw std::runtime_error("from the hook"); });
    bool own = false, above = false, never = false;
    net["norm"].register_forward_hook(
        [&](Module &, const Tensors &in, const Tensor &y) {
            own = true;
            EXPECT_EQ(in.size(), 1u);
            EXPECT_FALSE(y) << "there is no result yet";
            throw std::runtime_error("second");
        },
        {.always_call = true});
    net["norm"].register_forward_hook([&](Module &, const Tensors &, const Tensor &) { never = true; });
    net.register_forward_hook([&](Module &, const Tensors &, const Tensor &) { above = true; }, {.always_call = true});
    testing::internal::CaptureStderr();
    EXPECT_EQ(error<std::runtime_error>([&] { net(x, 2); }), "from the hook");
    EXPECT_NE(testing::internal::GetCapturedStderr().find("second"), std::string::npos);
    EXPECT_TRUE(own && above && !never);
    bad.remove();
}

TEST_F(Hooks, AlwaysCallRunsOnceAndKeepsTheResult) {
    int n = 0;
    Tensor seen;
    net["head"].register_forward_hook([&](Module &, const Tensors &, const Tensor &y) { ++n, seen = y; },
                                      {.always_call = true});
    auto late = net["head"].register_forward_hook(
        [](Module &, const Tensors &, const Tensor &) { throw std::runtime_error("late"); });
    error<std::runtime_error>([&] { net(x, 2); });
    EXPECT_EQ(n, 1) << "it had run before the other one threw";
    late.remove();
    EXPECT_TRUE(same_bits(net(x, 2), plain));
    EXPECT_EQ(n, 2);
}

TEST_F(Hooks, ReplacedValuesAreChecked) {
    auto h =
        net["head"].register_forward_pre_hook([](Module &, const Tensors &) { return zeros({5, 16}, DType::f64); });
    EXPECT_EQ(
        error<ShapeError>([&] { net(x, 1); }),
        "head (Linear): the forward pre-hook's input 'x' is f64[5, 16], expected f32[N, 16]; to(DType::f32) converts");
    h.remove();
    h = net["head"].register_forward_pre_hook([](Module &, const Tensors &) { return zeros({5, 15}); });
    EXPECT_EQ(error<ShapeError>([&] { net(x, 1); }), "head (Linear): input 'x' has shape [5, 15], expected f32[N, 16]: "
                                                     "dimension 1 must be 16, got 15 (a forward pre-hook of head "
                                                     "(Linear) replaced the inputs)");
    h.remove();
    h = net["head"].register_forward_hook(
        [](Module &, const Tensors &, const Tensors &) { return Tensors{zeros({1}), zeros({1})}; });
    EXPECT_NE(error<TypeError>([&] { net(x, 1); }).find("returned 2 values, expected 1"), std::string::npos);
    h.remove();
    h = net["norm"].register_forward_hook([](Module &, const Tensors &, const Tensor &) { return zeros({5, 3}); });
    EXPECT_EQ(error<ShapeError>([&] { net(x, 1); }),
              "head (Linear): input 'x' has shape [5, 3], expected f32[N, 16]: dimension 1 must be 16, got 3");
    h.remove();
    EXPECT_TRUE(same_bits(net(x, 2), plain));
}

TEST_F(Hooks, ChangesMadeInsideHooks) {
    int added = 0, removed = 0;
    HookHandle self, inner;
    self = net["head"].register_forward_hook([&](Module &m, const Tensors &, const Tensor &) {
        ++removed;
        self.remove();
        self.remove();
        inner = m.register_forward_hook([&](Module &, const Tensors &, const Tensor &) { ++added; });
    });
    net(x, 1);
    EXPECT_EQ(removed, 1);
    EXPECT_EQ(added, 0) << "a list that is being run does not change under the call";
    net(x, 1);
    EXPECT_EQ(removed, 1);
    EXPECT_EQ(added, 1);
    inner.remove_and_wait();
    net(x, 1);
    EXPECT_EQ(added, 1);
}

TEST_F(Hooks, AHookMayCallTheModelAndLoadWeights) {
    StateDict sd = net.state_dict().clone();
    Module other = handmade().create("net").eval();
    int depth = 0;
    auto h = net["layers"][0].register_forward_hook([&](Module &, const Tensors &, const Tensor &) {
        if (depth++ == 0) {
            net(x, 0);
            net.load_state_dict(other.state_dict()); // this call still sees the weights that it began with
        }
    });
    EXPECT_TRUE(same_bits(net(x, 2), plain));
    EXPECT_EQ(depth, 2);
    h.remove();
    EXPECT_TRUE(same_bits(net(x, 2), other(x, 2)));
}

TEST_F(Hooks, EndlessRecursionIsAnError) {
    auto h = net["head"].register_forward_hook([&](Module &, const Tensors &, const Tensor &) { net(x, 0); });
    EXPECT_NE(error<Error>([&] { net(x, 0); }).find("nested more than"), std::string::npos);
    h.remove();
    EXPECT_TRUE(same_bits(net(x, 2), plain));
}

TEST_F(Hooks, HandlesOutliveTheModule) {
    HookHandle h;
    std::weak_ptr<int> captured;
    {
        Module m = handmade().create("net");
        auto value = std::make_shared<int>(1);
        captured = value;
        h = m.register_forward_hook([value](Module &, const Tensors &, const Tensor &) {});
        EXPECT_GT(h.id(), 0);
    }
    h.remove();
    h.remove_and_wait();
    h = HookHandle();
    EXPECT_TRUE(captured.expired());
    EXPECT_THROW(net.register_forward_pre_hook([](Module &, const Tensors &) {}, {.always_call = true}), ValueError);
}

TEST_F(Hooks, RemoveAndWaitWaitsForOtherThreads) {
    std::atomic<bool> inside{false}, leave{false}, alive{true};
    std::atomic<int> bad{0};
    auto h = net["head"].register_forward_hook([&](Module &, const Tensors &, const Tensor &) {
        inside = true;
        while (!leave)
            std::this_thread::yield();
        bad += !alive;
    });
    std::thread caller([&] { net(x, 0); });
    while (!inside)
        std::this_thread::yield();
    std::thread remover([&] {
        h.remove_and_wait();
        alive = false;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_TRUE(alive);
    leave = true;
    caller.join();
    remover.join();
    EXPECT_EQ(bad, 0);
}
} // namespace
