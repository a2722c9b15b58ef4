// Compiles kernels in process and runs them as the runtime would.
#include "test/cpu/Harness.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include <map>
#include <stdexcept>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

using namespace modc::cpu;

template <class T> static T orThrow(llvm::Expected<T> value) {
  if (!value)
    throw std::runtime_error(llvm::toString(value.takeError()));
  return std::move(*value);
}

Loaded::Loaded(const std::string &kernels, const Target &target, bool naive) {
  Options options;
  options.naive = naive;
  std::string error;
  auto object = emitObject(kernels, target, options, error);
  if (failed(object))
    throw std::runtime_error(error);
  bytes = object->bytes.size();
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  jit = orThrow(llvm::orc::LLJITBuilder().create());
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(llvm::StringRef(object->bytes.data(), bytes), "kernels");
  if (llvm::Error failure = jit->addObjectFile(std::move(buffer)))
    throw std::runtime_error(llvm::toString(std::move(failure)));
}

Loaded::~Loaded() = default;

modc_kernel_fn Loaded::function(const std::string &kernel) const {
  return orThrow(jit->lookup("k_" + kernel)).toPtr<modc_kernel_fn>();
}

const Loaded &modc::cpu::loaded(const std::string &kernels, const Target &target, bool naive) {
  static std::map<std::string, std::unique_ptr<Loaded>> cache;
  std::unique_ptr<Loaded> &entry = cache[target.name.str() + (naive ? " naive " : " ") + kernels];
  if (!entry)
    entry = std::make_unique<Loaded>(kernels, target, naive);
  return *entry;
}

static thread_local Frame *current;

Frame::Frame(Order order, uint64_t call) : order(order) {
  services.size = sizeof(services);
  services.parallel = parallel;
  frame.rt = &services;
  frame.call = call;
}

modc_rc Frame::parallel(modc_frame *, int64_t count, modc_chunk_fn chunk, void *arg) {
  current->chunks = count;
  std::vector<modc_rc> codes(count);
  auto step = [&](int64_t from, int64_t by) {
    for (int64_t i = from; i < count; i += by)
      codes[i] = chunk(arg, i);
  };
  if (current->order == Threads) {
    std::vector<std::thread> threads;
    for (int64_t t = 0; t < 3; ++t)
      threads.emplace_back(step, t, 3);
    for (std::thread &thread : threads)
      thread.join();
  } else {
    for (int64_t i = 0; i < count; ++i) {
      int64_t which = current->order == Backward ? count - 1 - i : i;
      codes[which] = chunk(arg, which);
    }
  }
  for (modc_rc code : codes)
    if (code != MODC_OK)
      return code;
  return MODC_OK;
}

modc_rc Frame::run(modc_kernel_fn kernel, const std::vector<uint64_t> &words) {
  current = this;
  chunks = 1;
  return kernel(&frame, words.data());
}

bool modc::cpu::canRun(const Target &target) {
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  return features.lookup(target.vectorBytes == 64 ? "avx512dq" : "avx2") && features.lookup("fma");
}

Guarded::Guarded(size_t floats, size_t offsetFloats) : count(floats) {
  size_t page = sysconf(_SC_PAGESIZE), bytes = (floats * sizeof(float) + page - 1) / page * page + page;
  mapped = bytes + 2 * page;
  base = mmap(nullptr, mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED || mprotect(static_cast<char *>(base) + page, bytes, PROT_READ | PROT_WRITE) != 0)
    throw std::runtime_error("no memory for a guarded block");
  first = reinterpret_cast<float *>(static_cast<char *>(base) + page + bytes) - floats - offsetFloats;
}

Guarded::~Guarded() { munmap(base, mapped); }
