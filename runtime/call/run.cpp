// One compiled function: checking and preparing its inputs, plan, memory, body.
#include "call/run.h"
#include "call/profile.h"
#include "core/convert.h"
#include "modrt/error.h"
#include "threads/pool.h"
#include <cstdio>
#include <cstring>

namespace modrt::detail {
namespace {
// The frame that generated code sees, and behind it what the runtime keeps for it.
struct RunFrame {
    modc_frame frame{};
    SpinLock lock; // a chunk on any thread may fail
    char text[256];
    ModuleImpl *module = nullptr; // for traces, as the two below
    const modc_fn *fn = nullptr;
    TraceClock::time_point started;
    RunFrame() { text[0] = 0; }
};
modc_rc service_parallel(modc_frame *, int64_t n, modc_chunk_fn fn, void *arg) { return parallel(n, fn, arg); }
modc_rc service_fail(modc_frame *f, modc_rc rc, const char *text) {
    auto *r = reinterpret_cast<RunFrame *>(f);
    std::lock_guard l(r->lock);
    if (!r->text[0] && text)
        std::snprintf(r->text, sizeof r->text, "%s", text);
    return rc;
}
modc_rc service_copy(modc_frame *, void *to, const void *from, int64_t bytes) {
    std::memmove(to, from, size_t(bytes));
    return MODC_OK;
}
void service_trace(modc_frame *f, uint32_t launch, int end) {
    auto *r = reinterpret_cast<RunFrame *>(f);
    if (end)
        record_launch(*r->module, *r->fn, launch, r->started);
    else
        r->started = TraceClock::now();
}
constexpr modc_rt kServices = {sizeof(modc_rt), service_parallel, service_fail, service_trace,
                               nullptr,         service_copy,     nullptr};

// Arrays of a call: on the stack when small, else from the caching allocator.
template <class T, size_t N> class Scratch {
  public:
    explicit Scratch(size_t n)
        : n_(n), p_(n <= N ? reinterpret_cast<T *>(local_) : static_cast<T *>(cached_allocate(n * sizeof(T)))) {}
    Scratch(const Scratch &) = delete;
    ~Scratch() {
        if (n_ > N)
            cached_free(p_, n_ * sizeof(T));
    }
    T &operator[](size_t i) { return p_[i]; }
    T *data() { return p_; }

  private:
    size_t n_;
    T *p_;
    alignas(T) char local_[N * sizeof(T)]; // left as it is: T is trivial
};

struct Scalar {
    union {
        int64_t i;
        double f;
    };
};

} // namespace

modc_frame make_frame(const ArtifactImpl &a) {
    modc_frame f{};
    f.rt = &kServices;
    f.kernels = a.target->kernel_fns;
    return f;
}

void run_function(ModuleImpl &m, const Binding &b, const modc_sig &sig, const Values &v, Random random) {
    const ArtifactImpl &a = *m.artifact;
    const modc_fn &fn = *b.fn;
    const SigInfo &info = a.info(&a.table->sigs[fn.sig]);
    const uint32_t n_in = sig.n_in, n_out = sig.n_out;

    Scratch<modc_view, 8> in(n_in), out(n_out);
    Scratch<const int64_t *, 8> in_dims(n_in);
    Scratch<int64_t *, 8> out_dims(n_out);
    Scratch<Scalar, 4> scalars(info.int_ports.size() + info.float_ports.size());
    Scratch<double, 4> fsyms(info.float_ports.size());
    Scratch<int64_t, 32> syms(fn.n_syms);
    Tensors copies; // of inputs that are not row-major; empty costs nothing
    for (uint32_t i = 0; i < n_in; ++i) {
        const modc_port &p = sig.in[i];
        check_port(m, sig, p, v.in[i], "input");
        const TensorImpl &t = *v.in[i].impl();
        in_dims[i] = t.shape.data();
        Memory memory = t.owned ? t.memory() : Memory{}; // a parameter given as an input may be replaced meanwhile
        char *data = t.owned ? memory.data() : t.mem.data();
        if (!data && t.shape.numel())
            (void)v.in[i].data_ptr(); // explains
        if (t.owned || (!p.scalar && !(t.contiguous() && aligned(data, t.dtype)))) {
            copies.push_back(make_tensor(t.shape, t.dtype));
            copy_elements(t, data, copies.back().impl()->mem.data(), t.dtype);
            data = copies.back().impl()->mem.data();
        }
        in[i] = {data, in_dims[i]};
    }
    size_t n_scalars = 0;
    for (size_t k = 0; k < info.int_ports.size(); ++k) {
        uint32_t i = info.int_ports[k];
        convert_elements(in[i].data, v.in[i].dtype(), &scalars[n_scalars].i, DType::i64, 1);
        syms[k] = scalars[n_scalars].i;
        in[i].data = &scalars[n_scalars++];
    }
    for (size_t k = 0; k < info.float_ports.size(); ++k) {
        uint32_t i = info.float_ports[k];
        convert_elements(in[i].data, v.in[i].dtype(), &scalars[n_scalars].f, DType::f64, 1);
        fsyms[k] = scalars[n_scalars].f;
        in[i].data = &scalars[n_scalars++];
    }

    Scratch<int64_t, 8 * MODC_MAX_RANK> dims(size_t(n_out) * MODC_MAX_RANK);
    for (uint32_t i = 0; i < n_out; ++i)
        out_dims[i] = &dims[size_t(i) * MODC_MAX_RANK];
    modc_sizes sizes{};
    int64_t details[4] = {};
    if (modc_rc rc = b.plan(in_dims.data(), nullptr, syms.data(), out_dims.data(), &sizes, details); rc != MODC_OK)
        [[unlikely]]
        throw_plan_error(m, a.table->sigs[fn.sig], v.in, rc, details);

    for (uint32_t i = 0; i < n_out; ++i) {
        const modc_port &p = sig.out[i];
        std::span<const int64_t> made(out_dims[i], p.rank);
        if (v.into) {
            const TensorImpl &t = *v.out[i].impl();
            if (t.dtype != DType(p.dtype) || !std::equal(made.begin(), made.end(), t.shape.begin(), t.shape.end()))
                [[unlikely]]
                throw ShapeError(call_place(m) + ": output '" + p.name + "' is " +
                                 describe(DType(p.dtype), Shape(made)) + ", the tensor given for it is " +
                                 describe(v.out[i]));
            out[i] = {t.mem.data(), out_dims[i]};
        } else if (fn.alias_out && fn.alias_out[i] >= 0) {
            auto k = uint32_t(fn.alias_out[i]); // a view of the input: nothing is written
            const Tensor *source = &v.in[k];
            for (auto &c : copies)
                if (c.impl()->mem.data() == in[k].data)
                    source = &c;
            const TensorImpl &t = *source->impl();
            v.out[i] = make_view(t.mem.storage, t.mem.offset, Shape(made), DType(p.dtype));
            out[i] = {t.mem.data(), out_dims[i]};
        } else {
            v.out[i] = make_tensor(Shape(made), DType(p.dtype));
            out[i] = {v.out[i].impl()->mem.data(), out_dims[i]};
        }
    }

    RunFrame run;
    modc_frame &f = run.frame;
    f.rt = &kServices;
    f.kernels = a.target->kernel_fns;
    if (tracing.load(std::memory_order_relaxed)) {
        run.module = &m;
        run.fn = &fn;
        f.trace = 1;
    }
    f.weights = b.table.data();
    f.syms = syms.data();
    f.fsyms = fsyms.data();
    f.call = random.call;
    f.key = random.key;
    Slot &me = *t_slot;
    if (sizes.arena > 0)
        f.arena = arena(me, sizes.arena);
    Scratch<void *, 8> state(fn.n_writes);
    for (uint32_t i = 0; i < fn.n_writes; ++i)
        state[i] = state_of(*b.writes[i], fn.flags & MODC_FN_STATE_IN_PLACE);
    if (fn.n_writes)
        f.state = state.data();
    CachedVector<const void *> patched; // an earlier function of this call has written what this one reads
    CachedVector<Ref<Storage>> keep;
    if (!me.overlay.empty() && overlaid(b)) {
        auto current = [&](const Ref<TensorImpl> &t, const Memory &bound) {
            for (auto &o : me.overlay)
                if (o.tensor == t)
                    return o.copy;
            return bound;
        };
        patched = b.table;
        for (uint32_t i = 0; i < fn.n_weights; ++i)
            patched[i] = current(b.weights[i], b.keep[i]).data();
        for (uint32_t i = 0; i < fn.n_prepared; ++i) {
            CachedVector<Memory> from;
            bool any = false;
            for (auto &t : b.sources[i]) {
                from.push_back(current(t, {}));
                any |= bool(from.back().storage);
            }
            for (size_t k = 0; any && k < from.size(); ++k)
                if (!from[k].storage) {
                    std::lock_guard l(world().tree);
                    from[k] = b.sources[i][k]->at(me.epoch.load(std::memory_order_relaxed));
                }
            if (any) {
                keep.push_back(derive(a, fn.prepared[i], from));
                patched[fn.n_weights + i] = keep.back()->data;
            }
        }
        f.weights = patched.data();
    }
    if (modc_rc rc = b.body(&f, in.data(), out.data()); rc != MODC_OK) [[unlikely]]
        throw_body_error(m, fn, rc, f.info, run.text);
    if (v.into && fn.alias_out)
        for (uint32_t i = 0; i < n_out; ++i)
            if (fn.alias_out[i] >= 0 && v.out[i].nbytes())
                std::memmove(out[i].data, in[uint32_t(fn.alias_out[i])].data, size_t(v.out[i].nbytes()));
}
} // namespace modrt::detail
