// Storage: counted bytes under tensors.
#pragma once
#include "core/memory.h"
#include <atomic>
#include <cstdint>
#include <functional>

namespace modrt::detail {
enum class Access : uint8_t {
    writable,
    read_only, // refused by mutable_data(); its owner may still change it
    immutable, // a file's memory: as read_only, and nobody writes it, so a parameter may adopt it without a copy
};
struct Storage {
    std::atomic<uint32_t> refs{1};
    Access access = Access::writable;
    char *data = nullptr;
    int64_t bytes = 0;
    uint64_t serial = 0; // names this memory in keys of prepared blocks; given at first use, under the tree mutex
    std::function<void()> on_free; // foreign memory; empty for the allocator's own

    static Ref<Storage> allocate(int64_t bytes); // contents undefined, 64-aligned
    static Ref<Storage> foreign(void *data, int64_t bytes, std::function<void()> on_free, Access = Access::writable);
};
void retain(Storage *) noexcept;
void release(Storage *) noexcept;

// Where a tensor's elements are; of an owned tensor both change together.
struct Memory {
    Ref<Storage> storage;
    int64_t offset = 0; // bytes
    char *data() const noexcept { return storage ? storage->data + offset : nullptr; }
};
} // namespace modrt::detail
