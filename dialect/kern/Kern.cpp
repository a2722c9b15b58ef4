// Registration of the `kern` dialect and its panels type.
#include "dialect/kern/Kern.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace modc::kern;

#include "dialect/kern/KernDialect.cpp.inc"
#include "dialect/kern/KernEnums.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/kern/KernTypes.cpp.inc"

void KernDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialect/kern/KernTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/kern/KernOps.cpp.inc"
      >();
}

// `<256x784xf32>`; either size may be `?`.
Type PanelsType::parse(AsmParser &parser) {
  SmallVector<int64_t, 2> sizes;
  Type element;
  if (parser.parseLess())
    return {};
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseDimensionList(sizes) || parser.parseType(element) || parser.parseGreater())
    return {};
  if (sizes.size() != 2 || !(element.isInteger() || isa<FloatType>(element))) {
    parser.emitError(loc, "expected columns x summands x number type, as in !kern.panels<256x784xf32>");
    return {};
  }
  return PanelsType::get(parser.getContext(), sizes[0], sizes[1], element);
}

void PanelsType::print(AsmPrinter &printer) const {
  printer << '<';
  for (int64_t size : {getCols(), getInner()}) {
    if (ShapedType::isDynamic(size))
      printer << '?';
    else
      printer << size;
    printer << 'x';
  }
  printer << getElementType() << '>';
}
