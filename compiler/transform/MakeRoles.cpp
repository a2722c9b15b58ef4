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
      if (role != "eval" && role != "train") {
        getOperation().emitError("role '") << role << "' is not known; this version compiles 'eval' and 'train'";
        return signalPassFailure();
      }
    if (!llvm::is_contained(wanted, "eval")) {
      getOperation().emitError("role 'eval' is always compiled; it is missing in the list");
      return signalPassFailure();
    }
    train = llvm::is_contained(wanted, "train");
    dropUnreached();
    for (ClassOp cls : getOperation().getOps<ClassOp>())
      nameTexts(cls);
    for (ClassOp cls : getOperation().getOps<ClassOp>())
      for (FuncOp f : llvm::make_early_inc_range(cls.getBody().getOps<FuncOp>()))
        makeRoles(cls, f);
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

  /// "m.train", the text of m for training, makes room for the function of that role.
  void nameTexts(ClassOp cls) {
    for (FuncOp f : cls.getBody().getOps<FuncOp>())
      if (StringRef name = f.getSymName();
          !f->hasAttr("mod.role") && name.consume_back(".train") && methodOf(cls, name, false)) {
        f.setSymName((name + ".training").str());
        // The tables of the artifact want to know of it.
        cls->setAttr("mod.mode_sensitive", UnitAttr::get(&getContext()));
      }
  }

  /// Whether a method is another one in training: by its own text, or by what it calls.
  bool isSensitive(ClassOp cls, FuncOp eval) {
    auto [at, fresh] = sensitive.try_emplace(eval, false);
    if (!fresh)
      return at->second;
    bool is = methodOf(cls, eval.getSymName(), true) != eval;
    eval.walk([&](CallOp call) {
      if (ClassOp callee = classAt(cls, call.getChild()))
        if (FuncOp method = methodOf(callee, call.getMethod(), false))
          is = isSensitive(callee, method) || is;
    });
    return sensitive[eval] = is;
  }

  void makeRoles(ClassOp cls, FuncOp f) {
    OpBuilder b(f->getContext());
    StringRef name = f.getSymName();
    if (f->hasAttr("mod.role") || name.ends_with(".training"))
      return;
    if (name.starts_with("init.")) {
      f->setAttr("mod.method", b.getStringAttr(name));
      f->setAttr("mod.role", b.getStringAttr("init"));
      return;
    }
    b.setInsertionPointAfter(f);
    auto make = [&](FuncOp text, StringRef role, StringRef suffix, bool bothModes) {
      auto copy = cast<FuncOp>(b.clone(*text));
      copy.setSymNameAttr(b.getStringAttr(name + "." + role + suffix));
      copy->setAttr("mod.method", b.getStringAttr(name));
      copy->setAttr("mod.role", b.getStringAttr(role));
      if (bothModes)
        copy->setAttr("mod.both_modes", b.getUnitAttr());
      if (!suffix.empty())
        copy->setAttr("mod.composed", b.getUnitAttr());
    };
    FuncOp training = methodOf(cls, name, true);
    auto calls = [](FuncOp text) { return text.walk([](CallOp) { return WalkResult::interrupt(); }).wasInterrupted(); };
    // One function serves both modes where they do not differ. What a program calls picks its own mode, so that
    // programs differ by the method's own text alone.
    bool differs = isSensitive(cls, f);
    make(f, "eval", "", !differs);
    if (calls(f))
      make(f, "eval", ".composed", training == f && (train || !differs));
    if (!train || !differs)
      return;
    make(training, "train", "", false);
    if (training != f && calls(training))
      make(training, "train", ".composed", false);
  }

  bool train = false;
  llvm::DenseMap<Operation *, bool> sensitive;
};
} // namespace
} // namespace modc
