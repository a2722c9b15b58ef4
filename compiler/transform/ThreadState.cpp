// Functions become pure: state read and the random key enter as arguments, state written leaves as results.
#include "compiler/transform/Passes.h"
#include "compiler/transform/Tree.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_THREADSTATEPASS
#include "compiler/transform/Passes.h.inc"

namespace {
struct ThreadState : impl::ThreadStatePassBase<ThreadState> {
  void runOnOperation() override {
    for (FuncOp f : roleFunctions(getOperation()))
      thread(f);
  }

  void thread(FuncOp f) {
    Block &body = f.getBody().front();
    MLIRContext *ctx = f.getContext();
    SmallVector<DictionaryAttr> argAttrs, resultAttrs;
    f.getAllArgAttrs(argAttrs);
    f.getAllResultAttrs(resultAttrs);
    auto named = [&](StringRef name, Attribute value) {
      return DictionaryAttr::get(ctx, {NamedAttribute(StringAttr::get(ctx, name), value)});
    };

    llvm::StringSet<> written;
    for (auto set : body.getOps<SetOp>())
      written.insert(set.getPath());

    llvm::MapVector<StringAttr, Value> now; // last value by path
    llvm::SetVector<StringAttr> sets;
    SmallVector<Operation *> dead;
    Value key;
    for (Operation &op : body) {
      if (auto get = dyn_cast<GetOp>(op)) {
        if (get.use_empty()) {
          dead.push_back(get);
          continue;
        }
        Value &value = now[get.getPathAttr()];
        if (!value) {
          value = body.addArgument(get.getValue().getType(), get.getLoc());
          argAttrs.push_back(named(written.contains(get.getPath()) ? "mod.state" : "mod.weight", get.getPathAttr()));
        }
        get.getValue().replaceAllUsesWith(value);
        dead.push_back(get);
      } else if (auto set = dyn_cast<SetOp>(op)) {
        now[set.getPathAttr()] = set.getValue();
        sets.insert(set.getPathAttr());
        dead.push_back(set);
      } else if (isa<FrameKeyOp>(op)) {
        if (!op.use_empty()) {
          if (!key) {
            key = body.addArgument(RngType::get(ctx), op.getLoc());
            argAttrs.push_back(named("mod.key", UnitAttr::get(ctx)));
          }
          op.getResult(0).replaceAllUsesWith(key);
        }
        dead.push_back(&op);
      }
    }
    for (Operation *op : dead)
      op->erase();

    auto ret = cast<ReturnOp>(body.getTerminator());
    for (StringAttr path : sets) {
      ret.getValuesMutable().append(now[path]);
      resultAttrs.push_back(named("mod.write", path));
    }
    f.setFunctionTypeAttr(TypeAttr::get(FunctionType::get(ctx, body.getArgumentTypes(), ret.getOperandTypes())));
    f.setAllArgAttrs(argAttrs);
    f.setAllResultAttrs(resultAttrs);
  }
};
} // namespace
} // namespace modc
