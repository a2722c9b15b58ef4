// Placement of intervals in one arena for all sizes: best fit, largest first, at nominal sizes; then only the order of
// those that meet is kept, less what follows from the rest.
#include "compiler/transform/MemoryPlan.h"
#include "llvm/ADT/BitVector.h"
#include <limits>

using namespace modc;
using namespace modc::mod;

DimAttr modc::roundToLine(DimAttr bytes) {
  mlir::MLIRContext *ctx = bytes.getContext();
  DimAttr line = DimAttr::constant(ctx, 64);
  if (bytes.divideExactly(line))
    return bytes;
  return bytes.plus(DimAttr::constant(ctx, 63)).floorDiv(line).times(line);
}

std::vector<llvm::SmallVector<int64_t>> modc::orient(llvm::ArrayRef<Interval> intervals,
                                                     llvm::ArrayRef<int64_t> nominal) {
  size_t n = intervals.size();
  std::vector<size_t> order(n);
  for (size_t i = 0; i < n; ++i)
    order[i] = i;
  llvm::stable_sort(order, [&](size_t a, size_t b) { return nominal[a] > nominal[b]; });

  std::vector<int64_t> offset(n, -1);
  for (size_t i : order) {
    std::vector<std::pair<int64_t, int64_t>> taken;
    for (size_t j = 0; j < n; ++j)
      if (offset[j] >= 0 && meet(intervals[i], intervals[j]))
        taken.push_back({offset[j], offset[j] + nominal[j]});
    llvm::sort(taken);
    constexpr int64_t end = std::numeric_limits<int64_t>::max();
    taken.push_back({end, end});
    int64_t at = 0, bestGap = end, best = -1;
    for (auto [lo, hi] : taken) {
      // The open end is the last resort of a best fit, and always fits.
      if (lo - at >= nominal[i] && (best < 0 || lo - at < bestGap)) {
        best = at;
        bestGap = lo - at;
      }
      at = std::max(at, hi);
    }
    offset[i] = best;
  }

  llvm::stable_sort(order, [&](size_t a, size_t b) { return std::pair(offset[a], a) < std::pair(offset[b], b); });
  std::vector<llvm::SmallVector<int64_t>> below(n);
  std::vector<llvm::BitVector> closure(n, llvm::BitVector(n));
  for (size_t k = 0; k < n; ++k) {
    size_t i = order[k];
    for (size_t l = k; l-- > 0;) {
      size_t j = order[l];
      if (!meet(intervals[i], intervals[j]) || closure[i].test(j))
        continue;
      below[i].push_back(j);
      closure[i] |= closure[j];
      closure[i].set(j);
    }
    llvm::sort(below[i]);
  }
  return below;
}
