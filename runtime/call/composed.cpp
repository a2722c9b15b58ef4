// Composed programs: steps over value slots, calls going through each child's own call sequence.
#include "call/run.h"
#include "modrt/error.h"
#include <cstring>

namespace modrt::detail {
namespace {
bool same_value(const modc_value &a, const modc_value &b) {
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case MODC_V_INT:
    case MODC_V_BOOL:
        return a.i == b.i;
    case MODC_V_FLOAT:
        return a.f == b.f;
    case MODC_V_STR:
        return std::strcmp(a.s, b.s) == 0;
    case MODC_V_INTS:
        return a.n == b.n && std::equal(a.ints, a.ints + a.n, b.ints);
    default:
        return true;
    }
}
bool same_method(const modc_method &a, const modc_method &b) {
    if (std::strcmp(a.name, b.name) != 0 || a.n_statics != b.n_statics)
        return false;
    for (uint32_t i = 0; i < a.n_statics; ++i)
        if (std::strcmp(a.statics[i].name, b.statics[i].name) != 0 ||
            !same_value(a.statics[i].value, b.statics[i].value))
            return false;
    return true;
}
Tensors gather(const Tensors &slots, const uint16_t *io, uint32_t n, const ModuleImpl &m) {
    Tensors in;
    in.reserve(n);
    for (uint32_t i = 0; i < n; ++i) {
        if (!slots[io[i]])
            throw ArtifactError(
                call_place(m) +
                ": its composed program reads a value that this path did not make; the artifact is damaged");
        in.push_back(slots[io[i]]);
    }
    return in;
}

// A Sequential without a program of its own: the live children, one after the other.
void run_sequential(ModuleImpl &m, const Config &config, const Values &v, Random random) {
    if (v.in.size() != 1 || v.out.size() != 1)
        throw StructureError(call_place(m) + ": a Sequential passes exactly one value from child to child");
    Tensor x = v.in[0], y;
    for (size_t i = 0; i < config.children.size(); ++i) {
        auto &c = config.children[i];
        if (!c.module)
            throw TypeError("'NoneType' object is not callable: child '" + std::string(c.key) + "' of " +
                            call_place(m) + " is None");
        const Entry &e = c.module->info->entries[0];
        if (!e.sig || e.sig->n_in != 1 || e.sig->n_out != 1)
            throw StructureError(call_place(*c.module) +
                                 " cannot stand in a Sequential: it does not take one value and return one");
        uint64_t key = modc_fold(modc_fold(random.key, i), modc_name(std::string(c.key).c_str()));
        invoke(*c.module, 0, {{&x, 1}, {&y, 1}, false}, {key, random.call});
        x = std::exchange(y, Tensor());
    }
    v.out[0] = std::move(x);
}
} // namespace

int32_t callee_entry(const ModuleImpl &callee, const modc_class *expected, uint16_t method) {
    if (method == 0)
        return callee.info->entries[0].sig ? 0 : -1;
    if (&callee.record() == expected)
        return method;
    for (uint32_t i = 0; i < callee.record().n_methods; ++i)
        if (same_method(callee.record().methods[i], expected->methods[method - 1]))
            return int32_t(i + 1);
    return -1;
}

void run_composed(ModuleImpl &m, const Entry &e, const Values &v, Random random, bool train) {
    auto config = m.config();
    if (e.program[train] == MODC_NONE)
        return run_sequential(m, *config, v, random);
    const ArtifactImpl &a = *m.artifact;
    const modc_artifact &t = *a.table;
    const modc_program &p = t.programs[e.program[train]];
    Tensors slots(p.n_slots); // counted: a hook may keep what it is shown, an exception frees the rest
    std::copy(v.in.begin(), v.in.end(), slots.begin());
    for (uint32_t pc = 0; pc < p.n_steps;) {
        const modc_step &s = p.steps[pc++];
        const uint16_t *loops = t.slot_pool + s.slots, *in = loops + s.n_loops, *out = in + s.n_in;
        auto key = [&] {
            uint64_t k = random.key;
            for (uint32_t i = 0; i < s.n_loops; ++i)
                k = modc_fold(k, uint64_t(gather(slots, loops + i, 1, m)[0].item<int64_t>()));
            return k;
        };
        switch (s.op) {
        case MODC_S_CALL: {
            const PathInfo &path = a.paths[size_t(s.target)];
            Ref<ModuleImpl> callee(&m);
            auto level = config;
            for (size_t i = 0; i < path.keys.size() && callee; ++i) {
                auto *c = level->find(path.keys[i], path.hints[i]);
                callee = c ? c->module : Ref<ModuleImpl>();
                if (callee && i + 1 < path.keys.size())
                    level = callee->config();
            }
            auto *expected = s.method ? class_at(&t, &m.record(), t.paths[s.target]) : nullptr;
            int32_t entry = callee ? callee_entry(*callee, expected, s.method) : -1;
            if (entry < 0 || callee->info->entries[size_t(entry)].sig->n_in != s.n_in ||
                callee->info->entries[size_t(entry)].sig->n_out != s.n_out)
                throw StructureError(call_place(m) + " calls '" + t.paths[s.target] +
                                     "', and what stands there now cannot be called so");
            Tensors args = gather(slots, in, s.n_in, m), results(s.n_out);
            Random child{modc_fold(modc_fold(key(), s.site), path.hash), random.call};
            invoke(*callee, size_t(entry), {args, results, false}, child);
            for (uint32_t i = 0; i < s.n_out; ++i)
                slots[out[i]] = std::move(results[i]);
            break;
        }
        case MODC_S_RUN: {
            int32_t fn = s.role_fn[train ? MODC_FWD_TRAIN : MODC_FWD_EVAL];
            Binding *b = bound(m, m.info->cell_of(fn), false);
            Tensors args = gather(slots, in, s.n_in, m), results(s.n_out);
            run_function(m, *b, t.sigs[b->fn->sig], {args, results, false}, {key(), random.call});
            for (uint32_t i = 0; i < s.n_out; ++i)
                slots[out[i]] = std::move(results[i]);
            break;
        }
        case MODC_S_MOVE:
            slots[out[0]] = gather(slots, in, 1, m)[0];
            break;
        case MODC_S_DROP:
            for (uint32_t i = 0; i < s.n_in; ++i)
                slots[in[i]] = Tensor();
            break;
        case MODC_S_JUMP:
            pc = uint32_t(s.target);
            break;
        case MODC_S_JUMP_IF_FALSE:
            if (!gather(slots, in, 1, m)[0].item<bool>())
                pc = uint32_t(s.target);
            break;
        case MODC_S_RETURN: {
            Tensors results = gather(slots, in, s.n_in, m);
            std::move(results.begin(), results.end(), v.out.begin());
            return;
        }
        }
    }
}
} // namespace modrt::detail
