// The border of phase graph: functions are launches, loops and branches alone, kernels are what their hash says, and no
// two values that are alive together share memory, whatever the sizes.
#include "compiler/transform/Control.h"
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
    WalkResult walk = body.walk([&](Operation *op) -> WalkResult {
      if (isControl(op))
        return checkPlaces(op);
      if (auto launch = dyn_cast<LaunchOp>(op))
        return checkLaunch(launch);
      if (!isa<KeyOp, YieldOp, ReturnOp>(op))
        return op->emitOpError("is left outside of kernels; outline-kernels should have taken it");
      return success();
    });
    if (walk.wasInterrupted())
      return failure();
    for (auto [i, v] : llvm::enumerate(body.getTerminator()->getOperands())) {
      if (!v.getDefiningOp())
        return f.emitOpError("result ") << i << " is written by no kernel";
      PlaceAttr place = placeOf(v);
      if (place.getKind() != "out" || place.getIndex() != int64_t(i))
        return f.emitOpError("result ") << i << " is written to another place";
    }
    return checkMemory(f);
  }

  /// Where a launch, loop or branch puts a result.
  static PlaceAttr placeOf(Value v) {
    auto launch = v.getDefiningOp<LaunchOp>();
    ArrayAttr places = launch ? *launch.getPlaces() : v.getDefiningOp()->getAttrOfType<ArrayAttr>("mod.places");
    return cast<PlaceAttr>(places[cast<OpResult>(v).getResultNumber()]);
  }

  LogicalResult checkPlaces(Operation *op) {
    auto places = op->getAttrOfType<ArrayAttr>("mod.places");
    if (!places || places.size() != op->getNumResults() || !llvm::all_of(places, llvm::IsaPred<PlaceAttr>))
      return op->emitOpError("has no places; plan-memory gives them");
    auto spares = op->getAttrOfType<DenseI64ArrayAttr>("mod.spares");
    if (spares && (!isLoop(op) || spares.size() != int64_t(op->getNumResults())))
      return op->emitOpError("has other spare places than values that it carries");
    return success();
  }
  using StringRefs = SmallVector<StringRef, 5>;

  LogicalResult checkLaunch(LaunchOp launch) {
    auto kernel = kernelOf(launch);
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

    Timeline time(f);
    SmallVector<Live> lives;
    auto live = [&](PlaceAttr place, Value v, int64_t first, int64_t last) -> LogicalResult {
      bool arena = place.getKind() == "arena";
      if (place.getIndex() < 0 || place.getIndex() >= (arena ? int64_t(n) : int64_t(f.getNumResults())))
        return v.getDefiningOp()->emitOpError("writes to a slot that does not exist");
      lives.push_back({place, v, first, last});
      return success();
    };
    WalkResult walk = f.getBody().walk([&](Operation *op) -> WalkResult {
      if (!isa<LaunchOp>(op) && !isControl(op))
        return WalkResult::advance();
      int64_t made = isControl(op) ? time.end(op) : time.begin(op);
      for (OpResult v : op->getResults()) {
        if (!isSpare(placeOf(v), op) && failed(live(placeOf(v), v, made, lastMoment(time, v))))
          return WalkResult::interrupt();
        if (!isLoop(op) || isSpare(placeOf(v), op))
          continue;
        // What a round begins with. The condition is asked once more in the end.
        unsigned k = v.getResultNumber();
        BlockArgument round = bodyOf(op).getArgument(k);
        int64_t last = isa<WhileOp>(op) ? time.begin(op->getRegion(0).front().getTerminator()) : time.begin(op);
        for (Region &region : op->getRegions())
          last = std::max(last, time.lastUse(region.getArgument(k)));
        auto spares = op->getAttrOfType<DenseI64ArrayAttr>("mod.spares");
        bool two = spares && spares[k] >= 0;
        if (failed(live(placeOf(v), round, time.begin(op), two ? time.end(op) : last)) ||
            (two &&
             failed(live(PlaceAttr::get(op->getContext(), "arena", spares[k]), v, time.begin(op), time.end(op)))))
          return WalkResult::interrupt();
      }
      return isa<LaunchOp>(op) ? checkOverwriting(cast<LaunchOp>(op)) : success();
    });
    if (walk.wasInterrupted())
      return failure();
    for (const Live &a : lives)
      for (const Live &b : lives)
        if (&a < &b && a.first <= b.last && b.first <= a.last) {
          int64_t i = a.place.getIndex(), j = b.place.getIndex();
          bool inArena = a.place.getKind() == "arena" && b.place.getKind() == "arena";
          bool apart = inArena ? i != j && (below[i].test(j) || below[j].test(i)) : a.place != b.place;
          bool inPlace =
              a.place == b.place && (a.last == b.first || b.last == a.first || replaces(a, b) || replaces(b, a));
          if (!apart && !inPlace && !excludeEachOther(a.value, b.value))
            return f.emitOpError("slots ") << i << " and " << j << " are alive together and may overlap";
        }
    return success();
  }

  /// A value in memory from one moment to another.
  struct Live {
    PlaceAttr place;
    Value value;
    int64_t first, last;
  };

  /// Whether `b` is made, or is what a loop begins with, where `a` is read no more.
  static bool replaces(const Live &a, const Live &b) {
    Value old = a.value, now = b.value;
    auto result = dyn_cast<OpResult>(now);
    Operation *maker = result ? result.getOwner() : now.getParentBlock()->getParentOp();
    unsigned index = result ? result.getResultNumber() : cast<BlockArgument>(now).getArgNumber();
    return ancestorIn(old.getParentBlock(), maker) && diesAt(old, maker, index);
  }

  /// Whether an enclosing loop, which owns it all the time, has this place as its second one.
  static bool isSpare(PlaceAttr place, Operation *op) {
    for (Operation *loop = op->getParentOp(); loop; loop = loop->getParentOp())
      if (auto spares = loop->getAttrOfType<DenseI64ArrayAttr>("mod.spares"))
        if (place.getKind() == "arena" && llvm::is_contained(spares.asArrayRef(), place.getIndex()))
          return true;
    return false;
  }

  /// Until when a value must be kept: what a loop's body ends with, for the next round; what a branch's side ends with,
  /// for the branch's result.
  static int64_t lastMoment(const Timeline &time, Value v) {
    int64_t last = time.lastUse(v);
    for (Operation *user : v.getUsers())
      if (isa<YieldOp>(user) && user->getBlock() == v.getParentBlock())
        if (Operation *parent = user->getParentOp(); !isLoop(parent) || user->getBlock() == &bodyOf(parent))
          last = std::max(last, time.end(parent));
    return last;
  }

  /// On different sides of one branch.
  static bool excludeEachOther(Value a, Value b) {
    for (Region *side = a.getParentRegion(); side; side = side->getParentRegion())
      if (Operation *branch = side->getParentOp(); isa_and_nonnull<IfOp>(branch))
        for (Region &other : branch->getRegions())
          if (&other != side && other.isAncestor(b.getParentRegion()))
            return true;
    return false;
  }

  /// A kernel writes over an operand only where it may.
  LogicalResult checkOverwriting(LaunchOp launch) {
    auto kernel = kernelOf(launch);
    for (auto [position, v] : llvm::enumerate(launch.getArgs()))
      for (auto [index, result] : llvm::enumerate(launch.getResults()))
        if (v.getDefiningOp() && isa<SymTensorType>(v.getType()) && v.getParentBlock() == launch->getBlock() &&
            !v.getDefiningOp<KeyOp>() && placeOf(v) == placeOf(result) && !mayOverwrite(kernel, position, index))
          return launch.emitOpError("writes over operand ") << position << ", which its kernel does not allow";
    return success();
  }

  LogicalResult checkProgram(ClassOp cls, ProgramOp program) {
    WalkResult walk = program.getBody().walk([&](Operation *op) -> WalkResult {
      if (!isa<CallOp, RunOp, WhileOp, IfOp, YieldOp, ReturnOp>(op))
        return op->emitOpError("does not belong into a program");
      if (auto run = dyn_cast<RunOp>(op)) {
        FuncOp piece = methodOf(cls, run.getPiece(), false);
        if (!piece || piece.getArgumentTypes().size() < run.getArgs().size())
          return run.emitOpError("names no piece that takes these values");
      } else if (auto call = dyn_cast<CallOp>(op)) {
        if (!call.getFresh() || !classAt(cls, call.getChild()))
          return call.emitOpError("is no composed call of a module that exists");
      }
      return success();
    });
    return failure(walk.wasInterrupted());
  }
};
} // namespace
} // namespace modc
