// Numbers classes, tensors, paths and kernels of a graph module.
#include "compiler/artifact/Inventory.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace modc;
using namespace modc::artifact;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

llvm::Expected<Inventory> Inventory::collect(ModuleOp module) {
  Inventory inv;
  inv.module = module;
  inv.path("");
  if (Error e = inv.orderClasses())
    return std::move(e);
  for (unsigned i = 0; i < inv.classes.size(); ++i)
    if (Error e = inv.collectMembers(i))
      return std::move(e);
  for (unsigned i = 0; i < inv.classes.size(); ++i)
    if (Error e = inv.collectFunctions(i))
      return std::move(e);
  for (unsigned i = inv.classes.size(); i-- > 0;) // children first: modes are sensitive upwards
    if (Error e = inv.collectEntries(i))
      return std::move(e);
  if (Error e = inv.collectAliases())
    return std::move(e);
  if (Error e = inv.collectKernels())
    return std::move(e);
  return inv;
}

/// Reverse postorder from the exports, then from the rest: parents come before their children.
Error Inventory::orderClasses() {
  std::vector<mod::ClassOp> done;
  llvm::DenseMap<Operation *, int> state; // 1 open, 2 done
  Error error = Error::success();
  std::function<bool(mod::ClassOp)> visit = [&](mod::ClassOp c) {
    int &s = state[c];
    if (s)
      return s == 2;
    s = 1;
    auto children = llvm::to_vector(c.getBody().getOps<mod::ChildOp>());
    for (mod::ChildOp child : llvm::reverse(children))
      if (auto name = child.getCls()) {
        auto next = module.lookupSymbol<mod::ClassOp>(*name);
        if (!next || !visit(next))
          return false;
      }
    state[c] = 2;
    done.push_back(c);
    return true;
  };
  std::vector<mod::ClassOp> roots;
  for (auto e : module.getOps<mod::ExportOp>())
    if (auto c = module.lookupSymbol<mod::ClassOp>(e.getCls()))
      roots.push_back(c);
    else
      return createStringError("export " + e.getSymName() + " names no class");
  llvm::append_range(roots, module.getOps<mod::ClassOp>());
  for (mod::ClassOp root : llvm::reverse(roots))
    if (!visit(root))
      return createStringError("class " + root.getSymName() + " has a child without a class, or contains itself");
  consumeError(std::move(error));
  for (mod::ClassOp c : llvm::reverse(done)) {
    classNumber[c] = classes.size();
    classes.emplace_back().op = c;
  }
  return Error::success();
}

Error Inventory::collectMembers(unsigned cls) {
  Class &c = classes[cls];
  for (Operation &op : c.op.getBody().front()) {
    if (isa<mod::ParamOp, mod::BufferOp>(op)) {
      c.tensorIndex[cast<SymbolOpInterface>(op).getName()] = c.tensors.size();
      c.tensors.push_back(&op);
    } else if (auto child = dyn_cast<mod::ChildOp>(op)) {
      c.children.push_back(child);
    }
  }
  return Error::success();
}

int32_t Inventory::path(llvm::StringRef text) {
  auto [it, fresh] = pathNumber.try_emplace(text, int32_t(paths.size()));
  if (fresh)
    paths.push_back(text.str());
  return it->second;
}

std::optional<unsigned> Inventory::classAt(unsigned cls, llvm::StringRef path) const {
  while (!path.empty()) {
    auto [key, rest] = path.split('.');
    auto child = llvm::find_if(classes[cls].children, [&](mod::ChildOp c) { return c.getSymName() == key; });
    if (child == classes[cls].children.end() || !(*child).getCls())
      return std::nullopt;
    cls = classNumber.lookup(module.lookupSymbol(*(*child).getCls()));
    path = rest;
  }
  return cls;
}

Expected<modc_ref> Inventory::ref(unsigned cls, llvm::StringRef full) {
  auto [modules, name] = full.contains('.') ? full.rsplit('.') : std::pair(llvm::StringRef(), full);
  auto holder = classAt(cls, modules);
  auto tensor = holder ? classes[*holder].tensorIndex.find(name) : llvm::StringMap<int32_t>::const_iterator();
  if (!holder || tensor == classes[*holder].tensorIndex.end())
    return createStringError("class " + classes[cls].op.getSymName() + " has no parameter or buffer '" + full + "'");
  return modc_ref{path(modules), tensor->second};
}

Expected<uint16_t> Inventory::methodNumber(unsigned cls, llvm::StringRef method) const {
  const Class &c = classes[cls];
  method.consume_back(".train");
  if (method == "forward")
    return uint16_t(0);
  for (auto [i, e] : llvm::enumerate(c.entries))
    if (e.method == method)
      return uint16_t(i + 1 - c.plainEntries());
  return createStringError("class " + c.op.getSymName() + " has no compiled method '" + method + "'");
}

/// Ties of modules: every class on the way down to where the two paths part counts on them.
Error Inventory::collectAliases() {
  for (auto e : module.getOps<mod::ExportOp>()) {
    if (!e.getTies())
      continue;
    unsigned root = classNumber[module.lookupSymbol(e.getCls())];
    for (auto tie : e.getTies()->getAsRange<mod::TieAttr>()) {
      llvm::StringRef path = tie.getPath(), first = tie.getFirst();
      if (!classAt(root, path) || !classAt(root, first))
        continue; // a tensor
      unsigned cls = root;
      while (true) {
        std::pair<std::string, std::string> alias(path, first);
        if (!llvm::is_contained(classes[cls].aliases, alias))
          classes[cls].aliases.push_back(alias);
        auto [a, restA] = path.split('.');
        auto [b, restB] = first.split('.');
        if (a != b || restA.empty() || restB.empty())
          break;
        cls = *classAt(cls, a);
        path = restA, first = restB;
      }
    }
  }
  return Error::success();
}

Error Inventory::collectKernels() {
  llvm::DenseSet<Operation *> used;
  for (Function &f : functions) {
    Error error = Error::success();
    f.op.walk([&](mod::LaunchOp launch) {
      auto kernel = module.lookupSymbol<mod::KernelOp>(launch.getKernel());
      if (kernel)
        used.insert(kernel);
      else if (!error)
        error = createStringError("function " + f.name + " launches @" + launch.getKernel() + ", which is no kernel");
    });
    if (error)
      return error;
  }
  for (auto k : module.getOps<mod::KernelOp>())
    if (used.contains(k)) {
      kernelNumber[k] = kernels.size();
      kernels.push_back(k);
    }
  return Error::success();
}

modc_dtype modc::artifact::dtypeCode(Type element) {
  return llvm::StringSwitch<modc_dtype>(mod::dtypeName(element))
      .Case("f64", MODC_F64)
      .Case("f32", MODC_F32)
      .Case("bf16", MODC_BF16)
      .Case("f16", MODC_F16)
      .Case("i64", MODC_I64)
      .Case("i32", MODC_I32)
      .Case("i8", MODC_I8)
      .Case("u8", MODC_U8)
      .Case("bool", MODC_BOOL);
}

int64_t modc::artifact::elementBytes(Type element) { return std::max<int64_t>(1, element.getIntOrFloatBitWidth() / 8); }
