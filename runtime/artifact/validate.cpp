// Checks an artifact's tables record by record: header, signatures, functions, classes, programs, targets, exports.
#include "artifact/checker.h"
#include <cstring>

namespace modrt::detail {
namespace {
bool dtype_ok(uint8_t d) { return d >= MODC_BOOL && d <= MODC_C128; }
bool same_ports(const modc_port *a, const modc_port *b, uint32_t n) {
    for (uint32_t i = 0; i < n; ++i)
        if (a[i].dtype != b[i].dtype || a[i].rank != b[i].rank || a[i].scalar != b[i].scalar)
            return false;
    return true;
}
} // namespace

bool same_interface(const modc_sig &a, const modc_sig &b) {
    return a.n_in == b.n_in && a.n_out == b.n_out && same_ports(a.in, b.in, a.n_in) &&
           same_ports(a.out, b.out, a.n_out);
}

void Checker::header() {
    if (!image.readable(t, 8) || t->magic != MODC_ABI_MAGIC)
        throw ArtifactError(label + " is not a modc artifact");
    if (!image.readable(t, sizeof(modc_artifact)))
        fail("the table is cut short");
    if (t->major != MODC_ABI_MAJOR || t->minor > MODC_ABI_MINOR)
        throw ArtifactError(
            label + " was compiled for artifact interface " + std::to_string(t->major) + "." +
            std::to_string(t->minor) + ", this runtime reads " + std::to_string(MODC_ABI_MAJOR) + ".0 to " +
            std::to_string(MODC_ABI_MAJOR) + "." + std::to_string(MODC_ABI_MINOR) + "; " +
            (t->major > MODC_ABI_MAJOR || t->major == MODC_ABI_MAJOR ? "use a newer runtime" : "compile it again"));
    const modc_stride ours = MODC_STRIDES;
    if (t->size != sizeof(modc_artifact) || std::memcmp(&t->stride, &ours, sizeof ours) != 0)
        fail("record sizes differ from those of its interface version");
    text(t->name, "name");
    text(t->compiler, "compiler");
    text(t->triple, "triple");
    text(t->source_hash, "source hash");
    array(t->exports, t->n_exports, "exports");
    array(t->classes, t->n_classes, "classes");
    array(t->sigs, t->n_sigs, "signatures");
    array(t->fns, t->n_fns, "functions");
    array(t->bodies, t->n_fns, "bodies");
    array(t->plans, t->n_fns, "plans");
    array(t->prepared, t->n_prepared, "prepared");
    array(t->programs, t->n_programs, "programs");
    array(t->targets, t->n_targets, "targets");
    array(t->constants, t->n_constants, "constants");
    array(t->paths, t->n_paths, "paths");
    array(t->slot_pool, t->n_slots, "slot pool");
    for (uint32_t i = 0; i < t->n_paths; ++i)
        path(t->paths[i], "paths", i);
}

void Checker::signatures() {
    for (uint32_t i = 0; i < t->n_sigs; ++i) {
        auto &s = t->sigs[i];
        at = "signature " + std::to_string(i);
        limit(s.n_in, kMaxPorts, "inputs");
        limit(s.n_out, kMaxPorts, "outputs");
        limit(s.n_syms, kMaxSyms, "symbols");
        array(s.in, s.n_in, "inputs");
        array(s.out, s.n_out, "outputs");
        array(s.syms, s.n_syms, "symbols");
        array(s.guards, s.n_guards, "guards");
        uint32_t int_ports = 0;
        for (uint32_t k = 0; k < s.n_in + s.n_out; ++k) {
            auto &p = k < s.n_in ? s.in[k] : s.out[k - s.n_in];
            text(p.name, "port name", false);
            if (!dtype_ok(p.dtype) || p.rank > MODC_MAX_RANK || p.scalar > 1)
                fail(std::string("port '") + p.name + "' has no valid dtype or rank");
            if (p.scalar && (p.rank || (p.dtype != MODC_I64 && p.dtype != MODC_F64)))
                fail(std::string("scalar port '") + p.name + "' is neither int nor float");
            int_ports += p.scalar && p.dtype == MODC_I64 && k < s.n_in;
            array(p.dims, p.rank, "dims");
            int64_t product = 1;
            for (uint32_t d = 0; d < p.rank; ++d) {
                if (p.dims[d] < 0 && uint32_t(-1 - p.dims[d]) >= s.n_syms)
                    fail(std::string("port '") + p.name + "' uses symbol " + std::to_string(-1 - p.dims[d]) + " of " +
                         std::to_string(s.n_syms));
                if (p.dims[d] > 0 &&
                    (__builtin_mul_overflow(product, int64_t(p.dims[d]), &product) || product > int64_t(1) << 62))
                    fail(std::string("port '") + p.name + "' is too large");
            }
            for (uint32_t j = k < s.n_in ? 0 : s.n_in; j < k; ++j)
                if (std::strcmp((j < s.n_in ? s.in[j] : s.out[j - s.n_in]).name, p.name) == 0)
                    fail(std::string("two ports are called '") + p.name + "'");
        }
        if (int_ports > s.n_syms)
            fail("int arguments have no symbols");
        for (uint32_t k = 0; k < s.n_syms; ++k) {
            text(s.syms[k].name, "symbol name", false);
            if (s.syms[k].min > s.syms[k].max)
                fail("symbol with an empty range");
        }
        for (uint32_t k = 0; k < s.n_guards; ++k) {
            text(s.guards[k].text, "guard text");
            loc(s.guards[k].loc);
        }
    }
}

void Checker::targets() {
    bool any = false;
    for (uint32_t i = 0; i < t->n_targets; ++i) {
        auto &g = t->targets[i];
        at = "target " + std::to_string(i);
        text(g.name, "name", false);
        array(g.kernels, g.n_kernels, "kernels");
        for (uint32_t k = 0; k < g.n_kernels; ++k)
            text(g.kernels[k].name, "kernel name");
        array(g.blobs, g.n_blobs, "blobs");
        for (uint32_t k = 0; k < g.n_blobs; ++k)
            bytes(g.blobs[k].data, g.blobs[k].bytes, "blob");
        if (g.device > MODC_CUDA)
            fail("unknown device");
        if (g.device != MODC_CPU)
            continue;
        any = true;
        functions(g.kernel_fns, g.n_kernels, "kernels");
        functions(g.prepare, t->n_prepared, "prepare functions");
        functions(g.prepared_bytes, t->n_prepared, "sizes of prepared blocks");
    }
    at = "";
    if (!any && t->n_fns)
        fail("no code for any CPU");
    for (uint32_t i = 0; i < t->n_constants; ++i) {
        auto &c = t->constants[i];
        bytes(c.data, c.bytes, "constant");
        if (!c.align || c.align & (c.align - 1))
            fail("constant with a bad alignment");
    }
    for (uint32_t i = 0; i < t->n_prepared; ++i) {
        at = "prepared block " + std::to_string(i);
        text(t->prepared[i].name, "name");
        array(t->prepared[i].src, t->prepared[i].n_src, "sources");
        if (t->prepared[i].n_src == 0 || t->prepared[i].n_src > kMaxSources)
            fail("no source, or more than " + std::to_string(kMaxSources));
        for (uint32_t k = 0; k < t->prepared[i].n_src; ++k)
            ref(t->prepared[i].src[k]);
    }
}

void Checker::function_records() {
    for (uint32_t i = 0; i < t->n_fns; ++i) {
        auto &f = t->fns[i];
        at = "function " + std::to_string(i);
        text(f.name, "name", false);
        at = std::string("function ") + f.name;
        auto &s = sig(f.sig);
        if (f.flags & MODC_FN_DATA_DEPENDENT)
            throw UnsupportedError(label + ": function " + f.name +
                                   " has results whose sizes depend on data, which this version of the runtime "
                                   "cannot run");
        loc(f.loc);
        array(f.weights, f.n_weights, "weights");
        array(f.prepared, f.n_prepared, "prepared");
        array(f.constants, f.n_constants, "constants");
        array(f.writes, f.n_writes, "writes");
        array(f.leaves, f.n_leaves, "leaves");
        array(f.reads, f.n_reads, "reads");
        array(f.launches, f.n_launches, "launches");
        limit(f.n_syms, kMaxSyms, "symbols");
        if (f.n_syms < s.n_syms)
            fail("fewer symbols than its signature");
        for (uint32_t k = 0; k < f.n_weights; ++k)
            ref(f.weights[k]);
        for (uint32_t k = 0; k < f.n_writes; ++k)
            ref(f.writes[k]);
        for (uint32_t k = 0; k < f.n_prepared; ++k)
            index(f.prepared[k], t->n_prepared, "prepared block");
        for (uint32_t k = 0; k < f.n_constants; ++k)
            index(f.constants[k], t->n_constants, "constant");
        for (uint32_t k = 0; k < f.n_leaves; ++k)
            index(f.leaves[k] < 0 ? -1 - f.leaves[k] : f.leaves[k], f.leaves[k] < 0 ? f.n_weights : s.n_in, "leaf");
        for (uint32_t k = 0; k < f.n_reads; ++k)
            index(f.reads[k] < 0 ? -1 - f.reads[k] : f.reads[k], f.reads[k] < 0 ? f.n_weights : s.n_in + s.n_out,
                  "read");
        if (f.alias_out) {
            array(f.alias_out, s.n_out, "aliases of outputs");
            for (uint32_t k = 0; k < s.n_out; ++k)
                if (f.alias_out[k] != MODC_NONE)
                    index(f.alias_out[k], s.n_in, "aliased input");
        }
        for (uint32_t k = 0; k < f.n_launches; ++k) {
            auto &l = f.launches[k];
            for (uint32_t g = 0; g < t->n_targets; ++g)
                if (t->targets[g].device == MODC_CPU)
                    index(int64_t(l.kernel), t->targets[g].n_kernels, "kernel");
            text(l.from, "launch origin");
            loc(l.loc);
            code(l.cost, "cost function", true);
        }
        code(t->bodies[i], "body", true);
        code(t->plans[i], "plan", true);
    }
}

void Checker::exports() {
    for (uint32_t i = 0; i < t->n_exports; ++i) {
        auto &e = t->exports[i];
        at = "export " + std::to_string(i);
        text(e.name, "name", false);
        at = std::string("export '") + e.name + "'";
        index(e.cls, t->n_classes, "class");
        auto *root = &t->classes[e.cls], *c = root;
        if (e.doc)
            text(e.doc, "doc");
        if (e.path) {
            text(e.path, "path");
            c = class_at(t, root, e.path);
        }
        if (!c || e.method > c->n_methods)
            fail("names no module or method of its tree");
        array(e.ties, e.n_ties, "ties");
        for (uint32_t k = 0; k < e.n_ties; ++k) {
            auto &a = tied(root, e.ties[k].path), &b = tied(root, e.ties[k].first);
            if (a.dtype != b.dtype || a.rank != b.rank ||
                (a.rank && std::memcmp(a.dims, b.dims, a.rank * sizeof(int64_t)) != 0))
                fail(std::string("tied tensors ") + e.ties[k].path + " and " + e.ties[k].first + " differ");
        }
    }
}

const modc_tensor &Checker::tied(const modc_class *root, const char *full) {
    text(full, "tie");
    std::string_view s = full;
    size_t dot = s.rfind('.');
    auto *c = dot == s.npos ? root : class_at(t, root, s.substr(0, dot));
    std::string_view name = dot == s.npos ? s : s.substr(dot + 1);
    for (uint32_t i = 0; c && i < c->n_tensors; ++i)
        if (name == c->tensors[i].name)
            return c->tensors[i];
    fail("tie of an unknown tensor '" + std::string(s) + "'");
}

void validate(const modc_artifact *t, const Image &image, const std::string &label) {
    Checker c{t, image, label, {}, 0};
    c.header();
    c.signatures();
    c.targets();
    c.function_records();
    c.classes(); // tensors and children first: programs follow paths through them
    c.programs();
    c.exports();
}
} // namespace modrt::detail
