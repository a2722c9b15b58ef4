// Random kernels, lowered and run in all ways, against the primitives' evaluation.
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "test/lower/KernelCheck.h"
#include "test/lower/RandomKernel.h"
#include <cstdlib>
#include <gtest/gtest.h>

using namespace modc;
using namespace modc::lower;

// MODC_SEED and MODC_KERNELS ask for other and for more kernels.
static uint64_t number(const char *name, uint64_t otherwise) {
  const char *text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(Lower, RandomKernels) {
  auto context = makeContext();
  uint64_t seed = number("MODC_SEED", 1), count = number("MODC_KERNELS", 120);
  auto module = mlir::OwningOpRef<mlir::ModuleOp>(mlir::ModuleOp::create(mlir::UnknownLoc::get(context.get())));
  for (uint64_t i = 0; i < count; ++i) {
    std::mt19937_64 rng(seed * 1000003 + i);
    addRandomKernel(*module, "r" + std::to_string(i), rng);
  }
  ASSERT_TRUE(succeeded(mlir::verify(*module)));
  KernelCheck check(*module, ways());
  Tolerance tolerance;
  tolerance.f32 = 2e-4; // chains of sums
  for (uint64_t i = 0; i < count; ++i)
    for (auto [d0, d1] : {std::pair{3, 5}, {1, 1}, {20, 2}, {2, 37}, {0, 4}}) {
      std::string report = check.run("r" + std::to_string(i), {{"d0", d0}, {"d1", d1}}, seed + i, tolerance);
      if (report.empty())
        continue;
      std::string text;
      llvm::raw_string_ostream out(text);
      module->lookupSymbol("r" + std::to_string(i))->print(out);
      ADD_FAILURE() << report << "with d0 = " << d0 << ", d1 = " << d1 << " in\n" << text;
    }
}
