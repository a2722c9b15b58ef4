// Random numbers of the language as arithmetic, on scalars and vectors.
#pragma once
#include "mlir/IR/Builders.h"

namespace modc::cpu {

/// Element(s) `element` (index) of the stream of a key (i64) and a call (i64): uniform in [0, 1), of type `result`.
mlir::Value emitRandom(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value key, mlir::Value call,
                       mlir::Value element, mlir::Type result);

/// The same for `lanes` (a multiple of 4) elements from `first` (a scalar index) on, as a vector: a block of four
/// numbers is computed once. `aligned`: `first` is known to be a multiple of 4.
mlir::Value emitRandomSpan(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value key, mlir::Value call,
                           mlir::Value first, bool aligned, int64_t lanes, mlir::Type result);

} // namespace modc::cpu
