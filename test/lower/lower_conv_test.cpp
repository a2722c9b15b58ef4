// Random convolutions as fusion forms them, against the primitives' evaluation: packed, grouped, depthwise and plain
// filters, one to three dimensions, channels first behind a view, work and residuals after them, results in either
// order.
#include "compiler/transform/Stored.h"
#include "mlir/IR/BuiltinOps.h"
#include "test/lower/KernelCheck.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace modc;
using namespace modc::lower;
using mod::DimAttr;
using mod::SymTensorType;

namespace {

class Maker {
public:
  Maker(OpBuilder &b, uint64_t seed) : b(b), rng(seed) {}

  void make(const std::string &name) {
    Location loc = b.getUnknownLoc();
    auto kernel = mod::KernelOp::create(b, loc, name, "conv", b.getStrArrayAttr({"d0", "d1"}), "0", ArrayAttr());
    OpBuilder::InsertionGuard guard(b);
    block = b.createBlock(&kernel.getBody());
    size_t spatial = 1 + pick(3);
    bool depthwise = pick(4) == 0;
    int64_t groups = depthwise ? 3 + 17 * pick(2)
                     : pick(3) ? 1
                               : 2,
            perIn = depthwise ? 1 : 1 + pick(5),
            perOut = depthwise ? 1
                     : pick(4) ? 1 + pick(9)
                               : 16 * (1 + pick(3));
    SmallVector<DimAttr> input{symbol("d0")}, filters{number(groups * perOut), number(perIn)};
    SmallVector<int64_t> stride, lo, hi, dilation;
    for (size_t i = 0; i < spatial; ++i) {
      int64_t taps = 1 + pick(3);
      filters.push_back(number(taps));
      stride.push_back(1 + pick(2));
      dilation.push_back(1 + pick(2));
      lo.push_back(pick(3));
      hi.push_back(pick(3));
      // At least one window fits.
      int64_t least = std::max<int64_t>(1, dilation[i] * (taps - 1) + 1 - lo[i] - hi[i]);
      input.push_back(i == 0 ? symbol("d1").plus(number(least)) : number(least + pick(9)));
    }
    input.push_back(number(groups * perIn));

    SmallVector<int64_t> toLanguage = channelsLastPermutation(spatial + 2);
    Value x;
    if (pick(3)) {
      x = argument(input);
    } else {
      SmallVector<DimAttr> first;
      for (int64_t d : toLanguage)
        first.push_back(input[d]);
      x = permuted(b, loc, argument(first), inverse(toLanguage));
    }
    Value w = pick(8) ? (depthwise ? depthwiseFilters(filters) : packed(filters, groups)) : argument(filters);
    SmallVector<NamedAttribute> attrs{
        {"stride", b.getDenseI64ArrayAttr(stride)}, {"lo", b.getDenseI64ArrayAttr(lo)},
        {"hi", b.getDenseI64ArrayAttr(hi)},         {"dilation", b.getDenseI64ArrayAttr(dilation)},
        {"groups", b.getI64IntegerAttr(groups)},    {"channels_last", b.getUnitAttr()}};
    Value y = mod::createInferred<mod::ConvOp>(b, loc, {x, w}, attrs);
    auto dims = cast<SymTensorType>(y.getType()).getDims();
    SmallVector<Value> results;
    if (pick(3) == 0)
      results.push_back(y);
    if (pick(2))
      y = mod::createInferred<mod::AddOp>(b, loc, {y, argument({filters[0]})});
    if (pick(3) == 0)
      y = mod::createInferred<mod::AddOp>(b, loc, {y, argument(dims)});
    if (pick(2))
      y = mod::createInferred<mod::TanhOp>(b, loc, {y});
    if (pick(4) == 0)
      y = permuted(b, loc, y, toLanguage);
    if (!llvm::is_contained(results, y))
      results.push_back(y);
    mod::YieldOp::create(b, loc, results);
  }

private:
  int64_t pick(int64_t n) { return rng() % n; }
  DimAttr number(int64_t n) { return DimAttr::constant(b.getContext(), n); }
  DimAttr symbol(StringRef name) { return DimAttr::symbol(b.getContext(), name); }
  Value argument(ArrayRef<DimAttr> dims, mod::LayoutAttr layout = {}) {
    return block->addArgument(SymTensorType::get(b.getF32Type(), dims, layout), b.getUnknownLoc());
  }

  /// [O, *K] by position and channel, as [O, 1, *K].
  Value depthwiseFilters(ArrayRef<DimAttr> w) {
    auto layout = mod::LayoutAttr::get(b.getContext(), {1, 0}, {});
    Value stored = argument({w[0], DimAttr::product(b.getContext(), w.drop_front(2))}, layout);
    return reshaped(b, b.getUnknownLoc(), stored, w);
  }

  /// Panels of [O/g, g * *K * C/g], as [O, C/g, *K].
  Value packed(ArrayRef<DimAttr> w, int64_t groups) {
    Location loc = b.getUnknownLoc();
    DimAttr g = number(groups);
    SmallVector<DimAttr> open{w[0].floorDiv(g), g};
    llvm::append_range(open, w.drop_front(2));
    open.push_back(w[1]);
    SmallVector<int64_t> order{1, 0, int64_t(open.size()) - 1};
    for (size_t i = 2; i + 1 < open.size(); ++i)
      order.push_back(i);
    auto layout = mod::LayoutAttr::get(b.getContext(), {0, 1}, {0});
    Value stored = argument({open[0], DimAttr::product(b.getContext(), ArrayRef(open).drop_front(1))}, layout);
    return reshaped(b, loc, permuted(b, loc, reshaped(b, loc, stored, open), order), w);
  }

  OpBuilder &b;
  std::mt19937_64 rng;
  Block *block = nullptr;
};

TEST(LowerConv, RandomKernels) {
  constexpr int count = 40;
  auto context = makeContext();
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(context.get()));
  OpBuilder b = OpBuilder::atBlockEnd(module->getBody());
  for (int i = 0; i < count; ++i)
    Maker(b, i).make("k" + std::to_string(i));
  KernelCheck check(*module, ways());
  for (int i = 0; i < count; ++i)
    for (auto [d0, d1] : {std::pair(1, 0), {2, 1}, {3, 16}, {0, 4}, {1, 37}})
      if (std::string wrong = check.run("k" + std::to_string(i), {{"d0", d0}, {"d1", d1}}, i); !wrong.empty()) {
        std::string text;
        llvm::raw_string_ostream(text) << *module->lookupSymbol("k" + std::to_string(i));
        ADD_FAILURE() << wrong << "d0 = " << d0 << ", d1 = " << d1 << "\n" << text;
      }
}

} // namespace
