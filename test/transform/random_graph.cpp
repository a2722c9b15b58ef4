// Random module trees in phase mod. Every choice comes from the seed; every operation's type from its inference
// function.
#include "random_graph.h"
#include <random>

using namespace mlir;
using namespace modc;
using namespace modc::mod;
using namespace modc::test;

namespace {
class Maker {
public:
  Maker(MLIRContext &ctx, uint64_t seed, bool control)
      : ctx(ctx), b(&ctx), loc(b.getUnknownLoc()), rng(seed), control(control), exact(control && seed % 2 == 0) {}

  RandomGraph run() {
    graph.module = ModuleOp::create(loc);
    ClassOp root = makeClass(pick(1, 3), /*isRoot=*/true);
    b.setInsertionPointToEnd(graph.module->getBody());
    ExportOp::create(b, loc, b.getStringAttr("top"), FlatSymbolRefAttr::get(root.getSymNameAttr()),
                     FlatSymbolRefAttr::get(&ctx, "forward"), b.getI64IntegerAttr(0), ArrayAttr(), StringAttr());
    return std::move(graph);
  }

private:
  struct Child {
    std::string name;
    int64_t in, out;
  };
  /// A class at work: its values so far, and what it declares.
  struct Body {
    ClassOp cls;
    std::vector<Value> values;
    std::vector<Child> children;
    DimAttr n, s;
    Value ids;
    int weights = 0, site = 0;
  };

  int64_t pick(int64_t lo, int64_t hi) { return std::uniform_int_distribution<int64_t>(lo, hi)(rng); }
  bool chance(int percent) { return pick(1, 100) <= percent; }

  DimAttr dim(int64_t n) { return DimAttr::constant(&ctx, n); }
  SymTensorType f32(ArrayRef<DimAttr> dims) { return SymTensorType::get(b.getF32Type(), dims); }
  static SymTensorType typeOf(Value v) { return cast<SymTensorType>(v.getType()); }
  static ArrayRef<DimAttr> dimsOf(Value v) { return typeOf(v).getDims(); }
  NamedAttribute attr(StringRef name, Attribute value) { return b.getNamedAttr(name, value); }
  ArrayAttr shape(ArrayRef<DimAttr> dims) {
    SmallVector<Attribute> all(dims.begin(), dims.end());
    return b.getArrayAttr(all);
  }

  ClassOp makeClass(int depth, bool isRoot = false) {
    Body body;
    int64_t in = pick(2, 6);
    std::vector<std::tuple<std::string, ClassOp, Child>> below;
    if (depth > 1)
      for (int64_t i = 0, e = pick(1, 3); i < e; ++i) {
        if (!below.empty() && chance(40)) { // an equal sibling shares the class
          auto again = below.back();
          std::get<2>(again).name = "c" + std::to_string(i);
          below.push_back(again);
          continue;
        }
        ClassOp cls = makeClass(depth - 1);
        auto f = *cls.getBody().getOps<FuncOp>().begin();
        below.push_back({cls.getSymName().str(), cls,
                         Child{"c" + std::to_string(i), *dimsOf(f.getArgument(0)).back().getConstant(),
                               *cast<SymTensorType>(f.getResultTypes()[0]).getDims().back().getConstant()}});
      }
    b.setInsertionPointToEnd(graph.module->getBody());
    std::string name = "C" + std::to_string(classes++);
    body.cls = ClassOp::create(b, loc, b.getStringAttr(name), b.getStringAttr("M"), b.getStringAttr("module"),
                               ArrayAttr(), b.getStringAttr(""), b.getI64IntegerAttr(1), StringAttr());
    Block *members = b.createBlock(&body.cls.getBody());
    b.setInsertionPointToEnd(members);
    for (auto &[className, cls, child] : below) {
      ChildOp::create(b, loc, b.getStringAttr(child.name), FlatSymbolRefAttr::get(cls.getSymNameAttr()));
      body.children.push_back(child);
    }

    // Classes differ in the names of their sizes, so that opening has to rename.
    StringRef first = isRoot || chance(50) ? "N" : "A", second = isRoot || chance(50) ? "S" : "B";
    body.n = DimAttr::symbol(&ctx, first);
    body.s = DimAttr::symbol(&ctx, second);
    SmallVector<Type> inputs{f32({body.n, body.s, dim(in)})};
    if (isRoot)
      inputs.push_back(SymTensorType::get(b.getI64Type(), {body.n, body.s}));
    auto func = FuncOp::create(b, loc, "forward", b.getFunctionType(inputs, {}), b.getStrArrayAttr({first, second}),
                               ArrayAttr(), ArrayAttr(), ArrayAttr(), StringAttr(), ArrayAttr(), ArrayAttr());
    Block *block = b.createBlock(&func.getBody());
    for (Type t : inputs)
      block->addArgument(t, loc);
    func.setArgAttr(0, "mod.name", b.getStringAttr("x"));
    body.values.push_back(block->getArgument(0));
    if (isRoot) {
      func.setArgAttr(1, "mod.name", b.getStringAttr("ids"));
      body.ids = block->getArgument(1);
    }
    for (int64_t i = 0, e = pick(3, isRoot ? 14 : 8); i < e; ++i)
      step(body);
    for (const Child &child : body.children)
      call(body, child);

    SmallVector<Value> results;
    if (isRoot) {
      for (int64_t i = 0, e = pick(1, 3); i < e; ++i)
        results.push_back(body.values[pick(0, body.values.size() - 1)]);
      results.push_back(body.values.back());
    } else {
      results.push_back(toRank3(body, body.values.back(), pick(2, 6)));
    }
    ReturnOp::create(b, loc, results);
    func.setFunctionTypeAttr(TypeAttr::get(b.getFunctionType(inputs, ValueRange(results).getTypes())));
    for (auto [i, v] : llvm::enumerate(results))
      func.setResultAttr(i, "mod.name", b.getStringAttr("y" + std::to_string(i)));
    return body.cls;
  }

  //===------------------------------------------------------------------===//
  // Parts of a body
  //===------------------------------------------------------------------===//

  Value weight(Body &body, ArrayRef<DimAttr> dims, bool buffer = false) {
    std::string name = (buffer ? "b" : "w") + std::to_string(body.weights++);
    SymTensorType type = f32(dims);
    // Parameters stand before buffers.
    Block *members = &body.cls.getBody().front();
    Operation *before = nullptr;
    for (Operation &op : *members)
      if (!isa<ParamOp>(op) && (!buffer || !isa<BufferOp>(op))) {
        before = &op;
        break;
      }
    OpBuilder declare(&ctx);
    declare.setInsertionPoint(members, before ? before->getIterator() : members->end());
    OperationState state(loc, buffer ? BufferOp::getOperationName() : ParamOp::getOperationName());
    state.addAttribute("sym_name", b.getStringAttr(name));
    state.addAttribute("type", TypeAttr::get(type));
    declare.create(state);
    return GetOp::create(b, loc, type, b.getStringAttr(name));
  }

  Value number(double x) {
    return FullOp::create(b, loc, f32({}), TypedAttr(b.getF64FloatAttr(x)), TypeAttr::get(b.getF32Type()),
                          b.getArrayAttr({}));
  }
  template <typename OpTy> Value make(ValueRange operands, ArrayRef<NamedAttribute> attrs = {}) {
    OpTy op = createInferred<OpTy>(b, loc, operands, attrs);
    assert(op && "the generator makes well-typed operations");
    return op->getResult(0);
  }
  Value unary(Value x) {
    switch (pick(0, 5)) {
    case 0:
      return make<TanhOp>({x});
    case 1:
      return make<SigmoidOp>({x});
    case 2:
      return make<NegOp>({x});
    case 3:
      return make<ErfOp>({x});
    case 4:
      return make<SinOp>({x});
    default:
      return make<WhereOp>({make<LeOp>({x, number(0)}), number(0), x});
    }
  }
  Value binary(Value x, Value y) {
    switch (pick(0, 3)) {
    case 0:
      return make<AddOp>({x, y});
    case 1:
      return make<SubOp>({x, y});
    case 2:
      return make<MaximumOp>({x, y});
    default:
      return make<MulOp>({x, y});
    }
  }
  Value reshaped(Value x, ArrayRef<DimAttr> dims) { return make<ReshapeOp>({x}, {attr("shape", shape(dims))}); }
  Value permuted(Value x, ArrayRef<int64_t> dims) {
    return make<PermuteOp>({x}, {attr("dims", b.getDenseI64ArrayAttr(dims))});
  }
  Value reduced(Value x, ArrayRef<int64_t> dims, bool keep, bool largest = false) {
    std::array attrs{attr("dims", b.getDenseI64ArrayAttr(dims)), attr("keepdim", b.getBoolAttr(keep))};
    return largest ? make<AmaxOp>({x}, attrs) : make<SumOp>({x}, attrs);
  }
  Value linear(Body &body, Value x, int64_t out) {
    DimAttr k = dimsOf(x).back();
    Value y;
    if (chance(70))
      y = make<MatmulOp>({x, permuted(weight(body, {dim(out), k}), {1, 0})});
    else
      y = make<MatmulOp>({x, weight(body, {k, dim(out)})});
    return chance(70) ? make<AddOp>({y, weight(body, {dim(out)})}) : y;
  }
  Value softmax(Value x) {
    int64_t last = dimsOf(x).size() - 1;
    Value e = make<ExpOp>({make<SubOp>({x, make<DetachOp>({reduced(x, {last}, true, true)})})});
    return make<DivOp>({e, reduced(e, {last}, true)});
  }
  static bool constantLast(Value v) { return !dimsOf(v).empty() && dimsOf(v).back().getConstant().value_or(0) > 1; }

  /// Any value as [n, s, c].
  Value toRank3(Body &body, Value v, int64_t c) {
    if (dimsOf(v).size() != 3 || dimsOf(v)[0] != body.n || dimsOf(v)[1] != body.s || !constantLast(v)) {
      Value total = v;
      if (!dimsOf(v).empty()) {
        SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, dimsOf(v).size()));
        total = reduced(v, all, false, true);
      }
      v = make<AddOp>({body.values[0], make<TanhOp>({total})});
    }
    return linear(body, v, c);
  }

  void call(Body &body, const Child &child) {
    Value x = body.values[pick(0, body.values.size() - 1)];
    x = make<TanhOp>({toRank3(body, x, child.in)});
    auto result = f32({body.n, body.s, dim(child.out)});
    auto op =
        CallOp::create(b, loc, TypeRange{result}, b.getStringAttr(child.name), FlatSymbolRefAttr::get(&ctx, "forward"),
                       ValueRange{x}, b.getI64IntegerAttr(body.site++), iterations(), /*fresh=*/ArrayAttr());
    Value y = op.getResults()[0];
    body.values.push_back(y);
    if (chance(60))
      body.values.push_back(binary(unary(y), chance(50) ? number(0.5) : y));
  }

  void step(Body &body) {
    Value x = body.values[pick(0, body.values.size() - 1)];
    auto dims = dimsOf(x);
    int64_t rank = dims.size();
    auto add = [&](Value v) { body.values.push_back(v); };
    if (control && nesting < 3 && chance(25))
      return chance(40) ? branch(body) : loop(body);
    switch (pick(0, 17)) {
    case 0:
    case 1:
      return add(unary(x));
    case 2: { // two values of one shape, or one and a weight
      for (Value y : llvm::reverse(body.values))
        if (y != x && dimsOf(y) == dims)
          return add(binary(x, y));
      return constantLast(x) ? add(binary(x, weight(body, {dims.back()}))) : add(binary(x, number(1.5)));
    }
    case 3:
      if (rank == 0)
        return;
      return add(reduced(x, {pick(0, rank - 1)}, chance(50), chance(30)));
    case 4:
    case 5:
      return constantLast(x) && rank >= 2
                 ? add(chance(50) ? unary(linear(body, x, pick(2, 6))) : linear(body, x, pick(2, 6)))
                 : void();
    case 6:
      return rank >= 1 ? add(softmax(make<TanhOp>({x}))) : void();
    case 7: { // layer norm
      if (!constantLast(x))
        return;
      Value count = number(*dims.back().getConstant());
      Value c = make<SubOp>({x, make<DivOp>({reduced(x, {rank - 1}, true), count})});
      Value var = make<DivOp>({reduced(make<MulOp>({c, c}), {rank - 1}, true), count});
      Value y = make<DivOp>({c, make<SqrtOp>({make<AddOp>({var, number(1e-3)})})});
      return add(make<AddOp>({make<MulOp>({y, weight(body, {dims.back()})}), weight(body, {dims.back()})}));
    }
    case 8: { // views
      if (rank < 2)
        return;
      SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, rank));
      std::swap(order[pick(0, rank - 1)], order[pick(0, rank - 1)]);
      return add(permuted(x, order));
    }
    case 9: {
      if (rank < 2)
        return;
      SmallVector<DimAttr> merged(dims.drop_front(2));
      merged.insert(merged.begin(), dims[0].times(dims[1]));
      return add(reshaped(x, merged));
    }
    case 10: {
      if (!constantLast(x))
        return;
      int64_t size = *dims.back().getConstant(), start = pick(0, size - 1);
      return add(
          make<NarrowOp>({x}, {attr("dim", b.getI64IntegerAttr(rank - 1)), attr("start", dim(start)),
                               attr("length", dim(pick(1, size - start))), attr("step", b.getI64IntegerAttr(1))}));
    }
    case 11: // joined along the last dimension
      return rank >= 1 ? add(make<CatOp>({x, unary(x)}, {attr("dim", b.getI64IntegerAttr(rank - 1))})) : void();
    case 12: { // attention, written out
      if (rank != 3 || !constantLast(x) || exact)
        return;
      graph.rounds = true;
      Value h = make<TanhOp>({x});
      Value q = linear(body, h, 4), k = linear(body, h, 4), v = linear(body, h, 3);
      Value s = make<MulOp>({make<MatmulOp>({q, permuted(k, {0, 2, 1})}), number(0.5)});
      return add(make<MatmulOp>({softmax(s), v}));
    }
    case 13: { // a norm with stored statistics after a product
      if (!constantLast(x) || rank < 2 || exact)
        return;
      graph.rounds = true;
      int64_t out = pick(2, 5);
      Value y = linear(body, make<TanhOp>({x}), out);
      Value sd = make<SqrtOp>({make<AddOp>({make<AbsOp>({weight(body, {dim(out)}, true)}), number(0.1)})});
      y = make<DivOp>({make<SubOp>({y, weight(body, {dim(out)}, true)}), sd});
      return add(make<AddOp>({make<MulOp>({y, weight(body, {dim(out)})}), weight(body, {dim(out)})}));
    }
    case 14: // rows of a table
      if (!body.ids)
        return;
      return add(make<TakeOp>({weight(body, {dim(kVocabulary), dim(pick(2, 4))}), body.ids},
                              {attr("dim", b.getI64IntegerAttr(0))}));
    case 15: {
      if (!constantLast(x))
        return;
      SmallVector<int64_t> lo(rank, 0), hi(rank, 0);
      lo.back() = pick(0, 2);
      hi.back() = pick(-1, 1);
      return add(
          make<ConstantPadOp>({x}, {attr("lo", b.getDenseI64ArrayAttr(lo)), attr("hi", b.getDenseI64ArrayAttr(hi)),
                                    attr("value", b.getF64FloatAttr(0.25))}));
    }
    case 16: { // numbers from a key
      Value key = FrameKeyOp::create(b, loc, RngType::get(&ctx));
      key = KeyOp::create(b, loc, key.getType(), key, uint64_t(body.site++), iterations());
      Value r = RandomOp::create(b, loc, typeOf(x), key, TypeAttr::get(b.getF32Type()), shape(dims));
      return add(make<WhereOp>({make<LtOp>({r, number(0.5)}), x, number(0)}));
    }
    case 17: { // a buffer that is written
      Value old = weight(body, {dim(2)}, true);
      auto path = old.getDefiningOp<GetOp>().getPathAttr();
      SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, rank));
      Value total = rank ? reduced(make<TanhOp>({x}), all, false, true) : make<TanhOp>({x});
      SetOp::create(b, loc, path, make<AddOp>({make<MulOp>({old, number(0.5)}), total}));
      return chance(50) ? add(make<NegOp>({GetOp::create(b, loc, old.getType(), path)})) : void();
    }
    }
  }

  //===------------------------------------------------------------------===//
  // Loops and branches
  //===------------------------------------------------------------------===//

  ArrayAttr iterations() {
    SmallVector<DimAttr> names;
    for (const std::string &counter : counters)
      names.push_back(DimAttr::symbol(&ctx, counter));
    return names.empty() ? ArrayAttr() : shape(names);
  }
  Value sizeOf(DimAttr d) { return make<SizeOp>({}, {attr("size", d), attr("dtype", TypeAttr::get(b.getF32Type()))}); }
  /// One number that depends on all of x, of moderate size.
  Value total(Value x) {
    SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, dimsOf(x).size()));
    return make<TanhOp>({all.empty() ? x : reduced(x, all, false)});
  }
  /// A value of the type of `like`, made of what the region has come to.
  Value settled(Body &body, Value like) {
    for (Value v : llvm::reverse(body.values))
      if (v != like && v.getType() == like.getType() && chance(50))
        return chance(50) ? v : make<TanhOp>({make<AddOp>({v, like})});
    return make<TanhOp>({make<AddOp>({like, total(body.values.back())})});
  }

  /// Steps inside a region: what they make ends with it.
  template <typename F> void inside(Body &body, Region &region, F finish) {
    OpBuilder::InsertionGuard guard(b);
    auto outer = body.values;
    ++nesting;
    Block *block = region.empty() ? &region.emplaceBlock() : &region.front();
    b.setInsertionPointToEnd(block);
    for (BlockArgument arg : block->getArguments())
      body.values.push_back(arg);
    if (!counters.empty() && chance(40))
      body.values.push_back(make<MulOp>({number(0.25), sizeOf(DimAttr::symbol(&ctx, counters.back()))}));
    for (int64_t i = 0, e = pick(1, 4); i < e; ++i)
      step(body);
    if (!body.children.empty() && chance(25))
      call(body, body.children[pick(0, body.children.size() - 1)]);
    finish();
    --nesting;
    body.values = std::move(outer);
  }

  void branch(Body &body) {
    SmallVector<Value> likes;
    for (int64_t i = 0, e = pick(0, 2); i < e; ++i)
      likes.push_back(body.values[pick(0, body.values.size() - 1)]);
    Value cond = counters.empty() || chance(60)
                     ? make<LtOp>({total(body.values[pick(0, body.values.size() - 1)]), number(0.2)})
                     : make<LtOp>({sizeOf(DimAttr::symbol(&ctx, counters.back())), number(pick(0, 2))});
    if (chance(10))
      cond = FullOp::create(b, loc, cast<SymTensorType>(cond.getType()), TypedAttr(b.getI64IntegerAttr(pick(0, 1))),
                            TypeAttr::get(b.getI1Type()), b.getArrayAttr({}));
    auto op = IfOp::create(b, loc, ValueRange(likes).getTypes(), cond);
    for (Region *side : {&op.getThen(), &op.getOtherwise()})
      inside(body, *side, [&] {
        SmallVector<Value> yields;
        for (Value like : likes)
          yields.push_back(chance(30) ? like : settled(body, like));
        YieldOp::create(b, loc, yields);
      });
    llvm::append_range(body.values, op.getResults());
  }

  void loop(Body &body) {
    SmallVector<Value> inits;
    for (int64_t i = 0, e = pick(0, 3); i < e; ++i)
      inits.push_back(body.values[pick(0, body.values.size() - 1)]);
    std::string name = "t" + std::to_string(names++);
    bool rows = chance(50);
    DimAttr count = rows                              ? body.s
                    : chance(30) && !counters.empty() ? DimAttr::symbol(&ctx, counters.back())
                                                      : dim(pick(-1, 3));
    Operation *op = chance(70) ? ForOp::create(b, loc, b.getStringAttr(name), count, inits).getOperation()
                               : WhileOp::create(b, loc, b.getStringAttr(name), inits).getOperation();
    counters.push_back(name);
    for (Region &region : op->getRegions())
      for (Value v : inits)
        (region.empty() ? region.emplaceBlock() : region.front()).addArgument(v.getType(), loc);
    for (Region &region : op->getRegions())
      if (region.empty())
        region.emplaceBlock();
    if (auto whiles = dyn_cast<WhileOp>(op)) {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToEnd(&whiles.getCondition().front());
      Value cond = make<LtOp>({sizeOf(DimAttr::symbol(&ctx, name)), number(pick(0, 3))});
      if (!inits.empty() && chance(50))
        cond = make<BitwiseAndOp>({cond, make<LtOp>({total(whiles.getCondition().getArgument(0)), number(0.5)})});
      YieldOp::create(b, loc, cond);
    }
    Block &block = op->getRegions().back().front();
    inside(body, op->getRegions().back(), [&] {
      Value x = body.values[0];
      DimAttr t = DimAttr::symbol(&ctx, name);
      if (isa<ForOp>(op) && rows) { // rows by the counter, from the end, and written where they were
        bool back = chance(50);
        DimAttr at = back ? body.s.plus(dim(1), -1).plus(t, -1) : t;
        Value row = make<NarrowOp>({x}, {attr("dim", b.getI64IntegerAttr(1)), attr("start", at), attr("length", dim(1)),
                                         attr("step", b.getI64IntegerAttr(1))});
        body.values.push_back(
            make<UpdateSliceOp>({x, make<TanhOp>({row})}, {attr("start", shape({dim(0), t, dim(0)}))}));
      }
      SmallVector<Value> yields;
      for (BlockArgument arg : block.getArguments())
        yields.push_back(chance(15) ? arg : settled(body, arg));
      YieldOp::create(b, loc, yields);
    });
    counters.pop_back();
    llvm::append_range(body.values, op->getResults());
  }

  MLIRContext &ctx;
  OpBuilder b;
  Location loc;
  std::mt19937_64 rng;
  bool control;
  /// Nothing that the passes may compute with other roundings: half of the graphs with control, which are large.
  bool exact;
  RandomGraph graph;
  int classes = 0, nesting = 0, names = 0;
  /// Of the loops round the place that is filled, outermost first.
  std::vector<std::string> counters;
};
} // namespace

RandomGraph modc::test::makeRandomGraph(MLIRContext &ctx, uint64_t seed, bool control) {
  return Maker(ctx, seed, control).run();
}
