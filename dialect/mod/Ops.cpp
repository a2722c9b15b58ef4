// The generated definitions of the dialect, its interfaces and its operations.
#include "dialect/mod/Evaluator.h"
#include "dialect/mod/Mod.h"

using namespace mlir;
using namespace modc::mod;

#include "dialect/mod/ModDialect.cpp.inc"
#include "dialect/mod/ModInterfaces.cpp.inc"
#define GET_OP_CLASSES
#include "dialect/mod/ModOps.cpp.inc"

void ModDialect::initialize() {
  registerAttributesAndTypes();
  addOperations<
#define GET_OP_LIST
#include "dialect/mod/ModOps.cpp.inc"
      >();
}
