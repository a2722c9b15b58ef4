// Inference and scalar code of creation, conversion, shape and reduction primitives.
#include "dialect/mod/Mod.h"

using namespace mlir;
using namespace modc::mod;

static SmallVector<DimAttr> dimsOf(Attribute array) {
  return llvm::map_to_vector(cast<ArrayAttr>(array), [](Attribute d) { return cast<DimAttr>(d); });
}

/// A number beside a dtype: f64 for floats, i64 (for bool also i1) for the others.
static LogicalResult checkNumber(Inference &in, Attribute value, Type element) {
  auto integer = dyn_cast<IntegerAttr>(value);
  if (isa<FloatType>(element)) {
    if (auto f = dyn_cast<FloatAttr>(value); f && f.getType().isF64())
      return success();
    return in.fail("the value beside dtype " + dtypeName(element) + " is to be an f64 number");
  }
  if (integer && (integer.getType().isSignlessInteger(64) || integer.getType().isSignlessInteger(1)))
    return success();
  return in.fail("the value beside dtype " + dtypeName(element) + " is to be an i64 number");
}

//===----------------------------------------------------------------------===//
// Elementwise with more than an operand to say
//===----------------------------------------------------------------------===//

LogicalResult ToOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o, SmallVectorImpl<Type> &r) {
  return in.give(r, attrs.getAs<TypeAttr>("dtype").getValue(), o[0].getDims());
}
Value ToOp::emitScalar(OpBuilder &b, ValueRange args) {
  Type to = getDtype();
  if (auto vector = dyn_cast<VectorType>(args[0].getType()))
    to = vector.clone(to);
  return scalar::convert(b, getLoc(), args[0], to);
}

LogicalResult WhereOp::infer(Inference &in, DictionaryAttr, ArrayRef<SymTensorType> o, SmallVectorImpl<Type> &r) {
  if (o[1].getElementType() != o[2].getElementType())
    return in.fail("dtypes differ: " + dtypeName(o[1].getElementType()) + " against " +
                   dtypeName(o[2].getElementType()));
  auto dims = broadcastDims(in, {o[0].getDims(), o[1].getDims(), o[2].getDims()});
  if (failed(dims))
    return failure();
  return in.give(r, o[1].getElementType(), *dims);
}
Value WhereOp::emitScalar(OpBuilder &b, ValueRange args) {
  return arith::SelectOp::create(b, getLoc(), args[0], args[1], args[2]);
}

LogicalResult FullOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType>, SmallVectorImpl<Type> &r) {
  Type element = attrs.getAs<TypeAttr>("dtype").getValue();
  if (failed(checkNumber(in, attrs.get("value"), element)))
    return failure();
  return in.give(r, element, dimsOf(attrs.get("shape")));
}
Value FullOp::emitScalar(OpBuilder &b, ValueRange) {
  TypedAttr value;
  if (auto f = dyn_cast<FloatAttr>(getValue()))
    value = b.getFloatAttr(getDtype(), f.getValueAsDouble());
  else
    // arith knows signless integers alone.
    value =
        b.getIntegerAttr(b.getIntegerType(getDtype().getIntOrFloatBitWidth()), cast<IntegerAttr>(getValue()).getInt());
  return arith::ConstantOp::create(b, getLoc(), value);
}

LogicalResult SizeOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType>, SmallVectorImpl<Type> &r) {
  return in.give(r, attrs.getAs<TypeAttr>("dtype").getValue(), {});
}

LogicalResult IotaOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType>, SmallVectorImpl<Type> &r) {
  return in.give(r, attrs.getAs<TypeAttr>("dtype").getValue(), {attrs.getAs<DimAttr>("n")});
}

LogicalResult RandomOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType>, SmallVectorImpl<Type> &r) {
  return in.give(r, attrs.getAs<TypeAttr>("dtype").getValue(), dimsOf(attrs.get("shape")));
}

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                               SmallVectorImpl<Type> &r) {
  auto dims = dimsOf(attrs.get("shape"));
  if (failed(in.require(o[0].getCount(), DimAttr::product(in.ctx, dims), "number of elements changes")))
    return failure();
  return in.give(r, o[0].getElementType(), dims);
}

LogicalResult PermuteOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                               SmallVectorImpl<Type> &r) {
  auto order = attrs.getAs<DenseI64ArrayAttr>("dims").asArrayRef();
  SmallVector<int64_t> sorted(order);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, o[0].getDims().size())))
    return in.fail("dims are not a permutation of the " + Twine(o[0].getDims().size()) + " dimensions");
  SmallVector<DimAttr> dims;
  for (int64_t d : order)
    dims.push_back(o[0].getDims()[d]);
  return in.give(r, o[0].getElementType(), dims);
}

LogicalResult ExpandOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                              SmallVectorImpl<Type> &r) {
  auto dims = dimsOf(attrs.get("shape"));
  auto from = o[0].getDims();
  if (from.size() > dims.size())
    return in.fail("expand to fewer dimensions than the tensor has");
  for (auto [i, d] : llvm::enumerate(from)) {
    DimAttr to = dims[i + dims.size() - from.size()];
    if (d.getConstant() != 1 && failed(in.require(d, to, "only a size of 1 can be expanded")))
      return failure();
  }
  return in.give(r, o[0].getElementType(), dims);
}

LogicalResult NarrowOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                              SmallVectorImpl<Type> &r) {
  int64_t dim = attrs.getAs<IntegerAttr>("dim").getInt();
  auto start = attrs.getAs<DimAttr>("start"), length = attrs.getAs<DimAttr>("length");
  auto stepAttr = attrs.getAs<IntegerAttr>("step");
  int64_t step = stepAttr ? stepAttr.getInt() : 1;
  if (failed(requireDim(in, dim, o[0].getDims().size())))
    return failure();
  if (step < 1)
    return in.fail("a step of " + Twine(step) + " is not positive");
  // Whether start + (length - 1) * step < size holds for symbolic sizes is the checker's to guard.
  auto s = start.getConstant(), n = length.getConstant(), size = o[0].getDims()[dim].getConstant();
  if (start.isOverflow())
    return in.fail("the start of the slice does not fit 62 bits");
  // `last` counts from the start; sizes are below 2^62, so only the product can overflow.
  int64_t last = 0;
  bool beyond = n && *n > 0 && __builtin_mul_overflow(*n - 1, step, &last);
  if ((s && *s < 0) || (n && *n < 0) || (size && beyond) || (s && n && size && *n > 0 && last >= *size - *s))
    return in.fail("slice from " + start.text() + " of length " + length.text() + " is out of range for size " +
                   o[0].getDims()[dim].text());
  SmallVector<DimAttr> dims(o[0].getDims());
  dims[dim] = length;
  return in.give(r, o[0].getElementType(), dims);
}

LogicalResult UpdateSliceOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                                   SmallVectorImpl<Type> &r) {
  auto start = dimsOf(attrs.get("start"));
  if (o[0].getDims().size() != o[1].getDims().size() || start.size() != o[0].getDims().size())
    return in.fail("ranks of tensor, block and start differ");
  if (o[0].getElementType() != o[1].getElementType())
    return in.fail("dtypes differ: " + dtypeName(o[0].getElementType()) + " against " +
                   dtypeName(o[1].getElementType()));
  for (auto [size, block, from] : llvm::zip(o[0].getDims(), o[1].getDims(), start)) {
    auto room = size.plus(block, -1).plus(from, -1).getConstant();
    if ((room && *room < 0) || from.getConstant().value_or(0) < 0)
      return in.fail("block from " + from.text() + " of size " + block.text() + " does not fit into " + size.text());
  }
  return in.give(r, o[0].getElementType(), o[0].getDims());
}

LogicalResult CatOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o, SmallVectorImpl<Type> &r) {
  if (o.empty())
    return in.fail("nothing to concatenate");
  int64_t dim = attrs.getAs<IntegerAttr>("dim").getInt();
  if (failed(requireDim(in, dim, o[0].getDims().size())))
    return failure();
  SmallVector<DimAttr> dims(o[0].getDims());
  for (SymTensorType t : o.drop_front()) {
    if (t.getElementType() != o[0].getElementType())
      return in.fail("dtypes differ: " + dtypeName(o[0].getElementType()) + " against " +
                     dtypeName(t.getElementType()));
    if (t.getDims().size() != dims.size())
      return in.fail("ranks differ: " + o[0].text() + " against " + t.text());
    for (auto [i, d] : llvm::enumerate(t.getDims())) {
      if (int64_t(i) == dim)
        dims[i] = dims[i].plus(d);
      else if (failed(in.require(dims[i], d, "sizes to concatenate differ")))
        return failure();
    }
  }
  return in.give(r, o[0].getElementType(), dims);
}

LogicalResult ConstantPadOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                                   SmallVectorImpl<Type> &r) {
  auto lo = attrs.getAs<DenseI64ArrayAttr>("lo").asArrayRef(), hi = attrs.getAs<DenseI64ArrayAttr>("hi").asArrayRef();
  if (lo.size() != o[0].getDims().size() || hi.size() != lo.size())
    return in.fail("paddings do not match the rank");
  if (failed(checkNumber(in, attrs.get("value"), o[0].getElementType())))
    return failure();
  SmallVector<DimAttr> dims;
  for (auto [d, l, h] : llvm::zip(o[0].getDims(), lo, hi)) {
    dims.push_back(d.plus(DimAttr::constant(in.ctx, l)).plus(DimAttr::constant(in.ctx, h)));
  }
  return in.give(r, o[0].getElementType(), dims);
}

LogicalResult RepackOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                              SmallVectorImpl<Type> &r) {
  return in.give(r, o[0].getElementType(), o[0].getDims(), attrs.getAs<LayoutAttr>("layout"));
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

static LogicalResult inferReduction(Inference &in, SymTensorType x, ArrayRef<int64_t> over, BoolAttr keep, Type element,
                                    SmallVectorImpl<Type> &r) {
  for (auto [i, d] : llvm::enumerate(over)) {
    if (failed(requireDim(in, d, x.getDims().size())))
      return failure();
    if (llvm::is_contained(over.take_front(i), d))
      return in.fail("dimension " + Twine(d) + " appears twice");
  }
  SmallVector<DimAttr> dims;
  for (auto [i, d] : llvm::enumerate(x.getDims())) {
    if (!llvm::is_contained(over, int64_t(i)))
      dims.push_back(d);
    else if (keep && keep.getValue())
      dims.push_back(DimAttr::constant(in.ctx, 1));
  }
  return in.give(r, element, dims);
}

LogicalResult SumOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o, SmallVectorImpl<Type> &r) {
  Type element = o[0].getElementType();
  if (!isa<FloatType>(element))
    element = IntegerType::get(in.ctx, 64);
  return inferReduction(in, o[0], attrs.getAs<DenseI64ArrayAttr>("dims").asArrayRef(), attrs.getAs<BoolAttr>("keepdim"),
                        element, r);
}

LogicalResult CumsumOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                              SmallVectorImpl<Type> &r) {
  if (failed(requireDim(in, attrs.getAs<IntegerAttr>("dim").getInt(), o[0].getDims().size())))
    return failure();
  Type element = o[0].getElementType();
  return in.give(r, isa<FloatType>(element) ? element : IntegerType::get(in.ctx, 64), o[0].getDims());
}

LogicalResult AmaxOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o, SmallVectorImpl<Type> &r) {
  return inferReduction(in, o[0], attrs.getAs<DenseI64ArrayAttr>("dims").asArrayRef(), attrs.getAs<BoolAttr>("keepdim"),
                        o[0].getElementType(), r);
}

LogicalResult ArgmaxOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                              SmallVectorImpl<Type> &r) {
  return inferReduction(in, o[0], {attrs.getAs<IntegerAttr>("dim").getInt()}, attrs.getAs<BoolAttr>("keepdim"),
                        IntegerType::get(in.ctx, 64), r);
}
