// A file's bytes in memory, mapped or read.
#pragma once
#include "core/storage.h"
#include "modrt/error.h"
#include <string>

namespace modrt::detail {
/// The whole file as one immutable storage, mapped (MAP_PRIVATE); MODRT_MMAP=0 reads it instead, for files that may
/// shrink while they are used. FileError when it is missing, a folder, or cannot be read.
Ref<Storage> open_input(const std::string &path);

/// "PATH: WHAT" as a FileError.
[[noreturn]] void bad_file(const std::string &path, const std::string &what);
/// "PATH: WHAT (byte OFFSET)" as a FileError.
[[noreturn]] void bad_file_at(const std::string &path, int64_t offset, const std::string &what);
} // namespace modrt::detail
