// kern.func to loops: the chunk function and the function that counts chunks, each operation by its builder or as
// scalar loops.
#include "compiler/cpu/KernToLoops.h"
#include "compiler/cpu/Builders.h"
#include "compiler/cpu/Pipeline.h"
#include "compiler/cpu/Tiles.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

const OpLowering *cpu::findLowering(Operation *op) {
  return llvm::TypeSwitch<Operation *, const OpLowering *>(op)
      .Case([](kern::GemmOp) { return &gemmLowering; })
      .Case([](kern::ConvOp) { return &convLowering; })
      .Case([](kern::DwconvOp) { return &dwconvLowering; })
      .Case([](kern::AttentionOp) { return &attentionLowering; })
      .Case([](kern::PackOp) { return &packLowering; })
      .Case([](kern::RowsOp) { return &rowsLowering; })
      .Case([](kern::MapOp) { return &mapLowering; })
      .Default([](Operation *) { return nullptr; });
}

namespace {
class FuncLowering {
public:
  FuncLowering(kern::FuncOp func, const Target &target, bool naive) : func(func), target(target), naive(naive) {}
  LogicalResult run();

private:
  LogicalResult buildCount(OpBuilder &b);
  LogicalResult buildBody(OpBuilder &b);
  LogicalResult emitOp(OpBuilder &b, Operation *op, Value chunk);
  SmallVector<Type> argumentTypes();
  void markArguments(func::FuncOp body);

  kern::FuncOp func;
  const Target &target;
  bool naive;
  // The operation that is cut into chunks; null: the kernel is one chunk.
  Operation *cut = nullptr;
};
} // namespace

SmallVector<Type> FuncLowering::argumentTypes() {
  SmallVector<Type> types;
  for (Type type : func.getArgumentTypes()) {
    auto panels = dyn_cast<kern::PanelsType>(type);
    types.push_back(panels ? panelsMemRef(panels, target) : type);
  }
  return types;
}

// The value in a function that has the index arguments alone: what defines it is cloned.
static Value rebuild(OpBuilder &b, Value value, IRMapping &mapping) {
  if (Value known = mapping.lookupOrNull(value))
    return known;
  Operation *def = value.getDefiningOp();
  if (!def || !isMemoryEffectFree(def) || def->getNumRegions() != 0)
    return {};
  for (Value operand : def->getOperands())
    if (!rebuild(b, operand, mapping))
      return {};
  b.clone(*def, mapping);
  return mapping.lookupOrNull(value);
}

LogicalResult FuncLowering::buildCount(OpBuilder &b) {
  Location loc = func.getLoc();
  Type index = b.getIndexType();
  SmallVector<Value> sizes;
  for (BlockArgument arg : func.getArguments())
    if (arg.getType().isIndex())
      sizes.push_back(arg);
  auto count = func::FuncOp::create(b, loc, (func.getName() + ".count").str(),
                                    b.getFunctionType(SmallVector<Type>(sizes.size(), index), {index}));
  count.setPrivate();
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(count.addEntryBlock());
  Value chunks;
  if (cut) {
    IRMapping mapping;
    mapping.map(sizes, count.getArguments());
    bool whole = true;
    Grid grid = findLowering(cut)->grid(b, cut, target, [&](Value size) -> Value {
      Value here = rebuild(b, size, mapping);
      whole &= static_cast<bool>(here);
      return here ? here : indexConstant(b, loc, 1);
    });
    if (!whole)
      return cut->emitOpError("has a size that does not follow from the kernel's index arguments");
    chunks = grid.chunks(b, loc);
  } else {
    chunks = indexConstant(b, loc, 1);
  }
  func::ReturnOp::create(b, loc, chunks);
  return success();
}

static BlockArgument baseArgument(Value memref) {
  while (Operation *def = memref.getDefiningOp()) {
    if (def->getNumOperands() == 0)
      return {};
    memref = def->getOperand(0);
  }
  return cast<BlockArgument>(memref);
}

// A caller may let an output lie on an input of the same size and type that an elementwise use alone reads; everything
// else is apart from all other memory, which is what `noalias` says.
void FuncLowering::markArguments(func::FuncOp body) {
  unsigned count = body.getNumArguments() - 2;
  SmallVector<bool> stored(count, false), apart(count, false);
  body.walk([&](kern::StoreOp store) {
    BlockArgument arg = baseArgument(store.getMemref());
    if (arg && arg.getOwner() == &body.getBody().front())
      stored[arg.getArgNumber()] = true;
  });
  auto typeOf = [&](unsigned number) { return dyn_cast<MemRefType>(body.getArgumentTypes()[number]); };
  auto mayMeet = [&](unsigned x, unsigned y) {
    MemRefType left = typeOf(x), right = typeOf(y);
    if (!left || !right || left.getElementType() != right.getElementType() ||
        left.hasStaticShape() != right.hasStaticShape())
      return false;
    return !left.hasStaticShape() || left.getNumElements() == right.getNumElements();
  };
  for (unsigned x = 0; x < count; ++x) {
    if (!typeOf(x))
      continue;
    apart[x] = true;
    for (unsigned y = 0; y < count; ++y)
      if (x != y && stored[x] != stored[y] && mayMeet(x, y))
        apart[x] = false;
    // What a product reads is read by many tasks and is never written over.
    bool onlyAnchors = !stored[x] && llvm::all_of(body.getArgument(x).getUsers(), [](Operation *user) {
      return isa<kern::GemmOp, kern::ConvOp, kern::DwconvOp, kern::AttentionOp, UnrealizedConversionCastOp>(user);
    });
    apart[x] = apart[x] || onlyAnchors;
  }
  for (unsigned x = 0; x < count; ++x) {
    if (typeOf(x) && stored[x]) {
      // An output is apart where all that it may meet is.
      bool meets = false;
      for (unsigned y = 0; y < count; ++y)
        meets |= x != y && !stored[y] && mayMeet(x, y) && !apart[y];
      apart[x] = !meets;
    }
    if (apart[x])
      body.setArgAttr(x, LLVM::LLVMDialect::getNoAliasAttrName(), UnitAttr::get(body.getContext()));
  }
}

// True at run time if a table that the operation takes elements of by checked indices has none. Null where no limit can
// be 0.
static Value emptyTable(OpBuilder &b, Operation *op) {
  Location loc = op->getLoc();
  Value empty;
  SmallVector<Value> seen;
  op->walk([&](kern::CheckIndexOp check) {
    Value limit = check.getLimit();
    bool outside = !op->isAncestor(limit.getParentBlock()->getParentOp());
    if (constantIndex(limit).value_or(0) != 0 || !outside || llvm::is_contained(seen, limit))
      return;
    seen.push_back(limit);
    Value none = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, limit, indexConstant(b, loc, 0));
    empty = empty ? arith::OrIOp::create(b, loc, empty, none).getResult() : none;
  });
  return empty;
}

// The operation as it fails where such a table is empty: the checks run, nothing is read at what they give.
static LogicalResult emitWithoutTables(OpBuilder &b, Operation *op) {
  Operation *checks = b.clone(*op);
  checks->walk([](kern::LoadOp load) {
    if (llvm::any_of(load.getIndices(),
                     [](Value index) { return index.getDefiningOp<kern::CheckIndexOp>() != nullptr; })) {
      OpBuilder at(load);
      load.replaceAllUsesWith(arith::ConstantOp::create(at, load.getLoc(), at.getZeroAttr(load.getType())).getResult());
      load.erase();
    }
  });
  b.setInsertionPoint(checks);
  LogicalResult done = emitNaive(b, checks);
  checks->erase();
  return done;
}

LogicalResult FuncLowering::emitOp(OpBuilder &b, Operation *op, Value chunk) {
  const OpLowering *lowering = naive ? nullptr : findLowering(op);
  if (!lowering || !lowering->supports(op, target))
    return emitNaive(b, op);
  Location loc = op->getLoc();
  Grid grid = lowering->grid(b, op, target, [](Value size) { return size; });
  if (op != cut)
    return lowering->emit(b, op, target, indexConstant(b, loc, 0), grid.units);
  Value first = mulIndex(b, loc, chunk, grid.perChunk);
  return lowering->emit(b, op, target, first, minIndex(b, loc, addIndex(b, loc, first, grid.perChunk), grid.units));
}

LogicalResult FuncLowering::buildBody(OpBuilder &b) {
  Location loc = func.getLoc();
  SmallVector<Type> types = argumentTypes();
  SmallVector<Attribute> words, wordSizes;
  for (auto [number, type] : llvm::enumerate(types)) {
    words.push_back(TypeAttr::get(type));
    auto sizes = func.getArgAttrOfType<DenseI64ArrayAttr>(number, kern::sizesAttrName);
    wordSizes.push_back(sizes ? Attribute(sizes) : b.getUnitAttr());
  }
  SmallVector<Type> all(types);
  all.append({b.getIndexType(), MemRefType::get({contextSlots}, b.getI64Type())});
  auto body = func::FuncOp::create(b, loc, (func.getName() + ".body").str(), b.getFunctionType(all, {}));
  body.setPrivate();
  body->setAttr(wordsAttrName, b.getArrayAttr(words));
  body->setAttr(wordSizesAttrName, b.getArrayAttr(wordSizes));
  body.getBody().takeBody(func.getBody());
  Block &block = body.getBody().front();
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&block);
  for (BlockArgument arg : block.getArguments())
    if (auto panels = dyn_cast<kern::PanelsType>(arg.getType())) {
      arg.setType(types[arg.getArgNumber()]);
      auto cast = UnrealizedConversionCastOp::create(b, loc, TypeRange{panels}, ValueRange{arg});
      arg.replaceAllUsesExcept(cast.getResult(0), cast);
    }
  Value chunk = block.addArgument(b.getIndexType(), loc);
  block.addArgument(all.back(), loc);
  markArguments(body);
  Operation *yield = block.getTerminator();
  b.setInsertionPoint(yield);
  func::ReturnOp::create(b, loc);
  yield->erase();

  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (!isKernelOp(&op))
      continue;
    b.setInsertionPoint(&op);
    if (Value empty = emptyTable(b, &op)) {
      auto branch = scf::IfOp::create(b, loc, empty, /*withElseRegion=*/true);
      b.setInsertionPointToStart(branch.thenBlock());
      if (failed(emitWithoutTables(b, &op)))
        return failure();
      b.setInsertionPointToStart(branch.elseBlock());
    }
    if (failed(emitOp(b, &op, chunk)))
      return failure();
    op.erase();
  }
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isa<UnrealizedConversionCastOp>(op))
      op.erase();
  lowerLeaves(body);
  return success();
}

LogicalResult FuncLowering::run() {
  SmallVector<Operation *> kernelOps;
  for (Operation &op : *func.getBodyBlock())
    if (isKernelOp(&op))
      kernelOps.push_back(&op);
  if (kernelOps.size() == 1 && !naive) {
    const OpLowering *lowering = findLowering(kernelOps[0]);
    if (lowering && lowering->supports(kernelOps[0], target))
      cut = kernelOps[0];
  }
  OpBuilder b(func);
  if (failed(buildCount(b)) || failed(buildBody(b)))
    return failure();
  func.erase();
  return success();
}

LogicalResult cpu::lowerToLoops(ModuleOp module, const Target &target, bool naive) {
  for (kern::FuncOp func : llvm::make_early_inc_range(module.getOps<kern::FuncOp>()))
    if (failed(FuncLowering(func, target, naive).run()))
      return failure();
  return success();
}

namespace {
struct KernToLoopsPass : PassWrapper<KernToLoopsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(KernToLoopsPass)
  KernToLoopsPass(const Target *target, bool naive) : target(target), naive(naive) {}
  KernToLoopsPass(const KernToLoopsPass &other) : PassWrapper(other), target(other.target), naive(other.naive) {}
  StringRef getArgument() const override { return naive ? "kern-to-naive" : "kern-to-loops"; }
  StringRef getDescription() const override {
    return naive ? "Lower kernels to scalar loops" : "Lower kernels to loops over vectors for a target";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<affine::AffineDialect, arith::ArithDialect, func::FuncDialect, LLVM::LLVMDialect, math::MathDialect,
                    memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect>();
  }
  void runOnOperation() override {
    const Target *chosen = target ? target : findTarget(targetName);
    if (!chosen) {
      getOperation().emitError() << "no target named '" << targetName << "'";
      return signalPassFailure();
    }
    if (failed(lowerToLoops(getOperation(), *chosen, naive)))
      signalPassFailure();
  }

  const Target *target; ///< null: the one named by the option
  bool naive;
  Option<std::string> targetName{*this, "target", llvm::cl::desc("instruction set"), llvm::cl::init("x86-64-v4")};
};
} // namespace

void cpu::registerPasses() {
  registerPass([]() -> std::unique_ptr<Pass> { return std::make_unique<KernToLoopsPass>(nullptr, /*naive=*/false); });
  registerPass([]() -> std::unique_ptr<Pass> { return std::make_unique<KernToLoopsPass>(nullptr, /*naive=*/true); });
  registerPass(createExpandMathPass);
  registerPass(createExpandNarrowFloatsPass);
  PassPipelineRegistration<>("kern-to-llvm", "Lower kernels to the LLVM dialect, for x86-64-v4", [](OpPassManager &pm) {
    buildLoopsPipeline(pm, *findTarget("x86-64-v4"), /*naive=*/false);
    buildLlvmPipeline(pm);
  });
}

std::unique_ptr<Pass> cpu::createKernToLoopsPass(const Target &target, bool naive) {
  return std::make_unique<KernToLoopsPass>(&target, naive);
}
