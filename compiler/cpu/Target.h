// The instruction sets that CPU code is generated for.
#pragma once
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <array>
#include <cstdint>

namespace modc::cpu {

/// One instruction set. Constant and shared by all threads.
struct Target {
  llvm::StringRef name;     ///< as in `--mcpu` and modc_target.name: "x86-64-v4"
  llvm::StringRef cpu;      ///< LLVM's processor name
  llvm::StringRef features; ///< LLVM's feature list beyond the processor's
  int64_t vectorBytes;      ///< width of a vector register
  int64_t vectorRegisters;
  unsigned rank;                         ///< modc_target.rank: the runnable target of highest rank is taken
  llvm::ArrayRef<llvm::StringRef> needs; ///< what the processor must have, named as in abi_features.def

  /// Elements of the type in one vector register.
  int64_t lanes(mlir::Type element) const;
  /// modc_target.features: one bit for each of `needs`.
  std::array<uint64_t, 2> featureBits() const;
};

/// All targets, in ascending rank.
llvm::ArrayRef<Target> targets();
/// The target of that name, null if there is none.
const Target *findTarget(llvm::StringRef name);

} // namespace modc::cpu
