// Verifiers, parsers and printers of classes, functions and returns.
#include "dialect/mod/Mod.h"
#include "mlir/Interfaces/FunctionImplementation.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace modc::mod;

LogicalResult ClassOp::verify() {
  static constexpr StringLiteral kinds[] = {"module", "sequential", "list", "dict"};
  if (!llvm::is_contained(kinds, getKind()))
    return emitOpError("kind is one of module, sequential, list, dict");
  bool buffersBegan = false;
  for (Operation &op : *getBody().begin()) {
    if (!isa<ParamOp, BufferOp, ChildOp, FuncOp, ProgramOp>(op))
      return op.emitOpError("does not belong into a class");
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
  function_interface_impl::printFunctionOp(p, *this, /*isVariadic=*/false, getFunctionTypeAttrName(), getArgAttrsAttrName(),
                                           getResAttrsAttrName());
}

/// Every size symbol used inside must be bound by the function, or by an operation that makes sizes.
static LogicalResult verifySizes(Operation *holder, Region &body, std::optional<ArrayAttr> dims) {
  llvm::StringSet<> bound;
  auto bind = [&](std::optional<ArrayAttr> names) {
    if (names)
      for (auto n : names->getAsRange<StringAttr>())
        bound.insert(n.getValue());
  };
  bind(dims);
  auto check = [&](Type t) {
    std::string unknown;
    if (auto tensor = dyn_cast<SymTensorType>(t))
      for (DimAttr d : tensor.getDims())
        d.walkSymbols([&](StringAttr s) {
          if (!bound.contains(s.getValue()))
            unknown = s.str();
        });
    return unknown;
  };
  for (Type t : body.getArgumentTypes())
    if (std::string unknown = check(t); !unknown.empty())
      return holder->emitOpError("argument uses size `") << unknown << "`, which nothing binds";
  WalkResult walk = body.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto call = dyn_cast<CallOp>(op))
      bind(call.getFresh());
    if (auto run = dyn_cast<RunOp>(op))
      bind(run.getFresh());
    for (Type t : op->getResultTypes())
      if (std::string unknown = check(t); !unknown.empty()) {
        op->emitOpError("uses size `") << unknown << "`, which nothing binds";
        return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  return failure(walk.wasInterrupted());
}

LogicalResult FuncOp::verifyRegions() { return verifySizes(*this, getBody(), getDims()); }

LogicalResult ReturnOp::verify() {
  auto func = dyn_cast<FuncOp>((*this)->getParentOp());
  if (func && !llvm::equal(func.getResultTypes(), getOperandTypes()))
    return emitOpError("returns other types than the function declares");
  return success();
}

LogicalResult KernelOp::verifyRegions() { return verifySizes(*this, getBody(), getDims()); }
LogicalResult ProgramOp::verifyRegions() { return verifySizes(*this, getBody(), getDims()); }
