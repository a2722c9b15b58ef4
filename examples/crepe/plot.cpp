// Draws into a grey picture in memory, writes it by libpng.
#include "plot.h"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <png.h>
#include <stdexcept>

namespace {
constexpr int kWidth = 960, kHeight = 480, kLeft = 48, kRight = 16, kTop = 16, kBottom = 32;
constexpr float kMinWeight = 0.1f;

/// Digits and letters of 3 x 5 dots, rows from the top, the left dot in the highest of three bits.
struct Glyph {
  char c;
  uint8_t rows[5];
};
constexpr Glyph kGlyphs[] = {{'0', {7, 5, 5, 5, 7}}, {'1', {2, 6, 2, 2, 7}}, {'2', {7, 1, 7, 4, 7}},
                             {'3', {7, 1, 7, 1, 7}}, {'4', {5, 5, 7, 1, 1}}, {'5', {7, 4, 7, 1, 7}},
                             {'6', {7, 4, 7, 5, 7}}, {'7', {7, 1, 2, 2, 2}}, {'8', {7, 5, 7, 5, 7}},
                             {'9', {7, 5, 7, 1, 7}}, {'H', {5, 5, 7, 5, 5}}, {'z', {0, 7, 1, 2, 7}},
                             {'s', {0, 7, 6, 3, 7}}};

class Picture {
public:
  Picture() : dots_(size_t(kWidth) * kHeight, 255) {}

  /// Darkens a dot, to 0 at `ink` 1.
  void dot(int x, int y, double ink) {
    if (x < 0 || y < 0 || x >= kWidth || y >= kHeight)
      return;
    uint8_t &d = dots_[size_t(y) * kWidth + size_t(x)];
    d = std::min(d, uint8_t(255 - std::lround(255 * std::clamp(ink, 0.0, 1.0))));
  }
  void line(double x0, double y0, double x1, double y1, double ink, int thickness) {
    int steps = std::max(1, int(std::ceil(std::max(std::abs(x1 - x0), std::abs(y1 - y0)))));
    for (int i = 0; i <= steps; ++i) {
      int x = int(std::lround(x0 + (x1 - x0) * i / steps)), y = int(std::lround(y0 + (y1 - y0) * i / steps));
      for (int dx = 0; dx < thickness; ++dx)
        for (int dy = 0; dy < thickness; ++dy)
          dot(x + dx, y + dy, ink);
    }
  }
  /// Text with its right end at x, in dots of 2 x 2.
  void text(int x, int y, const std::string &words) {
    x -= int(words.size()) * 8;
    for (char c : words) {
      for (const Glyph &g : kGlyphs)
        if (g.c == c)
          for (int row = 0; row < 5; ++row)
            for (int column = 0; column < 3; ++column)
              if (g.rows[row] >> (2 - column) & 1)
                line(x + 2 * column, y + 2 * row, x + 2 * column, y + 2 * row, 0.7, 2);
      x += 8;
    }
  }
  void write(const std::string &path) const {
    std::string part = path + ".part";
    png_image image = {};
    image.version = PNG_IMAGE_VERSION;
    image.width = kWidth;
    image.height = kHeight;
    image.format = PNG_FORMAT_GRAY;
    if (!png_image_write_to_file(&image, part.c_str(), 0, dots_.data(), kWidth, nullptr)) {
      std::remove(part.c_str());
      throw std::runtime_error("cannot write picture " + path + ": " + image.message);
    }
    if (std::rename(part.c_str(), path.c_str()) != 0) {
      std::remove(part.c_str());
      throw std::runtime_error("cannot write picture " + path);
    }
  }

private:
  std::vector<uint8_t> dots_;
};
} // namespace

void draw_pitch(const std::vector<PitchPoint> &points, const std::string &path) {
  double lowest = 1e9, highest = 0, end = 1e-3;
  for (const PitchPoint &p : points) {
    end = std::max(end, p.seconds);
    if (p.weight >= kMinWeight) {
      lowest = std::min(lowest, double(p.hertz));
      highest = std::max(highest, double(p.hertz));
    }
  }
  if (highest == 0)
    lowest = 110, highest = 440; // nothing to show but the axes
  double low = std::log2(lowest) - 0.25, high = std::log2(highest) + 0.25;
  auto column = [&](double seconds) { return kLeft + (kWidth - kLeft - kRight) * seconds / end; };
  auto row = [&](double hertz) {
    return kTop + (kHeight - kTop - kBottom) * (1 - (std::log2(hertz) - low) / (high - low));
  };

  Picture picture;
  for (double a = 27.5; a < 8000; a *= 2)
    if (std::log2(a) >= low && std::log2(a) <= high) {
      picture.line(kLeft, row(a), kWidth - kRight, row(a), 0.2, 1);
      picture.text(kLeft - 4, int(row(a)) - 5, std::to_string(int(std::lround(a))));
    }
  picture.text(kLeft - 4, kTop - 8, "Hz");
  double step = std::max(1.0, std::ceil(end / 12));
  for (double s = 0; s <= end; s += step) {
    picture.line(column(s), kTop, column(s), kHeight - kBottom, 0.2, 1);
    picture.text(int(column(s)) + 8, kHeight - kBottom + 8, std::to_string(int(s)) + "s");
  }
  for (size_t i = 0; i < points.size(); ++i) {
    const PitchPoint &p = points[i];
    if (p.weight < kMinWeight)
      continue;
    const PitchPoint &before = points[i && points[i - 1].weight >= kMinWeight ? i - 1 : i];
    picture.line(column(before.seconds), row(before.hertz), column(p.seconds), row(p.hertz), p.weight, 2);
  }
  picture.write(path);
}
