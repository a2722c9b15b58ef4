// Clones scalar regions with vectors in place of scalars.
#include "compiler/cpu/VectorBody.h"
#include "compiler/cpu/Builders.h"
#include "compiler/cpu/Philox.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/SaveAndRestore.h"
#include <numeric>

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

static std::optional<int64_t> constantOf(Value value) {
  IntegerAttr attr;
  if (value && matchPattern(value, m_Constant(&attr)))
    return attr.getInt();
  return std::nullopt;
}

VectorType VectorBody::vectorOf(Type element) const { return VectorType::get({lanes}, element); }

Lane VectorBody::constant(int64_t value) { return {Lane::Uniform, arith::ConstantIndexOp::create(b, loc, value)}; }

Lane VectorBody::get(Value scalar) const {
  auto found = known.find(scalar);
  return found == known.end() ? Lane{Lane::Uniform, scalar} : found->second;
}

Value VectorBody::vector(Value scalar) { return vector(get(scalar)); }

Value VectorBody::vector(const Lane &lane) {
  if (lane.kind == Lane::Vector)
    return lane.value;
  Attribute attr;
  Value splat;
  if (matchPattern(lane.value, m_Constant(&attr)) && !isa<VectorType>(lane.value.getType()))
    splat = arith::ConstantOp::create(b, loc, DenseElementsAttr::get(vectorOf(lane.value.getType()), attr));
  else
    splat = vector::BroadcastOp::create(b, loc, vectorOf(lane.value.getType()), lane.value);
  if (lane.kind == Lane::Uniform)
    return splat;
  return arith::AddIOp::create(b, loc, splat, vector::StepOp::create(b, loc, vectorOf(b.getIndexType())));
}

Value VectorBody::allOr(Value given) {
  if (given)
    return given;
  return arith::ConstantOp::create(b, loc, DenseElementsAttr::get(vectorOf(b.getI1Type()), true));
}

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

// A known divisor of a scalar index.
static int64_t alignOf(const Lane &lane) {
  if (lane.kind == Lane::Linear)
    return lane.align;
  std::optional<int64_t> value = constantOf(lane.value);
  if (value)
    return *value == 0 ? int64_t(1) << 30 : std::abs(*value);
  if (auto mul = lane.value.getDefiningOp<arith::MulIOp>())
    for (Value operand : mul->getOperands())
      if (std::optional<int64_t> factor = constantOf(operand))
        return std::max<int64_t>(1, std::abs(*factor));
  return 1;
}

Lane VectorBody::addLanes(const Lane &lhs, const Lane &rhs) {
  if (lhs.kind == Lane::Vector || rhs.kind == Lane::Vector || (lhs.kind == Lane::Linear && rhs.kind == Lane::Linear))
    return {Lane::Vector, arith::AddIOp::create(b, loc, vector(lhs), vector(rhs))};
  Value sum = b.createOrFold<arith::AddIOp>(loc, lhs.value, rhs.value);
  if (lhs.kind == Lane::Uniform && rhs.kind == Lane::Uniform)
    return {Lane::Uniform, sum};
  return {Lane::Linear, sum, std::gcd(alignOf(lhs), alignOf(rhs))};
}

// Product, quotient or remainder of two indices, which are not negative where a quotient is taken.
Lane VectorBody::binary(AffineExprKind kind, const Lane &lhs, const Lane &rhs) {
  auto make = [&](Value l, Value r) -> Value {
    switch (kind) {
    case AffineExprKind::Mul:
      return b.createOrFold<arith::MulIOp>(loc, l, r);
    case AffineExprKind::FloorDiv:
      return b.createOrFold<arith::FloorDivSIOp>(loc, l, r);
    case AffineExprKind::CeilDiv:
      return b.createOrFold<arith::CeilDivSIOp>(loc, l, r);
    default: {
      // Euclidean: the remainder of a positive divisor is never negative.
      Value quotient = b.createOrFold<arith::FloorDivSIOp>(loc, l, r);
      return b.createOrFold<arith::SubIOp>(loc, l, b.createOrFold<arith::MulIOp>(loc, quotient, r));
    }
    }
  };
  if (lhs.kind == Lane::Uniform && rhs.kind == Lane::Uniform)
    return {Lane::Uniform, make(lhs.value, rhs.value)};
  std::optional<int64_t> divisor = rhs.kind == Lane::Uniform ? constantOf(rhs.value) : std::nullopt;
  if (kind == AffineExprKind::Mul && divisor == 1)
    return lhs;
  // Lanes of one aligned block share a quotient by a multiple of the block.
  bool aligned = lhs.kind == Lane::Linear && divisor && *divisor > 0 && *divisor % lanes == 0 && lhs.align % lanes == 0;
  if (aligned && kind == AffineExprKind::FloorDiv)
    return {Lane::Uniform, make(lhs.value, rhs.value)};
  if (aligned && kind == AffineExprKind::Mod)
    return {Lane::Linear, make(lhs.value, rhs.value), std::gcd(lhs.align, *divisor)};
  return {Lane::Vector, make(vector(lhs), vector(rhs))};
}

Lane VectorBody::affine(AffineExpr expr, ArrayRef<Lane> dims, ArrayRef<Lane> symbols) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbols[symbol.getPosition()];
  if (auto value = dyn_cast<AffineConstantExpr>(expr))
    return constant(value.getValue());
  auto both = cast<AffineBinaryOpExpr>(expr);
  Lane lhs = affine(both.getLHS(), dims, symbols), rhs = affine(both.getRHS(), dims, symbols);
  return expr.getKind() == AffineExprKind::Add ? addLanes(lhs, rhs) : binary(expr.getKind(), lhs, rhs);
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

SmallVector<Lane> VectorBody::lanesOf(ValueRange indices) const {
  SmallVector<Lane> at;
  for (Value index : indices)
    at.push_back(get(index));
  return at;
}

VectorBody::Access VectorBody::access(Value memref, ArrayRef<Lane> at) {
  auto type = cast<MemRefType>(memref.getType());
  int64_t varying = -1, count = 0;
  for (auto [dim, lane] : llvm::enumerate(at))
    if (lane.kind != Lane::Uniform) {
      varying = dim;
      ++count;
    }
  SmallVector<int64_t> strides;
  int64_t offset;
  bool strided = succeeded(type.getStridesAndOffset(strides, offset));
  (void)strided;
  bool unit = count == 1 && varying == type.getRank() - 1 && strides.back() == 1;
  if (count == 0 || (unit && at[varying].kind == Lane::Linear)) {
    SmallVector<Value> scalars;
    for (const Lane &lane : at)
      scalars.push_back(lane.value);
    return {count != 0, scalars, {}, {}, count == 0};
  }
  // Anything else gathers: element offsets into the flat memory.
  auto parts = memref::ExtractStridedMetadataOp::create(b, loc, memref);
  Lane flat = constant(0);
  for (auto [dim, lane] : llvm::enumerate(at)) {
    Lane stride =
        ShapedType::isDynamic(strides[dim]) ? Lane{Lane::Uniform, parts.getStrides()[dim]} : constant(strides[dim]);
    flat = addLanes(flat, binary(AffineExprKind::Mul, lane, stride));
  }
  auto flatType = MemRefType::get({ShapedType::kDynamic}, type.getElementType(),
                                  StridedLayoutAttr::get(b.getContext(), ShapedType::kDynamic, {1}));
  // The size of the flat view is never looked at.
  Value base = memref::ReinterpretCastOp::create(
      b, loc, flatType, parts.getBaseBuffer(), OpFoldResult(parts.getOffset()),
      ArrayRef<OpFoldResult>{OpFoldResult(constant(1).value)}, ArrayRef<OpFoldResult>{b.getIndexAttr(1)});
  return {false, {constant(0).value}, base, vector(flat), false};
}

Lane VectorBody::load(Value memref, ArrayRef<Lane> indices) {
  Access at = access(memref, indices);
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  if (at.uniform)
    return {Lane::Uniform,
            whereLive(element, [&]() -> Value { return kern::LoadOp::create(b, loc, element, memref, at.indices); })};
  VectorType type = vectorOf(element);
  auto zero = [&] { return arith::ConstantOp::create(b, loc, b.getZeroAttr(type)); };
  if (at.contiguous && !mask)
    return {Lane::Vector, vector::LoadOp::create(b, loc, type, memref, at.indices)};
  if (at.contiguous)
    return {Lane::Vector, vector::MaskedLoadOp::create(b, loc, type, memref, at.indices, mask, zero())};
  return {Lane::Vector, vector::GatherOp::create(b, loc, type, at.base, at.indices, at.offsets, allOr(mask), zero())};
}

LogicalResult VectorBody::cloneStore(kern::StoreOp op) {
  Value memref = get(op.getMemref()).value;
  Access at = access(memref, lanesOf(op.getIndices()));
  Value value = vector(op.getValue());
  if (at.uniform) {
    // Points that store are independent, so one place for all lanes means a space of one point: the first lane, where
    // it is live.
    auto storeFirst = [&](OpBuilder &inner) {
      kern::StoreOp::create(inner, loc, vector::ExtractOp::create(inner, loc, value, 0), memref, at.indices);
    };
    if (!mask) {
      storeFirst(b);
      return success();
    }
    scf::IfOp::create(b, loc, vector::ExtractOp::create(b, loc, mask, 0), [&](OpBuilder &inner, Location) {
      storeFirst(inner);
      scf::YieldOp::create(inner, loc);
    });
    return success();
  }
  if (at.contiguous && !mask)
    vector::StoreOp::create(b, loc, value, memref, at.indices);
  else if (at.contiguous)
    vector::MaskedStoreOp::create(b, loc, memref, at.indices, mask, value);
  else
    vector::ScatterOp::create(b, loc, /*result=*/Type(), at.base, at.indices, at.offsets, allOr(mask), value);
  return success();
}

void VectorBody::cloneCheckIndex(kern::CheckIndexOp op) {
  if (get(op.getValue()).kind == Lane::Uniform) {
    mapUniform(op, whereLive(b.getIndexType(), [&]() -> Value {
                 return kern::CheckIndexOp::create(b, loc, b.getIndexType(), get(op.getValue()).value,
                                                   get(op.getLimit()).value);
               }));
    return;
  }
  Value index = vector(op.getValue());
  if (!op.getValue().getType().isIndex())
    index = arith::IndexCastOp::create(b, loc, vectorOf(b.getIndexType()), index);
  Value limit = get(op.getLimit()).value;
  // One unsigned comparison finds both ends.
  Value bad = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::uge, index, vector({Lane::Uniform, limit}));
  if (mask)
    bad = arith::AndIOp::create(b, loc, bad, mask);
  Value any = vector::ReductionOp::create(b, loc, vector::CombiningKind::OR, bad);
  scf::IfOp::create(b, loc, any, [&](OpBuilder &inner, Location at) {
    // The scalar check of each bad lane in turn keeps the first.
    for (int64_t lane = 0; lane < lanes; ++lane) {
      Value isBad = vector::ExtractOp::create(inner, at, bad, lane);
      Value value = vector::ExtractOp::create(inner, at, index, lane);
      scf::IfOp::create(inner, at, isBad, [&](OpBuilder &innermost, Location where) {
        kern::CheckIndexOp::create(innermost, where, innermost.getIndexType(), value, limit);
        scf::YieldOp::create(innermost, where);
      });
    }
    scf::YieldOp::create(inner, at);
  });
  mapVector(op, arith::SelectOp::create(b, loc, bad, vector(constant(0)), index));
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

static bool isElementwise(Operation &op) {
  return OpTrait::hasElementwiseMappableTraits(&op) && op.getNumResults() == 1 && op.getNumRegions() == 0;
}

bool VectorBody::canClone(Block &block) {
  return llvm::all_of(block.without_terminator(), [](Operation &op) {
    if (isa<kern::LoadOp, kern::StoreOp, kern::CheckIndexOp, kern::RandomOp, arith::ConstantOp, affine::AffineApplyOp>(
            op))
      return true;
    if (auto reduce = dyn_cast<kern::ReduceOp>(op))
      return reduce.getKind() != kern::Reduction::argmax && reduce.getKind() != kern::Reduction::argmin &&
             canClone(*reduce.getBodyBlock());
    if (isa<scf::ForOp, scf::IfOp>(op))
      return llvm::all_of(op.getRegions(), [](Region &region) { return region.empty() || canClone(region.front()); });
    return isElementwise(op);
  });
}

LogicalResult VectorBody::clone(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(cloneOp(op)))
      return failure();
  return success();
}

LogicalResult VectorBody::cloneElementwise(Operation &op) {
  if (!isElementwise(op))
    return failure();
  bool uniform = llvm::all_of(op.getOperands(), [&](Value v) { return get(v).kind == Lane::Uniform; });
  SmallVector<Value> operands;
  for (Value operand : op.getOperands())
    operands.push_back(uniform ? get(operand).value : vector(operand));
  Type type = op.getResult(0).getType();
  OperationState state(loc, op.getName(), operands, {uniform ? type : vectorOf(type)}, op.getAttrs());
  Value result = b.create(state)->getResult(0);
  map(op.getResult(0), {uniform ? Lane::Uniform : Lane::Vector, result});
  return success();
}

LogicalResult VectorBody::cloneOp(Operation &op) {
  if (auto load = dyn_cast<kern::LoadOp>(op)) {
    map(load, this->load(get(load.getMemref()).value, lanesOf(load.getIndices())));
    return success();
  }
  if (auto store = dyn_cast<kern::StoreOp>(op))
    return cloneStore(store);
  if (auto reduce = dyn_cast<kern::ReduceOp>(op))
    return cloneReduce({this}, reduce);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return cloneLoop(loop);
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return cloneBranch(branch);
  if (auto check = dyn_cast<kern::CheckIndexOp>(op)) {
    cloneCheckIndex(check);
    return success();
  }
  if (isa<arith::ConstantOp>(op)) {
    mapUniform(op.getResult(0), b.clone(op)->getResult(0));
    return success();
  }
  if (auto random = dyn_cast<kern::RandomOp>(op)) {
    Value key = get(random.getKey()).value;
    Lane element = get(random.getElement());
    if (element.kind == Lane::Uniform)
      mapUniform(random, kern::RandomOp::create(b, loc, random.getType(), key, element.value));
    else if (element.kind == Lane::Linear)
      mapVector(random, emitRandomSpan(b, loc, key, callNumber(b, loc), element.value, element.align % 4 == 0, lanes,
                                       random.getType()));
    else
      mapVector(random, emitRandom(b, loc, key, callNumber(b, loc), element.value, random.getType()));
    return success();
  }
  if (auto apply = dyn_cast<affine::AffineApplyOp>(op)) {
    SmallVector<Lane> operands;
    for (Value operand : apply.getMapOperands())
      operands.push_back(get(operand));
    AffineMap map = apply.getAffineMap();
    this->map(apply, affine(map.getResult(0), ArrayRef<Lane>(operands).take_front(map.getNumDims()),
                            ArrayRef<Lane>(operands).drop_front(map.getNumDims())));
    return success();
  }
  // Index arithmetic keeps what it knows of its lanes.
  if (op.getNumOperands() == 2 && op.getOperand(0).getType().isIndex() && op.getNumResults() == 1) {
    Lane lhs = get(op.getOperand(0)), rhs = get(op.getOperand(1));
    std::optional<AffineExprKind> kind;
    if (isa<arith::MulIOp>(op))
      kind = AffineExprKind::Mul;
    else if (isa<arith::DivUIOp, arith::FloorDivSIOp>(op))
      kind = AffineExprKind::FloorDiv;
    else if (isa<arith::RemUIOp>(op))
      kind = AffineExprKind::Mod;
    if (kind) {
      map(op.getResult(0), binary(*kind, lhs, rhs));
      return success();
    }
    if (isa<arith::AddIOp>(op)) {
      map(op.getResult(0), addLanes(lhs, rhs));
      return success();
    }
    if (isa<arith::SubIOp>(op) && lhs.kind == Lane::Linear && rhs.kind == Lane::Uniform) {
      Value base = b.createOrFold<arith::SubIOp>(loc, lhs.value, rhs.value);
      map(op.getResult(0), {Lane::Linear, base, std::gcd(lhs.align, alignOf(rhs))});
      return success();
    }
  }
  return cloneElementwise(op);
}

Value VectorBody::whereLive(Type type, function_ref<Value()> make) {
  if (!branched)
    return make();
  Value any = vector::ReductionOp::create(b, loc, vector::CombiningKind::OR, mask);
  auto branch = scf::IfOp::create(b, loc, TypeRange{type}, any, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, loc, make());
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, loc, arith::ConstantOp::create(b, loc, b.getZeroAttr(type)).getResult());
  return branch.getResult(0);
}

// A loop of the same trips in every lane; what it carries is a vector.
LogicalResult VectorBody::cloneLoop(scf::ForOp op) {
  for (Value bound : {op.getLowerBound(), op.getUpperBound(), op.getStep()})
    if (get(bound).kind != Lane::Uniform)
      return failure();
  SmallVector<Value> init;
  for (Value value : op.getInitArgs())
    init.push_back(vector(value));
  auto loop = scf::ForOp::create(b, loc, get(op.getLowerBound()).value, get(op.getUpperBound()).value,
                                 get(op.getStep()).value, init);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  mapUniform(op.getInductionVar(), loop.getInductionVar());
  for (auto [scalar, value] : llvm::zip(op.getRegionIterArgs(), loop.getRegionIterArgs()))
    mapVector(scalar, value);
  if (failed(clone(*op.getBody())))
    return failure();
  SmallVector<Value> next;
  for (Value value : op.getBody()->getTerminator()->getOperands())
    next.push_back(vector(value));
  // A loop that carries nothing has its terminator already.
  if (!next.empty())
    scf::YieldOp::create(b, loc, next);
  for (auto [scalar, value] : llvm::zip(op.getResults(), loop.getResults()))
    mapVector(scalar, value);
  return success();
}

// A branch that all lanes take alike stays one; else both sides run, each with its lanes alone live.
LogicalResult VectorBody::cloneBranch(scf::IfOp op) {
  Lane condition = get(op.getCondition());
  auto side = [&](Region &region, SmallVector<Value> &yielded) -> LogicalResult {
    if (region.empty())
      return success();
    if (failed(clone(region.front())))
      return failure();
    for (Value value : region.front().getTerminator()->getOperands())
      yielded.push_back(vector(value));
    return success();
  };
  SmallVector<Value> yes, no;
  if (condition.kind == Lane::Uniform) {
    SmallVector<Type> types;
    for (Type type : op.getResultTypes())
      types.push_back(vectorOf(type));
    bool both = !op.getElseRegion().empty();
    auto branch = scf::IfOp::create(b, loc, types, condition.value, both);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    if (failed(side(op.getThenRegion(), yes)))
      return failure();
    if (!yes.empty())
      scf::YieldOp::create(b, loc, yes);
    if (both) {
      b.setInsertionPointToStart(branch.elseBlock());
      if (failed(side(op.getElseRegion(), no)))
        return failure();
      if (!no.empty())
        scf::YieldOp::create(b, loc, no);
    }
    for (auto [scalar, value] : llvm::zip(op.getResults(), branch.getResults()))
      mapVector(scalar, value);
    return success();
  }
  Value taken = vector(condition);
  llvm::SaveAndRestore outside(mask, mask ? arith::AndIOp::create(b, loc, mask, taken).getResult() : taken);
  llvm::SaveAndRestore inside(branched, true);
  if (failed(side(op.getThenRegion(), yes)))
    return failure();
  Value other = arith::XOrIOp::create(b, loc, taken, allOr({}));
  mask = outside.get() ? arith::AndIOp::create(b, loc, outside.get(), other).getResult() : other;
  if (failed(side(op.getElseRegion(), no)))
    return failure();
  for (auto [scalar, a, c] : llvm::zip(op.getResults(), yes, no))
    mapVector(scalar, arith::SelectOp::create(b, loc, taken, a, c));
  return success();
}

LogicalResult VectorBody::cloneTogether(ArrayRef<VectorBody *> bodies, Block &block) {
  for (Operation &op : block.without_terminator()) {
    if (auto reduce = dyn_cast<kern::ReduceOp>(op)) {
      if (failed(cloneReduce(bodies, reduce)))
        return failure();
      continue;
    }
    for (VectorBody *body : bodies)
      if (failed(body->cloneOp(op)))
        return failure();
  }
  return success();
}

// A reduction inside a point: all lanes side by side, in the order of reduceInOrder.
LogicalResult VectorBody::cloneReduce(ArrayRef<VectorBody *> bodies, kern::ReduceOp op) {
  VectorBody &first = *bodies.front();
  OpBuilder &b = first.b;
  Location loc = first.loc;
  SmallVector<Value> sizes, start;
  for (Value size : op.getSizes()) {
    if (first.get(size).kind != Lane::Uniform)
      return failure();
    sizes.push_back(first.get(size).value);
  }
  if (sizes.empty())
    return failure();
  for (VectorBody *body : bodies)
    start.push_back(arith::ConstantOp::create(
        b, loc, DenseElementsAttr::get(body->vectorOf(op.getType()), Attribute(identity(op.getKind(), op.getType())))));
  LogicalResult done = success();
  SmallVector<Value> results = reduceInOrder(b, loc, op.getKind(), start, sizes, [&](ValueRange at) {
    SmallVector<Value> elements;
    for (VectorBody *body : bodies) {
      for (auto [index, value] : llvm::zip(op.getIndices(), at))
        body->mapUniform(index, value);
      done = failure(failed(done) || failed(body->clone(*op.getBodyBlock())));
      elements.push_back(failed(done) ? start[0] : body->vector(op.getElement()));
    }
    return elements;
  });
  for (auto [body, result] : llvm::zip(bodies, results))
    body->mapVector(op, result);
  return done;
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

Value cpu::combine(OpBuilder &b, Location loc, kern::Reduction kind, Value lhs, Value rhs) {
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(lhs.getType()));
  switch (kind) {
  case kern::Reduction::add:
    return isFloat ? Value(arith::AddFOp::create(b, loc, lhs, rhs)) : arith::AddIOp::create(b, loc, lhs, rhs);
  case kern::Reduction::mul:
    return isFloat ? Value(arith::MulFOp::create(b, loc, lhs, rhs)) : arith::MulIOp::create(b, loc, lhs, rhs);
  case kern::Reduction::max:
    return isFloat ? Value(arith::MaximumFOp::create(b, loc, lhs, rhs)) : arith::MaxSIOp::create(b, loc, lhs, rhs);
  case kern::Reduction::min:
    return isFloat ? Value(arith::MinimumFOp::create(b, loc, lhs, rhs)) : arith::MinSIOp::create(b, loc, lhs, rhs);
  default:
    llvm_unreachable("positions are not joined value by value");
  }
}

TypedAttr cpu::identity(kern::Reduction kind, Type type) {
  bool least = kind == kern::Reduction::max || kind == kern::Reduction::argmax;
  bool extreme = least || kind == kern::Reduction::min || kind == kern::Reduction::argmin;
  if (auto floating = dyn_cast<FloatType>(type)) {
    if (extreme)
      return FloatAttr::get(type, llvm::APFloat::getInf(floating.getFloatSemantics(), least));
    return FloatAttr::get(type, kind == kern::Reduction::mul ? 1.0 : 0.0);
  }
  unsigned bits = type.getIntOrFloatBitWidth();
  if (extreme)
    return IntegerAttr::get(type, least ? APInt::getSignedMinValue(bits) : APInt::getSignedMaxValue(bits));
  return IntegerAttr::get(type, kind == kern::Reduction::mul ? 1 : 0);
}
