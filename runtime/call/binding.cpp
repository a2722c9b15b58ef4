// Building, closing and publishing bindings; prepared blocks.
#include "call/binding.h"
#include "call/run.h"
#include "modrt/error.h"
#include "threads/pool.h"
#include <algorithm>
#include <cstring>

namespace modrt::detail {
namespace {
Memory memory_at(const TensorImpl &t, uint64_t epoch) {
    if (epoch > world().epoch.load() && t.owned->staged.storage)
        return t.owned->staged;
    return t.at(epoch);
}
std::string full_name(const ModuleImpl &m, std::string_view path, std::string_view tensor) {
    std::string s = path_of(m);
    for (std::string_view part : {path, tensor})
        if (!part.empty())
            s += (s.empty() ? "" : ".") + std::string(part);
    return s;
}

// The tensor that a function of m means by a reference. Below a replaced child the class record differs: there the name
// counts.
Ref<TensorImpl> resolve(ModuleImpl &m, const modc_ref &r) {
    const ArtifactImpl &a = *m.artifact;
    auto *expected = class_at(a.table, &m.record(), a.table->paths[r.path]);
    const modc_tensor &want = expected->tensors[r.tensor];
    Ref<ModuleImpl> owner = find(m, a.paths[size_t(r.path)]);
    if (owner && owner->record().hash == expected->hash && size_t(r.tensor) < owner->tensors.size())
        if (auto &t = owner->tensors[size_t(r.tensor)])
            return t;
    for (uint32_t i = 0; owner && i < owner->record().n_tensors; ++i) {
        auto &t = owner->tensors[i];
        if (t && std::string_view(owner->record().tensors[i].name) == want.name && t->dtype == DType(want.dtype) &&
            std::equal(t->shape.begin(), t->shape.end(), want.dims, want.dims + want.rank))
            return t;
    }
    throw StructureError("the compiled code of " + name_for_errors(m) + " reads " +
                         full_name(m, a.table->paths[r.path], want.name) + " (" +
                         describe(DType(want.dtype), Shape(std::span(want.dims, want.rank))) +
                         "), which the module put there does not have");
}
Memory value_of(ModuleImpl &m, const modc_ref &r, const TensorImpl &t, uint64_t epoch) {
    Memory value = memory_at(t, epoch);
    if (!value.storage) {
        const ArtifactImpl &a = *m.artifact;
        auto *c = class_at(a.table, &m.record(), a.table->paths[r.path]);
        throw ValueError(full_name(m, a.table->paths[r.path], c->tensors[r.tensor].name) + " (" +
                         describe(t.dtype, t.shape) + ") has no value: load_state_dict() gives it one");
    }
    return value;
}
uint64_t serial_of(Storage &s) { // tree mutex held
    static uint64_t last = 0;
    return s.serial ? s.serial : s.serial = ++last;
}

// The blocks of one function that have to be derived: all of them at once, on the pool, the largest first.
struct Pending {
    const ArtifactImpl *artifact;
    int32_t index;
    size_t place; // among the function's prepared blocks
    uint64_t content;
    std::vector<std::pair<uint64_t, int64_t>> key;
    CachedVector<Memory> memory;
    Ref<Storage> block;
    modc_rc rc = MODC_OK;
};

modc_rc run_prepare(const ArtifactImpl &a, int32_t index, std::span<const Memory> sources, char *to) noexcept {
    const void *data[kMaxSources];
    for (size_t i = 0; i < sources.size(); ++i)
        data[i] = sources[i].data();
    modc_frame f = make_frame(a);
    return a.target->prepare[index](&f, data, nullptr, to);
}
Ref<Storage> block_for(const ArtifactImpl &a, int32_t index) {
    return Storage::allocate(std::max<int64_t>(a.target->prepared_bytes[index](nullptr), 1));
}
void check_prepared(const ArtifactImpl &a, int32_t index, modc_rc rc) {
    if (rc != MODC_OK)
        throw Error("preparing " + std::string(a.table->prepared[index].name) + " failed with code " +
                    std::to_string(rc));
}

// Blocks are kept with their first source, by content and sources: every function that wants the same shares one.
Ref<Storage> cached_block(const CachedVector<Ref<TensorImpl>> &from, Pending &p) {
    for (auto &m : p.memory)
        p.key.emplace_back(serial_of(*m.storage), m.offset);
    for (auto &known : from[0]->owned->prepared)
        if (known.content == p.content && known.sources == p.key)
            return known.block;
    return {};
}
void remember(const CachedVector<Ref<TensorImpl>> &from, const Pending &p) {
    for (size_t i = 0; i < from.size(); ++i) { // what only a call of an older epoch wants is not kept
        const Memory &now = from[i]->owned->staged.storage ? from[i]->owned->staged : from[i]->mem;
        if (!(now.storage == p.memory[i].storage) || now.offset != p.memory[i].offset)
            return;
    }
    auto &cache = from[0]->owned->prepared;
    std::erase_if(cache, [&](auto &known) { return known.content == p.content; });
    cache.push_back({p.content, p.key, p.block});
}

void derive_all(CachedVector<Pending> &pending) {
    if (pending.empty())
        return;
    std::stable_sort(pending.begin(), pending.end(), [](auto &x, auto &y) { return x.block->bytes > y.block->bytes; });
    parallel(
        int64_t(pending.size()),
        [](void *all, int64_t i) {
            Pending &p = static_cast<Pending *>(all)[i];
            p.rc = run_prepare(*p.artifact, p.index, p.memory, p.block->data);
            return modc_rc(MODC_OK);
        },
        pending.data());
    for (auto &p : pending)
        check_prepared(*p.artifact, p.index, p.rc);
}
} // namespace

Ref<Storage> derive(const ArtifactImpl &a, int32_t index, std::span<const Memory> sources) {
    Ref<Storage> block = block_for(a, index);
    check_prepared(a, index, run_prepare(a, index, sources, block->data));
    return block;
}

Binding *build(ModuleImpl &m, int32_t index, uint64_t epoch, Ref<TensorImpl> &busy) {
    const ArtifactImpl &a = *m.artifact;
    auto free_to_read = [&](const Ref<TensorImpl> &t) {
        t->owned->read_elsewhere.store(true); // from now on calls write copies
        if (!t->written_by_another())
            return true;
        busy = t;
        return false;
    };
    struct Drop {
        void operator()(Binding *b) const noexcept { b->unref(); }
    };
    std::unique_ptr<Binding, Drop> b(cached_new<Binding>());
    const modc_fn &fn = *(b->fn = &a.table->fns[index]);
    b->from = epoch;
    b->body = a.bodies[index];
    b->plan = a.plans[index];
    for (uint32_t i = 0; i < fn.n_weights; ++i) {
        Ref<TensorImpl> t = resolve(m, fn.weights[i]);
        if (!free_to_read(t))
            return nullptr;
        Memory value = value_of(m, fn.weights[i], *t, epoch);
        b->table.push_back(value.data());
        b->keep.push_back(std::move(value));
        b->weights.push_back(std::move(t));
    }
    CachedVector<Pending> pending;
    for (uint32_t i = 0; i < fn.n_prepared; ++i) {
        const modc_prepared &record = a.table->prepared[fn.prepared[i]];
        Pending p{&a, fn.prepared[i], i, modc_fold(a.target_key, record.content), {}, {}, {}, MODC_OK};
        CachedVector<Ref<TensorImpl>> from;
        for (uint32_t k = 0; k < record.n_src; ++k) {
            from.push_back(resolve(m, record.src[k]));
            if (!free_to_read(from.back()))
                return nullptr;
            p.memory.push_back(value_of(m, record.src[k], *from.back(), epoch));
        }
        Ref<Storage> block = cached_block(from, p);
        b->keep.push_back({block, 0});
        b->sources.push_back(std::move(from));
        if (!block) {
            p.block = block_for(a, p.index);
            pending.push_back(std::move(p));
        }
    }
    derive_all(pending);
    for (auto &p : pending) {
        b->keep[fn.n_weights + p.place].storage = p.block;
        remember(b->sources[p.place], p);
    }
    for (uint32_t i = 0; i < fn.n_prepared; ++i)
        b->table.push_back(b->keep[fn.n_weights + i].data());
    for (uint32_t i = 0; i < fn.n_constants; ++i)
        b->table.push_back(a.table->constants[fn.constants[i]].data);
    for (uint32_t i = 0; i < fn.n_writes; ++i) {
        Ref<TensorImpl> t = resolve(m, fn.writes[i]);
        value_of(m, fn.writes[i], *t, epoch);
        b->writes.push_back(std::move(t));
    }
    return b.release();
}

Binding *bound(ModuleImpl &m, int32_t cell, bool fused) {
    Slot &me = *t_slot; // a call runs: its Reader took it
    std::atomic<Binding *> &at = m.cells[size_t(cell)];
    Binding *b = Binding::seen(at.load(std::memory_order_acquire), me.epoch.load(std::memory_order_relaxed));
    while (!b) [[unlikely]] {
        Ref<TensorImpl> busy;
        {
            World &w = world();
            std::lock_guard l(w.tree);
            uint64_t now = w.epoch.load(), epoch = me.epoch.load(std::memory_order_relaxed);
            if (me.fresh && epoch < now)
                me.epoch.store(epoch = now);
            b = Binding::seen(at.load(std::memory_order_acquire), epoch);
            if (!b && fused && m.flags.load(std::memory_order_relaxed) & kStructure)
                return nullptr;
            if (!b) {
                w.retired.reserve(w.retired.size() + 1);
                b = build(m, m.info->fns[size_t(cell)], epoch, busy);
                if (b && epoch == now)
                    at.store(b, std::memory_order_release);
                else if (b)
                    w.retire(now, b); // for this call, older than the last commit, and for it alone
            }
        }
        if (busy)
            busy->wait_for_writer();
    }
    me.fresh = false;
    return b;
}

void close_cell(ModuleImpl &m, size_t cell, uint64_t next) {
    if (Binding *b = m.cells[cell].exchange(nullptr))
        world().retire(next, b);
}
void close_cells(ModuleImpl &m, uint64_t next) {
    for (size_t i = 0; i < m.info->fns.size(); ++i)
        close_cell(m, i, next);
}

void commit(CachedVector<Change> &changes, bool eager) {
    World &w = world();
    std::lock_guard l(w.tree);
    uint64_t next = w.epoch.load() + 1, mark = ++w.last_mark;
    CachedVector<ModuleImpl *> affected;
    for (auto &c : changes)
        for (ModuleImpl *m : c.tensor->owned->owners)
            ancestors(*m, mark, affected);
    struct Rebuilt {
        std::atomic<Binding *> *cell;
        Binding *made;
    };
    std::vector<Rebuilt> rebuilt;
    struct Stage { // undone unless published
        CachedVector<Change> &changes;
        std::vector<Rebuilt> &rebuilt;
        bool published = false;
        ~Stage() {
            for (auto &c : changes)
                c.tensor->owned->staged = {};
            for (auto &r : rebuilt)
                if (!published && r.made)
                    r.made->unref();
        }
    } stage{changes, rebuilt};
    for (auto &c : changes)
        c.tensor->owned->staged = c.memory;
    auto changed = [](const TensorImpl &t) { return bool(t.owned->staged.storage); };
    size_t cells = 0;
    for (ModuleImpl *m : affected)
        for (size_t i = 0; i < m->info->fns.size(); ++i) {
            Binding *b = m->cells[i].load(std::memory_order_relaxed);
            if (!b || !b->depends(changed))
                continue;
            ++cells;
            bool stale = m->flags.load(std::memory_order_relaxed) &
                         kStructure; // what is fused there does not fit: built at need, if ever
            if (eager && !stale) {
                rebuilt.push_back({&m->cells[i], nullptr});
                Ref<TensorImpl> busy; // never: what a binding reads is written by nobody in place
                rebuilt.back().made = build(*m, m->info->fns[i], next, busy);
            }
        }
    w.retired.reserve(w.retired.size() + cells);
    w.with_history.reserve(w.with_history.size() + changes.size());
    for (auto &c : changes)
        c.tensor->owned->history.reserve(c.tensor->owned->history.size() + 1);
    // Nothing below can fail.
    stage.published = true;
    for (auto &r : rebuilt) {
        Binding *before = r.cell->load(std::memory_order_relaxed);
        r.made->previous.store(before, std::memory_order_release);
        r.cell->store(r.made, std::memory_order_release);
        w.retire(next, before);
    }
    for (ModuleImpl *m : affected)
        for (size_t i = 0; i < m->info->fns.size(); ++i)
            if (Binding *b = m->cells[i].load(std::memory_order_relaxed); b && b->from < next && b->depends(changed))
                close_cell(*m, i, next);
    for (auto &c : changes) {
        TensorImpl &t = *c.tensor;
        if (t.owned->history.empty())
            w.with_history.push_back(Ref<TensorImpl>(&t));
        t.owned->history.emplace_back(next, t.mem);
        std::lock_guard lock(t.lock);
        std::swap(t.mem, c.memory);
    }
    w.step();
    w.reclaim();
}
} // namespace modrt::detail
