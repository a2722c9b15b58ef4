// Binding names of sizes to what a call gives them, replacing them everywhere, inferring result types anew.
#pragma once
#include "dialect/mod/Mod.h"
#include "llvm/ADT/DenseMap.h"

namespace modc {

using SizeMap = llvm::DenseMap<mlir::StringAttr, mod::DimAttr>;

/// Binds the names in `formal` so that it becomes `actual`, as far as one dimension determines one name.
void bindSizes(mlir::TypeRange formal, mlir::TypeRange actual, SizeMap &bound);
/// The size that an `int` argument of a function or program gives (`mod.scalar`); null for tensors.
mlir::StringAttr scalarSize(mlir::BlockArgument arg);
/// The size that a 0-d integer tensor holds, where its operation tells; null otherwise.
mod::DimAttr sizeOf(mlir::Value v);
/// Binds the names that `int` arguments of a function give to the sizes passed for them.
void bindScalars(mlir::Block &formal, mlir::ValueRange actual, SizeMap &bound);
mod::DimAttr replaceSizes(mod::DimAttr d, const SizeMap &bound);
mlir::Type replaceSizes(mlir::Type t, const SizeMap &bound);
mlir::Attribute replaceSizes(mlir::Attribute a, const SizeMap &bound);
/// In an operation's attributes, result types and regions.
void replaceSizes(mlir::Operation *op, const SizeMap &bound);

/// Names used anywhere in a type, attribute or operation (with regions), in order of first use.
using SizeNames = llvm::SetVector<mlir::StringAttr>;
void collectSizes(mlir::Type t, SizeNames &names);
void collectSizes(mlir::Operation *op, SizeNames &names);

/// Result types of a primitive by inference over its operands as they are now. Fails, without a word to the user, when
/// inference fails or leaves an equality open; `open` then has the words of the first.
mlir::LogicalResult inferAgain(mlir::Operation *op, llvm::SmallVectorImpl<mlir::Type> &results,
                               std::string *open = nullptr);

/// Adds what is not there yet and not trivially true.
void addGuards(mod::FuncOp f, llvm::ArrayRef<mod::GuardAttr> guards);
void addRange(mod::FuncOp f, mod::RangeAttr range);
/// Guards for what `mod.assume` states: generated code trusts it.
void guardAssumption(mod::FuncOp f, mod::AssumeOp assume);

} // namespace modc
