// The call sequence of a module: pre-hooks, fused or composed body, forward hooks.
#include "call/run.h"
#include "core/random.h"
#include "modrt/error.h"
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>

namespace modrt::detail {
namespace {
uint32_t flags_of(const ModuleImpl &m) {
    return m.flags.load(std::memory_order_acquire) | world().global_flags.load(std::memory_order_acquire);
}
bool composable(const ModuleImpl &m, const Entry &e, bool train) {
    return e.program[train] != MODC_NONE ||
           (m.record().kind == MODC_K_SEQUENTIAL && !e.method && e.program[0] == MODC_NONE);
}
[[noreturn]] void not_compiled(const ModuleImpl &m, const Entry &e, bool train, bool composed) {
    if (train && (e.cell[MODC_FWD_EVAL] >= 0 || composable(m, e, false)))
        throw UnsupportedError(
            call_place(m) +
            " is in train mode, but was compiled for evaluation only: call eval() first, or compile with "
            "modc --roles eval,train");
    if (composed)
        throw UnsupportedError(
            call_place(m) +
            " has a hook, another mode or a replaced module below it, and was compiled without a composed "
            "form");
    throw UnsupportedError(call_place(m) +
                           " was compiled without code for this call; compile with modc --roles eval,train");
}
// Results of hooks and of composed bodies, put where the caller wants them.
void deliver(const ModuleImpl &m, const modc_sig &sig, const Values &v, std::span<Tensor> made) {
    for (size_t i = 0; i < made.size(); ++i) {
        if (!v.into) {
            v.out[i] = std::move(made[i]);
            continue;
        }
        Tensor dense = made[i].contiguous();
        if (dense.dtype() != v.out[i].dtype() || dense.shape() != v.out[i].shape())
            throw ShapeError(call_place(m) + ": output '" + sig.out[i].name + "' is " + describe(dense) +
                             ", the tensor given for it is " + describe(v.out[i]));
        if (dense.nbytes())
            std::memcpy(v.out[i].impl()->mem.data(), dense.data_ptr(), size_t(dense.nbytes()));
    }
}

// Generated code counts on it: row-major, aligned, and no input overlaps it.
bool writable_output(const Tensor &t, std::span<const Tensor> in) {
    if (!t)
        return false;
    const TensorImpl &out = *t.impl();
    if (out.owned || !out.mem.storage || out.mem.storage->access != Access::writable || !out.contiguous() ||
        !aligned(out.mem.data(), out.dtype))
        return false;
    const Storage &to = *out.mem.storage;
    for (auto &x : in) {
        if (!x || x.impl()->owned || !x.impl()->mem.storage)
            continue;
        const Storage &from = *x.impl()->mem.storage;
        if (to.data >= from.data + from.bytes || from.data >= to.data + to.bytes) [[likely]]
            continue;
        const char *begin = x.impl()->mem.data(),
                   *end = x.impl()->contiguous() ? begin + x.nbytes() : from.data + from.bytes;
        if (out.mem.data() < end && begin < out.mem.data() + t.nbytes())
            return false;
    }
    return true;
}

void check_replaced(const ModuleImpl &m, const modc_sig &sig, const Tensors &values, bool inputs) {
    uint32_t n = inputs ? sig.n_in : sig.n_out;
    if (values.size() != n)
        throw TypeError(call_place(m) + ": a forward " + (inputs ? "pre-hook" : "hook") + " returned " +
                        std::to_string(values.size()) + " values, expected " + std::to_string(n) + " for " +
                        signature_text("forward", sig));
    for (uint32_t i = 0; i < n; ++i)
        check_port(m, sig, inputs ? sig.in[i] : sig.out[i], values[i],
                   inputs ? "the forward pre-hook's input" : "the forward hook's output");
}

void hooked(ModuleImpl &m, const Entry &e, const Values &v, Random random) {
    auto own = m.config()->hooks;
    auto everywhere = world().global_flags.load(std::memory_order_acquire) ? global_hooks() : nullptr;
    Module self{Ref<ModuleImpl>(&m)};
    Tensors in(v.in.begin(), v.in.end()), out;
    const HookList *lists[] = {everywhere.get(), own.get()};
    std::vector<int64_t, CachedAllocator<int64_t>> ran;
    try {
        bool replaced = false;
        for (auto *list : lists)
            for (size_t i = 0; list && i < list->size(); ++i)
                if (auto &h = *(*list)[i]; h.kind == HookKind::pre)
                    if (Tensors t = h.pre(self, in); !t.empty()) {
                        check_replaced(m, *e.sig, t, true);
                        in = std::move(t);
                        replaced = true;
                    }
        Tensors made(e.sig->n_out);
        try {
            run_body(m, e, {in, made, false}, random);
        } catch (const ShapeError &error) {
            if (!replaced)
                throw;
            throw ShapeError(std::string(error.what()) + " (a forward pre-hook of " + call_place(m) +
                             " replaced the inputs)");
        }
        out = std::move(made);
        for (auto *list : lists)
            for (size_t i = 0; list && i < list->size(); ++i)
                if (auto &h = *(*list)[i]; h.kind == HookKind::forward) {
                    if (h.always)
                        ran.push_back(h.id);
                    if (Tensors t = h.forward(self, in, out); !t.empty()) {
                        check_replaced(m, *e.sig, t, false);
                        out = std::move(t);
                    }
                }
        deliver(m, *e.sig, v, out);
    } catch (...) {
        for (auto *list : lists)
            for (size_t i = 0; list && i < list->size(); ++i) {
                auto &h = *(*list)[i];
                if (h.kind != HookKind::forward || !h.always || std::find(ran.begin(), ran.end(), h.id) != ran.end())
                    continue;
                try {
                    if (Tensors t = h.forward(self, in, out); !t.empty())
                        out = std::move(t);
                } catch (const std::exception &second) { // the first error is the one to report
                    std::fprintf(
                        stderr,
                        "modrt: warning: a forward hook with always_call threw while another error was handled: %s\n",
                        second.what());
                } catch (...) {
                    std::fprintf(
                        stderr,
                        "modrt: warning: a forward hook with always_call threw while another error was handled\n");
                }
            }
        throw;
    }
}
} // namespace

void run_body(ModuleImpl &m, const Entry &e, const Values &v, Random random) {
    for (;;) {
        uint32_t flags = flags_of(m);
        bool train = flags & kTrain;
        // Where nothing depends on the mode, code for evaluation serves both.
        if (train && !(m.record().flags & MODC_C_MODE_SENSITIVE) && e.cell[MODC_FWD_TRAIN] < 0 &&
            !composable(m, e, true))
            train = false;
        int32_t cell = e.cell[train ? MODC_FWD_TRAIN : MODC_FWD_EVAL];
        bool below = flags & kBelow && (m.record().n_children || e.program[train] != MODC_NONE);
        if (below || cell < 0) [[unlikely]] {
            if (!composable(m, e, train))
                not_compiled(m, e, train, below);
            if (!v.into)
                return run_composed(m, e, v, random, train);
            Tensors made(e.sig->n_out);
            run_composed(m, e, {v.in, made, false}, random, train);
            return deliver(m, *e.sig, v, made);
        }
        if (Binding *b = bound(m, cell, true)) [[likely]]
            return run_function(m, *b, *e.sig, v, random);
    }
}

void invoke(ModuleImpl &m, size_t entry, const Values &v, Random random) {
    const Entry &e = m.info->entries[entry];
    if (flags_of(m) & kOwnHook && e.runs_hooks) [[unlikely]]
        return hooked(m, e, v, random);
    run_body(m, e, v, random);
}

void call_root(ModuleImpl &m, size_t entry, const Values &v) {
    const Entry &e = m.info->entries[entry];
    if (!e.sig)
        throw UnsupportedError("Module [" + std::string(m.record().name) +
                               "] is missing the required \"forward\" function");
    check_count(m, *e.sig, v.in.size());
    if (v.out.size() != e.sig->n_out)
        throw TypeError(call_place(m) + ": has " + std::to_string(e.sig->n_out) + " outputs, " +
                        std::to_string(v.out.size()) +
                        (v.into ? " tensors were given for them" : " was asked for; call() returns all of them"));
    if (v.into)
        for (uint32_t i = 0; i < e.sig->n_out; ++i)
            if (!writable_output(v.out[i], v.in))
                throw ValueError(
                    call_place(m) + ": the tensor for output '" + e.sig->out[i].name +
                    "' must be contiguous, writable, aligned memory that is no parameter's and no input's");
    Reader reader;
    struct Overlay { // an outermost call that fails leaves buffers as they were
        bool outermost;
        const Slot &slot;
        ~Overlay() {
            if (outermost && slot.holds_state)
                drop_overlay();
        }
    } overlay{reader.outermost(), reader.slot};
    invoke(m, entry, v, {initial_seed(), take_call()});
    if (overlay.outermost && !reader.slot.overlay.empty())
        publish_overlay();
}
} // namespace modrt::detail
