// From a checked table to an ArtifactImpl: target choice, entries, the functions each class may run.
#include "artifact/artifact_impl.h"
#include "artifact/cpu.h"
#include "modrt/error.h"
#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <unordered_map>

namespace modrt::detail {
void retain(ArtifactImpl *a) noexcept { a->refs.fetch_add(1, std::memory_order_relaxed); }
void release(ArtifactImpl *a) noexcept {
    if (a->refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
        delete a;
}
ArtifactImpl::~ArtifactImpl() {
    if (library)
        dlclose(library);
}
int32_t ClassInfo::cell_of(int32_t fn) const {
    auto it = std::lower_bound(fns.begin(), fns.end(), fn);
    return it != fns.end() && *it == fn ? int32_t(it - fns.begin()) : -1;
}

const modc_target *choose_target(const modc_artifact *t, const std::string &label) {
    const FeatureBits &have = cpu_features();
    const char *forced = std::getenv("MODRT_TARGET");
    if (forced && !*forced)
        forced = nullptr;
    const modc_target *best = nullptr;
    std::string names, lacks;
    for (uint32_t i = 0; i < t->n_targets; ++i) {
        auto &g = t->targets[i];
        names += (names.empty() ? "" : ", ") + std::string(g.name);
        if (g.device != MODC_CPU || (forced && std::string_view(forced) != g.name))
            continue;
        FeatureBits missing{g.features[0] & ~have[0], g.features[1] & ~have[1]};
        if (missing[0] || missing[1])
            lacks += (lacks.empty() ? "" : "; ") + std::string(g.name) + " needs " + feature_names(missing);
        else if (!best || g.rank > best->rank)
            best = &g;
    }
    if (best || !t->n_targets)
        return best;
    if (forced && lacks.empty())
        throw ArtifactError(label + " has no CPU target '" + forced + "' (MODRT_TARGET); it has " + names);
    throw ArtifactError(label + " has code for " + names + "; this CPU can run none of it: " + lacks +
                        ". Compile with modc --mcpu for this machine");
}

namespace {
Entry make_entry(const modc_artifact *t, int32_t sig, const modc_method *method, const int32_t *fused,
                 const int32_t *program) {
    Entry e;
    e.sig = sig == MODC_NONE ? nullptr : &t->sigs[sig];
    e.method = method;
    e.fused = fused;
    e.program = program;
    e.runs_hooks = !method || method->flags & MODC_M_CALL;
    return e;
}
void collect(const modc_artifact *t, const Entry &e, std::vector<int32_t> &fns) {
    for (int r = 0; r < MODC_N_ROLES; ++r)
        if (e.fused[r] != MODC_NONE)
            fns.push_back(e.fused[r]);
    for (int train = 0; train < 2; ++train) {
        if (e.program[train] == MODC_NONE)
            continue;
        auto &p = t->programs[e.program[train]];
        for (uint32_t i = 0; i < p.n_steps; ++i)
            if (p.steps[i].op == MODC_S_RUN)
                for (int32_t f : p.steps[i].role_fn)
                    if (f != MODC_NONE)
                        fns.push_back(f);
    }
}
ClassInfo class_info(const modc_artifact *t, const modc_class &c) {
    ClassInfo info;
    info.record = &c;
    info.entries.push_back(make_entry(t, c.sig, nullptr, c.fused, c.program));
    for (uint32_t i = 0; i < c.n_methods; ++i)
        info.entries.push_back(
            make_entry(t, c.methods[i].sig, &c.methods[i], c.methods[i].fused, c.methods[i].program));
    for (auto &e : info.entries)
        if (e.sig)
            collect(t, e, info.fns);
    std::sort(info.fns.begin(), info.fns.end());
    info.fns.erase(std::unique(info.fns.begin(), info.fns.end()), info.fns.end());
    for (auto &e : info.entries)
        for (int r = 0; r < MODC_N_ROLES; ++r)
            e.cell[r] = e.sig && e.fused[r] != MODC_NONE ? info.cell_of(e.fused[r]) : -1;
    return info;
}
} // namespace

Ref<ArtifactImpl> open_table(const modc_artifact *t, const Image &image, std::string path, void *library) {
    auto a = Ref<ArtifactImpl>::adopt(new ArtifactImpl);
    a->library = library;
    a->path = std::move(path);
    a->table = t;
    validate(t, image, a->path.empty() ? std::string("the linked artifact") : a->path);
    a->target = choose_target(t, a->label());
    a->bodies = t->bodies;
    a->plans = t->plans;
    a->target_key = a->target ? modc_name(a->target->name) : 0;
    std::unordered_map<std::string_view, uint32_t> places; // where some class has a child of that name: only a hint
    for (uint32_t i = 0; i < t->n_classes; ++i)
        for (uint32_t k = 0; k < t->classes[i].n_children; ++k)
            places.emplace(t->classes[i].children[k].key, k);
    for (uint32_t i = 0; i < t->n_paths; ++i) {
        PathInfo p;
        p.hash = modc_name(t->paths[i]);
        for (std::string_view rest = t->paths[i]; !rest.empty();) {
            size_t dot = std::min(rest.find('.'), rest.size());
            p.keys.push_back(rest.substr(0, dot));
            auto place = places.find(p.keys.back());
            p.hints.push_back(place == places.end() ? 0 : place->second);
            rest.remove_prefix(std::min(dot + 1, rest.size()));
        }
        a->paths.push_back(std::move(p));
    }
    for (uint32_t i = 0; i < t->n_classes; ++i)
        a->classes.push_back(class_info(t, t->classes[i]));
    for (uint32_t i = 0; i < t->n_sigs; ++i) {
        SigInfo s;
        for (uint32_t k = 0; k < t->sigs[i].n_in; ++k)
            if (t->sigs[i].in[k].scalar)
                (t->sigs[i].in[k].dtype == MODC_I64 ? s.int_ports : s.float_ports).push_back(k);
        a->sigs.push_back(std::move(s));
    }
    return a;
}
} // namespace modrt::detail
