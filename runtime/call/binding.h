// Binding: what one compiled function of one module reads. Immutable once published; whatever invalidates it removes it
// from its cell.
#pragma once
#include "module/module_impl.h"
#include <span>

namespace modrt::detail {
struct Binding {
    std::atomic<uint32_t> refs{1};
    uint64_t from = 0;                        // first epoch that it serves
    std::atomic<Binding *> previous{nullptr}; // for calls that announced an earlier one
    const modc_fn *fn = nullptr;
    modc_body body = nullptr;
    modc_plan plan = nullptr;
    CachedVector<const void *> table; // weights, prepared, constants: modc_frame.weights
    CachedVector<Memory> keep;        // weights, then prepared
    CachedVector<Ref<TensorImpl>> weights, writes;
    CachedVector<CachedVector<Ref<TensorImpl>>> sources; // of each prepared block

    void unref() noexcept {
        if (refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
            cached_delete(this);
    }
    static Binding *seen(Binding *b, uint64_t epoch) {
        while (b && b->from > epoch)
            b = b->previous.load(std::memory_order_acquire);
        return b;
    }
    template <class F> bool depends(F changed) const {
        for (auto &w : weights)
            if (changed(*w))
                return true;
        for (auto &s : sources)
            for (auto &t : s)
                if (changed(*t))
                    return true;
        return false;
    }
};

// The binding of a cell for the running call; builds it when there is none. Null when `fused` and the tree no longer is
// what the function was compiled for: dispatch again. ValueError for a weight without a value, StructureError for one
// that is gone.
Binding *bound(ModuleImpl &, int32_t cell, bool fused);
// Tree mutex held. Weights as that epoch sees them; an epoch beyond the newest sees what a commit has staged. Null
// where a call of another thread writes one of them in place: `busy` says which, wait for it without the mutex.
Binding *build(ModuleImpl &, int32_t fn, uint64_t epoch, Ref<TensorImpl> &busy);
void close_cell(ModuleImpl &, size_t cell, uint64_t next);
void close_cells(ModuleImpl &, uint64_t next); // all of them
// A block derived from given memory, not cached: for buffers that the running call has changed.
Ref<Storage> derive(const ArtifactImpl &, int32_t prepared, std::span<const Memory> sources);

struct Change {
    TensorImpl *tensor;
    Memory memory;
};
// Replaces the memory of owned tensors in one step; running calls go on with the old. Eager: bindings in use are
// rebuilt first, and an exception from that leaves everything as it was.
void commit(CachedVector<Change> &, bool eager);
} // namespace modrt::detail
