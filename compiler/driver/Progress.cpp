// The progress line.
#include "compiler/driver/Progress.h"
#include <cstdio>
#include <unistd.h>

using namespace modc;

Progress::Progress() : start(std::chrono::steady_clock::now()), terminal(isatty(STDERR_FILENO)) {}

Progress::~Progress() {
  if (shown)
    std::fputs("\r\033[K", stderr);
}

void Progress::update(size_t done, size_t total, llvm::StringRef what) {
  if (!terminal)
    return;
  std::lock_guard lock(mutex);
  if (std::chrono::steady_clock::now() - start < std::chrono::milliseconds(500))
    return;
  shown = true;
  std::fprintf(stderr, "\r\033[K[%zu/%zu] %.*s", done, total, int(std::min<size_t>(what.size(), 60)), what.data());
  std::fflush(stderr);
}
