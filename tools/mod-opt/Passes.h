// Everything that mod-opt can run or parse: dialects of ours and upstream's, passes by folder.
#pragma once
#include "mlir/IR/DialectRegistry.h"

namespace modc {
void registerModOptDialects(mlir::DialectRegistry &registry);
void registerModOptPasses();
} // namespace modc
