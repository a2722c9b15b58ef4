// Convolutions as products and as other convolutions; see Convolutions.h.
#include "compiler/transform/Convolutions.h"
#include "compiler/transform/Stored.h"
#include "compiler/transform/Views.h"

using namespace mlir;
using namespace modc;
using namespace modc::mod;

static ArrayRef<DimAttr> dimsOf(Value v) { return cast<SymTensorType>(v.getType()).getDims(); }
static DimAttr number(Operation *op, int64_t n) { return DimAttr::constant(op->getContext(), n); }

static Value narrowed(OpBuilder &b, Location loc, Value x, int64_t dim, DimAttr start, DimAttr length, int64_t step) {
  SmallVector<DimAttr> dims(dimsOf(x));
  if (start.getConstant() == 0 && step == 1 && dims[dim] == length)
    return x;
  dims[dim] = length;
  return NarrowOp::create(b, loc, cast<SymTensorType>(x.getType()).withDims(dims), x, b.getI64IntegerAttr(dim), start,
                          length, b.getI64IntegerAttr(step));
}

bool modc::isPointwise(ConvOp op) {
  auto zero = [](int64_t n) { return n == 0; };
  return op.getGroups() == 1 && llvm::all_of(op.getLo(), zero) && llvm::all_of(op.getHi(), zero) &&
         llvm::all_of(dimsOf(op.getW()).drop_front(2), [](DimAttr d) { return d.getConstant() == 1; });
}

Value modc::openPointwise(OpBuilder &b, ConvOp op, Value x) {
  auto y = dimsOf(op.getY());
  for (auto [i, stride] : llvm::enumerate(op.getStride()))
    x = narrowed(b, op.getLoc(), x, i + 1, number(op, 0), y[i + 2], stride);
  Value w = reshaped(b, op.getLoc(), op.getW(), dimsOf(op.getW()).take_front(2));
  return createInferred<MatmulOp>(b, op.getLoc(), {x, w}, {b.getNamedAttr("trans_b", b.getBoolAttr(true))});
}

/// Windows lie side by side: each element of x makes a block of the result of its own.
static bool isShuffle(ConvTransposeOp op) {
  for (auto [i, d] : llvm::enumerate(dimsOf(op.getW()).drop_front(2)))
    if (d.getConstant() != op.getStride()[i] || op.getPadding()[i] != 0 || op.getOutputPadding()[i] != 0 ||
        op.getDilation()[i] != 1)
      return false;
  return op.getGroups() == 1;
}

static Value openShuffle(OpBuilder &b, ConvTransposeOp op, Value x) {
  Location loc = op.getLoc();
  auto w = dimsOf(op.getW()), in = dimsOf(x);
  size_t spatial = w.size() - 2;
  // [C, O, *K] as [*K * O, C]: the columns of one element of x are its block, channels last.
  SmallVector<int64_t> order;
  for (size_t i = 0; i < spatial; ++i)
    order.push_back(i + 2);
  order.append({1, 0});
  Value filters = permuted(b, loc, op.getW(), order);
  DimAttr columns = DimAttr::product(op.getContext(), w.drop_front(1));
  filters = reshaped(b, loc, filters, {columns, w[0]});
  Value y = createInferred<MatmulOp>(b, loc, {x, filters}, {b.getNamedAttr("trans_b", b.getBoolAttr(true))});
  // [N, *S, *K, O] to [N, S0, K0, S1, K1, …, O].
  SmallVector<DimAttr> open(in.drop_back(1)), dims{in[0]};
  llvm::append_range(open, w.drop_front(2));
  open.push_back(w[1]);
  SmallVector<int64_t> mixed{0};
  for (size_t i = 0; i < spatial; ++i) {
    mixed.push_back(i + 1);
    mixed.push_back(i + 1 + spatial);
    dims.push_back(in[i + 1].times(w[i + 2]));
  }
  mixed.push_back(open.size() - 1);
  dims.push_back(w[1]);
  return reshaped(b, loc, permuted(b, loc, reshaped(b, loc, y, open), mixed), dims);
}

/// Filters [C, O/g, *K] of the transposed convolution as those of the convolution that does the same: [O, C/g, *K],
/// positions in reverse.
static Value turnedFilters(OpBuilder &b, ConvTransposeOp op) {
  Location loc = op.getLoc();
  Value w = op.getW();
  MLIRContext *ctx = op.getContext();
  Type i64 = b.getI64Type();
  for (size_t i = 2; i < dimsOf(w).size(); ++i) {
    DimAttr taps = dimsOf(w)[i];
    if (taps.getConstant() == 1)
      continue;
    Value iota = IotaOp::create(b, loc, SymTensorType::get(i64, {taps}), taps, TypeAttr::get(i64));
    Value last = taps.getConstant()
                     ? makeFull(b, loc, SymTensorType::get(i64, {}), b.getI64IntegerAttr(*taps.getConstant() - 1))
                     : Value(SizeOp::create(b, loc, SymTensorType::get(i64, {}), taps.plus(DimAttr::constant(ctx, -1)),
                                            TypeAttr::get(i64)));
    Value index = createInferred<SubOp>(b, loc, {last, iota});
    w = createInferred<TakeOp>(b, loc, {w, index}, {b.getNamedAttr("dim", b.getI64IntegerAttr(i))});
  }
  DimAttr groups = number(op, op.getGroups());
  SmallVector<DimAttr> split{groups, dimsOf(w)[0].floorDiv(groups)}, joined;
  llvm::append_range(split, dimsOf(w).drop_front(1));
  SmallVector<int64_t> order{0, 2, 1};
  for (size_t i = 3; i < split.size(); ++i)
    order.push_back(i);
  joined = {split[0].times(split[2]), split[1]};
  joined.append(split.begin() + 3, split.end());
  return reshaped(b, loc, permuted(b, loc, reshaped(b, loc, w, split), order), joined);
}

Value modc::openTransposed(OpBuilder &b, ConvTransposeOp op, Value x) {
  if (isShuffle(op))
    return openShuffle(b, op, x);
  Location loc = op.getLoc();
  MLIRContext *ctx = op.getContext();
  auto y = dimsOf(op.getY());
  size_t spatial = op.getStride().size();
  // Zeros between the elements: each dimension S becomes [S, 1], padded to [S, stride], joined to S * stride.
  SmallVector<DimAttr> apart{dimsOf(x)[0]}, joined{dimsOf(x)[0]};
  SmallVector<int64_t> none{0}, behind{0}, lo, hi, one(spatial, 1);
  bool spread = false;
  for (size_t i = 0; i < spatial; ++i) {
    int64_t stride = op.getStride()[i];
    spread |= stride != 1;
    apart.append({dimsOf(x)[i + 1], DimAttr::constant(ctx, 1)});
    joined.push_back(dimsOf(x)[i + 1].times(DimAttr::constant(ctx, stride)));
    none.append({0, 0});
    behind.append({0, stride - 1});
  }
  apart.push_back(dimsOf(x).back());
  joined.push_back(dimsOf(x).back());
  none.push_back(0);
  behind.push_back(0);
  if (spread) {
    x = createInferred<ConstantPadOp>(b, loc, {reshaped(b, loc, x, apart)},
                                      {b.getNamedAttr("lo", b.getDenseI64ArrayAttr(none)),
                                       b.getNamedAttr("hi", b.getDenseI64ArrayAttr(behind)),
                                       b.getNamedAttr("value", b.getF64FloatAttr(0))});
    x = reshaped(b, loc, x, joined);
  }
  // Windows of the convolution begin `reach - padding` before x; where that is negative, x is cropped instead.
  for (size_t i = 0; i < spatial; ++i) {
    auto taps = dimsOf(op.getW())[i + 2].getConstant();
    int64_t reach = op.getDilation()[i] * (taps.value_or(1) - 1), before = reach - op.getPadding()[i];
    DimAttr size = dimsOf(x)[i + 1], wanted = y[i + 2].plus(DimAttr::constant(ctx, reach));
    if (!taps)
      return {};
    DimAttr after = wanted.plus(size, -1).plus(DimAttr::constant(ctx, -before));
    auto n = after.getConstant();
    if (!n)
      return {};
    int64_t cropLo = std::max<int64_t>(0, -before), cropHi = std::max<int64_t>(0, -*n);
    if (cropLo || cropHi)
      x = narrowed(b, loc, x, i + 1, DimAttr::constant(ctx, cropLo),
                   size.plus(DimAttr::constant(ctx, -cropLo - cropHi)), 1);
    lo.push_back(std::max<int64_t>(0, before));
    hi.push_back(std::max<int64_t>(0, *n));
  }
  Value w = turnedFilters(b, op);
  return createInferred<ConvOp>(b, loc, {x, w},
                                {b.getNamedAttr("stride", b.getDenseI64ArrayAttr(one)),
                                 b.getNamedAttr("lo", b.getDenseI64ArrayAttr(lo)),
                                 b.getNamedAttr("hi", b.getDenseI64ArrayAttr(hi)),
                                 b.getNamedAttr("dilation", b.getDenseI64ArrayAttr(op.getDilation())),
                                 b.getNamedAttr("groups", b.getI64IntegerAttr(op.getGroups())),
                                 b.getNamedAttr("channels_last", b.getUnitAttr())});
}
