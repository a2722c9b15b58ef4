// From text to tree. Errors go to the engine; the parser recovers at the next statement and reports several in one run.
#pragma once

#include "compiler/syntax/AST.h"
#include "compiler/syntax/Diagnostics.h"

namespace modc {

/// Parses a file that the manager holds. Always returns a tree; `hasErrors` says whether it is whole.
ast::Tree parse(FileId file, const SourceManager &sources, DiagnosticEngine &diags);

/// Loads and parses; reports why a file cannot be read at `from` (the import that asked for it), or without a place.
/// Empty if it could not be read.
std::optional<ast::Tree> loadAndParse(llvm::StringRef path, SourceRange from, SourceManager &sources,
                                      DiagnosticEngine &diags);

/// A single expression, type or parameter list, as options of the command line hold them (added by SourceManager::add).
/// Null after an error. The nodes live in `arena`.
const ast::Expr *parseExpression(FileId file, const SourceManager &sources, DiagnosticEngine &diags,
                                 llvm::BumpPtrAllocator &arena);
const ast::Type *parseType(FileId file, const SourceManager &sources, DiagnosticEngine &diags,
                           llvm::BumpPtrAllocator &arena);

} // namespace modc
