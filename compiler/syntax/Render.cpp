// Text and JSON of diagnostics.
#include "compiler/syntax/Render.h"

#include "compiler/syntax/Examples.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Unicode.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <map>

using llvm::raw_ostream;
using llvm::StringRef;

namespace modc {
namespace {

constexpr unsigned tabWidth = 4;
/// Bytes of a line beyond which only a part is shown.
constexpr size_t longLine = 400;

/// Text as a terminal may show it: tabs as spaces, control characters and broken UTF-8 as marks, so that no file and no
/// file name can move the cursor. `columnOf[i]` is where the i-th byte stands on the screen.
struct Shown {
  std::string text;
  std::vector<unsigned> columnOf;
};

Shown show(StringRef line, bool keepNewlines = false) {
  Shown out;
  unsigned column = 0;
  for (size_t i = 0; i < line.size();) {
    auto first = static_cast<unsigned char>(line[i]);
    size_t length = std::min<size_t>(llvm::getNumBytesForUTF8(first), line.size() - i);
    StringRef character = line.substr(i, length);
    int width = llvm::sys::unicode::columnWidthUTF8(character);
    out.columnOf.insert(out.columnOf.end(), length, column);
    if (first == '\t') {
      unsigned blanks = tabWidth - column % tabWidth;
      out.text.append(blanks, ' ');
      column += blanks;
    } else if (first == '\n' && keepNewlines) {
      out.text += '\n';
    } else if (width < 0) {
      out.text += "\uFFFD";
      ++column;
    } else {
      out.text += character;
      column += static_cast<unsigned>(width);
    }
    i += length;
  }
  out.columnOf.push_back(column);
  return out;
}

std::string clean(StringRef text) { return show(text, /*keepNewlines=*/true).text; }

class Renderer {
public:
  Renderer(const SourceManager &sources, raw_ostream &os, bool colour) : sources(sources), os(os), colour(colour) {}

  void diagnostic(const Diagnostic &d) {
    head(d);
    std::vector<Mark> marks;
    gutter = gutterWidth(d);
    if (d.range.valid()) {
      marks.push_back({d.range, d.primary, true});
      for (const Label &label : d.labels)
        if (label.range.valid() && label.range.file == d.range.file)
          marks.push_back({label.range, label.text, false});
      snippet(std::move(marks));
    }
    for (const Label &label : d.labels)
      if (!label.range.valid() || label.range.file != d.range.file)
        note(label);
    if (!d.expected.empty() || !d.actual.empty()) {
      remark("expected", d.expected);
      remark("  actual", d.actual);
    }
    for (const Label &note : d.notes)
      this->note(note);
    for (const Suggestion &suggestion : d.suggestions) {
      remark("help", suggestion.text);
      if (suggestion.fix && suggestion.range.valid())
        edit(suggestion);
    }
  }

private:
  struct Mark {
    SourceRange range;
    StringRef text;
    bool primary;
  };

  /// A mark on one line, in columns of the screen.
  struct Span {
    unsigned begin;
    unsigned end;
    const Mark *mark;
  };

  enum Style { plain, red, yellow, blue, green, bold };

  raw_ostream &style(Style style) {
    static constexpr const char *codes[] = {"\033[0m", "\033[1;31m", "\033[1;33m", "\033[1;34m", "\033[32m", "\033[1m"};
    if (colour)
      os << codes[style];
    return os;
  }

  void head(const Diagnostic &d) {
    bool error = d.severity == Severity::error;
    severityStyle = error ? red : yellow;
    style(severityStyle) << (error ? "error" : "warning") << '[' << info(d.id).code << ']';
    style(plain);
    style(bold) << ": " << clean(d.message);
    style(plain) << '\n';
  }

  unsigned gutterWidth(const Diagnostic &d) const {
    uint32_t last = 1;
    auto see = [&](SourceRange range) {
      if (range.valid())
        last = std::max(last, sources.line(range.file, range.end));
    };
    see(d.range);
    for (const Label &label : d.labels)
      see(label.range);
    for (const Label &note : d.notes)
      see(note.range);
    for (const Suggestion &suggestion : d.suggestions)
      see(suggestion.range);
    return static_cast<unsigned>(std::to_string(last).size());
  }

  raw_ostream &bar(StringRef number, StringRef sign) {
    style(blue) << ' ';
    os.indent(gutter - static_cast<unsigned>(number.size())) << number << ' ' << sign;
    return style(plain);
  }

  void remark(StringRef word, StringRef text) {
    bar("", "=") << ' ';
    style(bold) << word << ':';
    style(plain) << ' ' << clean(text) << '\n';
  }

  void note(const Label &label) {
    if (!label.range.valid())
      return remark("note", label.text);
    style(bold) << "note: ";
    style(plain) << clean(label.text) << '\n';
    Mark mark{label.range, "", false};
    snippet({mark});
  }

  void place(SourceRange range) {
    style(blue);
    os.indent(gutter + 1) << "--> ";
    style(plain) << clean(sources.where(range)) << '\n';
  }

  void snippet(std::vector<Mark> marks) {
    place(marks.front().range);
    bar("", "|") << '\n';
    FileId file = marks.front().range.file;
    std::map<uint32_t, std::vector<const Mark *>> lines;
    for (const Mark &mark : marks)
      lines[sources.line(file, mark.range.begin)].push_back(&mark);
    uint32_t before = 0;
    for (const auto &[line, onLine] : lines) {
      if (before != 0 && line > before + 2)
        bar("", "...") << '\n';
      else
        for (uint32_t between = before + 1; before != 0 && between < line; ++between)
          source(excerpt(file, between, sources.lineStart(file, between)), between);
      Excerpt shown = excerpt(file, line, onLine.front()->range.begin);
      source(shown, line);
      annotate(shown, onLine);
      before = line;
    }
  }

  /// A line, or of a very long one the part around a place.
  struct Excerpt {
    StringRef text;
    uint32_t start;
    StringRef before = "";
    StringRef after = "";
  };

  Excerpt excerpt(FileId file, uint32_t line, uint32_t focus) const {
    Excerpt whole{sources.lineText(file, line), sources.lineStart(file, line)};
    if (whole.text.size() <= longLine)
      return whole;
    // Bytes of the line; both ends at the start of a character.
    auto boundary = [&](size_t at) {
      while (at < whole.text.size() && (whole.text[at] & 0xC0) == 0x80)
        ++at;
      return std::min(at, whole.text.size());
    };
    size_t at = std::min<size_t>(focus - whole.start, whole.text.size());
    size_t begin = boundary(at > 80 ? at - 80 : 0), end = boundary(begin + 200);
    return {whole.text.slice(begin, end), whole.start + static_cast<uint32_t>(begin), begin > 0 ? "..." : "",
            end < whole.text.size() ? "..." : ""};
  }

  void source(const Excerpt &line, uint32_t number) {
    std::string text = show(line.text).text;
    bar(std::to_string(number), "|") << (text.empty() ? "" : " ") << line.before << text << line.after << '\n';
  }

  /// The line of carets, with the text of the rightmost mark, and a line for the text of each other one.
  void annotate(const Excerpt &line, const std::vector<const Mark *> &marks) {
    Shown shown = show(line.text);
    std::vector<Span> spans;
    for (const Mark *mark : marks) {
      auto column = [&](uint32_t offset) {
        size_t inLine = offset < line.start ? 0 : offset - line.start;
        return static_cast<unsigned>(line.before.size()) + shown.columnOf[std::min(inLine, shown.columnOf.size() - 1)];
      };
      unsigned begin = column(mark->range.begin);
      spans.push_back({begin, std::max(begin + 1, column(mark->range.end)), mark});
    }
    llvm::sort(spans,
               [](const Span &a, const Span &b) { return std::tie(a.begin, a.mark) < std::tie(b.begin, b.mark); });

    bar("", "|") << ' ';
    unsigned width = 0;
    for (const Span &span : spans)
      width = std::max(width, span.end);
    for (unsigned column = 0; column < width; ++column) {
      const Mark *here = nullptr;
      for (const Span &span : spans)
        if (column >= span.begin && column < span.end && (!here || span.mark->primary))
          here = span.mark;
      style(!here ? plain : here->primary ? severityStyle : blue);
      os << (!here ? ' ' : here->primary ? '^' : '-');
    }
    style(plain);
    const Span &last = spans.back();
    if (!last.mark->text.empty())
      style(last.mark->primary ? severityStyle : blue) << ' ' << clean(last.mark->text);
    style(plain) << '\n';
    for (size_t i = spans.size() - 1; i-- > 0;) {
      if (spans[i].mark->text.empty())
        continue;
      bar("", "|") << ' ';
      unsigned column = 0;
      for (size_t j = 0; j < i; ++j) {
        if (spans[j].mark->text.empty() || spans[j].begin < column || spans[j].begin >= spans[i].begin)
          continue;
        os.indent(spans[j].begin - column) << '|';
        column = spans[j].begin + 1;
      }
      os.indent(spans[i].begin - column);
      style(spans[i].mark->primary ? severityStyle : blue) << clean(spans[i].mark->text);
      style(plain) << '\n';
    }
  }

  /// The lines that an edit changes, before and after it, with the line above where a line is put in.
  void edit(const Suggestion &fix) {
    FileId file = fix.range.file;
    uint32_t first = sources.line(file, fix.range.begin), last = sources.line(file, fix.range.end);
    uint32_t start = sources.lineStart(file, first);
    StringRef before = sources.text(file).slice(start, sources.lineStart(file, last) +
                                                           static_cast<uint32_t>(sources.lineText(file, last).size()));
    std::string after = before.take_front(fix.range.begin - start).str() + fix.replacement +
                        before.drop_front(fix.range.end - start).str();
    if (last - first > 8 || before.size() > longLine || after.size() > 2 * longLine)
      return;
    // A tab looks like the spaces that replace it.
    if (clean(before) == clean(after))
      return;
    llvm::SmallVector<StringRef> old, edited;
    before.split(old, '\n');
    StringRef(after).split(edited, '\n');
    uint32_t number = first;
    StringRef above;
    while (!old.empty() && !edited.empty() && old.front() == edited.front()) {
      above = old.front();
      old.erase(old.begin());
      edited.erase(edited.begin());
      ++number;
    }
    while (!old.empty() && !edited.empty() && old.back() == edited.back()) {
      old.pop_back();
      edited.pop_back();
    }
    bar("", "|") << '\n';
    if (old.empty() && number > 1) {
      above = sources.lineText(file, number - 1);
      bar(std::to_string(number - 1), "|") << (above.empty() ? "" : " ") << show(above).text << '\n';
    }
    for (auto [i, line] : llvm::enumerate(old))
      bar(std::to_string(number + i), "-") << ' ' << show(line.rtrim("\r")).text << '\n';
    for (auto [i, line] : llvm::enumerate(edited)) {
      // A line of which nothing is left is gone.
      if (line.trim().empty() && old.size() == 1)
        continue;
      style(green);
      bar(std::to_string(number + i), "+") << ' ' << show(line.rtrim()).text << '\n';
    }
  }

  const SourceManager &sources;
  raw_ostream &os;
  bool colour;
  unsigned gutter = 1;
  Style severityStyle = red;
};

/// In the order of the text, those without a place first.
std::vector<const Diagnostic *> inOrder(const DiagnosticEngine &diags) {
  using Key = std::tuple<FileId, uint32_t, size_t>;
  std::vector<std::pair<Key, const Diagnostic *>> keyed;
  for (const Diagnostic *d : diags.diagnostics())
    // noFile is the greatest number; plus one it wraps to the least.
    keyed.push_back({Key(d->range.file + 1, d->range.begin, keyed.size()), d});
  llvm::sort(keyed, llvm::less_first());
  std::vector<const Diagnostic *> order;
  for (const auto &[key, d] : keyed)
    order.push_back(d);
  return order;
}

llvm::json::Value text(StringRef text) { return llvm::json::isUTF8(text) ? text.str() : llvm::json::fixUTF8(text); }

llvm::json::Value place(SourceRange range, const SourceManager &sources) {
  if (!range.valid())
    return nullptr;
  LineColumn begin = sources.lineColumn(range.file, range.begin);
  LineColumn end = sources.lineColumn(range.file, range.end);
  return llvm::json::Object{{"file", text(sources.path(range.file))},
                            {"line", begin.line},
                            {"column", begin.column},
                            {"endLine", end.line},
                            {"endColumn", end.column}};
}

llvm::json::Array labels(llvm::ArrayRef<Label> list, const SourceManager &sources) {
  llvm::json::Array out;
  for (const Label &label : list)
    out.push_back(llvm::json::Object{{"place", place(label.range, sources)}, {"text", text(label.text)}});
  return out;
}

} // namespace

void render(const Diagnostic &diagnostic, const SourceManager &sources, raw_ostream &os, bool colour) {
  Renderer(sources, os, colour).diagnostic(diagnostic);
}

void renderAll(const DiagnosticEngine &diags, const SourceManager &sources, raw_ostream &os, bool colour) {
  for (const Diagnostic *diagnostic : inOrder(diags)) {
    render(*diagnostic, sources, os, colour);
    os << '\n';
  }
  auto count = [&](unsigned number, StringRef word) { os << number << ' ' << word << (number == 1 ? "" : "s"); };
  if (diags.numErrors() > 0)
    count(diags.numErrors(), "error");
  if (diags.numWarnings() > 0) {
    os << (diags.numErrors() > 0 ? ", " : "");
    count(diags.numWarnings(), "warning");
  }
  if (diags.numDropped() > 0)
    os << " (" << diags.numDropped() << " not shown)";
  if (diags.numErrors() + diags.numWarnings() > 0)
    os << '\n';
}

void renderJson(const DiagnosticEngine &diags, const SourceManager &sources, raw_ostream &os) {
  llvm::json::Array all;
  for (const Diagnostic *d : inOrder(diags)) {
    llvm::json::Array suggestions;
    for (const Suggestion &suggestion : d->suggestions) {
      llvm::json::Object entry{{"text", text(suggestion.text)}};
      if (suggestion.fix)
        entry["edit"] = llvm::json::Object{{"place", place(suggestion.range, sources)},
                                           {"replacement", text(suggestion.replacement)}};
      suggestions.push_back(std::move(entry));
    }
    llvm::json::Object entry{{"code", info(d->id).code},
                             {"name", info(d->id).name},
                             {"severity", d->severity == Severity::error ? "error" : "warning"},
                             {"message", text(d->message)},
                             {"place", place(d->range, sources)},
                             {"label", text(d->primary)},
                             {"labels", labels(d->labels, sources)},
                             {"notes", labels(d->notes, sources)},
                             {"suggestions", std::move(suggestions)}};
    if (!d->expected.empty() || !d->actual.empty()) {
      entry["expected"] = text(d->expected);
      entry["actual"] = text(d->actual);
    }
    all.push_back(std::move(entry));
  }
  os << llvm::formatv("{0:2}", llvm::json::Value(std::move(all))) << '\n';
}

/// A program under a heading, indented.
static void showExample(StringRef heading, StringRef program, raw_ostream &os) {
  if (program.empty())
    return;
  os << '\n' << heading << "\n\n";
  for (StringRef line : llvm::split(program.trim('\n'), '\n'))
    os << (line.empty() ? "" : "    ") << line << '\n';
}

void explain(const DiagInfo &info, raw_ostream &os) {
  os << (info.severity == Severity::error ? "error " : "warning ") << info.code << ": " << info.name << "\n\n"
     << info.explanation << '\n';
  if (const Example *example = findExample(info.code)) {
    showExample("Wrong:", example->wrong, os);
    showExample("Right:", example->right, os);
  }
}

void explainAll(raw_ostream &os) {
  for (const DiagInfo &entry : allDiagnostics()) {
    // Arguments as `...`.
    std::vector<std::string> blanks(4, "...");
    os << entry.code << "  " << formatMessage(entry.format, blanks) << '\n';
  }
  os << "\nmodc --explain CODE tells more about one, with an example.\n";
}

} // namespace modc
