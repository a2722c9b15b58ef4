// Finding classes, state and methods by path in the tree of modules.
#include "compiler/transform/Tree.h"

using namespace mlir;
using namespace modc;
using namespace modc::mod;

std::string modc::joinPath(StringRef path, StringRef below) {
  return (path.empty() || below.empty() ? path + below : path + "." + below).str();
}

template <typename OpTy> static OpTy member(ClassOp cls, StringRef name) {
  for (OpTy op : cls.getBody().getOps<OpTy>())
    if (op.getSymName() == name)
      return op;
  return nullptr;
}

ClassOp modc::classAt(ClassOp cls, StringRef path) {
  while (cls && !path.empty()) {
    auto [name, rest] = path.split('.');
    auto child = member<ChildOp>(cls, name);
    if (!child || !child.getClsAttr())
      return nullptr;
    cls = SymbolTable::lookupNearestSymbolFrom<ClassOp>(cls->getParentOp(), child.getClsAttr());
    path = rest;
  }
  return cls;
}

Operation *modc::tensorAt(ClassOp cls, StringRef path) {
  auto [modulePath, name] = path.rsplit('.');
  if (name.empty()) {
    name = path;
    modulePath = "";
  }
  ClassOp owner = classAt(cls, modulePath);
  if (!owner)
    return nullptr;
  if (auto param = member<ParamOp>(owner, name))
    return param;
  return member<BufferOp>(owner, name);
}

FuncOp modc::methodOf(ClassOp cls, StringRef method, bool training) {
  if (training)
    for (StringRef suffix : {".training", ".train"})
      if (FuncOp f = member<FuncOp>(cls, (method + suffix).str()); f && !f->hasAttr("mod.role"))
        return f;
  return member<FuncOp>(cls, method);
}

SmallVector<FuncOp> modc::roleFunctions(ModuleOp module) {
  SmallVector<FuncOp> functions;
  for (ClassOp cls : module.getOps<ClassOp>())
    for (FuncOp f : cls.getBody().getOps<FuncOp>())
      if (f->hasAttr("mod.role") && !f->hasAttr("mod.composed"))
        functions.push_back(f);
  return functions;
}

Location modc::openedLocation(Location op, StringRef path, Location call) {
  MLIRContext *ctx = op.getContext();
  return CallSiteLoc::get(FusedLoc::get({op}, StringAttr::get(ctx, path), ctx), call);
}

SmallVector<StringRef> modc::modulePaths(Location loc) {
  if (auto site = dyn_cast<CallSiteLoc>(loc))
    loc = site.getCallee();
  if (auto name = dyn_cast<NameLoc>(loc))
    return modulePaths(name.getChildLoc());
  auto fused = dyn_cast<FusedLoc>(loc);
  if (!fused)
    return {};
  if (auto path = dyn_cast_or_null<StringAttr>(fused.getMetadata()))
    return {path.getValue()};
  SmallVector<StringRef> all;
  for (Location l : fused.getLocations())
    llvm::append_range(all, modulePaths(l));
  return all;
}

StringRef modc::functionName(Location loc) {
  if (auto name = dyn_cast<NameLoc>(loc))
    return name.getName();
  if (auto site = dyn_cast<CallSiteLoc>(loc))
    return functionName(site.getCallee());
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location l : fused.getLocations())
      if (StringRef name = functionName(l); !name.empty())
        return name;
  return "";
}
