// Every code of diagnostics.def with a program that has the mistake and one that does it right, for `modc --explain`
// and for the tests, which compile them all: the wrong one gives that code and no other, the right one none.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace modc {

struct Example {
  llvm::StringRef code;
  /// A whole program; empty where no text of a program can show it (a file that cannot be read).
  llvm::StringRef wrong;
  llvm::StringRef right;
};

/// In the order of the codes.
llvm::ArrayRef<Example> allExamples();
/// Null for codes without one.
const Example *findExample(llvm::StringRef code);

} // namespace modc
