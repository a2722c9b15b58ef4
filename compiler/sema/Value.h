// Values of the elaborator: what an expression of the language can be at compile time, tensors being traced included.
#pragma once

#include "compiler/syntax/AST.h"
#include "dialect/mod/Mod.h"
#include "llvm/ADT/MapVector.h"
#include <functional>
#include <memory>
#include <variant>

namespace modc::sema {

struct Instance;
struct State;
struct ClassDef;
struct FileScope;
struct Builtin;
struct ListObject;
struct DictObject;
struct MethodObject;
struct FactsObject;
struct SequenceObject;

/// Stands for the value of something already reported; operations on it give it again, silently.
struct Poison {};
struct NoneValue {};
struct EllipsisValue {};
struct DTypeValue {
  mlir::Type type;
};
/// `finfo(dtype)`
struct FinfoValue {
  mlir::Type type;
};
/// An int that is known when a call begins: a polynomial in sizes, never a constant (that is an int64_t).
struct DimValue {
  mod::DimAttr dim;
};
/// A comparison of sizes that only the run decides: a conjunction of facts, for `assert`.
struct FactsValue {
  std::shared_ptr<FactsObject> object;
};
/// What a `for` walks in as many rounds as the run says: a range of run-time ints, the rows of a tensor.
struct SequenceValue {
  std::shared_ptr<SequenceObject> object;
};
/// A tensor of the function being traced. `weak`: a 0-d number computed from sizes, which promotes as a number does.
struct TensorValue {
  mlir::Value value;
  bool weak = false;
};
/// A parameter or buffer, as reached: the member `name` of `owner`.
struct StateValue {
  State *state;
  Instance *owner;
  llvm::StringRef name;
};
/// A function of a file, or a method of an instance.
struct FunctionValue {
  const ast::FunctionDecl *decl;
  FileScope *file;
  Instance *self;
};
struct ClassValue {
  ClassDef *cls;
};
struct InstanceValue {
  Instance *instance;
};
struct FileValue {
  FileScope *file;
};
struct BuiltinValue {
  const Builtin *builtin;
};
/// `value.name`, where the name is no member: called, it is a method of a list, string, dict or module, or
/// `name(value)`.
struct MethodValue {
  std::shared_ptr<MethodObject> object;
};
/// `list[int]` counts tuples too; lists are shared and mutable as in Python.
struct ListValue {
  std::shared_ptr<ListObject> object;
};
struct DictValue {
  std::shared_ptr<DictObject> object;
};

class Value
    : public std::variant<Poison, NoneValue, bool, int64_t, double, std::string, DTypeValue, EllipsisValue, DimValue,
                          FactsValue, TensorValue, StateValue, FunctionValue, ClassValue, InstanceValue, FileValue,
                          BuiltinValue, MethodValue, ListValue, DictValue, FinfoValue, SequenceValue> {
public:
  using variant::variant;
  Value() : variant(Poison{}) {}

  template <typename T> bool is() const { return std::holds_alternative<T>(*this); }
  template <typename T> T *get() { return std::get_if<T>(static_cast<variant *>(this)); }
  template <typename T> const T *get() const { return std::get_if<T>(static_cast<const variant *>(this)); }
  template <typename T> const T &as() const { return std::get<T>(*this); }

  bool poisoned() const { return is<Poison>(); }
  bool none() const { return is<NoneValue>(); }
  bool tensor() const { return is<TensorValue>() || is<StateValue>(); }
  /// bool, int or float known here.
  bool number() const { return is<bool>() || is<int64_t>() || is<double>(); }
  /// An int known when the call begins.
  bool integer() const { return is<int64_t>() || is<DimValue>(); }
  ListObject *list() const;
  DictObject *dict() const;
  Instance *instance() const { return is<InstanceValue>() ? as<InstanceValue>().instance : nullptr; }
};

/// How deep lists and dicts are looked into: what lies deeper is opaque.
inline constexpr unsigned kMaxNesting = 64;
/// Whether a walk over all items, lists in lists included, ends soon: lists may hold themselves, or one list twice, and
/// that again and again.
bool walkable(const Value &value);

struct ListObject {
  ListObject() = default;
  ListObject(std::vector<Value> items, bool tuple) : items(std::move(items)), tuple(tuple) {}
  ListObject(const ListObject &) = default;
  /// Without recursion: a program may nest lists a million deep.
  ~ListObject();
  std::vector<Value> items;
  bool tuple = false;
};

struct DictObject {
  DictObject() = default;
  DictObject(const DictObject &) = default;
  ~DictObject();
  std::vector<std::pair<Value, Value>> items;
  Value *find(const Value &key);
  void set(const Value &key, Value value);
};

struct MethodObject {
  Value base;
  llvm::StringRef name;
  SourceRange nameRange = {};
};

/// `a == b` or `a <= b`.
struct SizeFact {
  bool equal;
  mod::DimAttr a, b;
};
struct FactsObject {
  std::vector<SizeFact> facts;
};

struct SequenceObject {
  mod::DimAttr count;
  /// The item of a round, by its number from 0.
  std::function<Value(mod::DimAttr at, SourceRange range)> item;
};

inline ListObject *Value::list() const { return is<ListValue>() ? as<ListValue>().object.get() : nullptr; }
inline DictObject *Value::dict() const { return is<DictValue>() ? as<DictValue>().object.get() : nullptr; }

Value makeList(std::vector<Value> items, bool tuple = false);
/// A constant becomes an int, anything else a DimValue.
Value makeDim(mod::DimAttr dim);
Value makeDims(llvm::ArrayRef<mod::DimAttr> dims);
/// The size as a polynomial; null if the value is no int.
mod::DimAttr asDim(mlir::MLIRContext *ctx, const Value &value);
/// The value as a double: bool, int or float; nothing for the rest.
std::optional<double> asDouble(const Value &value);
/// The type of a tensor, parameter or buffer; null for the rest.
mod::SymTensorType tensorType(const Value &value);

/// What messages call its kind: "int", "list", "f32[N, 3]", "module Linear".
std::string describe(const Value &value);
/// As Python's `repr`: strings quoted.
std::string repr(const Value &value);
/// As Python's `str`.
std::string str(const Value &value);
/// Shortest text that reads back, in Python's layout: `1e-05`, `0.1`, `inf`.
std::string floatText(double value);

/// A parameter or buffer. Its members in instances refer to it; ties share it.
struct State {
  bool param = true;
  bool none = false;
  mod::SymTensorType type;
  mod::InitAttr init;
  /// The initialiser's function, detached, where `init` is none of the plain kinds.
  mlir::OwningOpRef<mod::FuncOp> function;
  bool persistent = true, requiresGrad = true;
  int64_t since = 0;
  SourceRange where;
};

enum class MemberKind { Argument, Let, Attribute, Param, Buffer, Child };

struct Member {
  Value value;
  MemberKind kind;
  SourceRange where;
  /// Where the constructor argument of this name is, which this member hides.
  SourceRange hides = {};
  /// Of Param and Buffer, also where the value is None.
  State *state = nullptr;
};

/// A module class: a declaration, perhaps with some arguments fixed (`module Conv2d = ConvNd(nd=2)`).
struct ClassDef {
  const ast::ModuleDecl *decl;
  FileScope *file;
  llvm::StringRef name;
  std::vector<std::pair<llvm::StringRef, Value>> bound;
};

/// Arguments of a call as written, evaluated.
struct CallArgs {
  std::vector<Value> positional;
  std::vector<std::pair<llvm::StringRef, Value>> named;
  /// Places of the positional, then of the named arguments.
  std::vector<SourceRange> places;
  /// Where the names of the named ones are; empty where the call was not written so.
  std::vector<SourceRange> keywords;
  SourceRange range;
  /// The callee, where it is a name.
  llvm::StringRef calleeName;

  SourceRange keyword(size_t i) const { return i < keywords.size() ? keywords[i] : places[positional.size() + i]; }
};

struct Instance {
  ClassDef *cls;
  CallArgs made;
  llvm::MapVector<llvm::StringRef, Member> members;
  llvm::MapVector<llvm::StringRef, const ast::FunctionDecl *> methods;
  /// Constructor arguments as bound, in order.
  std::vector<std::pair<llvm::StringRef, Value>> arguments;
  /// Whether the body has run to its end; of its children it always has.
  bool complete = false;
  /// 1 + the greatest height of the children.
  unsigned height = 1;
  unsigned number = 0;

  std::vector<std::pair<llvm::StringRef, Instance *>> children() const;
  std::vector<std::pair<llvm::StringRef, Value>> params() const;
};

/// A file of the program with its names.
struct FileScope {
  FileId id = noFile;
  ast::Tree tree;
  std::string path, name;
  bool library = false;
  struct Entry {
    const ast::Stmt *decl;
    /// Set when evaluated.
    Value value;
    enum { Fresh, Busy, Done } state = Fresh;
    /// Of `from m import name`.
    const ast::ImportedName *imported = nullptr;
  };
  llvm::MapVector<llvm::StringRef, Entry> names;
  std::vector<const ast::FromImportDecl *> stars;
  std::vector<const ast::ExportDecl *> exports;
};

} // namespace modc::sema
