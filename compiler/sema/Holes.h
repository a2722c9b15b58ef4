// Values with holes where tensors go: arguments and results of traced methods.
#pragma once
#include "compiler/sema/Value.h"

namespace modc::sema {

inline Value hole() { return BuiltinValue{nullptr}; }
inline bool isHole(const Value &value) { return value.is<BuiltinValue>() && !value.as<BuiltinValue>().builtin; }

/// A deep copy in which `map` replaces the leaves for which it gives a value.
inline Value mapLeaves(const Value &value, llvm::function_ref<std::optional<Value>(const Value &)> map,
                       unsigned level = 0) {
  if (auto mapped = map(value))
    return *mapped;
  if (level > kMaxNesting)
    return value;
  if (ListObject *list = value.list()) {
    std::vector<Value> items;
    for (const Value &item : list->items)
      items.push_back(mapLeaves(item, map, level + 1));
    return makeList(std::move(items), list->tuple);
  }
  if (DictObject *dict = value.dict()) {
    auto object = std::make_shared<DictObject>();
    for (auto &[k, v] : dict->items)
      object->items.emplace_back(k, mapLeaves(v, map, level + 1));
    return DictValue{object};
  }
  return value;
}

} // namespace modc::sema
