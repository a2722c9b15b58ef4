// Diagnostics as data: what is wrong, where, what was expected, and how to mend it. Rendering is elsewhere (Render.h).
//
// Every message has an entry in diagnostics.def (code, name, severity, typed arguments, format, explanation). Use:
//
//   diags.report(diag::unknownName, expr->range, name)
//       .label("not found in this scope")
//       .also(other, "`bias` was declared here")
//       .expect("f32[784]", "f32[C]")
//       .suggest("did you mean `bias`?", expr->range, "bias");
#pragma once

#include "compiler/syntax/Source.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include <array>
#include <deque>
#include <set>
#include <tuple>
#include <type_traits>

namespace modc {

enum class Severity { error, warning };

/// Codes: E01xx lexer and parser, E02xx names, E03xx types and shapes, E04xx elaboration, E05xx module rules, E06xx
/// exports and entry, E09xx not supported yet, W likewise.
enum class DiagId : uint16_t {
#define DIAG(CODE, NAME, SEVERITY, ARGS, FORMAT, EXPLANATION) CODE,
#include "compiler/syntax/diagnostics.def"
};

/// The registry's entry of a code.
struct DiagInfo {
  DiagId id;
  llvm::StringRef code;
  llvm::StringRef name;
  Severity severity;
  llvm::StringRef format;
  llvm::StringRef explanation;
};

llvm::ArrayRef<DiagInfo> allDiagnostics();
const DiagInfo &info(DiagId id);
/// The entry of "E0101" (any case), or null.
const DiagInfo *findDiagnostic(llvm::StringRef code);

/// A code together with the types of its arguments, so that a report with the wrong ones does not compile.
template <typename... Args> struct DiagKind {
  DiagId id;
};

namespace diag {
using llvm::StringRef;
#define DIAG_ARGS(...) <__VA_ARGS__>
#define DIAG(CODE, NAME, SEVERITY, ARGS, FORMAT, EXPLANATION) inline constexpr DiagKind ARGS NAME{DiagId::CODE};
#include "compiler/syntax/diagnostics.def"
#undef DIAG_ARGS
} // namespace diag

/// A place with a text. Without a place (`range.valid()` is false) it is a plain remark.
struct Label {
  SourceRange range;
  std::string text;
};

/// How to mend it, in words, and (if `fix` is set) as an edit: `range` replaced by `replacement`.
struct Suggestion {
  std::string text;
  bool fix = false;
  SourceRange range;
  std::string replacement;
};

struct Diagnostic {
  DiagId id{};
  Severity severity = Severity::error;
  SourceRange range;
  std::string message;
  std::vector<std::string> args;
  /// Short text under the primary range.
  std::string primary;
  /// Other places, shown with the primary one when they are in the same file.
  std::vector<Label> labels;
  /// Remarks after the source text, each with its own place if it has one ("in `MLP`, made here").
  std::vector<Label> notes;
  std::string expected;
  std::string actual;
  std::vector<Suggestion> suggestions;

  Diagnostic &label(std::string text);
  Diagnostic &also(SourceRange place, std::string text);
  Diagnostic &note(std::string text);
  Diagnostic &note(SourceRange place, std::string text);
  Diagnostic &expect(std::string expectedText, std::string actualText);
  Diagnostic &suggest(std::string text);
  Diagnostic &suggest(std::string text, SourceRange place, std::string replacement);
};

/// `format` with `{0}`, `{1}` replaced by the arguments; `{0:s}` is "s" unless argument 0 is "1".
std::string formatMessage(llvm::StringRef format, llvm::ArrayRef<std::string> args);

/// What becomes of warnings: shown, dropped (`--no-warnings`), or counted as errors (`-Werror`).
enum class Warnings { show, hide, error };

/// Collects the diagnostics of a run. A code is kept once for each place, as a class elaborated many times or a loop
/// would otherwise repeat it. After `limit` errors the rest is only counted. Not thread safe.
class DiagnosticEngine {
public:
  explicit DiagnosticEngine(unsigned limit = 50, Warnings warningsAs = Warnings::show)
      : limit(limit), warningsAs(warningsAs) {}

  /// Adds a diagnostic; the reference stays valid as long as the engine, for the chained calls above.
  template <typename... Args>
  Diagnostic &report(DiagKind<Args...> kind, SourceRange range, std::type_identity_t<Args>... args) {
    return add(kind.id, range, {toText(args)...});
  }

  llvm::ArrayRef<const Diagnostic *> diagnostics() const { return order; }
  bool hasErrors() const { return errors != 0; }
  unsigned numErrors() const { return errors; }
  unsigned numWarnings() const { return warnings; }
  /// Errors beyond the limit, counted and dropped.
  unsigned numDropped() const { return dropped; }
  /// So many were dropped that looking for more is a waste: the text is no program.
  bool overflowed() const { return dropped > 1000; }

private:
  /// Cut where a hostile file has names of megabytes.
  static std::string toText(llvm::StringRef text);
  static std::string toText(int64_t number) { return std::to_string(number); }
  Diagnostic &add(DiagId id, SourceRange range, std::vector<std::string> args);

  unsigned limit;
  Warnings warningsAs;
  unsigned errors = 0, warnings = 0, dropped = 0;
  std::deque<Diagnostic> storage;
  /// Takes the chained calls of a report that is not kept.
  Diagnostic ignored;
  std::vector<const Diagnostic *> order;
  std::set<std::tuple<DiagId, FileId, uint32_t, uint32_t, std::string>> seen;
};

/// The candidate nearest to `word` by edit distance (a swap of neighbours counts once, case half), or empty if none is
/// near enough to be a likely slip. Ties go to the first.
llvm::StringRef nearest(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> candidates);

/// Appends "did you mean `x`?" with the edit when some candidate is near.
Diagnostic &didYouMean(Diagnostic &diagnostic, SourceRange place, llvm::StringRef word,
                       llvm::ArrayRef<llvm::StringRef> candidates);

} // namespace modc
