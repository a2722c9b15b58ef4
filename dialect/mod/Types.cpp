// Attributes and types: the generated definitions, the tensor type, dtypes' names.
#include "dialect/mod/Mod.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace modc::mod;

#define GET_ATTRDEF_CLASSES
#include "dialect/mod/ModAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/mod/ModTypes.cpp.inc"

void ModDialect::registerAttributesAndTypes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/mod/ModAttrs.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialect/mod/ModTypes.cpp.inc"
      >();
}

/// What the runtime's tensors can have (MODC_MAX_RANK).
static constexpr size_t kMaxRank = 8;

SymTensorType SymTensorType::get(Type elementType, ArrayRef<DimAttr> dims, LayoutAttr layout) {
  SmallVector<int64_t> shape;
  for (DimAttr d : dims)
    shape.push_back(d.getConstant().value_or(ShapedType::kDynamic));
  return Base::get(elementType.getContext(), elementType, dims, layout, shape);
}

LogicalResult SymTensorType::verify(function_ref<InFlightDiagnostic()> emit, Type elementType, ArrayRef<DimAttr> dims,
                                    LayoutAttr layout, ArrayRef<int64_t>) {
  if (dtypeName(elementType).empty())
    return emit() << elementType << " is no dtype";
  if (dims.size() > kMaxRank)
    return emit() << "rank " << dims.size() << " is above the limit of " << kMaxRank;
  for (DimAttr d : dims) {
    if (d.isOverflow())
      return emit() << "a size does not fit 62 bits";
    if (d.getConstant().value_or(0) < 0)
      return emit() << "negative dimension " << d.text();
  }
  if (layout) {
    SmallVector<int64_t> sorted(layout.getPerm());
    llvm::sort(sorted);
    if (!llvm::equal(sorted, llvm::seq<int64_t>(0, dims.size())))
      return emit() << "layout is not a permutation of the dimensions";
    if (layout.getPanel().size() > 1 ||
        llvm::any_of(layout.getPanel(), [&](int64_t p) { return p < 0 || p >= int64_t(dims.size()); }))
      return emit() << "layout's panel is not one dimension";
  }
  return success();
}

LogicalResult DimFnAttr::verify(function_ref<InFlightDiagnostic()> emit, StringRef fn, DimAttr, DimAttr b) {
  if (fn != "floordiv" && fn != "min" && fn != "max")
    return emit() << "a size has no function `" << fn << "`";
  return fn != "floordiv" || b.getConstant() != 0 ? success() : emit() << "division by zero";
}
LogicalResult GuardAttr::verify(function_ref<InFlightDiagnostic()> emit, StringRef rel, DimAttr, DimAttr, StringRef) {
  return rel == "eq" || rel == "le" ? success() : emit() << "a guard's relation is eq or le, not `" << rel << "`";
}
LogicalResult RangeAttr::verify(function_ref<InFlightDiagnostic()> emit, StringRef name, int64_t min, int64_t max) {
  return 0 <= min && min <= max ? success() : emit() << "range of `" << name << "` is empty or below 0";
}
LogicalResult PlaceAttr::verify(function_ref<InFlightDiagnostic()> emit, StringRef kind, int64_t index) {
  return (kind == "arena" || kind == "out") && index >= 0 ? success() : emit() << "a place is `arena N` or `out N`";
}

bool SymTensorType::hasRank() const { return true; }

ShapedType SymTensorType::cloneWith(std::optional<ArrayRef<int64_t>> shape, Type elementType) const {
  // Upstream may change the element, or make a static shape; it can't invent a name for a dynamic size.
  if (!shape)
    return get(elementType, getDims(), getLayout());
  SmallVector<DimAttr> dims;
  for (int64_t s : *shape) {
    assert(!ShapedType::isDynamic(s) && "unnamed dynamic size");
    dims.push_back(DimAttr::constant(getContext(), s));
  }
  return get(elementType, dims, getLayout());
}

DimAttr SymTensorType::getCount() const { return DimAttr::product(getContext(), getDims()); }

std::string SymTensorType::text() const {
  std::string out = dtypeName(getElementType()) + "[";
  llvm::raw_string_ostream os(out);
  llvm::interleaveComma(getDims(), os, [&](DimAttr d) { os << d.text(); });
  return out + "]";
}

Type SymTensorType::parse(AsmParser &p) {
  Type elementType;
  SmallVector<DimAttr> dims;
  LayoutAttr layout;
  SMLoc at = p.getCurrentLocation();
  if (p.parseLess() || p.parseType(elementType) || p.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
        auto d = DimAttr::parseExpr(p);
        if (succeeded(d))
          dims.push_back(*d);
        return ParseResult(LogicalResult(d));
      }))
    return {};
  if (succeeded(p.parseOptionalComma()) && p.parseCustomAttributeWithFallback(layout))
    return {};
  if (p.parseGreater())
    return {};
  auto emit = [&] { return p.emitError(at); };
  if (failed(verify(emit, elementType, dims, layout, {})))
    return {};
  return get(elementType, dims, layout);
}

void SymTensorType::print(AsmPrinter &p) const {
  p << "<" << getElementType() << "[";
  llvm::interleaveComma(getDims(), p, [&](DimAttr d) { d.print(p.getStream()); });
  p << "]";
  if (getLayout()) {
    p << ", ";
    p.printStrippedAttrOrType(getLayout());
  }
  p << ">";
}

static FloatAttr f64(MLIRContext *ctx, double x) { return FloatAttr::get(Float64Type::get(ctx), x); }

InitAttr InitAttr::fill(MLIRContext *ctx, double value) { return get(ctx, "fill", f64(ctx, value), {}, {}); }
InitAttr InitAttr::uniform(MLIRContext *ctx, double a, double b) {
  return get(ctx, "uniform", f64(ctx, a), f64(ctx, b), {});
}
InitAttr InitAttr::normal(MLIRContext *ctx, double m, double d) {
  return get(ctx, "normal", f64(ctx, m), f64(ctx, d), {});
}
InitAttr InitAttr::function(MLIRContext *ctx, StringRef name) {
  return get(ctx, "fn", {}, {}, FlatSymbolRefAttr::get(ctx, name));
}

Attribute InitAttr::parse(AsmParser &p, Type) {
  StringRef kind;
  FloatAttr a, b;
  FlatSymbolRefAttr fn;
  Type type = Float64Type::get(p.getContext());
  SMLoc at = p.getCurrentLocation();
  if (p.parseLess() || p.parseKeyword(&kind))
    return {};
  if (kind == "fn") {
    if (p.parseAttribute(fn))
      return {};
  } else if (kind == "fill") {
    if (p.parseAttribute(a, type))
      return {};
  } else if (kind == "uniform" || kind == "normal") {
    if (p.parseAttribute(a, type) || p.parseComma() || p.parseAttribute(b, type))
      return {};
  } else {
    p.emitError(at, "expected fill, uniform, normal or fn");
    return {};
  }
  if (p.parseGreater())
    return {};
  return get(p.getContext(), kind, a, b, fn);
}

void InitAttr::print(AsmPrinter &p) const {
  p << "<" << getKind() << " ";
  if (getFn())
    p << getFn();
  if (getA())
    p.printAttributeWithoutType(getA());
  if (getB()) {
    p << ", ";
    p.printAttributeWithoutType(getB());
  }
  p << ">";
}

static constexpr std::pair<StringLiteral, StringLiteral> kNames[] = {{"f64", "f64"}, {"f32", "f32"}, {"bf16", "bf16"},
                                                                     {"f16", "f16"}, {"i64", "i64"}, {"i32", "i32"},
                                                                     {"i8", "i8"},   {"ui8", "u8"},  {"i1", "bool"}};

std::string modc::mod::dtypeName(Type element) {
  std::string text;
  llvm::raw_string_ostream(text) << element;
  for (auto [ir, language] : kNames)
    if (ir == text)
      return language.str();
  return "";
}

Type modc::mod::dtypeFromName(MLIRContext *ctx, StringRef name) {
  return llvm::StringSwitch<Type>(name)
      .Case("f64", Float64Type::get(ctx))
      .Case("f32", Float32Type::get(ctx))
      .Case("bf16", BFloat16Type::get(ctx))
      .Case("f16", Float16Type::get(ctx))
      .Case("i64", IntegerType::get(ctx, 64))
      .Case("i32", IntegerType::get(ctx, 32))
      .Case("i8", IntegerType::get(ctx, 8))
      .Case("u8", IntegerType::get(ctx, 8, IntegerType::Unsigned))
      .Case("bool", IntegerType::get(ctx, 1))
      .Default(Type());
}

StringRef modc::mod::stringify(FusionClass c) {
  switch (c) {
  case FusionClass::Elementwise:
    return "elementwise";
  case FusionClass::View:
    return "view";
  case FusionClass::Reduction:
    return "reduction";
  case FusionClass::Scan:
    return "scan";
  case FusionClass::Gather:
    return "gather";
  case FusionClass::Matmul:
    return "matmul";
  case FusionClass::Conv:
    return "conv";
  case FusionClass::Window:
    return "window";
  case FusionClass::Attention:
    return "attention";
  case FusionClass::Opaque:
    return "opaque";
  }
  llvm_unreachable("all classes are listed");
}
