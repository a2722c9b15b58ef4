// Errors' key functions, dtypes' names and sizes, shapes.
#include "modrt/shape.h"
#include "modrt/error.h"
#include <ostream>

namespace modrt {
Error::~Error() = default;
ShapeError::~ShapeError() = default;
KeyError::~KeyError() = default;
TypeError::~TypeError() = default;
ValueError::~ValueError() = default;
IndexError::~IndexError() = default;
StateDictError::~StateDictError() = default;
FileError::~FileError() = default;
ArtifactError::~ArtifactError() = default;
StructureError::~StructureError() = default;
UnsupportedError::~UnsupportedError() = default;

namespace {
struct DTypeInfo {
    int64_t bytes;
    std::string_view name, torch;
};
constexpr DTypeInfo kDTypes[] = {{0, "none", "none"},
                                 {1, "bool", "torch.bool"},
                                 {1, "u8", "torch.uint8"},
                                 {1, "i8", "torch.int8"},
                                 {2, "i16", "torch.int16"},
                                 {4, "i32", "torch.int32"},
                                 {8, "i64", "torch.int64"},
                                 {2, "f16", "torch.float16"},
                                 {2, "bf16", "torch.bfloat16"},
                                 {4, "f32", "torch.float32"},
                                 {8, "f64", "torch.float64"},
                                 {8, "c64", "torch.complex64"},
                                 {16, "c128", "torch.complex128"}};
const DTypeInfo &info(DType d) { return kDTypes[uint8_t(d) < std::size(kDTypes) ? uint8_t(d) : 0]; }
} // namespace

int64_t size_of(DType d) noexcept { return info(d).bytes; }
std::string_view name_of(DType d) noexcept { return info(d).name; }
std::string_view torch_name(DType d) noexcept { return info(d).torch; }
bool is_floating_point(DType d) noexcept { return d >= DType::f16 && d <= DType::f64; }
std::ostream &operator<<(std::ostream &os, DType d) { return os << torch_name(d); }

Shape::Shape(std::span<const int64_t> dims) {
    if (dims.size() > kMaxRank)
        throw ValueError("a tensor has at most 8 dimensions, got " + std::to_string(dims.size()));
    rank_ = uint8_t(dims.size());
    std::copy(dims.begin(), dims.end(), dims_.begin());
}
void Shape::push_back(int64_t dim) {
    if (rank_ == kMaxRank)
        throw ValueError("a tensor has at most 8 dimensions");
    dims_[rank_++] = dim;
}
int64_t Shape::numel() const {
    int64_t n = 1;
    bool zero = false;
    for (int64_t d : *this) {
        if (d < 0)
            throw ValueError("negative size in shape " + text());
        zero |= d == 0;
    }
    if (zero)
        return 0;
    for (int64_t d : *this)
        if (__builtin_mul_overflow(n, d, &n) || n > int64_t(1) << 62)
            throw ValueError("shape " + text() + " has more elements than fit in memory");
    return n;
}
bool Shape::operator==(const Shape &o) const noexcept { return std::equal(begin(), end(), o.begin(), o.end()); }
std::string Shape::text() const {
    std::string s = "[";
    for (size_t i = 0; i < rank_; ++i)
        s += (i ? ", " : "") + std::to_string(dims_[i]);
    return s + "]";
}
std::ostream &operator<<(std::ostream &os, const Shape &s) { return os << "torch.Size(" << s.text() << ")"; }
} // namespace modrt
