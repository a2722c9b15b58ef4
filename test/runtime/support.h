// What the tests share: the hand-written artifact with counting bodies, so that a test sees which compiled functions
// ran.
#pragma once
#include "handmade.h"
#include "modrt/artifact.h"
#include "modrt/error.h"
#include "modrt/process.h"
#include <atomic>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <utility>

namespace support {
using namespace modrt;

constexpr size_t kMaxFns = 32;
inline std::atomic<int> g_ran[kMaxFns];
inline const modc_body *g_bodies = modc_artifact_v1()->bodies;
template <size_t I> modc_rc counting(modc_frame *f, const modc_view *in, const modc_view *out) {
    ++g_ran[I];
    return g_bodies[I](f, in, out);
}
template <size_t... I> const modc_body *counting_bodies(std::index_sequence<I...>) {
    static const modc_body bodies[] = {counting<I>...};
    return bodies;
}
// Weights packed so far, over all modules.
inline std::atomic<int> g_packed{0};
template <size_t I> modc_rc counting_prepare(modc_frame *f, const void *const *src, const int64_t *syms, void *to) {
    ++g_packed;
    return modc_artifact_v1()->targets[0].prepare[I](f, src, syms, to);
}
template <size_t... I> const modc_prepare_fn *counting_prepares(std::index_sequence<I...>) {
    static const modc_prepare_fn fns[] = {counting_prepare<I>...};
    return fns;
}
inline const modc_target *counting_target() {
    static const modc_target target = [] {
        modc_target t = modc_artifact_v1()->targets[0];
        t.prepare = counting_prepares(std::make_index_sequence<7>());
        return t;
    }();
    return &target;
}
inline const modc_artifact *counted_table() {
    static const modc_artifact table = [] {
        modc_artifact t = *modc_artifact_v1();
        t.bodies = counting_bodies(std::make_index_sequence<kMaxFns>());
        t.targets = counting_target();
        t.n_targets = 1;
        return t;
    }();
    return &table;
}
inline Artifact handmade() {
    static const Artifact a = link(counted_table());
    return a;
}
// How often a function ran since the last question.
inline int ran(std::string_view name) {
    auto *t = counted_table();
    for (uint32_t i = 0; i < t->n_fns; ++i)
        if (name == t->fns[i].name)
            return g_ran[i].exchange(0);
    ADD_FAILURE() << "no function " << name;
    return -1;
}
inline void forget_runs() {
    for (auto &n : g_ran)
        n = 0;
}

inline Tensor input(int64_t rows, int64_t columns = 8, float scale = 1) {
    Tensor t = empty({rows, columns});
    auto v = t.mutable_data<float>();
    for (size_t i = 0; i < v.size(); ++i)
        v[i] = scale * std::sin(float(i + 1));
    return t;
}
inline bool same_bits(const Tensor &a, const Tensor &b) {
    return a && b && a.shape() == b.shape() && a.dtype() == b.dtype() && a.is_contiguous() && b.is_contiguous() &&
           std::memcmp(a.data_ptr(), b.data_ptr(), size_t(a.nbytes())) == 0;
}
// The text of what f throws; the type must be E.
template <class E, class F> std::string error(F f) {
    try {
        f();
    } catch (const E &e) {
        return e.what();
    } catch (const std::exception &e) {
        ADD_FAILURE() << "another type of exception: " << e.what();
        return "";
    }
    ADD_FAILURE() << "no exception";
    return "";
}
} // namespace support
