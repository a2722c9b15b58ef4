// Scalar code for single elements of a kernel's values: the heart of lower-groups.
#pragma once
#include "compiler/lower/Access.h"
#include "dialect/kern/Kern.h"
#include "llvm/ADT/DenseMap.h"

namespace modc::lower {

/// The type that elements have in memory: bool and u8 as i8, all others as they are.
mlir::Type storageType(mlir::Type element);
/// The type that elements are computed in: f32 for bf16 and f16, i32 for u8 (kept in 0..255), i1 for bool.
mlir::Type computeType(mlir::Type element);

/// What a sum, product or maximum of nothing is.
mlir::Value identity(mlir::OpBuilder &b, mlir::Location loc, kern::Reduction kind, mlir::Type type);

/// Writes the body of one `kern.func`. Kernel operations are made one after another at the end of the function; sizes
/// and views are made once, before all of them.
class Emitter {
public:
  /// `arguments` maps the values that come from outside (block arguments of the kernel) to arguments of the function,
  /// tensors to flat memrefs.
  Emitter(kern::FuncOp func, IndexSpace &space, llvm::DenseMap<mlir::Value, mlir::Value> arguments,
          std::map<std::string, mlir::Value> sizes);

  /// A size as an index, computed at the function's entry.
  mlir::Value dim(mod::DimAttr d);
  /// The value of an index expression, here.
  mlir::Value index(const Expr &e);
  /// The element of a tensor, in its compute type.
  mlir::Value at(mlir::Value tensor, llvm::ArrayRef<Expr> indices);
  /// Stores an element given in its compute type.
  void store(mlir::Value flat, mod::SymTensorType type, llvm::ArrayRef<Expr> indices, mlir::Value element);
  mlir::Value load(mlir::Value flat, mod::SymTensorType type, llvm::ArrayRef<Expr> indices);
  /// A memref over a flat one with these sizes and strides, at an offset; null strides: contiguous.
  mlir::Value view(mlir::Value flat, llvm::ArrayRef<mod::DimAttr> dims, llvm::ArrayRef<mod::DimAttr> strides = {},
                   mod::DimAttr offset = {});

  /// Runs `body` with variables bound to values, and forgets them and all that was computed from them after it.
  void inScope(llvm::ArrayRef<std::pair<const Atom *, mlir::Value>> bindings, llvm::function_ref<void()> body);
  /// Joins `element()`, values of type `type`, over inner variables of the present depth. Positions are i64.
  mlir::Value reduce(kern::Reduction kind, mlir::Type type, llvm::ArrayRef<mod::DimAttr> dims,
                     llvm::function_ref<mlir::Value()> element);
  /// Emits what is fixed for a row, and remembers it in the present scope.
  void emitRequest(const Request &request) {
    if (request.value)
      at(request.value, request.at);
    else
      index(request.at[0]);
  }
  /// Ends the function: drops what nothing uses and gives arguments the types they are used with.
  void finish();

  mlir::Value argument(mlir::Value outside) const { return arguments.lookup(outside); }

  mlir::OpBuilder b;
  IndexSpace &space;
  kern::FuncOp func;
  /// A value that is known already (an accumulator, a stored row), or null; asked before anything is computed.
  std::function<mlir::Value(mlir::Value tensor, llvm::ArrayRef<Expr> indices)> known;
  /// Told of every element that was computed, right after it.
  std::function<void(mlir::Value tensor, llvm::ArrayRef<Expr> indices, mlir::Value element)> computed;
  /// Where set, an index that is always 0, because its dimension is 1, but by which vector code tells its lanes: stores
  /// take it in.
  mlir::Value lane;
  /// Depth of the next reduction's variables.
  unsigned depth = 0;
  /// Directly in the body of a map, of rows or of a row's elements, where a reduction may be `kern.reduce`; elsewhere
  /// it is a loop.
  bool inSpace = false;

private:
  mlir::Value compute(mlir::Operation *op, llvm::ArrayRef<Expr> at);
  mlir::Value elementwise(mlir::Operation *op, llvm::ArrayRef<Indices> operands);
  mlir::Value convert(mlir::Location loc, mlir::Value x, mlir::Type from, mlir::Type to);
  mlir::Value saturate(mlir::Location loc, mlir::Value x, mlir::IntegerType to);
  mlir::Value number(mlir::Location loc, mlir::Value index, mlir::Type element);
  mlir::Value reduction(mlir::Operation *op, const Indices &operand);
  mlir::Value window(mod::ReduceWindowOp op, const Indices &operand);
  mlir::Value matmul(mod::MatmulOp op, llvm::ArrayRef<Indices> operands);
  mlir::Value attention(mod::AttentionOp op, llvm::ArrayRef<Expr> at, llvm::ArrayRef<Indices> operands);
  mlir::Value convolution(mlir::Operation *op, llvm::ArrayRef<Expr> at, llvm::ArrayRef<Indices> operands);
  mlir::Value cat(mod::CatOp op, llvm::ArrayRef<Indices> operands);
  mlir::Value choose(mlir::Location loc, mlir::Value condition, mlir::Type type, llvm::function_ref<mlir::Value()> yes,
                     llvm::function_ref<mlir::Value()> no);
  mlir::Value isInside(mlir::Location loc, const Expr &e, mod::DimAttr size);
  mlir::Value atom(const Atom *atom);
  mlir::Value random(mlir::Location loc, mlir::Value key, const Expr &element, mlir::Type dtype);
  mlir::Value lookup(const std::string &key) const;

  mlir::Location loc;
  mlir::OpBuilder entry;
  mlir::Operation *marker;
  llvm::DenseMap<mlir::Value, mlir::Value> arguments;
  std::map<std::string, mlir::Value> sizes, dims, views;
  llvm::DenseMap<const Atom *, mlir::Value> bound;
  std::vector<std::map<std::string, mlir::Value>> scopes;
};

} // namespace modc::lower
