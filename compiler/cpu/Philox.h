// Random numbers of the language as arithmetic, on scalars and vectors.
#pragma once
#include "mlir/IR/Builders.h"

namespace modc::cpu {

/// Element(s) `element` (index) of the stream of a key (i64) and a call (i64): uniform in [0, 1), of type `result`.
mlir::Value emitRandom(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value key, mlir::Value call,
                       mlir::Value element, mlir::Type result);

} // namespace modc::cpu
