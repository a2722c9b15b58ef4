// Texts of values as Python prints them, and small helpers of lists, dicts and sizes.
#include "compiler/sema/Value.h"
#include <charconv>
#include <cmath>

using namespace modc;
using namespace modc::sema;
using mod::DimAttr;
using mod::SymTensorType;

/// Deeper nesting prints as "...", which also ends lists that contain themselves.
static constexpr unsigned kMaxDepth = 8;

static bool sameKey(const Value &a, const Value &b) {
  if (a.is<std::string>() && b.is<std::string>())
    return a.as<std::string>() == b.as<std::string>();
  auto x = asDouble(a), y = asDouble(b);
  return x && y && *x == *y;
}

/// Takes values apart one by one: those inside others join the queue.
static void bury(std::vector<Value> &&values) {
  static thread_local std::vector<Value> *queue = nullptr;
  if (queue) {
    for (Value &v : values)
      queue->push_back(std::move(v));
    return;
  }
  std::vector<Value> own = std::move(values);
  queue = &own;
  while (!own.empty()) {
    Value last = std::move(own.back());
    own.pop_back();
  }
  queue = nullptr;
}

ListObject::~ListObject() { bury(std::move(items)); }

DictObject::~DictObject() {
  std::vector<Value> values;
  for (auto &[key, value] : items)
    values.push_back(std::move(value));
  bury(std::move(values));
}

Value *DictObject::find(const Value &key) {
  for (auto &[k, v] : items)
    if (sameKey(k, key))
      return &v;
  return nullptr;
}

void DictObject::set(const Value &key, Value value) {
  if (Value *slot = find(key))
    *slot = std::move(value);
  else
    items.emplace_back(key, std::move(value));
}

static bool walk(const Value &value, unsigned level, size_t &left) {
  if (level > kMaxNesting || left == 0)
    return false;
  --left;
  if (ListObject *list = value.list())
    return llvm::all_of(list->items, [&](const Value &v) { return walk(v, level + 1, left); });
  if (DictObject *dict = value.dict())
    return llvm::all_of(dict->items, [&](auto &item) { return walk(item.second, level + 1, left); });
  return true;
}

bool sema::walkable(const Value &value) {
  size_t left = 1'000'000;
  return walk(value, 0, left);
}

Value sema::makeList(std::vector<Value> items, bool tuple) {
  return ListValue{std::make_shared<ListObject>(std::move(items), tuple)};
}

Value sema::makeDim(DimAttr dim) {
  if (auto n = dim.getConstant())
    return *n;
  return DimValue{dim};
}

Value sema::makeDims(llvm::ArrayRef<DimAttr> dims) {
  std::vector<Value> items;
  for (DimAttr d : dims)
    items.push_back(makeDim(d));
  return makeList(std::move(items), /*tuple=*/true);
}

DimAttr sema::asDim(mlir::MLIRContext *ctx, const Value &value) {
  if (auto *n = value.get<int64_t>())
    return DimAttr::constant(ctx, *n);
  if (auto *b = value.get<bool>())
    return DimAttr::constant(ctx, *b);
  if (auto *d = value.get<DimValue>())
    return d->dim;
  return {};
}

std::optional<double> sema::asDouble(const Value &value) {
  if (auto *b = value.get<bool>())
    return *b;
  if (auto *n = value.get<int64_t>())
    return static_cast<double>(*n);
  if (auto *f = value.get<double>())
    return *f;
  return std::nullopt;
}

SymTensorType sema::tensorType(const Value &value) {
  if (auto *t = value.get<TensorValue>())
    return llvm::cast<SymTensorType>(t->value.getType());
  if (auto *s = value.get<StateValue>())
    return s->state->type;
  return {};
}

std::string sema::floatText(double value) {
  if (std::isnan(value))
    return "nan";
  if (std::isinf(value))
    return value < 0 ? "-inf" : "inf";
  char buffer[64];
  auto end = std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::scientific).ptr;
  llvm::StringRef text(buffer, end - buffer);
  bool negative = text.consume_front("-");
  auto [mantissa, power] = text.split('e');
  int exponent = std::atoi(power.str().c_str());
  std::string digits;
  for (char c : mantissa)
    if (c != '.')
      digits += c;
  std::string out;
  if (exponent < -4 || exponent >= 16) {
    out = digits.substr(0, 1);
    if (digits.size() > 1)
      out += "." + digits.substr(1);
    std::string magnitude = std::to_string(std::abs(exponent));
    out += std::string("e") + (exponent < 0 ? "-" : "+") + (magnitude.size() < 2 ? "0" : "") + magnitude;
  } else if (exponent < 0) {
    out = "0." + std::string(-exponent - 1, '0') + digits;
  } else {
    if (digits.size() < size_t(exponent) + 1)
      digits.resize(exponent + 1, '0');
    std::string rest = digits.substr(exponent + 1);
    out = digits.substr(0, exponent + 1) + "." + (rest.empty() ? "0" : rest);
  }
  return negative ? "-" + out : out;
}

static std::string quoted(llvm::StringRef text) {
  char quote = text.contains('\'') && !text.contains('"') ? '"' : '\'';
  std::string out(1, quote);
  for (char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\\' || c == quote)
      (out += '\\') += c;
    else
      out += c;
  }
  return out + quote;
}

/// Texts are cut here: values may be huge, or contain themselves.
static constexpr size_t kMaxText = 1 << 16;

static void print(std::string &out, const Value &value, bool quote, unsigned depth) {
  if (depth > kMaxDepth || out.size() > kMaxText) {
    out += "...";
    return;
  }
  if (auto *s = value.get<std::string>()) {
    out += quote ? quoted(*s) : *s;
  } else if (auto *b = value.get<bool>()) {
    out += *b ? "True" : "False";
  } else if (auto *n = value.get<int64_t>()) {
    out += std::to_string(*n);
  } else if (auto *f = value.get<double>()) {
    out += floatText(*f);
  } else if (auto *d = value.get<DimValue>()) {
    out += d->dim.text();
  } else if (auto *t = value.get<DTypeValue>()) {
    out += mod::dtypeName(t->type);
  } else if (ListObject *list = value.list()) {
    out += list->tuple ? "(" : "[";
    for (auto [i, item] : llvm::enumerate(list->items)) {
      out += i ? ", " : "";
      print(out, item, true, depth + 1);
      if (out.size() > kMaxText)
        break;
    }
    out += !list->tuple ? "]" : list->items.size() == 1 ? ",)" : ")";
  } else if (DictObject *dict = value.dict()) {
    out += "{";
    for (auto [i, item] : llvm::enumerate(dict->items)) {
      out += i ? ", " : "";
      print(out, item.first, true, depth + 1);
      out += ": ";
      print(out, item.second, true, depth + 1);
      if (out.size() > kMaxText)
        break;
    }
    out += "}";
  } else if (auto *f = value.get<FunctionValue>()) {
    out += f->decl->name.text;
  } else if (auto *c = value.get<ClassValue>()) {
    out += c->cls->name;
  } else if (value.none()) {
    out += "None";
  } else {
    out += describe(value);
  }
}

static std::string text(const Value &value, bool quote) {
  std::string out;
  print(out, value, quote, 0);
  return out;
}

std::string sema::repr(const Value &value) { return text(value, true); }
std::string sema::str(const Value &value) { return text(value, false); }

std::string sema::describe(const Value &value) {
  if (SymTensorType type = tensorType(value))
    return type.text();
  struct Visitor {
    std::string operator()(const Poison &) { return "nothing"; }
    std::string operator()(const NoneValue &) { return "None"; }
    std::string operator()(const bool &b) { return b ? "bool True" : "bool False"; }
    std::string operator()(const int64_t &n) { return "int " + std::to_string(n); }
    std::string operator()(const double &f) { return "float " + floatText(f); }
    std::string operator()(const std::string &s) { return "str " + quoted(s); }
    std::string operator()(const DTypeValue &t) { return "dtype " + mod::dtypeName(t.type); }
    std::string operator()(const EllipsisValue &) { return "..."; }
    std::string operator()(const DimValue &d) { return "int " + d.dim.text(); }
    std::string operator()(const FactsValue &) { return "a condition on run-time sizes"; }
    std::string operator()(const TensorValue &) { return "tensor"; }
    std::string operator()(const StateValue &) { return "parameter"; }
    std::string operator()(const FunctionValue &f) { return "function " + f.decl->name.text.str(); }
    std::string operator()(const ClassValue &c) { return "class " + c.cls->name.str(); }
    std::string operator()(const InstanceValue &i) { return "module " + i.instance->cls->name.str(); }
    std::string operator()(const FileValue &f) { return "file " + f.file->name; }
    std::string operator()(const BuiltinValue &) { return "built-in function"; }
    std::string operator()(const MethodValue &m) { return "method " + m.object->name.str(); }
    std::string operator()(const ListValue &l) { return (l.object->tuple ? "tuple " : "list ") + repr(l); }
    std::string operator()(const DictValue &d) { return "dict " + repr(d); }
    std::string operator()(const FinfoValue &) { return "finfo"; }
    std::string operator()(const SequenceValue &s) {
      return "a sequence of " + s.object->count.text() + " items, a number that the run knows";
    }
  };
  std::string out = std::visit(Visitor{}, static_cast<const Value::variant &>(value));
  if (out.size() > 120)
    out = out.substr(0, 117) + "...";
  return out;
}

std::vector<std::pair<llvm::StringRef, Instance *>> Instance::children() const {
  std::vector<std::pair<llvm::StringRef, Instance *>> out;
  for (auto &[name, member] : members)
    if (member.kind == MemberKind::Child)
      if (Instance *child = member.value.instance())
        out.emplace_back(name, child);
  return out;
}

std::vector<std::pair<llvm::StringRef, Value>> Instance::params() const {
  std::vector<std::pair<llvm::StringRef, Value>> out;
  for (auto &[name, member] : members)
    if (member.kind == MemberKind::Param && member.value.is<StateValue>())
      out.emplace_back(name, member.value);
  return out;
}
