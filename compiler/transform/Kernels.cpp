// Identity of kernels and prepare functions: the hash of what they compute.
#include "compiler/transform/Kernels.h"
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
