// What the tests of the syntax share: parsing a text, the text of its diagnostics, the programs to try things on.
#pragma once

#include "compiler/syntax/Lexer.h"
#include "compiler/syntax/Parser.h"
#include "compiler/syntax/Printer.h"
#include "compiler/syntax/Render.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace modc::test {

struct Parsed {
  explicit Parsed(std::string text) : Parsed("test.mod", std::move(text)) {}
  Parsed(llvm::StringRef name, std::string text)
      : file(sources.add(name, std::move(text))), tree(parse(file, sources, diags)) {}

  SourceManager sources;
  DiagnosticEngine diags;
  FileId file;
  ast::Tree tree;

  std::string printed() const {
    std::string out;
    llvm::raw_string_ostream os(out);
    print(tree, os);
    return out;
  }
  std::string rendered(bool colour = false) const {
    std::string out;
    llvm::raw_string_ostream os(out);
    renderAll(diags, sources, os, colour);
    return out;
  }
  /// "E0101 E0130", in the order of their reports.
  std::string codes() const {
    std::string out;
    for (const Diagnostic *d : diags.diagnostics())
      out += (out.empty() ? "" : " ") + info(d->id).code.str();
    return out;
  }
};

/// The comments of a text, in order, without blanks at their ends.
inline std::vector<std::string> comments(const std::string &text) {
  SourceManager sources;
  DiagnosticEngine diags;
  TokenStream stream = lex(sources.add("comments.mod", text), sources, diags);
  std::vector<std::string> out;
  for (const Comment &comment : stream.comments)
    out.push_back(llvm::StringRef(text).slice(comment.begin, comment.end).rtrim().str());
  return out;
}

inline std::string readFile(const std::filesystem::path &path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// All `.mod` files below folders of the source tree, sorted.
inline std::vector<std::filesystem::path> programs(std::initializer_list<const char *> folders) {
  std::vector<std::filesystem::path> out;
  for (const char *folder : folders)
    for (const auto &entry :
         std::filesystem::recursive_directory_iterator(std::filesystem::path(MODC_SOURCE_DIR) / folder))
      if (entry.path().extension() == ".mod")
        out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

} // namespace modc::test
