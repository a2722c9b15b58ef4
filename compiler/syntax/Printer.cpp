// The printer. Parentheses are put by precedence, where the grammar needs them and nowhere else.
#include "compiler/syntax/Printer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/raw_ostream.h"

using namespace modc;
using namespace modc::ast;
using llvm::ArrayRef;
using llvm::StringRef;

namespace {

/// The rules of the grammar for expressions, loosest first. Binary operators take four levels from `bitOr` on.
enum Level { atExpr, atOr, atAnd, atNot, atCompare, atBitOr, atBitAnd, atSum, atProduct, atUnary, atPower, atPostfix };

Level levelOf(BinaryOp op) {
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

Level levelOf(const Expr &expr) {
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

Level next(Level level) { return static_cast<Level>(level + 1); }

class ExprPrinter {
public:
  explicit ExprPrinter(llvm::raw_ostream &os) : os(os) {}

  void expr(const Expr *node, Level level = atExpr) {
    bool paren = levelOf(*node) < level;
    if (paren)
      os << '(';
    bare(*node);
    if (paren)
      os << ')';
  }

  /// Where the grammar says `exprs` or `targets`: a tuple without parentheses.
  void exprs(const Expr *node) {
    auto *tuple = llvm::dyn_cast<TupleExpr>(node);
    if (tuple && !tuple->items.empty())
      return items(tuple->items, tuple->items.size() == 1);
    expr(node);
  }

  void args(ArrayRef<Argument> args) {
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

  void type(const Type *node) {
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

  void dotted(ArrayRef<Identifier> path) {
    llvm::interleave(path, [&](const Identifier &name) { os << name.text; }, [&] { os << '.'; });
  }

  void params(ArrayRef<Param> params) {
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
            os << (param.type ? " = " : "=");
            expr(param.init);
          }
        },
        [&] { os << ", "; });
    os << ')';
  }

private:
  void items(ArrayRef<const Expr *> list, bool comma) {
    llvm::interleave(list, [&](const Expr *item) { expr(item); }, [&] { os << ", "; });
    if (comma)
      os << ',';
  }

  void fields(ArrayRef<TypeField> fields) {
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

  void clauses(const CompExpr &comp) {
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

  /// A string inside the braces of a string takes the other quotation mark; deeper nesting cannot be written.
  template <typename Body> void quoted(Body body) {
    char quote = inString ? '\'' : '"';
    os << quote;
    body();
    os << quote;
  }

  void text(StringRef text) {
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

  void string(const StringExpr &string) {
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

  void base(const Expr *node) {
    // `1.x` would be a malformed number.
    bool number = llvm::isa<IntExpr, FloatExpr>(node);
    os << (number ? "(" : "");
    expr(node, atPostfix);
    os << (number ? ")" : "");
  }

  void bare(const Expr &node) {
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

  void slice(const SliceExpr &slice) {
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

  llvm::raw_ostream &os;
  bool inString = false;
};

class StmtPrinter {
public:
  StmtPrinter(llvm::raw_ostream &os, unsigned depth) : os(os), out(os), depth(depth) {}

  void doc(StringRef text) {
    if (text.empty())
      return;
    for (StringRef line : llvm::split(text, '\n'))
      start() << (line.empty() ? "##" : "## ") << line << '\n';
  }

  void stmt(const Stmt *node) {
    doc(node->doc);
    for (const Attribute &attr : node->attrs) {
      start() << '@' << attr.name.text;
      if (!attr.args.empty())
        out.args(attr.args);
      os << '\n';
    }
    start();
    llvm::TypeSwitch<const Stmt *>(node)
        .Case([&](const DeclareStmt *s) { declare(*s); })
        .Case([&](const LetStmt *s) { assign("let ", s->target, "=", s->value); })
        .Case([&](const AssignStmt *s) { assign("", s->target, "=", s->value); })
        .Case([&](const AugmentedStmt *s) { assign("", s->target, spelling(s->op).str() + "=", s->value); })
        .Case([&](const CallStmt *s) { out.expr(s->call); })
        .Case([&](const ReturnStmt *s) {
          os << (s->value ? "return " : "return");
          if (s->value)
            out.exprs(s->value);
        })
        .Case([&](const AssertStmt *s) {
          os << "assert ";
          out.expr(s->cond);
          if (s->message) {
            os << ", ";
            out.expr(s->message);
          }
        })
        .Case([&](const PassStmt *) { os << "pass"; })
        .Case([&](const IfStmt *s) { ifs(*s); })
        .Case([&](const ForStmt *s) {
          os << "for ";
          out.exprs(s->target);
          os << " in ";
          out.exprs(s->iter);
          block(s->body);
        })
        .Case([&](const WhileStmt *s) {
          os << "while ";
          out.expr(s->cond);
          block(s->body);
        })
        .Case([&](const FunctionDecl *s) { function(*s); })
        .Case([&](const ImportDecl *s) {
          os << "import ";
          out.dotted(s->path);
          alias(s->alias);
        })
        .Case([&](const FromImportDecl *s) {
          os << "from ";
          out.dotted(s->path);
          os << " import " << (s->all ? "*" : "");
          auto name = [&](const ImportedName &imported) {
            os << imported.name.text;
            alias(imported.alias);
          };
          llvm::interleave(s->names, name, [&] { os << ", "; });
        })
        .Case([&](const ConstantDecl *s) {
          os << s->name.text << " = ";
          out.exprs(s->value);
        })
        .Case([&](const ModuleDecl *s) {
          os << "module " << s->name.text;
          out.params(s->params);
          block(s->body);
        })
        .Case([&](const DeriveDecl *s) {
          os << "module " << s->name.text << " = ";
          out.expr(s->call);
        })
        .Case([&](const ExportDecl *s) {
          os << "export " << s->name.text;
          if (s->hasParams)
            out.params(s->params);
          if (s->value) {
            os << " = ";
            out.expr(s->value);
          }
        });
    // Blocks end their own last line.
    if (!llvm::isa<IfStmt, ForStmt, WhileStmt, FunctionDecl, ModuleDecl>(node))
      os << '\n';
  }

private:
  llvm::raw_ostream &start() { return os.indent(4 * depth); }

  void block(Block body) {
    os << ":\n";
    ++depth;
    if (body.empty())
      start() << "pass\n";
    for (auto [i, stmt] : llvm::enumerate(body)) {
      if (i > 0 && llvm::isa<FunctionDecl>(stmt))
        os << '\n';
      this->stmt(stmt);
    }
    --depth;
  }

  void assign(StringRef word, const Expr *target, StringRef op, const Expr *value) {
    os << word;
    out.exprs(target);
    os << ' ' << op << ' ';
    out.exprs(value);
  }

  void alias(const Identifier &name) {
    if (name)
      os << " as " << name.text;
  }

  void declare(const DeclareStmt &decl) {
    os << (decl.what == DeclareStmt::What::param ? "param " : "buffer ");
    if (decl.computedName)
      out.expr(decl.computedName);
    else
      os << decl.name.text;
    os << ": ";
    out.type(decl.type);
    if (decl.init) {
      os << " = ";
      out.expr(decl.init, decl.cond ? atOr : atExpr);
    }
    if (decl.cond) {
      os << " if ";
      out.expr(decl.cond, atOr);
    }
    for (const Flag &flag : decl.flags) {
      os << ", " << flag.name.text << '=';
      out.expr(flag.value, atOr);
    }
  }

  void ifs(const IfStmt &node) {
    for (auto [i, branch] : llvm::enumerate(node.branches)) {
      if (i > 0)
        start();
      os << (i > 0 ? "elif " : "if ");
      out.expr(branch.cond);
      block(branch.body);
    }
    if (node.hasElse) {
      start() << "else";
      block(node.otherwise);
    }
  }

  void function(const FunctionDecl &node) {
    os << "def " << node.name.text;
    out.params(node.params);
    if (node.result) {
      os << " -> ";
      out.type(node.result);
    }
    block(node.body);
  }

  llvm::raw_ostream &os;
  ExprPrinter out;
  unsigned depth;
};

/// Declarations of one line that stand together: imports with imports, constants with constants.
bool together(const Stmt *before, const Stmt *after) {
  bool imports = llvm::isa<ImportDecl, FromImportDecl>(before) && llvm::isa<ImportDecl, FromImportDecl>(after);
  bool same = before->kind == after->kind && llvm::isa<ConstantDecl, DeriveDecl, ExportDecl>(after);
  return (imports || same) && after->doc.empty();
}

} // namespace

void modc::print(const Tree &tree, llvm::raw_ostream &os) {
  StmtPrinter printer(os, 0);
  printer.doc(tree.doc);
  const Stmt *before = nullptr;
  for (const Stmt *item : tree.items) {
    if (before ? !together(before, item) : !tree.doc.empty())
      os << '\n';
    printer.stmt(item);
    before = item;
  }
}

void modc::print(const Stmt &stmt, llvm::raw_ostream &os, unsigned indent) { StmtPrinter(os, indent).stmt(&stmt); }

std::string modc::toString(const Expr &expr) {
  std::string text;
  llvm::raw_string_ostream os(text);
  ExprPrinter(os).expr(&expr);
  return text;
}

std::string modc::toString(const Type &type) {
  std::string text;
  llvm::raw_string_ostream os(text);
  ExprPrinter(os).type(&type);
  return text;
}

std::string modc::signature(const FunctionDecl &function) {
  std::string text = function.name.text.str();
  llvm::raw_string_ostream os(text);
  ExprPrinter printer(os);
  printer.params(function.params);
  if (function.result) {
    os << " -> ";
    printer.type(function.result);
  }
  return text;
}
