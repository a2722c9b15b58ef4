// Size classes: four to a doubling from 64 bytes to 32 MiB; larger blocks go straight to the system. A thread keeps up
// to 32 blocks of a class (fewer when large), the process the rest up to a cap. So a call that repeats finds its blocks
// without the heap.
#include "core/memory.h"
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <mutex>

#if defined(__SANITIZE_ADDRESS__)
#define MODRT_NO_CACHE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MODRT_NO_CACHE 1 // a cache would hide uses after free
#endif
#endif

namespace modrt::detail {
namespace {
constexpr size_t kMinShift = 6, kMaxShift = 25, kClasses = (kMaxShift - kMinShift) * 4 + 1;
constexpr size_t kLargest = size_t(1) << kMaxShift, kCentralCap = size_t(256) << 20, kThreadBytes = size_t(4) << 20;

struct Free {
    Free *next;
};
struct SizeClass {
    size_t index, bytes;
};
SizeClass class_of(size_t bytes) {
    bytes = std::max(bytes, size_t(1) << kMinShift);
    size_t shift = size_t(std::bit_width(bytes - 1)) - 1; // 2^shift < bytes <= 2^(shift+1), or bytes is the smallest
    if (bytes <= size_t(1) << kMinShift)
        return {0, size_t(1) << kMinShift};
    size_t step = (size_t(1) << shift) / 4, quarter = (bytes - (size_t(1) << shift) + step - 1) / step;
    size_t size = (size_t(1) << shift) + quarter * step;
    return {(shift - kMinShift) * 4 + quarter, (size + kBlockAlign - 1) / kBlockAlign * kBlockAlign};
}
size_t keep_of(size_t bytes) { return std::clamp<size_t>(kThreadBytes / bytes, 1, 32); }

void *system_allocate(size_t bytes) {
    void *p = std::aligned_alloc(kBlockAlign, bytes);
    if (!p)
        throw std::bad_alloc();
    return p;
}

struct Central {
    std::mutex mutex;
    Free *head[kClasses] = {};
    size_t bytes = 0;
};
Central &central() {
    static Central *c = new Central; // never destroyed: tensors may outlive static destruction
    return *c;
}
struct Cache {
    Free *head[kClasses];
    uint16_t count[kClasses];
    bool registered, dead;
};
constinit thread_local Cache t_cache = {};

void give_to_central(size_t index, size_t bytes, size_t leave) noexcept {
    Cache &t = t_cache;
    Free *to_system = nullptr;
    {
        Central &c = central();
        std::lock_guard lock(c.mutex);
        while (t.count[index] > leave) {
            Free *f = t.head[index];
            t.head[index] = f->next;
            --t.count[index];
            if (c.bytes + bytes <= kCentralCap) {
                f->next = c.head[index];
                c.head[index] = f;
                c.bytes += bytes;
            } else {
                f->next = to_system;
                to_system = f;
            }
        }
    }
    while (to_system)
        std::free(std::exchange(to_system, to_system->next));
}
size_t bytes_of_class(size_t index) {
    if (index == 0)
        return size_t(1) << kMinShift;
    size_t shift = kMinShift + (index - 1) / 4, quarter = (index - 1) % 4 + 1;
    size_t size = (size_t(1) << shift) + quarter * ((size_t(1) << shift) / 4);
    return (size + kBlockAlign - 1) / kBlockAlign * kBlockAlign;
}
struct AtThreadExit {
    ~AtThreadExit() {
        for (size_t i = 0; i < kClasses; ++i)
            give_to_central(i, bytes_of_class(i), 0);
        t_cache.dead = true;
    }
};
void register_thread() {
    static thread_local AtThreadExit at_exit;
    (void)at_exit;
    t_cache.registered = true;
}
} // namespace

void *cached_allocate(size_t bytes) {
    if (bytes > kLargest) {
        size_t rounded = (bytes + kBlockAlign - 1) / kBlockAlign * kBlockAlign;
        if (rounded < bytes)
            throw std::bad_alloc();
        return system_allocate(rounded);
    }
    SizeClass k = class_of(bytes);
#ifdef MODRT_NO_CACHE
    return system_allocate(k.bytes);
#else
    Cache &t = t_cache;
    if (Free *f = t.head[k.index]) {
        t.head[k.index] = f->next;
        --t.count[k.index];
        return f;
    }
    Central &c = central();
    {
        std::lock_guard lock(c.mutex);
        if (Free *f = c.head[k.index]) {
            c.head[k.index] = f->next;
            c.bytes -= k.bytes;
            return f;
        }
    }
    return system_allocate(k.bytes);
#endif
}

void cached_free(void *p, size_t bytes) noexcept {
    if (!p)
        return;
#ifdef MODRT_NO_CACHE
    (void)bytes;
    std::free(p);
#else
    if (bytes > kLargest) {
        std::free(p);
        return;
    }
    SizeClass k = class_of(bytes);
    Cache &t = t_cache;
    if (!t.registered && !t.dead)
        register_thread();
    Free *f = new (p) Free{t.head[k.index]};
    t.head[k.index] = f;
    size_t keep = t.dead ? 0 : keep_of(k.bytes);
    if (++t.count[k.index] > keep)
        give_to_central(k.index, k.bytes, keep / 2);
#endif
}

void trim_memory() noexcept {
    for (size_t i = 0; i < kClasses; ++i)
        give_to_central(i, bytes_of_class(i), 0);
    Central &c = central();
    std::lock_guard lock(c.mutex);
    for (Free *&head : c.head)
        while (head)
            std::free(std::exchange(head, head->next));
    c.bytes = 0;
}
} // namespace modrt::detail
