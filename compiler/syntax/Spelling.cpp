// How operators are written.
#include "compiler/syntax/AST.h"

namespace modc::ast {

StringRef spelling(UnaryOp op) {
  static constexpr StringRef names[] = {"-", "+", "~", "not"};
  return names[static_cast<unsigned>(op)];
}

StringRef spelling(BinaryOp op) {
  static constexpr StringRef names[] = {"|", "&", "+", "-", "*", "/", "//", "%", "@", "**"};
  return names[static_cast<unsigned>(op)];
}

StringRef spelling(CompareOp op) {
  static constexpr StringRef names[] = {"==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"};
  return names[static_cast<unsigned>(op)];
}

StringRef spelling(LogicOp op) { return op == LogicOp::logicalAnd ? "and" : "or"; }

} // namespace modc::ast
