// Speed of convolutions on one core: layers of resnet50, vgg16, mobilenet_v2 and CREPE, with bias and relu.
// Rates count every kernel position of every output, so that leaving out padding may give more than the peak.
// `conv_bench [words of a layer's line]` times only layers that hold one of them.
#include "bench/kernels/Bench.h"
#include <cstring>

using namespace modc::cpu;

namespace {
struct Layer {
  const char *model;
  int64_t size, channels, features, kernel, stride;
  bool depthwise = false;
  int64_t batch = 1;
  bool line = false; ///< size x 1, by a kernel of kernel x 1
};

const Layer layers[] = {
    {"resnet50", 224, 3, 64, 7, 2},
    {"resnet50", 56, 64, 64, 3, 1},
    {"resnet50", 56, 128, 128, 3, 2},
    {"resnet50", 28, 128, 128, 3, 1},
    {"resnet50", 28, 256, 256, 3, 2},
    {"resnet50", 14, 256, 256, 3, 1},
    {"resnet50", 14, 512, 512, 3, 2},
    {"resnet50", 7, 512, 512, 3, 1},
    {"resnet50", 56, 256, 512, 1, 2},
    {"resnet50", 14, 1024, 2048, 1, 2},
    {"vgg16", 224, 3, 64, 3, 1},
    {"vgg16", 224, 64, 64, 3, 1},
    {"vgg16", 112, 64, 128, 3, 1},
    {"vgg16", 112, 128, 128, 3, 1},
    {"vgg16", 56, 128, 256, 3, 1},
    {"vgg16", 56, 256, 256, 3, 1},
    {"vgg16", 28, 256, 512, 3, 1},
    {"vgg16", 28, 512, 512, 3, 1},
    {"vgg16", 14, 512, 512, 3, 1},
    {"mobilenet", 224, 3, 32, 3, 2},
    {"mobilenet", 112, 32, 32, 3, 1, true},
    {"mobilenet", 112, 96, 96, 3, 2, true},
    {"mobilenet", 56, 144, 144, 3, 1, true},
    {"mobilenet", 56, 144, 144, 3, 2, true},
    {"mobilenet", 28, 192, 192, 3, 1, true},
    {"mobilenet", 14, 384, 384, 3, 1, true},
    {"mobilenet", 14, 576, 576, 3, 1, true},
    {"mobilenet", 7, 960, 960, 3, 1, true},
    {"crepe", 1024, 1, 1024, 512, 4, false, 1, true},
    {"crepe", 1024, 1, 1024, 512, 4, false, 8, true},
    {"crepe", 128, 1024, 128, 64, 1, false, 1, true},
    {"crepe", 32, 128, 256, 64, 1, false, 8, true},
};

std::string text(const Layer &layer, int64_t outSize) {
  auto num = [](int64_t v) { return std::to_string(v); };
  std::string c = num(layer.channels), o = num(layer.features), k = num(layer.kernel), s = num(layer.stride),
              p = num(layer.kernel / 2), in = num(layer.size), out = num(outSize);
  std::string in1 = layer.line ? "1" : in, out1 = layer.line ? "1" : out, k1 = layer.line ? "1" : k,
              s1 = layer.line ? "1" : s, p1 = layer.line ? "0" : p;
  int64_t positions = layer.line ? layer.kernel : layer.kernel * layer.kernel;
  std::string x = "memref<?x" + in + "x" + in1 + "x" + c + "xf32>",
              y = "memref<?x" + out + "x" + out1 + "x" + o + "xf32>";
  std::string w = layer.depthwise ? "memref<" + num(positions) + "x" + c + "xf32>"
                                  : "!kern.panels<" + o + "x" + num(positions * layer.channels) + "xf32>";
  std::string code = "kern.func @conv(%x: " + x + ", %w: " + w + ", %b: memref<" + o + "xf32>, %y: " + y +
                     ", %n: index) {\n %in = arith.constant " + in + " : index\n %out = arith.constant " + out +
                     " : index\n %in1 = arith.constant " + in1 + " : index\n %out1 = arith.constant " + out1 +
                     " : index\n %c = arith.constant " + c + " : index\n %o = arith.constant " + o + " : index\n kern.";
  code += layer.depthwise ? "dwconv" : "conv";
  code += " %x, %w batch(%n) input(%in, %in1) output(%out, %out1) channels(%c)";
  if (!layer.depthwise)
    code += " features(%o)";
  code += " kernel [" + k + ", " + k1 + "] stride [" + s + ", " + s1 + "] pad [" + p + ", " + p1 + "] dilation [1, 1]";
  if (!layer.depthwise)
    code += " groups 1";
  return code + " : " + x + ", " + w +
         " epilogue (%acc: f32, %i: index, %h: index, %v: index, %q: index) {\n %bias = kern.load %b[%q] : memref<" +
         o +
         "xf32>\n %s = arith.addf %acc, %bias : f32\n %z = arith.constant 0.0 : f32\n %neg = arith.cmpf ogt, %z, %s : "
         "f32\n %r = arith.select %neg, %z, %s : f32\n kern.store %r, %y[%i, %h, %v, %q] : " +
         y + "\n }\n}\n";
}

float *aligned(std::vector<float> &memory) {
  return reinterpret_cast<float *>((reinterpret_cast<uintptr_t>(memory.data()) + 63) / 64 * 64);
}

void bench(const Target &target, double peak, const Layer &layer) {
  int64_t out = (layer.size + 2 * (layer.kernel / 2) - layer.kernel) / layer.stride + 1;
  double start = now();
  Loaded code(text(layer, out), target);
  double compiled = now() - start;
  int64_t across = layer.line ? 1 : layer.size, outAcross = layer.line ? 1 : out;
  int64_t terms = layer.kernel * (layer.line ? 1 : layer.kernel) * (layer.depthwise ? 1 : layer.channels);
  std::vector<float> x(layer.batch * layer.size * across * layer.channels + 16, 0.5f),
      w(layer.depthwise ? terms * layer.channels + 16 : packedBytes(layer.features, terms, 4, target) / 4 + 16, 0.25f),
      b(layer.features, 1.0f), y(layer.batch * out * outAcross * layer.features + 16);
  Frame frame;
  modc_kernel_fn kernel = code.function("conv");
  std::vector<uint64_t> words{word(aligned(x)), word(aligned(w)), word(b.data()), word(aligned(y)),
                              uint64_t(layer.batch)};
  double seconds = best(0.25, [&] { frame.run(kernel, words); });
  double rate = 2.0 * double(layer.batch * out * outAcross * layer.features * terms) / seconds / 1e9;
  std::printf(
      "%-10s %-9s %ldx%ld %s %ld of %3ldx%-3ld %4ld->%-4ld stride %ld %9.1f us %7.1f GFLOP/s %6.1f %% of peak %4ld "
      "chunks %6zu bytes, compiled in %.0f ms\n",
      target.name.data(), layer.model, long(layer.kernel), long(layer.line ? 1 : layer.kernel),
      layer.depthwise ? "depthwise" : "conv     ", long(layer.batch), long(layer.size), long(across),
      long(layer.channels), long(layer.features), long(layer.stride), seconds * 1e6, rate, 100 * rate / peak,
      long(frame.chunks), code.objectBytes(), compiled * 1e3);
  std::fflush(stdout);
}
} // namespace

int main(int argc, char **argv) {
  for (const Target &target : targets()) {
    if (!canRun(target))
      continue;
    double peak = peakOf(target);
    std::printf("%-10s peak %.1f GFLOP/s\n", target.name.data(), peak);
    for (const Layer &layer : layers) {
      std::string name = std::string(target.name) + " " + layer.model + " " + std::to_string(layer.size) + " " +
                         (layer.depthwise ? "depthwise" : "conv");
      bool wanted = argc == 1;
      for (int i = 1; i < argc; ++i)
        wanted |= name.find(argv[i]) != std::string::npos;
      if (wanted)
        bench(target, peak, layer);
    }
  }
}
