// Normalisation, splitting and longest-match-first pieces; the rules are those of BERT's BasicTokenizer and
// WordpieceTokenizer.
#include "tokenizer.h"
#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace {
struct Fold {
  char32_t from, to[4];
};
struct Range {
  char32_t first, last;
};
#include "unicode_tables.inc"

constexpr size_t kMaxWord = 100;             // longer words become [UNK], as in BERT
constexpr size_t kMaxVocabBytes = 64u << 20; // no vocabulary is near that

template <size_t N> bool contains(const Range (&table)[N], char32_t c) {
  auto it =
      std::upper_bound(std::begin(table), std::end(table), c, [](char32_t x, const Range &r) { return x < r.first; });
  return it != std::begin(table) && c <= std::prev(it)->last;
}

bool is_punctuation(char32_t c) {
  if ((c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126))
    return true;
  return contains(kPunctuation, c);
}

bool is_cjk(char32_t c) {
  static constexpr Range blocks[] = {{0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},   {0x20000, 0x2A6DF},
                                     {0x2A700, 0x2B73F}, {0x2B740, 0x2B81F}, {0x2B920, 0x2CEAF}, {0x2F800, 0x2FA1F}};
  return contains(blocks, c);
}

/// The next character of UTF-8 text; U+FFFD, which cleaning drops, for bytes that are none.
char32_t next(std::string_view text, size_t &at) {
  auto byte = [&](size_t i) { return uint8_t(text[i]); };
  uint8_t lead = byte(at++);
  if (lead < 0x80)
    return lead;
  int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
  if (!more || lead > 0xF4 || at + size_t(more) > text.size())
    return 0xFFFD;
  char32_t c = lead & (0x3F >> more);
  for (int i = 0; i < more; ++i) {
    if ((byte(at + size_t(i)) & 0xC0) != 0x80)
      return 0xFFFD;
    c = c << 6 | (byte(at + size_t(i)) & 0x3F);
  }
  constexpr char32_t lowest[] = {0, 0x80, 0x800, 0x10000};
  if (c < lowest[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
    return 0xFFFD;
  at += size_t(more);
  return c;
}

void append_utf8(std::string &out, char32_t c) {
  if (c < 0x80) {
    out += char(c);
  } else if (c < 0x800) {
    out += char(0xC0 | c >> 6);
    out += char(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += char(0xE0 | c >> 12);
    out += char(0x80 | (c >> 6 & 0x3F));
    out += char(0x80 | (c & 0x3F));
  } else {
    out += char(0xF0 | c >> 18);
    out += char(0x80 | (c >> 12 & 0x3F));
    out += char(0x80 | (c >> 6 & 0x3F));
    out += char(0x80 | (c & 0x3F));
  }
}

/// Appends c without accents and in lower case.
void append_folded(std::u32string &out, char32_t c) {
  if (c >= 0xAC00 && c < 0xD7A4) { // Hangul syllables decompose by formula (Unicode, chapter 3.12)
    char32_t s = c - 0xAC00, trail = s % 28;
    out += 0x1100 + s / 588;
    out += 0x1161 + s % 588 / 28;
    if (trail)
      out += 0x11A7 + trail;
    return;
  }
  auto it =
      std::lower_bound(std::begin(kFold), std::end(kFold), c, [](const Fold &f, char32_t x) { return f.from < x; });
  if (it == std::end(kFold) || it->from != c) {
    out += c;
    return;
  }
  for (char32_t to : it->to)
    if (to)
      out += to;
}

/// Text to words: runs of what is neither space nor punctuation, and each punctuation mark or CJK character by itself.
std::vector<std::u32string> split(std::string_view text) {
  std::u32string clean;
  for (size_t at = 0; at < text.size();) {
    char32_t c = next(text, at);
    if (c == 0 || c == 0xFFFD || contains(kControl, c))
      continue;
    if (contains(kSpace, c)) {
      clean += U' ';
    } else if (is_cjk(c)) {
      clean += U' ';
      append_folded(clean, c);
      clean += U' ';
    } else {
      append_folded(clean, c);
    }
  }
  std::vector<std::u32string> words;
  bool open = false;
  for (char32_t c : clean) {
    if (c == U' ' || contains(kSpace, c)) {
      open = false;
    } else if (is_punctuation(c)) {
      words.emplace_back(1, c);
      open = false;
    } else {
      if (!open)
        words.emplace_back();
      words.back() += c;
      open = true;
    }
  }
  return words;
}
} // namespace

Tokenizer::Tokenizer(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw std::runtime_error("cannot read vocabulary " + path);
  std::string line;
  size_t bytes = 0;
  for (int64_t number = 0; std::getline(file, line); ++number) {
    bytes += line.size();
    if (bytes > kMaxVocabBytes)
      throw std::runtime_error(path + " is no vocabulary: more than 64 MB");
    if (!line.empty() && line.back() == '\r')
      line.pop_back();
    pieces_.emplace(line, number);
  }
  if (pieces_.empty())
    throw std::runtime_error("vocabulary " + path + " is empty");
  cls_ = special("[CLS]", path);
  sep_ = special("[SEP]", path);
  unknown_ = special("[UNK]", path);
  pad_ = special("[PAD]", path);
}

int64_t Tokenizer::special(const char *name, const std::string &path) const {
  auto it = pieces_.find(name);
  if (it == pieces_.end())
    throw std::runtime_error(path + " has no " + name + ": not the vocab.txt of a BERT model");
  return it->second;
}

void Tokenizer::append_word(const std::u32string &word, std::vector<int64_t> &out) const {
  if (word.size() > kMaxWord) {
    out.push_back(unknown_);
    return;
  }
  size_t before = out.size();
  for (size_t start = 0; start < word.size();) {
    size_t end = word.size();
    for (; end > start; --end) {
      std::string piece = start ? "##" : "";
      for (size_t i = start; i < end; ++i)
        append_utf8(piece, word[i]);
      if (auto it = pieces_.find(piece); it != pieces_.end()) {
        out.push_back(it->second);
        break;
      }
    }
    if (end == start) { // one unknown piece makes the word unknown
      out.resize(before);
      out.push_back(unknown_);
      return;
    }
    start = end;
  }
}

std::vector<int64_t> Tokenizer::encode(std::string_view text, size_t max_tokens) const {
  std::vector<int64_t> out{cls_};
  for (const std::u32string &word : split(text)) {
    append_word(word, out);
    if (out.size() >= max_tokens)
      break;
  }
  out.resize(std::min(out.size(), max_tokens - 1));
  out.push_back(sep_);
  return out;
}
