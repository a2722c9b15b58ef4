// Tensor: a strided view of counted CPU memory. A handle one pointer wide; copies name the same object, as in Python.
#pragma once
#include "modrt/ref.h"
#include "modrt/shape.h"
#include <functional>
#include <optional>
#include <ostream>
#include <span>
#include <type_traits>

struct DLManagedTensorVersioned;

namespace modrt {
/// start:stop:step with Python's meaning (negative counts from the end); step > 0.
struct Slice {
    std::optional<int64_t> start, stop;
    int64_t step = 1;
};

/// Metadata never changes after creation; the memory is not guarded: two threads that touch one tensor, one of them
/// writing, need an order of their own. A module's parameters and buffers are the exception (see Parameter). Every
/// member but the constructors and operator bool throws ValueError on an empty handle.
class MODRT_API Tensor {
  public:
    Tensor() = default; ///< none: tests false
    template <class T>
        requires std::is_arithmetic_v<T>
    Tensor(T scalar) { ///< 0-d: bool, i64 or, from any floating type, f32
        *this = of_scalar(scalar);
    }
    Tensor(std::initializer_list<float> values); ///< 1-d f32
    Tensor(
        std::initializer_list<std::initializer_list<float>> rows); ///< 2-d f32; ShapeError when rows differ in length

    explicit operator bool() const noexcept { return bool(impl_); }
    bool is_same(const Tensor &o) const noexcept { return impl_ == o.impl_; } ///< identity, as `is` in Python
    const Shape &shape() const;
    const Shape &sizes() const { return shape(); }
    int64_t size(int dim) const;              ///< negative counts from the end; IndexError
    std::span<const int64_t> strides() const; ///< in elements
    int64_t dim() const;
    int64_t numel() const;
    int64_t nbytes() const; ///< numel() times the element's size
    DType dtype() const;
    bool is_contiguous() const;
    bool has_data() const; ///< false for a declared parameter that was given no value yet

    /// The value of a one-element tensor, converted to T. ValueError when it has more elements.
    template <class T> T item() const;
    /// Elements of a contiguous tensor; TypeError when T is not its type. Valid while the tensor's memory is: for a
    /// parameter until it is replaced (load_state_dict, edit) and no older call or view of it is left.
    template <class T> std::span<const T> data() const;
    const void *data_ptr() const; ///< first element, whatever the strides
    /// Writable memory. TypeError for a parameter or buffer (edit() is for those) and for memory mapped from a file
    /// (clone() it).
    template <class T> std::span<T> mutable_data();

    Tensor to(DType) const;        ///< itself when equal; else converted as PyTorch's copy_ does
    Tensor clone() const;          ///< contiguous copy
    Tensor contiguous() const;     ///< itself when contiguous
    Tensor &copy_(const Tensor &); ///< values of an equally shaped tensor, converted; as mutable_data()
    Tensor &fill_(double);
    Tensor &zero_() { return fill_(0); }

    // Views share memory and copy nothing. Dimensions may be negative. ShapeError, IndexError.
    Tensor view(Shape) const;    ///< one size may be -1; ShapeError when strides do not allow it
    Tensor reshape(Shape) const; ///< view where possible, else a copy
    Tensor flatten(int start = 0, int end = -1) const;
    Tensor transpose(int, int) const;
    Tensor t() const; ///< of rank <= 2
    Tensor permute(std::initializer_list<int>) const;
    Tensor squeeze(int) const;
    Tensor unsqueeze(int) const;
    Tensor select(int dim, int64_t index) const;
    Tensor slice(int dim, Slice) const;
    Tensor operator[](int64_t index) const { return select(0, index); }
    Tensor detach() const; ///< a plain tensor over the same memory

    bool requires_grad() const;
    Tensor &requires_grad_(bool on = true); ///< TypeError for an integer tensor

    /// Caller owns the result and calls its deleter. Exported read-only (flag bit 0) when the memory is a parameter's,
    /// buffer's or a file's.
    DLManagedTensorVersioned *to_dlpack() const;
    /// Takes ownership, also when it throws. CPU only; TypeError, ShapeError or ValueError for what cannot be
    /// represented.
    static Tensor from_dlpack(DLManagedTensorVersioned *);
    /// Contiguous memory of the caller's; `free` runs when the last tensor over it is gone. Memory may be null only if
    /// empty.
    static Tensor from_blob(void *memory, Shape, DType = kFloat, std::function<void()> free = {});

    explicit Tensor(detail::Ref<detail::TensorImpl> impl) : impl_(std::move(impl)) {} ///< for the runtime itself
    detail::TensorImpl *impl() const noexcept { return impl_.get(); }

  protected:
    static Tensor of_scalar(bool);
    static Tensor of_scalar(double);
    template <class T> static Tensor of_scalar(T v) {
        if constexpr (std::is_same_v<T, bool> || std::is_floating_point_v<T>)
            return of_scalar(std::conditional_t<std::is_same_v<T, bool>, bool, double>(v));
        else
            return of_integer(int64_t(v));
    }
    static Tensor of_integer(int64_t);
    detail::Ref<detail::TensorImpl> impl_;
};
/// Prints as PyTorch does: tensor([[1., 2.]]).
MODRT_API std::ostream &operator<<(std::ostream &, const Tensor &);

using Tensors = std::vector<Tensor, detail::CachedAllocator<Tensor>>;

MODRT_API Tensor empty(Shape, DType = kFloat); ///< contents undefined
MODRT_API Tensor zeros(Shape, DType = kFloat);
MODRT_API Tensor ones(Shape, DType = kFloat);
MODRT_API Tensor full(Shape, double value, DType = kFloat);
MODRT_API Tensor arange(int64_t n);              ///< i64: 0 .. n-1
MODRT_API Tensor tensor(std::span<const float>); ///< 1-d copies
MODRT_API Tensor tensor(std::span<const int64_t>);
inline Tensor tensor(std::initializer_list<float> v) { return tensor(std::span<const float>(v.begin(), v.size())); }
inline Tensor tensor(std::initializer_list<int64_t> v) { return tensor(std::span<const int64_t>(v.begin(), v.size())); }
MODRT_API Tensor rand(Shape);                         ///< f32 in [0, 1); takes one call number of the generator
MODRT_API Tensor randn(Shape);                        ///< f32 normal; as rand
MODRT_API bool equal(const Tensor &, const Tensor &); ///< same shape, dtype and values
MODRT_API bool allclose(const Tensor &, const Tensor &, double rtol = 1e-5, double atol = 1e-8);

// ------------------------------------------------------------------------------------------------ parameters and
// buffers
namespace detail {
/// A parameter's new memory while it is edited. Publishing closes every binding that read the old memory.
class MODRT_API EditBlock {
  public:
    explicit EditBlock(const Tensor &);
    EditBlock(EditBlock &&) noexcept;
    EditBlock(const EditBlock &) = delete;
    ~EditBlock();
    Tensor target, fresh;
};
} // namespace detail

/// Scoped write access to a parameter or buffer: starts as a copy of its values; on destruction the new values are
/// published in one step. Running calls finish with the old ones. An exception in the scope publishes what was written
/// so far.
template <class T> class Edit {
  public:
    std::span<T> span() { return values_; }
    T &operator[](size_t i) { return values_[i]; }

  private:
    friend class Parameter;
    explicit Edit(const Tensor &t) : block_(t), values_(block_.fresh.mutable_data<T>()) {}
    detail::EditBlock block_;
    std::span<T> values_;
};

/// A tensor that a module owns by name. Its identity survives load_state_dict and edit; its memory does not. Replacing
/// and editing are free for any thread at any time.
class MODRT_API Parameter : public Tensor {
  public:
    Parameter() = default; ///< None
    explicit Parameter(detail::Ref<detail::TensorImpl> impl) : Tensor(std::move(impl)) {}
    template <class T> Edit<T> edit() {
        return Edit<T>(*this);
    } ///< TypeError when T is not its type, ValueError without a value
};
using Buffer = Parameter;
} // namespace modrt
