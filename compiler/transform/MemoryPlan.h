// Placement of intervals in one arena for all sizes: decided at nominal sizes, kept as who lies below whom.
#pragma once
#include "dialect/mod/Mod.h"

namespace modc {

/// A buffer alive from launch `first` to launch `last`, both included.
struct Interval {
  int64_t first, last;
  mod::DimAttr bytes;
};
inline bool meet(const Interval &a, const Interval &b) { return a.first <= b.last && b.first <= a.last; }

/// `bytes` rounded up to whole cache lines, as a polynomial where that is one.
mod::DimAttr roundToLine(mod::DimAttr bytes);

/// For each interval those that lie directly below it. Any two that meet are ordered, at least through others, so
/// `offset(i) = max over j below i of offset(j) + bytes(j)` overlaps for no sizes. `nominal` gives the bytes to place
/// for.
std::vector<llvm::SmallVector<int64_t>> orient(llvm::ArrayRef<Interval> intervals, llvm::ArrayRef<int64_t> nominal);

} // namespace modc
