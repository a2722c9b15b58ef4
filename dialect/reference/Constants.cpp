// Constants of the IR as arrays and back; constant folding by the reference meaning.
#include "dialect/reference/Constants.h"

using namespace mlir;
using namespace modc::mod;
using namespace modc::reference;

std::optional<Array> modc::reference::toArray(Attribute constant) {
  auto dense = dyn_cast_or_null<DenseElementsAttr>(constant);
  auto type = dense ? dyn_cast<SymTensorType>(dense.getType()) : SymTensorType();
  if (!type || !type.hasStaticShape())
    return std::nullopt;
  Array a = Array::make(type.getElementType(), type.getShape());
  int64_t n = 0;
  if (a.isFloat()) {
    for (const APFloat &x : dense.getValues<APFloat>()) {
      APFloat wide = x;
      bool lost;
      wide.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lost);
      a.f[n++] = wide.convertToDouble();
    }
  } else {
    bool isSigned = type.getElementType().getIntOrFloatBitWidth() > 1 && !type.getElementType().isUnsignedInteger();
    for (const APInt &x : dense.getValues<APInt>())
      a.i[n++] = isSigned ? x.getSExtValue() : int64_t(x.getZExtValue());
  }
  return a;
}

DenseElementsAttr modc::reference::toAttribute(const Array &array, LayoutAttr layout) {
  MLIRContext *ctx = array.element.getContext();
  SmallVector<DimAttr> dims;
  for (int64_t d : array.dims)
    dims.push_back(DimAttr::constant(ctx, d));
  auto type = SymTensorType::get(array.element, dims, layout);
  if (auto element = dyn_cast<FloatType>(array.element)) {
    SmallVector<APFloat> values;
    for (double x : array.f) {
      APFloat v(x);
      bool lost;
      v.convert(element.getFloatSemantics(), APFloat::rmNearestTiesToEven, &lost);
      values.push_back(v);
    }
    return DenseElementsAttr::get(type, values);
  }
  SmallVector<APInt> values;
  unsigned width = array.element.getIntOrFloatBitWidth();
  for (int64_t x : array.i)
    values.push_back(APInt(64, uint64_t(x)).trunc(width));
  return DenseElementsAttr::get(type, values);
}

std::optional<SmallVector<DenseElementsAttr>> modc::reference::foldConstants(Operation *op) {
  auto prim = dyn_cast<EvalOpInterface>(op);
  if (!prim || op->getNumResults() == 0)
    return std::nullopt;
  for (Type t : op->getResultTypes()) {
    auto tensor = dyn_cast<SymTensorType>(t);
    if (!tensor || !tensor.hasStaticShape())
      return std::nullopt;
    auto count = tensor.getCount().getConstant();
    if (!count || *count > kMaxFoldedBytes ||
        *count * std::max(1u, tensor.getElementType().getIntOrFloatBitWidth() / 8) > kMaxFoldedBytes)
      return std::nullopt;
  }
  Evaluator ev;
  for (Value v : op->getOperands()) {
    if (!v.getDefiningOp() || !isa<SymTensorType>(v.getType()))
      return std::nullopt;
    if (auto constant = v.getDefiningOp<arith::ConstantOp>()) {
      auto array = toArray(constant.getValue());
      if (!array)
        return std::nullopt;
      ev.set(v, std::move(*array));
    } else if (auto full = v.getDefiningOp<FullOp>();
               !full || !cast<SymTensorType>(full.getType()).hasStaticShape() || errorToBool(full.eval(ev))) {
      return std::nullopt;
    }
  }
  if (errorToBool(prim.eval(ev)))
    return std::nullopt;
  SmallVector<DenseElementsAttr> out;
  for (Value v : op->getResults())
    out.push_back(toAttribute(ev.get(v), cast<SymTensorType>(v.getType()).getLayout()));
  return out;
}

Value modc::reference::materialize(OpBuilder &b, Location loc, DenseElementsAttr constant) {
  auto type = cast<SymTensorType>(constant.getType());
  if (!constant.isSplat() || type.getLayout())
    return arith::ConstantOp::create(b, loc, type, cast<TypedAttr>(constant));
  Array one = *toArray(constant.resizeSplat(SymTensorType::get(type.getElementType(), {})));
  TypedAttr value = one.isFloat() ? TypedAttr(b.getF64FloatAttr(one.f[0])) : TypedAttr(b.getI64IntegerAttr(one.i[0]));
  SmallVector<Attribute> shape(type.getDims().begin(), type.getDims().end());
  return FullOp::create(b, loc, type, value, type.getElementType(), b.getArrayAttr(shape));
}
