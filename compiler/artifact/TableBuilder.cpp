// The artifact's own record, signatures, functions, prepared blocks, targets and exports.
#include "compiler/artifact/TableBuilder.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace modc;
using namespace modc::artifact;

std::string modc::artifact::compilerName(const Options &options) {
  return options.compiler.empty() ? "modc " MODC_VERSION : options.compiler;
}

std::string modc::artifact::kernelSymbol(mlir::Operation *op, const KernelTarget &target) {
  bool prepare = isa<mod::PrepareOp>(op);
  return (prepare ? "modc.p." : "modc.k.") + cast<mlir::SymbolOpInterface>(op).getName().str() + "." + target.name;
}

Constant *TableBuilder::refs(ArrayRef<modc_ref> list) {
  static_assert(sizeof(modc_ref) == 2 * sizeof(int32_t));
  return tables.numbers(ArrayRef(reinterpret_cast<const int32_t *>(list.data()), 2 * list.size()));
}

Error TableBuilder::hostFunctions() {
  for (artifact::Function &f : inv.functions) {
    Code c;
    auto body = emitBody(host, inv, f, c.launches, c.aliases);
    if (!body)
      return body.takeError();
    auto plan = emitPlan(host, f);
    if (!plan)
      return plan.takeError();
    c.body = *body, c.plan = *plan;
    code.push_back(std::move(c));
  }
  return Error::success();
}

TableBuilder::Records<modc_port> TableBuilder::ports(const artifact::Function &f, ArrayRef<std::string> names,
                                                     mlir::TypeRange types) {
  Records<modc_port> out;
  for (auto [name, t] : zip(names, types)) {
    auto type = cast<mod::SymTensorType>(t);
    auto &r = out.emplace_back();
    r.point(&modc_port::name, tables.text(name));
    r.value.dtype = dtypeCode(type.getElementType());
    r.value.rank = type.getDims().size();
    SmallVector<int32_t> dims;
    for (mod::DimAttr d : type.getDims())
      dims.push_back(f.sizes.portDim(d));
    r.point(&modc_port::dims, tables.numbers<int32_t>(dims));
  }
  return out;
}

TableBuilder::Records<modc_sig> TableBuilder::signatures() {
  Records<modc_sig> out;
  for (const Signature &s : inv.signatures) {
    const artifact::Function &f = inv.functions[s.function];
    auto op = f.op;
    auto &r = out.emplace_back();
    SmallVector<mlir::Type> inputs;
    for (unsigned i : f.inputs)
      inputs.push_back(op.getArgumentTypes()[i]);
    r.value.n_in = f.inputs.size();
    r.value.n_out = f.outputs;
    Records<modc_port> in = ports(f, inputNames(f), inputs);
    for (auto [port, i] : zip(in, f.inputs))
      port.value.scalar = bool(op.getArgAttr(i, "mod.scalar"));
    r.point(&modc_sig::in, array<modc_port>(in, "ports"));
    r.point(&modc_sig::out,
            array<modc_port>(ports(f, outputNames(f), op.getResultTypes().take_front(f.outputs)), "ports"));

    Records<modc_sym> syms;
    for (size_t i = 0; i < f.sizes.signatureCount; ++i) {
      auto &sym = syms.emplace_back();
      std::string name = f.sizes.entries[i].dim.text();
      sym.point(&modc_sym::name, tables.text(name));
      sym.value.min = i < f.sizes.scalarCount ? INT64_MIN : 0; // dimensions are never negative
      sym.value.max = INT64_MAX;
      if (auto ranges = op.getRanges())
        for (auto range : ranges->getAsRange<mod::RangeAttr>())
          if (range.getName() == name)
            sym.value.min = range.getMin(), sym.value.max = range.getMax();
    }
    r.value.n_syms = syms.size();
    r.point(&modc_sig::syms, array<modc_sym>(syms, "syms"));

    Records<modc_guard> guards;
    if (auto list = op.getGuards())
      for (auto g : list->getAsRange<mod::GuardAttr>()) {
        auto &guard = guards.emplace_back();
        guard.point(&modc_guard::text, tables.text(g.getText()));
        loc(guard, &modc_guard::loc, op.getLoc());
      }
    r.value.n_guards = guards.size();
    r.point(&modc_sig::guards, array<modc_guard>(guards, "guards"));
  }
  return out;
}

TableBuilder::Records<modc_fn> TableBuilder::functions() {
  Records<modc_fn> out;
  for (auto [f, c] : zip(inv.functions, code)) {
    auto &r = out.emplace_back();
    r.point(&modc_fn::name, tables.text(f.name));
    r.value.flags = f.flags;
    r.value.sig = int32_t(f.sig);
    r.value.n_weights = f.weights.size();
    r.value.n_prepared = f.prepared.size();
    r.value.n_writes = f.writes.size();
    r.value.n_syms = f.sizes.entries.size();
    r.point(&modc_fn::weights, refs(f.weights));
    r.point(&modc_fn::prepared, tables.numbers<int32_t>(f.prepared));
    r.point(&modc_fn::writes, refs(f.writes));
    if (any_of(c.aliases, [](int32_t a) { return a != MODC_NONE; }))
      r.point(&modc_fn::alias_out, tables.numbers<int32_t>(c.aliases));
    Records<modc_launch> launches;
    for (Launch &l : c.launches) {
      auto &launch = launches.emplace_back();
      launch.value.kernel = l.kernel;
      auto from = l.op.getFrom();
      launch.point(&modc_launch::from, tables.text(from ? join(from->getAsValueRange<mlir::StringAttr>(), ", ") : ""));
      loc(launch, &modc_launch::loc, l.op.getLoc());
    }
    r.value.n_launches = launches.size();
    r.point(&modc_fn::launches, array<modc_launch>(launches, "launches"));
    loc(r, &modc_fn::loc, f.op.getLoc());
  }
  return out;
}

/// A prepared block's content is its prepare's: the runtime adds sources and instruction set to the key.
TableBuilder::Records<modc_prepared> TableBuilder::prepared() {
  Records<modc_prepared> out;
  for (Prepared &p : inv.prepared) {
    auto &r = out.emplace_back();
    r.value.content = xxh3_64bits(p.op.getHash());
    r.point(&modc_prepared::name, tables.text(p.name));
    r.value.n_src = p.sources.size();
    r.point(&modc_prepared::src, refs(p.sources));
  }
  return out;
}

Expected<TableBuilder::Records<modc_target>> TableBuilder::targets() {
  Records<modc_kernel> names;
  for (mod::KernelOp k : inv.kernels)
    names.emplace_back().point(&modc_kernel::name, tables.text(k.getSymName()));
  Constant *kernelRecords = array<modc_kernel>(names, "kernels");

  Records<modc_target> out;
  for (auto [number, target] : enumerate(kernels.targets())) {
    auto &r = out.emplace_back();
    r.point(&modc_target::name, tables.text(target.name));
    r.value.device = MODC_CPU;
    copy(target.features, r.value.features);
    r.value.rank = target.rank;
    SmallVector<Constant *> fns, prepare, bytes;
    for (mod::KernelOp k : inv.kernels)
      fns.push_back(declareKernel(host, kernelSymbol(k, target)));
    for (Prepared &p : inv.prepared) {
      std::string symbol = kernelSymbol(p.op, target), adapter = symbol + ".prepare";
      llvm::Function *fn = host.getFunction(adapter);
      prepare.push_back(fn ? fn : emitPrepare(host, p.op, symbol, adapter));
      auto size = kernels.preparedBytes(p.op, number);
      if (!size)
        return size.takeError();
      bytes.push_back(emitBytes(host, *size));
    }
    r.point(&modc_target::kernel_fns, tables.pointers(fns, "kernel_fns"));
    r.point(&modc_target::prepare, tables.pointers(prepare, "prepare"));
    r.point(&modc_target::prepared_bytes, tables.pointers(bytes, "prepared_bytes"));
    r.value.n_kernels = inv.kernels.size();
    r.point(&modc_target::kernels, kernelRecords);
  }
  return out;
}

TableBuilder::Records<modc_export> TableBuilder::exports(Error &error) {
  Records<modc_export> out;
  for (auto e : inv.module.getOps<mod::ExportOp>()) {
    unsigned cls = inv.classNumber[inv.module.lookupSymbol(e.getCls())];
    auto &r = out.emplace_back();
    r.point(&modc_export::name, tables.text(e.getSymName()));
    r.value.cls = int32_t(cls);
    r.value.instance = uint32_t(e.getInstance());
    auto path = e->getAttrOfType<mlir::StringAttr>("mod.path");
    auto part = inv.classAt(cls, path ? path.getValue() : "");
    if (!part) {
      error = joinErrors(std::move(error), createStringError("export " + e.getSymName() + " names no module"));
      continue;
    }
    if (path)
      r.point(&modc_export::path, tables.text(path));
    auto method = inv.methodNumber(*part, e.getMethod());
    if (!method) {
      error = joinErrors(std::move(error), method.takeError());
      continue;
    }
    r.value.method = *method;
    r.point(&modc_export::doc, tables.text(e.getDoc().value_or("")));
    Records<modc_alias> ties;
    if (e.getTies())
      for (auto tie : e.getTies()->getAsRange<mod::TieAttr>()) {
        if (inv.classAt(cls, tie.getPath()) && inv.classAt(cls, tie.getFirst()))
          continue; // a module under two paths: in its classes' aliases
        auto &t = ties.emplace_back();
        t.point(&modc_alias::path, tables.text(tie.getPath()));
        t.point(&modc_alias::first, tables.text(tie.getFirst()));
      }
    r.value.n_ties = ties.size();
    r.point(&modc_export::ties, array<modc_alias>(ties, "ties"));
  }
  return out;
}

Expected<GlobalVariable *> TableBuilder::build() {
  if (Error e = hostFunctions())
    return std::move(e);
  Record<modc_artifact> a;
  a.value.magic = MODC_ABI_MAGIC;
  a.value.major = MODC_ABI_MAJOR;
  a.value.minor = MODC_ABI_MINOR;
  a.value.size = sizeof(modc_artifact);
  a.value.stride = MODC_STRIDES;
  a.point(&modc_artifact::name, tables.text(options.name));
  a.point(&modc_artifact::compiler, tables.text(compilerName(options)));
  a.point(&modc_artifact::triple, tables.text(host.getTargetTriple().str()));
  a.point(&modc_artifact::source_hash, tables.text(options.sourceHash));

  auto add = [&](auto count, auto field, const auto &records, StringRef name) {
    a.value.*count = records.size();
    a.point(field, tables.records(ArrayRef(records), name));
  };
  Error error = Error::success();
  Records<modc_program> programRecords;
  if (Error e = programs(programRecords))
    return joinErrors(std::move(error), std::move(e));
  auto targetRecords = targets();
  if (!targetRecords)
    return joinErrors(std::move(error), targetRecords.takeError());
  add(&modc_artifact::n_exports, &modc_artifact::exports, exports(error), "exports");
  add(&modc_artifact::n_classes, &modc_artifact::classes, classes(error), "classes");
  if (error)
    return std::move(error);
  add(&modc_artifact::n_sigs, &modc_artifact::sigs, signatures(), "sigs");
  add(&modc_artifact::n_fns, &modc_artifact::fns, functions(), "fns");
  add(&modc_artifact::n_prepared, &modc_artifact::prepared, prepared(), "prepared");
  add(&modc_artifact::n_programs, &modc_artifact::programs, programRecords, "programs");
  add(&modc_artifact::n_targets, &modc_artifact::targets, *targetRecords, "targets");

  SmallVector<Constant *> bodies, plans, paths;
  for (Code &c : code)
    bodies.push_back(c.body), plans.push_back(c.plan);
  for (StringRef p : inv.paths)
    paths.push_back(tables.text(p));
  a.point(&modc_artifact::bodies, tables.pointers(bodies, "bodies"));
  a.point(&modc_artifact::plans, tables.pointers(plans, "plans"));
  a.value.n_paths = paths.size();
  a.point(&modc_artifact::paths, tables.pointers(paths, "paths"));
  a.value.n_slots = slotPool.size();
  a.point(&modc_artifact::slot_pool, tables.numbers<uint16_t>(slotPool));
  return cast<GlobalVariable>(tables.records(ArrayRef(&a, 1), "artifact"));
}
