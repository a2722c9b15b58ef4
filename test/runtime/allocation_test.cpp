// Second and later calls allocate nothing from the heap: malloc itself is counted.
#include "support.h"
#include <dlfcn.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifndef SANITIZED
namespace {
std::atomic<long> g_allocations{0};
template <class F> F real(const char *name) { return reinterpret_cast<F>(dlsym(RTLD_NEXT, name)); }
} // namespace
extern "C" void *malloc(size_t n) {
    static auto next = real<void *(*)(size_t)>("malloc");
    ++g_allocations;
    return next(n);
}
extern "C" void *aligned_alloc(size_t a, size_t n) {
    static auto next = real<void *(*)(size_t, size_t)>("aligned_alloc");
    ++g_allocations;
    return next(a, n);
}
extern "C" void *realloc(void *p, size_t n) {
    static auto next = real<void *(*)(void *, size_t)>("realloc");
    ++g_allocations;
    return next(p, n);
}

using namespace support;
namespace {
template <class F> long allocations(F f) {
    for (int i = 0; i < 3; ++i)
        f();
    long before = g_allocations;
    for (int i = 0; i < 100; ++i)
        f();
    return g_allocations - before;
}

struct Allocation : testing::Test {
    Module net = handmade().create("net").eval();
    Tensor x = input(5), steps = Tensor(2);
};

TEST_F(Allocation, TheCounterCounts) {
    EXPECT_EQ(allocations([] { delete new int[100]; }) >= 0, true);
    long before = g_allocations;
    std::string s(1000, 'x');
    EXPECT_GT(g_allocations - before, 0) << s.size();
}
TEST_F(Allocation, Calls) {
    EXPECT_EQ(allocations([&] { net(x, steps); }), 0);
    EXPECT_EQ(allocations([&] { net(x, 2); }), 0) << "numbers as arguments";
    EXPECT_EQ(allocations([&] { net.call({x, steps}); }), 0);
    Tensor y = empty({5, 4}), in[] = {x, steps}, out[] = {y};
    EXPECT_EQ(allocations([&] { net.call_into(in, out); }), 0);
    EXPECT_EQ(allocations([&] { net(x.t().contiguous().t(), steps); }), 0) << "inputs that are copied";
    Module embed = net.entry("embed");
    EXPECT_EQ(allocations([&] { embed(x); }), 0);
}
TEST_F(Allocation, ComposedCalls) {
    net["drop"].train();
    EXPECT_EQ(allocations([&] { net(x, steps); }), 0);
    Module pair = handmade().create("pair").eval();
    Tensor wide = input(3, 16);
    EXPECT_EQ(allocations([&] { pair(wide); }), 0);
}
TEST_F(Allocation, TrainingCallsThatWriteBuffers) {
    net.train();
    int64_t before = net.get_buffer("norm.count").item<int64_t>();
    EXPECT_EQ(allocations([&] { net(x, steps); }), 0);
    EXPECT_EQ(net.get_buffer("norm.count").item<int64_t>(), before + 103);
    net["drop"].eval();
    EXPECT_EQ(allocations([&] { net(x, steps); }), 0) << "composed";
    EXPECT_EQ(net.get_buffer("norm.count").item<int64_t>(), before + 206);
}
TEST_F(Allocation, Threads) {
    set_num_threads(2);
    Tensor large = input(64);
    EXPECT_EQ(allocations([&] { net(large, steps); }), 0);
    set_num_threads(1);
}
} // namespace
#else
TEST(Allocation, Sanitized) { GTEST_SKIP() << "a sanitizer owns malloc"; }
#endif
