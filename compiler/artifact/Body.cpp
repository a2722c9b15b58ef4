// Bodies: stores the arguments of each launch, calls its kernel, stops at the first that fails. All sizes come from the
// plan.
#include "compiler/artifact/HostBuilder.h"
#include "compiler/artifact/HostCode.h"

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
    for (mlir::Operation &op : f.op.getBody().front()) {
      Error e = Error::success();
      if (auto launch = dyn_cast<mod::LaunchOp>(op))
        e = joinErrors(std::move(e), emitLaunch(launch));
      else if (auto key = dyn_cast<mod::KeyOp>(op))
        values[key.getFolded()] = emitFold(h.b, values[key.getKey()], uint64_t(key.getSalt()));
      else if (auto frameKey = dyn_cast<mod::FrameKeyOp>(op))
        values[frameKey.getKey()] = frameKeyValue();
      else if (auto ret = dyn_cast<mod::ReturnOp>(op))
        e = joinErrors(std::move(e), emitReturn(ret));
      else
        e = joinErrors(std::move(e),
                       createStringError("function " + f.name + " still holds " + op.getName().getStringRef()));
      if (e) {
        h.function->deleteBody();
        return std::move(e);
      }
    }
    return h.function;
  }

private:
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
    return number(f.sizes.number(dim));
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
    unsigned word = 0;
    auto put = [&](Value *v) { h.store(v, args, 8 * word++); };
    for (mlir::Value v : op.getArgs())
      put(values[v]);
    for (auto [i, v] : llvm::enumerate(op.getResults())) {
      auto at = place(cast<mod::PlaceAttr>((*places)[i]), v);
      if (!at)
        return at.takeError();
      values[v] = *at;
      put(*at);
    }
    for (auto dim : op.getSizes().getAsRange<mod::DimAttr>())
      put(size(dim));
    unsigned k = inv.kernelNumber.lookup(kernel);
    h.returnIfNot0(h.b.CreateCall(launcher(host), {frame(), h.b.getInt32(k), args, h.b.getInt32(launches.size())}));
    launches.push_back({k, op});
    return Error::success();
  }

  /// Copies what no launch wrote to its output: an input handed through, a weight, a value returned twice.
  Error emitReturn(mod::ReturnOp op) {
    for (auto [i, v] : llvm::enumerate(op.getValues())) {
      if (auto it = placed.find(i); it != placed.end() && it->second == v)
        continue;
      auto to = resultData(i);
      if (!to)
        return to.takeError();
      auto type = cast<mod::SymTensorType>(v.getType());
      auto bytes = type.getCount().times(mod::DimAttr::constant(op.getContext(), elementBytes(type.getElementType())));
      Value *from = values[v], *count = size(bytes);
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
  std::map<int64_t, mlir::Value> placed;
};
} // namespace

Expected<llvm::Function *> modc::artifact::emitBody(Module &host, Inventory &inv, artifact::Function &f,
                                                    std::vector<Launch> &launches, std::vector<int32_t> &aliases) {
  return BodyBuilder(host, inv, f, launches, aliases).build();
}
