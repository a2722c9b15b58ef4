// Files in and out of the reference interpreter.
#include "compiler/driver/Interpret.h"
#include "dialect/reference/Interpreter.h"
#include "modrt/modrt.hpp"

using namespace mlir;
using namespace modc;
using mod::Array;

namespace {
llvm::Error userError(const llvm::Twine &text) { return llvm::createStringError(text.str()); }

template <typename To, typename From> std::vector<To> elements(const modrt::Tensor &t) {
  auto values = t.data<From>();
  return std::vector<To>(values.begin(), values.end());
}

Array toArray(MLIRContext *ctx, const modrt::Tensor &tensor) {
  modrt::Tensor t = tensor.contiguous();
  bool real = modrt::is_floating_point(t.dtype());
  // Elements travel in the widest type of their kind; the array rounds to its own.
  Array a = Array::make(mod::dtypeFromName(ctx, std::string(modrt::name_of(t.dtype()))),
                        SmallVector<int64_t>(t.shape().begin(), t.shape().end()));
  if (real)
    a.f = elements<double, double>(t.to(modrt::kDouble));
  else
    a.i = elements<int64_t, int64_t>(t.to(modrt::kLong));
  return a;
}

modrt::DType dtypeOf(Type element) {
  std::string name = mod::dtypeName(element);
  for (auto d : {modrt::DType::boolean, modrt::DType::u8, modrt::DType::i8, modrt::DType::i32, modrt::DType::i64,
                 modrt::DType::f16, modrt::DType::bf16, modrt::DType::f32, modrt::DType::f64})
    if (modrt::name_of(d) == name)
      return d;
  llvm_unreachable("every dtype of the language is one of the runtime's");
}

modrt::Tensor toTensor(const Array &a) {
  modrt::Shape shape(std::vector<int64_t>(a.dims.begin(), a.dims.end()));
  if (a.isFloat()) {
    modrt::Tensor t = modrt::empty(shape, modrt::kDouble);
    llvm::copy(a.f, t.mutable_data<double>().begin());
    return t.to(dtypeOf(a.element));
  }
  modrt::Tensor t = modrt::empty(shape, modrt::kLong);
  llvm::copy(a.i, t.mutable_data<int64_t>().begin());
  return t.to(dtypeOf(a.element));
}

/// The tensor that NAME=FILE or NAME=NUMBER means.
modrt::Tensor readInput(StringRef name, StringRef text, mod::SymTensorType type) {
  std::string path = text.str();
  if (text.ends_with(".npy"))
    return modrt::load_npy(path);
  if (text.ends_with(".safetensors"))
    return modrt::load_file(path).at(name.str());
  double value;
  if (text.getAsDouble(value))
    throw modrt::ValueError("--input " + name.str() + "=" + path +
                            ": neither a .npy or .safetensors file nor a number");
  return modrt::full({}, value, dtypeOf(type.getElementType()));
}

llvm::Error loadWeights(reference::Interpreter &interpreter, MLIRContext *ctx, const std::string &path) {
  modrt::StateDict state = modrt::load_file(path);
  std::string missing, unexpected;
  std::map<std::string, const reference::Leaf *> wanted;
  for (auto &[name, leaf] : interpreter.tree().named()) {
    wanted[name] = leaf;
    bool mayLack = false;
    if (auto param = dyn_cast<mod::ParamOp>(leaf->declaration))
      mayLack = param.getSince() > 0;
    else
      mayLack = cast<mod::BufferOp>(leaf->declaration).getSince() > 0;
    if (leaf->isPersistent() && !state.contains(name) && !mayLack)
      missing += (missing.empty() ? "\"" : ", \"") + name + "\"";
  }
  for (auto &[name, tensor] : state) {
    auto it = wanted.find(name);
    if (it == wanted.end() || !it->second->isPersistent()) {
      unexpected += (unexpected.empty() ? "\"" : ", \"") + name + "\"";
      continue;
    }
    if (llvm::Error e = interpreter.setState(name, toArray(ctx, tensor)))
      return e;
  }
  if (!missing.empty() || !unexpected.empty())
    return userError(path + ":" + (missing.empty() ? "" : "\n\tMissing key(s) in state_dict: " + missing + ". ") +
                     (unexpected.empty() ? "" : "\n\tUnexpected key(s) in state_dict: " + unexpected + ". "));
  return llvm::Error::success();
}

llvm::Error saveWeights(reference::Interpreter &interpreter, const std::string &path) {
  modrt::StateDict state;
  for (auto &[name, leaf] : interpreter.tree().named())
    if (leaf->isPersistent()) {
      auto value = interpreter.getState(name);
      if (!value)
        return value.takeError();
      state[name] = toTensor(*value);
    }
  modrt::save_file(state, path);
  return llvm::Error::success();
}

std::string textOf(Attribute value) {
  if (auto flag = dyn_cast<BoolAttr>(value))
    return flag.getValue() ? "True" : "False";
  if (auto text = dyn_cast<StringAttr>(value))
    return text.str();
  return "";
}

/// Points the export at the variant of its method for the bools and strings among what is given, and takes these away.
llvm::Error choose(ModuleOp module, StringRef name, std::map<std::string, std::string> &given) {
  mod::ExportOp exported;
  for (auto e : module.getOps<mod::ExportOp>())
    if (name.empty() || e.getSymName() == name)
      exported = e;
  if (!exported)
    return llvm::Error::success(); // reported when it is loaded
  auto cls = module.lookupSymbol<mod::ClassOp>(exported.getCls());
  auto path = exported->getAttrOfType<StringAttr>("mod.path");
  for (StringRef rest = path ? path.getValue() : ""; !rest.empty();) {
    auto [child, below] = rest.split('.');
    cls = module.lookupSymbol<mod::ClassOp>(*cls.lookupSymbol<mod::ChildOp>(child).getCls());
    rest = below;
  }
  auto statics = [](mod::FuncOp f) {
    std::map<std::string, Attribute> all;
    if (auto list = f->getAttrOfType<ArrayAttr>("mod.statics"))
      for (auto arg : list.getAsRange<mod::ArgAttr>())
        all[arg.getName().str()] = arg.getValue();
    return all;
  };
  auto methodName = [](mod::FuncOp f) {
    auto method = f->getAttrOfType<StringAttr>("mod.method");
    return method ? method.getValue() : f.getSymName();
  };
  auto current = cls.lookupSymbol<mod::FuncOp>(exported.getMethod());
  auto mine = statics(current);
  std::map<std::string, std::string> wanted;
  for (auto &[argument, value] : mine)
    if (isa<BoolAttr, StringAttr>(value)) {
      auto it = given.find(argument);
      wanted[argument] = it == given.end() ? textOf(value) : it->second;
      if (it != given.end())
        given.erase(it);
    }
  std::string known;
  for (auto f : cls.getBody().getOps<mod::FuncOp>()) {
    if (methodName(f) != methodName(current) || f.getSymName().ends_with(".train"))
      continue;
    auto theirs = statics(f);
    bool same = theirs.size() == mine.size();
    std::string shown;
    for (auto &[argument, value] : theirs) {
      auto it = wanted.find(argument);
      same &= mine.count(argument) && (it == wanted.end() ? mine[argument] == value : it->second == textOf(value));
      if (it != wanted.end())
        shown += (shown.empty() ? "" : ", ") + argument + "=" + textOf(value);
    }
    if (same) {
      exported.setMethodAttr(FlatSymbolRefAttr::get(f.getSymNameAttr()));
      return llvm::Error::success();
    }
    known += "\n  " + shown;
  }
  return userError("--input: the export was not compiled for these arguments; it was for" + known);
}

llvm::Error run(ModuleOp module, const CompileOptions &o) {
  MLIRContext *ctx = module.getContext();
  if (o.output.empty())
    return userError("--target interpret writes the outputs to a file: give -o FILE.safetensors");
  reference::Options options;
  options.training = o.train;
  options.seed = o.seed;
  std::string exportName = o.model;
  if (!exportName.empty() && !module.lookupSymbol<mod::ExportOp>(exportName))
    exportName = "model"; // what an expression given to --model is exported as
  std::map<std::string, std::string> given;
  for (const std::string &text : o.inputs) {
    auto [name, value] = StringRef(text).split('=');
    if (name.empty() || value.empty())
      return userError("--input " + text + ": expected NAME=FILE or NAME=NUMBER");
    given[name.str()] = value.str();
  }
  if (llvm::Error e = choose(module, exportName, given))
    return e;
  auto interpreter = reference::Interpreter::load(module, exportName, options);
  if (!interpreter)
    return interpreter.takeError();
  if (!o.weights.empty())
    if (llvm::Error e = loadWeights(*interpreter, ctx, o.weights))
      return e;
  auto ports = interpreter->inputs();
  if (!ports)
    return ports.takeError();
  std::map<std::string, Array> inputs;
  for (auto &[name, type] : *ports) {
    auto it = given.find(name);
    if (it == given.end())
      return userError("input " + name + " is missing: give --input " + name + "=FILE");
    inputs[name] = toArray(ctx, readInput(name, it->second, type));
    given.erase(it);
  }
  if (!given.empty())
    return userError("--input " + given.begin()->first + ": the model has no such input");
  std::vector<reference::NamedArray> outputs;
  for (int i = 0; i < o.calls; ++i) {
    auto made = interpreter->run(inputs);
    if (!made)
      return made.takeError();
    outputs = std::move(*made);
  }
  if (!o.savedWeights.empty())
    if (llvm::Error e = saveWeights(*interpreter, o.savedWeights))
      return e;
  modrt::StateDict results;
  for (auto &[name, value] : outputs)
    results[name] = toTensor(value);
  modrt::save_file(results, o.output);
  return llvm::Error::success();
}
} // namespace

llvm::Error modc::interpret(ModuleOp module, const CompileOptions &options) {
  try {
    return run(module, options);
  } catch (const modrt::Error &e) {
    return userError(e.what());
  }
}
