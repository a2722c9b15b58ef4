// How kernels are timed: processor time of one core, beside the multiply-add peak that it reaches with registers alone.
#pragma once
#include "test/cpu/Harness.h"
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <immintrin.h>

namespace modc::cpu {

// Processor time of this thread: what others do on the machine in between does not count.
inline double now() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

// The best of many short runs: `seconds` in all.
template <class F> double best(double seconds, F run) {
  double least = 1e9, stop = now() + seconds;
  do {
    double start = now();
    run();
    least = std::min(least, now() - start);
  } while (now() < stop);
  return least;
}

constexpr int peakTrips = 100000;

__attribute__((target("avx512f"))) inline void spin512() {
  __m512 acc[16], x = _mm512_set1_ps(0.999f), y = _mm512_set1_ps(0.001f);
  for (int i = 0; i < 16; ++i)
    acc[i] = _mm512_set1_ps(float(i));
  for (int trip = 0; trip < peakTrips; ++trip) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; ++i) {
      acc[i] = _mm512_fmadd_ps(x, acc[i], y);
      asm volatile("" : "+v"(acc[i]));
    }
  }
}

__attribute__((target("avx2,fma"))) inline void spin256() {
  __m256 acc[12], x = _mm256_set1_ps(0.999f), y = _mm256_set1_ps(0.001f);
  for (int i = 0; i < 12; ++i)
    acc[i] = _mm256_set1_ps(float(i));
  for (int trip = 0; trip < peakTrips; ++trip) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; ++i) {
      acc[i] = _mm256_fmadd_ps(x, acc[i], y);
      asm volatile("" : "+x"(acc[i]));
    }
  }
}

inline double peakOf(const Target &target) {
  if (target.vectorBytes == 64)
    return peakTrips * 16 * 32.0 / best(0.3, spin512) / 1e9;
  return peakTrips * 12 * 16.0 / best(0.3, spin256) / 1e9;
}

} // namespace modc::cpu
