// Values seen through views: what an operand reads, and whether strides can say so; constants behind views.
#include "compiler/transform/Views.h"

using namespace mlir;
using namespace modc;
using namespace modc::mod;

bool modc::isView(Operation *op) {
  // form-groups marks those that a kernel carries out.
  return isa_and_nonnull<ReshapeOp, PermuteOp, ExpandOp, NarrowOp, AssumeOp>(op) && !op->hasAttr("mod.copy") &&
         !op->hasAttr("mod.store");
}
bool modc::isFree(Operation *op) { return isView(op) || isa_and_nonnull<FullOp, SizeOp, IotaOp>(op); }

Value modc::behindViews(Value v) {
  while (isView(v.getDefiningOp()))
    v = v.getDefiningOp()->getOperand(0);
  return v;
}

std::optional<double> modc::constantOf(Value v) {
  auto full = behindViews(v).getDefiningOp<FullOp>();
  if (!full)
    return std::nullopt;
  if (auto f = dyn_cast<FloatAttr>(full.getValue()))
    return f.getValueAsDouble();
  return double(cast<IntegerAttr>(full.getValue()).getInt());
}

Value modc::makeFull(OpBuilder &b, Location loc, SymTensorType type, TypedAttr value) {
  SmallVector<Attribute> shape(type.getDims().begin(), type.getDims().end());
  return FullOp::create(b, loc, type, value, TypeAttr::get(type.getElementType()), b.getArrayAttr(shape));
}

static SmallVector<DimAttr> rowMajor(MLIRContext *ctx, ArrayRef<DimAttr> dims, DimAttr innermost) {
  SmallVector<DimAttr> strides(dims.size());
  for (size_t i = dims.size(); i-- > 0; innermost = innermost.times(dims[i]))
    strides[i] = innermost;
  return strides;
}

/// Strides of `to` over the elements of `from`: dimensions are matched from the right in groups of equal product; the
/// old ones of a group must follow each other in memory.
static std::optional<SmallVector<DimAttr>> reshapeStrides(MLIRContext *ctx, ArrayRef<DimAttr> from,
                                                          ArrayRef<DimAttr> old, ArrayRef<DimAttr> to) {
  DimAttr one = DimAttr::constant(ctx, 1);
  SmallVector<DimAttr> strides(to.size(), one);
  size_t i = from.size(), j = to.size();
  while (i > 0 || j > 0) {
    size_t iEnd = i, jEnd = j;
    DimAttr a = one, c = one;
    // Whole products of the rest are always equal; the smallest equal ones are wanted.
    bool matched = false;
    for (size_t ii = iEnd + 1; !matched && ii-- > 0;) {
      a = DimAttr::product(ctx, from.slice(ii, iEnd - ii));
      c = one;
      for (size_t jj = jEnd + 1; !matched && jj-- > 0;) {
        c = DimAttr::product(ctx, to.slice(jj, jEnd - jj));
        if (a == c && (ii < iEnd || jj < jEnd)) {
          matched = true;
          i = ii;
          j = jj;
        }
      }
    }
    if (!matched)
      return std::nullopt;
    DimAttr inner;
    for (size_t k = iEnd; k-- > i;) {
      if (from[k] == one)
        continue;
      if (inner && old[k] != inner)
        return std::nullopt;
      // `inner` is the stride that the next outer dimension must have.
      inner = old[k].times(from[k]);
    }
    DimAttr start = one;
    for (size_t k = iEnd; k-- > i;)
      if (from[k] != one) {
        start = old[k];
        break;
      }
    auto part = rowMajor(ctx, to.slice(j, jEnd - j), start);
    std::copy(part.begin(), part.end(), strides.begin() + j);
  }
  return strides;
}

std::optional<Strided> modc::stridedView(Value v) {
  MLIRContext *ctx = v.getContext();
  Operation *op = v.getDefiningOp();
  auto dims = cast<SymTensorType>(v.getType()).getDims();
  if (!isView(op))
    return Strided{v, DimAttr::constant(ctx, 0), rowMajor(ctx, dims, DimAttr::constant(ctx, 1))};
  auto inner = stridedView(op->getOperand(0));
  if (!inner)
    return std::nullopt;
  auto from = cast<SymTensorType>(op->getOperand(0).getType()).getDims();
  if (auto permute = dyn_cast<PermuteOp>(op)) {
    SmallVector<DimAttr> strides;
    for (int64_t d : permute.getDims())
      strides.push_back(inner->strides[d]);
    inner->strides = strides;
  } else if (auto narrow = dyn_cast<NarrowOp>(op)) {
    DimAttr &stride = inner->strides[narrow.getDim()];
    inner->offset = inner->offset.plus(stride.times(narrow.getStart()));
    stride = stride.times(DimAttr::constant(ctx, narrow.getStep()));
  } else if (isa<ExpandOp>(op)) {
    SmallVector<DimAttr> strides(dims.size(), DimAttr::constant(ctx, 0));
    for (size_t i = 0; i < from.size(); ++i)
      if (from[i] == dims[i + dims.size() - from.size()])
        strides[i + dims.size() - from.size()] = inner->strides[i];
    inner->strides = strides;
  } else if (isa<ReshapeOp>(op)) {
    auto strides = reshapeStrides(ctx, from, inner->strides, dims);
    if (!strides)
      return std::nullopt;
    inner->strides = *strides;
  }
  return inner;
}
