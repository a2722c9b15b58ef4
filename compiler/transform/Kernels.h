// Identity of kernels and prepare functions: the hash of what they compute. Which of their memory may be shared.
#pragma once
#include "dialect/mod/Mod.h"

namespace modc {

/// 32 hex digits over the printed body (generic form, values numbered, no locations) and, for a kernel, its kind.
std::string contentHash(mod::KernelOp kernel);
std::string contentHash(mod::PrepareOp prepare);

/// The kernel of a launch; null where there is none of that name.
mod::KernelOp kernelOf(mod::LaunchOp launch);
/// Whether a kernel may write result `result` over argument `argument`: same type, and element i of the result depends
/// on element i of the argument, or, for rows, on its row, which is read before the row is written; or the result is
/// the argument with a slice replaced.
bool mayOverwrite(mod::KernelOp kernel, unsigned argument, unsigned result);
/// The kind of kernels that write a slice of their first argument, which is where their one result lies.
inline constexpr llvm::StringLiteral kSlice = "slice";

} // namespace modc
