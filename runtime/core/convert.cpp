// One loop for each pair of dtypes, through the wider of the two.
#include "core/convert.h"
#include "modrt/error.h"
#include <bit>
#include <cmath>
#include <complex>
#include <cstring>
#include <limits>

namespace modrt::detail {
float half_to_float(uint16_t h) noexcept {
    uint32_t sign = uint32_t(h & 0x8000) << 16, exponent = (h >> 10) & 31, mantissa = h & 0x3ff;
    if (exponent == 31)
        return std::bit_cast<float>(sign | 0x7f800000u | mantissa << 13);
    if (exponent == 0) { // zero and subnormals: mantissa * 2^-24 is exact
        float v = float(mantissa) * 0x1p-24f;
        return sign ? -v : v;
    }
    return std::bit_cast<float>(sign | (exponent + 112) << 23 | mantissa << 13);
}

uint16_t float_to_half(float f) noexcept {
    uint32_t x = std::bit_cast<uint32_t>(f);
    uint16_t sign = uint16_t(x >> 16 & 0x8000);
    x &= 0x7fffffff;
    if (x > 0x7f800000)
        return uint16_t(sign | 0x7e00); // NaN
    if (x >= 0x477ff000)
        return uint16_t(sign | 0x7c00); // rounds to infinity
    if (x < 0x38800000) {               // subnormal: let float addition round to a multiple of 2^-24
        float magic = std::bit_cast<float>(x) + 0.5f;
        return uint16_t(sign | (std::bit_cast<uint32_t>(magic) - std::bit_cast<uint32_t>(0.5f)));
    }
    uint32_t odd = x >> 13 & 1;
    return uint16_t(sign | ((x - (112u << 23) + 0xfff + odd) >> 13));
}

float bfloat16_to_float(uint16_t b) noexcept { return std::bit_cast<float>(uint32_t(b) << 16); }
uint16_t float_to_bfloat16(float f) noexcept {
    uint32_t x = std::bit_cast<uint32_t>(f);
    if ((x & 0x7fffffff) > 0x7f800000)
        return uint16_t(x >> 16 | 0x40);
    return uint16_t((x + 0x7fff + (x >> 16 & 1)) >> 16);
}

namespace {
struct Half {
    uint16_t bits;
};
struct BFloat16 {
    uint16_t bits;
};
struct Bool {
    uint8_t value;
};
template <class T> double widen(T v) {
    if constexpr (std::is_same_v<T, Half>)
        return half_to_float(v.bits);
    else if constexpr (std::is_same_v<T, BFloat16>)
        return bfloat16_to_float(v.bits);
    else if constexpr (std::is_same_v<T, Bool>)
        return v.value != 0;
    else
        return double(v);
}
template <class T>
constexpr bool is_complex = std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>;
template <class T> constexpr bool is_exact_integer = std::is_integral_v<T>;

// Out-of-range floats are clamped (C++ leaves them undefined, hardware differs).
template <class To, class From> To narrow(From v) {
    if constexpr (is_complex<To> && is_complex<From>) {
        return To(v);
    } else if constexpr (is_complex<From>) {
        return To{}; // refused by the caller
    } else if constexpr (is_complex<To>) {
        return To(typename To::value_type(widen(v)));
    } else if constexpr (is_exact_integer<To> && is_exact_integer<From>) {
        return To(v);
    } else {
        double d = widen(v);
        if constexpr (std::is_same_v<To, Bool>)
            return Bool{uint8_t(d != 0)};
        else if constexpr (std::is_same_v<To, Half>)
            return Half{float_to_half(float(d))};
        else if constexpr (std::is_same_v<To, BFloat16>)
            return BFloat16{float_to_bfloat16(float(d))};
        else if constexpr (is_exact_integer<To>) {
            if (std::isnan(d))
                return 0;
            constexpr double low = double(std::numeric_limits<To>::min()),
                             high = double(std::numeric_limits<To>::max());
            return d <= low ? std::numeric_limits<To>::min() : d >= high ? std::numeric_limits<To>::max() : To(d);
        } else
            return To(d);
    }
}
template <class F> void with_type(DType d, F f) {
    switch (d) {
    case DType::boolean:
        return f(Bool{});
    case DType::u8:
        return f(uint8_t{});
    case DType::i8:
        return f(int8_t{});
    case DType::i16:
        return f(int16_t{});
    case DType::i32:
        return f(int32_t{});
    case DType::i64:
        return f(int64_t{});
    case DType::f16:
        return f(Half{});
    case DType::bf16:
        return f(BFloat16{});
    case DType::f32:
        return f(float{});
    case DType::f64:
        return f(double{});
    case DType::c64:
        return f(std::complex<float>{});
    case DType::c128:
        return f(std::complex<double>{});
    }
}
bool complex_type(DType d) { return d == DType::c64 || d == DType::c128; }
} // namespace

bool convertible(DType from, DType to) noexcept { return !complex_type(from) || complex_type(to); }

void convert_elements(const void *from, DType from_dtype, void *to, DType to_dtype, int64_t n) {
    if (n <= 0)
        return;
    if (from_dtype == to_dtype) {
        std::memcpy(to, from, size_t(n) * size_t(size_of(from_dtype)));
        return;
    }
    if (!convertible(from_dtype, to_dtype))
        throw TypeError("a complex tensor (" + std::string(name_of(from_dtype)) + ") cannot become " +
                        std::string(name_of(to_dtype)));
    with_type(from_dtype, [&](auto a) {
        with_type(to_dtype, [&](auto b) {
            using From = decltype(a);
            using To = decltype(b);
            // memcpy: files give no alignment promise
            for (int64_t i = 0; i < n; ++i) {
                From v;
                std::memcpy(&v, static_cast<const char *>(from) + size_t(i) * sizeof(From), sizeof(From));
                To w = narrow<To>(v);
                std::memcpy(static_cast<char *>(to) + size_t(i) * sizeof(To), &w, sizeof(To));
            }
        });
    });
}
} // namespace modrt::detail
