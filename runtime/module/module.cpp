// Calling a module, and what it says of its class: signature, arguments.
#include "call/run.h"
#include "modrt/error.h"
#include <cstring>

namespace modrt {
using namespace detail;
namespace {
const Entry &entry_of(const Module &m, int32_t method) { return checked(m).info->entries[size_t(method + 1)]; }
const modc_sig &signature_of(const Module &m, int32_t method) {
    auto *sig = entry_of(m, method).sig;
    if (!sig)
        throw UnsupportedError("Module [" + m.type() + "] is missing the required \"forward\" function");
    return *sig;
}
std::vector<Port> ports(const modc_sig &sig, const modc_port *p, uint32_t n) {
    std::vector<Port> out;
    for (uint32_t i = 0; i < n; ++i) {
        Port port{p[i].name, DType(p[i].dtype), p[i].scalar != 0, {}, {}};
        for (uint32_t d = 0; d < p[i].rank; ++d) {
            int32_t dim = p[i].dims[d];
            port.dims.push_back(dim < 0 ? -1 : dim);
            port.text.push_back(dim < 0 ? sig.syms[-1 - dim].name : std::to_string(dim));
        }
        out.push_back(std::move(port));
    }
    return out;
}
} // namespace

Tensor Module::number(double v) {
    Tensor t = make_tensor({}, DType::f64);
    std::memcpy(t.impl()->mem.data(), &v, sizeof v);
    return t;
}
void Module::call_span(std::span<const Tensor> in, std::span<Tensor> out) const {
    call_root(checked(*this), size_t(method_ + 1), {in, out, false});
}
void Module::call_into(std::span<const Tensor> in, std::span<Tensor> out) const {
    call_root(checked(*this), size_t(method_ + 1), {in, out, true});
}
Tensors Module::call(const Tensors &in) const {
    Tensors out(signature_of(*this, method_).n_out);
    call_span(in, out);
    return out;
}
Named<Tensor> Module::call(const Named<Tensor> &given) const {
    const modc_sig &sig = signature_of(*this, method_);
    Tensors in(sig.n_in);
    std::vector<bool> taken(given.size());
    for (uint32_t i = 0; i < sig.n_in; ++i) {
        for (size_t k = 0; k < given.size() && !in[i]; ++k)
            if (given[k].first == sig.in[i].name) {
                in[i] = given[k].second;
                taken[k] = true;
            }
        if (!in[i])
            throw KeyError(call_place(*impl_) + ": input '" + sig.in[i].name + "' was not given; its signature is " +
                           signature_text("forward", sig));
    }
    for (size_t k = 0; k < given.size(); ++k)
        if (!taken[k])
            throw KeyError(call_place(*impl_) + ": there is no input '" + given[k].first +
                           "', or it was given twice; its signature is " + signature_text("forward", sig));
    Tensors out = call(in);
    Named<Tensor> named;
    for (uint32_t i = 0; i < sig.n_out; ++i)
        named.emplace_back(sig.out[i].name, out[i]);
    return named;
}

std::string Module::signature() const {
    auto &e = entry_of(*this, method_);
    return signature_text(e.method ? type() + "." + e.method->name : type(), signature_of(*this, method_));
}
std::vector<Port> Module::inputs() const {
    auto &s = signature_of(*this, method_);
    return ports(s, s.in, s.n_in);
}
std::vector<Port> Module::outputs() const {
    auto &s = signature_of(*this, method_);
    return ports(s, s.out, s.n_out);
}

namespace {
Arg value_of(const modc_value &v) {
    switch (v.kind) {
    case MODC_V_INT:
        return v.i;
    case MODC_V_BOOL:
        return v.i != 0;
    case MODC_V_FLOAT:
        return v.f;
    case MODC_V_STR:
        return std::string(v.s);
    case MODC_V_INTS:
        return std::vector<int64_t>(v.ints, v.ints + v.n);
    case MODC_V_CLASS:
        return std::string(v.s ? v.s : "");
    default:
        return std::monostate();
    }
}
Named<Arg> statics_of(const modc_method &m) {
    Named<Arg> all;
    for (uint32_t i = 0; i < m.n_statics; ++i)
        all.emplace_back(m.statics[i].name, value_of(m.statics[i].value));
    return all;
}
std::string text_of(const Named<Arg> &arguments) {
    std::string s;
    for (auto &[name, value] : arguments) {
        s += (s.empty() ? "" : ", ") + name + "=";
        if (auto *text = std::get_if<std::string>(&value))
            s += "\"" + *text + "\"";
        else if (auto *flag = std::get_if<bool>(&value))
            s += *flag ? "True" : "False";
        else if (auto *n = std::get_if<int64_t>(&value))
            s += std::to_string(*n);
        else
            s += std::holds_alternative<std::monostate>(value) ? "None" : "...";
    }
    return s;
}
const Arg *find_argument(const Named<Arg> &arguments, std::string_view name) {
    for (auto &[key, value] : arguments)
        if (key == name)
            return &value;
    return nullptr;
}
// The records of this entry's method for each choice of its static arguments, itself included; forward's own is among
// the methods where there are several.
std::vector<int32_t> siblings(const modc_class &c, int32_t method) {
    const char *name = method < 0 ? "forward" : c.methods[method].name;
    std::vector<int32_t> all;
    for (uint32_t i = 0; i < c.n_methods; ++i)
        if (std::string_view(c.methods[i].name) == name)
            all.push_back(int32_t(i));
    return all;
}
int32_t own_record(const modc_class &c, int32_t method) {
    for (int32_t i : siblings(c, method))
        if (i == method || (method < 0 && c.methods[i].fused[MODC_FWD_EVAL] == c.fused[MODC_FWD_EVAL]))
            return i;
    return -1;
}
} // namespace

Named<Arg> Module::chosen() const {
    const modc_class &c = checked(*this).record();
    int32_t own = own_record(c, method_);
    return own < 0 ? Named<Arg>() : statics_of(c.methods[own]);
}
std::vector<Named<Arg>> Module::choices() const {
    const modc_class &c = checked(*this).record();
    std::vector<Named<Arg>> all;
    if (int32_t own = own_record(c, method_); own >= 0)
        for (int32_t i : siblings(c, method_))
            if (c.methods[i].n_statics == c.methods[own].n_statics)
                all.push_back(statics_of(c.methods[i]));
    return all;
}
Module Module::with(const Named<Arg> &arguments) const {
    const modc_class &c = checked(*this).record();
    Named<Arg> wanted = chosen();
    for (auto &[name, value] : arguments) {
        bool known = false;
        for (auto &[have, old] : wanted)
            if (have == name) {
                old = value;
                known = true;
            }
        if (!known)
            wanted.emplace_back(name, value);
    }
    for (int32_t i : siblings(c, method_)) {
        Named<Arg> statics = statics_of(c.methods[i]);
        bool same = statics.size() == wanted.size();
        for (auto &[name, value] : statics) {
            const Arg *other = find_argument(wanted, name);
            same = same && other && *other == value;
        }
        if (same)
            return Module(impl_, i);
    }
    std::string known;
    for (auto &choice : choices())
        known += "\n  " + text_of(choice);
    throw ValueError(call_place(*impl_) + " was not compiled for " + text_of(arguments) +
                     (known.empty() ? "; it has no static arguments to choose" : "; it was for" + known));
}

Arg Module::attr(std::string_view name) const {
    const modc_class &c = checked(*this).record();
    for (uint32_t i = 0; i < c.n_args; ++i)
        if (name == c.args[i].name)
            return value_of(c.args[i].value);
    throw KeyError("'" + type() + "' object has no argument '" + std::string(name) + "'");
}
std::string Module::extra_repr() const {
    const modc_class &c = checked(*this).record();
    if (!c.extra_repr)
        return "";
    std::vector<modc_value> values;
    for (uint32_t i = 0; i < c.n_args; ++i)
        values.push_back(c.args[i].value);
    std::string s(256, '\0');
    int32_t n = c.extra_repr(values.data(), s.data(), int32_t(s.size()));
    if (n >= int32_t(s.size()) && n < 1 << 20) {
        s.resize(size_t(n) + 1);
        n = c.extra_repr(values.data(), s.data(), int32_t(s.size()));
    }
    s.resize(size_t(std::clamp<int64_t>(n, 0, int64_t(s.size()) - 1)));
    return s;
}

Module &Module::prepare() {
    ModuleImpl &m = checked(*this);
    Reader reader;
    for (auto &e : m.info->entries) {
        int32_t cell = e.cell[MODC_FWD_EVAL];
        if (cell < 0 || m.flags.load(std::memory_order_acquire) & kBelow || !bound(m, cell, true))
            for (auto config = m.config();
                 auto &c : config->children) // what runs composed is prepared piece by piece below
                if (c.module)
                    Module(c.module).prepare();
    }
    return *this;
}
} // namespace modrt
