// Types written in signatures: which values fit, sizes and dtypes that patterns bind, and what messages call them.
#include "compiler/sema/Elaborator.h"

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

Value Elaborator::resolvePath(llvm::ArrayRef<ast::Identifier> path, bool quietly) {
  auto first = lookup(path.front().text);
  if (!first) {
    if (!quietly)
      unknownName(path.front().text, path.front().range);
    return Poison{};
  }
  Value value = *first;
  for (auto &name : path.drop_front()) {
    quiet += quietly;
    value = member(value, name.text, name.range, name.range);
    quiet -= quietly;
  }
  return value;
}

std::string Elaborator::typeText(const ast::Type &type) {
  if (auto *tensor = llvm::dyn_cast<ast::TensorType>(&type))
    return patternText(*tensor);
  if (auto *all = llvm::dyn_cast<ast::UnionType>(&type)) {
    std::string out;
    for (const ast::Type *part : all->parts)
      out += (out.empty() ? "" : " | ") + typeText(*part);
    return out;
  }
  return toString(type);
}

bool Elaborator::fits(const ast::Type &type, const Value &value) {
  using Kind = ast::Type::Kind;
  switch (type.kind) {
  case Kind::none:
    return value.none();
  case Kind::literal: {
    auto *text = value.get<std::string>();
    return text && *text == llvm::cast<ast::LiteralType>(type).text;
  }
  case Kind::unions:
    return llvm::any_of(llvm::cast<ast::UnionType>(type).parts,
                        [&](const ast::Type *part) { return fits(*part, value); });
  case Kind::tuple: {
    auto &fields = llvm::cast<ast::TupleType>(type).fields;
    ListObject *list = value.list();
    if (!list || list->items.size() != fields.size())
      return false;
    return llvm::all_of(llvm::zip(fields, list->items),
                        [&](auto pair) { return fits(*std::get<0>(pair).type, std::get<1>(pair)); });
  }
  case Kind::arrow:
    if (!fitsInterface(llvm::cast<ast::ArrowType>(type), value))
      return false;
    return value.instance() || value.is<FunctionValue>() || value.is<ClassValue>() || value.is<BuiltinValue>();
  case Kind::generic: {
    auto &generic = llvm::cast<ast::GenericType>(type);
    if (generic.args.empty())
      return value.list() || value.dict();
    const ast::Type &item = *generic.args.back();
    if (generic.name.text == "list")
      return value.list() && llvm::all_of(value.list()->items, [&](const Value &v) { return fits(item, v); });
    return value.dict() && llvm::all_of(value.dict()->items, [&](auto &v) { return fits(item, v.second); });
  }
  case Kind::tensor: {
    auto &pattern = llvm::cast<ast::TensorType>(type);
    SymTensorType have = tensorType(value);
    if (!have || (value.is<TensorValue>() && value.as<TensorValue>().weak && !have.getDims().empty()))
      return false;
    ++quiet;
    bool was = frame->poisoned;
    mlir::Type dtype = dtypeOf(pattern);
    frame->poisoned = was;
    --quiet;
    return !dtype || dtype == have.getElementType();
  }
  case Kind::named:
    break;
  }
  auto &path = llvm::cast<ast::NamedType>(type).path;
  llvm::StringRef name = path.front().text;
  if (path.size() == 1) {
    if (name == "int")
      return value.integer();
    if (name == "float")
      return value.is<double>() || value.integer() || (value.is<TensorValue>() && value.as<TensorValue>().weak);
    if (name == "bool")
      return value.is<bool>();
    if (name == "str")
      return value.is<std::string>();
    if (name == "dtype")
      return value.is<DTypeValue>();
    if (name == "list")
      return value.list();
    if (name == "dict")
      return value.dict();
    if (name == "Module")
      return value.instance();
    if (name == "tensor")
      return value.tensor();
    if (name == "callable")
      return value.instance() || value.is<FunctionValue>() || value.is<ClassValue>() || value.is<BuiltinValue>();
  }
  bool was = frame->poisoned;
  Value resolved = resolvePath(path, /*quietly=*/true);
  frame->poisoned = was;
  if (auto *cls = resolved.get<ClassValue>()) {
    Instance *instance = value.instance();
    return instance &&
           (instance->cls == cls->cls || (instance->cls->decl == cls->cls->decl &&
                                          (cls->cls->bound.empty() || instance->cls->name == cls->cls->name)));
  }
  return false;
}

bool Elaborator::fitsInterface(const ast::ArrowType &type, const Value &value) {
  Instance *instance = value.instance();
  auto *function = value.get<FunctionValue>();
  const ast::FunctionDecl *decl = function ? function->decl : nullptr;
  if (instance) {
    auto it = instance->methods.find("forward");
    decl = it == instance->methods.end() ? nullptr : it->second;
    if (!decl)
      return false;
  }
  if (!decl)
    return true; // a class, whose instances are checked where they are called; a built-in
  size_t required = llvm::count_if(decl->params, [](const ast::Param &p) { return !p.init && !p.star; });
  bool rest = llvm::any_of(decl->params, [](const ast::Param &p) { return p.star; });
  if (type.params.size() < required || (!rest && type.params.size() > decl->params.size()))
    return false;

  Frame theirs;
  theirs.file = instance ? instance->cls->file : function->file;
  theirs.self = instance ? instance : function->self;
  theirs.function = decl;
  // What is known of a type here: its dtype, the number of its dimensions, and the sizes from the right up to `...`.
  struct Known {
    mlir::Type dtype;
    std::vector<std::optional<int64_t>> sizes;
    bool open = false;
  };
  auto known = [&](const ast::TensorType &pattern, Frame *scope) {
    Known out;
    Frame *outer = std::exchange(frame, scope);
    bool was = frame->poisoned;
    ++quiet;
    out.dtype = dtypeOf(pattern);
    for (const ast::Expr *dim : llvm::reverse(pattern.dims)) {
      if (llvm::isa<ast::EllipsisExpr, ast::StarExpr>(dim)) {
        out.open = true;
        break;
      }
      Value size = isNewName(*dim) ? Value(Poison{}) : eval(*dim);
      out.sizes.push_back(size.is<int64_t>() ? std::optional(size.as<int64_t>()) : std::nullopt);
    }
    --quiet;
    frame->poisoned = was;
    frame = outer;
    return out;
  };
  auto agree = [&](const ast::Type *wanted, const ast::Type *have) {
    auto *a = llvm::dyn_cast_or_null<ast::TensorType>(wanted), *b = llvm::dyn_cast_or_null<ast::TensorType>(have);
    if (!a || !b)
      return true;
    Known x = known(*a, frame), y = known(*b, &theirs);
    if (x.dtype && y.dtype && x.dtype != y.dtype)
      return false;
    if (!x.open && !y.open && x.sizes.size() != y.sizes.size())
      return false;
    for (auto [p, q] : llvm::zip(x.sizes, y.sizes))
      if (p && q && *p != *q)
        return false;
    return true;
  };
  for (auto [field, param] : llvm::zip(type.params, decl->params))
    if (!param.star && !agree(field.type, param.type))
      return false;
  return agree(type.result, decl->result);
}

bool Elaborator::checkArgument(const ast::Param &param, Value &value, llvm::StringRef what, SourceRange place) {
  if (value.poisoned())
    return false;
  auto complain = [&](const Value &given) -> Diagnostic & {
    Diagnostic &d = report(diag::argumentType, place, param.name.text, what, typeText(*param.type), describe(given));
    d.expect(typeText(*param.type), describe(given)).also(param.range, "the parameter");
    // The argument that a member of its name hides by now: `dropout = Dropout(dropout)` twice.
    for (Frame *f = frame; f; f = f->caller) {
      Instance *self = f->self;
      if (!self || !place.valid())
        continue;
      auto it = self->members.find(sources.text(place));
      if (it != self->members.end() && it->second.hides.valid())
        d.note(it->second.where,
               "`" + it->first.str() + "` names this member here, which hides the constructor argument")
            .suggest("keep the argument under a name of its own, before the member: `let " + it->first.str() +
                     "_arg = " + it->first.str() + "`");
    }
    // Literal types: the nearest option.
    if (auto *text = given.get<std::string>()) {
      llvm::SmallVector<llvm::StringRef> options;
      auto collect = [&](auto &&self, const ast::Type &t) -> void {
        if (auto *literal = llvm::dyn_cast<ast::LiteralType>(&t))
          options.push_back(literal->text);
        if (auto *all = llvm::dyn_cast<ast::UnionType>(&t))
          for (const ast::Type *part : all->parts)
            self(self, *part);
      };
      collect(collect, *param.type);
      llvm::StringRef close = nearest(*text, options);
      if (!close.empty())
        d.suggest(("did you mean \"" + close + "\"?").str(), place, ("\"" + close + "\"").str());
    }
    SymTensorType have = tensorType(given);
    auto *want = llvm::dyn_cast<ast::TensorType>(param.type);
    if (want && have && !quiet) {
      std::string dtype = patternText(*want);
      llvm::StringRef name = llvm::StringRef(dtype).split('[').first;
      if (mod::dtypeName(have.getElementType()) != name)
        d.suggest(("convert it, `.to(" + name + ")`, or give the argument another type where it comes from").str());
    }
    return d;
  };
  if (param.star) {
    ListObject *list = value.list();
    if (list)
      for (const Value &item : list->items)
        if (!fits(*param.type, item)) {
          complain(item);
          return false;
        }
    return true;
  }
  if (fits(*param.type, value))
    return true;
  // A misspelt type must not look like a wrong argument.
  if (auto *named = llvm::dyn_cast<ast::NamedType>(param.type)) {
    static constexpr llvm::StringLiteral known[] = {"int",  "float", "bool",   "str",    "dtype",
                                                    "list", "dict",  "Module", "tensor", "callable"};
    if (named->path.size() > 1 || !llvm::is_contained(known, named->path[0].text)) {
      Value resolved = resolvePath(named->path, /*quietly=*/false);
      if (resolved.poisoned())
        return false;
      if (!resolved.is<ClassValue>()) {
        report(diag::wrongValue, named->range, "`" + toString(*named) + "` is no type");
        return false;
      }
    }
  }
  complain(value);
  return false;
}

void Elaborator::collectLeaves(const ast::Type *type, Value &value, const ast::Param &param, std::string name,
                               SourceRange place, std::vector<Leaf> &leaves, unsigned level) {
  if (level > kMaxNesting)
    return;
  if (auto *all = llvm::dyn_cast_or_null<ast::UnionType>(type)) {
    type = nullptr;
    for (const ast::Type *part : all->parts)
      if (fits(*part, value)) {
        type = part;
        break;
      }
  }
  if (value.tensor()) {
    leaves.push_back({&value, llvm::dyn_cast_or_null<ast::TensorType>(type), &param, std::move(name), place});
    return;
  }
  auto *tuple = llvm::dyn_cast_or_null<ast::TupleType>(type);
  auto *generic = llvm::dyn_cast_or_null<ast::GenericType>(type);
  const ast::Type *each = generic && !generic->args.empty() ? generic->args.back() : nullptr;
  if (param.star && level == 0)
    each = type;
  if (ListObject *list = value.list())
    for (auto [i, item] : llvm::enumerate(list->items))
      collectLeaves(tuple && i < tuple->fields.size() ? tuple->fields[i].type : each, item, param,
                    name + "." + std::to_string(i), place, leaves, level + 1);
  if (DictObject *dict = value.dict())
    for (auto &[k, v] : dict->items)
      collectLeaves(each, v, param, name + "." + str(k), place, leaves, level + 1);
}

/// A name of a size that nothing binds yet.
bool Elaborator::isNewName(const ast::Expr &dim) {
  auto *name = llvm::dyn_cast<ast::NameExpr>(&dim);
  return name && !name->name.empty() && llvm::isUpper(name->name[0]) && !lookup(name->name);
}

mlir::Type Elaborator::dtypeOf(const ast::TensorType &pattern) {
  if (pattern.dtype.size() == 1 && !pattern.dtype[0].text.empty() && llvm::isUpper(pattern.dtype[0].text[0]) &&
      !lookup(pattern.dtype[0].text))
    return {};
  Value value = resolvePath(pattern.dtype, /*quietly=*/true);
  if (auto *dtype = value.get<DTypeValue>()) {
    // `modc --dtype`: what is declared changes, what a signature binds or another value has stays.
    bool declared = pattern.dtype.size() == 1 && !frame->locals.count(pattern.dtype[0].text);
    bool floating = llvm::isa<mlir::FloatType>(dtype->type);
    return declared && floating && !options.dtype.empty() ? mod::dtypeFromName(ctx, options.dtype) : dtype->type;
  }
  SourceRange range = pattern.dtype.front().range.to(pattern.dtype.back().range);
  static constexpr llvm::StringRef names[] = {"f16", "bf16", "f32", "f64", "i8", "u8", "i32", "i64", "bool"};
  llvm::StringRef torch = sources.text(range);
  llvm::StringRef ours = llvm::StringSwitch<llvm::StringRef>(torch)
                             .Cases({"float32", "float"}, "f32")
                             .Cases({"float64", "double"}, "f64")
                             .Cases({"float16", "half"}, "f16")
                             .Case("bfloat16", "bf16")
                             .Cases({"int64", "long", "int"}, "i64")
                             .Case("int32", "i32")
                             .Case("int8", "i8")
                             .Case("uint8", "u8")
                             .Default("");
  if (!ours.empty()) {
    report(diag::unboundDtype, range, torch).suggest(("write `" + ours + "`").str(), range, ours.str());
    return {};
  }
  didYouMean(report(diag::unboundDtype, range, sources.text(range)), range, sources.text(range), names);
  return {};
}

std::optional<llvm::SmallVector<DimAttr>> Elaborator::dimsOf(const ast::TensorType &pattern, size_t packRank) {
  llvm::SmallVector<DimAttr> dims;
  for (const ast::Expr *dim : pattern.dims) {
    if (llvm::isa<ast::EllipsisExpr>(dim)) {
      if (!frame->pack) {
        report(diag::wrongValue, dim->range, "`...` stands for no dimensions here");
        return std::nullopt;
      }
      llvm::append_range(dims, *frame->pack);
      continue;
    }
    auto *star = llvm::dyn_cast<ast::StarExpr>(dim);
    const ast::Expr &expr = star ? *star->value : *dim;
    // Lower case names that nothing binds get their own message.
    if (auto *name = llvm::dyn_cast<ast::NameExpr>(&expr); name && !lookup(name->name)) {
      llvm::SmallVector<llvm::StringRef> known = visibleNames();
      Diagnostic &d = report(diag::unknownDimension, dim->range, name->name);
      if (llvm::isUpper(name->name[0]))
        d.note("sizes of inputs are known in methods only: the body runs before any input is there")
            .suggest("make it an argument of the module, or give a number");
      else
        didYouMean(d, dim->range, name->name, known).note("a size that the signature introduces begins with a capital");
      return std::nullopt;
    }
    Value value = eval(expr);
    if (value.poisoned())
      return std::nullopt;
    auto one = [&](const Value &v) {
      DimAttr d = v.is<bool>() ? DimAttr() : asDim(ctx, v);
      if (!d) {
        Diagnostic &diagnostic = report(diag::wrongValue, dim->range, "a dimension is an int, got " + describe(v));
        auto *binary = llvm::dyn_cast<ast::BinaryExpr>(dim);
        SourceRange declared = v.is<ClassValue>()      ? v.as<ClassValue>().cls->decl->name.range
                               : v.is<FunctionValue>() ? v.as<FunctionValue>().decl->name.range
                                                       : SourceRange();
        if (v.is<double>() && binary && binary->op == ast::BinaryOp::div)
          diagnostic.suggest("divide ints with `//`", binary->opRange, "//");
        else if (v.is<double>())
          diagnostic.suggest("divide ints with `//`");
        else if (declared.valid() && llvm::isa<ast::NameExpr>(dim))
          diagnostic.also(declared, "this is what the name means, so it is no new size")
              .suggest("give the size a name of its own");
        return false;
      }
      if (d.getConstant().value_or(0) < 0) {
        report(diag::wrongValue, dim->range, "a dimension is not negative, got " + d.text());
        return false;
      }
      dims.push_back(d);
      return true;
    };
    if (star) {
      ListObject *list = value.list();
      if (!list) {
        report(diag::wrongValue, dim->range, "`*` wants a list of dimensions, got " + describe(value));
        return std::nullopt;
      }
      for (const Value &item : list->items)
        if (!one(item))
          return std::nullopt;
    } else if (!one(value)) {
      return std::nullopt;
    }
  }
  return dims;
}

SymTensorType Elaborator::evalTensorType(const ast::TensorType &pattern) {
  mlir::Type dtype = dtypeOf(pattern);
  if (!dtype) {
    SourceRange range = pattern.dtype.front().range;
    if (!frame->poisoned || quiet)
      report(diag::unboundDtype, range, sources.text(range));
    return {};
  }
  auto dims = dimsOf(pattern, 0);
  if (!dims)
    return {};
  if (dims->size() > 8) {
    report(diag::wrongValue, pattern.range, "a tensor has at most 8 dimensions");
    return {};
  }
  if (!checkShape(*dims, pattern.range))
    return {};
  DimAttr count = DimAttr::product(ctx, *dims);
  if (count.isOverflow())
    return report(diag::arithmetic, pattern.range, "the tensor has more than 2^62 elements"), SymTensorType();
  return SymTensorType::get(dtype, *dims);
}

std::string Elaborator::patternText(const ast::TensorType &pattern) {
  ++quiet;
  bool was = frame->poisoned;
  std::string out;
  if (mlir::Type dtype = dtypeOf(pattern))
    out = mod::dtypeName(dtype);
  else
    out = pattern.dtype.front().text.str();
  out += "[";
  for (auto [i, dim] : llvm::enumerate(pattern.dims)) {
    out += i ? ", " : "";
    auto *name = llvm::dyn_cast<ast::NameExpr>(dim);
    if (name && frame->signatureNames.count(name->name)) {
      out += name->name;
      continue;
    }
    auto *star = llvm::dyn_cast<ast::StarExpr>(dim);
    Value value = llvm::isa<ast::EllipsisExpr>(dim) ? Value(Poison{}) : eval(star ? *star->value : *dim);
    if (value.poisoned()) {
      out += toString(*dim);
    } else if (star && value.list()) {
      std::string items = repr(makeList(value.list()->items));
      out += llvm::StringRef(items).drop_front().drop_back();
    } else {
      out += str(value);
    }
  }
  frame->poisoned = was;
  --quiet;
  return out + "]";
}

void Elaborator::declareSymbols(const ast::TensorType &pattern) {
  for (const ast::Expr *dim : pattern.dims)
    if (isNewName(*dim)) {
      auto *name = llvm::cast<ast::NameExpr>(dim);
      frame->locals[name->name] = makeDim(DimAttr::symbol(ctx, name->name));
      frame->signatureNames[name->name] = name->range;
    }
}

/// Whether `.name()` can be put behind an expression as it is written.
static bool isPostfix(llvm::StringRef text) {
  unsigned depth = 0;
  for (char c : text) {
    depth += c == '(' || c == '[' || c == '{';
    depth -= (c == ')' || c == ']' || c == '}') && depth > 0;
    if (depth == 0 && !llvm::isAlnum(c) && !llvm::StringRef("_.)]}").contains(c))
      return false;
  }
  return !text.empty();
}

bool Elaborator::matchLeaves(llvm::MutableArrayRef<Leaf> leaves, llvm::StringRef what, llvm::StringRef shown) {
  bool good = true;
  fixed.reset();
  auto complain = [&](const Leaf &leaf, llvm::StringRef why) {
    std::string expected = patternText(*leaf.pattern);
    SymTensorType have = tensorType(*leaf.value);
    if (fixed) {
      Diagnostic &d = report(diag::fixedDimension, leaf.place, fixed->first, std::to_string(fixed->second));
      d.label((shown + " expects " + leaf.name + ": " + expected + ", got " + have.text()).str())
          .also(leaf.param->range, "declared here");
      suggestSize(d, fixed->first, fixed->second);
      good = false;
      return;
    }
    Diagnostic &d = report(diag::argumentShape, leaf.place, shown, leaf.name, expected, have.text());
    if (!why.empty())
      d.label(why.str());
    d.expect(expected, have.text()).also(leaf.param->range, "declared here");
    // A forgotten flatten: the product of all but the first fits the last size wanted.
    if (leaf.pattern->dims.size() <= 2 && have.getDims().size() > 2) {
      ++quiet;
      Value last = eval(*leaf.pattern->dims.back());
      --quiet;
      DimAttr want = asDim(ctx, last);
      if (want && !quiet && DimAttr::product(ctx, have.getDims().drop_front()) == want) {
        std::string argument = sources.text(leaf.place).str();
        d.suggest("flatten it first: " + std::to_string(have.getDims().size() - 1) + " dimensions become one of " +
                      want.text(),
                  leaf.place, (isPostfix(argument) ? argument : "(" + argument + ")") + ".flatten(1)");
      }
    }
    good = false;
  };
  // Names that stand alone first, wherever they stand, then all the rest is checked.
  struct Dim {
    const ast::Expr *expr;
    DimAttr actual;
  };
  for (Leaf &leaf : leaves) {
    if (!leaf.pattern)
      continue;
    SymTensorType have = tensorType(*leaf.value);
    auto &dtype = leaf.pattern->dtype;
    if (dtype.size() == 1 && llvm::isUpper(dtype[0].text[0]) && !lookup(dtype[0].text)) {
      frame->locals[dtype[0].text] = DTypeValue{have.getElementType()};
      frame->signatureNames[dtype[0].text] = dtype[0].range;
    }
    // How many dimensions each item of the pattern stands for.
    size_t fixed = 0;
    int64_t packAt = -1;
    bool listed = true;
    llvm::SmallVector<size_t> counts;
    for (auto [i, dim] : llvm::enumerate(leaf.pattern->dims)) {
      size_t n = 1;
      if (llvm::isa<ast::EllipsisExpr>(dim)) {
        packAt = i;
        n = 0;
      } else if (auto *star = llvm::dyn_cast<ast::StarExpr>(dim)) {
        Value list = eval(*star->value);
        listed &= list.list() != nullptr;
        n = list.list() ? list.list()->items.size() : 0;
      }
      counts.push_back(n);
      fixed += n;
    }
    if (!listed) {
      good = false;
      continue;
    }
    size_t rank = have.getDims().size();
    if (packAt < 0 ? rank != fixed : rank < fixed) {
      complain(leaf, (llvm::Twine(fixed) + (packAt < 0 ? "" : " or more") + " dimensions wanted, " + llvm::Twine(rank) +
                      " given")
                         .str());
      leaf.pattern = nullptr;
      continue;
    }
    if (packAt >= 0)
      counts[packAt] = rank - fixed;
    size_t at = 0;
    for (auto [dim, n] : llvm::zip(leaf.pattern->dims, counts)) {
      if (llvm::isa<ast::EllipsisExpr>(dim)) {
        if (!frame->pack)
          frame->pack = llvm::SmallVector<DimAttr>(have.getDims().slice(at, n));
      } else if (isNewName(*dim)) {
        auto *name = llvm::cast<ast::NameExpr>(dim);
        frame->locals[name->name] = makeDim(have.getDims()[at]);
        frame->signatureNames[name->name] = name->range;
      }
      at += n;
    }
  }
  for (Leaf &leaf : leaves) {
    if (!leaf.pattern)
      continue;
    SymTensorType have = tensorType(*leaf.value);
    auto dims = dimsOf(*leaf.pattern, 0);
    if (!dims) {
      good = false;
      continue;
    }
    if (dims->size() != have.getDims().size()) {
      complain(leaf, "`...` stands for other dimensions in an argument before");
      continue;
    }
    bool fine = true;
    for (auto [want, got] : llvm::zip(*dims, have.getDims())) {
      std::string why, words = (what + ": " + leaf.name + ": " + got.text() + " == " + want.text()).str();
      if (!fine || require({true, got, want}, words, why))
        continue;
      fine = false;
      complain(leaf, got.text() + " given, " + want.text() + " wanted");
    }
    if (!fine)
      continue;
    auto type = SymTensorType::get(have.getElementType(), *dims);
    if (type != have) {
      mlir::Value v = tensorOf(*leaf.value, leaf.place);
      if (v)
        *leaf.value = TensorValue{mod::AssumeOp::create(trace().builder, loc(leaf.place), type, v,
                                                        mlir::StringAttr::get(ctx, what.str() + ": " + leaf.name))};
    }
  }
  return good;
}

Value Elaborator::checkResultType(const ast::Type &type, Value value, const ast::FunctionDecl &decl) {
  SourceRange place = frame->returned.valid() ? frame->returned : decl.name.range;
  auto complain = [&](llvm::StringRef why) -> Value {
    Diagnostic &d = report(diag::resultType, place, decl.name.text, describe(value), typeText(type));
    d.expect(typeText(type), describe(value)).also(type.range, why.empty() ? "declared here" : why.str());
    return Poison{};
  };
  if (auto *tuple = llvm::dyn_cast<ast::TupleType>(&type)) {
    // `-> (name: type)` names the one result.
    if (tuple->fields.size() == 1)
      return checkResultType(*tuple->fields[0].type, std::move(value), decl);
    ListObject *list = value.list();
    if (!list || list->items.size() != tuple->fields.size())
      return complain((llvm::Twine(tuple->fields.size()) + " results declared").str());
    std::vector<Value> items;
    for (auto [field, item] : llvm::zip(tuple->fields, list->items)) {
      items.push_back(checkResultType(*field.type, item, decl));
      if (items.back().poisoned())
        return Poison{};
    }
    return makeList(std::move(items), /*tuple=*/true);
  }
  if (auto *all = llvm::dyn_cast<ast::UnionType>(&type)) {
    for (const ast::Type *part : all->parts)
      if (fits(*part, value))
        return checkResultType(*part, std::move(value), decl);
    return complain("");
  }
  auto *pattern = llvm::dyn_cast<ast::TensorType>(&type);
  if (!pattern)
    return fits(type, value) ? std::move(value) : complain("");
  SymTensorType have = tensorType(value);
  if (!have && value.number()) {
    mlir::Type dtype = dtypeOf(*pattern);
    if (dtype && pattern->dims.empty())
      return full({}, value, dtype, decl.name.range);
  }
  if (!have)
    return complain("");
  declareSymbols(*pattern);
  auto dims = dimsOf(*pattern, 0);
  mlir::Type dtype = dtypeOf(*pattern);
  if (!dims || !dtype)
    return Poison{};
  if (dtype != have.getElementType() || dims->size() != have.getDims().size())
    return complain("");
  for (auto [want, got] : llvm::zip(*dims, have.getDims())) {
    std::string why,
        words = (decl.name.text + " returns " + have.text() + ": " + got.text() + " == " + want.text()).str();
    if (!require({true, got, want}, words, why))
      return complain(why);
  }
  auto exact = SymTensorType::get(dtype, *dims);
  if (exact == have)
    return value;
  return TensorValue{mod::AssumeOp::create(trace().builder, loc(decl.name.range), exact,
                                           tensorOf(value, decl.name.range),
                                           mlir::StringAttr::get(ctx, "result of " + decl.name.text.str()))};
}

Value Elaborator::checkResult(const ast::FunctionDecl &decl, Value value) {
  if (value.poisoned() || !decl.result)
    return value;
  return checkResultType(*decl.result, std::move(value), decl);
}
