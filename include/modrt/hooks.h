// Handles and options of hooks.
#pragma once
#include "modrt/state_dict.h"
#include <memory>

namespace modrt {
class Module;
namespace detail {
struct HookEntry;
}

/// Does nothing on destruction: `m.register_forward_hook(f);` stays registered, as in PyTorch. remove() may be called
/// twice, inside the hook, and after the module is gone. It does not wait: another thread's running call may run the
/// hook once more.
class MODRT_API HookHandle {
  public:
    HookHandle() = default;
    void remove();
    /// Returns when no other thread can run it any more. Inside a call of this thread it does not wait for that call.
    void remove_and_wait();
    int64_t id() const; ///< increasing over the process; 0 for an empty handle

    explicit HookHandle(std::shared_ptr<detail::HookEntry> entry) : entry_(std::move(entry)) {}

  private:
    std::shared_ptr<detail::HookEntry> entry_;
};

/// remove_and_wait() at the end of the scope.
class ScopedHook {
  public:
    explicit ScopedHook(HookHandle h) : handle_(std::move(h)) {}
    ScopedHook(const ScopedHook &) = delete;
    ScopedHook &operator=(const ScopedHook &) = delete;
    ~ScopedHook() { handle_.remove_and_wait(); }

  private:
    HookHandle handle_;
};

struct HookOptions {
    bool prepend = false; ///< before the module's other hooks; still after global ones
    bool always_call =
        false; ///< forward hooks only: also when forward or an earlier hook threw; what it throws then is dropped
};
} // namespace modrt
