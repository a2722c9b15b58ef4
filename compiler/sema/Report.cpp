// `--emit check`: the elaborated tree of modules as text, read off the IR.
#include "compiler/sema/Sema.h"
#include "dialect/mod/Mod.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"

using namespace modc;

static void printPorts(mod::FuncOp func, bool results, llvm::raw_ostream &os) {
  mlir::ArrayAttr attrs = (results ? func.getResAttrs() : func.getArgAttrs()).value_or(nullptr);
  auto types = results ? func.getResultTypes() : func.getArgumentTypes();
  os << "(";
  for (auto [i, type] : llvm::enumerate(types)) {
    os << (i ? ", " : "");
    if (attrs)
      if (auto name = llvm::cast<mlir::DictionaryAttr>(attrs[i]).getAs<mlir::StringAttr>("mod.name"))
        os << name.getValue() << ": ";
    mlir::Attribute scalar = attrs && !results ? llvm::cast<mlir::DictionaryAttr>(attrs[i]).get("mod.scalar") : nullptr;
    if (scalar)
      os << (llvm::isa<mlir::StringAttr>(scalar) ? "int" : "float");
    else
      os << llvm::cast<mod::SymTensorType>(type).text();
  }
  os << ")";
}

void modc::printElaborated(mlir::ModuleOp module, llvm::raw_ostream &os) {
  llvm::StringMap<mod::ClassOp> classes;
  for (auto op : module.getOps<mod::ClassOp>())
    classes[op.getSymName()] = op;
  auto tree = [&](auto &&self, mod::ClassOp cls, const std::string &name, unsigned indent) -> void {
    os.indent(indent) << name << ": " << cls.getSource() << "(" << cls.getExtraRepr() << ")\n";
    auto state = [&](llvm::StringRef what, llvm::StringRef member, mlir::Type type, bool none, mod::InitAttr init,
                     llvm::StringRef more) {
      os.indent(indent + 2) << what << " " << member << ": ";
      if (none)
        os << "None\n";
      else {
        os << llvm::cast<mod::SymTensorType>(type).text();
        if (init)
          os << " = " << init.getKind();
        os << more << "\n";
      }
    };
    for (mlir::Operation &op : cls.getBody().front()) {
      if (auto p = llvm::dyn_cast<mod::ParamOp>(op))
        state("param", p.getSymName(), p.getType(), p.getNone(), p.getInitAttr(),
              p.getRequiresGrad() ? "" : ", requires_grad=False");
      else if (auto b = llvm::dyn_cast<mod::BufferOp>(op))
        state("buffer", b.getSymName(), b.getType(), b.getNone(), b.getInitAttr(),
              b.getPersistent() ? "" : ", persistent=False");
      else if (auto f = llvm::dyn_cast<mod::FuncOp>(op);
               f && !f.getSymName().starts_with("init.") && !f.getSymName().ends_with(".train")) {
        os.indent(indent + 2) << "def " << f.getSymName();
        printPorts(f, false, os);
        os << " -> ";
        printPorts(f, true, os);
        os << "\n";
      }
    }
    for (auto child : cls.getBody().getOps<mod::ChildOp>())
      if (child.getCls())
        self(self, classes.lookup(*child.getCls()), child.getSymName().str(), indent + 2);
  };
  llvm::SmallDenseMap<uint64_t, llvm::StringRef> shown;
  for (auto op : module.getOps<mod::ExportOp>()) {
    mod::ClassOp cls = classes.lookup(op.getCls());
    os << "export " << op.getSymName();
    auto path = op->getAttrOfType<mlir::StringAttr>("mod.path");
    mod::ClassOp part = cls;
    for (llvm::StringRef rest = path ? path.getValue() : ""; !rest.empty();) {
      auto [name, below] = rest.split('.');
      part = classes.lookup(*llvm::cast<mod::ChildOp>(mlir::SymbolTable::lookupSymbolIn(part, name)).getCls());
      rest = below;
    }
    auto method = llvm::cast<mod::FuncOp>(mlir::SymbolTable::lookupSymbolIn(part, op.getMethodAttr()));
    printPorts(method, false, os);
    os << " -> ";
    printPorts(method, true, os);
    os << "\n";
    // `H.16`: the signature's H is a multiple of 16.
    if (auto dims = method.getDims())
      for (llvm::StringRef size : dims->getAsValueRange<mlir::StringAttr>())
        if (auto [name, by] = size.rsplit('.'); !by.empty())
          os << "  where " << name << " % " << by << " == 0\n";
    if (auto ranges = method.getRanges())
      for (auto r : ranges->getAsRange<mod::RangeAttr>()) {
        os << "  where " << r.getMin() << " <= " << r.getName();
        if (r.getMax() != INT64_MAX)
          os << " <= " << r.getMax();
        os << "\n";
      }
    if (auto guards = method.getGuards())
      for (auto g : guards->getAsRange<mod::GuardAttr>())
        os << "  guard " << g.getText() << "\n";
    auto [first, fresh] = shown.try_emplace(op.getInstance(), op.getSymName());
    if (!fresh)
      os << "  " << (path ? path.getValue() + "." : "") << op.getMethod() << " of the tree of " << first->second
         << "\n";
    else
      tree(tree, cls, "self", 2);
  }
}
