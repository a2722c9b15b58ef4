// Names that an artifact has in C and C++.
#pragma once
#include "llvm/ADT/StringRef.h"
#include <string>

namespace modc::artifact {

/// The name with everything that cannot be in an identifier replaced by `_`.
std::string identifier(llvm::StringRef name);
/// The symbol of an artifact for static linking.
std::string staticSymbol(llvm::StringRef name);

} // namespace modc::artifact
