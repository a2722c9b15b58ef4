// Kernels for x86-64, and their dump.
#include "compiler/driver/CpuKernels.h"
#include "compiler/artifact/Artifact.h"
#include "compiler/cpu/Tiles.h"
#include "compiler/lower/LowerGroups.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace modc;

static llvm::Error textError(const llvm::Twine &text) { return llvm::createStringError(text.str()); }

std::unique_ptr<CpuKernels> CpuKernels::create(ModuleOp graph, ArrayRef<const cpu::Target *> targets) {
  auto self = std::make_unique<CpuKernels>();
  self->lowered = lower::lowerGroups(graph);
  if (!self->lowered)
    return nullptr;
  for (auto func : self->lowered->getOps<kern::FuncOp>())
    self->byName[func.getSymName()] = func;
  for (const cpu::Target *t : targets) {
    self->cpus.push_back(t);
    self->descriptions.push_back({t->name.str(), t->rank, t->featureBits()});
  }
  return self;
}

std::string modc::kernelText(kern::FuncOp kernel) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "module {\n";
  kernel->print(os);
  os << "\n}\n";
  return text;
}

llvm::Expected<std::string> CpuKernels::lower(Operation *op, unsigned) {
  auto name = SymbolTable::getSymbolName(op).getValue();
  auto it = byName.find(name);
  if (it == byName.end())
    return textError("kernel " + name + " was not lowered");
  return kernelText(it->second);
}

llvm::Expected<llvm::SmallVector<char, 0>> CpuKernels::compile(llvm::StringRef text, llvm::StringRef symbol,
                                                               unsigned target) const {
  cpu::Options options;
  options.symbol = [&](llvm::StringRef) { return symbol.str(); };
  std::string error;
  auto object = cpu::emitObject(text, *cpus[target], options, error);
  if (failed(object))
    return textError("kernel " + symbol + " for " + cpus[target]->name + ": " + error);
  return std::move(object->bytes);
}

llvm::Expected<int64_t> CpuKernels::preparedBytes(mod::PrepareOp op, unsigned target) const {
  auto it = byName.find(op.getSymName());
  if (it == byName.end())
    return textError("prepare " + op.getSymName() + " was not lowered");
  // Arguments are the sources, then the block.
  Type block = kern::FuncOp(it->second).getArgumentTypes()[op.getBody().getNumArguments()];
  if (auto panels = dyn_cast<kern::PanelsType>(block))
    return cpu::packedBytes(panels.getCols(), panels.getInner(), panels.getElementType().getIntOrFloatBitWidth() / 8,
                            *cpus[target]);
  auto memref = cast<MemRefType>(block);
  if (!memref.hasStaticShape())
    return textError("prepare " + op.getSymName() + " makes a block of unknown size");
  return memref.getNumElements() * (memref.getElementTypeBitWidth() + 7) / 8;
}

llvm::Error modc::dumpKernels(CpuKernels &kernels, ArrayRef<const cpu::Target *> targets, llvm::StringRef folder) {
  if (std::error_code e = llvm::sys::fs::create_directories(folder))
    return textError("cannot make folder " + folder + ": " + e.message());
  auto write = [&](const llvm::Twine &name, llvm::StringRef text) {
    llvm::SmallString<256> path(folder);
    llvm::sys::path::append(path, name);
    return artifact::writeFile(path, llvm::ArrayRef<char>(text.data(), text.size()));
  };
  for (auto func : kernels.kernels().getOps<kern::FuncOp>()) {
    std::string text = kernelText(func);
    if (llvm::Error e = write(func.getSymName() + ".kern.mlir", text))
      return e;
    auto alone = parseSourceString<ModuleOp>(text, func.getContext());
    for (const cpu::Target *t : targets)
      for (auto [phase, suffix] : {std::pair(cpu::Phase::Llvm, ".ll"), std::pair(cpu::Phase::Asm, ".s")}) {
        auto code = cpu::emitText(*alone, phase, *t);
        if (failed(code))
          return textError("kernel " + func.getSymName() + " has no code for " + t->name);
        if (llvm::Error e = write(func.getSymName() + "." + t->name + suffix, *code))
          return e;
      }
  }
  return llvm::Error::success();
}
