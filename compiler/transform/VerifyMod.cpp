// The border into the graph passes: every path resolves, and the types on both sides of it agree.
#include "compiler/transform/Passes.h"
#include "compiler/transform/Sizes.h"
#include "compiler/transform/Tree.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_VERIFYMODPASS
#include "compiler/transform/Passes.h.inc"

namespace {
struct VerifyMod : impl::VerifyModPassBase<VerifyMod> {
  void runOnOperation() override {
    for (ClassOp cls : getOperation().getOps<ClassOp>()) {
      for (ChildOp child : cls.getBody().getOps<ChildOp>())
        if (child.getClsAttr() && !classAt(cls, child.getSymName())) {
          child.emitOpError("names class ") << child.getClsAttr() << ", which does not exist";
          return signalPassFailure();
        }
      for (FuncOp f : cls.getBody().getOps<FuncOp>())
        if (f.walk([&](Operation *op) { return WalkResult(check(cls, op)); }).wasInterrupted())
          return signalPassFailure();
    }
    for (ExportOp e : getOperation().getOps<ExportOp>()) {
      auto cls = SymbolTable::lookupNearestSymbolFrom<ClassOp>(getOperation(), e.getClsAttr());
      if (auto path = e->getAttrOfType<StringAttr>("mod.path"); path && cls)
        cls = classAt(cls, path);
      if (!cls || !methodOf(cls, e.getMethod(), false)) {
        e.emitOpError("names a class or method that does not exist");
        return signalPassFailure();
      }
    }
  }

  LogicalResult check(ClassOp cls, Operation *op) {
    if (auto get = dyn_cast<GetOp>(op))
      return checkState(cls, op, get.getPath(), get.getValue().getType());
    if (auto set = dyn_cast<SetOp>(op))
      return checkState(cls, op, set.getPath(), set.getValue().getType());
    if (auto call = dyn_cast<CallOp>(op))
      return checkCall(cls, call);
    return success();
  }

  LogicalResult checkState(ClassOp cls, Operation *op, StringRef path, Type type) {
    Operation *tensor = tensorAt(cls, path);
    if (!tensor)
      return op->emitOpError("names ") << path << ", which does not exist in class @" << cls.getSymName();
    Type declared = tensor->getAttrOfType<TypeAttr>("type").getValue();
    if (declared != type)
      return op->emitOpError("has type ") << type << ", but " << path << " is " << declared;
    return success();
  }

  LogicalResult checkCall(ClassOp cls, CallOp call) {
    ClassOp callee = classAt(cls, call.getChild());
    FuncOp method = callee ? methodOf(callee, call.getMethod(), false) : nullptr;
    if (!method)
      return call.emitOpError("names ") << call.getChild() << " -> " << call.getMethodAttr()
                                        << ", which does not exist";
    if (method.getArgumentTypes().size() != call.getArgs().size() ||
        method.getResultTypes().size() != call.getResults().size())
      return call.emitOpError("has other numbers of arguments or results than the method");
    SizeMap bound;
    bindScalars(method.getBody().front(), call.getArgs(), bound);
    bindSizes(method.getArgumentTypes(), call.getArgs().getTypes(), bound);
    for (auto [formal, actual] : llvm::zip(method.getArgumentTypes(), call.getArgs().getTypes()))
      if (replaceSizes(formal, bound) != actual)
        return call.emitOpError("passes ") << actual << " where the method takes " << formal;
    for (auto [formal, actual] : llvm::zip(method.getResultTypes(), call.getResults().getTypes()))
      if (replaceSizes(formal, bound) != actual)
        return call.emitOpError("has a result of type ") << actual << " where the method gives " << formal;
    return success();
  }
};
} // namespace
} // namespace modc
