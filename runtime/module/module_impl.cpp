// Nodes: their life, configuration, paths, and the flags that dispatch reads.
#include "module/module_impl.h"
#include "call/binding.h"
#include "modrt/error.h"
#include <algorithm>

namespace modrt::detail {
void retain(ModuleImpl *m) noexcept { m->refs.fetch_add(1, std::memory_order_relaxed); }
void release(ModuleImpl *m) noexcept {
    if (m->refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
        delete m;
}
bool try_retain(ModuleImpl *m) noexcept {
    uint32_t n = m->refs.load(std::memory_order_relaxed);
    while (n)
        if (m->refs.compare_exchange_weak(n, n + 1, std::memory_order_relaxed))
            return true;
    return false;
}

ModuleImpl::ModuleImpl(Ref<ArtifactImpl> a, const ClassInfo *i)
    : artifact(std::move(a)), info(i), cells(new std::atomic<Binding *>[i->fns.size()]()),
      tensors(i->record->n_tensors) {}

ModuleImpl::~ModuleImpl() {
    std::shared_ptr<const Config> last = config();
    if (last->hooks) {
        std::lock_guard l(hook_owners());
        for (auto &h : *last->hooks)
            h->owner = nullptr;
    }
    {
        std::lock_guard l(world().tree);
        for (auto &c : last->children)
            if (c.module)
                if (auto at = std::find(c.module->parents.begin(), c.module->parents.end(), this);
                    at != c.module->parents.end())
                    c.module->parents.erase(at);
        for (auto &t : tensors)
            if (t)
                std::erase(t->owned->owners, this);
        for (size_t k = 0; k < info->fns.size(); ++k) // older ones belong to the retired list
            if (Binding *b = cells[k].load(std::memory_order_relaxed))
                b->unref();
    }
    set_config(nullptr); // children go after the lock
}

void ModuleImpl::set_config(std::shared_ptr<const Config> next) {
    std::lock_guard l(config_lock_);
    config_.swap(next);
}

ModuleImpl &checked(const Module &m) {
    if (!m)
        throw ValueError("an empty module handle (None) was used where a module is needed");
    return *m.impl();
}

Ref<ModuleImpl> find(const ModuleImpl &m, const PathInfo &path) {
    Ref<ModuleImpl> at(const_cast<ModuleImpl *>(&m));
    for (size_t i = 0; i < path.keys.size() && at; ++i) {
        auto config = at->config();
        auto *c = config->find(path.keys[i], path.hints[i]);
        at = c ? c->module : Ref<ModuleImpl>();
    }
    return at;
}
Ref<ModuleImpl> find(const ModuleImpl &m, std::string_view path) {
    Ref<ModuleImpl> at(const_cast<ModuleImpl *>(&m));
    while (at && !path.empty()) {
        size_t dot = std::min(path.find('.'), path.size());
        auto config = at->config();
        auto *c = config->find(path.substr(0, dot));
        at = c ? c->module : Ref<ModuleImpl>();
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return at;
}

std::string path_of(const ModuleImpl &m) {
    std::lock_guard l(world().tree);
    std::string path;
    for (const ModuleImpl *at = &m; !at->parents.empty(); at = at->parents[0]) {
        auto config = at->parents[0]->config();
        for (auto &c : config->children)
            if (c.module.get() == at) {
                path = std::string(c.key) + (path.empty() ? "" : "." + path);
                break;
            }
    }
    return path;
}

uint32_t compute_flags(const ModuleImpl &m) {
    auto config = m.config();
    const modc_class &record = m.record();
    uint32_t f = 0;
    if (config->training)
        f |= kTrain;
    if (config->hooks && !config->hooks->empty())
        f |= kOwnHook;
    for (size_t i = 0; i < config->children.size(); ++i) {
        auto *c = config->children[i].module.get();
        int32_t expected = i < record.n_children ? record.children[i].cls : MODC_NONE;
        if (!c) {
            if (expected != MODC_NONE)
                f |= kBelow | kStructure;
            continue;
        }
        uint32_t below = c->flags.load(std::memory_order_relaxed);
        if (below & (kOwnHook | kBelow))
            f |= kBelow;
        if (bool(below & kTrain) != config->training && c->record().flags & MODC_C_MODE_SENSITIVE)
            f |= kBelow;
        // A child of equal content is no replacement, whatever artifact it came from.
        if (expected == MODC_NONE || c->record().hash != m.artifact->table->classes[expected].hash ||
            below & kStructure)
            f |= kBelow | kStructure;
    }
    for (uint32_t i = 0; i < record.n_aliases; ++i)
        if (!(find(m, record.aliases[i].path) == find(m, record.aliases[i].first)))
            f |= kBelow | kStructure;
    return f;
}

void refresh_up(ModuleImpl &m) {
    m.flags.store(compute_flags(m), std::memory_order_release);
    for (ModuleImpl *p : m.parents)
        refresh_up(*p);
}

void ancestors(ModuleImpl &m, uint64_t mark, CachedVector<ModuleImpl *> &out) {
    if (m.mark == mark)
        return;
    m.mark = mark;
    out.push_back(&m);
    for (ModuleImpl *p : m.parents)
        ancestors(*p, mark, out);
}
} // namespace modrt::detail
