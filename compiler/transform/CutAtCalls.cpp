// Composed methods: the calls of a method become steps of a program that the runtime executes, and what the method does
// itself between them becomes functions, its pieces. One piece holds all work between two calls.
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
    split(body);

    b.setInsertionPoint(method);
    auto program = ProgramOp::create(b, method.getLoc(), composed, method.getDimsAttr());
    keepRole(program);
    Block *steps = b.createBlock(&program.getBody());
    for (BlockArgument arg : body.getArguments())
      values.map(arg, steps->addArgument(arg.getType(), arg.getLoc()));
    if (auto attrs = method.getArgAttrs())
      program->setAttr("arg_attrs", *attrs);

    for (auto [i, segment] : llvm::enumerate(segments)) {
      addPiece(segment, steps);
      if (segment.end) {
        b.setInsertionPointToEnd(steps);
        if (auto call = dyn_cast<CallOp>(segment.end))
          addCall(call);
        else
          addReturn(cast<ReturnOp>(segment.end));
      }
    }
    method.erase();
  }

private:
  /// The work before one call, or before the return.
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

  void split(Block &body) {
    llvm::DenseMap<Operation *, size_t> endOf;
    size_t count = 1;
    for (Operation &op : body) {
      if (isa<CallOp, ReturnOp>(op)) {
        endOf[&op] = count - 1;
        count += isa<CallOp>(op);
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
        for (Operation *user : op.getUsers())
          first = std::min(first, endOf.contains(user) ? endOf[user] : segmentOf[user]);
        segmentOf[&op] = first;
      }
    segments.resize(count);
    for (Operation &op : body)
      if (endOf.contains(&op))
        segments[endOf[&op]].end = &op;
      else
        segments[segmentOf[&op]].ops.push_back(&op);
  }

  /// Whether a value made in `segment` is read outside it, by a later piece or by a step of the program.
  bool leaves(Value v, size_t segment) {
    return llvm::any_of(v.getUsers(), [&](Operation *user) {
      auto it = segmentOf.find(user);
      return it == segmentOf.end() || (it->second != segment && !isRecomputed(v.getDefiningOp()));
    });
  }

  void addPiece(Segment &segment, Block *steps) {
    size_t number = &segment - segments.data();
    llvm::SetVector<Operation *> needed;
    SmallVector<Value> out;
    std::function<void(Operation *)> need = [&](Operation *op) {
      if (!op || isa<CallOp>(op))
        return;
      bool mine = segmentOf.lookup(op) == number;
      if ((mine || isRecomputed(op)) && needed.insert(op))
        for (Value v : op->getOperands())
          need(v.getDefiningOp());
    };
    for (Operation *op : segment.ops) {
      if (isa<SetOp>(op))
        need(op);
      for (Value v : op->getResults())
        if (!isa<RngType>(v.getType()) && leaves(v, number)) {
          out.push_back(v);
          need(op);
        }
    }
    if (needed.empty())
      return;
    SmallVector<Operation *> ops = needed.takeVector();
    llvm::sort(ops, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });

    Piece piece = build(ops, out);
    b.setInsertionPointToEnd(steps);
    SmallVector<Value> args;
    SmallVector<Type> types;
    for (Value v : piece.in)
      args.push_back(values.lookup(v));
    SizeMap bound;
    bindSizes(piece.func.getArgumentTypes(), ValueRange(args).getTypes(), bound);
    for (Type t : piece.func.getResultTypes())
      types.push_back(replaceSizes(t, bound));
    auto run = RunOp::create(b, ops.back()->getLoc(), types, piece.func.getSymName(), args,
                             /*iterations=*/ArrayAttr(), /*fresh=*/ArrayAttr());
    for (auto [old, now] : llvm::zip(out, run.getResults()))
      values.map(old, now);
  }

  struct Piece {
    FuncOp func;
    SmallVector<Value> in;
  };

  Piece build(ArrayRef<Operation *> ops, ArrayRef<Value> out) {
    MLIRContext *ctx = method.getContext();
    Piece piece;
    llvm::SetVector<Value> in;
    llvm::SmallDenseSet<Operation *> inside(ops.begin(), ops.end());
    for (Operation *op : ops)
      for (Value v : op->getOperands())
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
      if (auto arg = dyn_cast<BlockArgument>(v))
        if (Attribute scalar = method.getArgAttr(arg.getArgNumber(), "mod.scalar"))
          piece.func.setArgAttr(i, "mod.scalar", scalar);
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
    if (auto arg = dyn_cast<BlockArgument>(v))
      if (auto name = method.getArgAttrOfType<StringAttr>(arg.getArgNumber(), "mod.name"))
        return name;
    if (auto call = v.getDefiningOp<CallOp>(); call && !call.getChild().empty())
      return b.getStringAttr("result of " + call.getChild());
    return b.getStringAttr("value");
  }

  /// Clones one operation over operands whose sizes may be others than those it was checked with.
  void infer(OpBuilder &pb, Operation *op, IRMapping &map) {
    Operation *copy = pb.clone(*op, map);
    auto changed = [&] {
      return llvm::any_of(llvm::zip(op->getOperandTypes(), copy->getOperandTypes()),
                          [](auto p) { return std::get<0>(p) != std::get<1>(p); });
    };
    if (!changed() || isa<AssumeOp>(op))
      return;
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

  /// Each guard of the method goes to the first piece that knows its sizes.
  void takeGuards(FuncOp piece, const SizeNames &names) {
    auto has = [&](DimAttr d) {
      bool all = true;
      d.walkSymbols([&](StringAttr s) { all &= names.contains(s); });
      return all;
    };
    if (auto guards = method.getGuards())
      for (auto g : guards->getAsRange<GuardAttr>())
        if (has(g.getA()) && has(g.getB()) && placed.insert(g).second)
          addGuards(piece, {g});
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

  void addReturn(ReturnOp op) {
    SmallVector<Value> results;
    for (Value v : op.getValues())
      results.push_back(values.lookup(v));
    ReturnOp::create(b, op.getLoc(), results);
  }

  FuncOp method;
  ClassOp cls;
  OpBuilder b;
  const llvm::DenseSet<Operation *> &written;
  std::string base;
  std::vector<Segment> segments;
  llvm::DenseMap<Operation *, size_t> segmentOf;
  /// Values of the method to those of the program.
  IRMapping values;
  llvm::DenseSet<StringAttr> fresh;
  llvm::DenseSet<Attribute> placed;
  int64_t pieces = 0, freshCount = 0;
};

struct CutAtCalls : impl::CutAtCallsPassBase<CutAtCalls> {
  void runOnOperation() override {
    llvm::DenseSet<Operation *> written;
    for (ClassOp cls : getOperation().getOps<ClassOp>())
      for (FuncOp f : cls.getBody().getOps<FuncOp>())
        for (auto set : f.getBody().getOps<SetOp>())
          written.insert(tensorAt(cls, set.getPath()));
    for (ClassOp cls : getOperation().getOps<ClassOp>())
      for (FuncOp f : llvm::make_early_inc_range(cls.getBody().getOps<FuncOp>()))
        if (f->hasAttr("mod.composed")) {
          if (failed(refuseRegions(f)))
            return signalPassFailure();
          Cutter(f, written).run();
        }
  }
};
} // namespace
} // namespace modc
