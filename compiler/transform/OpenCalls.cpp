// Fused functions: every direct call is replaced by the callee's body, to the leaves of the tree.
#include "compiler/transform/Passes.h"
#include "compiler/transform/Sizes.h"
#include "compiler/transform/Tree.h"
#include "mlir/IR/IRMapping.h"
#include "modrt/abi.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_OPENCALLSPASS
#include "compiler/transform/Passes.h.inc"

namespace {
/// Trees of modules are a few levels deep; methods of one module that call each other must end somewhere.
constexpr unsigned kMaxDepth = 64;

struct OpenCalls : impl::OpenCallsPassBase<OpenCalls> {
  void runOnOperation() override {
    findAliases();
    for (FuncOp f : roleFunctions(getOperation())) {
      OpBuilder b(f.getBody());
      Value key = FrameKeyOp::create(b, f.getLoc(), RngType::get(&getContext()));
      Frame frame{f, f->getParentOfType<ClassOp>(), "", key, f->getAttrOfType<StringAttr>("mod.role") == "train", 0};
      taken.clear();
      SizeNames names;
      collectSizes(f, names);
      for (StringAttr name : names)
        taken.insert(name.getValue());
      SmallVector<CallOp> calls;
      f.walk([&](Operation *op) {
        if (auto call = dyn_cast<CallOp>(op))
          calls.push_back(call);
        if (StringAttr name = boundName(op))
          taken.insert(name.getValue());
      });
      for (CallOp call : calls)
        if (failed(open(call, frame)))
          return signalPassFailure();
    }
    for (ClassOp cls : getOperation().getOps<ClassOp>())
      for (FuncOp f : llvm::make_early_inc_range(cls.getBody().getOps<FuncOp>()))
        if (!f->hasAttr("mod.role"))
          f.erase();
  }

  /// Modules under two paths below a class, as the exports tell: a path and the first one. State is known by the first.
  void findAliases() {
    for (ExportOp e : getOperation().getOps<ExportOp>()) {
      if (!e.getTies())
        continue;
      auto root = SymbolTable::lookupNearestSymbolFrom<ClassOp>(getOperation(), e.getClsAttr());
      for (auto tie : e.getTies()->getAsRange<TieAttr>()) {
        StringRef path = tie.getPath(), first = tie.getFirst();
        if (!classAt(root, path) || !classAt(root, first))
          continue; // of tensors: each name stays a reference of its own
        // Every class on the way down to where the two paths part knows of it.
        for (ClassOp cls = root; cls;) {
          auto &known = aliases[cls];
          if (!llvm::is_contained(known, std::pair(path, first)))
            known.emplace_back(path, first);
          auto [a, below] = path.split('.');
          auto [b, firstBelow] = first.split('.');
          if (a != b || below.empty() || firstBelow.empty())
            break;
          cls = classAt(cls, a);
          path = below;
          first = firstBelow;
        }
      }
    }
  }

  std::string firstPath(ClassOp cls, std::string path) const {
    auto known = aliases.find(cls);
    for (bool changed = known != aliases.end(); changed;) {
      changed = false;
      for (auto [other, first] : known->second)
        if (StringRef rest = path; rest.consume_front(other) && (rest.empty() || rest.starts_with("."))) {
          path = (first + rest).str();
          changed = true;
        }
    }
    return path;
  }

  llvm::DenseMap<Operation *, SmallVector<std::pair<StringRef, StringRef>>> aliases;

  /// One module's method at work: the function it is opened into, its class, path and key.
  struct Frame {
    FuncOp into;
    ClassOp cls;
    std::string path;
    Value key;
    bool training;
    unsigned depth;
  };

  std::string statePath(const Frame &frame, StringRef path) const {
    return firstPath(frame.into->getParentOfType<ClassOp>(), joinPath(frame.path, path));
  }

  LogicalResult open(CallOp call, const Frame &caller) {
    ClassOp cls = classAt(caller.cls, call.getChild());
    FuncOp callee = cls ? methodOf(cls, call.getMethod(), caller.training) : nullptr;
    if (!callee)
      return call.emitOpError("names a method that does not exist");
    if (caller.depth == kMaxDepth)
      return call.emitOpError("is more than ") << kMaxDepth << " calls deep; do two methods call each other?";

    OpBuilder b(call);
    Frame frame = caller;
    frame.cls = cls;
    frame.path = joinPath(caller.path, call.getChild());
    frame.depth = caller.depth + 1;
    // As the runtime folds before a composed call: the site, then the path.
    Type rng = caller.key.getType();
    frame.key = KeyOp::create(b, call.getLoc(), rng, caller.key, call.getSite(), call.getIterationsAttr());
    frame.key = KeyOp::create(b, call.getLoc(), rng, frame.key, modc_name(call.getChild().str().c_str()),
                              /*iterations=*/ArrayAttr());

    SizeMap bound;
    bindScalars(callee.getBody().front(), call.getArgs(), bound);
    bindSizes(callee.getArgumentTypes(), call.getArgs().getTypes(), bound);
    takeGuards(callee, caller.into, bound);
    renameLoops(callee, bound);

    IRMapping map;
    for (auto [formal, actual] : llvm::zip(callee.getArguments(), call.getArgs()))
      map.map(formal, fitted(b, call, actual, replaceSizes(formal.getType(), bound), caller.into));
    SmallVector<CallOp> nested;
    SmallVector<FrameKeyOp> keys; // in loops and branches too
    for (Operation &op : callee.getBody().front().without_terminator()) {
      Operation *copy = b.clone(op, map);
      replaceSizes(copy, bound);
      copy->walk([&](Operation *inner) {
        if (StringAttr name = boundName(inner))
          inner->setAttr("iteration", bound.lookup(name).getSymbol());
        inner->setLoc(openedLocation(inner->getLoc(), frame.path, call.getLoc()));
        if (auto get = dyn_cast<GetOp>(inner))
          get.setPath(statePath(frame, get.getPath()));
        else if (auto set = dyn_cast<SetOp>(inner))
          set.setPath(statePath(frame, set.getPath()));
        else if (auto deeper = dyn_cast<CallOp>(inner))
          nested.push_back(deeper);
        else if (auto key = dyn_cast<FrameKeyOp>(inner))
          keys.push_back(key);
      });
    }
    for (FrameKeyOp key : keys) {
      key->replaceAllUsesWith(ValueRange(frame.key));
      key->erase();
    }
    for (auto [old, now] : llvm::zip(call.getResults(), callee.getBody().front().getTerminator()->getOperands()))
      old.replaceAllUsesWith(fitted(b, call, map.lookup(now), old.getType(), caller.into));
    call.erase();
    for (CallOp inner : nested)
      if (failed(open(inner, frame)))
        return failure();
    return success();
  }

  /// Counters of the callee's loops get names that are free in the caller.
  void renameLoops(FuncOp callee, SizeMap &bound) {
    callee.walk([&](Operation *op) {
      StringAttr name = boundName(op);
      if (!name || bound.contains(name))
        return;
      std::string fresh = name.str();
      for (unsigned n = 1; taken.contains(fresh); ++n)
        fresh = (name.getValue() + "_" + Twine(n)).str();
      taken.insert(fresh);
      bound[name] = DimAttr::symbol(name.getContext(), fresh);
    });
  }

  Value fitted(OpBuilder &b, CallOp call, Value v, Type type, FuncOp into) {
    if (v.getType() == type)
      return v;
    auto assume = AssumeOp::create(b, call.getLoc(), type, v, ("sizes at the call of " + call.getChild()).str());
    guardAssumption(into, assume);
    return assume;
  }

  /// Sizes and counters of the function that is filled.
  llvm::StringSet<> taken;

  void takeGuards(FuncOp callee, FuncOp into, const SizeMap &bound) {
    MLIRContext *ctx = callee.getContext();
    SmallVector<GuardAttr> guards;
    if (auto have = callee.getGuards())
      for (auto g : have->getAsRange<GuardAttr>())
        guards.push_back(cast<GuardAttr>(replaceSizes(g, bound)));
    if (auto have = callee.getRanges())
      for (auto r : have->getAsRange<RangeAttr>()) {
        DimAttr value = bound.lookup(StringAttr::get(ctx, r.getName()));
        if (!value)
          continue;
        if (StringAttr name = value.getSymbol()) {
          addRange(into, RangeAttr::get(ctx, name.getValue(), r.getMin(), r.getMax()));
          continue;
        }
        bool open = r.getMax() == INT64_MAX;
        std::string text =
            std::to_string(r.getMin()) + " <= " + value.text() + (open ? "" : " <= " + std::to_string(r.getMax()));
        guards.push_back(GuardAttr::get(ctx, "le", DimAttr::constant(ctx, r.getMin()), value, text));
        if (!open)
          guards.push_back(GuardAttr::get(ctx, "le", value, DimAttr::constant(ctx, r.getMax()), text));
      }
    addGuards(into, guards);
  }
};
} // namespace
} // namespace modc
