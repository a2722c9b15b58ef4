// The tree-walking elaborator: evaluates the language's expressions over compile-time values, constructs instances, and
// traces methods into `mod` IR. One object a run; its parts are split over the files of this folder by concern.
//
// An error is reported where it is found and gives a poisoned value, on which every operation gives poison again: one
// run reports several independent errors. While `quiet` is above 0 errors are only counted (a trial that may fail).
#pragma once

#include "compiler/sema/Sema.h"
#include "compiler/sema/Value.h"
#include "compiler/syntax/Printer.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/StringSaver.h"
#include <unordered_map>

namespace modc::sema {

class Elaborator;
struct ClassInfo;
struct FunctionInfo;
struct RegionSide;
struct Carried;

/// A loop round the place that is traced, whose rounds the run counts: its counter's name, and their number (null for
/// `while`).
struct RunLoop {
  mlir::StringAttr name;
  mod::DimAttr count;
};

/// The function being traced.
struct Trace {
  Instance *self = nullptr;
  mlir::OpBuilder builder;
  bool training = false, readsTraining = false, failed = false;
  /// An initialiser, or the scratch of module bodies: no state, no calls.
  bool stateless = false;
  int64_t site = 0;
  mlir::Value frameKey;
  mlir::Block *entry;
  /// Outermost first.
  llvm::SmallVector<RunLoop> loops;
  /// Names that loops of this function have, and sizes.
  llvm::StringSet<> taken;
  /// What the branches round this place have asked.
  llvm::SmallVector<SizeFact> known;
  /// For each region round this place the lists and dicts from outside, which it may not change.
  llvm::SmallVector<const llvm::DenseSet<const void *> *> outside;
  llvm::MapVector<mlir::StringAttr, mod::RangeAttr> ranges;
  /// Sizes that are `int` arguments: they may be negative, unless a range says otherwise.
  llvm::SmallDenseSet<mlir::StringAttr> ints;
  llvm::SmallVector<mod::GuardAttr> guards;
  /// Values of parameters and of buffers read or written so far, by path. A call may write any buffer.
  llvm::StringMap<mlir::Value> params, buffers;
  /// Where this module is in the tree, for messages: `encoder.layer.0`.
  std::string path;
  FunctionInfo *function = nullptr;

  explicit Trace(mlir::OpBuilder builder) : builder(builder), entry(builder.getInsertionBlock()) {}
};

/// Why a name has no value any more.
struct Lost {
  std::string why;
  SourceRange where;
};

/// One activation: of a function, a method, a module's body, a constant, an export.
struct Frame {
  FileScope *file = nullptr;
  Instance *self = nullptr;
  /// A module's body: assignments make members.
  bool body = false;
  const ast::FunctionDecl *function = nullptr;
  llvm::StringMap<Value> locals;
  /// Locals that ended with a loop or branch of the run.
  llvm::StringMap<Lost> lost;
  /// What follows this statement in the blocks round it, outermost first; nothing where a loop goes round.
  llvm::SmallVector<std::optional<ast::Block>> rest;
  /// Locals that are sizes or dtypes named by the signature.
  llvm::StringMap<SourceRange> signatureNames;
  /// The dimensions that `...` stands for in this signature.
  std::optional<llvm::SmallVector<mod::DimAttr>> pack;
  Value result;
  /// Of the `return` that gave the result.
  SourceRange returned;
  bool poisoned = false;
  /// The statement that runs.
  const ast::Stmt *stmt = nullptr;
  Frame *caller = nullptr;
  SourceRange callRange;
  /// Of inlined functions: where they are called, with all calls round it.
  mlir::LocationAttr callLoc;
  Trace *trace = nullptr;
};

enum class Flow { Next, Return, Stop };

/// `assert size % by == 0` at the top of a method: inside, the size is `by` times the symbol `size.by`.
struct Multiple {
  mlir::StringAttr size;
  int64_t by;
  std::string words;
};
/// The symbol `H.16`, which is H // 16.
mlir::StringAttr partOf(const Multiple &multiple);

/// A method traced for some argument types.
struct FunctionInfo {
  enum { Tracing, Done, Failed } state = Tracing;
  /// Failed while errors were not reported.
  bool quietly = false;
  /// As elaborated with `training` False; with True, where the method reads it.
  mod::FuncOp op, train;
  /// The result, a hole for each of `op`'s results in order.
  Value result;
  /// Methods that it calls: what an export reaches is kept, and named at the end.
  llvm::SmallVector<std::pair<mlir::Operation *, FunctionInfo *>> calls;
  /// What its asserts say of sizes of its signature: multiples, as which its types are written.
  llvm::SmallVector<Multiple> multiples;
  const ast::FunctionDecl *decl = nullptr;
  bool reached = false;
};

/// Instances that share one `mod.class`.
struct ClassInfo {
  mod::ClassOp op;
  Instance *representative = nullptr;
  llvm::StringMap<std::unique_ptr<FunctionInfo>> functions;
  /// Those traced with success, in order.
  std::vector<FunctionInfo *> order;
};

/// A tensor among the arguments, with the type written for it (null: none).
struct Leaf {
  Value *value;
  const ast::TensorType *pattern;
  const ast::Param *param;
  std::string name;
  SourceRange place;
};

struct Builtin {
  llvm::StringRef name;
  /// As in a declaration: "x, dim=None, *shape".
  llvm::StringRef params;
  Value (*call)(Elaborator &elaborator, llvm::MutableArrayRef<Value> args, SourceRange range);
};

class Elaborator {
public:
  Elaborator(SourceManager &sources, DiagnosticEngine &diags, const ElaborateOptions &options, mlir::MLIRContext &ctx);
  ~Elaborator();
  mlir::OwningOpRef<mlir::ModuleOp> run(llvm::StringRef file);

private:
  //===-- Errors (Errors.cpp) --===//
  template <typename... Args>
  Diagnostic &report(DiagKind<Args...> kind, SourceRange range, std::type_identity_t<Args>... args) {
    bool error = info(kind.id).severity == Severity::error;
    if (frame && error)
      frame->poisoned = true;
    if (quiet)
      return muted = Diagnostic();
    SourceRange place = visiblePlace(range);
    return addContext(diags.report(kind, place, args...), range, place);
  }
  /// The innermost place that is not in the library, seen from the current frame.
  SourceRange visiblePlace(SourceRange range) const;
  Diagnostic &addContext(Diagnostic &diagnostic, SourceRange range, SourceRange place);
  Value notCompiled(SourceRange range, llvm::StringRef what, llvm::StringRef instead);
  /// Not kept back in trials: a warning holds whether or not they succeed.
  template <typename... Args>
  Diagnostic &warn(DiagKind<Args...> kind, SourceRange range, std::type_identity_t<Args>... args) {
    return diags.report(kind, visiblePlace(range), args...);
  }
  /// Counts a step and looks at the stack; false when the program is to be given up.
  bool step(SourceRange range);

  //===-- How to mend it (Hints.cpp) --===//
  Diagnostic &unknownName(llvm::StringRef name, SourceRange range);
  /// Of a tensor that has no member of the name; `range` is the whole call or `x.name`.
  void hintMember(Diagnostic &d, const Value &base, llvm::StringRef name, SourceRange range, SourceRange nameRange);
  /// What to do instead of an argument that PyTorch has; empty for others.
  static llvm::StringRef keywordHint(llvm::StringRef name);
  /// One more line for the body of the module whose method runs.
  void suggestMember(Diagnostic &d, const std::string &text, const std::string &line);
  void suggestDeclaration(Diagnostic &d, llvm::StringRef name, const Value &value);
  void suggestReturn(Diagnostic &d, const ast::FunctionDecl &decl);
  void suggestSize(Diagnostic &d, llvm::StringRef symbol, int64_t size);
  /// A call of a child whose arguments fit the prelude's function of its name.
  void noteHiddenFunction(Diagnostic &d, const CallArgs &args);
  /// `w = nn.Parameter(...)`, `self.register_buffer("b", ...)`: reported, with the declaration to write.
  bool rejectDeclarationByCall(const ast::Stmt &stmt);

  //===-- Files and names (Files.cpp, Scope.cpp) --===//
  FileScope *openFile(llvm::StringRef path, bool library, SourceRange from);
  FileScope *importFile(llvm::ArrayRef<ast::Identifier> path, FileScope *from, SourceRange range);
  FileScope *libraryFile(llvm::StringRef dotted);
  void declareNames(FileScope &file);
  std::optional<Value> fileName(FileScope &file, llvm::StringRef name, bool exportedOnly = false, unsigned depth = 0);
  /// Names of a file, and those that it takes over by `from x import *`: what a mistyped one may have meant.
  void appendFileNames(FileScope &file, llvm::SmallVectorImpl<llvm::StringRef> &names);
  Value evaluateEntry(FileScope &file, llvm::StringRef name);
  std::optional<Value> lookup(llvm::StringRef name);
  /// File and prelude alone, as for `x.name(...)`.
  std::optional<Value> lookupGlobal(llvm::StringRef name);
  std::optional<Value> memberOf(Instance &instance, llvm::StringRef name);
  llvm::SmallVector<llvm::StringRef> visibleNames();
  llvm::SmallVector<llvm::StringRef> memberNames(const Instance &instance);

  //===-- Statements and bodies (Statements.cpp, Bodies.cpp) --===//
  Flow run(ast::Block block);
  Flow run(const ast::Stmt &stmt);
  /// From branch `at` on.
  Flow runIf(const ast::IfStmt &stmt, size_t at = 0);
  Flow runFor(const ast::ForStmt &stmt);
  Flow runWhile(const ast::WhileStmt &stmt);
  void runAssert(const ast::AssertStmt &stmt);
  void assign(const ast::Expr *target, Value value, bool let);
  void assignName(llvm::StringRef name, Value value, bool let, SourceRange range);
  void assignMember(const ast::MemberExpr &target, Value value);
  void assignSubscript(const ast::SubscriptExpr &target, Value value);
  void declare(const ast::DeclareStmt &stmt);
  void addMember(llvm::StringRef name, Value value, SourceRange range);
  /// Warns of attributes that nothing knows.
  void checkAttributes(llvm::ArrayRef<ast::Attribute> attributes, bool library);
  /// Warns where what is used here carries `@deprecated`.
  void warnDeprecated(llvm::ArrayRef<ast::Attribute> attributes, llvm::StringRef name, SourceRange range);
  bool checkMemberName(llvm::StringRef name, SourceRange range);
  void tie(Instance &owner, llvm::StringRef name, const Value &value, SourceRange range);
  Value moduleOfList(Value value, SourceRange range);
  Value construct(ClassDef &cls, CallArgs args);
  void reportEndless(ClassDef &cls, SourceRange range);
  void update(const StateValue &state, Value value, SourceRange range);

  //===-- Loops and branches that the run decides (Regions.cpp, Loops.cpp, LoopFacts.cpp) --===//
  /// Whether a condition is one for the run: a tensor or sizes, in a method.
  bool decidedByRun(const Value &value);
  /// It as a `bool[]` tensor; null after a report.
  mlir::Value condition(const Value &value, SourceRange range);
  /// Traces both sides and joins what they leave: locals, or what they return. With `value` each side sets it, and it
  /// is joined instead.
  Flow branch(mlir::Value cond, llvm::ArrayRef<SizeFact> facts, SourceRange range,
              llvm::function_ref<Flow(bool side)> run, Value *value = nullptr);
  Flow branchOn(const Value &holds, const ast::IfStmt &stmt, size_t at);
  /// `a if cond else b`.
  Value choose(const Value &cond, const ast::Expr &a, const ast::Expr &b, SourceRange range);
  /// Runs what follows in the function, to its end.
  Flow runRest(SourceRange range);
  bool joinValues(const Value &a, const Value &b, RegionSide &first, RegionSide &second, Value &out,
                  llvm::SmallVectorImpl<bool> &weak, SourceRange range);
  /// The items of a loop of run-time length; null for what is known here.
  std::shared_ptr<SequenceObject> sequence(const Value &value);
  /// `range` of sizes that the run knows: a sequence, or a list where the count is known.
  Value runRange(mod::DimAttr start, mod::DimAttr stop, int64_t step, SourceRange range);
  Value zipSequences(llvm::ArrayRef<Value> lists, SourceRange range);
  /// A `for` over a sequence, or a `while` (then `cond` is set, the others null).
  Flow runLoop(const ast::Stmt &stmt, ast::Block body, const ast::Expr *target, const ast::Expr *cond,
               const SequenceObject *over);
  bool carryOn(Carried &carried, llvm::SmallVectorImpl<mlir::Value> &yields, bool &changed, SourceRange loop);
  /// Reports the change of a list or dict from outside of a loop or branch that the run decides.
  bool mayChange(const void *object, llvm::StringRef what, SourceRange range);
  /// The innermost loop whose counter the size has.
  const RunLoop *loopIn(mod::DimAttr dim);
  /// Facts without that counter that together say the same for all rounds; nothing where that is not known.
  std::optional<llvm::SmallVector<SizeFact>> forAllRounds(const SizeFact &fact);
  /// The iterations of the loops round this place, for keys; null outside of loops.
  mlir::ArrayAttr iterations();

  //===-- Initialisers (Initial.cpp) --===//
  void initialise(State &state, const ast::DeclareStmt &stmt, llvm::StringRef name);
  mod::InitAttr classifyInitial(mod::FuncOp function);

  //===-- Expressions (Expressions.cpp, Numbers.cpp) --===//
  Value eval(const ast::Expr &expr);
  Value evalName(const ast::NameExpr &expr);
  Value evalString(const ast::StringExpr &expr);
  Value evalItems(llvm::ArrayRef<const ast::Expr *> items, bool tuple);
  Value evalComprehension(const ast::CompExpr &expr);
  bool comprehend(const ast::CompExpr &expr, size_t clause, llvm::function_ref<bool()> emit);
  Value evalMember(const ast::MemberExpr &expr);
  Value evalSubscript(const ast::SubscriptExpr &expr);
  Value evalCall(const ast::CallExpr &expr);
  Value evalCompare(const ast::CompareExpr &expr);
  Value evalLogic(const ast::LogicExpr &expr);
  Value logic(bool isAnd, const Value &a, const Value &b, const ast::Expr &left, const ast::Expr &right,
              SourceRange range);
  Value member(const Value &base, llvm::StringRef name, SourceRange range, SourceRange nameRange);
  bool evalArgs(llvm::ArrayRef<ast::Argument> args, CallArgs &out);
  /// Items of a list, children of a module, keys of a dict; nothing, after a report, for the rest.
  std::optional<std::vector<Value>> iterate(const Value &value, SourceRange range);
  /// Whether a condition holds; nothing, after a report, where it is not known at compile time.
  std::optional<bool> truth(const Value &value, SourceRange range);
  Value unary(ast::UnaryOp op, const Value &x, SourceRange range);
  Value binary(ast::BinaryOp op, const Value &a, const Value &b, SourceRange range);
  Value compare(ast::CompareOp op, const Value &a, const Value &b, SourceRange range);
  /// True, False, or a fact that the run decides.
  Value equal(const Value &a, const Value &b, SourceRange range);
  Value sizeFact(bool equal, mod::DimAttr a, mod::DimAttr b);
  Value checkedDim(mod::DimAttr dim, SourceRange range);
  /// Reports sizes beyond 62 bits, and shapes whose number of elements is too long a polynomial to work with.
  bool checkShape(llvm::ArrayRef<mod::DimAttr> dims, SourceRange range);
  Value integerBinary(ast::BinaryOp op, int64_t a, int64_t b, SourceRange range);
  Value floatBinary(ast::BinaryOp op, double a, double b, SourceRange range);
  Value dimBinary(ast::BinaryOp op, mod::DimAttr a, mod::DimAttr b, SourceRange range);
  Value sequenceBinary(ast::BinaryOp op, const Value &a, const Value &b, SourceRange range);
  Value unsupported(llvm::StringRef op, const Value &a, const Value &b, SourceRange range);

  //===-- Calls and types (Calls.cpp, Types.cpp) --===//
  Value call(const Value &callee, CallArgs args);
  Value callFunction(const FunctionValue &function, CallArgs args);
  Value callBuiltin(const Builtin &builtin, CallArgs args);
  Value callMethod(const MethodObject &method, CallArgs args);
  Value callText(const std::string &text, llvm::StringRef name, CallArgs &args);
  Value callList(const Value &list, llvm::StringRef name, CallArgs &args);
  Value callDict(const Value &dict, llvm::StringRef name, CallArgs &args);
  /// In ascending order, equal ones in theirs; nothing, after a report, where two cannot be compared.
  std::optional<std::vector<Value>> sortedItems(std::vector<Value> items, SourceRange range);
  std::optional<Value> callOfInstance(Instance &instance, llvm::StringRef name, CallArgs &args);
  /// Gives every parameter its value: argument, fixed value or default. `store` is told each.
  bool bind(llvm::ArrayRef<ast::Param> params, CallArgs &args, llvm::ArrayRef<std::pair<llvm::StringRef, Value>> fixed,
            llvm::StringRef what, SourceRange declared,
            llvm::function_ref<void(const ast::Param &, Value, SourceRange)> store);
  bool fits(const ast::Type &type, const Value &value);
  bool checkArgument(const ast::Param &param, Value &value, llvm::StringRef what, SourceRange place);
  void collectLeaves(const ast::Type *type, Value &value, const ast::Param &param, std::string name, SourceRange place,
                     std::vector<Leaf> &leaves, unsigned level = 0);
  /// Binds sizes and dtypes that the patterns name, then checks all others; assumes what only the run can decide.
  /// `what` is called in guards, `shown` in messages.
  bool matchLeaves(llvm::MutableArrayRef<Leaf> leaves, llvm::StringRef what, llvm::StringRef shown);
  /// Binds every new name of the pattern to a symbol of that name.
  void declareSymbols(const ast::TensorType &pattern);
  /// Its sizes in the current frame; nothing after a report.
  std::optional<llvm::SmallVector<mod::DimAttr>> dimsOf(const ast::TensorType &pattern, size_t packRank);
  mlir::Type dtypeOf(const ast::TensorType &pattern);
  /// A module, function or class that a type with an arrow accepts: number of arguments, dtypes and sizes known here.
  bool fitsInterface(const ast::ArrowType &type, const Value &value);
  mod::SymTensorType evalTensorType(const ast::TensorType &pattern);
  std::string patternText(const ast::TensorType &pattern);
  std::string typeText(const ast::Type &type);
  bool isNewName(const ast::Expr &dim);
  Value checkResult(const ast::FunctionDecl &decl, Value value);
  Value checkResultType(const ast::Type &type, Value value, const ast::FunctionDecl &decl);
  Value resolvePath(llvm::ArrayRef<ast::Identifier> path, bool quietly);

  //===-- Obligations (Obligations.cpp) --===//
  std::pair<std::optional<int64_t>, std::optional<int64_t>> bounds(mod::DimAttr dim);
  mod::Truth decideEqual(mod::DimAttr a, mod::DimAttr b);
  mod::Truth decideLessEqual(mod::DimAttr a, mod::DimAttr b);
  /// Proved, or made a guard (true); refuted, or fixing a size to one value: false, `why` says which.
  bool require(SizeFact fact, llvm::StringRef text, std::string &why);
  /// The size and its one value where the last `require` failed for that reason.
  std::optional<std::pair<std::string, int64_t>> fixed;
  /// As `require`, but a bound of a single size narrows its declared range.
  bool learn(SizeFact fact, llvm::StringRef text, std::string &why);
  /// The tensor under another type of its rank, guarded where not proved.
  Value assume(const Value &value, mod::SymTensorType type, llvm::StringRef text, SourceRange range);

  //===-- Tensors (Tensors.cpp, Promotion.cpp, Indexing.cpp) --===//
  using InferFunction = mlir::LogicalResult (*)(mod::Inference &, mlir::DictionaryAttr,
                                                llvm::ArrayRef<mod::SymTensorType>,
                                                llvm::SmallVectorImpl<mlir::Type> &);
  template <typename Op>
  Value emit(SourceRange range, llvm::ArrayRef<mlir::Value> operands, llvm::ArrayRef<mlir::NamedAttribute> attrs = {},
             bool weak = false) {
    return emitOp(range, Op::getOperationName(), &Op::infer, operands, attrs, weak);
  }
  Value emitOp(SourceRange range, llvm::StringRef name, InferFunction infer, llvm::ArrayRef<mlir::Value> operands,
               llvm::ArrayRef<mlir::NamedAttribute> attrs, bool weak);
  mlir::Location loc(SourceRange range);
  Trace &trace();
  mlir::NamedAttribute attr(llvm::StringRef name, mlir::Attribute value);
  mlir::ArrayAttr dimArray(llvm::ArrayRef<mod::DimAttr> dims);
  /// The tensor of a tensor or a state reference; null for the rest.
  mlir::Value tensorOf(const Value &value, SourceRange range);
  /// Any number or tensor as a tensor of that dtype; rank 0 for numbers.
  mlir::Value materialise(const Value &value, mlir::Type dtype, SourceRange range);
  mlir::Value readState(const StateValue &state, SourceRange range);
  mlir::Type promote(llvm::ArrayRef<const Value *> values);
  mlir::Type promoteTypes(mlir::Type a, mlir::Type b);
  bool weakly(llvm::ArrayRef<const Value *> values);
  Value tensorBinary(ast::BinaryOp op, const Value &a, const Value &b, SourceRange range);
  Value tensorCompare(ast::CompareOp op, const Value &a, const Value &b, SourceRange range);
  Value tensorPow(const Value &a, const Value &b, SourceRange range);
  Value matmul(const Value &a, const Value &b, SourceRange range);
  Value cast(const Value &x, mlir::Type dtype, SourceRange range);
  Value full(llvm::ArrayRef<mod::DimAttr> shape, const Value &number, mlir::Type dtype, SourceRange range);
  Value reshape(const Value &x, llvm::ArrayRef<mod::DimAttr> shape, SourceRange range);
  Value permute(const Value &x, llvm::ArrayRef<int64_t> dims, SourceRange range);
  Value expand(const Value &x, llvm::ArrayRef<mod::DimAttr> shape, SourceRange range);
  Value narrow(const Value &x, int64_t dim, mod::DimAttr start, mod::DimAttr length, int64_t step, SourceRange range,
               bool inside = false);
  Value random(llvm::ArrayRef<mod::DimAttr> shape, mlir::Type dtype, SourceRange range);
  mlir::Value drawKey(SourceRange range);
  Value index(const Value &base, llvm::ArrayRef<const ast::Expr *> items, SourceRange range);
  Value indexTensor(const Value &base, llvm::ArrayRef<const ast::Expr *> items, SourceRange range);
  Value indexSequence(const Value &base, llvm::ArrayRef<const ast::Expr *> items, SourceRange range);
  Value updateSlice(const Value &base, llvm::ArrayRef<const ast::Expr *> items, const Value &value, SourceRange range);
  struct Subscript;
  std::optional<std::vector<Subscript>> subscripts(llvm::ArrayRef<const ast::Expr *> items, size_t rank,
                                                   SourceRange range);
  /// A slice between two tensors that are a known length apart.
  bool windowOf(const Value &lower, const Value &upper, Subscript &s);
  Value take(const Value &x, mlir::Value index, int64_t dim, SourceRange range);
  /// Elements by integer tensors, given with their dimensions in order.
  Value gatherAll(Value x, llvm::ArrayRef<std::pair<int64_t, mlir::Value>> gathers, SourceRange range);
  /// Lays `v` along a dimension of `block` from where a tensor says, one element or `length` of them; `inside` is
  /// and-ed with where that is.
  bool spread(Value &v, Value &inside, int64_t dim, llvm::ArrayRef<mod::DimAttr> block, mlir::Value start,
              mod::DimAttr length, SourceRange range);
  bool inRange(mod::DimAttr index, mod::DimAttr size, SourceRange range);
  /// First element and length of a slice; nothing after a report. What is `written` is not cut to the
  /// size where the run knows the bounds.
  std::optional<std::pair<mod::DimAttr, mod::DimAttr>> sliceOf(const Subscript &slice, mod::DimAttr size,
                                                               bool written = false);
  /// Proved or guarded: `d` is not negative, so that it does not count from the end.
  bool notNegative(mod::DimAttr d, SourceRange range);

  //===-- Built-ins (Builtins*.cpp) --===//
  friend struct BuiltinTable;
  const Builtin *findBuiltin(llvm::StringRef name);
  std::optional<llvm::SmallVector<mod::DimAttr>> shapeOf(const Value &value, SourceRange range);
  std::optional<llvm::SmallVector<mod::DimAttr>> shapeOfStar(const Value &star, SourceRange range);
  std::optional<int64_t> staticInt(const Value &value, llvm::StringRef what, SourceRange range);
  std::optional<int64_t> dimIndex(const Value &value, size_t rank, SourceRange range);
  std::optional<llvm::SmallVector<int64_t>> dimList(const Value &value, size_t rank, SourceRange range);
  std::optional<llvm::SmallVector<int64_t>> intList(const Value &value, llvm::StringRef what, SourceRange range);
  mlir::Type dtypeArgument(const Value &value, SourceRange range);
  mod::SymTensorType wantTensor(const Value &value, llvm::StringRef what, SourceRange range);
  template <typename Op> Value floatUnary(const Value &x, double (*fn)(double), SourceRange range) {
    return floatUnaryOp(x, fn, Op::getOperationName(), &Op::infer, range);
  }
  Value floatUnaryOp(const Value &x, double (*fn)(double), llvm::StringRef name, InferFunction infer,
                     SourceRange range);
  Value elementwiseExtreme(const Value &a, const Value &b, bool larger, SourceRange range);
  Value extreme(llvm::MutableArrayRef<Value> args, bool larger, SourceRange range);
  mlir::Value indexOf(const Value &index, SourceRange range);
  Value constantTensor(const Value &value, mlir::Type dtype, SourceRange range);
  Value attention(llvm::MutableArrayRef<Value> args, SourceRange range);
  std::optional<llvm::SmallVector<mod::DimAttr>> paddingList(const Value &value, llvm::StringRef what,
                                                             SourceRange range);
  Value reduceWindow(llvm::MutableArrayRef<Value> args, SourceRange range);
  Value addByIndex(llvm::MutableArrayRef<Value> args, llvm::StringRef name, InferFunction infer, SourceRange range);
  Value sort(llvm::MutableArrayRef<Value> args, SourceRange range);
  Value callGlobal(llvm::StringRef name, std::vector<Value> args, SourceRange range);

  //===-- Tracing and classes (Tracer.cpp, Classes.cpp) --===//
  ClassInfo &classOf(Instance &instance);
  std::string classKey(Instance &instance);
  std::string keyText(const Value &value, const llvm::DenseMap<Instance *, std::string> &inside, unsigned level = 0);
  void emitMembers(ClassInfo &info);
  std::string classSymbol(const Instance &instance);
  const llvm::DenseMap<Instance *, std::string> &paths(Instance &root);
  /// From the module being traced; nothing, after a report, for a module that is no part of it.
  std::optional<std::string> pathOf(Instance &target, SourceRange range);
  Value callModule(Instance &instance, llvm::StringRef method, CallArgs args);
  Value emitCall(FunctionInfo &function, llvm::StringRef path, llvm::ArrayRef<mlir::Value> operands,
                 llvm::function_ref<mod::DimAttr(mlir::StringAttr)> callerSize, SourceRange range);
  /// A method to trace: its parameters with holes for the tensors, and these tensors' types and names.
  struct Signature {
    ClassInfo *info;
    const ast::FunctionDecl *decl;
    llvm::SmallVector<std::pair<const ast::Param *, Value>> args;
    llvm::SmallVector<mod::SymTensorType> types;
    llvm::SmallVector<std::string> names;
    /// Of an `int` that the run decides the size that it gives, of a `float` a unit, of tensors null; as `types`.
    llvm::SmallVector<mlir::Attribute> scalars;
    void add(mod::SymTensorType type, std::string name, mlir::Attribute scalar = {}) {
      types.push_back(type);
      names.push_back(std::move(name));
      scalars.push_back(scalar);
    }
    /// Sizes and dtypes that the signature names, and what `...` stands for.
    llvm::StringMap<Value> bound;
    llvm::StringMap<SourceRange> boundAt;
    std::optional<llvm::SmallVector<mod::DimAttr>> pack;
  };
  std::string signatureKey(const Signature &signature);
  /// Multiples that the method's first asserts state of the sizes of the signature; its types are written anew.
  llvm::SmallVector<Multiple> takeMultiples(Signature &signature);
  /// Traces it unless that is done; null after a failure.
  FunctionInfo *instantiate(const Signature &signature, llvm::StringRef path, SourceRange range);
  mod::FuncOp traceMethod(const Signature &signature, FunctionInfo &function, llvm::StringRef path, bool training,
                          bool &readsTraining, Value &result, SourceRange range);

  //===-- Exports (Exports.cpp) --===//
  struct Export {
    llvm::StringRef name;
    Value value;
    llvm::ArrayRef<ast::Param> params;
    llvm::StringRef doc;
    SourceRange range;
    Instance *instance = nullptr, *root = nullptr;
    const ast::FunctionDecl *decl = nullptr;
  };
  /// What an export gives for an argument: a type of a tensor, an int or float of the run, one value, or several of
  /// which each is compiled.
  struct Given {
    enum Kind { Tensor, Int, Float, Values } kind;
    mod::SymTensorType type;
    std::vector<Value> values;
    SourceRange place;
  };
  void exportAll(FileScope &file);
  bool resolveExport(Export &e);
  void findRoots(llvm::MutableArrayRef<Export> all);
  void exportMethod(Export &e);
  void emitExport(const Export &e, FunctionInfo &function);
  std::optional<Given> givenBy(const Export &e, llvm::StringRef argument, const ast::Type *type, SourceRange place);
  /// Gives of the export and of `--input`, by argument; those of `*` arguments in order.
  bool exportGivens(const Export &e, llvm::MapVector<llvm::StringRef, Given> &givens,
                    llvm::SmallVectorImpl<llvm::StringRef> &items);
  std::optional<Signature> exportSignature(const Export &e, llvm::MapVector<llvm::StringRef, Given> &givens,
                                           llvm::ArrayRef<llvm::StringRef> items);
  void reach(FunctionInfo &function);
  void prune();
  void warnUnused();
  llvm::SmallVector<mlir::Attribute> tiesOf(Instance &root);

  SourceManager &sources;
  DiagnosticEngine &diags;
  const ElaborateOptions &options;
  mlir::MLIRContext *ctx;
  llvm::BumpPtrAllocator arena;
  llvm::StringSaver saver{arena};
  mlir::OwningOpRef<mlir::ModuleOp> module;
  Frame *frame = nullptr;
  /// The declaration of a file that is being evaluated.
  const ast::Stmt *importing = nullptr;
  unsigned quiet = 0;
  /// The operation of two operands that is being evaluated, and where its parts are.
  struct Operands {
    SourceRange whole, lhs, op, rhs;
  };
  std::optional<Operands> operands;
  Value evalOperation(ast::BinaryOp op, const ast::Expr &lhs, const ast::Expr &rhs, SourceRange opRange,
                      SourceRange range);
  /// Puts the message at the operator and the texts at the operands, if it is about them.
  void labelOperands(Diagnostic &d, SourceRange range, const std::string &left, const std::string &right);
  /// Of the file being compiled.
  std::string mainFolder;
  Diagnostic muted;
  uint64_t steps = 0;
  bool halted = false;
  unsigned depth = 0, constructing = 0;
  uintptr_t stackTop = 0;

  llvm::StringMap<std::unique_ptr<FileScope>> files;
  llvm::StringMap<bool> missing;
  FileScope *functional = nullptr, *container = nullptr;
  std::vector<std::unique_ptr<Instance>> instances;
  std::vector<std::unique_ptr<State>> states;
  std::vector<std::unique_ptr<ClassDef>> classDefs;
  llvm::StringMap<ClassInfo> classes;
  llvm::DenseMap<Instance *, ClassInfo *> classCache;
  /// Node-based: references to entries last.
  std::unordered_map<Instance *, llvm::DenseMap<Instance *, std::string>> pathCache;
  llvm::StringMap<unsigned> classNames;
  mlir::OwningOpRef<mlir::ModuleOp> scratchModule;
  std::unique_ptr<Trace> scratch;
  std::vector<std::unique_ptr<llvm::BumpPtrAllocator>> extraArenas;
  /// Root instances of exports so far, for their numbers.
  std::vector<Instance *> roots;
  llvm::StringMap<SourceRange> exportNames;
  std::vector<std::pair<mlir::Operation *, FunctionInfo *>> exported;
};

} // namespace modc::sema
