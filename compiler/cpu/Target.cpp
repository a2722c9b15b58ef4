// The table of instruction sets.
#include "compiler/cpu/Target.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"

using namespace modc::cpu;
using llvm::StringRef;

static constexpr StringRef v3Needs[] = {"sse3", "ssse3", "sse4.1", "sse4.2", "popcnt", "cx16",  "sahf", "avx",
                                        "avx2", "fma",   "f16c",   "bmi",    "bmi2",   "lzcnt", "movbe"};
static constexpr StringRef v4Needs[] = {"sse3",  "ssse3",   "sse4.1",   "sse4.2",   "popcnt",   "cx16",    "sahf",
                                        "avx",   "avx2",    "fma",      "f16c",     "bmi",      "bmi2",    "lzcnt",
                                        "movbe", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"};

static const Target table[] = {
    {"x86-64-v3", "x86-64-v3", "", 32, 16, 3, v3Needs},
    {"x86-64-v4", "x86-64-v4", "", 64, 32, 4, v4Needs},
};

llvm::ArrayRef<Target> modc::cpu::targets() { return table; }

const Target *modc::cpu::findTarget(StringRef name) {
  const Target *found = llvm::find_if(table, [&](const Target &target) { return target.name == name; });
  return found == std::end(table) ? nullptr : found;
}

int64_t Target::lanes(mlir::Type element) const {
  unsigned bits = element.isIndex() ? 64 : std::max(8u, element.getIntOrFloatBitWidth());
  return vectorBytes * 8 / bits;
}

std::array<uint64_t, 2> Target::featureBits() const {
  static constexpr std::pair<unsigned, StringRef> known[] = {
#define MODC_FEATURE(bit, name, llvmName) {bit, name},
#include "modrt/abi_features.def"
#undef MODC_FEATURE
  };
  std::array<uint64_t, 2> bits{};
  for (StringRef need : needs) {
    const auto *entry = llvm::find_if(known, [&](const auto &feature) { return feature.second == need; });
    if (entry == std::end(known))
      llvm_unreachable("a target needs a feature that the artifact interface has no bit for");
    bits[entry->first / 64] |= uint64_t(1) << (entry->first % 64);
  }
  return bits;
}
