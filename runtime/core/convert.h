// Conversion of elements between dtypes, as PyTorch's copy_: floats to integers truncate, anything but zero is true.
#pragma once
#include "modrt/shape.h"

namespace modrt::detail {
// n contiguous elements; TypeError from complex to real.
void convert_elements(const void *from, DType from_dtype, void *to, DType to_dtype, int64_t n);
bool convertible(DType from, DType to) noexcept;
float half_to_float(uint16_t) noexcept;
uint16_t float_to_half(float) noexcept;
float bfloat16_to_float(uint16_t) noexcept;
uint16_t float_to_bfloat16(float) noexcept;
} // namespace modrt::detail
