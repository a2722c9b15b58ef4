// The one layout of a source file: what `modc fmt` writes. It changes blanks, line ends, and nothing else, but for
// parentheses round a long value that has no brackets to go on in; the tree stays the same.
//
// Four spaces a level; at most 120 columns, with lines going on under their bracket; where a bracket ends its line, the
// rows of its items stay as they are, each a level further in; one space round operators and after commas; at most one
// blank line, exactly one round functions and modules; comments stay where they are, before their statement or two
// spaces behind it.
#pragma once

#include "compiler/syntax/AST.h"

namespace modc {

class SourceManager;

/// The text of a file in the layout; formatting it again gives the same. The tree is that of the file and has no
/// errors.
std::string format(const ast::Tree &tree, const SourceManager &sources);

} // namespace modc
