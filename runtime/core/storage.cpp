// Counted bytes: from the caching allocator, or somebody else's.
#include "core/storage.h"

namespace modrt::detail {
void retain(Storage *s) noexcept { s->refs.fetch_add(1, std::memory_order_relaxed); }
void release(Storage *s) noexcept {
    if (s->refs.fetch_sub(1, std::memory_order_acq_rel) != 1)
        return;
    if (s->on_free)
        s->on_free();
    else
        cached_free(s->data, size_t(s->bytes));
    cached_delete(s);
}

Ref<Storage> Storage::allocate(int64_t bytes) {
    auto s = Ref<Storage>::adopt(cached_new<Storage>());
    s->data = static_cast<char *>(cached_allocate(size_t(bytes)));
    s->bytes = bytes;
    return s;
}

Ref<Storage> Storage::foreign(void *data, int64_t bytes, std::function<void()> on_free, Access access) {
    auto s = Ref<Storage>::adopt(cached_new<Storage>());
    s->data = static_cast<char *>(data);
    s->bytes = bytes;
    s->access = access;
    s->on_free = on_free ? std::move(on_free) : [] {};
    return s;
}
} // namespace modrt::detail
