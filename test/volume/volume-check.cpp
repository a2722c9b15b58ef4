// Runs one artifact in every way the runtime has and holds the ways against each other bit for bit: fused, with hooks
// on all and on some modules, with one and more threads. Writes the outputs of the first call and, as
// `state NAME`, the state after it.
//   volume-check ARTIFACT WEIGHTS INPUTS OUTPUT [--train] [--folded]
// With --folded, weights hold normalisations when fused, which rounds otherwise than parts do: no hooks then.
#include "modrt/modrt.hpp"
#include <cstdio>
#include <cstring>
#include <random>

namespace {
/// What one call left: its outputs, then all state.
modrt::Tensors call(modrt::Module &m, const modrt::StateDict &weights, const modrt::Tensors &inputs) {
  m.load_state_dict(weights);
  modrt::manual_seed(7);
  modrt::rand({1}); // takes a call number, as making a module does
  modrt::Tensors out = m.call(inputs);
  for (auto &[name, t] : m.state_dict())
    out.push_back(t.clone());
  return out;
}

bool same(const modrt::Tensors &a, const modrt::Tensors &b, const char *what) {
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i].shape() != b[i].shape() || a[i].dtype() != b[i].dtype() ||
        std::memcmp(a[i].data_ptr(), b[i].data_ptr(), size_t(a[i].nbytes())) != 0) {
      std::fprintf(stderr, "%s: value %zu differs from the fused call's\n", what, i);
      return false;
    }
  return true;
}

int run(int argc, char **argv) {
  modrt::Module m = modrt::load(argv[1]).create("model");
  bool train = false, folded = false;
  for (int i = 5; i < argc; ++i) {
    train |= !std::strcmp(argv[i], "--train");
    folded |= !std::strcmp(argv[i], "--folded");
  }
  m.train(train);
  modrt::StateDict weights = modrt::load_file(argv[2]), file = modrt::load_file(argv[3]), results;
  modrt::Tensors inputs;
  for (auto &port : m.inputs())
    inputs.push_back(file.at(port.name));
  modrt::set_num_threads(1);
  modrt::Tensors fused = call(m, weights, inputs);
  auto names = m.outputs();
  for (size_t i = 0; i < names.size(); ++i)
    results[names[i].name] = fused[i].contiguous();
  size_t at = names.size();
  for (auto &[name, t] : m.state_dict())
    results["state " + name] = fused[at++].contiguous();
  modrt::save_file(results, argv[4]);

  bool ok = true;
  std::mt19937 rng(1);
  for (int round = 0; round < (folded ? 0 : 4); ++round) {
    std::vector<modrt::HookHandle> hooks;
    for (auto &[name, child] : m.named_modules())
      if (round == 0 || rng() % 2)
        hooks.push_back(
            child.register_forward_hook([](modrt::Module &, const modrt::Tensors &, const modrt::Tensors &) {}));
    modrt::set_num_threads(1 + round % 3);
    ok &= same(call(m, weights, inputs), fused, round == 0 ? "hooks on all modules" : "hooks on some modules");
    for (auto &h : hooks)
      h.remove();
  }
  modrt::set_num_threads(3);
  return (ok & same(call(m, weights, inputs), fused, "three threads")) ? 0 : 1;
}
} // namespace

int main(int argc, char **argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: volume-check ARTIFACT WEIGHTS INPUTS OUTPUT [--train]\n");
    return 2;
  }
  try {
    return run(argc, argv);
  } catch (const std::exception &e) {
    std::fprintf(stderr, "volume-check: %s\n", e.what());
    return 3;
  }
}
