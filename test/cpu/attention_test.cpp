// kern.attention: the builder and the scalar loops against f64, targets against each other bit for bit, at guarded
// memory.
#include "test/cpu/Harness.h"
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <random>

using namespace modc::cpu;

namespace {
enum class Mask { None, Padding, Least, NothingSeen, Select };

struct Case {
  int64_t n, h, s, t, d, e;
  Mask mask;
  bool causal, packed; ///< packed: heads inside one [N, S, 3, H, D] tensor (s = t, d = e)
};

std::string text(const Case &c) {
  std::string D = std::to_string(c.d), E = std::to_string(c.e), H = std::to_string(c.h), s;
  auto num = [](int64_t v) { return std::to_string(v); };
  // Arguments: q k v mask out n s t.
  std::string sizes = " {kern.sizes = array<i64: 5, ";
  std::string maskType = "memref<?x?xf32>";
  std::string tail = "%mask: " + maskType + sizes + "7>}, %o: memref<?x?x" + H + "x" + E + "xf32>" + sizes +
                     "6>}, %n: index, %s: index, %t: index) {\n %h = arith.constant " + H +
                     " : index\n %scale = arith.constant 0.3 : f32\n";
  std::string q, k, v;
  std::string outStride = " %os = arith.constant " + num(c.h * c.e) + " : index\n %ob = arith.muli %os, %s : index\n";
  if (c.packed) {
    std::string in = "memref<?x?x3x" + H + "x" + D + "xf32>";
    s = "kern.func @attention(%q0: " + in + sizes + "6>}, %k0: " + in + sizes + "6>}, %v0: " + in + sizes + "6>}, " +
        tail;
    int64_t row = 3 * c.h * c.d;
    s += " %rs = arith.constant " + num(row) + " : index\n %ib = arith.muli %rs, %s : index\n";
    auto view = [&](const char *name, const char *from, int64_t offset) {
      std::string type = "memref<?x" + H + "x?x" + D + "xf32, strided<[?, " + D + ", " + num(row) +
                         ", 1], offset: " + num(offset) + ">>";
      s += std::string(" ") + name + " = memref.reinterpret_cast " + from + " to offset: [" + num(offset) +
           "], sizes: [%n, " + H + ", %s, " + D + "], strides: [%ib, " + D + ", " + num(row) + ", 1] : " + in + " to " +
           type + "\n";
      return type;
    };
    q = view("%q", "%q0", 0);
    k = view("%k", "%k0", c.h * c.d);
    v = view("%v", "%v0", 2 * c.h * c.d);
  } else {
    q = "memref<?x" + H + "x?x" + D + "xf32>";
    k = q;
    v = "memref<?x" + H + "x?x" + E + "xf32>";
    s = "kern.func @attention(%q: " + q + sizes + "6>}, %k: " + k + sizes + "7>}, %v: " + v + sizes + "7>}, " + tail;
  }
  std::string o = "memref<?x" + H + "x?x" + E + "xf32, strided<[?, " + E + ", " + num(c.h * c.e) + ", 1]>>";
  s += outStride + " %out = memref.reinterpret_cast %o to offset: [0], sizes: [%n, " + H + ", %s, " + E +
       "], strides: [%ob, " + E + ", " + num(c.h * c.e) + ", 1] : memref<?x?x" + H + "x" + E + "xf32> to " + o + "\n";
  s += " kern.attention %q, %k, %v into %out batch(%n, %h) queries(%s) keys(%t) scale(%scale : f32)" +
       std::string(c.causal ? " {causal}" : "") + " : " + q + ", " + k + ", " + v + ", " + o +
       " score (%x: f32, %b: index, %hd: index, %i: index, %j: index) {\n";
  if (c.mask == Mask::None) {
    s += "  kern.yield %x : f32\n";
  } else {
    s += "  %m = kern.load %mask[%b, %j] : " + maskType + "\n";
    if (c.mask == Mask::Select)
      s += "  %z = arith.constant 0.0 : f32\n  %inf = arith.constant 0xFF800000 : f32\n  %on = arith.cmpf oeq, %m, %z "
           ": f32\n"
           "  %r = arith.select %on, %x, %inf : f32\n";
    else
      s += "  %r = arith.addf %x, %m : f32\n";
    s += "  kern.yield %r : f32\n";
  }
  return s + " }\n}\n";
}

struct Data {
  std::unique_ptr<Guarded> q, k, v, mask;
  std::vector<double> want;
};

Data makeData(const Case &c) {
  std::mt19937 random(11);
  std::normal_distribution<float> normal;
  Data data;
  auto fill = [&](size_t count) {
    auto g = std::make_unique<Guarded>(count);
    for (size_t i = 0; i < count; ++i)
      (*g)[i] = normal(random);
    return g;
  };
  if (c.packed) {
    data.q = fill(c.n * c.s * 3 * c.h * c.d);
  } else {
    data.q = fill(c.n * c.h * c.s * c.d);
    data.k = fill(c.n * c.h * c.t * c.d);
    data.v = fill(c.n * c.h * c.t * c.e);
  }
  data.mask = std::make_unique<Guarded>(c.n * c.t);
  const float infinity = std::numeric_limits<float>::infinity(), least = std::numeric_limits<float>::lowest();
  for (int64_t b = 0; b < c.n; ++b)
    for (int64_t j = 0; j < c.t; ++j) {
      bool off = j % 5 == 3 || j > c.t * (b + 2) / (c.n + 1);
      float value = off ? -infinity : 0;
      if (c.mask == Mask::Least)
        value = b == 0 ? least : off ? least : 0; // all of batch 0: softmax says average
      if (c.mask == Mask::NothingSeen && b == c.n - 1)
        value = -infinity;
      (*data.mask)[b * c.t + j] = c.mask == Mask::None ? 0 : value;
    }
  auto element = [&](int which, int64_t b, int64_t h, int64_t row, int64_t f) -> double {
    if (c.packed)
      return (*data.q)[(((b * c.s + row) * 3 + which) * c.h + h) * c.d + f];
    if (which == 0)
      return (*data.q)[((b * c.h + h) * c.s + row) * c.d + f];
    return which == 1 ? (*data.k)[((b * c.h + h) * c.t + row) * c.d + f]
                      : (*data.v)[((b * c.h + h) * c.t + row) * c.e + f];
  };
  data.want.assign(c.n * c.s * c.h * c.e, 0);
  for (int64_t b = 0; b < c.n; ++b)
    for (int64_t h = 0; h < c.h; ++h)
      for (int64_t i = 0; i < c.s; ++i) {
        std::vector<double> score(c.t, -infinity);
        double most = -infinity, sum = 0;
        for (int64_t j = 0; j < c.t && !(c.causal && j > i); ++j) {
          double dot = 0;
          for (int64_t f = 0; f < c.d; ++f)
            dot += element(0, b, h, i, f) * element(1, b, h, j, f);
          // The mask is added in f32, where finfo.min swallows the score.
          score[j] = c.mask == Mask::None ? dot * 0.3f : double(float(dot * 0.3f) + (*data.mask)[b * c.t + j]);
          most = std::max(most, score[j]);
        }
        if (most == -infinity)
          continue;
        for (double &x : score)
          sum += x = std::exp(x - most);
        for (int64_t f = 0; f < c.e; ++f)
          for (int64_t j = 0; j < c.t; ++j)
            data.want[((b * c.s + i) * c.h + h) * c.e + f] +=
                score[j] / sum * (score[j] == 0 ? 0 : element(2, b, h, j, f));
      }
  return data;
}

std::vector<float> run(const Case &c, Data &data, const Target &target, bool naive, Frame::Order order,
                       int64_t *chunks = nullptr) {
  Guarded out(c.n * c.s * c.h * c.e);
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = NAN;
  Frame frame(order);
  Guarded *k = c.packed ? data.q.get() : data.k.get(), *v = c.packed ? data.q.get() : data.v.get();
  EXPECT_EQ(frame.run(loaded(text(c), target, naive).function("attention"),
                      {word(data.q->data()), word(k->data()), word(v->data()), word(data.mask->data()),
                       word(out.data()), uint64_t(c.n), uint64_t(c.s), uint64_t(c.t)}),
            MODC_OK);
  if (chunks)
    *chunks = frame.chunks;
  return std::vector<float>(out.data(), out.data() + out.size());
}

void check(const Case &c, bool naive = true) {
  SCOPED_TRACE(::testing::Message() << "n " << c.n << " h " << c.h << " s " << c.s << " t " << c.t << " d " << c.d
                                    << " e " << c.e << " mask " << int(c.mask) << (c.causal ? " causal" : "")
                                    << (c.packed ? " packed" : ""));
  Data data = makeData(c);
  std::vector<std::vector<float>> results;
  if (naive)
    results.push_back(run(c, data, targets()[0], true, Frame::Forward));
  for (const Target &target : targets())
    if (canRun(target)) {
      results.push_back(run(c, data, target, false, Frame::Forward));
      results.push_back(run(c, data, target, false, Frame::Backward));
    }
  for (size_t r = 0; r < results.size(); ++r)
    for (size_t i = 0; i < data.want.size(); ++i)
      ASSERT_NEAR(results[r][i], data.want[i], 4e-6) << "result " << r << " element " << i;
  for (size_t r = naive + 1; r < results.size(); ++r)
    EXPECT_EQ(std::memcmp(results[naive].data(), results[r].data(), data.want.size() * sizeof(float)), 0)
        << "result " << r;
}
} // namespace

TEST(Attention, RaggedLengths) {
  for (int64_t t : {1, 7, 16, 17, 40, 127, 128, 129, 300})
    check({2, 3, t % 2 ? t : 13, t, 32, 32, Mask::Padding, false, false}, t < 130);
}

TEST(Attention, HeadSizes) {
  for (int64_t d : {8, 16, 24, 40, 64, 80})
    check({1, 2, 19, 37, d, d == 24 ? 12 : d, Mask::None, false, false});
}

TEST(Attention, Masks) {
  for (Mask mask : {Mask::None, Mask::Padding, Mask::Least, Mask::NothingSeen, Mask::Select})
    for (bool causal : {false, true})
      check({2, 2, 35, 35, 16, 16, mask, causal, false});
}

TEST(Attention, CausalOverSeveralBlocks) {
  check({1, 1, 290, 290, 32, 32, Mask::None, true, false}, false);
  check({1, 2, 5, 200, 16, 16, Mask::None, true, false}, false); // fewer queries than keys
  check({1, 2, 200, 9, 16, 16, Mask::None, true, false}, false);
}

TEST(Attention, HeadsInsideOneTensor) {
  check({2, 3, 21, 21, 32, 32, Mask::Padding, false, true});
  check({1, 12, 128, 128, 32, 32, Mask::Padding, false, true}, false);
}

TEST(Attention, RowsDoNotDependOnTheirNeighbours) {
  // The last query of a long call has the bits that it has alone.
  Case all{1, 2, 100, 150, 32, 32, Mask::None, false, false}, alone = all;
  alone.s = 1;
  Data data = makeData(all), one = makeData(alone);
  for (int64_t h = 0; h < 2; ++h) {
    std::memcpy(one.k->data(), data.k->data(), data.k->size() * 4);
    std::memcpy(one.v->data(), data.v->data(), data.v->size() * 4);
    std::memcpy(one.q->data() + h * 32, data.q->data() + (h * 100 + 99) * 32, 32 * 4);
  }
  for (const Target &target : targets())
    if (canRun(target)) {
      std::vector<float> many = run(all, data, target, false, Frame::Forward),
                         single = run(alone, one, target, false, Frame::Forward);
      EXPECT_EQ(std::memcmp(many.data() + 99 * 64, single.data(), 64 * 4), 0) << target.name.str();
    }
}

TEST(Attention, CutIntoChunks) {
  Case c{2, 12, 128, 128, 32, 32, Mask::Padding, false, true};
  Data data = makeData(c);
  for (const Target &target : targets())
    if (canRun(target)) {
      int64_t chunks = 0;
      std::vector<float> forward = run(c, data, target, false, Frame::Forward, &chunks);
      EXPECT_GT(chunks, 4);
      EXPECT_EQ(forward, run(c, data, target, false, Frame::Threads));
    }
}

TEST(Attention, NaNTravels) {
  Case c{1, 1, 3, 20, 16, 16, Mask::None, false, false};
  Data data = makeData(c);
  (*data.q)[16] = NAN; // the second query
  for (const Target &target : targets())
    if (canRun(target)) {
      std::vector<float> y = run(c, data, target, false, Frame::Forward);
      for (int64_t f = 0; f < 16; ++f) {
        EXPECT_FALSE(std::isnan(y[f]));
        EXPECT_TRUE(std::isnan(y[16 + f]));
        EXPECT_FALSE(std::isnan(y[32 + f]));
      }
    }
}
