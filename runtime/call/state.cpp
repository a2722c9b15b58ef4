// Buffers that a call writes: private copies that all nested calls share, published when the outermost call has
// succeeded; or, for large ones that are written in slices, their own memory.
#include "call/run.h"
#include <cstring>

namespace modrt::detail {
void *state_of(TensorImpl &t, bool in_place) {
    Slot &me = *t_slot;
    for (auto &written : me.in_place)
        if (written.tensor.get() == &t)
            return written.copy.data();
    for (auto &o : me.overlay)
        if (o.tensor.get() == &t)
            return o.copy.data();
    World &w = world();
    if (!me.holds_state) { // one writing call at a time: it begins from what the last one left, whatever epoch it
                           // announced
        w.state.lock();
        me.holds_state = true;
    }
    if (in_place) {
        me.in_place.reserve(me.in_place.size() + 1);
        if (t.begin_writing()) {
            me.in_place.push_back({Ref<TensorImpl>(&t), t.memory()});
            return me.in_place.back().copy.data();
        }
    }
    Memory now = t.memory();
    int64_t bytes = t.shape.numel() * size_of(t.dtype);
    Memory copy{Storage::allocate(bytes), 0};
    if (bytes)
        std::memcpy(copy.data(), now.data(), size_t(bytes));
    me.overlay.push_back({Ref<TensorImpl>(&t), copy});
    return me.overlay.back().copy.data();
}

bool overlaid(const Binding &b) {
    return b.depends([](const TensorImpl &t) {
        for (auto &o : t_slot->overlay)
            if (o.tensor.get() == &t)
                return true;
        return false;
    });
}

void publish_overlay() {
    Slot &me = *t_slot;
    CachedVector<Change> changes;
    for (auto &o : me.overlay)
        changes.push_back({o.tensor.get(), o.copy});
    commit(changes, false);
}
void drop_overlay() noexcept {
    Slot &me = *t_slot;
    me.overlay.clear();
    for (auto &written : me.in_place)
        written.tensor->end_writing();
    me.in_place.clear();
    me.holds_state = false;
    world().state.unlock();
}
} // namespace modrt::detail
