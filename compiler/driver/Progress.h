// One line on a terminal that says how far a long compilation is; nothing elsewhere.
#pragma once
#include "llvm/ADT/StringRef.h"
#include <chrono>
#include <mutex>

namespace modc {

/// Thread-safe. The line appears once the work has taken half a second and is erased by the destructor.
class Progress {
public:
  Progress();
  ~Progress();
  /// `done` of `total` steps are finished, `what` was the last.
  void update(size_t done, size_t total, llvm::StringRef what);

private:
  std::mutex mutex;
  std::chrono::steady_clock::time_point start;
  bool terminal, shown = false;
};

} // namespace modc
