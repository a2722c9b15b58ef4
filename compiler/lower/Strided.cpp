// Operands read with strides; see Strided.h.
#include "compiler/lower/Strided.h"

using namespace mlir;
using namespace modc;
using namespace modc::lower;
using mod::DimAttr;

bool lower::isPacked(Value v) {
  mod::LayoutAttr layout = tensorType(v).getLayout();
  return layout && !layout.getPanel().empty();
}

std::optional<Strided> lower::strided(IndexSpace &space, Emitter &e, Value operand, ArrayRef<Expr> at,
                                      ArrayRef<const Atom *> variables) {
  Source source = seeThrough(space, operand, at);
  if (!isa<BlockArgument>(source.value) || isPacked(source.value))
    return std::nullopt;
  Expr linear = linearInMemory(space, tensorType(source.value), source.at);
  for (auto &[atom, c] : linear.terms)
    if (!llvm::is_contained(variables, atom))
      return std::nullopt;
  Strided result{e.argument(source.value), linear.constant, {}};
  for (const Atom *variable : variables)
    result.strides.push_back(variable ? linear.coefficient(variable) : space.dim(0));
  return result;
}

Value lower::makeView(IndexSpace &space, Emitter &e, const Strided &operand, ArrayRef<DimAttr> dims,
                      ArrayRef<DimAttr> strides) {
  DimAttr step = space.dim(1);
  bool contiguous = isZero(operand.offset);
  for (size_t i = dims.size(); i-- > 0; step = step.times(dims[i]))
    contiguous &= strides[i] == step || isOne(dims[i]);
  return contiguous ? e.view(operand.memory, dims) : e.view(operand.memory, dims, strides, operand.offset);
}
