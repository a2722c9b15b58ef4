// TensorImpl: what a Tensor handle names. Dims, dtype and strides never change; the memory of an owned tensor (a
// parameter or buffer) does, so it is read through memory().
#pragma once
#include "core/spinlock.h"
#include "core/storage.h"
#include "modrt/tensor.h"
#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

namespace modrt::detail {
struct PreparedBlock {
    uint64_t content;                                  // modc_prepared.content and the target
    std::vector<std::pair<uint64_t, int64_t>> sources; // serial of the storage, offset
    Ref<Storage> block;
};
// What only an owned tensor has. Guarded by the tree mutex, but for `requires_grad`.
struct Owned {
    bool parameter = true, persistent = true;
    std::vector<std::pair<uint64_t, Memory>> history; // (first epoch that does not see it, what it was)
    std::vector<ModuleImpl *> owners;                 // weak: modules that hold it
    std::vector<PreparedBlock> prepared;              // blocks whose first source this is
    Memory staged;                                    // what the commit that runs will publish
    // A call that writes the memory itself (MODC_FN_STATE_IN_PLACE): the token of its thread; null: none. Set under the
    // tensor's lock. Whoever wants the memory meanwhile waits, and whoever has it keeps calls from writing it.
    std::atomic<const void *> writer{nullptr};
    std::atomic<bool> read_elsewhere{false}; // some function reads it by its binding: calls write a copy
};
const void *thread_token() noexcept;

struct TensorImpl {
    std::atomic<uint32_t> refs{1};
    DType dtype = DType::f32;
    std::atomic<bool> requires_grad{false};
    mutable SpinLock lock; // of mem, when owned
    Shape shape;
    std::array<int64_t, Shape::kMaxRank> strides{}; // in elements
    Memory mem;                                     // empty: declared, no value yet
    std::unique_ptr<Owned> owned;

    Memory memory() const {
        if (!owned)
            return mem;
        for (;;) {
            {
                std::lock_guard l(lock);
                if (!written_by_another())
                    return mem;
            }
            wait_for_writer();
        }
    }
    bool written_by_another() const noexcept {
        const void *w = owned->writer.load(std::memory_order_acquire);
        return w && w != thread_token();
    }
    void wait_for_writer() const noexcept {
        if (const void *w = owned->writer.load(std::memory_order_acquire); w && w != thread_token())
            owned->writer.wait(w);
    }
    // True when the memory is nobody else's: from now to end_writing() it is this thread's to change.
    bool begin_writing() {
        std::lock_guard l(lock);
        owned->writer.store(thread_token());
        if (!owned->read_elsewhere.load() && mem.storage->refs.load(std::memory_order_acquire) == 1 &&
            mem.storage->access == Access::writable)
            return true;
        owned->writer.store(nullptr);
        owned->writer.notify_all();
        return false;
    }
    void end_writing() noexcept {
        owned->writer.store(nullptr, std::memory_order_release);
        owned->writer.notify_all();
    }
    char *data() const { return memory().data(); }
    bool contiguous() const noexcept { // row-major; sizes 0 and 1 have any stride
        int64_t step = 1;
        bool dense = true;
        for (size_t i = shape.size(); i-- > 0;) {
            if (shape[i] == 0)
                return true;
            dense &= shape[i] == 1 || strides[i] == step;
            step *= shape[i];
        }
        return dense;
    }
    // The memory that calls of that epoch see; tree mutex held.
    Memory at(uint64_t epoch) const {
        for (auto &[until, m] : owned->history)
            if (epoch < until)
                return m;
        return mem;
    }
};

// size_of, where it is in the way of every call.
inline int64_t element_size(DType d) noexcept {
    constexpr uint8_t bytes[16] = {0, 1, 1, 1, 2, 4, 8, 2, 2, 4, 8, 8, 16};
    return bytes[uint8_t(d) & 15];
}
inline bool aligned(const void *p, DType d) noexcept {
    return (reinterpret_cast<uintptr_t>(p) & uintptr_t(std::min<int64_t>(element_size(d), 8) - 1)) == 0;
}
void contiguous_strides(const Shape &, int64_t *strides) noexcept;
// Bytes of a tensor of this shape; ValueError on overflow.
int64_t bytes_for(const Shape &, DType);
// A tensor over fresh memory, or over part of a storage: contiguous from a byte offset, or with strides of its own.
Tensor make_tensor(const Shape &, DType);
Tensor make_view(Ref<Storage>, int64_t byte_offset, const Shape &, DType, const int64_t *strides = nullptr);
// Fills `to` (contiguous, from's dims) with from's elements in row-major order, converted.
void copy_elements(const TensorImpl &from, const char *from_data, char *to, DType to_dtype);
// The impl behind a handle; ValueError for an empty one.
TensorImpl &checked(const Tensor &);
std::string describe(const Tensor &); // "f32[2, 3]"
std::string describe(DType, const Shape &);
} // namespace modrt::detail
