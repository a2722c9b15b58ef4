// WordPiece tokenizer of the uncased BERT models.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Text to token numbers, as transformers' BertTokenizer does with do_lower_case: clean, space CJK characters, strip
/// accents, lower case, split at white space and punctuation, then the longest known pieces. The names of special
/// tokens in the text are ordinary text. Const functions may be called by many threads.
class Tokenizer {
public:
  /// Reads vocab.txt, one piece a line, its number the line's. std::runtime_error names the file and what is wrong with
  /// it.
  explicit Tokenizer(const std::string &vocab_path);

  /// [CLS], the pieces, [SEP]; at most `max_tokens` in all (at least 2). Bytes that are no UTF-8 are dropped.
  std::vector<int64_t> encode(std::string_view text, size_t max_tokens = 256) const;
  int64_t pad() const { return pad_; }
  size_t size() const { return pieces_.size(); }

private:
  void append_word(const std::u32string &word, std::vector<int64_t> &out) const;
  int64_t special(const char *name, const std::string &path) const;

  std::unordered_map<std::string, int64_t> pieces_;
  int64_t cls_, sep_, unknown_, pad_;
};
