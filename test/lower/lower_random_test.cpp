// Random kernels, lowered and run in all ways, against the primitives' evaluation.
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "test/lower/KernelCheck.h"
#include "test/lower/RandomKernel.h"
#include <cstdlib>
#include <gtest/gtest.h>
#include <stdexcept>

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
  Tolerance tolerance;
  tolerance.f32 = 2e-4; // chains of sums
  for (uint64_t i = 0; i < count; ++i) {
    auto module = mlir::OwningOpRef<mlir::ModuleOp>(mlir::ModuleOp::create(mlir::UnknownLoc::get(context.get())));
    std::mt19937_64 rng(seed * 1000003 + i);
    addRandomKernel(*module, "k", rng);
    ASSERT_TRUE(succeeded(mlir::verify(*module)));
    std::string report, text;
    try {
      KernelCheck check(*module, ways());
      for (auto [d0, d1] : {std::pair{3, 5}, {1, 1}, {20, 2}, {2, 37}, {0, 4}})
        if (std::string wrong = check.run("k", {{"d0", d0}, {"d1", d1}}, seed + i, tolerance); !wrong.empty())
          report += "d0 = " + std::to_string(d0) + ", d1 = " + std::to_string(d1) + ": " + wrong;
    } catch (const std::runtime_error &error) {
      report = error.what();
    }
    if (report.empty())
      continue;
    llvm::raw_string_ostream out(text);
    module->print(out);
    ADD_FAILURE() << "kernel " << i << " of seed " << seed << ": " << report << "\nin\n" << text;
  }
}
