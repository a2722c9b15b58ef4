// bf16 in memory as 16 bits: arithmetic on it is spelt in integers by now, and LLVM, once it sees the type, chooses
// between two values of it by way of a library that artifacts do not have.
#include "compiler/cpu/Pipeline.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Pass/Pass.h"

using namespace mlir;

/// The integers of a bf16 or a vector of them; null for other types.
static Type bitsOf(Type type) {
  if (!getElementTypeOrSelf(type).isBF16())
    return {};
  Type bits = IntegerType::get(type.getContext(), 16);
  auto vector = dyn_cast<VectorType>(type);
  return vector ? Type(vector.clone(bits)) : bits;
}

namespace {
struct NarrowFloatsPass : PassWrapper<NarrowFloatsPass, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(NarrowFloatsPass)
  StringRef getArgument() const override { return "narrow-floats-as-bits"; }
  StringRef getDescription() const override { return "Load and store bf16 as integers"; }

  void runOnOperation() override {
    SmallVector<LLVM::BitcastOp> casts;
    getOperation()->walk([&](Operation *op) {
      if (auto load = dyn_cast<LLVM::LoadOp>(op)) {
        Type own = load.getType();
        if (Type bits = bitsOf(own)) {
          load.getResult().setType(bits);
          OpBuilder b(op->getContext());
          b.setInsertionPointAfter(op);
          auto cast = LLVM::BitcastOp::create(b, op->getLoc(), own, load.getResult());
          load.getResult().replaceAllUsesExcept(cast, cast);
        }
      } else if (auto store = dyn_cast<LLVM::StoreOp>(op)) {
        if (Type bits = bitsOf(store.getValue().getType())) {
          OpBuilder b(op);
          store.getValueMutable().assign(LLVM::BitcastOp::create(b, op->getLoc(), bits, store.getValue()));
        }
      }
    });
    // From bits to bits by way of the type is nothing.
    getOperation()->walk([&](LLVM::BitcastOp cast) { casts.push_back(cast); });
    for (LLVM::BitcastOp cast : casts)
      if (auto inner = cast.getArg().getDefiningOp<LLVM::BitcastOp>();
          inner && inner.getArg().getType() == cast.getType())
        cast.getResult().replaceAllUsesWith(inner.getArg());
    for (LLVM::BitcastOp cast : llvm::reverse(casts))
      if (cast->use_empty())
        cast.erase();
  }
};
} // namespace

std::unique_ptr<Pass> modc::cpu::createNarrowFloatsPass() { return std::make_unique<NarrowFloatsPass>(); }
