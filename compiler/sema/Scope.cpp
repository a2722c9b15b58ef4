// Names: innermost scope first (locals, the module, the file, the prelude), and what to suggest for unknown ones.
#include "compiler/sema/Elaborator.h"
#include <cmath>

using namespace modc;
using namespace modc::sema;

std::optional<Value> Elaborator::memberOf(Instance &instance, llvm::StringRef name) {
  if (name == "training") {
    for (Frame *f = frame; f; f = f->caller)
      if (f->trace && f->trace->self == &instance) {
        f->trace->readsTraining = true;
        return Value(f->trace->training);
      }
    return Value(false);
  }
  if (auto it = instance.members.find(name); it != instance.members.end())
    return it->second.value;
  if (auto it = instance.methods.find(name); it != instance.methods.end())
    return FunctionValue{it->second, instance.cls->file, &instance};
  return std::nullopt;
}

static std::optional<Value> constant(mlir::MLIRContext *ctx, llvm::StringRef name) {
  if (name == "inf")
    return Value(HUGE_VAL);
  if (name == "nan")
    return Value(std::nan(""));
  if (name == "pi")
    return Value(3.14159265358979323846);
  if (mlir::Type type = mod::dtypeFromName(ctx, name))
    return DTypeValue{type};
  return std::nullopt;
}

/// Names that are built-ins even where a file of the prelude has a function for tensors of the same name: the built-in
/// calls that function for tensors.
static bool beforeFile(const FileScope *functional, const FileScope *file, llvm::StringRef name) {
  return file == functional && (name == "any" || name == "all");
}

std::optional<Value> Elaborator::lookupGlobal(llvm::StringRef name) {
  if (!beforeFile(functional, frame->file, name))
    if (auto value = fileName(*frame->file, name))
      return value;
  if (auto value = constant(ctx, name))
    return value;
  if (auto *builtin = findBuiltin(name))
    return BuiltinValue{builtin};
  if (functional && !name.starts_with("_"))
    return fileName(*functional, name, true);
  return std::nullopt;
}

std::optional<Value> Elaborator::lookup(llvm::StringRef name) {
  if (auto it = frame->locals.find(name); it != frame->locals.end())
    return it->second;
  if (frame->self) {
    if (name == "self")
      return InstanceValue{frame->self};
    if (auto value = memberOf(*frame->self, name))
      return value;
  }
  return lookupGlobal(name);
}

llvm::SmallVector<llvm::StringRef> Elaborator::memberNames(const Instance &instance) {
  llvm::SmallVector<llvm::StringRef> names;
  for (auto &[name, m] : instance.members)
    names.push_back(name);
  for (auto &[name, m] : instance.methods)
    names.push_back(name);
  return names;
}

void Elaborator::appendFileNames(FileScope &file, llvm::SmallVectorImpl<llvm::StringRef> &names) {
  for (auto &[name, entry] : file.names)
    names.push_back(name);
  for (const ast::FromImportDecl *star : file.stars)
    if (!(star->path.size() == 1 && star->path[0].text == "primitives"))
      if (FileScope *from = importFile(star->path, &file, star->range))
        for (auto &[name, entry] : from->names)
          if (!llvm::StringRef(name).starts_with("_"))
            names.push_back(name);
}

llvm::SmallVector<llvm::StringRef> Elaborator::visibleNames() {
  llvm::SmallVector<llvm::StringRef> names;
  for (auto &local : frame->locals)
    names.push_back(local.first());
  llvm::sort(names);
  if (frame->self)
    llvm::append_range(names, memberNames(*frame->self));
  appendFileNames(*frame->file, names);
  if (functional)
    appendFileNames(*functional, names);
  static constexpr llvm::StringLiteral more[] = {"f16", "bf16", "f32", "f64",  "i8",
                                                 "u8",  "i32",  "i64", "bool", "training"};
  names.append(std::begin(more), std::end(more));
  return names;
}
