// The border of phase graph: functions are launches alone, kernels are what their hash says, and no two values that are
// alive together share memory, whatever the sizes.
#include "compiler/transform/Kernels.h"
#include "compiler/transform/Passes.h"
#include "compiler/transform/Sizes.h"
#include "compiler/transform/Tree.h"
#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_VERIFYGRAPHPASS
#include "compiler/transform/Passes.h.inc"

namespace {
struct VerifyGraph : impl::VerifyGraphPassBase<VerifyGraph> {
  void runOnOperation() override {
    auto check = [&](LogicalResult r) {
      if (failed(r))
        signalPassFailure();
      return succeeded(r);
    };
    for (KernelOp k : getOperation().getOps<KernelOp>())
      if (!check(checkKernel(k)))
        return;
    for (PrepareOp p : getOperation().getOps<PrepareOp>())
      if (p.getHash() != contentHash(p)) {
        p.emitOpError("was changed after hoist-prepare gave it its hash");
        return signalPassFailure();
      }
    for (ClassOp cls : getOperation().getOps<ClassOp>()) {
      for (FuncOp f : cls.getBody().getOps<FuncOp>())
        if (!check(checkFunction(f)))
          return;
      for (ProgramOp p : cls.getBody().getOps<ProgramOp>())
        if (!check(checkProgram(cls, p)))
          return;
    }
  }

  LogicalResult checkKernel(KernelOp kernel) {
    if (kernel.getHash() != contentHash(kernel))
      return kernel.emitOpError("was changed after outline-kernels gave it its hash");
    Block &body = kernel.getBody().front();
    if (body.empty() || !isa<YieldOp>(body.back()))
      return kernel.emitOpError("does not end in mod.yield");
    for (Operation &op : body)
      if (!isa<PrimitiveOpInterface, AssumeOp, YieldOp>(op))
        return op.emitOpError("does not belong into a kernel");
    return success();
  }

  LogicalResult checkFunction(FuncOp f) {
    if (!f->hasAttr("mod.role"))
      return f.emitOpError("has no role; make-roles should have made one or open-calls removed it");
    for (BlockArgument arg : f.getArguments()) {
      unsigned i = arg.getArgNumber();
      if (!llvm::any_of(StringRefs{"mod.name", "mod.weight", "mod.prepared", "mod.state", "mod.key"},
                        [&](StringRef name) { return bool(f.getArgAttr(i, name)); }))
        return f.emitOpError("argument ") << i << " does not say where it comes from";
    }
    Block &body = f.getBody().front();
    for (Operation &op : body) {
      if (!isa<LaunchOp, KeyOp, ReturnOp>(op))
        return op.emitOpError("is left outside of kernels; outline-kernels should have taken it");
      if (auto launch = dyn_cast<LaunchOp>(op))
        if (failed(checkLaunch(launch)))
          return failure();
    }
    for (auto [i, v] : llvm::enumerate(body.getTerminator()->getOperands())) {
      auto launch = v.getDefiningOp<LaunchOp>();
      if (!launch)
        return f.emitOpError("result ") << i << " is written by no kernel";
      auto place = cast<PlaceAttr>((*launch.getPlaces())[cast<OpResult>(v).getResultNumber()]);
      if (place.getKind() != "out" || place.getIndex() != int64_t(i))
        return f.emitOpError("result ") << i << " is written to another place";
    }
    return checkMemory(f);
  }
  using StringRefs = SmallVector<StringRef, 5>;

  LogicalResult checkLaunch(LaunchOp launch) {
    auto kernel = SymbolTable::lookupNearestSymbolFrom<KernelOp>(getOperation(), launch.getKernelAttr());
    if (!kernel)
      return launch.emitOpError("names no kernel");
    if (!launch.getPlaces() || launch.getPlaces()->size() != launch.getNumResults())
      return launch.emitOpError("has no places; plan-memory gives them");
    if (kernel.getDims().size() != launch.getSizes().size())
      return launch.emitOpError("gives another number of sizes than the kernel has");
    SizeMap sizes;
    for (auto [name, size] :
         llvm::zip(kernel.getDims().getAsRange<StringAttr>(), launch.getSizes().getAsRange<DimAttr>()))
      sizes[name] = size;
    auto same = [&](TypeRange formal, TypeRange actual) {
      return formal.size() == actual.size() && llvm::all_of(llvm::zip(formal, actual), [&](auto pair) {
               return replaceSizes(std::get<0>(pair), sizes) == std::get<1>(pair);
             });
    };
    if (!same(kernel.getBody().getArgumentTypes(), launch.getArgs().getTypes()) ||
        !same(kernel.getBody().front().back().getOperandTypes(), launch.getResultTypes()))
      return launch.emitOpError("does not fit the kernel's types under its sizes");
    return success();
  }

  /// Values alive together lie in slots of which one is, through others, below the other; or one kernel wrote over its
  /// operand, which then dies there.
  LogicalResult checkMemory(FuncOp f) {
    auto arena = f.getArena();
    if (!arena)
      return f.emitOpError("has no arena; plan-memory gives one");
    size_t n = arena->size();
    std::vector<llvm::BitVector> below(n, llvm::BitVector(n));
    for (bool changed = true; changed;) {
      changed = false;
      for (auto [i, slot] : llvm::enumerate(arena->getAsRange<SlotAttr>())) {
        auto before = below[i];
        for (int64_t j : slot.getBelow()) {
          if (j < 0 || j >= int64_t(n))
            return f.emitOpError("slot ") << i << " lies above one that does not exist";
          below[i].set(j);
          below[i] |= below[j];
        }
        changed |= before != below[i];
      }
    }
    for (size_t i = 0; i < n; ++i)
      if (below[i].test(i))
        return f.emitOpError("slot ") << i << " lies above itself";

    struct Live {
      int64_t slot, first, last;
    };
    SmallVector<Live> lives;
    llvm::DenseMap<Operation *, int64_t> time;
    for (LaunchOp launch : f.getBody().getOps<LaunchOp>())
      time.try_emplace(launch, time.size());
    for (LaunchOp launch : f.getBody().getOps<LaunchOp>())
      for (auto [v, place] : llvm::zip(launch.getResults(), launch.getPlaces()->getAsRange<PlaceAttr>())) {
        if (place.getKind() != "arena")
          continue;
        if (place.getIndex() < 0 || place.getIndex() >= int64_t(n))
          return launch.emitOpError("writes to a slot that does not exist");
        Live live{place.getIndex(), time[launch], time[launch]};
        for (Operation *user : v.getUsers())
          live.last = std::max(live.last, time.lookup(user));
        lives.push_back(live);
      }
    for (const Live &a : lives)
      for (const Live &b : lives)
        if (&a < &b && a.first <= b.last && b.first <= a.last) {
          bool ordered = a.slot != b.slot && (below[a.slot].test(b.slot) || below[b.slot].test(a.slot));
          bool inPlace = a.slot == b.slot && (a.last == b.first || b.last == a.first);
          if (!ordered && !inPlace)
            return f.emitOpError("slots ") << a.slot << " and " << b.slot << " are alive together and may overlap";
        }
    return success();
  }

  LogicalResult checkProgram(ClassOp cls, ProgramOp program) {
    for (Operation &op : program.getBody().front()) {
      if (!isa<CallOp, RunOp, ReturnOp>(op))
        return op.emitOpError("does not belong into a program");
      if (auto run = dyn_cast<RunOp>(op)) {
        FuncOp piece = methodOf(cls, run.getPiece(), false);
        if (!piece || piece.getArgumentTypes().size() < run.getArgs().size())
          return run.emitOpError("names no piece that takes these values");
      } else if (auto call = dyn_cast<CallOp>(op)) {
        if (!call.getFresh() || !classAt(cls, call.getChild()))
          return call.emitOpError("is no composed call of a module that exists");
      }
    }
    return success();
  }
};
} // namespace
} // namespace modc
