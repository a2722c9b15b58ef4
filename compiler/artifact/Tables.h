// Records of the artifact's interface as constants: their layout is the compiler's own view of include/modrt/abi.h, so
// there is no second description of it to keep in step.
#pragma once
#include "modrt/abi.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"
#include <cstring>
#include <map>

namespace modc::artifact {

/// One record, its pointers apart: `value` holds the plain fields, `point` sets a pointer. Both the host and the
/// targets are little-endian LP64.
template <class T> class Record {
public:
  Record() { std::memset(static_cast<void *>(&value), 0, sizeof(T)); }
  template <class Field> void point(Field T::*field, llvm::Constant *to) {
    static_assert(std::is_pointer_v<Field>);
    if (to && !to->isNullValue())
      pointers.emplace_back(size_t(reinterpret_cast<char *>(&(value.*field)) - reinterpret_cast<char *>(&value)), to);
  }
  /// A pointer inside a nested record.
  template <class Inner, class Field> void point(Inner T::*outer, Field Inner::*field, llvm::Constant *to) {
    if (to && !to->isNullValue())
      pointers.emplace_back(size_t(reinterpret_cast<char *>(&(value.*outer.*field)) - reinterpret_cast<char *>(&value)),
                            to);
  }

  T value;
  /// Byte offset and target of each pointer that is not null.
  llvm::SmallVector<std::pair<size_t, llvm::Constant *>, 4> pointers;
};

/// Makes the constants of one module: internal, relocatable, equal ones once.
class Tables {
public:
  explicit Tables(llvm::Module &module) : module(module) {}

  /// A zero-terminated text.
  llvm::Constant *text(llvm::StringRef s);
  /// An array of records; null for an empty one.
  template <class T> llvm::Constant *records(llvm::ArrayRef<Record<T>> rs, llvm::StringRef name) {
    std::string bytes;
    llvm::SmallVector<std::pair<size_t, llvm::Constant *>> pointers;
    for (const Record<T> &r : rs) {
      for (auto [at, to] : r.pointers)
        pointers.emplace_back(bytes.size() + at, to);
      bytes.append(reinterpret_cast<const char *>(&r.value), sizeof(T));
    }
    return blob(bytes, pointers, alignof(T), name);
  }
  /// An array of plain numbers; equal arrays of one alignment are one constant.
  template <class T> llvm::Constant *numbers(llvm::ArrayRef<T> values) {
    static_assert(std::is_arithmetic_v<T>);
    return shared(llvm::StringRef(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T)),
                  alignof(T));
  }
  /// An array of pointers; null entries allowed.
  llvm::Constant *pointers(llvm::ArrayRef<llvm::Constant *> values, llvm::StringRef name);

  llvm::Module &module;

private:
  llvm::Constant *shared(llvm::StringRef bytes, unsigned align);
  llvm::Constant *blob(llvm::StringRef bytes, llvm::ArrayRef<std::pair<size_t, llvm::Constant *>> pointers,
                       unsigned align, llvm::StringRef name);
  llvm::GlobalVariable *global(llvm::Constant *init, unsigned align, const llvm::Twine &name);

  std::map<std::pair<std::string, unsigned>, llvm::Constant *> plain;
};

} // namespace modc::artifact
