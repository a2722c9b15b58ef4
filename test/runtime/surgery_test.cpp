// Replaced children, names, ties and shared modules.
#include "support.h"
using namespace support;

namespace {
struct Surgery : testing::Test {
    Module net = handmade().create("net").eval();
    Tensor x = input(3), plain = net(x, 1);
};
std::vector<std::string> names(const auto &named) {
    std::vector<std::string> out;
    for (auto &[n, v] : named)
        out.push_back(n);
    return out;
}
using Names = std::vector<std::string>;

TEST_F(Surgery, ReplacedChildAndItsReturn) {
    Module old = net["norm"], identity = handmade().create("alt").eval();
    net["norm"].get_buffer("mean").edit<float>()[0] = 1;
    Tensor shifted = net(x, 1);
    net.set_submodule("norm", identity);
    forget_runs();
    EXPECT_TRUE(same_bits(net(x, 1), plain)) << "Identity in place of Mean: nothing subtracted";
    EXPECT_EQ(ran("Net.eval"), 0);
    EXPECT_EQ(ran("Linear_16_4"), 1);
    EXPECT_EQ(net["norm"].path(), "norm");
    EXPECT_EQ(old.path(), "");
    net.set_submodule("norm", old);
    EXPECT_TRUE(same_bits(net(x, 1), shifted));
    EXPECT_EQ(ran("Net.eval"), 1) << "equal content: fused again";
    Module fresh = handmade().create("net")["norm"];
    net.set_submodule("norm", fresh.eval());
    EXPECT_TRUE(same_bits(net(x, 1), plain)) << "another module of the same class: fused, with its own buffers";
    EXPECT_EQ(ran("Net.eval"), 1);
    EXPECT_EQ(ran("Mean.eval"), 0);
}

TEST_F(Surgery, InsideAList) {
    Module lin = handmade().create("lin16").eval();
    Tensor middle = net.entry("embed")(x);
    Tensor want;
    net.set_submodule("layers.1", lin);
    forget_runs();
    want = net(x, 1);
    EXPECT_EQ(ran("Net.eval"), 1) << "same class, other weights";
    net.set_submodule("layers.1", handmade().create("alt").eval());
    EXPECT_TRUE(same_bits(net(x, 5), net(x, 0))) << "relu of relu";
    EXPECT_EQ(ran("Net.eval"), 0);
    net.set_submodule("layers.1", lin);
    EXPECT_TRUE(same_bits(net(x, 1), want));
    EXPECT_EQ(middle.shape(), Shape({3, 16}));
}

TEST_F(Surgery, SizesFlowAndAreCheckedWhereTheyMeet) {
    Module head5 = handmade().create("head5").eval();
    net.set_submodule("head", head5);
    EXPECT_EQ(error<ShapeError>([&] { net(x, 1); }),
              "net (Net): input 'x' has shape [3, 5], expected f32[N, 4]: dimension 1 must be 4, got 5");
    EXPECT_EQ(head5(input(3, 16)).shape(), Shape({3, 5}));
    // The packed weight of the replaced head has another size: loading must not pack it for the fused body.
    StateDict sd = net.state_dict();
    EXPECT_EQ(sd.at("head.weight").shape(), Shape({5, 16}));
    net.load_state_dict(sd.clone());
}

TEST_F(Surgery, RefusedReplacements) {
    Module seq = handmade().create("seq"), other = handmade().create("net");
    EXPECT_EQ(error<KeyError>([&] { net.set_submodule("nope", seq); }), "Net has no attribute `nope`");
    EXPECT_EQ(error<KeyError>([&] { net.set_submodule("offsets", seq); }), "`offsets` is not an nn.Module");
    EXPECT_EQ(error<ValueError>([&] { net.set_submodule("", seq); }),
              "Cannot set the submodule without a target name!");
    error<ValueError>([&] { net.set_submodule("head", Module()); });
    EXPECT_EQ(
        error<StructureError>([&] { net.set_submodule("head", other); }),
        "set_submodule: net (Net) calls 'head' as Linear(x: f32[N, 16]) -> out: f32[N, 4], but the new module is "
        "Net(x: f32[N, 8], steps: int) -> out: f32[N, 4]; inputs and outputs must agree in number, dtype and rank");
    EXPECT_NE(error<StructureError>([&] { net.set_submodule("layers", seq["0"]); }).find("without such a child"),
              std::string::npos);
    EXPECT_NE(error<StructureError>([&] { seq.set_submodule("0", other); }).find("passes one value"),
              std::string::npos);
    EXPECT_NE(error<StructureError>([&] { seq.set_submodule("0", seq); }).find("contain itself"), std::string::npos);
    EXPECT_TRUE(same_bits(net(x, 1), plain)) << "nothing changed";
}

TEST_F(Surgery, ModuleInTwoTrees) {
    Module other = handmade().create("net").eval();
    net.set_submodule("head", other["head"]);
    other["head"].get_parameter("bias").edit<float>()[0] = 100;
    EXPECT_GT(net(x, 1).data<float>()[0], 50);
    EXPECT_GT(other(x, 1).data<float>()[0], 50);
    forget_runs();
    auto h = net["head"].register_forward_hook([](Module &, const Tensors &, const Tensor &) {});
    net(x, 1), other(x, 1);
    EXPECT_EQ(ran("Net.eval"), 0) << "both parents go through the hooked child";
}

TEST_F(Surgery, Names) {
    EXPECT_EQ(names(net.named_children()), (Names{"layers", "drop", "norm", "head"}));
    EXPECT_EQ(names(net._modules()), (Names{"layers", "drop", "norm", "head", "extra"}));
    EXPECT_EQ(names(net.named_modules()), (Names{"", "layers", "layers.0", "layers.1", "drop", "norm", "head"}));
    EXPECT_EQ(names(net.named_modules("p")),
              (Names{"p", "p.layers", "p.layers.0", "p.layers.1", "p.drop", "p.norm", "p.head"}));
    EXPECT_EQ(names(net.named_parameters()), (Names{"layers.0.weight", "layers.0.bias", "layers.1.weight",
                                                    "layers.1.bias", "head.weight", "head.bias"}));
    EXPECT_EQ(names(net.named_parameters("", false)), Names{});
    EXPECT_EQ(names(net.named_buffers("q")), (Names{"q.offsets", "q.norm.mean", "q.norm.count"}))
        << "non-persistent ones too";
    EXPECT_EQ(names(net._parameters()), (Names{"scale"}));
    EXPECT_FALSE(net._parameters()[0].second);
    EXPECT_EQ(net.parameters().size(), 6u);
    EXPECT_EQ(net["layers"].size(), 2);
    EXPECT_TRUE(net["layers"][-1] == net.get_submodule("layers.1"));
    EXPECT_EQ(error<IndexError>([&] { net["layers"][2]; }), "index 2 is out of range");
    EXPECT_EQ(error<KeyError>([&] { net.get_submodule("layers.x"); }), "ModuleList has no attribute `x`");
    EXPECT_EQ(error<KeyError>([&] { net.get_submodule("offsets"); }), "`offsets` is not an nn.Module");
    EXPECT_EQ(error<KeyError>([&] { net.get_parameter("offsets"); }), "`offsets` is not an nn.Parameter");
    EXPECT_EQ(error<KeyError>([&] { net.get_buffer("head.weight"); }), "`weight` is not a buffer");
    EXPECT_EQ(error<KeyError>([&] { net.get_parameter("head.w"); }), "Linear has no attribute `w`");
    EXPECT_EQ(std::get<int64_t>(net["head"].attr("in_features")), 16);
    EXPECT_EQ(std::get<double>(net["drop"].attr("p")), 0.5);
    EXPECT_EQ(net["head"].extra_repr(), "in_features=16, out_features=4, bias=True");
    Names order;
    net.apply([&](Module &m) { order.push_back(m.path()); });
    EXPECT_EQ(order, (Names{"layers.0", "layers.1", "layers", "drop", "norm", "head", ""}));
    EXPECT_EQ(net.inputs()[1].scalar, true);
    EXPECT_EQ(net.inputs()[0].text, (Names{"N", "8"}));
    EXPECT_EQ(net.inputs()[0].dims, (std::vector<int64_t>{-1, 8}));
}

TEST_F(Surgery, ModesPerSubtree) {
    EXPECT_FALSE(net.training());
    net["layers"].train();
    EXPECT_TRUE(net["layers"][0].training());
    EXPECT_FALSE(net.training());
    net.train().eval();
    for (auto &m : net.modules())
        EXPECT_FALSE(m.training());
    net.requires_grad_(false);
    for (auto &p : net.parameters())
        EXPECT_FALSE(p.requires_grad());
    net["head"].requires_grad_();
    EXPECT_TRUE(net.get_parameter("head.weight").requires_grad());
    EXPECT_FALSE(net.get_buffer("norm.count").requires_grad());
    EXPECT_THROW(net.get_buffer("norm.count").requires_grad_(), TypeError);
}

TEST(Ties, OneParameterUnderTwoNames) {
    Module pair = handmade().create("pair");
    EXPECT_EQ(names(pair.named_parameters()), (Names{"a.weight", "a.bias", "b.bias"}));
    EXPECT_EQ(names(pair.named_parameters("", true, false)), (Names{"a.weight", "a.bias", "b.weight", "b.bias"}));
    StateDict sd = pair.state_dict();
    EXPECT_EQ(sd.keys(), (Names{"a.weight", "a.bias", "b.weight", "b.bias"}));
    EXPECT_EQ(sd.aliases.at("b.weight"), "a.weight");
    EXPECT_TRUE(pair.get_parameter("a.weight").is_same(pair.get_parameter("b.weight")));
    Tensor x = input(2, 16), before = pair(x);
    pair.get_parameter("b.weight").edit<float>()[0] += 1;
    EXPECT_FALSE(same_bits(pair(x), before)) << "both readers see the edit";
    Tensor w = pair.get_parameter("a.weight");
    EXPECT_EQ(w.data<float>()[0], pair.get_parameter("b.weight").data<float>()[0]);
}

TEST(Ties, OneModuleUnderTwoNames) {
    Module twice = handmade().create("twice");
    EXPECT_TRUE(twice["m"] == twice["again"]);
    EXPECT_EQ(names(twice.named_modules()), (Names{"", "m"}));
    EXPECT_EQ(names(twice.named_children()), (Names{"m"}));
    EXPECT_EQ(names(twice.named_modules("", false)), (Names{"", "m", "again"}));
    EXPECT_EQ(twice.state_dict().keys(), (Names{"m.mean", "m.count", "again.mean", "again.count"}));
    twice["m"].eval();
    EXPECT_FALSE(twice["again"].training());
}

TEST(Create, ManyTrees) {
    manual_seed(11);
    Module a = handmade().create("net"), b = handmade().create("net");
    manual_seed(11);
    Module c = handmade().create("net");
    for (auto &[name, p] : a.named_parameters()) {
        if (name == "head.bias")
            continue; // constant data
        EXPECT_FALSE(same_bits(p, b.get_parameter(name))) << name << ": two models made in a row differ";
        EXPECT_TRUE(same_bits(p, c.get_parameter(name))) << name << ": the seed decides";
    }
    EXPECT_EQ(a.get_parameter("head.bias").data<float>()[1], -0.5f);
    EXPECT_EQ(a.get_buffer("offsets").data<float>()[3], 3);
    // An initialiser function draws from the stream of its full name.
    uint32_t words[4];
    modc_philox(modc_fold(11, modc_name("head.weight")), 0, 0, words);
    EXPECT_EQ(a.get_parameter("head.weight").data<float>()[2], float(words[2] >> 8) * 0x1p-24f - 0.5f);
    modc_philox(modc_fold(11, modc_name("layers.0.weight")), 0, 0, words);
    EXPECT_EQ(a.get_parameter("layers.0.weight").data<float>()[3],
              float(-0.4 + 0.8 * (double(words[3] >> 8) * 0x1p-24)));
    EXPECT_EQ(error<KeyError>([] { handmade().create("nope"); }),
              "no model 'nope' in handmade; it has 'net', 'embed', 'embed_layer', 'head5', 'alt', 'pair', 'twice', "
              "'seq', 'scaled', 'lin16'");
    Module child;
    {
        Module root = handmade().create("net");
        child = root["head"];
    }
    EXPECT_EQ(child(input(1, 16)).shape(), Shape({1, 4})) << "a child outlives its parent";
    EXPECT_EQ(child.path(), "");
}
} // namespace
