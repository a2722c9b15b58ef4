// The module tree of an export, with a value for each parameter and buffer, as the reference interpreter holds it.
#pragma once
#include "dialect/mod/Evaluator.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"

namespace modc::reference {

/// A parameter or buffer. Leaves that are None are not in the tree.
struct Leaf {
  std::string path; ///< its first name
  mod::SymTensorType type;
  mlir::Operation *declaration; ///< mod.param or mod.buffer
  std::shared_ptr<const mod::Array> value;

  bool isParameter() const { return llvm::isa<mod::ParamOp>(declaration); }
  /// Whether a state dict has it.
  bool isPersistent() const {
    auto buffer = llvm::dyn_cast<mod::BufferOp>(declaration);
    return !buffer || buffer.getPersistent();
  }
};

struct Instance {
  mod::ClassOp cls;
  std::string path; ///< its first name; "" for the root
  llvm::StringMap<Instance *> children;
  llvm::StringMap<size_t> leaves; ///< numbers in Tree::leaves
};

/// Owns its instances and values; the IR must outlive it.
class Tree {
public:
  /// Instantiates the export's class and what it holds, every leaf zero. Fails on a cycle of classes, an unknown class,
  /// a tie to nothing, a size that is not a number, or more than four times maxElements.
  static llvm::Expected<std::unique_ptr<Tree>> build(mlir::ModuleOp module, mod::ExportOp root, int64_t maxElements);

  Instance *root() const { return instances.front().get(); }
  /// What is exported: the root, or a module below it.
  Instance *exported() const { return entry; }
  /// The instance at a dotted path below `from`; "" is `from`.
  llvm::Expected<Instance *> find(Instance *from, llvm::StringRef path) const;
  /// The leaf at a dotted path below `from`.
  llvm::Expected<Leaf *> leaf(Instance *from, llvm::StringRef path);
  /// Every name of every leaf of what is exported, in the order of a state dict; tied ones under each of their names.
  std::vector<std::pair<std::string, const Leaf *>> named() const;

  std::vector<Leaf> leaves;

private:
  llvm::Expected<Instance *> instantiate(mlir::ModuleOp module, llvm::StringRef cls, const std::string &path, int depth,
                                         Instance **place = nullptr);
  std::vector<std::unique_ptr<Instance>> instances;
  std::map<std::string, std::string> ties;
  Instance *entry = nullptr;
  int64_t room = 0; ///< elements that leaves may still have
};

} // namespace modc::reference
