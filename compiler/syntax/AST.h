// The syntax tree: what the grammar of docs/language.md says, nothing resolved.
//
// Nodes live in the arena of their Tree, are trivially destructible and never change after parsing: pass `const Expr *`
// about freely and key maps by address. Texts point into the source or the arena. Every node has its source range.
// The height of a tree is limited (Expr::height, maxTreeHeight), so that walking it by recursion is safe.
#pragma once

#include "compiler/syntax/Source.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Casting.h"
#include <memory>

namespace modc::ast {

using llvm::ArrayRef;
using llvm::StringRef;

inline constexpr unsigned maxTreeHeight = 1000;

struct Identifier {
  StringRef text;
  SourceRange range;
  explicit operator bool() const { return !text.empty(); }
};

struct Node {
  SourceRange range;
};

//===-- Expressions ----------------------------------------------------------------------------------------------===//

struct Expr : Node {
  enum class Kind : uint8_t {
    name,
    integer,
    floating,
    string,
    none,
    boolean,
    ellipsis,
    tuple,
    list,
    dict,
    comprehension,
    call,
    subscript,
    slice,
    star,
    member,
    unary,
    binary,
    compare,
    logic,
    conditional,
  };
  const Kind kind;
  /// 1 + the greatest height of the children.
  uint32_t height = 1;

protected:
  explicit Expr(Kind kind) : kind(kind) {}
};

/// Gives each node its kind and LLVM's `isa` / `dyn_cast`.
template <typename Base, typename Base::Kind K> struct NodeOf : Base {
  NodeOf() : Base(K) {}
  static bool classof(const Base *node) { return node->kind == K; }
};

struct NameExpr : NodeOf<Expr, Expr::Kind::name> {
  StringRef name;
};

struct IntExpr : NodeOf<Expr, Expr::Kind::integer> {
  /// As written, `1_000`.
  StringRef text;
  int64_t value = 0;
};

struct FloatExpr : NodeOf<Expr, Expr::Kind::floating> {
  StringRef text;
  double value = 0;
};

/// Literal text (escapes and doubled braces already replaced), or `{expr}` when `expr` is set.
struct StringPart {
  SourceRange range;
  StringRef text;
  const Expr *expr = nullptr;
};

struct StringExpr : NodeOf<Expr, Expr::Kind::string> {
  /// No two neighbours are both text; no text is empty. The empty string has no parts.
  ArrayRef<StringPart> parts;

  bool isLiteral() const { return parts.empty() || (parts.size() == 1 && !parts[0].expr); }
  StringRef literal() const { return parts.empty() ? StringRef() : parts[0].text; }
};

struct NoneExpr : NodeOf<Expr, Expr::Kind::none> {};
struct BoolExpr : NodeOf<Expr, Expr::Kind::boolean> {
  bool value = false;
};
struct EllipsisExpr : NodeOf<Expr, Expr::Kind::ellipsis> {};

/// `(a, b)`, `a, b`, `()`. Also the form of targets: `for i, (a, b) in`.
struct TupleExpr : NodeOf<Expr, Expr::Kind::tuple> {
  ArrayRef<const Expr *> items;
};

struct ListExpr : NodeOf<Expr, Expr::Kind::list> {
  ArrayRef<const Expr *> items;
};

struct DictEntry {
  const Expr *key;
  const Expr *value;
};

struct DictExpr : NodeOf<Expr, Expr::Kind::dict> {
  ArrayRef<DictEntry> entries;
};

/// `for target in value`, or `if value` when `target` is null.
struct CompClause {
  SourceRange range;
  const Expr *target;
  const Expr *value;
};

/// `[item for ...]`, `{key: item for ...}`, `(item for ...)` and the bare form as an argument, `sum(x for x in y)`.
struct CompExpr : NodeOf<Expr, Expr::Kind::comprehension> {
  enum class Form : uint8_t { list, dict, generator } form = Form::list;
  /// Of `Form::dict` only.
  const Expr *key = nullptr;
  const Expr *item = nullptr;
  /// The first is a `for`.
  ArrayRef<CompClause> clauses;
};

/// `value`, `name=value` or `*value`.
struct Argument {
  SourceRange range;
  Identifier name;
  bool star = false;
  const Expr *value = nullptr;
};

struct CallExpr : NodeOf<Expr, Expr::Kind::call> {
  const Expr *callee = nullptr;
  ArrayRef<Argument> args;
};

/// `base[items]`: expressions, SliceExpr, StarExpr, EllipsisExpr, NoneExpr. At least one item.
struct SubscriptExpr : NodeOf<Expr, Expr::Kind::subscript> {
  const Expr *base = nullptr;
  ArrayRef<const Expr *> items;
};

/// `lower:upper:step` in a subscript; each may be null.
struct SliceExpr : NodeOf<Expr, Expr::Kind::slice> {
  const Expr *lower = nullptr;
  const Expr *upper = nullptr;
  const Expr *step = nullptr;
};

/// `*value` in a tuple, list, subscript or the dimensions of a type.
struct StarExpr : NodeOf<Expr, Expr::Kind::star> {
  const Expr *value = nullptr;
};

/// `base.name`
struct MemberExpr : NodeOf<Expr, Expr::Kind::member> {
  const Expr *base = nullptr;
  Identifier name;
};

enum class UnaryOp : uint8_t { neg, pos, invert, logicalNot };
enum class BinaryOp : uint8_t { bitOr, bitAnd, add, sub, mul, div, floorDiv, mod, matmul, pow };
enum class CompareOp : uint8_t { eq, ne, lt, le, gt, ge, in, notIn, is, isNot };
enum class LogicOp : uint8_t { logicalAnd, logicalOr };

StringRef spelling(UnaryOp op);
StringRef spelling(BinaryOp op);
StringRef spelling(CompareOp op);
StringRef spelling(LogicOp op);

struct UnaryExpr : NodeOf<Expr, Expr::Kind::unary> {
  UnaryOp op{};
  const Expr *operand = nullptr;
};

struct BinaryExpr : NodeOf<Expr, Expr::Kind::binary> {
  BinaryOp op{};
  SourceRange opRange;
  const Expr *lhs = nullptr;
  const Expr *rhs = nullptr;
};

/// `a < b <= c`: operands a, b, c and ops <, <=.
struct CompareExpr : NodeOf<Expr, Expr::Kind::compare> {
  ArrayRef<const Expr *> operands;
  ArrayRef<CompareOp> ops;
};

struct LogicExpr : NodeOf<Expr, Expr::Kind::logic> {
  LogicOp op{};
  const Expr *lhs = nullptr;
  const Expr *rhs = nullptr;
};

/// `then if cond else otherwise`
struct ConditionalExpr : NodeOf<Expr, Expr::Kind::conditional> {
  const Expr *cond = nullptr;
  const Expr *then = nullptr;
  const Expr *otherwise = nullptr;
};

//===-- Types ----------------------------------------------------------------------------------------------------===//

struct Type : Node {
  enum class Kind : uint8_t { none, literal, named, tensor, generic, tuple, arrow, unions };
  const Kind kind;
  uint32_t height = 1;

protected:
  explicit Type(Kind kind) : kind(kind) {}
};

struct NoneType : NodeOf<Type, Type::Kind::none> {};

/// `"mean"`: this string and no other.
struct LiteralType : NodeOf<Type, Type::Kind::literal> {
  StringRef text;
};

/// `int`, `tensor`, `callable`, `nn.Linear`
struct NamedType : NodeOf<Type, Type::Kind::named> {
  ArrayRef<Identifier> path;
};

/// `f32[N, 3]`, `dtype[*shape]`, `p.dtype[*p.shape]`, `f32[]`. A dimension is an expression, StarExpr or EllipsisExpr.
struct TensorType : NodeOf<Type, Type::Kind::tensor> {
  ArrayRef<Identifier> dtype;
  ArrayRef<const Expr *> dims;
};

/// `list[int]`, `dict[str, Module]`; the number of arguments is not checked here.
struct GenericType : NodeOf<Type, Type::Kind::generic> {
  Identifier name;
  ArrayRef<const Type *> args;
};

/// The name is empty where none is written.
struct TypeField {
  Identifier name;
  const Type *type = nullptr;
};

/// `(float, float)`, `(logits: f32[N], state: f32[N])`
struct TupleType : NodeOf<Type, Type::Kind::tuple> {
  ArrayRef<TypeField> fields;
};

/// `(f32[..., D]) -> f32[..., D]`
struct ArrowType : NodeOf<Type, Type::Kind::arrow> {
  ArrayRef<TypeField> params;
  const Type *result = nullptr;
};

/// `int | None`; at least two parts.
struct UnionType : NodeOf<Type, Type::Kind::unions> {
  ArrayRef<const Type *> parts;
};

//===-- Statements and declarations ------------------------------------------------------------------------------===//

/// `@checkpoint`, `@deprecated("use X")`
struct Attribute {
  SourceRange range;
  Identifier name;
  ArrayRef<Argument> args;
};

/// `name: type = init`, `*name`; of modules, functions and exports.
struct Param {
  SourceRange range;
  bool star = false;
  Identifier name;
  /// Null where not written.
  const Type *type = nullptr;
  const Expr *init = nullptr;
};

struct Stmt : Node {
  enum class Kind : uint8_t {
    // in bodies
    declare,
    let,
    assign,
    augmented,
    call,
    returns,
    assertion,
    pass,
    ifs,
    fors,
    whiles,
    // in bodies and files
    function,
    // in files
    import,
    fromImport,
    constant,
    module,
    derive,
    exports,
  };
  const Kind kind;
  /// The `##` lines directly before, joined by newlines; empty if there are none.
  StringRef doc;
  ArrayRef<Attribute> attrs;

protected:
  explicit Stmt(Kind kind) : kind(kind) {}
};

using Block = ArrayRef<const Stmt *>;

/// `persistent=False`, `since=2`
struct Flag {
  Identifier name;
  const Expr *value = nullptr;
};

/// `param name: type = init if cond, flag=value`; the condition also without an initialiser.
struct DeclareStmt : NodeOf<Stmt, Stmt::Kind::declare> {
  enum class What : uint8_t { param, buffer } what = What::param;
  /// The written name and null, or no name and `param "w_{i}"`'s string.
  Identifier name;
  const StringExpr *computedName = nullptr;
  const Type *type = nullptr;
  const Expr *init = nullptr;
  const Expr *cond = nullptr;
  ArrayRef<Flag> flags;

  SourceRange nameRange() const { return computedName ? computedName->range : name.range; }
};

/// The target is a NameExpr or a TupleExpr of targets.
struct LetStmt : NodeOf<Stmt, Stmt::Kind::let> {
  const Expr *target = nullptr;
  const Expr *value = nullptr;
};

/// The target is a name, member, subscript, or a tuple or list of these.
struct AssignStmt : NodeOf<Stmt, Stmt::Kind::assign> {
  const Expr *target = nullptr;
  const Expr *value = nullptr;
};

/// `target op= value`; the target is a name, member or subscript.
struct AugmentedStmt : NodeOf<Stmt, Stmt::Kind::augmented> {
  const Expr *target = nullptr;
  BinaryOp op{};
  SourceRange opRange;
  const Expr *value = nullptr;
};

struct CallStmt : NodeOf<Stmt, Stmt::Kind::call> {
  const CallExpr *call = nullptr;
};

struct ReturnStmt : NodeOf<Stmt, Stmt::Kind::returns> {
  /// Null for a bare `return`.
  const Expr *value = nullptr;
};

struct AssertStmt : NodeOf<Stmt, Stmt::Kind::assertion> {
  const Expr *cond = nullptr;
  const Expr *message = nullptr;
};

struct PassStmt : NodeOf<Stmt, Stmt::Kind::pass> {};

struct IfBranch {
  const Expr *cond = nullptr;
  Block body;
};

/// `if`, any number of `elif`, and `else`.
struct IfStmt : NodeOf<Stmt, Stmt::Kind::ifs> {
  ArrayRef<IfBranch> branches;
  bool hasElse = false;
  Block otherwise;
};

struct ForStmt : NodeOf<Stmt, Stmt::Kind::fors> {
  const Expr *target = nullptr;
  const Expr *iter = nullptr;
  Block body;
};

struct WhileStmt : NodeOf<Stmt, Stmt::Kind::whiles> {
  const Expr *cond = nullptr;
  Block body;
};

/// A function of a file, or a method of a module.
struct FunctionDecl : NodeOf<Stmt, Stmt::Kind::function> {
  Identifier name;
  ArrayRef<Param> params;
  /// Null where not written.
  const Type *result = nullptr;
  Block body;
};

/// `import a.b as c`
struct ImportDecl : NodeOf<Stmt, Stmt::Kind::import> {
  ArrayRef<Identifier> path;
  /// Empty without `as`: then the first name of the path is bound.
  Identifier alias;
};

struct ImportedName {
  Identifier name;
  /// Empty without `as`.
  Identifier alias;
  Identifier bound() const { return alias ? alias : name; }
};

/// `from a.b import c as d, e` or `from a.b import *`
struct FromImportDecl : NodeOf<Stmt, Stmt::Kind::fromImport> {
  ArrayRef<Identifier> path;
  bool all = false;
  ArrayRef<ImportedName> names;
};

/// `name = value` in a file.
struct ConstantDecl : NodeOf<Stmt, Stmt::Kind::constant> {
  Identifier name;
  const Expr *value = nullptr;
};

struct ModuleDecl : NodeOf<Stmt, Stmt::Kind::module> {
  Identifier name;
  ArrayRef<Param> params;
  Block body;
};

/// `module Conv2d = ConvNd(nd=2)`
struct DeriveDecl : NodeOf<Stmt, Stmt::Kind::derive> {
  Identifier name;
  const CallExpr *call = nullptr;
};

/// `export name`, `export name(params)`, `export name = value`, `export name(params) = value`
struct ExportDecl : NodeOf<Stmt, Stmt::Kind::exports> {
  Identifier name;
  bool hasParams = false;
  ArrayRef<Param> params;
  const Expr *value = nullptr;
};

//===-- The file -------------------------------------------------------------------------------------------------===//

/// A parsed file with the arena of its nodes. The source text must outlive it. Movable, not copyable.
struct Tree {
  FileId file = noFile;
  /// The `##` lines at the top, unless they document a declaration right below.
  StringRef doc;
  Block items;
  /// Statements with syntax errors are missing from the tree; sema should not look at such a file.
  bool hasErrors = false;
  std::unique_ptr<llvm::BumpPtrAllocator> arena = std::make_unique<llvm::BumpPtrAllocator>();
};

} // namespace modc::ast
