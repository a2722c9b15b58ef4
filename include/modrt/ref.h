// Ref<T>: the counted pointer under every handle. One word wide; T stays opaque to programs, its count lives inside it.
#pragma once
#include "modrt/export.h"
#include <cstddef>
#include <utility>

namespace modrt::detail {
struct TensorImpl;
struct ModuleImpl;
struct ArtifactImpl;
MODRT_API void retain(TensorImpl *) noexcept;
MODRT_API void release(TensorImpl *) noexcept;
MODRT_API void retain(ModuleImpl *) noexcept;
MODRT_API void release(ModuleImpl *) noexcept;
MODRT_API void retain(ArtifactImpl *) noexcept;
MODRT_API void release(ArtifactImpl *) noexcept;

template <class T> class Ref {
  public:
    Ref() = default;
    Ref(std::nullptr_t) noexcept {}
    explicit Ref(T *p) noexcept : p_(p) { // shares: the count goes up
        if (p_)
            retain(p_);
    }
    static Ref adopt(T *p) noexcept { // takes over the count that a fresh object starts with
        Ref r;
        r.p_ = p;
        return r;
    }
    Ref(const Ref &o) noexcept : Ref(o.p_) {}
    Ref(Ref &&o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
    Ref &operator=(Ref o) noexcept {
        std::swap(p_, o.p_);
        return *this;
    }
    ~Ref() {
        if (p_)
            release(p_);
    }
    T *get() const noexcept { return p_; }
    T *operator->() const noexcept { return p_; }
    T &operator*() const noexcept { return *p_; }
    explicit operator bool() const noexcept { return p_; }
    bool operator==(const Ref &o) const noexcept { return p_ == o.p_; }

  private:
    T *p_ = nullptr;
};

// The runtime's caching allocator behind a std::vector: a repeated call takes the block that the last one gave back.
MODRT_API void *cached_allocate(size_t bytes);
MODRT_API void cached_free(void *, size_t bytes) noexcept;
template <class T> struct CachedAllocator {
    using value_type = T;
    CachedAllocator() = default;
    template <class U> CachedAllocator(const CachedAllocator<U> &) noexcept {}
    T *allocate(size_t n) { return static_cast<T *>(cached_allocate(n * sizeof(T))); }
    void deallocate(T *p, size_t n) noexcept { cached_free(p, n * sizeof(T)); }
    bool operator==(const CachedAllocator &) const noexcept { return true; }
};
} // namespace modrt::detail
