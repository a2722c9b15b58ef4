// Shaped like generated code: no allocation, no exception, no static state, constant tables. See handmade.h for the
// model.
#include "handmade.h"
#include <cstring>

namespace {
constexpr int I = 8, H = 16, O = 4, O5 = 5;
constexpr float kP = 0.5f;

float uniform(uint64_t key, uint64_t call, uint64_t element) {
    uint32_t words[4];
    modc_philox(key, element / 4, call, words);
    return float(words[element % 4] >> 8) * 0x1p-24f;
}
const float *W(const modc_frame *f, int i) { return static_cast<const float *>(f->weights[i]); }
const float *F(const modc_view &v) { return static_cast<const float *>(v.data); }
float *M(const modc_view &v) { return static_cast<float *>(v.data); }

// ---- kernels, reached through the frame's table. kLinear: rows of 4 a chunk, weights packed k-major, a fixed order of
// accumulation.
struct LinearArgs {
    const float *x, *packed, *bias;
    float *y;
    int64_t rows, k, n;
    bool relu;
};
modc_rc linear_chunk(void *p, int64_t chunk) {
    auto &a = *static_cast<LinearArgs *>(p);
    int64_t end = (chunk + 1) * 4 < a.rows ? (chunk + 1) * 4 : a.rows;
    for (int64_t r = chunk * 4; r < end; ++r) {
        float acc[H];
        for (int64_t o = 0; o < a.n; ++o)
            acc[o] = a.bias[o];
        for (int64_t k = 0; k < a.k; ++k)
            for (int64_t o = 0; o < a.n; ++o)
                acc[o] += a.x[r * a.k + k] * a.packed[k * a.n + o];
        for (int64_t o = 0; o < a.n; ++o)
            a.y[r * a.n + o] = a.relu && acc[o] < 0 ? 0 : acc[o];
    }
    return MODC_OK;
}
modc_rc linear_kernel(modc_frame *f, const void *args) {
    auto *a = static_cast<const LinearArgs *>(args);
    return f->rt->parallel(f, (a->rows + 3) / 4, linear_chunk, const_cast<LinearArgs *>(a));
}
// kColumns: partial sums of 8 rows a chunk, which the caller adds in order.
struct ColumnsArgs {
    const float *x;
    float *partial;
    int64_t rows, n;
};
modc_rc columns_chunk(void *p, int64_t chunk) {
    auto &a = *static_cast<ColumnsArgs *>(p);
    int64_t end = (chunk + 1) * 8 < a.rows ? (chunk + 1) * 8 : a.rows;
    float *sum = a.partial + chunk * a.n;
    std::memset(sum, 0, size_t(a.n) * 4);
    for (int64_t r = chunk * 8; r < end; ++r)
        for (int64_t o = 0; o < a.n; ++o)
            sum[o] += a.x[r * a.n + o];
    return MODC_OK;
}
modc_rc columns_kernel(modc_frame *f, const void *args) {
    auto *a = static_cast<const ColumnsArgs *>(args);
    return f->rt->parallel(f, (a->rows + 7) / 8, columns_chunk, const_cast<ColumnsArgs *>(a));
}
enum { kLinear, kColumns };
modc_rc linear(modc_frame *f, const float *x, const float *packed, const float *bias, float *y, int64_t rows, int64_t k,
               int64_t n, bool relu) {
    LinearArgs a{x, packed, bias, y, rows, k, n, relu};
    return f->kernels[kLinear](f, &a);
}

// ---- pieces of forward that the fused body and the leaves share
void relu(const float *x, float *y, int64_t n) {
    for (int64_t i = 0; i < n; ++i)
        y[i] = x[i] < 0 ? 0 : x[i];
}
void dropout(const float *x, float *y, int64_t n, uint64_t key, uint64_t call) {
    key = modc_fold(key, 0); // the site of `random` in Dropout.forward
    for (int64_t i = 0; i < n; ++i)
        y[i] = uniform(key, call, uint64_t(i)) < kP ? 0 : x[i] * (1 / (1 - kP));
}
modc_rc mean_update(modc_frame *f, const float *x, float *mean, int64_t *count, float *partial, int64_t rows) {
    ColumnsArgs a{x, partial, rows, H};
    if (modc_rc rc = f->kernels[kColumns](f, &a))
        return rc;
    for (int o = 0; o < H; ++o) {
        float sum = 0;
        for (int64_t c = 0; c < (rows + 7) / 8; ++c)
            sum += partial[c * H + o];
        mean[o] = 0.5f * mean[o] + 0.5f * (sum / float(rows));
    }
    ++*count;
    return MODC_OK;
}
void subtract(const float *x, const float *mean, float *y, int64_t rows) {
    for (int64_t i = 0; i < rows * H; ++i)
        y[i] = x[i] - mean[i % H];
}
void add_offsets(const float *x, const float *offsets, float *y, int64_t rows) {
    for (int64_t i = 0; i < rows * O; ++i)
        y[i] = x[i] + offsets[i % O];
}

// ---- plans
modc_rc dim(int64_t *info, int64_t in, int64_t axis, int64_t want, int64_t got) {
    info[0] = in, info[1] = axis, info[2] = want, info[3] = got;
    return MODC_E_DIM;
}
template <int K, int N>
modc_rc plan_linear(const int64_t *const *d, const uint64_t *, int64_t *syms, int64_t *const *out, modc_sizes *s,
                    int64_t *info) {
    if (d[0][1] != K)
        return dim(info, 0, 1, K, d[0][1]);
    syms[0] = d[0][0], out[0][0] = d[0][0], out[0][1] = N, *s = {};
    return MODC_OK;
}
modc_rc plan_same(const int64_t *const *d, const uint64_t *, int64_t *syms, int64_t *const *out, modc_sizes *s,
                  int64_t *) {
    syms[0] = d[0][0], syms[1] = d[0][1], out[0][0] = d[0][0], out[0][1] = d[0][1], *s = {};
    return MODC_OK;
}
modc_rc plan_mean(const int64_t *const *d, const uint64_t *n, int64_t *syms, int64_t *const *out, modc_sizes *s,
                  int64_t *info) {
    modc_rc rc = plan_linear<H, H>(d, n, syms, out, s, info);
    s->arena = (d[0][0] + 7) / 8 * H * 4;
    return rc;
}
modc_rc plan_net(const int64_t *const *d, const uint64_t *, int64_t *syms, int64_t *const *out, modc_sizes *s,
                 int64_t *info) {
    if (d[0][1] != I)
        return dim(info, 0, 1, I, d[0][1]);
    if (syms[0] < 0) {
        info[0] = 0, info[1] = syms[0], info[2] = 0;
        return MODC_E_GUARD;
    }
    if (d[0][0] < 1 || d[0][0] > 4096) {
        info[0] = 1, info[1] = d[0][0];
        return MODC_E_RANGE;
    }
    int64_t n = d[0][0];
    syms[1] = n, out[0][0] = n, out[0][1] = O;
    *s = {(2 * n * H + (n + 7) / 8 * H) * 4 + n * O * 4, 0};
    return MODC_OK;
}
modc_rc plan_scalar(const int64_t *const *, const uint64_t *, int64_t *, int64_t *const *, modc_sizes *s, int64_t *) {
    *s = {};
    return MODC_OK;
}
modc_rc plan_offsets(const int64_t *const *d, const uint64_t *n, int64_t *syms, int64_t *const *out, modc_sizes *s,
                     int64_t *info) {
    return plan_linear<O, O>(d, n, syms, out, s, info);
}
modc_rc plan_scaled(const int64_t *const *d, const uint64_t *n, int64_t *syms, int64_t *const *out, modc_sizes *s,
                    int64_t *info) {
    modc_rc rc = plan_same(d, n, syms, out, s, info);
    out[1][0] = d[0][0], out[1][1] = d[0][1];
    return rc;
}
modc_rc plan_head_init(const int64_t *const *, const uint64_t *, int64_t *, int64_t *const *out, modc_sizes *s,
                       int64_t *) {
    out[0][0] = O, out[0][1] = H, *s = {};
    return MODC_OK;
}

// ---- bodies of leaves and pieces. Linear: weight 0, bias 1, packed 2
template <int K, int N, bool Relu = false>
modc_rc linear_body(modc_frame *f, const modc_view *in, const modc_view *out) {
    return linear(f, F(in[0]), W(f, 2), W(f, 1), M(out[0]), f->syms[0], K, N, Relu);
}
modc_rc identity_body(modc_frame *, const modc_view *, const modc_view *) {
    return MODC_OK;
} // its output is a view of its input
modc_rc dropout_body(modc_frame *f, const modc_view *in, const modc_view *out) {
    dropout(F(in[0]), M(out[0]), f->syms[0] * f->syms[1], f->key, f->call);
    return MODC_OK;
}
modc_rc relu_body(modc_frame *f, const modc_view *in, const modc_view *out) {
    relu(F(in[0]), M(out[0]), f->syms[0] * f->syms[1]);
    return MODC_OK;
}
modc_rc mean_eval_body(modc_frame *f, const modc_view *in, const modc_view *out) {
    subtract(F(in[0]), W(f, 0), M(out[0]), f->syms[0]);
    return MODC_OK;
}
modc_rc mean_train_body(modc_frame *f, const modc_view *in, const modc_view *out) {
    auto *mean = static_cast<float *>(f->state[0]);
    if (modc_rc rc = mean_update(f, F(in[0]), mean, static_cast<int64_t *>(f->state[1]),
                                 reinterpret_cast<float *>(f->arena), f->syms[0]))
        return rc;
    subtract(F(in[0]), mean, M(out[0]), f->syms[0]);
    return MODC_OK;
}
modc_rc zero_body(modc_frame *, const modc_view *, const modc_view *out) {
    *static_cast<int64_t *>(out[0].data) = 0;
    return MODC_OK;
}
modc_rc next_body(modc_frame *f, const modc_view *, const modc_view *out) {
    *static_cast<int64_t *>(out[0].data) = f->syms[0] + 1;
    return MODC_OK;
}
modc_rc less_body(modc_frame *f, const modc_view *, const modc_view *out) {
    *static_cast<bool *>(out[0].data) = f->syms[0] < f->syms[1];
    return MODC_OK;
}
modc_rc offsets_body(modc_frame *f, const modc_view *in, const modc_view *out) {
    add_offsets(F(in[0]), W(f, 0), M(out[0]), f->syms[0]);
    return MODC_OK;
}
modc_rc scaled_body(modc_frame *f, const modc_view *in, const modc_view *out) {
    if (*static_cast<const double *>(in[1].data) != f->fsyms[0])
        return f->rt->fail(f, MODC_E_INTERNAL, "the view and the symbol of a float argument differ");
    if (f->fsyms[0] == 13)
        return f->rt->fail(f, MODC_E_INTERNAL, "thirteen");
    if (f->fsyms[0] == 14) {
        f->info[0] = 99, f->info[1] = 10, f->info[2] = 0;
        return MODC_E_INDEX;
    }
    for (int64_t i = 0; i < f->syms[0] * f->syms[1]; ++i)
        M(out[0])[i] = F(in[0])[i] * float(f->fsyms[0]);
    return MODC_OK;
}
modc_rc head_init_body(modc_frame *f, const modc_view *, const modc_view *out) {
    for (int64_t i = 0; i < O * H; ++i)
        M(out[0])[i] = uniform(f->key, f->call, uint64_t(i)) - 0.5f;
    return MODC_OK;
}

// ---- Net fused. Weights: 0 layers.0.bias 1 layers.1.bias 2 head.bias 3 offsets [4 norm.mean]; packed layers.0,
// layers.1, head
template <bool Train> modc_rc net_body(modc_frame *f, const modc_view *in, const modc_view *out) {
    const int64_t steps = f->syms[0], n = f->syms[1];
    const int packed = Train ? 4 : 5;
    auto *a = reinterpret_cast<float *>(f->arena), *b = a + n * H, *partial = b + n * H, *y = partial + (n + 7) / 8 * H;
    if (modc_rc rc = linear(f, F(in[0]), W(f, packed), W(f, 0), a, n, I, H, true))
        return rc;
    for (int64_t i = 0; i < steps; ++i) {
        if (modc_rc rc = linear(f, a, W(f, packed + 1), W(f, 1), b, n, H, H, true))
            return rc;
        if (Train)
            dropout(b, a, n * H, modc_fold(modc_fold(modc_fold(f->key, uint64_t(i)), 2), modc_name("drop")), f->call);
        else
            std::memcpy(a, b, size_t(n) * H * 4);
    }
    const float *mean = W(f, 4);
    if (Train) {
        auto *state = static_cast<float *>(f->state[0]);
        if (modc_rc rc = mean_update(f, a, state, static_cast<int64_t *>(f->state[1]), partial, n))
            return rc;
        mean = state;
    }
    subtract(a, mean, b, n);
    if (modc_rc rc = linear(f, b, W(f, packed + 2), W(f, 2), y, n, H, O, false))
        return rc;
    add_offsets(y, W(f, 3), M(out[0]), n);
    return MODC_OK;
}

template <int K, int N> modc_rc pack(modc_frame *, const void *const *src, const int64_t *, void *to) {
    auto *w = static_cast<const float *>(src[0]);
    for (int o = 0; o < N; ++o)
        for (int k = 0; k < K; ++k)
            static_cast<float *>(to)[k * N + o] = w[o * K + k];
    return MODC_OK;
}
template <int K, int N> int64_t pack_bytes(const int64_t *) { return int64_t(K) * N * 4; }

// ---- tables
const int64_t d_hi[] = {H, I}, d_hh[] = {H, H}, d_oh[] = {O, H}, d_5h[] = {O5, H}, d_h[] = {H}, d_o[] = {O},
              d_5[] = {O5};
const float kHeadBias[] = {0.25f, -0.5f, 0.125f, 1.0f}, kOffsets[] = {0, 1, 2, 3};
constexpr uint16_t kParam = MODC_T_PARAM | MODC_T_PERSISTENT,
                   kBuffer = MODC_T_BUFFER | MODC_T_PERSISTENT | MODC_T_UPDATED;
#define WEIGHT(dims)                                                                                                   \
    {                                                                                                                  \
        "weight", MODC_F32, 2, kParam, 0, dims, MODC_INIT_UNIFORM, -0.4, 0.4, nullptr, MODC_NONE, {}                   \
    }
#define BIAS(dims)                                                                                                     \
    {                                                                                                                  \
        "bias", MODC_F32, 1, kParam, 0, dims, MODC_INIT_NORMAL, 0, 0.2, nullptr, MODC_NONE, {}                         \
    }
const modc_tensor t_hi[] = {WEIGHT(d_hi), BIAS(d_h)}, t_hh[] = {WEIGHT(d_hh), BIAS(d_h)},
                  t_5h[] = {WEIGHT(d_5h), BIAS(d_5)};
enum {
    fNetE,
    fNetT,
    fLin8,
    fLin16,
    fHead,
    fHead5,
    fIdentity,
    fDropT,
    fMeanE,
    fMeanT,
    fRelu,
    fZero,
    fNext,
    fLess,
    fOffsets,
    fEmbed,
    fScaled,
    fHeadInit,
    nFns
};
const modc_tensor t_oh[] = {{"weight", MODC_F32, 2, kParam, 0, d_oh, MODC_INIT_FN, 0, 0, nullptr, fHeadInit, {}},
                            {"bias", MODC_F32, 1, kParam, 0, d_o, MODC_INIT_DATA, 0, 0, kHeadBias, MODC_NONE, {}}};
const modc_tensor t_mean[] = {
    {"mean", MODC_F32, 1, kBuffer, 0, d_h, MODC_INIT_FILL, 0, 0, nullptr, MODC_NONE, {}},
    {"count", MODC_I64, 0, kBuffer, 2, nullptr, MODC_INIT_FILL, 0, 0, nullptr, MODC_NONE, {}}};
const modc_tensor t_net[] = {
    {"scale", MODC_F32, 0, kParam | MODC_T_NONE, 0, nullptr, 0, 0, 0, nullptr, MODC_NONE, {}},
    {"offsets", MODC_F32, 1, MODC_T_BUFFER, 0, d_o, MODC_INIT_DATA, 0, 0, kOffsets, MODC_NONE, {}}};

const int32_t p_ni[] = {-2, I}, p_no[] = {-2, O}, p_1i[] = {-1, I}, p_1h[] = {-1, H}, p_1o[] = {-1, O},
              p_15[] = {-1, O5}, p_ab[] = {-1, -2}, p_oh[] = {O, H};
#define F32(name, dims) {name, MODC_F32, 2, 0, dims}
#define INT(name) {name, MODC_I64, 0, 1, nullptr}
const modc_port netIn[] = {F32("x", p_ni), INT("steps")}, netOut[] = {F32("out", p_no)}, x1i[] = {F32("x", p_1i)},
                x1h[] = {F32("x", p_1h)}, y1h[] = {F32("out", p_1h)}, y1o[] = {F32("out", p_1o)},
                y15[] = {F32("out", p_15)}, xab[] = {F32("x", p_ab)}, yab[] = {F32("out", p_ab)},
                x1o[] = {F32("x", p_1o)}, i1[] = {INT("i")}, i2[] = {INT("i"), INT("n")},
                iOut[] = {{"out", MODC_I64, 0, 0, nullptr}}, bOut[] = {{"out", MODC_BOOL, 0, 0, nullptr}},
                scaledIn[] = {F32("x", p_ab), {"factor", MODC_F64, 0, 1, nullptr}},
                scaledOut[] = {F32("scaled", p_ab), F32("same", p_ab)}, initOut[] = {F32("out", p_oh)};
const modc_sym symN[] = {{"N", 0, INT64_MAX}}, symAB[] = {{"A", 0, INT64_MAX}, {"B", 0, INT64_MAX}},
               symNet[] = {{"steps", INT64_MIN, INT64_MAX}, {"N", 1, 4096}},
               symI[] = {{"i", INT64_MIN, INT64_MAX}, {"n", INT64_MIN, INT64_MAX}};
const modc_guard netGuards[] = {{"steps >= 0", {"net.mod", 20, 9}}};
enum { sNet, sLin8, sLin16, sHead, sHead5, sSame, sZero, sNext, sLess, sOffsets, sScaled, sInit, nSigs };
const modc_sig sigs[nSigs] = {{2, 1, 2, 1, netIn, netOut, symNet, netGuards},
                              {1, 1, 1, 0, x1i, y1h, symN, nullptr},
                              {1, 1, 1, 0, x1h, y1h, symN, nullptr},
                              {1, 1, 1, 0, x1h, y1o, symN, nullptr},
                              {1, 1, 1, 0, x1h, y15, symN, nullptr},
                              {1, 1, 2, 0, xab, yab, symAB, nullptr},
                              {0, 1, 0, 0, nullptr, iOut, nullptr, nullptr},
                              {1, 1, 1, 0, i1, iOut, symI, nullptr},
                              {2, 1, 2, 0, i2, bOut, symI, nullptr},
                              {1, 1, 1, 0, x1o, y1o, symN, nullptr},
                              {2, 2, 2, 0, scaledIn, scaledOut, symAB, nullptr},
                              {0, 1, 0, 0, nullptr, initOut, nullptr, nullptr}};

const char *const paths[] = {"", "layers.0", "layers.1", "drop", "norm", "head", "a", "b", "m", "again"};
enum { pSelf, pL0, pL1, pDrop, pNorm, pHead, pA, pB, pM, pAgain, nPaths };
const modc_ref self[] = {{pSelf, 0}, {pSelf, 1}}, netW[] = {{pL0, 1}, {pL1, 1}, {pHead, 1}, {pSelf, 1}, {pNorm, 0}},
               netSrc[] = {{pL0, 0}, {pL1, 0}, {pHead, 0}}, normState[] = {{pNorm, 0}, {pNorm, 1}},
               offsetsW[] = {{pSelf, 1}}, embedW[] = {{pL0, 0}, {pL0, 1}};
const modc_prepared prepared[] = {{0xa1, "weight packed", 1, self},
                                  {0xa2, "weight packed", 1, self},
                                  {0xa3, "weight packed", 1, self},
                                  {0xa4, "weight packed", 1, self},
                                  {0xa1, "layers.0.weight packed", 1, netSrc},
                                  {0xa2, "layers.1.weight packed", 1, netSrc + 1},
                                  {0xa3, "head.weight packed", 1, netSrc + 2}};
const int32_t pp[] = {0, 1, 2, 3, 4, 5, 6}, alias0[] = {0}, aliasScaled[] = {MODC_NONE, 0};
const modc_launch netLaunches[] = {{kLinear, "layers.0", nullptr, {"net.mod", 17, 13}}};
// name, flags, signature, weights, prepared, writes, symbols, alias
#define FN(name, flags, sig, nw, w, np, p, nwr, wr, ns, alias)                                                         \
    {name, flags, sig, nw,      np, 0,       nwr,     0,           0,     ns,                                          \
     1,    w,     p,   nullptr, wr, nullptr, nullptr, netLaunches, alias, {"net.mod", 15, 1}}
const modc_fn fns[nFns] = {
    FN("Net.eval", 0, sNet, 5, netW, 3, pp + 4, 0, nullptr, 2, nullptr),
    FN("Net.train", MODC_FN_RANDOM | MODC_FN_WRITES_STATE, sNet, 4, netW, 3, pp + 4, 2, normState, 2, nullptr),
    FN("Linear_8_16", 0, sLin8, 2, self, 1, pp, 0, nullptr, 1, nullptr),
    FN("Linear_16_16", 0, sLin16, 2, self, 1, pp + 1, 0, nullptr, 1, nullptr),
    FN("Linear_16_4", 0, sHead, 2, self, 1, pp + 2, 0, nullptr, 1, nullptr),
    FN("Linear_16_5", 0, sHead5, 2, self, 1, pp + 3, 0, nullptr, 1, nullptr),
    FN("identity", 0, sSame, 0, nullptr, 0, nullptr, 0, nullptr, 2, alias0),
    FN("Dropout.train", MODC_FN_RANDOM, sSame, 0, nullptr, 0, nullptr, 0, nullptr, 2, nullptr),
    FN("Mean.eval", 0, sLin16, 1, self, 0, nullptr, 0, nullptr, 1, nullptr),
    FN("Mean.train", MODC_FN_WRITES_STATE, sLin16, 0, nullptr, 0, nullptr, 2, self, 1, nullptr),
    FN("relu", 0, sSame, 0, nullptr, 0, nullptr, 0, nullptr, 2, nullptr),
    FN("zero", 0, sZero, 0, nullptr, 0, nullptr, 0, nullptr, 0, nullptr),
    FN("next", 0, sNext, 0, nullptr, 0, nullptr, 0, nullptr, 1, nullptr),
    FN("less", 0, sLess, 0, nullptr, 0, nullptr, 0, nullptr, 2, nullptr),
    FN("offsets", 0, sOffsets, 1, offsetsW, 0, nullptr, 0, nullptr, 1, nullptr),
    FN("Net.embed", 0, sLin8, 2, embedW, 1, pp + 4, 0, nullptr, 1, nullptr),
    FN("scaled", 0, sScaled, 0, nullptr, 0, nullptr, 0, nullptr, 2, aliasScaled),
    FN("head.init", 0, sInit, 0, nullptr, 0, nullptr, 0, nullptr, 0, nullptr)};
const modc_body bodies[nFns] = {
    net_body<false>, net_body<true>, linear_body<I, H>, linear_body<H, H>,       linear_body<H, O>, linear_body<H, O5>,
    identity_body,   dropout_body,   mean_eval_body,    mean_train_body,         relu_body,         zero_body,
    next_body,       less_body,      offsets_body,      linear_body<I, H, true>, scaled_body,       head_init_body};
const modc_plan plans[nFns] = {plan_net,           plan_net,    plan_linear<I, H>, plan_linear<H, H>, plan_linear<H, O>,
                               plan_linear<H, O5>, plan_same,   plan_same,         plan_linear<H, H>, plan_mean,
                               plan_same,          plan_scalar, plan_scalar,       plan_scalar,       plan_offsets,
                               plan_linear<I, H>,  plan_scaled, plan_head_init};

// Programs. Slots of Net: 0 x, 1 steps, 2 layers.0, 3 h, 4 i, 5 i < steps, 6 layers.1, 7 relu, 8 i + 1, 9 norm, 10
// head, 11 out
const uint16_t pool[] = {0, 2, 2, 3, 4, 4, 1, 5, 5,  4,  3,  6,  4, 6, 7, 4, 7, 3,
                         4, 8, 8, 4, 3, 9, 3, 9, 10, 10, 11, 11, 0, 1, 1, 2, 2};
#define NOFN {-1, -1, -1, -1, -1}
#define BOTH(f) {f, -1, f, -1, -1}
#define CALL(path, loops, slots, site)                                                                                 \
    {                                                                                                                  \
        MODC_S_CALL, 1, 1, loops, path, NOFN, slots, site, 0, {}                                                       \
    }
#define RUN(in, loops, f, slots)                                                                                       \
    {                                                                                                                  \
        MODC_S_RUN, in, 1, loops, 0, BOTH(f), slots, 0, 0, {}                                                          \
    }
const modc_step netSteps[] = {CALL(pL0, 0, 0, 0),
                              RUN(1, 0, fRelu, 2),
                              RUN(0, 0, fZero, 4),
                              RUN(2, 0, fLess, 5),
                              {MODC_S_JUMP_IF_FALSE, 1, 0, 0, 11, NOFN, 8, 0, 0, {}},
                              CALL(pL1, 1, 9, 1),
                              RUN(1, 1, fRelu, 12),
                              CALL(pDrop, 1, 15, 2),
                              RUN(1, 0, fNext, 18),
                              {MODC_S_MOVE, 1, 1, 0, 0, NOFN, 20, 0, 0, {}},
                              {MODC_S_JUMP, 0, 0, 0, 3, NOFN, 0, 0, 0, {}},
                              CALL(pNorm, 0, 22, 3),
                              {MODC_S_DROP, 1, 0, 0, 0, NOFN, 24, 0, 0, {}},
                              CALL(pHead, 0, 25, 4),
                              RUN(1, 0, fOffsets, 27),
                              {MODC_S_RETURN, 1, 0, 0, 0, NOFN, 29, 0, 0, {}}};
const modc_step embedSteps[] = {
    CALL(pL0, 0, 30, 0), RUN(1, 0, fRelu, 32), {MODC_S_RETURN, 1, 0, 0, 0, NOFN, 34, 0, 0, {}}};
const modc_step pairSteps[] = {CALL(pA, 0, 30, 0), CALL(pB, 0, 32, 1), {MODC_S_RETURN, 1, 0, 0, 0, NOFN, 34, 0, 0, {}}};
const modc_step twiceSteps[] = {
    CALL(pM, 0, 30, 0), CALL(pAgain, 0, 32, 1), {MODC_S_RETURN, 1, 0, 0, 0, NOFN, 34, 0, 0, {}}};
const modc_program programs[] = {{12, 16, netSteps}, {3, 3, embedSteps}, {3, 3, pairSteps}, {3, 3, twiceSteps}};

// Classes: parents before children.
enum { cNet, cPair, cTwice, cSeq, cLayers, cLin8, cLin16, cHead, cHead5, cDrop, cMean, cIdentity, cScaled, nClasses };
const modc_child netChildren[] = {{"layers", cLayers, {}},
                                  {"drop", cDrop, {}},
                                  {"norm", cMean, {}},
                                  {"head", cHead, {}},
                                  {"extra", MODC_NONE, {}}},
                 layersChildren[] = {{"0", cLin8, {}}, {"1", cLin16, {}}},
                 pairChildren[] = {{"a", cLin16, {}}, {"b", cLin16, {}}},
                 twiceChildren[] = {{"m", cMean, {}}, {"again", cMean, {}}},
                 seqChildren[] = {{"0", cLin16, {}}, {"1", cDrop, {}}};
const modc_alias twiceAlias[] = {{"again", "m"}}, pairTies[] = {{"b.weight", "a.weight"}};
#define V_INT(x) {MODC_V_INT, 0, x, 0, nullptr, nullptr}
const modc_arg a_hi[] = {{"in_features", V_INT(I), 1, 0}, {"out_features", V_INT(H), 1, 0}},
               a_hh[] = {{"in_features", V_INT(H), 1, 0}, {"out_features", V_INT(H), 1, 0}},
               a_oh[] = {{"in_features", V_INT(H), 1, 0}, {"out_features", V_INT(O), 1, 0}},
               a_5h[] = {{"in_features", V_INT(H), 1, 0}, {"out_features", V_INT(O5), 1, 0}},
               a_drop[] = {{"p", {MODC_V_FLOAT, 0, 0, 0.5, nullptr, nullptr}, 0, 0}};
int32_t append(char *buf, int32_t cap, int32_t at, const char *text) {
    for (; *text; ++text, ++at)
        if (at < cap - 1)
            buf[at] = *text;
    return at;
}
int32_t number(char *buf, int32_t cap, int32_t at, int64_t v) {
    char digits[3] = {char('0' + v / 10), char('0' + v % 10), 0};
    return append(buf, cap, at, v < 10 ? digits + 1 : digits);
}
int32_t linear_repr(const modc_value *args, char *buf, int32_t cap) {
    int32_t n = append(buf, cap, 0, "in_features=");
    n = number(buf, cap, n, args[0].i);
    n = append(buf, cap, n, ", out_features=");
    n = number(buf, cap, n, args[1].i);
    n = append(buf, cap, n, ", bias=True");
    buf[n < cap ? n : cap - 1] = 0;
    return n;
}
int32_t drop_repr(const modc_value *, char *buf, int32_t cap) {
    int32_t n = append(buf, cap, 0, "p=0.5, inplace=False");
    buf[n < cap ? n : cap - 1] = 0;
    return n;
}
const modc_method netMethods[] = {{"embed", 0, 0, nullptr, sLin8, BOTH(fEmbed), {1, 1}}};
#define LEAF(name, hash, flags, version, na, args, nt, tensors, repr, sig, e, t)                                       \
    {                                                                                                                  \
        name, hash, MODC_K_MODULE, flags, version, na, nt, 0, args, tensors, nullptr, nullptr, 0, repr, sig,           \
            {e, -1, t, -1, -1}, {-1, -1}, 0, nullptr, MODC_NONE, MODC_F32, 0, nullptr, {}                              \
    }
#define TREE(name, hash, kind, flags, nt, tensors, nc, children, sig, e, t, program, nm, methods, na, aliases)         \
    {                                                                                                                  \
        name, hash, kind, flags, 1, 0, nt, nc, nullptr, tensors, children, nullptr, 0, nullptr, sig,                   \
            {e, -1, t, -1, -1}, {program, program}, nm, methods, MODC_NONE, MODC_F32, na, aliases, {}                  \
    }
const modc_class classes[nClasses] = {
    TREE("Net", 0x11, MODC_K_MODULE, MODC_C_MODE_SENSITIVE, 2, t_net, 5, netChildren, sNet, fNetE, fNetT, 0, 1,
         netMethods, 0, nullptr),
    TREE("Pair", 0x12, MODC_K_MODULE, 0, 0, nullptr, 2, pairChildren, sLin16, -1, -1, 2, 0, nullptr, 0, nullptr),
    TREE("Twice", 0x13, MODC_K_MODULE, MODC_C_MODE_SENSITIVE, 0, nullptr, 2, twiceChildren, sLin16, -1, -1, 3, 0,
         nullptr, 1, twiceAlias),
    TREE("Sequential", 0x14, MODC_K_SEQUENTIAL, MODC_C_MODE_SENSITIVE, 0, nullptr, 2, seqChildren, sLin16, -1, -1, -1,
         0, nullptr, 0, nullptr),
    TREE("ModuleList", 0x15, MODC_K_LIST, 0, 0, nullptr, 2, layersChildren, MODC_NONE, -1, -1, -1, 0, nullptr, 0,
         nullptr),
    LEAF("Linear", 0x21, 0, 1, 2, a_hi, 2, t_hi, linear_repr, sLin8, fLin8, fLin8),
    LEAF("Linear", 0x22, 0, 1, 2, a_hh, 2, t_hh, linear_repr, sLin16, fLin16, fLin16),
    LEAF("Linear", 0x23, 0, 1, 2, a_oh, 2, t_oh, linear_repr, sHead, fHead, fHead),
    LEAF("Linear", 0x24, 0, 1, 2, a_5h, 2, t_5h, linear_repr, sHead5, fHead5, -1),
    LEAF("Dropout", 0x31, MODC_C_MODE_SENSITIVE, 1, 1, a_drop, 0, nullptr, drop_repr, sSame, fIdentity, fDropT),
    LEAF("Mean", 0x41, MODC_C_MODE_SENSITIVE, 2, 0, nullptr, 2, t_mean, nullptr, sLin16, fMeanE, fMeanT),
    LEAF("Identity", 0x51, 0, 1, 0, nullptr, 0, nullptr, nullptr, sSame, fIdentity, fIdentity),
    LEAF("Scaled", 0x61, MODC_C_MODE_SENSITIVE, 1, 0, nullptr, 0, nullptr, nullptr, sScaled, fScaled, -1)};

const modc_kernel_fn kernels[] = {linear_kernel, columns_kernel};
const modc_kernel kernelNames[] = {{"linear", "", 0, 0, 0}, {"columns", "", 0, 0, 0}};
const modc_prepare_fn prepares[] = {pack<I, H>, pack<H, H>, pack<H, O>, pack<H, O5>,
                                    pack<I, H>, pack<H, H>, pack<H, O>};
const modc_bytes_fn prepareBytes[] = {pack_bytes<I, H>, pack_bytes<H, H>, pack_bytes<H, O>, pack_bytes<H, O5>,
                                      pack_bytes<I, H>, pack_bytes<H, H>, pack_bytes<H, O>};
#define TARGET(name, low, rank)                                                                                        \
    {name,    MODC_CPU, {low, 0},     rank, kernels, nullptr,     nullptr,                                             \
     nullptr, prepares, prepareBytes, 2,    0,       kernelNames, nullptr}
const modc_target targets[] = {TARGET("baseline", 0, 0), TARGET("other", 0, 1), TARGET("future", 1ull << 63, 9)};
const modc_export exports[] = {
    {"net", cNet, 0, 0, "A small net.", 0, nullptr, nullptr}, {"embed", cNet, 0, 1, "", 0, nullptr, nullptr},
    {"embed_layer", cNet, 0, 0, "", 0, nullptr, "layers.0"},  {"head5", cHead5, 1, 0, "", 0, nullptr, nullptr},
    {"alt", cIdentity, 2, 0, "", 0, nullptr, nullptr},        {"pair", cPair, 3, 0, "", 1, pairTies, nullptr},
    {"twice", cTwice, 4, 0, "", 0, nullptr, nullptr},         {"seq", cSeq, 5, 0, "", 0, nullptr, nullptr},
    {"scaled", cScaled, 6, 0, "", 0, nullptr, nullptr},       {"lin16", cLin16, 7, 0, "", 0, nullptr, nullptr}};
#define N(array) uint32_t(sizeof(array) / sizeof(array[0]))
const modc_artifact artifact = {MODC_ABI_MAGIC,
                                MODC_ABI_MAJOR,
                                MODC_ABI_MINOR,
                                sizeof(modc_artifact),
                                MODC_STRIDES,
                                "handmade",
                                "a person",
                                "any",
                                "0",
                                N(exports),
                                nClasses,
                                nSigs,
                                nFns,
                                N(prepared),
                                N(programs),
                                N(targets),
                                0,
                                nPaths,
                                N(pool),
                                exports,
                                classes,
                                sigs,
                                fns,
                                bodies,
                                plans,
                                prepared,
                                programs,
                                targets,
                                nullptr,
                                paths,
                                pool};
} // namespace

extern "C" __attribute__((visibility("default"))) const modc_artifact *modc_artifact_v1(void) { return &artifact; }
