// The JSON header of a safetensors file, read with limits and checked before any tensor is made.
#pragma once
#include "modrt/shape.h"
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace modrt::detail {
struct TensorEntry {
    std::string name;
    DType dtype = DType::f32;
    Shape shape;
    int64_t begin = 0, end = 0; // bytes, from the end of the header
};

struct SafetensorsHeader {
    std::vector<TensorEntry> tensors; // by name, as the format's own libraries list them
    std::map<std::string, std::string> metadata;
};

/// Parses the header's text; `data_bytes` is what follows it in the file. FileError naming `path` and what is wrong:
/// no JSON, unknown dtype, duplicate key, sizes that do not multiply to the bytes, ranges that overlap, leave gaps or
/// reach beyond the file.
SafetensorsHeader parse_safetensors_header(std::string_view json, int64_t data_bytes, const std::string &path);

/// The header of a file that holds these tensors one after another, padded with spaces to a multiple of 8.
std::string write_safetensors_header(const SafetensorsHeader &);
} // namespace modrt::detail
