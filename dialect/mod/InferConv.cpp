// Inference of convolutions.
#include "dialect/mod/Mod.h"

using namespace mlir;
using namespace modc::mod;

namespace {
/// Operands and attributes of either convolution, checked as far as both have them in common.
struct Convolution {
  ArrayRef<DimAttr> x, w;
  int64_t groups = 1;
  bool channelsLast = false;
  SmallVector<ArrayRef<int64_t>> lists;

  size_t spatial() const { return x.size() - 2; }
  DimAttr channels() const { return channelsLast ? x.back() : x[1]; }
  DimAttr size(size_t i) const { return x[i + (channelsLast ? 1 : 2)]; }
  /// The result's sizes, in the order that the input has.
  SmallVector<DimAttr> shape(DimAttr channels, ArrayRef<DimAttr> sizes) const {
    SmallVector<DimAttr> dims{x[0]};
    if (!channelsLast)
      dims.push_back(channels);
    llvm::append_range(dims, sizes);
    if (channelsLast)
      dims.push_back(channels);
    return dims;
  }
};
} // namespace

/// Reads what is common, and the lists under `names`; each number of list i is at least `least[i]`.
static FailureOr<Convolution> read(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                                   ArrayRef<StringRef> names, ArrayRef<int64_t> least) {
  Convolution c{o[0].getDims(), o[1].getDims()};
  if (o[0].getElementType() != o[1].getElementType())
    return in.fail("dtypes differ: " + dtypeName(o[0].getElementType()) + " against " +
                   dtypeName(o[1].getElementType()));
  if (c.x.size() < 3 || c.x.size() > 5 || c.w.size() != c.x.size())
    return in.fail("wants input and filters of one rank from 3 to 5, got " + o[0].text() + " and " + o[1].text());
  if (auto groups = attrs.getAs<IntegerAttr>("groups"))
    c.groups = groups.getInt();
  if (c.groups < 1)
    return in.fail(Twine(c.groups) + " groups");
  for (DimAttr taps : c.w.drop_front(2))
    if (taps.getConstant() == 0)
      return in.fail("filters " + o[1].text() + " are empty");
  c.channelsLast = bool(attrs.get("channels_last"));
  for (auto [name, low] : llvm::zip_equal(names, least)) {
    auto list = attrs.getAs<DenseI64ArrayAttr>(name).asArrayRef();
    if (list.size() != c.spatial())
      return in.fail(Twine(name) + " has " + Twine(list.size()) + " numbers for " + Twine(c.spatial()) +
                     " spatial dimensions");
    for (int64_t n : list)
      if (n < low)
        return in.fail(Twine(name) + " of " + Twine(n) + " is below " + Twine(low));
      else if (n > std::numeric_limits<int32_t>::max())
        return in.fail(Twine(name) + " of " + Twine(n) + " does not fit 31 bits");
    c.lists.push_back(list);
  }
  return c;
}

/// How far a filter of `taps` elements reaches: `dilation * (taps - 1) + 1`.
static DimAttr extent(DimAttr taps, int64_t dilation) {
  auto constant = [&](int64_t n) { return DimAttr::constant(taps.getContext(), n); };
  return taps.plus(constant(-1)).times(constant(dilation)).plus(constant(1));
}

LogicalResult ConvOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o, SmallVectorImpl<Type> &r) {
  auto c = read(in, attrs, o, {"stride", "lo", "hi", "dilation"}, {1, 0, 0, 1});
  if (failed(c))
    return failure();
  auto constant = [&](int64_t n) { return DimAttr::constant(in.ctx, n); };
  if (failed(in.require(c->channels(), c->w[1].times(constant(c->groups)), "channels of input and filters differ")) ||
      failed(in.require(c->w[0].mod(constant(c->groups)), constant(0), "groups do not divide the filters")))
    return failure();
  SmallVector<DimAttr> sizes;
  for (size_t i = 0; i < c->spatial(); ++i) {
    DimAttr padded = c->size(i).plus(constant(c->lists[1][i])).plus(constant(c->lists[2][i]));
    DimAttr filter = extent(c->w[i + 2], c->lists[3][i]), room = padded.plus(filter, -1);
    if (room.isOverflow())
      return in.fail("a size does not fit 62 bits");
    if (auto n = room.getConstant(); n && *n < 0)
      return in.fail("filter of size " + filter.text() + " is larger than the padded input of size " + padded.text());
    sizes.push_back(room.floorDiv(constant(c->lists[0][i])).plus(constant(1)));
  }
  return in.give(r, o[0].getElementType(), c->shape(c->w[0], sizes));
}

LogicalResult ConvTransposeOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                                     SmallVectorImpl<Type> &r) {
  auto c = read(in, attrs, o, {"stride", "padding", "output_padding", "dilation"}, {1, 0, 0, 1});
  if (failed(c))
    return failure();
  auto constant = [&](int64_t n) { return DimAttr::constant(in.ctx, n); };
  if (failed(in.require(c->channels(), c->w[0], "channels of input and filters differ")) ||
      failed(in.require(c->w[0].mod(constant(c->groups)), constant(0), "groups do not divide the channels")))
    return failure();
  SmallVector<DimAttr> sizes;
  for (size_t i = 0; i < c->spatial(); ++i) {
    int64_t stride = c->lists[0][i], extra = c->lists[2][i], dilation = c->lists[3][i];
    if (extra >= std::max(stride, dilation))
      return in.fail("output_padding of " + Twine(extra) + " is not smaller than stride or dilation");
    DimAttr size = c->size(i)
                       .plus(constant(-1))
                       .times(constant(stride))
                       .plus(constant(c->lists[1][i]), -2)
                       .plus(extent(c->w[i + 2], dilation))
                       .plus(constant(extra));
    if (auto n = size.getConstant(); n && *n < 0)
      return in.fail("padding of " + Twine(c->lists[1][i]) + " leaves a result of size " + size.text());
    sizes.push_back(size);
  }
  return in.give(r, o[0].getElementType(), c->shape(c->w[1].times(constant(c->groups)), sizes));
}
