// Fused and composed calls: same bits, hooked or not; which one runs when; inputs that do not fit.
#include "support.h"
using namespace support;

namespace {
struct Call : testing::Test {
    Module net = handmade().create("net");
    Tensor x = input(5);
    HookHandle nothing(const char *path) {
        return net.get_submodule(path).register_forward_hook([](Module &, const Tensors &, const Tensor &) {});
    }
    // Composed and fused results for one mode, from the same random numbers and the same state.
    std::pair<Tensor, Tensor> both(int64_t steps) {
        StateDict before = net.state_dict();
        manual_seed(7);
        Tensor fused = net(x, steps);
        net.load_state_dict(before);
        HookHandle h = nothing("drop");
        manual_seed(7);
        Tensor composed = net(x, steps);
        h.remove();
        net.load_state_dict(before);
        return {fused, composed};
    }
};

TEST_F(Call, UnhookedRunsFused) {
    net.eval();
    forget_runs();
    EXPECT_EQ(net(x, 3).shape(), Shape({5, 4}));
    EXPECT_EQ(ran("Net.eval"), 1);
    EXPECT_EQ(ran("Linear_16_16"), 0);
}

TEST_F(Call, FusedAndComposedAgreeBitwise) {
    for (bool train : {false, true})
        for (int64_t steps : {0, 1, 4}) {
            net.train(train);
            forget_runs();
            auto [fused, composed] = both(steps);
            EXPECT_TRUE(same_bits(fused, composed)) << (train ? "train" : "eval") << " steps " << steps;
            EXPECT_EQ(ran(train ? "Net.train" : "Net.eval"), 1);
            EXPECT_EQ(ran("Linear_16_16"), steps);
            EXPECT_EQ(ran("offsets"), 1);
        }
}

TEST_F(Call, EveryHookPlaceGivesTheSameBits) {
    net.train();
    StateDict start = net.state_dict();
    manual_seed(3);
    Tensor want = net(x, 2);
    for (const char *path : {"", "layers", "layers.0", "layers.1", "drop", "norm", "head"}) {
        net.load_state_dict(start);
        HookHandle h = nothing(path);
        manual_seed(3);
        EXPECT_TRUE(same_bits(net(x, 2), want)) << path;
        h.remove();
    }
}

TEST_F(Call, DropoutDrawsDifferInEveryCallAndIteration) {
    net.train();
    Tensors masks;
    HookHandle h =
        net["drop"].register_forward_hook([&](Module &, const Tensors &, const Tensor &y) { masks.push_back(y); });
    manual_seed(1);
    net(x, 2);
    net(x, 2);
    ASSERT_EQ(masks.size(), 4u);
    for (size_t i = 0; i < 4; ++i)
        for (size_t k = i + 1; k < 4; ++k)
            EXPECT_FALSE(same_bits(masks[i], masks[k]));
    h.remove();
}

TEST_F(Call, MethodsAndEntriesShareTheTree) {
    net.eval();
    Module embed = net.entry("embed");
    forget_runs();
    Tensor h = embed(x);
    EXPECT_EQ(ran("Net.embed"), 1);
    EXPECT_EQ(h.shape(), Shape({5, 16}));
    EXPECT_EQ(embed.signature(), "Net.embed(x: f32[N, 8]) -> out: f32[N, 16]");
    EXPECT_FALSE(embed == net);
    auto hook = net["layers"][0].register_forward_hook(
        [](Module &, const Tensors &, const Tensor &y) { return zeros(y.shape()); });
    EXPECT_EQ(ran("Net.embed"), 0);
    EXPECT_TRUE(equal(embed(x), zeros({5, 16})));
    hook.remove();
    EXPECT_TRUE(same_bits(embed(x), h));
    Module layer = handmade().create("embed_layer");
    EXPECT_EQ(layer.path(), "");
    EXPECT_EQ(layer(x).shape(), Shape({5, 16}));
    EXPECT_NE(error<KeyError>([&] { net.entry("alt"); }).find("'alt'"), std::string::npos);
    EXPECT_TRUE(net.entry("embed_layer") == net["layers"][0]);
}

TEST_F(Call, ModeDifferencesBelow) {
    net.eval();
    forget_runs();
    net["layers"].train();
    net(x, 1);
    EXPECT_EQ(ran("Net.eval"), 1) << "nothing in layers depends on the mode";
    net["drop"].train();
    manual_seed(5);
    Tensor mixed = net(x, 1);
    EXPECT_EQ(ran("Net.eval"), 0);
    EXPECT_EQ(ran("Dropout.train"), 1);
    EXPECT_EQ(ran("Mean.eval"), 1);
    net.eval();
    EXPECT_FALSE(same_bits(net(x, 1), mixed));
    EXPECT_EQ(ran("Net.eval"), 1);
}

TEST_F(Call, CallIntoWritesTheCallersMemory) {
    net.eval();
    Tensor want = net(x, 2), y = zeros({5, 4});
    Tensor in[] = {x, Tensor(2)}, out[] = {y};
    net.call_into(in, out);
    EXPECT_TRUE(same_bits(y, want));
    auto h = nothing("head");
    y.zero_();
    net.call_into(in, out);
    EXPECT_TRUE(same_bits(y, want));
    h.remove();
    Tensor small = zeros({4, 4}), bad[] = {small};
    EXPECT_EQ(error<ShapeError>([&] { net.call_into(in, bad); }),
              "net (Net): output 'out' is f32[5, 4], the tensor given for it is f32[4, 4]");
    Tensor weight = net.get_parameter("head.weight"), parameter[] = {weight};
    error<ValueError>([&] { net.call_into(in, parameter); });
    Tensor buffer = zeros({60}), overlapping[] = {buffer.slice(0, {30, 50}).view({5, 4})},
           from[] = {buffer.slice(0, {0, 40}).view({5, 8}), Tensor(2)};
    error<ValueError>([&] { net.call_into(from, overlapping); });
}

TEST_F(Call, NamedCall) {
    net.eval();
    Named<Tensor> out = net.call({{"steps", Tensor(1)}, {"x", x}});
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].first, "out");
    EXPECT_TRUE(same_bits(out[0].second, net(x, 1)));
    EXPECT_EQ(
        error<KeyError>([&] { net.call({{"x", x}}); }),
        "net (Net): input 'steps' was not given; its signature is forward(x: f32[N, 8], steps: int) -> out: f32[N, 4]");
    error<KeyError>([&] { net.call({{"x", x}, {"steps", Tensor(1)}, {"y", x}}); });
}

TEST_F(Call, InputsThatDoNotFit) {
    net.eval();
    EXPECT_EQ(error<ShapeError>([&] { net(input(5, 7), 1); }),
              "net (Net): input 'x' has shape [5, 7], expected f32[N, 8]: dimension 1 must be 8, got 7");
    EXPECT_EQ(error<ShapeError>([&] { net(x.to(DType::f64), 1); }),
              "net (Net): input 'x' is f64[5, 8], expected f32[N, 8]; to(DType::f32) converts");
    EXPECT_EQ(error<ShapeError>([&] { net(x.select(0, 0), 1); }), "net (Net): input 'x' is f32[8], expected f32[N, 8]");
    EXPECT_EQ(error<TypeError>([&] { net(x); }), "net (Net): takes 2 inputs, 1 was given; its signature is "
                                                 "forward(x: f32[N, 8], steps: int) -> out: f32[N, 4]");
    EXPECT_EQ(error<ShapeError>([&] { net(x, -1); }),
              "net (Net): the inputs do not satisfy `steps >= 0`: got -1, expected 0 (net.mod:20)");
    EXPECT_EQ(error<ShapeError>([&] { net(empty({0, 8}), 1); }), "net (Net): N is 0, it must be from 1 to 4096");
    EXPECT_EQ(error<ValueError>([&] { net(Tensor(), 1); }), "net (Net): input 'x' is None, expected f32[N, 8]");
    EXPECT_EQ(error<ShapeError>([&] { net(x, 1.5); }),
              "net (Net): input 'steps' is f64[], expected int; give a number");
    EXPECT_EQ(error<UnsupportedError>([&] { net["layers"](x); }),
              "Module [ModuleList] is missing the required \"forward\" function");
    auto h = nothing("head");
    EXPECT_EQ(error<ShapeError>([&] { net(input(5, 7), 1); }),
              "layers.0 (Linear): input 'x' has shape [5, 7], expected f32[N, 8]: dimension 1 must be 8, got 7");
    h.remove();
    EXPECT_EQ(net(x, 1).shape(), Shape({5, 4})) << "usable after every failure";
    EXPECT_THROW(Module()(x), ValueError);
}

TEST_F(Call, InputsOfAnyStrides) {
    net.eval();
    Tensor want = net(x, 1);
    EXPECT_TRUE(same_bits(net(x.t().contiguous().t(), 1), want));
    Tensor wide = zeros({5, 16});
    wide.slice(1, {{}, {}, 2}).copy_(x);
    EXPECT_TRUE(same_bits(net(wide.slice(1, {{}, {}, 2}), 1), want));
    std::vector<char> bytes(5 * 8 * 4 + 1);
    std::memcpy(bytes.data() + 1, x.data_ptr(), 5 * 8 * 4);
    EXPECT_TRUE(same_bits(net(Tensor::from_blob(bytes.data() + 1, {5, 8}), 1), want)) << "misaligned memory is copied";
}

TEST(Scaled, FloatArgumentsSeveralOutputsAndViews) {
    Module m = handmade().create("scaled").eval();
    Tensor x = input(2, 3);
    Tensors out = m.call({x, Tensor(2.0f)});
    ASSERT_EQ(out.size(), 2u);
    for (size_t i = 0; i < 6; ++i)
        EXPECT_EQ(out[0].data<float>()[i], 2 * x.data<float>()[i]);
    EXPECT_EQ(out[1].data_ptr(), x.data_ptr()) << "an output that is its input copies nothing";
    Tensor a = empty({2, 3}), b = empty({2, 3}), in[] = {x, Tensor(3)}, into[] = {a, b};
    m.call_into(in, into);
    EXPECT_TRUE(same_bits(b, x));
    EXPECT_EQ(error<TypeError>([&] { m(x, 2.0); }),
              "scaled (Scaled): has 2 outputs, 1 was asked for; call() returns all of them");
    EXPECT_EQ(error<Error>([&] { m.call({x, Tensor(13)}); }), "scaled (Scaled): thirteen");
    EXPECT_EQ(error<IndexError>([&] { m.call({x, Tensor(14)}); }),
              "scaled (Scaled): index 99 is out of range for size 10 in layers.0 (net.mod:17)");
    m.train();
    EXPECT_EQ(error<UnsupportedError>([&] { m.call({x, Tensor(2)}); }),
              "scaled (Scaled) is in train mode, but was compiled for evaluation only: call eval() first, or compile "
              "with modc --roles eval,train");
}

TEST(Sequential, BuiltInProgram) {
    Module seq = handmade().create("seq"), lin = seq[0];
    Tensor x = input(3, 16);
    seq.eval();
    EXPECT_TRUE(same_bits(seq(x), lin(x)));
    seq.train();
    manual_seed(2);
    Tensor a = seq(x);
    manual_seed(2);
    EXPECT_TRUE(same_bits(seq(x), a));
    EXPECT_FALSE(same_bits(seq(x), a));
}

TEST(Roles, ModeFreeClassesNeedNoTrainCode) {
    Module head = handmade().create(
        "head5"); // in train mode, compiled for evaluation only, but nothing in it depends on the mode
    EXPECT_EQ(head(input(2, 16)).shape(), Shape({2, 5}));
}
} // namespace
