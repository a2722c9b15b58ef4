// Every primitive has code: each one in a kernel of its own, for the dtypes it takes, against its evaluation; and a
// list that fails when a primitive is added without one.
#include "test/lower/KernelCheck.h"
#include "llvm/ADT/StringSet.h"
#include <fstream>
#include <gtest/gtest.h>

using namespace modc;
using namespace modc::lower;

namespace {

struct Sample {
  std::string op; ///< mnemonic
  std::string arguments, body, result;
  int64_t integerLimit = 10;
  bool indices = false;
  std::string values = "%y";
};

std::string tensor(const std::string &spec) { return "!mod.tensor<" + spec + ">"; }

/// `%y = mod.op %x attributes : (type) -> type`
Sample unary(const std::string &op, const std::string &in, const std::string &out, const std::string &attributes = "") {
  return {op, "%x: " + tensor(in), "%y = mod." + op + " %x " + attributes + " : (" + tensor(in) + ") -> " + tensor(out),
          tensor(out)};
}
Sample binary(const std::string &op, const std::string &a, const std::string &b, const std::string &out,
              const std::string &attributes = "") {
  return {op, "%a: " + tensor(a) + ", %b: " + tensor(b),
          "%y = mod." + op + " %a, %b " + attributes + " : (" + tensor(a) + ", " + tensor(b) + ") -> " + tensor(out),
          tensor(out)};
}
/// No tensor goes in.
Sample make(const std::string &op, const std::string &attributes, const std::string &out,
            const std::string &arguments = "") {
  return {op, arguments, "%y = mod." + op + " " + attributes + " : " + tensor(out), tensor(out)};
}
Sample indexed(Sample sample, int64_t limit) {
  sample.integerLimit = limit;
  sample.indices = true;
  return sample;
}

std::vector<Sample> samples() {
  std::vector<Sample> all;
  const std::string shape = "[d0, 2*d1 + 1, 5]";
  const std::vector<std::string> floats{"f32", "f64", "f16"}, integers{"i64", "i32", "i8", "ui8"};
  std::vector<std::string> numbers(floats);
  numbers.insert(numbers.end(), integers.begin(), integers.end());

  for (const char *op : {"floor", "round", "exp", "sin", "cos", "tanh", "erf", "sigmoid"})
    for (const std::string &t : floats)
      all.push_back(unary(op, t + shape, t + shape));
  for (const std::string &t : {"f32", "f64"}) {
    all.push_back(unary("expm1", t + shape, t + shape));
    // Of squares, so that there is something to see.
    for (const char *op : {"log", "log1p", "sqrt"}) {
      std::string type = tensor(t + shape);
      all.push_back({op, "%x: " + type,
                     "%s = mod.mul %x, %x : (" + type + ", " + type + ") -> " + type + "\n%y = mod." + op + " %s : (" +
                         type + ") -> " + type,
                     type});
      all.push_back(unary(op, t + shape, t + shape));
    }
  }
  for (const std::string &t : numbers) {
    all.push_back(unary("neg", t + shape, t + shape));
    all.push_back(unary("abs", t + shape, t + shape));
    all.push_back(unary("detach", t + shape, t + shape));
    for (const char *op : {"add", "sub", "mul", "maximum", "minimum"})
      all.push_back(binary(op, t + shape, t + "[2*d1 + 1, 1]", t + shape));
    for (const char *op : {"eq", "lt", "le"})
      all.push_back(binary(op, t + shape, t + "[5]", "i1" + shape));
    for (const std::string &to : numbers)
      if (t == "f32" || t == "i64" || to == "f32" || to == "ui8")
        all.push_back(unary("to", t + shape, to + shape, "as " + to));
    all.push_back(unary("to", t + shape, "i1" + shape, "as i1"));
    all.push_back(unary("to", "i1" + shape, t + shape, "as " + t));
    bool isFloat = t.find('f') != std::string::npos;
    std::string sum = isFloat ? t : "i64", value = isFloat ? "-2.5" : "7 : i64";
    if (isFloat)
      value += " : f64";
    all.push_back(unary("sum", t + "[d0, 37]", sum + "[d0]", "over [1]"));
    all.push_back(unary("sum", t + "[d0, d1, 3]", sum + "[1, d1, 1]", "over [0, 2] keepdim true"));
    all.push_back(unary("sum", t + "[d0, d1, 40]", sum + "[d1, 40]", "over [0]"));
    all.push_back(unary("amax", t + "[d0, d1]", t + "[d0]", "over [1]"));
    all.push_back(unary("amax", t + "[d0, d1, 18]", t + "[]", "over [0, 1, 2]"));
    all.push_back(unary("cumsum", t + "[d0, d1, 3]", sum + "[d0, d1, 3]", "dim 1"));
    if (t != "ui8") {
      all.push_back(unary("argmax", t + "[d0, d1]", "i64[d1]", "dim 0"));
      all.push_back(unary("argmax", t + "[d0, 21]", "i64[d0, 1]", "dim 1 keepdim true"));
    }
    // Views and creation do not look at the elements: one of each width.
    if (t != "f32" && t != "f64" && t != "f16" && t != "ui8")
      continue;
    all.push_back(make("full", value + " as " + t + " [#mod.dim<d0>, #mod.dim<3>]", t + "[d0, 3]"));
    all.push_back(make("size", "<d0 + 3*d1> as " + t, t + "[]"));
    all.push_back(make("iota", "<d0 + d1> as " + t, t + "[d0 + d1]"));
    all.push_back(unary("constant_pad", t + "[d0, d1]", t + "[d0 + 3, d1 + 1]", "lo [1, -1] hi [2, 2] with " + value));
    all.push_back(binary("cat", t + "[d0, 3]", t + "[d1, 3]", t + "[d0 + d1, 3]", "dim 0"));
    all.push_back(binary("cat", t + "[d0, 3]", t + "[d0, d1]", t + "[d0, d1 + 3]", "dim 1"));
    all.push_back(binary("update_slice", t + "[d0 + d1, 7]", t + "[d1, 2]", t + "[d0 + d1, 7]",
                         "at [#mod.dim<d0>, #mod.dim<3>]"));
    all.push_back(unary("reshape", t + "[d0, 6, d1]", t + "[2*d0, 3*d1]", "to [#mod.dim<2*d0>, #mod.dim<3*d1>]"));
    all.push_back(unary("permute", t + "[d0, 4, d1]", t + "[d1, d0, 4]", "by [2, 0, 1]"));
    all.push_back(unary("expand", t + "[d0, 1]", t + "[3, d0, d1]", "to [#mod.dim<3>, #mod.dim<d0>, #mod.dim<d1>]"));
    all.push_back(unary("narrow", t + "[d0, 9]", t + "[d0, 3]", "dim 1 from <2> length <3> step 3"));
    all.push_back(unary("narrow", t + "[d0 + d1, 3]", t + "[d1, 3]", "dim 0 from <d0> length <d1>"));
    all.push_back(unary("repack", t + "[d0, 4]", t + "[d0, 4], <[1, 0]>", "to <[1, 0]>"));
  }
  for (const std::string &t : floats) {
    all.push_back(binary("div", t + shape, t + "[5]", t + shape));
    all.push_back(binary("matmul", t + "[d0, d1, 9]", t + "[9, 20]", t + "[d0, d1, 20]"));
    all.push_back(binary("matmul", t + "[d0, 1, d1, 9]", t + "[3, 20, 9]", t + "[d0, 3, d1, 20]", "trans_b true"));
    all.push_back(
        make("random", "%k as " + t + " [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<5>]", t + "[d0, d1, 5]", "%k: !mod.rng"));
    // One to three spatial dimensions, both orders; a filter never larger than the padded input.
    all.push_back(binary("conv", t + "[d0, 3, d1 + 4]", t + "[4, 3, 3]", t + "[d0, 4, floordiv(d1, 2) + 1]",
                         "stride [2] lo [0] hi [1] dilation [2]"));
    all.push_back(binary("conv", t + "[d0, d1 + 2, 5, 4]", t + "[6, 2, 3, 1]", t + "[d0, d1, 5, 6]",
                         "stride [1, 1] lo [0, 0] hi [0, 0] dilation [1, 1] groups 2 channels_last"));
    all.push_back(binary("conv", t + "[d0, 4, d1 + 2, 5]", t + "[4, 1, 3, 2]", t + "[d0, 4, d1 + 2, 3]",
                         "stride [1, 2] lo [1, 0] hi [1, 1] dilation [1, 1] groups 4"));
    all.push_back(binary("conv", t + "[1, 2, d0 + 1, 3, d1 + 1]", t + "[3, 2, 2, 1, 2]", t + "[1, 3, d0, 3, d1 + 1]",
                         "stride [1, 1, 1] lo [0, 0, 1] hi [0, 0, 0] dilation [1, 1, 1]"));
    all.push_back(binary("conv_transpose", t + "[d0, 3, d1]", t + "[3, 2, 3]", t + "[d0, 2, 2*d1]",
                         "stride [2] padding [1] output_padding [1] dilation [1]"));
    all.push_back(binary("conv_transpose", t + "[d0, d1, 3, 4]", t + "[4, 2, 2, 3]", t + "[d0, 3*d1, 7, 4]",
                         "stride [3, 1] padding [0, 0] output_padding [1, 0] dilation [1, 2] groups 2 channels_last"));
    std::string q = tensor(t + "[d0, 2, d1, 8]"), k = tensor(t + "[d0, 2, d0 + 1, 8]"),
                v = tensor(t + "[d0, 2, d0 + 1, 16]"), o = tensor(t + "[d0, 2, d1, 16]"),
                m = tensor(t + "[d1, d0 + 1]");
    all.push_back(
        {"attention", "%q: " + q + ", %k: " + k + ", %v: " + v + ", %m: " + m,
         "%y = mod.attention %q, %k, %v mask %m scale 0.25 : (" + q + ", " + k + ", " + v + ", " + m + ") -> " + o, o});
    all.push_back({"attention", "%q: " + q + ", %k: " + k + ", %v: " + v,
                   "%y = mod.attention %q, %k, %v scale 0.25 causal true : (" + q + ", " + k + ", " + v + ") -> " + o,
                   o});
    all.push_back({"attention", "%q: " + q + ", %k: " + k + ", %v: " + v + ", %r: !mod.rng",
                   "%y = mod.attention %q, %k, %v key %r scale 0.25 dropout 0.3 : (" + q + ", " + k + ", " + v +
                       ", !mod.rng) -> " + o,
                   o});
  }
  for (const std::string &t : {"f32", "f64", "i64", "i32", "i8", "ui8"}) {
    all.push_back(binary("floor_divide", t + shape, t + "[5]", t + shape));
    all.push_back(binary("remainder", t + shape, t + "[5]", t + shape));
  }
  for (const std::string &t : {"f32", "f64"}) {
    std::string type = tensor(t + shape);
    all.push_back({"pow", "%x: " + type + ", %p: " + type,
                   "%s = mod.abs %x : (" + type + ") -> " + type + "\n%y = mod.pow %s, %p : (" + type + ", " + type +
                       ") -> " + type,
                   type});
  }
  for (const std::string &t : {"i1", "i64", "i32", "i8", "ui8"}) {
    all.push_back(unary("logical_not", t + shape, t + shape));
    all.push_back(binary("bitwise_and", t + shape, t + "[1, 1, 5]", t + shape));
    all.push_back(binary("bitwise_or", t + shape, t + "[]", t + shape));
  }
  for (const std::string &t : {"f32", "f64", "f16", "i32", "ui8", "i1"}) {
    std::string c = tensor("i1[2*d1 + 1, 1]"), a = tensor(t + shape), b = tensor(t + "[]");
    all.push_back({"where", "%c: " + c + ", %a: " + a + ", %b: " + b,
                   "%y = mod.where %c, %a, %b : (" + c + ", " + a + ", " + b + ") -> " + a, a});
    for (const std::string &i : {"i64", "i32"}) {
      all.push_back(indexed(binary("take", t + "[7, 33]", i + "[d0, d1]", t + "[d0, d1, 33]", "dim 0"), 7));
      all.push_back(indexed(binary("take", t + "[d1, 7, d0]", i + "[]", t + "[d1, d0]", "dim 1"), 7));
      all.push_back(indexed(binary("gather", t + "[d0, 7]", i + "[d0, 4]", t + "[d0, 4]", "dim 1"), 4));
    }
  }
  return all;
}

/// Windows, and what runs in order along a dimension.
std::vector<Sample> orderedSamples() {
  std::vector<Sample> all;
  const std::string shape = "[d0, 2*d1 + 1, 5]";
  const std::vector<std::string> integers{"i64", "i32", "i8", "ui8"};
  const std::vector<std::string> numbers{"f32", "f64", "f16", "i64", "i32", "i8", "ui8"};
  for (const std::string &t : numbers) {
    auto window = [&](const std::string &in, const std::string &out, const std::string &kind, const std::string &rest) {
      all.push_back(unary("reduce_window", t + in, t + out, "\"" + kind + "\" " + rest));
    };
    for (const char *kind : {"max", "sum"}) {
      window(shape, "[d0, d1 + 1, 4]", kind,
             "window [3, 2] stride [2, 1] lo [#mod.dim<1>, #mod.dim<0>] hi [#mod.dim<1>, #mod.dim<1>] dilation [1, 2]");
      window(shape, shape, kind, "window [2] stride [1] lo [#mod.dim<0>] hi [#mod.dim<1>] dilation [1] channels_last");
      window("[d0, d1, 40]", "[d0, d1, 20]", kind,
             "window [3] stride [2] lo [#mod.dim<1>] hi [#mod.dim<1>] dilation [1]");
      window("[d0, d1, 40]", "[d0, d1, 38]", kind,
             "window [3] stride [1] lo [#mod.dim<0>] hi [#mod.dim<0>] dilation [1]");
      window("[d0, 6, 8, 33]", "[d0, 3, 4, 33]", kind,
             "window [3, 3] stride [2, 2] lo [#mod.dim<1>, #mod.dim<1>] hi [#mod.dim<1>, #mod.dim<1>] dilation [1, 1] "
             "channels_last");
      window("[d0]", "[d0 + 4]", kind, "window [1] stride [1] lo [#mod.dim<2>] hi [#mod.dim<2>] dilation [1]");
    }
    for (const std::string &i : t == "f32" ? std::vector<std::string>{"i64", "i32"} : std::vector<std::string>{"i64"}) {
      auto add = [&](const std::string &op, const std::string &x, const std::string &index, const std::string &v,
                     const std::string &dim) {
        std::string whole = tensor(t + x), at = tensor(i + index), added = tensor(t + v);
        all.push_back(indexed(
            {op, "%x: " + whole + ", %i: " + at + ", %v: " + added,
             "%y = mod." + op + " %x, %i, %v dim " + dim + " : (" + whole + ", " + at + ", " + added + ") -> " + whole,
             whole},
            7));
      };
      add("index_add", "[7, 33]", "[d0, d1]", "[d0, d1, 33]", "0");
      add("index_add", "[d1, 7, d0]", "[3]", "[d1, 3, d0]", "1");
      add("index_add", "[d0, 7]", "[d1]", "[d0, d1]", "1");
      add("scatter_add", "[d0, 7]", "[d0, 4]", "[d0, 4]", "1");
      add("scatter_add", "[7, d1, 18]", "[d0, d1, 18]", "[d0, d1, 18]", "0");
    }
    all.push_back(
        unary("cumsum", t + "[d0, d1]", (t.find('f') != std::string::npos ? t : "i64") + "[d0, d1]", "dim 1"));
    all.push_back(
        unary("cumsum", t + "[d1, 33]", (t.find('f') != std::string::npos ? t : "i64") + "[d1, 33]", "dim 0"));
  }
  for (const std::string &t : {"f32", "f64", "f16", "i64", "i32", "i8", "ui8", "i1"})
    for (const char *descending : {"", " descending true"})
      for (const auto &[shape, dim] : {std::pair("[d0, 3*d1]", "1"), std::pair("[8*d0, d1]", "0")}) {
        std::string x = tensor(t + shape), i = tensor(std::string("i64") + shape);
        std::string type = " : (" + x + ") -> (" + x + ", " + i + ")", how = std::string(" dim ") + dim + descending;
        Sample pair{"sort", "%x: " + x, "%y, %z = mod.sort %x" + how + type, x + ", " + i, 4};
        pair.values = "%y, %z";
        all.push_back(pair);
        if (t == "f32" || t == "i8") { // one of the results alone
          all.push_back({"sort", "%x: " + x, "%y, %z = mod.sort %x" + how + type, x, 4});
          all.push_back({"sort", "%x: " + x, "%z, %y = mod.sort %x" + how + type, i, 4});
        }
        if (t[0] == 'f') { // NaN in half of the places
          pair.body = "%l = mod.log %x : (" + x + ") -> " + x + "\n%y, %z = mod.sort %l" + how + type;
          all.push_back(pair);
        }
      }
  for (const std::string &t : integers) {
    all.push_back(binary("pow", t + shape, t + "[5]", t + shape));
    all.push_back(binary("matmul", t + "[d0, d1, 9]", t + "[9, 20]", t + "[d0, d1, 20]"));
    all.push_back(binary("matmul", t + "[d0, 1, d1, 9]", t + "[3, 20, 9]", t + "[d0, 3, d1, 20]", "trans_b true"));
  }
  return all;
}

void check(const std::vector<Sample> &all) {
  auto context = makeContext();
  std::string text;
  for (size_t i = 0; i < all.size(); ++i) {
    const Sample &s = all[i];
    text += "mod.kernel @k" + std::to_string(i) + " kind \"map\" dims [\"d0\", \"d1\"] hash \"0\" {\n^bb0(" +
            s.arguments + "):\n" + s.body + "\nmod.yield " + s.values + " : " + s.result + "\n}\n";
    // A block without arguments has no parentheses.
    if (size_t empty = text.rfind("^bb0():"); empty != std::string::npos)
      text.replace(empty, 7, "^bb0:");
  }
  if (const char *path = std::getenv("MODC_DUMP"))
    std::ofstream(path) << text;
  auto module = parse(*context, text);
  KernelCheck check(*module, {ways().front(), ways().back()});
  const std::vector<KernelCheck::Sizes> sizes{{{"d0", 3}, {"d1", 4}},
                                              {{"d0", 1}, {"d1", 1}},
                                              {{"d0", 17}, {"d1", 5}},
                                              {{"d0", 5}, {"d1", 0}},
                                              {{"d0", 2}, {"d1", 33}}};
  for (size_t i = 0; i < all.size(); ++i)
    for (const auto &s : sizes)
      EXPECT_EQ(check.run("k" + std::to_string(i), s, i, {}, all[i].integerLimit, all[i].indices), "")
          << all[i].body << " with d0 = " << s.at("d0") << ", d1 = " << s.at("d1");
}

TEST(Lower, EveryPrimitive) {
  auto context = makeContext();
  llvm::StringSet<> sampled;
  for (const auto &all : {samples(), orderedSamples()})
    for (const Sample &sample : all)
      sampled.insert("mod." + sample.op);
  for (mlir::RegisteredOperationName name : context->getRegisteredOperations())
    if (name.hasInterface<mod::PrimitiveOpInterface>()) {
      EXPECT_TRUE(sampled.contains(name.getStringRef())) << name.getStringRef().str() << " has no sample here";
    }
}
TEST(Lower, Primitives) { check(samples()); }
TEST(Lower, OrderedPrimitives) { check(orderedSamples()); }

} // namespace
