// Inference of products, attention and gathers.
#include "dialect/mod/Mod.h"

using namespace mlir;
using namespace modc::mod;

LogicalResult MatmulOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                              SmallVectorImpl<Type> &r) {
  auto trans = attrs.getAs<BoolAttr>("trans_b");
  bool t = trans && trans.getValue();
  auto a = o[0].getDims(), b = o[1].getDims();
  if (o[0].getElementType() != o[1].getElementType())
    return in.fail("dtypes differ: " + dtypeName(o[0].getElementType()) + " against " +
                   dtypeName(o[1].getElementType()));
  if (a.size() < 2 || b.size() < 2)
    return in.fail("wants two matrices, got " + o[0].text() + " and " + o[1].text());
  DimAttr n = b[b.size() - (t ? 2 : 1)], k = b[b.size() - (t ? 1 : 2)];
  if (failed(in.require(a.back(), k, "inner sizes differ")))
    return failure();
  auto dims = broadcastDims(in, {a.drop_back(2), b.drop_back(2)});
  if (failed(dims))
    return failure();
  dims->push_back(a[a.size() - 2]);
  dims->push_back(n);
  return in.give(r, o[0].getElementType(), *dims);
}

LogicalResult AttentionOp::infer(Inference &in, DictionaryAttr, ArrayRef<SymTensorType> o, SmallVectorImpl<Type> &r) {
  // Operands: q, k, v and the mask if there is one; the key is no tensor.
  auto q = o[0].getDims(), k = o[1].getDims(), v = o[2].getDims();
  if (q.size() < 2 || k.size() != q.size() || v.size() != q.size())
    return in.fail("query, key and value must have one rank of at least 2, got " + o[0].text() + ", " + o[1].text() +
                   " and " + o[2].text());
  for (SymTensorType t : o)
    if (t.getElementType() != o[0].getElementType())
      return in.fail("dtypes differ: " + dtypeName(o[0].getElementType()) + " against " +
                     dtypeName(t.getElementType()));
  size_t last = q.size() - 1;
  for (size_t i = 0; i + 1 < last; ++i)
    if (failed(in.require(q[i], k[i], "batch sizes of query and key differ")) ||
        failed(in.require(q[i], v[i], "batch sizes of query and value differ")))
      return failure();
  if (failed(in.require(q[last], k[last], "head sizes of query and key differ")) ||
      failed(in.require(k[last - 1], v[last - 1], "lengths of key and value differ")))
    return failure();
  SmallVector<DimAttr> scores(q.drop_back(1));
  scores.push_back(k[last - 1]);
  if (o.size() > 3) {
    auto mask = o[3].getDims();
    if (mask.size() > scores.size())
      return in.fail("mask " + o[3].text() + " has more dimensions than the scores");
    for (auto [i, d] : llvm::enumerate(mask))
      if (d.getConstant() != 1 &&
          failed(in.require(d, scores[i + scores.size() - mask.size()], "mask does not fit the scores")))
        return failure();
  }
  SmallVector<DimAttr> dims(q);
  dims[last] = v[last];
  return in.give(r, o[0].getElementType(), dims);
}

LogicalResult AttentionOp::verify() {
  double p = getDropoutP().convertToDouble();
  if (!(p >= 0 && p <= 1))
    return emitOpError("drops with a probability in [0, 1], not ") << p;
  if (bool(getKey()) != (getDropoutP().convertToDouble() > 0))
    return emitOpError("has a key exactly where it drops");
  return success();
}

LogicalResult TakeOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o, SmallVectorImpl<Type> &r) {
  int64_t dim = attrs.getAs<IntegerAttr>("dim").getInt();
  if (failed(requireDim(in, dim, o[0].getDims().size())))
    return failure();
  SmallVector<DimAttr> dims(o[0].getDims().take_front(dim));
  llvm::append_range(dims, o[1].getDims());
  llvm::append_range(dims, o[0].getDims().drop_front(dim + 1));
  return in.give(r, o[0].getElementType(), dims);
}

LogicalResult GatherOp::infer(Inference &in, DictionaryAttr attrs, ArrayRef<SymTensorType> o,
                              SmallVectorImpl<Type> &r) {
  int64_t dim = attrs.getAs<IntegerAttr>("dim").getInt();
  if (failed(requireDim(in, dim, o[0].getDims().size())))
    return failure();
  if (o[0].getDims().size() != o[1].getDims().size())
    return in.fail("ranks of tensor and index differ: " + o[0].text() + " against " + o[1].text());
  for (auto [i, x, j] : llvm::enumerate(o[0].getDims(), o[1].getDims()))
    if (int64_t(i) != dim && failed(in.require(x, j, "sizes of tensor and index differ")))
      return failure();
  return in.give(r, o[0].getElementType(), o[1].getDims());
}
