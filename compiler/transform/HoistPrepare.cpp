// What depends on weights alone is computed when they are loaded: packed panels of products, folded norms, joined
// weights.
#include "compiler/transform/BindTimes.h"
#include "compiler/transform/Kernels.h"
#include "compiler/transform/Passes.h"
#include "compiler/transform/Stored.h"
#include "compiler/transform/Tree.h"
#include "compiler/transform/Views.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_HOISTPREPAREPASS
#include "compiler/transform/Passes.h.inc"

namespace {
class Hoister {
public:
  Hoister(FuncOp f, std::map<std::string, PrepareOp> &prepares) : f(f), times(f), prepares(prepares) {}

  void run() {
    // Loops and branches too: what weights alone decide is the same in every round.
    f.walk([&](MatmulOp matmul) { pack(matmul); });
    f.walk([&](ConvOp conv) { pack(conv); });
    f.getBody().walk([&](Operation *op) {
      if (op->getNumResults() == 0 || times.of(op->getResult(0)) == BindTime::Call)
        for (Value v : op->getOperands())
          visit(v);
    });
    // One root may be made from another: all prepares are written while the roots are still what they were.
    SmallVector<DictionaryAttr> prepared;
    for (Value v : roots)
      prepared.push_back(prepare(v));
    for (auto [v, attrs] : llvm::zip_equal(roots, prepared))
      replace(v, attrs);
    SmallVector<Operation *> ops;
    f.getBody().walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : llvm::reverse(ops))
      if (op->use_empty() && isPure(op))
        op->erase();
    llvm::BitVector dead(f.getNumArguments());
    for (BlockArgument arg : f.getArguments())
      if (arg.use_empty() && f.getArgAttr(arg.getArgNumber(), "mod.weight"))
        dead.set(arg.getArgNumber());
    (void)f.eraseArguments(dead);
  }

private:
  static bool isPure(Operation *op) { return isa<PrimitiveOpInterface, AssumeOp>(op); }

  /// The right operand of a product in panels along its columns.
  void pack(MatmulOp matmul) {
    auto type = cast<SymTensorType>(matmul.getB().getType());
    if (times.of(matmul.getB()) != BindTime::Load || times.of(matmul.getA()) != BindTime::Call ||
        type.getDims().size() != 2 || type.getLayout() || !isa<FloatType>(type.getElementType()))
      return;
    OpBuilder b(matmul);
    auto layout = LayoutAttr::get(b.getContext(), {0, 1}, {matmul.getTransB() ? 0 : 1});
    auto packed = SymTensorType::get(type.getElementType(), type.getDims(), layout);
    matmul.getBMutable().assign(RepackOp::create(b, matmul.getLoc(), packed, matmul.getB(), layout));
  }

  /// Filters as kern.conv reads them: panels of a group's output channels, over group, position and input channel;
  /// those of depthwise convolutions as [positions, channels]. Views undo that for whoever looks at the elements.
  void pack(ConvOp conv) {
    auto type = cast<SymTensorType>(conv.getW().getType());
    if (times.of(conv.getW()) != BindTime::Load || times.of(conv.getX()) != BindTime::Call || type.getLayout() ||
        !conv.getChannelsLast())
      return;
    OpBuilder b(conv);
    Location loc = conv.getLoc();
    MLIRContext *ctx = b.getContext();
    auto dims = type.getDims();
    auto repack = [&](Value w, ArrayRef<int64_t> perm, ArrayRef<int64_t> panel) -> Value {
      auto layout = LayoutAttr::get(ctx, perm, panel);
      auto packed = SymTensorType::get(type.getElementType(), cast<SymTensorType>(w.getType()).getDims(), layout);
      return RepackOp::create(b, loc, packed, w, layout);
    };
    DimAttr groups = DimAttr::constant(ctx, conv.getGroups());
    if (dims[0] == groups && dims[1].getConstant() == 1 && conv.getGroups() > 1) {
      Value w = reshaped(b, loc, conv.getW(), {dims[0], DimAttr::product(ctx, dims.drop_front(2))});
      conv.getWMutable().assign(reshaped(b, loc, repack(w, {1, 0}, {}), dims));
      return;
    }
    // [O, C/g, *K] as [g, O/g, C/g, *K], then [O/g, g, *K, C/g].
    SmallVector<DimAttr> open{groups, dims[0].floorDiv(groups)};
    llvm::append_range(open, dims.drop_front(1));
    SmallVector<int64_t> order{1, 0};
    for (size_t i = 3; i < open.size(); ++i)
      order.push_back(i);
    order.push_back(2);
    Value w = permuted(b, loc, reshaped(b, loc, conv.getW(), open), order);
    SmallVector<DimAttr> inOrder(cast<SymTensorType>(w.getType()).getDims());
    w = repack(reshaped(b, loc, w, {open[1], DimAttr::product(ctx, ArrayRef(inOrder).drop_front(1))}), {0, 1}, {0});
    w = permuted(b, loc, reshaped(b, loc, w, inOrder), inverse(order));
    conv.getWMutable().assign(reshaped(b, loc, w, dims));
  }

  /// Finds what of a value can be made at load. Views stay at the call, as does what would be larger than its sources.
  void visit(Value v) {
    if (!isa<SymTensorType>(v.getType()) || times.of(v) != BindTime::Load || !v.getDefiningOp())
      return;
    if (!isFree(v.getDefiningOp()) && !grows(v))
      roots.insert(v);
    else
      for (Value operand : v.getDefiningOp()->getOperands())
        visit(operand);
  }

  static int64_t bytes(Value v) {
    auto type = cast<SymTensorType>(v.getType());
    return type.getCount().getConstant().value_or(0) * ((type.getElementType().getIntOrFloatBitWidth() + 7) / 8);
  }
  bool grows(Value v) {
    llvm::SetVector<Value> sources;
    llvm::SetVector<Operation *> ops;
    collect(v, ops, sources);
    int64_t total = 0;
    for (Value s : sources)
      total += bytes(s);
    return bytes(v) > total;
  }

  static void collect(Value v, llvm::SetVector<Operation *> &ops, llvm::SetVector<Value> &sources) {
    if (isa<BlockArgument>(v)) {
      sources.insert(v);
      return;
    }
    if (ops.contains(v.getDefiningOp()))
      return;
    for (Value operand : v.getDefiningOp()->getOperands())
      collect(operand, ops, sources);
    ops.insert(v.getDefiningOp());
  }

  /// Writes the prepare that makes v, or finds it; returns the attributes of the argument that stands for its block.
  DictionaryAttr prepare(Value v) {
    llvm::SetVector<Operation *> ops;
    llvm::SetVector<Value> sources;
    collect(v, ops, sources);
    OpBuilder b(f->getParentOfType<ModuleOp>().getBodyRegion());
    auto op = PrepareOp::create(b, v.getLoc(), "prepare", "");
    Block *body = b.createBlock(&op.getBody());
    IRMapping map;
    SmallVector<Attribute> paths;
    for (Value s : sources) {
      map.map(s, body->addArgument(s.getType(), s.getLoc()));
      paths.push_back(f.getArgAttr(cast<BlockArgument>(s).getArgNumber(), "mod.weight"));
    }
    for (Operation *inner : ops)
      b.clone(*inner, map);
    YieldOp::create(b, v.getLoc(), map.lookup(v));

    std::string hash = contentHash(op);
    auto [it, isNew] = prepares.try_emplace(hash, op);
    if (isNew) {
      StringRef what = isa<RepackOp>(v.getDefiningOp()) ? "pack." : "derive.";
      op.setSymName((what + StringRef(hash).take_front(8)).str());
      op.setHash(hash);
    } else {
      op.erase();
    }
    return b.getDictionaryAttr({b.getNamedAttr("mod.prepared", FlatSymbolRefAttr::get(it->second.getSymNameAttr())),
                                b.getNamedAttr("mod.sources", b.getArrayAttr(paths))});
  }

  void replace(Value v, DictionaryAttr attrs) {
    unsigned index = f.getNumArguments();
    // Several products may read one weight in one form.
    for (unsigned i = 0; i < index; ++i)
      if (f.getArgAttrDict(i) == attrs)
        return v.replaceAllUsesWith(f.getArgument(i));
    (void)f.insertArgument(index, v.getType(), attrs, v.getLoc());
    v.replaceAllUsesWith(f.getArgument(index));
  }

  FuncOp f;
  BindTimes times;
  std::map<std::string, PrepareOp> &prepares;
  llvm::SetVector<Value> roots;
};

struct HoistPrepare : impl::HoistPreparePassBase<HoistPrepare> {
  void runOnOperation() override {
    std::map<std::string, PrepareOp> prepares;
    for (PrepareOp p : getOperation().getOps<PrepareOp>())
      prepares[p.getHash().str()] = p;
    for (FuncOp f : roleFunctions(getOperation()))
      Hoister(f, prepares).run();
  }
};
} // namespace
} // namespace modc
