// What depends on weights alone is computed when they are loaded: packed panels of products, folded norms, joined
// weights.
#include "compiler/transform/BindTimes.h"
#include "compiler/transform/Kernels.h"
#include "compiler/transform/Passes.h"
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
        type.getDims().size() != 2 || type.getLayout())
      return;
    OpBuilder b(matmul);
    auto layout = LayoutAttr::get(b.getContext(), {0, 1}, {matmul.getTransB() ? 0 : 1});
    auto packed = SymTensorType::get(type.getElementType(), type.getDims(), layout);
    matmul.getBMutable().assign(RepackOp::create(b, matmul.getLoc(), packed, matmul.getB(), layout));
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
