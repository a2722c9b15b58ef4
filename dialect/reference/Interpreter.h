// The reference interpreter: the executable meaning of mod IR, at any phase up to and including graph. It is the oracle
// of kernels, fusion and rewriting, shares no code with them, and is itself held against PyTorch.
//
// Values are dense row-major arrays; arithmetic is in f64 and rounded to the dtype after each primitive. Layouts are
// ignored, since they do not change the meaning.
#pragma once
#include "dialect/reference/Tree.h"

namespace modc::reference {

/// Which of a method's functions a call takes.
enum class Form {
  Auto,     ///< phase mod where the method is there, else fused
  Fused,    ///< graph: `mod.role` functions that hold the whole subtree
  Composed, ///< graph: programs of calls and pieces; classes without one run fused
};

struct Options {
  bool exact = false;    ///< keep f64 instead of rounding to f32, f16, bf16 (finite differences, tolerances)
  bool training = false; ///< mode of the whole tree
  Form form = Form::Auto;
  uint64_t seed = 0;                      ///< of the generator: key of a root call
  uint64_t call = 0;                      ///< number of the next root call; making the tree takes one
  int64_t maxElements = int64_t(1) << 28; ///< of one tensor; a tree may have four times as many
};

struct NamedArray {
  std::string name;
  mod::Array value;
};

/// One export, loaded. Not for use by several threads. Errors are texts for users: module path, place in the source,
/// what was expected and what was there.
class Interpreter {
public:
  /// Makes the tree of an export and gives each leaf its initial value. `module` must stay alive and verified. An empty
  /// name takes the only export.
  static llvm::Expected<Interpreter> load(mlir::ModuleOp module, llvm::StringRef exportName, Options options = {});

  const Tree &tree() const { return *state; }
  /// Sets a parameter or buffer of what is exported, under any of its names. Shapes must agree; the dtype is converted.
  llvm::Error setState(llvm::StringRef path, mod::Array value);
  llvm::Expected<mod::Array> getState(llvm::StringRef path);

  /// Names and types of the method's inputs, in order.
  llvm::Expected<std::vector<std::pair<std::string, mod::SymTensorType>>> inputs();
  /// Calls the export with inputs by name; returns the outputs in order. dtypes must be exactly those of the signature;
  /// `sizes` gives size symbols that no input binds. A call that fails leaves the state as it was.
  llvm::Expected<std::vector<NamedArray>> run(const std::map<std::string, mod::Array> &inputs,
                                              const std::map<std::string, int64_t> &sizes = {});

  Options options;

private:
  struct Argument {
    std::shared_ptr<const mod::Array> array; ///< null for a key
    uint64_t key = 0;
  };
  struct Frame;
  using Arguments = llvm::SmallVector<Argument>;

  Interpreter(mlir::ModuleOp module, mod::ExportOp root, std::unique_ptr<Tree> tree, Options options)
      : options(options), module(module), root(root), state(std::move(tree)) {}
  llvm::Error initialize();
  mod::Evaluator evaluator(uint64_t key) const;
  llvm::Expected<mlir::Operation *> method(Instance *self, llvm::StringRef name, Form form);
  llvm::Expected<Arguments> call(Instance *self, llvm::StringRef name, Form form, llvm::ArrayRef<Argument> inputs,
                                 uint64_t key, const std::map<std::string, int64_t> &sizes = {});
  llvm::Expected<Arguments> callFunction(Instance *self, mod::FuncOp func, llvm::ArrayRef<Argument> inputs,
                                         uint64_t key, const std::map<std::string, int64_t> &sizes);
  llvm::Expected<Arguments> runBlock(Frame &frame, mlir::Block &block);
  llvm::Error runOp(Frame &frame, mlir::Operation *op);
  /// Loops and branches.
  llvm::Error runControl(Frame &frame, mlir::Operation *op);
  llvm::Expected<Arguments> launch(Frame &frame, mod::LaunchOp op);
  llvm::Expected<std::shared_ptr<const mod::Array>> prepare(Instance *self, llvm::StringRef name,
                                                            mlir::ArrayAttr sources);

  mlir::ModuleOp module;
  mod::ExportOp root;
  std::unique_ptr<Tree> state;
  int depth = 0;
  /// Prepared blocks by their body and the arrays they were made from.
  std::map<std::pair<mlir::Operation *, std::vector<std::shared_ptr<const mod::Array>>>,
           std::shared_ptr<const mod::Array>>
      prepared;
};

} // namespace modc::reference
