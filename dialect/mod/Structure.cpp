// Verifiers of classes, functions and bodies; parser and printer of functions. References by name: Symbols.cpp.
#include "dialect/mod/Mod.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace modc::mod;

/// MLIR prints an empty symbol as something that can't be read back, and the language has no empty names.
static LogicalResult verifyName(Operation *op) {
  auto name = op->getAttrOfType<StringAttr>(SymbolTable::getSymbolAttrName());
  return name && name.empty() ? op->emitOpError("has an empty name") : success();
}

LogicalResult ClassOp::verify() {
  if (failed(verifyName(*this)))
    return failure();
  static constexpr StringLiteral kinds[] = {"module", "sequential", "list", "dict"};
  if (!llvm::is_contained(kinds, getKind()))
    return emitOpError("kind is one of module, sequential, list, dict");
  bool buffersBegan = false;
  for (Operation &op : *getBody().begin()) {
    if (!isa<ParamOp, BufferOp, ChildOp, FuncOp, ProgramOp>(op))
      return op.emitOpError("does not belong into a class");
    if (failed(verifyName(&op)))
      return failure();
    // Members are verified after the class: a name may yet be missing.
    auto name = op.getAttrOfType<StringAttr>(mlir::SymbolTable::getSymbolAttrName());
    if (isa<ParamOp, BufferOp, ChildOp>(op) && name && name.getValue().contains('.'))
      return op.emitOpError("name contains a `.`, which separates the parts of a path");
    buffersBegan |= isa<BufferOp>(op);
    if (isa<ParamOp>(op) && buffersBegan)
      return op.emitOpError("comes after a buffer; parameters come first");
  }
  return success();
}

ParseResult FuncOp::parse(OpAsmParser &parser, OperationState &result) {
  auto build = [](Builder &b, ArrayRef<Type> in, ArrayRef<Type> out, function_interface_impl::VariadicFlag,
                  std::string &) { return b.getFunctionType(in, out); };
  return function_interface_impl::parseFunctionOp(parser, result, /*allowVariadic=*/false,
                                                  getFunctionTypeAttrName(result.name), build,
                                                  getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void FuncOp::print(OpAsmPrinter &p) {
  function_interface_impl::printFunctionOp(p, *this, /*isVariadic=*/false, getFunctionTypeAttrName(),
                                           getArgAttrsAttrName(), getResAttrsAttrName());
}

/// What an argument or result attribute of a function must be; null for names that are not ours to check.
static StringRef verifyAttribute(NamedAttribute attr, Type type) {
  StringRef name = attr.getName();
  if (name == "mod.name" || name == "mod.weight" || name == "mod.state" || name == "mod.write")
    return isa<StringAttr>(attr.getValue()) ? "" : "a string";
  if (name == "mod.prepared")
    return isa<FlatSymbolRefAttr>(attr.getValue()) ? "" : "the name of a mod.prepare";
  if (name == "mod.sources") {
    auto paths = dyn_cast<ArrayAttr>(attr.getValue());
    return paths && llvm::all_of(paths, llvm::IsaPred<StringAttr>) ? "" : "an array of paths";
  }
  if (name == "mod.scalar") { // of an `int` the size that it gives; of a `float` nothing
    auto tensor = dyn_cast<SymTensorType>(type);
    bool whole = isa<StringAttr>(attr.getValue());
    bool fits = tensor && tensor.getDims().empty() &&
                (whole ? tensor.getElementType().isInteger(64) : tensor.getElementType().isF64());
    return fits ? "" : "a size's name on an argument of type i64[], or nothing on one of type f64[]";
  }
  if (name == "mod.key")
    return isa<RngType>(type) ? "" : "on an argument of type !mod.rng";
  return "";
}

LogicalResult FuncOp::verifyRegions() {
  if (failed(verifyName(*this)))
    return failure();
  if (!isExternal() && !getBody().hasOneBlock())
    return emitOpError("has more than one block");
  auto check = [&](DictionaryAttr attrs, Type type) -> LogicalResult {
    if (attrs)
      for (NamedAttribute attr : attrs)
        if (StringRef wanted = verifyAttribute(attr, type); !wanted.empty())
          return emitOpError("attribute `") << attr.getName().getValue() << "` must be " << wanted;
    return success();
  };
  for (auto [i, type] : llvm::enumerate(getArgumentTypes()))
    if (failed(check(getArgAttrDict(i), type)))
      return failure();
  for (auto [i, type] : llvm::enumerate(getResultTypes()))
    if (failed(check(getResultAttrDict(i), type)))
      return failure();
  return verifySizes(*this, getBody(), getDims());
}

LogicalResult ReturnOp::verify() {
  auto func = dyn_cast<FuncOp>((*this)->getParentOp());
  if (func && !llvm::equal(func.getResultTypes(), getOperandTypes()))
    return emitOpError("returns other types than the function declares");
  return success();
}

/// Bodies of kernels and prepares: primitives over tensors and keys, ended by a yield.
static LogicalResult verifyBody(Operation *holder, Region &body) {
  if (failed(verifyName(holder)))
    return failure();
  Block &block = body.front();
  for (Type t : block.getArgumentTypes())
    if (!isa<SymTensorType, RngType>(t))
      return holder->emitOpError("takes tensors and keys, not ") << t;
  if (block.empty() || !isa<YieldOp>(block.back()))
    return holder->emitOpError("must end with mod.yield");
  for (Operation &op : block)
    // An assumption names a size anew; a guard of the function has checked it.
    if (!isa<PrimitiveOpInterface, AssumeOp, YieldOp, arith::ConstantOp>(op))
      return op.emitOpError("does not belong into a ") << holder->getName().stripDialect();
  return success();
}

LogicalResult KernelOp::verifyRegions() {
  return success(succeeded(verifyBody(*this, getBody())) && succeeded(verifySizes(*this, getBody(), getDims())));
}

LogicalResult PrepareOp::verifyRegions() {
  if (failed(verifyBody(*this, getBody())))
    return failure();
  if (getBody().front().back().getNumOperands() != 1)
    return emitOpError("yields one block");
  return success();
}

LogicalResult ProgramOp::verifyRegions() {
  Block &block = getBody().front();
  if (block.empty() || !isa<ReturnOp>(block.back()))
    return emitOpError("must end with mod.return");
  WalkResult walk = getBody().walk([](Operation *op) {
    if (isa<CallOp, RunOp, ForOp, WhileOp, IfOp, YieldOp, ReturnOp>(op))
      return WalkResult::advance();
    op->emitOpError("does not belong into a program");
    return WalkResult::interrupt();
  });
  return walk.wasInterrupted() ? failure() : verifySizes(*this, getBody(), getDims());
}

LogicalResult AssumeOp::verify() {
  auto x = cast<SymTensorType>(getX().getType()), y = cast<SymTensorType>(getY().getType());
  if (x.getElementType() != y.getElementType() || x.getDims().size() != y.getDims().size() ||
      x.getLayout() != y.getLayout())
    return emitOpError("may change sizes alone, not dtype, rank or layout");
  return success();
}
