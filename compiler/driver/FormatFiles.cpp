// `modc fmt`: files in the one layout. A file is written only when the tree of the new text is that of the old one.
#include "compiler/artifact/Artifact.h"
#include "compiler/driver/Options.h"
#include "compiler/syntax/Format.h"
#include "compiler/syntax/Parser.h"
#include "compiler/syntax/Render.h"
#include "compiler/syntax/Structure.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <algorithm>

using namespace modc;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace {

class FileFormatter {
public:
  explicit FileFormatter(const FormatFilesOptions &options) : options(options) {}

  int run() {
    if (options.paths.empty())
      return fail("no file; modc fmt --help shows how it is called"), 1;
    for (const std::string &given : options.paths) {
      if (given == "-")
        standardInput();
      else if (fs::is_directory(given))
        folder(given);
      else
        file(given);
    }
    if (options.check && different > 0)
      llvm::errs() << different << (different == 1 ? " file is" : " files are")
                   << " not in the layout; `modc fmt` writes " << (different == 1 ? "it\n" : "them\n");
    return failed || different > 0 ? 1 : 0;
  }

private:
  void fail(const llvm::Twine &text) {
    llvm::errs() << "modc: " << text << "\n";
    failed = true;
  }

  void folder(const std::string &name) {
    std::error_code ec;
    std::vector<std::string> found;
    for (fs::recursive_directory_iterator it(name, ec), end; it != end && !ec; it.increment(ec))
      if (path::extension(it->path()) == ".mod" && !fs::is_directory(it->path()))
        found.push_back(it->path());
    if (ec)
      fail("cannot read " + name + ": " + ec.message());
    std::sort(found.begin(), found.end());
    for (const std::string &each : found)
      file(each);
  }

  /// The text in the layout; nothing, after a message, where that is not possible.
  std::optional<std::string> formatted(const ast::Tree &tree, const SourceManager &sources, const std::string &name) {
    std::string text = format(tree, sources);
    SourceManager again;
    DiagnosticEngine diags;
    FileId id = again.add(name, text);
    ast::Tree parsed = parse(id, again, diags);
    if (parsed.hasErrors || structure(parsed) != structure(tree) || format(parsed, again) != text) {
      fail(name + ": the layout would change its meaning, which is a fault of modc fmt; the file stays as it is");
      return std::nullopt;
    }
    return text;
  }

  void show(const DiagnosticEngine &diags, const SourceManager &sources) {
    renderAll(diags, sources, llvm::errs(), options.color);
    failed |= diags.hasErrors();
  }

  void file(const std::string &name) {
    SourceManager sources;
    DiagnosticEngine diags;
    auto tree = loadAndParse(name, SourceRange(), sources, diags);
    show(diags, sources);
    if (!tree || tree->hasErrors)
      return;
    auto text = formatted(*tree, sources, name);
    // A byte order mark is not part of the text, but goes.
    if (!text || unchanged(name, *text))
      return;
    if (options.check) {
      llvm::outs() << name << "\n";
      ++different;
      return;
    }
    if (llvm::Error e = artifact::writeFile(name, llvm::ArrayRef<char>(text->data(), text->size())))
      fail(llvm::toString(std::move(e)));
  }

  static bool unchanged(const std::string &name, const std::string &text) {
    auto bytes = llvm::MemoryBuffer::getFile(name, false, false);
    return bytes && (*bytes)->getBuffer() == text;
  }

  void standardInput() {
    auto given = llvm::MemoryBuffer::getSTDIN();
    if (!given)
      return fail("cannot read standard input: " + given.getError().message());
    std::string text = (*given)->getBuffer().str();
    if (text.size() > SourceManager::maxFileSize || text.find('\0') != std::string::npos || firstInvalidUtf8(text))
      return fail("standard input is no source text: UTF-8 of at most 16 MiB without NUL bytes");
    SourceManager sources;
    DiagnosticEngine diags;
    ast::Tree tree = parse(sources.add("standard input", text), sources, diags);
    show(diags, sources);
    if (tree.hasErrors)
      return;
    auto out = formatted(tree, sources, "standard input");
    if (!out)
      return;
    if (options.check)
      different += *out != text;
    else
      llvm::outs() << *out;
  }

  const FormatFilesOptions &options;
  unsigned different = 0;
  bool failed = false;
};

} // namespace

int modc::formatFiles(const FormatFilesOptions &options) { return FileFormatter(options).run(); }
