// Failures of calls as sentences: where, expected, actual, how to mend.
#include "call/run.h"
#include "modrt/error.h"

namespace modrt::detail {
namespace {
std::string at_line(const modc_loc &l) {
    return l.file ? " (" + std::string(l.file) + ":" + std::to_string(l.line) + ")" : "";
}
bool accepts(const modc_port &p, DType given) {
    if (!p.scalar)
        return given == DType(p.dtype);
    if (p.dtype == MODC_I64)
        return given >= DType::u8 && given <= DType::i64;
    return (given >= DType::u8 && given <= DType::i64) || is_floating_point(given);
}
} // namespace

std::string call_place(const ModuleImpl &m) {
    std::string path = path_of(m), type = m.record().name;
    if (!path.empty())
        return path + " (" + type + ")";
    int32_t e = m.export_index;
    std::string name = e >= 0 ? m.artifact->table->exports[e].name : "";
    return name.empty() || name == type ? type : name + " (" + type + ")";
}
std::string name_for_errors(const ModuleImpl &m) { return call_place(m); }

void check_count(const ModuleImpl &m, const modc_sig &sig, size_t n_in) {
    if (n_in != sig.n_in)
        throw TypeError(call_place(m) + ": takes " + std::to_string(sig.n_in) + (sig.n_in == 1 ? " input" : " inputs") +
                        ", " + std::to_string(n_in) + (n_in == 1 ? " was" : " were") + " given; its signature is " +
                        signature_text("forward", sig));
}

void check_port(const ModuleImpl &m, const modc_sig &sig, const modc_port &p, const Tensor &t, const char *what) {
    if (!t) [[unlikely]]
        throw ValueError(call_place(m) + ": " + what + " '" + p.name + "' is None, expected " + port_text(sig, p));
    if (t.impl()->shape.size() == p.rank && accepts(p, t.impl()->dtype)) [[likely]]
        return;
    std::string mend;
    if (p.scalar)
        mend = "; give a number";
    else if (t.impl()->dtype != DType(p.dtype))
        mend = "; to(DType::" + std::string(DType(p.dtype) == DType::boolean ? "boolean" : name_of(DType(p.dtype))) +
               ") converts";
    throw ShapeError(call_place(m) + ": " + what + " '" + p.name + "' is " + describe(t) + ", expected " +
                     port_text(sig, p) + mend);
}

void throw_plan_error(const ModuleImpl &m, const modc_sig &sig, std::span<const Tensor> in, modc_rc rc,
                      const int64_t *info) {
    std::string where = call_place(m) + ": ";
    auto symbol = [&](int64_t i) {
        return i >= 0 && uint64_t(i) < sig.n_syms ? std::string(sig.syms[i].name) : "symbol " + std::to_string(i);
    };
    switch (rc) {
    case MODC_E_DIM:
        if (info[0] >= 0 && uint64_t(info[0]) < in.size() && info[1] >= 0 && info[1] < sig.in[info[0]].rank) {
            const modc_port &p = sig.in[info[0]];
            int32_t d = p.dims[info[1]];
            throw ShapeError(where + "input '" + p.name + "' has shape " + in[size_t(info[0])].shape().text() +
                             ", expected " + port_text(sig, p) + ": dimension " + std::to_string(info[1]) +
                             " must be " + (d < 0 ? symbol(-1 - d) + " = " : "") + std::to_string(info[2]) + ", got " +
                             std::to_string(info[3]));
        }
        break;
    case MODC_E_GUARD:
        if (info[0] >= 0 && uint64_t(info[0]) < sig.n_guards)
            throw ShapeError(where + "the inputs do not satisfy `" + sig.guards[info[0]].text + "`: got " +
                             std::to_string(info[1]) + ", expected " + std::to_string(info[2]) +
                             at_line(sig.guards[info[0]].loc));
        break;
    case MODC_E_RANGE:
        if (info[0] >= 0 && uint64_t(info[0]) < sig.n_syms) {
            auto &s = sig.syms[info[0]];
            throw ShapeError(where + s.name + " is " + std::to_string(info[1]) + ", it must be " +
                             (s.max == INT64_MAX ? "at least " + std::to_string(s.min)
                                                 : "from " + std::to_string(s.min) + " to " + std::to_string(s.max)));
        }
        break;
    case MODC_E_OVERFLOW: {
        std::string shapes;
        for (auto &t : in)
            shapes += (shapes.empty() ? "" : ", ") + describe(t);
        throw ShapeError(where + "inputs of these sizes need more memory than can be addressed: " + shapes);
    }
    default:
        break;
    }
    throw Error(where + "the compiled code failed with code " + std::to_string(rc));
}

void throw_body_error(const ModuleImpl &m, const modc_fn &fn, modc_rc rc, const int64_t *info, const char *text) {
    std::string where = call_place(m) + ": ";
    if (rc == MODC_E_INDEX) {
        std::string from;
        if (info[2] >= 0 && uint64_t(info[2]) < fn.n_launches)
            from = " in " + std::string(fn.launches[info[2]].from) + at_line(fn.launches[info[2]].loc);
        throw IndexError(where + "index " + std::to_string(info[0]) + " is out of range for size " +
                         std::to_string(info[1]) + from);
    }
    throw Error(
        where +
        (*text ? text : "the compiled function " + std::string(fn.name) + " failed with code " + std::to_string(rc)));
}
} // namespace modrt::detail
