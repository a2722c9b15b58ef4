// Operands of products and convolutions as memory that is read with strides.
#pragma once
#include "compiler/lower/Emitter.h"

namespace modc::lower {

/// An operand as memory: what is added to the offset for a step of each of the given variables.
struct Strided {
  mlir::Value memory;
  mod::DimAttr offset;
  llvm::SmallVector<mod::DimAttr> strides;
};

/// The operand as a strided view of one of the kernel's own, or nothing. Null variables (of dimensions that are 1) have
/// stride 0.
std::optional<Strided> strided(IndexSpace &space, Emitter &e, mlir::Value operand, llvm::ArrayRef<Expr> at,
                               llvm::ArrayRef<const Atom *> variables);
/// The view of an operand with these sizes; plain where it is contiguous.
mlir::Value makeView(IndexSpace &space, Emitter &e, const Strided &operand, llvm::ArrayRef<mod::DimAttr> dims,
                     llvm::ArrayRef<mod::DimAttr> strides);

bool isPacked(mlir::Value v);
inline bool isOne(mod::DimAttr d) { return d.getConstant() == 1; }
inline bool isZero(mod::DimAttr d) { return d.getConstant() == 0; }

} // namespace modc::lower
