// Identity of kernels and prepare functions: the hash of what they compute. Which of their memory may be shared.
#include "compiler/transform/Kernels.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace modc;
using namespace modc::mod;

static std::string hashOf(Operation *op) {
  std::string text;
  llvm::raw_string_ostream os(text);
  // Attributes that name the operation or say where it came from are no content.
  NamedAttrList kept(op->getAttrDictionary());
  for (StringRef name : {"sym_name", "hash", "from"})
    kept.erase(name);
  os << op->getName() << kept.getDictionary(op->getContext()) << "\n";
  for (Type t : op->getRegion(0).getArgumentTypes())
    os << t << "\n";
  // A numbering of our own: printing an operation by itself numbers its operands by where it stands.
  llvm::DenseMap<Value, unsigned> numbers;
  auto number = [&](Value v) { return numbers.try_emplace(v, numbers.size()).first->second; };
  for (Value v : op->getRegion(0).getArguments())
    number(v);
  for (Operation &inner : op->getRegion(0).front()) {
    os << inner.getName() << "(";
    for (Value v : inner.getOperands())
      os << number(v) << ",";
    os << ")" << inner.getAttrDictionary() << ":";
    for (Value v : inner.getResults())
      os << number(v) << " " << v.getType() << ",";
    os << "\n";
  }
  auto hash = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(text));
  return llvm::utohexstr(hash.high64, /*LowerCase=*/true, 16) + llvm::utohexstr(hash.low64, /*LowerCase=*/true, 16);
}

std::string modc::contentHash(KernelOp kernel) { return hashOf(kernel); }
std::string modc::contentHash(PrepareOp prepare) { return hashOf(prepare); }

KernelOp modc::kernelOf(LaunchOp launch) {
  return launch->getParentOfType<ModuleOp>().lookupSymbol<KernelOp>(launch.getKernel());
}

static bool isElementwise(Operation *op) {
  auto prim = dyn_cast<PrimitiveOpInterface>(op);
  return prim && prim.getFusionClass() == FusionClass::Elementwise;
}

/// Whether a value is computed from `arg`.
static bool dependsOn(Value v, BlockArgument arg, llvm::SmallPtrSetImpl<Operation *> &seen) {
  if (v == arg)
    return true;
  Operation *op = v.getDefiningOp();
  return op && seen.insert(op).second &&
         llvm::any_of(op->getOperands(), [&](Value operand) { return dependsOn(operand, arg, seen); });
}

bool modc::mayOverwrite(KernelOp kernel, unsigned argument, unsigned result) {
  if (kernel.getKind() == kSlice)
    return argument == 0;
  if (kernel.getKind() != "map" && kernel.getKind() != "rows")
    return false;
  Operation *yield = &kernel.getBody().front().back();
  Value written = yield->getOperand(result);
  Operation *last = written.getDefiningOp();
  BlockArgument arg = kernel.getBody().getArgument(argument);
  if (!last || !isElementwise(last) || arg.getType() != written.getType() ||
      !llvm::all_of(arg.getUsers(),
                    [](Operation *user) { return isElementwise(user) || isa<SumOp, AmaxOp, ArgmaxOp>(user); }))
    return false;
  if (yield->getNumOperands() == 1)
    return true;
  // Results of one type are made element by element together: what this one reads, it reads before it is written.
  llvm::SmallPtrSet<Operation *, 16> seen;
  return kernel.getKind() == "map" && dependsOn(written, arg, seen) &&
         llvm::all_of(yield->getOperands(), [&](Value other) {
           return cast<SymTensorType>(other.getType()).getDims() == cast<SymTensorType>(written.getType()).getDims();
         });
}
