// Records of classes: arguments, tensors with initialisers, children, methods, content hash.
#include "compiler/artifact/TableBuilder.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace modc;
using namespace modc::artifact;

uint64_t modc::artifact::classHash(const Inventory &inv, unsigned cls, ArrayRef<uint64_t> known) {
  mlir::OwningOpRef<mod::ClassOp> copy(inv.classes[cls].op.clone());
  auto hex = [&](uint64_t h) { return mlir::FlatSymbolRefAttr::get(copy->getContext(), utohexstr(h)); };
  copy->setSymName("class");
  copy->removeDocAttr();
  auto module = inv.module;
  // Symbols outside stand for their contents: names are the artifact's own.
  copy->walk([&](mlir::Operation *op) {
    if (auto child = dyn_cast<mod::ChildOp>(op)) {
      if (child.getCls())
        child.setClsAttr(hex(known[inv.classNumber.lookup(module.lookupSymbol(*child.getCls()))]));
    } else if (auto launch = dyn_cast<mod::LaunchOp>(op)) {
      if (auto kernel = module.lookupSymbol<mod::KernelOp>(launch.getKernel()))
        launch.setKernelAttr(mlir::FlatSymbolRefAttr::get(op->getContext(), kernel.getHash()));
    } else if (auto func = dyn_cast<mod::FuncOp>(op)) {
      for (unsigned i = 0; i < func.getNumArguments(); ++i)
        if (auto name = func.getArgAttrOfType<mlir::FlatSymbolRefAttr>(i, "mod.prepared"))
          if (auto prepare = module.lookupSymbol<mod::PrepareOp>(name))
            func.setArgAttr(i, "mod.prepared", mlir::FlatSymbolRefAttr::get(op->getContext(), prepare.getHash()));
    }
  });
  std::string text;
  raw_string_ostream os(text);
  copy->print(os, mlir::OpPrintingFlags().printGenericOpForm().useLocalScope());
  return xxh3_64bits(text);
}

Constant *TableBuilder::arguments(mlir::ArrayAttr list) {
  Records<modc_arg> out;
  if (list)
    for (auto arg : list.getAsRange<mod::ArgAttr>()) {
      auto &r = out.emplace_back();
      modc_value &v = r.value.value;
      auto point = [&](auto field, Constant *to) { r.point(&modc_arg::value, field, to); };
      r.point(&modc_arg::name, tables.text(arg.getName()));
      mlir::Attribute a = arg.getValue();
      if (auto b = dyn_cast<mlir::BoolAttr>(a)) {
        v.kind = MODC_V_BOOL, v.i = b.getValue();
      } else if (auto i = dyn_cast<mlir::IntegerAttr>(a)) {
        v.kind = MODC_V_INT, v.i = i.getInt();
      } else if (auto f = dyn_cast<mlir::FloatAttr>(a)) {
        v.kind = MODC_V_FLOAT, v.f = f.getValueAsDouble();
      } else if (auto s = dyn_cast<mlir::StringAttr>(a)) {
        v.kind = MODC_V_STR;
        point(&modc_value::s, tables.text(s));
      } else if (auto ints = dyn_cast<mlir::DenseI64ArrayAttr>(a)) {
        v.kind = MODC_V_INTS, v.n = ints.size();
        point(&modc_value::ints, tables.numbers<int64_t>(ints.asArrayRef()));
      } else if (auto symbol = dyn_cast<mlir::SymbolRefAttr>(a)) {
        v.kind = MODC_V_CLASS, v.i = MODC_NONE;
        auto cls = inv.module.lookupSymbol<mod::ClassOp>(symbol);
        if (cls)
          v.i = inv.classNumber[cls];
        point(&modc_value::s, tables.text(cls ? cls.getSource() : symbol.getLeafReference().getValue()));
      } else {
        v.kind = MODC_V_NONE;
      }
    }
  return array<modc_arg>(out, "args");
}

Constant *TableBuilder::tensors(unsigned cls) {
  const Class &c = inv.classes[cls];
  llvm::StringSet<> updated;
  c.op.walk([&](mod::FuncOp f) {
    for (unsigned i = 0; i < f.getNumResults(); ++i)
      if (auto path = f.getResultAttrOfType<mlir::StringAttr>(i, "mod.write"))
        updated.insert(path.getValue());
  });
  Records<modc_tensor> out;
  for (mlir::Operation *op : c.tensors) {
    auto &r = out.emplace_back();
    StringRef name = cast<mlir::SymbolOpInterface>(op).getName();
    auto type = cast<mod::SymTensorType>(op->getAttrOfType<mlir::TypeAttr>("type").getValue());
    auto param = dyn_cast<mod::ParamOp>(op);
    r.point(&modc_tensor::name, tables.text(name));
    r.value.dtype = dtypeCode(type.getElementType());
    r.value.rank = type.getDims().size();
    unsigned flags = param ? MODC_T_PARAM : MODC_T_BUFFER;
    if (param ? true : cast<mod::BufferOp>(op).getPersistent())
      flags |= MODC_T_PERSISTENT;
    if (op->hasAttr("none"))
      flags |= MODC_T_NONE;
    if (param && !param.getRequiresGrad())
      flags |= MODC_T_NO_GRAD;
    if (updated.contains(name))
      flags |= MODC_T_UPDATED;
    r.value.flags = flags;
    r.value.since = uint32_t(param ? param.getSince() : cast<mod::BufferOp>(op).getSince());
    SmallVector<int64_t> dims;
    for (mod::DimAttr d : type.getDims())
      dims.push_back(d.getConstant().value_or(0));
    r.point(&modc_tensor::dims, tables.numbers<int64_t>(dims));
    r.value.init_fn = MODC_NONE;
    if (auto init = op->getAttrOfType<mod::InitAttr>("init")) {
      r.value.init = StringSwitch<uint8_t>(init.getKind())
                         .Case("fill", MODC_INIT_FILL)
                         .Case("uniform", MODC_INIT_UNIFORM)
                         .Case("normal", MODC_INIT_NORMAL)
                         .Default(MODC_INIT_FN);
      if (init.getA())
        r.value.a = init.getA().getValueAsDouble();
      if (init.getB())
        r.value.b = init.getB().getValueAsDouble();
      if (init.getFn())
        r.value.init_fn = inv.function(cls, init.getFn().getValue());
      if (r.value.init == MODC_INIT_FN && r.value.init_fn == MODC_NONE)
        r.value.init = MODC_INIT_UNSET; // not compiled: the value must come from weights
    }
    loc(r, &modc_tensor::loc, op->getLoc());
  }
  return array<modc_tensor>(out, "tensors");
}

Constant *TableBuilder::children(const Class &c) {
  Records<modc_child> out;
  for (mod::ChildOp child : c.children) {
    auto &r = out.emplace_back();
    r.point(&modc_child::key, tables.text(child.getSymName()));
    r.value.cls = child.getCls() ? int32_t(inv.classNumber[inv.module.lookupSymbol(*child.getCls())]) : MODC_NONE;
    loc(r, &modc_child::loc, child.getLoc());
  }
  return array<modc_child>(out, "children");
}

Constant *TableBuilder::methods(const Class &c) {
  Records<modc_method> out;
  for (const Entry &e : ArrayRef(c.entries).drop_front(c.plainEntries())) {
    auto &r = out.emplace_back();
    int32_t any = *llvm::max_element(e.fused);
    auto statics =
        any == MODC_NONE ? mlir::ArrayAttr() : inv.functions[any].op->getAttrOfType<mlir::ArrayAttr>("mod.statics");
    r.value.n_statics = statics ? statics.size() : 0;
    r.point(&modc_method::statics, arguments(statics));
    // "forward.v1": forward for other static arguments.
    auto [name, variant] = StringRef(e.method).rsplit(".v");
    unsigned number;
    bool isVariant = !variant.empty() && !variant.getAsInteger(10, number);
    r.point(&modc_method::name, tables.text(isVariant ? name : StringRef(e.method)));
    r.value.flags = (isVariant ? name : StringRef(e.method)) == "forward" ? MODC_M_CALL : 0;
    r.value.sig = e.sig;
    copy(e.fused, r.value.fused);
    copy(e.program, r.value.program);
  }
  return array<modc_method>(out, "methods");
}

TableBuilder::Records<modc_class> TableBuilder::classes(Error &error) {
  std::vector<uint64_t> hashes(inv.classes.size());
  for (size_t i = inv.classes.size(); i-- > 0;)
    hashes[i] = classHash(inv, i, hashes);

  Records<modc_class> out;
  for (auto [i, c] : enumerate(inv.classes)) {
    auto &r = out.emplace_back();
    mod::ClassOp op = c.op;
    modc_class &v = r.value;
    r.point(&modc_class::name, tables.text(op.getSource()));
    v.hash = hashes[i];
    v.kind = StringSwitch<uint16_t>(op.getKind())
                 .Case("sequential", MODC_K_SEQUENTIAL)
                 .Case("list", MODC_K_LIST)
                 .Case("dict", MODC_K_DICT)
                 .Default(MODC_K_MODULE);
    v.flags = c.modeSensitive ? MODC_C_MODE_SENSITIVE : 0;
    for (const Function &f : inv.functions)
      if (f.cls == i && f.flags & MODC_FN_STATE_IN_PLACE)
        v.flags |= MODC_C_STATE_IN_PLACE;
    v.state_version = uint32_t(op.getVersion());
    v.n_args = op.getCtor() ? op.getCtor()->size() : 0;
    v.n_tensors = c.tensors.size();
    v.n_children = c.children.size();
    r.point(&modc_class::args, arguments(op.getCtorAttr()));
    r.point(&modc_class::tensors, tensors(i));
    r.point(&modc_class::children, children(c));
    if (!op.getExtraRepr().empty())
      r.point(&modc_class::extra_repr, emitRepr(host, tables, op.getExtraRepr()));
    v.sig = MODC_NONE;
    fill(v.fused, MODC_NONE);
    fill(v.program, MODC_NONE);
    if (c.hasForward) {
      v.sig = c.entries[0].sig;
      copy(c.entries[0].fused, v.fused);
      copy(c.entries[0].program, v.program);
    }
    v.n_methods = c.entries.size() - c.plainEntries();
    r.point(&modc_class::methods, methods(c));
    v.other_dtype = MODC_NONE;
    auto dtype = inv.module->getAttrOfType<mlir::StringAttr>("mod.dtype");
    v.dtype = uint8_t(dtype ? dtypeCode(mod::dtypeFromName(dtype.getContext(), dtype.getValue())) : MODC_F32);
    Records<modc_alias> aliases;
    for (auto &[path, first] : c.aliases) {
      auto &alias = aliases.emplace_back();
      alias.point(&modc_alias::path, tables.text(path));
      alias.point(&modc_alias::first, tables.text(first));
    }
    v.n_aliases = aliases.size();
    r.point(&modc_class::aliases, array<modc_alias>(aliases, "aliases"));
    loc(r, &modc_class::loc, op.getLoc());
    if (v.hash == 0)
      error = joinErrors(std::move(error), createStringError("class " + op.getSymName() + " has no content"));
  }
  return out;
}
