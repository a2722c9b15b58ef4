// The reference interpreter beyond single primitives: trees, state, ties, modes, keys, phases, errors, folding.
#include "dialect/reference/Constants.h"
#include "dialect/reference/Interpreter.h"
#include "mlir/Parser/Parser.h"
#include "modrt/abi.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numbers>

using namespace mlir;
using namespace modc;
using mod::Array;
using reference::Form;
using reference::Interpreter;
using reference::Options;
using testing::HasSubstr;

namespace {
class InterpreterTest : public testing::Test {
protected:
  InterpreterTest() { ctx.loadDialect<mod::ModDialect, arith::ArithDialect>(); }

  Interpreter load(StringRef text, StringRef name = "", Options options = {}) {
    module = parseSourceString<ModuleOp>(text, &ctx, "model.mlir");
    if (!module)
      throw std::runtime_error("does not parse");
    return loadAgain(name, options);
  }
  Interpreter loadAgain(StringRef name, Options options) {
    auto made = Interpreter::load(*module, name, options);
    if (!made)
      throw std::runtime_error(llvm::toString(made.takeError()));
    return std::move(*made);
  }
  Array f32(ArrayRef<int64_t> dims, ArrayRef<double> values) {
    Array a = Array::make(Float32Type::get(&ctx), dims);
    llvm::copy(values, a.f.begin());
    return a;
  }
  Array i64(ArrayRef<int64_t> dims, ArrayRef<int64_t> values) {
    Array a = Array::make(IntegerType::get(&ctx, 64), dims);
    llvm::copy(values, a.i.begin());
    return a;
  }
  std::vector<double> run(Interpreter &in, const std::map<std::string, Array> &inputs,
                          const std::map<std::string, int64_t> &sizes = {}) {
    auto out = in.run(inputs, sizes);
    if (!out)
      throw std::runtime_error(llvm::toString(out.takeError()));
    return out->front().value.f;
  }
  std::string error(Interpreter &in, const std::map<std::string, Array> &inputs) {
    auto out = in.run(inputs);
    return out ? "no error" : llvm::toString(out.takeError());
  }
  Array state(Interpreter &in, StringRef path) { return llvm::cantFail(in.getState(path)); }

  MLIRContext ctx;
  OwningOpRef<ModuleOp> module;
};

const char *const counter = R"(
mod.class @Step from "Step" kind "module" {
  mod.buffer @n : !mod.tensor<f32[]> init #mod.init<fill 10.0>
  mod.func @forward(%x: !mod.tensor<f32[N]> {mod.name = "x"}, %i: !mod.tensor<i64[]> {mod.name = "i"}) -> (!mod.tensor<f32[N]> {mod.name = "y"}) attributes {dims = ["N"]} {
    %n = mod.get "n" : !mod.tensor<f32[]>
    %one = mod.full 1.0 : f64 as f32 [] : !mod.tensor<f32[]>
    %m = mod.add %n, %one : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
    mod.set "n", %m : !mod.tensor<f32[]>
    %y = mod.add %x, %m : (!mod.tensor<f32[N]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N]>
    %z = mod.take %y, %i dim 0 : (!mod.tensor<f32[N]>, !mod.tensor<i64[]>) -> !mod.tensor<f32[]>
    mod.return %y : !mod.tensor<f32[N]>
  }
}
mod.class @Two from "Two" kind "module" {
  mod.child @a = @Step
  mod.child @b = @Step
  mod.func @forward(%x: !mod.tensor<f32[N]> {mod.name = "x"}, %i: !mod.tensor<i64[]> {mod.name = "i"}) -> (!mod.tensor<f32[N]> {mod.name = "y"}) attributes {dims = ["N"]} {
    %zero = mod.full 0 : i64 as i64 [] : !mod.tensor<i64[]>
    %0 = mod.call "a" -> @forward(%x, %zero) site 0 : (!mod.tensor<f32[N]>, !mod.tensor<i64[]>) -> !mod.tensor<f32[N]>
    %1 = mod.call "b" -> @forward(%0, %i) site 1 : (!mod.tensor<f32[N]>, !mod.tensor<i64[]>) -> !mod.tensor<f32[N]>
    %n = mod.get "a.n" : !mod.tensor<f32[]>
    %2 = mod.add %1, %n : (!mod.tensor<f32[N]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N]>
    mod.return %2 : !mod.tensor<f32[N]>
  }
}
mod.export @apart = @Two -> @forward instance 0
mod.export @tied = @Two -> @forward instance 1 ties [#mod.tie<"b" = "a">]
mod.export @leaf = @Two -> @forward instance 2 ties [#mod.tie<"b.n" = "a.n">]
)";

TEST_F(InterpreterTest, StateLivesFromCallToCallAndIsSeenByOthers) {
  Interpreter in = load(counter, "apart");
  std::map<std::string, Array> inputs{{"x", f32({2}, {0, 1})}, {"i", i64({}, {0})}};
  EXPECT_THAT(run(in, inputs), testing::ElementsAre(33, 34)); // 11 + 11, and a.n after its update
  EXPECT_THAT(run(in, inputs), testing::ElementsAre(36, 37));
  EXPECT_EQ(state(in, "b.n").f[0], 12);
}

TEST_F(InterpreterTest, TiedModulesAndLeavesAreOneState) {
  std::map<std::string, Array> inputs{{"x", f32({1}, {0})}, {"i", i64({}, {0})}};
  for (const char *name : {"tied", "leaf"}) {
    Interpreter in = load(counter, name);
    EXPECT_THAT(run(in, inputs), testing::ElementsAre(11 + 12 + 12)) << name;
    EXPECT_EQ(in.tree().named().size(), 2u) << "both names are in a state dict";
    EXPECT_EQ(in.tree().leaves.size(), 1u);
    llvm::cantFail(in.setState("b.n", f32({}, {5})));
    EXPECT_EQ(state(in, "a.n").f[0], 5);
  }
}

TEST_F(InterpreterTest, FailingCallChangesNothingAndSaysWhere) {
  Interpreter in = load(counter, "apart");
  std::map<std::string, Array> bad{{"x", f32({2}, {0, 1})}, {"i", i64({}, {7})}};
  std::string text = error(in, bad); // fails in b, after a's update
  EXPECT_THAT(text,
              HasSubstr("b (forward), model.mlir:10:10: take: index 7 is out of range for size 2 of dimension 0"));
  EXPECT_EQ(state(in, "a.n").f[0], 10);
  EXPECT_EQ(state(in, "b.n").f[0], 10);
}

TEST_F(InterpreterTest, BadInputsAreNamed) {
  Interpreter in = load(counter, "apart");
  EXPECT_THAT(error(in, {{"i", i64({}, {0})}}), HasSubstr("input `x`: f32[N] is missing"));
  EXPECT_THAT(error(in, {{"x", f32({1}, {0})}, {"i", i64({}, {0})}, {"z", f32({}, {0})}}), HasSubstr("no input `z`"));
  EXPECT_THAT(error(in, {{"x", i64({1}, {0})}, {"i", i64({}, {0})}}), HasSubstr("x: expected f32[N], got i64[1]"));
  auto e = in.setState("a.n", f32({2}, {0, 0}));
  EXPECT_EQ(llvm::toString(std::move(e)), "a.n: expected f32[], got f32[2]");
  EXPECT_EQ(llvm::toString(in.setState("a.m", f32({}, {0}))), "`a` (Step) has no parameter or buffer `m`");
  auto none = Interpreter::load(*module, "", {});
  EXPECT_EQ(llvm::toString(none.takeError()), "choose an export: apart, tied, leaf");
}

TEST_F(InterpreterTest, SizesGuardsAndRanges) {
  Interpreter in = load(R"(
mod.class @C from "C" kind "module" {
  mod.func @forward(%x: !mod.tensor<f32[N, 16*h]> {mod.name = "x"}, %y: !mod.tensor<f32[h + 1, S]> {mod.name = "y"}) -> (!mod.tensor<f32[]> {mod.name = "z"})
      attributes {dims = ["N", "h", "S"], ranges = [#mod.range<"N", 1, 3>], guards = [#mod.guard<eq, #mod.dim<S>, #mod.dim<2*N>, "S is twice N">]} {
    %n = mod.size #mod.dim<16*h + S> as f32 : !mod.tensor<f32[]>
    mod.return %n : !mod.tensor<f32[]>
  }
}
mod.export @c = @C -> @forward instance 0)");
  auto zeros = [&](int64_t a, int64_t b) { return f32({a, b}, std::vector<double>(a * b)); };
  EXPECT_THAT(run(in, {{"x", zeros(2, 32)}, {"y", zeros(3, 4)}}), testing::ElementsAre(36));
  EXPECT_THAT(error(in, {{"x", zeros(2, 30)}, {"y", zeros(2, 4)}}),
              HasSubstr("x: expected f32[N, 16*h] with N = 2, h = 1, got f32[2, 30]"));
  EXPECT_THAT(error(in, {{"x", zeros(4, 32)}, {"y", zeros(3, 8)}}), HasSubstr("N = 4, expected 1 <= N <= 3"));
  EXPECT_THAT(error(in, {{"x", zeros(2, 32)}, {"y", zeros(3, 5)}}),
              HasSubstr("S is twice N: S is 5, expected 2*N = 4"));
}

TEST_F(InterpreterTest, TrainingTakesTheOtherFunction) {
  const char *text = R"(
mod.class @C from "C" kind "module" {
  mod.func @forward() -> (!mod.tensor<f32[]> {mod.name = "y"}) { %0 = mod.full 1.0 : f64 as f32 [] : !mod.tensor<f32[]> mod.return %0 : !mod.tensor<f32[]> }
  mod.func @forward.train() -> (!mod.tensor<f32[]> {mod.name = "y"}) { %0 = mod.full 2.0 : f64 as f32 [] : !mod.tensor<f32[]> mod.return %0 : !mod.tensor<f32[]> }
}
mod.class @D from "D" kind "module" {
  mod.child @c = @C
  mod.func @forward() -> (!mod.tensor<f32[]> {mod.name = "y"}) { %0 = mod.call "c" -> @forward() site 0 : () -> !mod.tensor<f32[]> mod.return %0 : !mod.tensor<f32[]> }
}
mod.export @d = @D -> @forward instance 0)";
  Interpreter eval = load(text);
  EXPECT_EQ(run(eval, {})[0], 1);
  Interpreter train = loadAgain("", {.training = true});
  EXPECT_EQ(run(train, {})[0], 2);
}

TEST_F(InterpreterTest, KeysAreFoldedAsTheRuntimeFoldsThem) {
  Interpreter in = load(R"(
mod.class @Drop from "Drop" kind "module" {
  mod.func @forward() -> (!mod.tensor<f32[5]> {mod.name = "y"}) {
    %k = mod.frame_key
    %s = mod.key %k, 3
    %0 = mod.random %s as f32 [#mod.dim<5>] : !mod.tensor<f32[5]>
    mod.return %0 : !mod.tensor<f32[5]>
  }
}
mod.class @Mid from "Mid" kind "module" {
  mod.child @drop = @Drop
  mod.func @forward() -> (!mod.tensor<f32[5]> {mod.name = "y"}) { %0 = mod.call "drop" -> @forward() site 2 : () -> !mod.tensor<f32[5]> mod.return %0 : !mod.tensor<f32[5]> }
}
mod.class @Top from "Top" kind "module" {
  mod.child @mid = @Mid
  mod.func @forward() -> (!mod.tensor<f32[5]> {mod.name = "y"}) { %0 = mod.call "mid" -> @forward() site 7 : () -> !mod.tensor<f32[5]> mod.return %0 : !mod.tensor<f32[5]> }
}
mod.export @top = @Top -> @forward instance 0)",
                        "", {.seed = 42});
  uint64_t key = modc_fold(modc_fold(42, 7), modc_name("mid"));
  key = modc_fold(modc_fold(modc_fold(key, 2), modc_name("drop")), 3);
  for (uint64_t call : {1, 2}) { // making the tree was call 0
    std::vector<double> got = run(in, {});
    for (int64_t e = 0; e < 5; ++e) {
      uint32_t words[4];
      modc_philox(key, e / 4, call, words);
      EXPECT_EQ(got[e], (words[e % 4] >> 8) * 0x1p-24);
    }
  }
}

TEST_F(InterpreterTest, LoopsCarryValuesAndFoldTheirIterations) {
  // y[t] = sum of x[0..t] over run-time many rows, and a draw of a child in each round of two loops.
  Interpreter in = load(R"(
mod.class @Draw from "Draw" kind "module" {
  mod.buffer @n : !mod.tensor<i64[]> init #mod.init<fill 0.0>
  mod.func @forward() -> (!mod.tensor<f32[]> {mod.name = "y"}) {
    %n = mod.get "n" : !mod.tensor<i64[]>
    %one = mod.full 1 : i64 as i64 [] : !mod.tensor<i64[]>
    %m = mod.add %n, %one : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
    mod.set "n", %m : !mod.tensor<i64[]>
    %k = mod.frame_key
    %s = mod.key %k, 3
    %0 = mod.random %s as f32 [] : !mod.tensor<f32[]>
    mod.return %0 : !mod.tensor<f32[]>
  }
}
mod.class @Top from "Top" kind "module" {
  mod.child @draw = @Draw
  mod.func @forward(%x: !mod.tensor<f32[S]> {mod.name = "x"}) -> (!mod.tensor<f32[S]> {mod.name = "y"}, !mod.tensor<f32[S, 2]> {mod.name = "r"}) attributes {dims = ["S"]} {
    %h0 = mod.full 0.0 : f64 as f32 [#mod.dim<1>] : !mod.tensor<f32[1]>
    %y0 = mod.full 0.0 : f64 as f32 [#mod.dim<S>] : !mod.tensor<f32[S]>
    %r0 = mod.full 0.0 : f64 as f32 [#mod.dim<S>, #mod.dim<2>] : !mod.tensor<f32[S, 2]>
    %h1, %y1, %r1 = mod.for "t" to #mod.dim<S> init(%h0, %y0, %r0 : !mod.tensor<f32[1]>, !mod.tensor<f32[S]>, !mod.tensor<f32[S, 2]>) {
    ^bb0(%h: !mod.tensor<f32[1]>, %y: !mod.tensor<f32[S]>, %r: !mod.tensor<f32[S, 2]>):
      %a = mod.narrow %x dim 0 from <t> length <1> : (!mod.tensor<f32[S]>) -> !mod.tensor<f32[1]>
      %b = mod.add %h, %a : (!mod.tensor<f32[1]>, !mod.tensor<f32[1]>) -> !mod.tensor<f32[1]>
      %c = mod.update_slice %y, %b at [#mod.dim<t>] : (!mod.tensor<f32[S]>, !mod.tensor<f32[1]>) -> !mod.tensor<f32[S]>
      %d = mod.for "u" to #mod.dim<2> init(%r : !mod.tensor<f32[S, 2]>) {
      ^bb0(%e: !mod.tensor<f32[S, 2]>):
        %f = mod.call "draw" -> @forward() site 7 in [#mod.dim<t>, #mod.dim<u>] : () -> !mod.tensor<f32[]>
        %g = mod.reshape %f to [#mod.dim<1>, #mod.dim<1>] : (!mod.tensor<f32[]>) -> !mod.tensor<f32[1, 1]>
        %i = mod.update_slice %e, %g at [#mod.dim<t>, #mod.dim<u>] : (!mod.tensor<f32[S, 2]>, !mod.tensor<f32[1, 1]>) -> !mod.tensor<f32[S, 2]>
        mod.yield %i : !mod.tensor<f32[S, 2]>
      }
      mod.yield %b, %c, %d : !mod.tensor<f32[1]>, !mod.tensor<f32[S]>, !mod.tensor<f32[S, 2]>
    }
    mod.return %y1, %r1 : !mod.tensor<f32[S]>, !mod.tensor<f32[S, 2]>
  }
}
mod.export @top = @Top -> @forward instance 0)",
                        "", {.seed = 42});
  auto out = llvm::cantFail(in.run({{"x", f32({3}, {1, 2, 4})}}));
  EXPECT_EQ(out[0].value.f, (std::vector<double>{1, 3, 7}));
  for (uint64_t t = 0; t < 3; ++t)
    for (uint64_t u = 0; u < 2; ++u) {
      uint64_t key = modc_fold(modc_fold(modc_fold(modc_fold(42, t), u), 7), modc_name("draw"));
      uint32_t words[4];
      modc_philox(modc_fold(key, 3), 0, 1, words);
      EXPECT_EQ(out[1].value.f[2 * t + u], (words[0] >> 8) * 0x1p-24) << t << ", " << u;
    }
  EXPECT_EQ(state(in, "draw.n").i[0], 6);
  EXPECT_EQ(llvm::cantFail(in.run({{"x", f32({0}, {})}}))[1].value.dims, (SmallVector<int64_t>{0, 2}));
}

TEST_F(InterpreterTest, BranchesRunOneSideAndWhileEndsByItsCondition) {
  // if x[0] < 0 the row beyond the end is read, which fails; else x is doubled until its sum is 100, at most 5 times.
  Interpreter in = load(R"(
mod.class @Top from "Top" kind "module" {
  mod.func @forward(%x: !mod.tensor<f32[S]> {mod.name = "x"}) -> (!mod.tensor<f32[S]> {mod.name = "y"}) attributes {dims = ["S"]} {
    %zero = mod.full 0.0 : f64 as f32 [] : !mod.tensor<f32[]>
    %limit = mod.full 100.0 : f64 as f32 [] : !mod.tensor<f32[]>
    %five = mod.full 5 : i64 as i64 [] : !mod.tensor<i64[]>
    %n = mod.size #mod.dim<S> as i64 : !mod.tensor<i64[]>
    %s0 = mod.sum %x over [0] : (!mod.tensor<f32[S]>) -> !mod.tensor<f32[]>
    %c = mod.lt %s0, %zero : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[]>
    %y = mod.if %c -> !mod.tensor<f32[S]> {
      %row = mod.take %x, %n dim 0 : (!mod.tensor<f32[S]>, !mod.tensor<i64[]>) -> !mod.tensor<f32[]>
      %all = mod.add %x, %row : (!mod.tensor<f32[S]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[S]>
      mod.yield %all : !mod.tensor<f32[S]>
    } else {
      %z = mod.while "r" init(%x : !mod.tensor<f32[S]>) {
      ^bb0(%a: !mod.tensor<f32[S]>):
        %s = mod.sum %a over [0] : (!mod.tensor<f32[S]>) -> !mod.tensor<f32[]>
        %less = mod.lt %s, %limit : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[]>
        %r = mod.size #mod.dim<r> as i64 : !mod.tensor<i64[]>
        %more = mod.lt %r, %five : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[]>
        %both = mod.bitwise_and %less, %more : (!mod.tensor<i1[]>, !mod.tensor<i1[]>) -> !mod.tensor<i1[]>
        mod.yield %both : !mod.tensor<i1[]>
      } do {
      ^bb0(%a: !mod.tensor<f32[S]>):
        %b = mod.add %a, %a : (!mod.tensor<f32[S]>, !mod.tensor<f32[S]>) -> !mod.tensor<f32[S]>
        mod.yield %b : !mod.tensor<f32[S]>
      }
      mod.yield %z : !mod.tensor<f32[S]>
    }
    mod.return %y : !mod.tensor<f32[S]>
  }
}
mod.export @top = @Top -> @forward instance 0)");
  EXPECT_EQ(run(in, {{"x", f32({2}, {10, 1})}}), (std::vector<double>{160, 16})); // 11 * 16 is the first above 100
  EXPECT_EQ(run(in, {{"x", f32({1}, {1})}}), std::vector<double>{32});
  EXPECT_EQ(run(in, {{"x", f32({1}, {200})}}), std::vector<double>{200});
  EXPECT_THAT(error(in, {{"x", f32({2}, {-1, -2})}}), HasSubstr("out of range"));
}

TEST_F(InterpreterTest, InitialValues) {
  Interpreter in = load(R"(
mod.class @C from "C" kind "module" {
  mod.param @u : !mod.tensor<f32[3]> init #mod.init<uniform -2.0, 2.0>
  mod.param @n : !mod.tensor<f32[3]> init #mod.init<normal 1.0, 0.5>
  mod.param @zero : !mod.tensor<f32[3]>
  mod.buffer @t : !mod.tensor<i64[4]> init #mod.init<fn @init.t>
  mod.func @init.t() -> !mod.tensor<i64[4]> { %0 = mod.iota #mod.dim<4> as i64 : !mod.tensor<i64[4]> mod.return %0 : !mod.tensor<i64[4]> }
  mod.func @forward() { mod.return }
}
mod.class @D from "D" kind "module" {
  mod.child @c = @C
  mod.func @forward() { mod.return }
}
mod.export @d = @D -> @forward instance 0)",
                        "", {.seed = 9});
  auto stream = [](const char *name, int64_t e) {
    uint32_t words[4];
    modc_philox(modc_fold(9, modc_name(name)), e / 4, 0, words);
    return (words[e % 4] >> 8) * 0x1p-24;
  };
  for (int64_t e = 0; e < 3; ++e) {
    EXPECT_EQ(state(in, "c.u").f[e], float(-2 + 4 * stream("c.u", e)));
    EXPECT_EQ(state(in, "c.n").f[e], float(1 + 0.5 * (std::sqrt(-2 * std::log(1 - stream("c.n", 2 * e))) *
                                                      std::cos(2 * std::numbers::pi * stream("c.n", 2 * e + 1)))));
  }
  EXPECT_THAT(state(in, "c.zero").f, testing::Each(0));
  EXPECT_THAT(state(in, "c.t").i, testing::ElementsAre(0, 1, 2, 3));
}

TEST_F(InterpreterTest, GraphPhaseFusedAndComposed) {
  module = parseSourceFile<ModuleOp>(PROGRAMS, &ctx);
  ASSERT_TRUE(module);
  Array x = f32({2, 3}, {1, -2, 3, 0.5, 0.25, -4});
  // Linear in phase mod; the same through prepare and kernel; the tree fused and as a program with fresh sizes.
  Interpreter plain = loadAgain("linear_layer", {}), kernel = loadAgain("linear_layer", {.form = Form::Fused});
  Interpreter fused = loadAgain("composed", {.form = Form::Fused}),
              composed = loadAgain("composed", {.form = Form::Composed});
  for (Interpreter *in : {&fused, &composed})
    for (const char *leaf : {"weight", "bias"})
      llvm::cantFail(in->setState(std::string("fc.") + leaf, state(plain, leaf)));
  std::vector<double> want = run(plain, {{"x", x}});
  EXPECT_EQ(run(kernel, {{"x", x}}), want);
  for (double &v : want)
    v = std::max(v, 0.0);
  EXPECT_EQ(run(fused, {{"x", x}}), want);
  EXPECT_EQ(run(composed, {{"x", x}}), want);
  // A prepared block follows its source.
  llvm::cantFail(fused.setState("fc.weight", f32({4, 3}, std::vector<double>(12))));
  llvm::cantFail(fused.setState("fc.bias", f32({4}, {1, 2, 3, 4})));
  EXPECT_THAT(run(fused, {{"x", x}}), testing::ElementsAre(1, 2, 3, 4, 1, 2, 3, 4));
}

TEST_F(InterpreterTest, WritesOfPureFunctionsReachTheState) {
  Interpreter in = load(R"(
mod.class @C from "C" kind "module" {
  mod.buffer @n : !mod.tensor<i64[]>
  mod.func @forward.eval(%n: !mod.tensor<i64[]> {mod.state = "n"}) -> (!mod.tensor<i64[]> {mod.name = "old"}, !mod.tensor<i64[]> {mod.write = "n"})
      attributes {mod.method = "forward", mod.role = "eval"} {
    %one = mod.full 1 : i64 as i64 [] : !mod.tensor<i64[]>
    %m = mod.add %n, %one : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
    mod.return %n, %m : !mod.tensor<i64[]>, !mod.tensor<i64[]>
  }
}
mod.export @c = @C -> @forward instance 0)");
  for (int64_t i = 0; i < 3; ++i) {
    auto out = llvm::cantFail(in.run({}));
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].name, "old");
    EXPECT_EQ(out[0].value.i[0], i);
  }
  EXPECT_EQ(state(in, "n").i[0], 3);
}

TEST_F(InterpreterTest, ExactKeepsDoubles) {
  const char *text = R"(
mod.class @C from "C" kind "module" {
  mod.func @forward(%x: !mod.tensor<f32[]> {mod.name = "x"}) -> (!mod.tensor<f32[]> {mod.name = "y"}) { %0 = mod.exp %x : (!mod.tensor<f32[]>) -> !mod.tensor<f32[]> mod.return %0 : !mod.tensor<f32[]> }
}
mod.export @c = @C -> @forward instance 0)";
  Interpreter rounded = load(text), exact = loadAgain("", {.exact = true});
  EXPECT_EQ(run(rounded, {{"x", f32({}, {1})}})[0], float(std::exp(1.0)));
  EXPECT_EQ(run(exact, {{"x", f32({}, {1})}})[0], std::exp(1.0));
}

TEST_F(InterpreterTest, FoldsConstants) {
  module = parseSourceString<ModuleOp>(R"(
mod.func @f(%x: !mod.tensor<f32[2]>) attributes {dims = ["N"]} {
  %i = mod.iota #mod.dim<4> as f32 : !mod.tensor<f32[4]>
  %c = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : !mod.tensor<f32[4]>
  %h = mod.full 0.5 : f64 as f32 [] : !mod.tensor<f32[]>
  %product = mod.mul %c, %h : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
  %same = mod.sub %c, %c : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
  %argument = mod.neg %x : (!mod.tensor<f32[2]>) -> !mod.tensor<f32[2]>
  %symbolic = mod.iota #mod.dim<N> as i64 : !mod.tensor<i64[N]>
  %large = mod.iota #mod.dim<8193> as i64 : !mod.tensor<i64[8193]>
  %k = mod.frame_key
  %random = mod.random %k as f32 [#mod.dim<2>] : !mod.tensor<f32[2]>
  %bytes = arith.constant dense<[200, 7]> : !mod.tensor<ui8[2]>
  %wrapped = mod.add %bytes, %bytes : (!mod.tensor<ui8[2]>, !mod.tensor<ui8[2]>) -> !mod.tensor<ui8[2]>
  mod.return
})",
                                       &ctx);
  ASSERT_TRUE(module);
  Block &block = cast<mod::FuncOp>(module->getBody()->front()).getBody().front();
  std::vector<Operation *> list;
  for (Operation &op : block)
    list.push_back(&op);
  auto folded = [&](size_t n) { return reference::foldConstants(list[n]); };
  EXPECT_THAT(reference::toArray((*folded(0))[0])->f, testing::ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(reference::toArray((*folded(3))[0])->f, testing::ElementsAre(0.5, 1, 1.5, 2));
  EXPECT_THAT(reference::toArray((*folded(11))[0])->i, testing::ElementsAre(144, 14));
  for (size_t n : {5, 6, 7, 9}) // an argument, a symbol, more than 64 KiB, a draw
    EXPECT_FALSE(folded(n)) << n;
  OpBuilder b(list.back());
  Value splat = reference::materialize(b, list.back()->getLoc(), (*folded(4))[0]);
  EXPECT_TRUE(splat.getDefiningOp<mod::FullOp>());
  EXPECT_EQ(splat.getType(), list[4]->getResult(0).getType());
  EXPECT_TRUE(reference::materialize(b, list.back()->getLoc(), (*folded(3))[0]).getDefiningOp<arith::ConstantOp>());
  EXPECT_TRUE(succeeded(module->verify()));
}

TEST_F(InterpreterTest, TreesWithoutEndAreRefused) {
  module = parseSourceString<ModuleOp>(R"(
mod.class @A from "A" kind "module" { mod.child @b = @A  mod.func @forward() { mod.return } }
mod.class @F from "F" kind "module" { mod.func @forward() { mod.call "" -> @forward() site 0 : () -> ()  mod.return } }
mod.export @a = @A -> @forward instance 0
mod.export @f = @F -> @forward instance 1)",
                                       &ctx);
  ASSERT_TRUE(module);
  EXPECT_THAT(llvm::toString(Interpreter::load(*module, "a").takeError()), HasSubstr("class @A contains itself"));
  Interpreter f = loadAgain("f", {});
  EXPECT_THAT(error(f, {}), HasSubstr("calls are nested more than 500 deep"));
}
} // namespace
