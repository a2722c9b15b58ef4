// The tables of built-in functions, filled in Builtins*.cpp.
#pragma once
#include "compiler/sema/Elaborator.h"

namespace modc::sema {

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
