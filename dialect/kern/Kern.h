// The `kern` dialect: kernel operations over memrefs. What each operation means is said in KernOps.td.
#pragma once
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/kern/KernDialect.h.inc"
#include "dialect/kern/KernEnums.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/kern/KernTypes.h.inc"
#define GET_OP_CLASSES
#include "dialect/kern/KernOps.h.inc"

namespace modc::kern {
/// Argument attribute of `kern.func`: positions of the `index` arguments that hold the `?` of a memref's shape, then of
/// its strides.
inline constexpr llvm::StringLiteral sizesAttrName = "kern.sizes";
} // namespace modc::kern
