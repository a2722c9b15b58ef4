// When a value is known: at compile time, when weights are loaded, or at each call.
#include "compiler/transform/BindTimes.h"

using namespace mlir;
using namespace modc;
using namespace modc::mod;

BindTime BindTimes::of(Value v) {
  if (auto it = times.find(v); it != times.end())
    return it->second;
  BindTime time = BindTime::Const;
  auto type = dyn_cast<SymTensorType>(v.getType());
  if (auto arg = dyn_cast<BlockArgument>(v)) {
    unsigned i = arg.getArgNumber();
    bool load = f.getArgAttr(i, "mod.weight") || f.getArgAttr(i, "mod.prepared");
    time = load ? BindTime::Load : BindTime::Call;
  } else if (!type || isa<LaunchOp, SizeOp>(v.getDefiningOp()) ||
             llvm::any_of(type.getDims(), [](DimAttr d) { return !d.getConstant(); })) {
    time = BindTime::Call;
  } else {
    for (Value operand : v.getDefiningOp()->getOperands())
      time = std::max(time, of(operand));
  }
  times[v] = time;
  return time;
}
