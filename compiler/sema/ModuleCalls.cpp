// Calls of modules: which function of the callee serves, what travels to it, and what the caller must know or guard.
#include "compiler/sema/Elaborator.h"
#include "compiler/sema/Holes.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

Value Elaborator::emitCall(FunctionInfo &function, llvm::StringRef path, llvm::ArrayRef<mlir::Value> given,
                           llvm::function_ref<DimAttr(mlir::StringAttr)> callerSize, SourceRange range) {
  Trace &t = *frame->trace;
  mod::FuncOp op = function.op;
  std::string prefix = path.empty() ? "" : path.str() + ": ";
  // Sizes that the callee writes as multiples: here, what is passed must be one.
  llvm::DenseMap<mlir::StringAttr, DimAttr> parts;
  for (const Multiple &m : function.multiples) {
    DimAttr size = callerSize(m.size), by = DimAttr::constant(ctx, m.by);
    if (!size)
      size = DimAttr::symbol(ctx, m.size.getValue());
    std::string why;
    if (!require({true, size.mod(by), DimAttr::constant(ctx, 0)}, prefix + m.words, why)) {
      report(diag::assertionFailed, range, prefix + m.words)
          .label(m.size.str() + " is " + size.text() + ", which is no multiple of " + std::to_string(m.by));
      return Poison{};
    }
    parts[partOf(m)] = size.floorDiv(by);
  }
  auto sizes = [&](mlir::StringAttr name) {
    auto it = parts.find(name);
    return it != parts.end() ? it->second : callerSize(name);
  };
  auto substitute = [&](mlir::Type type) {
    auto tensor = llvm::cast<SymTensorType>(type);
    llvm::SmallVector<DimAttr> dims;
    for (DimAttr d : tensor.getDims())
      dims.push_back(d.substitute(sizes));
    return tensor.withDims(dims);
  };
  llvm::SmallVector<mlir::Value> operands;
  for (auto [v, type] : llvm::zip_equal(given, op.getArgumentTypes())) {
    Value exact = assume(TensorValue{v}, substitute(type), ("`" + path + "`").str(), range);
    if (exact.poisoned())
      return Poison{};
    operands.push_back(exact.as<TensorValue>().value);
  }
  // What the callee wants of its sizes, the caller must know or guard.
  auto inherit = [&](bool equal, DimAttr a, DimAttr b, const std::string &words) {
    std::string why;
    if (learn({equal, a.substitute(sizes), b.substitute(sizes)}, words, why))
      return true;
    report(diag::assertionFailed, range, words).label(why);
    return false;
  };
  // Of the text for the caller's mode: where training alone asks for more, so does the role that is opened from it.
  mod::FuncOp part = t.training && function.train ? function.train : op;
  if (auto guards = part.getGuards())
    for (auto guard : guards->getAsRange<mod::GuardAttr>())
      if (!inherit(guard.getRel() == "eq", guard.getA(), guard.getB(), prefix + guard.getText().str()))
        return Poison{};
  if (auto ranges = part.getRanges())
    for (auto bound : ranges->getAsRange<mod::RangeAttr>()) {
      DimAttr d = DimAttr::symbol(ctx, bound.getName());
      DimAttr low = DimAttr::constant(ctx, bound.getMin());
      if (!inherit(false, low, d, prefix + low.text() + " <= " + bound.getName().str()))
        return Poison{};
      if (bound.getMax() == INT64_MAX)
        continue;
      DimAttr high = DimAttr::constant(ctx, bound.getMax());
      if (!inherit(false, d, high, prefix + bound.getName().str() + " <= " + high.text()))
        return Poison{};
    }
  llvm::SmallVector<mlir::Type> types;
  for (mlir::Type type : op.getResultTypes()) {
    types.push_back(substitute(type));
    if (!checkShape(llvm::cast<SymTensorType>(types.back()).getDims(), range))
      return Poison{};
  }
  mlir::OperationState state(loc(range), mod::CallOp::getOperationName());
  state.addOperands(operands);
  state.addTypes(types);
  state.addAttributes({attr("child", mlir::StringAttr::get(ctx, path)),
                       attr("method", mlir::FlatSymbolRefAttr::get(ctx, op.getSymName())),
                       attr("site", mlir::IntegerAttr::get(mlir::IntegerType::get(ctx, 64), t.site++))});
  if (mlir::ArrayAttr counters = iterations())
    state.addAttribute("iterations", counters);
  mlir::Operation *call = t.builder.create(state);
  if (t.function)
    t.function->calls.emplace_back(call, &function);
  t.buffers.clear();
  // A parameter that a method below has written (`p.copy_(v)`) is read anew too.
  llvm::SmallVector<std::string> below;
  for (auto &read : t.params)
    if (path.empty() || read.first().starts_with((path + ".").str()))
      below.push_back(read.first().str());
  for (const std::string &name : below)
    t.params.erase(name);
  size_t next = 0;
  return mapLeaves(function.result, [&](const Value &v) -> std::optional<Value> {
    if (isHole(v))
      return Value(TensorValue{call->getResult(next++)});
    if (auto *d = v.get<DimValue>())
      return makeDim(d->dim.substitute(sizes));
    return std::nullopt;
  });
}

Value Elaborator::callModule(Instance &target, llvm::StringRef method, CallArgs args) {
  SourceRange range = args.range;
  auto path = pathOf(target, range);
  if (!path)
    return Poison{};
  if (!step(range))
    return Poison{};
  const ast::FunctionDecl &decl = *target.methods[method];
  warnDeprecated(decl.attrs, method, range);
  std::string what = "`" + (path->empty() ? "self" : *path) + (method == "forward" ? "" : "." + method.str()) + "`";

  // In messages the child's path from the root: `layers.0.ffn.fc2`.
  std::string shown = what;
  if (frame->trace && !frame->trace->path.empty() && !path->empty())
    shown.insert(1, frame->trace->path + ".");

  // The caller's side: arguments bound, types checked, sizes that the signature names found out.
  Frame bound;
  bound.file = target.cls->file;
  bound.self = &target;
  bound.function = &decl;
  bound.caller = frame;
  bound.callRange = range;
  bound.trace = frame->trace;
  Frame *outer = std::exchange(frame, &bound);
  struct Bound {
    const ast::Param *param;
    Value value;
    SourceRange place;
  };
  std::vector<Bound> params;
  params.reserve(decl.params.size());
  bool good =
      bind(decl.params, args, {}, shown, decl.name.range, [&](const ast::Param &param, Value value, SourceRange place) {
        params.push_back({&param, std::move(value), place});
      });
  std::vector<Leaf> leaves;
  if (good)
    for (Bound &b : params) {
      bound.locals[b.param->name.text] = b.value;
      if (!walkable(b.value)) {
        report(diag::wrongValue, b.place, "the argument is nested too deeply");
        good = false;
        break;
      }
      // Lists of arguments are copied: the callee has its own.
      b.value = mapLeaves(b.value, [](const Value &) { return std::nullopt; });
      good &= !b.param->type || checkArgument(*b.param, b.value, shown, b.place);
      if (good)
        collectLeaves(b.param->type, b.value, *b.param, b.param->name.text.str(), b.place, leaves);
    }
  good = good && matchLeaves(leaves, what, shown);
  bool untyped = false;
  for (Leaf &leaf : leaves) {
    if (!good)
      break;
    // A number that depends on sizes stays one where no tensor is wanted.
    bool weak = leaf.value->is<TensorValue>() && leaf.value->as<TensorValue>().weak;
    mlir::Type dtype = weak && leaf.pattern ? dtypeOf(*leaf.pattern) : mlir::Type();
    if (weak)
      *leaf.value = cast(*leaf.value, dtype ? dtype : mlir::Float64Type::get(ctx), leaf.place);
    good &= !leaf.value->poisoned() && tensorOf(*leaf.value, leaf.place);
    if (weak && !leaf.pattern && good)
      leaf.value->get<TensorValue>()->weak = true;
    untyped |= !leaf.pattern && !weak;
  }
  frame = outer;
  frame->poisoned |= bound.poisoned;
  if (!good)
    return Poison{};

  // What travels, in the order of the arguments: tensors, and ints and floats that the run decides.
  struct Passed {
    mlir::Value value;
    Leaf *leaf;
    DimAttr size;
    std::string name;
    bool number;
  };
  std::vector<Passed> passed;
  Signature signature;
  signature.info = &classOf(target);
  signature.decl = &decl;
  auto i64 = mlir::IntegerType::get(ctx, 64);
  for (Bound &b : params) {
    unsigned inside = 0;
    signature.args.emplace_back(b.param, mapLeaves(b.value, [&](const Value &v) -> std::optional<Value> {
                                  if (auto *d = v.get<DimValue>()) {
                                    std::string name = b.param->name.text.str();
                                    if (!b.value.is<DimValue>())
                                      name += "_" + std::to_string(inside++);
                                    passed.push_back({materialise(v, i64, b.place), nullptr, d->dim, name, false});
                                  }
                                  if (!v.tensor())
                                    return std::nullopt;
                                  size_t at = llvm::count_if(passed, [](const Passed &p) { return p.leaf; });
                                  Leaf &leaf = leaves[at];
                                  bool number = v.is<TensorValue>() && v.as<TensorValue>().weak;
                                  passed.push_back({tensorOf(v, leaf.place), &leaf, {}, leaf.name, number});
                                  return hole();
                                }));
  }
  std::string childPath = frame->trace->path;
  if (!path->empty())
    childPath += (childPath.empty() ? "" : ".") + *path;
  llvm::SmallVector<mlir::Value> operands;
  for (const Passed &p : passed)
    operands.push_back(p.value);

  // First for all sizes: the names of the signature, and fresh ones for what it leaves open; then with the constants
  // among these as they are. One function then serves every call. Where that fails, or would want guards that the
  // actual sizes may make needless, for these sizes, if a call from outside (below a hook) can tell their names.
  llvm::SmallDenseSet<mlir::StringAttr> alone;
  bool told = true;
  auto eachSize = [&](llvm::function_ref<void(DimAttr)> visit) {
    for (const Passed &p : passed)
      llvm::for_each(llvm::cast<SymTensorType>(p.value.getType()).getDims(), visit);
  };
  eachSize([&](DimAttr d) {
    if (mlir::StringAttr name = d.getSymbol())
      alone.insert(name);
  });
  eachSize([&](DimAttr d) { d.walkSymbols([&](mlir::StringAttr name) { told &= alone.contains(name); }); });
  for (bool keepConstants : {false, true}) {
    llvm::StringMap<DimAttr> sizes;
    Frame callee;
    callee.file = signature.info->representative->cls->file;
    callee.self = signature.info->representative;
    callee.function = &decl;
    callee.caller = frame;
    unsigned fresh = 0;
    auto freshSize = [&](DimAttr actual) {
      std::string name;
      do
        name = "d" + std::to_string(fresh++);
      while (bound.signatureNames.count(name) || sizes.count(name));
      sizes[name] = actual;
      return DimAttr::symbol(ctx, name);
    };
    Signature general = signature;
    general.boundAt = bound.signatureNames;
    for (auto &name : bound.signatureNames) {
      Value value = bound.locals[name.first()];
      if (DimAttr d = value.is<DTypeValue>() ? DimAttr() : asDim(ctx, value)) {
        sizes[name.first()] = d;
        value = makeDim(DimAttr::symbol(ctx, name.first()));
      }
      general.bound[name.first()] = value;
      callee.locals[name.first()] = value;
    }
    if (bound.pack) {
      callee.pack.emplace();
      for (DimAttr d : *bound.pack)
        callee.pack->push_back(freshSize(d));
      general.pack = callee.pack;
    }
    // An int is a size of its own in the callee.
    for (Passed &p : passed)
      if (p.size) {
        while (bound.signatureNames.count(p.name) || sizes.count(p.name))
          p.name += "_";
        sizes[p.name] = p.size;
      }
    size_t next = 0;
    for (auto &[param, value] : general.args) {
      value = mapLeaves(value, [&](const Value &v) -> std::optional<Value> {
        bool travels = v.is<DimValue>() || isHole(v);
        const Passed *p = travels ? &passed[next++] : nullptr;
        return p && p->size ? std::optional<Value>(makeDim(DimAttr::symbol(ctx, p->name))) : std::nullopt;
      });
      if (!callee.locals.count(param->name.text))
        callee.locals[param->name.text] = value;
    }
    Frame *caller = std::exchange(frame, &callee);
    ++quiet;
    bool fine = true;
    for (const Passed &p : passed) {
      SymTensorType type = llvm::cast<SymTensorType>(p.value.getType());
      if (p.leaf && p.leaf->pattern) {
        type = evalTensorType(*p.leaf->pattern);
      } else {
        llvm::SmallVector<DimAttr> dims;
        for (DimAttr d : type.getDims())
          dims.push_back(d.getConstant() == 1 || (keepConstants && d.getConstant()) ? d : freshSize(d));
        type = type.withDims(dims);
      }
      fine &= bool(type);
      general.add(type, p.name,
                  p.size     ? mlir::Attribute(mlir::StringAttr::get(ctx, p.name))
                  : p.number ? mlir::Attribute(mlir::UnitAttr::get(ctx))
                             : mlir::Attribute());
    }
    bool wasPoisoned = caller->poisoned;
    frame = caller;
    FunctionInfo *function = fine ? instantiate(general, childPath, range) : nullptr;
    frame->poisoned = wasPoisoned;
    --quiet;
    auto conditional = [](mod::FuncOp op) { return op && (op.getGuards() || op.getRanges()); };
    if (function && !(untyped && told && (conditional(function->op) || conditional(function->train))))
      return emitCall(
          *function, *path, operands,
          [&](mlir::StringAttr s) {
            auto it = sizes.find(s.getValue());
            return it == sizes.end() ? DimAttr() : it->second;
          },
          range);
  }
  // For these sizes: ints stand for the caller's sizes, which travel where no tensor tells them.
  operands.clear();
  llvm::SetVector<mlir::StringAttr> known, wanted;
  for (const Passed &p : passed) {
    if (p.size) {
      p.size.walkSymbols([&](mlir::StringAttr s) { wanted.insert(s); });
      continue;
    }
    auto type = llvm::cast<SymTensorType>(p.value.getType());
    for (DimAttr d : type.getDims())
      d.walkSymbols([&](mlir::StringAttr s) { known.insert(s); });
    signature.add(type, p.name, p.number ? mlir::Attribute(mlir::UnitAttr::get(ctx)) : mlir::Attribute());
    operands.push_back(p.value);
  }
  for (mlir::StringAttr s : wanted)
    if (!known.contains(s)) {
      Value size = makeDim(DimAttr::symbol(ctx, s.getValue()));
      operands.push_back(materialise(size, i64, range));
      signature.add(SymTensorType::get(i64, {}), s.str(), s);
    }
  for (auto &name : bound.signatureNames)
    signature.bound[name.first()] = bound.locals[name.first()];
  signature.boundAt = bound.signatureNames;
  signature.pack = bound.pack;
  FunctionInfo *function = instantiate(signature, childPath, range);
  if (!function)
    return Poison{};
  return emitCall(*function, *path, operands, [](mlir::StringAttr) { return DimAttr(); }, range);
}
