// Compiles the host module, and kernels by a few threads.
#include "compiler/artifact/Objects.h"
#include "compiler/artifact/TableBuilder.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include <atomic>
#include <mutex>
#include <thread>

using namespace llvm;
using namespace modc::artifact;

//===----------------------------------------------------------------------===//
// Host
//===----------------------------------------------------------------------===//

static Expected<std::unique_ptr<TargetMachine>> hostMachine() {
  static std::once_flag once;
  std::call_once(once, [] {
    InitializeNativeTarget();
    InitializeNativeTargetAsmPrinter();
  });
  std::string error;
  Triple triple(sys::getDefaultTargetTriple());
  const Target *target = TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return createStringError("no code generator for this machine: " + error);
  return std::unique_ptr<TargetMachine>(
      target->createTargetMachine(triple, "", "", TargetOptions(), Reloc::PIC_, std::nullopt, CodeGenOptLevel::Less));
}

Error modc::artifact::configureHost(Module &host) {
  auto machine = hostMachine();
  if (!machine)
    return machine.takeError();
  host.setTargetTriple((*machine)->getTargetTriple());
  host.setDataLayout((*machine)->createDataLayout());
  host.setPICLevel(PICLevel::BigPIC);
  return Error::success();
}

Error modc::artifact::optimiseHost(Module &host) {
  auto machine = hostMachine();
  if (!machine)
    return machine.takeError();
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager calls;
  ModuleAnalysisManager modules;
  PassBuilder pb(machine->get());
  pb.registerModuleAnalyses(modules);
  pb.registerCGSCCAnalyses(calls);
  pb.registerFunctionAnalyses(functions);
  pb.registerLoopAnalyses(loops);
  pb.crossRegisterProxies(loops, functions, calls, modules);
  pb.buildPerModuleDefaultPipeline(OptimizationLevel::O1).run(host, modules);
  return Error::success();
}

Expected<Bytes> modc::artifact::compileHost(Module &host) {
  auto machine = hostMachine();
  if (!machine)
    return machine.takeError();
  Bytes bytes;
  raw_svector_ostream out(bytes);
  legacy::PassManager passes;
  if ((*machine)->addPassesToEmitFile(passes, out, nullptr, CodeGenFileType::ObjectFile))
    return createStringError("this machine's code generator cannot write objects");
  passes.run(host);
  return bytes;
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

namespace {
struct Job {
  std::string symbol, text;
  unsigned target;
  Bytes object;
  std::string error;
};

/// Runs jobs from several threads; the first failure lets those under way end and starts no more.
class Workers {
public:
  Workers(std::vector<Job> &jobs, const KernelProvider &kernels, const Options &options)
      : jobs(jobs), kernels(kernels), options(options), cache(options) {
    for (size_t i = 0; i < jobs.size(); ++i)
      order.push_back(i);
    auto before = [&](size_t a, size_t b) {
      return std::pair(jobs[b].text.size(), a) < std::pair(jobs[a].text.size(), b);
    };
    llvm::sort(order, before);
  }

  void run() {
    std::vector<std::thread> threads;
    for (size_t i = 1; i < std::min<size_t>(options.threads, jobs.size()); ++i)
      threads.emplace_back([this] { work(); });
    work();
    for (std::thread &t : threads)
      t.join();
    if (compiled)
      cache.trim();
  }

private:
  void work() {
    for (size_t i; !failed && (i = next++) < order.size();) {
      Job &job = jobs[order[i]];
      compile(job);
      if (!job.error.empty())
        failed = true;
      std::lock_guard lock(mutex);
      ++done;
      if (options.progress && job.error.empty())
        options.progress(done, jobs.size(), job.symbol);
    }
  }

  void compile(Job &job) {
    std::string key =
        cache.enabled() ? cache.key(job.text, job.symbol, kernels.targets()[job.target].name, kernels.options()) : "";
    if (auto kept = cache.get(key)) {
      job.object = std::move(*kept);
      return;
    }
    auto object = kernels.compile(job.text, job.symbol, job.target);
    if (!object) {
      job.error = toString(object.takeError());
      if (job.error.empty())
        job.error = "no reason given";
      return;
    }
    job.object = std::move(*object);
    compiled = true;
    cache.put(key, job.object);
  }

  std::vector<Job> &jobs;
  const KernelProvider &kernels;
  const Options &options;
  ObjectCache cache;
  std::vector<size_t> order;
  std::atomic<size_t> next = 0;
  std::atomic<bool> failed = false, compiled = false;
  std::mutex mutex;
  size_t done = 0;
};
} // namespace

Expected<std::vector<NamedObject>> modc::artifact::compileKernels(const Inventory &inv, KernelProvider &kernels,
                                                                  const Options &options) {
  SmallVector<mlir::Operation *> ops(inv.kernels.begin(), inv.kernels.end());
  for (const Prepared &p : inv.prepared)
    if (mlir::Operation *op = p.op; !is_contained(ops, op))
      ops.push_back(op);
  std::vector<Job> jobs;
  for (auto [number, target] : enumerate(kernels.targets()))
    for (mlir::Operation *op : ops) {
      auto text = kernels.lower(op, unsigned(number));
      if (!text)
        return text.takeError();
      jobs.push_back({kernelSymbol(op, target), std::move(*text), unsigned(number), {}, {}});
    }
  Workers(jobs, kernels, options).run();
  llvm::sort(jobs, [](const Job &a, const Job &b) { return a.symbol < b.symbol; });
  std::vector<NamedObject> objects;
  for (Job &job : jobs) {
    if (!job.error.empty())
      return createStringError("cannot compile kernel " + job.symbol + ": " + job.error);
    objects.push_back({job.symbol + ".o", std::move(job.object)});
  }
  return objects;
}
