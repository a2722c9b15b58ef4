// A one-byte lock for sections of a few instructions that never allocate, wait or run user code.
#pragma once
#include <atomic>
#include <thread>

namespace modrt::detail {
class SpinLock {
  public:
    void lock() noexcept {
        while (held_.exchange(true, std::memory_order_acquire))
            std::this_thread::yield();
    }
    void unlock() noexcept { held_.store(false, std::memory_order_release); }

  private:
    std::atomic<bool> held_{false};
};
} // namespace modrt::detail
