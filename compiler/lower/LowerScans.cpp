// Running sums, additions by index and sorting: kernels whose elements depend on each other along one dimension, run in
// order along it and independently over all others.
#include "compiler/lower/Kernel.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace modc;
using namespace modc::lower;
using mod::DimAttr;

namespace {
/// The loops over all dimensions of a tensor but one, and the indices inside them.
struct Lines {
  SmallVector<DimAttr> outer;
  Indices at;
  size_t dim;
  /// Whether nothing but dimensions of 1 follows the one left out.
  bool innermost = true;

  Lines(IndexSpace &space, mod::SymTensorType type, size_t dim) : dim(dim) {
    for (auto [i, d] : llvm::enumerate(type.getDims())) {
      bool loop = i != dim && d.getConstant() != 1;
      at.push_back(loop ? space.of(space.outer(outer.size(), d)) : space.zero());
      if (loop)
        outer.push_back(d);
      innermost &= !loop || i < dim;
    }
  }
  Indices with(const Expr &e) const {
    Indices indices(at);
    indices[dim] = e;
    return indices;
  }
};

/// Emits loops in the order of their indices.
class Loops {
public:
  Loops(Emitter &e, Location loc) : e(e), loc(loc) {}

  Value constant(int64_t n) { return e.dim(e.space.dim(n)); }
  /// A loop from 0 to `count` with a value carried, null where there is none.
  Value run(Value count, Value carried, function_ref<Value(Value, Value)> body) {
    SmallVector<Value, 1> init;
    if (carried)
      init.push_back(carried);
    auto loop = scf::ForOp::create(e.b, loc, constant(0), count, constant(1), init,
                                   [&](OpBuilder &, Location, Value iv, ValueRange state) {
                                     Value next;
                                     e.inScope({}, [&] { next = body(iv, carried ? state[0] : Value()); });
                                     scf::YieldOp::create(e.b, loc, carried ? ValueRange(next) : ValueRange());
                                   });
    return carried ? loop.getResult(0) : Value();
  }
  /// Runs `body` for every point of a space, with its variables bound as inner atoms of depth 0.
  void nest(ArrayRef<DimAttr> sizes, function_ref<void()> body, unsigned position = 0) {
    if (position == sizes.size())
      return body();
    run(e.dim(sizes[position]), {}, [&](Value iv, Value) {
      e.inScope({{e.space.inner(0, position, sizes[position]), iv}}, [&] { nest(sizes, body, position + 1); });
      return Value();
    });
  }

  Emitter &e;
  Location loc;
};
} // namespace

/// Runs `body` for each line: in vectors across lines where these lie side by side, else one line after another.
static void forLines(Emitter &e, Location loc, const Lines &lines, bool vectors, function_ref<void()> body) {
  SmallVector<Value> sizes = llvm::map_to_vector(lines.outer, [&](DimAttr d) { return e.dim(d); });
  auto inside = [&](OpBuilder &, Location, ValueRange ivs) {
    SmallVector<std::pair<const Atom *, Value>> bindings;
    for (auto [i, d, iv] : llvm::enumerate(lines.outer, ivs))
      bindings.push_back({e.space.outer(i, d), iv});
    llvm::SaveAndRestore deeper(e.depth, 2u);
    e.inScope(bindings, body);
  };
  if (vectors)
    kern::MapOp::create(e.b, loc, sizes, inside);
  else
    kern::RowsOp::create(e.b, loc, sizes, inside);
}

bool Kernel::lowerCumsum(mod::CumsumOp op) {
  auto type = tensorType(op.getY());
  Lines lines(space, type, op.getDim());
  DimAttr size = type.getDims()[op.getDim()];
  Expr here = space.of(space.inner(0, 0, size));
  return forOutputs(op.getY(), lines.with(here), [&](Output &output, ArrayRef<Expr> to) {
    Type sum = computeType(type.getElementType());
    forLines(e, op.getLoc(), lines, !lines.innermost, [&] {
      Loops loops(e, op.getLoc());
      loops.run(e.dim(size), mod::scalar::constant(e.b, op.getLoc(), sum, 0), [&](Value iv, Value total) {
        e.inScope({{space.inner(0, 0, size), iv}}, [&] {
          Value x = e.at(op.getX(), lines.with(here));
          if (x.getType() != sum)
            x = mod::scalar::convert(e.b, op.getLoc(), x, sum);
          total = mod::scalar::add(e.b, op.getLoc(), total, x);
          e.store(output.target, tensorType(output.value), to, total);
        });
        return total;
      });
    });
  });
}

/// `index`, of these sizes, says where along `dim` of x the elements of v are added.
bool Kernel::lowerAddition(Value x, Value index, Value v, Value y, size_t dim, bool scatters) {
  Location loc = y.getLoc();
  auto type = tensorType(y);
  Lines lines(space, type, dim);
  DimAttr size = type.getDims()[dim];
  const Atom *place = space.inner(1, 0, size);
  Indices target = lines.with(space.of(place));
  // The loops that run in order: along `dim` of the index, or over all of it.
  SmallVector<DimAttr> ordered;
  if (scatters)
    ordered.push_back(tensorType(index).getDims()[dim]);
  else
    llvm::append_range(ordered, tensorType(index).getDims());
  Indices steps;
  for (auto [i, d] : llvm::enumerate(ordered))
    steps.push_back(space.of(space.inner(0, i, d)));
  Indices indexAt = scatters ? lines.with(steps[0]) : steps, from = indexAt;
  if (!scatters) {
    from.assign(lines.at.begin(), lines.at.begin() + dim);
    llvm::append_range(from, steps);
    from.append(lines.at.begin() + dim + 1, lines.at.end());
  }
  return forOutputs(y, target, [&](Output &output, ArrayRef<Expr> to) {
    auto stored = tensorType(output.value);
    forLines(e, loc, lines, !lines.innermost, [&] {
      Loops loops(e, loc);
      loops.run(e.dim(size), {}, [&](Value iv, Value) {
        e.inScope({{place, iv}}, [&] { e.store(output.target, stored, to, e.at(x, target)); });
        return Value();
      });
      loops.nest(ordered, [&] {
        Value found = kern::CheckIndexOp::create(e.b, loc, e.b.getIndexType(), e.at(index, indexAt), e.dim(size));
        Value added = e.at(v, from);
        e.inScope({{place, found}}, [&] {
          e.store(output.target, stored, to, mod::scalar::add(e.b, loc, e.load(output.target, stored, to), added));
        });
      });
    });
  });
}

namespace {
/// Sorting a line in its outputs: a heap, ordered by value and then by where an element came from, which makes the
/// order total and therefore the sort stable. No memory but the outputs is needed.
class HeapSort {
public:
  HeapSort(Emitter &e, mod::SortOp op, const Lines &lines, Output *values, Output *indices)
      : e(e), loc(op.getLoc()), op(op), lines(lines), values(values), indices(indices), loops(e, loc),
        size(tensorType(op.getX()).getDims()[op.getDim()]), place(e.space.inner(0, 0, size)),
        origin(e.space.inner(1, 0, size)) {}

  void run() {
    Value n = e.dim(size), zero = loops.constant(0), one = loops.constant(1), two = loops.constant(2);
    loops.run(n, {}, [&](Value j, Value) {
      Element x;
      e.inScope({{place, j}}, [&] { x.value = e.at(op.getX(), lines.with(e.space.of(place))); });
      x.from = arith::IndexCastOp::create(e.b, loc, e.b.getI64Type(), j);
      write(j, x);
      return Value();
    });
    Value half = arith::DivUIOp::create(e.b, loc, n, two);
    Value top = arith::SubIOp::create(e.b, loc, half, one);
    loops.run(half, {}, [&](Value j, Value) {
      Value root = arith::SubIOp::create(e.b, loc, top, j);
      sink(read(root), root, n);
      return Value();
    });
    Value last = arith::SubIOp::create(e.b, loc, n, one);
    loops.run(last, {}, [&](Value j, Value) {
      Value end = arith::SubIOp::create(e.b, loc, last, j);
      Element held = read(end);
      write(end, read(zero));
      sink(held, zero, end);
      return Value();
    });
  }

private:
  struct Element {
    Value value, from;
  };

  /// Where an output keeps the element at a position of the line.
  std::optional<Indices> placeOf(Output *output, Value result) {
    return pushForward(e.space, result, lines.with(e.space.of(place)), output->value);
  }
  Element read(Value position) {
    Element x;
    e.inScope({{place, position}}, [&] {
      if (indices)
        x.from = e.load(indices->target, tensorType(indices->value), *placeOf(indices, op.getIndices()));
      if (values)
        x.value = e.load(values->target, tensorType(values->value), *placeOf(values, op.getValues()));
    });
    if (!values) {
      Value at = arith::IndexCastOp::create(e.b, loc, e.b.getIndexType(), x.from);
      e.inScope({{origin, at}}, [&] { x.value = e.at(op.getX(), lines.with(e.space.of(origin))); });
    }
    return x;
  }
  void write(Value position, const Element &x) {
    e.inScope({{place, position}}, [&] {
      if (values)
        e.store(values->target, tensorType(values->value), *placeOf(values, op.getValues()), x.value);
      if (indices)
        e.store(indices->target, tensorType(indices->value), *placeOf(indices, op.getIndices()), x.from);
    });
  }

  /// a < b, where NaN is larger than any number.
  Value less(Value a, Value b) {
    Value below = mod::scalar::lt(e.b, loc, a, b);
    if (!isa<FloatType>(a.getType()))
      return below;
    Value number = arith::CmpFOp::create(e.b, loc, arith::CmpFPredicate::ORD, a, a);
    Value nan = arith::CmpFOp::create(e.b, loc, arith::CmpFPredicate::UNO, b, b);
    return arith::OrIOp::create(e.b, loc, below, arith::AndIOp::create(e.b, loc, number, nan));
  }
  Value precedes(const Element &a, const Element &b) {
    bool down = op.getDescending();
    Value before = down ? less(b.value, a.value) : less(a.value, b.value);
    if (!indices)
      return before;
    Value after = down ? less(a.value, b.value) : less(b.value, a.value);
    Value earlier = arith::CmpIOp::create(e.b, loc, arith::CmpIPredicate::slt, a.from, b.from);
    return arith::SelectOp::create(e.b, loc, before, before,
                                   arith::AndIOp::create(e.b, loc, mod::scalar::logicalNot(e.b, loc, after), earlier));
  }
  /// Puts an element where the heap of the first `end` elements has a hole, which moves down while a child goes after
  /// the element.
  void sink(const Element &held, Value hole, Value end) {
    Value one = loops.constant(1), last = arith::SubIOp::create(e.b, loc, end, one);
    auto childOf = [&](Value position) -> Value {
      return arith::AddIOp::create(e.b, loc, arith::AddIOp::create(e.b, loc, position, position), one);
    };
    // The second value is where children are looked for: the hole, or the end once it stays.
    auto loop = scf::WhileOp::create(
        e.b, loc, TypeRange{e.b.getIndexType(), e.b.getIndexType()}, ValueRange{hole, hole},
        [&](OpBuilder &, Location, ValueRange state) {
          Value more = arith::CmpIOp::create(e.b, loc, arith::CmpIPredicate::slt, childOf(state[1]), end);
          scf::ConditionOp::create(e.b, loc, more, state);
        },
        [&](OpBuilder &, Location, ValueRange state) {
          e.inScope({}, [&] {
            Value left = childOf(state[0]);
            Value right = arith::MinSIOp::create(e.b, loc, arith::AddIOp::create(e.b, loc, left, one), last);
            Value second = precedes(read(left), read(right));
            Value position = arith::SelectOp::create(e.b, loc, second, right, left);
            Element child = read(position);
            Value moves = precedes(held, child);
            // Where it stays, what is written here is written over below.
            write(state[0], child);
            scf::YieldOp::create(e.b, loc,
                                 ValueRange{arith::SelectOp::create(e.b, loc, moves, position, state[0]),
                                            arith::SelectOp::create(e.b, loc, moves, position, end)});
          });
        });
    write(loop.getResult(0), held);
  }

  Emitter &e;
  Location loc;
  mod::SortOp op;
  const Lines &lines;
  Output *values, *indices;
  Loops loops;
  DimAttr size;
  const Atom *place, *origin;
};
} // namespace

bool Kernel::lowerSort(mod::SortOp op) {
  Lines lines(space, tensorType(op.getX()), op.getDim());
  Indices at = lines.with(space.of(space.inner(0, 0, tensorType(op.getX()).getDims()[op.getDim()])));
  auto next = [&](Value result) -> Output * {
    for (Output &output : outputs)
      if (!output.done && pushForward(space, result, at, output.value) && isReached(result, output.value))
        return &output;
    return nullptr;
  };
  bool any = false;
  for (;;) {
    Output *values = next(op.getValues()), *indices = next(op.getIndices());
    if (!values && !indices)
      return any;
    any = true;
    forLines(e, op.getLoc(), lines, /*vectors=*/false, [&] { HeapSort(e, op, lines, values, indices).run(); });
    for (Output *output : {values, indices})
      if (output)
        output->done = true;
  }
}

bool Kernel::isReached(Value result, Value output) {
  while (output != result) {
    Operation *op = output.getDefiningOp();
    if (!isa_and_nonnull<mod::ReshapeOp, mod::PermuteOp, mod::AssumeOp>(op))
      return false;
    output = op->getOperand(0);
  }
  return true;
}

bool Kernel::forOutputs(Value result, ArrayRef<Expr> at, function_ref<void(Output &, ArrayRef<Expr>)> emit) {
  bool any = false;
  for (Output &output : outputs) {
    if (output.done || !isReached(result, output.value))
      continue;
    if (auto to = pushForward(space, result, at, output.value)) {
      emit(output, *to);
      output.done = any = true;
    }
  }
  return any;
}
