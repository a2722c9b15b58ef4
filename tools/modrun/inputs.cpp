// Reading inputs.
#include "inputs.h"
#include <charconv>
#include <map>

namespace modrun {
namespace {
bool ends_with(const std::string &text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string names_of(const std::vector<modrt::Port> &ports) {
  std::string all;
  for (auto &p : ports)
    all += (all.empty() ? "" : ", ") + p.name;
  return all.empty() ? "none" : all;
}

modrt::Tensor number(const std::string &text, const modrt::Port &port) {
  const char *end = text.data() + text.size();
  if (port.dtype == modrt::DType::i64 || port.dtype == modrt::DType::i32) {
    int64_t v;
    auto r = std::from_chars(text.data(), end, v);
    if (r.ec == std::errc() && r.ptr == end)
      return modrt::Tensor(v).to(port.dtype);
  } else {
    double v;
    auto r = std::from_chars(text.data(), end, v);
    if (r.ec == std::errc() && r.ptr == end)
      return modrt::full({}, v, port.dtype);
  }
  throw modrt::ValueError("--input " + port.name + "=" + text +
                          ": neither a .npy or .safetensors file nor a number of dtype " +
                          std::string(modrt::name_of(port.dtype)));
}

modrt::Tensor read(const std::string &text, const modrt::Port &port) {
  if (ends_with(text, ".npy"))
    return modrt::load_npy(text);
  if (ends_with(text, ".safetensors")) {
    modrt::StateDict file = modrt::load_file(text);
    if (!file.contains(port.name))
      throw modrt::KeyError(text + " has no tensor \"" + port.name + "\"");
    return file.at(port.name);
  }
  return number(text, port);
}
} // namespace

modrt::Tensors read_inputs(modrt::Module &m, const std::vector<std::string> &arguments) {
  std::map<std::string, std::string> given;
  for (auto &a : arguments) {
    size_t equals = a.find('=');
    if (equals == std::string::npos || equals == 0)
      throw modrt::ValueError("--input " + a + ": expected NAME=FILE or NAME=NUMBER");
    if (!given.emplace(a.substr(0, equals), a.substr(equals + 1)).second)
      throw modrt::ValueError("--input " + a.substr(0, equals) + " is given twice");
  }
  modrt::Named<modrt::Arg> chosen;
  for (auto &[name, value] : m.chosen())
    if (auto it = given.find(name); it != given.end()) {
      bool flag = std::holds_alternative<bool>(value);
      if (flag && it->second != "True" && it->second != "False")
        throw modrt::ValueError("--input " + name + "=" + it->second + ": a bool, True or False");
      chosen.emplace_back(name, flag ? modrt::Arg(it->second == "True") : modrt::Arg(it->second));
      given.erase(it);
    }
  if (!chosen.empty())
    m = m.with(chosen);
  auto ports = m.inputs();
  modrt::Tensors in;
  for (auto &port : ports) {
    auto it = given.find(port.name);
    if (it == given.end())
      throw modrt::ValueError("input " + port.name + " is missing: give --input " + port.name +
                              "=FILE; the inputs are " + names_of(ports));
    in.push_back(read(it->second, port));
    given.erase(it);
  }
  if (!given.empty())
    throw modrt::KeyError("--input " + given.begin()->first + ": no such input; the inputs are " + names_of(ports));
  return in;
}
} // namespace modrun
