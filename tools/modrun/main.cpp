// modrun: runs an artifact made by modc from the shell, or tells what is in it.
#include "inputs.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

namespace {
using Clock = std::chrono::steady_clock;

struct Options {
  std::string artifact, model, weights, output, saved;
  std::vector<std::string> inputs;
  int threads = 0, calls = 1;
  uint64_t seed = 0;
  double bench = 0;
  std::string trace;
  bool train = false, info = false, profile = false;
};

/// The export to run: the one named, or the only one.
std::string choose_export(const modrt::Artifact &artifact, const std::string &wanted) {
  auto names = artifact.exports();
  std::string all;
  for (auto &n : names)
    all += (all.empty() ? "" : ", ") + n;
  if (wanted.empty()) {
    if (names.size() == 1)
      return names[0];
    throw modrt::ValueError("the artifact has several exports, name one with --model: " + all);
  }
  if (std::find(names.begin(), names.end(), wanted) == names.end())
    throw modrt::KeyError("no export " + wanted + "; there are: " + all);
  return wanted;
}

void print_info(const modrt::Artifact &artifact) {
  std::cout << artifact.info();
  for (auto &name : artifact.exports()) {
    modrt::Module m = artifact.declare(name);
    int64_t count = 0;
    for (auto &p : m.parameters())
      count += p.numel();
    std::cout << "\n" << name << ": " << m.signature() << "\n  " << count << " parameters\n";
    if (auto doc = artifact.doc(name); !doc.empty())
      std::cout << "  " << doc << "\n";
  }
}

modrt::Module load_model(const modrt::Artifact &artifact, const Options &o) {
  std::string name = choose_export(artifact, o.model);
  modrt::Module m;
  if (o.weights.empty()) {
    std::fprintf(stderr, "modrun: no --weights, so %s runs with its initial values\n", name.c_str());
    m = artifact.create(name);
  } else {
    m = artifact.declare(name);
    modrt::load_model(m, o.weights);
  }
  m.train(o.train);
  return m;
}

void bench(const modrt::Module &m, const modrt::Tensors &in, modrt::Tensors &out, double seconds) {
  std::vector<double> times;
  for (int i = 0; i < 2; ++i)
    m.call_into(in, out);
  auto start = Clock::now();
  auto since = [](Clock::time_point t) { return std::chrono::duration<double>(Clock::now() - t).count(); };
  while (times.empty() || since(start) < seconds) {
    auto t = Clock::now();
    m.call_into(in, out);
    times.push_back(1e3 * since(t));
  }
  std::sort(times.begin(), times.end());
  std::printf("%zu calls on %d thread(s): min %.4g ms, median %.4g ms, max %.4g ms\n", times.size(),
              modrt::get_num_threads(), times.front(), times[times.size() / 2], times.back());
}

/// One more call, with warm memory, recorded.
void trace(const modrt::Module &m, const modrt::Tensors &in, modrt::Tensors &out, const Options &o) {
  modrt::Profile profile;
  m.call_into(in, out);
  if (o.profile)
    std::cout << profile.table();
  if (o.trace.empty())
    return;
  std::ofstream file(o.trace);
  file << profile.chrome_trace();
  if (!file.flush())
    throw modrt::FileError(o.trace + ": cannot be written");
}

void run(const Options &o) {
  if (o.threads > 0)
    modrt::set_num_threads(o.threads);
  modrt::manual_seed(o.seed);
  modrt::Artifact artifact = modrt::load(o.artifact);
  if (o.info)
    return print_info(artifact);
  bool traced = o.profile || !o.trace.empty();
  modrt::Module m = load_model(artifact, o);
  modrt::Tensors in = modrun::read_inputs(m, o.inputs), out;
  // Last of what can be wrong: a call that only tries whether all fits hears of the rest first.
  if (o.output.empty() && o.saved.empty() && o.bench <= 0 && !traced)
    throw modrt::ValueError("nothing to do with the results: give --output FILE.safetensors, or --bench SECONDS");
  for (int i = 0; i < o.calls; ++i)
    out = m.call(in);
  if (!o.saved.empty())
    modrt::save_file(m.state_dict(), o.saved);
  if (!o.output.empty()) {
    modrt::StateDict results;
    auto ports = m.outputs();
    for (size_t i = 0; i < out.size(); ++i)
      results[ports[i].name] = out[i];
    modrt::save_file(results, o.output);
  }
  if (o.bench > 0)
    bench(m, in, out, o.bench);
  if (traced)
    trace(m, in, out, o);
}
} // namespace

int main(int argc, char **argv) {
  Options o;
  CLI::App app{"Runs an artifact made by modc.\n\n"
               "  modrun --info mlp.so\n"
               "  modrun mlp.so --weights mlp.safetensors --input x=x.npy --output y.safetensors\n"
               "  modrun minilm.so --model embedder --weights w.safetensors --input input_ids=in.safetensors \\\n"
               "         --input attention_mask=in.safetensors --bench 2 --threads 1\n"};
  app.get_formatter()->column_width(36);
  app.add_option("ARTIFACT", o.artifact, "the shared library that modc wrote")->required();
  app.add_flag("--info", o.info, "print what is in it: exports, signatures, instruction sets and the one chosen");
  app.add_option("--model", o.model, "export to run; needed when there are several");
  app.add_option("--weights", o.weights, "safetensors file with a value for every parameter; left out: initial values");
  app.add_option(
      "--input", o.inputs,
      "NAME=FILE.npy, NAME=FILE.safetensors (its tensor NAME), NAME=NUMBER, or NAME=TEXT, True, False for an "
      "argument that chooses among what was compiled; once an input");
  app.add_option("--output", o.output, "safetensors file for the outputs, under their names in the signature");
  app.add_option("--threads", o.threads, "size of the thread pool; 0: the machine's cores")->check(CLI::Range(0, 1024));
  app.add_option("--bench", o.bench, "repeat the call for so many seconds and print the times of single calls")
      ->check(CLI::Range(0.0, 3600.0))
      ->check([](const std::string &text) {
        // A range lets NaN pass, which is less than nothing and not more than anything.
        return std::isnan(std::strtod(text.c_str(), nullptr)) ? "not a number of seconds" : "";
      });
  app.add_flag("--profile", o.profile, "print where the time of one call goes, kernel by kernel");
  app.add_option("--trace", o.trace, "write one call as a trace for chrome://tracing");
  app.add_flag("--train", o.train, "train mode: dropout draws, norms take the statistics of the batch");
  app.add_option("--calls", o.calls, "call so many times with the same inputs; the outputs are the last call's")
      ->check(CLI::Range(1, 1 << 20));
  app.add_option("--save-weights", o.saved, "safetensors file for parameters and buffers as they are after the calls");
  app.add_option("--seed", o.seed, "the generator's seed")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp &e) {
    return app.exit(e);
  } catch (const CLI::ParseError &e) {
    std::fprintf(stderr, "modrun: %s; modrun --help lists the options\n", e.what());
    return 1;
  }
  try {
    run(o);
    return 0;
  } catch (const std::exception &e) {
    std::fprintf(stderr, "modrun: %s\n", e.what());
    return 1;
  }
}
