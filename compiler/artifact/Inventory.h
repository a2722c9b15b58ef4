// What a module in phase graph holds, numbered as the artifact's tables number it.
#pragma once
#include "compiler/artifact/Sizes.h"
#include "modrt/abi.h"
#include "llvm/ADT/MapVector.h"

namespace modc::artifact {

/// One way into a class: forward, or another method.
struct Entry {
  std::string method;
  std::array<int32_t, MODC_N_ROLES> fused; ///< functions
  std::array<int32_t, 2> program;          ///< eval, train
  int32_t sig = MODC_NONE;
};

struct Function {
  mutable mod::FuncOp op; ///< operations are handles: their accessors are not const, and change nothing
  unsigned cls;           ///< the class that its paths are relative to
  std::string name;
  std::string method; ///< empty for an initialiser
  int role = MODC_NONE;
  int64_t piece = -1;
  unsigned sig;
  Sizes sizes;
  llvm::SmallVector<unsigned> inputs; ///< argument numbers of the ports
  unsigned outputs;                   ///< results that are ports; written buffers follow
  std::vector<modc_ref> weights, writes;
  std::vector<int32_t> prepared;
  uint32_t flags = 0;
};

struct Prepared {
  mutable mod::PrepareOp op;
  std::string name;
  std::vector<modc_ref> sources;
};

struct Signature {
  unsigned function; ///< the first function that has it
};

struct Class {
  mutable mod::ClassOp op;
  std::vector<mlir::Operation *> tensors; ///< ParamOp, BufferOp
  mutable std::vector<mod::ChildOp> children;
  std::vector<Entry> entries; ///< forward first, if there is one; `hasForward`
  bool hasForward = false;
  /// Forward is one of several choices of its static arguments: methods tell its own choice too.
  bool choosesForward = false;
  /// Entries that are no methods: forward, most often.
  unsigned plainEntries() const { return hasForward && !choosesForward; }
  bool modeSensitive = false;
  std::vector<std::pair<std::string, std::string>> aliases;
  llvm::StringMap<int32_t> tensorIndex;
};

struct Program {
  mutable mod::ProgramOp op;
  unsigned cls;
  bool train;
  std::string method;
};

/// Numbers everything. Order depends on the module's text alone.
class Inventory {
public:
  static llvm::Expected<Inventory> collect(mlir::ModuleOp module);

  /// Index in `paths`.
  int32_t path(llvm::StringRef text);
  /// The class at a path of modules below `cls`; nothing where there is none.
  std::optional<unsigned> classAt(unsigned cls, llvm::StringRef path) const;
  /// The parameter or buffer at a path below `cls`.
  llvm::Expected<modc_ref> ref(unsigned cls, llvm::StringRef path);
  /// As modc_step.method: 0 for forward, else 1 + number of the method.
  llvm::Expected<uint16_t> methodNumber(unsigned cls, llvm::StringRef method) const;
  /// The function of a class by its symbol, or MODC_NONE.
  int32_t function(unsigned cls, llvm::StringRef symbol) const;
  /// The piece of `program` for a role, given the piece that its text names.
  int32_t pieceFor(const Function &named, int role) const;

  mutable mlir::ModuleOp module;
  std::vector<Class> classes; ///< children after their parents
  std::vector<Function> functions;
  std::vector<Signature> signatures;
  std::vector<Prepared> prepared;
  std::vector<Program> programs;
  std::vector<mod::KernelOp> kernels; ///< those that are launched
  std::vector<std::string> paths;
  llvm::DenseMap<mlir::Operation *, unsigned> classNumber, kernelNumber;

private:
  llvm::Error orderClasses();
  llvm::Error collectMembers(unsigned cls);
  llvm::Error collectFunctions(unsigned cls);
  llvm::Error addFunction(unsigned cls, mod::FuncOp op);
  llvm::Error collectEntries(unsigned cls);
  llvm::Error collectAliases();
  llvm::Error collectKernels();
  unsigned signature(unsigned function);

  llvm::StringMap<int32_t> pathNumber;
  std::map<std::string, unsigned> signatureNumber;
  std::map<std::string, int32_t> preparedNumber;
};

/// What a signature is told apart by: ports, sizes, ranges, guards.
std::string signatureKey(const Function &f);
/// "in", "out" ports' names: those of the text, made unique and non-empty.
std::vector<std::string> inputNames(const Function &f);
std::vector<std::string> outputNames(const Function &f);
/// modc_dtype of an element type.
modc_dtype dtypeCode(mlir::Type element);
/// Bytes of one element in memory: a bool takes one.
int64_t elementBytes(mlir::Type element);

} // namespace modc::artifact
