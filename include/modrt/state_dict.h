// StateDict: an ordered map from full names to tensors, with the version of each module that wrote it.
#pragma once
#include "modrt/tensor.h"
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace modrt {
template <class T> using Named = std::vector<std::pair<std::string, T>>; ///< ordered

/// Holds references, not copies: a value stays what it was when the parameter is replaced later. Not guarded: one
/// writer or many readers.
class MODRT_API StateDict {
  public:
    using const_iterator = Named<Tensor>::const_iterator;
    Tensor &operator[](std::string_view name);     ///< appended when absent
    const Tensor &at(std::string_view name) const; ///< KeyError
    bool contains(std::string_view name) const;
    bool erase(std::string_view name); ///< true when it was there
    std::vector<std::string> keys() const;
    size_t size() const { return items_.size(); }
    const_iterator begin() const { return items_.begin(); }
    const_iterator end() const { return items_.end(); }
    StateDict clone() const; ///< copies every tensor
    /// Every key replaced by what the function returns; "" drops it. KeyError when two become equal.
    StateDict renamed(const std::function<std::string(std::string_view)> &) const;
    /// PyTorch's _metadata: module path ("" is the root) -> version. Empty when the source keeps none, as safetensors
    /// does.
    std::map<std::string, int64_t> versions;
    /// Names that share memory with an earlier one: alias -> first name. Files keep one copy and this list.
    std::map<std::string, std::string> aliases;

  private:
    Named<Tensor> items_;
    std::map<std::string, size_t, std::less<>> index_;
};

struct LoadOptions {
    bool strict = true; ///< missing and unexpected keys are errors; a size mismatch always is
};
struct Incompatible {
    std::vector<std::string> missing_keys, unexpected_keys;
};
} // namespace modrt
