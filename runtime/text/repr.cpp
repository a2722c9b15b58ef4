// print(model), as torch.nn.Module.__repr__ and torch.nn.ModuleList.__repr__ write it.
#include "modrt/module.h"
#include <vector>

namespace modrt {
namespace {
/// Every line but the first moved right by two, as torch's _addindent.
std::string indented(const std::string &text) {
    std::string out;
    for (char c : text) {
        out += c;
        if (c == '\n')
            out += "  ";
    }
    return out;
}

std::string block(const std::string &name, const std::vector<std::string> &lines) {
    std::string out = name + "(";
    for (auto &line : lines)
        out += "\n  " + line;
    return out + (lines.empty() ? ")" : "\n)");
}

std::string child_repr(const Module &m) { return m ? m.repr() : "None"; }

/// Equal neighbours on one line: (0-2): 3 x Linear(...).
std::string list_repr(const Module &m) {
    std::vector<std::string> lines;
    auto children = m._modules();
    for (size_t first = 0; first < children.size();) {
        std::string text = child_repr(children[first].second);
        size_t end = first + 1;
        while (end < children.size() && child_repr(children[end].second) == text)
            ++end;
        std::string from = std::to_string(first), to = std::to_string(end - 1);
        lines.push_back(end - first == 1
                            ? "(" + from + "): " + indented(text)
                            : "(" + from + "-" + to + "): " + std::to_string(end - first) + " x " + indented(text));
        first = end;
    }
    return block(m.type(), lines);
}
} // namespace

std::string Module::repr() const {
    if (is("ModuleList"))
        return list_repr(*this);
    std::vector<std::string> lines;
    std::string extra = extra_repr();
    for (size_t at = 0; !extra.empty() && at != std::string::npos;) {
        size_t end = extra.find('\n', at);
        lines.push_back(extra.substr(at, end == std::string::npos ? end : end - at));
        at = end == std::string::npos ? end : end + 1;
    }
    auto children = _modules();
    if (lines.size() == 1 && children.empty())
        return type() + "(" + lines[0] + ")";
    for (auto &[key, child] : children)
        lines.push_back("(" + key + "): " + indented(child_repr(child)));
    return block(type(), lines);
}

std::ostream &operator<<(std::ostream &os, const Module &m) { return os << (m ? m.repr() : "None"); }
} // namespace modrt
