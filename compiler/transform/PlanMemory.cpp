// Where launches write: results of the function at the caller's pointers, all else in one arena.
#include "compiler/transform/MemoryPlan.h"
#include "compiler/transform/Passes.h"
#include "compiler/transform/Tree.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_PLANMEMORYPASS
#include "compiler/transform/Passes.h.inc"

namespace {
bool elementwise(Operation *op) {
  auto prim = dyn_cast<PrimitiveOpInterface>(op);
  return prim && prim.getFusionClass() == FusionClass::Elementwise;
}

/// Whether a kernel of one result may write it over argument `index`: same type, and element i of the result depends on
/// element i of the argument, or, for rows, on its row, which is read before the row is written.
bool mayOverwrite(KernelOp kernel, unsigned index) {
  if (kernel.getKind() != "map" && kernel.getKind() != "rows")
    return false;
  Operation *yield = &kernel.getBody().front().back();
  if (yield->getNumOperands() != 1)
    return false;
  Operation *last = yield->getOperand(0).getDefiningOp();
  BlockArgument arg = kernel.getBody().getArgument(index);
  if (!last || !elementwise(last) || arg.getType() != yield->getOperand(0).getType())
    return false;
  return llvm::all_of(arg.getUsers(),
                      [](Operation *user) { return elementwise(user) || isa<SumOp, AmaxOp, ArgmaxOp>(user); });
}

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

  static DimAttr bytesOf(Value v) {
    auto type = cast<SymTensorType>(v.getType());
    int64_t width = (type.getElementType().getIntOrFloatBitWidth() + 7) / 8;
    return roundToLine(type.getCount().times(DimAttr::constant(v.getContext(), width)));
  }

  void plan(FuncOp f, const llvm::StringMap<int64_t> &given) {
    Block &body = f.getBody().front();
    auto launches = llvm::to_vector(body.getOps<LaunchOp>());
    llvm::DenseMap<Operation *, int64_t> time;
    for (auto [t, launch] : llvm::enumerate(launches))
      time[launch] = t;
    llvm::DenseMap<Value, int64_t> output;
    for (auto [i, v] : llvm::enumerate(body.getTerminator()->getOperands()))
      output[v] = i;

    auto lastUse = [&](Value v) {
      int64_t last = time[v.getDefiningOp()];
      for (Operation *user : v.getUsers())
        if (auto it = time.find(user); it != time.end())
          last = std::max(last, it->second);
      return last;
    };
    SmallVector<Interval> slots;
    llvm::DenseMap<Value, int64_t> slotOf;
    OpBuilder b(f.getContext());
    for (auto [t, launch] : llvm::enumerate(launches)) {
      SmallVector<Attribute> places;
      for (Value v : launch.getResults()) {
        if (auto it = output.find(v); it != output.end()) {
          places.push_back(PlaceAttr::get(f.getContext(), "out", it->second));
          continue;
        }
        int64_t slot = dyingOperand(launch, slotOf, lastUse, t);
        if (slot < 0 || slots[slot].bytes != bytesOf(v)) {
          slot = slots.size();
          slots.push_back({int64_t(t), int64_t(t), bytesOf(v)});
        }
        slots[slot].last = lastUse(v);
        slotOf[v] = slot;
        places.push_back(PlaceAttr::get(f.getContext(), "arena", slot));
      }
      launch.setPlacesAttr(b.getArrayAttr(places));
    }

    SmallVector<int64_t> nominalBytes;
    for (Interval &i : slots)
      nominalBytes.push_back(
          i.bytes.evaluate([&](StringRef name) { return std::optional<int64_t>(nominalSize(f, given, name)); })
              .value_or(64));
    SmallVector<Attribute> arena;
    for (auto [slot, below] : llvm::zip(slots, orient(slots, nominalBytes)))
      arena.push_back(SlotAttr::get(f.getContext(), slot.bytes, below));
    f.setArenaAttr(b.getArrayAttr(arena));
  }

  /// The slot of an operand that this launch reads last and may write over; -1 when there is none.
  template <typename LastUse>
  int64_t dyingOperand(LaunchOp launch, const llvm::DenseMap<Value, int64_t> &slotOf, LastUse lastUse, int64_t t) {
    if (launch.getNumResults() != 1)
      return -1;
    auto kernel = SymbolTable::lookupNearestSymbolFrom<KernelOp>(getOperation(), launch.getKernelAttr());
    for (auto [i, v] : llvm::enumerate(launch.getArgs())) {
      auto it = slotOf.find(v);
      if (it != slotOf.end() && lastUse(v) == t && v.getType() == launch.getResult(0).getType() &&
          llvm::count(launch.getArgs(), v) == 1 && mayOverwrite(kernel, i))
        return it->second;
    }
    return -1;
  }
};
} // namespace
} // namespace modc
