// Loops and branches with calls in the form that programs have them.
#pragma once
#include "dialect/mod/Mod.h"

namespace modc {

/// Every loop with calls in it becomes a `mod.while` whose first carried value is its counter, an `i64[]` from 0; what
/// enters or leaves such loops and branches is held to its type, since a call may have made other sizes.
void countLoops(mod::FuncOp method);
/// Marks the `mod.assume` whose result has its type in the program too.
inline constexpr llvm::StringLiteral kHeld = "mod.held";

} // namespace modc
