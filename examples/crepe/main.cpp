// The pitch of a sound file: frequency and confidence each hundredth of a second, as text and as a picture. The model
// is an artifact that modc compiled from crepe.mod; reading frames, normalising and decoding are part of it.
#include "modrt/modrt.hpp"
#include "plot.h"
#include "sound.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

namespace {
constexpr int kRate = 16000, kFrame = 1024;
constexpr size_t kBatch = 64; // frames in one call

struct Options {
  std::string sound, artifact = "crepe.so", weights = "crepe-tiny.safetensors", picture;
  double hop = 0.01;
  int threads = 0;
};

/// Frame i is the 1024 samples round `i * hop`, with zeros beyond both ends.
std::vector<PitchPoint> track(const modrt::Module &model, const std::vector<float> &samples, size_t hop) {
  size_t frames = 1 + samples.size() / hop;
  std::vector<PitchPoint> points;
  std::vector<float> batch;
  for (size_t from = 0; from < frames; from += kBatch) {
    size_t n = std::min(kBatch, frames - from);
    batch.assign(n * kFrame, 0);
    for (size_t i = 0; i < n; ++i)
      for (size_t k = 0; k < kFrame; ++k) {
        size_t at = (from + i) * hop + k; // in the sound with half a frame of zeros in front
        if (at >= kFrame / 2 && at - kFrame / 2 < samples.size())
          batch[i * kFrame + k] = samples[at - kFrame / 2];
      }
    modrt::Tensors out = model.call({modrt::Tensor::from_blob(batch.data(), {int64_t(n), kFrame}, modrt::DType::f32)});
    for (size_t i = 0; i < n; ++i)
      points.push_back({double((from + i) * hop) / kRate, out[0].data<float>()[i], out[1].data<float>()[i]});
  }
  return points;
}

void run(const Options &o) {
  if (o.threads > 0)
    modrt::set_num_threads(o.threads);
  modrt::Module model = modrt::load(o.artifact).declare("pitch");
  model.eval().load_state_dict(modrt::load_file(o.weights));
  auto points = track(model, read_sound(o.sound, kRate), size_t(o.hop * kRate));
  std::puts("seconds,hertz,confidence");
  for (const PitchPoint &p : points)
    std::printf("%.3f,%.2f,%.3f\n", p.seconds, double(p.hertz), double(p.weight));
  if (!o.picture.empty())
    draw_pitch(points, o.picture);
}
} // namespace

int main(int argc, char **argv) {
  Options o;
  CLI::App app{"Prints the pitch of a sound file each hundredth of a second, and draws it."};
  app.add_option("sound", o.sound, "a WAV, FLAC or Ogg file")->required();
  app.add_option("--artifact", o.artifact, "the model, compiled by modc")->capture_default_str();
  app.add_option("--weights", o.weights, "its weights, made by scripts/fetch-crepe.sh")->capture_default_str();
  app.add_option("--png", o.picture, "draw the curve into this file");
  app.add_option("--hop", o.hop, "seconds from frame to frame")->capture_default_str()->check(CLI::Range(0.001, 1.0));
  app.add_option("--threads", o.threads, "threads to use; 0 lets the runtime choose")->check(CLI::Range(0, 1024));
  CLI11_PARSE(app, argc, argv);
  try {
    run(o);
    return 0;
  } catch (const std::exception &e) {
    std::fprintf(stderr, "pitch: %s\n", e.what());
    return 1;
  }
}
