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
