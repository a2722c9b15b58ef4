// Reading and writing weights and arrays. No function leaves a half-written file: temporary file, sync, rename.
#pragma once
#include "modrt/state_dict.h"

namespace modrt {
class Module;

/// A safetensors file, mapped (tensors are views of it; MODRT_MMAP=0 reads it instead), or the index JSON of a sharded
/// one. The kind is told by content, not by name. FileError names file and offset.
MODRT_API StateDict load_file(const std::string &path);
/// load_state_dict(load_file(path)), where names of one tied parameter that the file lacks take the value of one that
/// it has, as safetensors.torch.load_model does: such files keep each tensor once.
MODRT_API Incompatible load_model(Module &, const std::string &path, LoadOptions = {});
/// Writes safetensors; aliases are stored once and listed in __metadata__.
MODRT_API void save_file(const StateDict &, const std::string &path);
/// A NumPy array file, versions 1 to 3, C or Fortran order, little-endian.
MODRT_API Tensor load_npy(const std::string &path);
MODRT_API void save_npy(const Tensor &, const std::string &path);
} // namespace modrt
