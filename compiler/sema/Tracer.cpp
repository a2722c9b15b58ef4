// Tracing methods into functions: one for each method, class and kind of arguments; with `training` where it is read.
#include "compiler/sema/Elaborator.h"
#include "compiler/sema/Holes.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

static constexpr unsigned kMaxVariants = 256;

/// Whether a value of a signature is the `int` argument that its `next`th argument passes.
static bool passesSize(llvm::ArrayRef<mlir::Attribute> scalars, size_t next, const Value &v) {
  auto *d = v.get<DimValue>();
  auto name = d && next < scalars.size() ? llvm::dyn_cast_or_null<mlir::StringAttr>(scalars[next]) : mlir::StringAttr();
  return name && d->dim.getSymbol() == name;
}

std::string Elaborator::signatureKey(const Signature &signature) {
  auto &inside = paths(*signature.info->representative);
  std::string key = signature.decl->name.text.str() + "(";
  size_t next = 0;
  for (auto &[param, value] : signature.args) {
    Value shown = mapLeaves(value, [&](const Value &v) -> std::optional<Value> {
      next += passesSize(signature.scalars, next, v);
      if (!isHole(v))
        return std::nullopt;
      // Not the text for users: two types may read alike there.
      std::string type = signature.scalars[next] ? "number" : "";
      llvm::raw_string_ostream os(type);
      os << mlir::Type(signature.types[next++]);
      return Value(type);
    });
    key += param->name.text.str() + "=" + keyText(shown, inside) + ";";
  }
  return key + ")";
}

mlir::StringAttr modc::sema::partOf(const Multiple &multiple) {
  return mlir::StringAttr::get(multiple.size.getContext(), multiple.size.getValue() + "." + llvm::Twine(multiple.by));
}

llvm::SmallVector<Multiple> Elaborator::takeMultiples(Signature &signature) {
  llvm::SmallVector<Multiple> found;
  Frame scope;
  scope.file = signature.info->representative->cls->file;
  scope.self = signature.info->representative;
  scope.function = signature.decl;
  for (auto &name : signature.bound)
    scope.locals[name.first()] = name.second;
  Frame *outer = std::exchange(frame, &scope);
  ++quiet;
  // size % by == 0, for a size of the signature and a number.
  auto one = [&](const ast::CompareExpr &compare) {
    auto *mod = llvm::dyn_cast<ast::BinaryExpr>(compare.operands[0]);
    auto *zero = llvm::dyn_cast<ast::IntExpr>(compare.operands[1]);
    auto *name = mod && mod->op == ast::BinaryOp::mod ? llvm::dyn_cast<ast::NameExpr>(mod->lhs) : nullptr;
    if (!name || !zero || zero->value != 0)
      return;
    auto size = signature.bound.find(name->name);
    Value by = eval(*mod->rhs);
    DimAttr d = size == signature.bound.end() ? DimAttr() : asDim(ctx, size->second);
    auto *n = by.get<int64_t>();
    bool known = d && d.getSymbol() && n && *n > 1 && *n < (1 << 30) && !d.getSymbol().getValue().contains('.');
    if (known && llvm::none_of(found, [&](const Multiple &m) { return m.size == d.getSymbol(); }))
      found.push_back({d.getSymbol(), *n, sources.text(compare.range).str()});
  };
  auto walk = [&](auto &&self, const ast::Expr &cond) -> void {
    if (auto *logic = llvm::dyn_cast<ast::LogicExpr>(&cond); logic && logic->op == ast::LogicOp::logicalAnd) {
      self(self, *logic->lhs);
      self(self, *logic->rhs);
    } else if (auto *compare = llvm::dyn_cast<ast::CompareExpr>(&cond);
               compare && compare->ops.size() == 1 && compare->ops[0] == ast::CompareOp::eq) {
      one(*compare);
    }
  };
  for (const ast::Stmt *stmt : signature.decl->body) {
    auto *assertion = llvm::dyn_cast<ast::AssertStmt>(stmt);
    if (!assertion)
      break;
    walk(walk, *assertion->cond);
  }
  --quiet;
  frame = outer;
  // An `int` argument stays as it is given.
  llvm::erase_if(found,
                 [&](const Multiple &m) { return llvm::is_contained(signature.scalars, mlir::Attribute(m.size)); });
  auto rewrite = [&](DimAttr d) {
    return d.substitute([&](mlir::StringAttr s) {
      for (const Multiple &m : found)
        if (m.size == s)
          return DimAttr::symbol(ctx, partOf(m).getValue()).times(DimAttr::constant(ctx, m.by));
      return DimAttr();
    });
  };
  auto rewriteValue = [&](const Value &v) -> std::optional<Value> {
    if (auto *d = v.get<DimValue>())
      return makeDim(rewrite(d->dim));
    return std::nullopt;
  };
  if (found.empty())
    return found;
  for (SymTensorType &type : signature.types) {
    llvm::SmallVector<DimAttr> dims;
    for (DimAttr d : type.getDims())
      dims.push_back(rewrite(d));
    type = type.withDims(dims);
  }
  for (auto &name : signature.bound)
    name.second = mapLeaves(name.second, rewriteValue);
  for (auto &[param, value] : signature.args)
    value = mapLeaves(value, rewriteValue);
  if (signature.pack)
    for (DimAttr &d : *signature.pack)
      d = rewrite(d);
  return found;
}

/// Operations without effects whose results nothing uses.
static void dropUnused(mlir::Block &block) {
  for (mlir::Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    for (mlir::Region &region : op.getRegions())
      dropUnused(region.front());
    if (op.use_empty() && !op.hasTrait<mlir::OpTrait::IsTerminator>() &&
        (mlir::isMemoryEffectFree(&op) || llvm::isa<mod::GetOp>(op)))
      op.erase();
  }
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
  for (SymTensorType type : signature.types)
    for (DimAttr d : type.getDims())
      d.walkSymbols([&](mlir::StringAttr s) { trace.taken.insert(s.getValue()); });
  callee.trace = &trace;

  size_t next = 0;
  for (auto &[param, value] : signature.args)
    callee.locals[param->name.text] = mapLeaves(value, [&](const Value &v) -> std::optional<Value> {
      next += passesSize(signature.scalars, next, v);
      if (!isHole(v))
        return std::nullopt;
      bool number = bool(signature.scalars[next]);
      return TensorValue{block.getArgument(next++), number};
    });
  for (mlir::Attribute scalar : signature.scalars)
    if (auto size = llvm::dyn_cast_or_null<mlir::StringAttr>(scalar))
      trace.ints.insert(size), trace.taken.insert(size.getValue());

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
      suggestReturn(report(diag::missingReturn, decl.name.range, decl.name.text), decl);
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
  for (mlir::Attribute scalar : signature.scalars)
    if (auto size = llvm::dyn_cast_or_null<mlir::StringAttr>(scalar))
      dims.insert(size);
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
  auto named = [&](llvm::ArrayRef<std::string> names, llvm::ArrayRef<mlir::Attribute> scalars) {
    llvm::SmallVector<mlir::Attribute> attrs;
    for (auto [i, name] : llvm::enumerate(names)) {
      llvm::SmallVector<mlir::NamedAttribute> entries = {attr("mod.name", builder.getStringAttr(name))};
      if (i < scalars.size() && scalars[i])
        entries.push_back(attr("mod.scalar", scalars[i]));
      attrs.push_back(builder.getDictionaryAttr(entries));
    }
    return builder.getArrayAttr(attrs);
  };
  if (!signature.names.empty())
    func.setArgAttrsAttr(named(signature.names, signature.scalars));
  std::vector<std::string> names;
  resultNames(decl, result, names);
  if (!names.empty())
    func.setResAttrsAttr(named(names, {}));
  return func;
}

FunctionInfo *Elaborator::instantiate(const Signature &asked, llvm::StringRef path, SourceRange range) {
  Signature signature = asked;
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
  function.multiples = takeMultiples(signature);
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
  llvm::SmallVector<mlir::Attribute> attributes;
  for (const ast::Attribute &attribute : signature.decl->attrs)
    attributes.push_back(mlir::StringAttr::get(ctx, attribute.name.text));
  for (mod::FuncOp op : {function.op, function.train})
    if (op && !attributes.empty())
      op->setAttr("mod.attributes", mlir::ArrayAttr::get(ctx, attributes));
  for (mod::FuncOp op : {function.op, function.train})
    if (op && !statics.empty())
      op->setAttr("mod.statics", mlir::ArrayAttr::get(ctx, statics));
  function.state = FunctionInfo::Done;
  return &function;
}

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
