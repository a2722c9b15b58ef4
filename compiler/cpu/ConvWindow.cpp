// Where the window of a convolution lies: output positions in regions whose windows reach over the same kernel
// positions, so that edges need no tests in inner loops.
#include "compiler/cpu/ConvWindow.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

//===----------------------------------------------------------------------===//
// Units
//===----------------------------------------------------------------------===//

// A known size is cut evenly.
static int64_t blockOf(std::optional<int64_t> size, int64_t most) {
  most = std::max<int64_t>(1, most);
  if (!size || *size < 1)
    return most;
  return static_cast<int64_t>(llvm::divideCeil(*size, llvm::divideCeil(*size, most)));
}

SmallVector<int64_t> ConvWindow::blocksOf(ValueRange output, ArrayRef<int64_t> kernel, int64_t positions, int64_t row) {
  SmallVector<int64_t> blocks(output.size() + 1);
  for (size_t dim = output.size(); dim > 0; --dim) {
    std::optional<int64_t> size = constantIndex(output[dim - 1]);
    // Of unknown sizes the last takes a good part and leaves some for rows, whose edges are joined.
    int64_t most = size || dim == 1 ? positions : std::min<int64_t>(positions, dim == output.size() ? 32 : 8);
    if (dim == output.size())
      most = std::min(most, row);
    // A long kernel has many edges, each a region: those of several images fill tiles.
    if (kernel[dim - 1] > 16)
      most = std::min<int64_t>(most, 32);
    blocks[dim] = blockOf(size, most);
    positions = std::max<int64_t>(1, positions / blocks[dim]);
  }
  blocks[0] = positions;
  return blocks;
}

SmallVector<Value> ConvWindow::unitSizes(OpBuilder &b, Location loc, Value batch, ValueRange output,
                                         ArrayRef<int64_t> blocks, SizeOf size) {
  SmallVector<Value> units{ceilDivIndex(b, loc, size(batch), indexConstant(b, loc, blocks[0]))};
  for (auto [extent, block] : llvm::zip(output, blocks.drop_front(1)))
    units.push_back(ceilDivIndex(b, loc, size(extent), indexConstant(b, loc, block)));
  return units;
}

Value ConvWindow::unitPositions(OpBuilder &b, Location loc, Value batch, ValueRange output, ArrayRef<int64_t> blocks,
                                SizeOf size) {
  Value count = minIndex(b, loc, size(batch), indexConstant(b, loc, blocks[0]));
  for (auto [extent, block] : llvm::zip(output, blocks.drop_front(1)))
    count = mulIndex(b, loc, count, minIndex(b, loc, size(extent), indexConstant(b, loc, block)));
  return count;
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

void ConvWindow::begin() {
  OpBuilder &b = tile.b;
  Location loc = tile.loc;
  auto type = cast<MemRefType>(x.getType());
  SmallVector<int64_t> known;
  int64_t offset;
  if (failed(type.getStridesAndOffset(known, offset)))
    llvm_unreachable("kern operands are strided");
  auto parts = memref::ExtractStridedMetadataOp::create(b, loc, x);
  for (auto [number, value] : llvm::enumerate(known))
    strides.push_back(ShapedType::isDynamic(value) ? parts.getStrides()[number] : constant(value));
  auto flatType = MemRefType::get({ShapedType::kDynamic}, type.getElementType(),
                                  StridedLayoutAttr::get(b.getContext(), ShapedType::kDynamic, {1}));
  // The size of the flat view is never looked at.
  flat = memref::ReinterpretCastOp::create(b, loc, flatType, parts.getBaseBuffer(), OpFoldResult(parts.getOffset()),
                                           ArrayRef<OpFoldResult>{OpFoldResult(constant(1))},
                                           ArrayRef<OpFoldResult>{b.getIndexAttr(1)});
  int64_t most = 1;
  for (int64_t block : blocks)
    most *= block;
  table = tile.scratch({static_cast<int64_t>(kernel.size()) + 2, most}, b.getIndexType());
}

Value ConvWindow::step(int64_t dim) { return mulIndex(tile.b, tile.loc, strides[dim + 1], constant(dilation[dim])); }

Value ConvWindow::offset(Value entry) {
  return memref::LoadOp::create(tile.b, tile.loc, table, ValueRange{constant(0), entry});
}

SmallVector<Value> ConvWindow::indices(Value entry) {
  SmallVector<Value> found;
  for (size_t dim = 0; dim <= kernel.size(); ++dim)
    found.push_back(memref::LoadOp::create(tile.b, tile.loc, table, ValueRange{constant(dim + 1), entry}));
  return found;
}

void ConvWindow::regions(ArrayRef<Value> unit, function_ref<void(const WindowRegion &)> body) {
  OpBuilder &b = tile.b;
  Location loc = tile.loc;
  SmallVector<Value> from, to, sizes{batch};
  llvm::append_range(sizes, output);
  for (auto [number, block, size] : llvm::zip(unit, blocks, sizes)) {
    from.push_back(mulIndex(b, loc, number, constant(block)));
    to.push_back(minIndex(b, loc, addIndex(b, loc, from.back(), block), size));
  }
  WindowRegion region;
  descend(0, from, to, region, body);
}

// Cuts one spatial dimension where the range of kernel positions changes.
void ConvWindow::descend(int64_t dim, SmallVectorImpl<Value> &from, SmallVectorImpl<Value> &to, WindowRegion &region,
                         function_ref<void(const WindowRegion &)> body) {
  if (dim == static_cast<int64_t>(kernel.size())) {
    fill(from, to, region);
    body(region);
    return;
  }
  OpBuilder &b = tile.b;
  Location loc = tile.loc;
  int64_t size = kernel[dim], s = stride[dim], p = pad[dim], d = dilation[dim];
  Value begin = from[dim + 1], end = to[dim + 1];
  std::optional<int64_t> in = constantIndex(input[dim]), out = constantIndex(output[dim]);
  auto restore = [&] {
    from[dim + 1] = begin;
    to[dim + 1] = end;
    region.first.pop_back();
    region.last.pop_back();
  };
  bool inside = p <= 0 && in && out && (*out - 1) * s + (size - 1) * d - p < *in;
  if (inside || (open && dim == 0)) {
    region.first.push_back(constant(0));
    region.last.push_back(constant(size));
    descend(dim + 1, from, to, region, body);
    restore();
    return;
  }
  Type index = b.getIndexType();
  auto loop = scf::WhileOp::create(b, loc, TypeRange{index}, ValueRange{begin});
  OpBuilder::InsertionGuard guard(b);
  Value o = b.createBlock(&loop.getBefore(), {}, {index}, {loc})->getArgument(0);
  scf::ConditionOp::create(b, loc, arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, o, end), ValueRange{o});
  o = b.createBlock(&loop.getAfter(), {}, {index}, {loc})->getArgument(0);
  Value zero = constant(0), one = constant(1), all = constant(size), step = constant(d);
  // Position t reads element o * s - p + t * d.
  Value start = mulIndex(b, loc, o, constant(s)), stop = addIndex(b, loc, input[dim], p);
  auto reach = [&](Value limit) -> Value { // the first t that reads at or past the limit
    Value gap = maxIndex(b, loc, zero, b.createOrFold<arith::SubIOp>(loc, limit, start));
    return minIndex(b, loc, all, ceilDivIndex(b, loc, gap, step));
  };
  Value first = reach(constant(p)), last = reach(stop);
  // The first output position for which such a t is another.
  auto change = [&](Value limit, Value t) -> Value {
    Value before = mulIndex(b, loc, b.createOrFold<arith::SubIOp>(loc, t, one), step);
    Value next = ceilDivIndex(b, loc, b.createOrFold<arith::SubIOp>(loc, limit, before), constant(s));
    Value any = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sgt, t, zero);
    return arith::SelectOp::create(b, loc, any, next, end);
  };
  Value next = minIndex(b, loc, end, minIndex(b, loc, change(constant(p), first), change(stop, last)));
  from[dim + 1] = o;
  to[dim + 1] = next;
  region.first.push_back(first);
  region.last.push_back(last);
  descend(dim + 1, from, to, region, body);
  restore();
  scf::YieldOp::create(b, loc, next);
}

std::pair<Value, Value> ConvWindow::reached(const WindowRegion &region, Value t) {
  OpBuilder &b = tile.b;
  Location loc = tile.loc;
  Value zero = constant(0), shift = mulIndex(b, loc, t, constant(dilation[0]));
  // The first position, of those of the region, that reads at or past the limit.
  auto from = [&](Value limit) -> Value {
    Value gap = maxIndex(b, loc, zero, b.createOrFold<arith::SubIOp>(loc, limit, shift));
    Value first = ceilDivIndex(b, loc, gap, constant(stride[0]));
    Value counted = maxIndex(b, loc, zero, b.createOrFold<arith::SubIOp>(loc, first, region.firstOuter));
    return minIndex(b, loc, region.outer, counted);
  };
  return {from(constant(pad[0])), from(addIndex(b, loc, input[0], pad[0]))};
}

// Writes the table of a region: batch index and position of each entry, and where its window begins.
void ConvWindow::fill(ArrayRef<Value> from, ArrayRef<Value> to, WindowRegion &region) {
  OpBuilder &b = tile.b;
  Location loc = tile.loc;
  OpBuilder::InsertionGuard guard(b);
  SmallVector<Value> sizes, at;
  region.count = constant(1);
  for (auto [begin, end] : llvm::zip(from, to)) {
    sizes.push_back(b.createOrFold<arith::SubIOp>(loc, end, begin));
    region.rows = region.count;
    region.count = mulIndex(b, loc, region.count, sizes.back());
  }
  region.rowLength = sizes.back();
  region.images = sizes[0];
  region.outer = sizes[1];
  region.inner = constant(1);
  for (Value size : ArrayRef(sizes).drop_front(2))
    region.inner = mulIndex(b, loc, region.inner, size);
  region.firstOuter = from[1];
  Value entry = constant(0), offset = constant(0);
  for (size_t dim = 0; dim < from.size(); ++dim) {
    auto loop = scf::ForOp::create(b, loc, from[dim], to[dim], constant(1));
    b.setInsertionPointToStart(loop.getBody());
    Value i = loop.getInductionVar(), place = i;
    at.push_back(i);
    if (dim > 0)
      place = addIndex(b, loc, mulIndex(b, loc, i, constant(stride[dim - 1])), -pad[dim - 1]);
    offset = addIndex(b, loc, offset, mulIndex(b, loc, place, strides[dim]));
    entry = addIndex(b, loc, mulIndex(b, loc, entry, sizes[dim]), b.createOrFold<arith::SubIOp>(loc, i, from[dim]));
  }
  memref::StoreOp::create(b, loc, offset, table, ValueRange{constant(0), entry});
  for (auto [number, index] : llvm::enumerate(at))
    memref::StoreOp::create(b, loc, index, table, ValueRange{constant(number + 1), entry});
}
