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

Arg Module::attr(std::string_view name) const {
    const modc_class &c = checked(*this).record();
    for (uint32_t i = 0; i < c.n_args; ++i) {
        if (name != c.args[i].name)
            continue;
        const modc_value &v = c.args[i].value;
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
