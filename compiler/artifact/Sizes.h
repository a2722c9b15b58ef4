// The integers of one compiled function: those of its signature, then those that its plan derives (modc_frame.syms).
#pragma once
#include "dialect/mod/Mod.h"
#include "llvm/ADT/StringMap.h"

namespace modc::artifact {

/// Numbers a function's sizes. Bodies ask for what they need, plans compute all of it.
class Sizes {
public:
  struct Entry {
    mod::DimAttr dim;  ///< null for an offset
    int64_t slot = -1; ///< the arena slot whose offset this is
  };

  explicit Sizes(mod::FuncOp func);

  /// The number of a size that is no constant; added if new.
  unsigned number(mod::DimAttr dim);
  /// Whether a port's size is written as itself; others have a number.
  static bool isPlain(mod::DimAttr dim) { return dim.getConstant() && *dim.getConstant() <= INT32_MAX; }
  /// As modc_port.dims writes a size of the signature: the constant, or -1 - number.
  int32_t portDim(mod::DimAttr dim) const;
  /// Where a slot of the arena begins, if that is the same for all sizes.
  std::optional<int64_t> constantOffset(int64_t slot) const;
  /// The number of a slot's offset; added if new.
  unsigned offsetNumber(int64_t slot);
  /// From here on, entries are derived.
  void closeSignature() { signatureCount = entries.size(); }

  llvm::ArrayRef<mod::SlotAttr> slots() const { return arena; }
  /// Slots start at multiples of this.
  static constexpr int64_t slotAlign = 64;

  std::vector<Entry> entries;
  size_t scalarCount = 0;    ///< the first entries are `int` arguments, which the runtime gives
  size_t nameCount = 0;      ///< and the first, these included, the function's names
  size_t signatureCount = 0; ///< those of the signature

private:
  std::optional<unsigned> find(mod::DimAttr dim) const;

  llvm::SmallVector<mod::SlotAttr> arena;
  std::vector<std::optional<int64_t>> offsets;
};

/// Fails with a text where slots lie below each other in a circle, or name slots that are not there.
llvm::Error checkArena(mod::FuncOp func);

} // namespace modc::artifact
