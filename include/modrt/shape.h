// DType and Shape: what a tensor's elements are and how many. Both are plain values and allocate nothing.
#pragma once
#include "modrt/export.h"
#include <array>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace modrt {
/// Numbers are those of modc_dtype in abi.h.
enum class DType : uint8_t { boolean = 1, u8, i8, i16, i32, i64, f16, bf16, f32, f64, c64, c128 };
inline constexpr DType kBool = DType::boolean, kLong = DType::i64, kFloat = DType::f32, kDouble = DType::f64,
                       kHalf = DType::f16, kBFloat16 = DType::bf16;
MODRT_API int64_t size_of(DType) noexcept;             ///< bytes of one element
MODRT_API std::string_view name_of(DType) noexcept;    ///< as the language writes it: "f32", "bool"
MODRT_API std::string_view torch_name(DType) noexcept; ///< as PyTorch writes it: "torch.float32"
MODRT_API bool is_floating_point(DType) noexcept;
MODRT_API std::ostream &operator<<(std::ostream &, DType);

/// Sizes of up to 8 dimensions, outermost first; {} is the shape of a scalar.
class MODRT_API Shape {
  public:
    static constexpr size_t kMaxRank = 8;
    Shape() = default;
    Shape(std::initializer_list<int64_t> dims) : Shape(std::span<const int64_t>(dims.begin(), dims.size())) {}
    Shape(const std::vector<int64_t> &dims) : Shape(std::span<const int64_t>(dims)) {}
    Shape(std::span<const int64_t> dims); ///< ValueError beyond rank 8
    size_t size() const noexcept { return rank_; }
    bool empty() const noexcept { return rank_ == 0; }
    const int64_t *data() const noexcept { return dims_.data(); }
    int64_t *data() noexcept { return dims_.data(); }
    const int64_t *begin() const noexcept { return dims_.data(); }
    const int64_t *end() const noexcept { return dims_.data() + rank_; }
    int64_t operator[](size_t i) const noexcept { return dims_[i]; }
    int64_t &operator[](size_t i) noexcept { return dims_[i]; }
    void push_back(int64_t dim); ///< ValueError beyond rank 8
    int64_t numel() const;       ///< product of the sizes; ValueError beyond 2^62 or for a negative size
    bool operator==(const Shape &) const noexcept;
    std::string text() const; ///< "[3, 2]"

  private:
    std::array<int64_t, kMaxRank> dims_{};
    uint8_t rank_ = 0;
};
MODRT_API std::ostream &operator<<(std::ostream &, const Shape &); ///< torch.Size([3, 2])
} // namespace modrt
