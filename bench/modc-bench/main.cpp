// modc in the peer benchmark: speaks the --with protocol of bench/README.md. Compiles the example of the model's name
// on first use, keeps the artifact in a cache, and runs it through the runtime as any program would.
#include "modrt/modrt.hpp"
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {
struct Options {
  std::string model, mode, dtype, weights, inputs, outputs, target;
  int batch = 1, seq = 0, size = 0, threads = 1, runs = 1;
  double seconds = 0;
  bool prepare = false;
};

/// Where the model's text lies under examples/, and the export that returns what the reference does.
struct Source {
  const char *model, *file;
};
constexpr Source kSources[] = {{"mlp", "models/mlp.mod"},
                               {"lenet", "models/lenet.mod"},
                               {"lstm", "models/lstm.mod"},
                               {"mobilenet_v2", "models/mobilenet_v2.mod"},
                               {"resnet18", "models/resnet.mod"},
                               {"resnet50", "models/resnet.mod"},
                               {"unet", "models/unet.mod"},
                               {"vgg16", "models/vgg16.mod"},
                               {"vit_b_16", "models/vit_b_16.mod"},
                               {"minilm", "semantic-search/minilm.mod"},
                               {"gpt2", "models/gpt2.mod"},
                               {"gpt2_decode", "models/gpt2.mod"},
                               {"llama_tiny", "models/llama_tiny.mod"},
                               {"llama_tiny_decode", "models/llama_tiny.mod"}};

double seconds_since(Clock::time_point t) { return std::chrono::duration<double>(Clock::now() - t).count(); }

double cpu_seconds() {
  rusage u;
  getrusage(RUSAGE_SELF, &u);
  auto s = [](timeval t) { return double(t.tv_sec) + 1e-6 * double(t.tv_usec); };
  return s(u.ru_utime) + s(u.ru_stime);
}

fs::path executable() { return fs::read_symlink("/proc/self/exe"); }

fs::path cache_folder() {
  const char *xdg = std::getenv("XDG_CACHE_HOME"), *home = std::getenv("HOME");
  fs::path base = xdg && *xdg ? fs::path(xdg) : fs::path(home && *home ? home : "/tmp") / ".cache";
  return base / "modc" / "bench";
}

/// The cached artifact is good while neither the compiler nor the model's text is newer.
bool fresh(const fs::path &artifact, const fs::path &compiler, const fs::path &source) {
  std::error_code e;
  auto t = fs::last_write_time(artifact, e);
  return !e && t > fs::last_write_time(compiler) && t > fs::last_write_time(source);
}

void run(std::vector<std::string> words) {
  std::vector<char *> argv;
  for (auto &w : words)
    argv.push_back(w.data());
  argv.push_back(nullptr);
  pid_t pid;
  int status;
  if (posix_spawn(&pid, argv[0], nullptr, nullptr, argv.data(), environ) != 0 || waitpid(pid, &status, 0) != pid)
    throw std::runtime_error("cannot start " + words[0]);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error(words[0] + " failed on " + words[1]);
}

fs::path compiled(const Options &o, double &compile_seconds) {
  const Source *source = nullptr;
  for (auto &s : kSources)
    if (o.model == s.model)
      source = &s;
  if (!source)
    throw std::runtime_error("no example for model " + o.model);
  fs::path compiler = executable().parent_path() / "modc", text = fs::path(MODC_EXAMPLES) / source->file;
  fs::path artifact = cache_folder() / (o.model + ".so"), taken = cache_folder() / (o.model + ".seconds");
  if (!fresh(artifact, compiler, text)) {
    fs::create_directories(artifact.parent_path());
    auto start = Clock::now();
    run({compiler.string(), text.string(), "-o", artifact.string(), "--no-cache"});
    std::ofstream(taken) << seconds_since(start);
  }
  // A later call reports what the first one took.
  std::ifstream(taken) >> compile_seconds;
  return artifact;
}

modrt::Tensors inputs_of(const modrt::Module &m, const std::string &path) {
  modrt::StateDict file = modrt::load_file(path);
  modrt::Tensors in;
  for (auto &port : m.inputs())
    in.push_back(file.at(port.name));
  return in;
}

nlohmann::json measure(const Options &o, const fs::path &artifact) {
  modrt::set_num_threads(o.threads);
  modrt::Module m = modrt::load(artifact.string()).declare(o.model);
  modrt::load_model(m.eval(), o.weights);
  modrt::Tensors in = inputs_of(m, o.inputs), out = m.call(in);
  modrt::StateDict results;
  for (size_t i = 0; i < out.size(); ++i)
    results["output" + std::to_string(i)] = out[i];
  modrt::save_file(results, o.outputs);

  std::vector<double> times;
  if (o.seconds > 0)
    for (int i = 0; i < 2; ++i)
      m.call_into(in, out);
  auto start = Clock::now();
  double cpu = cpu_seconds();
  while (int(times.size()) < o.runs || seconds_since(start) < o.seconds) {
    auto t = Clock::now();
    m.call_into(in, out);
    times.push_back(1e3 * seconds_since(t));
  }
  double wall = seconds_since(start);
  return {{"times_ms", times},
          {"cpu_per_wall", (cpu_seconds() - cpu) / wall},
          {"deploy_mb", 1e-6 * double(fs::file_size(artifact) + fs::file_size(executable()))}};
}
} // namespace

int main(int argc, char **argv) {
  Options o;
  CLI::App app{"modc as a program of the peer benchmark"};
  app.add_option("--model", o.model)->required();
  app.add_option("--batch", o.batch);
  app.add_option("--seq", o.seq);
  app.add_option("--size", o.size);
  app.add_option("--mode", o.mode)->check(CLI::IsMember({"infer"}));
  app.add_option("--dtype", o.dtype)->check(CLI::IsMember({"f32"}));
  app.add_option("--threads", o.threads);
  app.add_option("--weights", o.weights);
  app.add_option("--inputs", o.inputs);
  app.add_option("--outputs", o.outputs);
  app.add_option("--target", o.target);
  app.add_option("--seconds", o.seconds);
  app.add_option("--runs", o.runs);
  app.add_flag("--prepare", o.prepare, "only compile");
  CLI11_PARSE(app, argc, argv);
  try {
    double compile_seconds = 0;
    fs::path artifact = compiled(o, compile_seconds);
    nlohmann::json result = o.prepare ? nlohmann::json{{"compile_s", compile_seconds}} : measure(o, artifact);
    std::puts(result.dump().c_str());
    return 0;
  } catch (const std::exception &e) {
    std::fprintf(stderr, "modc-bench: %s\n", e.what());
    return 1;
  }
}
