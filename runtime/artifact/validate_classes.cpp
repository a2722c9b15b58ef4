// Checks classes, the functions they use and their composed programs, paths followed through the tree of classes.
#include "artifact/checker.h"
#include <algorithm>
#include <cstring>
#include <set>

namespace modrt::detail {
const modc_class *class_at(const modc_artifact *t, const modc_class *c, std::string_view path) {
    while (c && !path.empty()) {
        size_t dot = std::min(path.find('.'), path.size());
        std::string_view key = path.substr(0, dot);
        path.remove_prefix(std::min(dot + 1, path.size()));
        const modc_class *next = nullptr;
        for (uint32_t i = 0; i < c->n_children; ++i)
            if (key == c->children[i].key && c->children[i].cls != MODC_NONE)
                next = &t->classes[c->children[i].cls];
        c = next;
    }
    return c;
}

void Checker::values(const modc_arg *args, uint32_t n) {
    array(args, n, "arguments");
    for (uint32_t i = 0; i < n; ++i) {
        auto &v = args[i].value;
        text(args[i].name, "argument name", false);
        if (v.kind > MODC_V_CLASS)
            fail(std::string("argument '") + args[i].name + "' has no valid kind");
        if (v.kind == MODC_V_STR || (v.kind == MODC_V_CLASS && v.s))
            text(v.s, "text argument");
        if (v.kind == MODC_V_INTS)
            array(v.ints, v.n, "integers");
    }
}

void Checker::tensors(const modc_class &c) {
    array(c.tensors, c.n_tensors, "tensors");
    bool buffers = false;
    for (uint32_t i = 0; i < c.n_tensors; ++i) {
        auto &x = c.tensors[i];
        name(x.name, "tensor name");
        bool param = x.flags & MODC_T_PARAM, buffer = x.flags & MODC_T_BUFFER;
        if (param == buffer || x.flags >= MODC_T_UPDATED * 2 || (param && buffers))
            fail(std::string("tensor '") + x.name + "' has contradictory flags, or is a parameter after a buffer");
        buffers |= buffer;
        loc(x.loc);
        if (x.flags & MODC_T_NONE)
            continue;
        if (x.dtype < MODC_BOOL || x.dtype > MODC_C128 || x.rank > MODC_MAX_RANK)
            fail(std::string("tensor '") + x.name + "' has no valid dtype or rank");
        array(x.dims, x.rank, "dims");
        int64_t elements = 1;
        bool symbolic = false;
        for (uint32_t d = 0; d < x.rank; ++d) {
            symbolic |= x.dims[d] < 0;
            if (x.dims[d] < 0 ? !(c.flags & MODC_C_GENERIC) || uint64_t(-1 - x.dims[d]) >= c.n_ctor_dims
                              : x.dims[d] > 0 && (__builtin_mul_overflow(elements, x.dims[d], &elements) ||
                                                  elements > int64_t(1) << 58))
                fail(std::string("tensor '") + x.name + "' has a bad size");
        }
        for (uint32_t d = 0; d < x.rank; ++d)
            if (x.dims[d] == 0)
                elements = 0;
        if (x.init > MODC_INIT_FN)
            fail(std::string("tensor '") + x.name + "' has no valid initialiser");
        if (x.init == MODC_INIT_DATA && !symbolic)
            bytes(x.init_data, uint64_t(elements) * uint64_t(size_of(DType(x.dtype))), "initial data");
        if (x.init == MODC_INIT_FN) {
            index(x.init_fn, t->n_fns, "initialiser");
            auto &f = t->fns[x.init_fn];
            auto &s = sig(f.sig);
            if (s.n_in || s.n_out != 1 || f.n_weights || f.n_prepared || f.n_writes || s.out[0].dtype != x.dtype ||
                s.out[0].rank != x.rank || !t->bodies[x.init_fn] || !t->plans[x.init_fn])
                fail(std::string("tensor '") + x.name +
                     "' has an initialiser that is no constant function of its type");
        }
    }
}

void Checker::classes() {
    std::vector<uint32_t> depth(t->n_classes, 1);
    std::vector<uint64_t> nodes(t->n_classes, 1);
    for (uint32_t i = t->n_classes; i-- > 0;) { // children have higher numbers: they are done when they are needed
        auto &c = t->classes[i];
        at = "class " + std::to_string(i);
        text(c.name, "name", false);
        at += std::string(" (") + c.name + ")";
        loc(c.loc);
        if (c.kind > MODC_K_PARAM_DICT)
            fail("unknown kind");
        values(c.args, c.n_args);
        tensors(c);
        array(c.children, c.n_children, "children");
        std::set<std::string_view> names;
        for (uint32_t k = 0; k < c.n_tensors; ++k)
            if (!names.insert(c.tensors[k].name).second)
                fail(std::string("two members are called '") + c.tensors[k].name + "'");
        for (uint32_t k = 0; k < c.n_children; ++k) {
            auto &ch = c.children[k];
            name(ch.key, "child's name");
            loc(ch.loc);
            if (!names.insert(ch.key).second)
                fail(std::string("two members are called '") + ch.key + "'");
            if (ch.cls == MODC_NONE)
                continue;
            index(ch.cls, t->n_classes, "class of a child");
            if (uint32_t(ch.cls) <= i)
                fail(std::string("child '") + ch.key + "' has a class that does not come after its parent's");
            depth[i] = std::max(depth[i], depth[size_t(ch.cls)] + 1);
            nodes[i] += nodes[size_t(ch.cls)];
            limit(nodes[i], kMaxNodes, "modules in one tree");
        }
        limit(depth[i], kMaxDepth, "levels of modules");
        code(c.ctor_dims, "size function", true);
        code(c.extra_repr, "repr function", true);
        if (c.other_dtype != MODC_NONE)
            index(c.other_dtype, t->n_classes, "class of another dtype");
        array(c.methods, c.n_methods, "methods");
        limit(c.n_methods, UINT16_MAX - 1, "methods");
        array(c.aliases, c.n_aliases, "aliases");
        for (uint32_t k = 0; k < c.n_methods; ++k) {
            text(c.methods[k].name, "method name", false);
            values(c.methods[k].statics, c.methods[k].n_statics);
        }
        if (c.sig != MODC_NONE)
            sig(c.sig);
        for (uint32_t k = 0; k < c.n_methods; ++k)
            sig(c.methods[k].sig);
        for (uint32_t k = 0; k < c.n_aliases; ++k) {
            text(c.aliases[k].path, "alias");
            text(c.aliases[k].first, "alias");
            auto *a = class_at(t, &c, c.aliases[k].path), *b = class_at(t, &c, c.aliases[k].first);
            if (!a || a != b || !*c.aliases[k].path || !*c.aliases[k].first)
                fail(std::string("alias ") + c.aliases[k].path + " of " + c.aliases[k].first + " does not fit");
        }
    }
}

void Checker::refs_fit(const modc_class &c, int32_t fn) {
    auto fits = [&](const modc_ref &r) {
        auto *m = class_at(t, &c, t->paths[r.path]);
        if (!m || uint32_t(r.tensor) >= m->n_tensors || m->tensors[r.tensor].flags & MODC_T_NONE)
            fail("function " + std::string(t->fns[fn].name) + " uses a tensor that '" + t->paths[r.path] +
                 "' does not have");
    };
    auto &f = t->fns[fn];
    records += f.n_weights + f.n_writes +
               f.n_prepared; // a table may name one list many times: the work is bounded, not its size alone
    limit(records, 16u << 20, "records");
    for (uint32_t i = 0; i < f.n_weights; ++i)
        fits(f.weights[i]);
    for (uint32_t i = 0; i < f.n_writes; ++i)
        fits(f.writes[i]);
    for (uint32_t i = 0; i < f.n_prepared; ++i)
        for (uint32_t k = 0; k < t->prepared[f.prepared[i]].n_src; ++k)
            fits(t->prepared[f.prepared[i]].src[k]);
}

void Checker::entry(const modc_class &c, int32_t sig_index, const int32_t *fused, const int32_t *programs) {
    auto &s = t->sigs[sig_index];
    for (int r = 0; r < MODC_N_ROLES; ++r) {
        if (fused[r] == MODC_NONE)
            continue;
        index(fused[r], t->n_fns, "function");
        auto &f = t->fns[fused[r]];
        if (!t->bodies[fused[r]] || !t->plans[fused[r]])
            fail(std::string("function ") + f.name + " has no code");
        if (!same_interface(s, t->sigs[f.sig]))
            fail(std::string("function ") + f.name + " has another signature than its module");
        refs_fit(c, fused[r]);
    }
    auto pair = [&](int backward, int forward) {
        if (fused[backward] == MODC_NONE)
            return;
        if (fused[forward] == MODC_NONE || t->fns[fused[forward]].n_leaves != t->fns[fused[backward]].n_leaves)
            fail("a backward without the forward that saves for it");
    };
    pair(MODC_BWD_EVAL, MODC_FWD_EVAL_SAVE);
    pair(MODC_BWD_TRAIN, MODC_FWD_TRAIN);
    for (int train = 0; train < 2; ++train)
        if (programs[train] != MODC_NONE) {
            index(programs[train], t->n_programs, "program");
            program(c, s, programs[train], train != 0);
        }
}

void Checker::programs() {
    for (uint32_t i = 0; i < t->n_classes; ++i) {
        auto &c = t->classes[i];
        at = "class " + std::to_string(i) + " (" + c.name + ")";
        if (c.sig != MODC_NONE)
            entry(c, c.sig, c.fused, c.program);
        else
            for (int r = 0; r < MODC_N_ROLES; ++r)
                if (c.fused[r] != MODC_NONE || c.program[0] != MODC_NONE || c.program[1] != MODC_NONE)
                    fail("code without a signature");
        for (uint32_t k = 0; k < c.n_methods; ++k)
            entry(c, c.methods[k].sig, c.methods[k].fused, c.methods[k].program);
    }
}

void Checker::program(const modc_class &c, const modc_sig &s, int32_t number, bool train) {
    auto &p = t->programs[number];
    array(p.steps, p.n_steps, "steps");
    limit(p.n_slots, UINT16_MAX, "slots");
    if (p.n_slots < s.n_in || p.n_steps == 0)
        fail("a program without steps, or with fewer slots than inputs");
    std::vector<bool> written(p.n_slots, false);
    std::fill_n(written.begin(), s.n_in, true);
    for (uint32_t i = 0; i < p.n_steps; ++i) {
        auto &x = p.steps[i];
        auto bad = [&](const std::string &what) { fail("step " + std::to_string(i) + " of a program: " + what); };
        loc(x.loc);
        uint64_t used = uint64_t(x.n_loops) + x.n_in + x.n_out;
        if (used && x.slots + used > t->n_slots)
            bad("slots beyond the pool");
        const uint16_t *io = t->slot_pool + x.slots;
        for (uint32_t k = 0; k < used; ++k) {
            if (io[k] >= p.n_slots)
                bad("slot " + std::to_string(io[k]) + " of " + std::to_string(p.n_slots));
            if (k < uint32_t(x.n_loops) + x.n_in && !written[io[k]])
                bad("reads slot " + std::to_string(io[k]) + " before it is written");
        }
        auto counts = [&](uint32_t in, uint32_t out) {
            if (x.n_in != in || x.n_out != out)
                bad("takes " + std::to_string(x.n_in) + " and gives " + std::to_string(x.n_out) + " values, expected " +
                    std::to_string(in) + " and " + std::to_string(out));
        };
        switch (x.op) {
        case MODC_S_CALL: {
            index(x.target, t->n_paths, "path");
            auto *callee = class_at(t, &c, t->paths[x.target]);
            if (!callee || x.method > callee->n_methods)
                bad(std::string("calls '") + t->paths[x.target] + "', which is no module or has no such method");
            int32_t k = x.method ? callee->methods[x.method - 1].sig : callee->sig;
            if (k == MODC_NONE)
                bad(std::string("calls '") + t->paths[x.target] + "', which has no forward");
            counts(t->sigs[k].n_in, t->sigs[k].n_out);
            break;
        }
        case MODC_S_RUN:
            for (int r = 0; r < MODC_N_ROLES; ++r) {
                if (x.role_fn[r] == MODC_NONE) {
                    if (r == (train ? MODC_FWD_TRAIN : MODC_FWD_EVAL))
                        bad("runs a piece that is not compiled for this mode");
                    continue;
                }
                index(x.role_fn[r], t->n_fns, "piece");
                auto &f = t->fns[x.role_fn[r]];
                if (!t->bodies[x.role_fn[r]] || !t->plans[x.role_fn[r]])
                    bad(std::string("piece ") + f.name + " has no code");
                counts(t->sigs[f.sig].n_in, t->sigs[f.sig].n_out);
                refs_fit(c, x.role_fn[r]);
            }
            break;
        case MODC_S_DROP:
            counts(x.n_in, 0);
            break;
        case MODC_S_MOVE:
            counts(1, 1);
            break;
        case MODC_S_JUMP:
        case MODC_S_JUMP_IF_FALSE:
            counts(x.op == MODC_S_JUMP ? 0 : 1, 0);
            index(x.target, p.n_steps, "jump target");
            break;
        case MODC_S_RETURN:
            counts(s.n_out, 0);
            break;
        default:
            bad("unknown operation " + std::to_string(x.op));
        }
        for (uint32_t k = x.n_loops + x.n_in; k < used; ++k)
            written[io[k]] = true;
    }
    auto last = p.steps[p.n_steps - 1].op;
    if (last != MODC_S_RETURN && last != MODC_S_JUMP)
        fail("a program that runs off its end");
    rounds(p);
}

// A jump backward closes a loop: every round of it asks a condition that is written in the round, and the loop is left
// where it does not hold. So a program ends when its model's own loops do.
void Checker::rounds(const modc_program &p) {
    auto jumps = [&](const modc_step &x) { return x.op == MODC_S_JUMP || x.op == MODC_S_JUMP_IF_FALSE; };
    uint64_t work = 0;
    for (uint32_t end = 0; end < p.n_steps; ++end) {
        if (!jumps(p.steps[end]) || uint32_t(p.steps[end].target) > end)
            continue;
        auto begin = uint32_t(p.steps[end].target), ask = begin;
        limit(work += end - begin, 16u << 20, "steps in loops of a program");
        while (ask < end && (p.steps[ask].op != MODC_S_JUMP_IF_FALSE || uint32_t(p.steps[ask].target) <= end))
            ++ask;
        if (p.steps[end].op != MODC_S_JUMP || ask == end)
            fail("a loop of a program that cannot be left");
        uint16_t condition = t->slot_pool[p.steps[ask].slots + p.steps[ask].n_loops];
        bool written = false;
        for (uint32_t i = begin; i < end; ++i) {
            auto &x = p.steps[i];
            if (i < ask && jumps(x) && uint32_t(x.target) > ask && uint32_t(x.target) <= end)
                fail("a loop of a program that jumps past its condition");
            for (uint32_t k = 0; k < x.n_out; ++k)
                written |= t->slot_pool[x.slots + x.n_loops + x.n_in + k] == condition;
        }
        if (!written)
            fail("a loop of a program whose condition stays as it is");
    }
}
} // namespace modrt::detail
