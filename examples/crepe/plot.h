// A curve drawn to a PNG file.
#pragma once
#include <string>
#include <vector>

/// One point of the curve: at `seconds`, `hertz`; drawn darker where `weight`, 0 to 1, is larger, and not at all below
/// 0.1.
struct PitchPoint {
  double seconds;
  float hertz, weight;
};

/// Draws the points, in order of time, over a logarithmic frequency axis with labelled lines at the octaves of A, and a
/// line each second (or more, where these would be too many). The file appears whole or not at all. std::runtime_error
/// when it cannot be written.
void draw_pitch(const std::vector<PitchPoint> &points, const std::string &path);
