// modc: compiles a model written in the language to a native artifact.
#include "compiler/driver/Options.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <unistd.h>

static std::string phaseHelp() {
  std::string out = "print or write one stage instead of the artifact:";
  for (const modc::PhaseInfo &p : modc::phases())
    out += "\n  " + p.name.str() + std::string(10 - p.name.size(), ' ') + p.meaning.str();
  return out;
}

static int usageError(const CLI::ParseError &e, const char *tool) {
  std::fprintf(stderr, "modc: %s; %s --help lists the options\n", e.what(), tool);
  return 1;
}

/// `modc fmt ...`
static int formatMain(int argc, char **argv) {
  modc::FormatFilesOptions o;
  bool color = false, noColor = false;
  CLI::App app{"Rewrites model texts in the one layout.\n\n"
               "  modc fmt mlp.mod nn/             files, and all .mod files below folders\n"
               "  modc fmt --check .               names those that would change, and writes nothing\n"
               "  modc fmt - < mlp.mod             standard input to standard output\n",
               "modc fmt"};
  app.add_option("PATH", o.paths, "files or folders; \"-\" is standard input");
  app.add_flag("--check", o.check, "exit 1 if some file is not in the layout");
  app.add_flag("--color", color, "colour diagnostics, also into a pipe");
  app.add_flag("--no-color", noColor, "never colour diagnostics");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp &e) {
    return app.exit(e);
  } catch (const CLI::ParseError &e) {
    return usageError(e, "modc fmt");
  }
  o.color = color || (!noColor && isatty(STDERR_FILENO));
  return modc::formatFiles(o);
}

int main(int argc, char **argv) {
  if (argc > 1 && std::string_view(argv[1]) == "fmt")
    return formatMain(argc - 1, argv + 1);
  modc::CompileOptions o;
  std::string emit = "so", target = "cpu", explainCode, gpuArch;
  bool color = false, noColor = false, noCache = false, noFoldAffine = false, warningsAreErrors = false,
       noWarnings = false;

  CLI::App app{"Compiles a model, written as PyTorch-like modules, to native code with its module tree.\n\n"
               "  modc mlp.mod -o mlp.so                      an artifact for the runtime\n"
               "  modc mlp.mod --emit graph                   what is fused into which kernel\n"
               "  modc lib.mod --model 'MLP(784, 256, 10)'    a model of classes that the text does not export\n"
               "  modc --explain E0301                        what a diagnostic means; without a code: all of them\n"
               "  modc fmt mlp.mod                            the text in the one layout; modc fmt --help\n"};
  app.set_version_flag("--version", "modc " MODC_VERSION);
  app.get_formatter()->column_width(36);
  app.add_option("FILE", o.input, "the model's text, a .mod file");
  app.add_option("-o,--output", o.output, "file to write; \"-\" is standard output");
  app.add_option("--model", o.model, "one export by name, or an expression that makes a model");
  app.add_option("--input", o.inputs,
                 "type of an argument that the text leaves open: 'x=f32[N, 784]'; with --target interpret its value: "
                 "NAME=FILE.npy, NAME=FILE.safetensors or NAME=NUMBER");
  app.add_option("-I,--include", o.includePaths, "folder to look for imports in");
  app.add_option("--library", o.libraryPath, "folder of the standard library nn");
  app.add_option("--target", target, "cpu, or interpret: run the model by the reference interpreter")
      ->check(CLI::IsMember({"cpu", "cuda", "interpret"}))
      ->capture_default_str();
  app.add_option("--mcpu", o.cpus, "instruction sets, chosen among when the artifact is loaded")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--gpu-arch", gpuArch, "GPU architectures (there is no CUDA target in this version)");
  app.add_option("--roles", o.roles,
                 "what the artifact has code for: eval, or eval,train; eval alone is smaller, and train() is refused "
                 "for what differs in it")
      ->delimiter(',')
      ->check(CLI::IsMember({"eval", "train"}))
      ->capture_default_str();
  app.add_option(
         "--dtype", o.dtype,
         "bf16, f16, f32 or f64 for every declared floating type of parameters, buffers and arguments; left out: "
         "as the text declares them")
      ->check(CLI::IsMember({"bf16", "f16", "f32", "f64"}));
  app.add_option("--emit", emit, phaseHelp())->capture_default_str();
  app.add_option("--dump-kernels-to", o.dumpKernelsTo,
                 "folder for each kernel's .kern.mlir, and .ll and .s for each instruction set");
  app.add_option("--fusion", o.fusion, "full, or none: every operation a kernel of its own, for finding faults")
      ->check(CLI::IsMember({"full", "none"}))
      ->capture_default_str();
  app.add_flag("--no-fold-affine", noFoldAffine, "keep normalisation apart from the weights before it");
  app.add_flag("--no-cache", noCache, "compile every kernel anew");
  app.add_option("--weights", o.weights, "with --target interpret: safetensors file");
  app.add_flag("--train", o.train, "with --target interpret: run in train mode");
  app.add_option("--calls", o.calls, "with --target interpret: call so many times with the same inputs")
      ->check(CLI::Range(1, 1 << 20));
  app.add_option("--save-weights", o.savedWeights,
                 "with --target interpret: safetensors file for parameters and buffers after the calls");
  auto *seed = app.add_option("--seed", o.seed, "with --target interpret: the generator's seed")->capture_default_str();
  app.add_flag("--color", color, "colour diagnostics, also into a pipe");
  app.add_flag("--no-color", noColor, "never colour diagnostics");
  app.add_flag("--json-diagnostics", o.jsonDiagnostics, "diagnostics as JSON on stderr, for editors");
  app.add_flag("--Werror", warningsAreErrors, "warnings are errors; -Werror is the same");
  app.add_flag("--no-warnings", noWarnings, "show no warnings");
  CLI::Option *explainOption =
      app.add_option("--explain", explainCode, "explain a diagnostic's code, such as E0301, or list all, and stop")
          ->expected(0, 1);
  // As compilers spell it, which the parser of options would read as -W -e -r ...
  static char werror[] = "--Werror";
  for (int i = 1; i < argc; ++i)
    if (std::string_view(argv[i]) == "-Werror")
      argv[i] = werror;
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp &e) {
    return app.exit(e);
  } catch (const CLI::CallForVersion &e) {
    return app.exit(e);
  } catch (const CLI::ParseError &e) {
    return usageError(e, "modc");
  }

  auto fail = [](const std::string &text) {
    std::fprintf(stderr, "modc: %s\n", text.c_str());
    return 1;
  };
  if (!explainCode.empty())
    return modc::explain(explainCode);
  if (explainOption->count() > 0)
    return modc::explainAll();
  if (o.input.empty())
    return fail("no input file; modc --help shows how it is called");
  auto phase = modc::parsePhase(emit);
  if (!phase)
    return fail("--emit " + emit + " is no stage; modc --help lists them");
  if (target == "cuda" || *phase == modc::Phase::Cuda || !gpuArch.empty())
    return fail("there is no CUDA target in this version; --target cpu compiles for x86-64");
  if (std::find(o.roles.begin(), o.roles.end(), "eval") == o.roles.end())
    return fail("--roles train: the eval role is always compiled; write --roles eval,train");
  o.emit = *phase;
  o.interpret = target == "interpret";
  if (!o.interpret) {
    if (!o.weights.empty() || o.train || seed->count() || o.calls != 1 || !o.savedWeights.empty())
      return fail("--weights, --save-weights, --train, --calls and --seed belong to --target interpret; artifacts take "
                  "them at run time "
                  "(modrun)");
    o.inputTypes = std::move(o.inputs);
    o.inputs.clear();
  }
  if (warningsAreErrors && noWarnings)
    return fail("--Werror and --no-warnings exclude each other");
  o.warnings = warningsAreErrors ? modc::Warnings::error : noWarnings ? modc::Warnings::hide : modc::Warnings::show;
  o.foldAffine = !noFoldAffine;
  o.useCache = !noCache;
  o.color = color || (!noColor && isatty(STDERR_FILENO));
  o.commandLine.assign(argv, argv + argc);
  return modc::compile(o);
}
