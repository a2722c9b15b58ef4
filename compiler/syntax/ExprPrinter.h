// Prints expressions and types, with parentheses where the grammar needs them and nowhere else. Inside of Printer.cpp.
#pragma once

#include "compiler/syntax/AST.h"
#include "llvm/Support/raw_ostream.h"

namespace modc {

class ExprPrinter {
public:
  /// The rules of the grammar for expressions, loosest first. Binary operators take four levels from `bitOr` on.
  enum Level {
    atExpr,
    atOr,
    atAnd,
    atNot,
    atCompare,
    atBitOr,
    atBitAnd,
    atSum,
    atProduct,
    atUnary,
    atPower,
    atPostfix
  };

  explicit ExprPrinter(llvm::raw_ostream &os) : os(os) {}

  /// In parentheses if its own level is looser than `level`.
  void expr(const ast::Expr *node, Level level = atExpr);
  /// Where the grammar says `exprs` or `targets`: a tuple without parentheses.
  void exprs(const ast::Expr *node);
  void args(llvm::ArrayRef<ast::Argument> args);
  void type(const ast::Type *node);
  void dotted(llvm::ArrayRef<ast::Identifier> path);
  void params(llvm::ArrayRef<ast::Param> params);

private:
  void items(llvm::ArrayRef<const ast::Expr *> list, bool comma);
  void fields(llvm::ArrayRef<ast::TypeField> fields);
  void clauses(const ast::CompExpr &comp);
  template <typename Body> void quoted(Body body);
  void text(llvm::StringRef text);
  void string(const ast::StringExpr &string);
  void base(const ast::Expr *node);
  void bare(const ast::Expr &node);
  void slice(const ast::SliceExpr &slice);

  llvm::raw_ostream &os;
  bool inString = false;
};

} // namespace modc
