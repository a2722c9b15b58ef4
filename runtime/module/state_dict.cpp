// StateDict, and what a module puts into one.
#include "modrt/error.h"
#include "module/module_impl.h"
#include <unordered_map>

namespace modrt {
using namespace detail;

Tensor &StateDict::operator[](std::string_view name) {
    auto it = index_.find(name);
    if (it == index_.end()) {
        it = index_.emplace(std::string(name), items_.size()).first;
        items_.emplace_back(std::string(name), Tensor());
    }
    return items_[it->second].second;
}
const Tensor &StateDict::at(std::string_view name) const {
    auto it = index_.find(name);
    if (it == index_.end())
        throw KeyError("'" + std::string(name) + "' is not in the state dict");
    return items_[it->second].second;
}
bool StateDict::contains(std::string_view name) const { return index_.find(name) != index_.end(); }
bool StateDict::erase(std::string_view name) {
    auto it = index_.find(name);
    if (it == index_.end())
        return false;
    size_t at = it->second;
    items_.erase(items_.begin() + ptrdiff_t(at));
    index_.erase(it);
    for (auto &[key, i] : index_)
        i -= i > at;
    return true;
}
std::vector<std::string> StateDict::keys() const {
    std::vector<std::string> out;
    for (auto &[name, t] : items_)
        out.push_back(name);
    return out;
}
StateDict StateDict::clone() const {
    StateDict out = *this;
    for (auto &[name, t] : out.items_)
        if (t && t.has_data())
            t = t.clone();
    return out;
}
StateDict StateDict::renamed(const std::function<std::string(std::string_view)> &f) const {
    StateDict out;
    out.versions = versions;
    std::unordered_map<std::string, std::string> names;
    for (auto &[name, t] : items_) {
        std::string now = names[name] = f(name);
        if (now.empty())
            continue;
        if (out.contains(now))
            throw KeyError("renamed(): two keys become '" + now + "'");
        out[now] = t;
    }
    for (auto &[alias, first] : aliases)
        if (!names[alias].empty() && !names[first].empty())
            out.aliases[names[alias]] = names[first];
    return out;
}

namespace {
// A plain tensor over the memory of this moment, sharing what the parameter may later leave behind.
Tensor detached(const TensorImpl &t) {
    Memory m = t.memory();
    return make_view(std::move(m.storage), m.offset, t.shape, t.dtype, t.strides.data());
}
void collect(const ModuleImpl &m, const std::string &prefix, bool keep_vars, StateDict &out,
             std::unordered_map<const TensorImpl *, std::pair<std::string, Tensor>> &first) {
    out.versions[prefix.empty() ? prefix : prefix.substr(0, prefix.size() - 1)] = m.record().state_version;
    for (uint32_t i = 0; i < m.record().n_tensors; ++i) {
        auto &t = m.tensors[i];
        if (!t || !(t->owned->parameter || t->owned->persistent))
            continue;
        std::string name = prefix + m.record().tensors[i].name;
        auto [it, fresh] = first.try_emplace(t.get(), name, Tensor());
        if (fresh)
            it->second.second = keep_vars ? Tensor(t) : detached(*t);
        else
            out.aliases[name] = it->second.first;
        out[name] = it->second.second;
    }
    for (auto config = m.config(); auto &c : config->children)
        if (c.module)
            collect(*c.module, prefix + std::string(c.key) + ".", keep_vars, out, first);
}
} // namespace

StateDict Module::state_dict(const std::string &prefix, bool keep_vars) const {
    ModuleImpl &m = checked(*this);
    StateDict out;
    std::unordered_map<const TensorImpl *, std::pair<std::string, Tensor>> first;
    // All values of one moment; where calls write in place, of one between two of them.
    std::unique_lock state(world().state, std::defer_lock);
    if (m.record().flags & MODC_C_STATE_IN_PLACE && !(t_slot && t_slot->holds_state))
        state.lock();
    std::lock_guard l(world().tree);
    collect(m, prefix, keep_vars, out, first);
    return out;
}
} // namespace modrt
