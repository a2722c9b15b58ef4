// Plans and bodies of random functions against plain C++: sizes of inputs that fit or do not, ranges, guards, derived
// sizes, offsets, overflow.
#include "CKernels.h"
#include "mlir/Parser/Parser.h"
#include "modrt/abi.h"
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <random>

using namespace modc;
using mod::DimAttr;

namespace {
using Sizes = llvm::StringMap<int64_t>;

struct Outcome {
  modc_rc rc = MODC_OK;
  int64_t info[4] = {};
  Sizes sizes;
  std::vector<int64_t> outs, offsets, words;
  int64_t arena = 0;
};

std::optional<int64_t> value(DimAttr d, const Sizes &sizes) {
  return d.evaluate([&](llvm::StringRef s) -> std::optional<int64_t> {
    auto it = sizes.find(s);
    return it == sizes.end() ? std::nullopt : std::optional(it->second);
  });
}
std::optional<int64_t> natural(DimAttr d, const Sizes &sizes) {
  auto v = value(d, sizes);
  return v && *v >= 0 ? v : std::nullopt;
}

/// What a plan should say, worked out slowly: an unknown name is found by trying all values.
Outcome reference(mod::FuncOp f, const std::vector<std::vector<int64_t>> &in) {
  Outcome o;
  auto fail = [&](modc_rc rc, std::initializer_list<int64_t> info) {
    o.rc = rc;
    std::copy(info.begin(), info.end(), o.info);
    return o;
  };
  struct Axis {
    int64_t input, axis;
    DimAttr dim;
    bool done = false;
  };
  std::vector<Axis> axes;
  for (auto [i, t] : llvm::enumerate(f.getArgumentTypes()))
    for (auto [k, d] : llvm::enumerate(llvm::cast<mod::SymTensorType>(t).getDims()))
      axes.push_back({int64_t(i), int64_t(k), d});
  for (Axis &a : axes)
    if (auto s = a.dim.getSymbol(); s && !o.sizes.contains(s))
      o.sizes[s] = in[a.input][a.axis], a.done = true;
  for (bool progress = true; progress;) {
    progress = false;
    for (Axis &a : axes) {
      if (a.done)
        continue;
      int64_t got = in[a.input][a.axis];
      std::set<std::string> unknown;
      a.dim.walkSymbols([&](mlir::StringAttr s) {
        if (!o.sizes.contains(s))
          unknown.insert(s.str());
      });
      if (unknown.size() == 1) {
        for (int64_t v = 0; v < 300 && !o.sizes.contains(*unknown.begin()); ++v) {
          Sizes with = o.sizes;
          with[*unknown.begin()] = v;
          if (value(a.dim, with) == got)
            o.sizes[*unknown.begin()] = v;
        }
        if (!o.sizes.contains(*unknown.begin()))
          return fail(MODC_E_DIM, {a.input, a.axis, -1, got});
      } else if (unknown.empty()) {
        auto expected = value(a.dim, o.sizes);
        if (!expected)
          return fail(MODC_E_OVERFLOW, {});
        if (*expected != got)
          return fail(MODC_E_DIM, {a.input, a.axis, *expected, got});
      } else {
        continue;
      }
      progress = a.done = true;
    }
  }
  if (auto ranges = f.getRanges())
    for (auto r : ranges->getAsRange<mod::RangeAttr>()) {
      int64_t v = o.sizes[r.getName()], number = 0;
      while (llvm::cast<mlir::StringAttr>((*f.getDims())[number]).getValue() != r.getName())
        ++number;
      if (v < r.getMin() || v > r.getMax())
        return fail(MODC_E_RANGE, {number, v});
    }
  if (auto guards = f.getGuards())
    for (auto [i, g] : llvm::enumerate(guards->getAsRange<mod::GuardAttr>())) {
      auto a = value(g.getA(), o.sizes), b = value(g.getB(), o.sizes);
      if (!a || !b)
        return fail(MODC_E_OVERFLOW, {});
      if (g.getRel() == "eq" ? *a != *b : *a > *b)
        return fail(MODC_E_GUARD, {int64_t(i), *a, *b});
    }
  for (mlir::Type t : f.getResultTypes())
    for (DimAttr d : llvm::cast<mod::SymTensorType>(t).getDims()) {
      auto v = natural(d, o.sizes);
      if (!v)
        return fail(MODC_E_OVERFLOW, {});
      o.outs.push_back(*v);
    }
  if (auto arena = f.getArena())
    for (auto slot : arena->getAsRange<mod::SlotAttr>()) {
      int64_t at = 0, end;
      auto ends = [&](int64_t offset, DimAttr bytes) {
        auto b = natural(bytes, o.sizes);
        return b && !__builtin_add_overflow(offset, *b, &end) && !__builtin_add_overflow(end, 63, &end)
                   ? (end &= -64, true)
                   : false;
      };
      for (int64_t j : slot.getBelow()) {
        if (!ends(o.offsets[j], llvm::cast<mod::SlotAttr>((*arena)[j]).getBytes()))
          return fail(MODC_E_OVERFLOW, {});
        at = std::max(at, end);
      }
      o.offsets.push_back(at);
      if (!ends(at, slot.getBytes()))
        return fail(MODC_E_OVERFLOW, {});
      o.arena = std::max(o.arena, end);
    }
  bool fits = true;
  f.walk([&](mod::LaunchOp l) {
    for (auto d : l.getSizes().getAsRange<DimAttr>()) {
      auto v = natural(d, o.sizes);
      fits &= v.has_value();
      o.words.push_back(v.value_or(0));
    }
  });
  return fits ? o : fail(MODC_E_OVERFLOW, {});
}

struct Generator {
  std::mt19937_64 rng{20261124};
  int pick(int n) { return int(rng() % n); }
  std::string term(int names) {
    static const char *symbols[] = {"A", "B", "C"};
    std::string s = symbols[pick(names)];
    switch (pick(7)) {
    case 0:
      return s + "*" + symbols[pick(names)];
    case 1:
      return "floordiv(" + s + " + " + std::to_string(pick(9)) + ", " + std::to_string(1 + pick(4)) + ")";
    case 2:
      return (pick(2) ? "min(" : "max(") + s + ", " + symbols[pick(names)] + " + " + std::to_string(pick(5)) + ")";
    case 3:
      return "floordiv(" + std::string(symbols[pick(names)]) + "*7, " + s + ")"; // divides by zero where s is 0
    default:
      return std::to_string(1 + pick(5)) + "*" + s;
    }
  }
  std::string poly(int names) {
    std::string p = term(names);
    for (int i = pick(3); i > 0; --i)
      p += (pick(4) ? " + " : " - ") + term(names);
    int c = pick(7) - 1;
    return p + (c < 0 ? " - " : " + ") + std::to_string(std::abs(c));
  }
  std::string dim(const std::string &p) { return "#mod.dim<" + p + ">"; }

  std::string function(int number) {
    int names = 1 + pick(3);
    bool linear = pick(3) == 0; // the last name is seen in `k*name + c` alone
    std::string list, first, text;
    for (int i = 0; i < names; ++i) {
      std::string s(1, char('A' + i));
      list += (i ? ", \"" : "\"") + s + "\"";
      if (linear && i == names - 1)
        s = std::to_string(2 + pick(3)) + "*" + s + " + " + (i && pick(2) ? "A" : std::to_string(pick(4)));
      first += (i ? ", " : "") + s;
    }
    std::string m = "m" + std::to_string(number), a = poly(names), b = poly(names), o = poly(names);
    auto tensor = [](const std::string &dims) { return "!mod.tensor<f32[" + dims + "]>"; };
    text = "mod.func @" + m + ".eval(%x: " + tensor(first) + " {mod.name = \"x\"}, %y: " +
           tensor((pick(2) ? std::string("A, ") : poly(names) + ", ") + "5, " + (pick(2) ? first : std::string("A"))) +
           " {mod.name = \"y\"}) -> (" + tensor(o + ", A, 3") + " {mod.name = \"z\"}) attributes {dims = [" + list +
           "]";
    int slots = 1 + pick(4);
    text += ", arena = [";
    for (int i = 0; i < slots; ++i) {
      text += (i ? ", " : "") + std::string("#mod.slot<<") +
              (pick(4) ? std::to_string(4 << pick(4)) + "*(" + poly(names) + ")" : std::to_string(64 * (1 + pick(3)))) +
              ">";
      std::string below;
      for (int j = 0; j < i; ++j)
        if (pick(2))
          below += (below.empty() ? "" : ", ") + std::to_string(j);
      text += below.empty() ? ">" : ", above [" + below + "]>";
    }
    text += "]";
    if (pick(2))
      text += ", ranges = [#mod.range<\"A\", 1, 32>]";
    if (pick(2))
      text += ", guards = [#mod.guard<\"" + std::string(pick(3) ? "le" : "eq") + "\", " + dim(a) + ", " + dim(b) +
              ", \"a against b\">]";
    text += ", mod.method = \"" + m + "\", mod.role = \"eval\"} {\n";
    for (int i = 0; i < slots; ++i) {
      std::string p = poly(names), q = poly(names);
      text += "  %s" + std::to_string(i) + " = mod.launch @fill() sizes [" + dim(p) + ", " + dim(q) +
              ", #mod.dim<4>] at [#mod.place<\"arena\" " + std::to_string(i) + ">] : () -> " +
              tensor(p + ", " + q + ", 4") + "\n";
    }
    return text + "  %r = mod.launch @fill() sizes [" + dim(o) +
           ", #mod.dim<A>, #mod.dim<3>] at [#mod.place<\"out\" 0>] : () -> " + tensor(o + ", A, 3") +
           "\n  mod.return %r : " + tensor(o + ", A, 3") + "\n}\n";
  }
};

std::vector<std::array<uint64_t, 4>> seen; ///< words of each launch
modc_rc recorder(modc_frame *, const void *args) {
  auto *w = static_cast<const uint64_t *>(args);
  seen.push_back({w[0], w[1], w[2], w[3]});
  return MODC_OK;
}
} // namespace

TEST(Plan, AgreesWithPlainArithmetic) {
  Generator gen;
  constexpr int kFunctions = 60;
  std::string text =
      "mod.kernel @fill kind \"map\" dims [\"d0\", \"d1\", \"d2\"] hash \"00\" {\n"
      "  %0 = mod.full 0.0 as f32 [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<d2>] : !mod.tensor<f32[d0, d1, d2]>\n"
      "  mod.yield %0 : !mod.tensor<f32[d0, d1, d2]>\n}\n"
      "mod.class @C from \"C\" kind \"module\" {\n";
  // A polynomial may come out constant or negative, which no type accepts: such a function is drawn again.
  int made = 0;
  while (made < kFunctions) {
    std::string f = gen.function(made);
    mlir::ScopedDiagnosticHandler quiet(&testContext(), [](mlir::Diagnostic &) { return mlir::success(); });
    std::string alone =
        text.substr(0, text.find("mod.class")) + "mod.class @C from \"C\" kind \"module\" {\n" + f + "}\n";
    if (mlir::parseSourceString<mlir::ModuleOp>(alone, &testContext()))
      text += f, ++made;
  }
  auto graph = parseText(text + "}\n");
  CKernels kernels;
  kernels.sets.resize(1);
  kernels.bodies["fill"] = "return 0;";
  auto bytes = artifact::emitShared(*graph, kernels, plainOptions());
  ASSERT_TRUE(bool(bytes)) << llvm::toString(bytes.takeError());
  ASSERT_FALSE(bool(artifact::writeFile(scratch("plans.so"), *bytes)));
  void *handle = dlopen(scratch("plans.so").c_str(), RTLD_NOW);
  ASSERT_TRUE(handle) << dlerror();
  const modc_artifact *t = reinterpret_cast<const modc_artifact *(*)()>(dlsym(handle, MODC_ENTRY))();
  ASSERT_EQ(t->n_fns, unsigned(kFunctions));

  int count[8] = {};
  unsigned number = 0;
  graph->walk([&](mod::FuncOp f) {
    unsigned fn = number++;
    SCOPED_TRACE(f.getSymName().str());
    std::string shown;
    llvm::raw_string_ostream(shown) << f;
    for (int round = 0; round < 200; ++round) {
      Sizes sizes;
      for (auto s : f.getDims()->getAsRange<mlir::StringAttr>())
        sizes[s] = round % 10 == 9 ? int64_t(gen.rng() >> (2 + gen.pick(50))) : 1 + gen.pick(40);
      std::vector<std::vector<int64_t>> in(2);
      bool possible = true;
      for (auto [i, type] : llvm::enumerate(f.getArgumentTypes()))
        for (DimAttr d : llvm::cast<mod::SymTensorType>(type).getDims()) {
          auto v = natural(d, sizes);
          possible &= v.has_value();
          in[i].push_back(v.value_or(0));
        }
      if (!possible)
        continue;
      if (round % 3 == 0) {
        auto &dims = in[gen.pick(2)];
        int64_t &d = dims[gen.pick(int(dims.size()))];
        d = std::max<int64_t>(0, d + gen.pick(5) - 2);
      }
      // Trying all values finds small ones only.
      bool small = true;
      for (auto &dims : in)
        for (int64_t d : dims)
          small &= d < 300;
      if (!small && f.getDims()->size() && llvm::any_of(f.getArgumentTypes(), [&](mlir::Type ty) {
            return llvm::any_of(llvm::cast<mod::SymTensorType>(ty).getDims(),
                                [](DimAttr d) { return !d.getSymbol() && !d.getConstant(); });
          }))
        continue;

      Outcome want = reference(f, in);
      std::vector<int64_t> syms(t->fns[fn].n_syms, -77), out(3, -77);
      const int64_t *ins[] = {in[0].data(), in[1].data()};
      int64_t *outs[] = {out.data()}, info[4] = {};
      modc_sizes bytesNeeded{-1, -1};
      modc_rc rc = t->plans[fn](ins, nullptr, syms.data(), outs, &bytesNeeded, info);
      ++count[std::min(rc, 7)];
      ASSERT_EQ(rc, want.rc) << shown << "\nx " << testing::PrintToString(in[0]) << " y "
                             << testing::PrintToString(in[1]) << " info " << testing::PrintToString(info)
                             << " expected " << testing::PrintToString(want.info);
      if (rc == MODC_E_DIM) {
        EXPECT_EQ(info[0], want.info[0]) << shown;
        EXPECT_EQ(info[1], want.info[1]) << shown;
        if (want.info[2] >= 0)
          EXPECT_EQ(info[2], want.info[2]) << shown;
        EXPECT_NE(info[2], info[3]) << shown;
        EXPECT_EQ(info[3], want.info[3]) << shown;
      } else if (rc == MODC_E_RANGE || rc == MODC_E_GUARD) {
        EXPECT_EQ(testing::PrintToString(info), testing::PrintToString(want.info)) << shown;
      }
      if (rc != MODC_OK)
        continue;
      ASSERT_EQ(out, want.outs) << shown;
      ASSERT_EQ(bytesNeeded.arena, want.arena) << shown;
      ASSERT_EQ(bytesNeeded.saved, 0);
      for (auto [i, s] : llvm::enumerate(f.getDims()->getAsRange<mlir::StringAttr>()))
        ASSERT_EQ(syms[i], want.sizes[s]) << shown;

      seen.clear();
      modc_frame frame{};
      modc_kernel_fn table[] = {recorder};
      char *arena = reinterpret_cast<char *>(uintptr_t(1) << 40);
      int result;
      modc_view views[2] = {}, results[1] = {{&result, out.data()}};
      frame.kernels = table, frame.syms = syms.data(), frame.arena = arena;
      ASSERT_EQ(t->bodies[fn](&frame, views, results), MODC_OK);
      ASSERT_EQ(seen.size(), want.offsets.size() + 1);
      for (size_t l = 0; l < seen.size(); ++l) {
        bool last = l + 1 == seen.size();
        ASSERT_EQ(seen[l][0], last ? uint64_t(&result) : uint64_t(arena + want.offsets[l])) << shown << "launch " << l;
        for (int k = 0; k < 3; ++k)
          ASSERT_EQ(int64_t(seen[l][k + 1]), want.words[l * 3 + k]) << shown << "launch " << l << " size " << k;
      }
    }
  });
  EXPECT_GT(count[MODC_OK], 500);
  EXPECT_GT(count[MODC_E_DIM], 500);
  EXPECT_GT(count[MODC_E_GUARD], 100);
  EXPECT_GT(count[MODC_E_RANGE], 100);
  EXPECT_GT(count[MODC_E_OVERFLOW], 100);
  dlclose(handle);
}
