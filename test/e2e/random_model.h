// Random small module trees as text of the language.
#pragma once
#include <random>
#include <string>
#include <vector>

namespace modc::test {

/// One program: classes, and an export `model` that takes `x`.
struct RandomModel {
  std::string text;
  int64_t features; ///< last dimension of x
  bool sequence;    ///< x is f32[N, S, features], else f32[N, features]
};

RandomModel makeRandomModel(unsigned seed);

} // namespace modc::test
