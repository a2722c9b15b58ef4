// Subscripts: of tensors (ints, slices, None, ..., integer tensors), lists, strings, dicts and modules.
#include "compiler/sema/Subscript.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

Value Elaborator::index(const Value &base, llvm::ArrayRef<const ast::Expr *> items, SourceRange range) {
  if (base.tensor())
    return indexTensor(base, items, range);
  if (items.size() != 1) {
    report(diag::wrongValue, range, describe(base) + " takes one index");
    return Poison{};
  }
  if (base.list() || base.is<std::string>())
    return indexSequence(base, items, range);
  Value key = eval(*items[0]);
  if (key.poisoned())
    return Poison{};
  if (DictObject *dict = base.dict()) {
    if (Value *found = dict->find(key))
      return *found;
    Diagnostic &d = report(diag::lookupError, range, "the dict has no key " + repr(key));
    llvm::SmallVector<llvm::StringRef> known;
    for (auto &[k, v] : dict->items)
      if (auto *text = k.get<std::string>())
        known.push_back(*text);
    if (auto *text = key.get<std::string>())
      if (llvm::StringRef close = nearest(*text, known); !close.empty())
        d.suggest(("did you mean \"" + close + "\"?").str(), items[0]->range, ("\"" + close + "\"").str());
    return Poison{};
  }
  if (Instance *instance = base.instance()) {
    if (auto *name = key.get<std::string>()) {
      if (auto value = memberOf(*instance, saver.save(*name)))
        return *value;
      Diagnostic &d = report(diag::unknownMember, items[0]->range, "`" + instance->cls->name.str() + "`", *name);
      if (llvm::StringRef close = nearest(*name, memberNames(*instance)); !close.empty())
        d.suggest(("did you mean \"" + close + "\"?").str(), items[0]->range, ("\"" + close + "\"").str());
      return Poison{};
    }
    if (auto *i = key.get<int64_t>()) {
      auto children = instance->children();
      int64_t n = children.size();
      if (*i >= -n && *i < n)
        return InstanceValue{children[*i < 0 ? *i + n : *i].second};
      report(diag::lookupError, range,
             "index " + std::to_string(*i) + " is out of range for a " + instance->cls->name.str() + " of " +
                 std::to_string(n));
      return Poison{};
    }
  }
  report(diag::wrongValue, range, describe(base) + " cannot be indexed by " + describe(key));
  return Poison{};
}

Value Elaborator::indexSequence(const Value &base, llvm::ArrayRef<const ast::Expr *> items, SourceRange range) {
  ListObject *list = base.list();
  const std::string *text = base.get<std::string>();
  int64_t n = list ? list->items.size() : text->size();
  auto take = [&](llvm::ArrayRef<int64_t> at) -> Value {
    if (text) {
      std::string out;
      for (int64_t i : at)
        out += (*text)[i];
      return out;
    }
    std::vector<Value> out;
    for (int64_t i : at)
      out.push_back(list->items[i]);
    return makeList(std::move(out), list->tuple);
  };
  if (auto *slice = llvm::dyn_cast<ast::SliceExpr>(items[0])) {
    auto bound = [&](const ast::Expr *e, std::optional<int64_t> &out) {
      if (!e)
        return true;
      Value v = eval(*e);
      if (v.none())
        return true;
      if (v.poisoned())
        return false;
      if (!v.is<int64_t>())
        return report(diag::notStatic, e->range, describe(v)), false;
      out = v.as<int64_t>();
      return true;
    };
    std::optional<int64_t> lower, upper, stepped;
    if (!bound(slice->lower, lower) || !bound(slice->upper, upper) || !bound(slice->step, stepped))
      return Poison{};
    int64_t by = stepped.value_or(1);
    if (by == 0)
      return report(diag::wrongValue, slice->range, "a slice's step is not 0"), Poison{};
    auto clampTo = [&](int64_t i, int64_t low, int64_t high) {
      return std::clamp(i < 0 ? std::max(i, -n - 1) + n : i, low, high);
    };
    llvm::SmallVector<int64_t> at;
    if (by > 0) {
      int64_t to = upper ? clampTo(*upper, 0, n) : n;
      for (int64_t i = lower ? clampTo(*lower, 0, n) : 0; i < to; i += std::min(by, n))
        at.push_back(i);
    } else {
      int64_t to = upper ? clampTo(*upper, -1, n - 1) : -1;
      for (int64_t i = lower ? clampTo(*lower, -1, n - 1) : n - 1; i > to; i += std::max(by, -n))
        at.push_back(i);
    }
    return take(at);
  }
  Value key = eval(*items[0]);
  if (key.poisoned())
    return Poison{};
  auto *i = key.get<int64_t>();
  if (!i) {
    report(diag::wrongValue, items[0]->range, describe(base) + " cannot be indexed by " + describe(key));
    return Poison{};
  }
  if (*i < -n || *i >= n) {
    report(diag::lookupError, range,
           "index " + std::to_string(*i) + " is out of range for " + (list ? "a list of " : "a string of ") +
               std::to_string(n));
    return Poison{};
  }
  int64_t at = *i < 0 ? *i + n : *i;
  return list ? list->items[at] : Value(std::string(1, (*text)[at]));
}

/// The number or size that a 0-d tensor holds, if it is one.
static DimAttr amount(mlir::Value v) {
  if (auto full = v.getDefiningOp<mod::FullOp>())
    if (auto n = llvm::dyn_cast<mlir::IntegerAttr>(full.getValue()))
      return DimAttr::constant(v.getContext(), n.getInt());
  auto size = v.getDefiningOp<mod::SizeOp>();
  return size ? size.getSize() : DimAttr();
}

/// A 0-d tensor as another plus an amount, as far as it is written so: `k + 4`.
static std::pair<mlir::Value, DimAttr> offsetFrom(mlir::Value v) {
  DimAttr offset = DimAttr::constant(v.getContext(), 0);
  for (unsigned steps = 0; steps < 16; ++steps) {
    mlir::Operation *op = v.getDefiningOp();
    if (!llvm::isa_and_nonnull<mod::AddOp, mod::SubOp>(op))
      break;
    bool add = llvm::isa<mod::AddOp>(op);
    if (DimAttr b = amount(op->getOperand(1))) {
      offset = offset.plus(b, add ? 1 : -1);
      v = op->getOperand(0);
    } else if (DimAttr a = add ? amount(op->getOperand(0)) : DimAttr()) {
      offset = offset.plus(a);
      v = op->getOperand(1);
    } else {
      break;
    }
  }
  return {v, offset};
}

bool Elaborator::windowOf(const Value &lower, const Value &upper, Subscript &s) {
  auto scalar = [&](const Value &v) {
    SymTensorType type = tensorType(v);
    bool index =
        type && type.getDims().empty() && (type.getElementType().isInteger(64) || type.getElementType().isInteger(32));
    return index ? tensorOf(v, s.range) : mlir::Value();
  };
  mlir::Value start = scalar(lower), stop = scalar(upper);
  if (start && stop) {
    auto [from, a] = offsetFrom(start);
    auto [to, b] = offsetFrom(stop);
    DimAttr length = b.plus(a, -1);
    if (from == to && length.getConstant().value_or(0) >= 0) {
      s.kind = Subscript::Window;
      s.index = start;
      s.stop = length;
      return checkShape({length}, s.range);
    }
  }
  report(diag::indexError, s.range, "a slice that begins where a tensor says ends a known length after it")
      .note("sizes may not depend on data")
      .suggest("write `x[k : k + 4]` with `k` an i64[] tensor");
  return false;
}

std::optional<std::vector<Elaborator::Subscript>> Elaborator::subscripts(llvm::ArrayRef<const ast::Expr *> items,
                                                                         size_t rank, SourceRange range) {
  std::vector<Subscript> out;
  std::optional<size_t> ellipsis;
  auto sized = [&](const ast::Expr *e, const Value &v, DimAttr &dim) {
    if (v.poisoned())
      return false;
    if (v.none())
      return true;
    dim = v.is<bool>() ? DimAttr() : asDim(ctx, v);
    if (!dim)
      report(diag::wrongValue, e->range, "a slice bound is an int, got " + describe(v));
    return bool(dim);
  };
  auto one = [&](const Value &v, SourceRange place) {
    if (v.poisoned())
      return false;
    Subscript s;
    s.range = place;
    if (v.none()) {
      s.kind = Subscript::New;
    } else if (v.is<EllipsisValue>()) {
      if (ellipsis)
        return report(diag::indexError, place, "`...` may stand once in a subscript"), false;
      ellipsis = out.size();
      return true;
    } else if (SymTensorType type = tensorType(v)) {
      if (type.getElementType().isInteger(1)) {
        report(diag::indexError, place, "a boolean mask cannot index: the size would depend on data")
            .suggest("use `where(mask, a, b)` or `x.masked_fill(mask, value)`");
        return false;
      }
      if (!type.getElementType().isInteger(64) && !type.getElementType().isInteger(32))
        return report(diag::indexError, place, "indices are i32 or i64, got " + type.text())
                   .suggest("declare the argument with an integer dtype, or convert it with `.long()`"),
               false;
      s.kind = Subscript::Gather;
      s.index = tensorOf(v, place);
      if (!s.index)
        return false;
    } else if (DimAttr d = v.is<bool>() ? DimAttr() : asDim(ctx, v)) {
      s.kind = Subscript::Int;
      s.start = d;
    } else {
      report(diag::indexError, place,
             "a tensor is indexed by ints, slices, None, `...` or an integer tensor, got " + describe(v));
      return false;
    }
    out.push_back(s);
    return true;
  };
  for (const ast::Expr *item : items) {
    if (auto *slice = llvm::dyn_cast<ast::SliceExpr>(item)) {
      Subscript s;
      s.kind = Subscript::Slice;
      s.range = item->range;
      DimAttr by;
      auto bound = [&](const ast::Expr *e) { return e ? eval(*e) : Value(NoneValue{}); };
      Value lower = bound(slice->lower), upper = bound(slice->upper), step = bound(slice->step);
      if (lower.tensor() || upper.tensor()) {
        if (!step.none()) {
          if (!step.poisoned())
            report(diag::indexError, item->range, "a slice that begins where a tensor says has no step");
          return std::nullopt;
        }
        if (!windowOf(lower, upper, s))
          return std::nullopt;
        out.push_back(s);
        continue;
      }
      if (!sized(slice->lower, lower, s.start) || !sized(slice->upper, upper, s.stop) || !sized(slice->step, step, by))
        return std::nullopt;
      if (by) {
        auto n = by.getConstant();
        if (!n || *n < 1)
          return report(diag::indexError, item->range, "a slice's step is a positive number known at compile time"),
                 std::nullopt;
        s.step = *n;
      }
      out.push_back(s);
    } else if (auto *star = llvm::dyn_cast<ast::StarExpr>(item)) {
      auto more = iterate(eval(*star->value), star->range);
      if (!more)
        return std::nullopt;
      for (const Value &v : *more)
        if (!one(v, star->range))
          return std::nullopt;
    } else if (!one(eval(*item), item->range)) {
      return std::nullopt;
    }
  }
  size_t consumed = llvm::count_if(out, [](const Subscript &s) { return s.kind != Subscript::New; });
  if (consumed > rank) {
    report(diag::indexError, range,
           std::to_string(consumed) + " indices for a tensor of " + std::to_string(rank) + " dimensions");
    return std::nullopt;
  }
  Subscript all;
  all.kind = Subscript::Slice;
  all.range = range;
  out.insert(out.begin() + ellipsis.value_or(out.size()), rank - consumed, all);
  return out;
}

bool Elaborator::notNegative(DimAttr d, SourceRange range) {
  std::string why, words = "slice: 0 <= " + d.text();
  if (require({false, DimAttr::constant(ctx, 0), d}, words, why))
    return true;
  report(diag::indexError, range, "the bound " + d.text() + " is negative").label(why);
  return false;
}

bool Elaborator::inRange(DimAttr index, DimAttr size, SourceRange range) {
  DimAttr end = index.plus(DimAttr::constant(ctx, 1));
  std::string why, words = "index: " + index.text() + " < " + size.text();
  if (index.getConstant().value_or(0) >= 0 && require({false, end, size}, words, why))
    return true;
  report(diag::indexError, range, "index " + index.text() + " is out of range for size " + size.text());
  return false;
}

/// Python's bounds of a slice: negative ones count from the end, and all are cut to the size.
static std::pair<DimAttr, DimAttr> sliceBounds(mlir::MLIRContext *ctx, DimAttr start, DimAttr stop, DimAttr size,
                                               llvm::function_ref<mod::Truth(DimAttr, DimAttr)> lessEqual) {
  DimAttr zero = DimAttr::constant(ctx, 0);
  auto normal = [&](DimAttr d, DimAttr absent) {
    if (!d)
      return absent;
    if (auto n = d.getConstant(); n && *n < 0) {
      d = d.plus(size);
      if (lessEqual(zero, d) == mod::Truth::Proved)
        return d;
      return d.getConstant() ? zero : zero.max(d);
    }
    mod::Truth fits = lessEqual(d, size);
    return fits == mod::Truth::Proved ? d : fits == mod::Truth::Refuted ? size : d.min(size);
  };
  return {normal(start, zero), normal(stop, size)};
}

std::optional<std::pair<DimAttr, DimAttr>> Elaborator::sliceOf(const Subscript &s, DimAttr size, bool written) {
  DimAttr zero = DimAttr::constant(ctx, 0);
  auto ofRun = [&](DimAttr d) { return d && !d.getConstant(); };
  bool moves = (s.start && loopIn(s.start)) || (s.stop && loopIn(s.stop));
  if (moves || (written && (ofRun(s.start) || ofRun(s.stop)))) {
    // Its length is the same in all rounds, and that of what is written: nothing is cut, it must lie inside.
    auto bound = [&](DimAttr d, DimAttr absent) {
      return !d ? absent : d.getConstant().value_or(0) < 0 ? d.plus(size) : d;
    };
    DimAttr from = bound(s.start, zero), to = bound(s.stop, size), length = to.plus(from, -1);
    if (!checkShape({length}, s.range))
      return std::nullopt;
    std::string why;
    for (auto [a, b] : {std::pair(zero, from), std::pair(from, to), std::pair(to, size)})
      if (!require({false, a, b}, "slice: " + a.text() + " <= " + b.text(), why)) {
        report(diag::indexError, s.range,
               "the slice from " + from.text() + " to " + to.text() + " does not lie in the size " + size.text() +
                   (moves ? " in every round" : ""))
            .label(why);
        return std::nullopt;
      }
    return std::pair(from, length);
  }
  for (DimAttr d : {s.start, s.stop})
    if (ofRun(d) && !notNegative(d, s.range))
      return std::nullopt;
  auto le = [&](DimAttr a, DimAttr b) { return decideLessEqual(a, b); };
  auto [from, to] = sliceBounds(ctx, s.start, s.stop, size, le);
  return std::pair(from, to.plus(from, -1));
}

Value Elaborator::indexTensor(const Value &base, llvm::ArrayRef<const ast::Expr *> items, SourceRange range) {
  SymTensorType type = tensorType(base);
  auto subs = subscripts(items, type.getDims().size(), range);
  if (!subs)
    return Poison{};
  DimAttr one = DimAttr::constant(ctx, 1);
  Value x = base;
  llvm::SmallVector<DimAttr> shape; // after ints vanish and new dimensions come
  int64_t dim = 0;
  llvm::SmallVector<std::pair<int64_t, mlir::Value>> gathers, windows; // by dimension of `shape`
  for (const Subscript &s : *subs) {
    if (s.kind == Subscript::New) {
      shape.push_back(one);
      continue;
    }
    DimAttr size = type.getDims()[dim];
    if (s.kind == Subscript::Int) {
      DimAttr at = s.start.getConstant().value_or(0) < 0 ? s.start.plus(size) : s.start;
      if (!at.getConstant() && !notNegative(at, s.range))
        return Poison{};
      if (!inRange(at, size, s.range))
        return Poison{};
      x = narrow(x, dim, at, one, 1, s.range, /*inside=*/true);
    } else if (s.kind == Subscript::Gather) {
      gathers.emplace_back(shape.size(), s.index);
      shape.push_back(size);
    } else if (s.kind == Subscript::Window) {
      mlir::Type dtype = llvm::cast<SymTensorType>(s.index.getType()).getElementType();
      Value steps = emit<mod::IotaOp>(s.range, {}, {attr("n", s.stop), attr("dtype", mlir::TypeAttr::get(dtype))});
      Value at = binary(ast::BinaryOp::add, steps, TensorValue{s.index}, s.range);
      if (at.poisoned())
        return Poison{};
      windows.emplace_back(shape.size(), tensorOf(at, s.range));
      shape.push_back(size);
    } else {
      auto slice = sliceOf(s, size);
      if (!slice)
        return Poison{};
      auto [from, length] = *slice;
      if (decideLessEqual(DimAttr::constant(ctx, 0), length) != mod::Truth::Proved)
        length = DimAttr::constant(ctx, 0).max(length);
      if (s.step != 1)
        length = length.plus(DimAttr::constant(ctx, s.step - 1)).floorDiv(DimAttr::constant(ctx, s.step));
      if (checkedDim(length, s.range).poisoned())
        return Poison{};
      x = narrow(x, dim, from, length, s.step, s.range, /*inside=*/true);
      shape.push_back(length);
    }
    if (x.poisoned())
      return Poison{};
    ++dim;
  }
  x = reshape(x, shape, range);
  // A window keeps its dimension, so that the others' places stay.
  for (auto [at, index] : windows)
    if (!x.poisoned())
      x = take(x, index, at, range);
  return x.poisoned() || gathers.empty() ? x : gatherAll(x, gathers, range);
}
