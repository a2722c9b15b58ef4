// What this CPU can run, in the bits of abi_features.def.
#pragma once
#include <array>
#include <cstdint>
#include <string>

namespace modrt::detail {
using FeatureBits = std::array<uint64_t, 2>;
const FeatureBits &cpu_features();
std::string feature_names(const FeatureBits &); // "avx512f avx512bw"; unknown bits as "bit 31"
} // namespace modrt::detail
