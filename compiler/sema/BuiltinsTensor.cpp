// The primitives as functions of the language; convolutions, windows and the like are in files of their own.
#include "compiler/sema/Builtins.h"
#include <cmath>

using namespace modc;
using namespace modc::sema;
using ast::BinaryOp;
using ast::CompareOp;
using mod::DimAttr;
using mod::SymTensorType;

Value Elaborator::floatUnaryOp(const Value &x, double (*fn)(double), llvm::StringRef name, InferFunction infer,
                               SourceRange range) {
  if (x.poisoned())
    return Poison{};
  std::string op = name.split('.').second.str();
  if (!x.tensor() && !x.is<DimValue>()) {
    auto f = asDouble(x);
    if (!f) {
      report(diag::wrongValue, range, op + "() wants a number or a tensor, got " + describe(x));
      return Poison{};
    }
    double y = fn(*f);
    if (std::isnan(y) && !std::isnan(*f)) {
      report(diag::arithmetic, range, op + "(" + floatText(*f) + ") is not defined");
      return Poison{};
    }
    return y;
  }
  // Ints become floats, as in PyTorch; sizes a number that depends on them.
  bool weak = weakly({&x});
  mlir::Type dtype = weak ? mlir::Float64Type::get(ctx) : mlir::Type(tensorType(x).getElementType());
  if (!llvm::isa<mlir::FloatType>(dtype))
    dtype = mlir::Float32Type::get(ctx);
  mlir::Value v = materialise(x, dtype, range);
  return v ? emitOp(range, name, infer, {v}, {}, weak) : Value(Poison{});
}

static double logOrMinusInf(double x) { return std::log(x); }
static double sigmoidOf(double x) { return 1 / (1 + std::exp(-x)); }
#define UNARY(NAME, OP, FN)                                                                                            \
  {NAME, "x", [](Elaborator &e, Args a, SourceRange r) -> Value {                                                      \
     double (*fn)(double) = FN;                                                                                        \
     return e.floatUnary<mod::OP>(a[0], fn, r);                                                                        \
   }}
#define BINARY(NAME, OP)                                                                                               \
  {NAME, "a, b", [](Elaborator &e, Args a, SourceRange r) -> Value { return e.binary(BinaryOp::OP, a[0], a[1], r); }}
#define COMPARE(NAME, OP)                                                                                              \
  {NAME, "a, b", [](Elaborator &e, Args a, SourceRange r) -> Value { return e.compare(CompareOp::OP, a[0], a[1], r); }}

llvm::ArrayRef<Builtin> BuiltinTable::primitives() {
  static const Builtin table[] = {
      UNARY("exp", ExpOp, std::exp),
      UNARY("expm1", Expm1Op, std::expm1),
      UNARY("log", LogOp, logOrMinusInf),
      UNARY("log1p", Log1pOp, std::log1p),
      UNARY("sqrt", SqrtOp, std::sqrt),
      UNARY("sin", SinOp, std::sin),
      UNARY("cos", CosOp, std::cos),
      UNARY("tanh", TanhOp, std::tanh),
      UNARY("erf", ErfOp, std::erf),
      UNARY("sigmoid", SigmoidOp, sigmoidOf),
      {"neg", "x", [](Elaborator &e, Args a, SourceRange r) -> Value { return e.unary(ast::UnaryOp::neg, a[0], r); }},
      {"logical_not", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value { return e.unary(ast::UnaryOp::invert, a[0], r); }},
      {"abs", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (a[0].tensor()) {
           mlir::Value v = e.tensorOf(a[0], r);
           return v ? e.emit<mod::AbsOp>(r, {v}, {}, e.weakly({&a[0]})) : Value(Poison{});
         }
         if (auto *n = a[0].get<int64_t>())
           return *n < 0 ? e.unary(ast::UnaryOp::neg, a[0], r) : a[0];
         if (auto f = asDouble(a[0]))
           return std::abs(*f);
         if (auto *d = a[0].get<DimValue>()) {
           DimAttr zero = DimAttr::constant(e.ctx, 0);
           if (e.decideLessEqual(zero, d->dim) == mod::Truth::Proved)
             return a[0];
           return e.checkedDim(d->dim.max(zero.plus(d->dim, -1)), r);
         }
         return e.report(diag::wrongValue, r, "abs() wants a number or a tensor, got " + describe(a[0])), Poison{};
       }},
      {"floor", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (a[0].integer())
           return a[0];
         if (auto *f = a[0].get<double>())
           return std::abs(*f) < 9.2e18 ? Value(int64_t(std::floor(*f)))
                                        : (e.report(diag::arithmetic, r, "the int is beyond 64 bits"), Value(Poison{}));
         SymTensorType type = e.wantTensor(a[0], "floor()", r);
         mlir::Value v = type ? e.tensorOf(a[0], r) : mlir::Value();
         if (!v)
           return Poison{};
         return llvm::isa<mlir::FloatType>(type.getElementType()) ? e.emit<mod::FloorOp>(r, {v}, {}, e.weakly({&a[0]}))
                                                                  : a[0];
       }},
      {"round", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         if (a[0].integer())
           return a[0];
         if (auto *f = a[0].get<double>())
           return std::abs(*f) < 9.2e18 ? Value(int64_t(std::nearbyint(*f)))
                                        : (e.report(diag::arithmetic, r, "the int is beyond 64 bits"), Value(Poison{}));
         SymTensorType type = e.wantTensor(a[0], "round()", r);
         mlir::Value v = type ? e.tensorOf(a[0], r) : mlir::Value();
         if (!v)
           return Poison{};
         return llvm::isa<mlir::FloatType>(type.getElementType()) ? e.emit<mod::RoundOp>(r, {v}) : a[0];
       }},
      {"detach", "x",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         mlir::Value v = e.tensorOf(a[0], r);
         return v ? e.emit<mod::DetachOp>(r, {v}) : Value(Poison{});
       }},
      {"to", "x, *args, dtype=None, device=None",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         // A device is taken and ignored; another tensor gives its dtype.
         mlir::Type dtype = a[2].none() ? mlir::Type() : e.dtypeArgument(a[2], r);
         for (const Value &arg : a[1].list()->items) {
           if (SymTensorType type = tensorType(arg))
             dtype = type.getElementType();
           else if (!arg.none() && !arg.is<std::string>() && !arg.is<bool>())
             dtype = e.dtypeArgument(arg, r);
         }
         if (a[0].number() && dtype)
           return e.full({}, a[0], dtype, r);
         if (!e.wantTensor(a[0], "to()", r))
           return Poison{};
         return dtype ? e.cast(a[0], dtype, r) : a[0];
       }},
      BINARY("add", add),
      BINARY("sub", sub),
      BINARY("mul", mul),
      BINARY("div", div),
      BINARY("floor_divide", floorDiv),
      BINARY("remainder", mod),
      BINARY("pow", pow),
      BINARY("matmul", matmul),
      BINARY("bitwise_and", bitAnd),
      BINARY("bitwise_or", bitOr),
      BINARY("logical_and", bitAnd),
      BINARY("logical_or", bitOr),
      COMPARE("eq", eq),
      COMPARE("lt", lt),
      COMPARE("le", le),
      {"maximum", "a, b",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         Value both[] = {a[0], makeList({a[1]}, true)};
         return e.extreme(both, /*larger=*/true, r);
       }},
      {"minimum", "a, b",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         Value both[] = {a[0], makeList({a[1]}, true)};
         return e.extreme(both, /*larger=*/false, r);
       }},
      {"where", "cond, a, b",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         // A condition known here chooses now, for numbers; for tensors the shapes may still broadcast.
         SymTensorType type = tensorType(a[0]);
         if (!type && !a[1].tensor() && !a[2].tensor()) {
           auto holds = e.truth(a[0], r);
           return holds ? a[*holds ? 1 : 2] : Value(Poison{});
         }
         mlir::Type i1 = mlir::IntegerType::get(e.ctx, 1);
         if (type && type.getElementType() != i1)
           return e.report(diag::operandMismatch, r, "where", "the condition is a bool tensor, got " + type.text()),
                  Poison{};
         for (const Value *v : {&a[1], &a[2]})
           if (!v->tensor() && !v->number() && !v->is<DimValue>())
             return e.report(diag::wrongValue, r, "where() chooses between tensors or numbers, got " + describe(*v)),
                    Poison{};
         mlir::Type dtype = e.promote({&a[1], &a[2]});
         mlir::Value c = e.materialise(a[0], i1, r), x = c ? e.materialise(a[1], dtype, r) : c;
         mlir::Value y = x ? e.materialise(a[2], dtype, r) : x;
         return y ? e.emit<mod::WhereOp>(r, {c, x, y}) : Value(Poison{});
       }},
      {"full", "shape, value, dtype=None",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         auto shape = e.shapeOf(a[0], r);
         mlir::Type dtype = a[2].none() ? (a[1].is<int64_t>() ? mlir::Type(mlir::IntegerType::get(e.ctx, 64))
                                                              : mlir::Type(mlir::Float32Type::get(e.ctx)))
                                        : e.dtypeArgument(a[2], r);
         return shape && dtype ? e.full(*shape, a[1], dtype, r) : Value(Poison{});
       }},
      {"iota", "n, dtype",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         DimAttr n = a[0].is<bool>() ? DimAttr() : asDim(e.ctx, a[0]);
         mlir::Type dtype = e.dtypeArgument(a[1], r);
         if (!n || n.getConstant().value_or(0) < 0)
           return e.report(diag::wrongValue, r, "iota() wants a size, got " + describe(a[0])), Poison{};
         return dtype ? e.emit<mod::IotaOp>(r, {}, {e.attr("n", n), e.attr("dtype", mlir::TypeAttr::get(dtype))})
                      : Value(Poison{});
       }},
      {"random", "shape, dtype=None",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         auto shape = e.shapeOf(a[0], r);
         mlir::Type dtype = a[1].none() ? mlir::Type(mlir::Float32Type::get(e.ctx)) : e.dtypeArgument(a[1], r);
         return shape && dtype ? e.random(*shape, dtype, r) : Value(Poison{});
       }},
      {"tensor", "values, dtype=None",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         mlir::Type dtype = a[1].none() ? mlir::Type(mlir::Float32Type::get(e.ctx)) : e.dtypeArgument(a[1], r);
         if (!dtype)
           return Poison{};
         return e.constantTensor(a[0], dtype, r);
       }},
      {"reshape", "x, *shape",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         auto shape = e.shapeOfStar(a[1], r);
         return shape && e.wantTensor(a[0], "reshape()", r) ? e.reshape(a[0], *shape, r) : Value(Poison{});
       }},
      {"permute", "x, *dims",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         SymTensorType type = e.wantTensor(a[0], "permute()", r);
         if (!type)
           return Poison{};
         ListObject *list = a[1].list();
         const Value &given = list->items.size() == 1 && list->items[0].list() ? list->items[0] : a[1];
         llvm::SmallVector<int64_t> dims;
         for (const Value &item : given.list()->items) {
           auto d = e.dimIndex(item, type.getDims().size(), r);
           if (!d)
             return Poison{};
           dims.push_back(*d);
         }
         return e.permute(a[0], dims, r);
       }},
      {"expand", "x, *shape",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         auto shape = e.shapeOfStar(a[1], r);
         return shape && e.wantTensor(a[0], "expand()", r) ? e.expand(a[0], *shape, r) : Value(Poison{});
       }},
      {"narrow", "x, dim, start, length, step=1",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         SymTensorType type = e.wantTensor(a[0], "narrow()", r);
         if (!type)
           return Poison{};
         auto dim = e.dimIndex(a[1], type.getDims().size(), r);
         if (a[2].tensor())
           return e.notCompiled(r, "a slice that begins where a tensor says",
                                "use `take` with `iota(length, i64) + start`");
         DimAttr start = asDim(e.ctx, a[2]), length = asDim(e.ctx, a[3]);
         auto step = e.staticInt(a[4], "step", r);
         if (!dim || !step)
           return Poison{};
         if (!start || !length)
           return e.report(diag::wrongValue, r,
                           "narrow() wants ints, got " + describe(a[2]) + " and " + describe(a[3])),
                  Poison{};
         if (start.getConstant().value_or(0) < 0)
           start = start.plus(type.getDims()[*dim]);
         return e.narrow(a[0], *dim, start, length, *step, r);
       }},
      {"cat", "xs, dim=0",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         auto items = e.iterate(a[0], r);
         if (!items)
           return Poison{};
         if (items->empty())
           return e.report(diag::operandMismatch, r, "cat", "nothing to concatenate"), Poison{};
         std::vector<const Value *> values;
         for (const Value &item : *items) {
           if (!e.wantTensor(item, "cat()", r))
             return Poison{};
           values.push_back(&item);
         }
         auto dim = e.dimIndex(a[1], tensorType((*items)[0]).getDims().size(), r);
         if (!dim)
           return Poison{};
         mlir::Type dtype = e.promote(values);
         llvm::SmallVector<mlir::Value> xs;
         for (const Value *v : values) {
           xs.push_back(e.materialise(*v, dtype, r));
           if (!xs.back())
             return Poison{};
         }
         return xs.size() == 1
                    ? Value(TensorValue{xs[0]})
                    : e.emit<mod::CatOp>(
                          r, xs, {e.attr("dim", mlir::IntegerAttr::get(mlir::IntegerType::get(e.ctx, 64), *dim))});
       }},
      {"constant_pad", "x, lo, hi, value=0",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         SymTensorType type = e.wantTensor(a[0], "constant_pad()", r);
         if (!type)
           return Poison{};
         auto lo = e.intList(a[1], "lo", r), hi = e.intList(a[2], "hi", r);
         auto f = asDouble(a[3]);
         mlir::Value x = e.tensorOf(a[0], r);
         if (!lo || !hi || !x)
           return Poison{};
         if (!f)
           return e.report(diag::wrongValue, r, "the padding is a number, got " + describe(a[3])), Poison{};
         mlir::Attribute value =
             llvm::isa<mlir::FloatType>(type.getElementType())
                 ? mlir::Attribute(mlir::FloatAttr::get(mlir::Float64Type::get(e.ctx), *f))
                 : mlir::Attribute(mlir::IntegerAttr::get(mlir::IntegerType::get(e.ctx, 64), int64_t(*f)));
         return e.emit<mod::ConstantPadOp>(r, {x},
                                           {e.attr("lo", mlir::DenseI64ArrayAttr::get(e.ctx, *lo)),
                                            e.attr("hi", mlir::DenseI64ArrayAttr::get(e.ctx, *hi)),
                                            e.attr("value", value)});
       }},
      {"amax", "x, dim=None, keepdim=False",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         SymTensorType type = e.wantTensor(a[0], "amax()", r);
         if (!type)
           return Poison{};
         auto dims = e.dimList(a[1], type.getDims().size(), r);
         auto keep = e.truth(a[2], r);
         mlir::Value x = e.tensorOf(a[0], r);
         if (!dims || !keep || !x)
           return Poison{};
         llvm::SmallVector<mlir::NamedAttribute> attrs = {e.attr("dims", mlir::DenseI64ArrayAttr::get(e.ctx, *dims))};
         if (*keep)
           attrs.push_back(e.attr("keepdim", mlir::BoolAttr::get(e.ctx, true)));
         return e.emit<mod::AmaxOp>(r, {x}, attrs);
       }},
      {"argmax", "x, dim=None, keepdim=False",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         SymTensorType type = e.wantTensor(a[0], "argmax()", r);
         if (!type)
           return Poison{};
         Value x = a[0];
         Value dim = a[1];
         if (dim.none()) {
           x = e.reshape(x, {type.getCount()}, r);
           dim = int64_t(0);
           type = tensorType(x);
         }
         if (x.poisoned())
           return Poison{};
         auto d = e.dimIndex(dim, type.getDims().size(), r);
         auto keep = e.truth(a[2], r);
         mlir::Value v = e.tensorOf(x, r);
         if (!d || !keep || !v)
           return Poison{};
         llvm::SmallVector<mlir::NamedAttribute> attrs = {
             e.attr("dim", mlir::IntegerAttr::get(mlir::IntegerType::get(e.ctx, 64), *d))};
         if (*keep)
           attrs.push_back(e.attr("keepdim", mlir::BoolAttr::get(e.ctx, true)));
         return e.emit<mod::ArgmaxOp>(r, {v}, attrs);
       }},
      {"cumsum", "x, dim",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         SymTensorType type = e.wantTensor(a[0], "cumsum()", r);
         if (!type)
           return Poison{};
         auto dim = e.dimIndex(a[1], type.getDims().size(), r);
         mlir::Type wide = mlir::IntegerType::get(e.ctx, 64);
         mlir::Value x = type.getElementType().isInteger(1) ? e.materialise(a[0], wide, r) : e.tensorOf(a[0], r);
         if (!dim || !x)
           return Poison{};
         return e.emit<mod::CumsumOp>(r, {x}, {e.attr("dim", mlir::IntegerAttr::get(wide, *dim))});
       }},
      {"attention", "q, k, v, mask=None, causal=False, scale=None, dropout_p=0",
       [](Elaborator &e, Args a, SourceRange r) -> Value { return e.attention(a, r); }},
      {"take", "x, index, dim=0",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         SymTensorType type = e.wantTensor(a[0], "take()", r);
         if (!type || !e.wantTensor(a[1], "take()", r))
           return Poison{};
         auto dim = e.dimIndex(a[2], type.getDims().size(), r);
         mlir::Value x = e.tensorOf(a[0], r), index = e.indexOf(a[1], r);
         if (!dim || !x || !index)
           return Poison{};
         return e.emit<mod::TakeOp>(r, {x, index},
                                    {e.attr("dim", mlir::IntegerAttr::get(mlir::IntegerType::get(e.ctx, 64), *dim))});
       }},
      {"gather", "x, dim, index",
       [](Elaborator &e, Args a, SourceRange r) -> Value {
         SymTensorType type = e.wantTensor(a[0], "gather()", r);
         if (!type || !e.wantTensor(a[2], "gather()", r))
           return Poison{};
         auto dim = e.dimIndex(a[1], type.getDims().size(), r);
         mlir::Value x = e.tensorOf(a[0], r), index = e.indexOf(a[2], r);
         if (!dim || !x || !index)
           return Poison{};
         return e.emit<mod::GatherOp>(r, {x, index},
                                      {e.attr("dim", mlir::IntegerAttr::get(mlir::IntegerType::get(e.ctx, 64), *dim))});
       }},
  };
  return table;
}

mlir::Value Elaborator::indexOf(const Value &index, SourceRange range) {
  SymTensorType type = tensorType(index);
  if (!type.getElementType().isInteger(64) && !type.getElementType().isInteger(32)) {
    report(diag::indexError, range, "indices are i32 or i64, got " + type.text())
        .suggest("declare the argument with an integer dtype, `i64[...]`, or convert it with `.long()`");
    return {};
  }
  return tensorOf(index, range);
}

Value Elaborator::constantTensor(const Value &value, mlir::Type dtype, SourceRange range) {
  if (value.poisoned())
    return Poison{};
  if (value.tensor())
    return cast(value, dtype, range);
  ListObject *list = value.list();
  if (!list)
    return full({}, value, dtype, range);
  if (list->items.empty())
    return full({DimAttr::constant(ctx, 0)}, int64_t(0), dtype, range);
  if (list->items.size() > 1024)
    return notCompiled(range, "a constant tensor of more than 1024 rows", "compute it, for example from `arange`");
  DimAttr n = DimAttr::constant(ctx, list->items.size());
  // Equal numbers are one fill.
  bool same =
      llvm::all_of(list->items, [&](const Value &v) { return v.number() && asDouble(v) == asDouble(list->items[0]); });
  if (same)
    return full({n}, list->items[0], dtype, range);
  llvm::SmallVector<mlir::Value> rows;
  for (const Value &item : list->items) {
    Value row = constantTensor(item, dtype, range);
    if (row.poisoned())
      return Poison{};
    llvm::SmallVector<DimAttr> shape = {DimAttr::constant(ctx, 1)};
    llvm::append_range(shape, tensorType(row).getDims());
    row = reshape(row, shape, range);
    if (row.poisoned())
      return Poison{};
    rows.push_back(row.as<TensorValue>().value);
  }
  return emit<mod::CatOp>(range, rows, {attr("dim", mlir::IntegerAttr::get(mlir::IntegerType::get(ctx, 64), 0))});
}

Value Elaborator::attention(llvm::MutableArrayRef<Value> a, SourceRange range) {
  SymTensorType q = wantTensor(a[0], "attention()", range);
  if (!q || !wantTensor(a[1], "attention()", range) || !wantTensor(a[2], "attention()", range))
    return Poison{};
  auto causal = truth(a[4], range);
  auto p = asDouble(a[6]);
  if (!causal)
    return Poison{};
  if (!p || *p < 0 || *p > 1)
    return report(diag::wrongValue, range, "dropout_p is a number from 0 to 1, got " + describe(a[6])), Poison{};
  llvm::SmallVector<mlir::Value> operands;
  for (int i = 0; i < 3; ++i)
    operands.push_back(tensorOf(a[i], range));
  if (llvm::is_contained(operands, mlir::Value()))
    return Poison{};
  bool mask = !a[3].none();
  if (mask) {
    operands.push_back(materialise(a[3], q.getElementType(), range));
    if (!operands.back())
      return Poison{};
  }
  // A scale that depends on a size goes onto the query.
  double scale = 1;
  if (auto f = asDouble(a[5])) {
    scale = *f;
  } else if (!a[5].none()) {
    Value scaled = binary(BinaryOp::mul, a[0], a[5], range);
    if (scaled.poisoned())
      return Poison{};
    operands[0] = tensorOf(scaled, range);
  } else {
    return report(diag::wrongValue, range, "attention() wants a scale"), Poison{};
  }
  auto f64 = mlir::Float64Type::get(ctx);
  llvm::SmallVector<mlir::NamedAttribute> attrs = {attr("scale", mlir::FloatAttr::get(f64, scale))};
  if (*causal)
    attrs.push_back(attr("causal", mlir::BoolAttr::get(ctx, true)));
  if (*p > 0) {
    operands.push_back(drawKey(range));
    attrs.push_back(attr("dropout_p", mlir::FloatAttr::get(f64, *p)));
  }
  attrs.push_back(attr("operandSegmentSizes", mlir::DenseI32ArrayAttr::get(ctx, {1, 1, 1, mask, *p > 0})));
  return emit<mod::AttentionOp>(range, operands, attrs);
}
