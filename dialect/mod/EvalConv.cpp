// Reference meaning of convolutions.
#include "dialect/mod/Evaluator.h"

using namespace mlir;
using namespace modc::mod;
using llvm::Error;

namespace {
/// One of the two tensors that a filter lies between, as [N, C, D, H, W] whatever it really has.
struct Plane {
  int64_t batch, channels, size[3], strideN, strideC, stride[3];

  Plane(ArrayRef<int64_t> dims, bool channelsLast) {
    auto strides = rowMajorStrides(dims);
    size_t first = channelsLast ? 1 : 2, spatial = dims.size() - 2, c = channelsLast ? dims.size() - 1 : 1;
    batch = dims[0], strideN = strides[0], channels = dims[c], strideC = strides[c];
    for (size_t i = 0; i < 3; ++i) {
      bool there = i + spatial >= 3;
      size[i] = there ? dims[first + i + spatial - 3] : 1;
      stride[i] = there ? strides[first + i + spatial - 3] : 0;
    }
  }
};

/// What happens along one of the three dimensions; `wide = narrow * stride + tap * dilation - lo`.
struct Axis {
  int64_t taps = 1, stride = 1, dilation = 1, lo = 0;

  /// The narrow positions [first, end) for which a tap falls inside the wide tensor.
  std::pair<int64_t, int64_t> inside(int64_t tap, int64_t narrow, int64_t wide) const {
    int64_t at = tap * dilation - lo;
    int64_t first = at >= 0 ? 0 : (-at + stride - 1) / stride;
    int64_t end = at >= wide ? 0 : (wide - at + stride - 1) / stride;
    return {first, std::min(end, narrow)};
  }
};

/// The three axes of a convolution whose filters have sizes `w`.
struct Axes {
  Axis axis[3];
  Axes(ArrayRef<int64_t> w, ArrayRef<int64_t> stride, ArrayRef<int64_t> lo, ArrayRef<int64_t> dilation) {
    size_t spatial = stride.size();
    for (size_t i = 0; i < spatial; ++i)
      axis[3 - spatial + i] = {w[2 + i], stride[i], dilation[i], lo[i]};
  }
  const Axis &operator[](size_t i) const { return axis[i]; }
};
} // namespace

/// Calls `body(weight, wide, narrow, count)` for every run of positions along the last dimension at which one weight
/// (its number) joins the wide tensor's channel to the narrow one's: offsets of the first, and how many.
template <typename F> static void walkTaps(const Plane &wide, const Plane &narrow, const Axes &axes, F body) {
  int64_t weight = 0;
  for (int64_t d = 0; d < axes[0].taps; ++d) {
    auto [d0, d1] = axes[0].inside(d, narrow.size[0], wide.size[0]);
    for (int64_t h = 0; h < axes[1].taps; ++h) {
      auto [h0, h1] = axes[1].inside(h, narrow.size[1], wide.size[1]);
      for (int64_t w = 0; w < axes[2].taps; ++w, ++weight) {
        auto [w0, w1] = axes[2].inside(w, narrow.size[2], wide.size[2]);
        auto position = [&](size_t i, int64_t at, int64_t tap) {
          return (at * axes[i].stride + tap * axes[i].dilation - axes[i].lo) * wide.stride[i];
        };
        for (int64_t i = d0; i < d1 && w0 < w1; ++i)
          for (int64_t j = h0; j < h1; ++j)
            body(weight, position(0, i, d) + position(1, j, h) + position(2, w0, w),
                 i * narrow.stride[0] + j * narrow.stride[1] + w0 * narrow.stride[2], w1 - w0);
      }
    }
  }
}

Error ConvOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX()), &w = ev.get(getW());
  auto y = ev.result(getY().getType());
  if (!y)
    return y.takeError();
  Plane in(x.dims, getChannelsLast()), out(y->dims, getChannelsLast());
  Axes axes(w.dims, getStride(), getLo(), getDilation());
  int64_t groupIn = w.dims[1], groupOut = w.dims[0] / getGroups(), taps = 1;
  for (int64_t k : ArrayRef(w.dims).drop_front(2))
    taps *= k;
  for (int64_t n = 0; n < in.batch; ++n)
    for (int64_t o = 0; o < out.channels; ++o)
      for (int64_t c = 0; c < groupIn; ++c) {
        const double *from = x.f.data() + n * in.strideN + (o / groupOut * groupIn + c) * in.strideC;
        const double *weights = w.f.data() + (o * groupIn + c) * taps;
        double *to = y->f.data() + n * out.strideN + o * out.strideC;
        int64_t step = in.stride[2] * axes[2].stride, stepOut = out.stride[2];
        walkTaps(in, out, axes, [&](int64_t weight, int64_t wide, int64_t narrow, int64_t count) {
          for (int64_t i = 0; i < count; ++i)
            to[narrow + i * stepOut] += weights[weight] * from[wide + i * step];
        });
      }
  ev.set(getY(), std::move(*y));
  return Error::success();
}

Error ConvTransposeOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX()), &w = ev.get(getW());
  auto y = ev.result(getY().getType());
  if (!y)
    return y.takeError();
  Plane in(x.dims, getChannelsLast()), out(y->dims, getChannelsLast());
  Axes axes(w.dims, getStride(), getPadding(), getDilation());
  int64_t groupIn = w.dims[0] / getGroups(), groupOut = w.dims[1], taps = 1;
  for (int64_t k : ArrayRef(w.dims).drop_front(2))
    taps *= k;
  for (int64_t n = 0; n < in.batch; ++n)
    for (int64_t o = 0; o < out.channels; ++o)
      for (int64_t c = o / groupOut * groupIn, e = c + groupIn; c < e; ++c) {
        const double *from = x.f.data() + n * in.strideN + c * in.strideC;
        const double *weights = w.f.data() + (c * groupOut + o % groupOut) * taps;
        double *to = y->f.data() + n * out.strideN + o * out.strideC;
        int64_t step = in.stride[2], stepOut = out.stride[2] * axes[2].stride;
        walkTaps(out, in, axes, [&](int64_t weight, int64_t wide, int64_t narrow, int64_t count) {
          for (int64_t i = 0; i < count; ++i)
            to[wide + i * stepOut] += weights[weight] * from[narrow + i * step];
        });
      }
  ev.set(getY(), std::move(*y));
  return Error::success();
}
