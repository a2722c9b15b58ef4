// Random kernels; see RandomKernel.h.
#include "test/lower/RandomKernel.h"

using namespace mlir;
using namespace modc;
using namespace modc::lower;
using mod::DimAttr;

namespace {

class Generator {
public:
  Generator(ModuleOp module, StringRef name, std::mt19937_64 &rng)
      : rng(rng), ctx(module.getContext()), b(module.getBodyRegion()), loc(UnknownLoc::get(ctx)) {
    b.setInsertionPointToEnd(module.getBody());
    OperationState state(loc, mod::KernelOp::getOperationName());
    state.addAttribute("sym_name", b.getStringAttr(name));
    state.addAttribute("kind", b.getStringAttr("map"));
    state.addAttribute("dims", b.getStrArrayAttr({"d0", "d1"}));
    state.addAttribute("hash", b.getStringAttr("0"));
    state.addRegion()->emplaceBlock();
    kernel = cast<mod::KernelOp>(b.create(state));
    b.setInsertionPointToStart(&kernel.getBody().front());
  }

  void run() {
    for (int i = 0, e = 1 + pick(3); i < e; ++i)
      argument(randomElement(), randomDims());
    for (int i = 0, e = 3 + pick(9); i < e;)
      i += step();
    // What was made last is made of the rest.
    SmallVector<Value> outputs{pool.back().value};
    for (int i = pick(3); i-- > 0;)
      outputs.push_back(any().value);
    mod::YieldOp::create(b, loc, outputs);
  }

private:
  struct Entry {
    Value value;
    bool exact; ///< the same bits whatever the order of additions
  };

  int pick(int n) { return int(rng() % uint64_t(n)); }
  template <class T> T oneOf(std::initializer_list<T> of) { return of.begin()[pick(of.size())]; }
  DimAttr dim(int64_t n) { return DimAttr::constant(ctx, n); }
  DimAttr symbol(const char *name) { return DimAttr::symbol(ctx, name); }
  DimAttr randomDim() {
    switch (pick(8)) {
    case 0:
      return dim(1);
    case 1:
      return symbol("d0");
    case 2:
      return symbol("d1");
    case 3:
      return symbol("d0").times(dim(2)).plus(dim(1));
    case 4:
      return dim(16);
    default:
      return dim(2 + pick(8));
    }
  }
  SmallVector<DimAttr> randomDims() {
    SmallVector<DimAttr> dims(pick(4));
    for (DimAttr &d : dims)
      d = randomDim();
    return dims;
  }
  Type randomElement() {
    switch (pick(8)) {
    case 0:
      return b.getF64Type();
    case 1:
      return b.getI64Type();
    case 2:
      return b.getI32Type();
    case 3:
      return b.getI1Type();
    default:
      return b.getF32Type();
    }
  }
  ArrayAttr attr(ArrayRef<DimAttr> dims) {
    return b.getArrayAttr(llvm::map_to_vector(dims, [](DimAttr d) -> Attribute { return d; }));
  }

  static mod::SymTensorType type(Value v) { return cast<mod::SymTensorType>(v.getType()); }
  static bool isFloat(Value v) { return isa<FloatType>(type(v).getElementType()); }
  static bool isBool(Value v) { return type(v).getElementType().isInteger(1); }

  Entry argument(Type element, ArrayRef<DimAttr> dims) {
    Value v = kernel.getBody().front().addArgument(mod::SymTensorType::get(element, dims), loc);
    return add(v, true);
  }
  Entry add(Value v, bool exact) {
    pool.push_back({v, exact});
    return pool.back();
  }
  // Mostly one of the last few.
  Entry any() { return pool[pick(3) ? pool.size() - 1 - pick(std::min<int>(pool.size(), 3)) : pick(pool.size())]; }
  template <class Op> Value make(ValueRange operands, ArrayRef<NamedAttribute> attrs = {}) {
    Op op = mod::createInferred<Op>(b, loc, operands, attrs);
    return op ? op->getResult(0) : Value();
  }
  NamedAttribute named(StringRef name, Attribute value) { return b.getNamedAttr(name, value); }

  /// Another operand for an elementwise operation with x: an entry that broadcasts, or a new argument.
  Entry partner(Entry x, Type element) {
    for (int attempt = 0; attempt < 4; ++attempt) {
      Entry y = any();
      if (type(y.value).getElementType() == element && fits(type(y.value).getDims(), type(x.value).getDims()))
        return y;
    }
    SmallVector<DimAttr> dims(type(x.value).getDims().drop_front(pick(type(x.value).getDims().size() + 1)));
    for (DimAttr &d : dims)
      if (!pick(4))
        d = dim(1);
    return argument(element, dims);
  }
  static bool fits(ArrayRef<DimAttr> from, ArrayRef<DimAttr> to) {
    if (from.size() > to.size())
      return false;
    for (size_t i = 0; i < from.size(); ++i) {
      DimAttr t = to[i + to.size() - from.size()];
      if (from[i] != t && from[i].getConstant() != 1)
        return false;
    }
    return true;
  }

  int step() {
    Entry x = any();
    size_t before = pool.size();
    switch (pick(12)) {
    case 0:
    case 1:
      unary(x);
      break;
    case 2:
    case 3:
    case 4:
      binary(x);
      break;
    case 5:
    case 6:
    case 7:
      view(x);
      break;
    case 8:
    case 9:
      reduction(x);
      break;
    case 10:
      gather(x);
      break;
    default:
      piece(x);
    }
    return pool.size() > before;
  }

  void unary(Entry x) {
    Value v = x.value;
    if (isBool(v))
      return void(add(make<mod::LogicalNotOp>(v), x.exact));
    if (!isFloat(v)) {
      if (pick(2))
        return void(add(make<mod::ToOp>(v, named("dtype", TypeAttr::get(b.getF64Type()))), x.exact));
      return void(add(pick(2) ? make<mod::NegOp>(v) : make<mod::AbsOp>(v), x.exact));
    }
    switch (pick(8)) {
    case 0:
      return void(add(make<mod::TanhOp>(v), false));
    case 1:
      return void(add(make<mod::SigmoidOp>(v), false));
    case 2:
      return void(add(make<mod::ExpOp>(make<mod::TanhOp>(v)), false));
    case 3:
      return void(add(make<mod::ErfOp>(v), false));
    case 4:
      return void(add(make<mod::AbsOp>(v), x.exact));
    case 5:
      if (x.exact)
        return void(add(pick(2) ? make<mod::FloorOp>(v) : make<mod::RoundOp>(v), true));
      [[fallthrough]];
    default:
      return void(add(make<mod::NegOp>(v), x.exact));
    }
  }

  void binary(Entry x) {
    Value v = x.value;
    Type element = type(v).getElementType();
    if (isBool(v) && pick(2)) {
      Entry a = partner(x, b.getF32Type()), c = partner(x, b.getF32Type());
      if (!fits(type(a.value).getDims(), type(v).getDims()) || !fits(type(c.value).getDims(), type(v).getDims()))
        return;
      return void(add(make<mod::WhereOp>({v, a.value, c.value}), a.exact && c.exact));
    }
    Entry y = partner(x, element);
    bool exact = x.exact && y.exact;
    SmallVector<Value> o{v, y.value};
    if (isBool(v))
      return void(add(pick(2) ? make<mod::BitwiseAndOp>(o) : make<mod::BitwiseOrOp>(o), exact));
    switch (pick(8)) {
    case 0:
      return void(add(make<mod::AddOp>(o), exact));
    case 1:
      return void(add(make<mod::SubOp>(o), exact));
    case 2:
      return void(add(make<mod::MaximumOp>(o), exact));
    case 3:
      return void(add(make<mod::MinimumOp>(o), exact));
    case 4:
      if (exact)
        return void(add(pick(2) ? make<mod::LtOp>(o) : make<mod::LeOp>(o), true));
      [[fallthrough]];
    case 5:
      if (exact && !isFloat(v))
        return void(add(pick(2) ? make<mod::FloorDivideOp>(o) : make<mod::RemainderOp>(o), true));
      [[fallthrough]];
    default:
      // Products of products grow; a tanh keeps them small.
      if (isFloat(v))
        o[0] = make<mod::TanhOp>(v);
      return void(add(make<mod::MulOp>(o), exact && !isFloat(v)));
    }
  }

  void view(Entry x) {
    Value v = x.value;
    SmallVector<DimAttr> dims(type(v).getDims());
    int rank = dims.size();
    switch (pick(5)) {
    case 0: { // merge two neighbours, or split a constant
      if (rank == 0 || (rank == 1 && !dims[0].getConstant()))
        return;
      int i = pick(rank);
      if (rank > 1 && pick(2)) {
        i = std::min(i, rank - 2);
        dims[i] = dims[i].times(dims[i + 1]);
        dims.erase(dims.begin() + i + 1);
      } else {
        for (int64_t factor : {4, 3, 2})
          if (auto rest = dims[i].divideExactly(dim(factor))) {
            dims[i] = *rest;
            dims.insert(dims.begin() + i + pick(2), dim(factor));
            break;
          }
      }
      return void(add(make<mod::ReshapeOp>(v, named("shape", attr(dims))), x.exact));
    }
    case 1: {
      SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, rank));
      std::shuffle(order.begin(), order.end(), rng);
      return void(add(make<mod::PermuteOp>(v, named("dims", b.getDenseI64ArrayAttr(order))), x.exact));
    }
    case 2: {
      for (DimAttr &d : dims)
        if (d.getConstant() == 1 && pick(2))
          d = randomDim();
      if (rank < 4 && pick(2))
        dims.insert(dims.begin(), randomDim());
      return void(add(make<mod::ExpandOp>(v, named("shape", attr(dims))), x.exact));
    }
    case 3: {
      if (rank == 0)
        return;
      int i = pick(rank);
      auto size = dims[i].getConstant();
      if (!size || *size < 2)
        return;
      int64_t start = pick(*size), step = 1 + pick(2), length = 1 + pick((*size - 1 - start) / step + 1);
      return void(add(make<mod::NarrowOp>(v, {named("dim", b.getI64IntegerAttr(i)), named("start", dim(start)),
                                              named("length", dim(length)), named("step", b.getI64IntegerAttr(step))}),
                      x.exact));
    }
    default: {
      dims.insert(dims.begin() + pick(rank + 1), dim(1));
      if (dims.size() > 4)
        return;
      return void(add(make<mod::ReshapeOp>(v, named("shape", attr(dims))), x.exact));
    }
    }
  }

  void reduction(Entry x) {
    Value v = x.value;
    int rank = type(v).getDims().size();
    if (isBool(v) || rank == 0)
      return;
    NamedAttribute keep = named("keepdim", b.getBoolAttr(pick(2)));
    int i = pick(3) ? rank - 1 : pick(rank);
    if (pick(4) == 0) {
      if (x.exact)
        add(make<mod::ArgmaxOp>(v, {named("dim", b.getI64IntegerAttr(i)), keep}), true);
      return;
    }
    SmallVector<int64_t> over{i};
    if (rank > 1 && !pick(3))
      over.push_back((i + 1) % rank);
    NamedAttribute dims = named("dims", b.getDenseI64ArrayAttr(over));
    Value y = pick(2) ? make<mod::SumOp>(v, {dims, keep}) : make<mod::AmaxOp>(v, {dims, keep});
    bool exact = x.exact && (!isFloat(v) || isa<mod::AmaxOp>(y.getDefiningOp()));
    // A norm or a softmax goes on with the whole row.
    if (pick(2) && keep.getValue() == b.getBoolAttr(true) && type(y).getElementType() == type(v).getElementType())
      add(make<mod::SubOp>({v, y}), exact);
    else
      add(y, exact);
  }

  void gather(Entry x) {
    Value v = x.value;
    auto dims = type(v).getDims();
    if (dims.empty() || dims.size() > 3)
      return;
    int i = pick(dims.size());
    if (dims[i].getConstant().value_or(0) < 3)
      return;
    NamedAttribute at = named("dim", b.getI64IntegerAttr(i));
    Type element = pick(2) ? b.getI64Type() : b.getI32Type();
    // Values of integer operands are in -limit..limit; their remainder by 3 is an index.
    SmallVector<DimAttr> shape;
    bool take = pick(2);
    if (take) {
      if (pick(2))
        shape.push_back(randomDim());
    } else {
      shape.assign(dims.begin(), dims.end());
      shape[i] = randomDim();
    }
    Value raw = kernel.getBody().front().addArgument(mod::SymTensorType::get(element, shape), loc);
    Value three = make<mod::FullOp>(
        {}, {named("value", b.getI64IntegerAttr(3)), named("dtype", TypeAttr::get(element)), named("shape", attr({}))});
    Value index = make<mod::RemainderOp>({raw, three});
    add(take ? make<mod::TakeOp>({v, index}, at) : make<mod::GatherOp>({v, index}, at), x.exact);
  }

  void piece(Entry x) {
    Value v = x.value;
    SmallVector<DimAttr> dims(type(v).getDims());
    int rank = dims.size();
    if (rank == 0)
      return;
    int i = pick(rank);
    Type element = type(v).getElementType();
    switch (pick(6)) {
    case 4:
    case 5:
      return window(x);
    case 0: {
      dims[i] = randomDim();
      Entry y = argument(element, dims);
      return void(add(make<mod::CatOp>({v, y.value, v}, named("dim", b.getI64IntegerAttr(i))), x.exact));
    }
    case 1: {
      SmallVector<int64_t> lo(rank, 0), hi(rank, 0);
      lo[i] = pick(3);
      hi[pick(rank)] = pick(4);
      Attribute value = isFloat(v) ? Attribute(b.getF64FloatAttr(0.5)) : Attribute(b.getI64IntegerAttr(1));
      return void(add(make<mod::ConstantPadOp>(v, {named("lo", b.getDenseI64ArrayAttr(lo)),
                                                   named("hi", b.getDenseI64ArrayAttr(hi)), named("value", value)}),
                      x.exact));
    }
    case 2: {
      auto size = dims[i].getConstant();
      if (!size || *size < 2)
        return;
      SmallVector<DimAttr> start(rank, dim(0));
      start[i] = dim(pick(*size));
      dims[i] = dim(*size - *start[i].getConstant());
      Entry y = argument(element, dims);
      return void(add(make<mod::UpdateSliceOp>({v, y.value}, named("start", attr(start))), x.exact && y.exact));
    }
    default: {
      if (!isFloat(v) || rank < 2)
        return;
      bool trans = pick(2);
      DimAttr k = dims.back(), n = randomDim();
      Entry y = trans ? argument(element, {n, k}) : argument(element, {k, n});
      return void(add(make<mod::MatmulOp>({v, y.value}, named("trans_b", b.getBoolAttr(trans))), false));
    }
    }
  }

  void window(Entry x) {
    Value v = x.value;
    auto dims = type(v).getDims();
    if (isBool(v))
      return;
    size_t n = 1 + pick(std::min<int>(dims.size(), 2)), last = dims.size() > n && pick(2);
    SmallVector<int64_t> sizes, strides, dilations;
    SmallVector<DimAttr> lo, hi;
    for (size_t i = 0; i < n; ++i) {
      sizes.push_back(1 + pick(3));
      strides.push_back(1 + pick(2));
      dilations.push_back(1 + pick(2));
      int64_t before = pick(2), after = pick(3);
      // Room for a window whatever the size is.
      after = std::max(after, dilations[i] * (sizes[i] - 1) - before);
      lo.push_back(dim(before));
      hi.push_back(dim(after));
    }
    bool max = pick(2);
    SmallVector<NamedAttribute> attrs{named("kind", b.getStringAttr(max ? "max" : "sum")),
                                      named("window", b.getDenseI64ArrayAttr(sizes)),
                                      named("stride", b.getDenseI64ArrayAttr(strides)),
                                      named("lo", attr(lo)),
                                      named("hi", attr(hi)),
                                      named("dilation", b.getDenseI64ArrayAttr(dilations))};
    if (last)
      attrs.push_back(named("channels_last", b.getUnitAttr()));
    // The largest of nothing is infinite; with a window that always sees an element there is none.
    Value y = make<mod::ReduceWindowOp>(v, attrs);
    if (max && isFloat(v))
      y = make<mod::TanhOp>(y);
    add(y, x.exact && !isFloat(v));
  }

  std::mt19937_64 &rng;
  MLIRContext *ctx;
  OpBuilder b;
  Location loc;
  mod::KernelOp kernel;
  std::vector<Entry> pool;
};

} // namespace

void lower::addRandomKernel(ModuleOp module, StringRef name, std::mt19937_64 &rng) {
  Generator(module, name, rng).run();
}
