// Making a tree from class records: nodes, shared modules and tensors, initial values.
#include "call/run.h"
#include "core/convert.h"
#include "core/random.h"
#include "modrt/error.h"
#include <algorithm>
#include <cstring>
#include <set>

namespace modrt {
namespace detail {
namespace {
Ref<TensorImpl> make_owned(const modc_tensor &t) {
    auto impl = Ref<TensorImpl>::adopt(cached_new<TensorImpl>());
    impl->dtype = DType(t.dtype);
    impl->shape = Shape(std::span(t.dims, t.rank));
    contiguous_strides(impl->shape, impl->strides.data());
    impl->owned = std::make_unique<Owned>();
    impl->owned->parameter = t.flags & MODC_T_PARAM;
    impl->owned->persistent = t.flags & MODC_T_PERSISTENT;
    impl->requires_grad = impl->owned->parameter && !(t.flags & MODC_T_NO_GRAD) && is_floating_point(impl->dtype);
    return impl;
}

Ref<ModuleImpl> instantiate(const Ref<ArtifactImpl> &a, int32_t cls) {
    const ClassInfo &info = a->classes[size_t(cls)];
    const modc_class &record = *info.record;
    if (record.flags & MODC_C_GENERIC)
        throw UnsupportedError(std::string(record.name) +
                               " is a class with arguments that are given at run time; export an instance of it, "
                               "such as `export name = " +
                               record.name + "(...)`");
    auto m = Ref<ModuleImpl>::adopt(new ModuleImpl(a, &info));
    for (uint32_t i = 0; i < record.n_tensors; ++i)
        if (!(record.tensors[i].flags & MODC_T_NONE))
            m->tensors[i] = make_owned(record.tensors[i]);
    auto config = std::make_shared<Config>();
    for (uint32_t i = 0; i < record.n_children; ++i)
        config->children.push_back({record.children[i].key, record.children[i].cls == MODC_NONE
                                                                ? Ref<ModuleImpl>()
                                                                : instantiate(a, record.children[i].cls)});
    m->set_config(config);
    for (uint32_t i = 0; i < record.n_aliases; ++i) { // one module under two paths
        std::string_view path = record.aliases[i].path;
        size_t dot = path.rfind('.');
        Ref<ModuleImpl> parent = dot == path.npos ? m : find(*m, path.substr(0, dot));
        auto edited = std::make_shared<Config>(*parent->config());
        for (auto &c : edited->children)
            if (c.key == path.substr(dot == path.npos ? 0 : dot + 1))
                c.module = find(*m, record.aliases[i].first);
        parent->set_config(edited);
    }
    return m;
}

std::pair<Ref<ModuleImpl>, size_t> tensor_at(const ModuleImpl &root, std::string_view full) {
    size_t dot = full.rfind('.');
    Ref<ModuleImpl> m = find(root, dot == full.npos ? "" : full.substr(0, dot));
    std::string_view name = full.substr(dot == full.npos ? 0 : dot + 1);
    for (uint32_t i = 0; m && i < m->record().n_tensors; ++i)
        if (name == m->record().tensors[i].name)
            return {m, i};
    throw ArtifactError(root.artifact->label() + " is damaged: tie of the unknown tensor '" + std::string(full) + "'");
}

void initial_value(const ArtifactImpl &a, const modc_tensor &t, TensorImpl &impl, const std::string &name,
                   uint64_t call) {
    uint64_t key = modc_fold(initial_seed(), modc_name(name.c_str()));
    int64_t n = impl.shape.numel();
    if (t.init == MODC_INIT_UNSET)
        return; // must be loaded
    Memory memory{Storage::allocate(std::max<int64_t>(bytes_for(impl.shape, impl.dtype), 1)), 0};
    switch (t.init) {
    case MODC_INIT_FILL: {
        Tensor view = make_view(memory.storage, 0, impl.shape, impl.dtype);
        view.fill_(t.a);
        break;
    }
    case MODC_INIT_UNIFORM:
        fill_uniform(memory.data(), impl.dtype, n, t.a, t.b, key, call);
        break;
    case MODC_INIT_NORMAL:
        fill_normal(memory.data(), impl.dtype, n, t.a, t.b, key, call);
        break;
    case MODC_INIT_DATA:
        std::memcpy(memory.data(), t.init_data, size_t(n * size_of(impl.dtype)));
        break;
    case MODC_INIT_FN: {
        const modc_fn &fn = a.table->fns[t.init_fn];
        std::vector<int64_t> syms(fn.n_syms + 1), dims(MODC_MAX_RANK);
        int64_t *out_dims[] = {dims.data()}, info[4] = {};
        modc_sizes sizes{};
        modc_frame f = make_frame(a);
        std::vector<const void *> constants;
        for (uint32_t i = 0; i < fn.n_constants; ++i)
            constants.push_back(a.table->constants[fn.constants[i]].data);
        f.weights = constants.data();
        f.syms = syms.data();
        f.key = key;
        f.call = call;
        modc_rc rc = a.plans[t.init_fn](nullptr, nullptr, syms.data(), out_dims, &sizes, info);
        if (rc == MODC_OK && !std::equal(impl.shape.begin(), impl.shape.end(), dims.begin()))
            throw ArtifactError(a.label() + " is damaged: the initialiser of " + name + " makes another shape");
        Ref<Storage> scratch = Storage::allocate(std::max<int64_t>(sizes.arena, 64));
        f.arena = scratch->data;
        modc_view out{memory.data(), dims.data()};
        if (rc == MODC_OK)
            rc = a.bodies[t.init_fn](&f, nullptr, &out);
        if (rc != MODC_OK)
            throw Error("the initialiser of " + name + " failed with code " + std::to_string(rc));
        break;
    }
    default:
        break;
    }
    impl.mem = std::move(memory);
}

// First names only: a shared module or tensor is initialised once.
void initialise(ModuleImpl &m, const std::string &prefix, bool declared, uint64_t call, std::set<const void *> &done) {
    if (!done.insert(&m).second)
        return;
    for (uint32_t i = 0; i < m.record().n_tensors; ++i)
        if (auto &t = m.tensors[i];
            t && done.insert(t.get()).second && (!declared || (!t->owned->parameter && !t->owned->persistent)))
            initial_value(*m.artifact, m.record().tensors[i], *t, prefix + m.record().tensors[i].name, call);
    for (auto config = m.config(); auto &c : config->children)
        if (c.module)
            initialise(*c.module, prefix + std::string(c.key) + ".", declared, call, done);
}

// Weak links upwards and the first flags; children before their parents.
void connect(ModuleImpl &m, uint64_t mark) {
    if (m.mark == mark)
        return;
    m.mark = mark;
    for (auto &t : m.tensors)
        if (t)
            t->owned->owners.push_back(&m);
    for (auto config = m.config(); auto &c : config->children)
        if (c.module) {
            connect(*c.module, mark);
            c.module->parents.push_back(&m);
        }
    m.flags.store(compute_flags(m), std::memory_order_release);
}

Module make(const Artifact &artifact, std::string_view name, bool declared) {
    if (!artifact)
        throw ValueError("an empty artifact handle was used");
    Ref<ArtifactImpl> a(artifact.impl());
    const modc_artifact &t = *a->table;
    std::string all;
    for (uint32_t i = 0; i < t.n_exports; ++i) {
        const modc_export &e = t.exports[i];
        all += (all.empty() ? "'" : ", '") + std::string(e.name) + "'";
        if (name != e.name)
            continue;
        Ref<ModuleImpl> root = instantiate(a, e.cls);
        for (uint32_t k = 0; k < e.n_ties; ++k) {
            auto [m, index] = tensor_at(*root, e.ties[k].path);
            auto [first, first_index] = tensor_at(*root, e.ties[k].first);
            m->tensors[index] = first->tensors[first_index];
        }
        std::set<const void *> done;
        initialise(*root, "", declared, take_call(), done);
        root->export_index = int32_t(i);
        {
            World &w = world();
            std::lock_guard l(w.tree);
            connect(*root, ++w.last_mark);
        }
        Ref<ModuleImpl> at = find(*root, e.path ? std::string_view(e.path) : std::string_view());
        at->export_index = int32_t(i);
        return Module(at, int32_t(e.method) - 1);
    }
    throw KeyError("no model '" + std::string(name) + "' in " + a->label() + "; it has " +
                   (all.empty() ? "none" : all));
}
} // namespace
} // namespace detail

Module Artifact::create(std::string_view name) const { return detail::make(*this, name, false); }
Module Artifact::declare(std::string_view name) const { return detail::make(*this, name, true); }

Module Module::entry(std::string_view name) const {
    auto &m = detail::checked(*this);
    const modc_artifact &t = *m.artifact->table;
    if (m.export_index >= 0) {
        const modc_export &mine = t.exports[m.export_index];
        for (uint32_t i = 0; i < t.n_exports; ++i) {
            const modc_export &e = t.exports[i];
            std::string_view path = e.path ? e.path : "", here = mine.path ? mine.path : "";
            if (name != e.name || e.instance != mine.instance)
                continue;
            if (path == here)
                return Module(impl_, int32_t(e.method) - 1);
            if (here.empty())
                if (auto at = detail::find(m, path))
                    return Module(at, int32_t(e.method) - 1);
        }
    }
    throw KeyError("'" + std::string(name) + "' is no export of the same instance as " + detail::call_place(m));
}
} // namespace modrt
