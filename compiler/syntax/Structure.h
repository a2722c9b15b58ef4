// A tree as nested lists with every field of every node: two trees are the same if their structures are. Printing and
// parsing again proves nothing by itself: a printer that loses parentheses reproduces its own mistake.
#pragma once

#include "compiler/syntax/AST.h"

namespace modc {

/// Everything that the tree says, documentation and spelled numbers included; no places.
std::string structure(const ast::Tree &tree);

} // namespace modc
