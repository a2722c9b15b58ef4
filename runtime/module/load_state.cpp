// load_state_dict: everything is checked and converted before anything changes. Also single parameters, through edit().
#include "call/binding.h"
#include "core/convert.h"
#include "modrt/error.h"
#include <algorithm>
#include <sstream>
#include <unordered_map>

namespace modrt {
namespace detail {
namespace {
std::string torch_size(const Shape &s) { return "torch.Size(" + s.text() + ")"; }

class Loader {
  public:
    explicit Loader(const StateDict &source) : source_(source) {}
    std::vector<std::string> missing, unexpected, errors;
    CachedVector<Change> changes;

    // `keys`: those of the source that begin with `prefix`.
    void module(ModuleImpl &m, const std::string &prefix, const std::vector<std::string_view> &keys) {
        auto version = source_.versions.find(prefix.empty() ? prefix : prefix.substr(0, prefix.size() - 1));
        auto config = m.config();
        for (uint32_t i = 0; i < m.record().n_tensors; ++i) {
            auto &t = m.tensors[i];
            if (!t || !(t->owned->parameter || t->owned->persistent))
                continue;
            const modc_tensor &record = m.record().tensors[i];
            std::string name = prefix + record.name;
            if (source_.contains(name))
                tensor(*t, name, source_.at(name));
            else if (record.since && (version == source_.versions.end() || version->second < int64_t(record.since)))
                absent(*t);
            else
                missing.push_back(name);
        }
        for (std::string_view key : keys) {
            std::string_view rest = key.substr(prefix.size());
            size_t dot = rest.find('.');
            bool known = dot != rest.npos ? child(*config, rest.substr(0, dot)) : owns(m, rest);
            if (!known)
                unexpected.emplace_back(key);
        }
        for (auto &c : config->children) {
            if (!c.module)
                continue;
            std::string below = prefix + std::string(c.key) + ".";
            std::vector<std::string_view> theirs;
            for (std::string_view key : keys)
                if (key.starts_with(below))
                    theirs.push_back(key);
            module(*c.module, below, theirs);
        }
    }

  private:
    static bool child(const Config &config, std::string_view key) {
        auto *c = config.find(key);
        return c && c->module;
    }
    static bool owns(const ModuleImpl &m, std::string_view name) {
        for (uint32_t i = 0; i < m.record().n_tensors; ++i)
            if (auto &t = m.tensors[i];
                t && (t->owned->parameter || t->owned->persistent) && name == m.record().tensors[i].name)
                return true;
        return false;
    }
    void set(TensorImpl &t, Memory memory) {
        auto [it, fresh] = place_.try_emplace(&t, changes.size());
        if (fresh)
            changes.push_back({&t, std::move(memory)});
        else
            changes[it->second].memory =
                std::move(memory); // tied: the last name wins, as when copied one after the other
    }
    // The module is newer than the checkpoint: it keeps what it has.
    void absent(TensorImpl &t) {
        if (t.memory().storage)
            return;
        Tensor zero = zeros(t.shape, t.dtype);
        set(t, zero.impl()->memory());
    }
    void tensor(TensorImpl &t, const std::string &name, const Tensor &given) {
        if (!given || !given.has_data()) {
            errors.push_back("While copying the parameter named \"" + name +
                             "\", expected torch.Tensor or Tensor-like object from checkpoint but received " +
                             (given ? "a tensor without data" : "NoneType"));
            return;
        }
        const TensorImpl &from = *given.impl();
        bool scalar =
            t.shape.empty() && from.shape.size() == 1 && from.shape[0] == 1; // old checkpoints store scalars so
        if (!scalar && from.shape != t.shape) {
            errors.push_back("size mismatch for " + name + ": copying a param with shape " + torch_size(from.shape) +
                             " from checkpoint, the shape in current model is " + torch_size(t.shape) + ".");
            return;
        }
        if (!convertible(from.dtype, t.dtype)) {
            errors.push_back("While copying the parameter named \"" + name + "\", whose dimensions in the model are " +
                             torch_size(t.shape) + " and whose dimensions in the checkpoint are " +
                             torch_size(from.shape) + ", an exception occurred : ('" +
                             std::string(torch_name(from.dtype)) + " cannot become " +
                             std::string(torch_name(t.dtype)) + "',).");
            return;
        }
        Memory memory = from.memory();
        bool adopt =
            memory.storage->access == Access::immutable && from.dtype == t.dtype && from.contiguous() &&
            reinterpret_cast<uintptr_t>(memory.data()) % uintptr_t(std::min<int64_t>(size_of(t.dtype), 8)) == 0;
        if (!adopt) {
            Memory fresh{Storage::allocate(std::max<int64_t>(bytes_for(t.shape, t.dtype), 1)), 0};
            copy_elements(from, memory.data(), fresh.data(), t.dtype);
            memory = std::move(fresh);
        }
        set(t, std::move(memory));
    }

    const StateDict &source_;
    std::unordered_map<TensorImpl *, size_t> place_;
};

std::string quoted(const std::vector<std::string> &names) {
    std::string s;
    for (auto &n : names)
        s += (s.empty() ? "\"" : ", \"") + n + "\"";
    return s;
}
} // namespace

EditBlock::EditBlock(const Tensor &t) : target(t), fresh(t.clone()) {}
EditBlock::EditBlock(EditBlock &&o) noexcept
    : target(std::exchange(o.target, Tensor())), fresh(std::exchange(o.fresh, Tensor())) {}
EditBlock::~EditBlock() {
    if (!target)
        return;
    CachedVector<Change> change{{target.impl(), fresh.impl()->memory()}};
    commit(change, false);
}
} // namespace detail

Incompatible Module::load_state_dict(const StateDict &source, LoadOptions options) {
    using namespace detail;
    ModuleImpl &m = checked(*this);
    Loader loader(source);
    std::vector<std::string_view> keys;
    for (auto &[name, t] : source)
        keys.push_back(name);
    loader.module(m, "", keys);
    std::vector<std::string> errors;
    if (options.strict && !loader.missing.empty())
        errors.push_back("Missing key(s) in state_dict: " + quoted(loader.missing) + ". ");
    if (options.strict && !loader.unexpected.empty())
        errors.push_back("Unexpected key(s) in state_dict: " + quoted(loader.unexpected) + ". ");
    errors.insert(errors.end(), loader.errors.begin(), loader.errors.end());
    if (!errors.empty()) {
        std::string text = "Error(s) in loading state_dict for " + type() + ":";
        for (auto &e : errors)
            text += "\n\t" + e;
        throw StateDictError(text);
    }
    commit(loader.changes, true);
    return {std::move(loader.missing), std::move(loader.unexpected)};
}
} // namespace modrt
