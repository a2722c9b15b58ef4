// One item of a tensor's subscript, evaluated.
#pragma once
#include "compiler/sema/Elaborator.h"

namespace modc::sema {

struct Elaborator::Subscript {
  /// Window: a slice of `stop` elements that begins where a tensor says.
  enum { Int, Slice, New, Gather, Window } kind;
  mod::DimAttr start, stop; // null: not written
  int64_t step = 1;
  mlir::Value index;
  SourceRange range;
};

} // namespace modc::sema
