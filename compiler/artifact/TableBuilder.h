// Writes the tables of an artifact into its host module.
#pragma once
#include "compiler/artifact/Artifact.h"
#include "compiler/artifact/HostCode.h"

namespace modc::artifact {

/// What the artifact says it was made by.
std::string compilerName(const Options &options);
/// Symbol of a kernel's or prepare's launcher for an instruction set.
std::string kernelSymbol(mlir::Operation *op, const KernelTarget &target);
/// Content of a class: what runs, what it holds, its children's contents; no names of places, no locations.
uint64_t classHash(const Inventory &inv, unsigned cls, llvm::ArrayRef<uint64_t> known);

class TableBuilder {
public:
  TableBuilder(llvm::Module &host, Inventory &inv, KernelProvider &kernels, const Options &options)
      : host(host), inv(inv), kernels(kernels), options(options), tables(host) {}

  /// The constant `modc_artifact`.
  llvm::Expected<llvm::GlobalVariable *> build();

private:
  using Constant = llvm::Constant;
  template <class T> using Records = std::vector<Record<T>>;
  struct Code {
    llvm::Function *body, *plan;
    std::vector<Launch> launches;
    std::vector<int32_t> aliases;
  };

  template <class T> void loc(Record<T> &r, modc_loc T::*field, mlir::Location at);
  Constant *refs(llvm::ArrayRef<modc_ref> list);
  template <class T, class U> Constant *array(const std::vector<U> &records, llvm::StringRef name) {
    return tables.records<T>(llvm::ArrayRef<Record<T>>(records), name);
  }

  llvm::Error hostFunctions();
  Records<modc_sig> signatures();
  Records<modc_port> ports(const Function &f, llvm::ArrayRef<std::string> names, mlir::TypeRange types);
  Records<modc_fn> functions();
  Records<modc_prepared> prepared();
  llvm::Expected<Records<modc_target>> targets();
  Records<modc_export> exports(llvm::Error &error);

  Records<modc_class> classes(llvm::Error &error);
  Constant *arguments(mlir::ArrayAttr list);
  Constant *tensors(unsigned cls);
  Constant *children(const Class &c);
  Constant *methods(const Class &c);

  llvm::Error programs(Records<modc_program> &out);
  class ProgramWriter;
  llvm::Error program(const Program &p, Records<modc_step> &steps, uint32_t &slotCount);

  llvm::Module &host;
  Inventory &inv;
  KernelProvider &kernels;
  const Options &options;
  Tables tables;
  std::vector<Code> code;
  std::vector<uint16_t> slotPool;
};

template <class T> void TableBuilder::loc(Record<T> &r, modc_loc T::*field, mlir::Location at) {
  // The innermost place in a file; of an opened call, where the operation itself is written.
  mlir::FileLineColLoc file;
  at->walk([&](mlir::Location l) {
    if (auto call = llvm::dyn_cast<mlir::CallSiteLoc>(l)) {
      if (auto callee = call.getCallee()->findInstanceOf<mlir::FileLineColLoc>())
        file = callee;
    } else if (auto f = llvm::dyn_cast<mlir::FileLineColLoc>(l)) {
      file = f;
    }
    return file ? mlir::WalkResult::interrupt() : mlir::WalkResult::advance();
  });
  if (!file)
    return;
  (r.value.*field).line = file.getLine();
  (r.value.*field).col = file.getColumn();
  llvm::StringRef name = file.getFilename().getValue();
  r.point(field, &modc_loc::file, tables.text(name.rsplit('/').second.empty() ? name : name.rsplit('/').second));
}

} // namespace modc::artifact
