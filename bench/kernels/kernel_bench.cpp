// Speed of generated kernels on one core: GFLOP/s and share of the machine's multiply-add peak, measured beside them.
#include "bench/kernels/Bench.h"

using namespace modc::cpu;

static std::string gemmText(int64_t n, int64_t k, const std::string &epilogue) {
  std::string N = std::to_string(n), K = std::to_string(k);
  return "kern.func @gemm(%x: memref<?x" + K + "xf32>, %w: !kern.panels<" + N + "x" + K + "xf32>, %b: memref<" + N +
         "xf32>, %y: memref<?x" + N + "xf32>, %m: index) {\n %n = arith.constant " + N +
         " : index\n %k = arith.constant " + K + " : index\n kern.gemm %x, %w rows(%m) cols(%n) inner(%k) : memref<?x" +
         K + "xf32>, !kern.panels<" + N + "x" + K +
         "xf32> epilogue (%acc: f32, %i: index, %j: index) {\n %bias = kern.load %b[%j] : memref<" + N +
         "xf32>\n %s = arith.addf %acc, %bias : f32\n" + epilogue + " kern.store %r, %y[%i, %j] : memref<?x" + N +
         "xf32>\n }\n}\n";
}

static const char *plain = " %r = arith.addf %s, %s : f32\n";
static const char *gelu =
    " %half = arith.constant 0.5 : f32\n %one = arith.constant 1.0 : f32\n"
    " %c = arith.constant 0.70710678 : f32\n %t = arith.mulf %s, %c : f32\n %e = math.erf %t : f32\n"
    " %p = arith.addf %e, %one : f32\n %h = arith.mulf %s, %half : f32\n %r = arith.mulf %h, %p : f32\n";

static void benchGemm(const Target &target, double peak, int64_t m, int64_t n, int64_t k, const char *what,
                      const char *epilogue) {
  double start = now();
  Loaded code(gemmText(n, k, epilogue), target);
  double compiled = now() - start;
  std::vector<float> x(m * k, 0.5f), w(packedBytes(n, k, 4, target) / 4 + 64, 0.25f), b(n, 1.0f), y(m * n);
  Frame frame;
  modc_kernel_fn kernel = code.function("gemm");
  float *panels = reinterpret_cast<float *>((reinterpret_cast<uintptr_t>(w.data()) + 63) / 64 * 64);
  std::vector<uint64_t> words{word(x.data()), word(panels), word(b.data()), word(y.data()), uint64_t(m)};
  double seconds = best(0.4, [&] { frame.run(kernel, words); });
  double rate = 2.0 * m * n * k / seconds / 1e9;
  std::printf("%-10s gemm %4ldx%4ldx%4ld %-10s %9.1f us %7.1f GFLOP/s %6.1f %% of peak %5ld chunks %6zu bytes, "
              "compiled in %.0f ms\n",
              target.name.data(), m, n, k, what, seconds * 1e6, rate, 100 * rate / peak, long(frame.chunks),
              code.objectBytes(), compiled * 1e3);
}

static void benchPack(const Target &target, int64_t n, int64_t k) {
  std::string N = std::to_string(n), K = std::to_string(k);
  Loaded code("kern.func @pack(%w: memref<" + N + "x" + K + "xf32>, %p: !kern.panels<" + N + "x" + K +
                  "xf32>) {\n %n = arith.constant " + N + " : index\n %k = arith.constant " + K +
                  " : index\n kern.pack into %p cols(%n) inner(%k) : !kern.panels<" + N + "x" + K +
                  "xf32> element (%j: index, %i: index) {\n  %v = kern.load %w[%j, %i] : memref<" + N + "x" + K +
                  "xf32>\n  kern.yield %v : f32\n }\n}\n",
              target);
  std::vector<float> w(n * k), p(packedBytes(n, k, 4, target) / 4);
  Frame frame;
  modc_kernel_fn kernel = code.function("pack");
  double seconds = best(0.2, [&] { frame.run(kernel, {word(w.data()), word(p.data())}); });
  std::printf("%-10s pack %ldx%ld %9.1f us %7.2f ns an element\n", target.name.data(), n, k, seconds * 1e6,
              seconds * 1e9 / double(n * k));
}

// Heads inside one [N, S, 3, H, D] tensor, an additive mask of the keys: as BERT has it.
static void benchAttention(const Target &target, double peak, int64_t h, int64_t s, int64_t d) {
  auto num = [](int64_t v) { return std::to_string(v); };
  std::string H = num(h), D = num(d), row = num(3 * h * d), in = "memref<?x?x3x" + H + "x" + D + "xf32>",
              sizes = " {kern.sizes = array<i64: 3, 4>}";
  std::string code = "kern.func @attention(%x: " + in + sizes + ", %mask: memref<?x?xf32>" + sizes +
                     ", %o: memref<?x?x" + H + "x" + D + "xf32>" + sizes +
                     ", %n: index, %s: index) {\n %h = arith.constant " + H +
                     " : index\n %scale = arith.constant 0.17 : f32\n %rs = arith.constant " + row +
                     " : index\n %ib = arith.muli %rs, %s : index\n %os = arith.constant " + num(h * d) +
                     " : index\n %ob = arith.muli %os, %s : index\n";
  std::string types;
  for (int64_t part = 0; part < 3; ++part) {
    std::string offset = num(part * h * d);
    std::string type =
        "memref<?x" + H + "x?x" + D + "xf32, strided<[?, " + D + ", " + row + ", 1], offset: " + offset + ">>";
    code += " %p" + num(part) + " = memref.reinterpret_cast %x to offset: [" + offset + "], sizes: [%n, " + H +
            ", %s, " + D + "], strides: [%ib, " + D + ", " + row + ", 1] : " + in + " to " + type + "\n";
    types += type + ", ";
  }
  std::string out = "memref<?x" + H + "x?x" + D + "xf32, strided<[?, " + D + ", " + num(h * d) + ", 1]>>";
  code +=
      " %out = memref.reinterpret_cast %o to offset: [0], sizes: [%n, " + H + ", %s, " + D + "], strides: [%ob, " + D +
      ", " + num(h * d) + ", 1] : memref<?x?x" + H + "x" + D + "xf32> to " + out +
      "\n kern.attention %p0, %p1, %p2 into %out batch(%n, %h) queries(%s) keys(%s) scale(%scale : f32) : " + types +
      out +
      " score (%v: f32, %b: index, %hd: index, %i: index, %j: index) {\n  %m = kern.load %mask[%b, %j] : "
      "memref<?x?xf32>\n"
      "  %r = arith.addf %v, %m : f32\n  kern.yield %r : f32\n }\n}\n";
  Loaded compiled(code, target);
  std::vector<float> x(s * 3 * h * d), mask(s), o(s * h * d);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = float(i % 17) / 17 - 0.5f;
  Frame frame;
  modc_kernel_fn kernel = compiled.function("attention");
  std::vector<uint64_t> words{word(x.data()), word(mask.data()), word(o.data()), 1, uint64_t(s)};
  double seconds = best(0.4, [&] { frame.run(kernel, words); });
  double rate = 4.0 * h * s * s * d / seconds / 1e9;
  std::printf("%-10s attention %ldx%ldx%ld          %9.1f us %7.1f GFLOP/s %6.1f %% of peak %5ld chunks %6zu bytes\n",
              target.name.data(), h, s, d, seconds * 1e6, rate, 100 * rate / peak, long(frame.chunks),
              compiled.objectBytes());
}

// A kernel over rows of [m, n]: what softmax and layer norm are lowered to.
static void benchRows(const Target &target, const char *what, int64_t m, int64_t n, const std::string &body) {
  std::string N = std::to_string(n), type = "memref<?x" + N + "xf32>";
  std::string text = "kern.func @rows(%x: " + type + ", %g: memref<" + N + "xf32>, %y: " + type +
                     ", %m: index) {\n %n = arith.constant " + N + " : index\n %size = arith.constant " + N +
                     ".0 : f32\n kern.rows (%i) to (%m) {\n" + body + " }\n}\n";
  auto spell = [&](const std::string &from, const std::string &to) {
    for (size_t at; (at = text.find(from)) != std::string::npos;)
      text.replace(at, from.size(), to);
  };
  spell("XLOAD", "kern.load %x[%i, %j] : " + type);
  spell("YSTORE", "%y[%i, %j] : " + type);
  spell("ROW", "memref<" + N + "xf32>");
  Loaded code(text, target);
  std::vector<float> x(m * n, 0.5f), g(n, 1.0f), y(m * n);
  Frame frame;
  modc_kernel_fn kernel = code.function("rows");
  double seconds = best(0.2, [&] { frame.run(kernel, {word(x.data()), word(g.data()), word(y.data()), uint64_t(m)}); });
  std::printf("%-10s %s %ldx%ld %9.1f us %7.2f ns an element\n", target.name.data(), what, m, n, seconds * 1e6,
              seconds * 1e9 / double(m * n));
}

static const char *softmaxRow = R"(
  %row = kern.temp : ROW
  %max = kern.reduce max (%j) to (%n) : f32 { %v = XLOAD kern.yield %v : f32 }
  %sum = kern.reduce add (%j) to (%n) : f32 {
    %v = XLOAD %d = arith.subf %v, %max : f32 %e = math.exp %d : f32 kern.store %e, %row[%j] : ROW kern.yield %e : f32
  }
  kern.each (%j) to (%n) { %e = kern.load %row[%j] : ROW %p = arith.divf %e, %sum : f32 kern.store %p, YSTORE }
)";
static const char *layerNormRow = R"(
  %eps = arith.constant 1.0e-5 : f32
  %sum = kern.reduce add (%j) to (%n) : f32 { %v = XLOAD kern.yield %v : f32 }
  %mean = arith.divf %sum, %size : f32
  %squares = kern.reduce add (%j) to (%n) : f32 {
    %v = XLOAD %d = arith.subf %v, %mean : f32 %q = arith.mulf %d, %d : f32 kern.yield %q : f32
  }
  %variance = arith.divf %squares, %size : f32
  %s = arith.addf %variance, %eps : f32
  %sd = math.sqrt %s : f32
  kern.each (%j) to (%n) {
    %v = XLOAD %d = arith.subf %v, %mean : f32 %p = arith.divf %d, %sd : f32 %w = kern.load %g[%j] : ROW
    %a = arith.mulf %p, %w : f32 %b = arith.addf %a, %w : f32 kern.store %b, YSTORE
  }
)";

int main() {
  for (const Target &target : targets()) {
    if (!canRun(target))
      continue;
    double peak = peakOf(target);
    std::printf("%-10s peak %.1f GFLOP/s\n", target.name.data(), peak);
    benchGemm(target, peak, 128, 1536, 384, "bias", plain);
    benchGemm(target, peak, 128, 384, 384, "bias", plain);
    benchGemm(target, peak, 128, 384, 1536, "bias", plain);
    benchGemm(target, peak, 128, 1536, 384, "bias+gelu", gelu);
    benchGemm(target, peak, 50, 384, 384, "bias", plain);
    benchGemm(target, peak, 64, 256, 784, "bias", plain);
    benchGemm(target, peak, 1, 3072, 768, "bias", plain);
    benchPack(target, 1536, 384);
    benchRows(target, "softmax", 1536, 128, softmaxRow);
    benchRows(target, "layer norm", 128, 384, layerNormRow);
    benchAttention(target, peak, 12, 128, 32);
    benchAttention(target, peak, 12, 128, 64);
    benchAttention(target, peak, 12, 512, 64);
  }
}
