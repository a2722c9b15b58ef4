// Sound files as mono samples at one rate.
#pragma once
#include <string>
#include <vector>

/// The samples of a sound file (WAV, FLAC, Ogg and what else libsndfile reads), its channels averaged, resampled to
/// `rate` Hz. std::runtime_error naming the file when it cannot be read, is empty, holds no numbers, or is longer than
/// an hour.
std::vector<float> read_sound(const std::string &path, int rate);
