// Prints what runs, one line per launch: kernel, modules, number of results, where they go.
#include "compiler/transform/Passes.h"
#include "compiler/transform/Tree.h"

using namespace mlir;
using namespace modc::mod;

namespace modc {
#define GEN_PASS_DEF_EMITGROUPSPASS
#include "compiler/transform/Passes.h.inc"

namespace {
struct EmitGroups : impl::EmitGroupsPassBase<EmitGroups> {
  void runOnOperation() override {
    llvm::raw_ostream &os = llvm::outs();
    for (FuncOp f : roleFunctions(getOperation())) {
      auto launches = f.getBody().getOps<LaunchOp>();
      os << f->getParentOfType<ClassOp>().getSymName() << "." << f.getSymName() << ": "
         << std::distance(launches.begin(), launches.end()) << " launches\n";
      for (LaunchOp launch : launches) {
        os << "  " << launch.getKernel() << ": ";
        if (auto from = launch.getFrom())
          llvm::interleaveComma(from->getAsValueRange<StringAttr>(), os);
        os << " -> " << launch.getNumResults() << " out\n";
      }
    }
  }
};
} // namespace
} // namespace modc
