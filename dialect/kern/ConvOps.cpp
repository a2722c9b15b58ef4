// Builders and verifiers of the convolutions.
#include "dialect/kern/Regions.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace modc::kern;

// Keeps every product of a position with a stride or a dilation far from overflow.
static constexpr int64_t largestStep = int64_t(1) << 24;

template <class Op>
static void buildConv(OpBuilder &builder, OperationState &state, ValueRange operands, ArrayRef<int64_t> kernel,
                      ArrayRef<int64_t> stride, ArrayRef<int64_t> pad, ArrayRef<int64_t> dilation,
                      function_ref<void(OpBuilder &, Location, Value, ValueRange)> epilogue) {
  state.addOperands(operands);
  auto &properties = state.getOrAddProperties<typename Op::Properties>();
  properties.kernel = builder.getDenseI64ArrayAttr(kernel);
  properties.stride = builder.getDenseI64ArrayAttr(stride);
  properties.pad = builder.getDenseI64ArrayAttr(pad);
  properties.dilation = builder.getDenseI64ArrayAttr(dilation);
  Type acc = GemmOp::accumulatorType(elementOf(operands.front()));
  buildRegion(builder, state, indexTypes(builder, kernel.size() + 2, {acc}), [&](Block &block) -> SmallVector<Value> {
    epilogue(builder, state.location, block.getArgument(0), block.getArguments().drop_front(1));
    return {};
  });
}

static SmallVector<Value> operandList(Value x, Value w, Value batch, ValueRange input, ValueRange output,
                                      Value channels) {
  SmallVector<Value> operands{x, w, batch};
  operands.append(input.begin(), input.end());
  operands.append(output.begin(), output.end());
  operands.push_back(channels);
  return operands;
}

void ConvOp::build(OpBuilder &builder, OperationState &state, Value x, Value w, Value batch, ValueRange input,
                   ValueRange output, Value channels, Value features, ArrayRef<int64_t> kernel,
                   ArrayRef<int64_t> stride, ArrayRef<int64_t> pad, ArrayRef<int64_t> dilation, int64_t groups,
                   function_ref<void(OpBuilder &, Location, Value, ValueRange)> epilogue) {
  SmallVector<Value> operands = operandList(x, w, batch, input, output, channels);
  operands.push_back(features);
  state.getOrAddProperties<Properties>().groups = builder.getI64IntegerAttr(groups);
  buildConv<ConvOp>(builder, state, operands, kernel, stride, pad, dilation, epilogue);
}

void DwconvOp::build(OpBuilder &builder, OperationState &state, Value x, Value w, Value batch, ValueRange input,
                     ValueRange output, Value channels, ArrayRef<int64_t> kernel, ArrayRef<int64_t> stride,
                     ArrayRef<int64_t> pad, ArrayRef<int64_t> dilation,
                     function_ref<void(OpBuilder &, Location, Value, ValueRange)> epilogue) {
  buildConv<DwconvOp>(builder, state, operandList(x, w, batch, input, output, channels), kernel, stride, pad, dilation,
                      epilogue);
}

static int64_t positions(ArrayRef<int64_t> kernel) {
  int64_t count = 1;
  for (int64_t size : kernel)
    count *= size;
  return count;
}

// What both have in common: the window, the input, the region.
template <class Op> static LogicalResult verifyConv(Op op) {
  int64_t rank = op.getSpatialRank();
  if (rank < 1 || rank > 3)
    return op.emitOpError() << "has " << rank << " spatial dimensions; one to three are possible";
  for (auto [name, values, least] : {std::tuple<StringRef, ArrayRef<int64_t>, int64_t>{"kernel", op.getKernel(), 1},
                                     {"stride", op.getStride(), 1},
                                     {"pad", op.getPad(), -largestStep},
                                     {"dilation", op.getDilation(), 1}}) {
    if (static_cast<int64_t>(values.size()) != rank)
      return op.emitOpError() << name << " has " << values.size() << " numbers for " << rank << " spatial dimensions";
    for (int64_t value : values)
      if (value < least || value > largestStep)
        return op.emitOpError() << name << " must be from " << least << " to " << largestStep << ", got " << value;
  }
  int64_t total = 1;
  for (int64_t size : op.getKernel())
    if ((total *= size) > largestStep)
      return op.emitOpError() << "kernel has more than " << largestStep << " positions";
  if (static_cast<int64_t>(op.getInput().size()) != rank)
    return op.emitOpError() << "has sizes of " << op.getInput().size() << " spatial dimensions for a kernel of "
                            << rank;
  auto x = cast<MemRefType>(op.getX().getType());
  if (x.getRank() != rank + 2)
    return op.emitOpError() << "input must have rank " << rank + 2 << " (batch, positions, channels), got " << x;
  SmallVector<Value> sizes{op.getBatch()};
  sizes.append(op.getInput().begin(), op.getInput().end());
  sizes.push_back(op.getChannels());
  for (auto [size, dim] : llvm::zip(sizes, x.getShape()))
    if (contradicts(size, dim))
      return op.emitOpError() << "input of type " << x << " contradicts the sizes given";
  if (elementOf(op.getW()) != x.getElementType())
    return op.emitOpError() << "multiplies " << x.getElementType() << " by " << elementOf(op.getW());
  Block &block = *op.getBodyBlock();
  Type acc = GemmOp::accumulatorType(x.getElementType());
  if (static_cast<int64_t>(block.getNumArguments()) != rank + 3 || block.getArgument(0).getType() != acc ||
      !llvm::all_of(block.getArguments().drop_front(1), [](BlockArgument arg) { return arg.getType().isIndex(); }))
    return op.emitOpError() << "epilogue must take the accumulator of type " << acc << ", a batch index, " << rank
                            << " positions and a channel";
  return verifyYields(op, block, {});
}

static std::optional<int64_t> known(Value size) {
  IntegerAttr constant;
  return matchPattern(size, m_Constant(&constant)) ? std::optional(constant.getInt()) : std::nullopt;
}

LogicalResult ConvOp::verify() {
  if (failed(verifyConv(*this)))
    return failure();
  int64_t groups = getGroups();
  if (groups < 1)
    return emitOpError() << "groups must be 1 or more, got " << groups;
  std::optional<int64_t> channels = known(getChannels()), features = known(getFeatures());
  for (std::optional<int64_t> size : {channels, features})
    if (size && *size % groups != 0)
      return emitOpError() << *size << " channels do not split into " << groups << " groups";
  PanelsType panels = getW().getType();
  auto differs = [](std::optional<int64_t> size, int64_t dim) {
    return size && !ShapedType::isDynamic(dim) && *size != dim;
  };
  if (features && differs(*features / groups, panels.getCols()))
    return emitOpError() << panels << " must have " << *features / groups << " columns, the features of a group";
  if (channels && differs(*channels * positions(getKernel()), panels.getInner()))
    return emitOpError() << panels << " must have " << *channels * positions(getKernel())
                         << " summands, kernel positions times channels";
  return success();
}

LogicalResult DwconvOp::verify() {
  if (failed(verifyConv(*this)))
    return failure();
  auto w = cast<MemRefType>(getW().getType());
  if (w.getRank() != 2 || contradicts(getChannels(), w.getDimSize(1)) ||
      (!w.isDynamicDim(0) && w.getDimSize(0) != positions(getKernel())))
    return emitOpError() << "weights must be [" << positions(getKernel()) << " kernel positions, channels], got " << w;
  return success();
}
