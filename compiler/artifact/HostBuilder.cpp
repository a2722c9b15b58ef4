// Building blocks of host functions.
#include "compiler/artifact/HostBuilder.h"

using namespace llvm;
using namespace modc::artifact;

void modc::artifact::setHostAttributes(Function &f) {
  f.setVisibility(f.hasLocalLinkage() ? GlobalValue::DefaultVisibility : GlobalValue::HiddenVisibility);
  f.setDSOLocal(true);
  f.addFnAttr(Attribute::NoUnwind);
  f.addFnAttr("frame-pointer", "none");
}

HostBuilder::HostBuilder(Module &module, StringRef name, unsigned arity) : b(module.getContext()) {
  SmallVector<Type *> params(arity, b.getPtrTy());
  function =
      Function::Create(FunctionType::get(b.getInt32Ty(), params, false), GlobalValue::InternalLinkage, name, module);
  setHostAttributes(*function);
  b.SetInsertPoint(block("entry"));
}

void HostBuilder::failIf(Value *condition, modc_rc code, Value *info, ArrayRef<Value *> details) {
  if (auto *known = dyn_cast<ConstantInt>(condition); known && known->isZero())
    return;
  BasicBlock *bad = block("fail"), *good = block("ok");
  b.CreateCondBr(condition, bad, good);
  b.SetInsertPoint(bad);
  for (auto [i, v] : llvm::enumerate(details))
    store(v, info, i * sizeof(int64_t));
  ret(code);
  b.SetInsertPoint(good);
}

void HostBuilder::returnIfNot0(Value *rc) {
  BasicBlock *bad = block("fail"), *good = block("ok");
  b.CreateCondBr(b.CreateICmpNE(rc, i32(0)), bad, good);
  b.SetInsertPoint(bad);
  b.CreateRet(rc);
  b.SetInsertPoint(good);
}

void HostBuilder::when(Value *condition, function_ref<void()> body) {
  BasicBlock *then = block("then"), *after = block("after");
  b.CreateCondBr(condition, then, after);
  b.SetInsertPoint(then);
  body();
  b.CreateBr(after);
  b.SetInsertPoint(after);
}

void HostBuilder::note(Value *bad) {
  if (auto *known = dyn_cast<ConstantInt>(bad); known && known->isZero())
    return;
  overflow = overflow ? b.CreateOr(overflow, bad) : bad;
}

Value *HostBuilder::takeOverflow() { return std::exchange(overflow, nullptr); }

Value *HostBuilder::checked(Intrinsic::ID id, Value *x, Value *y) {
  bool multiply = id == Intrinsic::smul_with_overflow, subtract = id == Intrinsic::ssub_with_overflow;
  auto *cx = dyn_cast<ConstantInt>(x), *cy = dyn_cast<ConstantInt>(y);
  if (cx && cy) {
    const APInt &a = cx->getValue(), &c = cy->getValue();
    bool bad = false;
    APInt r = multiply ? a.smul_ov(c, bad) : subtract ? a.ssub_ov(c, bad) : a.sadd_ov(c, bad);
    note(b.getInt1(bad));
    return b.getInt(r);
  }
  if (cx && !subtract && (multiply ? cx->isOne() : cx->isZero()))
    return y;
  if (cy && (multiply ? cy->isOne() : cy->isZero()))
    return x;
  Value *pair = b.CreateBinaryIntrinsic(id, x, y);
  note(b.CreateExtractValue(pair, 1));
  return b.CreateExtractValue(pair, 0);
}

/// Rounds towards minus infinity. A divisor of 0, and the one quotient that has no value, count as overflow and divide
/// by 1 instead.
Value *HostBuilder::floorDiv(Value *x, Value *y) {
  Value *bad =
      b.CreateOr(b.CreateICmpEQ(y, i64(0)), b.CreateAnd(b.CreateICmpEQ(y, i64(-1)), b.CreateICmpEQ(x, i64(INT64_MIN))));
  note(bad);
  Value *d = b.CreateSelect(bad, i64(1), y);
  Value *q = b.CreateSDiv(x, d), *r = b.CreateSRem(x, d);
  Value *down = b.CreateAnd(b.CreateICmpNE(r, i64(0)), b.CreateICmpSLT(b.CreateXor(x, d), i64(0)));
  return b.CreateSub(q, b.CreateZExt(down, b.getInt64Ty()));
}

Value *HostBuilder::size(mod::DimAttr dim, function_ref<Value *(StringRef)> symbol) {
  Value *sum = i64(0);
  for (auto [c, atoms] : llvm::zip(dim.getCoeffs(), dim.getMonomials())) {
    Value *product = i64(c);
    for (mlir::Attribute atom : atoms) {
      Value *v;
      if (auto name = mlir::dyn_cast<mlir::StringAttr>(atom)) {
        v = symbol(name.getValue());
      } else {
        auto fn = mlir::cast<mod::DimFnAttr>(atom);
        Value *x = size(fn.getA(), symbol), *y = size(fn.getB(), symbol);
        if (fn.getFn() == "floordiv")
          v = floorDiv(x, y);
        else
          v = b.CreateBinaryIntrinsic(fn.getFn() == "min" ? Intrinsic::smin : Intrinsic::smax, x, y);
      }
      product = checked(Intrinsic::smul_with_overflow, product, v);
    }
    sum = checked(Intrinsic::sadd_with_overflow, sum, product);
  }
  return sum;
}

Value *modc::artifact::emitFold(IRBuilder<> &b, Value *key, Value *x) {
  auto mixed = [&](Value *z, unsigned shift) { return b.CreateXor(z, b.CreateLShr(z, shift)); };
  Value *steps = b.CreateMul(b.getInt64(0x9e3779b97f4a7c15ull), b.CreateAdd(x, b.getInt64(1)));
  Value *z = b.CreateAdd(key, steps);
  z = b.CreateMul(mixed(z, 30), b.getInt64(0xbf58476d1ce4e5b9ull));
  z = b.CreateMul(mixed(z, 27), b.getInt64(0x94d049bb133111ebull));
  return mixed(z, 31);
}
