// Shows diagnostics to people (source lines with carets) and to tools (JSON).
#pragma once

#include "compiler/syntax/Diagnostics.h"

namespace llvm {
class raw_ostream;
}

namespace modc {

/// One diagnostic in the manner of rustc; colours as ANSI escapes if `colour`.
void render(const Diagnostic &diagnostic, const SourceManager &sources, llvm::raw_ostream &os, bool colour = false);
/// All of them, and a last line with the number of errors and warnings (if there are any).
void renderAll(const DiagnosticEngine &diags, const SourceManager &sources, llvm::raw_ostream &os, bool colour = false);
/// A JSON array of all diagnostics, one object each; lines and columns one-based, columns in characters.
void renderJson(const DiagnosticEngine &diags, const SourceManager &sources, llvm::raw_ostream &os);
/// The text of `modc --explain CODE`: what the code means, with a wrong and a right program.
void explain(const DiagInfo &info, llvm::raw_ostream &os);
/// Every code with its message, a line each.
void explainAll(llvm::raw_ostream &os);

} // namespace modc
