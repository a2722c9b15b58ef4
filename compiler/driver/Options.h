// What a compilation is asked for: the options of `modc`, as data.
#pragma once
#include "compiler/driver/Phase.h"
#include "compiler/syntax/Diagnostics.h"
#include <string>
#include <vector>

namespace modc {

struct CompileOptions {
  std::string input;
  /// Empty: `INPUT` with the phase's suffix for artifacts, standard output for texts.
  std::string output;
  Phase emit = Phase::So;

  /// `--model`: an export's name, or an expression that makes a model (`MLP(784, 256, 10)`). Empty: all exports.
  std::string model;
  /// `--input x=f32[N, 784]`: types of arguments that the text leaves open.
  std::vector<std::string> inputTypes;
  std::vector<std::string> includePaths;
  /// Folder of the standard library; empty: beside the tool, else the source tree's.
  std::string libraryPath;

  /// `--dtype`: what declared floating types become; empty: as written.
  std::string dtype;

  std::vector<std::string> cpus = {"x86-64-v3", "x86-64-v4"};
  /// "eval", and "train": code for train mode of what differs in it.
  std::vector<std::string> roles = {"eval", "train"};
  bool foldAffine = true;
  /// "full", or "none": every operation a kernel of its own, for tests.
  std::string fusion = "full";
  std::string dumpKernelsTo;
  bool useCache = true;
  bool color = false;
  bool jsonDiagnostics = false;
  Warnings warnings = Warnings::show;

  /// `--target interpret`: no artifact; the model is run by the reference interpreter.
  bool interpret = false;
  bool train = false;
  uint64_t seed = 0;
  int calls = 1; ///< how often, with the same inputs; the outputs are the last call's
  std::string weights;
  std::string savedWeights; ///< file for parameters and buffers as they are after the calls
  /// NAME=FILE.npy, NAME=FILE.safetensors, NAME=NUMBER.
  std::vector<std::string> inputs;

  /// As typed, for the report of an internal error.
  std::vector<std::string> commandLine;
};

/// Runs one compilation. Messages go to stderr. Returns the process's exit code: 0, 1 for an error of the user's, 70
/// for one of the compiler's own. Nothing half-written is left behind.
int compile(const CompileOptions &options);

/// `--explain CODE`: prints what a diagnostic means; 1 when there is none of that code.
int explain(const std::string &code);
/// `--explain` alone: every code with its message.
int explainAll();

struct FormatFilesOptions {
  /// Files, folders (all `.mod` files below them), or "-" for standard input to standard output.
  std::vector<std::string> paths;
  /// Name what would change, and write nothing.
  bool check = false;
  bool color = false;
};

/// `modc fmt`: rewrites files in the one layout, each whole or not at all. Exit code 0, or 1 where a file cannot be
/// read, parsed or written, or, with `check`, is not in the layout.
int formatFiles(const FormatFilesOptions &options);

} // namespace modc
