// Sentence splitting by punctuation and empty lines.
#include "sentences.h"

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
static bool is_closing(char c) { return c == '"' || c == '\'' || c == ')' || c == ']'; }

std::vector<std::string> split_sentences(std::string_view text) {
  std::vector<std::string> out;
  std::string sentence;
  auto finish = [&] {
    while (!sentence.empty() && sentence.back() == ' ')
      sentence.pop_back();
    if (!sentence.empty())
      out.push_back(std::move(sentence));
    sentence.clear();
  };
  int newlines = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (is_space(c)) {
      newlines += c == '\n';
      if (newlines >= 2)
        finish();
      else if (!sentence.empty() && sentence.back() != ' ')
        sentence += ' ';
      continue;
    }
    newlines = 0;
    sentence += c;
    if (c != '.' && c != '!' && c != '?')
      continue;
    while (i + 1 < text.size() && is_closing(text[i + 1]))
      sentence += text[++i];
    if (i + 1 == text.size() || is_space(text[i + 1]))
      finish();
  }
  finish();
  return out;
}
