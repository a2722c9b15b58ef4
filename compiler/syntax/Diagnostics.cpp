// The registry of messages, the engine that collects them, and the search for the nearest name.
#include "compiler/syntax/Diagnostics.h"

#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using llvm::ArrayRef;
using llvm::StringRef;

namespace modc {

static constexpr DiagInfo registry[] = {
#define DIAG(CODE, NAME, SEVERITY, ARGS, FORMAT, EXPLANATION)                                                          \
  {DiagId::CODE, #CODE, #NAME, Severity::SEVERITY, FORMAT, EXPLANATION},
#include "compiler/syntax/diagnostics.def"
};

ArrayRef<DiagInfo> allDiagnostics() { return registry; }

const DiagInfo &info(DiagId id) { return registry[static_cast<size_t>(id)]; }

const DiagInfo *findDiagnostic(StringRef code) {
  for (const DiagInfo &entry : registry)
    if (entry.code.equals_insensitive(code))
      return &entry;
  return nullptr;
}

Diagnostic &Diagnostic::label(std::string text) {
  primary = std::move(text);
  return *this;
}

Diagnostic &Diagnostic::also(SourceRange place, std::string text) {
  labels.push_back({place, std::move(text)});
  return *this;
}

Diagnostic &Diagnostic::note(std::string text) {
  notes.push_back({{}, std::move(text)});
  return *this;
}

Diagnostic &Diagnostic::note(SourceRange place, std::string text) {
  notes.push_back({place, std::move(text)});
  return *this;
}

Diagnostic &Diagnostic::expect(std::string expectedText, std::string actualText) {
  expected = std::move(expectedText);
  actual = std::move(actualText);
  return *this;
}

Diagnostic &Diagnostic::suggest(std::string text) {
  suggestions.push_back({std::move(text), false, {}, {}});
  return *this;
}

Diagnostic &Diagnostic::suggest(std::string text, SourceRange place, std::string replacement) {
  suggestions.push_back({std::move(text), true, place, std::move(replacement)});
  return *this;
}

std::string formatMessage(StringRef format, ArrayRef<std::string> args) {
  std::string out;
  while (!format.empty()) {
    auto [before, rest] = format.split('{');
    out += before;
    if (rest.data() == nullptr || before.size() == format.size())
      break;
    auto [spec, after] = rest.split('}');
    unsigned index = 0;
    StringRef number = spec.split(':').first;
    bool isArgument = !number.getAsInteger(10, index) && index < args.size();
    assert(isArgument && "the format names an argument that the entry does not have");
    if (isArgument)
      out += spec.ends_with(":s") ? (args[index] == "1" ? "" : "s") : args[index];
    format = after;
  }
  return out;
}

std::string DiagnosticEngine::toText(StringRef text) {
  constexpr size_t longest = 300;
  if (text.size() <= longest)
    return text.str();
  size_t end = longest;
  // Not within a character of several bytes.
  while (end > 0 && (text[end] & 0xC0) == 0x80)
    --end;
  return text.take_front(end).str() + "...";
}

Diagnostic &DiagnosticEngine::add(DiagId id, SourceRange range, std::vector<std::string> args) {
  const DiagInfo &entry = info(id);
  bool isError = entry.severity == Severity::error || warningsAs == Warnings::error;
  if (!isError && warningsAs == Warnings::hide)
    return ignored = Diagnostic();
  if (isError ? errors >= limit : warnings >= limit) {
    ++(isError ? errors : warnings);
    dropped += isError;
    return ignored = Diagnostic();
  }
  Diagnostic made;
  made.id = id;
  made.severity = isError ? Severity::error : Severity::warning;
  made.range = range;
  made.message = formatMessage(entry.format, args);
  made.args = std::move(args);

  // Without a place only the text tells two reports apart.
  std::string text = range.valid() ? std::string() : made.message;
  if (!seen.insert({id, range.file, range.begin, range.end, std::move(text)}).second)
    return ignored = std::move(made);
  ++(isError ? errors : warnings);
  storage.push_back(std::move(made));
  order.push_back(&storage.back());
  return storage.back();
}

/// Edit distance in halves: a change of case costs one half, all else (and a swap of neighbours) a whole.
static unsigned editDistance(StringRef a, StringRef b) {
  std::vector<unsigned> before, last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    last[j] = static_cast<unsigned>(2 * j);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<unsigned>(2 * i);
    for (size_t j = 1; j <= b.size(); ++j) {
      char x = a[i - 1], y = b[j - 1];
      unsigned change = x == y ? 0 : llvm::toLower(x) == llvm::toLower(y) ? 1 : 2;
      row[j] = std::min({last[j - 1] + change, last[j] + 2, row[j - 1] + 2});
      if (i > 1 && j > 1 && x == b[j - 2] && y == a[i - 2])
        row[j] = std::min(row[j], before[j - 2] + 2);
    }
    before = last;
    std::swap(last, row);
  }
  return last[b.size()];
}

StringRef nearest(StringRef word, ArrayRef<StringRef> candidates) {
  // A third of the letters may be wrong, at least one, so that `ls` does not suggest `fc`. Very long words are not
  // worth the time.
  if (word.empty() || word.size() > 100)
    return {};
  auto limit = static_cast<unsigned>(2 * std::max<size_t>(1, (word.size() + 1) / 3));
  StringRef best;
  for (StringRef candidate : candidates) {
    if (candidate == word || candidate.size() > word.size() + limit || word.size() > candidate.size() + limit)
      continue;
    unsigned distance = editDistance(word, candidate);
    bool shares = distance < 2 * std::max(word.size(), candidate.size());
    if (shares && (distance < limit || (distance == limit && best.empty()))) {
      best = candidate;
      limit = distance;
    }
  }
  return best;
}

Diagnostic &didYouMean(Diagnostic &diagnostic, SourceRange place, StringRef word, ArrayRef<StringRef> candidates) {
  StringRef best = nearest(word, candidates);
  if (!best.empty())
    diagnostic.suggest("did you mean `" + best.str() + "`?", place, best.str());
  return diagnostic;
}

} // namespace modc
