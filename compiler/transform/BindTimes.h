// When a value is known: at compile time, when weights are loaded, or at each call.
#pragma once
#include "dialect/mod/Mod.h"

namespace modc {

enum class BindTime { Const, Load, Call };

/// Times of one function's values, after thread-state. Inputs, written state, keys and everything with a symbolic size
/// are known at the call.
class BindTimes {
public:
  explicit BindTimes(mod::FuncOp f) : f(f) {}
  BindTime of(mlir::Value v);

private:
  mod::FuncOp f;
  llvm::DenseMap<mlir::Value, BindTime> times;
};

} // namespace modc
