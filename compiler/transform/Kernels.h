// Identity of kernels and prepare functions: the hash of what they compute.
#pragma once
#include "dialect/mod/Mod.h"

namespace modc {

/// 32 hex digits over the printed body (generic form, values numbered, no locations) and, for a kernel, its kind.
std::string contentHash(mod::KernelOp kernel);
std::string contentHash(mod::PrepareOp prepare);

} // namespace modc
