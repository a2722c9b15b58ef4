// The mod dialect: module trees and tensor primitives with symbolic sizes.
#pragma once
#include "dialect/mod/Scalar.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypeInterfaces.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/Error.h"

#include "dialect/mod/ModDialect.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/mod/ModAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/mod/ModTypes.h.inc"

namespace modc::mod {

/// How a primitive takes part in fusion: anchors open groups, the rest joins them.
enum class FusionClass { Elementwise, View, Reduction, Scan, Gather, Matmul, Conv, Window, Attention, Opaque };
llvm::StringRef stringify(FusionClass fusionClass);

/// Parameters and buffers of the running instance, as one resource.
struct StateResource : mlir::SideEffects::Resource::Base<StateResource> {
  llvm::StringRef getName() final { return "mod.state"; }
};

/// What one application of an inference function found out. `emit` is called for each error and must outlive this.
class Inference {
public:
  Inference(mlir::MLIRContext *ctx, llvm::function_ref<mlir::InFlightDiagnostic()> emit) : ctx(ctx), emit(emit) {}

  /// States that two sizes are equal. Proved: nothing is left. Refuted: reports "`what`: a against b" and fails. Open:
  /// remembered in `open`, for the caller to guard.
  mlir::LogicalResult require(DimAttr a, DimAttr b, llvm::StringRef what);
  mlir::LogicalResult fail(const llvm::Twine &text) { return emit() << text; }
  /// Appends a result type, or reports what is wrong with it (no dtype, rank, sizes).
  mlir::LogicalResult give(llvm::SmallVectorImpl<mlir::Type> &results, mlir::Type element, llvm::ArrayRef<DimAttr> dims,
                           LayoutAttr layout = {});

  struct Open {
    DimAttr a, b;
    std::string what;
  };
  mlir::MLIRContext *ctx;
  /// Equalities that only the run can decide.
  llvm::SmallVector<Open> open;

private:
  llvm::function_ref<mlir::InFlightDiagnostic()> emit;
};

/// What is known of `a == b` for all sizes from 1 up (an empty tensor alone makes no program right).
enum class Truth { Proved, Refuted, Open };
Truth compareDims(DimAttr a, DimAttr b);

/// Broadcasts sizes aligned from the right; only a literal 1 is stretched.
mlir::FailureOr<llvm::SmallVector<DimAttr>> broadcastDims(Inference &in,
                                                          llvm::ArrayRef<llvm::ArrayRef<DimAttr>> shapes);

/// Whether `dim` is one of `rank` dimensions. Negative ones never reach the IR: the checker counts them from the end.
mlir::LogicalResult requireDim(Inference &in, int64_t dim, size_t rank);

enum class ResultKind { Same, Bool };
mlir::LogicalResult inferElementwise(Inference &in, llvm::ArrayRef<SymTensorType> operands, ResultKind kind,
                                     llvm::SmallVectorImpl<mlir::Type> &results);

/// Checks an operation's result types against its inference function.
mlir::LogicalResult verifyInferred(mlir::Operation *op);

/// The name that a loop binds for its regions; null for other operations.
mlir::StringAttr boundName(mlir::Operation *op);
/// Whether this attribute may use the names of loops: it is a position or an amount, no size.
bool mayUseIterations(mlir::Operation *op, llvm::StringRef attribute);
/// Every size used in `holder`'s body must be one of `dims` or be made by an operation before; names of loops are used
/// inside them alone, and only where `mayUseIterations` says so.
mlir::LogicalResult verifySizes(mlir::Operation *holder, mlir::Region &body, std::optional<mlir::ArrayAttr> dims);

class Evaluator;

/// "f32", "bool", … of an element type, as the language writes it.
std::string dtypeName(mlir::Type element);
/// The element type of a dtype's name; null when there is none of that name.
mlir::Type dtypeFromName(mlir::MLIRContext *ctx, llvm::StringRef name);

} // namespace modc::mod

#include "dialect/mod/ModInterfaces.h.inc"
#define GET_OP_CLASSES
#include "dialect/mod/ModOps.h.inc"

namespace modc::mod {

/// Builds a primitive whose result types come from its inference function. Open equalities are an error here: callers
/// that may meet them (the checker, pieces with fresh sizes) run `infer` themselves and insert `mod.assume`.
template <typename OpTy>
OpTy createInferred(mlir::OpBuilder &b, mlir::Location loc, mlir::ValueRange operands,
                    llvm::ArrayRef<mlir::NamedAttribute> attrs = {}) {
  mlir::OperationState state(loc, OpTy::getOperationName());
  state.addOperands(operands);
  state.addAttributes(attrs);
  llvm::SmallVector<SymTensorType> types;
  for (mlir::Value v : operands)
    if (auto t = llvm::dyn_cast<SymTensorType>(v.getType()))
      types.push_back(t);
  auto emit = [&] { return mlir::emitError(loc); };
  Inference in(b.getContext(), emit);
  llvm::SmallVector<mlir::Type> results;
  if (failed(OpTy::infer(in, mlir::DictionaryAttr::get(b.getContext(), attrs), types, results)) || !in.open.empty())
    return nullptr;
  state.addTypes(results);
  return llvm::cast<OpTy>(b.create(state));
}

} // namespace modc::mod
