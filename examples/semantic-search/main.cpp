// Semantic search: ranks the sentences of a text by how near their meaning is to a question's. Links the runtime and
// nothing else; the model is an artifact that modc compiled from minilm.mod.
#include "modrt/modrt.hpp"
#include "sentences.h"
#include "tokenizer.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <numeric>
#include <optional>
#include <sstream>
#include <unistd.h>

namespace {
using Clock = std::chrono::steady_clock;
constexpr size_t kBatch = 16; // sentences encoded together
constexpr size_t kMaxTextBytes = 64u << 20;

double milliseconds_since(Clock::time_point t) {
  return std::chrono::duration<double, std::milli>(Clock::now() - t).count();
}

struct Options {
  std::string artifact = "minilm.so", model_dir = "minilm", text;
  std::vector<std::string> questions;
  size_t top = 3;
  int threads = 0;
};

std::string read_text(const std::string &path) {
  std::error_code error;
  auto size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file)
    throw std::runtime_error("cannot read text " + path);
  if (size > kMaxTextBytes)
    throw std::runtime_error("text " + path + " is larger than 64 MB");
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

/// The compiled model with its tokenizer: text to unit vectors.
class Encoder {
public:
  Encoder(const std::string &artifact, const std::string &model_dir)
      : tokenizer_(model_dir + "/vocab.txt"), model_(modrt::load(artifact).declare("embedder")) {
    model_.eval().load_state_dict(modrt::load_file(model_dir + "/model.safetensors"));
  }

  /// One row of `width()` numbers for each text, in order.
  std::vector<std::vector<float>> encode(const std::vector<std::string> &texts) const {
    std::vector<std::vector<int64_t>> tokens;
    for (const std::string &t : texts)
      tokens.push_back(tokenizer_.encode(t));
    // Texts of like length share a batch, so that little padding is computed.
    std::vector<size_t> order(texts.size());
    std::iota(order.begin(), order.end(), size_t(0));
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return tokens[a].size() < tokens[b].size(); });
    std::vector<std::vector<float>> rows(texts.size());
    for (size_t from = 0; from < order.size(); from += kBatch) {
      size_t n = std::min(kBatch, order.size() - from), length = tokens[order[from + n - 1]].size();
      std::vector<int64_t> ids(n * length, tokenizer_.pad()), mask(n * length, 0);
      for (size_t i = 0; i < n; ++i) {
        const auto &t = tokens[order[from + i]];
        std::copy(t.begin(), t.end(), ids.begin() + ptrdiff_t(i * length));
        std::fill_n(mask.begin() + ptrdiff_t(i * length), t.size(), 1);
      }
      modrt::Shape shape{int64_t(n), int64_t(length)};
      modrt::Tensor out = model_(modrt::Tensor::from_blob(ids.data(), shape, modrt::DType::i64),
                                 modrt::Tensor::from_blob(mask.data(), shape, modrt::DType::i64));
      auto values = out.data<float>();
      size_t width = size_t(out.size(1));
      for (size_t i = 0; i < n; ++i)
        rows[order[from + i]].assign(values.begin() + ptrdiff_t(i * width),
                                     values.begin() + ptrdiff_t((i + 1) * width));
    }
    return rows;
  }

private:
  Tokenizer tokenizer_;
  modrt::Module model_;
};

float dot(const std::vector<float> &a, const std::vector<float> &b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0f);
}

/// The text with its vectors.
struct Index {
  std::vector<std::string> sentences;
  std::vector<std::vector<float>> vectors;
};

void answer(const std::string &question, const std::vector<float> &vector, const Index &index, size_t top) {
  std::vector<size_t> order(index.sentences.size());
  std::iota(order.begin(), order.end(), size_t(0));
  std::vector<float> scores;
  for (const auto &v : index.vectors)
    scores.push_back(dot(vector, v));
  top = std::min(top, order.size());
  std::partial_sort(order.begin(), order.begin() + ptrdiff_t(top), order.end(),
                    [&](size_t a, size_t b) { return scores[a] != scores[b] ? scores[a] > scores[b] : a < b; });
  std::printf("\n%s\n", question.c_str());
  for (size_t i = 0; i < top; ++i)
    std::printf("  %6.3f  %s\n", double(scores[order[i]]), index.sentences[order[i]].c_str());
  std::fflush(stdout);
}

void run(const Options &o) {
  if (o.threads > 0)
    modrt::set_num_threads(o.threads);
  auto start = Clock::now();
  Encoder encoder(o.artifact, o.model_dir);
  double loaded = milliseconds_since(start);

  // The first question is encoded before the text: its vector is what a program that keeps an index waits for.
  std::vector<std::vector<float>> first;
  if (!o.questions.empty())
    first = encoder.encode({o.questions[0]});
  double answered = milliseconds_since(start);

  Index index;
  index.sentences = split_sentences(read_text(o.text));
  if (index.sentences.empty())
    throw std::runtime_error("text " + o.text + " holds no sentence");
  auto text_start = Clock::now();
  index.vectors = encoder.encode(index.sentences);
  std::printf("loaded in %.1f ms", loaded);
  if (!first.empty())
    std::printf(", first question's vector after %.1f ms", answered);
  std::printf(", %zu sentences of %s encoded in %.1f ms\n", index.sentences.size(),
              std::filesystem::path(o.text).filename().c_str(), milliseconds_since(text_start));

  for (size_t i = 0; i < o.questions.size(); ++i)
    answer(o.questions[i], i ? encoder.encode({o.questions[i]})[0] : first[0], index, o.top);
  if (!o.questions.empty())
    return;
  std::string line;
  bool prompt = isatty(STDIN_FILENO);
  while ((prompt && std::fputs("\nquestion (empty line ends): ", stdout), std::fflush(stdout),
          std::getline(std::cin, line)) &&
         !line.empty())
    answer(line, encoder.encode({line})[0], index, o.top);
}
} // namespace

int main(int argc, char **argv) {
  Options o;
  o.text = SEARCH_TEXT;
  CLI::App app{"Finds the sentences of a text that are nearest in meaning to a question."};
  app.add_option("question", o.questions, "questions; without one they are read from standard input, a line each");
  app.add_option("--artifact", o.artifact, "the model, compiled by modc")->capture_default_str();
  app.add_option("--model-dir", o.model_dir, "folder with model.safetensors and vocab.txt")->capture_default_str();
  app.add_option("--text", o.text, "the text to search, UTF-8")->capture_default_str();
  app.add_option("--top", o.top, "sentences to print for each question")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  app.add_option("--threads", o.threads, "threads to use; 0 lets the runtime choose")->check(CLI::Range(0, 1024));
  CLI11_PARSE(app, argc, argv);
  try {
    run(o);
    return 0;
  } catch (const std::exception &e) {
    std::fprintf(stderr, "search: %s\n", e.what());
    return 1;
  }
}
