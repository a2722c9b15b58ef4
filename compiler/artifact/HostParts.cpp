// The small host functions: derivation of prepared blocks, constants as functions, texts of repr, the entry.
#include "compiler/artifact/HostBuilder.h"
#include "compiler/artifact/HostCode.h"

using namespace llvm;
using namespace modc;
using namespace modc::artifact;

llvm::Function *modc::artifact::declareKernel(Module &host, StringRef symbol) {
  if (llvm::Function *f = host.getFunction(symbol))
    return f;
  LLVMContext &ctx = host.getContext();
  auto *ptr = PointerType::get(ctx, 0);
  auto *f = llvm::Function::Create(FunctionType::get(Type::getInt32Ty(ctx), {ptr, ptr}, false),
                                   GlobalValue::ExternalLinkage, symbol, host);
  setHostAttributes(*f);
  return f;
}

llvm::Function *modc::artifact::emitPrepare(Module &host, mod::PrepareOp op, StringRef kernelSymbol, StringRef name) {
  HostBuilder h(host, name, 4);
  unsigned sources = op.getBody().getNumArguments();
  AllocaInst *args = h.b.CreateAlloca(h.b.getInt64Ty(), h.i64(sources + 1));
  args->setAlignment(Align(64));
  for (unsigned i = 0; i < sources; ++i)
    h.store(h.loadPtr(h.arg(1), 8 * i), args, 8 * i);
  h.store(h.arg(3), args, 8 * sources);
  h.b.CreateRet(h.b.CreateCall(declareKernel(host, kernelSymbol), {h.arg(0), args}));
  return h.function;
}

/// Functions of `type` that only one text or number tells apart are one.
static llvm::Function *internal(Module &host, FunctionType *type, const Twine &name) {
  auto *f = llvm::Function::Create(type, GlobalValue::InternalLinkage, name, host);
  setHostAttributes(*f);
  BasicBlock::Create(host.getContext(), "entry", f);
  return f;
}

llvm::Function *modc::artifact::emitBytes(Module &host, int64_t bytes) {
  std::string name = ("modc.bytes." + Twine(bytes)).str();
  if (llvm::Function *f = host.getFunction(name))
    return f;
  IRBuilder<> b(host.getContext());
  llvm::Function *f = internal(host, FunctionType::get(b.getInt64Ty(), {b.getPtrTy()}, false), name);
  b.SetInsertPoint(&f->getEntryBlock());
  b.CreateRet(b.getInt64(uint64_t(bytes)));
  return f;
}

/// `int32_t repr(text, length, buf, cap)`: snprintf's rules.
static llvm::Function *copyText(Module &host) {
  if (llvm::Function *f = host.getFunction("modc.repr"))
    return f;
  IRBuilder<> b(host.getContext());
  llvm::Function *f = internal(
      host, FunctionType::get(b.getInt32Ty(), {b.getPtrTy(), b.getInt32Ty(), b.getPtrTy(), b.getInt32Ty()}, false),
      "modc.repr");
  f->addFnAttr(Attribute::NoInline);
  b.SetInsertPoint(&f->getEntryBlock());
  Value *text = f->getArg(0), *length = f->getArg(1), *buf = f->getArg(2), *cap = f->getArg(3);
  BasicBlock *fill = BasicBlock::Create(host.getContext(), "fill", f),
             *done = BasicBlock::Create(host.getContext(), "done", f);
  b.CreateCondBr(b.CreateICmpSGT(cap, b.getInt32(0)), fill, done);
  b.SetInsertPoint(fill);
  Value *n =
      b.CreateZExt(b.CreateBinaryIntrinsic(Intrinsic::smin, length, b.CreateSub(cap, b.getInt32(1))), b.getInt64Ty());
  b.CreateMemCpy(buf, MaybeAlign(), text, MaybeAlign(), n);
  b.CreateStore(b.getInt8(0), b.CreateGEP(b.getInt8Ty(), buf, n));
  b.CreateBr(done);
  b.SetInsertPoint(done);
  b.CreateRet(length);
  return f;
}

llvm::Function *modc::artifact::emitRepr(Module &host, Tables &tables, StringRef text) {
  IRBuilder<> b(host.getContext());
  auto *type = FunctionType::get(b.getInt32Ty(), {b.getPtrTy(), b.getPtrTy(), b.getInt32Ty()}, false);
  llvm::Function *f = internal(host, type, "modc.repr.text");
  b.SetInsertPoint(&f->getEntryBlock());
  b.CreateRet(b.CreateCall(copyText(host), {tables.text(text), b.getInt32(text.size()), f->getArg(1), f->getArg(2)}));
  return f;
}

void modc::artifact::emitEntry(Module &host, Constant *artifact) {
  IRBuilder<> b(host.getContext());
  llvm::Function *f = internal(host, FunctionType::get(b.getPtrTy(), false), MODC_ENTRY);
  f->setLinkage(GlobalValue::ExternalLinkage);
  f->setVisibility(GlobalValue::DefaultVisibility);
  b.SetInsertPoint(&f->getEntryBlock());
  b.CreateRet(artifact);
}
