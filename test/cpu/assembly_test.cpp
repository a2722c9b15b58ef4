// Main loops read off the assembly: full of multiply-adds, and no accumulator ever goes through the stack.
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "test/cpu/Harness.h"
#include <gtest/gtest.h>
#include <regex>
#include <sstream>

using namespace modc::cpu;

namespace {
std::string assembly(const std::string &kernels, const Target &target) {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(kernels, &context);
  auto text = emitText(*module, Phase::Asm, target);
  return succeeded(text) ? *text : "";
}

struct Loop {
  int multiplyAdds = 0, vectorsOnStack = 0;
};

// Blocks that jump back to their own label and hold multiply-adds. (%rbp is a pointer like any other here: functions
// have no frame pointer but for alignment, and then spills are addressed by %rsp.)
std::vector<Loop> loops(const std::string &text) {
  std::vector<Loop> found;
  std::istringstream in(text);
  std::string line, label;
  std::regex isLabel(R"(^(\.LBB[0-9_]+):.*)"), isJump(R"(^\s+j[a-z]+\s+(\.LBB[0-9_]+).*)"),
      onStack(R"(.*\(%rsp.*%[xyz]mm.*|.*%[xyz]mm.*\(%rsp.*)");
  Loop now;
  std::smatch match;
  while (std::getline(in, line)) {
    if (std::regex_match(line, match, isLabel)) {
      label = match[1];
      now = {};
    } else if (std::regex_match(line, match, isJump)) {
      if (match[1] == label && now.multiplyAdds > 0)
        found.push_back(now);
    } else {
      now.multiplyAdds += line.find("vfmadd") != std::string::npos || line.find("vfnmadd") != std::string::npos;
      now.vectorsOnStack += std::regex_match(line, onStack);
    }
  }
  return found;
}

std::string gemm(const std::string &n, const std::string &k) {
  auto size = [](const char *name, const std::string &value, const char *argument) {
    std::string line = std::string(" %") + name + " = ";
    return value == "?" ? line + "arith.addi %" + argument + ", %zero : index\n"
                        : line + "arith.constant " + value + " : index\n";
  };
  auto sizes = [](std::vector<std::string> list) {
    std::string text;
    for (auto &entry : list)
      if (!entry.empty())
        text += (text.empty() ? "" : ", ") + entry;
    return " {kern.sizes = array<i64: " + text + ">}";
  };
  std::string x = "memref<?x" + k + "xf32>", y = "memref<?x" + n + "xf32>", w = "!kern.panels<" + n + "x" + k + "xf32>";
  return "kern.func @gemm(%x: " + x + sizes({"4", k == "?" ? "6" : ""}) + ", %w: " + w + ", %b: memref<" + n +
         "xf32>, %y: " + y + sizes({"4", n == "?" ? "5" : ""}) +
         ", %m: index, %n0: index, %k0: index) {\n %zero = arith.constant 0 : index\n" + size("n", n, "n0") +
         size("k", k, "k0") + " kern.gemm %x, %w rows(%m) cols(%n) inner(%k) : " + x + ", " + w +
         " epilogue (%acc: f32, %i: index, %j: index) {\n  %bv = kern.load %b[%j] : memref<" + n +
         "xf32>\n  %s = arith.addf %acc, %bv : f32\n  %z = arith.constant 0.0 : f32\n  %c = arith.cmpf ogt, %z, %s : "
         "f32\n"
         "  %r = arith.select %c, %z, %s : f32\n  kern.store %r, %y[%i, %j] : " +
         y + "\n }\n}\n";
}

// A 3x3 convolution; depthwise where there are no features.
std::string conv(int64_t size, int64_t channels, int64_t features, int64_t stride) {
  auto num = [](int64_t v) { return std::to_string(v); };
  int64_t to = (size - 1) / stride + 1;
  std::string c = num(channels), o = num(features ? features : channels), in = num(size), out = num(to);
  std::string x = "memref<?x" + in + "x" + in + "x" + c + "xf32>",
              y = "memref<?x" + out + "x" + out + "x" + o + "xf32>",
              w = features ? "!kern.panels<" + o + "x" + num(9 * channels) + "xf32>" : "memref<9x" + c + "xf32>";
  return "kern.func @conv(%x: " + x + ", %w: " + w + ", %b: memref<" + o + "xf32>, %y: " + y +
         ", %n: index) {\n %in = arith.constant " + in + " : index\n %out = arith.constant " + out +
         " : index\n %c = arith.constant " + c + " : index\n %o = arith.constant " + o + " : index\n kern." +
         (features ? "conv" : "dwconv") + " %x, %w batch(%n) input(%in, %in) output(%out, %out) channels(%c)" +
         (features ? " features(%o)" : "") + " kernel [3, 3] stride [" + num(stride) + ", " + num(stride) +
         "] pad [1, 1] dilation [1, 1]" + (features ? " groups 1" : "") + " : " + x + ", " + w +
         " epilogue (%acc: f32, %i: index, %h: index, %v: index, %q: index) {\n  %bv = kern.load %b[%q] : memref<" + o +
         "xf32>\n  %s = arith.addf %acc, %bv : f32\n  kern.store %s, %y[%i, %h, %v, %q] : " + y + "\n }\n}\n";
}

// The processors that the tiles are made for.
const Target processors[] = {
    {"x86-64-v3", "x86-64-v3", "", 32, 16, 0, {}},
    {"x86-64-v4", "x86-64-v4", "", 64, 32, 0, {}},
    {"znver4", "znver4", "", 64, 32, 0, {}},
    {"skylake-avx512", "skylake-avx512", "", 64, 32, 0, {}},
    {"sapphirerapids", "sapphirerapids", "", 64, 32, 0, {}},
};
} // namespace

TEST(Assembly, GemmLoopsStayInRegisters) {
  // Panels of 64, 48, 32 and 16; rows 4096 bytes apart; unknown summands; everything unknown.
  std::pair<const char *, const char *> shapes[] = {{"1536", "384"}, {"48", "100"}, {"32", "64"}, {"10", "64"},
                                                    {"384", "1024"}, {"384", "?"},  {"?", "?"}};
  for (const Target &target : processors)
    for (auto [n, k] : shapes) {
      std::vector<Loop> found = loops(assembly(gemm(n, k), target));
      int largest = 0;
      for (const Loop &loop : found) {
        EXPECT_EQ(loop.vectorsOnStack, 0)
            << target.name.str() << " " << n << "x" << k << ", loop of " << loop.multiplyAdds;
        largest = std::max(largest, loop.multiplyAdds);
      }
      EXPECT_GE(largest, target.vectorBytes == 64 ? (std::string(n) == "10" ? 14 : 24) : 8)
          << target.name.str() << " " << n << "x" << k;
    }
}

TEST(Assembly, ConvLoopsStayInRegisters) {
  // Panels of 64, 48, 32 and 16; the first layer; depthwise.
  struct {
    int64_t size, channels, features, stride;
  } shapes[] = {{56, 64, 64, 1}, {14, 256, 512, 2}, {14, 48, 48, 1}, {28, 32, 32, 1},
                {28, 32, 10, 1}, {224, 3, 64, 2},   {14, 384, 0, 1}};
  for (const Target &target : processors)
    for (auto [size, channels, features, stride] : shapes) {
      std::vector<Loop> found = loops(assembly(conv(size, channels, features, stride), target));
      int largest = 0;
      for (const Loop &loop : found) {
        EXPECT_EQ(loop.vectorsOnStack, 0) << target.name.str() << " " << size << " " << channels << " to " << features
                                          << ", loop of " << loop.multiplyAdds;
        largest = std::max(largest, loop.multiplyAdds);
      }
      EXPECT_GE(largest, target.vectorBytes == 64 ? (features == 10 ? 12 : 24) : 8)
          << target.name.str() << " " << size << " " << channels << " to " << features;
    }
}

TEST(Assembly, ReluIsOneInstruction) {
  for (const Target &target : processors) {
    std::string text = assembly(gemm("64", "32"), target);
    EXPECT_NE(text.find("vmaxps"), std::string::npos) << target.name.str();
    EXPECT_EQ(text.find("vcmpltps"), std::string::npos) << target.name.str();
  }
}

TEST(Assembly, NothingIsCalled) {
  // Elementary functions and loops of stores become no library calls; the runtime's `parallel` is reached through a
  // pointer.
  const char *text = R"(
kern.func @f(%x: memref<?xf32>, %y: memref<?xf32>, %m: index) {
  kern.map (%i) to (%m) {
    %v = kern.load %x[%i] : memref<?xf32>
    %a = math.exp %v : f32
    %b = math.tanh %a : f32
    %c = math.erf %b : f32
    %d = math.powf %c, %v : f32
    %e = math.sin %d : f32
    %g = math.floor %e : f32
    %h = math.roundeven %g : f32
    kern.store %h, %y[%i] : memref<?xf32>
  }
  kern.map (%i) to (%m) {
    %z = arith.constant 0.0 : f32
    kern.store %z, %x[%i] : memref<?xf32>
  }
})";
  for (const Target &target : processors) {
    std::string code = assembly(text, target);
    ASSERT_FALSE(code.empty());
    EXPECT_FALSE(std::regex_search(code, std::regex(R"(@PLT|call[a-z]*\s+(mem|exp|tanh|erf|pow|sin))")))
        << target.name.str();
  }
}
