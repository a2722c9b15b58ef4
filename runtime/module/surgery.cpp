// Modes and replaced children.
#include "artifact/checker.h"
#include "call/run.h"
#include "modrt/error.h"
#include <algorithm>

namespace modrt {
namespace detail {
namespace {
void set_mode(ModuleImpl &m, bool on, std::vector<std::shared_ptr<const Config>> &old) {
    auto config = m.config();
    for (auto &c : config->children)
        if (c.module)
            set_mode(*c.module, on, old);
    if (config->training != on) {
        auto next = std::make_shared<Config>(*config);
        next->training = on;
        old.push_back(config);
        m.set_config(std::move(next));
    }
    m.flags.store(compute_flags(m), std::memory_order_release);
}

bool contains(const ModuleImpl &m, const ModuleImpl *x) {
    if (&m == x)
        return true;
    for (auto config = m.config(); auto &c : config->children)
        if (c.module && contains(*c.module, x))
            return true;
    return false;
}

struct Replacement {
    const ModuleImpl *parent;
    std::string_view key;
    ModuleImpl *made;
};
// What stands at a path below m once the replacement is done; `through` when the path leads through it.
ModuleImpl *resolve(ModuleImpl &m, const PathInfo &path, const Replacement &r, bool &through) {
    ModuleImpl *at = &m;
    for (size_t i = 0; i < path.keys.size() && at; ++i) {
        if (at == r.parent && path.keys[i] == r.key) {
            through = true;
            at = r.made;
            continue;
        }
        auto config = at->config(); // tree mutex held: it stays
        auto *c = config->find(path.keys[i], path.hints[i]);
        at = c ? c->module.get() : nullptr;
    }
    return at;
}

std::string text_of(const ModuleImpl &m) {
    const modc_sig *s = m.info->entries[0].sig;
    return s ? signature_text(m.record().name, *s) : std::string(m.record().name) + ", which has no forward";
}

// Every call that the compiled code of m makes through the replacement must still find what it was compiled for.
void check_calls(ModuleImpl &m, const Replacement &r) {
    const ArtifactImpl &a = *m.artifact;
    const modc_artifact &t = *a.table;
    for (auto &e : m.info->entries)
        for (int train = 0; e.sig && train < 2; ++train) {
            if (e.program[train] == MODC_NONE)
                continue;
            auto &p = t.programs[e.program[train]];
            for (uint32_t i = 0; i < p.n_steps; ++i) {
                const modc_step &s = p.steps[i];
                bool through = false;
                if (s.op != MODC_S_CALL)
                    continue;
                ModuleImpl *callee = resolve(m, a.paths[size_t(s.target)], r, through);
                if (!through)
                    continue;
                const modc_class &expected = *class_at(&t, &m.record(), t.paths[s.target]);
                int32_t k = s.method ? expected.methods[s.method - 1].sig : expected.sig;
                int32_t entry = callee ? callee_entry(*callee, &expected, s.method) : -1;
                if (entry < 0 || !same_interface(t.sigs[k], *callee->info->entries[size_t(entry)].sig))
                    throw StructureError("set_submodule: " + call_place(m) + " calls '" + t.paths[s.target] + "' as " +
                                         signature_text(expected.name, t.sigs[k]) + ", but the new module is " +
                                         (callee ? text_of(*callee) : "without such a child") +
                                         "; inputs and outputs must agree in number, dtype and rank");
            }
        }
    if (&m == r.parent && m.record().kind == MODC_K_SEQUENTIAL) {
        const modc_sig *s = r.made->info->entries[0].sig;
        if (!s || s->n_in != 1 || s->n_out != 1)
            throw StructureError("set_submodule: " + call_place(m) +
                                 " passes one value from child to child, but the new module is " + text_of(*r.made));
    }
}
} // namespace
} // namespace detail

using namespace detail;

bool Module::training() const { return checked(*this).config()->training; }

Module &Module::train(bool mode) {
    ModuleImpl &m = checked(*this);
    std::vector<std::shared_ptr<const Config>> old; // dropped after the lock
    std::lock_guard l(world().tree);
    set_mode(m, mode, old);
    refresh_up(m);
    return *this;
}

Module &Module::set_submodule(std::string_view path, const Module &module) {
    checked(*this);
    if (path.empty())
        throw ValueError("Cannot set the submodule without a target name!");
    if (!module)
        throw ValueError("`module` is not an nn.Module, found NoneType");
    size_t dot = path.rfind('.');
    Module parent = get_submodule(dot == path.npos ? std::string_view() : path.substr(0, dot));
    std::string_view key = path.substr(dot == path.npos ? 0 : dot + 1);
    ModuleImpl &p = *parent.impl(), &made = *module.impl();

    std::shared_ptr<const Config> old; // dropped after the lock
    World &w = world();
    std::lock_guard l(w.tree);
    old = p.config();
    auto next = std::make_shared<Config>(*old);
    Child *place = nullptr;
    for (auto &c : next->children)
        if (c.key == key)
            place = &c;
    if (!place) {
        parent.get_submodule(key); // says what is there instead
        throw KeyError(parent.type() + " has no attribute `" + std::string(key) + "`");
    }
    if (place->module.get() == &made)
        return *this;
    if (contains(made, &p))
        throw StructureError("set_submodule: the new module contains " + call_place(p) +
                             ", which would then contain itself");
    CachedVector<ModuleImpl *> above;
    ancestors(p, ++w.last_mark, above);
    for (ModuleImpl *m : above)
        check_calls(*m, {&p, key, &made});
    made.parents.reserve(made.parents.size() + 1);
    size_t cells = 0;
    for (ModuleImpl *m : above)
        cells += m->info->fns.size();
    w.retired.reserve(w.retired.size() + cells);
    // Nothing below can fail.
    if (place->module) {
        auto &ps = place->module->parents;
        ps.erase(std::find(ps.begin(), ps.end(), &p));
    }
    place->module = Ref<ModuleImpl>(&made);
    made.parents.push_back(&p);
    p.set_config(std::move(next));
    refresh_up(p);
    for (ModuleImpl *m : above)
        close_cells(*m, w.epoch.load() + 1);
    w.step();
    w.reclaim();
    return *this;
}
} // namespace modrt
