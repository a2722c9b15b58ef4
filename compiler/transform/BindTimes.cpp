// When a value is known: at compile time, when weights are loaded, or at each call.
#include "compiler/transform/BindTimes.h"

using namespace mlir;
using namespace modc;
using namespace modc::mod;

/// Whether an operation's meaning has names of sizes or loops, besides its operands.
static bool readsSizes(Operation *op) {
  bool symbolic = false;
  op->getAttrDictionary().walk([&](DimAttr d) { symbolic |= !d.getConstant(); });
  return symbolic;
}

BindTime BindTimes::of(Value v) {
  if (auto it = times.find(v); it != times.end())
    return it->second;
  BindTime time = BindTime::Const;
  auto type = dyn_cast<SymTensorType>(v.getType());
  if (auto arg = dyn_cast<BlockArgument>(v)) {
    unsigned i = arg.getArgNumber();
    bool load =
        arg.getOwner()->getParentOp() == f && (f.getArgAttr(i, "mod.weight") || f.getArgAttr(i, "mod.prepared"));
    time = load ? BindTime::Load : BindTime::Call;
  } else if (!type || isa<LaunchOp>(v.getDefiningOp()) || v.getDefiningOp()->getNumRegions() != 0 ||
             readsSizes(v.getDefiningOp()) ||
             llvm::any_of(type.getDims(), [](DimAttr d) { return !d.getConstant(); })) {
    time = BindTime::Call;
  } else {
    for (Value operand : v.getDefiningOp()->getOperands())
      time = std::max(time, of(operand));
  }
  times[v] = time;
  return time;
}
