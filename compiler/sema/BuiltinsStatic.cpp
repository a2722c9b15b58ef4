// Python's functions on values known at compile time, and the language's own: known, clone, getattr, finfo.
#include "compiler/sema/Builtins.h"
#include <cmath>

using namespace modc;
using namespace modc::sema;
using ast::BinaryOp;
using ast::CompareOp;
using mod::DimAttr;

static constexpr int64_t kMaxRange = 10'000'000;

llvm::ArrayRef<Builtin> BuiltinTable::statics() {
  static const Builtin table[] = {
      {"len", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (auto *text = a[0].get<std::string>())
           return int64_t(text->size());
         if (mod::SymTensorType type = tensorType(a[0]); type && !type.getDims().empty())
           return makeDim(type.getDims()[0]);
         auto items = e.iterate(a[0], r);
         return items ? Value(int64_t(items->size())) : Value(Poison{});
       }},
      {"range", "start, stop=None, step=1",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         Value start = a[1].none() ? Value(int64_t(0)) : a[0], stop = a[1].none() ? a[0] : a[1];
         for (const Value *v : {&start, &stop})
           if (!v->integer())
             return e.report(diag::wrongValue, r, "range() wants ints, got " + describe(*v)), Poison{};
         if (!a[2].is<int64_t>())
           return e.report(diag::wrongValue, r,
                           "a range's step is an int known at compile time, got " + describe(a[2])),
                  Poison{};
         if (start.is<DimValue>() || stop.is<DimValue>())
           return e.runRange(asDim(e.ctx, start), asDim(e.ctx, stop), a[2].as<int64_t>(), r);
         int64_t from = start.as<int64_t>(), to = stop.as<int64_t>(), step = a[2].as<int64_t>();
         if (step == 0)
           return e.report(diag::wrongValue, r, "a range's step is not 0"), Poison{};
         __int128 count = step > 0 ? (__int128(to) - from + step - 1) / step : (__int128(from) - to - step - 1) / -step;
         if (count > kMaxRange)
           return e.report(diag::wrongValue, r, "the range has more than 10 million items"), Poison{};
         std::vector<Value> items;
         for (__int128 i = 0; i < count; ++i)
           items.push_back(int64_t(from + i * step));
         return makeList(std::move(items));
       }},
      {"enumerate", "x, start=0",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         auto start = e.staticInt(a[1], "start", r);
         if (auto over = start ? e.sequence(a[0]) : nullptr) {
           auto item = [over, from = DimAttr::constant(e.ctx, *start)](DimAttr at, SourceRange range) {
             Value value = over->item(at, range);
             return value.poisoned() ? value : makeList({makeDim(at.plus(from)), value}, /*tuple=*/true);
           };
           return SequenceValue{std::make_shared<SequenceObject>(SequenceObject{over->count, item})};
         }
         auto items = start ? e.iterate(a[0], r) : std::nullopt;
         if (!items)
           return Poison{};
         std::vector<Value> out;
         for (auto [i, item] : llvm::enumerate(*items))
           out.push_back(makeList({Value(int64_t(*start + i)), item}, /*tuple=*/true));
         return makeList(std::move(out));
       }},
      {"zip", "*lists",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         auto &lists = a[0].list()->items;
         if (llvm::any_of(lists, [&](const Value &list) { return bool(e.sequence(list)); }))
           return e.zipSequences(lists, r);
         std::vector<std::vector<Value>> columns;
         size_t n = SIZE_MAX;
         for (const Value &list : lists) {
           auto items = e.iterate(list, r);
           if (!items)
             return Poison{};
           n = std::min(n, items->size());
           columns.push_back(std::move(*items));
         }
         std::vector<Value> out;
         for (size_t i = 0; !columns.empty() && i < n; ++i) {
           std::vector<Value> row;
           for (auto &column : columns)
             row.push_back(column[i]);
           out.push_back(makeList(std::move(row), /*tuple=*/true));
         }
         return makeList(std::move(out));
       }},
      {"reversed", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (auto over = e.sequence(a[0])) {
           auto item = [over, one = DimAttr::constant(e.ctx, 1)](DimAttr at, SourceRange range) {
             return over->item(over->count.plus(one, -1).plus(at, -1), range);
           };
           return SequenceValue{std::make_shared<SequenceObject>(SequenceObject{over->count, item})};
         }
         auto items = e.iterate(a[0], r);
         if (!items)
           return Poison{};
         return makeList(std::vector<Value>(items->rbegin(), items->rend()));
       }},
      {"sorted", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         auto items = e.iterate(a[0], r);
         auto sorted = items ? e.sortedItems(std::move(*items), r) : std::nullopt;
         return sorted ? makeList(std::move(*sorted)) : Value(Poison{});
       }},
      {"divmod", "a, b",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         Value q = e.binary(BinaryOp::floorDiv, a[0], a[1], r), m = e.binary(BinaryOp::mod, a[0], a[1], r);
         return q.poisoned() || m.poisoned() ? Value(Poison{}) : makeList({q, m}, /*tuple=*/true);
       }},
      {"list", "x=None",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (a[0].none())
           return makeList({});
         auto items = e.iterate(a[0], r);
         return items ? makeList(std::move(*items)) : Value(Poison{});
       }},
      {"tuple", "x=None",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (a[0].none())
           return makeList({}, true);
         auto items = e.iterate(a[0], r);
         return items ? makeList(std::move(*items), true) : Value(Poison{});
       }},
      {"dict", "x=None",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (DictObject *dict = a[0].dict())
           return DictValue{std::make_shared<DictObject>(*dict)};
         auto object = std::make_shared<DictObject>();
         if (a[0].none())
           return DictValue{object};
         auto items = e.iterate(a[0], r);
         if (!items)
           return Poison{};
         for (const Value &item : *items) {
           ListObject *pair = item.list();
           if (!pair || pair->items.size() != 2)
             return e.report(diag::wrongValue, r, "dict() wants pairs, got " + describe(item)), Poison{};
           object->set(pair->items[0], pair->items[1]);
         }
         return DictValue{object};
       }},
      {"str", "x", [](Elaborator &e, Args a, SourceRange r) -> Value { return str(a[0]); }},
      {"int", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (a[0].tensor())
           return e.cast(a[0], mlir::IntegerType::get(e.ctx, 32), r);
         if (a[0].integer())
           return a[0];
         if (auto f = asDouble(a[0])) {
           if (!(std::abs(*f) < 9.2e18))
             return e.report(diag::arithmetic, r, floatText(*f) + " is beyond 64 bits"), Poison{};
           return int64_t(*f);
         }
         int64_t n;
         if (auto *text = a[0].get<std::string>(); text && !llvm::StringRef(*text).trim().getAsInteger(10, n))
           return n;
         return e.report(diag::wrongValue, r, "int() of " + describe(a[0])), Poison{};
       }},
      {"float", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (auto *t = a[0].get<TensorValue>(); t && t->weak)
           return a[0];
         if (a[0].tensor())
           return e.cast(a[0], mlir::Float32Type::get(e.ctx), r);
         if (auto f = asDouble(a[0]))
           return *f;
         if (a[0].is<DimValue>()) {
           mlir::Value v = e.materialise(a[0], mlir::Float64Type::get(e.ctx), r);
           return v ? Value(TensorValue{v, true}) : Value(Poison{});
         }
         double f;
         if (auto *text = a[0].get<std::string>(); text && !llvm::StringRef(*text).trim().getAsDouble(f))
           return f;
         return e.report(diag::wrongValue, r, "float() of " + describe(a[0])), Poison{};
       }},
      {"double", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         return e.wantTensor(a[0], "double()", r) ? e.cast(a[0], mlir::Float64Type::get(e.ctx), r) : Value(Poison{});
       }},
      {"half", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         return e.wantTensor(a[0], "half()", r) ? e.cast(a[0], mlir::Float16Type::get(e.ctx), r) : Value(Poison{});
       }},
      {"long", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         return e.wantTensor(a[0], "long()", r) ? e.cast(a[0], mlir::IntegerType::get(e.ctx, 64), r) : Value(Poison{});
       }},
      {"sum", "x, dim=None, keepdim=False",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (mod::SymTensorType type = tensorType(a[0])) {
           auto dims = e.dimList(a[1], type.getDims().size(), r);
           auto keep = e.truth(a[2], r);
           mlir::Value x = e.tensorOf(a[0], r);
           if (!dims || !keep || !x)
             return Poison{};
           if (type.getElementType().isInteger(1))
             x = e.tensorOf(e.cast(a[0], mlir::IntegerType::get(e.ctx, 64), r), r);
           llvm::SmallVector<mlir::NamedAttribute> attrs = {e.attr("dims", mlir::DenseI64ArrayAttr::get(e.ctx, *dims))};
           if (*keep)
             attrs.push_back(e.attr("keepdim", mlir::BoolAttr::get(e.ctx, true)));
           return e.emit<mod::SumOp>(r, {x}, attrs);
         }
         auto items = e.iterate(a[0], r);
         if (!items)
           return Poison{};
         Value total = a[1].none() ? Value(int64_t(0)) : a[1];
         for (auto [i, item] : llvm::enumerate(*items)) {
           // The first tensor begins the sum: 0 + x would be one operation more.
           bool begins = i == 0 && a[1].none();
           total = begins ? item : e.binary(BinaryOp::add, total, item, r);
         }
         return total;
       }},
      {"prod", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (a[0].tensor())
           return e.notCompiled(r, "the product over a tensor", "use `exp(sum(log(x)))` for positive elements");
         auto items = e.iterate(a[0], r);
         if (!items)
           return Poison{};
         Value total = int64_t(1);
         for (const Value &item : *items)
           total = e.binary(BinaryOp::mul, total, item, r);
         return total;
       }},
      {"max", "x, *more",
       [](Elaborator &e, Args a, SourceRange r) -> Value { return e.extreme(a, /*larger=*/true, r); }},
      {"min", "x, *more",
       [](Elaborator &e, Args a, SourceRange r) -> Value { return e.extreme(a, /*larger=*/false, r); }},
      {"any", "x, dim=None, keepdim=False",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (a[0].tensor())
           return e.callGlobal("any", {a[0], a[1], a[2]}, r);
         auto items = e.iterate(a[0], r);
         if (!items)
           return Poison{};
         for (const Value &item : *items) {
           auto holds = e.truth(item, r);
           if (!holds)
             return Poison{};
           if (*holds)
             return true;
         }
         return false;
       }},
      {"all", "x, dim=None, keepdim=False",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (a[0].tensor())
           return e.callGlobal("all", {a[0], a[1], a[2]}, r);
         auto items = e.iterate(a[0], r);
         if (!items)
           return Poison{};
         for (const Value &item : *items) {
           auto holds = e.truth(item, r);
           if (!holds)
             return Poison{};
           if (!*holds)
             return false;
         }
         return true;
       }},
      {"isinstance", "x, kind",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (auto *builtin = a[1].get<BuiltinValue>()) {
           llvm::StringRef kind = builtin->builtin->name;
           if (kind == "int")
             return a[0].integer();
           if (kind == "float")
             return a[0].is<double>() || (a[0].is<TensorValue>() && a[0].as<TensorValue>().weak);
           if (kind == "str")
             return a[0].is<std::string>();
           if (kind == "list")
             return a[0].list() != nullptr;
           if (kind == "tuple")
             return a[0].list() && a[0].list()->tuple;
           if (kind == "dict")
             return a[0].dict() != nullptr;
           if (kind == "tensor")
             return a[0].tensor();
         }
         if (auto *dtype = a[1].get<DTypeValue>(); dtype && dtype->type.isInteger(1))
           return a[0].is<bool>();
         if (auto *cls = a[1].get<ClassValue>()) {
           Instance *instance = a[0].instance();
           return instance && instance->cls->decl == cls->cls->decl &&
                  (cls->cls->bound.empty() || instance->cls->name == cls->cls->name);
         }
         if (ListObject *list = a[1].list()) {
           for (Value &kind : list->items) {
             Value both[] = {a[0], kind};
             Value holds = e.findBuiltin("isinstance")->call(e, both, r);
             if (!holds.is<bool>() || holds.as<bool>())
               return holds;
           }
           return false;
         }
         return e.report(diag::wrongValue, r, "isinstance() wants a kind or a module class, got " + describe(a[1])),
                Poison{};
       }},
      {"known", "n", [](Elaborator &, Args a, SourceRange) -> Value { return !a[0].is<DimValue>() && !a[0].tensor(); }},
      {"finfo", "dtype",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         mlir::Type type = e.dtypeArgument(a[0], r);
         if (!type)
           return Poison{};
         if (!llvm::isa<mlir::FloatType>(type))
           return e.report(diag::wrongValue, r, "finfo() wants a float dtype, got " + describe(a[0])), Poison{};
         return FinfoValue{type};
       }},
      {"getattr", "module, name",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         auto *name = a[1].get<std::string>();
         if (!name)
           return e.report(diag::wrongValue, r, "getattr() wants a name, got " + describe(a[1])), Poison{};
         return e.member(a[0], e.saver.save(*name), r, r);
       }},
      {"clone", "m",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         Instance *instance = a[0].instance();
         if (!instance)
           return e.report(diag::wrongValue, r, "clone() wants a module, got " + describe(a[0])), Poison{};
         CallArgs args = instance->made;
         args.range = r;
         for (SourceRange &place : args.places)
           place = r;
         return e.construct(*instance->cls, std::move(args));
       }},
      {"grad", "loss, wrt",
       [](Elaborator &e, Args, SourceRange r) -> Value {
         return e.notCompiled(r, "`grad` inside a model", "train in PyTorch and load the weights");
       }},
  };
  return table;
}

Value Elaborator::extreme(llvm::MutableArrayRef<Value> args, bool larger, SourceRange range) {
  std::vector<Value> items = args[1].list()->items;
  if (items.empty()) {
    if (mod::SymTensorType type = tensorType(args[0])) {
      auto all = llvm::to_vector(llvm::seq<int64_t>(0, type.getDims().size()));
      Value x = larger ? args[0] : unary(ast::UnaryOp::neg, args[0], range);
      mlir::Value v = x.poisoned() ? mlir::Value() : tensorOf(x, range);
      if (!v)
        return Poison{};
      Value out = emit<mod::AmaxOp>(range, {v}, {attr("dims", mlir::DenseI64ArrayAttr::get(ctx, all))});
      return larger ? out : unary(ast::UnaryOp::neg, out, range);
    }
    auto list = iterate(args[0], range);
    if (!list)
      return Poison{};
    items = std::move(*list);
  } else {
    items.insert(items.begin(), args[0]);
  }
  if (items.empty())
    return report(diag::wrongValue, range, larger ? "max() of nothing" : "min() of nothing"), Poison{};
  Value best = items[0];
  for (const Value &item : llvm::ArrayRef(items).drop_front()) {
    if (best.poisoned() || item.poisoned())
      return Poison{};
    if (best.tensor() || item.tensor()) {
      best = elementwiseExtreme(best, item, larger, range);
      continue;
    }
    DimAttr a = best.is<double>() ? DimAttr() : asDim(ctx, best), b = item.is<double>() ? DimAttr() : asDim(ctx, item);
    if (a && b && (best.is<DimValue>() || item.is<DimValue>())) {
      mod::Truth less = decideLessEqual(a, b);
      if (less != mod::Truth::Open)
        best = makeDim((less == mod::Truth::Proved) == larger ? b : a);
      else
        best = checkedDim(larger ? a.max(b) : a.min(b), range);
      continue;
    }
    Value less = compare(CompareOp::lt, best, item, range);
    if (!less.is<bool>())
      return less.poisoned() ? Value(Poison{}) : elementwiseExtreme(best, item, larger, range);
    if (larger ? less.as<bool>() : compare(CompareOp::lt, item, best, range).as<bool>())
      best = item;
  }
  return best;
}

Value Elaborator::elementwiseExtreme(const Value &a, const Value &b, bool larger, SourceRange range) {
  bool weak = weakly({&a, &b});
  mlir::Type dtype = weak ? mlir::Float64Type::get(ctx) : promote({&a, &b});
  mlir::Value x = materialise(a, dtype, range);
  mlir::Value y = x ? materialise(b, dtype, range) : mlir::Value();
  if (!y)
    return Poison{};
  if (dtype.isInteger(1))
    return larger ? emit<mod::BitwiseOrOp>(range, {x, y}) : emit<mod::BitwiseAndOp>(range, {x, y});
  return larger ? emit<mod::MaximumOp>(range, {x, y}, {}, weak) : emit<mod::MinimumOp>(range, {x, y}, {}, weak);
}
