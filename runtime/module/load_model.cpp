// load_model: a safetensors file straight into a module, whose tied parameters the file may keep once.
#include "modrt/files.h"
#include "modrt/module.h"

namespace modrt {
Incompatible load_model(Module &model, const std::string &path, LoadOptions options) {
    StateDict file = load_file(path);
    const auto ties = model.state_dict("", true).aliases;
    for (auto &[alias, first] : ties)
        if (file.contains(alias) && !file.contains(first))
            file[first] = Tensor(file.at(alias));
    for (auto &[alias, first] : ties)
        if (file.contains(first) && !file.contains(alias))
            file[alias] = Tensor(file.at(first));
    return model.load_state_dict(file, options);
}
} // namespace modrt
