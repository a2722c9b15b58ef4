// Launchers and chunk entries in LLVM IR: they read the argument block, build memref descriptors, and report bad
// indices.
#include "compiler/cpu/EntryPoints.h"
#include "compiler/cpu/Builders.h"
#include "modrt/abi.h"
#include "llvm/IR/IRBuilder.h"
#include <cstddef>

using namespace modc::cpu;
using namespace llvm;

namespace {
// The block that a launcher hands to its chunks, on its stack: frame, args, and whether a failure is to be reported.
enum BlockSlot { blockFrame = 0, blockArgs = 1, blockReport = 2, blockSlots = 3 };

class Entry {
public:
  Entry(Module &module, const KernelWords &kernel)
      : module(module), kernel(kernel), b(module.getContext()), ptr(b.getPtrTy()), i64(b.getInt64Ty()),
        i32(b.getInt32Ty()) {}
  void build() { launcher(chunk()); }

private:
  Value *word(Value *base, uint64_t index, Type *type) {
    return b.CreateAlignedLoad(type, b.CreateConstInBoundsGEP1_64(i64, base, index), Align(8));
  }
  Value *field(Value *base, uint64_t offset, Type *type) {
    return b.CreateAlignedLoad(type, b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), base, offset), Align(8));
  }
  void memref(mlir::MemRefType type, const KernelWords::Word &word, Value *pointer, Value *args,
              SmallVectorImpl<Value *> &out);
  Value *size(Value *args, int64_t number) { return word(args, number, i64); }
  Function *chunk();
  void launcher(Function *chunkEntry);

  Module &module;
  const KernelWords &kernel;
  IRBuilder<> b;
  Type *ptr, *i64, *i32;
};
} // namespace

// A descriptor as `convert-func-to-llvm` spreads it: two pointers, offset, sizes, strides.
void Entry::memref(mlir::MemRefType type, const KernelWords::Word &known, Value *pointer, Value *args,
                   SmallVectorImpl<Value *> &out) {
  out.append({pointer, pointer, b.getInt64(0)});
  size_t next = 0;
  SmallVector<Value *> sizes, strides(type.getRank());
  for (int64_t dim : type.getShape()) {
    if (!mlir::ShapedType::isDynamic(dim))
      sizes.push_back(b.getInt64(dim));
    else if (next < known.sizes.size())
      sizes.push_back(size(args, known.sizes[next++]));
    else
      sizes.push_back(b.getInt64(0)); // an outermost size that no address depends on
  }
  SmallVector<int64_t> given;
  int64_t offset;
  bool identity = type.getLayout().isIdentity();
  if (!identity && failed(type.getStridesAndOffset(given, offset)))
    report_fatal_error("kernel argument without strides");
  Value *product = b.getInt64(1);
  for (int64_t dim = type.getRank(); dim-- > 0;) {
    strides[dim] = product;
    product = b.CreateMul(product, sizes[dim]);
  }
  for (int64_t dim = 0; !identity && dim < type.getRank(); ++dim)
    strides[dim] = mlir::ShapedType::isDynamic(given[dim]) ? size(args, known.sizes[next++]) : b.getInt64(given[dim]);
  out.append(sizes);
  out.append(strides);
}

Function *Entry::chunk() {
  Function *entry = Function::Create(FunctionType::get(i32, {ptr, i64}, false), GlobalValue::InternalLinkage,
                                     kernel.symbol + ".chunk", module);
  Function *body = module.getFunction(kernel.kernel + ".body");
  b.SetInsertPoint(BasicBlock::Create(module.getContext(), "", entry));
  Value *block = entry->getArg(0);
  Value *frame = word(block, blockFrame, ptr), *args = word(block, blockArgs, ptr);
  Value *context = b.CreateAlloca(ArrayType::get(i64, contextSlots));
  b.CreateStore(b.getInt64(0), context);
  auto slot = [&](uint64_t number) { return b.CreateConstInBoundsGEP1_64(i64, context, number); };
  b.CreateStore(field(frame, offsetof(modc_frame, call), i64), slot(contextCall));
  SmallVector<Value *> operands;
  for (auto [number, word] : llvm::enumerate(kernel.words)) {
    if (auto type = mlir::dyn_cast<mlir::MemRefType>(word.type)) {
      memref(type, word, this->word(args, number, ptr), args, operands);
      continue;
    }
    Type *type = body->getFunctionType()->getParamType(operands.size());
    operands.push_back(this->word(args, number, type));
  }
  operands.append({entry->getArg(1), context, context, b.getInt64(0), b.getInt64(contextSlots), b.getInt64(1)});
  b.CreateCall(body, operands);
  Value *code = b.CreateTrunc(word(context, contextCode, i64), i32);
  auto *report = BasicBlock::Create(module.getContext(), "", entry),
       *done = BasicBlock::Create(module.getContext(), "", entry);
  Value *wanted =
      b.CreateAnd(b.CreateICmpNE(code, b.getInt32(0)), b.CreateICmpNE(word(block, blockReport, i64), b.getInt64(0)));
  b.CreateCondBr(wanted, report, done);
  b.SetInsertPoint(report);
  for (auto [number, from] : {std::pair<uint64_t, uint64_t>{0, contextValue}, {1, contextLimit}}) {
    Value *info = b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), frame, offsetof(modc_frame, info) + 8 * number);
    b.CreateStore(word(context, from, i64), info);
  }
  b.CreateBr(done);
  b.SetInsertPoint(done);
  b.CreateRet(code);
  return entry;
}

void Entry::launcher(Function *chunkEntry) {
  LLVMContext &context = module.getContext();
  Function *entry =
      Function::Create(FunctionType::get(i32, {ptr, ptr}, false), GlobalValue::ExternalLinkage, kernel.symbol, module);
  entry->setVisibility(GlobalValue::HiddenVisibility);
  auto newBlock = [&] { return BasicBlock::Create(context, "", entry); };
  b.SetInsertPoint(newBlock());
  Value *frame = entry->getArg(0), *args = entry->getArg(1);
  Value *block = b.CreateAlloca(ArrayType::get(i64, blockSlots));
  auto slot = [&](uint64_t number) { return b.CreateConstInBoundsGEP1_64(i64, block, number); };
  b.CreateStore(frame, slot(blockFrame));
  b.CreateStore(args, slot(blockArgs));
  b.CreateStore(b.getInt64(0), slot(blockReport));
  SmallVector<Value *> sizes;
  for (auto [number, word] : llvm::enumerate(kernel.words))
    if (word.type.isIndex())
      sizes.push_back(size(args, number));
  Value *count = b.CreateCall(module.getFunction(kernel.kernel + ".count"), sizes);
  BasicBlock *some = newBlock(), *one = newBlock(), *many = newBlock(), *joined = newBlock(), *again = newBlock(),
             *next = newBlock(), *done = newBlock();
  BasicBlock *start = b.GetInsertBlock();
  b.CreateCondBr(b.CreateICmpSGT(count, b.getInt64(0)), some, done);
  b.SetInsertPoint(some);
  b.CreateCondBr(b.CreateICmpEQ(count, b.getInt64(1)), one, many);
  b.SetInsertPoint(one);
  Value *direct = b.CreateCall(chunkEntry, {block, b.getInt64(0)});
  b.CreateBr(joined);
  b.SetInsertPoint(many);
  Value *services = field(frame, offsetof(modc_frame, rt), ptr);
  Value *parallel = field(services, offsetof(modc_rt, parallel), ptr);
  Value *forked =
      b.CreateCall(FunctionType::get(i32, {ptr, i64, ptr, ptr}, false), parallel, {frame, count, chunkEntry, block});
  b.CreateBr(joined);
  b.SetInsertPoint(joined);
  PHINode *code = b.CreatePHI(i32, 2);
  code->addIncoming(direct, one);
  code->addIncoming(forked, many);
  b.CreateCondBr(b.CreateICmpEQ(code, b.getInt32(MODC_E_INDEX)), again, done);
  // A bad index: the chunks run once more, in order, until the lowest failing one has reported its value.
  b.SetInsertPoint(again);
  b.CreateStore(b.getInt64(1), slot(blockReport));
  b.CreateBr(next);
  b.SetInsertPoint(next);
  PHINode *number = b.CreatePHI(i64, 2);
  Value *result = b.CreateCall(chunkEntry, {block, number});
  Value *following = b.CreateAdd(number, b.getInt64(1));
  number->addIncoming(b.getInt64(0), again);
  number->addIncoming(following, next);
  Value *more = b.CreateAnd(b.CreateICmpEQ(result, b.getInt32(0)), b.CreateICmpSLT(following, count));
  b.CreateCondBr(more, next, done);
  b.SetInsertPoint(done);
  PHINode *rc = b.CreatePHI(i32, 3);
  rc->addIncoming(b.getInt32(0), start);
  rc->addIncoming(code, joined);
  rc->addIncoming(b.getInt32(MODC_E_INDEX), next);
  b.CreateRet(rc);
}

void modc::cpu::addEntryPoints(Module &module, const std::vector<KernelWords> &kernels) {
  for (const KernelWords &kernel : kernels)
    Entry(module, kernel).build();
}
