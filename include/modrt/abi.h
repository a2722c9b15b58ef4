/* The binary interface between an artifact made by modc and the runtime that loads it.
 *
 * C11 and C++20, no dependency. An artifact is one constant `modc_artifact` and what it points to; it owns no mutable
 * state, runs no constructor, calls nothing but the functions in `modc_rt`, and no C++ exception ever passes through
 * it.
 *
 * Versions. MAJOR differs: refused. MINOR of the artifact newer than the runtime's: refused, naming both. Older:
 * accepted; records only grow at the end, and the artifact states the size of each record it was built with (`stride`),
 * so that the runtime steps through arrays by that size and reads absent fields as zero. Every count is bounded
 * (MODC_MAX_*), every index is checked at load before anything is called. A change that an older runtime could not read
 * raises MINOR and is listed here: 1.0  first. */
#ifndef MODRT_ABI_H
#define MODRT_ABI_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#define MODC_ABI_MAGIC 0x0a1a2d43444f4dffull /* non-text bytes on purpose: a text-mode copy is noticed */
#define MODC_ABI_MAJOR 1
#define MODC_ABI_MINOR 0
#define MODC_ENTRY "modc_artifact_v1"          /* shared library: const modc_artifact *modc_artifact_v1(void) */
#define MODC_TRAILER_MAGIC "modc artifact 1\n" /* 16 characters, without the terminating zero */
#define MODC_NONE (-1)
#define MODC_MAX_RANK 8
#define MODC_MAX_COUNT (1u << 20) /* classes, functions, tensors of one class, steps of one program, ... */

typedef int32_t modc_rc;
enum { /* what generated code may return; the text is made by the runtime from the tables */
       MODC_OK = 0,
       MODC_E_GUARD = 1, /* plan: guard `info[0]` failed, actual value in info[1], expected in info[2] */
       MODC_E_DIM = 2,   /* plan: input info[0], axis info[1]: expected info[2] (a constant, what the symbol has
                            elsewhere, or a size near by that `2*N + 1` can be), got info[3] */
       MODC_E_INDEX =
           3, /* body: an index tensor held a value out of range (info[0] = value, [1] = limit, [2] = launch) */
       MODC_E_DEVICE = 4,   /* body: a driver call failed; text already given to rt->fail */
       MODC_E_OVERFLOW = 5, /* plan: a size does not fit 63 bits, is negative, or is a quotient by 0 */
       MODC_E_RANGE =
           6, /* plan: signature symbol info[0] has the value info[1], outside its declared range (modc_sym) */
       MODC_E_INTERNAL = 99
};

typedef enum modc_dtype {
    MODC_BOOL = 1,
    MODC_U8 = 2,
    MODC_I8 = 3,
    MODC_I16 = 4,
    MODC_I32 = 5,
    MODC_I64 = 6,
    MODC_F16 = 7,
    MODC_BF16 = 8,
    MODC_F32 = 9,
    MODC_F64 = 10,
    MODC_C64 = 11,
    MODC_C128 = 12
} modc_dtype;
typedef enum modc_device { MODC_CPU = 0, MODC_CUDA = 1 } modc_device;

/* ---------------------------------------------------------------- what generated code sees at run time */
/* Row-major, contiguous; the rank is in the signature. `data` may be null for an output that is not wanted. */
typedef struct modc_view {
    void *data;
    const int64_t *dims;
} modc_view;

typedef struct modc_frame modc_frame;
typedef modc_rc (*modc_chunk_fn)(void *arg, int64_t chunk);
typedef modc_rc (*modc_kernel_fn)(modc_frame *,
                                  const void *args); /* launches one kernel: counts its chunks, calls rt->parallel */

/* Runtime services. Generated code may call them; none of them runs user code, throws, or allocates from the heap. */
typedef struct modc_rt {
    uint32_t size;
    /* Runs chunk 0..n-1 once each, in any order and on any thread of the pool; returns the rc of the lowest failing
     * chunk. n depends on shapes alone, never on the number of threads: this is what makes results bitwise equal. */
    modc_rc (*parallel)(modc_frame *, int64_t n, modc_chunk_fn, void *arg);
    modc_rc (*fail)(modc_frame *, modc_rc, const char *text); /* remembers text, returns rc */
    void (*trace)(modc_frame *, uint32_t launch, int end);    /* modc_fn.launches; only when frame->trace != 0 */
    modc_rc (*launch)(modc_frame *, uint32_t kernel, const uint32_t grid[3], const uint32_t block[3],
                      uint32_t shared_bytes, void *const *args);              /* CUDA targets only */
    modc_rc (*copy)(modc_frame *, void *dst, const void *src, int64_t bytes); /* stream-ordered on CUDA */
    modc_rc (*tensor_map)(modc_frame *, void *map /* 128 bytes, 64-aligned: a kernel argument */, modc_dtype, int rank,
                          const void *data, const int64_t *dims, const int64_t *byte_strides, const uint32_t *box,
                          uint32_t swizzle_bytes); /* sm_90 */
} modc_rt;

struct modc_frame { /* one running compiled function; lives on the runtime's stack */
    const modc_rt *rt;
    const void *const
        *weights; /* function's `weights`, then its `prepared`, then its `constants`: see modc_fn. Weights and inputs
                   * are aligned to min(element, 8) bytes only; prepared blocks, state, arena and new outputs to 64 */
    void *const *state;   /* in-out memory of the tensors in modc_fn.writes: a private copy that the runtime publishes
                           * after   the outermost call, or the buffer itself under MODC_FN_STATE_IN_PLACE; else null */
    char *arena;          /* `sizes.arena` bytes, 64-aligned, contents undefined */
    char *saved;          /* `sizes.saved` bytes that live until backward; null when nothing is saved */
    const uint64_t *need; /* bit per leaf (modc_fn.leaves): its gradient is wanted; null = none */
    const int64_t *syms;  /* modc_fn.n_syms values: those of the signature in its order, then integers derived by plan;
                           * prepare and prepared_bytes get the constructor integers alone */
    const double
        *fsyms; /* run-time floats: constructor floats of generic classes, then float scalar ports, each in order */
    const modc_kernel_fn
        *kernels;       /* CPU: the artifact's kernels for the instruction set at hand (modc_target.kernel_fns) */
    uint64_t call, key; /* random numbers: number of the root call, and the key as folded so far (see modc_fold) */
    void *stream;       /* CUstream; null on CPU */
    uint32_t trace;
    int64_t info[4]; /* details of a failure */
};

typedef struct modc_sizes {
    int64_t arena, saved;
} modc_sizes; /* the arena's scratch is sized for the largest instruction set */

/* Forward: in = signature inputs, out = signature outputs.
 * Backward: in = gradients of the outputs (data null = zero), then the forward's inputs, then its outputs (data null
 * unless in modc_fn.reads); out = gradients of the leaves, data null where the need bit is off. A gradient is
 * *written*, not added: the runtime accumulates. A backward's frame has the key and the call of its forward. */
typedef modc_rc (*modc_body)(modc_frame *, const modc_view *in, const modc_view *out);
/* Unifies input dims with the signature, checks guards, fills syms, out dims (array of rank int64 per output) and
 * sizes. Pure, never allocates, overflow-checked. Given in syms: constructor integers and int scalar ports. Writes info
 * on failure. */
typedef modc_rc (*modc_plan)(const int64_t *const *in_dims, const uint64_t *need, int64_t *syms,
                             int64_t *const *out_dims, modc_sizes *, int64_t info[4]);
/* Derives one prepared constant from its sources. */
typedef modc_rc (*modc_prepare_fn)(modc_frame *, const void *const *src, const int64_t *syms, void *dst);
typedef int64_t (*modc_bytes_fn)(const int64_t *syms);

/* Keys of random numbers, the same in runtime, host code and interpreter. The key of a root call is the generator's
 * seed. For each CALL on the way down the iterations of the caller's loops round it (outermost first, each counter's
 * value), its site and the child (modc_name of the path as written in modc_artifact.paths, "layers.0"; "" for a call of
 * the module itself) are folded in, in this order, for a RUN the iterations alone, for `random` inside a function the
 * iterations of loops inside and its own site. Site: number of the call or `random` in its module's elaborated forward,
 * in program order, before roles are cut from it. The built-in program of a Sequential without one of its own calls its
 * i-th child at site i under the child's key. Philox4x32-10: key = (low, high word), counter = (element / 4, call),
 * each low word first. Element e of f32 is the top 24 bits of word e % 4 times 2^-24. Initial values: making a tree
 * takes one call number; the key of a tensor is modc_fold(seed, modc_name(full name, "fc1.weight")), of tied tensors
 * the first name. With u[i] = element i of that stream, in double and rounded once: UNIFORM a + (b - a) * u[e]; NORMAL
 * a + b * sqrt(-2 ln(1 - u[2e])) * cos(2 pi u[2e + 1]); FN: the function's frame has that key and call. */
static inline uint64_t modc_fold(uint64_t key, uint64_t x) {
    uint64_t z = key + 0x9e3779b97f4a7c15ull * (x + 1);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}
static inline uint64_t modc_name(const char *s) { /* FNV-1a */
    uint64_t h = 0xcbf29ce484222325ull;
    while (*s)
        h = (h ^ (uint8_t)*s++) * 0x100000001b3ull;
    return h;
}

static inline void modc_philox(uint64_t key, uint64_t block, uint64_t call, uint32_t out[4]) {
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    uint32_t c0 = (uint32_t)block, c1 = (uint32_t)(block >> 32), c2 = (uint32_t)call, c3 = (uint32_t)(call >> 32);
    for (int round = 0; round < 10; ++round) {
        uint64_t a = (uint64_t)0xd2511f53u * c0, b = (uint64_t)0xcd9e8d57u * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)b;
        c3 = (uint32_t)a;
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

/* ---------------------------------------------------------------- static tables: classes and the instance tree */
typedef struct modc_loc {
    const char *file;
    uint32_t line, col;
} modc_loc;

enum {
    MODC_T_PARAM = 1,
    MODC_T_BUFFER = 2,
    MODC_T_PERSISTENT = 4,
    MODC_T_NONE = 8,
    MODC_T_NO_GRAD = 16,
    MODC_T_UPDATED = 32
};
enum {
    MODC_INIT_UNSET = 0,
    MODC_INIT_FILL = 1,
    MODC_INIT_UNIFORM = 2,
    MODC_INIT_NORMAL = 3,
    MODC_INIT_DATA = 4,
    MODC_INIT_FN = 5
};
typedef struct modc_tensor {
    const char *name; /* no '.', not empty */
    uint8_t dtype, rank;
    uint16_t flags;
    uint32_t since;      /* a checkpoint of a lower module version may lack it; 0 = none may */
    const int64_t *dims; /* >= 0: size; < 0: constructor expression -1-i, value from modc_class.ctor_dims */
    uint8_t init;        /* FILL: a; UNIFORM: [a,b); NORMAL: mean a, deviation b; DATA: init_data; FN: init_fn */
    double a, b;
    const void *init_data;
    int32_t init_fn; /* modc_artifact.fns: stateless, no input, one output */
    modc_loc loc;
} modc_tensor;

typedef struct modc_child {
    const char *key; /* "fc1", "0", "linear_3" */
    int32_t cls;     /* MODC_NONE: a child that is None */
    modc_loc loc;
} modc_child;

enum {
    MODC_V_INT = 1,
    MODC_V_FLOAT = 2,
    MODC_V_BOOL = 3,
    MODC_V_STR = 4,
    MODC_V_NONE = 5,
    MODC_V_INTS = 6,
    MODC_V_CLASS = 7
};
typedef struct modc_value {
    uint8_t kind;
    uint32_t n;
    int64_t i;
    double f;
    const char *s;
    const int64_t *ints;
} modc_value;
typedef struct modc_arg { /* constructor argument, in order; value = default, or the bound value of this class */
    const char *name;
    modc_value value;
    uint8_t required,
        symbolic; /* symbolic: chosen at run time (generic artifact); else part of what selects the class */
} modc_arg;

enum {
    MODC_K_MODULE = 0,
    MODC_K_SEQUENTIAL = 1,
    MODC_K_LIST = 2,
    MODC_K_DICT = 3,
    MODC_K_PARAM_LIST = 4,
    MODC_K_PARAM_DICT = 5
};
enum {
    MODC_C_MODE_SENSITIVE = 1 /* train and eval differ in the subtree */,
    MODC_C_GENERIC = 2,
    MODC_C_FUNCTION = 4 /* eager op */,
    MODC_C_STATE_IN_PLACE = 8 /* some function of the subtree has MODC_FN_STATE_IN_PLACE */
};
enum {
    MODC_FWD_EVAL = 0,
    MODC_FWD_EVAL_SAVE = 1,
    MODC_FWD_TRAIN = 2 /* saves what `need` asks for */,
    MODC_BWD_EVAL = 3,
    MODC_BWD_TRAIN = 4,
    MODC_N_ROLES = 5
};

typedef struct modc_class {
    const char *name; /* as repr prints it: "Linear" */
    uint64_t hash;    /* content: same hash = interchangeable, also between artifacts of one compiler version */
    uint16_t kind, flags;
    uint32_t state_version; /* _metadata["version"] */
    uint32_t n_args, n_tensors, n_children;
    const modc_arg *args;
    const modc_tensor *tensors; /* parameters first, then buffers, each in order of declaration */
    const modc_child
        *children; /* their classes have higher indexes than this one: the tree is finite by construction */
    /* Generic classes: values of the constructor's dimension expressions; returns the failing argument's index + 1,
     * text in *why. */
    int32_t (*ctor_dims)(const modc_value *args, int64_t *out, const char **why);
    uint32_t n_ctor_dims;
    int32_t (*extra_repr)(const modc_value *args, char *buf,
                          int32_t cap); /* args: the values of `args`; snprintf rules; null = empty */
    int32_t sig;
    int32_t fused[MODC_N_ROLES]; /* functions of the whole subtree, MODC_NONE if not compiled */
    int32_t program[2]; /* composed: eval, train; MODC_NONE for a leaf (its fused body is also its composed one). A
                         * Sequential without one has a built-in program over its live children */
    uint32_t n_methods;
    const struct modc_method *methods; /* what else is entered from outside: other methods, variants of forward */
    int32_t other_dtype; /* next class in the ring of this one compiled for each --dtype; MODC_NONE: no other */
    uint8_t dtype;       /* the --dtype this class was elaborated for */
    uint32_t n_aliases;
    const struct modc_alias *aliases; /* one module under two paths of this subtree; the fused body counts on it */
    modc_loc loc;
} modc_class;
/* `sig`, `fused`, `program` of the class are its plain forward's: static arguments at their defaults, else as in
 * methods[0]. A variant of forward (MODC_M_CALL: hooks run) is compiled for other static arguments: bools, strings,
 * which optional tensors are given. Another method runs no hooks of the module itself. */
enum { MODC_M_CALL = 1 };
typedef struct modc_method {
    const char *name;
    uint32_t flags, n_statics;
    const modc_arg *statics; /* static arguments and their values */
    int32_t sig, fused[MODC_N_ROLES], program[2];
} modc_method;
typedef struct modc_alias {
    const char *path, *first;
} modc_alias; /* also used for tied tensors, at export level */

/* ---------------------------------------------------------------- signatures, functions, composed programs */
typedef struct modc_port { /* scalar: a run-time int (i64) or float (f64), rank 0, in host memory on every device */
    const char *name;
    uint8_t dtype, rank, scalar;
    const int32_t *dims; /* < 0: symbol -1-i */
} modc_port;
/* In this order: constructor integers, int scalar ports, dimension names, other expressions used as a dim, named by
 * their text. */
typedef struct modc_sym {
    const char *name;
    int64_t min, max;
} modc_sym; /* declared range: `1 <= N <= 64` */
typedef struct modc_guard {
    const char *text;
    modc_loc loc;
} modc_guard; /* "H % 2 == 0" */
typedef struct modc_sig {
    uint32_t n_in, n_out, n_syms, n_guards;
    const modc_port *in, *out;
    const modc_sym *syms;
    const modc_guard *guards;
} modc_sig;

typedef struct modc_ref {
    int32_t path;
    int32_t tensor;
} modc_ref; /* path: index in modc_artifact.paths, relative to the class */
typedef struct modc_prepared {
    uint64_t content; /* same content and same sources = one block, shared by every function that uses it */
    const char *name; /* "fc1.weight packed 6x64" */
    uint32_t n_src;   /* 1 to 64 */
    const modc_ref *src;
} modc_prepared;

enum {
    MODC_FN_WRITES_STATE = 1,
    MODC_FN_RANDOM = 2,
    MODC_FN_DATA_DEPENDENT = 4 /* out dims are upper bounds */,
    MODC_FN_STATE_IN_PLACE = 8 /* large state, written in slices: key/value caches */
};
typedef struct modc_launch {
    uint32_t kernel;
    const char *from; /* module paths, relative: "layers.0.fc1, layers.0.act" */
    void (*cost)(const int64_t *syms, double *flops, double *bytes);
    modc_loc loc;
} modc_launch;
typedef struct modc_fn {
    const char *name; /* "mlp.MLP.fused_eval" */
    uint32_t flags;
    int32_t sig;
    uint32_t n_weights, n_prepared, n_constants, n_writes, n_leaves, n_reads, n_syms, n_launches;
    const modc_ref *weights;  /* tensors read directly */
    const int32_t *prepared;  /* modc_artifact.prepared */
    const int32_t *constants; /* modc_artifact.constants: only where the device cannot read the image (CUDA) */
    const modc_ref *writes;   /* buffers that forward assigns, parameters it copies into; never also in `weights` */
    const int32_t *leaves; /* need/gradient order: i >= 0 input i; i < 0 weight -1-i; the set is the same in forward and
                              backward */
    const int32_t *reads;  /* backward: whose value it uses: i >= 0 the forward's input i, then output i - n_in; i < 0
                            * weight -1-i.  Only these are kept for it, and none may have been written in between */
    const modc_launch *launches; /* by number in the body: what traces and index errors name */
    const int32_t *alias_out;    /* per output: input it is a view of, or MODC_NONE; null = none */
    modc_loc loc;
} modc_fn;

/* Composed code is data: a program over value slots, run by the runtime. Slots 0..n_in-1 are the inputs. Every slot
 * holds a counted tensor, so a hook may keep what it is shown; scalars are 0-d host tensors. RUN executes a piece of
 * the module's own forward between two calls; CALL goes through the child's hooks, mode and replacement. Gradients need
 * no program of their own: RUN and CALL each record a tape node. Counters of loops are 0-d i64 slots, initialised and
 * advanced by pieces; JUMP_IF_FALSE reads a 0-d bool slot; DROP frees its n_in slots; MOVE copies slot n_in to slot
 * n_out and leaves the source; RETURN's n_in slots are the outputs. On every path a slot is written before it is read,
 * and the last step is a RETURN or a JUMP. */
enum {
    MODC_S_CALL = 1,
    MODC_S_RUN = 2,
    MODC_S_DROP = 3,
    MODC_S_MOVE = 4,
    MODC_S_JUMP = 5,
    MODC_S_JUMP_IF_FALSE = 6,
    MODC_S_RETURN = 7
};
typedef struct modc_step {
    uint16_t op, n_in, n_out, n_loops;
    int32_t
        target; /* CALL: index in modc_artifact.paths ("" = this module, "layers.0"); RUN: none; JUMP*: step index */
    int32_t role_fn[MODC_N_ROLES]; /* RUN: the piece's functions by role, weights relative to this module */
    uint32_t slots;  /* first of n_loops counters of enclosing loops, n_in, n_out entries in modc_artifact.slot_pool */
    uint16_t site;   /* CALL: see modc_fold */
    uint16_t method; /* CALL: 0 the plain forward, k > 0 the method k - 1 of the callee's expected class, found by name
                      * and statics in a replaced one */
    modc_loc loc;
} modc_step;
typedef struct modc_program {
    uint32_t n_slots, n_steps;
    const modc_step *steps;
} modc_program;

/* ---------------------------------------------------------------- code for one instruction set or device */
typedef struct modc_kernel {
    const char *name, *symbol;
    uint32_t param_bytes, static_shared, max_threads;
} modc_kernel;
typedef struct modc_blob {
    uint32_t kind /* 1 cubin, 2 PTX */, arch /* 80, 901 = sm_90a */;
    const void *data;
    uint64_t bytes;
} modc_blob;
typedef struct modc_target {
    const char *name; /* "x86-64-v4", "znver4+bf16", "cuda-sm_80", "cuda-sm_90a" */
    uint32_t device;
    uint64_t features[2]; /* CPU: all of these bits (abi_features.def) must be present; CUDA: [0] lowest compute
                           * capability (80), [1] the highest it runs on (90 for sm_90a, ~0 where there is PTX) */
    uint32_t rank;        /* the runnable target of highest rank is taken */
    const modc_kernel_fn
        *kernel_fns; /* CPU: by kernel number; host code (bodies, plans) is compiled once for all CPU targets */
    const modc_fn
        *fns; /* CUDA: records, bodies and plans of its own (other groups, other memory), by modc_artifact.fns */
    const modc_body
        *bodies; /* index; signatures, leaves and order of outputs are equal. CPU: null, the artifact's are used */
    const modc_plan *plans;
    const modc_prepare_fn *prepare; /* by modc_artifact.prepared index */
    const modc_bytes_fn *prepared_bytes;
    uint32_t n_kernels, n_blobs;
    const modc_kernel *kernels; /* names for traces (CPU) and launches (CUDA) */
    const modc_blob *blobs;
} modc_target;

typedef struct modc_constant {
    const void *data;
    uint64_t bytes;
    uint32_t align;
} modc_constant;
typedef struct modc_export { /* a class export: one record of that name for each choice of the arguments that are not
                                symbolic */
    const char *name;
    int32_t cls;       /* class of the instance */
    uint32_t instance; /* exports of one number are entries of one tree: same parameters, buffers, hooks */
    uint16_t method;   /* as in modc_step */
    const char *doc;
    uint32_t n_ties;
    const modc_alias *ties; /* tensors: {path of the other name, path of the first}, full names within the tree */
    const char *
        path; /* the exported module within the tree of class `cls`; null or "": its root. `method` is of that module */
} modc_export;

typedef struct modc_stride { /* sizeof of each record when the artifact was compiled */
    uint16_t tensor, child, arg, cls, method, port, sym, guard, sig, ref, prepared, launch, fn, step, program, kernel,
        blob, target, constant, exp;
} modc_stride;
#define MODC_STRIDES                                                                                                   \
    {sizeof(modc_tensor),   sizeof(modc_child),  sizeof(modc_arg),    sizeof(modc_class),    sizeof(modc_method),      \
     sizeof(modc_port),     sizeof(modc_sym),    sizeof(modc_guard),  sizeof(modc_sig),      sizeof(modc_ref),         \
     sizeof(modc_prepared), sizeof(modc_launch), sizeof(modc_fn),     sizeof(modc_step),     sizeof(modc_program),     \
     sizeof(modc_kernel),   sizeof(modc_blob),   sizeof(modc_target), sizeof(modc_constant), sizeof(modc_export)}

typedef struct modc_artifact {
    uint64_t magic;
    uint16_t major, minor;
    uint32_t size; /* sizeof(modc_artifact) */
    modc_stride stride;
    const char *name, *compiler, *triple, *source_hash;
    uint32_t n_exports, n_classes, n_sigs, n_fns, n_prepared, n_programs, n_targets, n_constants, n_paths, n_slots;
    const modc_export *exports;
    const modc_class *classes;
    const modc_sig *sigs;
    const modc_fn *fns;
    const modc_body *bodies; /* CPU host code by fns index; null entry = role not compiled */
    const modc_plan *plans;  /* by fns index */
    const modc_prepared *prepared;
    const modc_program *programs;
    const modc_target *targets;
    const modc_constant *constants;
    const char *const *paths; /* "", "fc1", "layers.0.attn": relative module paths used by modc_ref */
    const uint16_t *slot_pool;
} modc_artifact;

/* Last 40 bytes of an artifact file, appended after linking (ELF, Mach-O and PE loaders ignore trailing bytes). It is
 * checked before dlopen, because mapping a truncated library ends in SIGBUS, not in an error. Objects for static
 * linking have none. file_bytes: the whole file, trailer included. xxh3: XXH3_64bits (seed 0) of all but the trailer.
 * machine: ELF e_machine (62 x86-64, 183 AArch64). Little-endian. */
typedef struct modc_trailer {
    uint64_t file_bytes, xxh3;
    uint16_t major, minor;
    uint32_t machine;
    char magic[16];
} modc_trailer;

#ifdef __cplusplus
} /* extern "C" */
#if defined(__LP64__)
static_assert(sizeof(modc_view) == 16 && sizeof(modc_ref) == 8 && sizeof(modc_trailer) == 40, "modc ABI layout");
#endif
#endif
#endif /* MODRT_ABI_H */
