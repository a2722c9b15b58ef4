// Finds attention written out as products and a softmax, and rows taken by consecutive indices. Attention that drops is
// written out.
#include "compiler/transform/Passes.h"
#include "compiler/transform/Sizes.h"
#include "compiler/transform/Views.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_RAISEPASS
#include "compiler/transform/Passes.h.inc"

namespace {
/// The operation that makes `v` for one reader alone.
template <typename OpTy> OpTy only(Value v, int uses = 1) {
  auto op = v.getDefiningOp<OpTy>();
  return op && std::distance(v.use_begin(), v.use_end()) == uses ? op : OpTy();
}

bool overLast(Value x, ArrayRef<int64_t> dims) {
  return dims.size() == 1 && dims[0] + 1 == int64_t(cast<SymTensorType>(x.getType()).getDims().size());
}

/// matmul(softmax(matmul(q, k) * scale + mask), v); the steps are numbered from the outside in.
struct RaiseAttention : OpRewritePattern<MatmulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MatmulOp op, PatternRewriter &rewriter) const override {
    // 1. exp(s - max(s)) / sum(exp(s - max(s))) over the last dimension
    auto quotient = only<DivOp>(op.getA());
    if (!quotient || op.getTransB())
      return failure();
    auto e = only<ExpOp>(quotient.getA(), 2);
    auto total = only<SumOp>(quotient.getB());
    if (!e || !total || total.getX() != e.getY() || !total.getKeepdim() || !overLast(e.getY(), total.getDims()))
      return failure();
    auto shifted = only<SubOp>(e.getX());
    if (!shifted)
      return failure();
    auto largest = only<AmaxOp>(shifted.getB());
    Value s = shifted.getA();
    if (!largest || largest.getX() != s || !largest.getKeepdim() || !overLast(s, largest.getDims()))
      return failure();
    auto scores = cast<SymTensorType>(s.getType());
    // 2. a mask that is added, or that puts -inf where it does not hold
    int uses = 2;
    Value mask;
    auto takeMask = [&](Value score, Value other) {
      if (!product(score) || score.getType() != s.getType())
        return false;
      s = score;
      mask = other;
      uses = 1;
      return true;
    };
    if (auto add = only<AddOp>(s, 2)) {
      if (!takeMask(add.getA(), add.getB()) && !takeMask(add.getB(), add.getA()))
        return failure();
    } else if (auto where = only<WhereOp>(s, 2)) {
      auto hidden = constantOf(where.getB());
      if (!hidden || *hidden != -std::numeric_limits<double>::infinity() || !takeMask(where.getA(), where.getCond()))
        return failure();
      auto bias = SymTensorType::get(scores.getElementType(), cast<SymTensorType>(mask.getType()).getDims());
      auto scalar = SymTensorType::get(scores.getElementType(), {});
      Value zero = makeFull(rewriter, op.getLoc(), scalar, rewriter.getF64FloatAttr(0));
      Value low = makeFull(rewriter, op.getLoc(), scalar, rewriter.getF64FloatAttr(*hidden));
      mask = WhereOp::create(rewriter, op.getLoc(), bias, mask, zero, low);
    }
    // 3. a constant scale
    double scale = 1;
    if (auto mul = only<MulOp>(s, uses)) {
      auto c = constantOf(mul.getB()), d = constantOf(mul.getA());
      if (!c && !d)
        return failure();
      scale = c ? *c : *d;
      s = c ? mul.getA() : mul.getB();
      uses = 1;
    } else if (auto div = only<DivOp>(s, uses)) {
      auto c = constantOf(div.getB());
      if (!c)
        return failure();
      scale = 1 / *c;
      s = div.getA();
      uses = 1;
    }
    // 4. the product of queries and keys
    auto qk = only<MatmulOp>(s, uses);
    if (!qk)
      return failure();
    Value q = qk.getA(), k = qk.getB(), v = op.getB();
    auto keys = cast<SymTensorType>(k.getType()).getDims();
    size_t rank = keys.size();
    if (!qk.getTransB()) {
      SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, rank));
      std::swap(order[rank - 1], order[rank - 2]);
      SmallVector<DimAttr> dims(keys);
      std::swap(dims[rank - 1], dims[rank - 2]);
      k = PermuteOp::create(rewriter, op.getLoc(), SymTensorType::get(scores.getElementType(), dims), k,
                            rewriter.getDenseI64ArrayAttr(order));
    }
    auto batch = [](Value x) { return cast<SymTensorType>(x.getType()).getDims().drop_back(2); };
    if (batch(q) != batch(k) || batch(q) != batch(v))
      return failure();
    auto attention =
        AttentionOp::create(rewriter, op.getLoc(), op.getType(), q, k, v, mask, Value(), rewriter.getBoolAttr(false),
                            rewriter.getF64FloatAttr(scale), rewriter.getF64FloatAttr(0));
    if (failed(AttentionOp(attention).verify()) || failed(checkTypes(attention))) {
      rewriter.eraseOp(attention);
      return failure();
    }
    rewriter.replaceOp(op, mask && !isFinite(mask) ? keepNan(rewriter, attention, mask) : attention.getY());
    return success();
  }

  /// Whether no element can be infinite or NaN, as the masks that are computed from a 0-1 input with constants.
  static bool isFinite(Value v) {
    if (auto c = constantOf(v))
      return std::isfinite(*c);
    Operation *op = behindViews(v).getDefiningOp();
    if (auto to = dyn_cast_or_null<ToOp>(op))
      return !isa<FloatType>(cast<SymTensorType>(to.getX().getType()).getElementType()) || isFinite(to.getX());
    if (auto where = dyn_cast_or_null<WhereOp>(op))
      return isFinite(where.getA()) && isFinite(where.getB());
    // Of at most 0 and 1 and one constant, no product or difference leaves the finite numbers.
    if (isa_and_nonnull<NegOp, MulOp, SubOp>(op))
      return llvm::all_of(op->getOperands(), isFinite);
    return false;
  }

  /// The formula is NaN in a row in which the mask hides all, where `attention` gives 0.
  static Value keepNan(PatternRewriter &b, AttentionOp attention, Value mask) {
    Location loc = attention.getLoc();
    auto type = cast<SymTensorType>(mask.getType());
    SmallVector<int64_t> last;
    if (!type.getDims().empty())
      last.push_back(type.getDims().size() - 1);
    auto scalar = SymTensorType::get(type.getElementType(), {});
    double infinity = std::numeric_limits<double>::infinity();
    Value most = createInferred<AmaxOp>(
        b, loc, {mask},
        {b.getNamedAttr("dims", b.getDenseI64ArrayAttr(last)), b.getNamedAttr("keepdim", b.getBoolAttr(true))});
    Value nothing = createInferred<EqOp>(b, loc, {most, makeFull(b, loc, scalar, b.getF64FloatAttr(-infinity))});
    Value nan = makeFull(b, loc, scalar, b.getF64FloatAttr(std::numeric_limits<double>::quiet_NaN()));
    return createInferred<WhereOp>(b, loc, {nothing, nan, attention.getY()});
  }

  static LogicalResult checkTypes(Operation *op) {
    SmallVector<Type> types;
    return success(succeeded(inferAgain(op, types)) && types[0] == op->getResult(0).getType());
  }

  /// Whether a value is the product of queries and keys, scaled or not.
  static bool product(Value v) {
    Operation *op = v.getDefiningOp();
    if (isa_and_nonnull<MulOp, DivOp>(op))
      return (constantOf(op->getOperand(1)) && product(op->getOperand(0))) ||
             (constantOf(op->getOperand(0)) && product(op->getOperand(1)));
    return isa_and_nonnull<MatmulOp>(op);
  }
};

/// Dropping needs the weights themselves: products around a softmax, whose rows draw as a `random` of their shape.
struct WriteOutDropping : OpRewritePattern<AttentionOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(AttentionOp op, PatternRewriter &b) const override {
    if (!op.getKey())
      return failure();
    Location loc = op.getLoc();
    auto q = cast<SymTensorType>(op.getQ().getType()), k = cast<SymTensorType>(op.getK().getType());
    size_t rank = q.getDims().size();
    DimAttr queries = q.getDims()[rank - 2], keys = k.getDims()[rank - 2];
    auto typed = [&](Type element, ArrayRef<DimAttr> dims) { return SymTensorType::get(element, dims); };
    Type element = q.getElementType();
    SmallVector<DimAttr> dims(q.getDims().drop_back()), ones(dims);
    dims.push_back(keys);
    ones.push_back(DimAttr::constant(op.getContext(), 1));
    SymTensorType scores = typed(element, dims), rows = typed(element, ones);
    auto number = [&](double x) { return makeFull(b, loc, typed(element, {}), b.getF64FloatAttr(x)); };
    constexpr double infinity = std::numeric_limits<double>::infinity();
    int64_t last = rank - 1;

    Value s = MatmulOp::create(b, loc, scores, op.getQ(), op.getK(), /*trans_b=*/true);
    s = MulOp::create(b, loc, scores, s, number(op.getScale().convertToDouble()));
    if (op.getMask())
      s = AddOp::create(b, loc, scores, s, op.getMask());
    if (op.getCausal()) {
      Type i64 = b.getI64Type();
      DimAttr one = DimAttr::constant(op.getContext(), 1);
      Value j = IotaOp::create(b, loc, typed(i64, {keys}), keys, i64);
      Value i = IotaOp::create(b, loc, typed(i64, {queries}), queries, i64);
      i = ReshapeOp::create(b, loc, typed(i64, {queries, one}), i, b.getArrayAttr({queries, one}));
      Value seen = LeOp::create(b, loc, typed(b.getI1Type(), {queries, keys}), j, i);
      s = WhereOp::create(b, loc, scores, seen, s, number(-infinity));
    }
    // A row that sees nothing gives 0.
    Value largest = AmaxOp::create(b, loc, rows, s, ArrayRef<int64_t>{last}, /*keepdim=*/true);
    Value blind = EqOp::create(b, loc, typed(b.getI1Type(), ones), largest, number(-infinity));
    Value shift = WhereOp::create(b, loc, rows, blind, number(0), largest);
    Value e = ExpOp::create(b, loc, scores, SubOp::create(b, loc, scores, s, shift));
    Value total = SumOp::create(b, loc, rows, e, ArrayRef<int64_t>{last}, /*keepdim=*/true);
    total = WhereOp::create(b, loc, rows, blind, number(1), total);
    double p = op.getDropoutP().convertToDouble();
    SmallVector<Attribute> shape(dims.begin(), dims.end());
    Value u = RandomOp::create(b, loc, scores, op.getKey(), element, b.getArrayAttr(shape));
    Value dropped = LtOp::create(b, loc, typed(b.getI1Type(), dims), u, number(p));
    Value w = DivOp::create(b, loc, scores, e, total);
    w = WhereOp::create(b, loc, scores, dropped, number(0), DivOp::create(b, loc, scores, w, number(1 - p)));
    b.replaceOpWithNewOp<MatmulOp>(op, op.getType(), w, op.getV());
    return success();
  }
};

/// Rows 0, 1, … n - 1 are a slice; that they exist is checked at entry instead of row by row.
struct TakeConsecutive : OpRewritePattern<TakeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TakeOp op, PatternRewriter &rewriter) const override {
    auto iota = op.getIndex().getDefiningOp<IotaOp>();
    auto f = op->getParentOfType<FuncOp>();
    // In a loop or branch the rows may never be asked for; then they need not exist.
    if (!iota || !f || op->getParentOp() != f)
      return failure();
    DimAttr size = cast<SymTensorType>(op.getX().getType()).getDims()[op.getDim()];
    std::string text = "index out of range: " + iota.getN().text() + " rows of " + size.text();
    addGuards(f, {GuardAttr::get(op.getContext(), "le", iota.getN(), size, text)});
    auto zero = DimAttr::constant(op.getContext(), 0);
    rewriter.replaceOpWithNewOp<NarrowOp>(op, op.getType(), op.getX(), op.getDimAttr(), zero, iota.getN(),
                                          rewriter.getI64IntegerAttr(1));
    return success();
  }
};

struct Raise : impl::RaisePassBase<Raise> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<RaiseAttention, TakeConsecutive, WriteOutDropping>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
} // namespace modc
