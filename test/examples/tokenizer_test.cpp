// The example's tokenizer against the numbers of the `tokenizers` package (make_tokenizer_golden.py), and against
// hostile files.
#include "sentences.h"
#include "tokenizer.h"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

namespace fs = std::filesystem;

namespace {
/// vocab.txt of the model; the numeric tests download it, so it may not be here yet.
fs::path vocabulary() {
  if (const char *path = std::getenv("MODC_VOCAB"))
    return path;
  return MODC_ROOT "/build/minilm/vocab.txt";
}

fs::path write(const std::string &name, const std::string &text) {
  fs::path path = fs::temp_directory_path() / ("modc-" + std::to_string(getpid()) + "-" + name);
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::string small_vocabulary() { return "[PAD]\n[UNK]\n[CLS]\n[SEP]\nhello\nworld\n##s\n,\nun\n##aff\n##able\n"; }

TEST(Tokenizer, AgreesWithTheReference) {
  if (!fs::exists(vocabulary()))
    FAIL() << "no " << vocabulary() << "; scripts/fetch-minilm.sh build/minilm brings it";
  Tokenizer tokenizer(vocabulary());
  std::ifstream golden(MODC_ROOT "/test/examples/tokenizer_golden.txt");
  std::string line;
  int seen = 0;
  while (std::getline(golden, line)) {
    size_t tab = line.find('\t');
    std::vector<int64_t> want;
    std::istringstream numbers(line.substr(0, tab));
    for (int64_t n; numbers >> n;)
      want.push_back(n);
    auto text = nlohmann::json::parse(line.substr(tab + 1)).get<std::string>();
    EXPECT_EQ(tokenizer.encode(text), want) << line;
    ++seen;
  }
  EXPECT_GT(seen, 250);
}

TEST(Tokenizer, LongestPiecesFirst) {
  Tokenizer t(write("vocab", small_vocabulary()));
  EXPECT_EQ(t.encode("Hello, worlds unaffable zzz"), (std::vector<int64_t>{2, 4, 7, 5, 6, 8, 9, 10, 1, 3}));
  EXPECT_EQ(t.encode("hello hello hello", 3), (std::vector<int64_t>{2, 4, 3}));
  EXPECT_EQ(t.encode("", 2), (std::vector<int64_t>{2, 3}));
}

TEST(Tokenizer, AnyBytesAreText) {
  Tokenizer t(write("vocab", small_vocabulary()));
  std::mt19937 rng(5);
  for (int i = 0; i < 2000; ++i) {
    std::string text(rng() % 64, ' ');
    for (char &c : text)
      c = char(rng());
    auto ids = t.encode(text, 16);
    ASSERT_GE(ids.size(), 2u);
    ASSERT_LE(ids.size(), 16u);
  }
}

TEST(Tokenizer, BadVocabulariesAreNamed) {
  auto message = [](const fs::path &p) {
    try {
      Tokenizer t(p);
    } catch (const std::runtime_error &e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_NE(message("/nonexistent/vocab.txt").find("/nonexistent/vocab.txt"), std::string::npos);
  EXPECT_NE(message(write("empty", "")).find("is empty"), std::string::npos);
  EXPECT_NE(message(write("words", "hello\nworld\n")).find("no [CLS]"), std::string::npos);
  EXPECT_NE(message(write("binary", std::string(100000, '\x80'))).find("no [CLS]"), std::string::npos);
}

TEST(Sentences, EndAtMarksAndEmptyLines) {
  EXPECT_EQ(split_sentences("One. Two!  Three?\nstill three\n\nFour (\"yes.\") 3.5 five"),
            (std::vector<std::string>{"One.", "Two!", "Three?", "still three", "Four (\"yes.\")", "3.5 five"}));
  EXPECT_TRUE(split_sentences(" \n\n\t").empty());
}
} // namespace
