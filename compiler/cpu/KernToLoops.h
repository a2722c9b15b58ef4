// Lowering of kernels to loops: passes `kern-to-loops` and `kern-to-naive`.
#pragma once
#include "compiler/cpu/Target.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include <memory>

namespace modc::cpu {

/// Replaces every `kern.func @k` of the module by two functions in scf, memref, vector, arith and math:
/// - `@k.count(its index arguments) -> index`: the number of chunks, from sizes alone;
/// - `@k.body(its arguments, chunk: index, context: memref<4xi64>)`: one chunk (see Builders.h).
/// `naive`: scalar loops in one chunk throughout. Panels have the target's width either way. Deterministic.
mlir::LogicalResult lowerToLoops(mlir::ModuleOp module, const Target &target, bool naive);

/// Pass `kern-to-loops`, or `kern-to-naive`; the target must outlive it.
std::unique_ptr<mlir::Pass> createKernToLoopsPass(const Target &target, bool naive);
/// Registers `kern-to-loops`, `kern-to-naive` (option `target`), `expand-math` and the pipeline `kern-to-llvm` for
/// drivers.
void registerPasses();

/// On `@k.body`: the argument types of `kern.func` after panels became memrefs, and its `kern.sizes`, for whoever calls
/// it.
inline constexpr llvm::StringLiteral wordsAttrName = "modc.words";
inline constexpr llvm::StringLiteral wordSizesAttrName = "modc.word_sizes";

} // namespace modc::cpu
