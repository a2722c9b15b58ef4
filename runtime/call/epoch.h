// Epochs: which weights a running call sees. A call announces the epoch it began at; a commit makes the next one; what
// an announced epoch can still see is kept.
#pragma once
#include "core/tensor_impl.h"
#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

namespace modrt::detail {
struct Binding;

// A buffer that the outermost call has written: its private copy until the call is over, or its own memory.
struct Overlaid {
    Ref<TensorImpl> tensor;
    Memory copy;
};

// One per thread that ever called a model; given back when the thread ends, never freed.
struct alignas(64) Slot {
    std::atomic<uint64_t> epoch{0}; // announced; 0: no call runs
    std::atomic<bool> taken{false};
    int depth = 0;      // calls of this thread that are running
    bool fresh = false; // the outermost call has looked at no weight yet: it may still move to a newer epoch
    char *arena = nullptr;
    int64_t arena_bytes = 0;
    std::vector<Overlaid> overlay;
    std::vector<Overlaid> in_place; // buffers that the outermost call writes where they are
    bool holds_state = false;       // World::state is locked by this thread's outermost call
};
extern constinit thread_local Slot *t_slot;
Slot &take_slot();
inline Slot &slot() { return t_slot ? *t_slot : take_slot(); }
char *arena(Slot &, int64_t bytes); // 64-aligned, undefined contents; std::bad_alloc
void trim_arena() noexcept;

// What belongs to all trees together. Lock order: state, tree, a module's config, a tensor's memory. The tree mutex is
// never held while waiting for readers or running user code; it is recursive because the last handle to a module may be
// dropped under it.
struct World {
    std::recursive_mutex tree;
    std::mutex state; // held by an outermost call from its first write of a buffer to its end
    std::atomic<uint64_t> epoch{1};
    std::atomic<uint32_t> global_flags{0}; // Flag bits that hold for every module
    std::atomic<size_t> retired_count{0};
    std::vector<std::pair<uint64_t, Binding *>> retired; // (first epoch that does not see it, what)
    std::vector<Ref<TensorImpl>> with_history;
    uint64_t last_mark = 0;

    bool anyone_before(uint64_t epoch, const Slot *but = nullptr) const;
    void retire(uint64_t until, Binding *); // tree mutex held; takes over one count
    void reclaim();                         // tree mutex held: frees what no running call can see
    uint64_t step() {
        return epoch.fetch_add(1) + 1;
    } // tree mutex held: a commit names the next epoch before it makes it
};
World &world();

// One running call of this thread. Nested calls share what the outermost one announced.
class Reader {
  public:
    Reader();
    ~Reader();
    Reader(const Reader &) = delete;
    Slot &slot;
    bool outermost() const { return slot.depth == 1; }
};
} // namespace modrt::detail
