// The sentence model with its real weights as a live module: what a program sees and does with it.
#include "compiler/driver/Options.h"
#include "modrt/modrt.hpp"
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <thread>

namespace fs = std::filesystem;

// Counts every heap allocation of the process while `counting` is set.
static std::atomic<bool> counting{false};
static std::atomic<int> allocations{0};
extern "C" void *__libc_malloc(size_t);
extern "C" void *malloc(size_t n) {
  if (counting)
    ++allocations;
  return __libc_malloc(n);
}

namespace {
class MiniLM : public testing::Test {
protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(fs::exists(weights())) << weights() << " is missing; scripts/fetch-minilm.sh build/minilm brings it";
    path = (fs::temp_directory_path() / ("modc-minilm-" + std::to_string(getpid()) + ".so")).string();
    modc::CompileOptions o;
    o.input = MODC_ROOT "/examples/semantic-search/minilm.mod";
    o.output = path;
    ASSERT_EQ(modc::compile(o), 0);
    model = modrt::load(path).declare("minilm");
    model.eval().load_state_dict(modrt::load_file(weights()));
  }
  static void TearDownTestSuite() {
    model = {};
    fs::remove(path);
  }
  static std::string weights() { return MODC_ROOT "/build/minilm/model.safetensors"; }

  static modrt::Tensors inputs(int64_t batch, int64_t length) {
    modrt::Tensor ids = modrt::zeros({batch, length}, modrt::kLong), mask = modrt::zeros({batch, length}, modrt::kLong);
    auto id = ids.mutable_data<int64_t>(), seen = mask.mutable_data<int64_t>();
    for (int64_t i = 0; i < batch * length; ++i) {
      id[size_t(i)] = (i * 7919) % 30522;
      seen[size_t(i)] = i % length < length - i / length % length;
    }
    return {ids, mask};
  }

  static inline std::string path;
  static inline modrt::Module model;
};

TEST_F(MiniLM, LaterCallsAllocateNothing) {
  modrt::set_num_threads(1);
  modrt::Tensors in = inputs(3, 40), out = model.call(in);
  model.call_into(in, out);
  counting = true;
  model.call_into(in, out);
  modrt::Tensors again = model.call(in);
  counting = false;
  EXPECT_EQ(allocations.load(), 0);
  counting = true;
  delete new std::string(1000, 'x');
  counting = false;
  EXPECT_GT(allocations.load(), 0) << "the counter counts nothing";
  EXPECT_TRUE(modrt::equal(again[0], out[0]));
}

TEST_F(MiniLM, HooksSeeInnerValuesAndChangeNoBit) {
  modrt::Tensors in = inputs(2, 33), plain = model.call(in);
  int ran = 0;
  auto handle =
      model.get_submodule("encoder.layer.3.attention.self")
          .register_forward_hook([&](modrt::Module &m, const modrt::Tensors &given, const modrt::Tensor &out) {
            ++ran;
            EXPECT_EQ(m.type(), "BertSelfAttention");
            EXPECT_EQ(m.path(), "encoder.layer.3.attention.self");
            EXPECT_EQ(given.size(), 2u);
            EXPECT_EQ(out.shape(), (modrt::Shape{2, 33, 384}));
          });
  modrt::Tensors hooked = model.call(in);
  EXPECT_EQ(ran, 1);
  EXPECT_TRUE(modrt::equal(hooked[0], plain[0]) && modrt::equal(hooked[1], plain[1]));
  handle.remove();
  EXPECT_TRUE(modrt::equal(model.call(in)[0], plain[0]));
  EXPECT_EQ(ran, 1);

  auto zero = model.get_submodule("encoder.layer.0.output")
                  .register_forward_hook([](modrt::Module &, const modrt::Tensors &, const modrt::Tensor &out) {
                    return modrt::zeros(out.shape());
                  });
  EXPECT_FALSE(modrt::equal(model.call(in)[0], plain[0]));
  zero.remove();
  EXPECT_TRUE(modrt::equal(model.call(in)[0], plain[0]));
}

TEST_F(MiniLM, OneTreeForAllExports) {
  modrt::Tensors in = inputs(1, 9);
  modrt::Module embedder = model.entry("embedder"), encoder = model.entry("encoder");
  EXPECT_EQ(encoder(in[0], in[1]).shape(), (modrt::Shape{1, 9, 384}));
  EXPECT_TRUE(modrt::equal(encoder(in[0], in[1]), model.call(in)[0]));
  modrt::Tensor v = embedder(in[0], in[1]);
  double norm = 0;
  for (float x : v.data<float>())
    norm += double(x) * x;
  EXPECT_NEAR(norm, 1, 1e-5);
  EXPECT_EQ(model.named_parameters().size(), 103u);
  EXPECT_EQ(model.named_parameters()[0].first, "embeddings.word_embeddings.weight");
  EXPECT_EQ(model.state_dict().size(), 104u); // with the constant position_ids, as older checkpoints hold it
  EXPECT_EQ(embedder.state_dict().keys(), model.state_dict().keys());
}

TEST_F(MiniLM, ManyThreadsShareOneModel) {
  modrt::Tensors in = inputs(2, 21), want = model.call(in);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i)
        wrong += !modrt::equal(model.call(in)[0], want[0]);
    });
  for (auto &t : threads)
    t.join();
  EXPECT_EQ(wrong.load(), 0);
}

TEST_F(MiniLM, BadCallsSayWhatIsWrong) {
  modrt::Tensors in = inputs(1, 5);
  auto message = [&](const modrt::Tensors &given) {
    try {
      model.call(given);
    } catch (const modrt::Error &e) {
      return std::string(e.what());
    }
    return std::string("no error");
  };
  EXPECT_NE(message({in[0]}).find("2"), std::string::npos) << message({in[0]});
  EXPECT_NE(message({in[0], inputs(1, 6)[1]}).find("attention_mask"), std::string::npos);
  EXPECT_NE(message({in[0].to(modrt::kFloat), in[1]}).find("input_ids"), std::string::npos);
  std::string text = message(inputs(1, 513));
  EXPECT_NE(text.find("512"), std::string::npos) << text;
  modrt::Tensor bad = in[0].clone();
  bad.mutable_data<int64_t>()[2] = 30522;
  text = message({bad, in[1]});
  EXPECT_NE(text.find("30522"), std::string::npos) << text;
  EXPECT_NE(text.find("word_embeddings"), std::string::npos) << text;
  EXPECT_TRUE(modrt::equal(model.call(in)[0], model.call(in)[0]));
}

TEST_F(MiniLM, PrintsAsPyTorchDoes) {
  std::string text = model.repr();
  for (const char *part :
       {"BertModel(\n  (embeddings): BertEmbeddings(\n    (word_embeddings): Embedding(30522, 384, padding_idx=0)\n",
        "    (LayerNorm): LayerNorm((384,), eps=1e-12, elementwise_affine=True, bias=True)\n    (dropout): "
        "Dropout(p=0.1, inplace=False)\n",
        "    (layer): ModuleList(\n      (0-5): 6 x BertLayer(\n        (attention): BertAttention(\n          (self): "
        "BertSelfAttention(\n",
        "  (pooler): BertPooler(\n    (dense): Linear(in_features=384, out_features=384, bias=True)\n  )\n)"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text;
}
} // namespace
