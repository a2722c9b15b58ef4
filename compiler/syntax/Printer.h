// Prints a tree as text of the language again, in one canonical layout: parsing it gives the same tree.
#pragma once

#include "compiler/syntax/AST.h"

namespace llvm {
class raw_ostream;
}

namespace modc {

void print(const ast::Tree &tree, llvm::raw_ostream &os);
void print(const ast::Stmt &stmt, llvm::raw_ostream &os, unsigned indent = 0);
std::string toString(const ast::Expr &expr);
std::string toString(const ast::Type &type);
/// `forward(x: f32[N, 3]) -> f32[N]`, as in messages.
std::string signature(const ast::FunctionDecl &function);

} // namespace modc
