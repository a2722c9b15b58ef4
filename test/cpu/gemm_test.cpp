// kern.gemm: the builder against scalar loops (bit for bit), against f64, across targets, tiles, batches and chunk
// orders, at guarded memory.
#include "test/cpu/Harness.h"
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <random>

using namespace modc::cpu;

namespace {
struct Case {
  int64_t batch, m, n, k;
  enum Form { Panels, Rows, TransB, TransA, SharedB } form;
  bool dynamic; ///< sizes n and k as arguments
};

std::string text(const Case &c, bool gelu) {
  auto size = [&](int64_t v) { return c.dynamic ? std::string("?") : std::to_string(v); };
  std::string N = size(c.n), K = size(c.k);
  bool batched = c.form != Case::Panels;
  std::string lead = batched ? "?x" : "";
  // Arguments: x, w, b, y, m, n, k, batch = 4 .. 7.
  auto dims = [&](std::vector<int> numbers) {
    std::string list;
    for (int number : numbers)
      list += (list.empty() ? "" : ", ") + std::to_string(number);
    return " {kern.sizes = array<i64: " + list + ">}";
  };
  auto matrix = [&](bool withBatch, const std::string &rows, int rowArg, const std::string &cols, int colArg) {
    std::vector<int> numbers;
    if (withBatch)
      numbers.push_back(7);
    if (rows == "?")
      numbers.push_back(rowArg);
    if (cols == "?")
      numbers.push_back(colArg);
    std::string type = "memref<" + std::string(withBatch ? "?x" : "") + rows + "x" + cols + "xf32>";
    return std::pair(type, numbers.empty() ? std::string() : dims(numbers));
  };
  auto x = c.form == Case::TransA ? matrix(true, K, 6, "?", 4) : matrix(batched, "?", 4, K, 6);
  std::pair<std::string, std::string> w;
  if (c.form == Case::Panels)
    w = {"!kern.panels<" + N + "x" + K + "xf32>", ""};
  else if (c.form == Case::TransB)
    w = matrix(true, N, 5, K, 6);
  else
    w = matrix(c.form != Case::SharedB, K, 6, N, 5);
  auto y = matrix(batched, "?", 4, N, 5);
  std::string bias = "memref<" + N + "xf32>";
  std::string s = "kern.func @gemm(%x: " + x.first + x.second + ", %w: " + w.first + w.second + ", %b: " + bias +
                  ", %y: " + y.first + y.second + ", %m: index, %n0: index, %k0: index, %g: index) {\n";
  if (c.dynamic)
    s += " %one = arith.constant 1 : index\n %n = arith.muli %n0, %one : index\n %k = arith.muli %k0, %one : index\n";
  else
    s += " %n = arith.constant " + N + " : index\n %k = arith.constant " + K + " : index\n";
  s += " kern.gemm %x, %w rows(%m) cols(%n) inner(%k)";
  if (batched)
    s += " batch(%g)";
  if (c.form == Case::TransB)
    s += " {trans_b}";
  if (c.form == Case::TransA)
    s += " {trans_a}";
  s += " : " + x.first + ", " + w.first + " epilogue (%acc: f32, " + (batched ? "%gi: index, " : "") +
       "%i: index, %j: index) {\n";
  s += "  %bv = kern.load %b[%j] : " + bias + "\n  %s = arith.addf %acc, %bv : f32\n";
  if (gelu)
    s += "  %half = arith.constant 0.5 : f32\n  %unit = arith.constant 1.0 : f32\n  %q = arith.constant 0.70710678 : "
         "f32\n"
         "  %t = arith.mulf %s, %q : f32\n  %e = math.erf %t : f32\n  %p = arith.addf %e, %unit : f32\n"
         "  %h = arith.mulf %s, %half : f32\n  %r = arith.mulf %h, %p : f32\n";
  else
    s += "  %z = arith.constant 0.0 : f32\n  %neg = arith.cmpf ogt, %z, %s : f32\n  %r = arith.select %neg, %z, %s : "
         "f32\n";
  s += std::string("  kern.store %r, %y[") + (batched ? "%gi, " : "") + "%i, %j] : " + y.first + "\n }\n}\n";
  if (c.form == Case::Panels) {
    std::string plain = "memref<" + N + "x" + K + "xf32>";
    std::string sizes = c.dynamic ? " {kern.sizes = array<i64: 2, 3>}" : "";
    s += "kern.func @pack(%w: " + plain + sizes + ", %p: " + w.first + ", %n0: index, %k0: index) {\n";
    if (c.dynamic)
      s += " %one = arith.constant 1 : index\n %n = arith.muli %n0, %one : index\n %k = arith.muli %k0, %one : index\n";
    else
      s += " %n = arith.constant " + N + " : index\n %k = arith.constant " + K + " : index\n";
    s += " kern.pack into %p cols(%n) inner(%k) : " + w.first +
         " element (%j: index, %kk: index) {\n  %v = kern.load %w[%j, %kk] : " + plain +
         "\n  kern.yield %v : f32\n }\n}\n";
  }
  return s;
}

struct Data {
  Guarded x, w, b;
  std::vector<double> exact; // sums without bias, and of magnitudes
  std::vector<double> scale;
};

// Values in the layouts of the case; rows of batch 0 do not depend on m, so that results for several m compare.
void fill(const Case &c, Data &d) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> uniform(-1, 1);
  for (Guarded *g : {&d.x, &d.w, &d.b})
    for (size_t i = 0; i < g->size(); ++i)
      (*g)[i] = uniform(random);
  d.exact.assign(c.batch * c.m * c.n, 0);
  d.scale.assign(c.batch * c.m * c.n, 0);
  for (int64_t g = 0; g < c.batch; ++g)
    for (int64_t i = 0; i < c.m; ++i)
      for (int64_t j = 0; j < c.n; ++j)
        for (int64_t k = 0; k < c.k; ++k) {
          double x = c.form == Case::TransA ? d.x[(g * c.k + k) * c.m + i] : d.x[(g * c.m + i) * c.k + k];
          int64_t gw = c.form == Case::SharedB ? 0 : g;
          double w = c.form == Case::Panels || c.form == Case::TransB ? d.w[(gw * c.n + j) * c.k + k]
                                                                      : d.w[(gw * c.k + k) * c.n + j];
          d.exact[(g * c.m + i) * c.n + j] += x * w;
          d.scale[(g * c.m + i) * c.n + j] += std::abs(x * w);
        }
}

std::vector<float> run(const Case &c, Data &d, const Target &target, bool naive, bool gelu, Frame::Order order,
                       int64_t *chunks = nullptr) {
  const Loaded &code = loaded(text(c, gelu), target, naive);
  Guarded y(c.batch * c.m * c.n);
  for (size_t i = 0; i < y.size(); ++i)
    y[i] = NAN;
  Frame frame(order);
  const float *w = d.w.data();

  std::unique_ptr<Guarded> packed;
  if (c.form == Case::Panels) {
    int64_t width = panelWidth(c.dynamic ? mlir::ShapedType::kDynamic : c.n, 4, target);
    packed = std::make_unique<Guarded>((c.n + width - 1) / width * width * c.k);
    for (size_t i = 0; i < packed->size(); ++i)
      (*packed)[i] = NAN;
    EXPECT_EQ(frame.run(code.function("pack"), {word(w), word(packed->data()), uint64_t(c.n), uint64_t(c.k)}), MODC_OK);
    w = packed->data();
  }
  EXPECT_EQ(frame.run(code.function("gemm"), {word(d.x.data()), word(w), word(d.b.data()), word(y.data()),
                                              uint64_t(c.m), uint64_t(c.n), uint64_t(c.k), uint64_t(c.batch)}),
            MODC_OK);
  if (chunks)
    *chunks = frame.chunks;
  return std::vector<float>(y.data(), y.data() + y.size());
}

std::unique_ptr<Data> data(const Case &c) {
  size_t w = c.n * c.k * (c.form == Case::Panels || c.form == Case::SharedB ? 1 : c.batch);
  std::unique_ptr<Data> d(new Data{Guarded(c.batch * c.m * c.k), Guarded(w), Guarded(c.n), {}, {}});
  fill(c, *d);
  return d;
}

bool same(const std::vector<float> &a, const std::vector<float> &b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

void check(const Case &c, bool gelu = false) {
  SCOPED_TRACE(::testing::Message() << "batch " << c.batch << " " << c.m << "x" << c.n << "x" << c.k << " form "
                                    << c.form << (c.dynamic ? " dynamic" : "") << (gelu ? " gelu" : ""));
  auto d = data(c);
  std::vector<float> oracle = run(c, *d, targets()[0], /*naive=*/true, gelu, Frame::Forward);
  for (size_t i = 0; i < oracle.size(); ++i) {
    double s = d->exact[i] + d->b[i % c.n], want = gelu ? 0.5 * s * (1 + std::erf(s * 0.70710678f)) : std::max(s, 0.0);
    ASSERT_NEAR(oracle[i], want, 1e-6 + (c.k + 8) * 6e-8 * (d->scale[i] + 1)) << "element " << i;
  }
  for (const Target &target : targets())
    if (canRun(target))
      for (Frame::Order order : {Frame::Forward, Frame::Backward})
        EXPECT_TRUE(same(oracle, run(c, *d, target, false, gelu, order))) << target.name.str() << " order " << order;
}
} // namespace

TEST(Gemm, RaggedShapes) {
  std::mt19937 random(1);
  auto pick = [&](int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random); };
  for (int trial = 0; trial < 14; ++trial)
    check({1, pick(1, 40), pick(1, 200), pick(1, 90), Case::Panels, trial % 4 == 3}, trial % 3 == 2);
}

TEST(Gemm, EveryRowCount) {
  // One artifact serves every m; each row's bits are those it has alone.
  Case c{1, 40, 70, 33, Case::Panels, false};
  auto d = data(c);
  for (const Target &target : targets()) {
    if (!canRun(target))
      continue;
    std::vector<float> all = run(c, *d, target, false, false, Frame::Forward);
    for (int64_t m = 1; m < 40; m += m < 16 ? 1 : 5) {
      Case part = c;
      part.m = m;
      std::vector<float> some = run(part, *d, target, false, false, Frame::Forward);
      EXPECT_EQ(std::memcmp(all.data(), some.data(), some.size() * sizeof(float)), 0)
          << target.name.str() << " m " << m;
    }
  }
}

TEST(Gemm, PlainAndTransposedOperands) {
  std::mt19937 random(2);
  auto pick = [&](int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random); };
  for (Case::Form form : {Case::Rows, Case::TransB, Case::TransA, Case::SharedB})
    for (int trial = 0; trial < 3; ++trial)
      check({pick(1, 4), pick(1, 30), pick(1, 100), pick(1, 70), form, trial == 2}, trial == 1);
}

TEST(Gemm, CutIntoChunks) {
  // Large enough for several chunks: the cut follows from sizes, and any order and any threads give the same bits.
  for (bool gelu : {false, true}) {
    Case c{1, 150, 200, 300, Case::Panels, false};
    auto d = data(c);
    for (const Target &target : targets()) {
      if (!canRun(target))
        continue;
      int64_t chunks = 0, again = 0;
      std::vector<float> forward = run(c, *d, target, false, gelu, Frame::Forward, &chunks);
      EXPECT_GT(chunks, 2);
      EXPECT_LE(chunks, 4096);
      EXPECT_TRUE(same(forward, run(c, *d, target, false, gelu, Frame::Threads, &again)));
      EXPECT_EQ(chunks, again);
    }
  }
}

TEST(Gemm, NoRowsNoWork) {
  Case c{1, 1, 20, 5, Case::Panels, false};
  for (const Target &target : targets()) {
    if (!canRun(target))
      continue;
    Loaded code(text(c, false), target);
    Frame frame;
    EXPECT_EQ(frame.run(code.function("gemm"), {0, 0, 0, 0, 0, 20, 5, 1}), MODC_OK);
  }
}

TEST(Gemm, NaNAndInfinityTravel) {
  Case c{1, 3, 17, 9, Case::Panels, false};
  auto d = data(c);
  d->x[0] = NAN;
  d->x[9] = INFINITY;
  for (const Target &target : targets()) {
    if (!canRun(target))
      continue;
    std::vector<float> y = run(c, *d, target, false, false, Frame::Forward);
    for (int64_t j = 0; j < 17; ++j) {
      EXPECT_TRUE(std::isnan(y[j])); // relu carries NaN
      EXPECT_TRUE(y[17 + j] == 0 || std::isinf(y[17 + j]));
      EXPECT_TRUE(std::isfinite(y[34 + j]));
    }
  }
}

TEST(Gemm, SameInputSameBytes) {
  Case c{1, 3, 100, 50, Case::Panels, false};
  std::string error;
  auto one = emitObject(text(c, true), targets()[1], {}, error),
       two = emitObject(text(c, true), targets()[1], {}, error);
  ASSERT_TRUE(succeeded(one) && succeeded(two)) << error;
  EXPECT_TRUE(one->bytes == two->bytes);
  EXPECT_EQ(std::string(one->bytes.begin(), one->bytes.end()).find("/work"), std::string::npos);
}
