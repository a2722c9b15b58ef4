// The walk of the reference interpreter; see Interpreter.h.
#include "dialect/reference/Interpreter.h"
#include "dialect/reference/Binding.h"
#include "dialect/reference/Constants.h"
#include "modrt/abi.h"
#include "llvm/Support/SaveAndRestore.h"
#include <numbers>

using namespace mlir;
using namespace modc::mod;
using namespace modc::reference;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// Calls nested deeper than this never end.
static constexpr int kMaxDepth = 500;

/// A function, piece, kernel or program that is running.
struct Interpreter::Frame {
  Instance *self; ///< null in kernels and prepares
  Evaluator ev;
  std::string where; ///< for messages: "encoder.layers.0 (forward)"
};

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

Evaluator Interpreter::evaluator(uint64_t key) const {
  Evaluator ev(options.exact);
  ev.call = options.call;
  ev.frameKey = key;
  ev.maxElements = options.maxElements;
  return ev;
}

Expected<Operation *> Interpreter::method(Instance *self, StringRef name, Form form) {
  StringRef role = options.training ? "train" : "eval";
  ClassOp cls = self->cls;
  if (form == Form::Auto) {
    if (options.training)
      if (auto func = cls.lookupSymbol<FuncOp>((name + ".train").str()); func && !func->hasAttr("mod.role"))
        return func.getOperation();
    if (auto func = cls.lookupSymbol<FuncOp>(name))
      return func.getOperation();
  }
  if (form == Form::Composed)
    for (StringRef of : {role, StringRef("eval")})
      if (auto program = cls.lookupSymbol<ProgramOp>((name + "." + of + ".composed").str()))
        if (of == role || program->hasAttr("mod.both_modes"))
          return program.getOperation();
  for (auto func : cls.getBody().getOps<FuncOp>()) {
    auto of = func->getAttrOfType<StringAttr>("mod.method"), r = func->getAttrOfType<StringAttr>("mod.role");
    bool serves = r && (r.getValue() == role || func->hasAttr("mod.both_modes"));
    if (of && of.getValue() == name && serves && !func->hasAttr("mod.piece"))
      return func.getOperation();
  }
  return createStringError("class @" + cls.getSymName() + " has no method `" + name + "`" +
                           (form == Form::Auto ? "" : " in role " + role));
}

static StringRef methodName(Operation *op) {
  if (auto name = op->getAttrOfType<StringAttr>("mod.method"))
    return name;
  return cast<StringAttr>(op->getAttr(SymbolTable::getSymbolAttrName())).getValue();
}

static std::string whereOf(Instance *self, Operation *op) {
  return (self->path.empty() ? self->cls.getSource().str() : self->path) + " (" + methodName(op).str() + ")";
}

/// Binds a block's arguments; counts and kinds must agree.
template <typename F> static Error enter(Block &block, Evaluator &ev, F argument, StringRef what) {
  Binder binder(ev);
  for (BlockArgument formal : block.getArguments()) {
    auto given = argument(formal.getArgNumber());
    if (!given)
      return given.takeError();
    if (isa<RngType>(formal.getType()) != !given->array)
      return createStringError(what + ": argument " + Twine(formal.getArgNumber()) + " is of another kind");
    if (!given->array) {
      ev.setKey(formal, given->key);
      continue;
    }
    if (!isa<SymTensorType>(formal.getType()))
      return createStringError(what + ": argument " + Twine(formal.getArgNumber()) + " is no tensor");
    ev.set(formal, given->array);
    // An `int` argument gives a size its value.
    if (auto all = block.getParentOp()->getAttrOfType<ArrayAttr>("arg_attrs");
        all && formal.getArgNumber() < all.size())
      if (auto size = cast<DictionaryAttr>(all[formal.getArgNumber()]).getAs<StringAttr>("mod.scalar");
          size && given->array->i.size() == 1)
        ev.sizes[size.str()] = given->array->i.front();
    std::string name = ("argument " + Twine(formal.getArgNumber())).str();
    if (auto func = dyn_cast<FuncOp>(block.getParentOp()))
      for (StringRef key : {"mod.name", "mod.weight", "mod.state"})
        if (auto attr = func.getArgAttrOfType<StringAttr>(formal.getArgNumber(), key))
          name = attr.str();
    if (Error e = binder.add(name, formal.getType(), *given->array))
      return e;
  }
  return binder.finish();
}

Expected<Interpreter::Arguments> Interpreter::call(Instance *self, StringRef name, Form form, ArrayRef<Argument> inputs,
                                                   uint64_t key, const std::map<std::string, int64_t> &sizes) {
  auto callee = method(self, name, form);
  if (!callee)
    return callee.takeError();
  if (auto func = dyn_cast<FuncOp>(*callee))
    return callFunction(self, func, inputs, key, sizes);

  auto program = cast<ProgramOp>(*callee);
  Frame frame{self, evaluator(key), whereOf(self, program)};
  frame.ev.sizes = sizes;
  Block &block = program.getBody().front();
  if (block.getNumArguments() != inputs.size())
    return createStringError(frame.where + ": takes " + Twine(block.getNumArguments()) + " inputs, got " +
                             Twine(inputs.size()));
  if (Error e = enter(block, frame.ev, [&](unsigned i) -> Expected<Argument> { return inputs[i]; }, "program"))
    return located(frame.where, program, std::move(e));
  return runBlock(frame, block);
}

Expected<Interpreter::Arguments> Interpreter::callFunction(Instance *self, FuncOp func, ArrayRef<Argument> inputs,
                                                           uint64_t key, const std::map<std::string, int64_t> &sizes) {
  Frame frame{self, evaluator(key), whereOf(self, func)};
  frame.ev.sizes = sizes;
  if (func.isExternal())
    return createStringError(frame.where + ": has no body");
  // Inputs first, then what the function reads of the tree.
  size_t taken = 0;
  auto argument = [&](unsigned i) -> Expected<Argument> {
    for (StringRef kind : {"mod.weight", "mod.state"})
      if (auto path = func.getArgAttrOfType<StringAttr>(i, kind)) {
        auto leaf = state->leaf(self, path);
        if (!leaf)
          return leaf.takeError();
        return Argument{(*leaf)->value};
      }
    if (auto block = func.getArgAttrOfType<FlatSymbolRefAttr>(i, "mod.prepared")) {
      auto sources = func.getArgAttrOfType<ArrayAttr>(i, "mod.sources");
      auto made = prepare(self, block.getValue(), sources ? sources : ArrayAttr::get(func.getContext(), {}));
      if (!made)
        return made.takeError();
      return Argument{*made};
    }
    if (func.getArgAttr(i, "mod.key"))
      return Argument{nullptr, key};
    if (taken == inputs.size())
      return createStringError("got " + Twine(inputs.size()) + " inputs, which are too few");
    return inputs[taken++];
  };
  Error entered = enter(func.getBody().front(), frame.ev, argument, "function");
  if (!entered && taken != inputs.size())
    entered = createStringError("takes " + Twine(taken) + " inputs, got " + Twine(inputs.size()));
  if (!entered)
    entered = checkFacts(func, frame.ev);
  if (entered)
    return located(frame.where, func, std::move(entered));

  auto results = runBlock(frame, func.getBody().front());
  if (!results)
    return results.takeError();
  Arguments outputs;
  for (auto [i, result] : llvm::enumerate(*results)) {
    if (auto path = func.getResultAttrOfType<StringAttr>(i, "mod.write")) {
      auto leaf = state->leaf(self, path);
      if (!leaf)
        return leaf.takeError();
      (*leaf)->value = result.array;
    } else {
      outputs.push_back(result);
    }
  }
  return outputs;
}

Expected<std::shared_ptr<const Array>> Interpreter::prepare(Instance *self, StringRef name, ArrayAttr sources) {
  auto op = module.lookupSymbol<PrepareOp>(name);
  if (!op)
    return createStringError("there is no prepare @" + name);
  std::vector<std::shared_ptr<const Array>> from;
  for (Attribute path : sources) {
    auto text = dyn_cast<StringAttr>(path);
    if (!text)
      return createStringError("sources of a prepared argument are paths");
    auto leaf = state->leaf(self, text);
    if (!leaf)
      return leaf.takeError();
    from.push_back((*leaf)->value);
  }
  auto &made = prepared[{op.getOperation(), from}];
  if (made)
    return made;
  Frame frame{nullptr, evaluator(0), "prepare @" + name.str()};
  Block &block = op.getBody().front();
  if (block.getNumArguments() != from.size())
    return createStringError(frame.where + ": takes " + Twine(block.getNumArguments()) + " sources, got " +
                             Twine(from.size()));
  if (Error e =
          enter(block, frame.ev, [&](unsigned i) -> Expected<Argument> { return Argument{from[i]}; }, frame.where))
    return std::move(e);
  auto results = runBlock(frame, block);
  if (!results)
    return results.takeError();
  if (results->size() != 1 || !results->front().array)
    return createStringError(frame.where + ": yields no single tensor");
  return made = results->front().array;
}

Expected<Interpreter::Arguments> Interpreter::launch(Frame &frame, LaunchOp op) {
  auto kernel = module.lookupSymbol<KernelOp>(op.getKernel());
  if (!kernel)
    return createStringError("there is no kernel @" + op.getKernel());
  Frame inside{nullptr, evaluator(0), frame.where + ", kernel @" + op.getKernel().str()};
  Block &block = kernel.getBody().front();
  if (kernel.getDims().size() != op.getSizes().size() || block.getNumArguments() != op.getArgs().size())
    return createStringError("launch and kernel @" + op.getKernel() + " differ in the number of sizes or arguments");
  for (auto [name, size] : llvm::zip(kernel.getDims().getAsValueRange<StringAttr>(), op.getSizes())) {
    auto value = frame.ev.size(cast<DimAttr>(size));
    if (!value)
      return createStringError("size " + cast<DimAttr>(size).text() + " has no value");
    inside.ev.sizes[name.str()] = *value;
  }
  auto argument = [&](unsigned i) -> Expected<Argument> {
    Value v = op.getArgs()[i];
    if (isa<RngType>(v.getType()))
      return Argument{nullptr, frame.ev.getKey(v)};
    return Argument{frame.ev.share(v)};
  };
  if (Error e = enter(block, inside.ev, argument, "kernel @" + op.getKernel().str()))
    return std::move(e);
  return runBlock(inside, block);
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

Expected<Interpreter::Arguments> Interpreter::runBlock(Frame &frame, Block &block) {
  llvm::SaveAndRestore nested(depth, depth + 1);
  if (depth > kMaxDepth)
    return createStringError(frame.where + ": calls are nested more than " + Twine(kMaxDepth) + " deep");
  for (Operation &op : block) {
    if (!isa<ReturnOp, YieldOp>(op)) {
      if (Error e = runOp(frame, &op))
        return std::move(e);
      continue;
    }
    Arguments results;
    for (Value v : op.getOperands()) {
      if (isa<RngType>(v.getType()))
        results.push_back({nullptr, frame.ev.getKey(v)});
      else if (frame.ev.has(v))
        results.push_back({frame.ev.share(v)});
      else
        return located(frame.where, &op, createStringError("returns a value that is no tensor"));
    }
    return results;
  }
  return createStringError(frame.where + ": ends without returning");
}

/// Takes what a callee returned as the results of `op`, and binds the sizes that it makes.
template <typename R> static Error accept(Evaluator &ev, Operation *op, R &results, StringRef callee) {
  if (results.size() != op->getNumResults())
    return createStringError(callee + " returned " + Twine(results.size()) + " values, expected " +
                             Twine(op->getNumResults()));
  Binder binder(ev);
  for (auto [i, result] : llvm::enumerate(results)) {
    if (!result.array || !isa<SymTensorType>(op->getResult(i).getType()))
      return createStringError(callee + " returned a value that is no tensor");
    ev.set(op->getResult(i), result.array);
    if (Error e = binder.add(("result " + Twine(i) + " of " + callee).str(), op->getResult(i).getType(), *result.array))
      return e;
  }
  return binder.finish();
}

/// Sizes that an operation makes anew may be others in the next round of a loop.
static void forget(Evaluator &ev, std::optional<ArrayAttr> fresh) {
  if (fresh)
    for (auto name : fresh->getAsRange<StringAttr>())
      ev.sizes.erase(name.str());
}

/// A key with the iterations of loops folded in, outermost first.
static Expected<uint64_t> foldIterations(const Evaluator &ev, uint64_t key, std::optional<ArrayAttr> iterations) {
  if (iterations)
    for (auto d : iterations->getAsRange<DimAttr>()) {
      auto n = ev.size(d);
      if (!n)
        return createStringError("iteration " + d.text() + " has no value");
      key = modc_fold(key, uint64_t(*n));
    }
  return key;
}

Error Interpreter::runControl(Frame &frame, Operation *op) {
  Evaluator &ev = frame.ev;
  auto values = [&](ValueRange range) {
    Arguments out;
    for (Value v : range)
      out.push_back({ev.share(v)});
    return out;
  };
  auto run = [&](Region &region, ArrayRef<Argument> given) {
    for (auto [formal, value] : llvm::zip(region.getArguments(), given))
      ev.set(formal, value.array);
    return runBlock(frame, region.front());
  };
  // Carried values keep their types: one that came with other sizes is the mistake of a body.
  auto finish = [&](ArrayRef<Argument> results) -> Error {
    if (Error e = accept(ev, op, results, op->getName().stripDialect()))
      return located(frame.where, op, std::move(e));
    return Error::success();
  };

  if (auto branch = dyn_cast<IfOp>(op)) {
    auto results = run(ev.get(branch.getCondition()).i[0] ? branch.getThen() : branch.getOtherwise(), {});
    return results ? finish(*results) : results.takeError();
  }
  Arguments carried = values(op->getOperands());
  std::string name = boundName(op).str();
  auto loop = dyn_cast<ForOp>(op);
  int64_t count = std::numeric_limits<int64_t>::max();
  if (loop) {
    auto n = ev.size(loop.getCount());
    if (!n)
      return located(frame.where, op, createStringError("count " + loop.getCount().text() + " has no value"));
    count = *n;
  }
  for (int64_t i = 0; i < count; ++i) {
    ev.sizes[name] = i;
    if (auto whiles = dyn_cast<WhileOp>(op)) {
      auto holds = run(whiles.getCondition(), carried);
      if (!holds)
        return holds.takeError();
      if (!holds->front().array->i[0])
        break;
    }
    auto next = run(loop ? loop.getBody() : cast<WhileOp>(op).getBody(), carried);
    if (!next)
      return next.takeError();
    carried = std::move(*next);
  }
  ev.sizes.erase(name);
  return finish(carried);
}

Error Interpreter::runOp(Frame &frame, Operation *op) {
  Evaluator &ev = frame.ev;
  auto arguments = [&](ValueRange values) {
    Arguments out;
    for (Value v : values)
      out.push_back({ev.share(v)});
    return out;
  };
  auto fail = [&](Error e) { return located(frame.where, op, std::move(e)); };

  if (auto prim = dyn_cast<EvalOpInterface>(op)) {
    if (Error e = prim.eval(ev))
      return fail(std::move(e));
    return Error::success();
  }
  if (isa<ForOp, WhileOp, IfOp>(op))
    return runControl(frame, op);
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    auto array = toArray(constant.getValue());
    if (!array)
      return fail(createStringError("constant of a type that is no tensor of ours"));
    ev.set(constant, std::move(*array));
    return Error::success();
  }
  if (auto key = dyn_cast<FrameKeyOp>(op)) {
    ev.setKey(key, ev.frameKey);
    return Error::success();
  }
  if (auto key = dyn_cast<KeyOp>(op)) {
    auto in = foldIterations(ev, ev.getKey(key.getKey()), key.getIterations());
    if (!in)
      return fail(in.takeError());
    ev.setKey(key, modc_fold(*in, uint64_t(key.getSalt())));
    return Error::success();
  }
  if (auto assume = dyn_cast<AssumeOp>(op)) {
    Binder binder(ev);
    Error e = binder.add(assume.getWhat(), assume.getY().getType(), ev.get(assume.getX()));
    if (!e)
      e = binder.finish();
    if (e)
      return fail(std::move(e));
    ev.set(assume.getY(), ev.share(assume.getX()));
    return Error::success();
  }
  if (auto launchOp = dyn_cast<LaunchOp>(op)) {
    auto results = launch(frame, launchOp);
    if (!results)
      return fail(results.takeError());
    if (Error e = accept(ev, op, *results, launchOp.getKernel()))
      return fail(std::move(e));
    return Error::success();
  }
  if (!frame.self)
    return fail(createStringError("`" + op->getName().getStringRef() + "` does not belong here"));

  if (auto get = dyn_cast<GetOp>(op)) {
    auto leaf = state->leaf(frame.self, get.getPath());
    if (!leaf)
      return fail(leaf.takeError());
    if ((*leaf)->type != get.getType())
      return fail(createStringError("`" + get.getPath() + "` is " + (*leaf)->type.text() + ", not " +
                                    cast<SymTensorType>(get.getType()).text()));
    ev.set(get, (*leaf)->value);
    return Error::success();
  }
  if (auto set = dyn_cast<SetOp>(op)) {
    auto leaf = state->leaf(frame.self, set.getPath());
    if (!leaf)
      return fail(leaf.takeError());
    auto value = ev.share(set.getValue());
    if (value->dims != (*leaf)->value->dims || value->element != (*leaf)->value->element)
      return fail(createStringError("`" + set.getPath() + "` is " + (*leaf)->type.text() + ", not " + text(*value)));
    (*leaf)->value = value;
    return Error::success();
  }
  if (auto callOp = dyn_cast<CallOp>(op)) {
    auto child = state->find(frame.self, callOp.getChild());
    if (!child)
      return fail(child.takeError());
    auto in = foldIterations(ev, ev.frameKey, callOp.getIterations());
    if (!in)
      return fail(in.takeError());
    uint64_t key = modc_fold(modc_fold(*in, uint64_t(callOp.getSite())), modc_name(callOp.getChild().str().c_str()));
    Form form = op->getParentOfType<ProgramOp>() ? Form::Composed
                : options.form == Form::Fused    ? Form::Fused
                                                 : Form::Auto;
    auto results = call(*child, callOp.getMethod(), form, arguments(callOp.getArgs()), key);
    if (!results)
      return results.takeError();
    forget(ev, callOp.getFresh());
    if (Error e = accept(ev, op, *results, callOp.getMethod()))
      return fail(std::move(e));
    return Error::success();
  }
  if (auto run = dyn_cast<RunOp>(op)) {
    auto piece = frame.self->cls.lookupSymbol<FuncOp>(run.getPiece());
    if (!piece)
      return fail(createStringError("there is no piece @" + run.getPiece()));
    auto key = foldIterations(ev, ev.frameKey, run.getIterations());
    if (!key)
      return fail(key.takeError());
    std::map<std::string, int64_t> counters;
    if (auto loops = run.getIterations())
      for (auto d : loops->getAsRange<DimAttr>())
        if (StringAttr name = d.getSymbol())
          counters[name.str()] = *ev.size(d);
    auto results = callFunction(frame.self, piece, arguments(run.getArgs()), *key, counters);
    if (!results)
      return results.takeError();
    forget(ev, run.getFresh());
    if (Error e = accept(ev, op, *results, run.getPiece()))
      return fail(std::move(e));
    return Error::success();
  }
  return fail(createStringError("`" + op->getName().getStringRef() + "` is unknown to the interpreter"));
}

//===----------------------------------------------------------------------===//
// Exports
//===----------------------------------------------------------------------===//

Expected<Interpreter> Interpreter::load(ModuleOp module, StringRef exportName, Options options) {
  ExportOp root;
  std::string names;
  size_t count = 0;
  for (auto e : module.getOps<ExportOp>()) {
    ++count;
    names += (names.empty() ? "" : ", ") + e.getSymName().str();
    if (e.getSymName() == exportName || (exportName.empty() && !root))
      root = e;
  }
  if (!root || (exportName.empty() && count > 1))
    return createStringError(count == 0           ? "there is no export"
                             : exportName.empty() ? "choose an export: " + names
                                                  : "there is no export `" + exportName.str() + "`, but: " + names);
  auto tree = Tree::build(module, root, options.maxElements);
  if (!tree)
    return tree.takeError();
  Interpreter interpreter(module, root, std::move(*tree), options);
  if (Error e = interpreter.initialize())
    return std::move(e);
  return interpreter;
}

/// Initial values as modrt makes them (abi.h, Keys of random numbers).
Error Interpreter::initialize() {
  for (size_t i = 0; i < state->leaves.size(); ++i) {
    Leaf &leaf = state->leaves[i];
    auto init = leaf.declaration->getAttrOfType<InitAttr>("init");
    if (!init)
      continue;
    Array value = *leaf.value;
    uint64_t key = modc_fold(options.seed, modc_name(leaf.path.c_str()));
    Type stream = Float64Type::get(module.getContext());
    auto draw = [&](int64_t e) { return randomElement(key, options.call, e, stream); };
    double a = init.getA() ? init.getA().getValueAsDouble() : 0, b = init.getB() ? init.getB().getValueAsDouble() : 0;
    Evaluator ev(options.exact);
    if (init.getFn()) {
      // The holder of the leaf has the function.
      auto [holder, name] = StringRef(leaf.path).contains('.') ? StringRef(leaf.path).rsplit('.')
                                                               : std::pair{StringRef(), StringRef(leaf.path)};
      auto self = state->find(state->root(), holder);
      if (!self)
        return self.takeError();
      auto func = (*self)->cls.lookupSymbol<FuncOp>(init.getFn().getValue());
      if (!func)
        return createStringError(leaf.path + ": there is no initialiser @" + init.getFn().getValue());
      auto results = callFunction(*self, func, {}, key, {});
      if (!results)
        return results.takeError();
      if (results->size() != 1 || !results->front().array || results->front().array->dims != leaf.value->dims ||
          results->front().array->element != leaf.value->element)
        return createStringError(leaf.path + ": the initialiser gives no " + leaf.type.text());
      leaf.value = results->front().array;
      continue;
    }
    Array numbers = Array::make(stream, value.dims);
    for (int64_t e = 0, n = numbers.count(); e < n; ++e) {
      if (init.getKind() == "fill")
        numbers.f[e] = a;
      else if (init.getKind() == "uniform")
        numbers.f[e] = a + (b - a) * draw(e);
      else
        numbers.f[e] =
            a + b * (std::sqrt(-2 * std::log(1 - draw(2 * e))) * std::cos(2 * std::numbers::pi * draw(2 * e + 1)));
    }
    value = convertArray(numbers, value.element);
    ev.round(value);
    leaf.value = std::make_shared<const Array>(std::move(value));
  }
  ++options.call;
  return Error::success();
}

Error Interpreter::setState(StringRef path, Array value) {
  auto leaf = state->leaf(state->exported(), path);
  if (!leaf)
    return leaf.takeError();
  if (value.dims != (*leaf)->value->dims)
    return createStringError(path + ": expected " + (*leaf)->type.text() + ", got " + text(value));
  if (value.element != (*leaf)->value->element)
    value = convertArray(value, (*leaf)->value->element);
  Evaluator(options.exact).round(value);
  (*leaf)->value = std::make_shared<const Array>(std::move(value));
  return Error::success();
}

Expected<Array> Interpreter::getState(StringRef path) {
  auto leaf = state->leaf(state->exported(), path);
  if (!leaf)
    return leaf.takeError();
  return *(*leaf)->value;
}

static bool isInput(FuncOp func, unsigned i) {
  for (StringRef kind : {"mod.weight", "mod.state", "mod.prepared", "mod.key"})
    if (func.getArgAttr(i, kind))
      return false;
  return true;
}

/// Programs take names and order from the fused function beside them.
static FuncOp signature(Operation *callee, Instance *self) {
  if (auto func = dyn_cast<FuncOp>(callee))
    return func;
  StringRef name = cast<ProgramOp>(callee).getSymName();
  name.consume_back(".composed");
  return self->cls.lookupSymbol<FuncOp>(name);
}

Expected<std::vector<std::pair<std::string, SymTensorType>>> Interpreter::inputs() {
  auto callee = method(state->exported(), root.getMethod(), options.form);
  if (!callee)
    return callee.takeError();
  std::vector<std::pair<std::string, SymTensorType>> out;
  FuncOp func = signature(*callee, state->exported());
  if (!func)
    return createStringError("program @" + root.getMethod() + " has no function of its name beside it");
  for (auto [i, type] : llvm::enumerate(func.getArgumentTypes())) {
    if (!isInput(func, i))
      continue;
    auto name = func.getArgAttrOfType<StringAttr>(i, "mod.name");
    auto tensor = dyn_cast<SymTensorType>(type);
    if (!tensor)
      return createStringError("input " + Twine(i) + " of `" + root.getMethod() + "` is no tensor");
    out.emplace_back(name ? name.str() : "input" + std::to_string(i), tensor);
  }
  return out;
}

Expected<std::vector<NamedArray>> Interpreter::run(const std::map<std::string, Array> &given,
                                                   const std::map<std::string, int64_t> &sizes) {
  auto wanted = inputs();
  if (!wanted)
    return wanted.takeError();
  Arguments arguments;
  for (auto &[name, type] : *wanted) {
    auto it = given.find(name);
    if (it == given.end())
      return createStringError("input `" + name + "`: " + type.text() + " is missing");
    arguments.push_back({std::make_shared<const Array>(it->second)});
  }
  for (auto &[name, array] : given)
    if (llvm::none_of(*wanted, [&](auto &w) { return w.first == name; }))
      return createStringError("there is no input `" + name + "`");

  std::vector<std::shared_ptr<const Array>> before;
  for (Leaf &leaf : state->leaves)
    before.push_back(leaf.value);
  auto results = call(state->exported(), root.getMethod(), options.form, arguments, options.seed, sizes);
  if (!results) {
    for (auto [leaf, value] : llvm::zip(state->leaves, before))
      leaf.value = value;
    return results.takeError();
  }
  ++options.call;

  FuncOp func = signature(*method(state->exported(), root.getMethod(), options.form), state->exported());
  SmallVector<std::string> names;
  for (unsigned i = 0; i < func.getResultTypes().size(); ++i)
    if (!func.getResultAttr(i, "mod.write"))
      names.push_back(func.getResultAttrOfType<StringAttr>(i, "mod.name")
                          ? func.getResultAttrOfType<StringAttr>(i, "mod.name").str()
                          : "");
  std::vector<NamedArray> outputs;
  for (auto [i, result] : llvm::enumerate(*results)) {
    if (!result.array)
      return createStringError("output " + Twine(i) + " is no tensor");
    std::string name = i < names.size() ? names[i] : "";
    if (name.empty())
      name = results->size() == 1 ? "output" : "output" + std::to_string(i);
    outputs.push_back({name, *result.array});
  }
  return outputs;
}
