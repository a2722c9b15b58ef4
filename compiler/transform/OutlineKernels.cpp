// Each group becomes a kernel: views, constants and inlined work are cloned in, sizes get names of the kernel's own,
// and kernels of equal content are one.
#include "compiler/transform/Control.h"
#include "compiler/transform/Kernels.h"
#include "compiler/transform/Passes.h"
#include "compiler/transform/Sizes.h"
#include "compiler/transform/Tree.h"
#include "compiler/transform/Views.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_OUTLINEKERNELSPASS
#include "compiler/transform/Passes.h.inc"

namespace {
/// A kernel under names of its own, with what they stand for in the function.
struct Named {
  KernelOp kernel;
  SmallVector<Attribute> sizes;
};

/// Renames sizes of a kernel: whole dimensions of arguments by `whole`, names elsewhere by `names`.
class Renamer {
public:
  Renamer(KernelOp from) : from(from), ctx(from.getContext()), b(from) {}

  /// Every dimension of an argument that is no constant becomes one name, so that `N*S` and `B` rows share a kernel.
  /// Names that no argument's dimension has (a loop's, say) are named one by one. Fails when the body needs to know how
  /// dimensions are related.
  std::optional<Named> renameDims() {
    for (Type t : from.getBody().getArgumentTypes())
      collectSizes(t, inArguments);
    for (Type t : from.getBody().getArgumentTypes())
      if (auto tensor = dyn_cast<SymTensorType>(t))
        for (DimAttr d : tensor.getDims())
          if (!d.getConstant() && !whole.contains(d)) {
            DimAttr name = next(d);
            whole[d] = name;
            if (StringAttr symbol = d.getSymbol())
              names[symbol] = name;
          }
    return build();
  }

  std::optional<Named> renameNames() {
    whole.clear();
    names.clear();
    sizes.clear();
    SizeNames used;
    for (Type t : from.getBody().getArgumentTypes())
      collectSizes(t, used);
    collectSizes(from, used);
    for (StringAttr s : used)
      names[s] = next(DimAttr::symbol(ctx, s.getValue()));
    return build();
  }

private:
  DimAttr next(DimAttr meaning) {
    sizes.push_back(meaning);
    return DimAttr::symbol(ctx, "d" + std::to_string(sizes.size() - 1));
  }

  void nameAll(Operation *op) {
    SizeNames used;
    collectSizes(op, used);
    for (StringAttr s : used)
      if (!inArguments.contains(s) && !names.contains(s))
        names[s] = next(DimAttr::symbol(ctx, s.getValue()));
  }

  DimAttr rename(DimAttr d) {
    if (auto it = whole.find(d); it != whole.end())
      return it->second;
    d.walkSymbols([&](StringAttr s) { failed |= !names.contains(s); });
    return replaceSizes(d, names);
  }

  std::optional<Named> build() {
    failed = false;
    // Names in the order of the text, before anything is made of them.
    for (Operation &op : from.getBody().front())
      nameAll(&op);
    AttrTypeReplacer replacer;
    replacer.addReplacement([&](DimAttr d) { return std::make_pair(Attribute(rename(d)), WalkResult::skip()); });
    replacer.addReplacement([&](SymTensorType t) {
      SmallVector<DimAttr> dims;
      for (DimAttr d : t.getDims())
        dims.push_back(rename(d));
      return std::make_pair(Type(t.withDims(dims)), WalkResult::skip());
    });
    SizeMap meaning;
    SmallVector<Attribute> dims;
    for (auto [i, d] : llvm::enumerate(sizes)) {
      dims.push_back(b.getStringAttr("d" + std::to_string(i)));
      meaning[cast<StringAttr>(dims.back())] = cast<DimAttr>(d);
    }

    auto kernel = KernelOp::create(b, from.getLoc(), from.getSymNameAttr(), from.getKindAttr(), b.getArrayAttr(dims),
                                   from.getHashAttr(), from.getFromAttr());
    OpBuilder inner(ctx);
    Block *body = inner.createBlock(&kernel.getBody());
    IRMapping map;
    for (BlockArgument arg : from.getBody().getArguments())
      map.map(arg, body->addArgument(replacer.replace(arg.getType()), arg.getLoc()));
    for (Operation &op : from.getBody().front()) {
      Operation *copy = inner.clone(op, map);
      SmallVector<Type> types;
      if (isa<InferOpInterface>(copy)) {
        replacer.replaceElementsIn(copy, true, false, false);
        failed = failed || mlir::failed(inferAgain(copy, types));
      } else {
        for (Type t : op.getResultTypes())
          types.push_back(replacer.replace(t));
      }
      if (failed)
        break;
      for (auto [v, t, old] : llvm::zip(copy->getResults(), types, op.getResultTypes())) {
        v.setType(t);
        // The names must give back what was there.
        failed |= replaceSizes(t, meaning) != old;
      }
    }
    if (failed) {
      kernel.erase();
      return std::nullopt;
    }
    SmallVector<Attribute> values;
    for (DimAttr d : sizes)
      values.push_back(d);
    return Named{kernel, values};
  }

  KernelOp from;
  MLIRContext *ctx;
  OpBuilder b;
  llvm::DenseMap<Attribute, DimAttr> whole;
  SizeMap names;
  SizeNames inArguments;
  SmallVector<DimAttr> sizes;
  bool failed = false;
};

std::string shapeName(KernelOp kernel) {
  auto text = [](DimAttr d) { return d.getConstant() ? std::to_string(*d.getConstant()) : "s"; };
  for (Operation &op : kernel.getBody().front()) {
    if (auto matmul = dyn_cast<MatmulOp>(op))
      return "_" + text(cast<SymTensorType>(matmul.getA().getType()).getDims().back()) + "x" +
             text(cast<SymTensorType>(matmul.getType()).getDims().back());
    if (auto conv = dyn_cast<ConvOp>(op)) {
      std::string name;
      for (DimAttr d : cast<SymTensorType>(conv.getW().getType()).getDims())
        name += (name.empty() ? "_" : "x") + text(d);
      return name;
    }
    if (auto attention = dyn_cast<AttentionOp>(op))
      return "_" + text(cast<SymTensorType>(attention.getQ().getType()).getDims().back());
    if (isa<SumOp, AmaxOp, ArgmaxOp>(op) && kernel.getKind() == "rows")
      if (auto dims = cast<SymTensorType>(op.getOperand(0).getType()).getDims(); !dims.empty())
        return "_" + text(dims.back());
  }
  return "";
}

class Outliner {
public:
  Outliner(FuncOp f, std::map<std::string, KernelOp> &kernels, Operation *&lastKernel)
      : f(f), kernels(kernels), lastKernel(lastKernel) {}

  LogicalResult run() {
    auto kinds = f->getAttrOfType<ArrayAttr>("mod.groups");
    if (!kinds)
      return success();
    std::vector<SmallVector<Operation *>> groups(kinds.size());
    forEachBlock(f.getBody().front(), [&](Block &block) {
      for (Operation &op : block)
        if (auto g = op.getAttrOfType<IntegerAttr>("mod.group"))
          groups[g.getInt()].push_back(&op);
    });
    for (auto [kind, ops] : llvm::zip(kinds.getAsValueRange<StringAttr>(), groups)) {
      if (isControl(ops[0])) {
        strip(ops[0]);
        ops[0]->moveBefore(ops[0]->getBlock()->getTerminator());
      } else if (failed(outline(kind, ops))) {
        return failure();
      }
    }
    eraseUnused(f.getBody().front());
    f->removeAttr("mod.groups");
    return success();
  }

private:
  /// What kernels have taken in.
  static void eraseUnused(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isControl(&op)) {
        for (Region &region : op.getRegions())
          eraseUnused(region.front());
      } else if (isa<PrimitiveOpInterface, AssumeOp, KeyOp>(op) && op.use_empty()) {
        op.erase();
      }
  }

  LogicalResult outline(StringRef kind, ArrayRef<Operation *> ops) {
    OpBuilder b(f.getContext());
    b.setInsertionPointToStart(f->getParentOfType<ModuleOp>().getBody());
    if (lastKernel)
      b.setInsertionPointAfter(lastKernel);
    Location loc = ops[0]->getLoc();
    for (Operation *op : ops)
      if (isa<MatmulOp, ConvOp, AttentionOp>(op))
        loc = op->getLoc();
    auto draft = KernelOp::create(b, loc, "draft", kind, f.getDimsAttr() ? f.getDimsAttr() : b.getArrayAttr({}), "",
                                  ArrayAttr());
    Block *inner = b.createBlock(&draft.getBody());
    IRMapping map;
    llvm::SmallPtrSet<Operation *, 8> members(ops.begin(), ops.end());
    SmallVector<Value> in, out;
    OpBuilder kb = OpBuilder::atBlockEnd(inner);
    std::function<void(Value)> need = [&](Value v) {
      if (map.contains(v))
        return;
      Operation *op = v.getDefiningOp();
      if (op && (isFree(op) || op->hasAttr("mod.inline"))) {
        for (Value operand : op->getOperands())
          need(operand);
        strip(kb.clone(*op, map));
      } else {
        in.push_back(v);
        map.map(v, inner->addArgument(v.getType(), v.getLoc()));
      }
    };
    for (Operation *op : ops) {
      for (Value v : op->getOperands())
        need(v);
      strip(kb.clone(*op, map));
    }
    for (Operation *op : ops)
      for (Value v : op->getResults())
        if (llvm::any_of(v.getUsers(), [&](Operation *user) { return !members.contains(user); }))
          out.push_back(v);
    SmallVector<Value> yields;
    for (Value v : out)
      yields.push_back(map.lookup(v));
    YieldOp::create(kb, loc, yields);

    // Types of results follow from the body alone; layouts and sizes of arguments are the function's.
    Renamer renamer(draft);
    auto named = renamer.renameDims();
    if (!named)
      named = renamer.renameNames();
    draft.erase();
    if (!named)
      return mlir::emitError(loc, "a kernel of @") << f.getSymName() << " does not verify under names of its own";
    KernelOp kernel = share(named->kernel, ops);

    // Launches stand at the end of their block, in the order of the groups.
    b.setInsertionPoint(ops[0]->getBlock()->getTerminator());
    SmallVector<Attribute> from;
    for (Operation *op : ops)
      for (StringRef name : modulePaths(op->getLoc()))
        if (auto path = b.getStringAttr(name); !path.empty() && !llvm::is_contained(from, path))
          from.push_back(path);
    SmallVector<Value> args;
    for (Value v : in)
      args.push_back(v);
    auto launch =
        LaunchOp::create(b, loc, ValueRange(out).getTypes(), kernel.getSymName(), args, b.getArrayAttr(named->sizes),
                         ArrayAttr(), from.empty() ? ArrayAttr() : b.getArrayAttr(from));
    // A key is folded in the function; it stands before every launch.
    for (auto [old, now] : llvm::zip(out, launch.getResults()))
      old.replaceAllUsesExcept(now, members);
    return success();
  }

  static void strip(Operation *op) {
    for (StringRef name : {"mod.group", "mod.inline", "mod.copy", "mod.store"})
      op->removeAttr(name);
  }

  /// The kernel of this content that exists already, or this one under its final name.
  KernelOp share(KernelOp kernel, ArrayRef<Operation *> ops) {
    OpBuilder b(kernel);
    std::string hash = contentHash(kernel);
    auto [it, isNew] = kernels.try_emplace(hash, kernel);
    if (!isNew) {
      kernel.erase();
      return it->second;
    }
    kernel.setSymName((kernel.getKind() + shapeName(kernel) + "." + StringRef(hash).take_front(8)).str());
    kernel.setHash(hash);
    SmallVector<Attribute> from;
    auto add = [&](StringRef name) {
      if (auto attr = b.getStringAttr(name); !name.empty() && !llvm::is_contained(from, attr))
        from.push_back(attr);
    };
    for (Operation *op : ops) {
      for (StringRef path : modulePaths(op->getLoc()))
        add(path);
      add(functionName(op->getLoc()));
    }
    if (!from.empty())
      kernel.setFromAttr(b.getArrayAttr(from));
    lastKernel = kernel;
    return kernel;
  }

  FuncOp f;
  std::map<std::string, KernelOp> &kernels;
  Operation *&lastKernel;
};

struct OutlineKernels : impl::OutlineKernelsPassBase<OutlineKernels> {
  void runOnOperation() override {
    std::map<std::string, KernelOp> kernels;
    Operation *lastKernel = nullptr;
    for (KernelOp k : getOperation().getOps<KernelOp>()) {
      kernels[k.getHash().str()] = k;
      lastKernel = k;
    }
    for (FuncOp f : roleFunctions(getOperation()))
      if (failed(Outliner(f, kernels, lastKernel).run()))
        return signalPassFailure();
  }
};
} // namespace
} // namespace modc
