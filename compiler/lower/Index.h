// Symbolic indices: sums of sizes times loop variables, carried through views so that a merge undone by a split costs
// nothing.
#pragma once
#include "dialect/mod/Mod.h"
#include <map>
#include <memory>
#include <string>

namespace modc::lower {

struct Atom;

/// `constant + sum of coefficient * atom`, in normal form: no coefficient is 0, terms in order of their atoms.
struct Expr {
  mod::DimAttr constant;
  llvm::SmallVector<std::pair<const Atom *, mod::DimAttr>, 2> terms;

  bool isZero() const { return terms.empty() && constant.getConstant() == 0; }
  /// The atom, if this is one atom and nothing else.
  const Atom *getAtom() const;
  /// The factor of an atom; 0 where it does not occur.
  mod::DimAttr coefficient(const Atom *atom) const;
  /// Equal keys mean equal expressions.
  std::string key() const;
  bool operator==(const Expr &other) const { return key() == other.key(); }
};
using Indices = llvm::SmallVector<Expr, 4>;
std::string keyOf(llvm::ArrayRef<Expr> indices);

/// What an index is made of. Owned by an `IndexSpace` and unique there, so that equality is equality of pointers.
struct Atom {
  enum class Kind {
    Outer,   ///< variable of a loop that everything in the kernel operation is inside of
    Inner,   ///< variable of a reduction, or of the elements of a row
    Quot,    ///< of is / divisor
    Rem,     ///< of is % divisor
    Opaque,  ///< value of `of`, known to be below `extent`
    Computed ///< integer element of `tensor` at `at`, checked to be below `extent`
  };
  Kind kind;
  unsigned id;
  mod::DimAttr extent; ///< the values are 0, ..., extent - 1
  Expr of;
  mod::DimAttr divisor;
  mlir::Value tensor;
  Indices at;
};

/// A loop variable that would be better as two: `atom = divisor * quotient + remainder`.
struct Split {
  const Atom *atom;
  mod::DimAttr divisor;
};

/// Makes atoms and expressions of one kernel operation. Not shared by threads.
class IndexSpace {
public:
  explicit IndexSpace(mlir::MLIRContext *ctx) : ctx(ctx) {}

  mod::DimAttr dim(int64_t value) const { return mod::DimAttr::constant(ctx, value); }
  const Atom *outer(unsigned position, mod::DimAttr extent);
  /// Variables of reductions inside each other differ in depth; those of one depth and position are the same atom in
  /// every reduction.
  const Atom *inner(unsigned depth, unsigned position, mod::DimAttr extent);
  const Atom *computed(mlir::Value tensor, llvm::ArrayRef<Expr> at, mod::DimAttr extent);

  Expr constant(mod::DimAttr value) const { return {value, {}}; }
  Expr zero() const { return constant(dim(0)); }
  Expr of(const Atom *atom) const { return {dim(0), {{atom, dim(1)}}}; }
  Expr add(const Expr &a, const Expr &b) const;
  Expr scale(const Expr &a, mod::DimAttr factor) const;
  Expr offset(const Expr &a, mod::DimAttr by) const { return add(a, constant(by)); }

  /// Row-major number of the element at `indices` of a tensor of these sizes.
  Expr linearise(llvm::ArrayRef<Expr> indices, llvm::ArrayRef<mod::DimAttr> dims);
  /// Indices into a tensor of sizes `to` of the element at `indices` of a tensor of sizes `from`, both of as many
  /// elements.
  Indices reshape(llvm::ArrayRef<Expr> indices, llvm::ArrayRef<mod::DimAttr> from, llvm::ArrayRef<mod::DimAttr> to);

  /// Quotient, below `extent`, and remainder of an expression that is never negative.
  std::pair<Expr, Expr> divided(const Expr &e, mod::DimAttr divisor, mod::DimAttr extent);

  /// The first outer variable found that a reshape had to divide although its extent is divisible.
  std::optional<Split> wish;

private:
  const Atom *intern(std::string key, Atom atom);
  Expr normal(Expr e) const;
  Indices delinearise(Expr linear, llvm::ArrayRef<mod::DimAttr> dims);
  std::pair<Expr, Expr> divide(const Expr &e, mod::DimAttr divisor, mod::DimAttr quotientExtent);
  /// The expression itself where it is plainly within [0, extent), else an opaque atom for it.
  Expr bounded(const Expr &e, mod::DimAttr extent);
  bool within(const Expr &e, mod::DimAttr extent) const;

  mlir::MLIRContext *ctx;
  std::map<std::string, std::unique_ptr<Atom>> atoms;
};

/// How many divisions and remainders an expression needs.
unsigned countDivisions(const Expr &e);
/// True where every variable in it, inside divisions and computed indices too, satisfies `allowed`.
bool usesOnly(const Expr &e, llvm::function_ref<bool(const Atom *)> allowed);
/// Calls `fn` for the loop variables in an expression, inside divisions and computed indices too.
void walkVariables(const Expr &e, llvm::function_ref<void(const Atom *)> fn);

} // namespace modc::lower
