// Builds host functions of an artifact: loads and stores of the interface's structs, checked arithmetic on sizes, early
// returns.
#pragma once
#include "dialect/mod/Mod.h"
#include "modrt/abi.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace modc::artifact {

/// The builder of one function that returns `modc_rc`. Code is added at the end; `fail…` leaves the builder on the path
/// without failure.
class HostBuilder {
public:
  /// Starts the function `name`, hidden and with no unwinding, taking `arity` pointers.
  HostBuilder(llvm::Module &module, llvm::StringRef name, unsigned arity);

  llvm::Argument *arg(unsigned i) const { return function->getArg(i); }
  llvm::Constant *i64(int64_t v) { return b.getInt64(uint64_t(v)); }
  llvm::Constant *i32(int32_t v) { return b.getInt32(uint32_t(v)); }

  llvm::Value *address(llvm::Value *base, llvm::Value *bytes) { return b.CreateGEP(b.getInt8Ty(), base, bytes); }
  llvm::Value *address(llvm::Value *base, uint64_t bytes) { return bytes ? address(base, i64(int64_t(bytes))) : base; }
  llvm::Value *loadPtr(llvm::Value *base, uint64_t bytes = 0) { return load(b.getPtrTy(), base, bytes); }
  llvm::Value *loadI64(llvm::Value *base, uint64_t bytes = 0) { return load(b.getInt64Ty(), base, bytes); }
  llvm::Value *loadI32(llvm::Value *base, uint64_t bytes = 0) { return load(b.getInt32Ty(), base, bytes); }
  void store(llvm::Value *v, llvm::Value *base, uint64_t bytes = 0) { b.CreateStore(v, address(base, bytes)); }

  llvm::BasicBlock *block(const char *name) { return llvm::BasicBlock::Create(b.getContext(), name, function); }
  /// Where `condition` holds: writes `details` to `info` (the array's address), returns `code`.
  void failIf(llvm::Value *condition, modc_rc code, llvm::Value *info, llvm::ArrayRef<llvm::Value *> details);
  /// Returns `rc` where it is not 0.
  void returnIfNot0(llvm::Value *rc);
  void ret(modc_rc code) { b.CreateRet(i32(code)); }
  /// Runs `body` where `condition` holds.
  void when(llvm::Value *condition, llvm::function_ref<void()> body);

  /// The value of a polynomial; `symbol` gives the value of a name. In the order of DimAttr::evaluate, so that both
  /// overflow at the same sizes. What overflows, or divides by zero, is remembered until `takeOverflow`.
  llvm::Value *size(mod::DimAttr dim, llvm::function_ref<llvm::Value *(llvm::StringRef)> symbol);
  llvm::Value *checkedAdd(llvm::Value *x, llvm::Value *y) { return checked(llvm::Intrinsic::sadd_with_overflow, x, y); }
  llvm::Value *checkedSub(llvm::Value *x, llvm::Value *y) { return checked(llvm::Intrinsic::ssub_with_overflow, x, y); }
  /// Notes a value below 0 as one that does not fit.
  void requireNatural(llvm::Value *v) { note(b.CreateICmpSLT(v, i64(0))); }
  /// Whether anything since the last call did not fit; null when nothing can.
  llvm::Value *takeOverflow();

  llvm::IRBuilder<> b;
  llvm::Function *function;

private:
  llvm::Value *load(llvm::Type *type, llvm::Value *base, uint64_t bytes) {
    return b.CreateLoad(type, address(base, bytes));
  }
  llvm::Value *checked(llvm::Intrinsic::ID id, llvm::Value *x, llvm::Value *y);
  llvm::Value *floorDiv(llvm::Value *x, llvm::Value *y);
  void note(llvm::Value *overflow);
  llvm::Value *overflow = nullptr;
};

/// Attributes that every function of an artifact has: no unwinding, no calls but those that are written.
void setHostAttributes(llvm::Function &f);
/// modc_fold(key, x) of include/modrt/abi.h.
llvm::Value *emitFold(llvm::IRBuilder<> &b, llvm::Value *key, llvm::Value *x);

} // namespace modc::artifact
