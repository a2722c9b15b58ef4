// The tables of built-in functions, filled in Builtins*.cpp.
#pragma once
#include "compiler/sema/Elaborator.h"

namespace modc::sema {

/// Whether `a <= b` for all sizes from 1 up; such a fact needs no guard, since an empty tensor only makes an empty
/// result.
inline bool holdsFromOneUp(mod::DimAttr a, mod::DimAttr b) {
  auto number = [&](int64_t n) { return mod::DimAttr::constant(a.getContext(), n); };
  mod::DimAttr room = b.plus(a, -1).substitute(
      [&](mlir::StringAttr name) { return mod::DimAttr::symbol(name.getContext(), name.getValue()).plus(number(1)); });
  // More than 0 for all sizes from 0 up.
  auto negative = [](int64_t c) { return c < 0; };
  mod::DimAttr above = room.plus(number(1));
  return llvm::none_of(above.getCoeffs(), negative) && mod::compareDims(above, number(0)) == mod::Truth::Refuted;
}

struct BuiltinTable {
  /// Python's functions on values known at compile time; some also take tensors.
  static llvm::ArrayRef<Builtin> statics();
  /// The primitives, and casts.
  static llvm::ArrayRef<Builtin> primitives();
  static llvm::ArrayRef<Builtin> convolutions();
  /// Those over windows, by index and of order.
  static llvm::ArrayRef<Builtin> windows();

  // Members so that they may use the elaborator's parts; `self` is bound by the table's wrappers.
  using Args = llvm::MutableArrayRef<Value>;
};

} // namespace modc::sema
