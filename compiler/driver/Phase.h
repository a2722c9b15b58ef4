// The named stages of a compilation, as --emit spells them. docs/phases.md says what holds after each.
#pragma once
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>

namespace modc {

enum class Phase { Ast, Check, Mod, Graph, Kernels, Loops, Llvm, Asm, Cuda, Obj, Header, So };

struct PhaseInfo {
  Phase phase;
  llvm::StringLiteral name, meaning;
};

/// All phases, in order.
llvm::ArrayRef<PhaseInfo> phases();
std::optional<Phase> parsePhase(llvm::StringRef name);
llvm::StringRef stringify(Phase phase);

} // namespace modc
