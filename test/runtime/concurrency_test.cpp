// Many threads call one model while others load weights, edit, hook, unhook, replace modules and change modes. Every
// weight is v or every weight is w: a result must come from one of them alone, fused or composed.
#include "call/epoch.h"
#include "support.h"
#include <chrono>
#include <set>
#include <thread>
using namespace support;

namespace {
// All weights v > 0, x = 1: layers.0 gives 8v + v, each step 16hv + v, norm subtracts 0, head 16hv + v.
double expected(double v, int steps) {
    double h = 9 * v;
    for (int i = 0; i < steps; ++i)
        h = 16 * h * v + v;
    return 16 * h * v + v;
}
StateDict filled(const Module &net, double v) {
    StateDict sd;
    for (auto &[name, t] : net.state_dict())
        sd[name] = name.starts_with("norm") ? zeros(t.shape(), t.dtype()) : full(t.shape(), v, t.dtype());
    sd.versions = net.state_dict().versions;
    return sd;
}

TEST(Concurrency, EveryCallSeesTheWeightsOfOneMoment) {
    Module net = handmade().create("net").eval();
    std::vector<StateDict> weights;
    for (int v = 1; v <= 4; ++v)
        weights.push_back(filled(net, v * 0.25));
    net.load_state_dict(weights[0]);
    std::atomic<bool> stop{false};
    std::atomic<long> calls{0}, wrong{0};
    std::vector<std::thread> threads;
    for (int k = 0; k < 4; ++k)
        threads.emplace_back([&, k] {
            Tensor x = ones({2, 8}), y = empty({2, 4}), in[] = {x, Tensor(2)}, out[] = {y};
            while (!stop) {
                Tensor r = y;
                if (k & 1)
                    net.call_into(in, out);
                else
                    r = net(x, 2);
                bool good = false;
                for (int v = 1; v <= 4; ++v) {
                    bool all = true;
                    for (size_t i = 0; i < 8; ++i) {
                        double want = expected(v * 0.25, 2) + double(i % 4);
                        all &= std::abs(r.data<float>()[i] - want) < 1e-4 * want;
                    }
                    good |= all;
                }
                wrong += !good;
                ++calls;
            }
        });
    Module drop = net["drop"], identity = handmade().create("alt").eval();
    Module spare = handmade().create("net")["head"].eval();
    auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1500);
    int rounds = 0;
    for (; std::chrono::steady_clock::now() < end; ++rounds) {
        int i = rounds;
        net.load_state_dict(weights[size_t(i % 4)]);
        HookHandle h = net["layers"][1].register_forward_hook(
            [net, &weights, i](Module &, const Tensors &, const Tensor &) mutable {
                if (i % 8 == 0)
                    net.load_state_dict(weights[size_t(i % 3)]); // by reference: see remove_and_wait below
            });
        net.set_submodule("drop", i & 1 ? identity : drop);
        net["layers"].train(i & 2);
        for (auto &p : net.named_parameters())
            if (p.second.shape().size() != (p.first.ends_with("bias") ? 1u : 2u))
                ++wrong;
        if (i % 16 == 5) {
            HookHandle g = register_module_forward_pre_hook([](Module &, const Tensors &) { return Tensors{}; });
            std::this_thread::yield();
            g.remove();
        }
        if (i % 32 == 7)
            trim();
        std::this_thread::yield();
        h.remove_and_wait();
    }
    stop = true;
    for (auto &t : threads)
        t.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(calls, 100);
    EXPECT_GT(rounds, 10);
    trim();
    EXPECT_EQ(modrt::detail::world().retired.size(), 0u) << "old versions are freed";
    EXPECT_EQ(modrt::detail::world().with_history.size(), 0u);
}

// A call goes on with the weights that it began with, even where its first look at them comes after another thread has
// bound newer ones.
TEST(Concurrency, AFirstBindingServesNoOlderCall) {
    Module net = handmade().create("net").eval(), other = handmade().create("net").eval();
    Tensor x = input(3), want = net(x, 1), seen;
    net.load_state_dict(net.state_dict().clone());
    StateDict next = other.state_dict();
    bool once = false;
    auto h = net["layers"][0].register_forward_hook([&](Module &, const Tensors &, const Tensor &) {
        if (std::exchange(once, true))
            return;
        net.load_state_dict(next);
        std::thread([&] { seen = net["head"](input(3, 16)); }).join(); // head is bound here for the first time
        net.get_parameter("head.weight").edit<float>()[0] = 100;
        net["norm"](input(3, 16));
    });
    EXPECT_TRUE(same_bits(net(x, 1), want));
    EXPECT_TRUE(same_bits(seen, other["head"](input(3, 16))));
    // layers.1 was bound by the older call alone: newer ones must not find that.
    EXPECT_TRUE(same_bits(net["layers"][1](input(3, 16)), other["layers"][1](input(3, 16))));
    h.remove();
    net.load_state_dict(next);
    EXPECT_TRUE(same_bits(net(x, 1), other(x, 1)));
}

TEST(Concurrency, CallsThatWriteBuffersLoseNoUpdate) {
    Module net = handmade().create("net");
    std::atomic<long> done{0};
    std::vector<std::thread> threads;
    for (int k = 0; k < 4; ++k)
        threads.emplace_back([&, k] {
            Tensor x = input(3);
            HookHandle h;
            for (int i = 0; i < 60; ++i) {
                if (k == 0 && i % 10 == 0)
                    h = net["drop"].register_forward_hook([](Module &, const Tensors &, const Tensor &) {});
                net(x, 1);
                ++done;
                if (k == 0 && i % 10 == 5)
                    h.remove();
            }
        });
    for (auto &t : threads)
        t.join();
    EXPECT_EQ(net.get_buffer("norm.count").item<int64_t>(), done);
}

TEST(Concurrency, FirstCallsFromManyThreads) {
    for (int round = 0; round < 20; ++round) {
        Module net = handmade().create("net").eval();
        std::atomic<int> ready{0};
        Tensors results(4);
        std::vector<std::thread> threads;
        for (size_t k = 0; k < 4; ++k)
            threads.emplace_back([&, k] {
                ++ready;
                while (ready < 4)
                    std::this_thread::yield();
                results[k] = net(input(3), 1);
            });
        for (auto &t : threads)
            t.join();
        for (auto &r : results)
            EXPECT_TRUE(same_bits(r, results[0]));
    }
}

TEST(Concurrency, TreesComeAndGo) {
    std::vector<std::thread> threads;
    std::atomic<int> bad{0};
    Module shared = handmade().create("lin16").eval();
    for (int k = 0; k < 4; ++k)
        threads.emplace_back([&] {
            for (int i = 0; i < 40; ++i) {
                Module net = handmade().create("net").eval();
                net.set_submodule("layers.1", shared); // one module in many trees
                HookHandle h = shared.register_forward_hook([](Module &, const Tensors &, const Tensor &) {});
                bad += net(input(2), 1).shape() != Shape({2, 4});
                bad += shared.path() == "nowhere";
                Module part = net["norm"];
                net = Module();
                bad += part(input(2, 16)).shape() != Shape({2, 16});
                h.remove();
            }
        });
    for (auto &t : threads)
        t.join();
    EXPECT_EQ(bad, 0);
    EXPECT_EQ(shared.path(), "");
}
} // namespace
