// Maps and rows: loops over outputs, with the reductions that a whole row shares made once for the row.
#include "compiler/lower/Kernel.h"
#include "compiler/lower/Reuse.h"
#include "compiler/transform/Kernels.h"
#include "llvm/Support/SaveAndRestore.h"
#include <set>

using namespace mlir;
using namespace modc;
using namespace modc::lower;
using mod::DimAttr;

namespace {
/// How the elements of one output are visited: loops outside, for each of which the reductions are made, and loops over
/// the row's elements.
struct Plan {
  SmallVector<DimAttr> outer, inner;
  Indices at;
  SmallVector<Request> requests;
  bool rows = false;

  /// Outputs of equal keys go into one kernel operation.
  std::string key() const {
    std::string out = rows ? "rows" : "map";
    for (DimAttr d : outer)
      out += "," + d.text();
    return out;
  }
};
} // namespace

/// Memory that the kept elements of a row may take.
static constexpr int64_t rowBytes = 16 << 10;

static bool isOuter(const Expr &e) {
  return usesOnly(e, [](const Atom *atom) { return atom->kind == Atom::Kind::Outer; });
}

/// True where the reduction runs over its operand's innermost dimension.
static bool reducesInnermost(Operation *op) {
  auto dims = mod::SymTensorType(tensorType(op->getOperand(0))).getDims();
  SmallVector<int64_t> over;
  if (auto argmax = dyn_cast<mod::ArgmaxOp>(op))
    over = {int64_t(argmax.getDim())};
  else
    llvm::append_range(over, cast<DenseI64ArrayAttr>(op->getAttr("dims")).asArrayRef());
  for (size_t i = dims.size(); i-- > 0;)
    if (dims[i].getConstant() != 1)
      return llvm::is_contained(over, int64_t(i));
  return true;
}

static Plan makePlan(IndexSpace &space, Value value) {
  // Each dimension of the output is a product of loops; one to begin with, more where views would divide its variable.
  auto dims = tensorType(value).getDims();
  SmallVector<SmallVector<DimAttr>> factors;
  for (DimAttr d : dims)
    factors.push_back(d.getConstant() == 1 ? SmallVector<DimAttr>{} : SmallVector<DimAttr>{d});
  auto indices = [&](function_ref<const Atom *(unsigned)> atomAt) {
    Indices at;
    unsigned position = 0;
    for (auto &product : factors) {
      Indices parts;
      for (size_t i = 0; i < product.size(); ++i)
        parts.push_back(space.of(atomAt(position++)));
      at.push_back(space.linearise(parts, product));
    }
    return at;
  };
  SmallVector<DimAttr> loops;
  SmallVector<Request> requests;
  for (int attempt = 0;; ++attempt) {
    loops.clear();
    for (auto &product : factors)
      llvm::append_range(loops, product);
    Indices at = indices([&](unsigned i) { return space.outer(i, loops[i]); });
    space.wish.reset();
    requests = collectRequests(space, value, at, 0, isOuter);
    if (!space.wish || attempt == 8)
      break;
    unsigned position = 0;
    for (auto &product : factors)
      for (size_t i = 0; i < product.size(); ++i, ++position)
        if (space.wish && space.outer(position, product[i]) == space.wish->atom) {
          product.insert(product.begin() + i + 1, space.wish->divisor);
          product[i] = *product[i].divideExactly(space.wish->divisor);
          space.wish.reset();
        }
  }

  Plan plan;
  llvm::SmallPtrSet<const Atom *, 8> used;
  for (Request &request : requests) {
    if (!request.reduction())
      continue;
    plan.rows |= reducesInnermost(request.reduction());
    for (const Expr &e : request.at)
      walkVariables(e, [&](const Atom *atom) { used.insert(atom); });
  }
  SmallVector<const Atom *> atoms;
  for (auto [i, d] : llvm::enumerate(loops)) {
    bool outer = requests.empty() || used.contains(space.outer(i, d));
    auto &target = outer ? plan.outer : plan.inner;
    atoms.push_back(outer ? space.outer(target.size(), d) : space.inner(0, target.size(), d));
    target.push_back(d);
  }
  plan.rows |= !plan.inner.empty();
  plan.at = indices([&](unsigned i) { return atoms[i]; });
  plan.requests = collectRequests(space, value, plan.at, plan.inner.empty() ? 0 : 1, isOuter);
  return plan;
}

/// Of a kernel that writes a slice of its first argument, which is where its result lies: the slice.
static mod::UpdateSliceOp sliceIn(Operation *source, const Output &output) {
  auto kernel = dyn_cast<mod::KernelOp>(source);
  return kernel && kernel.getKind() == kSlice ? output.value.getDefiningOp<mod::UpdateSliceOp>() : mod::UpdateSliceOp();
}

LogicalResult Kernel::lowerRest() {
  auto sliceOf = [&](const Output &output) { return sliceIn(source, output); };
  std::vector<std::pair<Output *, Plan>> plans;
  for (Output &output : outputs) {
    if (output.done)
      continue;
    if (readsPanels(output.value))
      return source->emitOpError(
          "reads a packed operand other than as the right side of a product whose left side is a view of an operand");
    plans.push_back({&output, makePlan(space, sliceOf(output) ? sliceOf(output).getV() : output.value)});
  }
  auto put = [&](Output &output, const Plan &plan) {
    Indices to = plan.at;
    mod::UpdateSliceOp slice = sliceOf(output);
    if (slice)
      for (auto [index, start] : llvm::zip(to, slice.getStart().getAsRange<DimAttr>()))
        index = space.offset(index, start);
    e.store(output.target, tensorType(output.value), to, e.at(slice ? slice.getV() : output.value, plan.at));
    output.done = true;
  };
  auto sizes = [&](ArrayRef<DimAttr> dims) { return llvm::map_to_vector(dims, [&](DimAttr d) { return e.dim(d); }); };

  // Elements that one sweep over a row computes and a later one needs again go through memory of the row.
  auto keepRows = [&](ArrayRef<std::pair<Output *, Plan *>> group) {
    std::vector<Sweep> sweeps;
    std::set<std::string> asked;
    for (auto &[output, member] : group)
      for (Request &request : member->requests)
        if (Operation *op = request.reduction();
            op && asked.insert(std::to_string(uintptr_t(op)) + keyOf(request.at)).second)
          sweeps.push_back(sweepOf(space, request));
    for (auto &[output, member] : group) {
      if (member->inner.empty())
        continue;
      auto same =
          llvm::find_if(sweeps, [&, member = member](Sweep &s) { return s.outputs && s.dims == member->inner; });
      if (same == sweeps.end()) {
        sweeps.push_back({member->inner, {}, /*outputs=*/true});
        same = sweeps.end() - 1;
      }
      same->wanted.push_back({sliceOf(*output) ? sliceOf(*output).getV() : output->value, member->at});
    }
    struct Kept {
      Value memory;
      SmallVector<DimAttr> dims;
      bool stored = false;
    };
    auto kept = std::make_shared<std::map<std::string, Kept>>();
    for (const Reuse &reuse : findReuse(space, sweeps, rowBytes, isOuter)) {
      SmallVector<int64_t> shape = llvm::map_to_vector(reuse.dims, [](DimAttr d) { return *d.getConstant(); });
      auto type = MemRefType::get(shape, computeType(tensorType(reuse.value).getElementType()));
      (*kept)[reuse.key()] = {kern::TempOp::create(e.b, func.getLoc(), type), reuse.dims};
    }
    if (kept->empty())
      return;
    auto find = [this, kept](Value tensor, ArrayRef<Expr> at) -> Kept * {
      auto found = kept->find(Reuse{tensor, Indices(at), {}}.key());
      // Within a sweep over the row, and not deeper.
      return found != kept->end() && e.depth == 1 ? &found->second : nullptr;
    };
    auto place = [this](const Kept &row) {
      SmallVector<Value> at;
      for (auto [i, d] : llvm::enumerate(row.dims))
        at.push_back(e.index(space.of(space.inner(0, i, d))));
      return at;
    };
    e.known = [this, find, place](Value tensor, ArrayRef<Expr> at) -> Value {
      Kept *row = find(tensor, at);
      if (!row || !row->stored)
        return {};
      return kern::LoadOp::create(e.b, func.getLoc(), row->memory, place(*row));
    };
    e.computed = [this, find, place](Value tensor, ArrayRef<Expr> at, Value element) {
      if (Kept *row = find(tensor, at)) {
        kern::StoreOp::create(e.b, func.getLoc(), element, row->memory, place(*row));
        row->stored = true;
      }
    };
  };

  for (auto &[first, plan] : plans) {
    if (first->done)
      continue;
    auto body = [&, &plan = plan](OpBuilder &, Location, ValueRange ivs) {
      SmallVector<std::pair<const Atom *, Value>> bindings;
      for (auto [i, d, iv] : llvm::enumerate(plan.outer, ivs))
        bindings.push_back({space.outer(i, d), iv});
      llvm::SaveAndRestore here(e.inSpace, true);
      e.inScope(bindings, [&] {
        SmallVector<std::pair<Output *, Plan *>> group;
        for (auto &[output, other] : plans)
          if (!output->done && other.key() == plan.key())
            group.push_back({output, &other});
        if (plan.rows)
          keepRows(group);
        for (auto &[output, member] : group)
          for (Request &request : member->requests)
            e.emitRequest(request);
        for (auto &[output, member] : group)
          if (member->inner.empty())
            put(*output, *member);
        // Outputs over rows of one size are written in one go.
        for (auto &[output, member] : group) {
          if (output->done)
            continue;
          kern::EachOp::create(e.b, func.getLoc(), sizes(member->inner),
                               [&, member = member](OpBuilder &, Location, ValueRange elements) {
                                 SmallVector<std::pair<const Atom *, Value>> inside;
                                 for (auto [i, d, iv] : llvm::enumerate(member->inner, elements))
                                   inside.push_back({space.inner(0, i, d), iv});
                                 llvm::SaveAndRestore deeper(e.depth, 1u);
                                 e.inScope(inside, [&] {
                                   for (auto &[other, with] : group)
                                     if (!other->done && with->inner == member->inner)
                                       put(*other, *with);
                                 });
                               });
        }
        e.known = nullptr;
        e.computed = nullptr;
      });
    };
    SmallVector<Value> outer = sizes(plan.outer);
    if (plan.rows)
      kern::RowsOp::create(e.b, func.getLoc(), outer, body);
    else
      kern::MapOp::create(e.b, func.getLoc(), outer, body);
  }
  return success();
}
