// Tracing methods into functions: one for each method, class and kind of arguments; with `training` where it is read.
#include "compiler/sema/Elaborator.h"
#include "compiler/sema/Holes.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

static constexpr unsigned kMaxVariants = 256;

std::string Elaborator::signatureKey(const Signature &signature) {
  auto &inside = paths(*signature.info->representative);
  std::string key = signature.decl->name.text.str() + "(";
  size_t next = 0;
  for (auto &[param, value] : signature.args) {
    Value shown = mapLeaves(value, [&](const Value &v) -> std::optional<Value> {
      return isHole(v) ? std::optional<Value>(Value(signature.types[next++].text())) : std::nullopt;
    });
    key += param->name.text.str() + "=" + keyText(shown, inside) + ";";
  }
  return key + ")";
}

/// Operations without effects whose results nothing uses.
static void dropUnused(mlir::Block &block) {
  for (mlir::Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (op.use_empty() && !op.hasTrait<mlir::OpTrait::IsTerminator>() &&
        (mlir::isMemoryEffectFree(&op) || llvm::isa<mod::GetOp>(op)))
      op.erase();
}

static void resultNames(const ast::FunctionDecl &decl, const Value &result, std::vector<std::string> &names) {
  auto *tuple = llvm::dyn_cast_or_null<ast::TupleType>(decl.result);
  ListObject *list = result.list();
  auto leaves = [&](auto &&self, const Value &value, const std::string &name) -> void {
    if (isHole(value))
      names.push_back(name);
    if (ListObject *items = value.list())
      for (auto [i, item] : llvm::enumerate(items->items))
        self(self, item, name + "." + std::to_string(i));
    if (DictObject *dict = value.dict())
      for (auto &[k, v] : dict->items)
        self(self, v, str(k));
  };
  if (!list) {
    bool named = tuple && tuple->fields.size() == 1 && tuple->fields[0].name;
    return leaves(leaves, result, named ? tuple->fields[0].name.text.str() : "output");
  }
  for (auto [i, item] : llvm::enumerate(list->items)) {
    bool named = tuple && i < tuple->fields.size() && tuple->fields[i].name;
    leaves(leaves, item, named ? tuple->fields[i].name.text.str() : "output" + std::to_string(i));
  }
}

mod::FuncOp Elaborator::traceMethod(const Signature &signature, FunctionInfo &function, llvm::StringRef path,
                                    bool training, bool &readsTraining, Value &result, SourceRange range) {
  ClassInfo &info = *signature.info;
  Instance &self = *info.representative;
  const ast::FunctionDecl &decl = *signature.decl;

  Frame callee;
  callee.file = self.cls->file;
  callee.self = &self;
  callee.function = &decl;
  callee.caller = frame;
  callee.callRange = range;
  for (auto &name : signature.bound)
    callee.locals[name.first()] = name.second;
  callee.signatureNames = signature.boundAt;
  callee.pack = signature.pack;

  mlir::OpBuilder builder = mlir::OpBuilder::atBlockEnd(&info.op.getBody().front());
  llvm::SmallVector<mlir::Type> inputs(signature.types.begin(), signature.types.end());
  mlir::OperationState state(loc(decl.name.range), mod::FuncOp::getOperationName());
  state.addAttribute("sym_name", builder.getStringAttr("tracing"));
  state.addAttribute("function_type", mlir::TypeAttr::get(builder.getFunctionType(inputs, {})));
  state.addRegion();
  auto func = llvm::cast<mod::FuncOp>(builder.create(state));
  mlir::Block &block = func.getBody().emplaceBlock();
  for (mlir::Type type : inputs)
    block.addArgument(type, func.getLoc());

  Trace trace(mlir::OpBuilder::atBlockEnd(&block));
  trace.self = &self;
  trace.training = training;
  trace.path = path.str();
  trace.function = &function;
  callee.trace = &trace;

  size_t next = 0;
  for (auto &[param, value] : signature.args)
    callee.locals[param->name.text] = mapLeaves(value, [&](const Value &v) -> std::optional<Value> {
      return isHole(v) ? std::optional<Value>(TensorValue{block.getArgument(next++)}) : std::nullopt;
    });

  Frame *outer = std::exchange(frame, &callee);
  ++depth;
  Flow flow = depth > 300 ? Flow::Stop : run(decl.body);
  if (depth > 300)
    report(diag::tooDeep, range, decl.name.text);
  Value value;
  if (flow == Flow::Return) {
    value = checkResult(decl, std::move(callee.result));
  } else if (flow == Flow::Next && !callee.poisoned) {
    if (decl.name.text == "forward" || decl.result)
      report(diag::missingReturn, decl.name.range, decl.name.text).suggest("end it with `return ...`");
    else
      value = NoneValue{};
  }
  llvm::SmallVector<mlir::Value> results;
  bool good = !value.poisoned() && !callee.poisoned && !halted;
  // Results are tensors and plain values, in tuples, lists and dicts.
  if (good && !walkable(value)) {
    report(diag::wrongValue, callee.returned, "the result is nested too deeply");
    good = false;
  }
  if (good)
    mapLeaves(value, [&](const Value &v) -> std::optional<Value> {
      bool plain = v.tensor() || v.number() || v.none() || v.is<DimValue>() || v.is<std::string>() || v.list() ||
                   v.dict() || v.is<DTypeValue>();
      if (!plain && good) {
        report(diag::wrongValue, callee.returned,
               "`" + decl.name.text.str() + "` returns " + describe(v) + "; results are tensors");
        good = false;
      }
      return std::nullopt;
    });
  if (good)
    result = mapLeaves(value, [&](const Value &v) -> std::optional<Value> {
      if (!v.tensor())
        return std::nullopt;
      // A number that depends on sizes leaves as an f32 tensor.
      Value out =
          v.is<TensorValue>() && v.as<TensorValue>().weak ? cast(v, mlir::Float32Type::get(ctx), decl.name.range) : v;
      mlir::Value tensor = tensorOf(out, decl.name.range);
      good &= bool(tensor);
      results.push_back(tensor);
      return hole();
    });
  good &= !callee.poisoned;
  if (good)
    mod::ReturnOp::create(trace.builder, loc(decl.name.range), results);
  --depth;
  frame = outer;
  if (!good) {
    frame->poisoned = true;
    func.erase();
    return {};
  }
  dropUnused(block);
  readsTraining = trace.readsTraining;

  llvm::SmallVector<mlir::Type> outputs;
  for (mlir::Value v : results)
    outputs.push_back(v.getType());
  func.setFunctionType(builder.getFunctionType(inputs, outputs));
  llvm::SetVector<mlir::StringAttr> dims;
  for (SymTensorType type : signature.types)
    for (DimAttr d : type.getDims())
      d.walkSymbols([&](mlir::StringAttr s) { dims.insert(s); });
  if (!dims.empty())
    func.setDimsAttr(builder.getArrayAttr(llvm::to_vector_of<mlir::Attribute>(dims)));
  if (!trace.guards.empty())
    func.setGuardsAttr(builder.getArrayAttr(llvm::to_vector_of<mlir::Attribute>(trace.guards)));
  llvm::SmallVector<mlir::Attribute> ranges;
  for (auto &[symbol, bound] : trace.ranges)
    ranges.push_back(bound);
  if (!ranges.empty())
    func.setRangesAttr(builder.getArrayAttr(ranges));
  auto named = [&](llvm::ArrayRef<std::string> names) {
    llvm::SmallVector<mlir::Attribute> attrs;
    for (const std::string &name : names)
      attrs.push_back(builder.getDictionaryAttr({attr("mod.name", builder.getStringAttr(name))}));
    return builder.getArrayAttr(attrs);
  };
  if (!signature.names.empty())
    func.setArgAttrsAttr(named(signature.names));
  std::vector<std::string> names;
  resultNames(decl, result, names);
  if (!names.empty())
    func.setResAttrsAttr(named(names));
  return func;
}

FunctionInfo *Elaborator::instantiate(const Signature &signature, llvm::StringRef path, SourceRange range) {
  ClassInfo &info = *signature.info;
  if (info.order.size() >= kMaxVariants) {
    notCompiled(range, "a class whose methods are called with more than 256 kinds of arguments",
                "annotate the arguments");
    return nullptr;
  }
  std::string key = signatureKey(signature);
  auto &slot = info.functions[key];
  if (slot && slot->state == FunctionInfo::Done)
    return slot.get();
  if (slot && slot->state == FunctionInfo::Tracing) {
    report(diag::tooDeep, range, signature.decl->name.text)
        .note("the method calls itself with arguments of the same kinds");
    return nullptr;
  }
  if (slot && (!slot->quietly || quiet)) {
    // Reported before, or to be found again by the trial round this one.
    frame->poisoned = true;
    return nullptr;
  }
  if (!slot)
    slot = std::make_unique<FunctionInfo>();
  FunctionInfo &function = *slot;
  function.state = FunctionInfo::Tracing;
  function.calls.clear();
  bool readsTraining = false, again = false;
  Value trainResult;
  function.op = traceMethod(signature, function, path, /*training=*/false, readsTraining, function.result, range);
  if (function.op && readsTraining) {
    function.train = traceMethod(signature, function, path, /*training=*/true, again, trainResult, range);
    if (function.train && function.train.getFunctionType() != function.op.getFunctionType()) {
      report(diag::resultType, signature.decl->name.range, signature.decl->name.text, "other types in training",
             "those of evaluation");
      function.train.erase();
      function.train = {};
    }
    if (!function.train) {
      function.op.erase();
      function.op = {};
    }
  }
  if (!function.op) {
    function.state = FunctionInfo::Failed;
    function.quietly = quiet != 0;
    return nullptr;
  }
  // Names for now; the last ones come when it is known which methods are reached.
  std::string symbol = (signature.decl->name.text + ".t" + llvm::Twine(info.order.size())).str();
  function.op.setSymName(symbol);
  if (function.train)
    function.train.setSymName(symbol + ".train");
  function.decl = signature.decl;
  info.order.push_back(&function);
  llvm::SmallVector<mlir::Attribute> statics;
  for (auto &[param, value] : signature.args) {
    mlir::Attribute attribute;
    if (auto *b = value.get<bool>())
      attribute = mlir::BoolAttr::get(ctx, *b);
    else if (auto *n = value.get<int64_t>())
      attribute = mlir::IntegerAttr::get(mlir::IntegerType::get(ctx, 64), *n);
    else if (auto *f = value.get<double>())
      attribute = mlir::FloatAttr::get(mlir::Float64Type::get(ctx), *f);
    else if (auto *s = value.get<std::string>())
      attribute = mlir::StringAttr::get(ctx, *s);
    else if (value.none())
      attribute = mlir::UnitAttr::get(ctx);
    if (attribute)
      statics.push_back(mod::ArgAttr::get(ctx, param->name.text, attribute));
  }
  for (mod::FuncOp op : {function.op, function.train})
    if (op && !statics.empty())
      op->setAttr("mod.statics", mlir::ArrayAttr::get(ctx, statics));
  function.state = FunctionInfo::Done;
  return &function;
}

Value Elaborator::emitCall(FunctionInfo &function, llvm::StringRef path, llvm::ArrayRef<mlir::Value> given,
                           llvm::function_ref<DimAttr(mlir::StringAttr)> sizes, SourceRange range) {
  Trace &t = *frame->trace;
  mod::FuncOp op = function.op;
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
  std::string prefix = path.empty() ? "" : path.str() + ": ";
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
  for (mlir::Type type : op.getResultTypes())
    types.push_back(substitute(type));
  mlir::OperationState state(loc(range), mod::CallOp::getOperationName());
  state.addOperands(operands);
  state.addTypes(types);
  state.addAttributes({attr("child", mlir::StringAttr::get(ctx, path)),
                       attr("method", mlir::FlatSymbolRefAttr::get(ctx, op.getSymName())),
                       attr("site", mlir::IntegerAttr::get(mlir::IntegerType::get(ctx, 64), t.site++))});
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
  std::string what = "`" + (path->empty() ? "self" : *path) + (method == "forward" ? "" : "." + method.str()) + "`";

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
      bind(decl.params, args, {}, what, decl.name.range, [&](const ast::Param &param, Value value, SourceRange place) {
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
      good &= !b.param->type || checkArgument(*b.param, b.value, what, b.place);
      if (good)
        collectLeaves(b.param->type, b.value, *b.param, b.param->name.text.str(), b.place, leaves);
    }
  good = good && matchLeaves(leaves, what);
  llvm::SmallVector<mlir::Value> operands;
  bool sized = false, untyped = false;
  for (Leaf &leaf : leaves) {
    if (!good)
      break;
    bool weak = leaf.value->is<TensorValue>() && leaf.value->as<TensorValue>().weak;
    if (weak)
      *leaf.value = cast(*leaf.value, mlir::Float32Type::get(ctx), leaf.place);
    mlir::Value v = leaf.value->poisoned() ? mlir::Value() : tensorOf(*leaf.value, leaf.place);
    good &= bool(v);
    operands.push_back(v);
    untyped |= !leaf.pattern;
  }
  frame = outer;
  frame->poisoned |= bound.poisoned;
  if (!good)
    return Poison{};

  Signature signature;
  signature.info = &classOf(target);
  signature.decl = &decl;
  for (Leaf &leaf : leaves)
    signature.names.push_back(leaf.name);
  for (Bound &b : params)
    signature.args.emplace_back(b.param, mapLeaves(b.value, [&](const Value &v) -> std::optional<Value> {
                                  sized |= v.is<DimValue>();
                                  return v.tensor() ? std::optional<Value>(hole()) : std::nullopt;
                                }));
  std::string childPath = frame->trace->path;
  if (!path->empty())
    childPath += (childPath.empty() ? "" : ".") + *path;

  // First for all sizes: the names of the signature, and fresh ones for what it leaves open. One function then serves
  // every call. Where that fails, or would want guards that the actual sizes may make needless, for these sizes.
  if (!sized) {
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
      while (bound.signatureNames.count(name));
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
    for (auto &[param, value] : general.args)
      if (!callee.locals.count(param->name.text))
        callee.locals[param->name.text] = value;
    Frame *caller = std::exchange(frame, &callee);
    ++quiet;
    bool fine = true;
    for (auto [leaf, v] : llvm::zip(leaves, operands)) {
      SymTensorType type = llvm::cast<SymTensorType>(v.getType());
      if (leaf.pattern) {
        type = evalTensorType(*leaf.pattern);
      } else {
        llvm::SmallVector<DimAttr> dims;
        for (DimAttr d : type.getDims())
          dims.push_back(d.getConstant() == 1 ? d : freshSize(d));
        type = type.withDims(dims);
      }
      fine &= bool(type);
      general.types.push_back(type);
    }
    bool wasPoisoned = caller->poisoned;
    frame = caller;
    FunctionInfo *function = fine ? instantiate(general, childPath, range) : nullptr;
    frame->poisoned = wasPoisoned;
    --quiet;
    auto conditional = [](mod::FuncOp op) { return op && (op.getGuards() || op.getRanges()); };
    if (function && !(untyped && (conditional(function->op) || conditional(function->train))))
      return emitCall(
          *function, *path, operands,
          [&](mlir::StringAttr s) {
            auto it = sizes.find(s.getValue());
            return it == sizes.end() ? DimAttr() : it->second;
          },
          range);
  }
  llvm::DenseSet<mlir::StringAttr> known;
  for (mlir::Value v : operands) {
    signature.types.push_back(llvm::cast<SymTensorType>(v.getType()));
    for (DimAttr d : signature.types.back().getDims())
      d.walkSymbols([&](mlir::StringAttr s) { known.insert(s); });
  }
  if (sized) {
    bool closed = true;
    for (auto &[param, value] : signature.args)
      mapLeaves(value, [&](const Value &v) -> std::optional<Value> {
        if (auto *d = v.get<DimValue>())
          d->dim.walkSymbols([&](mlir::StringAttr s) { closed &= known.contains(s); });
        return std::nullopt;
      });
    if (!closed)
      return notCompiled(range, "a size passed to a module that no tensor argument of the call has",
                         "pass a tensor of that size along");
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
