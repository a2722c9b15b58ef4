// Verification of references by name: classes of children, paths of state and calls, kernels, pieces, exports.
#include "dialect/mod/Mod.h"

using namespace mlir;
using namespace modc::mod;

/// The top level that holds classes, kernels and prepares.
static Operation *topLevel(Operation *op) { return op->getParentOfType<ModuleOp>(); }

/// Finds a class, kernel or prepare. What is found may not have been verified yet, as isolated operations are verified
/// one by one: nothing but the one block of its body is certain.
template <typename OpTy> static OpTy lookUp(SymbolTableCollection &symbols, Operation *from, StringRef name) {
  Operation *top = topLevel(from);
  auto op = top ? symbols.lookupSymbolIn<OpTy>(top, StringAttr::get(from->getContext(), name)) : OpTy();
  return op && op->getRegion(0).hasOneBlock() ? op : OpTy();
}

/// The class of the instance at a dotted path below `cls`; reports at `user` what the path misses.
static FailureOr<ClassOp> resolve(SymbolTableCollection &symbols, Operation *user, ClassOp cls, StringRef path) {
  for (StringRef rest = path; !rest.empty();) {
    auto [head, tail] = rest.split('.');
    auto child = symbols.lookupSymbolIn<ChildOp>(cls, StringAttr::get(cls.getContext(), head));
    if (!child || !child.getCls())
      return user->emitOpError("path `") << path << "`: class @" << cls.getSymName() << " has no child `" << head
                                         << "`";
    cls = lookUp<ClassOp>(symbols, user, *child.getCls());
    if (!cls)
      return user->emitOpError("path `") << path << "`: there is no class @" << *child.getCls();
    rest = tail;
  }
  return cls;
}

static LogicalResult verifyLeaf(SymbolTableCollection &symbols, Operation *user, StringRef path, Type type) {
  auto cls = user->getParentOfType<ClassOp>();
  if (!cls)
    return success(); // a function on its own, as tests have
  auto [parents, name] = path.contains('.') ? path.rsplit('.') : std::pair(StringRef(), path);
  auto holder = resolve(symbols, user, cls, parents);
  if (failed(holder))
    return failure();
  Operation *leaf = symbols.lookupSymbolIn(*holder, StringAttr::get(cls.getContext(), name));
  if (!isa_and_nonnull<ParamOp, BufferOp>(leaf) || leaf->hasAttr("none"))
    return user->emitOpError("class @") << holder->getSymName() << " has no parameter or buffer `" << name << "`";
  auto declared = leaf->getAttrOfType<TypeAttr>("type");
  if (declared && declared.getValue() != type)
    return user->emitOpError("`") << path << "` is " << declared.getValue() << ", not " << type;
  return success();
}

LogicalResult GetOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyLeaf(symbols, *this, getPath(), getValue().getType());
}

LogicalResult SetOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyLeaf(symbols, *this, getPath(), getValue().getType());
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // Methods are looked up by whoever runs or opens the call: after thread-state their functions carry a role.
  auto cls = (*this)->getParentOfType<ClassOp>();
  return cls ? success(succeeded(resolve(symbols, *this, cls, getChild()))) : success();
}

LogicalResult ChildOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (getCls() && !lookUp<ClassOp>(symbols, *this, *getCls()))
    return emitOpError("there is no class @") << *getCls();
  return success();
}

LogicalResult ExportOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (getSymName().empty())
    return emitOpError("has an empty name");
  auto cls = lookUp<ClassOp>(symbols, *this, getCls());
  if (!cls)
    return emitOpError("there is no class @") << getCls();
  // A part of the tree is exported by its path.
  if (auto path = (*this)->getAttrOfType<StringAttr>("mod.path")) {
    auto part = resolve(symbols, *this, cls, path);
    if (failed(part))
      return failure();
    cls = *part;
  }
  for (auto func : cls.getBody().getOps<FuncOp>()) {
    auto method = func->getAttrOfType<StringAttr>("mod.method");
    auto name = func->getAttrOfType<StringAttr>(mlir::SymbolTable::getSymbolAttrName());
    if ((name && name.getValue() == getMethod()) || (method && method.getValue() == getMethod()))
      return success();
  }
  return emitOpError("class @") << cls.getSymName() << " has no method `" << getMethod() << "`";
}

LogicalResult RunOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!(*this)->getParentOfType<ProgramOp>())
    return emitOpError("belongs into a program");
  auto cls = (*this)->getParentOfType<ClassOp>();
  auto piece = cls ? symbols.lookupSymbolIn<FuncOp>(cls, getPieceAttr().getAttr()) : FuncOp();
  return piece ? success() : emitOpError("there is no piece @") << getPiece();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = lookUp<KernelOp>(symbols, *this, getKernel());
  if (!kernel)
    return emitOpError("there is no kernel @") << getKernel();
  auto dims = kernel->getAttrOfType<ArrayAttr>("dims");
  if (!dims || !llvm::all_of(dims, llvm::IsaPred<StringAttr>))
    return success(); // the kernel's own verifier reports it
  if (dims.size() != getSizes().size())
    return emitOpError("gives ") << getSizes().size() << " sizes to kernel @" << getKernel() << ", which takes "
                                 << dims.size();
  llvm::StringMap<DimAttr> sizes;
  for (auto [name, size] : llvm::zip(dims.getAsValueRange<StringAttr>(), getSizes()))
    sizes[name] = cast<DimAttr>(size);
  // The kernel's types, in the sizes of this function, must be the launch's.
  auto check = [&](TypeRange inside, TypeRange here, StringRef what) -> LogicalResult {
    if (inside.size() != here.size())
      return emitOpError() << here.size() << " " << what << "s, but kernel @" << getKernel() << " has "
                           << inside.size();
    for (auto [i, want, have] : llvm::enumerate(inside, here)) {
      auto tensor = dyn_cast<SymTensorType>(want), mine = dyn_cast<SymTensorType>(have);
      SmallVector<DimAttr> dims;
      if (tensor)
        for (DimAttr d : tensor.getDims())
          dims.push_back(d.substitute([&](StringAttr s) { return sizes.lookup(s.getValue()); }));
      if (tensor ? !mine || mine.getElementType() != tensor.getElementType() ||
                       mine.getLayout() != tensor.getLayout() || mine.getDims() != ArrayRef(dims)
                 : want != have)
        return emitOpError() << what << " " << i << " is " << have << ", but kernel @" << getKernel() << " has "
                             << want;
    }
    return success();
  };
  Block &body = kernel.getBody().front();
  if (failed(check(body.getArgumentTypes(), getArgs().getTypes(), "argument")))
    return failure();
  return body.empty() ? success() : check(body.back().getOperandTypes(), getResultTypes(), "result");
}
