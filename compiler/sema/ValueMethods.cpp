// Methods of strings, lists and dicts at compile time, as Python's.
#include "compiler/sema/Elaborator.h"

using namespace modc;
using namespace modc::sema;

std::optional<std::vector<Value>> Elaborator::sortedItems(std::vector<Value> items, SourceRange range) {
  // By insertion, so that an item that cannot be compared ends it; lists of a body are short.
  static constexpr size_t kMaxSorted = 10'000;
  if (items.size() > kMaxSorted) {
    report(diag::wrongValue, range, "a list of more than 10000 items is not sorted here");
    return std::nullopt;
  }
  for (size_t i = 1; i < items.size(); ++i)
    for (size_t k = i; k > 0; --k) {
      Value less = compare(ast::CompareOp::lt, items[k], items[k - 1], range);
      if (!less.is<bool>()) {
        if (!less.poisoned())
          truth(less, range);
        return std::nullopt;
      }
      if (!less.as<bool>() || !step(range))
        break;
      std::swap(items[k], items[k - 1]);
    }
  return items;
}

Value Elaborator::callText(const std::string &text, llvm::StringRef name, CallArgs &args) {
  auto arg = [&](size_t i) -> const std::string * {
    return i < args.positional.size() ? args.positional[i].get<std::string>() : nullptr;
  };
  llvm::StringRef s(text);
  if (name == "startswith" && arg(0))
    return s.starts_with(*arg(0));
  if (name == "endswith" && arg(0))
    return s.ends_with(*arg(0));
  if (name == "lower" && args.positional.empty())
    return s.lower();
  if (name == "upper" && args.positional.empty())
    return s.upper();
  if ((name == "strip" || name == "lstrip" || name == "rstrip") && args.positional.size() <= 1) {
    llvm::StringRef which = arg(0) ? llvm::StringRef(*arg(0)) : " \t\n\r\f\v";
    return (name == "strip" ? s.trim(which) : name == "lstrip" ? s.ltrim(which) : s.rtrim(which)).str();
  }
  if (name == "removeprefix" && arg(0)) {
    s.consume_front(*arg(0));
    return s.str();
  }
  if (name == "removesuffix" && arg(0)) {
    s.consume_back(*arg(0));
    return s.str();
  }
  if (name == "find" && arg(0)) {
    size_t at = s.find(*arg(0));
    return at == llvm::StringRef::npos ? int64_t(-1) : int64_t(at);
  }
  if (name == "count" && arg(0) && !arg(0)->empty())
    return int64_t(s.count(*arg(0)));
  if (name == "isdigit" && args.positional.empty())
    return !s.empty() && llvm::all_of(s, [](char c) { return llvm::isDigit(c); });
  if (name == "split") {
    llvm::SmallVector<llvm::StringRef> parts;
    if (arg(0) && !arg(0)->empty())
      s.split(parts, *arg(0));
    else
      llvm::SplitString(s, parts);
    std::vector<Value> out;
    for (llvm::StringRef part : parts)
      out.push_back(part.str());
    return makeList(std::move(out));
  }
  if (name == "replace" && arg(0) && arg(1) && !arg(0)->empty()) {
    std::string out = text;
    for (size_t at = 0; (at = out.find(*arg(0), at)) != std::string::npos && out.size() < (1 << 20);
         at += arg(1)->size())
      out.replace(at, arg(0)->size(), *arg(1));
    return out;
  }
  if (name == "join" && args.positional.size() == 1) {
    auto items = iterate(args.positional[0], args.range);
    if (!items)
      return Poison{};
    std::string out;
    for (auto [i, item] : llvm::enumerate(*items)) {
      if (!item.is<std::string>() || out.size() > (1 << 20))
        return report(diag::wrongValue, args.range, "join() wants a list of strings, got " + describe(item)), Poison{};
      out += (i ? text : "") + item.as<std::string>();
    }
    return out;
  }
  report(diag::unknownMember, args.range, "a string", name)
      .note("strings have startswith, endswith, lower, upper, strip, removeprefix, removesuffix, find, count, isdigit, "
            "split, "
            "replace, join");
  return Poison{};
}

Value Elaborator::callList(const Value &list, llvm::StringRef name, CallArgs &args) {
  ListObject &object = *list.list();
  auto &items = object.items;
  static constexpr llvm::StringLiteral changes[] = {"append", "extend",  "insert", "pop",
                                                    "remove", "reverse", "sort",   "clear"};
  if (llvm::is_contained(changes, name) && !mayChange(&object, "list", args.range))
    return Poison{};
  if (!object.tuple && name == "append" && args.positional.size() == 1) {
    items.push_back(args.positional[0]);
    return NoneValue{};
  }
  if (!object.tuple && name == "extend" && args.positional.size() == 1) {
    auto more = iterate(args.positional[0], args.range);
    if (!more)
      return Poison{};
    llvm::append_range(items, *more);
    return NoneValue{};
  }
  if (!object.tuple && name == "insert" && args.positional.size() == 2 && args.positional[0].is<int64_t>()) {
    int64_t n = items.size(), i = args.positional[0].as<int64_t>();
    i = std::clamp<int64_t>(i < 0 ? i + n : i, 0, n);
    items.insert(items.begin() + i, args.positional[1]);
    return NoneValue{};
  }
  if (!object.tuple && name == "pop" && args.positional.size() <= 1) {
    int64_t n = items.size(), i = -1;
    if (args.positional.size() == 1 && args.positional[0].is<int64_t>())
      i = args.positional[0].as<int64_t>();
    if (i < -n || i >= n)
      return report(diag::lookupError, args.range, "pop from a list of " + std::to_string(n)), Poison{};
    auto at = items.begin() + (i < 0 ? i + n : i);
    Value out = *at;
    items.erase(at);
    return out;
  }
  if (!object.tuple && (name == "clear" || name == "reverse") && args.positional.empty()) {
    if (name == "clear")
      items.clear();
    else
      std::reverse(items.begin(), items.end());
    return NoneValue{};
  }
  if (!object.tuple && name == "sort" && args.positional.empty()) {
    auto sorted = sortedItems(items, args.range);
    if (!sorted)
      return Poison{};
    items = std::move(*sorted);
    return NoneValue{};
  }
  if (name == "copy" && args.positional.empty())
    return makeList(items, object.tuple);
  if (!object.tuple && name == "remove" && args.positional.size() == 1) {
    for (size_t i = 0; i < items.size(); ++i) {
      Value same = equal(items[i], args.positional[0], args.range);
      if (same.is<bool>() && same.as<bool>()) {
        items.erase(items.begin() + i);
        return NoneValue{};
      }
    }
    return report(diag::lookupError, args.range, repr(args.positional[0]) + " is not in the list"), Poison{};
  }
  if ((name == "index" || name == "count") && args.positional.size() == 1) {
    int64_t count = 0;
    for (auto [i, item] : llvm::enumerate(items)) {
      Value same = equal(item, args.positional[0], args.range);
      if (same.is<bool>() && same.as<bool>()) {
        if (name == "index")
          return int64_t(i);
        ++count;
      }
    }
    if (name == "count")
      return count;
    return report(diag::lookupError, args.range, repr(args.positional[0]) + " is not in the list"), Poison{};
  }
  report(diag::unknownMember, args.range, object.tuple ? "a tuple" : "a list", name)
      .note("lists have append, extend, insert, pop, remove, clear, reverse, sort, copy, index, count");
  return Poison{};
}

Value Elaborator::callDict(const Value &dict, llvm::StringRef name, CallArgs &args) {
  DictObject &object = *dict.dict();
  std::vector<Value> out;
  if ((name == "update" || name == "setdefault" || name == "pop") && !mayChange(&object, "dict", args.range))
    return Poison{};
  if ((name == "items" || name == "keys" || name == "values") && args.positional.empty()) {
    for (auto &[k, v] : object.items)
      out.push_back(name == "items" ? makeList({k, v}, /*tuple=*/true) : name == "keys" ? k : v);
    return makeList(std::move(out));
  }
  if (name == "get" && !args.positional.empty() && args.positional.size() <= 2) {
    if (Value *found = object.find(args.positional[0]))
      return *found;
    return args.positional.size() == 2 ? args.positional[1] : Value(NoneValue{});
  }
  if (name == "copy" && args.positional.empty())
    return DictValue{std::make_shared<DictObject>(object)};
  if (name == "update" && args.positional.size() == 1 && args.positional[0].dict()) {
    // The other may be this one.
    for (auto &[k, v] : std::vector(args.positional[0].dict()->items))
      object.set(k, v);
    return NoneValue{};
  }
  if (name == "setdefault" && args.positional.size() == 2) {
    if (!object.find(args.positional[0]))
      object.set(args.positional[0], args.positional[1]);
    return *object.find(args.positional[0]);
  }
  if (name == "pop" && !args.positional.empty() && args.positional.size() <= 2) {
    Value *found = object.find(args.positional[0]);
    if (!found && args.positional.size() == 2)
      return args.positional[1];
    if (!found)
      return report(diag::lookupError, args.range, "the dict has no key " + repr(args.positional[0])), Poison{};
    Value out = *found;
    for (size_t i = 0; i < object.items.size(); ++i)
      if (&object.items[i].second == found) {
        object.items.erase(object.items.begin() + i);
        break;
      }
    return out;
  }
  report(diag::unknownMember, args.range, "a dict", name)
      .note("dicts have items, keys, values, get, pop, setdefault, update, copy");
  return Poison{};
}
