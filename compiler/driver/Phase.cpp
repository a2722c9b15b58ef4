// Names and meanings of the phases.
#include "compiler/driver/Phase.h"
#include "llvm/ADT/STLExtras.h"

using namespace modc;

static constexpr PhaseInfo kPhases[] = {
    {Phase::Ast, "ast", "the syntax tree"},
    {Phase::Check, "check", "the elaborated tree of modules, with types"},
    {Phase::Mod, "mod", "modules and primitives in the mod dialect"},
    {Phase::Graph, "graph", "fused functions, composed programs, kernels as groups of primitives, memory planned"},
    {Phase::Kernels, "kernels", "kernels over memrefs in the kern dialect"},
    {Phase::Loops, "loops", "vector loops, for the first instruction set of --mcpu"},
    {Phase::Llvm, "llvm", "LLVM IR of the kernels, for the first instruction set of --mcpu"},
    {Phase::Asm, "asm", "assembly of the kernels, for the first instruction set of --mcpu"},
    {Phase::Cuda, "cuda", "CUDA source"},
    {Phase::Obj, "obj", "one object file, for static linking"},
    {Phase::Header, "header", "the C++ header that goes with the object"},
    {Phase::So, "so", "the artifact, a shared library (default)"},
};

llvm::ArrayRef<PhaseInfo> modc::phases() { return kPhases; }

std::optional<Phase> modc::parsePhase(llvm::StringRef name) {
  for (const PhaseInfo &p : kPhases)
    if (p.name == name)
      return p.phase;
  return std::nullopt;
}

llvm::StringRef modc::stringify(Phase phase) {
  return llvm::find_if(kPhases, [&](const PhaseInfo &p) { return p.phase == phase; })->name;
}
