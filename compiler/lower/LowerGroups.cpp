// The pass lower-groups: signatures of kernel functions, and the choice of a way for each kernel.
#include "compiler/lower/LowerGroups.h"
#include "compiler/lower/Kernel.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;
using namespace modc;
using namespace modc::lower;
using mod::DimAttr;

/// The argument that a tensor becomes: panels, or a flat memref that `Emitter` gives a shape. Null where the layout is
/// none that kernels know.
static Type argumentType(mod::SymTensorType type) {
  auto number = [](DimAttr d) { return d.getConstant().value_or(ShapedType::kDynamic); };
  Type element = storageType(type.getElementType());
  if (type.getLayout() && !type.getLayout().getPanel().empty()) {
    if (type.getDims().size() != 2)
      return {};
    size_t panel = type.getLayout().getPanel()[0];
    return kern::PanelsType::get(type.getContext(), number(type.getDims()[panel]), number(type.getDims()[1 - panel]),
                                 element);
  }
  return MemRefType::get({number(type.getCount())}, element);
}

bool lower::readsPanels(Value value, Operation *except) {
  SmallVector<Value> todo{value};
  llvm::SmallPtrSet<void *, 16> seen;
  while (!todo.empty()) {
    Value v = todo.pop_back_val();
    Operation *op = v.getDefiningOp();
    if (op && (op == except || !seen.insert(op).second))
      continue;
    if (op)
      llvm::append_range(todo, op->getOperands());
    else if (auto tensor = dyn_cast<mod::SymTensorType>(v.getType()))
      if (tensor.getLayout() && !tensor.getLayout().getPanel().empty())
        return true;
  }
  return false;
}

bool lower::isInOrder(Operation *op) {
  return isa_and_nonnull<mod::CumsumOp, mod::IndexAddOp, mod::ScatterAddOp, mod::SortOp>(op);
}

/// An operation that is to be a kernel of its own and is not, among what makes a value; null where there is none.
static Operation *findInOrder(Value value) {
  SmallVector<Value> todo{value};
  llvm::SmallPtrSet<Operation *, 16> seen;
  while (!todo.empty()) {
    Operation *op = todo.pop_back_val().getDefiningOp();
    if (isInOrder(op))
      return op;
    if (op && seen.insert(op).second)
      llvm::append_range(todo, op->getOperands());
  }
  return nullptr;
}

LogicalResult Kernel::lower() {
  for (Output &output : outputs)
    if (isa<kern::PanelsType>(output.target.getType()) && failed(lowerPack(output)))
      return failure();
  for (Operation &op : *source->getRegion(0).begin()) {
    if (auto cumsum = dyn_cast<mod::CumsumOp>(op))
      lowerCumsum(cumsum);
    else if (auto add = dyn_cast<mod::IndexAddOp>(op))
      lowerAddition(add.getX(), add.getIndex(), add.getV(), add.getY(), add.getDim(), /*scatters=*/false);
    else if (auto add = dyn_cast<mod::ScatterAddOp>(op))
      lowerAddition(add.getX(), add.getIndex(), add.getV(), add.getY(), add.getDim(), /*scatters=*/true);
    else if (auto sort = dyn_cast<mod::SortOp>(op))
      lowerSort(sort);
  }
  for (Operation &op : *source->getRegion(0).begin())
    if (auto matmul = dyn_cast<mod::MatmulOp>(op)) {
      if (lowerMatmul(matmul))
        break;
    } else if (auto attention = dyn_cast<mod::AttentionOp>(op)) {
      if (lowerAttention(attention))
        break;
    } else if (auto conv = dyn_cast<mod::ConvOp>(op)) {
      if (lowerConv(conv))
        break;
    }
  for (Output &output : outputs)
    if (Operation *op = output.done ? nullptr : findInOrder(output.value))
      return op->emitOpError("is a kernel of its own, whose result alone is written");
  return lowerRest();
}

static LogicalResult lowerOne(Operation *source, StringRef name, ArrayAttr dims, StringAttr kind, ArrayAttr from,
                              OpBuilder &builder) {
  Block &body = source->getRegion(0).front();
  auto yield = dyn_cast_or_null<mod::YieldOp>(body.empty() ? nullptr : &body.back());
  if (!yield)
    return source->emitOpError("has no mod.yield");

  SmallVector<Type> types;
  SmallVector<Location> locations;
  auto add = [&](Value v) {
    auto tensor = dyn_cast<mod::SymTensorType>(v.getType());
    types.push_back(tensor ? argumentType(tensor) : builder.getI64Type());
    locations.push_back(v.getLoc());
    if (!types.back())
      source->emitOpError("panels of a tensor that is no matrix: ") << v.getType();
    return bool(types.back());
  };
  if (!llvm::all_of(body.getArguments(), add) || !llvm::all_of(yield.getValues(), add))
    return failure();
  for (size_t i = 0; i < dims.size(); ++i) {
    types.push_back(builder.getIndexType());
    locations.push_back(source->getLoc());
  }

  auto func = kern::FuncOp::create(builder, source->getLoc(), name, types, locations);
  if (kind)
    func.setKindAttr(kind);
  if (from && !from.empty())
    func.setFromAttr(from);
  llvm::DenseMap<Value, Value> arguments;
  for (BlockArgument arg : body.getArguments())
    arguments[arg] = func.getArgument(arg.getArgNumber());
  SmallVector<Output> outputs;
  size_t next = body.getNumArguments();
  for (Value v : yield.getValues())
    outputs.push_back({v, func.getArgument(next++)});
  std::map<std::string, Value> sizes;
  for (auto dim : dims.getAsRange<StringAttr>())
    sizes[dim.str()] = func.getArgument(next++);

  IndexSpace space(builder.getContext());
  Emitter emitter(func, space, std::move(arguments), std::move(sizes));
  if (failed(Kernel(source, func, std::move(outputs), space, emitter).lower()))
    return failure();
  emitter.finish();
  return success();
}

OwningOpRef<ModuleOp> lower::lowerGroups(ModuleOp graph) {
  MLIRContext *ctx = graph.getContext();
  ctx->loadDialect<kern::KernDialect, arith::ArithDialect, math::MathDialect, memref::MemRefDialect, scf::SCFDialect>();
  OwningOpRef<ModuleOp> result = ModuleOp::create(graph.getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(result->getBody());
  for (Operation &op : *graph.getBody()) {
    LogicalResult done = success();
    if (auto kernel = dyn_cast<mod::KernelOp>(op))
      done = lowerOne(kernel, kernel.getSymName(), kernel.getDims(), kernel.getKindAttr(),
                      kernel.getFrom().value_or(ArrayAttr()), builder);
    else if (auto prepare = dyn_cast<mod::PrepareOp>(op))
      done = lowerOne(prepare, prepare.getSymName(), builder.getArrayAttr({}), builder.getStringAttr("prepare"), {},
                      builder);
    if (failed(done))
      return {};
  }
  PassManager clean(ctx);
  clean.addPass(createCSEPass());
  clean.addPass(createCanonicalizerPass());
  clean.addPass(createCSEPass());
  if (failed(clean.run(*result)))
    return {};
  return result;
}

namespace {
struct LowerGroupsPass : PassWrapper<LowerGroupsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(LowerGroupsPass)
  StringRef getArgument() const override { return "mod-lower-groups"; }
  StringRef getDescription() const override { return "kernels and prepares as kern.func"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry
        .insert<kern::KernDialect, arith::ArithDialect, math::MathDialect, memref::MemRefDialect, scf::SCFDialect>();
  }
  void runOnOperation() override {
    ModuleOp module = getOperation();
    OwningOpRef<ModuleOp> kernels = lowerGroups(module);
    if (!kernels)
      return signalPassFailure();
    module.getBody()->clear();
    module.getBody()->getOperations().splice(module.getBody()->end(), kernels->getBody()->getOperations());
  }
};
} // namespace

std::unique_ptr<Pass> lower::createLowerGroupsPass() { return std::make_unique<LowerGroupsPass>(); }
void modc::registerLowerPasses() { PassRegistration<LowerGroupsPass>(); }
