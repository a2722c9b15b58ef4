// One kernel on its way from primitives to `kern` operations.
#pragma once
#include "compiler/lower/Emitter.h"

namespace modc::lower {

/// A value that a kernel yields, and the memref or panels it goes to.
struct Output {
  mlir::Value value;
  mlir::Value target;
  bool done = false;
};

class Kernel {
public:
  Kernel(mlir::Operation *source, kern::FuncOp func, llvm::SmallVector<Output> outputs, IndexSpace &space,
         Emitter &emitter)
      : source(source), func(func), outputs(std::move(outputs)), space(space), e(emitter) {}

  mlir::LogicalResult lower();

private:
  /// Products and attention (LowerProducts.cpp): true where an anchor was found that a kernel operation can do; its
  /// outputs are done.
  bool lowerMatmul(mod::MatmulOp op);
  bool lowerAttention(mod::AttentionOp op);
  /// The same for convolutions (LowerConv.cpp).
  bool lowerConv(mod::ConvOp op);
  mlir::LogicalResult lowerPack(Output &output);
  /// Everything else (LowerRows.cpp), and what an anchor left over.
  mlir::LogicalResult lowerRest();

  mlir::Operation *source;
  kern::FuncOp func;
  llvm::SmallVector<Output> outputs;
  IndexSpace &space;
  Emitter &e;
};

/// Whether a value is computed from a packed operand by anything but the product `except`.
bool readsPanels(mlir::Value value, mlir::Operation *except = nullptr);

} // namespace modc::lower
