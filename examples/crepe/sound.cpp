// Reads by libsndfile, resamples by libsamplerate.
#include "sound.h"
#include <cmath>
#include <memory>
#include <samplerate.h>
#include <sndfile.h>
#include <stdexcept>

namespace {
constexpr sf_count_t kMaxSeconds = 3600;
constexpr int kMaxChannels = 64;

std::vector<float> resample(const std::vector<float> &in, double ratio, const std::string &path) {
  std::vector<float> out(size_t(std::ceil(double(in.size()) * ratio)) + 1);
  SRC_DATA data = {};
  data.data_in = in.data();
  data.data_out = out.data();
  data.input_frames = long(in.size());
  data.output_frames = long(out.size());
  data.src_ratio = ratio;
  if (int error = src_simple(&data, SRC_SINC_MEDIUM_QUALITY, 1))
    throw std::runtime_error("cannot resample " + path + ": " + src_strerror(error));
  out.resize(size_t(data.output_frames_gen));
  return out;
}
} // namespace

std::vector<float> read_sound(const std::string &path, int rate) {
  SF_INFO info = {};
  std::unique_ptr<SNDFILE, int (*)(SNDFILE *)> file(sf_open(path.c_str(), SFM_READ, &info), sf_close);
  if (!file)
    throw std::runtime_error("cannot read sound " + path + ": " + sf_strerror(nullptr));
  if (info.channels < 1 || info.channels > kMaxChannels || info.samplerate < 1)
    throw std::runtime_error("sound " + path + " has " + std::to_string(info.channels) + " channels at " +
                             std::to_string(info.samplerate) + " Hz; 1 to " + std::to_string(kMaxChannels) +
                             " channels are read");
  // What a header promises is not believed: samples are read until there are none.
  std::vector<float> mono, block(size_t(4096) * size_t(info.channels));
  while (sf_count_t n = sf_readf_float(file.get(), block.data(), 4096)) {
    for (sf_count_t i = 0; i < n; ++i) {
      float sum = 0;
      for (int c = 0; c < info.channels; ++c)
        sum += block[size_t(i * info.channels + c)];
      if (!std::isfinite(sum))
        throw std::runtime_error("sound " + path + " holds a sample that is no number");
      mono.push_back(sum / float(info.channels));
    }
    if (sf_count_t(mono.size()) > kMaxSeconds * info.samplerate)
      throw std::runtime_error("sound " + path + " is longer than an hour; cut it into parts");
  }
  if (mono.empty())
    throw std::runtime_error("sound " + path + " holds no samples");
  if (info.samplerate == rate)
    return mono;
  double ratio = double(rate) / info.samplerate;
  if (!src_is_valid_ratio(ratio))
    throw std::runtime_error("sound " + path + " has " + std::to_string(info.samplerate) +
                             " Hz, which cannot be resampled to " + std::to_string(rate));
  return resample(mono, ratio, path);
}
