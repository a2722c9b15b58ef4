// The generator of random module trees.
#include "random_model.h"

namespace modc::test {
namespace {
class Generator {
public:
  explicit Generator(unsigned seed) : rng(seed) {}

  RandomModel make() {
    RandomModel m;
    m.sequence = chance(2);
    sequence = m.sequence;
    m.features = width();
    std::string root = userModule(2, m.features, width());
    m.text = "import nn\nimport nn.functional as F\nfrom torch import rand_like, randn_like\n\n" + classes +
             "export model = " + root + "\n";
    return m;
  }

private:
  int64_t pick(int64_t n) { return int64_t(rng() % uint64_t(n)); }
  bool chance(int64_t oneIn) { return pick(oneIn) == 0; }
  int64_t width() {
    static constexpr int64_t widths[] = {1, 3, 8, 17, 32, 65};
    return widths[pick(6)];
  }
  std::string number(int64_t n) { return std::to_string(n); }

  /// An expression that makes a module from `from` to `to` features.
  std::string module(int depth, int64_t from, int64_t to) {
    if (depth > 0 && chance(2))
      return userModule(depth - 1, from, to);
    if (depth > 0 && chance(3)) {
      int64_t middle = width();
      return "nn.Sequential(" + module(depth - 1, from, middle) + ", " + activation() + ", " +
             module(depth - 1, middle, to) + ")";
    }
    if (from == to)
      switch (pick(5)) {
      case 0:
        return "nn.LayerNorm(" + number(to) + ")";
      case 1:
        return activation();
      case 2:
        return sequence ? "nn.LayerNorm(" + number(to) + ", bias=False)" : "nn.BatchNorm1d(" + number(to) + ")";
      case 3:
        return "nn.Dropout(0.3)";
      default:
        break;
      }
    return "nn.Linear(" + number(from) + ", " + number(to) + (chance(3) ? ", bias=False)" : ")");
  }

  std::string activation() {
    static const char *names[] = {"nn.ReLU()", "nn.GELU()",     "nn.Tanh()",        "nn.Sigmoid()",
                                  "nn.SiLU()", "nn.Identity()", "nn.LeakyReLU(0.2)"};
    return names[pick(7)];
  }

  /// Adds a class with children and a forward that mixes their results; returns its constructor call.
  std::string userModule(int depth, int64_t from, int64_t to) {
    std::string name = "M" + number(next++), body, forward;
    int children = int(1 + pick(3));
    std::string type = std::string("f32[N, ") + (sequence ? "S, " : "") + number(from) + "]";
    std::vector<std::string> values; // of `to` features
    bool list = chance(4);
    if (list)
      body += "    parts = [" + module(depth, from, to) + ", " + module(depth, from, to) + "]\n";
    for (int i = 0; i < children; ++i) // one module under two names now and then
      body += "    c" + number(i) + " = " + (i > 0 && chance(6) ? "c" + number(i - 1) : module(depth, from, to)) + "\n";
    if (chance(3))
      body += "    param gain: f32[" + number(to) + "] = nn.init.uniform(-1.0, 1.0)\n";
    bool gain = body.find("gain") != std::string::npos;
    bool counts = chance(3), slow = gain && chance(2);
    if (counts)
      body += "    buffer seen: f32[" + number(to) + "] = zeros\n    buffer count: i64[] = 0\n";
    if (slow)
      body += "    param slow: f32[" + number(to) + "] = ones\n";
    for (int i = 0; i < children; ++i) {
      forward += "        y" + number(i) + " = c" + number(i) + "(x)\n";
      values.push_back("y" + number(i));
    }
    if (list) {
      forward += "        z = parts[1](x)\n        for p in parts:\n            z = z + p(x)\n";
      values.push_back("z");
    }
    if (from == to && chance(2))
      values.push_back("x");
    forward += "        out = " + values[0] + "\n";
    for (size_t i = 1; i < values.size(); ++i)
      forward += "        out = " + mix("out", values[i]) + "\n";
    if (gain)
      forward += "        out = out * gain\n";
    if (chance(3))
      forward += "        out = " + finish("out") + "\n";
    if (chance(3))
      forward += draw();
    if (counts)
      forward += count();
    if (slow)
      forward += "        slow.copy_(0.75 * slow + 0.25 * gain)\n        out = out * slow\n";
    if (chance(4) && from == to)
      forward += "        out = out + c0(out)\n"; // one child twice
    if (chance(3))
      forward += control(from == to);
    classes += "module " + name + "():\n" + body + "\n    def forward(x: " + type + "):\n" + forward +
               "        return out\n\n";
    return name + "()";
  }

  /// A loop or a branch that the run decides, which does not make small differences large, with and without calls in
  /// it, over `out`; `calls`: the child c0 takes it.
  std::string control(bool calls) {
    std::string step = calls && chance(2) ? "c0(out)" : "tanh(out)";
    switch (pick(5)) {
    case 0:
      return "        for t in range(x.shape[0]):\n            out = out * 0.5 + " + step + " * 0.1 + t\n";
    case 1:
      return "        if x.sum() > 0.25:\n            out = " + step +
             " + out\n        else:\n            out = out - y0\n";
    case 2:
      return "        rounds = 0\n        while out.abs().max() > 0.7 and rounds < 3:\n            out = out * 0.9 - "
             "0.1 * " +
             step + "\n            rounds += 1\n        out = out + rounds\n";
    case 3:
      return "        a, b = out, out * 0.5\n        for t in range(3):\n            for u in range(t):\n              "
             "  a, b = "
             "b, a - " +
             std::string(calls && chance(2) ? "c0(b) * 0.1" : "b * 0.25") + "\n        out = a + b\n";
    default:
      return "        acc = zeros(*out.shape)\n        for t in range(x.shape[0]):\n            acc[t] = out[t] * 2 - "
             "t\n        "
             "out = acc - " +
             step + "\n";
    }
  }

  std::string mix(const std::string &a, const std::string &b) {
    switch (pick(5)) {
    case 0:
      return a + " * 0.5 + " + b;
    case 1:
      return a + " - tanh(" + b + ")";
    case 2:
      return "maximum(" + a + ", " + b + ")";
    case 3:
      return "where(" + a + " > 0, " + a + ", " + b + ")";
    default:
      return a + " + " + b;
    }
  }

  std::string finish(const std::string &a) {
    switch (pick(5)) {
    case 0:
      return "softmax(" + a + ", -1)";
    case 1:
      return a + " - " + a + ".mean(-1, keepdim=True)";
    case 2:
      return "F.normalize(" + a + ", dim=-1)";
    case 3:
      return sequence ? a + ".transpose(0, 1).transpose(0, 1)" : a + " * sigmoid(" + a + ")";
    default:
      return "gelu(" + a + ")";
    }
  }

  /// Work that draws, in training or always.
  std::string draw() {
    switch (pick(4)) {
    case 0:
      return "        out = F.dropout(out, 0.25, training)\n";
    case 1:
      return "        out = out + 0.1 * rand_like(out)\n";
    case 2:
      return "        if training:\n            out = out + 0.1 * randn_like(out)\n";
    default:
      return sequence
                 ? "        out = F.scaled_dot_product_attention(out, out, out, dropout_p=0.2 if training else 0.0)\n"
                 : "        if not training:\n            out = out * 0.5\n";
    }
  }

  /// Updates of the module's own buffers, in training or always, read again in the same call.
  std::string count() {
    std::string mean = sequence ? "out.mean([0, 1])" : "out.mean(0)";
    std::string update = "count += 1\n", indent = "        ";
    if (chance(2)) {
      update += indent + "    seen = 0.5 * seen + 0.5 * " + mean + "\n";
      update = indent + "if training:\n" + indent + "    " + update;
    } else {
      update = indent + update + indent + "seen = 0.5 * seen + " + mean + " / count\n";
    }
    return update + indent + "out = out + seen\n";
  }

  std::mt19937 rng;
  std::string classes;
  int next = 0;
  bool sequence = false;
};
} // namespace

RandomModel makeRandomModel(unsigned seed) { return Generator(seed).make(); }
} // namespace modc::test
