// What the runtime throws. what() says what happened, where (module path, file, input), expected and actual, and how to
// mend it.
#pragma once
#include "modrt/export.h"
#include <stdexcept>
#include <string>

namespace modrt {
/// Base of all below. Memory that cannot be had is std::bad_alloc.
class MODRT_API Error : public std::runtime_error {
  public:
    using runtime_error::runtime_error;
    ~Error() override;
};
/// Dims, dtype, rank or count of tensors do not fit a call or an operation. Nothing ran.
struct MODRT_API ShapeError : Error {
    using Error::Error;
    ~ShapeError() override;
};
/// Unknown name; PyTorch's KeyError and AttributeError.
struct MODRT_API KeyError : Error {
    using Error::Error;
    ~KeyError() override;
};
/// Wrong kind of object or argument, e.g. data<float>() of an i64 tensor.
struct MODRT_API TypeError : Error {
    using Error::Error;
    ~TypeError() override;
};
/// An argument's value is out of the question, or a weight has no value yet.
struct MODRT_API ValueError : Error {
    using Error::Error;
    ~ValueError() override;
};
/// An index is out of range.
struct MODRT_API IndexError : Error {
    using Error::Error;
    ~IndexError() override;
};
/// A state dict does not fit; the text is PyTorch's. Nothing was written.
struct MODRT_API StateDictError : Error {
    using Error::Error;
    ~StateDictError() override;
};
/// A file is missing, cut short, malformed or cannot be written; names file and offset.
struct MODRT_API FileError : Error {
    using Error::Error;
    ~FileError() override;
};
/// Not an artifact, another ABI, a damaged table, or no code for this machine.
struct MODRT_API ArtifactError : Error {
    using Error::Error;
    ~ArtifactError() override;
};
/// The tree was changed into something that compiled code cannot follow.
struct MODRT_API StructureError : Error {
    using Error::Error;
    ~StructureError() override;
};
/// A variant that was not compiled; names the modc option that compiles it.
struct MODRT_API UnsupportedError : Error {
    using Error::Error;
    ~UnsupportedError() override;
};
} // namespace modrt
