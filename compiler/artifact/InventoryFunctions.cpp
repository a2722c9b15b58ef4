// Numbers functions, signatures, prepared blocks, programs and the entries of classes.
#include "compiler/artifact/Inventory.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace modc;
using namespace modc::artifact;
using llvm::createStringError;
using llvm::Error;

namespace {
constexpr llvm::StringLiteral kRoles[MODC_N_ROLES] = {"eval", "eval_save", "train", "bwd_eval", "bwd_train"};

int roleNumber(llvm::StringRef role) {
  auto *it = llvm::find(kRoles, role);
  return it == std::end(kRoles) ? MODC_NONE : int(it - kRoles);
}

llvm::StringRef text(Operation *op, llvm::StringRef attr) {
  auto s = op->getAttrOfType<StringAttr>(attr);
  return s ? s.getValue() : llvm::StringRef();
}

/// Arguments that are no ports are marked with where they come from.
bool isPort(mod::FuncOp f, unsigned i) {
  for (llvm::StringRef mark : {"mod.weight", "mod.prepared", "mod.state", "mod.key"})
    if (f.getArgAttr(i, mark))
      return false;
  return true;
}

std::vector<std::string> uniqueNames(std::vector<std::string> names, llvm::StringRef fallback) {
  llvm::StringSet<> seen;
  for (auto [i, n] : llvm::enumerate(names)) {
    if (n.empty())
      n = (fallback + (names.size() > 1 ? llvm::Twine(i) : llvm::Twine())).str();
    std::string base = n;
    for (unsigned k = 2; !seen.insert(n).second; ++k)
      n = base + "_" + std::to_string(k);
  }
  return names;
}
} // namespace

std::vector<std::string> modc::artifact::inputNames(const Function &f) {
  std::vector<std::string> names;
  for (unsigned i : f.inputs) {
    auto name = f.op.getArgAttrOfType<StringAttr>(i, "mod.name");
    names.push_back(name ? name.str() : "");
  }
  return uniqueNames(std::move(names), "input");
}

std::vector<std::string> modc::artifact::outputNames(const Function &f) {
  std::vector<std::string> names;
  for (unsigned i = 0; i < f.outputs; ++i) {
    auto name = f.op.getResultAttrOfType<StringAttr>(i, "mod.name");
    names.push_back(name ? name.str() : "");
  }
  return uniqueNames(std::move(names), "output");
}

std::string modc::artifact::signatureKey(const Function &f) {
  std::string key;
  llvm::raw_string_ostream os(key);
  auto op = f.op;
  for (auto [i, name] : llvm::zip(f.inputs, inputNames(f)))
    os << name << ":" << op.getArgumentTypes()[i] << op.getArgAttr(i, "mod.scalar") << ",";
  os << "->";
  for (auto [type, name] : llvm::zip(op.getResultTypes().take_front(f.outputs), outputNames(f)))
    os << name << ":" << type << ",";
  os << op.getDimsAttr() << op.getGuardsAttr() << op.getRangesAttr();
  return key;
}

/// Functions of classes that are compiled: with a role, or an initialiser that a tensor names.
Error Inventory::collectFunctions(unsigned cls) {
  llvm::StringSet<> initialisers;
  for (Operation *t : classes[cls].tensors)
    if (auto init = t->getAttrOfType<mod::InitAttr>("init"); init && init.getFn())
      initialisers.insert(init.getFn().getValue());
  for (auto f : classes[cls].op.getBody().getOps<mod::FuncOp>())
    if (initialisers.contains(f.getSymName()) || (f->hasAttr("mod.role") && text(f, "mod.role") != "init"))
      if (Error e = addFunction(cls, f))
        return e;
  for (auto p : classes[cls].op.getBody().getOps<mod::ProgramOp>()) {
    auto [method, role] = p.getSymName().rsplit('.').first.rsplit('.');
    if (p->hasAttr("mod.method"))
      method = text(p, "mod.method"), role = text(p, "mod.role");
    if (roleNumber(role) != MODC_FWD_EVAL && roleNumber(role) != MODC_FWD_TRAIN)
      return createStringError("program @" + p.getSymName() + " has no role that can run composed");
    programs.push_back({p, cls, role == "train", method.str()});
  }
  return Error::success();
}

Error Inventory::addFunction(unsigned cls, mod::FuncOp op) {
  if (Error e = checkArena(op)) // numbering counts on it
    return e;
  llvm::StringRef owner = classes[cls].op.getSource();
  Function f{op,
             cls,
             (owner + "." + op.getSymName()).str(),
             text(op, "mod.method").str(),
             MODC_NONE,
             -1,
             0,
             Sizes(op),
             {},
             0,
             {},
             {},
             {},
             0};
  if (text(op, "mod.role") == "init")
    f.method.clear();
  if (!f.method.empty() && (f.role = roleNumber(text(op, "mod.role"))) == MODC_NONE)
    return createStringError("function " + f.name + " has the unknown role '" + text(op, "mod.role") + "'");
  if (auto piece = op->getAttrOfType<IntegerAttr>("mod.piece"))
    f.piece = piece.getInt();

  auto refTo = [&](std::vector<modc_ref> &list, llvm::StringRef path) -> Error {
    auto r = ref(cls, path);
    if (!r)
      return r.takeError();
    list.push_back(*r);
    return Error::success();
  };
  for (unsigned i = 0; i < op.getNumArguments(); ++i) {
    if (isPort(op, i)) {
      if (!isa<mod::SymTensorType>(op.getArgumentTypes()[i]))
        return createStringError("argument " + llvm::Twine(i) + " of " + f.name + " is a key without mod.key");
      f.inputs.push_back(i);
    } else if (auto weight = op.getArgAttrOfType<StringAttr>(i, "mod.weight")) {
      if (Error e = refTo(f.weights, weight))
        return e;
    } else if (auto state = op.getArgAttrOfType<StringAttr>(i, "mod.state")) {
      if (Error e = refTo(f.writes, state))
        return e;
    } else if (auto name = op.getArgAttrOfType<FlatSymbolRefAttr>(i, "mod.prepared")) {
      auto prepare = module.lookupSymbol<mod::PrepareOp>(name);
      auto sources = op.getArgAttrOfType<ArrayAttr>(i, "mod.sources");
      if (!prepare || !sources)
        return createStringError("argument " + llvm::Twine(i) + " of " + f.name +
                                 " has no mod.prepare, or no mod.sources");
      Prepared p{prepare, llvm::join(sources.getAsValueRange<StringAttr>(), ", ") + " " + name.getValue().str(), {}};
      std::string key = name.getValue().str();
      for (llvm::StringRef source : sources.getAsValueRange<StringAttr>()) {
        if (Error e = refTo(p.sources, source))
          return e;
        key += "\n" + source.str();
      }
      auto [it, fresh] = preparedNumber.try_emplace(key, int32_t(prepared.size()));
      if (fresh)
        prepared.push_back(std::move(p));
      f.prepared.push_back(it->second);
    } else {
      f.flags |= MODC_FN_RANDOM;
    }
  }
  unsigned results = op.getNumResults();
  f.outputs = 0;
  while (f.outputs < results && !op.getResultAttr(f.outputs, "mod.write"))
    ++f.outputs;
  for (unsigned i = f.outputs; i < results; ++i) {
    auto write = op.getResultAttrOfType<StringAttr>(i, "mod.write");
    if (!write)
      return createStringError("result " + llvm::Twine(i) + " of " + f.name + " is an output after a written buffer");
    auto r = ref(cls, write);
    if (!r)
      return r.takeError();
    if (llvm::none_of(f.writes, [&](modc_ref w) { return w.path == r->path && w.tensor == r->tensor; }))
      f.writes.push_back(*r);
  }
  if (!f.writes.empty())
    f.flags |= MODC_FN_WRITES_STATE | (op->hasAttr("mod.in_place") ? MODC_FN_STATE_IN_PLACE : 0);
  op.walk([&](mod::FrameKeyOp) { f.flags |= MODC_FN_RANDOM; });

  auto number = [&](Type t) {
    for (mod::DimAttr d : cast<mod::SymTensorType>(t).getDims())
      if (!Sizes::isPlain(d))
        f.sizes.number(d);
  };
  for (unsigned i : f.inputs)
    number(op.getArgumentTypes()[i]);
  for (Type t : op.getResultTypes().take_front(f.outputs))
    number(t);
  f.sizes.closeSignature();
  functions.push_back(std::move(f));
  functions.back().sig = signature(functions.size() - 1);
  return Error::success();
}

unsigned Inventory::signature(unsigned function) {
  auto [it, fresh] = signatureNumber.try_emplace(signatureKey(functions[function]), signatures.size());
  if (fresh)
    signatures.push_back({function});
  return it->second;
}

int32_t Inventory::function(unsigned cls, llvm::StringRef symbol) const {
  for (auto [i, f] : llvm::enumerate(functions))
    if (f.cls == cls && f.op.getSymName() == symbol)
      return i;
  return MODC_NONE;
}

/// A piece of an eval program serves train as well where its method does not read `training`.
int32_t Inventory::pieceFor(const Function &named, int role) const {
  bool train = named.role == MODC_FWD_TRAIN;
  bool wanted =
      train ? role == MODC_FWD_TRAIN || role == MODC_BWD_TRAIN : role != MODC_FWD_TRAIN && role != MODC_BWD_TRAIN;
  if (wanted)
    for (auto [i, f] : llvm::enumerate(functions))
      if (f.cls == named.cls && f.method == named.method && f.piece == named.piece && f.role == role)
        return i;
  bool both = named.op->hasAttr("mod.both_modes") || !classes[named.cls].modeSensitive;
  if (role == MODC_FWD_TRAIN && !train && both)
    return pieceFor(named, MODC_FWD_EVAL);
  return MODC_NONE;
}

Error Inventory::collectEntries(unsigned cls) {
  Class &c = classes[cls];
  c.modeSensitive = c.op->hasAttr("mod.mode_sensitive");
  for (auto f : c.op.getBody().getOps<mod::FuncOp>())
    c.modeSensitive |= f.getSymName().ends_with(".train") || text(f, "mod.role") == "train";
  for (mod::ChildOp child : c.children)
    if (child.getCls())
      c.modeSensitive |= classes[classNumber[module.lookupSymbol(*child.getCls())]].modeSensitive;

  auto entry = [&](llvm::StringRef method) -> Entry & {
    for (Entry &e : c.entries)
      if (e.method == method)
        return e;
    Entry fresh{method.str(), {}, {MODC_NONE, MODC_NONE}, MODC_NONE};
    fresh.fused.fill(MODC_NONE);
    bool forward = method == "forward";
    c.hasForward |= forward;
    return *c.entries.insert(forward ? c.entries.begin() : c.entries.end(), fresh);
  };
  for (auto [i, f] : llvm::enumerate(functions)) {
    if (f.cls != cls || f.method.empty() || f.piece >= 0)
      continue;
    Entry &e = entry(f.method);
    c.choosesForward |= f.method == "forward" && f.op->hasAttr("mod.choice");
    e.fused[f.role] = i;
    if (e.sig == MODC_NONE || f.role == MODC_FWD_EVAL)
      e.sig = f.sig;
  }
  for (auto [i, p] : llvm::enumerate(programs)) {
    if (p.cls != cls)
      continue;
    Entry &e = entry(p.method);
    if (e.sig == MODC_NONE)
      return createStringError("class " + c.op.getSymName() + " has a program of method '" + p.method +
                               "' and no fused function of it");
    e.program[p.train] = i;
  }
  for (Entry &e : c.entries) {
    int32_t fused = e.fused[MODC_FWD_EVAL], program = e.program[0];
    auto both = [&](mlir::Operation *op) { return !c.modeSensitive || op->hasAttr("mod.both_modes"); };
    if (e.fused[MODC_FWD_TRAIN] == MODC_NONE && fused != MODC_NONE && both(functions[fused].op))
      e.fused[MODC_FWD_TRAIN] = fused;
    if (e.program[1] == MODC_NONE && program != MODC_NONE && both(programs[program].op))
      e.program[1] = program;
  }
  return Error::success();
}
