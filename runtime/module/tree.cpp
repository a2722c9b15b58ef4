// Names and navigation, as torch.nn.Module has them.
#include "call/run.h"
#include "modrt/error.h"
#include <algorithm>
#include <unordered_set>

namespace modrt {
using namespace detail;
namespace {
using Seen = std::unordered_set<const void *>;
Parameter handle(const Ref<TensorImpl> &t) { return t ? Parameter(t) : Parameter(); }
bool is_parameter(const ModuleImpl &m, uint32_t i) { return m.record().tensors[i].flags & MODC_T_PARAM; }
std::string joined(const std::string &prefix, std::string_view name) {
    return prefix.empty() ? std::string(name) : prefix + "." + std::string(name);
}

template <class F> void walk(const Ref<ModuleImpl> &m, const std::string &prefix, bool unique, Seen &seen, const F &f) {
    if (unique && !seen.insert(m.get()).second)
        return;
    f(m, prefix);
    for (auto config = m->config(); auto &c : config->children)
        if (c.module)
            walk(c.module, joined(prefix, c.key), unique, seen, f);
}
Named<Parameter> named_tensors(const ModuleImpl &m, const std::string &prefix, bool recurse, bool unique,
                               bool parameters) {
    Named<Parameter> out;
    Seen tensors, modules;
    auto own = [&](const Ref<ModuleImpl> &at, const std::string &path) {
        for (uint32_t i = 0; i < at->record().n_tensors; ++i)
            if (auto &t = at->tensors[i];
                t && is_parameter(*at, i) == parameters && (!unique || tensors.insert(t.get()).second))
                out.emplace_back(joined(path, at->record().tensors[i].name), handle(t));
    };
    Ref<ModuleImpl> root(const_cast<ModuleImpl *>(&m));
    if (recurse)
        walk(root, prefix, unique, modules, own);
    else
        own(root, prefix);
    return out;
}
template <class T> std::vector<T> values(const Named<T> &named) {
    std::vector<T> out;
    for (auto &[name, value] : named)
        out.push_back(value);
    return out;
}
Named<Parameter> own_tensors(const ModuleImpl &m, bool parameters) {
    Named<Parameter> out;
    for (uint32_t i = 0; i < m.record().n_tensors; ++i)
        if (is_parameter(m, i) == parameters)
            out.emplace_back(m.record().tensors[i].name, handle(m.tensors[i]));
    return out;
}
// Tensor `name` of m: 1 found, 0 the name is something else, -1 there is no such name.
int lookup(const ModuleImpl &m, std::string_view name, bool parameters, Parameter &out) {
    for (uint32_t i = 0; i < m.record().n_tensors; ++i)
        if (name == m.record().tensors[i].name) {
            if (is_parameter(m, i) != parameters || !m.tensors[i])
                return 0;
            out = handle(m.tensors[i]);
            return 1;
        }
    auto config = m.config();
    return config->find(name) ? 0 : -1;
}
Parameter get_tensor(const Module &m, std::string_view path, bool parameters) {
    size_t dot = path.rfind('.');
    Module owner = m.get_submodule(dot == path.npos ? std::string_view() : path.substr(0, dot));
    std::string_view name = path.substr(dot == path.npos ? 0 : dot + 1);
    Parameter t;
    int found = lookup(*owner.impl(), name, parameters, t);
    if (found < 0)
        throw KeyError(owner.type() + " has no attribute `" + std::string(name) + "`");
    if (found == 0)
        throw KeyError("`" + std::string(name) + (parameters ? "` is not an nn.Parameter" : "` is not a buffer"));
    return t;
}
Parameter own_tensor(const Module &m, std::string_view name, bool parameters) {
    Parameter t;
    if (lookup(checked(m), name, parameters, t) != 1)
        throw KeyError("'" + m.type() + "' object has no " + (parameters ? "parameter" : "buffer") + " '" +
                       std::string(name) + "'");
    return t;
}
} // namespace

bool Module::operator==(const Module &o) const noexcept { return impl_ == o.impl_ && method_ == o.method_; }
std::string Module::type() const { return checked(*this).record().name; }
bool Module::is(std::string_view t) const { return t == checked(*this).record().name; }
std::string Module::path() const { return path_of(checked(*this)); }
int64_t Module::size() const { return int64_t(checked(*this).config()->children.size()); }

Module Module::operator[](std::string_view key) const {
    auto config = checked(*this).config();
    auto *c = config->find(key);
    if (!c)
        throw KeyError("'" + type() + "' object has no child '" + std::string(key) + "'");
    return c->module ? Module(c->module) : Module();
}
Module Module::operator[](int64_t index) const {
    auto config = checked(*this).config();
    auto n = int64_t(config->children.size()), i = index < 0 ? index + n : index;
    if (i < 0 || i >= n)
        throw IndexError("index " + std::to_string(index) + " is out of range");
    auto &c = config->children[size_t(i)];
    return c.module ? Module(c.module) : Module();
}
Named<Module> Module::_modules() const {
    Named<Module> out;
    for (auto config = checked(*this).config(); auto &c : config->children)
        out.emplace_back(std::string(c.key), c.module ? Module(c.module) : Module());
    return out;
}
Named<Module> Module::named_children() const {
    Named<Module> out;
    Seen seen;
    for (auto config = checked(*this).config(); auto &c : config->children)
        if (c.module && seen.insert(c.module.get()).second)
            out.emplace_back(std::string(c.key), Module(c.module));
    return out;
}
std::vector<Module> Module::children() const { return values(named_children()); }
Named<Module> Module::named_modules(const std::string &prefix, bool remove_duplicate) const {
    checked(*this);
    Named<Module> out;
    Seen seen;
    walk(impl_, prefix, remove_duplicate, seen,
         [&](const Ref<ModuleImpl> &m, const std::string &path) { out.emplace_back(path, Module(m)); });
    return out;
}
std::vector<Module> Module::modules() const { return values(named_modules()); }
Named<Parameter> Module::named_parameters(const std::string &prefix, bool recurse, bool remove_duplicate) const {
    return named_tensors(checked(*this), prefix, recurse, remove_duplicate, true);
}
Named<Buffer> Module::named_buffers(const std::string &prefix, bool recurse, bool remove_duplicate) const {
    return named_tensors(checked(*this), prefix, recurse, remove_duplicate, false);
}
std::vector<Parameter> Module::parameters(bool recurse) const { return values(named_parameters("", recurse)); }
std::vector<Buffer> Module::buffers(bool recurse) const { return values(named_buffers("", recurse)); }
Named<Parameter> Module::_parameters() const { return own_tensors(checked(*this), true); }
Named<Buffer> Module::_buffers() const { return own_tensors(checked(*this), false); }

Module Module::get_submodule(std::string_view path) const {
    checked(*this);
    Ref<ModuleImpl> at = impl_;
    while (!path.empty()) {
        size_t dot = std::min(path.find('.'), path.size());
        std::string_view key = path.substr(0, dot);
        auto config = at->config();
        auto *c = config->find(key);
        if (!c) {
            Parameter t;
            bool other = lookup(*at, key, true, t) >= 0;
            throw KeyError(other ? "`" + std::string(key) + "` is not an nn.Module"
                                 : std::string(at->record().name) + " has no attribute `" + std::string(key) + "`");
        }
        if (!c->module)
            throw KeyError("`" + std::string(key) + "` is not an nn.Module");
        at = c->module;
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return Module(at);
}
Parameter Module::get_parameter(std::string_view path) const { return get_tensor(*this, path, true); }
Buffer Module::get_buffer(std::string_view path) const { return get_tensor(*this, path, false); }
Parameter Module::param(std::string_view name) const { return own_tensor(*this, name, true); }
Buffer Module::buffer(std::string_view name) const { return own_tensor(*this, name, false); }

Module &Module::apply(const std::function<void(Module &)> &f) {
    for (auto config = checked(*this).config(); auto &c : config->children)
        if (c.module) {
            Module child(c.module);
            child.apply(f);
        }
    f(*this);
    return *this;
}
Module &Module::requires_grad_(bool on) {
    for (auto &p : parameters())
        p.requires_grad_(on);
    return *this;
}
} // namespace modrt
