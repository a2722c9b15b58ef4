// Masked stores of one known lane as stores of a scalar. With AVX-512, LLVM 22 makes of a vector that is narrowed
// (i32 to i8, say) and of which a constant mask leaves one lane a store of the wide element at the wide offset: bytes
// beyond the tensor are written. Masks become constants by unrolling, so this looks at what the optimizer leaves.
// Masked loads that are widened, and masks of more lanes, are right.
#include "compiler/cpu/Pipeline.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

/// The lane that a mask leaves, if it is known and alone.
static std::optional<unsigned> onlyLane(llvm::Value *mask) {
  auto *constant = llvm::dyn_cast<llvm::Constant>(mask);
  auto *type = llvm::dyn_cast<llvm::FixedVectorType>(mask->getType());
  if (!constant || !type)
    return std::nullopt;
  std::optional<unsigned> only;
  for (unsigned lane = 0; lane < type->getNumElements(); ++lane) {
    llvm::Constant *bit = constant->getAggregateElement(lane);
    if (!bit || (bit->isOneValue() && only))
      return std::nullopt;
    if (bit->isOneValue())
      only = lane;
    else if (!bit->isNullValue() && !llvm::isa<llvm::UndefValue>(bit))
      return std::nullopt;
  }
  return only;
}

void modc::cpu::storeSingleLanes(llvm::Module &module) {
  for (llvm::Function &function : module)
    for (llvm::Instruction &instruction : llvm::make_early_inc_range(llvm::instructions(function))) {
      auto *store = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
      if (!store || store->getIntrinsicID() != llvm::Intrinsic::masked_store)
        continue;
      llvm::Value *value = store->getArgOperand(0), *pointer = store->getArgOperand(1);
      llvm::Type *element = value->getType()->getScalarType();
      std::optional<unsigned> lane = onlyLane(store->getArgOperand(2));
      if (!lane || !element->isIntegerTy())
        continue;
      llvm::IRBuilder<> b(store);
      llvm::Align align =
          llvm::commonAlignment(store->getParamAlign(1).valueOrOne(), *lane * element->getIntegerBitWidth() / 8);
      b.CreateAlignedStore(b.CreateExtractElement(value, *lane), b.CreateConstInBoundsGEP1_64(element, pointer, *lane),
                           align);
      store->eraseFromParent();
    }
}
