// The parts of table validation. Each member throws ArtifactError naming the artifact and the record.
#pragma once
#include "artifact/artifact_impl.h"
#include "modrt/error.h"

namespace modrt::detail {
bool same_interface(const modc_sig &, const modc_sig &); // count, dtype, rank and kind of ports; sizes may differ

struct Checker {
    const modc_artifact *t;
    const Image &image;
    const std::string &label;
    std::string at;       // the record at hand
    uint64_t records = 0; // over the whole table

    void header();
    void signatures();
    void targets();
    void function_records();
    void classes();
    void programs();
    void exports();

    [[noreturn]] void fail(const std::string &what) const {
        throw ArtifactError(label + " is damaged: " + (at.empty() ? "" : at + ": ") + what);
    }
    void limit(uint64_t n, uint64_t most, const char *what) const {
        if (n > most)
            fail(std::string("too many ") + what + " (" + std::to_string(n) + ", at most " + std::to_string(most) +
                 ")");
    }
    template <class T> void array(const T *p, uint32_t n, const char *what) {
        limit(n, MODC_MAX_COUNT, what);
        records += n;
        limit(records, 16u << 20, "records");
        if (n && (reinterpret_cast<uintptr_t>(p) % alignof(T) || !image.readable(p, size_t(n) * sizeof(T))))
            fail(std::string(what) + " lie outside the artifact");
    }
    void bytes(const void *p, uint64_t n, const char *what) const {
        if (n && (n > (uint64_t(1) << 40) || !image.readable(p, size_t(n))))
            fail(std::string(what) + " lies outside the artifact");
    }
    void text(const char *p, const char *what, bool may_be_empty = true) const {
        int64_t n = image.text_length(p, 1 << 20);
        if (n < 0 || (n == 0 && !may_be_empty))
            fail(std::string(what) + (n < 0 ? " is no text inside the artifact" : " is empty"));
    }
    void loc(const modc_loc &l) const {
        if (l.file)
            text(l.file, "source file name");
    }
    void name(const char *p, const char *what) const { // of a tensor or child
        text(p, what, false);
        if (std::string_view(p).find('.') != std::string_view::npos)
            fail(std::string(what) + " '" + p + "' contains a dot");
    }
    void path(const char *p, const char *what, uint32_t i) const {
        text(p, what);
        std::string_view s = p;
        if (!s.empty() && (s.front() == '.' || s.back() == '.' || s.find("..") != s.npos))
            fail(std::string(what) + " " + std::to_string(i) + " '" + p + "' has an empty part");
    }
    void index(int64_t i, uint64_t n, const char *what) const {
        if (i < 0 || uint64_t(i) >= n)
            fail(std::string(what) + " " + std::to_string(i) + " of " + std::to_string(n));
    }
    const modc_sig &sig(int32_t i) const {
        index(i, t->n_sigs, "signature");
        return t->sigs[i];
    }
    void ref(const modc_ref &r) const {
        index(r.path, t->n_paths, "path");
        index(r.tensor, MODC_MAX_COUNT, "tensor");
    }
    template <class F> void code(F *f, const char *what, bool may_be_null) const {
        if (f ? !image.executable(reinterpret_cast<const void *>(f)) : !may_be_null)
            fail(std::string(what) + (f ? " lies outside the artifact's code" : " is missing"));
    }
    template <class F> void functions(F *const *f, uint32_t n, const char *what) {
        array(f, n, what);
        for (uint32_t i = 0; i < n; ++i)
            code(f[i], what, false);
    }
    const modc_tensor &tied(const modc_class *root, const char *full);
    void values(const modc_arg *, uint32_t n);
    void tensors(const modc_class &);
    void entry(const modc_class &, int32_t sig, const int32_t *fused, const int32_t *program);
    void refs_fit(const modc_class &, int32_t fn);
    void program(const modc_class &, const modc_sig &, int32_t program, bool train);
    void rounds(const modc_program &);
};
} // namespace modrt::detail
