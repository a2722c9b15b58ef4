// Instruction sets by cpuid (x86-64) or the kernel's capability word (AArch64).
#include "artifact/cpu.h"
#include <string_view>
#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

namespace modrt::detail {
namespace {
struct Name {
    int bit;
    const char *name;
};
constexpr Name kNames[] = {
#define MODC_FEATURE(bit, name, llvm) {bit, name},
#include "modrt/abi_features.def"
#undef MODC_FEATURE
};

FeatureBits detect() {
    FeatureBits bits{};
    auto set = [&](std::string_view name, bool on) {
        for (auto &n : kNames)
            if (on && name == n.name)
                bits[size_t(n.bit / 64)] |= uint64_t(1) << n.bit % 64;
    };
#if defined(__x86_64__)
    unsigned a, b, c, d;
    unsigned long long xcr0 = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d))
        return bits;
    if (c >> 27 & 1) { // the system saves extended registers: which?
        unsigned low, high;
        __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
        xcr0 = (unsigned long long)(high) << 32 | low;
    }
    bool ymm = (xcr0 & 0x6) == 0x6, zmm = ymm && (xcr0 & 0xe0) == 0xe0, tile = (xcr0 & 0x60000) == 0x60000;
    set("sse3", c & 1);
    set("ssse3", c >> 9 & 1);
    set("fma", ymm && c >> 12 & 1);
    set("cx16", c >> 13 & 1);
    set("sse4.1", c >> 19 & 1);
    set("sse4.2", c >> 20 & 1);
    set("movbe", c >> 22 & 1);
    set("popcnt", c >> 23 & 1);
    set("avx", ymm && c >> 28 & 1);
    set("f16c", ymm && c >> 29 & 1);
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        unsigned leaves = a;
        set("bmi", b >> 3 & 1);
        set("avx2", ymm && b >> 5 & 1);
        set("bmi2", b >> 8 & 1);
        set("avx512f", zmm && b >> 16 & 1);
        set("avx512dq", zmm && b >> 17 & 1);
        set("avx512cd", zmm && b >> 28 & 1);
        set("avx512bw", zmm && b >> 30 & 1);
        set("avx512vl", zmm && b >> 31 & 1);
        set("avx512vnni", zmm && c >> 11 & 1);
        set("avx512fp16", zmm && d >> 23 & 1);
        set("amx-bf16", tile && d >> 22 & 1);
        set("amx-tile", tile && d >> 24 & 1);
        set("amx-int8", tile && d >> 25 & 1);
        if (leaves >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) {
            set("avxvnni", ymm && a >> 4 & 1);
            set("avx512bf16", zmm && a >> 5 & 1);
        }
    }
    if (__get_cpuid(0x80000001, &a, &b, &c, &d)) {
        set("sahf", c & 1);
        set("lzcnt", c >> 5 & 1);
    }
#elif defined(__aarch64__) && defined(__linux__)
    unsigned long cap = getauxval(AT_HWCAP), cap2 = getauxval(AT_HWCAP2);
    set("neon", cap >> 1 & 1);
    set("fp16", cap >> 10 & 1);
    set("dotprod", cap >> 20 & 1);
    set("sve", cap >> 22 & 1);
    set("i8mm", cap2 >> 13 & 1);
    set("bf16", cap2 >> 14 & 1);
#endif
    return bits;
}
} // namespace

const FeatureBits &cpu_features() {
    static const FeatureBits bits = detect();
    return bits;
}

std::string feature_names(const FeatureBits &bits) {
    std::string s;
    for (int i = 0; i < 128; ++i) {
        if (!(bits[size_t(i / 64)] >> i % 64 & 1))
            continue;
        std::string name = "bit " + std::to_string(i);
        for (auto &n : kNames)
            if (n.bit == i)
                name = n.name;
        s += (s.empty() ? "" : " ") + name;
    }
    return s;
}
} // namespace modrt::detail
