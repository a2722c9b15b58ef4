// The process's random generator: a seed and the number of the next root call. See modc_fold in abi.h for what is drawn
// from them.
#pragma once
#include "modrt/process.h"
#include "modrt/shape.h"

namespace modrt::detail {
uint64_t take_call() noexcept;
// n elements by the rules for initial values in abi.h; float and integer dtypes.
void fill_uniform(void *to, DType, int64_t n, double a, double b, uint64_t key, uint64_t call);
void fill_normal(void *to, DType, int64_t n, double mean, double deviation, uint64_t key, uint64_t call);
} // namespace modrt::detail
