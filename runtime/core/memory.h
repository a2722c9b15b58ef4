// The caching allocator: blocks by size class, kept by the thread that freed them, then by the process. Every block is
// 64-aligned.
#pragma once
#include "modrt/ref.h"
#include <cstddef>
#include <new>
#include <utility>
#include <vector>

namespace modrt::detail {
// What a call needs for its own time: in a call that repeats it does not touch the heap.
template <class T> using CachedVector = std::vector<T, CachedAllocator<T>>;
constexpr size_t kBlockAlign = 64;
void trim_memory() noexcept; // this thread's and the process's idle blocks

template <class T, class... A> T *cached_new(A &&...args) {
    void *p = cached_allocate(sizeof(T));
    try {
        return new (p) T(std::forward<A>(args)...);
    } catch (...) {
        cached_free(p, sizeof(T));
        throw;
    }
}
template <class T> void cached_delete(T *p) noexcept {
    p->~T();
    cached_free(p, sizeof(T));
}
} // namespace modrt::detail
