// Sizes of the reference interpreter: names bound from the arrays that meet a signature, facts of functions checked,
// and the texts of its errors.
#pragma once
#include "dialect/mod/Evaluator.h"

namespace modc::reference {

/// The error with the module (`where`) and the place in the source put in front.
llvm::Error located(const std::string &where, mlir::Operation *op, llvm::Error error);
/// `f32[2, 3]`, as in messages.
std::string text(const mod::Array &a);

/// Gives size symbols their values from the arrays that meet a signature. Holds pointers to what it is given.
class Binder {
public:
  explicit Binder(mod::Evaluator &ev) : ev(ev) {}

  /// Fails at another dtype or rank.
  llvm::Error add(llvm::StringRef what, mlir::Type type, const mod::Array &have);
  /// Binds what stands alone, then what stands in `a*n + b`, then compares every size.
  llvm::Error finish();

private:
  void bind(mod::DimAttr d, int64_t n, bool alone);
  llvm::Error mismatch(llvm::StringRef what, mod::SymTensorType want, const mod::Array &have);

  struct Seen {
    std::string what;
    mod::SymTensorType want;
    const mod::Array *have;
  };
  mod::Evaluator &ev;
  std::vector<Seen> seen;
};

/// The ranges and guards of a function, under the sizes bound.
llvm::Error checkFacts(mod::FuncOp func, const mod::Evaluator &ev);

} // namespace modc::reference
