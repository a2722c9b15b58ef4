// The built-ins of the language and the primitives as functions: one table, and what their arguments share.
#include "compiler/sema/Builtins.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

const Builtin *Elaborator::findBuiltin(llvm::StringRef name) {
  static const llvm::StringMap<const Builtin *> byName = [] {
    llvm::StringMap<const Builtin *> map;
    for (llvm::ArrayRef<Builtin> table :
         {BuiltinTable::statics(), BuiltinTable::primitives(), BuiltinTable::convolutions(), BuiltinTable::windows()})
      for (const Builtin &b : table)
        map[b.name] = &b;
    return map;
  }();
  return byName.lookup(name);
}

std::optional<int64_t> Elaborator::staticInt(const Value &value, llvm::StringRef what, SourceRange range) {
  if (auto *n = value.get<int64_t>())
    return *n;
  if (value.is<DimValue>())
    notCompiled(range, (what + " that depends on a size").str(), "give the size in the signature");
  else if (!value.poisoned())
    report(diag::wrongValue, range, (what + " is an int, got ").str() + describe(value));
  return std::nullopt;
}

std::optional<int64_t> Elaborator::dimIndex(const Value &value, size_t rank, SourceRange range) {
  auto n = staticInt(value, "dim", range);
  if (!n)
    return std::nullopt;
  int64_t size = rank;
  if (*n < -size || *n >= size) {
    report(diag::indexError, range,
           "dim " + std::to_string(*n) + " is out of range for a tensor of " + std::to_string(rank) + " dimensions");
    return std::nullopt;
  }
  return *n < 0 ? *n + size : *n;
}

std::optional<llvm::SmallVector<int64_t>> Elaborator::dimList(const Value &value, size_t rank, SourceRange range) {
  llvm::SmallVector<int64_t> out;
  if (value.none()) {
    llvm::append_range(out, llvm::seq<int64_t>(0, rank));
    return out;
  }
  std::vector<Value> items = value.list() ? value.list()->items : std::vector<Value>{value};
  for (const Value &item : items) {
    auto d = dimIndex(item, rank, range);
    if (!d)
      return std::nullopt;
    out.push_back(*d);
  }
  llvm::sort(out);
  return out;
}

std::optional<llvm::SmallVector<int64_t>> Elaborator::intList(const Value &value, llvm::StringRef what,
                                                              SourceRange range) {
  llvm::SmallVector<int64_t> out;
  ListObject *list = value.list();
  if (!list) {
    report(diag::wrongValue, range, (what + " is a list of ints, got ").str() + describe(value));
    return std::nullopt;
  }
  for (const Value &item : list->items) {
    auto n = staticInt(item, what, range);
    if (!n)
      return std::nullopt;
    out.push_back(*n);
  }
  return out;
}

std::optional<llvm::SmallVector<DimAttr>> Elaborator::shapeOf(const Value &value, SourceRange range) {
  if (value.poisoned())
    return std::nullopt;
  llvm::SmallVector<DimAttr> out;
  std::vector<Value> items = value.list() ? value.list()->items : std::vector<Value>{value};
  for (const Value &item : items) {
    DimAttr d = item.is<bool>() ? DimAttr() : asDim(ctx, item);
    if (!d) {
      Diagnostic &diagnostic = report(diag::wrongValue, range, "a shape is made of ints, got " + describe(item));
      if (item.is<double>())
        diagnostic.suggest("divide ints with `//`");
      return std::nullopt;
    }
    out.push_back(d);
  }
  if (out.size() > 8) {
    report(diag::wrongValue, range, "a tensor has at most 8 dimensions");
    return std::nullopt;
  }
  if (!checkShape(out, range))
    return std::nullopt;
  return out;
}

/// `f(x, 2, 3)` or `f(x, [2, 3])`.
std::optional<llvm::SmallVector<DimAttr>> Elaborator::shapeOfStar(const Value &star, SourceRange range) {
  ListObject *list = star.list();
  if (list && list->items.size() == 1 && list->items[0].list())
    return shapeOf(list->items[0], range);
  return shapeOf(star, range);
}

mlir::Type Elaborator::dtypeArgument(const Value &value, SourceRange range) {
  if (auto *dtype = value.get<DTypeValue>())
    return dtype->type;
  // `x.to(float)` and the like.
  if (auto *builtin = value.get<BuiltinValue>()) {
    if (builtin->builtin->name == "float")
      return mlir::Float32Type::get(ctx);
    if (builtin->builtin->name == "int")
      return mlir::IntegerType::get(ctx, 32);
  }
  if (!value.poisoned())
    report(diag::wrongValue, range, "a dtype is needed, got " + describe(value));
  return {};
}

SymTensorType Elaborator::wantTensor(const Value &value, llvm::StringRef what, SourceRange range) {
  SymTensorType type = tensorType(value);
  if (!type && !value.poisoned())
    report(diag::wrongValue, range, (what + " wants a tensor, got ").str() + describe(value));
  return type;
}
