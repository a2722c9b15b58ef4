// kern.conv and kern.dwconv: the builders against scalar loops (bit for bit) and against f64, over ragged shapes,
// targets and chunk orders, at guarded memory.
#include "test/cpu/Harness.h"
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <random>

using namespace modc::cpu;

namespace {
using Sizes = std::vector<int64_t>;

struct Case {
  int64_t batch;
  Sizes input;
  int64_t channels, features; ///< features of `kern.dwconv`: as many as channels
  Sizes kernel, stride, pad, behind, dilation;
  int64_t groups = 1;
  bool depthwise = false;
  bool dynamic = false;       ///< all sizes as arguments
  bool channelsFirst = false; ///< the input lies as [batch, channels, positions] and is read through a view
  bool gelu = false;          ///< an epilogue too long for registers

  size_t rank() const { return input.size(); }
  int64_t output(size_t dim) const {
    int64_t room = input[dim] + pad[dim] + behind[dim] - dilation[dim] * (kernel[dim] - 1) - 1;
    return room < 0 ? 0 : room / stride[dim] + 1;
  }
  static int64_t product(const Sizes &sizes) {
    int64_t total = 1;
    for (int64_t size : sizes)
      total *= size;
    return total;
  }
  Sizes outputs() const {
    Sizes sizes;
    for (size_t dim = 0; dim < rank(); ++dim)
      sizes.push_back(output(dim));
    return sizes;
  }
  int64_t positions() const { return product(kernel); }
  int64_t perGroup() const { return depthwise ? 1 : channels / groups; }
};

std::string list(const Sizes &values) {
  std::string text;
  for (int64_t value : values)
    text += (text.empty() ? "" : ", ") + std::to_string(value);
  return "[" + text + "]";
}

// Arguments: x, w, b, y, then batch, input sizes, output sizes, channels, features.
std::string text(const Case &c) {
  size_t rank = c.rank();
  size_t firstIn = 5, firstOut = firstIn + rank, channels = firstOut + rank, features = channels + 1;
  auto size = [&](int64_t v) { return c.dynamic ? std::string("?") : std::to_string(v); };
  auto attribute = [&](const std::vector<size_t> &numbers) {
    std::string text;
    for (size_t number : numbers)
      text += (text.empty() ? "" : ", ") + std::to_string(number);
    return c.dynamic ? " {kern.sizes = array<i64: " + text + ">}" : std::string();
  };
  std::string x = "memref<?", y = "memref<?";
  std::vector<size_t> xSizes{4}, ySizes{4};
  if (c.channelsFirst) {
    x += "x" + size(c.channels);
    xSizes.push_back(channels);
  }
  for (size_t dim = 0; dim < rank; ++dim) {
    x += "x" + size(c.input[dim]);
    y += "x" + size(c.output(dim));
    xSizes.push_back(firstIn + dim);
    ySizes.push_back(firstOut + dim);
  }
  if (!c.channelsFirst) {
    x += "x" + size(c.channels);
    xSizes.push_back(channels);
  }
  x += "xf32>";
  y += "x" + size(c.features) + "xf32>";
  ySizes.push_back(features);
  std::string bias = "memref<" + size(c.features) + "xf32>";
  std::string columns = size(c.features / c.groups), terms = size(c.positions() * c.channels);
  std::string w = c.depthwise ? "memref<" + std::to_string(c.positions()) + "x" + size(c.channels) + "xf32>"
                              : "!kern.panels<" + columns + "x" + terms + "xf32>";
  std::string wSizes = c.depthwise ? attribute({channels}) : "";
  std::string arguments = ", %b: " + bias + ", %y: " + y + attribute(ySizes) + ", %n: index", sizes;
  auto declare = [&](const std::string &name, int64_t value) {
    arguments += ", %" + name + "0: index";
    sizes += c.dynamic ? " %" + name + " = arith.addi %" + name + "0, %zero : index\n"
                       : " %" + name + " = arith.constant " + std::to_string(value) + " : index\n";
  };
  std::string in, out, position, names[] = {"p", "q", "r"};
  for (size_t dim = 0; dim < rank; ++dim) {
    declare("in" + std::to_string(dim), c.input[dim]);
    in += (dim ? ", %in" : "%in") + std::to_string(dim);
  }
  for (size_t dim = 0; dim < rank; ++dim) {
    declare("out" + std::to_string(dim), c.output(dim));
    out += (dim ? ", %out" : "%out") + std::to_string(dim);
    position += "%" + names[dim] + ", ";
  }
  declare("c", c.channels);
  declare("o", c.features);
  std::string s = "kern.func @conv(%x: " + x + attribute(xSizes) + ", %w: " + w + wSizes + arguments +
                  ") {\n %zero = arith.constant 0 : index\n" + sizes;
  std::string operand = "%x", type = x;
  if (c.channelsFirst) {
    // Only of known sizes: [batch, positions..., channels] over [batch, channels, positions...].
    type = "memref<?";
    std::string strides = std::to_string(Case::product(c.input) * c.channels), dims = "%n";
    for (size_t dim = 0; dim < rank; ++dim) {
      type += "x" + std::to_string(c.input[dim]);
      dims += ", " + std::to_string(c.input[dim]);
      strides += ", " + std::to_string(Case::product(Sizes(c.input.begin() + dim + 1, c.input.end())));
    }
    strides += ", " + std::to_string(Case::product(c.input));
    type += "x" + std::to_string(c.channels) + "xf32, strided<[" + strides + "]>>";
    s += " %view = memref.reinterpret_cast %x to offset: [0], sizes: [" + dims + ", " + std::to_string(c.channels) +
         "], strides: [" + strides + "] : " + x + " to " + type + "\n";
    operand = "%view";
  }
  s += std::string(" kern.") + (c.depthwise ? "dwconv " : "conv ") + operand + ", %w batch(%n) input(" + in +
       ") output(" + out + ") channels(%c)" + (c.depthwise ? "" : " features(%o)") + " kernel " + list(c.kernel) +
       " stride " + list(c.stride) + " pad " + list(c.pad) + " dilation " + list(c.dilation) +
       (c.depthwise ? "" : " groups " + std::to_string(c.groups)) + " : " + type + ", " + w +
       " epilogue (%acc: f32, %i: index";
  for (size_t dim = 0; dim < rank; ++dim)
    s += ", %" + names[dim] + ": index";
  s += ", %f: index) {\n  %bv = kern.load %b[%f] : " + bias + "\n  %s = arith.addf %acc, %bv : f32\n";
  if (c.gelu)
    s += "  %half = arith.constant 0.5 : f32\n  %unit = arith.constant 1.0 : f32\n  %k = arith.constant 0.70710678 : "
         "f32\n"
         "  %t = arith.mulf %s, %k : f32\n  %e = math.erf %t : f32\n  %m = arith.addf %e, %unit : f32\n"
         "  %h = arith.mulf %s, %half : f32\n  %v = arith.mulf %h, %m : f32\n";
  else
    s += "  %z = arith.constant 0.0 : f32\n  %neg = arith.cmpf ogt, %z, %s : f32\n"
         "  %v = arith.select %neg, %z, %s : f32\n";
  s += "  kern.store %v, %y[%i, " + position + "%f] : " + y + "\n }\n}\n";
  if (!c.depthwise) {
    // Weights [features, kernel positions * channels of a group].
    std::string width = std::to_string(c.positions() * c.perGroup()),
                plain = "memref<" + std::to_string(c.features) + "x" + width + "xf32>";
    s += "kern.func @pack(%w: " + plain + ", %p: " + w + ", %j0: index, %k0: index) {\n";
    if (c.dynamic)
      s += " %zero = arith.constant 0 : index\n %j = arith.addi %j0, %zero : index\n %k = arith.addi %k0, %zero : "
           "index\n";
    else
      s += " %j = arith.constant " + columns + " : index\n %k = arith.constant " + terms + " : index\n";
    s += " kern.pack into %p cols(%j) inner(%k) : " + w + " element (%col: index, %term: index) {\n";
    s += "  %f = affine.apply affine_map<(j, k) -> (k floordiv " + width + " * " +
         std::to_string(c.features / c.groups) + " + j)>(%col, %term)\n  %t = affine.apply affine_map<(k) -> (k mod " +
         width + ")>(%term)\n  %v = kern.load %w[%f, %t] : " + plain + "\n  kern.yield %v : f32\n }\n}\n";
  }
  return s;
}

struct Data {
  Guarded x, w, b;
  std::vector<double> exact, scale; // sums without bias, and of magnitudes
};

// Every summand by its definition, in f64.
void sumUp(const Case &c, Data &d) {
  Sizes outputs = c.outputs();
  int64_t places = Case::product(outputs), inside = Case::product(c.input), perGroup = c.perGroup();
  d.exact.assign(c.batch * places * c.features, 0);
  d.scale.assign(d.exact.size(), 0);
  size_t rank = c.rank();
  for (int64_t n = 0; n < c.batch; ++n)
    for (int64_t place = 0; place < places; ++place)
      for (int64_t t = 0; t < c.positions(); ++t) {
        int64_t from = 0, restPlace = place, restT = t, step = 1;
        bool in = true;
        for (size_t dim = rank; dim-- > 0;) {
          int64_t p = restPlace % outputs[dim], k = restT % c.kernel[dim];
          restPlace /= outputs[dim];
          restT /= c.kernel[dim];
          int64_t at = p * c.stride[dim] + k * c.dilation[dim] - c.pad[dim];
          in &= at >= 0 && at < c.input[dim];
          from += at * step;
          step *= c.input[dim];
        }
        if (!in)
          continue;
        for (int64_t f = 0; f < c.features; ++f)
          for (int64_t k = 0; k < perGroup; ++k) {
            int64_t channel = c.depthwise ? f : f / (c.features / c.groups) * perGroup + k;
            double x = c.channelsFirst ? d.x[(n * c.channels + channel) * inside + from]
                                       : d.x[(n * inside + from) * c.channels + channel];
            double w = c.depthwise ? d.w[t * c.channels + f] : d.w[(f * c.positions() + t) * perGroup + k];
            d.exact[(n * places + place) * c.features + f] += x * w;
            d.scale[(n * places + place) * c.features + f] += std::abs(x * w);
          }
      }
}

std::unique_ptr<Data> data(const Case &c) {
  size_t weights = c.depthwise ? c.positions() * c.channels : c.features * c.positions() * c.perGroup();
  std::unique_ptr<Data> d(
      new Data{Guarded(c.batch * Case::product(c.input) * c.channels), Guarded(weights), Guarded(c.features), {}, {}});
  std::mt19937 random(11);
  std::uniform_real_distribution<float> uniform(-1, 1);
  for (Guarded *g : {&d->x, &d->w, &d->b})
    for (size_t i = 0; i < g->size(); ++i)
      (*g)[i] = uniform(random);
  sumUp(c, *d);
  return d;
}

std::vector<float> run(const Case &c, Data &d, const Target &target, bool naive, Frame::Order order,
                       int64_t *chunks = nullptr) {
  const Loaded &code = loaded(text(c), target, naive);
  Guarded y(c.batch * Case::product(c.outputs()) * c.features);
  for (size_t i = 0; i < y.size(); ++i)
    y[i] = NAN;
  Frame frame(order);
  const float *w = d.w.data();
  std::unique_ptr<Guarded> packed;
  if (!c.depthwise) {
    int64_t cols = c.features / c.groups, terms = c.positions() * c.channels;
    int64_t width = panelWidth(c.dynamic ? mlir::ShapedType::kDynamic : cols, 4, target);
    packed = std::make_unique<Guarded>((cols + width - 1) / width * width * terms);
    for (size_t i = 0; i < packed->size(); ++i)
      (*packed)[i] = NAN;
    EXPECT_EQ(frame.run(code.function("pack"), {word(w), word(packed->data()), uint64_t(cols), uint64_t(terms)}),
              MODC_OK);
    w = packed->data();
  }
  std::vector<uint64_t> words{word(d.x.data()), word(w), word(d.b.data()), word(y.data()), uint64_t(c.batch)};
  words.insert(words.end(), c.input.begin(), c.input.end());
  for (int64_t size : c.outputs())
    words.push_back(size);
  words.insert(words.end(), {uint64_t(c.channels), uint64_t(c.features)});
  EXPECT_EQ(frame.run(code.function("conv"), words), MODC_OK);
  if (chunks)
    *chunks = frame.chunks;
  return std::vector<float>(y.data(), y.data() + y.size());
}

bool same(const std::vector<float> &a, const std::vector<float> &b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

void check(const Case &c) {
  SCOPED_TRACE(::testing::Message() << c.batch << " of " << list(c.input) << " x " << c.channels << " -> "
                                    << list(c.outputs()) << " x " << c.features << ", kernel " << list(c.kernel)
                                    << " stride " << list(c.stride) << " pad " << list(c.pad) << list(c.behind)
                                    << " dilation " << list(c.dilation) << " groups " << c.groups
                                    << (c.depthwise ? " depthwise" : "") << (c.dynamic ? " dynamic" : "")
                                    << (c.channelsFirst ? " channels first" : "") << (c.gelu ? " gelu" : ""));
  auto d = data(c);
  std::vector<float> oracle = run(c, *d, targets()[0], /*naive=*/true, Frame::Forward);
  for (size_t i = 0; i < oracle.size(); ++i) {
    double s = d->exact[i] + d->b[i % c.features];
    double want = c.gelu ? 0.5 * s * (1 + std::erf(s * 0.70710678f)) : std::max(s, 0.0);
    ASSERT_NEAR(oracle[i], want, 1e-6 + double(c.positions() * c.perGroup() + 8) * 6e-8 * (d->scale[i] + 1))
        << "element " << i;
  }
  for (const Target &target : targets())
    if (canRun(target))
      for (Frame::Order order : {Frame::Forward, Frame::Backward})
        EXPECT_TRUE(same(oracle, run(c, *d, target, false, order))) << target.name.str() << " order " << order;
}

Case square(int64_t batch, int64_t size, int64_t channels, int64_t features, int64_t kernel, int64_t stride,
            int64_t pad) {
  return {batch, {size, size}, channels, features, {kernel, kernel}, {stride, stride}, {pad, pad}, {pad, pad}, {1, 1}};
}

Case random(std::mt19937 &generator, bool depthwise) {
  auto pick = [&](int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(generator); };
  Case c;
  c.depthwise = depthwise;
  c.batch = pick(1, 3);
  size_t rank = pick(1, 3);
  int64_t most[] = {40, 12, 6};
  for (size_t dim = 0; dim < rank; ++dim) {
    c.input.push_back(pick(1, most[rank - 1]));
    c.kernel.push_back(pick(1, 4));
    c.stride.push_back(pick(1, 3));
    c.dilation.push_back(pick(1, 3));
    c.pad.push_back(pick(0, 9) == 0 ? -1 : pick(0, 5)); // larger than the kernel too, and behind the first element
    c.behind.push_back(pick(0, 5));
  }
  c.groups = depthwise || pick(0, 1) ? 1 : pick(2, 3);
  c.channels = c.groups * pick(1, depthwise ? 70 : 9);
  c.features = depthwise ? c.channels : c.groups * pick(1, c.groups == 1 ? 150 : 40);
  c.dynamic = pick(0, 2) == 0;
  c.channelsFirst = !depthwise && !c.dynamic && pick(0, 3) == 0;
  c.gelu = pick(0, 3) == 0;
  return c;
}
} // namespace

TEST(Conv, RaggedShapes) {
  std::mt19937 generator(3);
  for (int trial = 0; trial < 12; ++trial)
    check(random(generator, false));
}

TEST(Conv, RaggedShapesDepthwise) {
  std::mt19937 generator(5);
  for (int trial = 0; trial < 8; ++trial)
    check(random(generator, true));
}

TEST(Conv, MapsOfNetworks) {
  // Small maps in batches, the first layer, strides, every channel count of a panel's vectors.
  check(square(3, 7, 32, 64, 3, 1, 1));
  check(square(1, 14, 16, 48, 3, 1, 1));
  check(square(1, 15, 8, 130, 3, 2, 1));
  check(square(1, 23, 3, 64, 7, 2, 3));
  check(square(2, 9, 20, 96, 1, 2, 0));
  Case first = square(1, 17, 3, 32, 3, 2, 1);
  first.channelsFirst = true;
  check(first);
  Case dilated = square(1, 9, 8, 16, 3, 1, 6);
  dilated.dilation = {6, 6};
  check(dilated);
  Case wide = square(1, 14, 96, 96, 3, 1, 1);
  wide.depthwise = true;
  check(wide);
  check({2, {300}, 1, 40, {128}, {4}, {62}, {62}, {1}});
  check({1, {4, 6, 5}, 5, 20, {3, 3, 3}, {1, 2, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}});
}

TEST(Conv, PanelsLargerThanCaches) {
  // The sums of all tiles of a part of the kernel before those of the next: the same bits.
  Case c = square(1, 7, 300, 64, 3, 1, 1);
  check(c);
  c.features = 70;
  c.gelu = true;
  check(c);
  check({1, {20}, 70, 128, {33}, {1}, {16}, {16}, {1}});
}

TEST(Conv, GroupsWhoseColumnsFillNoVector) {
  Case c = square(1, 6, 12, 20, 3, 1, 1);
  c.groups = 4;
  check(c);
  c.features = 4 * 70;
  check(c);
  c.features = 4;
  c.dynamic = true;
  check(c);
}

TEST(Conv, SizesOfZeroAndOne) {
  for (bool depthwise : {false, true}) {
    Case c = square(1, 1, 5, 5, 1, 1, 0);
    c.depthwise = depthwise;
    check(c);
    c.kernel = {3, 3};
    check(c); // no output position
    c.pad = c.behind = {4, 4};
    check(c); // most windows lie wholly outside
    c.batch = 0;
    check(c);
    c.dynamic = true;
    check(c);
    c.batch = 2;
    c.input = {0, 3};
    check(c); // nothing inside at all
  }
  Case none = square(2, 3, 0, 4, 3, 1, 1);
  check(none); // no channels: sums of nothing
}

TEST(Conv, CutIntoChunks) {
  for (bool depthwise : {false, true}) {
    Case c = depthwise ? square(2, 60, 96, 96, 3, 1, 1) : square(2, 20, 24, 160, 3, 1, 1);
    c.depthwise = depthwise;
    auto d = data(c);
    for (const Target &target : targets()) {
      if (!canRun(target))
        continue;
      int64_t chunks = 0, again = 0;
      std::vector<float> forward = run(c, *d, target, false, Frame::Forward, &chunks);
      EXPECT_GT(chunks, 2);
      EXPECT_LE(chunks, 4096);
      EXPECT_TRUE(same(forward, run(c, *d, target, false, Frame::Threads, &again)));
      EXPECT_EQ(chunks, again);
    }
  }
}

TEST(Conv, PaddingIsLeftOut) {
  // A weight that would make NaN of 0 meets only padding at the corner, and every position elsewhere.
  for (bool depthwise : {false, true}) {
    Case c = square(1, 8, 3, 3, 3, 1, 1);
    c.depthwise = depthwise;
    auto d = data(c);
    for (int64_t channel = 0; channel < 3; ++channel)
      d->w[depthwise ? channel : channel * 27] = INFINITY; // kernel position (0, 0)
    if (!depthwise)
      for (int64_t f = 0; f < 3; ++f)
        for (int64_t k = 1; k < 3; ++k)
          d->w[f * 27 + k] = INFINITY;
    for (const Target &target : targets())
      for (bool naive : {false, true}) {
        if (!canRun(target))
          continue;
        std::vector<float> y = run(c, *d, target, naive, Frame::Forward);
        for (int64_t place = 0; place < 64; ++place) {
          bool edge = place < 8 || place % 8 == 0;
          for (int64_t f = 0; f < 3; ++f) {
            float value = y[place * 3 + f];
            if (edge)
              EXPECT_TRUE(std::isfinite(value)) << place;
            else
              EXPECT_TRUE(std::isnan(value) || std::isinf(value) || value == 0) << place; // relu of -inf
          }
        }
      }
  }
}

TEST(Conv, OtherElementTypes) {
  // No fast form: scalar loops, but right. Sums of small integers are exact in every type.
  for (std::string type : {"f64", "bf16", "f16"}) {
    std::string acc = type == "f64" ? "f64" : "f32";
    std::string s = "kern.func @conv(%x: memref<?x5x2x" + type + ">, %w: !kern.panels<3x6x" + type +
                    ">, %y: memref<?x5x3x" + acc +
                    ">, %n: index) {\n %c5 = arith.constant 5 : index\n %c2 = arith.constant 2 : index\n %c3 = "
                    "arith.constant 3 : index\n"
                    " kern.conv %x, %w batch(%n) input(%c5) output(%c5) channels(%c2) features(%c3) kernel [3] stride "
                    "[1] pad [1] dilation [1] groups 1 : memref<?x5x2x" +
                    type + ">, !kern.panels<3x6x" + type + "> epilogue (%acc: " + acc +
                    ", %i: index, %p: index, %f: index) {\n  kern.store %acc, %y[%i, %p, %f] : memref<?x5x3x" + acc +
                    ">\n }\n}\nkern.func @pack(%w: memref<3x6x" + type + ">, %p: !kern.panels<3x6x" + type +
                    ">) {\n %j = arith.constant 3 : index\n %k = arith.constant 6 : index\n kern.pack into %p cols(%j) "
                    "inner(%k) : !kern.panels<3x6x" +
                    type + "> element (%c: index, %t: index) {\n  %v = kern.load %w[%c, %t] : memref<3x6x" + type +
                    ">\n  kern.yield %v : " + type + "\n }\n}\n";
    auto encode = [&](double value, void *memory, size_t i) {
      float f = float(value);
      uint32_t bits;
      std::memcpy(&bits, &f, 4);
      if (type == "f64")
        static_cast<double *>(memory)[i] = value;
      else if (type == "bf16")
        static_cast<uint16_t *>(memory)[i] = uint16_t(bits >> 16);
      else
        reinterpret_cast<_Float16 *>(memory)[i] = _Float16(f);
    };
    std::vector<double> x(10), w(18), packed(6 * 64), y(15, NAN);
    for (size_t i = 0; i < 10; ++i)
      encode(double(i % 7) - 3, x.data(), i);
    for (size_t i = 0; i < 18; ++i)
      encode(double(i % 5) - 2, w.data(), i);
    for (const Target &target : targets()) {
      if (!canRun(target))
        continue;
      const Loaded &code = loaded(s, target);
      Frame frame;
      ASSERT_EQ(frame.run(code.function("pack"), {word(w.data()), word(packed.data())}), MODC_OK);
      ASSERT_EQ(frame.run(code.function("conv"), {word(x.data()), word(packed.data()), word(y.data()), 1}), MODC_OK);
      for (int64_t p = 0; p < 5; ++p)
        for (int64_t f = 0; f < 3; ++f) {
          double want = 0;
          for (int64_t t = 0; t < 3; ++t)
            for (int64_t k = 0; k < 2; ++k)
              if (p + t - 1 >= 0 && p + t - 1 < 5)
                want += (double(((p + t - 1) * 2 + k) % 7) - 3) * (double((f * 6 + t * 2 + k) % 5) - 2);
          double got = type == "f64" ? y[p * 3 + f] : double(reinterpret_cast<float *>(y.data())[p * 3 + f]);
          EXPECT_EQ(got, want) << type << " " << target.name.str() << " " << p << " " << f;
        }
    }
  }
}
