// Programs beside their expected IR, tree or messages. With MODC_UPDATE_GOLDEN set the expectations are written anew.
#include "compiler/sema/Sema.h"
#include "compiler/syntax/Render.h"
#include "dialect/mod/Mod.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <regex>
#include <set>
#include <sstream>

using namespace modc;
namespace fs = std::filesystem;

static const std::string kRoot = MODC_SOURCE_DIR;

static std::string read(const fs::path &path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

static void compare(const fs::path &expected, const std::string &text) {
  if (std::getenv("MODC_UPDATE_GOLDEN")) {
    std::ofstream(expected, std::ios::binary) << text;
    return;
  }
  ASSERT_TRUE(fs::exists(expected)) << expected;
  EXPECT_EQ(read(expected), text) << expected;
}

/// Paths from the root; no line numbers where the library is shown, which is edited for other reasons. The width of the
/// margin follows from the numbers, so it is always the same here.
static std::string normalised(const std::string &text) {
  static const std::regex place("^ *--> (.*)$"), margin("^ *([0-9]*) (\\||=|\\+|-|\\.\\.\\.)( .*|)$");
  std::istringstream lines(text);
  std::string out;
  bool library = false;
  for (std::string line; std::getline(lines, line);) {
    std::smatch m;
    if (std::regex_match(line, m, place)) {
      std::string where = m[1];
      if (llvm::StringRef(where).starts_with(kRoot + "/"))
        where.erase(0, kRoot.size() + 1);
      library = llvm::StringRef(where).starts_with("nn/");
      if (library)
        where.erase(where.find(".mod") + 4);
      line = "    --> " + where;
    } else if (std::regex_match(line, m, margin)) {
      std::string number = library && m[2] != "=" ? "" : m[1].str();
      line = std::string(3 - std::min<size_t>(3, number.size()), ' ') + number + " " + m[2].str() + m[3].str();
    } else {
      // A new message or note.
      library = false;
    }
    for (size_t at; (at = line.find(kRoot + "/")) != std::string::npos;)
      line.erase(at, kRoot.size() + 1);
    out += line + "\n";
  }
  return out;
}

struct Elaborated {
  SourceManager sources;
  DiagnosticEngine diags;
  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::string messages, ir, tree;

  explicit Elaborated(const fs::path &file) {
    ElaborateOptions options;
    options.libraryPath = kRoot + "/nn";
    options.maxSteps = 500'000;
    module = elaborate(sources, diags, file.string(), options, context);
    llvm::raw_string_ostream os(messages);
    renderAll(diags, sources, os);
    messages = normalised(messages);
    if (!module)
      return;
    llvm::raw_string_ostream irStream(ir), treeStream(tree);
    module->print(irStream);
    ir += "\n";
    printElaborated(*module, treeStream);
  }
};

/// Every wrong program in errors/ ends in exactly the messages beside it, and none leaves a module.
TEST(Golden, Errors) {
  unsigned seen = 0;
  for (auto &entry : fs::directory_iterator(kRoot + "/test/sema/errors")) {
    if (entry.path().extension() != ".mod")
      continue;
    SCOPED_TRACE(entry.path().string());
    Elaborated result(entry.path());
    EXPECT_FALSE(result.module);
    EXPECT_TRUE(result.diags.hasErrors());
    // The code in the name is among the errors.
    std::string code = entry.path().stem().string().substr(0, 5);
    if (code[0] == 'E')
      EXPECT_NE(result.messages.find(code), std::string::npos) << result.messages;
    fs::path expected = entry.path();
    compare(expected.replace_extension(".txt"), result.messages);
    ++seen;
  }
  EXPECT_GE(seen, 50u);
}

static void golden(const std::string &file, const std::string &name) {
  Elaborated result(kRoot + "/" + file);
  ASSERT_TRUE(result.module) << result.messages;
  compare(kRoot + "/test/sema/golden/" + name + ".mlir", result.ir);
  compare(kRoot + "/test/sema/golden/" + name + ".txt", result.tree);
}

TEST(Golden, MLP) { golden("examples/models/mlp.mod", "mlp"); }
TEST(Golden, MiniLM) { golden("examples/semantic-search/minilm.mod", "minilm"); }
TEST(Golden, Features) { golden("test/sema/golden/features.mod", "features"); }
TEST(Golden, Exports) { golden("test/sema/golden/exports.mod", "exports"); }

TEST(Golden, Control) { golden("test/sema/golden/control.mod", "control"); }

static std::vector<fs::path> programs(const std::string &folder) {
  std::vector<fs::path> out;
  for (auto &entry : fs::directory_iterator(kRoot + "/" + folder))
    if (entry.path().extension() == ".mod")
      out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

/// What people write who come from PyTorch: one mistake a program, and one message. The first line of each says which:
/// "# E0302 at `x`: images given to a Linear layer".
TEST(Golden, PyTorch) {
  // Nothing to edit: the message and its places say it all, or what is meant cannot be guessed.
  const std::set<std::string> noSuggestion = {"E0302", "E0303", "E0306", "E0307", "E0401", "E0411", "E0413"};
  auto files = programs("test/sema/errors/pytorch");
  EXPECT_GE(files.size(), 60u);
  for (const fs::path &file : files) {
    SCOPED_TRACE(file.string());
    std::string text = read(file);
    std::smatch m;
    std::string first = text.substr(0, text.find('\n'));
    ASSERT_TRUE(std::regex_match(first, m, std::regex("# (E\\d{4}) at `(.*)`: .+")));
    Elaborated result(file);
    EXPECT_FALSE(result.module);
    fs::path expected = file;
    compare(expected.replace_extension(".txt"), result.messages);
    EXPECT_EQ(result.diags.diagnostics().size(), 1u) << result.messages;
    if (result.diags.diagnostics().empty())
      continue;
    const Diagnostic &d = *result.diags.diagnostics()[0];
    EXPECT_EQ(info(d.id).code.str(), m[1].str()) << result.messages;
    ASSERT_TRUE(d.range.valid()) << result.messages;
    EXPECT_EQ(result.sources.path(d.range.file).str(), file.string()) << result.messages;
    EXPECT_EQ(result.sources.text(d.range).str(), m[2].str()) << result.messages;
    if (!noSuggestion.count(m[1].str()))
      EXPECT_FALSE(d.suggestions.empty()) << result.messages;
    // The parser sees one place; from elaboration on there is another: a declaration, or the way to the mistake.
    bool second = llvm::any_of(d.labels, [](const Label &l) { return l.range.valid(); }) ||
                  llvm::any_of(d.notes, [](const Label &l) { return l.range.valid(); });
    if (m[1].str().substr(0, 3) != "E01" && m[1].str() != "E0309")
      EXPECT_TRUE(second) << result.messages;
  }
}

/// Each code is shown, with carets under its place, by the text of some message that is kept.
TEST(Golden, EveryCode) {
  // Messages about files as a whole and about the command line have no place in a text.
  const std::set<std::string> placeless = {"E0120", "E0121", "E0603"};
  std::set<std::string> shown, mentioned;
  for (const char *folder : {"test/sema/errors", "test/sema/errors/pytorch", "test/sema/golden", "test/syntax/diag"})
    for (auto &entry : fs::directory_iterator(kRoot + "/" + folder)) {
      if (entry.path().extension() != ".txt")
        continue;
      std::istringstream lines(read(entry.path()));
      std::string code;
      for (std::string line; std::getline(lines, line);) {
        std::smatch m;
        if (std::regex_search(line, m, std::regex("^(error|warning)\\[([EW]\\d{4})\\]: ")))
          mentioned.insert(code = m[2]);
        else if (std::regex_search(line, std::regex("^ +\\| .*\\^")))
          shown.insert(code);
      }
    }
  for (const DiagInfo &entry : allDiagnostics()) {
    std::string code = entry.code.str();
    if (code != "E0121" && code != "E0120")
      EXPECT_TRUE(mentioned.count(code)) << code << " " << entry.name.str() << " is shown nowhere";
    if (!placeless.count(code))
      EXPECT_TRUE(shown.count(code)) << code << " " << entry.name.str() << " is shown without its place";
  }
}

TEST(Golden, Warnings) {
  Elaborated result(kRoot + "/test/sema/golden/warnings.mod");
  ASSERT_TRUE(result.module) << result.messages;
  EXPECT_FALSE(result.diags.hasErrors());
  for (const Diagnostic *d : result.diags.diagnostics())
    EXPECT_EQ(d->severity, Severity::warning);
  compare(kRoot + "/test/sema/golden/warnings.txt", result.messages);
}

/// Spellings of PyTorch that mean here what they mean there.
TEST(Golden, PastedSpellingsAreAccepted) {
  Elaborated result(kRoot + "/test/sema/golden/pasted.mod");
  EXPECT_TRUE(result.module);
  EXPECT_EQ(result.messages, "");
}

/// All modules of the library that need nothing beyond the compiled primitives.
TEST(Golden, Library) { golden("test/sema/golden/library.mod", "library"); }
