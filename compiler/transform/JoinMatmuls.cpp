// Query, key and value of one input are one product over their weights side by side, read back in slices. Done only
// where the products go to further products or attention, which read slices at no cost; arithmetic would rather ride
// along.
#include "compiler/transform/BindTimes.h"
#include "compiler/transform/Passes.h"
#include "compiler/transform/Tree.h"
#include "compiler/transform/Views.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_JOINMATMULSPASS
#include "compiler/transform/Passes.h.inc"

namespace {
struct Branch {
  MatmulOp matmul;
  AddOp bias;
  Value result() { return bias ? bias.getY() : matmul.getY(); }
  Value addend() { return bias.getA() == matmul.getY() ? bias.getB() : bias.getA(); }
};

bool readByProductsAlone(Value v) {
  return !v.use_empty() && llvm::all_of(v.getUsers(), [](Operation *user) {
    return isView(user) ? readByProductsAlone(user->getResult(0)) : isa<MatmulOp, AttentionOp>(user);
  });
}

struct JoinMatmuls : impl::JoinMatmulsPassBase<JoinMatmuls> {
  void runOnOperation() override {
    for (FuncOp f : roleFunctions(getOperation()))
      join(f);
  }

  void join(FuncOp f) {
    BindTimes times(f);
    Block &body = f.getBody().front();
    // What is known at load goes first, so that it may be read anywhere.
    Operation *front = &body.front();
    for (Operation &op : llvm::make_early_inc_range(body))
      if (isa<PrimitiveOpInterface>(op) && times.of(op.getResult(0)) != BindTime::Call) {
        if (&op == front)
          front = front->getNextNode();
        else
          op.moveBefore(front);
      }

    using Key = std::tuple<Value, Type, bool, bool>; // left operand, dtype and K, transposed, with bias
    std::vector<std::pair<Key, SmallVector<Branch>>> families;
    for (auto matmul : body.getOps<MatmulOp>()) {
      auto weight = cast<SymTensorType>(matmul.getB().getType());
      if (times.of(matmul.getB()) != BindTime::Load || weight.getDims().size() != 2 || weight.getLayout())
        continue;
      Branch branch{matmul, nullptr};
      if (matmul->hasOneUse())
        if (auto add = dyn_cast<AddOp>(*matmul->user_begin()); add && add.getType() == matmul.getType()) {
          branch.bias = add;
          auto type = cast<SymTensorType>(branch.addend().getType());
          if (times.of(branch.addend()) != BindTime::Load || type.getDims().size() != 1 ||
              type.getDims()[0] != columns(matmul))
            branch.bias = nullptr;
        }
      if (!readByProductsAlone(branch.result()))
        continue;
      Type inner = SymTensorType::get(weight.getElementType(), {weight.getDims()[matmul.getTransB() ? 1 : 0]});
      Key key{matmul.getA(), inner, matmul.getTransB(), bool(branch.bias)};
      auto it = llvm::find_if(families, [&](auto &family) { return family.first == key; });
      if (it == families.end())
        it = families.insert(families.end(), {key, {}});
      it->second.push_back(branch);
    }
    for (auto &[key, branches] : families)
      if (branches.size() > 1)
        joinFamily(branches);
  }

  static DimAttr columns(MatmulOp m) { return cast<SymTensorType>(m.getType()).getDims().back(); }

  void joinFamily(ArrayRef<Branch> branches) {
    MatmulOp first = branches[0].matmul;
    OpBuilder b(first);
    SmallVector<Location> locs;
    for (Branch branch : branches)
      locs.push_back(MatmulOp(branch.matmul).getLoc());
    Location loc = FusedLoc::get(b.getContext(), locs);
    SmallVector<Value> weights, biases;
    for (Branch branch : branches) {
      weights.push_back(branch.matmul.getB());
      if (branch.bias)
        biases.push_back(branch.addend());
    }
    auto side = [&](ValueRange xs, int64_t dim) -> Value {
      return createInferred<CatOp>(b, loc, xs, {b.getNamedAttr("dim", b.getI64IntegerAttr(dim))});
    };
    Value weight = side(weights, first.getTransB() ? 0 : 1);
    Value y = createInferred<MatmulOp>(b, loc, {first.getA(), weight},
                                       {b.getNamedAttr("trans_b", b.getBoolAttr(first.getTransB()))});
    if (!biases.empty())
      y = createInferred<AddOp>(b, loc, {y, side(biases, 0)});
    DimAttr at = DimAttr::constant(b.getContext(), 0);
    int64_t last = cast<SymTensorType>(y.getType()).getDims().size() - 1;
    for (Branch branch : branches) {
      DimAttr n = columns(branch.matmul);
      Value slice = NarrowOp::create(b, branch.matmul.getLoc(), branch.matmul.getType(), y, b.getI64IntegerAttr(last),
                                     at, n, b.getI64IntegerAttr(1));
      branch.result().replaceAllUsesWith(slice);
      at = at.plus(n);
    }
    for (Branch branch : branches) {
      if (branch.bias)
        branch.bias.erase();
      branch.matmul.erase();
    }
  }
};
} // namespace
} // namespace modc
