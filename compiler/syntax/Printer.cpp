// The printer. Parentheses are put by precedence, where the grammar needs them and nowhere else.
#include "compiler/syntax/Printer.h"

#include "compiler/syntax/ExprPrinter.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/raw_ostream.h"

using namespace modc;
using namespace modc::ast;
using llvm::ArrayRef;
using llvm::StringRef;
using enum modc::ExprPrinter::Level;

namespace {

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
