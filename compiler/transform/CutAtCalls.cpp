// Composed methods: the calls of a method become steps of a program that the runtime executes, and what the method does
// itself between them becomes functions, its pieces. One piece holds all work between two calls. Loops and branches
// with calls in them are loops and branches of the program; those without stay inside pieces.
#include "compiler/transform/Control.h"
#include "compiler/transform/CountedLoops.h"
#include "compiler/transform/Passes.h"
#include "compiler/transform/Sizes.h"
#include "compiler/transform/Tree.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_CUTATCALLSPASS
#include "compiler/transform/Passes.h.inc"

namespace {
/// Cuts one method. `written`: the parameters and buffers that some method somewhere writes.
class Cutter {
public:
  Cutter(FuncOp method, const llvm::DenseSet<Operation *> &written)
      : method(method), cls(method->getParentOfType<ClassOp>()), b(method), written(written) {}

  void run() {
    StringRef composed = method.getSymName(); // "m.role.composed"
    base = composed.drop_back(StringRef(".composed").size()).str();
    Block &body = method.getBody().front();
    countLoops(method);
    findEnds(body);

    b.setInsertionPoint(method);
    auto program = ProgramOp::create(b, method.getLoc(), composed, method.getDimsAttr());
    keepRole(program);
    Block *steps = b.createBlock(&program.getBody());
    for (BlockArgument arg : body.getArguments())
      values.map(arg, steps->addArgument(arg.getType(), arg.getLoc()));
    if (auto attrs = method.getArgAttrs())
      program->setAttr("arg_attrs", *attrs);
    cut(body, steps);
    method.erase();
  }

private:
  /// The work before one call, loop or branch with calls, or before the end of a block.
  struct Segment {
    SmallVector<Operation *> ops;
    Operation *end = nullptr;
  };

  /// Computed again by every piece that reads it, rather than kept in a tensor between pieces. What is written during a
  /// call is not: its value is the one at the time of the read.
  bool isRecomputed(Operation *op) {
    if (auto get = dyn_cast<GetOp>(op))
      return !written.contains(tensorAt(cls, get.getPath()));
    return isa<FullOp, SizeOp, IotaOp, FrameKeyOp, KeyOp>(op);
  }

  /// What becomes steps of the program: calls, what holds calls, the ends of blocks with calls.
  void findEnds(Block &body) {
    for (Operation &op : body)
      if (isa<CallOp>(op) || op.hasTrait<OpTrait::IsTerminator>()) {
        ends.insert(&op);
      } else if (isControl(&op) && holds<CallOp>(&op)) {
        ends.insert(&op);
        for (Region &region : op.getRegions())
          findEnds(region.front());
      }
  }
  template <typename OpTy> static bool holds(Operation *op) {
    return op->walk([](OpTy) { return WalkResult::interrupt(); }).wasInterrupted();
  }

  /// Cuts one block; its steps go to the end of `steps`.
  void cut(Block &body, Block *steps) {
    std::vector<Segment> segments = split(body);
    for (auto [number, segment] : llvm::enumerate(segments)) {
      addPiece(body, number, segment, steps);
      if (!segment.end)
        continue;
      b.setInsertionPointToEnd(steps);
      if (auto call = dyn_cast<CallOp>(segment.end))
        addCall(call);
      else if (auto loop = dyn_cast<WhileOp>(segment.end))
        addLoop(loop);
      else if (auto branch = dyn_cast<IfOp>(segment.end))
        addBranch(branch);
      else if (isa<ReturnOp>(segment.end))
        ReturnOp::create(b, segment.end->getLoc(), now(segment.end->getOperands()));
      else
        YieldOp::create(b, segment.end->getLoc(), now(segment.end->getOperands()));
    }
  }

  std::vector<Segment> split(Block &body) {
    llvm::DenseMap<Operation *, size_t> endOf;
    size_t count = 1;
    for (Operation &op : body) {
      if (ends.contains(&op)) {
        endOf[&op] = count - 1;
        count += !op.hasTrait<OpTrait::IsTerminator>();
      } else {
        segmentOf[&op] = count - 1;
      }
    }
    // Pure work waits for its first reader: fewer pieces, and views stay with what reads through them. What reads a
    // buffer stays, since the buffer may change.
    auto readsBuffer = [&](Operation &op) {
      return llvm::any_of(op.getOperands(), [&](Value v) {
        auto get = v.getDefiningOp<GetOp>();
        return get && !isRecomputed(get);
      });
    };
    for (Operation &op : llvm::reverse(body))
      if (isa<PrimitiveOpInterface, AssumeOp>(op) && !op.use_empty() && !readsBuffer(op)) {
        size_t first = count;
        for (Operation *user : op.getUsers()) {
          Operation *reader = ancestorIn(&body, user);
          first = std::min(first, endOf.contains(reader) ? endOf[reader] : segmentOf[reader]);
        }
        segmentOf[&op] = first;
      }
    std::vector<Segment> segments(count);
    for (Operation &op : body)
      if (endOf.contains(&op))
        segments[endOf[&op]].end = &op;
      else
        segments[segmentOf[&op]].ops.push_back(&op);
    return segments;
  }

  /// Whether a value made in `segment` of its block is read outside it, by a later piece or by a step of the program.
  bool leaves(Value v, size_t segment) {
    bool again = isRecomputed(v.getDefiningOp());
    return llvm::any_of(v.getUsers(), [&](Operation *user) {
      if (ends.contains(user))
        return true;
      Operation *reader = ancestorIn(v.getParentBlock(), user);
      return !again && (ends.contains(reader) || segmentOf.lookup(reader) != segment);
    });
  }

  void addPiece(Block &body, size_t number, const Segment &segment, Block *steps) {
    llvm::SetVector<Operation *> needed;
    SmallVector<Value> out;
    std::function<void(Operation *)> need = [&](Operation *op) {
      if (!op || ends.contains(op))
        return;
      bool mine = op->getBlock() == &body && segmentOf.lookup(op) == number;
      if ((mine || isRecomputed(op)) && needed.insert(op))
        for (Value v : outsideValues(op))
          need(v.getDefiningOp());
    };
    for (Operation *op : segment.ops) {
      if (isa<SetOp>(op) || (isControl(op) && holds<SetOp>(op)))
        need(op);
      for (Value v : op->getResults())
        if (!isa<RngType>(v.getType()) && leaves(v, number)) {
          out.push_back(v);
          need(op);
        }
    }
    if (needed.empty())
      return;
    // What stands in blocks outside comes first.
    SmallVector<Operation *> ops = needed.takeVector();
    llvm::sort(ops, [](Operation *a, Operation *b) {
      if (a->getBlock() == b->getBlock())
        return a->isBeforeInBlock(b);
      return a->getBlock()->getParentOp()->isProperAncestor(b);
    });

    Piece piece = build(ops, out);
    b.setInsertionPointToEnd(steps);
    SmallVector<Value> args = now(piece.in);
    args.append(piece.counters.begin(), piece.counters.end());
    SmallVector<Type> types;
    SizeMap bound;
    bindSizes(piece.func.getArgumentTypes(), ValueRange(args).getTypes(), bound);
    for (auto [v, t] : llvm::zip(out, piece.func.getResultTypes()))
      types.push_back(v.getDefiningOp()->hasAttr(kHeld) ? v.getType() : replaceSizes(t, bound));
    SmallVector<Attribute> rounds;
    for (const Loop &loop : loops)
      rounds.push_back(DimAttr::symbol(b.getContext(), loop.name.getValue()));
    auto run = RunOp::create(b, ops.back()->getLoc(), types, piece.func.getSymName(), args,
                             rounds.empty() ? ArrayAttr() : b.getArrayAttr(rounds), /*fresh=*/ArrayAttr());
    for (auto [old, now] : llvm::zip(out, run.getResults()))
      values.map(old, now);
  }

  /// A function, the values it takes, and after them counters of the program's loops.
  struct Piece {
    FuncOp func;
    SmallVector<Value> in, counters;
  };

  SmallVector<Value> now(ValueRange range) {
    return llvm::map_to_vector(range, [&](Value v) { return values.lookup(v); });
  }

  Piece build(ArrayRef<Operation *> ops, ArrayRef<Value> out) {
    MLIRContext *ctx = method.getContext();
    Piece piece;
    llvm::SetVector<Value> in;
    llvm::SmallDenseSet<Operation *> inside(ops.begin(), ops.end());
    for (Operation *op : ops)
      for (Value v : outsideValues(op))
        if (!v.getDefiningOp() || !inside.contains(v.getDefiningOp()))
          in.insert(v);

    Block body;
    IRMapping map;
    for (Value v : in)
      map.map(v, body.addArgument(values.lookup(v).getType(), v.getLoc()));
    OpBuilder pb(ctx);
    pb.setInsertionPointToEnd(&body);
    for (Operation *op : ops)
      infer(pb, op, map);
    SmallVector<Value> results;
    for (Value v : out)
      results.push_back(map.lookup(v));
    ReturnOp::create(pb, method.getLoc(), results);
    closeAssumptions(body);

    // A name that no argument binds alone comes with an input of the method that does.
    SizeNames used, bound;
    auto bind = [&](Type t) {
      for (DimAttr d : cast<SymTensorType>(t).getDims())
        if (StringAttr s = d.getSymbol())
          bound.insert(s);
    };
    for (Type t : body.getArgumentTypes()) {
      collectSizes(t, used);
      bind(t);
    }
    for (Operation &op : body)
      collectSizes(&op, used);
    SizeNames own;
    for (Operation &op : body)
      op.walk([&](Operation *inner) {
        if (StringAttr name = boundName(inner))
          own.insert(name);
      });
    used.set_subtract(own);
    for (BlockArgument arg : method.getArguments()) {
      SizeNames binds;
      if (StringAttr s = scalarSize(arg); s && used.contains(s))
        binds.insert(s);
      for (DimAttr d : cast<SymTensorType>(arg.getType()).getDims())
        if (StringAttr s = d.getSymbol(); s && used.contains(s) && !bound.contains(s))
          binds.insert(s);
      if (!binds.empty() && in.insert(arg)) {
        body.addArgument(arg.getType(), arg.getLoc());
        bind(arg.getType());
        bound.insert(binds.begin(), binds.end());
      }
    }
    for (Type t : body.getArgumentTypes())
      collectSizes(t, used);
    // A loop's name is the value of its counter.
    SmallVector<StringAttr> counted;
    for (const Loop &loop : loops)
      if (used.contains(loop.name)) {
        counted.push_back(loop.name);
        piece.counters.push_back(loop.counter);
        body.addArgument(loop.counter.getType(), loop.counter.getLoc());
      }

    b.setInsertionPoint(method);
    SmallVector<Type> resultTypes(body.getTerminator()->getOperandTypes());
    SmallVector<NamedAttribute> attrs;
    auto type = FunctionType::get(ctx, TypeRange(body.getArgumentTypes()), resultTypes);
    piece.func = FuncOp::create(b, method.getLoc(), base + ".p" + std::to_string(pieces), type, ArrayAttr(),
                                ArrayAttr(), ArrayAttr(), ArrayAttr(), StringAttr(), ArrayAttr(), ArrayAttr());
    piece.func.getBody().push_back(new Block);
    Block &inner = piece.func.getBody().front();
    for (BlockArgument arg : body.getArguments())
      arg.replaceAllUsesWith(inner.addArgument(arg.getType(), arg.getLoc()));
    inner.getOperations().splice(inner.end(), body.getOperations());

    SmallVector<Attribute> names;
    for (StringAttr s : used)
      names.push_back(s);
    piece.func.setDimsAttr(b.getArrayAttr(names));
    keepRole(piece.func);
    piece.func->setAttr("mod.piece", b.getI64IntegerAttr(pieces++));
    for (auto [i, v] : llvm::enumerate(in)) {
      piece.func.setArgAttr(i, "mod.name", nameOf(v));
      if (auto arg = dyn_cast<BlockArgument>(v); arg && arg.getOwner()->getParentOp() == method)
        if (Attribute scalar = method.getArgAttr(arg.getArgNumber(), "mod.scalar"))
          piece.func.setArgAttr(i, "mod.scalar", scalar);
    }
    for (auto [i, name] : llvm::enumerate(counted)) {
      piece.func.setArgAttr(in.size() + i, "mod.name", name);
      piece.func.setArgAttr(in.size() + i, "mod.scalar", name);
    }
    takeGuards(piece.func, used);
    for (auto assume : inner.getOps<AssumeOp>())
      guardAssumption(piece.func, assume);
    piece.in.assign(in.begin(), in.end());
    return piece;
  }

  void keepRole(Operation *op) {
    for (StringRef name : {"mod.method", "mod.role", "mod.both_modes"})
      if (Attribute value = method->getAttr(name))
        op->setAttr(name, value);
  }

  StringAttr nameOf(Value v) {
    if (auto arg = dyn_cast<BlockArgument>(v); arg && arg.getOwner()->getParentOp() == method)
      if (auto name = method.getArgAttrOfType<StringAttr>(arg.getArgNumber(), "mod.name"))
        return name;
    if (auto call = v.getDefiningOp<CallOp>(); call && !call.getChild().empty())
      return b.getStringAttr("result of " + call.getChild());
    return b.getStringAttr("value");
  }

  /// Clones one operation over operands whose sizes may be others than those it was checked with.
  void infer(OpBuilder &pb, Operation *op, IRMapping &map) {
    if (isControl(op))
      return cloneExactly(pb, op, map);
    Operation *copy = pb.clone(*op, map);
    dropRounds(copy);
    copy->removeAttr(kHeld);
    auto changed = [&] {
      return llvm::any_of(llvm::zip(op->getOperandTypes(), copy->getOperandTypes()),
                          [](auto p) { return std::get<0>(p) != std::get<1>(p); });
    };
    if (!changed() || isa<AssumeOp>(op))
      return;
    if (isa<MatmulOp, AttentionOp>(op))
      keepFeatures(pb, op, copy);
    SmallVector<Type> types;
    std::string words = "sizes differ";
    // A slice of fewer elements than it was checked against would read past the end.
    bool exact = isa<NarrowOp, UpdateSliceOp, ConstantPadOp, SetOp>(op);
    if (!exact && isa<InferOpInterface>(op) && succeeded(inferAgain(copy, types, &words))) {
      for (auto [v, t] : llvm::zip(copy->getResults(), types))
        v.setType(t);
      return;
    }
    pb.setInsertionPoint(copy);
    for (auto [i, v] : llvm::enumerate(op->getOperands()))
      if (v.getType() != copy->getOperand(i).getType())
        copy->setOperand(i, AssumeOp::create(pb, op->getLoc(), v.getType(), copy->getOperand(i), words));
    pb.setInsertionPointAfter(copy);
  }

  /// Rows and features of what attention is made of stay the numbers that they were checked as. Its scale comes of
  /// them, and blocks of keys add up in another order than the kernel for unknown numbers of features does.
  void keepFeatures(OpBuilder &pb, Operation *op, Operation *copy) {
    OpBuilder::InsertionGuard guard(pb);
    pb.setInsertionPoint(copy);
    for (auto [i, v] : llvm::enumerate(op->getOperands())) {
      auto was = dyn_cast<SymTensorType>(v.getType()), is = dyn_cast<SymTensorType>(copy->getOperand(i).getType());
      if (!was || was == is)
        continue;
      SmallVector<DimAttr> dims(is.getDims());
      for (size_t d = dims.size() - std::min<size_t>(dims.size(), 2); d < dims.size(); ++d)
        if (was.getDims()[d].getConstant())
          dims[d] = was.getDims()[d];
      if (auto kept = is.withDims(dims); kept != is)
        copy->setOperand(i, AssumeOp::create(pb, op->getLoc(), kept, copy->getOperand(i), "sizes differ"));
    }
  }

  /// Clones a loop or a branch. What it reads gets the sizes that it was checked with.
  void cloneExactly(OpBuilder &pb, Operation *op, IRMapping &map) {
    IRMapping exact = map;
    for (Value v : outsideValues(op))
      if (Value have = map.lookup(v); have.getType() != v.getType())
        exact.map(v, AssumeOp::create(pb, op->getLoc(), v.getType(), have, "sizes differ"));
    Operation *copy = pb.clone(*op, exact);
    copy->walk([&](Operation *inner) { dropRounds(inner); });
    for (auto [old, made] : llvm::zip(op->getResults(), copy->getResults()))
      map.map(old, made);
  }

  /// The rounds of the program's loops are in a piece's key already.
  void dropRounds(Operation *op) {
    auto key = dyn_cast<KeyOp>(op);
    if (!key || !key.getIterations())
      return;
    SmallVector<Attribute> left;
    for (auto d : key.getIterations()->getAsRange<DimAttr>())
      if (llvm::none_of(loops, [&](const Loop &loop) { return loop.name == d.getSymbol(); }))
        left.push_back(d);
    if (left.empty())
      key.removeIterationsAttr();
    else
      key.setIterationsAttr(b.getArrayAttr(left));
  }

  /// An assumption about an argument becomes the argument's type: the entry checks it, and it needs no name of its own.
  void closeAssumptions(Block &body) {
    SizeMap known;
    for (auto assume : body.getOps<AssumeOp>())
      for (auto [from, to] : llvm::zip(cast<SymTensorType>(assume.getX().getType()).getDims(),
                                       cast<SymTensorType>(assume.getY().getType()).getDims()))
        if (StringAttr name = from.getSymbol(); name && fresh.contains(name)) {
          SizeNames inTo;
          to.walkSymbols([&](StringAttr s) { inTo.insert(s); });
          if (llvm::none_of(inTo, [&](StringAttr s) { return fresh.contains(s); }))
            known.try_emplace(name, to);
        }
    if (known.empty())
      return;
    for (BlockArgument arg : body.getArguments())
      arg.setType(replaceSizes(arg.getType(), known));
    for (Operation &op : llvm::make_early_inc_range(body)) {
      replaceSizes(&op, known);
      if (auto assume = dyn_cast<AssumeOp>(op); assume && assume.getX().getType() == assume.getY().getType()) {
        assume.getY().replaceAllUsesWith(assume.getX());
        assume.erase();
      }
    }
  }

  /// Each guard of the method goes to the first piece that knows its sizes and always runs; before that, to all that
  /// do.
  void takeGuards(FuncOp piece, const SizeNames &names) {
    auto has = [&](DimAttr d) {
      bool all = true;
      d.walkSymbols([&](StringAttr s) { all &= names.contains(s); });
      return all;
    };
    if (auto guards = method.getGuards())
      for (auto g : guards->getAsRange<GuardAttr>())
        if (has(g.getA()) && has(g.getB()) && !placed.contains(g)) {
          addGuards(piece, {g});
          if (inside == 0)
            placed.insert(g);
        }
    if (auto ranges = method.getRanges())
      for (auto r : ranges->getAsRange<RangeAttr>())
        if (names.contains(b.getStringAttr(r.getName())))
          addRange(piece, r);
  }

  StringAttr freshName() {
    llvm::StringSet<> taken;
    if (auto dims = method.getDims())
      for (auto s : dims->getAsRange<StringAttr>())
        taken.insert(s.getValue());
    std::string name;
    do
      name = "r" + std::to_string(freshCount++);
    while (taken.contains(name));
    auto attr = b.getStringAttr(name);
    fresh.insert(attr);
    return attr;
  }

  void addCall(CallOp call) {
    SmallVector<Value> args;
    for (Value v : call.getArgs())
      args.push_back(values.lookup(v));
    SmallVector<Type> types;
    SmallVector<Attribute> names;
    for (Type t : call.getResultTypes()) {
      SmallVector<DimAttr> dims;
      for (size_t i = 0, e = cast<SymTensorType>(t).getDims().size(); i < e; ++i) {
        names.push_back(freshName());
        dims.push_back(DimAttr::symbol(call.getContext(), cast<StringAttr>(names.back()).getValue()));
      }
      types.push_back(cast<SymTensorType>(t).withDims(dims));
    }
    auto step = CallOp::create(b, call.getLoc(), types, call.getChildAttr(), call.getMethodAttr(), args,
                               call.getSiteAttr(), call.getIterationsAttr(), b.getArrayAttr(names));
    for (auto [old, now] : llvm::zip(call.getResults(), step.getResults()))
      values.map(old, now);
  }

  /// Regions of a loop or branch of the program, whose results are what was checked.
  void addRegion(Region &from, Region &to) {
    OpBuilder::InsertionGuard guard(b);
    Block *steps = b.createBlock(&to);
    for (BlockArgument arg : from.getArguments())
      values.map(arg, steps->addArgument(arg.getType(), arg.getLoc()));
    if (auto loop = dyn_cast<WhileOp>(from.getParentOp()))
      loops.push_back({loop.getIterationAttr(), steps->getArgument(0)});
    ++inside;
    cut(from.front(), steps);
    --inside;
    if (isa<WhileOp>(from.getParentOp()))
      loops.pop_back();
  }

  void addLoop(WhileOp loop) {
    auto step = WhileOp::create(b, loop.getLoc(), loop.getResultTypes(), loop.getIterationAttr(), now(loop.getInits()));
    addRegion(loop.getCondition(), step.getCondition());
    addRegion(loop.getBody(), step.getBody());
    values.map(loop.getResults(), step.getResults());
  }

  void addBranch(IfOp branch) {
    auto step = IfOp::create(b, branch.getLoc(), branch.getResultTypes(), now(branch->getOperands())[0]);
    addRegion(branch.getThen(), step.getThen());
    addRegion(branch.getOtherwise(), step.getOtherwise());
    values.map(branch.getResults(), step.getResults());
  }

  /// A loop of the program round the steps at hand, and its counter there.
  struct Loop {
    StringAttr name;
    Value counter;
  };

  FuncOp method;
  ClassOp cls;
  OpBuilder b;
  const llvm::DenseSet<Operation *> &written;
  std::string base;
  llvm::SmallPtrSet<Operation *, 16> ends;
  /// Of operations between ends, within their blocks.
  llvm::DenseMap<Operation *, size_t> segmentOf;
  SmallVector<Loop> loops;
  /// Values of the method to those of the program.
  IRMapping values;
  llvm::DenseSet<StringAttr> fresh;
  llvm::DenseSet<Attribute> placed;
  /// Loops and branches round the steps at hand.
  unsigned inside = 0;
  int64_t pieces = 0, freshCount = 0;
};

struct CutAtCalls : impl::CutAtCallsPassBase<CutAtCalls> {
  void runOnOperation() override {
    llvm::DenseSet<Operation *> written;
    for (ClassOp cls : getOperation().getOps<ClassOp>())
      for (FuncOp f : cls.getBody().getOps<FuncOp>())
        f.walk([&](SetOp set) { written.insert(tensorAt(cls, set.getPath())); });
    for (ClassOp cls : getOperation().getOps<ClassOp>())
      for (FuncOp f : llvm::make_early_inc_range(cls.getBody().getOps<FuncOp>()))
        if (f->hasAttr("mod.composed"))
          Cutter(f, written).run();
  }
};
} // namespace
} // namespace modc
