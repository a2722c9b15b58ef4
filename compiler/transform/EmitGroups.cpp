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
      SmallVector<LaunchOp> launches;
      f.getBody().walk<WalkOrder::PreOrder>([&](LaunchOp launch) { launches.push_back(launch); });
      os << f->getParentOfType<ClassOp>().getSymName() << "." << f.getSymName() << ": " << launches.size()
         << " launches\n";
      for (LaunchOp launch : launches) {
        // What runs in loops and branches stands further in.
        os << "  ";
        for (Operation *p = launch->getParentOp(); p != f; p = p->getParentOp())
          os << "  ";
        os << launch.getKernel() << ": ";
        if (auto from = launch.getFrom())
          llvm::interleaveComma(from->getAsValueRange<StringAttr>(), os);
        os << " -> " << launch.getNumResults() << " out\n";
      }
    }
  }
};
} // namespace
} // namespace modc
