// Loops and branches: result types, verifiers, the names that loops bind.
#include "dialect/mod/Mod.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace modc::mod;

LogicalResult ForOp::inferReturnTypes(MLIRContext *, std::optional<Location>, ValueRange operands, DictionaryAttr,
                                      OpaqueProperties, RegionRange, SmallVectorImpl<Type> &results) {
  llvm::append_range(results, operands.getTypes());
  return success();
}

LogicalResult WhileOp::inferReturnTypes(MLIRContext *, std::optional<Location>, ValueRange operands, DictionaryAttr,
                                        OpaqueProperties, RegionRange, SmallVectorImpl<Type> &results) {
  llvm::append_range(results, operands.getTypes());
  return success();
}

/// A region takes and yields values of these types.
static LogicalResult verifyRound(Operation *op, Region &region, TypeRange takes, TypeRange yields, StringRef what) {
  if (region.getArgumentTypes() != takes)
    return op->emitOpError(what) << " takes (" << region.getArgumentTypes() << "), but " << "(" << takes
                                 << ") is carried to it";
  auto yield = region.front().empty() ? YieldOp() : dyn_cast<YieldOp>(region.front().back());
  if (!yield)
    return op->emitOpError(what) << " must end with mod.yield";
  if (yield->getOperandTypes() != yields)
    return yield.emitOpError("gives (") << yield->getOperandTypes() << "), but the " << what << " is to give ("
                                        << yields << ")";
  return success();
}

LogicalResult ForOp::verifyRegions() {
  if (getIteration().empty())
    return emitOpError("has an empty name");
  if (getCount().isOverflow())
    return emitOpError("count does not fit 62 bits");
  TypeRange carried = getInits().getTypes();
  return verifyRound(*this, getBody(), carried, carried, "body");
}

LogicalResult WhileOp::verifyRegions() {
  if (getIteration().empty())
    return emitOpError("has an empty name");
  TypeRange carried = getInits().getTypes();
  Type condition = SymTensorType::get(IntegerType::get(getContext(), 1), {});
  return success(succeeded(verifyRound(*this, getCondition(), carried, condition, "condition")) &&
                 succeeded(verifyRound(*this, getBody(), carried, carried, "body")));
}

LogicalResult IfOp::verifyRegions() {
  return success(succeeded(verifyRound(*this, getThen(), {}, getResultTypes(), "first side")) &&
                 succeeded(verifyRound(*this, getOtherwise(), {}, getResultTypes(), "second side")));
}

StringAttr modc::mod::boundName(Operation *op) {
  if (auto loop = dyn_cast<ForOp>(op))
    return loop.getIterationAttr();
  if (auto loop = dyn_cast<WhileOp>(op))
    return loop.getIterationAttr();
  return {};
}

bool modc::mod::mayUseIterations(Operation *op, StringRef attribute) {
  if (isa<NarrowOp, UpdateSliceOp>(op))
    return attribute == "start";
  if (isa<SizeOp>(op))
    return attribute == "size";
  if (isa<ForOp>(op))
    return attribute == "count";
  if (isa<LaunchOp>(op))
    return attribute == "sizes";
  return isa<KeyOp, CallOp, RunOp>(op) && attribute == "iterations";
}

LogicalResult modc::mod::verifySizes(Operation *holder, Region &body, std::optional<ArrayAttr> dims) {
  llvm::StringSet<> bound;
  auto bind = [&](std::optional<ArrayAttr> names) {
    if (names)
      for (auto n : names->getAsRange<StringAttr>())
        bound.insert(n.getValue());
  };
  bind(dims);
  auto inLoop = [&](Operation *op, StringRef name) {
    for (Operation *p = op->getParentOp(); p && p != holder; p = p->getParentOp())
      if (StringAttr loop = boundName(p); loop && loop == name)
        return true;
    return false;
  };
  auto unbound = [&](DimAttr d, Operation *op, bool iterations) {
    StringAttr unknown;
    d.walkSymbols([&](StringAttr s) {
      if (!bound.contains(s.getValue()) && !(iterations && inLoop(op, s)))
        unknown = s;
    });
    return unknown;
  };
  auto complain = [&](Operation *op, StringAttr unknown) -> LogicalResult {
    if (inLoop(op, unknown))
      return op->emitOpError("uses the loop's `") << unknown.getValue() << "` where a size stands";
    return op->emitOpError(op == holder ? "argument uses size `" : "uses size `")
           << unknown.getValue() << "`, which nothing binds";
  };
  auto checkTypes = [&](Operation *op, TypeRange types) -> LogicalResult {
    for (Type t : types)
      if (auto tensor = dyn_cast<SymTensorType>(t))
        for (DimAttr d : tensor.getDims())
          if (StringAttr unknown = unbound(d, op, /*iterations=*/false))
            return complain(op, unknown);
    return success();
  };
  auto checkAttribute = [&](Operation *op, NamedAttribute attr) -> LogicalResult {
    StringAttr unknown;
    bool iterations = mayUseIterations(op, attr.getName());
    attr.getValue().walk<WalkOrder::PreOrder>([&](DimAttr d) {
      unknown = unknown ? unknown : unbound(d, op, iterations);
      return WalkResult::skip(); // quotients inside have been looked at
    });
    return unknown ? complain(op, unknown) : success();
  };
  if (failed(checkTypes(holder, body.getArgumentTypes())))
    return failure();
  WalkResult walk = body.walk<WalkOrder::PreOrder>([&](Operation *op) -> WalkResult {
    if (auto call = dyn_cast<CallOp>(op))
      bind(call.getFresh());
    if (auto run = dyn_cast<RunOp>(op))
      bind(run.getFresh());
    if (StringAttr name = boundName(op); name && (bound.contains(name.getValue()) || inLoop(op, name)))
      return op->emitOpError("binds `") << name.getValue() << "`, which is a size or a loop round this one already";
    if (failed(checkTypes(op, op->getResultTypes())))
      return WalkResult::interrupt();
    for (Region &region : op->getRegions())
      if (!region.empty() && failed(checkTypes(op, region.getArgumentTypes())))
        return WalkResult::interrupt();
    for (NamedAttribute attr : op->getAttrDictionary())
      if (failed(checkAttribute(op, attr)))
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(walk.wasInterrupted());
}
