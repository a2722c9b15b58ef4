// Values for a call, from the command line's NAME=FILE and NAME=NUMBER.
#pragma once
#include "modrt/modrt.hpp"
#include <string>
#include <vector>

namespace modrun {
/// One tensor for each input of the module's signature, in order. modrt::Error when one is missing, named twice,
/// unknown, or its file cannot be read.
modrt::Tensors read_inputs(modrt::Module &m, const std::vector<std::string> &arguments);
} // namespace modrun
