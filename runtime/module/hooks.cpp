// Registering and removing hooks. Lists are immutable and replaced whole: a call goes on with the list that it began
// with.
#include "modrt/error.h"
#include "module/edit_config.h"
#include <algorithm>

namespace modrt {
namespace detail {
namespace {
int64_t next_id() {
    static std::atomic<int64_t> id{0};
    return ++id;
}
SpinLock g_global_lock;
std::shared_ptr<const HookList> &global_list() {
    static auto *list = new std::shared_ptr<const HookList>;
    return *list;
}
std::shared_ptr<const HookList> with(const std::shared_ptr<const HookList> &old, const std::shared_ptr<HookEntry> &h,
                                     bool prepend) {
    auto next = old ? std::make_shared<HookList>(*old) : std::make_shared<HookList>();
    next->insert(prepend ? next->begin() : next->end(), h);
    return next;
}
std::shared_ptr<const HookList> without(const std::shared_ptr<const HookList> &old,
                                        const std::shared_ptr<HookEntry> &h) {
    if (!old)
        return old;
    auto next = std::make_shared<HookList>(*old);
    std::erase(*next, h);
    return next->empty() ? nullptr : std::shared_ptr<const HookList>(next);
}
// Changes the process-wide list; the old one is dropped outside the locks, since it may own user's objects.
template <class F> void change_global(F f) {
    std::shared_ptr<const HookList> old, next;
    World &w = world();
    std::lock_guard tree(w.tree);
    old = global_hooks();
    next = f(old);
    {
        std::lock_guard l(g_global_lock);
        global_list() = next;
    }
    w.global_flags.store(next && !next->empty() ? kOwnHook | kBelow : 0, std::memory_order_release);
}

HookHandle add(const Module &module, std::shared_ptr<HookEntry> h, bool prepend) {
    ModuleImpl &m = checked(module);
    h->id = next_id();
    h->owner = &m;
    edit_config(m, [&](Config &c) { c.hooks = with(c.hooks, h, prepend); });
    return HookHandle(std::move(h));
}
HookHandle add_global(std::shared_ptr<HookEntry> h, bool prepend) {
    h->id = next_id();
    h->global = true;
    change_global([&](auto &old) { return with(old, h, prepend); });
    return HookHandle(std::move(h));
}
std::shared_ptr<HookEntry> pre_entry(std::function<Tensors(Module &, const Tensors &)> f) {
    auto h = std::make_shared<HookEntry>();
    h->kind = HookKind::pre;
    h->pre = std::move(f);
    return h;
}
std::shared_ptr<HookEntry> forward_entry(std::function<Tensors(Module &, const Tensors &, const Tensors &)> f,
                                         bool always) {
    auto h = std::make_shared<HookEntry>();
    h->kind = HookKind::forward;
    h->always = always;
    h->forward = std::move(f);
    return h;
}
} // namespace

SpinLock &hook_owners() {
    static auto *lock = new SpinLock;
    return *lock;
}
std::shared_ptr<const HookList> global_hooks() {
    std::lock_guard l(g_global_lock);
    return global_list();
}
} // namespace detail

using namespace detail;

int64_t HookHandle::id() const { return entry_ ? entry_->id : 0; }
void HookHandle::remove() {
    if (!entry_)
        return;
    if (entry_->global) {
        change_global([&](auto &old) { return without(old, entry_); });
        return;
    }
    Ref<ModuleImpl> owner;
    {
        std::lock_guard l(hook_owners());
        if (!entry_->owner || !try_retain(entry_->owner))
            return;
        owner = Ref<ModuleImpl>::adopt(entry_->owner);
        entry_->owner = nullptr;
    }
    edit_config(*owner, [&](Config &c) { c.hooks = without(c.hooks, entry_); });
}
void HookHandle::remove_and_wait() {
    remove();
    World &w = world();
    uint64_t now; // calls from here on cannot see the hook
    {
        std::lock_guard l(w.tree); // a commit that is being made counts on its epoch
        now = w.step();
    }
    while (w.anyone_before(now, t_slot))
        std::this_thread::yield();
}

HookHandle Module::pre_hook(std::function<Tensors(Module &, const Tensors &)> f, HookOptions o) {
    if (o.always_call)
        throw ValueError("always_call is an option of forward hooks");
    return add(*this, pre_entry(std::move(f)), o.prepend);
}
HookHandle Module::forward_hook(std::function<Tensors(Module &, const Tensors &, const Tensors &)> f, HookOptions o) {
    return add(*this, forward_entry(std::move(f), o.always_call), o.prepend);
}
HookHandle register_module_forward_pre_hook(std::function<Tensors(Module &, const Tensors &)> f) {
    return add_global(pre_entry(std::move(f)), false);
}
HookHandle register_module_forward_hook(std::function<Tensors(Module &, const Tensors &, const Tensors &)> f,
                                        HookOptions o) {
    return add_global(forward_entry(std::move(f), o.always_call), o.prepend);
}
} // namespace modrt
