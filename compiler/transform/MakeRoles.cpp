// One function per class, method and role. What a role means for a body is decided here, by choosing the text that was
// elaborated for training or not; later passes see the role's name alone.
#include "compiler/transform/Passes.h"
#include "compiler/transform/Tree.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_MAKEROLESPASS
#include "compiler/transform/Passes.h.inc"

namespace {
struct MakeRoles : impl::MakeRolesPassBase<MakeRoles> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<std::string> wanted(roles.begin(), roles.end());
    if (wanted.empty())
      wanted.push_back("eval");
    for (const std::string &role : wanted)
      if (role != "eval") {
        getOperation().emitError("role '") << role << "' is not known; this version compiles 'eval'";
        return signalPassFailure();
      }
    dropUnreached();
    for (ClassOp cls : getOperation().getOps<ClassOp>())
      for (FuncOp f : llvm::make_early_inc_range(cls.getBody().getOps<FuncOp>()))
        for (const std::string &role : wanted)
          makeRole(cls, f, role);
  }

  /// Classes that no export's tree contains are not compiled. Without exports (tests) all are.
  void dropUnreached() {
    llvm::SetVector<Operation *> reached;
    for (ExportOp e : getOperation().getOps<ExportOp>())
      reached.insert(SymbolTable::lookupNearestSymbolFrom(getOperation(), e.getClsAttr()));
    if (reached.empty())
      return;
    for (size_t i = 0; i < reached.size(); ++i)
      for (ChildOp child : cast<ClassOp>(reached[i]).getBody().getOps<ChildOp>())
        if (child.getClsAttr())
          reached.insert(SymbolTable::lookupNearestSymbolFrom(getOperation(), child.getClsAttr()));
    for (ClassOp cls : llvm::make_early_inc_range(getOperation().getOps<ClassOp>()))
      if (!reached.contains(cls))
        cls.erase();
  }

  void makeRole(ClassOp cls, FuncOp f, StringRef role) {
    OpBuilder b(f->getContext());
    StringRef name = f.getSymName();
    if (f->hasAttr("mod.role"))
      return;
    if (name.starts_with("init.")) {
      f->setAttr("mod.method", b.getStringAttr(name));
      f->setAttr("mod.role", b.getStringAttr("init"));
      return;
    }
    bool training = role != "eval";
    // "m.train" is the text of method m for training, no method of its own. The tables of the artifact want to know of
    // it.
    if (name.ends_with(".train") && methodOf(cls, name.drop_back(6), false)) {
      cls->setAttr("mod.mode_sensitive", b.getUnitAttr());
      return;
    }
    FuncOp text = methodOf(cls, name, training);
    b.setInsertionPointAfter(f);
    auto make = [&](const Twine &suffix) {
      auto copy = cast<FuncOp>(b.clone(*text));
      copy.setSymNameAttr(b.getStringAttr(name + "." + role + suffix));
      copy->setAttr("mod.method", b.getStringAttr(name));
      copy->setAttr("mod.role", b.getStringAttr(role));
      return copy;
    };
    make("");
    if (text.walk([](CallOp) { return WalkResult::interrupt(); }).wasInterrupted())
      make(".composed")->setAttr("mod.composed", b.getUnitAttr());
  }
};
} // namespace
} // namespace modc
