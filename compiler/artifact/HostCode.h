// Host functions of an artifact: plans, bodies, derivation of prepared blocks, texts of repr. They are built straight
// as LLVM IR: what they do is loads, stores and calls, and the tables beside them are constants with relocations, for
// which LLVM IR is the plainest form.
#pragma once
#include "compiler/artifact/Inventory.h"
#include "compiler/artifact/Tables.h"
#include "llvm/IR/Function.h"

namespace modc::artifact {

struct Launch {
  unsigned kernel;
  mod::LaunchOp op;
};

/// `modc_body` of a function. Adds the sizes that it reads to `f.sizes`, and its launches to `launches`. `aliases`: per
/// output the input it is a view of, or MODC_NONE.
llvm::Expected<llvm::Function *> emitBody(llvm::Module &host, Inventory &inv, Function &f,
                                          std::vector<Launch> &launches, std::vector<int32_t> &aliases);
/// `modc_plan` of a function; after its body, which decides what is to be derived.
llvm::Expected<llvm::Function *> emitPlan(llvm::Module &host, const Function &f);
/// `modc_prepare_fn`: hands the sources and the block to the kernel of that symbol.
llvm::Function *emitPrepare(llvm::Module &host, mod::PrepareOp op, llvm::StringRef kernelSymbol, llvm::StringRef name);
/// `modc_bytes_fn` of a constant.
llvm::Function *emitBytes(llvm::Module &host, int64_t bytes);
/// modc_class.extra_repr with a constant text.
llvm::Function *emitRepr(llvm::Module &host, Tables &tables, llvm::StringRef text);
/// The entry `modc_artifact_v1`.
void emitEntry(llvm::Module &host, llvm::Constant *artifact);
/// A kernel's launcher, defined in an object of its own.
llvm::Function *declareKernel(llvm::Module &host, llvm::StringRef symbol);

} // namespace modc::artifact
