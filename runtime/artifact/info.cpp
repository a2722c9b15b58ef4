// What an artifact says of itself: exports, signatures, targets.
#include "artifact/artifact_impl.h"
#include "artifact/cpu.h"
#include "modrt/error.h"
#include <algorithm>

namespace modrt {
namespace detail {
std::string port_text(const modc_sig &s, const modc_port &p) {
    if (p.scalar)
        return p.dtype == MODC_I64 ? "int" : "float";
    std::string r = std::string(name_of(DType(p.dtype))) + "[";
    for (uint32_t d = 0; d < p.rank; ++d)
        r += (d ? ", " : "") + (p.dims[d] < 0 ? std::string(s.syms[-1 - p.dims[d]].name) : std::to_string(p.dims[d]));
    return r + "]";
}
std::string signature_text(std::string_view name, const modc_sig &s) {
    std::string r = std::string(name) + "(";
    for (uint32_t i = 0; i < s.n_in; ++i)
        r += (i ? ", " : "") + std::string(s.in[i].name) + ": " + port_text(s, s.in[i]);
    r += ") -> ";
    for (uint32_t i = 0; i < s.n_out; ++i)
        r += (i ? ", " : "") + std::string(s.out[i].name) + ": " + port_text(s, s.out[i]);
    return r;
}
} // namespace detail

using namespace detail;
namespace {
const ArtifactImpl &checked(const Artifact &a) {
    if (!a)
        throw ValueError("an empty artifact handle was used");
    return *a.impl();
}
const modc_sig *signature_of(const ArtifactImpl &a, const modc_export &e) {
    auto *c = class_at(a.table, &a.table->classes[e.cls], e.path ? e.path : "");
    return a.info(c).entries[e.method].sig;
}
} // namespace

std::string Artifact::name() const { return checked(*this).table->name; }
std::vector<std::string> Artifact::exports() const {
    auto &t = *checked(*this).table;
    std::vector<std::string> names;
    for (uint32_t i = 0; i < t.n_exports; ++i)
        if (std::find(names.begin(), names.end(), t.exports[i].name) == names.end())
            names.push_back(t.exports[i].name);
    return names;
}
std::string Artifact::doc(std::string_view name) const {
    auto &t = *checked(*this).table;
    for (uint32_t i = 0; i < t.n_exports; ++i)
        if (name == t.exports[i].name)
            return t.exports[i].doc ? t.exports[i].doc : "";
    throw KeyError("no model '" + std::string(name) + "' in " + impl_->label());
}
std::string Artifact::info() const {
    auto &a = checked(*this);
    auto &t = *a.table;
    std::string s = std::string(t.name) + ": made by " + t.compiler + " for " + t.triple + ", interface " +
                    std::to_string(t.major) + "." + std::to_string(t.minor) + "\n";
    for (uint32_t i = 0; i < t.n_exports; ++i)
        if (auto *sig = signature_of(a, t.exports[i]))
            s += "export " + signature_text(t.exports[i].name, *sig) + "\n";
        else
            s += "export " + std::string(t.exports[i].name) + "\n";
    for (uint32_t i = 0; i < t.n_targets; ++i) {
        auto &g = t.targets[i];
        s += "target " + std::string(g.name) + ": " + std::to_string(g.n_kernels) +
             (g.n_kernels == 1 ? " kernel" : " kernels");
        if (g.device == MODC_CPU)
            s += ", needs " + (g.features[0] | g.features[1] ? feature_names({g.features[0], g.features[1]})
                                                             : std::string("nothing special"));
        s += &g == a.target ? " (chosen)\n" : "\n";
    }
    auto count = [](uint32_t n, const char *one, const char *many) {
        return std::to_string(n) + " " + (n == 1 ? one : many);
    };
    return s + count(t.n_classes, "class", "classes") + ", " + count(t.n_fns, "function", "functions") + ", " +
           count(t.n_programs, "composed program", "composed programs") + ", " +
           count(t.n_prepared, "prepared weight", "prepared weights") + "\n";
}
} // namespace modrt
