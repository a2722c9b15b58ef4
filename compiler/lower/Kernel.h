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
  /// Kernels that run in order along a dimension (LowerScans.cpp): true where an output is one's result, under another
  /// shape or not; such outputs are done.
  bool lowerCumsum(mod::CumsumOp op);
  bool lowerAddition(mlir::Value x, mlir::Value index, mlir::Value v, mlir::Value y, size_t dim, bool scatters);
  bool lowerSort(mod::SortOp op);
  /// Whether an output is that result, but for views that keep every element.
  static bool isReached(mlir::Value result, mlir::Value output);
  /// Calls `emit` for the outputs of a result, with where the result's element `at` lies in them.
  bool forOutputs(mlir::Value result, llvm::ArrayRef<Expr> at,
                  llvm::function_ref<void(Output &, llvm::ArrayRef<Expr>)> emit);
  /// Everything else (LowerRows.cpp), and what an anchor left over.
  mlir::LogicalResult lowerRest();

  mlir::Operation *source;
  kern::FuncOp func;
  llvm::SmallVector<Output> outputs;
  IndexSpace &space;
  Emitter &e;
};

/// True for operations that are kernels of their own: no element can be made alone.
bool isInOrder(mlir::Operation *op);
/// Whether a value is computed from a packed operand by anything but the product `except`.
bool readsPanels(mlir::Value value, mlir::Operation *except = nullptr);

} // namespace modc::lower
