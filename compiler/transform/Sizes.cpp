// Binding names of sizes to what a call gives them, replacing them everywhere, inferring result types anew.
#include "compiler/transform/Sizes.h"
#include "mlir/IR/AttrTypeSubElements.h"

using namespace mlir;
using namespace modc;
using namespace modc::mod;

void modc::bindSizes(TypeRange formal, TypeRange actual, SizeMap &bound) {
  SmallVector<std::pair<DimAttr, DimAttr>> pairs;
  for (auto [f, a] : llvm::zip(formal, actual)) {
    auto ft = dyn_cast<SymTensorType>(f), at = dyn_cast<SymTensorType>(a);
    if (ft && at && ft.getDims().size() == at.getDims().size())
      for (auto [fd, ad] : llvm::zip(ft.getDims(), at.getDims()))
        pairs.push_back({fd, ad});
  }
  for (auto [f, a] : pairs)
    if (StringAttr name = f.getSymbol())
      bound.try_emplace(name, a);
  // What is left is linear in one unbound name: `16*h`, `2*W + 1`.
  for (auto [f, a] : pairs) {
    SizeNames open;
    f.walkSymbols([&](StringAttr s) {
      if (!bound.contains(s))
        open.insert(s);
    });
    if (open.size() != 1)
      continue;
    StringAttr name = open[0];
    auto at = [&](int64_t value) {
      return replaceSizes(f, bound).substitute(
          [&](StringAttr s) { return s == name ? DimAttr::constant(f.getContext(), value) : DimAttr(); });
    };
    DimAttr rest = at(0), slope = at(1).plus(rest, -1);
    if (at(2).plus(rest, -1) != slope.plus(slope))
      continue;
    if (auto value = a.plus(rest, -1).divideExactly(slope))
      bound.try_emplace(name, *value);
  }
}

DimAttr modc::sizeOf(Value v) {
  if (auto size = v.getDefiningOp<SizeOp>())
    return size.getSize();
  if (auto full = v.getDefiningOp<FullOp>())
    if (auto n = dyn_cast<IntegerAttr>(full.getValue()))
      return DimAttr::constant(v.getContext(), n.getInt());
  if (auto arg = dyn_cast<BlockArgument>(v))
    if (StringAttr name = scalarSize(arg))
      return DimAttr::symbol(v.getContext(), name.getValue());
  return {};
}

StringAttr modc::scalarSize(BlockArgument arg) {
  auto all = arg.getOwner()->getParentOp()->getAttrOfType<ArrayAttr>("arg_attrs");
  if (!all || arg.getArgNumber() >= all.size())
    return {};
  return cast<DictionaryAttr>(all[arg.getArgNumber()]).getAs<StringAttr>("mod.scalar");
}

void modc::bindScalars(Block &formal, ValueRange actual, SizeMap &bound) {
  for (auto [arg, value] : llvm::zip(formal.getArguments(), actual))
    if (StringAttr name = scalarSize(arg))
      if (DimAttr size = sizeOf(value))
        bound.try_emplace(name, size);
}

DimAttr modc::replaceSizes(DimAttr d, const SizeMap &bound) {
  return d.substitute([&](StringAttr s) { return bound.lookup(s); });
}

static AttrTypeReplacer replacerOf(const SizeMap &bound) {
  AttrTypeReplacer replacer;
  replacer.addReplacement(
      [&bound](DimAttr d) { return std::make_pair(Attribute(replaceSizes(d, bound)), WalkResult::skip()); });
  replacer.addReplacement([&bound](SymTensorType t) {
    SmallVector<DimAttr> dims;
    for (DimAttr d : t.getDims())
      dims.push_back(replaceSizes(d, bound));
    return std::make_pair(Type(t.withDims(dims)), WalkResult::skip());
  });
  return replacer;
}

Type modc::replaceSizes(Type t, const SizeMap &bound) { return replacerOf(bound).replace(t); }
Attribute modc::replaceSizes(Attribute a, const SizeMap &bound) { return replacerOf(bound).replace(a); }
void modc::replaceSizes(Operation *op, const SizeMap &bound) {
  AttrTypeReplacer replacer = replacerOf(bound);
  replacer.recursivelyReplaceElementsIn(op, /*replaceAttrs=*/true, /*replaceLocs=*/false, /*replaceTypes=*/true);
}

void modc::collectSizes(Type t, SizeNames &names) {
  if (auto tensor = dyn_cast<SymTensorType>(t))
    for (DimAttr d : tensor.getDims())
      d.walkSymbols([&](StringAttr s) { names.insert(s); });
}

void modc::collectSizes(Operation *op, SizeNames &names) {
  AttrTypeWalker walker;
  walker.addWalk([&](DimAttr d) {
    d.walkSymbols([&](StringAttr s) { names.insert(s); });
    return WalkResult::skip();
  });
  op->walk<WalkOrder::PreOrder>([&](Operation *inner) {
    walker.walk(inner->getAttrDictionary());
    for (Type t : inner->getResultTypes())
      collectSizes(t, names);
    for (Region &r : inner->getRegions())
      for (Block &b : r)
        for (Type t : b.getArgumentTypes())
          collectSizes(t, names);
  });
}

LogicalResult modc::inferAgain(Operation *op, SmallVectorImpl<Type> &results, std::string *open) {
  SmallVector<SymTensorType> operands;
  for (Type t : op->getOperandTypes())
    if (auto tensor = dyn_cast<SymTensorType>(t))
      operands.push_back(tensor);
  ScopedDiagnosticHandler silent(op->getContext(), [](Diagnostic &) { return success(); });
  auto report = [&] { return mlir::emitError(op->getLoc()); }; // outlives `in`, which keeps a reference
  Inference in(op->getContext(), report);
  auto *iface = op->getName().getRegisteredInfo()->getInterface<InferOpInterface>();
  if (failed(iface->infer(in, op->getAttrDictionary(), operands, results)))
    return failure();
  if (!in.open.empty()) {
    if (open)
      *open = in.open[0].what;
    return failure();
  }
  return success();
}

void modc::addGuards(FuncOp f, ArrayRef<GuardAttr> guards) {
  llvm::SetVector<Attribute> all;
  if (auto have = f.getGuards())
    all.insert(have->begin(), have->end());
  for (GuardAttr g : guards) {
    auto difference = g.getB().plus(g.getA(), -1).getConstant();
    if (difference && (*difference == 0 || (g.getRel() == "le" && *difference > 0)))
      continue;
    all.insert(g);
  }
  if (!all.empty())
    f.setGuardsAttr(ArrayAttr::get(f.getContext(), all.getArrayRef()));
}

void modc::guardAssumption(FuncOp f, AssumeOp assume) {
  SmallVector<GuardAttr> guards;
  for (auto [a, b] : llvm::zip(cast<SymTensorType>(assume.getX().getType()).getDims(),
                               cast<SymTensorType>(assume.getY().getType()).getDims()))
    guards.push_back(GuardAttr::get(f.getContext(), "eq", a, b, assume.getWhat()));
  addGuards(f, guards);
}

void modc::addRange(FuncOp f, RangeAttr range) {
  SmallVector<Attribute> all;
  bool merged = false;
  if (auto have = f.getRanges())
    for (auto r : have->getAsRange<RangeAttr>()) {
      if (r.getName() == range.getName()) {
        r = RangeAttr::get(f.getContext(), r.getName(), std::max(r.getMin(), range.getMin()),
                           std::min(r.getMax(), range.getMax()));
        merged = true;
      }
      all.push_back(r);
    }
  if (!merged)
    all.push_back(range);
  f.setRangesAttr(ArrayAttr::get(f.getContext(), all));
}
