// Elements that integer tensors choose, and updates of slices and elements.
#include "compiler/sema/Subscript.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

Value Elaborator::take(const Value &x, mlir::Value index, int64_t dim, SourceRange range) {
  mlir::Value v = tensorOf(x, range);
  if (!v)
    return Poison{};
  return emit<mod::TakeOp>(range, {v, index},
                           {attr("dim", mlir::IntegerAttr::get(mlir::IntegerType::get(ctx, 64), dim))});
}

Value Elaborator::gatherAll(Value x, llvm::ArrayRef<std::pair<int64_t, mlir::Value>> gathers, SourceRange range) {
  if (gathers.size() == 1)
    return take(x, gathers[0].second, gathers[0].first, range);
  // The dimensions side by side, in front where they were apart, become one; one index of all fails where one of its
  // parts is out of range.
  llvm::SmallVector<DimAttr> dims(tensorType(x).getDims());
  int64_t first = gathers.front().first, last = gathers.back().first;
  bool apart = last - first + 1 != int64_t(gathers.size());
  llvm::SmallVector<int64_t> order;
  for (auto &[at, index] : gathers)
    order.push_back(at);
  if (apart) {
    for (int64_t i = 0, e = dims.size(); i < e; ++i)
      if (!llvm::is_contained(order, i))
        order.push_back(i);
    x = permute(x, order, range);
    first = 0;
  }
  mlir::Type i64 = mlir::IntegerType::get(ctx, 64);
  Value flat, inside;
  DimAttr product = DimAttr::constant(ctx, 1);
  for (auto &[at, index] : gathers) {
    Value i = cast(TensorValue{index}, i64, range), size = makeDim(dims[at]);
    Value fits = binary(ast::BinaryOp::bitAnd, compare(ast::CompareOp::ge, i, int64_t(0), range),
                        compare(ast::CompareOp::lt, i, size, range), range);
    inside = inside.poisoned() ? fits : binary(ast::BinaryOp::bitAnd, inside, fits, range);
    flat = flat.poisoned() ? i : binary(ast::BinaryOp::add, binary(ast::BinaryOp::mul, flat, size, range), i, range);
    product = product.times(dims[at]);
    if (fits.poisoned() || flat.poisoned())
      return Poison{};
  }
  mlir::Value out = materialise(int64_t(-1), i64, range), c = tensorOf(inside, range), f = tensorOf(flat, range);
  Value index = out && c && f ? emit<mod::WhereOp>(range, {c, f, out}) : Value(Poison{});
  if (x.poisoned() || index.poisoned())
    return Poison{};
  llvm::SmallVector<DimAttr> shape(tensorType(x).getDims());
  shape.erase(shape.begin() + first, shape.begin() + first + gathers.size());
  shape.insert(shape.begin() + first, product);
  x = reshape(x, shape, range);
  return x.poisoned() ? x : take(x, tensorOf(index, range), first, range);
}

Value Elaborator::updateSlice(const Value &base, llvm::ArrayRef<const ast::Expr *> items, const Value &value,
                              SourceRange range) {
  SymTensorType type = tensorType(base);
  auto subs = subscripts(items, type.getDims().size(), range);
  if (!subs)
    return Poison{};
  DimAttr one = DimAttr::constant(ctx, 1), zero = DimAttr::constant(ctx, 0);
  // The block that is replaced; `part`: the value's sizes in it, `shown` without the dimensions of single elements.
  llvm::SmallVector<DimAttr> start, block, part, shown;
  llvm::SmallVector<std::pair<int64_t, const Subscript *>> moving;
  for (const Subscript &s : *subs) {
    int64_t dim = start.size();
    bool single = s.kind == Subscript::Gather && llvm::cast<SymTensorType>(s.index.getType()).getDims().empty();
    if (s.kind == Subscript::New || (s.kind == Subscript::Gather && !single) || s.step != 1)
      return notCompiled(s.range, "an update through this index", "update by ints and slices of step 1");
    DimAttr size = type.getDims()[dim];
    if (s.kind == Subscript::Int) {
      DimAttr at = s.start.getConstant().value_or(0) < 0 ? s.start.plus(size) : s.start;
      if ((!at.getConstant() && !notNegative(at, s.range)) || !inRange(at, size, s.range))
        return Poison{};
      start.push_back(at);
      block.push_back(one);
      part.push_back(one);
      continue;
    }
    if (s.kind == Subscript::Slice) {
      auto slice = sliceOf(s, size, /*written=*/true);
      if (!slice)
        return Poison{};
      start.push_back(slice->first);
      block.push_back(slice->second);
      part.push_back(slice->second);
    } else {
      moving.emplace_back(dim, &s);
      start.push_back(zero);
      block.push_back(size);
      part.push_back(single ? one : s.stop);
    }
    if (!single)
      shown.push_back(part.back());
  }
  mlir::Value v = materialise(value, type.getElementType(), range);
  if (!v)
    return Poison{};
  // The value has the shape without the single elements' dimensions, or broadcasts to it.
  Value fresh = TensorValue{v};
  if (tensorType(fresh).getDims() != llvm::ArrayRef(shown))
    fresh = expand(fresh, shown, range);
  if (!fresh.poisoned())
    fresh = reshape(fresh, part, range);
  if (!moving.empty() && !fresh.poisoned()) {
    Value old = base;
    for (auto [dim, size] : llvm::enumerate(block))
      if (!old.poisoned())
        old = narrow(old, dim, start[dim], size, 1, range, /*inside=*/true);
    Value inside;
    for (auto &[dim, s] : moving)
      if (!old.poisoned() &&
          !spread(fresh, inside, dim, block, s->index, s->kind == Subscript::Window ? s->stop : DimAttr(), range))
        return Poison{};
    mlir::Value c = tensorOf(inside, range), a = tensorOf(fresh, range), b = tensorOf(old, range);
    fresh = c && a && b ? emit<mod::WhereOp>(range, {c, a, b}) : Value(Poison{});
  }
  mlir::Value x = tensorOf(base, range), p = fresh.poisoned() ? mlir::Value() : tensorOf(fresh, range);
  if (!x || !p)
    return Poison{};
  return emit<mod::UpdateSliceOp>(range, {x, p}, {attr("start", dimArray(start))});
}

bool Elaborator::spread(Value &v, Value &inside, int64_t dim, llvm::ArrayRef<DimAttr> block, mlir::Value start,
                        DimAttr length, SourceRange range) {
  mlir::Type i64 = mlir::IntegerType::get(ctx, 64);
  Value steps = emit<mod::IotaOp>(range, {}, {attr("n", block[dim]), attr("dtype", mlir::TypeAttr::get(i64))});
  Value from = cast(TensorValue{start}, i64, range);
  // Taken from the steps themselves, so that a place out of range fails the call.
  auto checked = [&](const Value &at) { return at.poisoned() ? at : take(steps, tensorOf(at, range), 0, range); };
  Value first = checked(from), here;
  if (length) {
    Value room = makeDim(length.plus(DimAttr::constant(ctx, 1), -1));
    Value last = binary(ast::BinaryOp::sub, checked(binary(ast::BinaryOp::add, from, room, range)), room, range);
    mlir::Value a = first.poisoned() ? mlir::Value() : tensorOf(first, range);
    mlir::Value b = last.poisoned() || !a ? mlir::Value() : tensorOf(last, range);
    if (!b)
      return false;
    Value at = binary(ast::BinaryOp::sub, steps, emit<mod::MinimumOp>(range, {a, b}), range);
    here = binary(ast::BinaryOp::bitAnd, compare(ast::CompareOp::ge, at, int64_t(0), range),
                  compare(ast::CompareOp::le, at, room, range), range);
    mlir::Value c = here.poisoned() ? mlir::Value() : tensorOf(here, range);
    if (!c)
      return false;
    Value index = emit<mod::WhereOp>(range, {c, tensorOf(at, range), materialise(int64_t(0), i64, range)});
    v = index.poisoned() ? index : take(v, tensorOf(index, range), dim, range);
  } else {
    here = compare(ast::CompareOp::eq, steps, first, range);
  }
  llvm::SmallVector<DimAttr> column(block.size() - dim, DimAttr::constant(ctx, 1));
  column[0] = block[dim];
  here = here.poisoned() ? here : reshape(here, column, range);
  inside = inside.poisoned() ? here : binary(ast::BinaryOp::bitAnd, inside, here, range);
  return !v.poisoned() && !inside.poisoned();
}
