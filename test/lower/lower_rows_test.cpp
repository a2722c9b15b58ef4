// Kernels as fusion forms them: rows, columns, products and attention over views, against the primitives' evaluation;
// and how fast rows are.
#include "mlir/IR/BuiltinOps.h"
#include "test/lower/KernelCheck.h"
#include <gtest/gtest.h>

using namespace modc::lower;

namespace {

// Types by short names: %T[...] is what the tests write for !mod.tensor<f32[...]>.
std::string spelt(std::string text) {
  for (size_t at = 0; (at = text.find("T[", at)) != std::string::npos;) {
    size_t end = text.find(']', at);
    text.replace(end, 1, "]>");
    text.replace(at, 2, "!mod.tensor<f32[");
    at += 16;
  }
  return text;
}

std::string kernel(const std::string &name, const std::string &arguments, const std::string &body) {
  return spelt("mod.kernel @" + name + " kind \"rows\" dims [\"d0\", \"d1\"] hash \"0\" {\n^bb0(" + arguments + "):\n" +
               body + "\n}\n");
}

std::string softmax(const std::string &x, const std::string &y, const std::string &rows, const std::string &cols) {
  std::string t = "T[" + rows + ", " + cols + "]", r = "T[" + rows + ", 1]";
  return y + "m = mod.amax " + x + " over [1] keepdim true : (" + t + ") -> " + r + "\n" + y + "c = mod.sub " + x +
         ", " + y + "m : (" + t + ", " + r + ") -> " + t + "\n" + y + "e = mod.exp " + y + "c : (" + t + ") -> " + t +
         "\n" + y + "s = mod.sum " + y + "e over [1] keepdim true : (" + t + ") -> " + r + "\n" + y + " = mod.div " +
         y + "e, " + y + "s : (" + t + ", " + r + ") -> " + t + "\n";
}

void check(const std::string &text, std::initializer_list<std::pair<int, int>> sizes, int64_t limit = 10,
           bool indices = false) {
  auto context = makeContext();
  auto module = parse(*context, text);
  KernelCheck check(*module, ways());
  for (auto [d0, d1] : sizes)
    for (uint64_t seed : {1, 2})
      EXPECT_EQ(check.run("k", {{"d0", d0}, {"d1", d1}}, seed, {}, limit, indices), "")
          << "d0 = " << d0 << ", d1 = " << d1 << "\n"
          << text;
}

TEST(LowerRows, SoftmaxOfKnownAndUnknownLength) {
  check(kernel("k", "%x: T[d0, 128]", softmax("%x", "%y", "d0", "128") + "mod.yield %y : T[d0, 128]"),
        {{5, 1}, {1, 1}, {0, 1}, {3000, 1}});
  check(kernel("k", "%x: T[d0, 27]", softmax("%x", "%y", "d0", "27") + "mod.yield %y : T[d0, 27]"),
        {{5, 1}, {1000, 1}});
  check(kernel("k", "%x: T[d0, d1]", softmax("%x", "%y", "d0", "d1") + "mod.yield %y, %ym : T[d0, d1], T[d0, 1]"),
        {{5, 1}, {7, 16}, {3, 200}, {2, 5000}, {4, 0}});
}

// A row that only one side has must not be read for the other.
TEST(LowerRows, SoftmaxesSideBySide) {
  check(
      kernel("k", "%x: T[d0, 20], %z: T[d1, 20]",
             softmax("%x", "%a", "d0", "20") + softmax("%z", "%b", "d1", "20") +
                 "%y = mod.cat %a, %b dim 0 : (T[d0, 20], T[d1, 20]) -> T[d0 + d1, 20]\nmod.yield %y : T[d0 + d1, 20]"),
      {{5, 3}, {1, 40}, {40, 1}});
}

TEST(LowerRows, LayerNormWithResidual) {
  std::string body = R"(
    %h = mod.add %x, %r : (T[d0, d1, 384], T[d0, d1, 384]) -> T[d0, d1, 384]
    %n = mod.full 384.0 : f64 as f32 [] : T[]
    %eps = mod.full 1.0e-5 : f64 as f32 [] : T[]
    %s = mod.sum %h over [2] keepdim true : (T[d0, d1, 384]) -> T[d0, d1, 1]
    %m = mod.div %s, %n : (T[d0, d1, 1], T[]) -> T[d0, d1, 1]
    %c = mod.sub %h, %m : (T[d0, d1, 384], T[d0, d1, 1]) -> T[d0, d1, 384]
    %q = mod.mul %c, %c : (T[d0, d1, 384], T[d0, d1, 384]) -> T[d0, d1, 384]
    %v0 = mod.sum %q over [2] keepdim true : (T[d0, d1, 384]) -> T[d0, d1, 1]
    %v1 = mod.div %v0, %n : (T[d0, d1, 1], T[]) -> T[d0, d1, 1]
    %v2 = mod.add %v1, %eps : (T[d0, d1, 1], T[]) -> T[d0, d1, 1]
    %sd = mod.sqrt %v2 : (T[d0, d1, 1]) -> T[d0, d1, 1]
    %d = mod.div %c, %sd : (T[d0, d1, 384], T[d0, d1, 1]) -> T[d0, d1, 384]
    %g0 = mod.mul %d, %g : (T[d0, d1, 384], T[384]) -> T[d0, d1, 384]
    %y = mod.add %g0, %b : (T[d0, d1, 384], T[384]) -> T[d0, d1, 384]
    mod.yield %y, %h : T[d0, d1, 384], T[d0, d1, 384])";
  check(kernel("k", "%x: T[d0, d1, 384], %r: T[d0, d1, 384], %g: T[384], %b: T[384]", body),
        {{2, 5}, {1, 128}, {8, 70}});
}

// The statistics and the rows lie in views of other shapes than the output's.
TEST(LowerRows, SoftmaxThroughViews) {
  check(kernel("k", "%x: T[d0, 6*d1]",
               "%v = mod.reshape %x to [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<6>] : (T[d0, 6*d1]) -> T[d0, d1, 6]\n"
               "%w = mod.permute %v by [1, 0, 2] : (T[d0, d1, 6]) -> T[d1, d0, 6]\n"
               "%f = mod.reshape %w to [#mod.dim<d0*d1>, #mod.dim<6>] : (T[d1, d0, 6]) -> T[d0*d1, 6]\n" +
                   softmax("%f", "%y", "d0*d1", "6") +
                   "%z = mod.reshape %y to [#mod.dim<d1>, #mod.dim<6*d0>] : (T[d0*d1, 6]) -> T[d1, 6*d0]\nmod.yield %z "
                   ": T[d1, 6*d0]"),
        {{3, 4}, {1, 1}, {20, 33}});
}

TEST(LowerRows, MaskedMeanOverTheMiddle) {
  check(kernel("k", "%x: T[d0, d1, 48], %m: T[d0, d1]",
               "%m1 = mod.reshape %m to [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<1>] : (T[d0, d1]) -> T[d0, d1, 1]\n"
               "%p = mod.mul %x, %m1 : (T[d0, d1, 48], T[d0, d1, 1]) -> T[d0, d1, 48]\n"
               "%s = mod.sum %p over [1] : (T[d0, d1, 48]) -> T[d0, 48]\n"
               "%a = mod.abs %m : (T[d0, d1]) -> T[d0, d1]\n"
               "%c = mod.sum %a over [1] keepdim true : (T[d0, d1]) -> T[d0, 1]\n"
               "%y = mod.div %s, %c : (T[d0, 48], T[d0, 1]) -> T[d0, 48]\nmod.yield %y : T[d0, 48]"),
        {{3, 4}, {1, 200}, {50, 3}});
}

TEST(LowerRows, EmbeddingAndNorm) {
  std::string index = "!mod.tensor<i64[d0, d1]>";
  std::string body =
      "%e = mod.take %t, %i dim 0 : (T[40, 96], " + index +
      ") -> T[d0, d1, 96]\n"
      "%q = mod.mul %e, %e : (T[d0, d1, 96], T[d0, d1, 96]) -> T[d0, d1, 96]\n"
      "%s = mod.sum %q over [2] keepdim true : (T[d0, d1, 96]) -> T[d0, d1, 1]\n"
      "%r = mod.sqrt %s : (T[d0, d1, 1]) -> T[d0, d1, 1]\n"
      "%y = mod.div %e, %r : (T[d0, d1, 96], T[d0, d1, 1]) -> T[d0, d1, 96]\nmod.yield %y : T[d0, d1, 96]";
  check(kernel("k", "%t: T[40, 96], %i: " + index, body), {{3, 4}, {1, 100}}, 40, true);
}

TEST(LowerProducts, BatchesOfViews) {
  check(kernel("k", "%x: T[d0, d1, 96], %w: T[40, 32], %b: T[40]",
               "%n = mod.narrow %x dim 2 from <32> length <32> : (T[d0, d1, 96]) -> T[d0, d1, 32]\n"
               "%p = mod.matmul %n, %w trans_b true : (T[d0, d1, 32], T[40, 32]) -> T[d0, d1, 40]\n"
               "%s = mod.add %p, %b : (T[d0, d1, 40], T[40]) -> T[d0, d1, 40]\n"
               "%h = mod.reshape %s to [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<4>, #mod.dim<10>] : (T[d0, d1, 40]) -> "
               "T[d0, d1, 4, 10]\n"
               "%y = mod.permute %h by [2, 0, 1, 3] : (T[d0, d1, 4, 10]) -> T[4, d0, d1, 10]\nmod.yield %y, %s : T[4, "
               "d0, d1, 10], T[d0, d1, 40]"),
        {{3, 4}, {1, 1}, {2, 77}});
  check(kernel("k", "%a: T[d0, 5, d1, 8], %b: T[d0, 5, 24, 8]",
               "%t = mod.permute %a by [0, 1, 3, 2] : (T[d0, 5, d1, 8]) -> T[d0, 5, 8, d1]\n"
               "%p = mod.matmul %b, %t : (T[d0, 5, 24, 8], T[d0, 5, 8, d1]) -> T[d0, 5, 24, d1]\nmod.yield %p : T[d0, "
               "5, 24, d1]"),
        {{3, 4}, {1, 1}, {2, 77}});
}

TEST(LowerProducts, AttentionOfOneTensorsHeads) {
  std::string body = "%v5 = mod.reshape %x to [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<3>, #mod.dim<2>, #mod.dim<16>] : "
                     "(T[d0, d1, 96]) -> T[d0, d1, 3, 2, 16]\n"
                     "%p = mod.permute %v5 by [2, 0, 3, 1, 4] : (T[d0, d1, 3, 2, 16]) -> T[3, d0, 2, d1, 16]\n";
  for (int part = 0; part < 3; ++part) {
    std::string n = std::to_string(part);
    body += "%n" + n + " = mod.narrow %p dim 0 from <" + n +
            "> length <1> : (T[3, d0, 2, d1, 16]) -> T[1, d0, 2, d1, 16]\n%o" + n + " = mod.reshape %n" + n +
            " to [#mod.dim<d0>, #mod.dim<2>, #mod.dim<d1>, #mod.dim<16>] : (T[1, d0, 2, d1, 16]) -> T[d0, 2, d1, 16]\n";
  }
  body += "%mm = mod.reshape %m to [#mod.dim<d0>, #mod.dim<1>, #mod.dim<1>, #mod.dim<d1>] : (T[d0, d1]) -> T[d0, 1, 1, "
          "d1]\n"
          "%a = mod.attention %o0, %o1, %o2 mask %mm scale 0.25 : (T[d0, 2, d1, 16], T[d0, 2, d1, 16], T[d0, 2, d1, "
          "16], T[d0, 1, 1, d1]) -> T[d0, 2, d1, 16]\n"
          "%t = mod.permute %a by [0, 2, 1, 3] : (T[d0, 2, d1, 16]) -> T[d0, d1, 2, 16]\n"
          "%y = mod.reshape %t to [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<32>] : (T[d0, d1, 2, 16]) -> T[d0, d1, 32]\n";
  std::string arguments = "%x: T[d0, d1, 96], %m: T[d0, d1]";
  check(kernel("k", arguments, body + "mod.yield %y : T[d0, d1, 32]"), {{3, 4}, {1, 1}, {2, 77}});
  check(kernel("k", arguments,
               body + "%g = mod.tanh %y : (T[d0, d1, 32]) -> T[d0, d1, 32]\nmod.yield %g, %a : T[d0, d1, 32], T[d0, 2, "
                      "d1, 16]"),
        {{3, 4}, {2, 77}});
}

} // namespace
