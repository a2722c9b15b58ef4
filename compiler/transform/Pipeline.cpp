// The order of the passes from phase mod to phase graph.
#include "compiler/transform/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void modc::buildGraphPipeline(OpPassManager &pm, const GraphOptions &options) {
  auto clean = [&] {
    pm.addPass(createCanonicalizerPass());
    pm.addPass(createCSEPass());
  };
  // One function per method and role, in both forms.
  pm.addPass(createVerifyModPass());
  pm.addPass(createMakeRolesPass(MakeRolesPassOptions{options.roles}));
  pm.addPass(createOpenCallsPass());
  pm.addPass(createCutAtCallsPass());
  clean(); // reads of one state become one argument
  pm.addPass(createThreadStatePass());

  // Fewer and better operations.
  pm.addPass(createSimplifyPass());
  clean();
  pm.addPass(createSimplifyFlowPass());
  pm.addPass(createRaisePass());
  if (options.foldAffine)
    pm.addPass(createFoldAffinePass());
  pm.addPass(createSimplifyPass());
  pm.addPass(createSimplifyFlowPass());
  clean();

  // Channels last around convolutions.
  pm.addPass(createChooseLayoutsPass());
  clean();

  // What weights alone decide is done at load.
  pm.addPass(createJoinMatmulsPass());
  clean();
  pm.addPass(createHoistPreparePass());

  // Kernels and memory.
  pm.addPass(createFormGroupsPass(FormGroupsPassOptions{options.fusion}));
  pm.addPass(createOutlineKernelsPass());
  pm.addPass(createPlanMemoryPass(PlanMemoryPassOptions{options.nominal}));
  pm.addPass(createVerifyGraphPass());
}

namespace {
struct PipelineOptions : PassPipelineOptions<PipelineOptions> {
  Option<std::string> fusion{*this, "fusion", llvm::cl::desc("`full` or `none`"), llvm::cl::init("full")};
  Option<bool> foldAffine{*this, "fold-affine", llvm::cl::desc("fold norms into weights"), llvm::cl::init(true)};
  ListOption<std::string> roles{*this, "roles", llvm::cl::desc("`eval`, `train`; else both")};
  ListOption<std::string> nominal{*this, "nominal", llvm::cl::desc("sizes to plan memory for, NAME=NUMBER")};
};
} // namespace

void modc::registerTransformPasses() {
  registerModGraphPasses();
  PassPipelineRegistration<PipelineOptions>("mod-to-graph", "everything from phase mod to phase graph",
                                            [](OpPassManager &pm, const PipelineOptions &o) {
                                              GraphOptions options;
                                              options.fusion = o.fusion;
                                              options.foldAffine = o.foldAffine;
                                              if (!o.roles.empty())
                                                options.roles.assign(o.roles.begin(), o.roles.end());
                                              options.nominal.assign(o.nominal.begin(), o.nominal.end());
                                              buildGraphPipeline(pm, options);
                                            });
}
