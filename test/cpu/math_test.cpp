// Elementary functions of generated code against the C library in a wider type: at most 5 ulp over the whole range,
// special values right, the same bits on every target. `kern.pack` is the vehicle: its region runs in vectors.
#include "test/cpu/Harness.h"
#include <cmath>
#include <cstring>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <random>

using namespace modc::cpu;

namespace {
const double infinity = std::numeric_limits<double>::infinity();
constexpr int64_t columns = 64;

// f(x) in vectors of the target, for any number of values.
template <class T> std::vector<T> apply(const std::string &op, const Target &target, std::vector<T> x, T second = 0) {
  const char *type = sizeof(T) == 4 ? "f32" : "f64";
  size_t count = x.size();
  x.resize((count + columns - 1) / columns * columns, T(1));
  int64_t inner = x.size() / columns;
  std::string K = std::to_string(inner), t = type;
  std::string memref = "memref<64x" + K + "x" + t + ">", panels = "!kern.panels<64x" + K + "x" + t + ">";
  std::string text = "kern.func @f(%x: " + memref + ", %p: " + panels + ", %y: memref<1x" + t +
                     ">) {\n %n = arith.constant 64 : index\n %k = arith.constant " + K +
                     " : index\n %zero = arith.constant 0 : index\n kern.pack into %p cols(%n) inner(%k) : " + panels +
                     " element (%j: index, %i: index) {\n  %v = kern.load %x[%j, %i] : " + memref +
                     "\n  %s = kern.load %y[%zero] : memref<1x" + t + ">\n  %r = " + op + "\n  kern.yield %r : " + t +
                     "\n }\n}\n";
  int64_t width = panelWidth(columns, sizeof(T), target);
  std::vector<T> panel(x.size()), result(count);
  Frame frame;
  EXPECT_EQ(frame.run(loaded(text, target).function("f"), {word(x.data()), word(panel.data()), word(&second)}),
            MODC_OK);
  for (size_t i = 0; i < count; ++i) {
    int64_t j = i / inner, k = i % inner;
    result[i] = panel[((j / width) * inner + k) * width + j % width];
  }
  return result;
}

// Distance of a result from the exact value in units of the result's last place.
template <class T> double ulps(T got, long double want) {
  if (std::isnan(got) && std::isnan(want))
    return 0;
  if (std::isnan(got) || std::isnan(want))
    return infinity;
  T rounded = T(want);
  if (got == rounded)
    return 0;
  if (std::isinf(got) || std::isinf(rounded)) // one step past the largest number is still near
    return std::isinf(got) && std::isinf(rounded)                                                     ? infinity
           : std::abs(std::isinf(got) ? rounded : got) >= std::numeric_limits<T>::max() * T(0.999999) ? 1
                                                                                                      : infinity;
  int exponent;
  std::frexp(std::abs(rounded), &exponent);
  long double place =
      std::ldexp(1.0L, std::max(exponent, std::numeric_limits<T>::min_exponent) - std::numeric_limits<T>::digits);
  return double(std::abs((long double)(got)-want) / place);
}

struct Function {
  const char *name, *op;
  std::function<long double(long double)> exact;
  double limit64; ///< |x| of f64 inputs stays below
};

const Function functions[] = {
    {"exp", "math.exp %v : ", [](long double x) { return std::exp(x); }, 760},
    {"exp2", "math.exp2 %v : ", [](long double x) { return std::exp2(x); }, 1100},
    {"expm1", "math.expm1 %v : ", [](long double x) { return std::expm1(x); }, 720},
    {"log", "math.log %v : ", [](long double x) { return std::log(x); }, infinity},
    {"log1p", "math.log1p %v : ", [](long double x) { return std::log1p(x); }, infinity},
    {"log2", "math.log2 %v : ", [](long double x) { return std::log2(x); }, infinity},
    {"log10", "math.log10 %v : ", [](long double x) { return std::log10(x); }, infinity},
    {"tanh", "math.tanh %v : ", [](long double x) { return std::tanh(x); }, 50},
    {"erf", "math.erf %v : ", [](long double x) { return std::erf(x); }, 10},
    {"sin", "math.sin %v : ", [](long double x) { return std::sin(x); }, 1e5},
    {"cos", "math.cos %v : ", [](long double x) { return std::cos(x); }, 1e5},
    {"rsqrt", "math.rsqrt %v : ", [](long double x) { return 1 / std::sqrt(x); }, infinity},
};

std::vector<float> manyFloats(bool moderate) {
  std::vector<float> x{0.0f, -0.0f,     INFINITY,   -INFINITY, NAN,           1,
                       -1,   0x1p-149f, -0x1p-149f, 0x1p-126f, 3.4028235e38f, -3.4028235e38f};
  for (uint64_t bits = 0; bits < (uint64_t(1) << 32); bits += 20011) {
    uint32_t word = uint32_t(bits);
    float value;
    std::memcpy(&value, &word, 4);
    x.push_back(value);
  }
  for (int i = -40000; i <= 40000; ++i) // where functions have their shape
    x.push_back(float(i) * 0.0025f + 1e-5f);
  if (moderate)
    std::erase_if(x, [](float v) { return std::abs(v) > 0x1p40f && std::isfinite(v); });
  return x;
}
} // namespace

TEST(Math, SinglePrecision) {
  for (const Function &f : functions) {
    SCOPED_TRACE(f.name);
    std::vector<float> x = manyFloats(f.limit64 == 1e5), first;
    for (const Target &target : targets()) {
      if (!canRun(target))
        continue;
      std::vector<float> y = apply<float>(std::string(f.op) + "f32", target, x);
      if (!first.empty())
        EXPECT_EQ(std::memcmp(first.data(), y.data(), y.size() * 4), 0) << target.name.str() << " has other bits";
      first = y;
      double worst = 0;
      float at = 0;
      for (size_t i = 0; i < x.size(); ++i) {
        double error = ulps(y[i], f.exact(x[i]));
        if (error > worst) {
          worst = error;
          at = x[i];
        }
      }
      EXPECT_LE(worst, 5) << target.name.str() << " at " << at << ": "
                          << apply<float>(std::string(f.op) + "f32", target, {at})[0] << ", exactly "
                          << double(f.exact(at));
    }
  }
}

TEST(Math, DoublePrecision) {
  std::mt19937_64 random(3);
  for (const Function &f : functions) {
    SCOPED_TRACE(f.name);
    std::vector<double> x{0.0,       -0.0,      infinity, -infinity, std::nan(""), 1,          -1,
                          0x1p-1074, 0x1p-1022, 0.5,      -0.5,      1 + 0x1p-52,  1 - 0x1p-53};
    for (int i = 0; i < 40000; ++i) {
      double value = std::ldexp(std::uniform_real_distribution<double>(1, 2)(random), int(random() % 80) - 60) *
                     (random() % 2 ? 1 : -1);
      if (f.limit64 == infinity && i % 2)
        value = std::ldexp(value, int(random() % 900));
      if (std::abs(value) < f.limit64)
        x.push_back(value);
      x.push_back(std::uniform_real_distribution<double>(-8, 8)(random));
    }
    for (const Target &target : targets()) {
      if (!canRun(target))
        continue;
      std::vector<double> y = apply<double>(std::string(f.op) + "f64", target, x);
      for (size_t i = 0; i < x.size(); ++i)
        ASSERT_LE(ulps(y[i], f.exact(x[i])), 5)
            << target.name.str() << " at " << x[i] << ": " << y[i] << ", exactly " << double(f.exact(x[i]));
    }
  }
}

TEST(Math, Pow) {
  std::vector<float> x{0.0f, -0.0f, 1, -1, 2, -2, 0.5f, -0.5f, INFINITY, -INFINITY, NAN, 1e-40f, 3e38f, 1.0000001f, -3};
  for (int i = 1; i < 2000; ++i)
    x.push_back(float(i) * 0.013f);
  for (float y :
       {0.0f, 1.0f, 2.0f, 3.0f, -1.0f, -2.0f, 0.5f, -0.5f, 2.5f, 7.0f, 1e10f, INFINITY, -INFINITY, NAN, -3.0f})
    for (const Target &target : targets()) {
      if (!canRun(target))
        continue;
      std::vector<float> z = apply<float>("math.powf %v, %s : f32", target, x, y);
      for (size_t i = 0; i < x.size(); ++i)
        ASSERT_LE(ulps(z[i], std::pow((long double)(x[i]), (long double)(y))), 2)
            << x[i] << " to the power " << y << " gives " << z[i];
    }
}

TEST(Math, SquareRootIsExact) {
  std::vector<float> x = manyFloats(false);
  for (const Target &target : targets())
    if (canRun(target)) {
      std::vector<float> y = apply<float>("math.sqrt %v : f32", target, x);
      for (size_t i = 0; i < x.size(); ++i)
        ASSERT_TRUE(y[i] == std::sqrt(x[i]) || (std::isnan(y[i]) && (x[i] < 0 || std::isnan(x[i])))) << x[i];
    }
}
