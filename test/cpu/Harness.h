// Compiles kernels in process and runs them as the runtime would: for tests and the kernel benchmark.
#pragma once
#include "compiler/cpu/CPU.h"
#include "modrt/abi.h"
#include <memory>
#include <string>
#include <vector>

namespace llvm::orc {
class LLJIT;
}

namespace modc::cpu {

/// Machine code of the kernels of one text, loaded; stays callable while this lives.
class Loaded {
public:
  /// Throws std::runtime_error with the diagnostics.
  Loaded(const std::string &kernels, const Target &target, bool naive = false);
  ~Loaded();
  modc_kernel_fn function(const std::string &kernel) const;
  size_t objectBytes() const { return bytes; }

private:
  std::unique_ptr<llvm::orc::LLJIT> jit;
  size_t bytes = 0;
};

/// The same, kept for the next who asks for the same text.
const Loaded &loaded(const std::string &kernels, const Target &target, bool naive = false);

/// A frame as the runtime would give, with a pool that runs chunks in order, backwards, or on threads.
class Frame {
public:
  enum Order { Forward, Backward, Threads };
  explicit Frame(Order order = Forward, uint64_t call = 0);
  Frame(const Frame &) = delete;
  /// Words of the argument block: pointers and integers.
  modc_rc run(modc_kernel_fn kernel, const std::vector<uint64_t> &words);
  modc_frame frame{};
  int64_t chunks = 1; ///< of the last launch

private:
  modc_rt services{};
  Order order;
  static modc_rc parallel(modc_frame *frame, int64_t count, modc_chunk_fn chunk, void *arg);
};

inline uint64_t word(const void *pointer) { return reinterpret_cast<uint64_t>(pointer); }

/// True where this machine can run the target's code.
bool canRun(const Target &target);

/// Memory whose last element ends at an unreadable page, and before whose first one another lies: a stray access
/// faults.
class Guarded {
public:
  explicit Guarded(size_t floats, size_t offsetFloats = 0);
  ~Guarded();
  Guarded(const Guarded &) = delete;
  float *data() { return first; }
  float &operator[](size_t i) { return first[i]; }
  size_t size() const { return count; }

private:
  void *base;
  size_t mapped, count;
  float *first;
};

} // namespace modc::cpu
