// Philox streams for initial values and rand(), and the generator's two numbers.
#include "core/random.h"
#include "core/convert.h"
#include "core/tensor_impl.h"
#include "modrt/abi.h"
#include "modrt/error.h"
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <numbers>
#include <random>

namespace modrt {
namespace {
std::atomic<uint64_t> g_seed{0}, g_call{0};
}
void manual_seed(uint64_t seed) {
    g_seed.store(seed, std::memory_order_relaxed);
    g_call.store(0, std::memory_order_relaxed);
}
uint64_t initial_seed() { return g_seed.load(std::memory_order_relaxed); }
uint64_t seed() {
    std::random_device device;
    uint64_t value = uint64_t(device()) << 32 | device();
    manual_seed(value);
    return value;
}
Tensor get_rng_state() {
    Tensor t = empty({16}, DType::u8);
    uint64_t both[2] = {g_seed.load(std::memory_order_relaxed), g_call.load(std::memory_order_relaxed)};
    std::memcpy(t.mutable_data<uint8_t>().data(), both, sizeof both);
    return t;
}
void set_rng_state(const Tensor &t) {
    if (t.dtype() != DType::u8 || t.shape() != Shape({16}))
        throw TypeError("set_rng_state: expected what get_rng_state() returns, a u8[16], got " + detail::describe(t));
    Tensor dense = t.contiguous();
    uint64_t both[2];
    std::memcpy(both, dense.data<uint8_t>().data(), sizeof both);
    g_seed.store(both[0], std::memory_order_relaxed);
    g_call.store(both[1], std::memory_order_relaxed);
}

namespace detail {
uint64_t take_call() noexcept { return g_call.fetch_add(1, std::memory_order_relaxed); }

namespace {
class Stream {
  public:
    Stream(uint64_t key, uint64_t call) : key_(key), call_(call) {}
    double next() { // element after element
        if ((at_ & 3) == 0)
            modc_philox(key_, at_ / 4, call_, words_);
        return double(words_[at_++ & 3] >> 8) * 0x1p-24;
    }

  private:
    uint64_t key_, call_, at_ = 0;
    uint32_t words_[4] = {};
};
template <class F> void fill(void *to, DType dtype, int64_t n, F draw) {
    double block[256];
    for (int64_t i = 0; i < n; i += 256) {
        int64_t m = std::min<int64_t>(256, n - i);
        for (int64_t k = 0; k < m; ++k)
            block[k] = draw();
        convert_elements(block, DType::f64, static_cast<char *>(to) + i * size_of(dtype), dtype, m);
    }
}
} // namespace

void fill_uniform(void *to, DType dtype, int64_t n, double a, double b, uint64_t key, uint64_t call) {
    Stream s(key, call);
    fill(to, dtype, n, [&] { return a + (b - a) * s.next(); });
}
void fill_normal(void *to, DType dtype, int64_t n, double mean, double deviation, uint64_t key, uint64_t call) {
    Stream s(key, call);
    fill(to, dtype, n, [&] {
        double u = s.next(), v = s.next();
        return mean + deviation * (std::sqrt(-2 * std::log(1 - u)) * std::cos(2 * std::numbers::pi * v));
    });
}
} // namespace detail
} // namespace modrt
