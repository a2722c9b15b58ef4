// Fusion: each function's operations are partitioned into groups, and each group becomes a kernel. Products and
// attention open groups and take the arithmetic that follows; reductions take the arithmetic around them over the same
// rows; what is left joins by equal sizes. Blocks of loops and branches are partitioned each by itself; the loop or
// branch stands between the groups as one operation. Worklists are in program order; no container keyed by pointers is
// iterated.
#include "compiler/transform/Control.h"
#include "compiler/transform/Kernels.h"
#include "compiler/transform/Passes.h"
#include "compiler/transform/Tree.h"
#include "compiler/transform/Views.h"
#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_FORMGROUPSPASS
#include "compiler/transform/Passes.h.inc"

namespace {
constexpr size_t kMaxInputs = 16, kMaxOutputs = 4;
/// Work that is read more than once is computed again, so the code of a group may grow with the square of it.
constexpr size_t kMaxWork = 48;
constexpr int kMaxInlined = 8;

using Dims = SmallVector<DimAttr>;

ArrayRef<DimAttr> dimsOf(Value v) { return cast<SymTensorType>(v.getType()).getDims(); }
/// A product that has a kernel of tiles; one of integers is computed element by element.
bool isTiled(Operation *op) {
  return isa<MatmulOp>(op) && isa<FloatType>(cast<SymTensorType>(op->getResult(0).getType()).getElementType());
}
FusionClass classOf(Operation *op) {
  auto prim = dyn_cast<PrimitiveOpInterface>(op);
  if (!prim)
    return FusionClass::Opaque; // a loop or a branch
  FusionClass own = prim.getFusionClass();
  return own == FusionClass::Matmul && !isTiled(op) ? FusionClass::Opaque : own;
}
/// Products take the arithmetic after them while their results are in registers.
bool isProduct(Operation *op) { return isTiled(op) || isa<ConvOp>(op); }
bool isElementwise(Operation *op) { return classOf(op) == FusionClass::Elementwise; }
bool allOnes(ArrayRef<DimAttr> dims) {
  return llvm::all_of(dims, [](DimAttr d) { return d.getConstant() == 1; });
}

SmallVector<int64_t> reducedDims(Operation *op) {
  if (auto argmax = dyn_cast<ArgmaxOp>(op))
    return {int64_t(argmax.getDim())};
  return SmallVector<int64_t>(op->getAttrOfType<DenseI64ArrayAttr>("dims").asArrayRef());
}

/// One kernel to be. A rows group runs over `outer`, and in it over `row`; a columns group reduces from `full`.
struct Group {
  StringRef kind;
  llvm::SetVector<Operation *> ops;
  Dims outer, row, full, result;
};

/// Partitions one block. `kinds` are the kinds of all groups of the function so far.
class Grouper {
public:
  Grouper(FuncOp f, Block &body, SmallVectorImpl<Attribute> &kinds) : f(f), body(body), kinds(kinds) {}

  void run(bool fuse) {
    markStores();
    copyOutputs();
    makeOperandsReadable();
    if (fuse)
      markInlined();
    for (Operation &op : body)
      if (isMaterial(&op) || isControl(&op))
        ops.push_back(&op);
    connect();
    openGroups(fuse);
    annotate();
  }

private:
  //===------------------------------------------------------------------===//
  // What is an operation of its own
  //===------------------------------------------------------------------===//

  static bool isMaterial(Operation *op) {
    return isa<PrimitiveOpInterface>(op) && !op->hasAttr("mod.inline") && !op->hasAttr("mod.store") && !isFree(op);
  }

  /// Whether a value lies in memory at some time: no view and no constant.
  static bool inMemory(Value v) {
    Operation *def = v.getDefiningOp();
    return !def || isMaterial(def) || isControl(def) || def->hasAttr("mod.store");
  }

  Value copy(Value v, Operation *before) {
    OpBuilder b(before);
    auto type = cast<SymTensorType>(v.getType());
    SmallVector<Attribute> shape(type.getDims().begin(), type.getDims().end());
    auto op = ReshapeOp::create(b, v.getLoc(), SymTensorType::get(type.getElementType(), type.getDims()), v,
                                b.getArrayAttr(shape));
    op->setAttr("mod.copy", b.getUnitAttr());
    return op;
  }

  /// Products and attention read rows of consecutive elements (a plain right operand may be consecutive in K instead);
  /// any other view is copied first.
  void makeOperandsReadable() {
    auto readable = [](Value v, bool either) {
      auto view = stridedView(v);
      if (!view)
        return false;
      auto dims = dimsOf(v);
      auto consecutive = [&](size_t fromEnd) {
        return dims[dims.size() - fromEnd].getConstant() == 1 ||
               view->strides[dims.size() - fromEnd].getConstant() == 1;
      };
      return consecutive(1) || (either && consecutive(2));
    };
    for (Operation &op : llvm::make_early_inc_range(body)) {
      if (isControl(&op))
        for (OpOperand &operand : op.getOpOperands())
          if (!inMemory(operand.get()))
            operand.set(copy(operand.get(), &op));
      if (auto conv = dyn_cast<ConvOp>(op)) {
        // A convolution reads memory of any strides.
        Value x = conv.getX(), base = behindViews(x);
        if (isFree(x.getDefiningOp()) && (isFree(base.getDefiningOp()) || !stridedView(x)))
          conv.getXMutable().assign(copy(x, &op));
        continue;
      }
      if (!isTiled(&op) && !isa<AttentionOp>(op))
        continue;
      for (OpOperand &operand : op.getOpOperands())
        if (isa<SymTensorType>(operand.get().getType()) && isFree(operand.get().getDefiningOp())) {
          bool plainRight = isa<MatmulOp>(op) && operand.getOperandNumber() == 1;
          bool creation = !isView(operand.get().getDefiningOp()) || isFree(behindViews(operand.get()).getDefiningOp());
          if (creation || !readable(operand.get(), plainRight))
            operand.set(copy(operand.get(), &op));
        }
    }
  }

  /// Views that the maker of a value writes through, marked `mod.store`: what permutations and reshapes follow
  /// attention, and the reshapes before a result, where nothing else reads the value.
  void markStores() {
    UnitAttr mark = UnitAttr::get(f.getContext());
    for (Operation &op : body)
      if (isa<AttentionOp>(op))
        for (Value v = op.getResult(0);
             v.hasOneUse() && isa<PermuteOp, ReshapeOp>(*v.user_begin()) && (*v.user_begin())->getBlock() == &body;) {
          (*v.user_begin())->setAttr("mod.store", mark);
          v = (*v.user_begin())->getResult(0);
        }
    for (Value v : body.getTerminator()->getOperands()) {
      SmallVector<Operation *> chain;
      while (v.hasOneUse() && isHere(v) && isa_and_nonnull<ReshapeOp, PermuteOp>(v.getDefiningOp()) &&
             isView(v.getDefiningOp()) &&
             (isa<ReshapeOp>(v.getDefiningOp()) || followsProduct(v.getDefiningOp()->getOperand(0)))) {
        chain.push_back(v.getDefiningOp());
        v = v.getDefiningOp()->getOperand(0);
      }
      if (v.hasOneUse() && v.getDefiningOp() && isHere(v) &&
          (isMaterial(v.getDefiningOp()) || v.getDefiningOp()->hasAttr("mod.store")))
        for (Operation *op : chain)
          op->setAttr("mod.store", mark);
    }
  }

  /// Whether a value is made by a product or by the arithmetic after one, each for one reader alone.
  bool followsProduct(Value v) const {
    if (!v.hasOneUse() || !v.getDefiningOp() || !isHere(v))
      return false;
    Operation *op = v.getDefiningOp();
    if (isProduct(op))
      return true;
    if (isView(op))
      return isa<ReshapeOp, PermuteOp>(op) && followsProduct(op->getOperand(0));
    return isElementwise(op) && llvm::any_of(op->getOperands(), [&](Value x) {
             return isa<SymTensorType>(x.getType()) && dimsOf(x) == dimsOf(v) && !isView(x.getDefiningOp()) &&
                    followsProduct(x);
           });
  }

  bool isHere(Value v) const { return v.getParentBlock() == &body; }

  /// What a block ends with is handed on in memory: a result of the function by the kernel, loop or branch that makes
  /// it, what a loop carries likewise, unless it goes round unchanged. An argument, a view or a value handed on before
  /// needs a kernel.
  void copyOutputs() {
    Operation *end = body.getTerminator();
    Operation *parent = body.getParentOp();
    bool condition = isa<WhileOp>(parent) && &body != &bodyOf(parent);
    llvm::SmallDenseSet<Value> handed;
    for (OpOperand &operand : end->getOpOperands()) {
      Value v = operand.get();
      bool made = inMemory(v) && v.getDefiningOp() && isHere(v) && handed.insert(v).second;
      // The host reads a condition, and copies what a side of a branch takes from outside.
      bool there = inMemory(v) && (condition || (isa<IfOp>(parent) && !isHere(v)));
      bool unchanged = isLoop(parent) && !condition && v == body.getArgument(operand.getOperandNumber());
      if (!made && !there && !unchanged)
        operand.set(copy(v, end));
    }
    if (isa<ReturnOp>(end))
      keepStateAside(end);
  }

  /// State is written in place of the old value, so where that is read the new one is kept aside until all else is
  /// done.
  void keepStateAside(Operation *ret) {
    SmallVector<OpOperand *> late;
    for (OpOperand &operand : ret->getOpOperands())
      if (auto path = f.getResultAttr(operand.getOperandNumber(), "mod.write"))
        for (BlockArgument arg : f.getArguments())
          if (f.getArgAttr(arg.getArgNumber(), "mod.state") == path && !arg.use_empty() &&
              !replacesSlices(operand.get(), arg))
            late.push_back(&operand);
    for (OpOperand *operand : late)
      operand->set(copy(operand->get(), ret));
  }

  /// Whether state is updated slice by slice, here or in loops, so that it can stay where it is.
  static bool replacesSlices(Value v, BlockArgument state) {
    while (v != state) {
      if (auto update = v.getDefiningOp<UpdateSliceOp>())
        v = update.getX();
      else if (isLoop(v.getDefiningOp()))
        v = v.getDefiningOp()->getOperand(cast<OpResult>(v).getResultNumber());
      else
        return false;
    }
    return state.hasOneUse();
  }

  /// Cheap work on arguments that several readers, or readers of larger index spaces, would have to load: each computes
  /// it.
  void markInlined() {
    for (Operation &op : body) {
      if (!isElementwise(&op) || isFree(&op) || costOf(&op) > kMaxInlined)
        continue;
      SmallVector<Operation *> readers;
      materialReaders(op.getResult(0), readers);
      auto dims = dimsOf(op.getResult(0));
      bool inlines = llvm::all_of(readers, [&](Operation *r) {
        return isElementwise(r) || (isa<PrimitiveOpInterface>(r) && classOf(r) == FusionClass::Reduction);
      });
      bool worth = readers.size() > 1 || llvm::any_of(readers, [&](Operation *r) {
                     return isElementwise(r) && dimsOf(r->getResult(0)) != dims;
                   });
      if (inlines && worth && !readers.empty())
        op.setAttr("mod.inline", UnitAttr::get(f.getContext()));
    }
  }
  static int costOf(Operation *op) {
    if (!isa<ToOp, NegOp, AbsOp, AddOp, SubOp, MulOp, MaximumOp, MinimumOp, EqOp, LtOp, LeOp, BitwiseAndOp, BitwiseOrOp,
             LogicalNotOp, WhereOp>(op))
      return kMaxInlined + 1;
    int cost = 1;
    for (Value v : op->getOperands()) {
      v = behindViews(v);
      if (Operation *def = v.getDefiningOp(); def && !isFree(def))
        cost += def->hasAttr("mod.inline") ? costOf(def) : kMaxInlined;
    }
    return cost;
  }
  static void materialReaders(Value v, SmallVectorImpl<Operation *> &readers) {
    for (Operation *user : v.getUsers())
      if (isView(user))
        materialReaders(user->getResult(0), readers);
      else if (!llvm::is_contained(readers, user))
        readers.push_back(user);
  }

  //===------------------------------------------------------------------===//
  // Edges between operations, seen through views
  //===------------------------------------------------------------------===//

  struct Edge {
    unsigned other;
    bool direct;
  };

  void connect() {
    for (auto [i, op] : llvm::enumerate(ops))
      number[op] = i;
    for (Operation &op : body)
      if (op.hasAttr("mod.store"))
        number[&op] = number[op.getOperand(0).getDefiningOp()];
    ret = ops.size();
    producers.resize(ops.size() + 1);
    consumers.resize(ops.size() + 1);
    inputs.resize(ops.size());
    for (auto [i, op] : llvm::enumerate(ops))
      for (Value v : outsideValues(op))
        trace(v, i, true);
    for (Value v : body.getTerminator()->getOperands())
      trace(v, ret, true);
    groupOf.assign(ops.size(), -1);
  }
  void trace(Value v, unsigned reader, bool direct) {
    Operation *op = v.getDefiningOp();
    if (op && !number.contains(op) && !inMemory(v) && isa<PrimitiveOpInterface, AssumeOp>(op)) {
      for (Value operand : op->getOperands())
        trace(operand, reader, false);
      return;
    }
    if (reader != ret && !llvm::is_contained(inputs[reader], v))
      inputs[reader].push_back(v);
    if (op && number.contains(op)) {
      producers[reader].push_back({number[op], direct});
      consumers[number[op]].push_back({reader, direct});
    }
  }

  //===------------------------------------------------------------------===//
  // Groups
  //===------------------------------------------------------------------===//

  void openGroups(bool fuse) {
    auto open = [&](auto wanted) {
      for (unsigned i = 0; i < ops.size(); ++i)
        if (groupOf[i] < 0 && wanted(ops[i])) {
          openGroup(i);
          if (fuse)
            grow(groups.size() - 1);
        }
    };
    if (fuse) {
      open([](Operation *op) { return isProduct(op); });
      // Rows before columns: what lies between the two is cheaper in the first.
      open([](Operation *op) { return classOf(op) == FusionClass::Reduction && trailing(op); });
      open([](Operation *op) { return classOf(op) == FusionClass::Reduction; });
      open([](Operation *op) { return classOf(op) == FusionClass::Window; });
    }
    open([](Operation *) { return true; });
  }

  void openGroup(unsigned i) {
    Operation *op = ops[i];
    Group g;
    g.kind = "map";
    if (isControl(op))
      g.kind = "control";
    else
      g.result = Dims(dimsOf(op->getResult(0)));
    // Where what it changes lies in memory, it writes the slice alone.
    if (auto update = dyn_cast<UpdateSliceOp>(op); update && inMemory(update.getX()))
      g.kind = kSlice;
    switch (classOf(op)) {
    case FusionClass::Matmul:
      g.kind = "matmul";
      break;
    case FusionClass::Conv:
      g.kind = isa<ConvOp>(op) ? "conv" : "map";
      break;
    case FusionClass::Attention:
      g.kind = "attention";
      break;
    case FusionClass::Reduction:
      if (auto outer = trailing(op)) {
        g.kind = "rows";
        g.outer = Dims(dimsOf(op->getOperand(0)).take_front(*outer));
        g.row = Dims(dimsOf(op->getOperand(0)).drop_front(*outer));
      } else {
        g.kind = "columns";
        g.full = Dims(dimsOf(op->getOperand(0)));
      }
      break;
    case FusionClass::Scan:
      g.kind = "scan";
      break;
    default:
      if (isa<SortOp>(op))
        g.kind = "sort";
      else if (isa<IndexAddOp, ScatterAddOp>(op))
        g.kind = "scatter";
      break;
    }
    g.ops.insert(op);
    groupOf[i] = groups.size();
    groups.push_back(std::move(g));
  }

  /// How many outer dimensions remain when only trailing ones are reduced (1s do not count).
  static std::optional<size_t> trailing(Operation *op) {
    auto dims = dimsOf(op->getOperand(0));
    auto reduced = reducedDims(op);
    size_t outer = dims.size();
    for (int64_t d : reduced)
      outer = std::min(outer, size_t(d));
    for (size_t d = outer; d < dims.size(); ++d)
      if (!llvm::is_contained(reduced, int64_t(d)) && dims[d].getConstant() != 1)
        return std::nullopt;
    return outer;
  }

  void grow(unsigned g) {
    for (bool changed = true; changed;) {
      changed = false;
      for (unsigned member = 0; member < groups[g].ops.size(); ++member) {
        unsigned i = number[groups[g].ops[member]];
        for (Edge e : producers[i])
          changed |= join(g, e.other, /*forward=*/false);
        for (Edge e : consumers[i])
          changed |= e.other != ret && join(g, e.other, /*forward=*/true);
      }
    }
  }

  bool join(unsigned g, unsigned i, bool forward) {
    if (groupOf[i] >= 0 || isControl(ops[i]) || !fits(g, i, forward) || !within(g, i) || !stays(g, i))
      return false;
    groupOf[i] = g;
    groups[g].ops.insert(ops[i]);
    return true;
  }

  bool inside(unsigned g, unsigned i) { return i != ret && groupOf[i] == int(g); }
  bool readInsideAlone(unsigned g, unsigned i) {
    return llvm::all_of(consumers[i], [&](Edge e) { return inside(g, e.other); });
  }

  bool fits(unsigned g, unsigned i, bool forward) {
    // A view between two members would read what other tasks of the kernel write.
    for (auto *edges : {&producers[i], &consumers[i]})
      for (Edge e : *edges)
        if (inside(g, e.other) && !e.direct)
          return false;
    Group &group = groups[g];
    Operation *op = ops[i];
    auto dims = dimsOf(op->getResult(0));
    bool take = isa<TakeOp>(op);
    // A gathered element is a load; its index and table must lie in memory.
    if (take && llvm::any_of(producers[i], [&](Edge e) { return inside(g, e.other); }))
      return false;
    if (isProduct(group.ops.front())) {
      // The product reads memory: what makes one of its operands is a kernel of its own, even if the rest of the group
      // reads it too.
      if (llvm::any_of(consumers[i], [&](Edge e) { return e.other != ret && ops[e.other] == group.ops.front(); }))
        return false;
      // Another result for a reduction to read is left to the reduction's group, which need not store it.
      bool reduced = llvm::any_of(
          consumers[i], [&](Edge e) { return e.other != ret && classOf(ops[e.other]) == FusionClass::Reduction; });
      return isElementwise(op) && dims == ArrayRef(group.result) &&
             (forward ? !reduced || outputsWith(g, i) <= outputsWith(g, ret) : readInsideAlone(g, i));
    }
    // A window reads many elements for one of its own: what makes them is a kernel of its own, too.
    if (isWindow(group) && (take || !forward || llvm::any_of(consumers[i], [&](Edge e) {
                              return e.other != ret && ops[e.other] == group.ops.front();
                            })))
      return false;
    if (group.kind == "map")
      return isMapLike(group) && (isElementwise(op) || take) && dims == ArrayRef(group.result);
    if (group.kind == "rows") {
      if (classOf(op) == FusionClass::Reduction) {
        auto outer = trailing(op);
        auto from = dimsOf(op->getOperand(0));
        return outer && from.take_front(*outer) == ArrayRef(group.outer) &&
               from.drop_front(*outer) == ArrayRef(group.row);
      }
      if (!isElementwise(op) && !take)
        return false;
      bool full = dims.size() == group.outer.size() + group.row.size() &&
                  dims.take_front(group.outer.size()) == ArrayRef(group.outer) &&
                  dims.drop_front(group.outer.size()) == ArrayRef(group.row);
      bool reduced = dims.size() >= group.outer.size() &&
                     dims.take_front(group.outer.size()) == ArrayRef(group.outer) &&
                     allOnes(dims.drop_front(group.outer.size()));
      return full || (reduced && !take);
    }
    if (group.kind == "columns") {
      if (!isElementwise(op))
        return false;
      if (forward)
        return dims == ArrayRef(group.result);
      return dims == ArrayRef(group.full) && readInsideAlone(g, i) && llvm::all_of(consumers[i], [&](Edge e) {
               return classOf(ops[e.other]) == FusionClass::Reduction ||
                      (!isControl(ops[e.other]) && dimsOf(ops[e.other]->getResult(0)) == ArrayRef(group.full));
             });
    }
    return false;
  }
  static bool isWindow(const Group &group) { return classOf(group.ops.front()) == FusionClass::Window; }
  static bool isMapLike(const Group &group) {
    return llvm::all_of(group.ops, [&](Operation *op) {
      return isElementwise(op) || isa<TakeOp>(op) || (op == group.ops.front() && classOf(op) == FusionClass::Window);
    });
  }

  /// Results of the group with operation i (`ret`: as it is).
  size_t outputsWith(unsigned g, unsigned i) {
    auto read = [&](unsigned k) {
      return llvm::any_of(consumers[k], [&](Edge e) { return e.other != i && !inside(g, e.other); });
    };
    size_t out = i != ret && read(i);
    for (Operation *op : groups[g].ops)
      out += read(number[op]);
    return out;
  }

  /// Limits on operands and results of the group with operation i.
  bool within(unsigned g, unsigned i) {
    llvm::SmallSetVector<Value, 32> in;
    auto count = [&](unsigned k) {
      for (Value v : inputs[k])
        if (!v.getDefiningOp() || !number.contains(v.getDefiningOp()) ||
            (number[v.getDefiningOp()] != i && !inside(g, number[v.getDefiningOp()])))
          in.insert(v);
    };
    for (Operation *op : groups[g].ops)
      count(number[op]);
    count(i);
    return groups[g].ops.size() < kMaxWork && in.size() <= kMaxInputs && outputsWith(g, i) <= kMaxOutputs;
  }

  /// Whether no path leaves the group with operation i and comes back: a walk forward over what is outside, where
  /// another group counts as one node.
  bool stays(unsigned g, unsigned i) {
    llvm::BitVector seen(ops.size()), seenGroup(groups.size());
    SmallVector<unsigned> work;
    bool back = false;
    auto push = [&](unsigned k, bool fromInside) {
      if (k == ret)
        return;
      if (k == i || inside(g, k)) {
        back |= !fromInside;
        return;
      }
      if (seen.test(k))
        return;
      seen.set(k);
      work.push_back(k);
    };
    auto leave = [&](unsigned k) {
      for (Edge e : consumers[k])
        push(e.other, true);
    };
    for (Operation *op : groups[g].ops)
      leave(number[op]);
    leave(i);
    while (!work.empty() && !back) {
      unsigned k = work.pop_back_val();
      for (Edge e : consumers[k])
        push(e.other, false);
      if (groupOf[k] >= 0 && !seenGroup.test(groupOf[k])) {
        seenGroup.set(groupOf[k]);
        for (Operation *op : groups[groupOf[k]].ops)
          push(number[op], false);
      }
    }
    return !back;
  }

  void annotate() {
    OpBuilder b(f.getContext());
    // Order: a group comes when all it reads is there, those with the earliest last operation first.
    std::vector<unsigned> last(groups.size(), 0), waits(groups.size(), 0), rank(groups.size(), 0);
    std::vector<llvm::SmallSetVector<unsigned, 4>> next(groups.size());
    for (unsigned i = 0; i < ops.size(); ++i) {
      last[groupOf[i]] = std::max(last[groupOf[i]], i);
      for (Edge e : consumers[i])
        if (e.other != ret && groupOf[e.other] != groupOf[i] && next[groupOf[i]].insert(groupOf[e.other]))
          ++waits[groupOf[e.other]];
    }
    std::set<std::pair<unsigned, unsigned>> ready;
    for (unsigned g = 0; g < groups.size(); ++g)
      if (waits[g] == 0)
        ready.insert({last[g], g});
    size_t first = kinds.size();
    while (!ready.empty()) {
      unsigned g = ready.begin()->second;
      ready.erase(ready.begin());
      rank[g] = kinds.size();
      kinds.push_back(b.getStringAttr(groups[g].kind));
      for (unsigned n : next[g])
        if (--waits[n] == 0)
          ready.insert({last[n], n});
    }
    assert(kinds.size() == first + groups.size() && "groups form a cycle");
    (void)first;
    for (unsigned i = 0; i < ops.size(); ++i)
      ops[i]->setAttr("mod.group", b.getI64IntegerAttr(rank[groupOf[i]]));
    for (Operation &op : body)
      if (op.hasAttr("mod.store"))
        op.setAttr("mod.group", b.getI64IntegerAttr(rank[groupOf[number[&op]]]));
  }
  FuncOp f;
  Block &body;
  SmallVectorImpl<Attribute> &kinds;
  SmallVector<Operation *> ops;
  llvm::DenseMap<Operation *, unsigned> number;
  unsigned ret = 0;
  std::vector<SmallVector<Edge, 4>> producers, consumers;
  /// Values from memory that an operation reads, behind views.
  std::vector<SmallVector<Value, 4>> inputs;
  std::vector<int> groupOf;
  std::vector<Group> groups;
};

struct FormGroups : impl::FormGroupsPassBase<FormGroups> {
  using Base::Base;
  void runOnOperation() override {
    if (fusion != "full" && fusion != "none") {
      getOperation().emitError("option fusion is `full` or `none`, not `") << fusion << "`";
      return signalPassFailure();
    }
    for (FuncOp f : roleFunctions(getOperation())) {
      SmallVector<Attribute> kinds;
      forEachBlock(f.getBody().front(), [&](Block &block) { Grouper(f, block, kinds).run(fusion == "full"); });
      f->setAttr("mod.groups", ArrayAttr::get(&getContext(), kinds));
    }
  }
};
} // namespace
} // namespace modc
