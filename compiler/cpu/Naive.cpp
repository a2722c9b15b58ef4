// The plain form of every kernel operation: scalar loops, in order. Always available, and what builders are compared
// with.
#include "compiler/cpu/Span.h"
#include "compiler/cpu/VectorBody.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

namespace {
// Loops over an index space, the builder left inside the innermost one.
struct Nest {
  OpBuilder &b;
  OpBuilder::InsertionGuard guard{b};
  SmallVector<Value> indices;

  Nest(OpBuilder &b, Location loc, ValueRange sizes) : b(b) {
    Value zero = indexConstant(b, loc, 0), one = indexConstant(b, loc, 1);
    for (Value size : sizes) {
      auto loop = scf::ForOp::create(b, loc, zero, size, one);
      indices.push_back(loop.getInductionVar());
      b.setInsertionPointToStart(loop.getBody());
    }
  }
};

class Naive {
public:
  Naive(OpBuilder &b) : b(b) {}
  LogicalResult run(Operation *op);
  IRMapping mapping;

  // Clones a region for these arguments; returns what it yields.
  SmallVector<Value> inlineBlock(Block &block, ValueRange args);
  void inlineOp(Operation &op);

private:
  Value reduce(kern::ReduceOp op);
  Value loop(Location loc, Value count, ArrayRef<Value> start, function_ref<SmallVector<Value>(Value, ValueRange)> body,
             unsigned result = 0);
  Value constant(Location loc, TypedAttr attr) { return arith::ConstantOp::create(b, loc, attr); }
  Value widen(Location loc, Value value, Type type) {
    return value.getType() == type ? value : Value(arith::ExtFOp::create(b, loc, type, value));
  }
  Value multiplyAdd(Location loc, Value x, Value y, Value acc);
  void gemm(kern::GemmOp op);
  template <class Op> void conv(Op op);
  void attention(kern::AttentionOp op);
  void pack(kern::PackOp op);

  OpBuilder &b;
};
} // namespace

SmallVector<Value> Naive::inlineBlock(Block &block, ValueRange args) {
  mapping.map(block.getArguments(), args);
  for (Operation &op : block.without_terminator())
    inlineOp(op);
  SmallVector<Value> yielded;
  for (Value value : block.getTerminator()->getOperands())
    yielded.push_back(mapping.lookupOrDefault(value));
  return yielded;
}

void Naive::inlineOp(Operation &op) {
  if (auto reduction = dyn_cast<kern::ReduceOp>(op)) {
    mapping.map(reduction.getResult(), reduce(reduction));
    return;
  }
  if (auto each = dyn_cast<kern::EachOp>(op)) {
    SmallVector<Value> sizes;
    for (Value size : each.getSizes())
      sizes.push_back(mapping.lookupOrDefault(size));
    Nest nest(b, op.getLoc(), sizes);
    inlineBlock(*each.getBodyBlock(), nest.indices);
    return;
  }
  // An operation may be cloned several times: blocks inside must not be known from the time before.
  IRMapping inner = op.getNumRegions() ? mapping : IRMapping();
  Operation *copy = b.clone(op, op.getNumRegions() ? inner : mapping);
  mapping.map(op.getResults(), copy->getResults());
}

// `count` trips that carry values; returns one of the results.
Value Naive::loop(Location loc, Value count, ArrayRef<Value> start,
                  function_ref<SmallVector<Value>(Value, ValueRange)> body, unsigned result) {
  auto loop = scf::ForOp::create(b, loc, indexConstant(b, loc, 0), count, indexConstant(b, loc, 1), start);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  scf::YieldOp::create(b, loc, next);
  return loop.getResult(result);
}

// Positions keep the extreme so far beside its number, in row-major order.
Value Naive::reduce(kern::ReduceOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> sizes;
  Value total = indexConstant(b, loc, 1);
  for (Value size : op.getSizes()) {
    sizes.push_back(mapping.lookupOrDefault(size));
    total = mulIndex(b, loc, total, sizes.back());
  }
  kern::Reduction kind = op.getKind();
  bool greatest = kind == kern::Reduction::argmax, position = greatest || kind == kern::Reduction::argmin;
  Type elementType = op.getElement().getType();
  SmallVector<Value> start{constant(loc, identity(kind, elementType))};
  if (!position && !sizes.empty())
    return reduceInOrder(b, loc, kind, start, sizes,
                         [&](ValueRange at) { return inlineBlock(*op.getBodyBlock(), at); })[0];
  start.push_back(constant(loc, b.getI64IntegerAttr(0)));
  return loop(
      loc, total, start,
      [&](Value number, ValueRange carried) -> SmallVector<Value> {
        Value element = inlineBlock(*op.getBodyBlock(), delinearize(b, loc, number, sizes))[0];
        if (!position)
          return {combine(b, loc, kind, carried[0], element), carried[1]};
        Value better;
        if (isa<FloatType>(elementType)) {
          // The first NaN wins and stays: nothing compares as better than it.
          Value more = arith::CmpFOp::create(b, loc, greatest ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT,
                                             element, carried[0]);
          Value isNan = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, element, element);
          Value was = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::ORD, carried[0], carried[0]);
          better = arith::OrIOp::create(b, loc, more, arith::AndIOp::create(b, loc, isNan, was));
        } else {
          better = arith::CmpIOp::create(b, loc, greatest ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::slt,
                                         element, carried[0]);
        }
        Value here = arith::IndexCastOp::create(b, loc, b.getI64Type(), number);
        return {arith::SelectOp::create(b, loc, better, element, carried[0]),
                arith::SelectOp::create(b, loc, better, here, carried[1])};
      },
      position ? 1 : 0);
}

Value Naive::multiplyAdd(Location loc, Value x, Value y, Value acc) {
  if (isa<FloatType>(acc.getType()))
    return math::FmaOp::create(b, loc, x, y, acc);
  return arith::AddIOp::create(b, loc, acc, arith::MulIOp::create(b, loc, x, y));
}

void Naive::gemm(kern::GemmOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> space(op.getBatch());
  space.append({op.getRows(), op.getCols()});
  Nest nest(b, loc, space);
  size_t batch = op.getBatch().size();
  Value i = nest.indices[batch], j = nest.indices[batch + 1];
  Type acc = op.getAcc().getType();
  auto at = [&](Value memref, Value outer, Value inner) -> Value {
    SmallVector<Value> indices;
    if (cast<MemRefType>(memref.getType()).getRank() > 2)
      indices.append(nest.indices.begin(), nest.indices.begin() + batch);
    indices.append({outer, inner});
    return widen(loc, memref::LoadOp::create(b, loc, memref, indices), acc);
  };
  bool panels = isa<kern::PanelsType>(op.getRhs().getType());
  Value rhs = op.getRhs(), panel, lane;
  if (panels) {
    rhs = panelsMemory(b, rhs, op.getInner());
    Value width = indexConstant(b, loc, cast<MemRefType>(rhs.getType()).getDimSize(2));
    panel = divIndex(b, loc, j, width);
    lane = remIndex(b, loc, j, width);
  }
  Value sum = loop(loc, op.getInner(), {constant(loc, b.getZeroAttr(acc))},
                   [&](Value k, ValueRange carried) -> SmallVector<Value> {
                     Value x = op.getTransA() ? at(op.getLhs(), k, i) : at(op.getLhs(), i, k);
                     Value y;
                     if (panels)
                       y = widen(loc, memref::LoadOp::create(b, loc, rhs, ValueRange{panel, k, lane}), acc);
                     else
                       y = op.getTransB() ? at(rhs, j, k) : at(rhs, k, j);
                     return {multiplyAdd(loc, x, y, carried[0])};
                   });
  SmallVector<Value> args{sum};
  args.append(nest.indices);
  inlineBlock(*op.getBodyBlock(), args);
}

// Channel c of an output position: for `kern.conv`, summand by summand from the panels of its group.
template <class Op> void Naive::conv(Op op) {
  Location loc = op.getLoc();
  constexpr bool depthwise = std::is_same_v<Op, kern::DwconvOp>;
  int64_t rank = op.getSpatialRank();
  Type acc = op.getAcc().getType();
  SmallVector<Value> space{op.getBatch()}, kernel;
  llvm::append_range(space, op.getOutput());
  Value one = indexConstant(b, loc, 1), width = one, perGroup = one, first = indexConstant(b, loc, 0), column, panel;
  Value positions = one, weights = op.getW();
  for (int64_t size : op.getKernel()) {
    kernel.push_back(indexConstant(b, loc, size));
    positions = mulIndex(b, loc, positions, kernel.back());
  }
  if constexpr (depthwise)
    space.push_back(op.getChannels());
  else
    space.push_back(op.getFeatures());
  Nest nest(b, loc, space);
  Value o = nest.indices.back(), start = first, channel = o;
  if constexpr (!depthwise) {
    Value groups = indexConstant(b, loc, op.getGroups());
    weights = panelsMemory(b, weights, mulIndex(b, loc, positions, op.getChannels()));
    width = indexConstant(b, loc, cast<MemRefType>(weights.getType()).getDimSize(2));
    perGroup = divIndex(b, loc, op.getChannels(), groups);
    Value columns = divIndex(b, loc, op.getFeatures(), groups), group = divIndex(b, loc, o, columns);
    column = remIndex(b, loc, o, columns);
    start = mulIndex(b, loc, group, mulIndex(b, loc, positions, perGroup));
    channel = mulIndex(b, loc, group, perGroup);
    panel = divIndex(b, loc, column, width);
    column = remIndex(b, loc, column, width);
  }
  Value zero = constant(loc, b.getZeroAttr(acc));
  Value sum = loop(loc, positions, {zero}, [&](Value t, ValueRange carried) -> SmallVector<Value> {
    SmallVector<Value> at{nest.indices[0]}, offset = delinearize(b, loc, t, kernel);
    Value inside = arith::ConstantOp::create(b, loc, b.getBoolAttr(true));
    for (int64_t dim = 0; dim < rank; ++dim) {
      Value step = mulIndex(b, loc, nest.indices[dim + 1], indexConstant(b, loc, op.getStride()[dim]));
      Value into = mulIndex(b, loc, offset[dim], indexConstant(b, loc, op.getDilation()[dim]));
      at.push_back(addIndex(b, loc, addIndex(b, loc, step, into), -op.getPad()[dim]));
      // One unsigned comparison finds both ends.
      Value in = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, at.back(), op.getInput()[dim]);
      inside = arith::AndIOp::create(b, loc, inside, in);
    }
    auto branch = scf::IfOp::create(b, loc, TypeRange{acc}, inside, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, loc, carried[0]);
    b.setInsertionPointToStart(branch.thenBlock());
    Value whole = loop(loc, perGroup, {carried[0]}, [&](Value c, ValueRange partial) -> SmallVector<Value> {
      SmallVector<Value> from(at);
      from.push_back(addIndex(b, loc, channel, c));
      SmallVector<Value> weight{t, o};
      if constexpr (!depthwise)
        weight = {panel, addIndex(b, loc, start, addIndex(b, loc, mulIndex(b, loc, t, perGroup), c)), column};
      Value x = widen(loc, memref::LoadOp::create(b, loc, op.getX(), from), acc);
      Value y = widen(loc, memref::LoadOp::create(b, loc, weights, weight), acc);
      return {multiplyAdd(loc, x, y, partial[0])};
    });
    scf::YieldOp::create(b, loc, whole);
    return {branch.getResult(0)};
  });
  SmallVector<Value> args{sum};
  args.append(nest.indices);
  inlineBlock(*op.getBodyBlock(), args);
}

void Naive::attention(kern::AttentionOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> space(op.getBatch());
  space.push_back(op.getQueries());
  Nest nest(b, loc, space);
  size_t batch = op.getBatch().size();
  Value i = nest.indices[batch];
  Type acc = op.getScale().getType();
  auto at = [&](Value memref, Value row, Value feature) -> Value {
    SmallVector<Value> indices(ArrayRef<Value>(nest.indices).take_front(batch));
    indices.append({row, feature});
    return widen(loc, memref::LoadOp::create(b, loc, memref, indices), acc);
  };
  auto size = [&](Value memref) { return indexConstant(b, loc, cast<MemRefType>(memref.getType()).getShape().back()); };
  Value zero = constant(loc, b.getZeroAttr(acc));
  Value keys = op.getKeys();
  if (op.getCausal())
    keys = minIndex(b, loc, keys, addIndex(b, loc, i, 1));
  // The score of one key: computed again wherever it is used, so that no memory for a row is needed.
  auto score = [&](Value j) -> Value {
    Value dot = loop(loc, size(op.getQuery()), {zero}, [&](Value d, ValueRange carried) -> SmallVector<Value> {
      return {multiplyAdd(loc, at(op.getQuery(), i, d), at(op.getKey(), j, d), carried[0])};
    });
    SmallVector<Value> args{arith::MulFOp::create(b, loc, dot, op.getScale())};
    args.append(nest.indices);
    args.push_back(j);
    return inlineBlock(*op.getBodyBlock(), args)[0];
  };
  Value most = loop(loc, keys, {constant(loc, identity(kern::Reduction::max, acc))},
                    [&](Value j, ValueRange carried) -> SmallVector<Value> {
                      return {arith::MaximumFOp::create(b, loc, carried[0], score(j))};
                    });
  // -inf minus -inf would be NaN where nothing is seen.
  Value nothing = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, most,
                                        constant(loc, identity(kern::Reduction::max, acc)));
  Value shift = arith::SelectOp::create(b, loc, nothing, zero, most);
  auto weight = [&](Value j) -> Value {
    return math::ExpOp::create(b, loc, arith::SubFOp::create(b, loc, score(j), shift));
  };
  Value sum = loop(loc, keys, {zero}, [&](Value j, ValueRange carried) -> SmallVector<Value> {
    return {arith::AddFOp::create(b, loc, carried[0], weight(j))};
  });
  Value divisor = arith::SelectOp::create(b, loc, nothing, constant(loc, b.getFloatAttr(acc, 1.0)), sum);
  Nest features(b, loc, {size(op.getOut())});
  Value e = features.indices[0];
  Value total = loop(loc, keys, {zero}, [&](Value j, ValueRange carried) -> SmallVector<Value> {
    return {multiplyAdd(loc, weight(j), at(op.getValue(), j, e), carried[0])};
  });
  Value result = arith::DivFOp::create(b, loc, total, divisor);
  Type element = cast<MemRefType>(op.getOut().getType()).getElementType();
  if (element != acc)
    result = arith::TruncFOp::create(b, loc, element, result);
  SmallVector<Value> indices(ArrayRef<Value>(nest.indices).take_front(batch));
  indices.append({i, e});
  memref::StoreOp::create(b, loc, result, op.getOut(), indices);
}

void Naive::pack(kern::PackOp op) {
  Location loc = op.getLoc();
  Value panels = panelsMemory(b, op.getPanels(), op.getInner());
  int64_t width = cast<MemRefType>(panels.getType()).getDimSize(2);
  Value count = ceilDivIndex(b, loc, op.getCols(), indexConstant(b, loc, width));
  Nest nest(b, loc, {count, op.getInner(), indexConstant(b, loc, width)});
  Value j = addIndex(b, loc, mulIndex(b, loc, nest.indices[0], indexConstant(b, loc, width)), nest.indices[2]);
  Value isColumn = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, j, op.getCols());
  Type element = op.getPanels().getType().getElementType();
  auto branch = scf::IfOp::create(b, loc, TypeRange{element}, isColumn, /*withElseRegion=*/true);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    SmallVector<Value> value = inlineBlock(*op.getBodyBlock(), {j, nest.indices[1]});
    scf::YieldOp::create(b, loc, value);
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, loc, constant(loc, b.getZeroAttr(element)));
  }
  memref::StoreOp::create(b, loc, branch.getResult(0), panels, nest.indices);
}

LogicalResult Naive::run(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](kern::GemmOp gemmOp) {
        gemm(gemmOp);
        return success();
      })
      .Case<kern::ConvOp, kern::DwconvOp>([&](auto convOp) {
        conv(convOp);
        return success();
      })
      .Case([&](kern::AttentionOp attentionOp) {
        attention(attentionOp);
        return success();
      })
      .Case([&](kern::PackOp packOp) {
        pack(packOp);
        return success();
      })
      .Case<kern::MapOp, kern::RowsOp>([&](auto space) {
        Nest nest(b, op->getLoc(), space.getSizes());
        inlineBlock(*space.getBodyBlock(), nest.indices);
        return success();
      })
      .Default([&](Operation *) { return op->emitOpError("has no scalar form"); });
}

LogicalResult cpu::emitNaive(OpBuilder &builder, Operation *op) { return Naive(builder).run(op); }

SmallVector<Value> cpu::inlineScalars(OpBuilder &builder, IRMapping &mapping, Block &block, ValueRange indices) {
  Naive naive(builder);
  naive.mapping = mapping;
  SmallVector<Value> yielded = naive.inlineBlock(block, indices);
  mapping = naive.mapping;
  return yielded;
}

void cpu::inlineScalar(OpBuilder &builder, IRMapping &mapping, Operation &op) {
  Naive naive(builder);
  naive.mapping = mapping;
  naive.inlineOp(op);
  mapping = naive.mapping;
}
