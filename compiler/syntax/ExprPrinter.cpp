// Expressions and types as text.
#include "compiler/syntax/ExprPrinter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace modc;
using namespace modc::ast;
using llvm::ArrayRef;
using llvm::StringRef;
using Level = ExprPrinter::Level;
using enum ExprPrinter::Level;

static Level levelOf(BinaryOp op) {
  switch (op) {
  case BinaryOp::bitOr:
    return atBitOr;
  case BinaryOp::bitAnd:
    return atBitAnd;
  case BinaryOp::add:
  case BinaryOp::sub:
    return atSum;
  case BinaryOp::pow:
    return atPower;
  default:
    return atProduct;
  }
}

static Level levelOf(const Expr &expr) {
  switch (expr.kind) {
  case Expr::Kind::conditional:
    return atExpr;
  case Expr::Kind::logic:
    return llvm::cast<LogicExpr>(expr).op == LogicOp::logicalOr ? atOr : atAnd;
  case Expr::Kind::unary:
    return llvm::cast<UnaryExpr>(expr).op == UnaryOp::logicalNot ? atNot : atUnary;
  case Expr::Kind::compare:
    return atCompare;
  case Expr::Kind::binary:
    return levelOf(llvm::cast<BinaryExpr>(expr).op);
  default:
    return atPostfix;
  }
}

static Level next(Level level) { return static_cast<Level>(level + 1); }

/// A string inside the braces of a string takes the other quotation mark; deeper nesting cannot be written.
template <typename Body> void ExprPrinter::quoted(Body body) {
  char quote = inString ? '\'' : '"';
  os << quote;
  body();
  os << quote;
}

void ExprPrinter::expr(const Expr *node, Level level) {
  bool paren = levelOf(*node) < level;
  if (paren)
    os << '(';
  bare(*node);
  if (paren)
    os << ')';
}

void ExprPrinter::exprs(const Expr *node) {
  auto *tuple = llvm::dyn_cast<TupleExpr>(node);
  if (tuple && !tuple->items.empty())
    return items(tuple->items, tuple->items.size() == 1);
  expr(node);
}

void ExprPrinter::args(ArrayRef<Argument> args) {
  os << '(';
  llvm::interleave(
      args,
      [&](const Argument &arg) {
        if (arg.name)
          os << arg.name.text << '=';
        if (arg.star)
          os << '*';
        auto *comp = llvm::dyn_cast<CompExpr>(arg.value);
        bool sole = args.size() == 1 && !arg.name && !arg.star;
        if (comp && comp->form == CompExpr::Form::generator && sole)
          return clauses(*comp);
        expr(arg.value, arg.star ? atOr : atExpr);
      },
      [&] { os << ", "; });
  os << ')';
}

void ExprPrinter::type(const Type *node) {
  llvm::TypeSwitch<const Type *>(node)
      .Case([&](const NoneType *) { os << "None"; })
      .Case([&](const LiteralType *t) { quoted([&] { text(t->text); }); })
      .Case([&](const NamedType *t) { dotted(t->path); })
      .Case([&](const TensorType *t) {
        dotted(t->dtype);
        os << '[';
        llvm::interleave(t->dims, [&](const Expr *dim) { expr(dim); }, [&] { os << ", "; });
        os << ']';
      })
      .Case([&](const GenericType *t) {
        os << t->name.text << '[';
        llvm::interleave(t->args, [&](const Type *arg) { type(arg); }, [&] { os << ", "; });
        os << ']';
      })
      .Case([&](const TupleType *t) { fields(t->fields); })
      .Case([&](const ArrowType *t) {
        fields(t->params);
        os << " -> ";
        type(t->result);
      })
      .Case([&](const UnionType *t) {
        llvm::interleave(t->parts, [&](const Type *part) { type(part); }, [&] { os << " | "; });
      });
}

void ExprPrinter::dotted(ArrayRef<Identifier> path) {
  llvm::interleave(path, [&](const Identifier &name) { os << name.text; }, [&] { os << '.'; });
}

void ExprPrinter::params(ArrayRef<Param> params) {
  os << '(';
  llvm::interleave(
      params,
      [&](const Param &param) {
        os << (param.star ? "*" : "") << param.name.text;
        if (param.type) {
          os << ": ";
          type(param.type);
        }
        if (param.init) {
          os << " = ";
          expr(param.init);
        }
      },
      [&] { os << ", "; });
  os << ')';
}

void ExprPrinter::items(ArrayRef<const Expr *> list, bool comma) {
  llvm::interleave(list, [&](const Expr *item) { expr(item); }, [&] { os << ", "; });
  if (comma)
    os << ',';
}

void ExprPrinter::fields(ArrayRef<TypeField> fields) {
  os << '(';
  llvm::interleave(
      fields,
      [&](const TypeField &field) {
        if (field.name)
          os << field.name.text << ": ";
        type(field.type);
      },
      [&] { os << ", "; });
  os << ')';
}

void ExprPrinter::clauses(const CompExpr &comp) {
  if (comp.key) {
    expr(comp.key);
    os << ": ";
  }
  expr(comp.item);
  for (const CompClause &clause : comp.clauses) {
    os << (clause.target ? " for " : " if ");
    if (clause.target) {
      exprs(clause.target);
      os << " in ";
    }
    expr(clause.value, atOr);
  }
}

void ExprPrinter::text(StringRef text) {
  for (char c : text) {
    switch (c) {
    case '\n':
      os << "\\n";
      break;
    case '\t':
      os << "\\t";
      break;
    case '\r':
      os << "\\r";
      break;
    case '\\':
      os << "\\\\";
      break;
    case '{':
    case '}':
      os << c << c;
      break;
    case '"':
      os << "\\\"";
      break;
    case '\'':
      os << (inString ? "\\'" : "'");
      break;
    default:
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
        os << "\\x" << llvm::hexdigit(c >> 4) << llvm::hexdigit(c & 15);
      else
        os << c;
    }
  }
}

void ExprPrinter::string(const StringExpr &string) {
  quoted([&] {
    for (const StringPart &part : string.parts) {
      if (!part.expr) {
        text(part.text);
        continue;
      }
      std::string inner;
      llvm::raw_string_ostream innerStream(inner);
      ExprPrinter printer(innerStream);
      printer.inString = true;
      printer.expr(part.expr);
      // `{{` would be a brace.
      os << (StringRef(inner).starts_with("{") ? "{ " : "{") << inner << '}';
    }
  });
}

void ExprPrinter::base(const Expr *node) {
  // `1.x` would be a malformed number.
  bool number = llvm::isa<IntExpr, FloatExpr>(node);
  os << (number ? "(" : "");
  expr(node, atPostfix);
  os << (number ? ")" : "");
}

void ExprPrinter::bare(const Expr &node) {
  llvm::TypeSwitch<const Expr *>(&node)
      .Case([&](const NameExpr *e) { os << e->name; })
      .Case([&](const IntExpr *e) { os << e->text; })
      .Case([&](const FloatExpr *e) { os << e->text; })
      .Case([&](const StringExpr *e) { string(*e); })
      .Case([&](const NoneExpr *) { os << "None"; })
      .Case([&](const BoolExpr *e) { os << (e->value ? "True" : "False"); })
      .Case([&](const EllipsisExpr *) { os << "..."; })
      .Case([&](const TupleExpr *e) {
        os << '(';
        items(e->items, e->items.size() == 1);
        os << ')';
      })
      .Case([&](const ListExpr *e) {
        os << '[';
        items(e->items, false);
        os << ']';
      })
      .Case([&](const DictExpr *e) {
        os << '{';
        llvm::interleave(
            e->entries,
            [&](const DictEntry &entry) {
              expr(entry.key);
              os << ": ";
              expr(entry.value);
            },
            [&] { os << ", "; });
        os << '}';
      })
      .Case([&](const CompExpr *e) {
        StringRef brackets = e->form == CompExpr::Form::list ? "[]" : e->form == CompExpr::Form::dict ? "{}" : "()";
        os << brackets[0];
        clauses(*e);
        os << brackets[1];
      })
      .Case([&](const CallExpr *e) {
        base(e->callee);
        args(e->args);
      })
      .Case([&](const SubscriptExpr *e) {
        base(e->base);
        os << '[';
        items(e->items, false);
        os << ']';
      })
      .Case([&](const SliceExpr *e) { slice(*e); })
      .Case([&](const StarExpr *e) {
        os << '*';
        expr(e->value, atOr);
      })
      .Case([&](const MemberExpr *e) {
        base(e->base);
        os << '.' << e->name.text;
      })
      .Case([&](const UnaryExpr *e) {
        bool word = e->op == UnaryOp::logicalNot;
        os << spelling(e->op) << (word ? " " : "");
        expr(e->operand, word ? atNot : atUnary);
      })
      .Case([&](const BinaryExpr *e) {
        Level level = levelOf(e->op);
        bool power = e->op == BinaryOp::pow;
        expr(e->lhs, power ? atPostfix : level);
        os << ' ' << spelling(e->op) << ' ';
        expr(e->rhs, power ? atUnary : next(level));
      })
      .Case([&](const CompareExpr *e) {
        for (auto [i, operand] : llvm::enumerate(e->operands)) {
          if (i > 0)
            os << ' ' << spelling(e->ops[i - 1]) << ' ';
          expr(operand, atBitOr);
        }
      })
      .Case([&](const LogicExpr *e) {
        Level level = levelOf(*e);
        expr(e->lhs, level);
        os << ' ' << spelling(e->op) << ' ';
        expr(e->rhs, next(level));
      })
      .Case([&](const ConditionalExpr *e) {
        expr(e->then, atOr);
        os << " if ";
        expr(e->cond, atOr);
        os << " else ";
        expr(e->otherwise);
      });
}

void ExprPrinter::slice(const SliceExpr &slice) {
  if (slice.lower)
    expr(slice.lower);
  os << ':';
  if (slice.upper)
    expr(slice.upper);
  if (slice.step) {
    os << ':';
    expr(slice.step);
  }
}
