// Functions become pure: state read and the random key enter as arguments, state written leaves as results.
#include "compiler/transform/Passes.h"
#include "compiler/transform/Tree.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_THREADSTATEPASS
#include "compiler/transform/Passes.h.inc"

namespace {
/// One function. Buffers that a loop writes are carried round it, those that a branch writes are results of it.
class Threader {
public:
  explicit Threader(FuncOp f) : f(f), body(f.getBody().front()) {
    f.getAllArgAttrs(argAttrs);
    f.getAllResultAttrs(resultAttrs);
    f.walk([&](SetOp set) { written.insert(set.getPathAttr()); });
  }

  LogicalResult run() {
    State now; // last values by path
    if (failed(thread(body, now)))
      return failure();
    for (Operation *op : llvm::reverse(dead))
      op->erase();
    auto ret = cast<ReturnOp>(body.getTerminator());
    for (StringAttr path : written) {
      ret.getValuesMutable().append(now[path]);
      resultAttrs.push_back(named("mod.write", path));
    }
    MLIRContext *ctx = f.getContext();
    f.setFunctionTypeAttr(TypeAttr::get(FunctionType::get(ctx, body.getArgumentTypes(), ret.getOperandTypes())));
    f.setAllArgAttrs(argAttrs);
    f.setAllResultAttrs(resultAttrs);
    return success();
  }

private:
  using State = llvm::DenseMap<StringAttr, Value>;

  DictionaryAttr named(StringRef name, Attribute value) {
    MLIRContext *ctx = f.getContext();
    return DictionaryAttr::get(ctx, {NamedAttribute(StringAttr::get(ctx, name), value)});
  }

  /// The argument that brings a tensor's value at entry.
  Value enter(StringAttr path, Type type, Location loc) {
    Value &value = arguments[path];
    if (!value) {
      value = body.addArgument(type, loc);
      argAttrs.push_back(named(written.contains(path) ? "mod.state" : "mod.weight", path));
    }
    return value;
  }
  Value read(State &now, StringAttr path, Type type, Location loc) {
    Value &value = now[path];
    return value ? value : value = enter(path, type, loc);
  }

  LogicalResult thread(Block &block, State &now) {
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (auto get = dyn_cast<GetOp>(op)) {
        if (!get.use_empty())
          get.getValue().replaceAllUsesWith(read(now, get.getPathAttr(), get.getValue().getType(), get.getLoc()));
        dead.push_back(get);
      } else if (auto set = dyn_cast<SetOp>(op)) {
        now[set.getPathAttr()] = set.getValue();
        dead.push_back(set);
      } else if (isa<FrameKeyOp>(op)) {
        if (!op.use_empty()) {
          if (!key) {
            key = body.addArgument(op.getResult(0).getType(), op.getLoc());
            argAttrs.push_back(named("mod.key", UnitAttr::get(f.getContext())));
          }
          op.getResult(0).replaceAllUsesWith(key);
        }
        dead.push_back(&op);
      } else if (isa<ForOp, WhileOp, IfOp>(op)) {
        if (failed(threadRegions(&op, now)))
          return failure();
      }
    }
    return success();
  }

  /// Threads a loop or branch and appends what it writes to its values; the operation is made anew with them.
  LogicalResult threadRegions(Operation *op, State &now) {
    llvm::MapVector<StringAttr, Type> writes;
    op->walk([&](SetOp set) { writes.insert({set.getPathAttr(), set.getValue().getType()}); });
    auto loop = dyn_cast<WhileOp>(op);
    if (loop && loop.getCondition().walk([](SetOp) { return WalkResult::interrupt(); }).wasInterrupted())
      return op->emitOpError("has a condition that updates state; do that in the body");
    bool branch = isa<IfOp>(op);
    SmallVector<Value> inits(branch ? ValueRange() : op->getOperands());
    if (!branch)
      for (auto &[path, type] : writes)
        inits.push_back(read(now, path, type, op->getLoc()));
    for (Region &region : op->getRegions()) {
      Block &block = region.front();
      State inside = now;
      if (!branch)
        for (auto &[path, type] : writes)
          inside[path] = block.addArgument(type, op->getLoc());
      if (failed(thread(block, inside)))
        return failure();
      if (loop && &region == &loop.getCondition())
        continue;
      auto yield = cast<YieldOp>(block.getTerminator());
      for (auto &[path, type] : writes)
        yield.getValuesMutable().append(read(inside, path, type, op->getLoc()));
    }
    if (writes.empty())
      return success();
    OpBuilder b(op);
    OperationState state(op->getLoc(), op->getName());
    state.addOperands(branch ? ValueRange(op->getOperands()) : ValueRange(inits));
    state.addTypes(op->getResultTypes());
    for (auto &[path, type] : writes)
      state.addTypes(type);
    state.addAttributes(op->getAttrs());
    for (Region &region : op->getRegions())
      state.addRegion()->takeBody(region);
    Operation *made = b.create(state);
    op->replaceAllUsesWith(made->getResults().take_front(op->getNumResults()));
    for (auto [i, write] : llvm::enumerate(writes))
      now[write.first] = made->getResult(op->getNumResults() + i);
    op->erase();
    return success();
  }

  FuncOp f;
  Block &body;
  SmallVector<DictionaryAttr> argAttrs, resultAttrs;
  llvm::SetVector<StringAttr> written;
  State arguments;
  SmallVector<Operation *> dead;
  Value key;
};

struct ThreadState : impl::ThreadStatePassBase<ThreadState> {
  void runOnOperation() override {
    for (FuncOp f : roleFunctions(getOperation()))
      if (failed(Threader(f).run()))
        return signalPassFailure();
  }
};
} // namespace
} // namespace modc
