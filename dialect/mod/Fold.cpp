// Folders: identity views and casts vanish, views of views become one.
#include "dialect/mod/Mod.h"

using namespace mlir;
using namespace modc::mod;

OpFoldResult AssumeOp::fold(FoldAdaptor) { return getX().getType() == getY().getType() ? getX() : OpFoldResult(); }

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getX().getType() == getY().getType())
    return getX();
  if (auto inner = getX().getDefiningOp<ReshapeOp>()) {
    getXMutable().assign(inner.getX());
    return getY();
  }
  return {};
}

OpFoldResult PermuteOp::fold(FoldAdaptor) {
  if (getX().getType() == getY().getType() && llvm::equal(getDims(), llvm::seq<int64_t>(0, getDims().size())))
    return getX();
  if (auto inner = getX().getDefiningOp<PermuteOp>()) {
    SmallVector<int64_t> both;
    for (int64_t d : getDims())
      both.push_back(inner.getDims()[d]);
    getXMutable().assign(inner.getX());
    setDims(both);
    return getY();
  }
  return {};
}

OpFoldResult ExpandOp::fold(FoldAdaptor) { return getX().getType() == getY().getType() ? getX() : OpFoldResult(); }

OpFoldResult NarrowOp::fold(FoldAdaptor) {
  bool whole = getX().getType() == getY().getType() && getStep() == 1 && getStart().getConstant() == 0;
  return whole ? getX() : OpFoldResult();
}
