// The order in which a reduction inside a point joins its elements: one for vectors and scalars, static and dynamic
// sizes, so that it depends on the sizes alone. Partial results keep errors small and several sums in flight.
#include "compiler/cpu/Builders.h"
#include "compiler/cpu/VectorBody.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

namespace {
/// Positions of the innermost dimension that have sums of their own.
constexpr int64_t blockLength = 256;

class Reducer {
public:
  Reducer(OpBuilder &b, Location loc, kern::Reduction kind, ArrayRef<Value> start, ValueRange sizes,
          function_ref<SmallVector<Value>(ValueRange)> element)
      : b(b), loc(loc), kind(kind), start(start), sizes(sizes), element(element) {}

  SmallVector<Value> run() { return over(0); }

private:
  using Values = SmallVector<Value>;

  Values over(size_t dim) {
    Value zero = constant(0);
    if (dim + 1 < sizes.size())
      return loop(zero, sizes[dim], 1, start, [&](Value at, ValueRange sum) {
        indices.push_back(at);
        Values next = join(sum, over(dim + 1));
        indices.pop_back();
        return next;
      });
    // Known to be one block: no loop over blocks, the same sums.
    std::optional<int64_t> known = constantIndex(sizes[dim]);
    if (known && *known <= blockLength)
      return join(start, block(zero, sizes[dim]));
    return loop(zero, sizes[dim], blockLength, start, [&](Value first, ValueRange sum) {
      return join(sum, block(first, minIndex(b, loc, addIndex(b, loc, first, blockLength), sizes[dim])));
    });
  }

  /// Even and odd positions apart, then the two together.
  Values block(Value first, Value last) {
    Value two = constant(2), count = b.createOrFold<arith::SubIOp>(loc, last, first);
    Value pairs = addIndex(b, loc, first, mulIndex(b, loc, divIndex(b, loc, count, two), two));
    size_t n = start.size();
    Values both(start);
    both.append(start.begin(), start.end());
    Values sums = loop(first, pairs, 2, both, [&](Value at, ValueRange carried) {
      Values next = join(carried.take_front(n), here(at));
      next.append(join(carried.drop_front(n), here(addIndex(b, loc, at, 1))));
      return next;
    });
    Values even(sums.begin(), sums.begin() + n), odd(sums.begin() + n, sums.end());
    std::optional<int64_t> known = constantIndex(count);
    if (!known || *known % 2 != 0)
      even = loop(pairs, last, 1, even, [&](Value at, ValueRange carried) { return join(carried, here(at)); });
    return join(even, odd);
  }

  Values here(Value innermost) {
    indices.push_back(innermost);
    Values values = element(indices);
    indices.pop_back();
    return values;
  }
  Values join(ValueRange left, ValueRange right) {
    Values joined;
    for (auto [l, r] : llvm::zip(left, right))
      joined.push_back(combine(b, loc, kind, l, r));
    return joined;
  }
  Values loop(Value first, Value last, int64_t step, ValueRange carried, function_ref<Values(Value, ValueRange)> body) {
    auto loop = scf::ForOp::create(b, loc, first, last, constant(step), carried);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    scf::YieldOp::create(b, loc, body(loop.getInductionVar(), loop.getRegionIterArgs()));
    return Values(loop.result_begin(), loop.result_end());
  }
  Value constant(int64_t value) { return indexConstant(b, loc, value); }

  OpBuilder &b;
  Location loc;
  kern::Reduction kind;
  ArrayRef<Value> start;
  ValueRange sizes;
  function_ref<Values(ValueRange)> element;
  Values indices;
};
} // namespace

SmallVector<Value> cpu::reduceInOrder(OpBuilder &b, Location loc, kern::Reduction kind, ArrayRef<Value> start,
                                      ValueRange sizes, function_ref<SmallVector<Value>(ValueRange)> element) {
  return Reducer(b, loc, kind, start, sizes, element).run();
}
