// Objects, LLVM IR and assembly from kernels.
#include "compiler/cpu/CPU.h"
#include "compiler/cpu/EntryPoints.h"
#include "compiler/cpu/KernToLoops.h"
#include "compiler/cpu/Pipeline.h"
#include "dialect/kern/Kern.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include <mutex>

using namespace mlir;
using namespace modc;
using namespace modc::cpu;

void cpu::registerDialects(DialectRegistry &registry) {
  registry
      .insert<kern::KernDialect, affine::AffineDialect, arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect,
              LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect>();
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

namespace {
// One compilation: the module's clone on its way down.
class Compilation {
public:
  Compilation(ModuleOp kernels, const Target &target, const Options &options)
      : target(target), options(options), module(kernels.clone()) {
    DialectRegistry registry;
    registerDialects(registry);
    kernels.getContext()->appendDialectRegistry(registry);
    kernels.getContext()->loadAllAvailableDialects();
  }
  LogicalResult loops();
  LogicalResult llvm();
  LogicalResult emit(llvm::raw_pwrite_stream &out, llvm::CodeGenFileType type);

  const Target &target;
  const Options &options;
  OwningOpRef<ModuleOp> module;
  std::vector<KernelWords> kernels;
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code;
  std::unique_ptr<llvm::TargetMachine> machine;
};
} // namespace

static LogicalResult runPasses(ModuleOp module, llvm::function_ref<void(OpPassManager &)> build) {
  PassManager pm(module.getContext());
  build(pm);
  return pm.run(module);
}

LogicalResult Compilation::loops() {
  if (failed(runPasses(*module, [&](OpPassManager &pm) { buildLoopsPipeline(pm, target, options.naive); })))
    return failure();
  for (auto func : module->getOps<func::FuncOp>()) {
    auto words = func->getAttrOfType<ArrayAttr>(wordsAttrName);
    if (!words)
      continue;
    KernelWords kernel;
    kernel.kernel = func.getName().drop_back(StringRef(".body").size()).str();
    kernel.symbol = options.symbol(kernel.kernel);
    for (auto [type, sizes] : llvm::zip(words, func->getAttrOfType<ArrayAttr>(wordSizesAttrName))) {
      KernelWords::Word word{cast<TypeAttr>(type).getValue(), {}};
      if (auto positions = dyn_cast<DenseI64ArrayAttr>(sizes))
        word.sizes.assign(positions.asArrayRef().begin(), positions.asArrayRef().end());
      kernel.words.push_back(std::move(word));
    }
    kernels.push_back(std::move(kernel));
  }
  return success();
}

static std::unique_ptr<llvm::TargetMachine> makeMachine(const Target &target) {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
  std::string error;
  llvm::Triple triple(llvm::sys::getDefaultTargetTriple());
  const llvm::Target *found = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!found)
    return nullptr;
  llvm::TargetOptions targetOptions;
  // What fuses is ours to say: a product and a sum never become one by themselves.
  targetOptions.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  return std::unique_ptr<llvm::TargetMachine>(found->createTargetMachine(triple, target.cpu, target.features,
                                                                         targetOptions, llvm::Reloc::PIC_, std::nullopt,
                                                                         llvm::CodeGenOptLevel::Aggressive));
}

LogicalResult Compilation::llvm() {
  if (failed(runPasses(*module, buildLlvmPipeline)))
    return failure();
  code = translateModuleToLLVMIR(*module, context, "kernels");
  machine = makeMachine(target);
  if (!code || !machine)
    return module->emitError("no code generator for this machine");
  addEntryPoints(*code, kernels);
  code->setSourceFileName("kernels");
  code->setDataLayout(machine->createDataLayout());
  code->setTargetTriple(machine->getTargetTriple());
  code->setPICLevel(llvm::PICLevel::BigPIC);
  for (llvm::Function &function : *code) {
    if (function.isDeclaration())
      continue;
    if (function.hasPrivateLinkage() || (function.hasExternalLinkage() && !function.hasHiddenVisibility()))
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
    function.addFnAttr("target-cpu", target.cpu);
    function.addFnAttr("prefer-vector-width", std::to_string(target.vectorBytes * 8));
    function.addFnAttr("no-builtins"); // no loop becomes a call of memset
    function.addFnAttr(llvm::Attribute::NoUnwind);
    if (StringRef(function.getName()).ends_with(".count"))
      function.addFnAttr(llvm::Attribute::AlwaysInline);
  }
  if (llvm::Error error = makeOptimizingTransformer(3, 0, machine.get())(code.get()))
    return module->emitError("LLVM: ") << llvm::toString(std::move(error));
  storeSingleLanes(*code);
  return success();
}

LogicalResult Compilation::emit(llvm::raw_pwrite_stream &out, llvm::CodeGenFileType type) {
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, out, nullptr, type))
    return module->emitError("this target cannot emit that file");
  passes.run(*code);
  return success();
}

FailureOr<Object> cpu::emitObject(ModuleOp kernels, const Target &target, const Options &options) {
  Compilation compilation(kernels, target, options);
  Object object;
  llvm::raw_svector_ostream out(object.bytes);
  if (failed(compilation.loops()) || failed(compilation.llvm()) ||
      failed(compilation.emit(out, llvm::CodeGenFileType::ObjectFile)))
    return failure();
  for (const KernelWords &kernel : compilation.kernels)
    object.launchers.push_back({kernel.kernel, kernel.symbol});
  return object;
}

FailureOr<Object> cpu::emitObject(StringRef kernels, const Target &target, const Options &options, std::string &error) {
  DialectRegistry registry;
  registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    error += diagnostic.str() + "\n";
    return success();
  });
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(kernels, &context);
  if (!module)
    return failure();
  return emitObject(*module, target, options);
}

FailureOr<std::string> cpu::emitText(ModuleOp kernels, Phase phase, const Target &target, const Options &options) {
  Compilation compilation(kernels, target, options);
  std::string text;
  llvm::raw_string_ostream out(text);
  if (failed(compilation.loops()))
    return failure();
  if (phase == Phase::Loops) {
    compilation.module->print(out);
    return text;
  }
  if (failed(compilation.llvm()))
    return failure();
  if (phase == Phase::Llvm) {
    compilation.code->print(out, nullptr);
    return text;
  }
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream asmOut(bytes);
  if (failed(compilation.emit(asmOut, llvm::CodeGenFileType::AssemblyFile)))
    return failure();
  return std::string(bytes.begin(), bytes.end());
}
