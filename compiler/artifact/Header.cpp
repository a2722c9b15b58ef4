// The C++ header of an artifact that is linked into a program.
#include "compiler/artifact/Artifact.h"
#include "compiler/artifact/Inventory.h"
#include "compiler/artifact/Names.h"
#include "compiler/artifact/TableBuilder.h"

using namespace llvm;
using namespace modc;
using namespace modc::artifact;

std::string modc::artifact::identifier(StringRef name) {
  std::string id;
  for (char c : name)
    id += isAlnum(c) ? c : '_';
  if (id.empty() || isDigit(id[0]))
    id.insert(id.begin(), '_');
  return id;
}

std::string modc::artifact::staticSymbol(StringRef name) { return "modc_artifact_" + identifier(name); }

static std::string portsText(const artifact::Function &f, ArrayRef<std::string> names, mlir::TypeRange types) {
  std::string text;
  for (auto [name, type] : zip(names, types))
    text += (text.empty() ? "" : ", ") + name + ": " + cast<mod::SymTensorType>(type).text();
  return text;
}

Expected<std::string> modc::artifact::emitHeader(mlir::ModuleOp graph, const Options &options) {
  auto inv = Inventory::collect(graph);
  if (!inv)
    return inv.takeError();
  std::string id = identifier(options.name), text;
  raw_string_ostream os(text);
  os << "// " << options.name << ", compiled by " << compilerName(options)
     << ". Made by the compiler: changes will be lost.\n"
     << "// Link the object of this artifact and the runtime (libmodrt).\n"
     << "#pragma once\n#include <modrt/modrt.hpp>\n\n"
     << "struct modc_artifact;\n"
     << "extern \"C\" const modc_artifact " << staticSymbol(options.name) << ";\n\n"
     << "namespace " << id << " {\n"
     << "/// The linked artifact. Free for any thread.\n"
     << "inline modrt::Artifact artifact() { return modrt::link(&" << staticSymbol(options.name) << "); }\n";
  for (auto e : graph.getOps<mod::ExportOp>()) {
    unsigned cls = inv->classNumber[graph.lookupSymbol(e.getCls())];
    if (auto path = e->getAttrOfType<mlir::StringAttr>("mod.path"))
      cls = inv->classAt(cls, path).value_or(cls);
    auto method = inv->methodNumber(cls, e.getMethod());
    if (!method)
      return method.takeError();
    os << "\n";
    if (auto doc = e.getDoc())
      for (StringRef line : split(*doc, '\n'))
        os << "/// " << line << "\n";
    const Class &c = inv->classes[cls];
    size_t entry = *method ? *method - 1 + c.plainEntries() : 0;
    if (entry < c.entries.size() && c.entries[entry].sig != MODC_NONE) {
      const artifact::Function &f = inv->functions[inv->signatures[c.entries[entry].sig].function];
      auto op = f.op;
      SmallVector<mlir::Type> inputs;
      for (unsigned i : f.inputs)
        inputs.push_back(op.getArgumentTypes()[i]);
      os << "/// (" << portsText(f, inputNames(f), inputs) << ") -> "
         << portsText(f, outputNames(f), op.getResultTypes().take_front(f.outputs)) << "\n";
    }
    os << "/// A tree of its own with initial values, in train mode.\n"
       << "inline modrt::Module " << identifier(e.getSymName()) << "() { return artifact().create(\"" << e.getSymName()
       << "\"); }\n";
  }
  os << "} // namespace " << id << "\n";
  return text;
}
