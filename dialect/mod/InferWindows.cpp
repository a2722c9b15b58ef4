// Inference of windows, of additions by index, and of sorting.
#include "dialect/mod/Mod.h"

using namespace mlir;
using namespace modc::mod;

int64_t ReduceWindowOp::getFirstWindowed() {
  int64_t rank = cast<SymTensorType>(getX().getType()).getDims().size();
  return rank - int64_t(getWindow().size()) - (getChannelsLast() ? 1 : 0);
}

LogicalResult ReduceWindowOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                                    SmallVectorImpl<Type> &r) {
  StringRef kind = attrs.getAs<StringAttr>("kind").getValue();
  if (kind != "max" && kind != "sum")
    return in.fail("a window gives `max` or `sum`, not `" + kind + "`");
  auto list = [&](StringRef name) { return attrs.getAs<DenseI64ArrayAttr>(name).asArrayRef(); };
  ArrayRef<int64_t> window = list("window"), stride = list("stride"), dilation = list("dilation");
  auto lo = attrs.getAs<ArrayAttr>("lo"), hi = attrs.getAs<ArrayAttr>("hi");
  size_t n = window.size(), last = attrs.contains("channels_last") ? 1 : 0;
  if (stride.size() != n || dilation.size() != n || lo.size() != n || hi.size() != n)
    return in.fail("window, stride, lo, hi and dilation are not of one length");
  SmallVector<DimAttr> dims(o[0].getDims());
  if (n == 0 || n + last > dims.size())
    return in.fail("a window over " + Twine(n) + " dimensions does not fit " + o[0].text());
  for (size_t i = 0; i < n; ++i) {
    if (window[i] < 1 || stride[i] < 1 || dilation[i] < 1)
      return in.fail("window, stride and dilation are to be at least 1, got " + Twine(window[i]) + ", " +
                     Twine(stride[i]) + " and " + Twine(dilation[i]));
    int64_t reach;
    if (__builtin_mul_overflow(dilation[i], window[i] - 1, &reach) || reach >= int64_t(1) << 62)
      return in.fail("a window of " + Twine(window[i]) + " elements " + Twine(dilation[i]) + " apart is too large");
    auto before = cast<DimAttr>(lo[i]), after = cast<DimAttr>(hi[i]);
    if (before.getConstant().value_or(0) < 0 || after.getConstant().value_or(0) < 0)
      return in.fail("padding is to be at least 0, got " + before.text() + " and " + after.text());
    DimAttr &d = dims[dims.size() - last - n + i];
    DimAttr padded = d.plus(before).plus(after), room = padded.plus(DimAttr::constant(in.ctx, reach + 1), -1);
    if (padded.isOverflow())
      return in.fail("the padded size does not fit 62 bits");
    if (room.getConstant().value_or(0) < 0)
      return in.fail("a window that spans " + Twine(reach + 1) + " elements is larger than the padded size " +
                     padded.text());
    d = room.floorDiv(DimAttr::constant(in.ctx, stride[i])).plus(DimAttr::constant(in.ctx, 1));
  }
  return in.give(r, o[0].getElementType(), dims);
}

/// Sizes of a tensor, an index and what is added: `expected` are those that `v` must have.
static LogicalResult inferAddition(Inference &in, ArrayRef<SymTensorType> o, ArrayRef<DimAttr> expected,
                                   SmallVectorImpl<Type> &r) {
  if (o[0].getElementType() != o[2].getElementType())
    return in.fail("dtypes differ: " + dtypeName(o[0].getElementType()) + " against " +
                   dtypeName(o[2].getElementType()));
  ArrayRef<DimAttr> have = o[2].getDims();
  if (have.size() != expected.size())
    return in.fail("what is added is to have rank " + Twine(expected.size()) + ", got " + o[2].text());
  for (auto [a, b] : llvm::zip(have, expected))
    if (failed(in.require(a, b, "sizes of what is added and of its place differ")))
      return failure();
  return in.give(r, o[0].getElementType(), o[0].getDims());
}

LogicalResult IndexAddOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                                SmallVectorImpl<Type> &r) {
  int64_t dim = attrs.getAs<IntegerAttr>("dim").getInt();
  if (failed(requireDim(in, dim, o[0].getDims().size())))
    return failure();
  SmallVector<DimAttr> expected(o[0].getDims().take_front(dim));
  llvm::append_range(expected, o[1].getDims());
  llvm::append_range(expected, o[0].getDims().drop_front(dim + 1));
  return inferAddition(in, o, expected, r);
}

LogicalResult ScatterAddOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                                  SmallVectorImpl<Type> &r) {
  int64_t dim = attrs.getAs<IntegerAttr>("dim").getInt();
  if (failed(requireDim(in, dim, o[0].getDims().size())))
    return failure();
  if (o[0].getDims().size() != o[1].getDims().size())
    return in.fail("ranks of tensor and index differ: " + o[0].text() + " against " + o[1].text());
  for (auto [i, x, j] : llvm::enumerate(o[0].getDims(), o[1].getDims()))
    if (int64_t(i) != dim && failed(in.require(x, j, "sizes of tensor and index differ")))
      return failure();
  return inferAddition(in, o, o[1].getDims(), r);
}

LogicalResult SortOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o, SmallVectorImpl<Type> &r) {
  if (failed(requireDim(in, attrs.getAs<IntegerAttr>("dim").getInt(), o[0].getDims().size())) ||
      failed(in.give(r, o[0].getElementType(), o[0].getDims())))
    return failure();
  return in.give(r, IntegerType::get(in.ctx, 64), o[0].getDims());
}
