// Reference meaning of products, attention and gathers.
#include "dialect/mod/Evaluator.h"

using namespace mlir;
using namespace modc::mod;
using llvm::createStringError;
using llvm::Error;

Error MatmulOp::eval(Evaluator &ev) {
  const Array &a = ev.get(getA()), &b = ev.get(getB());
  auto y = ev.result(getY().getType());
  if (!y)
    return y.takeError();
  size_t rank = y->dims.size();
  int64_t m = y->dims[rank - 2], n = y->dims[rank - 1], k = a.dims.back();
  ArrayRef<int64_t> batch = ArrayRef(y->dims).drop_back(2);
  // Offsets count whole matrices, so that the walk over the batch stays the general one.
  std::array strides{broadcastStrides(ArrayRef(a.dims).drop_back(2), batch),
                     broadcastStrides(ArrayRef(b.dims).drop_back(2), batch)};
  auto multiply = [&](auto &fromA, auto &fromB, auto &to) {
    using T = std::decay_t<decltype(to[0])>;
    auto add = [](T sum, T x, T y) { return scalar::wrapAdd(sum, scalar::wrapMul(x, y)); };
    walkIndices(batch, strides, [&](int64_t number, auto &at) {
      const T *pa = fromA.data() + at[0] * m * k, *pb = fromB.data() + at[1] * k * n;
      T *py = to.data() + number * m * n;
      for (int64_t i = 0; i < m; ++i, pa += k, py += n) {
        if (getTransB()) {
          for (int64_t j = 0; j < n; ++j) {
            T sum = 0;
            for (int64_t c = 0; c < k; ++c)
              sum = add(sum, pa[c], pb[j * k + c]);
            py[j] = sum;
          }
        } else {
          for (int64_t c = 0; c < k; ++c)
            for (int64_t j = 0; j < n; ++j)
              py[j] = add(py[j], pa[c], pb[c * n + j]);
        }
      }
    });
  };
  if (a.isFloat())
    multiply(a.f, b.f, y->f);
  else
    multiply(a.i, b.i, y->i);
  ev.set(getY(), std::move(*y));
  return Error::success();
}

namespace {
/// One row of attention's scores.
struct Row {
  std::vector<double> p;
  /// Softmax in place; false for a row of -inf alone, which sees nothing.
  bool softmax() {
    double top = -std::numeric_limits<double>::infinity();
    for (double s : p)
      top = scalar::maximum(top, s);
    if (top == -std::numeric_limits<double>::infinity())
      return false;
    double sum = 0;
    for (double &s : p)
      sum += s = std::exp(s - top);
    for (double &s : p)
      s /= sum;
    return true;
  }
};
} // namespace

Error AttentionOp::eval(Evaluator &ev) {
  const Array &q = ev.get(getQ()), &k = ev.get(getK()), &v = ev.get(getV());
  auto y = ev.result(getY().getType());
  if (!y)
    return y.takeError();
  size_t rank = q.dims.size();
  int64_t queries = q.dims[rank - 2], keys = k.dims[rank - 2], head = q.dims[rank - 1], out = v.dims[rank - 1];
  double scale = getScale().convertToDouble(), drop = getDropoutP().convertToDouble();
  SmallVector<int64_t> scores(ArrayRef(q.dims).drop_back(1));
  scores.push_back(keys);
  const Array *mask = getMask() ? &ev.get(getMask()) : nullptr;
  SmallVector<int64_t> maskStrides(rank, 0);
  if (mask)
    maskStrides = broadcastStrides(mask->dims, scores);
  int64_t maskStep = maskStrides.back();
  SmallVector<int64_t> rows(ArrayRef(scores).drop_back(1));
  maskStrides.pop_back();

  Row row;
  row.p.resize(keys);
  walkIndices<1>(rows, {maskStrides}, [&](int64_t r, auto &at) {
    int64_t batch = r / queries, i = r % queries;
    const double *pq = q.f.data() + r * head, *pk = k.f.data() + batch * keys * head,
                 *pv = v.f.data() + batch * keys * out;
    double *py = y->f.data() + r * out;
    for (int64_t j = 0; j < keys; ++j) {
      double s = 0;
      for (int64_t c = 0; c < head; ++c)
        s += pq[c] * pk[j * head + c];
      s *= scale;
      if (mask)
        s += mask->f[at[0] + j * maskStep];
      row.p[j] = getCausal() && j > i ? -std::numeric_limits<double>::infinity() : s;
    }
    if (!row.softmax())
      return;
    for (int64_t j = 0; j < keys; ++j) {
      double p = row.p[j];
      if (drop > 0)
        p = randomElement(ev.getKey(getKey()), ev.call, r * keys + j, q.element) < drop ? 0 : p / (1 - drop);
      for (int64_t c = 0; c < out; ++c)
        py[c] += p * pv[j * out + c];
    }
  });
  ev.set(getY(), std::move(*y));
  return Error::success();
}

static Error outOfRange(int64_t index, int64_t size, int64_t dim, StringRef what) {
  return createStringError(what + ": index " + Twine(index) + " is out of range for size " + Twine(size) +
                           " of dimension " + Twine(dim));
}

Error TakeOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX()), &index = ev.get(getIndex());
  auto y = ev.result(getY().getType());
  if (!y)
    return y.takeError();
  int64_t dim = getDim(), size = x.dims[dim], outer = 1, inner = 1;
  for (int64_t d : ArrayRef(x.dims).take_front(dim))
    outer *= d;
  for (int64_t d : ArrayRef(x.dims).drop_front(dim + 1))
    inner *= d;
  for (int64_t i : index.i)
    if (i < 0 || i >= size)
      return outOfRange(i, size, dim, "take");
  auto copy = [&](auto &from, auto &to) {
    auto at = to.begin();
    for (int64_t o = 0; o < outer; ++o)
      for (int64_t i : index.i)
        at = std::copy_n(from.begin() + (o * size + i) * inner, inner, at);
  };
  if (x.isFloat())
    copy(x.f, y->f);
  else
    copy(x.i, y->i);
  ev.set(getY(), std::move(*y));
  return Error::success();
}

Error GatherOp::eval(Evaluator &ev) {
  const Array &x = ev.get(getX()), &index = ev.get(getIndex());
  auto y = ev.result(getY().getType());
  if (!y)
    return y.takeError();
  int64_t dim = getDim(), size = x.dims[dim];
  for (int64_t i : index.i)
    if (i < 0 || i >= size)
      return outOfRange(i, size, dim, "gather");
  SmallVector<int64_t> strides = rowMajorStrides(x.dims);
  int64_t step = strides[dim];
  strides[dim] = 0;
  walkIndices<1>(index.dims, {strides}, [&](int64_t n, auto &at) {
    int64_t from = at[0] + index.i[n] * step;
    if (x.isFloat())
      y->f[n] = x.f[from];
    else
      y->i[n] = x.i[from];
  });
  ev.set(getY(), std::move(*y));
  return Error::success();
}
