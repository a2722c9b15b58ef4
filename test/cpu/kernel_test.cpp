// What stands in regions: index checks and their report, random numbers, rows and maps, and computed indices in
// vectors.
#include "test/cpu/Harness.h"
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <random>

using namespace modc::cpu;

namespace {
// Philox4x32-10, plainly.
std::array<uint32_t, 4> philox(uint64_t key, uint64_t block, uint64_t call) {
  uint32_t c[4] = {uint32_t(block), uint32_t(block >> 32), uint32_t(call), uint32_t(call >> 32)},
           k[2] = {uint32_t(key), uint32_t(key >> 32)};
  for (int round = 0; round < 10; ++round) {
    uint64_t p0 = uint64_t(0xD2511F53) * c[0], p1 = uint64_t(0xCD9E8D57) * c[2];
    uint32_t next[4] = {uint32_t(p1 >> 32) ^ c[1] ^ k[0], uint32_t(p1), uint32_t(p0 >> 32) ^ c[3] ^ k[1], uint32_t(p0)};
    std::memcpy(c, next, sizeof(c));
    k[0] += 0x9E3779B9;
    k[1] += 0xBB67AE85;
  }
  return {c[0], c[1], c[2], c[3]};
}

template <class F> void onTargets(F f) {
  for (const Target &target : targets())
    if (canRun(target))
      f(target);
}
} // namespace

TEST(Random, KnownAnswer) {
  // Random123's test vectors.
  EXPECT_EQ(philox(0, 0, 0), (std::array<uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox(~0ull, ~0ull, ~0ull), (std::array<uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(Random, ScalarsAndVectorsAreTheStream) {
  const char *text = R"(
kern.func @map(%y: memref<?xf32>, %z: memref<?xf64>, %key: i64, %m: index) {
  kern.map (%i) to (%m) {
    %u = kern.random %key[%i] : f32
    kern.store %u, %y[%i] : memref<?xf32>
    %w = kern.random %key[%i] : f64
    kern.store %w, %z[%i] : memref<?xf64>
  }
}
kern.func @pack(%p: !kern.panels<32x7xf32>, %key: i64) {
  %n = arith.constant 32 : index
  %k = arith.constant 7 : index
  kern.pack into %p cols(%n) inner(%k) : !kern.panels<32x7xf32> element (%j: index, %i: index) {
    %e = affine.apply affine_map<(j, i) -> (j * 7 + i + 4294967290)>(%j, %i)
    %u = kern.random %key[%e] : f32
    kern.yield %u : f32
  }
})";
  uint64_t key = 0x123456789abcdef0, call = 0x1122334455667788;
  auto want = [&](uint64_t element) { return float(philox(key, element / 4, call)[element % 4] >> 8) * 0x1p-24f; };
  onTargets([&](const Target &target) {
    Frame frame(Frame::Forward, call);
    std::vector<float> y(100), panels(packedBytes(32, 7, 4, target) / 4);
    std::vector<double> z(100);
    ASSERT_EQ(frame.run(loaded(text, target).function("map"), {word(y.data()), word(z.data()), key, 100}), MODC_OK);
    ASSERT_EQ(frame.run(loaded(text, target).function("pack"), {word(panels.data()), key}), MODC_OK);
    for (uint64_t i = 0; i < 100; ++i) {
      EXPECT_EQ(y[i], want(i));
      EXPECT_EQ(z[i], want(i)); // f64 has the same 24 bits
    }
    int64_t width = panelWidth(32, 4, target);
    for (int64_t j = 0; j < 32; ++j)
      for (int64_t k = 0; k < 7; ++k)
        EXPECT_EQ(panels[(j / width * 7 + k) * width + j % width], want(uint64_t(j * 7 + k) + 4294967290));
  });
}

TEST(Index, BadOnesAreReported) {
  const char *text = R"(
kern.func @embed(%ids: memref<?xi64>, %table: memref<10x3xf32>, %y: memref<?x3xf32>, %m: index) {
  %d = arith.constant 3 : index
  %limit = arith.constant 10 : index
  kern.map (%i, %j) to (%m, %d) {
    %id = kern.load %ids[%i] : memref<?xi64>
    %row = kern.check_index %id, %limit : i64
    %v = kern.load %table[%row, %j] : memref<10x3xf32>
    kern.store %v, %y[%i, %j] : memref<?x3xf32>
  }
}
kern.func @open(%ids: memref<?xi64>, %table: memref<?x3xf32>, %y: memref<?x3xf32>, %m: index, %limit: index) {
  %d = arith.constant 3 : index
  kern.map (%i, %j) to (%m, %d) {
    %id = kern.load %ids[%i] : memref<?xi64>
    %row = kern.check_index %id, %limit : i64
    %v = kern.load %table[%row, %j] : memref<?x3xf32>
    kern.store %v, %y[%i, %j] : memref<?x3xf32>
  }
}
kern.func @empty(%ids: memref<?xi64>, %table: memref<0x3xf32>, %y: memref<?x3xf32>, %m: index) {
  %d = arith.constant 3 : index
  %limit = arith.constant 0 : index
  kern.map (%i, %j) to (%m, %d) {
    %id = kern.load %ids[%i] : memref<?xi64>
    %row = kern.check_index %id, %limit : i64
    %v = kern.load %table[%row, %j] : memref<0x3xf32>
    kern.store %v, %y[%i, %j] : memref<?x3xf32>
  }
})";
  onTargets([&](const Target &target) {
    Guarded table(30), y(36);
    for (int i = 0; i < 30; ++i)
      table[i] = float(i);
    std::vector<int64_t> ids(12);
    for (int i = 0; i < 12; ++i)
      ids[i] = i % 10;
    Frame frame;
    auto kernel = loaded(text, target).function("embed");
    ASSERT_EQ(frame.run(kernel, {word(ids.data()), word(table.data()), word(y.data()), 12}), MODC_OK);
    for (int i = 0; i < 36; ++i)
      EXPECT_EQ(y[i], float(ids[i / 3] * 3 + i % 3));
    for (int64_t bad : {int64_t(10), int64_t(-1), INT64_MAX, INT64_MIN}) {
      ids[5] = bad;
      ids[8] = 77;
      EXPECT_EQ(frame.run(kernel, {word(ids.data()), word(table.data()), word(y.data()), 12}), MODC_E_INDEX);
      EXPECT_EQ(frame.frame.info[0], bad);
      EXPECT_EQ(frame.frame.info[1], 10);
    }
    EXPECT_EQ(frame.run(loaded(text, target).function("empty"), {word(ids.data()), 0, word(y.data()), 1}),
              MODC_E_INDEX);
    // A table that turns out to be empty is not read either, and without an index there is nothing wrong.
    auto open = loaded(text, target).function("open");
    EXPECT_EQ(frame.run(open, {word(ids.data()), 0, word(y.data()), 12, 0}), MODC_E_INDEX);
    EXPECT_EQ(frame.frame.info[0], ids[0]);
    EXPECT_EQ(frame.frame.info[1], 0);
    EXPECT_EQ(frame.run(open, {word(ids.data()), 0, word(y.data()), 0, 0}), MODC_OK);
    ids[5] = ids[8] = 4;
    EXPECT_EQ(frame.run(open, {word(ids.data()), word(table.data()), word(y.data()), 12, 10}), MODC_OK);
    EXPECT_EQ(y[15], 12);
  });
}

TEST(Index, LowestFailingChunkIsReported) {
  // Rows of a table gathered into panels: vectors of indices, many chunks, two bad ones in different chunks.
  const char *text = R"(
kern.func @gather(%ids: memref<4096xi64>, %table: memref<10x2048xf32>, %p: !kern.panels<4096x2048xf32>) {
  %n = arith.constant 4096 : index
  %k = arith.constant 2048 : index
  %limit = arith.constant 10 : index
  kern.pack into %p cols(%n) inner(%k) : !kern.panels<4096x2048xf32> element (%j: index, %i: index) {
    %id = kern.load %ids[%j] : memref<4096xi64>
    %row = kern.check_index %id, %limit : i64
    %v = kern.load %table[%row, %i] : memref<10x2048xf32>
    kern.yield %v : f32
  }
})";
  onTargets([&](const Target &target) {
    std::vector<int64_t> ids(4096);
    std::vector<float> table(10 * 2048), panels(4096 * 2048);
    for (int i = 0; i < 4096; ++i)
      ids[i] = (i * 7) % 10;
    for (int i = 0; i < 20480; ++i)
      table[i] = float(i);
    auto kernel = loaded(text, target).function("gather");
    Frame good;
    ASSERT_EQ(good.run(kernel, {word(ids.data()), word(table.data()), word(panels.data())}), MODC_OK);
    EXPECT_GT(good.chunks, 1);
    int64_t width = panelWidth(4096, 4, target);
    for (int64_t j = 0; j < 4096; j += 37)
      for (int64_t k = 0; k < 2048; k += 111)
        ASSERT_EQ(panels[(j / width * 2048 + k) * width + j % width], float(ids[j] * 2048 + k));
    ids[3000] = 99;
    ids[1001] = -5;
    for (Frame::Order order : {Frame::Forward, Frame::Backward, Frame::Threads}) {
      Frame frame(order);
      EXPECT_EQ(frame.run(kernel, {word(ids.data()), word(table.data()), word(panels.data())}), MODC_E_INDEX);
      EXPECT_EQ(frame.frame.info[0], -5);
      EXPECT_EQ(frame.frame.info[1], 10);
    }
  });
}

TEST(Region, ComputedIndicesInVectors) {
  // Heads split off, a transposed copy, a strided copy and a broadcast column: quotients, scatters and gathers.
  const char *text = R"(
kern.func @gemm(%x: memref<?x20xf32>, %w: memref<20x96xf32>, %heads: memref<3x?x32xf32> {kern.sizes = array<i64: 7>}, %t: memref<96x?xf32> {kern.sizes = array<i64: 7>},
                %s: memref<?x192xf32>, %g: memref<96x5xf32>, %h: memref<3x4xf32>, %m: index) {
  %n = arith.constant 96 : index
  %k = arith.constant 20 : index
  %two = arith.constant 2 : index
  %ten = arith.constant 10 : index
  kern.gemm %x, %w rows(%m) cols(%n) inner(%k) : memref<?x20xf32>, memref<20x96xf32> epilogue (%acc: f32, %i: index, %j: index) {
    %zero = arith.constant 0 : index
    %head = affine.apply affine_map<(j) -> (j floordiv 32)>(%j)
    %lane = affine.apply affine_map<(j) -> (j mod 32)>(%j)
    kern.store %acc, %heads[%head, %i, %lane] : memref<3x?x32xf32>
    kern.store %acc, %t[%j, %i] : memref<96x?xf32>
    %j2 = arith.muli %j, %two : index
    kern.store %acc, %s[%i, %j2] : memref<?x192xf32>
    %gv = kern.load %g[%j, %zero] : memref<96x5xf32>
    %odd = arith.divui %j, %ten : index
    %part = arith.remui %odd, %two : index
    %hv = kern.load %h[%head, %part] : memref<3x4xf32>
    %sum = arith.addf %gv, %hv : f32
    %j3 = affine.apply affine_map<(j) -> (j * 2 + 1)>(%j)
    kern.store %sum, %s[%i, %j3] : memref<?x192xf32>
  }
})";
  auto run = [&](const Target &target, bool naive) {
    std::mt19937 random(5);
    auto fill = [&](Guarded &g) {
      for (size_t i = 0; i < g.size(); ++i)
        g[i] = std::uniform_real_distribution<float>(-1, 1)(random);
    };
    int64_t m = 9;
    Guarded x(m * 20), w(20 * 96), heads(3 * m * 32), t(96 * m), s(m * 192), g(96 * 5), h(12);
    for (Guarded *in : {&x, &w, &g, &h})
      fill(*in);
    Frame frame;
    EXPECT_EQ(frame.run(loaded(text, target, naive).function("gemm"),
                        {word(x.data()), word(w.data()), word(heads.data()), word(t.data()), word(s.data()),
                         word(g.data()), word(h.data()), uint64_t(m)}),
              MODC_OK);
    std::vector<float> all;
    for (Guarded *out : {&heads, &t, &s})
      all.insert(all.end(), out->data(), out->data() + out->size());
    // The oracle against the definition, where that is plain.
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < 96; ++j) {
        EXPECT_EQ(heads[(j / 32 * m + i) * 32 + j % 32], t[j * m + i]);
        EXPECT_EQ(s[i * 192 + 2 * j], t[j * m + i]);
        EXPECT_EQ(s[i * 192 + 2 * j + 1], g[j * 5] + h[j / 32 * 4 + j / 10 % 2]);
      }
    return all;
  };
  std::vector<float> oracle = run(targets()[0], true);
  onTargets([&](const Target &target) { EXPECT_EQ(oracle, run(target, false)) << target.name.str(); });
}

TEST(Rows, SoftmaxAndPositions) {
  const char *text = R"(
kern.func @rows(%x: memref<?x?xf32> {kern.sizes = array<i64: 4, 5>}, %y: memref<?x?xf32> {kern.sizes = array<i64: 4, 5>}, %best: memref<?xi64>, %least: memref<?xi64>,
                %m: index, %n: index) {
  kern.rows (%i) to (%m) {
    %max = kern.reduce max (%j) to (%n) : f32 {
      %v = kern.load %x[%i, %j] : memref<?x?xf32>
      kern.yield %v : f32
    }
    %sum = kern.reduce add (%j) to (%n) : f32 {
      %v = kern.load %x[%i, %j] : memref<?x?xf32>
      %d = arith.subf %v, %max : f32
      %e = math.exp %d : f32
      kern.yield %e : f32
    }
    kern.each (%j) to (%n) {
      %v = kern.load %x[%i, %j] : memref<?x?xf32>
      %d = arith.subf %v, %max : f32
      %e = math.exp %d : f32
      %p = arith.divf %e, %sum : f32
      kern.store %p, %y[%i, %j] : memref<?x?xf32>
    }
    %a = kern.reduce argmax (%j) to (%n) : i64 {
      %v = kern.load %x[%i, %j] : memref<?x?xf32>
      kern.yield %v : f32
    }
    kern.store %a, %best[%i] : memref<?xi64>
    %b = kern.reduce argmin (%j) to (%n) : i64 {
      %v = kern.load %x[%i, %j] : memref<?x?xf32>
      kern.yield %v : f32
    }
    kern.store %b, %least[%i] : memref<?xi64>
  }
})";
  onTargets([&](const Target &target) {
    int64_t m = 5, n = 37;
    Guarded x(m * n), y(m * n);
    std::mt19937 random(2);
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = float(int(random() % 9)) - 4; // ties: the first counts
    x[n + 7] = NAN;
    x[n + 20] = NAN;
    std::vector<int64_t> best(m), least(m);
    Frame frame;
    ASSERT_EQ(frame.run(loaded(text, target).function("rows"), {word(x.data()), word(y.data()), word(best.data()),
                                                                word(least.data()), uint64_t(m), uint64_t(n)}),
              MODC_OK);
    for (int64_t i = 0; i < m; ++i) {
      if (i == 1) {
        EXPECT_EQ(best[i], 7);
        EXPECT_EQ(least[i], 7);
        EXPECT_TRUE(std::isnan(y[n + 3]));
        continue;
      }
      float *row = x.data() + i * n;
      EXPECT_EQ(best[i], std::max_element(row, row + n) - row);
      EXPECT_EQ(least[i], std::min_element(row, row + n) - row);
      double sum = 0;
      for (int64_t j = 0; j < n; ++j)
        sum += std::exp(double(row[j]) - row[best[i]]);
      for (int64_t j = 0; j < n; ++j)
        EXPECT_NEAR(y[i * n + j], std::exp(double(row[j]) - row[best[i]]) / sum, 1e-6);
    }
  });
}

TEST(Map, ALaneThatIsAloneIsStoredNarrow) {
  // 33 elements: the last one is alone in its vector. In a map of reductions its mask is known only once loops are
  // unrolled.
  for (auto [wide, narrow] :
       {std::pair(16, 8), std::pair(32, 8), std::pair(64, 8), std::pair(32, 16), std::pair(64, 16), std::pair(64, 32)})
    for (bool reduces : {false, true}) {
      std::string w = "i" + std::to_string(wide), from = "memref<?x33x" + w + ">", n = "i" + std::to_string(narrow),
                  to = "memref<33x" + n + ">";
      std::string load = "%e = kern.load %x[%r, %j] : " + from + "\n",
                  map = reduces ? "%v = kern.reduce max (%r) to (%three) : " + w + " {\n" + load +
                                      "kern.yield %e : " + w + "\n}\n%t = arith.trunci %v"
                                : load + "%t = arith.trunci %e";
      std::string text = "kern.func @f(%x: " + from + ", %y: " + to + ", %r" + (reduces ? "0" : "") +
                         ": index) {\n%n = arith.constant 33 : index\n%three = arith.constant 3 : index\n"
                         "kern.map (%j) to (%n) {\n" +
                         map + " : " + w + " to " + n + "\nkern.store %t, %y[%j] : " + to + "\n}\n}\n";
      onTargets([&](const Target &target) {
        size_t bytes = 33 * narrow / 8;
        std::vector<uint8_t> x(3 * 33 * wide / 8), y(bytes + 16, 0xA5);
        for (size_t row = 0; row < 3; ++row)
          for (size_t i = 0; i < 33; ++i)
            x[(row * 33 + i) * wide / 8] = uint8_t(3 + i); // small, positive: the low byte is all of it
        Frame frame;
        ASSERT_EQ(frame.run(loaded(text, target).function("f"), {word(x.data()), word(y.data()), 0}), MODC_OK);
        std::vector<uint8_t> expected(bytes + 16, 0xA5);
        for (size_t i = 0; i < bytes; ++i)
          expected[i] = i % (narrow / 8) == 0 ? uint8_t(3 + i / (narrow / 8)) : 0;
        EXPECT_EQ(y, expected) << target.name.str() << ": " << w << " to " << n << (reduces ? " reduced" : "");
      });
    }
}

TEST(Targets, FeaturesAndErrors) {
  EXPECT_EQ(findTarget("x86-64-v3")->featureBits()[0], (1ull << 15) - 1);
  EXPECT_EQ(findTarget("x86-64-v4")->featureBits()[0], (1ull << 20) - 1);
  EXPECT_EQ(findTarget("z80"), nullptr);
  std::string error;
  EXPECT_TRUE(failed(emitObject("kern.func @f(%x: tensor<4xf32>) {\n}", targets()[0], {}, error)));
  EXPECT_NE(error.find("must be a memref"), std::string::npos) << error;
}
