// Reader slots, announcing, reclaiming, the thread's arena.
#include "call/epoch.h"
#include "call/binding.h"
#include "modrt/error.h"
#include "modrt/process.h"
#include <algorithm>
#include <cstdlib>
#include <new>

namespace modrt {
namespace detail {
namespace {
constexpr int kMaxNesting = 1000; // modules are at most 256 deep; more is a hook that calls its own model for ever
struct SlotChunk {
    Slot slots[64];
    std::atomic<SlotChunk *> next{nullptr};
};
SlotChunk &first_chunk() {
    static auto *c = new SlotChunk;
    return *c;
}
Slot *free_slot() {
    for (SlotChunk *c = &first_chunk();;) {
        for (Slot &s : c->slots)
            if (!s.taken.load(std::memory_order_relaxed) && !s.taken.exchange(true, std::memory_order_acquire))
                return &s;
        SlotChunk *next = c->next.load(std::memory_order_acquire);
        if (!next) {
            auto *made = new SlotChunk;
            if (c->next.compare_exchange_strong(next, made))
                next = made;
            else
                delete made;
        }
        c = next;
    }
}
struct SlotOwner {
    Slot *slot = free_slot();
    ~SlotOwner() {
        std::free(slot->arena);
        slot->arena = nullptr;
        slot->arena_bytes = 0;
        t_slot = nullptr;
        slot->taken.store(false, std::memory_order_release);
    }
};
} // namespace

constinit thread_local Slot *t_slot = nullptr;
Slot &take_slot() {
    thread_local SlotOwner owner;
    t_slot = owner.slot;
    return *t_slot;
}
char *arena(Slot &s, int64_t bytes) {
    if (bytes > s.arena_bytes) {
        std::free(s.arena);
        s.arena = nullptr;
        s.arena_bytes = 0;
        if (bytes > int64_t(1) << 46)
            throw std::bad_alloc();
        int64_t rounded = (bytes + 4095) / 4096 * 4096;
        s.arena = static_cast<char *>(std::aligned_alloc(64, size_t(rounded)));
        if (!s.arena)
            throw std::bad_alloc();
        s.arena_bytes = rounded;
    }
    return s.arena;
}
void trim_arena() noexcept {
    if (!t_slot || t_slot->depth)
        return;
    std::free(t_slot->arena);
    t_slot->arena = nullptr;
    t_slot->arena_bytes = 0;
}

World &world() {
    static World *w = new World; // never destroyed: modules may outlive static destruction
    return *w;
}
bool World::anyone_before(uint64_t e, const Slot *but) const {
    for (SlotChunk *c = &first_chunk(); c; c = c->next.load(std::memory_order_acquire))
        for (Slot &s : c->slots)
            if (uint64_t v = s.epoch.load(); v && v < e && &s != but)
                return true;
    return false;
}
void World::retire(uint64_t until, Binding *b) {
    retired.emplace_back(until, b);
    retired_count.store(retired.size(), std::memory_order_relaxed);
}
void World::reclaim() {
    uint64_t oldest = UINT64_MAX;
    for (SlotChunk *c = &first_chunk(); c; c = c->next.load(std::memory_order_acquire))
        for (Slot &s : c->slots)
            if (uint64_t v = s.epoch.load())
                oldest = std::min(oldest, v);
    std::erase_if(retired, [&](auto &r) {
        if (r.first > oldest)
            return false;
        r.second->unref();
        return true;
    });
    std::erase_if(with_history, [&](auto &t) {
        auto &h = t->owned->history;
        std::erase_if(h, [&](auto &x) { return x.first <= oldest; });
        return h.empty();
    });
    retired_count.store(retired.size() + with_history.size(), std::memory_order_relaxed);
}

Reader::Reader() : slot(detail::slot()) {
    if (slot.depth >= kMaxNesting)
        throw Error("calls are nested more than " + std::to_string(kMaxNesting) +
                    " deep: does a hook call the model that it is registered on?");
    if (slot.depth++)
        return;
    slot.fresh = true;
    World &w = world();
    for (uint64_t e = w.epoch.load();;) { // a commit that did not see the announcement is seen by the second look
        slot.epoch.store(e);
        uint64_t now = w.epoch.load();
        if (now == e)
            return;
        e = now;
    }
}
Reader::~Reader() {
    if (--slot.depth)
        return;
    slot.epoch.store(0, std::memory_order_release);
    World &w = world();
    if (w.retired_count.load(std::memory_order_relaxed))
        if (std::unique_lock l(w.tree, std::try_to_lock); l)
            w.reclaim();
}
} // namespace detail

void trim() {
    {
        auto &w = detail::world();
        std::lock_guard l(w.tree);
        w.reclaim();
    }
    detail::trim_arena();
    detail::trim_memory();
}
} // namespace modrt
