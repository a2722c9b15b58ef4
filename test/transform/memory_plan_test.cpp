// The memory plan: no overlap whatever the sizes, and little waste at the sizes it was made for.
#include "compiler/transform/MemoryPlan.h"
#include "mlir/IR/MLIRContext.h"
#include <gtest/gtest.h>
#include <random>

using namespace modc;
using modc::mod::DimAttr;

namespace {
using Bytes = std::vector<int64_t>;

Bytes evaluate(llvm::ArrayRef<Interval> intervals, int64_t n, int64_t s) {
  Bytes bytes;
  for (const Interval &i : intervals)
    bytes.push_back(
        *i.bytes.evaluate([&](llvm::StringRef name) { return std::optional<int64_t>(name == "N" ? n : s); }));
  return bytes;
}

/// Offsets by the rule that the generated code follows; -1 while not known.
Bytes offsets(const std::vector<llvm::SmallVector<int64_t>> &below, const Bytes &bytes) {
  Bytes offset(bytes.size(), -1);
  for (size_t known = 0; known < bytes.size();)
    for (size_t i = 0; i < bytes.size(); ++i) {
      if (offset[i] >= 0 || llvm::any_of(below[i], [&](int64_t j) { return offset[j] < 0; }))
        continue;
      offset[i] = 0;
      for (int64_t j : below[i])
        offset[i] = std::max(offset[i], offset[j] + bytes[j]);
      ++known;
    }
  return offset;
}

int64_t peak(const Bytes &offset, const Bytes &bytes) {
  int64_t top = 0;
  for (size_t i = 0; i < bytes.size(); ++i)
    top = std::max(top, offset[i] + bytes[i]);
  return top;
}

/// Most bytes alive at one time: no plan is below.
int64_t bound(llvm::ArrayRef<Interval> intervals, const Bytes &bytes) {
  int64_t most = 0;
  for (const Interval &at : intervals) {
    int64_t sum = 0;
    for (size_t i = 0; i < bytes.size(); ++i)
      if (intervals[i].first <= at.first && at.first <= intervals[i].last)
        sum += bytes[i];
    most = std::max(most, sum);
  }
  return most;
}

void expectNoOverlap(llvm::ArrayRef<Interval> intervals, const Bytes &offset, const Bytes &bytes) {
  for (size_t i = 0; i < bytes.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (meet(intervals[i], intervals[j]))
        ASSERT_TRUE(offset[i] + bytes[i] <= offset[j] || offset[j] + bytes[j] <= offset[i])
            << i << " and " << j << " of " << bytes.size();
}

TEST(MemoryPlan, NeverOverlapsAndFitsAtNominalSizes) {
  mlir::MLIRContext ctx;
  ctx.loadDialect<mod::ModDialect>();
  std::mt19937_64 rng(7);
  auto pick = [&](int64_t lo, int64_t hi) { return std::uniform_int_distribution<int64_t>(lo, hi)(rng); };
  DimAttr n = DimAttr::symbol(&ctx, "N"), s = DimAttr::symbol(&ctx, "S");
  double worst = 0, sum = 0;
  constexpr int kRounds = 60;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<Interval> intervals;
    for (int64_t i = 0, e = pick(2, 50); i < e; ++i) {
      int64_t first = pick(0, 40), kind = pick(0, 2);
      DimAttr bytes = DimAttr::constant(&ctx, pick(1, 9) * 1000).times(n);
      if (kind > 0)
        bytes = DimAttr::constant(&ctx, pick(1, 5) * 384).times(n).times(s);
      if (kind > 1)
        bytes = DimAttr::constant(&ctx, 12).times(n).times(s).times(s);
      intervals.push_back({first, first + std::array<int64_t, 5>{0, 1, 1, 2, 6}[pick(0, 4)], roundToLine(bytes)});
    }
    Bytes nominal = evaluate(intervals, 1, 128);
    auto below = orient(intervals, nominal);
    Bytes at = offsets(below, nominal);
    expectNoOverlap(intervals, at, nominal);
    double ratio = double(peak(at, nominal)) / bound(intervals, nominal);
    worst = std::max(worst, ratio);
    sum += ratio;
    for (int64_t size : {1, 3, 16, 129, 512}) {
      Bytes bytes = evaluate(intervals, pick(1, 9), size);
      expectNoOverlap(intervals, offsets(below, bytes), bytes);
    }
  }
  EXPECT_LE(sum / kRounds, 1.1);
  EXPECT_LE(worst, 1.3);
}

TEST(MemoryPlan, LinesOfACache) {
  mlir::MLIRContext ctx;
  ctx.loadDialect<mod::ModDialect>();
  DimAttr n = DimAttr::symbol(&ctx, "N");
  EXPECT_EQ(roundToLine(DimAttr::constant(&ctx, 100)), DimAttr::constant(&ctx, 128));
  EXPECT_EQ(roundToLine(DimAttr::constant(&ctx, 128).times(n)), DimAttr::constant(&ctx, 128).times(n));
  DimAttr rounded = roundToLine(DimAttr::constant(&ctx, 4).times(n));
  auto at = [&](int64_t size) {
    return *rounded.evaluate([&](llvm::StringRef) { return std::optional<int64_t>(size); });
  };
  EXPECT_EQ(at(1), 64);
  EXPECT_EQ(at(16), 64);
  EXPECT_EQ(at(17), 128);
}
} // namespace
