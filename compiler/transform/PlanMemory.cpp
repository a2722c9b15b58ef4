// Where launches write: results of the function at the caller's pointers, all else in one arena.
#include "compiler/transform/Control.h"
#include "compiler/transform/Kernels.h"
#include "compiler/transform/MemoryPlan.h"
#include "compiler/transform/Passes.h"
#include "compiler/transform/Tree.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_PLANMEMORYPASS
#include "compiler/transform/Passes.h.inc"

namespace {
constexpr StringLiteral kPlaces = "mod.places", kSpares = "mod.spares";

DimAttr bytesOf(Value v) {
  auto type = cast<SymTensorType>(v.getType());
  int64_t width = (type.getElementType().getIntOrFloatBitWidth() + 7) / 8;
  return roundToLine(type.getCount().times(DimAttr::constant(v.getContext(), width)));
}

/// Memory of one function. First, from the end of each block, what must or would best lie in one place: a result of the
/// function where the caller wants it, what a loop carries in one buffer before, in and after it, a tensor written in
/// slices in its own. Then, in program order, everything else.
class Planner {
public:
  explicit Planner(FuncOp f) : f(f), time(f) {}

  void run() {
    Block &body = f.getBody().front();
    for (auto [i, v] : llvm::enumerate(body.getTerminator()->getOperands()))
      if (v.getDefiningOp() && !wishes.contains(v))
        wishes[v] = addBuffer(v, int64_t(i));
    bindState(body);
    settle(body);
    forEachBlock(body, [&](Block &block) { placeRest(block); });
  }

  struct Buffer {
    Interval live;
    int64_t out = -1; ///< number of the function's result, if it is one
    bool shared = false;
    /// What loops bring in here from the round before, and state: read before anything else is written.
    SmallVector<Value, 2> occupants;
    int64_t slot = -1;
  };
  std::vector<Buffer> buffers;

  void annotate(function_ref<void(ArrayRef<Interval>)> withSlots) {
    SmallVector<size_t> order;
    for (auto [i, buffer] : llvm::enumerate(buffers))
      if (buffer.out < 0)
        order.push_back(i);
    llvm::stable_sort(order, [&](size_t a, size_t b) { return buffers[a].live.first < buffers[b].live.first; });
    SmallVector<Interval> slots;
    for (size_t i : order) {
      buffers[i].slot = slots.size();
      slots.push_back(buffers[i].live);
    }
    f.walk([&](Operation *op) {
      if (!isa<LaunchOp>(op) && !isControl(op))
        return;
      SmallVector<Attribute> places;
      for (Value v : op->getResults()) {
        Buffer &buffer = buffers[bufferOf.lookup(v)];
        places.push_back(PlaceAttr::get(f.getContext(), buffer.out < 0 ? "arena" : "out",
                                        buffer.out < 0 ? buffer.slot : buffer.out));
      }
      auto array = ArrayAttr::get(f.getContext(), places);
      if (auto launch = dyn_cast<LaunchOp>(op)) {
        launch.setPlacesAttr(array);
        return;
      }
      op->setAttr(kPlaces, array);
      if (auto it = spares.find(op); it != spares.end()) {
        SmallVector<int64_t> numbers;
        for (int64_t buffer : it->second)
          numbers.push_back(buffer < 0 ? -1 : buffers[buffer].slot);
        op->setAttr(kSpares, DenseI64ArrayAttr::get(f.getContext(), numbers));
      }
    });
    withSlots(slots);
  }

private:
  int64_t addBuffer(Value v, int64_t out = -1) {
    Buffer buffer;
    int64_t at = v.getDefiningOp() ? time.begin(v.getDefiningOp()) : 0;
    buffer.live = {at, at, bytesOf(v)};
    buffer.out = out;
    buffers.push_back(buffer);
    return buffers.size() - 1;
  }

  void put(Value v, int64_t number) {
    Buffer &buffer = buffers[number];
    bufferOf[v] = number;
    Operation *def = v.getDefiningOp();
    int64_t from = time.begin(def ? def : v.getParentBlock()->getParentOp());
    buffer.live.first = std::min(buffer.live.first, from);
    buffer.live.last = std::max(buffer.live.last, time.lastUse(v));
  }

  /// State that a function writes in place lies where the result of that name goes.
  void bindState(Block &body) {
    for (auto [i, v] : llvm::enumerate(body.getTerminator()->getOperands()))
      if (auto path = f.getResultAttr(i, "mod.write"))
        for (BlockArgument arg : f.getArguments())
          if (auto it = wishes.find(v); it != wishes.end() && f.getArgAttr(arg.getArgNumber(), "mod.state") == path) {
            bufferOf[arg] = it->second;
            buffers[it->second].occupants.push_back(arg);
          }
  }

  /// Whether a value may be made in a buffer: what lies there when its block begins is read no more. A loop's condition
  /// has read what it is given before the body begins.
  bool mayTake(Value v, int64_t buffer) {
    Operation *def = v.getDefiningOp();
    return llvm::all_of(buffers[buffer].occupants, [&](Value occupant) {
      return !ancestorIn(occupant.getParentBlock(), def) || diesAt(occupant, def, cast<OpResult>(v).getResultNumber());
    });
  }

  /// Would have `v`, which result `index` of `reader` follows, made in that result's buffer.
  void wish(Value v, Operation *reader, unsigned index, int64_t buffer) {
    if (v.getDefiningOp() && v.getParentBlock() == reader->getBlock() && !wishes.contains(v) &&
        diesAt(v, reader, index) && mayTake(v, buffer)) {
      wishes[v] = buffer;
      buffers[buffer].shared = true;
    }
  }

  void settle(Block &block) {
    for (Operation &op : llvm::reverse(block)) {
      if (auto launch = dyn_cast<LaunchOp>(op)) {
        auto kernel = kernelOf(launch);
        if (kernel.getKind() != kSlice)
          continue;
        put(launch.getResult(0), decided(launch.getResult(0)));
        wish(launch.getArgs()[0], launch, 0, bufferOf[launch.getResult(0)]);
      } else if (isLoop(&op)) {
        settleLoop(&op);
      } else if (isa<IfOp>(op)) {
        for (Value v : op.getResults())
          put(v, decided(v));
        for (Region &region : op.getRegions()) {
          for (auto [result, v] : llvm::zip(op.getResults(), region.front().getTerminator()->getOperands()))
            handOn(v, region.front(), bufferOf[result]);
          settle(region.front());
        }
      }
    }
  }

  /// The buffer that was wished for a value, or a new one.
  int64_t decided(Value v) {
    auto it = wishes.find(v);
    return it != wishes.end() ? it->second : addBuffer(v);
  }

  /// Has a value that a block ends with made in a buffer, if that is possible.
  bool handOn(Value v, Block &block, int64_t buffer) {
    if (!v.getDefiningOp() || v.getParentBlock() != &block || wishes.contains(v) || !mayTake(v, buffer))
      return false;
    wishes[v] = buffer;
    buffers[buffer].shared = true;
    return true;
  }

  void settleLoop(Operation *loop) {
    SmallVector<int64_t> spare(loop->getNumResults(), -1);
    for (auto [k, result] : llvm::enumerate(loop->getResults())) {
      int64_t home = decided(result);
      put(result, home);
      buffers[home].shared = true;
      wish(loop->getOperand(k), loop, k, home);
      for (Region &region : loop->getRegions()) {
        put(region.getArgument(k), home);
        buffers[home].occupants.push_back(region.getArgument(k));
      }
      // The next value is made over this one, or in a second buffer, with which it changes places.
      Value next = bodyOf(loop).getTerminator()->getOperand(k);
      if (next == bodyOf(loop).getArgument(k) || handOn(next, bodyOf(loop), home))
        continue;
      spare[k] = addBuffer(result);
      buffers[spare[k]].shared = true;
      buffers[spare[k]].live.last = time.end(loop);
      wishes[next] = spare[k];
    }
    if (llvm::any_of(spare, [](int64_t buffer) { return buffer >= 0; }))
      spares[loop] = spare;
    for (Region &region : loop->getRegions())
      settle(region.front());
  }

  void placeRest(Block &block) {
    for (LaunchOp launch : block.getOps<LaunchOp>())
      for (Value v : launch.getResults()) {
        if (bufferOf.contains(v))
          continue;
        if (auto it = wishes.find(v); it != wishes.end()) {
          put(v, it->second);
          continue;
        }
        int64_t buffer = dyingOperand(launch, v);
        put(v, buffer >= 0 ? buffer : addBuffer(v));
      }
  }

  /// The buffer of an operand that this launch reads last and may write over; -1 when there is none.
  int64_t dyingOperand(LaunchOp launch, Value v) {
    if (launch.getNumResults() != 1)
      return -1;
    for (Value operand : launch.getArgs()) {
      auto it = bufferOf.find(operand);
      if (it != bufferOf.end() && operand.getDefiningOp() && operand.getParentBlock() == launch->getBlock() &&
          !buffers[it->second].shared && buffers[it->second].out < 0 && operand.getType() == v.getType() &&
          diesAt(operand, launch, 0))
        return it->second;
    }
    return -1;
  }

  FuncOp f;
  Timeline time;
  llvm::DenseMap<Value, int64_t> wishes, bufferOf;
  llvm::DenseMap<Operation *, SmallVector<int64_t>> spares;
};

struct PlanMemory : impl::PlanMemoryPassBase<PlanMemory> {
  using Base::Base;

  void runOnOperation() override {
    llvm::StringMap<int64_t> given;
    for (const std::string &text : nominal) {
      auto [name, number] = StringRef(text).split('=');
      int64_t value;
      if (number.getAsInteger(10, value) || value < 1) {
        getOperation().emitError("option nominal wants NAME=NUMBER, not `") << text << "`";
        return signalPassFailure();
      }
      given[name] = value;
    }
    for (FuncOp f : roleFunctions(getOperation()))
      plan(f, given);
  }

  static int64_t nominalSize(FuncOp f, const llvm::StringMap<int64_t> &given, StringRef name) {
    int64_t value = 128;
    if (auto it = given.find(name); it != given.end())
      value = it->second;
    else if (auto dims = f.getDims(); dims && !dims->empty() && cast<StringAttr>((*dims)[0]) == name)
      value = 1;
    if (auto ranges = f.getRanges())
      for (auto r : ranges->getAsRange<RangeAttr>())
        if (r.getName() == name)
          value = std::clamp(value, r.getMin(), std::max(r.getMin(), r.getMax()));
    return value;
  }

  void plan(FuncOp f, const llvm::StringMap<int64_t> &given) {
    Planner planner(f);
    planner.run();
    planner.annotate([&](ArrayRef<Interval> slots) {
      SmallVector<int64_t> nominalBytes;
      for (const Interval &i : slots)
        nominalBytes.push_back(
            i.bytes.evaluate([&](StringRef name) { return std::optional<int64_t>(nominalSize(f, given, name)); })
                .value_or(64));
      SmallVector<Attribute> arena;
      for (auto [slot, below] : llvm::zip(slots, orient(slots, nominalBytes)))
        arena.push_back(SlotAttr::get(f.getContext(), slot.bytes, below));
      f.setArenaAttr(ArrayAttr::get(f.getContext(), arena));
    });
  }
};
} // namespace
} // namespace modc
