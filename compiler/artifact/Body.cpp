// Bodies: stores the arguments of each launch, calls its kernel, stops at the first that fails; loops and branches
// round them. All sizes come from the plan, but for those that a loop's counter is part of.
#include "compiler/artifact/HostBuilder.h"
#include "compiler/artifact/HostCode.h"
#include "compiler/transform/Kernels.h"

using namespace llvm;
using namespace modc;
using namespace modc::artifact;

namespace {
/// `modc_rc launch(frame, kernel, args, launch)`: one for all bodies, so that each launch is a few instructions in
/// them.
llvm::Function *launcher(Module &host) {
  if (llvm::Function *f = host.getFunction("modc.launch"))
    return f;
  IRBuilder<> b(host.getContext());
  auto *type = FunctionType::get(b.getInt32Ty(), {b.getPtrTy(), b.getInt32Ty(), b.getPtrTy(), b.getInt32Ty()}, false);
  auto *f = llvm::Function::Create(type, GlobalValue::InternalLinkage, "modc.launch", host);
  setHostAttributes(*f);
  f->addFnAttr(Attribute::NoInline);
  auto block = [&](const char *name) { return BasicBlock::Create(host.getContext(), name, f); };
  Value *frame = f->getArg(0), *number = f->getArg(3);
  auto field = [&](Value *base, uint64_t bytes) { return b.CreateConstGEP1_64(b.getInt8Ty(), base, bytes); };
  auto ptr = [&](Value *at) { return b.CreateLoad(b.getPtrTy(), at); };

  b.SetInsertPoint(block("entry"));
  Value *traced =
      b.CreateICmpNE(b.CreateLoad(b.getInt32Ty(), field(frame, offsetof(modc_frame, trace))), b.getInt32(0));
  auto trace = [&](unsigned end) {
    BasicBlock *on = block("trace"), *off = block("next");
    b.CreateCondBr(traced, on, off);
    b.SetInsertPoint(on);
    Value *fn = ptr(field(ptr(field(frame, offsetof(modc_frame, rt))), offsetof(modc_rt, trace)));
    b.CreateCall(FunctionType::get(b.getVoidTy(), {b.getPtrTy(), b.getInt32Ty(), b.getInt32Ty()}, false), fn,
                 {frame, number, b.getInt32(end)});
    b.CreateBr(off);
    b.SetInsertPoint(off);
  };
  trace(0);
  Value *kernels = ptr(field(frame, offsetof(modc_frame, kernels)));
  Value *kernel = ptr(b.CreateGEP(b.getPtrTy(), kernels, b.CreateZExt(f->getArg(1), b.getInt64Ty())));
  Value *rc = b.CreateCall(FunctionType::get(b.getInt32Ty(), {b.getPtrTy(), b.getPtrTy()}, false), kernel,
                           {frame, f->getArg(2)});
  trace(1);
  BasicBlock *bad = block("failed"), *good = block("done");
  b.CreateCondBr(b.CreateICmpNE(rc, b.getInt32(0)), bad, good);
  b.SetInsertPoint(bad);
  b.CreateStore(b.CreateZExt(number, b.getInt64Ty()), field(frame, offsetof(modc_frame, info) + 2 * sizeof(int64_t)));
  b.CreateBr(good);
  b.SetInsertPoint(good);
  b.CreateRet(rc);
  return f;
}

class BodyBuilder {
public:
  BodyBuilder(Module &host, Inventory &inv, artifact::Function &f, std::vector<Launch> &launches,
              std::vector<int32_t> &aliases)
      : host(host), inv(inv), f(f), launches(launches), aliases(aliases),
        h(host, ("modc.f." + inv.classes[f.cls].op.getSymName() + "." + f.op.getSymName()).str(), 3) {}

  Expected<llvm::Function *> build() {
    bindArguments();
    args = h.b.CreateAlloca(h.b.getInt64Ty(), h.i64(widestLaunch()));
    args->setAlignment(Align(64));
    aliases.assign(f.outputs, MODC_NONE);
    if (Error e = emitBlock(f.op.getBody().front())) {
      h.function->deleteBody();
      return std::move(e);
    }
    return h.function;
  }

private:
  Error emitBlock(mlir::Block &block) {
    for (mlir::Operation &op : block) {
      Error e = Error::success();
      if (auto launch = dyn_cast<mod::LaunchOp>(op))
        e = joinErrors(std::move(e), emitLaunch(launch));
      else if (auto key = dyn_cast<mod::KeyOp>(op))
        emitKey(key);
      else if (auto frameKey = dyn_cast<mod::FrameKeyOp>(op))
        values[frameKey.getKey()] = frameKeyValue();
      else if (isa<mod::ForOp, mod::WhileOp>(op))
        e = joinErrors(std::move(e), emitLoop(&op));
      else if (auto branch = dyn_cast<mod::IfOp>(op))
        e = joinErrors(std::move(e), emitBranch(branch));
      else if (auto ret = dyn_cast<mod::ReturnOp>(op))
        e = joinErrors(std::move(e), emitReturn(ret));
      else if (!isa<mod::YieldOp>(op))
        e = joinErrors(std::move(e),
                       createStringError("function " + f.name + " still holds " + op.getName().getStringRef()));
      if (e)
        return e;
    }
    return Error::success();
  }

  Value *frame() { return h.arg(0); }
  Value *frameKeyValue() { return h.loadI64(frame(), offsetof(modc_frame, key)); }
  Value *outData(unsigned i) { return h.loadPtr(h.arg(2), i * sizeof(modc_view) + offsetof(modc_view, data)); }

  void bindArguments() {
    unsigned input = 0, weight = 0, prepared = 0, state = 0;
    Value *weights = nullptr, *states = nullptr;
    auto table = [&](Value *&base, uint64_t field) { return base ? base : base = h.loadPtr(frame(), field); };
    for (mlir::BlockArgument a : f.op.getBody().getArguments()) {
      auto has = [&](StringRef mark) { return bool(f.op.getArgAttr(a.getArgNumber(), mark)); };
      if (has("mod.key"))
        values[a] = frameKeyValue();
      else if (has("mod.weight"))
        values[a] = h.loadPtr(table(weights, offsetof(modc_frame, weights)), 8 * weight++);
      else if (has("mod.prepared"))
        values[a] = h.loadPtr(table(weights, offsetof(modc_frame, weights)), 8 * (f.weights.size() + prepared++));
      else if (has("mod.state"))
        values[a] = h.loadPtr(table(states, offsetof(modc_frame, state)), 8 * state++);
      else
        values[a] = h.loadPtr(h.arg(1), input++ * sizeof(modc_view) + offsetof(modc_view, data));
    }
  }

  unsigned widestLaunch() {
    unsigned most = 1;
    f.op.walk([&](mod::LaunchOp l) {
      most = std::max<unsigned>(most, l.getArgs().size() + l.getResults().size() + l.getSizes().size());
    });
    return most;
  }

  Value *number(unsigned i) { return h.loadI64(h.loadPtr(frame(), offsetof(modc_frame, syms)), 8 * i); }
  Value *size(mod::DimAttr dim) {
    if (auto c = dim.getConstant())
      return h.i64(*c);
    bool counts = false;
    dim.walkSymbols([&](mlir::StringAttr name) { counts |= counters.contains(name.getValue()); });
    return counts ? amount(dim) : number(f.sizes.number(dim));
  }
  /// The value of a polynomial in sizes and counters of loops; it may be negative. Counters are below sizes that the
  /// plan has found to fit.
  Value *amount(mod::DimAttr dim) {
    Value *v = h.size(dim, [&](StringRef name) -> Value * {
      if (auto it = counters.find(name); it != counters.end())
        return it->second;
      return number(f.sizes.number(mod::DimAttr::symbol(dim.getContext(), name)));
    });
    (void)h.takeOverflow();
    return v;
  }

  /// Where result `i` of the function goes: an output, or a buffer that the runtime publishes.
  Expected<Value *> resultData(int64_t i) {
    if (i >= 0 && i < f.outputs)
      return outData(i);
    if (i < 0 || i >= f.op.getNumResults())
      return createStringError("function " + f.name + " places a value at output " + Twine(i) + ", which is not there");
    auto path = f.op.getResultAttrOfType<mlir::StringAttr>(i, "mod.write").getValue();
    auto r = inv.ref(f.cls, path);
    if (!r)
      return r.takeError();
    for (auto [k, w] : llvm::enumerate(f.writes))
      if (w.path == r->path && w.tensor == r->tensor)
        return h.loadPtr(h.loadPtr(frame(), offsetof(modc_frame, state)), 8 * k);
    llvm_unreachable("every written path is in writes");
  }

  Expected<Value *> place(mod::PlaceAttr p, mlir::Value v) {
    if (v)
      where[v] = p;
    if (Value *now = exchanged.lookup(p))
      return now;
    if (p.getKind() == "out") {
      placed[p.getIndex()] = v;
      return resultData(p.getIndex());
    }
    if (p.getKind() != "arena" || p.getIndex() < 0 || size_t(p.getIndex()) >= f.sizes.slots().size())
      return createStringError("function " + f.name + " has a place that is neither a slot of its arena nor an output");
    Value *arena = h.loadPtr(frame(), offsetof(modc_frame, arena));
    if (auto c = f.sizes.constantOffset(p.getIndex()))
      return h.address(arena, uint64_t(*c));
    return h.address(arena, number(f.sizes.offsetNumber(p.getIndex())));
  }

  Error emitLaunch(mod::LaunchOp op) {
    auto kernel = inv.module.lookupSymbol<mod::KernelOp>(op.getKernel());
    mlir::Block &body = kernel.getBody().front();
    if (body.getNumArguments() != op.getArgs().size() ||
        body.getTerminator()->getNumOperands() != op.getResults().size() ||
        kernel.getDims().size() != op.getSizes().size())
      return createStringError("function " + f.name + " launches @" + op.getKernel() +
                               " with other arguments than it takes");
    auto places = op.getPlaces();
    if (!op.getResults().empty() && (!places || places->size() != op.getResults().size()))
      return createStringError("function " + f.name + " has a launch of @" + op.getKernel() +
                               " without memory for its results");
    for (auto [i, v] : llvm::enumerate(op.getResults())) {
      auto at = place(cast<mod::PlaceAttr>((*places)[i]), v);
      if (!at)
        return at.takeError();
      values[v] = *at;
    }
    // A kernel that writes a slice writes it into its first argument.
    bool slice = kernel.getKind() == kSlice && op.getResults().size() == 1;
    if (slice)
      move(op.getArgs()[0], op.getResult(0), values[op.getResult(0)]);
    unsigned word = 0;
    auto put = [&](Value *v) { h.store(v, args, 8 * word++); };
    for (auto [i, v] : llvm::enumerate(op.getArgs()))
      put(slice && i == 0 ? values[op.getResult(0)] : values[v]);
    for (mlir::Value v : op.getResults())
      put(values[v]);
    for (auto dim : op.getSizes().getAsRange<mod::DimAttr>())
      put(size(dim));
    unsigned k = inv.kernelNumber.lookup(kernel);
    h.returnIfNot0(h.b.CreateCall(launcher(host), {frame(), h.b.getInt32(k), args, h.b.getInt32(launches.size())}));
    launches.push_back({k, op});
    return Error::success();
  }

  void emitKey(mod::KeyOp op) {
    Value *key = values[op.getKey()];
    if (auto iterations = op.getIterations())
      for (auto dim : iterations->getAsRange<mod::DimAttr>())
        key = emitFold(h.b, key, amount(dim));
    values[op.getFolded()] = emitFold(h.b, key, h.i64(op.getSalt()));
  }

  /// The places of a loop's or branch's results.
  Expected<SmallVector<Value *>> placesOf(mlir::Operation *op) {
    auto places = op->getAttrOfType<mlir::ArrayAttr>("mod.places");
    if (!places || places.size() != op->getNumResults())
      return createStringError("function " + f.name + " has a loop or branch without memory for its results");
    SmallVector<Value *> all;
    for (auto [p, v] : llvm::zip(places.getAsRange<mod::PlaceAttr>(), op->getResults())) {
      auto at = place(p, v);
      if (!at)
        return at.takeError();
      all.push_back(*at);
    }
    return all;
  }

  /// Brings a value to where `result` lies, if it is not made there.
  void move(mlir::Value v, mlir::Value result, Value *to) {
    if (where.lookup(v) && where.lookup(v) == where.lookup(result))
      return;
    Value *from = values[v], *count = bytesOf(v);
    h.when(h.b.CreateICmpNE(to, from), [&] { h.b.CreateMemCpy(to, MaybeAlign(), from, MaybeAlign(), count); });
  }

  Value *bytesOf(mlir::Value v) {
    auto type = cast<mod::SymTensorType>(v.getType());
    return size(type.getCount().times(mod::DimAttr::constant(type.getContext(), elementBytes(type.getElementType()))));
  }

  /// Whether a bool in memory holds.
  Value *holds(mlir::Value v) { return h.b.CreateICmpNE(h.b.CreateLoad(h.b.getInt8Ty(), values[v]), h.b.getInt8(0)); }

  /// What a loop carries is in one place from round to round, or in two that change places after each.
  Error emitLoop(mlir::Operation *op) {
    auto counted = dyn_cast<mod::ForOp>(op);
    mlir::Block &body = op->getRegions().back().front();
    auto homes = placesOf(op);
    if (!homes)
      return homes.takeError();
    auto places = op->getAttrOfType<mlir::ArrayAttr>("mod.places");
    auto spares = op->getAttrOfType<mlir::DenseI64ArrayAttr>("mod.spares");
    struct Pair {
      unsigned carried;
      mod::PlaceAttr first, second;
      Value *home, *spare;
      PHINode *now = nullptr, *next = nullptr;
    };
    SmallVector<Pair> pairs;
    for (auto [k, result] : enumerate(op->getResults())) {
      move(op->getOperand(k), result, (*homes)[k]);
      auto home = cast<mod::PlaceAttr>(places[k]);
      for (mlir::Region &region : op->getRegions()) {
        values[region.getArgument(k)] = (*homes)[k];
        where[region.getArgument(k)] = home;
      }
      if (!spares || spares[k] < 0)
        continue;
      auto second = mod::PlaceAttr::get(op->getContext(), "arena", spares[k]);
      auto spare = place(second, mlir::Value());
      if (!spare)
        return spare.takeError();
      pairs.push_back({unsigned(k), home, second, (*homes)[k], *spare});
    }
    Value *count = counted ? amount(counted.getCount()) : nullptr;
    std::string name = (counted ? counted.getIteration() : cast<mod::WhileOp>(op).getIteration()).str();

    BasicBlock *before = h.b.GetInsertBlock(), *round = h.block("round"), *work = h.block("body"),
               *after = h.block("after");
    h.b.CreateBr(round);
    h.b.SetInsertPoint(round);
    PHINode *i = h.b.CreatePHI(h.b.getInt64Ty(), 2, name);
    i->addIncoming(h.i64(0), before);
    auto outer = exchanged;
    for (Pair &pair : pairs) {
      pair.now = h.b.CreatePHI(h.b.getPtrTy(), 2);
      pair.next = h.b.CreatePHI(h.b.getPtrTy(), 2);
      pair.now->addIncoming(pair.home, before);
      pair.next->addIncoming(pair.spare, before);
      exchanged[pair.first] = pair.now;
      exchanged[pair.second] = pair.next;
      for (mlir::Region &region : op->getRegions())
        values[region.getArgument(pair.carried)] = pair.now;
    }
    counters[name] = i;
    Value *goesOn = counted ? h.b.CreateICmpSLT(i, count) : nullptr;
    if (auto loop = dyn_cast<mod::WhileOp>(op)) {
      mlir::Block &condition = loop.getCondition().front();
      if (Error e = emitBlock(condition))
        return e;
      goesOn = holds(condition.getTerminator()->getOperand(0));
    }
    h.b.CreateCondBr(goesOn, work, after);
    h.b.SetInsertPoint(work);
    if (Error e = emitBlock(body))
      return e;
    BasicBlock *last = h.b.GetInsertBlock();
    i->addIncoming(h.b.CreateAdd(i, h.i64(1)), last);
    for (Pair &pair : pairs) {
      pair.now->addIncoming(pair.next, last);
      pair.next->addIncoming(pair.now, last);
    }
    h.b.CreateBr(round);
    h.b.SetInsertPoint(after);
    counters.erase(name);
    exchanged = outer;
    for (auto [result, home] : zip(op->getResults(), *homes)) {
      values[result] = home;
      notePlaced(result);
    }
    for (Pair &pair : pairs) {
      Value *bytes = bytesOf(op->getResult(pair.carried));
      h.when(h.b.CreateICmpNE(pair.home, pair.now),
             [&] { h.b.CreateMemCpy(pair.home, MaybeAlign(), pair.now, MaybeAlign(), bytes); });
    }
    return Error::success();
  }

  Error emitBranch(mod::IfOp op) {
    auto places = placesOf(op);
    if (!places)
      return places.takeError();
    BasicBlock *sides[] = {h.block("then"), h.block("else")}, *after = h.block("after");
    h.b.CreateCondBr(holds(op->getOperand(0)), sides[0], sides[1]);
    for (auto [side, region] : zip(sides, op->getRegions())) {
      h.b.SetInsertPoint(side);
      if (Error e = emitBlock(region.front()))
        return e;
      for (auto [k, v] : enumerate(region.front().getTerminator()->getOperands()))
        move(v, op->getResult(k), (*places)[k]);
      h.b.CreateBr(after);
    }
    h.b.SetInsertPoint(after);
    for (auto [result, at] : zip(op->getResults(), *places)) {
      values[result] = at;
      notePlaced(result);
    }
    return Error::success();
  }

  /// An output is what was written there last.
  void notePlaced(mlir::Value v) {
    if (mod::PlaceAttr at = where.lookup(v); at.getKind() == "out")
      placed[at.getIndex()] = v;
  }

  /// Copies what no launch wrote to its output: an input handed through, a weight, a value returned twice.
  Error emitReturn(mod::ReturnOp op) {
    for (auto [i, v] : llvm::enumerate(op.getValues())) {
      if (auto it = placed.find(i); it != placed.end() && it->second == v)
        continue;
      auto to = resultData(i);
      if (!to)
        return to.takeError();
      Value *from = values[v], *count = bytesOf(v);
      Value *wanted = h.b.CreateAnd(h.b.CreateIsNotNull(*to), h.b.CreateICmpNE(*to, from));
      h.when(wanted, [&] { h.b.CreateMemCpy(*to, MaybeAlign(), from, MaybeAlign(), count); });
      if (auto a = dyn_cast<mlir::BlockArgument>(v); a && i < f.outputs)
        if (auto *port = llvm::find(f.inputs, a.getArgNumber()); port != f.inputs.end())
          aliases[i] = int32_t(port - f.inputs.begin());
    }
    h.ret(MODC_OK);
    return Error::success();
  }

  Module &host;
  Inventory &inv;
  artifact::Function &f;
  std::vector<Launch> &launches;
  std::vector<int32_t> &aliases;
  HostBuilder h;
  AllocaInst *args = nullptr;
  mlir::DenseMap<mlir::Value, Value *> values;
  mlir::DenseMap<mlir::Value, mod::PlaceAttr> where;
  /// Places that change with a loop's rounds, and counters of the loops round here.
  mlir::DenseMap<mlir::Attribute, Value *> exchanged;
  StringMap<Value *> counters;
  std::map<int64_t, mlir::Value> placed;
};
} // namespace

Expected<llvm::Function *> modc::artifact::emitBody(Module &host, Inventory &inv, artifact::Function &f,
                                                    std::vector<Launch> &launches, std::vector<int32_t> &aliases) {
  return BodyBuilder(host, inv, f, launches, aliases).build();
}
