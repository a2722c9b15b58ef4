// Emission of primitives: types from each operation's inference, open equalities as guards, locations, state, keys.
#include "compiler/sema/Elaborator.h"
#include "mlir/IR/Diagnostics.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

static constexpr uint64_t kStepsOfAnOperation = 16;

mlir::NamedAttribute Elaborator::attr(llvm::StringRef name, mlir::Attribute value) {
  return {mlir::StringAttr::get(ctx, name), value};
}

mlir::ArrayAttr Elaborator::dimArray(llvm::ArrayRef<DimAttr> dims) {
  return mlir::ArrayAttr::get(ctx, llvm::to_vector_of<mlir::Attribute>(dims));
}

mlir::Location Elaborator::loc(SourceRange range) {
  mlir::LocationAttr at = mlir::UnknownLoc::get(ctx);
  if (range.valid()) {
    LineColumn from = sources.lineColumn(range.file, range.begin), to = sources.lineColumn(range.file, range.end);
    at = mlir::FileLineColRange::get(mlir::StringAttr::get(ctx, sources.path(range.file)), from.line, from.column,
                                     to.line, to.column);
  }
  if (frame && frame->callLoc && frame->function)
    at = mlir::CallSiteLoc::get(
        mlir::NameLoc::get(mlir::StringAttr::get(ctx, frame->function->name.text), mlir::cast<mlir::LocationAttr>(at)),
        mlir::Location(frame->callLoc));
  return mlir::Location(at);
}

Trace &Elaborator::trace() {
  if (frame->trace)
    return *frame->trace;
  // A module's body has no tensors, but what makes one is best named when the value arrives somewhere.
  if (!scratch) {
    mlir::Location at = mlir::UnknownLoc::get(ctx);
    scratchModule = mlir::ModuleOp::create(at);
    scratch = std::make_unique<Trace>(mlir::OpBuilder::atBlockEnd(scratchModule->getBody()));
    scratch->stateless = true;
  }
  return *scratch;
}

mlir::Value Elaborator::readState(const StateValue &state, SourceRange range) {
  Trace &t = trace();
  if (t.stateless) {
    report(diag::wrongValue, range, "the value of `" + state.name.str() + "` is known in methods only");
    return {};
  }
  auto owner = pathOf(*state.owner, range);
  if (!owner)
    return {};
  std::string path = owner->empty() ? state.name.str() : *owner + "." + state.name.str();
  mlir::Value &slot = (state.state->param ? t.params : t.buffers)[path];
  if (!slot)
    slot = mod::GetOp::create(t.builder, loc(range), state.state->type, mlir::StringAttr::get(ctx, path));
  return slot;
}

mlir::Value Elaborator::tensorOf(const Value &value, SourceRange range) {
  if (auto *t = value.get<TensorValue>()) {
    // Values of the scratch of bodies never enter a method.
    mlir::Value held = t->value;
    mlir::Region *home = held.getParentRegion();
    mlir::Block *here = trace().builder.getInsertionBlock();
    if (home && here && !home->isAncestor(here->getParent())) {
      report(diag::wrongValue, range, "this tensor was made in another function, or in a loop that has ended");
      return {};
    }
    return t->value;
  }
  if (auto *s = value.get<StateValue>())
    return readState(*s, range);
  if (!value.poisoned())
    report(diag::wrongValue, range, "a tensor is needed, got " + describe(value));
  return {};
}

/// "add" is `+` to users.
static llvm::StringRef spelt(llvm::StringRef op) {
  return llvm::StringSwitch<llvm::StringRef>(op)
      .Case("add", "+")
      .Case("sub", "-")
      .Case("mul", "*")
      .Case("div", "/")
      .Case("matmul", "@")
      .Case("lt", "<")
      .Case("le", "<=")
      .Case("eq", "==")
      .Default(op);
}

Value Elaborator::emitOp(SourceRange range, llvm::StringRef name, InferFunction infer,
                         llvm::ArrayRef<mlir::Value> given, llvm::ArrayRef<mlir::NamedAttribute> attrs, bool weak) {
  steps += kStepsOfAnOperation;
  if (!step(range))
    return Poison{};
  mlir::Location at = loc(range);
  Trace &t = trace();
  llvm::SmallVector<mlir::Value> operands(given);
  llvm::StringRef op = spelt(name.split('.').second);
  std::string message;
  for (unsigned attempt = 0; attempt < 4; ++attempt) {
    llvm::SmallVector<SymTensorType> types;
    for (mlir::Value v : operands)
      if (auto type = llvm::dyn_cast<SymTensorType>(v.getType()))
        types.push_back(type);
    llvm::SmallVector<mlir::Type> results;
    llvm::SmallVector<mod::Inference::Open> open;
    {
      mlir::ScopedDiagnosticHandler handler(ctx, [&](mlir::Diagnostic &d) {
        message += d.str();
        return mlir::success();
      });
      auto emitError = [&] { return mlir::emitError(at); };
      mod::Inference in(ctx, emitError);
      if (failed(infer(in, mlir::DictionaryAttr::get(ctx, attrs), types, results)))
        open.clear(), results.clear();
      else
        open = in.open;
    }
    if (results.empty()) {
      std::string operandsText;
      for (SymTensorType type : types)
        operandsText += (operandsText.empty() ? "" : ", ") + type.text();
      Diagnostic &d = report(diag::operandMismatch, range, op, message);
      if (types.size() == 2)
        labelOperands(d, range, types[0].text(), types[1].text());
      else if (!operandsText.empty())
        d.label(operandsText);
      return Poison{};
    }
    for (mlir::Type type : results) {
      auto tensor = llvm::dyn_cast<SymTensorType>(type);
      if (tensor && !checkShape(tensor.getDims(), range))
        return Poison{};
      if (tensor && tensor.getCount().isOverflow())
        return report(diag::arithmetic, range, "the tensor has more than 2^62 elements"), Poison{};
      if (tensor && tensor.getDims().size() > 8)
        return report(diag::wrongValue, range, "a tensor has at most 8 dimensions"), Poison{};
    }
    if (open.empty()) {
      mlir::OperationState state(at, name);
      state.addOperands(operands);
      state.addAttributes(attrs);
      state.addTypes(results);
      return TensorValue{t.builder.create(state)->getResult(0), weak};
    }
    // What only the run decides becomes a guard, and the operands take the size of the first.
    for (auto &[a, b, what] : open) {
      std::string why, words = (op + ": " + what + ": " + a.text() + " == " + b.text()).str();
      if (!require({true, a, b}, words, why)) {
        std::string operandsText;
        for (SymTensorType type : types)
          operandsText += (operandsText.empty() ? "" : ", ") + type.text();
        if (fixed) {
          auto [name, only] = *fixed;
          report(diag::fixedDimension, range, name, std::to_string(only))
              .label((op + ": " + operandsText).str())
              .suggest("write " + std::to_string(only) + " for " + name + " in the signature");
        } else {
          report(diag::operandMismatch, range, op, what + ": " + a.text() + " against " + b.text()).label(operandsText);
        }
        return Poison{};
      }
      DimAttr keep = b.getConstant() ? b : a, drop = b.getConstant() ? a : b;
      for (mlir::Value &v : operands) {
        auto type = llvm::dyn_cast<SymTensorType>(v.getType());
        if (!type || !llvm::is_contained(type.getDims(), drop))
          continue;
        llvm::SmallVector<DimAttr> dims(type.getDims());
        llvm::replace(dims, drop, keep);
        v = mod::AssumeOp::create(t.builder, at, type.withDims(dims), v,
                                  mlir::StringAttr::get(ctx, (op + ": " + what).str()));
      }
    }
  }
  return notCompiled(range, ("an equality of sizes that `" + op + "` needs and that is too involved").str(),
                     "give the sizes in the signature");
}

Value Elaborator::full(llvm::ArrayRef<DimAttr> shape, const Value &number, mlir::Type dtype, SourceRange range) {
  if (!dtype)
    return Poison{};
  if (number.is<DimValue>() || (number.is<TensorValue>() && tensorType(number).getDims().empty())) {
    mlir::Value scalar = materialise(number, dtype, range);
    return scalar ? expand(TensorValue{scalar}, shape, range) : Value(Poison{});
  }
  auto f = asDouble(number);
  if (!f) {
    report(diag::wrongValue, range, "a tensor is filled with a number, got " + describe(number));
    return Poison{};
  }
  mlir::Attribute value;
  if (llvm::isa<mlir::FloatType>(dtype)) {
    value = mlir::FloatAttr::get(mlir::Float64Type::get(ctx), *f);
  } else {
    if (number.is<double>() && (*f != std::floor(*f) || std::abs(*f) > 9e15)) {
      report(diag::wrongValue, range,
             "the float " + floatText(*f) + " does not become " + mod::dtypeName(dtype) + " by itself")
          .suggest("write `int(...)`, or give a float dtype");
      return Poison{};
    }
    int64_t n = number.is<int64_t>() ? number.as<int64_t>() : int64_t(*f);
    if (dtype.isInteger(1))
      n = n != 0;
    value = mlir::IntegerAttr::get(mlir::IntegerType::get(ctx, 64), n);
  }
  return emit<mod::FullOp>(
      range, {}, {attr("value", value), attr("dtype", mlir::TypeAttr::get(dtype)), attr("shape", dimArray(shape))});
}

Value Elaborator::reshape(const Value &x, llvm::ArrayRef<DimAttr> given, SourceRange range) {
  SymTensorType type = tensorType(x);
  mlir::Value v = tensorOf(x, range);
  if (!v || !type)
    return Poison{};
  llvm::SmallVector<DimAttr> shape(given);
  DimAttr count = type.getCount();
  // One -1 is what is left of the elements: exact division, or an obligation that it divides.
  int64_t open = -1;
  for (auto [i, d] : llvm::enumerate(shape)) {
    auto n = d.getConstant();
    if (n && *n == -1 && open < 0) {
      open = i;
    } else if (n && *n < 0) {
      report(diag::operandMismatch, range, "reshape",
             *n == -1 ? "only one size can be -1" : "a size of " + d.text() + " is negative");
      return Poison{};
    }
  }
  if (open >= 0) {
    DimAttr rest = DimAttr::constant(ctx, 1);
    for (auto [i, d] : llvm::enumerate(shape))
      if (int64_t(i) != open)
        rest = rest.times(d);
    if (rest.getConstant() == 0 || rest.isOverflow())
      return report(diag::operandMismatch, range, "reshape", "a size of -1 is not determined beside a size of 0"),
             Poison{};
    if (auto exact = count.divideExactly(rest)) {
      shape[open] = *exact;
    } else if (count.getConstant() && rest.getConstant()) {
      report(diag::operandMismatch, range, "reshape", count.text() + " elements are not divisible by " + rest.text())
          .label(type.text());
      return Poison{};
    } else {
      shape[open] = count.floorDiv(rest);
      Value checked = checkedDim(shape[open], range);
      if (checked.poisoned())
        return Poison{};
    }
  }
  auto result = SymTensorType::get(type.getElementType(), shape);
  if (result == type)
    return x.is<TensorValue>() ? x : Value(TensorValue{v});
  DimAttr product = DimAttr::product(ctx, shape);
  if (mod::compareDims(count, product) == mod::Truth::Open) {
    // As a row of elements whose number is assumed to be that of the new shape.
    Value row = emit<mod::ReshapeOp>(range, {v}, {attr("shape", dimArray({count}))});
    row = assume(row, type.withDims({product}), "reshape: number of elements", range);
    if (row.poisoned())
      return Poison{};
    v = tensorOf(row, range);
  }
  bool weak = x.is<TensorValue>() && x.as<TensorValue>().weak;
  return emit<mod::ReshapeOp>(range, {v}, {attr("shape", dimArray(shape))}, weak);
}

Value Elaborator::permute(const Value &x, llvm::ArrayRef<int64_t> dims, SourceRange range) {
  mlir::Value v = tensorOf(x, range);
  if (!v)
    return Poison{};
  if (llvm::equal(dims, llvm::seq<int64_t>(0, tensorType(x).getDims().size())))
    return TensorValue{v};
  return emit<mod::PermuteOp>(range, {v}, {attr("dims", mlir::DenseI64ArrayAttr::get(ctx, dims))});
}

Value Elaborator::expand(const Value &x, llvm::ArrayRef<DimAttr> given, SourceRange range) {
  mlir::Value v = tensorOf(x, range);
  if (!v)
    return Poison{};
  SymTensorType type = llvm::cast<SymTensorType>(v.getType());
  llvm::SmallVector<DimAttr> shape(given);
  // -1 keeps a size.
  for (auto [i, d] : llvm::enumerate(shape))
    if (d.getConstant() == -1) {
      int64_t at = int64_t(i) - int64_t(shape.size()) + int64_t(type.getDims().size());
      if (at < 0)
        return report(diag::operandMismatch, range, "expand", "-1 keeps a size, but here is none"), Poison{};
      d = type.getDims()[at];
    }
  if (llvm::equal(type.getDims(), shape))
    return TensorValue{v};
  return emit<mod::ExpandOp>(range, {v}, {attr("shape", dimArray(shape))});
}

Value Elaborator::narrow(const Value &x, int64_t dim, DimAttr start, DimAttr length, int64_t step, SourceRange range,
                         bool inside) {
  mlir::Value v = tensorOf(x, range);
  if (!v)
    return Poison{};
  SymTensorType type = llvm::cast<SymTensorType>(v.getType());
  if (start.getConstant() == 0 && step == 1 && length == type.getDims()[dim])
    return TensorValue{v};
  // start + (length - 1) * step < size
  DimAttr last = start.plus(length.plus(DimAttr::constant(ctx, 1), -1).times(DimAttr::constant(ctx, step)));
  if (!inside && (!last.getConstant() || !type.getDims()[dim].getConstant())) {
    std::string why, words = "slice: " + last.text() + " < " + type.getDims()[dim].text();
    DimAttr end = last.plus(DimAttr::constant(ctx, 1));
    bool empty = length.getConstant() == 0;
    if (!empty && !require({false, end, type.getDims()[dim]}, words, why)) {
      report(diag::indexError, range,
             "the slice ends at " + end.text() + ", beyond the size " + type.getDims()[dim].text());
      return Poison{};
    }
  }
  auto i64 = mlir::IntegerType::get(ctx, 64);
  llvm::SmallVector<mlir::NamedAttribute> attrs = {attr("dim", mlir::IntegerAttr::get(i64, dim)), attr("start", start),
                                                   attr("length", length)};
  if (step != 1)
    attrs.push_back(attr("step", mlir::IntegerAttr::get(i64, step)));
  return emit<mod::NarrowOp>(range, {v}, attrs);
}

mlir::Value Elaborator::drawKey(SourceRange range) {
  Trace &t = trace();
  if (!t.frameKey) {
    // At the function's start, so that every draw may use it.
    mlir::OpBuilder::InsertionGuard guard(t.builder);
    t.builder.setInsertionPointToStart(t.entry);
    t.frameKey = mod::FrameKeyOp::create(t.builder, loc(range), mod::RngType::get(ctx));
  }
  return mod::KeyOp::create(t.builder, loc(range), mod::RngType::get(ctx), t.frameKey, t.site++, iterations());
}

Value Elaborator::random(llvm::ArrayRef<DimAttr> shape, mlir::Type dtype, SourceRange range) {
  if (!llvm::isa<mlir::FloatType>(dtype))
    return report(diag::wrongValue, range, "random numbers are floats, not " + mod::dtypeName(dtype)), Poison{};
  return emit<mod::RandomOp>(range, {drawKey(range)},
                             {attr("dtype", mlir::TypeAttr::get(dtype)), attr("shape", dimArray(shape))});
}
