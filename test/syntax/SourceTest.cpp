// Source files: lines, columns, and what is refused before it is read.
#include "Support.h"
#include <gtest/gtest.h>
#include <unistd.h>

using namespace modc;
namespace fs = std::filesystem;

namespace {

class SourceFiles : public testing::Test {
protected:
  void SetUp() override {
    folder = fs::temp_directory_path() / ("modc-source-" + std::to_string(::getpid()));
    fs::create_directories(folder);
  }
  void TearDown() override { fs::remove_all(folder); }

  std::string write(const std::string &name, const std::string &text) {
    std::ofstream(folder / name, std::ios::binary) << text;
    return (folder / name).string();
  }

  fs::path folder;
  SourceManager sources;
};

TEST_F(SourceFiles, LinesAndColumns) {
  FileId file = sources.add("a", "one\n\xC3\xA4\xC3\xA4 two\r\n\nlast");
  EXPECT_EQ(sources.numLines(file), 4u);
  EXPECT_EQ(sources.lineText(file, 2), "\xC3\xA4\xC3\xA4 two");
  EXPECT_EQ(sources.lineText(file, 3), "");
  EXPECT_EQ(sources.lineText(file, 5), "");
  uint32_t two = static_cast<uint32_t>(sources.text(file).find("two"));
  EXPECT_EQ(sources.lineColumn(file, two).line, 2u);
  EXPECT_EQ(sources.lineColumn(file, two).column, 4u) << "characters, not bytes";
  EXPECT_EQ(sources.line(file, static_cast<uint32_t>(sources.text(file).size())), 4u);
  EXPECT_EQ(sources.where({file, two, two}), "a:2:4");
}

TEST_F(SourceFiles, SamePathIsReadOnce) {
  std::string path = write("a.mod", "import nn\n");
  LoadResult first = sources.load(path);
  ASSERT_TRUE(first);
  EXPECT_EQ(sources.load(path).file, first.file);
  EXPECT_EQ(sources.numFiles(), 1u);
}

TEST_F(SourceFiles, EmptyFileAndByteOrderMark) {
  LoadResult empty = sources.load(write("empty.mod", ""));
  ASSERT_TRUE(empty);
  EXPECT_EQ(sources.text(empty.file), "");
  LoadResult marked = sources.load(write("bom.mod", "\xEF\xBB\xBFimport nn\n"));
  ASSERT_TRUE(marked);
  EXPECT_EQ(sources.text(marked.file), "import nn\n");
}

TEST_F(SourceFiles, Refused) {
  EXPECT_EQ(sources.load((folder / "none.mod").string()).problem, LoadProblem::missing);
  EXPECT_EQ(sources.load(std::string("a\0b", 3)).problem, LoadProblem::missing);
  EXPECT_EQ(sources.load(folder.string()).problem, LoadProblem::directory);
  EXPECT_EQ(sources.load("/dev/zero").problem, LoadProblem::unreadable) << "must not be read";
  LoadResult nul = sources.load(write("nul.mod", std::string("ab\0", 3)));
  EXPECT_EQ(nul.problem, LoadProblem::nulByte);
  EXPECT_EQ(nul.offset, 2u);
  LoadResult latin = sources.load(write("latin.mod", "# \xE4\n"));
  EXPECT_EQ(latin.problem, LoadProblem::notUtf8);
  EXPECT_EQ(latin.offset, 2u);
  std::string big = write("big.mod", "");
  fs::resize_file(big, SourceManager::maxFileSize + 1);
  EXPECT_EQ(sources.load(big).problem, LoadProblem::tooLarge);
}

TEST_F(SourceFiles, ReportedAtTheImport) {
  DiagnosticEngine diags;
  FileId importer = sources.add("main.mod", "import lost\n");
  EXPECT_FALSE(loadAndParse((folder / "lost.mod").string(), {importer, 7, 11}, sources, diags));
  ASSERT_EQ(diags.diagnostics().size(), 1u);
  EXPECT_EQ(diags.diagnostics()[0]->id, DiagId::E0120);
  EXPECT_EQ(sources.where(diags.diagnostics()[0]->range), "main.mod:1:8");
}

TEST(Utf8, FirstInvalid) {
  EXPECT_EQ(firstInvalidUtf8("abc \xE2\x82\xAC"), std::nullopt);
  EXPECT_EQ(firstInvalidUtf8("ab\xFF"), 2u);
  EXPECT_EQ(firstInvalidUtf8("a\xE2\x82"), 1u) << "cut short";
  EXPECT_EQ(firstInvalidUtf8("\xED\xA0\x80"), 0u) << "a surrogate";
}

} // namespace
