// Convolutions and the windows around them become channels last. The decision is written into the operations: dims in
// stored order, and one permutation after each that says what the language's order would read. In one walk every such
// permutation moves down through what follows, until it meets its inverse or something that wants the language's order.
#include "compiler/transform/BindTimes.h"
#include "compiler/transform/Convolutions.h"
#include "compiler/transform/Passes.h"
#include "compiler/transform/Sizes.h"
#include "compiler/transform/Stored.h"
#include "compiler/transform/Tree.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_CHOOSELAYOUTSPASS
#include "compiler/transform/Passes.h.inc"

namespace {
class Chooser {
public:
  explicit Chooser(FuncOp f) : f(f), times(f) {}

  void run() {
    Block &body = f.getBody().front();
    for (Operation &op : llvm::make_early_inc_range(body)) {
      OpBuilder b(&op);
      Stored y = store(b, &op);
      if (!y.value)
        continue;
      Value given = y.isIdentity() ? y.value : inLanguageOrder(b, op.getLoc(), y);
      if (given.getType() != op.getResult(0).getType())
        continue;
      if (!y.isIdentity())
        stored[given] = y;
      op.getResult(0).replaceAllUsesWith(given);
    }
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
      if (op.use_empty() && isa<PrimitiveOpInterface, AssumeOp>(op))
        op.erase();
  }

private:
  const Stored *find(Value v) {
    auto it = stored.find(v);
    return it == stored.end() ? nullptr : &it->second;
  }
  static SymTensorType typeOf(Value v) { return cast<SymTensorType>(v.getType()); }

  /// x in the order of `perm`: the value whose permutation by it x is. Lower ranks stretch as x does.
  Value inOrder(OpBuilder &b, Location loc, Value x, ArrayRef<int64_t> perm) {
    if (const Stored *s = find(x); s && s->perm == perm)
      return s->value;
    return reordered(b, loc, x, inverse(perm));
  }

  /// The operation's result in stored order, or nothing where it is to stay as it is.
  Stored store(OpBuilder &b, Operation *op) {
    if (op->getNumRegions() || op->getNumResults() != 1 || op->getNumOperands() == 0)
      return {};
    if (auto conv = dyn_cast<ConvOp>(op))
      return conv.getChannelsLast() ? Stored() : storeConv(b, conv);
    if (auto transposed = dyn_cast<ConvTransposeOp>(op)) {
      if (transposed.getChannelsLast())
        return {};
      auto perm = channelsLastPermutation(typeOf(transposed.getX()).getDims().size());
      return {openTransposed(b, transposed, inOrder(b, op->getLoc(), transposed.getX(), perm)), perm};
    }
    if (auto matmul = dyn_cast<MatmulOp>(op))
      return storeFlattened(b, matmul);
    const Stored *first = nullptr;
    for (Value v : op->getOperands())
      if (const Stored *s = find(v); s && (!first || typeOf(v).getDims() == dimsOfResult(op)))
        first = s;
    if (!first)
      return {};
    auto primitive = dyn_cast<PrimitiveOpInterface>(op);
    if (primitive && primitive.getFusionClass() == FusionClass::Elementwise)
      return storeElementwise(b, op, Stored(*first).perm);
    if (!isa<CatOp>(op))
      first = find(op->getOperand(0));
    return first ? storeOther(b, op, Stored(*first)) : Stored();
  }
  static ArrayRef<DimAttr> dimsOfResult(Operation *op) {
    auto type = dyn_cast<SymTensorType>(op->getResult(0).getType());
    return type ? type.getDims() : ArrayRef<DimAttr>();
  }

  Stored storeConv(OpBuilder &b, ConvOp op) {
    SmallVector<int64_t> perm = channelsLastPermutation(typeOf(op.getX()).getDims().size());
    Value x = inOrder(b, op.getLoc(), op.getX(), perm);
    if (isPointwise(op))
      return {openPointwise(b, op, x), perm};
    auto y = cast<ConvOp>(b.clone(*op));
    y.getXMutable().assign(x);
    y.setChannelsLast(true);
    return finish(y, perm);
  }

  /// Completes an operation over stored operands; nothing where inference refuses it.
  static Stored finish(Operation *op, ArrayRef<int64_t> perm) {
    SmallVector<Type> types;
    if (failed(inferAgain(op, types))) {
      op->erase();
      return {};
    }
    op->getResult(0).setType(types[0]);
    return {op->getResult(0), SmallVector<int64_t>(perm)};
  }

  Stored storeElementwise(OpBuilder &b, Operation *op, ArrayRef<int64_t> perm) {
    if (dimsOfResult(op).size() != perm.size())
      return {};
    IRMapping map;
    for (Value v : op->getOperands())
      if (isa<SymTensorType>(v.getType()))
        map.map(v, inOrder(b, op->getLoc(), v, perm));
    return finish(b.clone(*op, map), perm);
  }

  Stored storeOther(OpBuilder &b, Operation *op, const Stored &x) {
    auto i64 = [&](int64_t n) { return b.getI64IntegerAttr(n); };
    // The same operation over the stored operand, with `change` to its attributes.
    auto again = [&](auto change, ArrayRef<int64_t> perm) -> Stored {
      Operation *y = b.clone(*op);
      y->setOperand(0, x.value);
      change(y);
      return finish(y, perm);
    };
    auto moved = [&](auto list) {
      SmallVector<std::decay_t<decltype(list[0])>> out(list.begin(), list.end());
      for (auto [i, element] : llvm::enumerate(list))
        out[x.perm[i]] = element;
      return out;
    };
    return TypeSwitch<Operation *, Stored>(op)
        .Case<SumOp, AmaxOp>([&](auto r) { return storeReduction(b, op, x, r.getDims(), r.getKeepdim()); })
        .Case([&](ArgmaxOp r) { return storeReduction(b, op, x, {int64_t(r.getDim())}, r.getKeepdim()); })
        .Case([&](PermuteOp p) {
          SmallVector<int64_t> perm;
          for (int64_t d : p.getDims())
            perm.push_back(x.perm[d]);
          return Stored{x.value, perm};
        })
        .Case([&](ReshapeOp r) { return storeReshape(b, r, x); })
        .Case([&](ExpandOp e) -> Stored {
          if (e.getShape().size() != x.perm.size())
            return {};
          return again([&](Operation *y) { y->setAttr("shape", b.getArrayAttr(moved(e.getShape().getValue()))); },
                       x.perm);
        })
        .Case([&](ConstantPadOp p) {
          return again(
              [&](Operation *y) {
                y->setAttr("lo", b.getDenseI64ArrayAttr(moved(p.getLo())));
                y->setAttr("hi", b.getDenseI64ArrayAttr(moved(p.getHi())));
              },
              x.perm);
        })
        .Case<NarrowOp, CumsumOp>(
            [&](auto n) { return again([&](Operation *y) { y->setAttr("dim", i64(x.perm[n.getDim()])); }, x.perm); })
        .Case([&](TakeOp t) -> Stored {
          if (typeOf(t.getIndex()).getDims().size() != 1)
            return {};
          return again([&](Operation *y) { y->setAttr("dim", i64(x.perm[t.getDim()])); }, x.perm);
        })
        .Case([&](CatOp c) -> Stored {
          IRMapping map;
          for (Value v : c.getXs())
            map.map(v, inOrder(b, op->getLoc(), v, x.perm));
          Operation *y = b.clone(*op, map);
          y->setAttr("dim", i64(x.perm[c.getDim()]));
          return finish(y, x.perm);
        })
        .Case([&](AssumeOp a) -> Stored {
          auto to = typeOf(a.getY());
          auto type = to.withDims(moved(to.getDims()));
          return {AssumeOp::create(b, op->getLoc(), type, x.value, a.getWhat()), x.perm};
        })
        .Case([&](ReduceWindowOp w) -> Stored {
          if (w.getChannelsLast() || w.getWindow().size() + 2 != x.perm.size() ||
              x.perm != channelsLastPermutation(x.perm.size()))
            return {};
          return again([&](Operation *y) { cast<ReduceWindowOp>(y).setChannelsLast(true); }, x.perm);
        })
        .Default([](Operation *) { return Stored(); });
  }

  Stored storeReduction(OpBuilder &b, Operation *op, const Stored &x, ArrayRef<int64_t> dims, bool keepdim) {
    SmallVector<int64_t> reduced;
    for (int64_t d : dims)
      reduced.push_back(x.perm[d]);
    llvm::sort(reduced);
    Operation *y = b.clone(*op);
    y->setOperand(0, x.value);
    if (isa<ArgmaxOp>(op))
      y->setAttr("dim", b.getI64IntegerAttr(reduced[0]));
    else
      y->setAttr("dims", b.getDenseI64ArrayAttr(reduced));
    if (keepdim)
      return finish(y, x.perm);
    // What is left, in the order that it has now.
    SmallVector<int64_t> left, perm;
    for (auto [i, d] : llvm::enumerate(x.perm))
      if (!llvm::is_contained(dims, int64_t(i)))
        left.push_back(d);
    for (int64_t d : left)
      perm.push_back(llvm::count_if(left, [&](int64_t other) { return other < d; }));
    return finish(y, perm);
  }

  /// A reshape that merges and splits only what lies side by side in stored order as well.
  Stored storeReshape(OpBuilder &b, ReshapeOp op, const Stored &x) {
    auto runs = matchRuns(typeOf(op.getX()).getDims(), typeOf(op.getY()).getDims());
    if (!runs)
      return {};
    SmallVector<int64_t> order; // runs by where they begin in stored order
    auto from = typeOf(op.getX()).getDims();
    for (auto [i, run] : llvm::enumerate(*runs)) {
      for (size_t k = 1; k < run.from.size(); ++k)
        for (int64_t d = 0; d < int64_t(from.size()); ++d)
          if (from[d].getConstant() != 1 && !llvm::is_contained(run.from, d) && x.perm[d] > x.perm[run.from[k - 1]] &&
              x.perm[d] < x.perm[run.from[k]])
            return {};
      for (size_t k = 1; k < run.from.size(); ++k)
        if (x.perm[run.from[k]] < x.perm[run.from[k - 1]])
          return {};
      order.push_back(i);
    }
    llvm::sort(order,
               [&](int64_t i, int64_t j) { return x.perm[(*runs)[i].from.front()] < x.perm[(*runs)[j].from.front()]; });
    auto to = typeOf(op.getY()).getDims();
    SmallVector<int64_t> perm(to.size());
    SmallVector<DimAttr> dims;
    SmallVector<Attribute> shape;
    for (int64_t i : order)
      for (int64_t d : (*runs)[i].to) {
        perm[d] = dims.size();
        dims.push_back(to[d]);
        shape.push_back(to[d]);
      }
    Value y = ReshapeOp::create(b, op.getLoc(), typeOf(x.value).withDims(dims), x.value, b.getArrayAttr(shape));
    return {y, perm};
  }

  /// `flatten` before a product with weights: the weights take the order in which the elements lie.
  Stored storeFlattened(OpBuilder &b, MatmulOp op) {
    auto flatten = op.getA().getDefiningOp<ReshapeOp>();
    const Stored *x = flatten ? find(flatten.getX()) : nullptr;
    if (!x || times.of(op.getB()) != BindTime::Load || typeOf(op.getB()).getDims().size() != 2)
      return {};
    auto from = typeOf(flatten.getX()).getDims(), to = typeOf(flatten.getY()).getDims();
    // The leading dimensions are kept, the others become the rows' one.
    size_t lead = to.size() - 1;
    if (lead > from.size() || from.take_front(lead) != to.take_front(lead))
      return {};
    for (size_t i = 0; i < lead; ++i)
      if (x->perm[i] != int64_t(i))
        return {};
    SmallVector<int64_t> inner;
    for (size_t i = lead; i < from.size(); ++i)
      inner.push_back(x->perm[i] - lead);
    Value rows = reshaped(b, flatten.getLoc(), x->value, to);
    int64_t k = op.getTransB() ? 1 : 0;
    auto weight = typeOf(op.getB());
    SmallVector<DimAttr> open(weight.getDims());
    SmallVector<int64_t> order;
    open.erase(open.begin() + k);
    open.insert(open.begin() + k, from.begin() + lead, from.end());
    if (k == 1)
      order.push_back(0);
    for (int64_t d : inverse(inner))
      order.push_back(d + k);
    if (k == 0)
      order.push_back(open.size() - 1);
    Value w = reshaped(b, op.getLoc(), op.getB(), open);
    w = permuted(b, op.getLoc(), w, order);
    w = reshaped(b, op.getLoc(), w, weight.getDims());
    Value y = MatmulOp::create(b, op.getLoc(), op.getType(), rows, w, op.getTransB());
    return {y, identity(to.size())};
  }

  FuncOp f;
  BindTimes times;
  llvm::DenseMap<Value, Stored> stored;
};

struct ChooseLayouts : impl::ChooseLayoutsPassBase<ChooseLayouts> {
  void runOnOperation() override {
    for (FuncOp f : roleFunctions(getOperation()))
      Chooser(f).run();
  }
};
} // namespace
} // namespace modc
