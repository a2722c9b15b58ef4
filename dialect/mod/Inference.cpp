// What inference functions share: comparing sizes, broadcasting, elementwise results, the verifier built on them.
#include "dialect/mod/Mod.h"

using namespace mlir;
using namespace modc::mod;

/// Whether an atom is at least 0 for all sizes from 0 up.
static bool isNotNegative(Attribute atom) {
  if (isa<StringAttr>(atom))
    return true;
  auto fn = cast<DimFnAttr>(atom);
  auto all = [](DimAttr d) {
    return llvm::all_of(d.getCoeffs(), [](int64_t c) { return c > 0; }) &&
           llvm::all_of(d.getMonomials(), [](ArrayAttr m) { return llvm::all_of(m, isNotNegative); });
  };
  return fn.getFn() == "max" ? all(fn.getA()) || all(fn.getB()) : all(fn.getA()) && all(fn.getB());
}

Truth modc::mod::compareDims(DimAttr a, DimAttr b) {
  if (a == b)
    return Truth::Proved;
  // Refuted when the difference has one sign for all sizes from 1 up: an empty batch may run, but no program may be
  // right for empty tensors alone.
  DimAttr d = a.plus(b, -1);
  bool oneSign = llvm::all_of(d.getCoeffs(), [&](int64_t c) { return (c > 0) == (d.getCoeffs()[0] > 0); });
  bool notNegative = llvm::all_of(d.getMonomials(), [](ArrayAttr m) { return llvm::all_of(m, isNotNegative); });
  bool positive =
      llvm::any_of(d.getMonomials(), [](ArrayAttr m) { return llvm::all_of(m, llvm::IsaPred<StringAttr>); });
  return oneSign && notNegative && positive ? Truth::Refuted : Truth::Open;
}

LogicalResult Inference::give(SmallVectorImpl<Type> &results, Type element, ArrayRef<DimAttr> dims, LayoutAttr layout) {
  if (failed(SymTensorType::verify(emit, element, dims, layout, {})))
    return failure();
  results.push_back(SymTensorType::get(element, dims, layout));
  return success();
}

LogicalResult Inference::require(DimAttr a, DimAttr b, StringRef what) {
  if (a.isOverflow() || b.isOverflow())
    return fail(Twine(what) + ": a size does not fit 62 bits");
  switch (compareDims(a, b)) {
  case Truth::Proved:
    return success();
  case Truth::Refuted:
    return fail(Twine(what) + ": " + a.text() + " against " + b.text());
  case Truth::Open:
    open.push_back({a, b, what.str()});
    return success();
  }
  llvm_unreachable("all truths are handled");
}

FailureOr<SmallVector<DimAttr>> modc::mod::broadcastDims(Inference &in, ArrayRef<ArrayRef<DimAttr>> shapes) {
  size_t rank = 0;
  for (auto s : shapes)
    rank = std::max(rank, s.size());
  SmallVector<DimAttr> dims(rank, DimAttr::constant(in.ctx, 1));
  for (auto s : shapes)
    for (auto [i, d] : llvm::enumerate(s)) {
      DimAttr &have = dims[i + rank - s.size()];
      if (d.getConstant() == 1)
        continue;
      if (have.getConstant() == 1)
        have = d;
      else if (failed(in.require(have, d, "sizes do not broadcast")))
        return failure();
    }
  return dims;
}

LogicalResult modc::mod::requireDim(Inference &in, int64_t dim, size_t rank) {
  if (dim < 0 || dim >= int64_t(rank))
    return in.fail("dimension " + Twine(dim) + " is out of range for a tensor of rank " + Twine(rank));
  return success();
}

LogicalResult modc::mod::inferElementwise(Inference &in, ArrayRef<SymTensorType> operands, ResultKind kind,
                                          SmallVectorImpl<Type> &results) {
  SmallVector<ArrayRef<DimAttr>> shapes;
  Type element = operands[0].getElementType();
  for (SymTensorType t : operands) {
    shapes.push_back(t.getDims());
    if (t.getElementType() != element)
      return in.fail("dtypes differ: " + dtypeName(element) + " against " + dtypeName(t.getElementType()));
  }
  auto dims = broadcastDims(in, shapes);
  if (failed(dims))
    return failure();
  if (kind == ResultKind::Bool)
    element = IntegerType::get(in.ctx, 1);
  return in.give(results, element, *dims);
}

LogicalResult modc::mod::verifyInferred(Operation *op) {
  SmallVector<SymTensorType> operands;
  for (Type t : op->getOperandTypes())
    if (auto tensor = dyn_cast<SymTensorType>(t))
      operands.push_back(tensor);
  auto report = [&] { return op->emitOpError(); }; // outlives `in`, which keeps a reference
  Inference in(op->getContext(), report);
  SmallVector<Type> results;
  auto *iface = op->getName().getRegisteredInfo()->getInterface<InferOpInterface>();
  if (failed(iface->infer(in, op->getAttrDictionary(), operands, results)))
    return failure();
  if (!in.open.empty())
    return op->emitOpError("has an equality of sizes that nothing proves; `mod.assume` must state it");
  for (auto [want, have] : llvm::zip_equal(results, op->getResultTypes()))
    if (want != have)
      return op->emitOpError("result should be ") << want;
  return success();
}
