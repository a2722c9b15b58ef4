// Text, builders and verifiers of the `kern` operations.
#include "dialect/kern/Regions.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace modc;
using namespace modc::kern;

//===----------------------------------------------------------------------===//
// Text of regions: `(%acc: f32, %i: index) { ... }`, the terminator left out where it yields nothing
//===----------------------------------------------------------------------===//

// A region without a terminator in its text gets an empty `kern.yield`.
static void ensureYield(Region &region, OpAsmParser &parser, Location loc) {
  if (region.empty())
    region.emplaceBlock();
  Block &block = region.front();
  if (block.empty() || !block.back().hasTrait<OpTrait::IsTerminator>()) {
    OpBuilder builder(parser.getContext());
    builder.setInsertionPointToEnd(&block);
    YieldOp::create(builder, loc);
  }
}

static void printBody(OpAsmPrinter &printer, Region &region) {
  bool yields = !region.empty() && !region.front().empty() && region.front().back().getNumOperands() > 0;
  printer.printRegion(region, /*printEntryBlockArgs=*/false, /*printBlockTerminators=*/yields);
}

static ParseResult parseScalarRegion(OpAsmParser &parser, Region &region) {
  SmallVector<OpAsmParser::Argument> args;
  if (parser.parseArgumentList(args, OpAsmParser::Delimiter::Paren, /*allowType=*/true))
    return failure();
  Location loc = parser.getEncodedSourceLoc(parser.getCurrentLocation());
  if (parser.parseRegion(region, args))
    return failure();
  ensureYield(region, parser, loc);
  return success();
}

static void printScalarRegion(OpAsmPrinter &printer, Operation *, Region &region) {
  printer << '(';
  llvm::interleaveComma(region.getArguments(), printer, [&](BlockArgument arg) { printer.printRegionArgument(arg); });
  printer << ") ";
  printBody(printer, region);
}

// `(%i, %j) to (%m, %n)`: indices into `args`, sizes into the operands.
static ParseResult parseSpace(OpAsmParser &parser, OperationState &result,
                              SmallVectorImpl<OpAsmParser::Argument> &args) {
  SmallVector<OpAsmParser::UnresolvedOperand> sizes;
  Type index = parser.getBuilder().getIndexType();
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseArgumentList(args, OpAsmParser::Delimiter::Paren) || parser.parseKeyword("to") ||
      parser.parseOperandList(sizes, OpAsmParser::Delimiter::Paren))
    return failure();
  if (args.size() != sizes.size())
    return parser.emitError(loc, "expected as many sizes as indices: ") << args.size() << " and " << sizes.size();
  for (OpAsmParser::Argument &arg : args)
    arg.type = index;
  return parser.resolveOperands(sizes, index, result.operands);
}

static void printSpace(OpAsmPrinter &printer, Block::BlockArgListType indices, ValueRange sizes) {
  printer << " (";
  printer.printOperands(indices.begin(), indices.end());
  printer << ") to (";
  printer.printOperands(sizes);
  printer << ')';
}

static ParseResult parseSpaceBody(OpAsmParser &parser, OperationState &result, ArrayRef<OpAsmParser::Argument> args) {
  Region *body = result.addRegion();
  if (parser.parseOptionalAttrDictWithKeyword(result.attributes) || parser.parseRegion(*body, args))
    return failure();
  ensureYield(*body, parser, result.location);
  return success();
}

static ParseResult parseSpaceOp(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::Argument> args;
  return failure(parseSpace(parser, result, args) || parseSpaceBody(parser, result, args));
}

template <class Op> static void printSpaceOp(Op op, OpAsmPrinter &printer) {
  printSpace(printer, op.getIndices(), op.getSizes());
  printer.printOptionalAttrDictWithKeyword(op->getAttrs());
  printer << ' ';
  printBody(printer, op.getBody());
}

void kern::buildRegion(OpBuilder &builder, OperationState &state, ArrayRef<Type> argTypes,
                       function_ref<SmallVector<Value>(Block &)> fill) {
  Region *region = state.addRegion();
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Location> locs(argTypes.size(), state.location);
  Block *block = builder.createBlock(region, {}, argTypes, locs);
  SmallVector<Value> yielded = fill(*block);
  builder.setInsertionPointToEnd(block);
  YieldOp::create(builder, state.location, yielded);
}

SmallVector<Type> kern::indexTypes(OpBuilder &builder, size_t count, ArrayRef<Type> first) {
  SmallVector<Type> types(first);
  types.append(count, builder.getIndexType());
  return types;
}

static LogicalResult verifySpace(Operation *op, Region &body, size_t sizes) {
  if (body.getNumArguments() != sizes)
    return op->emitOpError() << "has " << body.getNumArguments() << " indices for " << sizes << " sizes";
  for (BlockArgument arg : body.getArguments())
    if (!arg.getType().isIndex())
      return op->emitOpError() << "index " << arg.getArgNumber() << " is of type " << arg.getType();
  return success();
}

LogicalResult kern::verifyYields(Operation *op, Block &block, TypeRange expected) {
  if (block.empty() || !isa<YieldOp>(block.back()))
    return op->emitOpError("region must end in kern.yield");
  if (block.back().getOperandTypes() != expected) {
    InFlightDiagnostic diag = op->emitOpError("region must yield ");
    if (expected.empty())
      return diag << "nothing";
    return diag << "one value of type " << expected.front();
  }
  return success();
}

#define MODC_SPACE_OP(Op)                                                                                              \
  ParseResult Op::parse(OpAsmParser &parser, OperationState &result) { return parseSpaceOp(parser, result); }          \
  void Op::print(OpAsmPrinter &printer) { printSpaceOp(*this, printer); }                                              \
  LogicalResult Op::verify() {                                                                                         \
    if (failed(verifySpace(*this, getBody(), getSizes().size())))                                                      \
      return failure();                                                                                                \
    return verifyYields(*this, getBody().front(), {});                                                                 \
  }                                                                                                                    \
  void Op::build(OpBuilder &builder, OperationState &state, ValueRange sizes,                                          \
                 function_ref<void(OpBuilder &, Location, ValueRange)> body) {                                         \
    state.addOperands(sizes);                                                                                          \
    buildRegion(builder, state, indexTypes(builder, sizes.size()), [&](Block &block) -> SmallVector<Value> {           \
      body(builder, state.location, block.getArguments());                                                             \
      return {};                                                                                                       \
    });                                                                                                                \
  }
MODC_SPACE_OP(MapOp)
MODC_SPACE_OP(RowsOp)
MODC_SPACE_OP(EachOp)
#undef MODC_SPACE_OP

//===----------------------------------------------------------------------===//
// kern.func
//===----------------------------------------------------------------------===//

void FuncOp::build(OpBuilder &builder, OperationState &state, StringRef name, TypeRange operandTypes,
                   ArrayRef<Location> locations) {
  state.addAttribute(getSymNameAttrName(state.name), builder.getStringAttr(name));
  state.addAttribute(getFunctionTypeAttrName(state.name), TypeAttr::get(builder.getFunctionType(operandTypes, {})));
  SmallVector<Location> locs(locations);
  locs.resize(operandTypes.size(), state.location);
  OpBuilder::InsertionGuard guard(builder);
  builder.createBlock(state.addRegion(), {}, operandTypes, locs);
  YieldOp::create(builder, state.location);
}

ParseResult FuncOp::parse(OpAsmParser &parser, OperationState &result) {
  StringAttr name;
  SmallVector<OpAsmParser::Argument> args;
  bool isVariadic = false;
  SmallVector<Type> resultTypes;
  SmallVector<DictionaryAttr> resultAttrs;
  if (parser.parseSymbolName(name, getSymNameAttrName(result.name), result.attributes) ||
      function_interface_impl::parseFunctionSignatureWithArguments(parser, /*allowVariadic=*/false, args, isVariadic,
                                                                   resultTypes, resultAttrs) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes))
    return failure();
  if (!resultTypes.empty())
    return parser.emitError(parser.getNameLoc(), "a kernel has no results; it stores into its operands");
  SmallVector<Type> types;
  for (OpAsmParser::Argument &arg : args)
    types.push_back(arg.type);
  result.addAttribute(getFunctionTypeAttrName(result.name),
                      TypeAttr::get(parser.getBuilder().getFunctionType(types, {})));
  call_interface_impl::addArgAndResultAttrs(parser.getBuilder(), result, args, resultAttrs,
                                            getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
  Region *body = result.addRegion();
  if (parser.parseRegion(*body, args))
    return failure();
  ensureYield(*body, parser, result.location);
  return success();
}

void FuncOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printer.printSymbolName(getSymName());
  printer << '(';
  ArrayAttr attrs = getArgAttrsAttr();
  llvm::interleaveComma(getBody().getArguments(), printer, [&](BlockArgument arg) {
    printer.printRegionArgument(arg, attrs ? cast<DictionaryAttr>(attrs[arg.getArgNumber()]).getValue()
                                           : ArrayRef<NamedAttribute>());
  });
  printer << ')';
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {getSymNameAttrName(), getFunctionTypeAttrName(),
                                                                 getArgAttrsAttrName(), getResAttrsAttrName()});
  printer << ' ';
  printBody(printer, getBody());
}

// What `kern.sizes` must list for a memref: sizes that are not its outermost, and strides.
static LogicalResult verifyMemRefArgument(FuncOp func, unsigned number, MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t offset = 0;
  if (failed(type.getStridesAndOffset(strides, offset)) || offset != 0)
    return func.emitOpError() << "argument " << number << " must be a strided memref of offset 0, got " << type;
  bool strided = !type.getLayout().isIdentity();
  size_t unknown = llvm::count_if(type.getShape(), ShapedType::isDynamic);
  if (strided)
    unknown += llvm::count_if(strides, ShapedType::isDynamic);
  auto sizes = func.getArgAttrOfType<DenseI64ArrayAttr>(number, sizesAttrName);
  if (!sizes) {
    bool onlyOutermost = unknown == 0 || (unknown == 1 && type.isDynamicDim(0));
    if (!onlyOutermost)
      return func.emitOpError() << "argument " << number << " of type " << type << " needs `" << sizesAttrName
                                << "`: the positions of the index arguments that hold its `?`";
    return success();
  }
  if (static_cast<size_t>(sizes.size()) != unknown)
    return func.emitOpError() << "argument " << number << " of type " << type << " has " << unknown
                              << " unknown sizes and strides, `" << sizesAttrName << "` lists " << sizes.size();
  for (int64_t position : sizes.asArrayRef())
    if (position < 0 || position >= func.getNumArguments() || !func.getArgument(position).getType().isIndex())
      return func.emitOpError() << "argument " << number << ": `" << sizesAttrName << "` names argument " << position
                                << ", which is no index";
  return success();
}

LogicalResult FuncOp::verify() {
  if (getBody().front().getArgumentTypes() != getFunctionType().getInputs())
    return emitOpError("arguments of the body differ from the signature");
  if (!getFunctionType().getResults().empty())
    return emitOpError("has results; a kernel stores into its operands");
  for (BlockArgument arg : getBody().getArguments()) {
    Type type = arg.getType();
    if (auto memref = dyn_cast<MemRefType>(type)) {
      if (memref.getElementType().isInteger(1))
        return emitOpError() << "argument " << arg.getArgNumber() << ": booleans in memory are i8, got " << memref;
      if (failed(verifyMemRefArgument(*this, arg.getArgNumber(), memref)))
        return failure();
    } else if (!type.isIndex() && !isa<PanelsType, FloatType>(type) && !type.isInteger()) {
      return emitOpError() << "argument " << arg.getArgNumber()
                           << " must be a memref, panels, an index, or a scalar, got " << type;
    }
  }
  return verifyYields(*this, getBody().front(), {});
}

//===----------------------------------------------------------------------===//
// kern.gemm
//===----------------------------------------------------------------------===//

Type GemmOp::accumulatorType(Type element) {
  return element.isF16() || element.isBF16() ? Float32Type::get(element.getContext()) : element;
}

Type kern::elementOf(Value operand) {
  if (auto panels = dyn_cast<PanelsType>(operand.getType()))
    return panels.getElementType();
  return cast<MemRefType>(operand.getType()).getElementType();
}

void GemmOp::build(OpBuilder &builder, OperationState &state, Value lhs, Value rhs, Value rows, Value cols, Value inner,
                   ValueRange batch, bool transA, bool transB,
                   function_ref<void(OpBuilder &, Location, Value, ValueRange)> epilogue) {
  state.addOperands({lhs, rhs, rows, cols, inner});
  state.addOperands(batch);
  auto &properties = state.getOrAddProperties<Properties>();
  if (transA)
    properties.trans_a = builder.getUnitAttr();
  if (transB)
    properties.trans_b = builder.getUnitAttr();
  buildRegion(builder, state, indexTypes(builder, batch.size() + 2, {accumulatorType(elementOf(lhs))}),
              [&](Block &block) -> SmallVector<Value> {
                epilogue(builder, state.location, block.getArgument(0), block.getArguments().drop_front(1));
                return {};
              });
}

bool kern::contradicts(Value size, int64_t dim) {
  IntegerAttr constant;
  return !ShapedType::isDynamic(dim) && matchPattern(size, m_Constant(&constant)) && constant.getInt() != dim;
}

static LogicalResult verifyMatrix(GemmOp op, StringRef name, MemRefType type, Value outer, Value inner) {
  int64_t rank = type.getRank(), batch = op.getBatch().size();
  if (rank != 2 && rank != batch + 2)
    return op.emitOpError() << name << " must have rank 2 or " << batch + 2 << " (batch, then the matrix), got "
                            << type;
  if (contradicts(outer, type.getDimSize(rank - 2)) || contradicts(inner, type.getDimSize(rank - 1)))
    return op.emitOpError() << name << " of type " << type << " contradicts the sizes of the product";
  return success();
}

LogicalResult GemmOp::verify() {
  auto lhs = cast<MemRefType>(getLhs().getType());
  Type element = lhs.getElementType();
  if (elementOf(getRhs()) != element)
    return emitOpError() << "multiplies " << element << " by " << elementOf(getRhs());
  Value m = getRows(), n = getCols(), k = getInner();
  if (failed(verifyMatrix(*this, "left operand", lhs, getTransA() ? k : m, getTransA() ? m : k)))
    return failure();
  if (auto panels = dyn_cast<PanelsType>(getRhs().getType())) {
    if (getTransB())
      return emitOpError("trans_b has no meaning for panels");
    if (contradicts(n, panels.getCols()) || contradicts(k, panels.getInner()))
      return emitOpError() << "right operand of type " << panels << " contradicts the sizes of the product";
  } else if (failed(verifyMatrix(*this, "right operand", cast<MemRefType>(getRhs().getType()), getTransB() ? n : k,
                                 getTransB() ? k : n))) {
    return failure();
  }
  Block &block = getEpilogue().front();
  Type acc = accumulatorType(element);
  if (block.getNumArguments() != getBatch().size() + 3 || block.getArgument(0).getType() != acc ||
      !llvm::all_of(block.getArguments().drop_front(1), [](BlockArgument arg) { return arg.getType().isIndex(); }))
    return emitOpError() << "epilogue must take the accumulator of type " << acc << ", " << getBatch().size()
                         << " batch indices, a row and a column";
  return verifyYields(*this, block, {});
}

//===----------------------------------------------------------------------===//
// kern.attention, kern.pack
//===----------------------------------------------------------------------===//

void AttentionOp::build(OpBuilder &builder, OperationState &state, Value query, Value key, Value value, Value out,
                        ValueRange batch, Value queries, Value keys, Value scale, bool causal,
                        function_ref<Value(OpBuilder &, Location, Value, ValueRange)> score) {
  state.addOperands({query, key, value, out});
  state.addOperands(batch);
  state.addOperands({queries, keys, scale});
  auto &properties = state.getOrAddProperties<Properties>();
  if (causal)
    properties.causal = builder.getUnitAttr();
  buildRegion(builder, state, indexTypes(builder, batch.size() + 2, {GemmOp::accumulatorType(elementOf(query))}),
              [&](Block &block) -> SmallVector<Value> {
                Value x = block.getArgument(0);
                return {score ? score(builder, state.location, x, block.getArguments().drop_front(1)) : x};
              });
}

bool AttentionOp::isPlain() { return getBodyBlock()->getTerminator()->getOperand(0) == getBodyBlock()->getArgument(0); }

LogicalResult AttentionOp::verify() {
  int64_t rank = getBatch().size() + 2;
  auto q = cast<MemRefType>(getQuery().getType()), k = cast<MemRefType>(getKey().getType());
  auto v = cast<MemRefType>(getValue().getType()), out = cast<MemRefType>(getOut().getType());
  for (MemRefType type : {q, k, v, out}) {
    SmallVector<int64_t> strides;
    int64_t offset;
    if (type.getRank() != rank)
      return emitOpError() << "operands must have rank " << rank << " (batch, rows, features), got " << type;
    if (type.getElementType() != q.getElementType())
      return emitOpError() << "operands must have one element type, got " << q << " and " << type;
    if (type.isDynamicDim(rank - 1))
      return emitOpError() << "the feature size must be static, got " << type;
    if (failed(type.getStridesAndOffset(strides, offset)) || strides.back() != 1)
      return emitOpError() << "the innermost stride must be 1, got " << type;
  }
  if (q.getDimSize(rank - 1) != k.getDimSize(rank - 1))
    return emitOpError() << "queries and keys differ in features: " << q << " and " << k;
  if (v.getDimSize(rank - 1) != out.getDimSize(rank - 1))
    return emitOpError() << "values and output differ in features: " << v << " and " << out;
  if (contradicts(getQueries(), q.getDimSize(rank - 2)) || contradicts(getQueries(), out.getDimSize(rank - 2)) ||
      contradicts(getKeys(), k.getDimSize(rank - 2)) || contradicts(getKeys(), v.getDimSize(rank - 2)))
    return emitOpError("operands contradict the numbers of queries and keys");
  Type acc = GemmOp::accumulatorType(q.getElementType());
  if (getScale().getType() != acc)
    return emitOpError() << "scale must be of the accumulator's type " << acc;
  Block &block = getScore().front();
  if (block.getNumArguments() != getBatch().size() + 3 || block.getArgument(0).getType() != acc ||
      !llvm::all_of(block.getArguments().drop_front(1), [](BlockArgument arg) { return arg.getType().isIndex(); }))
    return emitOpError() << "score must take a score of type " << acc << ", " << getBatch().size()
                         << " batch indices, a query and a key";
  return verifyYields(*this, block, {acc});
}

void PackOp::build(OpBuilder &builder, OperationState &state, Value panels, Value cols, Value inner,
                   function_ref<Value(OpBuilder &, Location, Value, Value)> element) {
  state.addOperands({panels, cols, inner});
  buildRegion(builder, state, indexTypes(builder, 2), [&](Block &block) -> SmallVector<Value> {
    return {element(builder, state.location, block.getArgument(0), block.getArgument(1))};
  });
}

LogicalResult PackOp::verify() {
  auto panels = getPanels().getType();
  if (contradicts(getCols(), panels.getCols()) || contradicts(getInner(), panels.getInner()))
    return emitOpError() << panels << " contradicts the sizes given";
  if (failed(verifySpace(*this, getElement(), 2)))
    return failure();
  return verifyYields(*this, getElement().front(), {panels.getElementType()});
}

//===----------------------------------------------------------------------===//
// kern.reduce and what stands in regions
//===----------------------------------------------------------------------===//

void ReduceOp::build(OpBuilder &builder, OperationState &state, Reduction kind, Type type, ValueRange sizes,
                     function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  state.addOperands(sizes);
  state.getOrAddProperties<Properties>().kind = ReductionAttr::get(builder.getContext(), kind);
  state.addTypes(type);
  buildRegion(builder, state, indexTypes(builder, sizes.size()), [&](Block &block) -> SmallVector<Value> {
    return {body(builder, state.location, block.getArguments())};
  });
}

ParseResult ReduceOp::parse(OpAsmParser &parser, OperationState &result) {
  StringRef word;
  SMLoc loc = parser.getCurrentLocation();
  SmallVector<OpAsmParser::Argument> args;
  Type type;
  if (parser.parseKeyword(&word))
    return failure();
  std::optional<Reduction> kind = symbolizeReduction(word);
  if (!kind)
    return parser.emitError(loc, "expected add, mul, max, min, argmax or argmin, got ") << word;
  result.getOrAddProperties<Properties>().kind = ReductionAttr::get(parser.getContext(), *kind);
  if (parseSpace(parser, result, args) || parser.parseColonType(type))
    return failure();
  result.addTypes(type);
  return parseSpaceBody(parser, result, args);
}

void ReduceOp::print(OpAsmPrinter &printer) {
  printer << ' ' << stringifyReduction(getKind());
  printSpace(printer, getIndices(), getSizes());
  printer << " : " << getType();
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {getKindAttrName()});
  printer << ' ';
  printBody(printer, getBody());
}

LogicalResult ReduceOp::verify() {
  if (failed(verifySpace(*this, getBody(), getSizes().size())))
    return failure();
  Block &block = getBody().front();
  bool position = getKind() == Reduction::argmax || getKind() == Reduction::argmin;
  if (!position)
    return verifyYields(*this, block, {getType()});
  if (!getType().isInteger(64))
    return emitOpError() << stringifyReduction(getKind()) << " gives a position of type i64, got " << getType();
  if (!isa<YieldOp>(block.back()) || block.back().getNumOperands() != 1)
    return emitOpError("region must yield one value");
  return success();
}

LogicalResult TempOp::verify() {
  MemRefType type = getType();
  int64_t bytes = type.hasStaticShape() ? type.getNumElements() * type.getElementTypeBitWidth() / 8 : -1;
  if (bytes < 0 || bytes > 64 * 1024 || !type.getLayout().isIdentity())
    return emitOpError() << "must be contiguous, of static shape and at most 64 KiB, got " << type;
  return success();
}

static LogicalResult verifyAccess(Operation *op, MemRefType type, size_t indices) {
  if (static_cast<size_t>(type.getRank()) != indices)
    return op->emitOpError() << "has " << indices << " indices for " << type;
  return success();
}

LogicalResult LoadOp::verify() { return verifyAccess(*this, getMemRefType(), getIndices().size()); }
LogicalResult StoreOp::verify() { return verifyAccess(*this, getMemRefType(), getIndices().size()); }

#define GET_OP_CLASSES
#include "dialect/kern/KernOps.cpp.inc"
