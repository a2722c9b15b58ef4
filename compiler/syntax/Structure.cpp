// A tree as nested lists with every field of every node.
#include "compiler/syntax/Structure.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace modc;

namespace {

class Structure {
public:
  std::string text;

  void tree(const ast::Tree &tree) {
    add(tree.doc);
    list(tree.items, [&](const ast::Stmt *s) { stmt(s); });
  }

  void expr(const ast::Expr *e) {
    using namespace ast;
    if (!e)
      return add("null");
    open(static_cast<int>(e->kind));
    llvm::TypeSwitch<const Expr *>(e)
        .Case([&](const NameExpr *x) { add(x->name); })
        .Case([&](const IntExpr *x) { add(x->text); })
        .Case([&](const FloatExpr *x) { add(x->text); })
        .Case([&](const BoolExpr *x) { add(x->value ? "1" : "0"); })
        .Case([&](const StringExpr *x) {
          list(x->parts, [&](const StringPart &p) { p.expr ? expr(p.expr) : add(p.text); });
        })
        .Case([&](const TupleExpr *x) { exprs(x->items); })
        .Case([&](const ListExpr *x) { exprs(x->items); })
        .Case([&](const DictExpr *x) { list(x->entries, [&](const DictEntry &d) { expr(d.key), expr(d.value); }); })
        .Case([&](const CompExpr *x) {
          add(std::to_string(static_cast<int>(x->form)));
          expr(x->key);
          expr(x->item);
          list(x->clauses, [&](const CompClause &c) { expr(c.target), expr(c.value); });
        })
        .Case([&](const CallExpr *x) {
          expr(x->callee);
          args(x->args);
        })
        .Case([&](const SubscriptExpr *x) {
          expr(x->base);
          exprs(x->items);
        })
        .Case([&](const SliceExpr *x) { expr(x->lower), expr(x->upper), expr(x->step); })
        .Case([&](const StarExpr *x) { expr(x->value); })
        .Case([&](const MemberExpr *x) {
          expr(x->base);
          add(x->name.text);
        })
        .Case([&](const UnaryExpr *x) {
          add(spelling(x->op));
          expr(x->operand);
        })
        .Case([&](const BinaryExpr *x) {
          add(spelling(x->op));
          expr(x->lhs), expr(x->rhs);
        })
        .Case([&](const CompareExpr *x) {
          list(x->ops, [&](CompareOp op) { add(spelling(op)); });
          exprs(x->operands);
        })
        .Case([&](const LogicExpr *x) {
          add(spelling(x->op));
          expr(x->lhs), expr(x->rhs);
        })
        .Case([&](const ConditionalExpr *x) { expr(x->cond), expr(x->then), expr(x->otherwise); });
    close();
  }

private:
  void add(llvm::StringRef s) { text += '"' + s.str() + "\" "; }
  void open(int kind) { text += "(" + std::to_string(kind) + " "; }
  void close() { text += ") "; }
  template <typename List, typename Each> void list(const List &items, Each each) {
    text += "[";
    for (const auto &item : items)
      each(item);
    text += "] ";
  }
  void exprs(llvm::ArrayRef<const ast::Expr *> items) {
    list(items, [&](const ast::Expr *e) { expr(e); });
  }
  void args(llvm::ArrayRef<ast::Argument> args) {
    list(args, [&](const ast::Argument &a) {
      add(a.star ? "*" : a.name.text);
      expr(a.value);
    });
  }
  void names(llvm::ArrayRef<ast::Identifier> path) {
    list(path, [&](const ast::Identifier &name) { add(name.text); });
  }
  void fields(llvm::ArrayRef<ast::TypeField> fields) {
    list(fields, [&](const ast::TypeField &f) { add(f.name.text), type(f.type); });
  }
  void params(llvm::ArrayRef<ast::Param> params) {
    list(params, [&](const ast::Param &p) {
      add(p.star ? "*" : "");
      add(p.name.text);
      type(p.type);
      expr(p.init);
    });
  }
  void block(ast::Block body) {
    list(body, [&](const ast::Stmt *s) { stmt(s); });
  }

  void type(const ast::Type *t) {
    using namespace ast;
    if (!t)
      return add("null");
    open(static_cast<int>(t->kind));
    llvm::TypeSwitch<const Type *>(t)
        .Case([&](const LiteralType *x) { add(x->text); })
        .Case([&](const NamedType *x) { names(x->path); })
        .Case([&](const TensorType *x) { names(x->dtype), exprs(x->dims); })
        .Case([&](const GenericType *x) {
          add(x->name.text);
          list(x->args, [&](const Type *arg) { type(arg); });
        })
        .Case([&](const TupleType *x) { fields(x->fields); })
        .Case([&](const ArrowType *x) { fields(x->params), type(x->result); })
        .Case([&](const UnionType *x) { list(x->parts, [&](const Type *part) { type(part); }); });
    close();
  }

  void stmt(const ast::Stmt *s) {
    using namespace ast;
    open(static_cast<int>(s->kind));
    add(s->doc);
    list(s->attrs, [&](const Attribute &a) { add(a.name.text), args(a.args); });
    llvm::TypeSwitch<const Stmt *>(s)
        .Case([&](const DeclareStmt *x) {
          add(x->what == DeclareStmt::What::param ? "param" : "buffer");
          add(x->name.text);
          expr(x->computedName), type(x->type), expr(x->init), expr(x->cond);
          list(x->flags, [&](const Flag &f) { add(f.name.text), expr(f.value); });
        })
        .Case([&](const LetStmt *x) { expr(x->target), expr(x->value); })
        .Case([&](const AssignStmt *x) { expr(x->target), expr(x->value); })
        .Case([&](const AugmentedStmt *x) { expr(x->target), add(spelling(x->op)), expr(x->value); })
        .Case([&](const CallStmt *x) { expr(x->call); })
        .Case([&](const ReturnStmt *x) { expr(x->value); })
        .Case([&](const AssertStmt *x) { expr(x->cond), expr(x->message); })
        .Case([&](const IfStmt *x) {
          list(x->branches, [&](const IfBranch &b) { expr(b.cond), block(b.body); });
          add(x->hasElse ? "else" : "");
          block(x->otherwise);
        })
        .Case([&](const ForStmt *x) { expr(x->target), expr(x->iter), block(x->body); })
        .Case([&](const WhileStmt *x) { expr(x->cond), block(x->body); })
        .Case([&](const FunctionDecl *x) { add(x->name.text), params(x->params), type(x->result), block(x->body); })
        .Case([&](const ImportDecl *x) { names(x->path), add(x->alias.text); })
        .Case([&](const FromImportDecl *x) {
          names(x->path), add(x->all ? "*" : "");
          list(x->names, [&](const ImportedName &n) { add(n.name.text), add(n.alias.text); });
        })
        .Case([&](const ConstantDecl *x) { add(x->name.text), expr(x->value); })
        .Case([&](const ModuleDecl *x) { add(x->name.text), params(x->params), block(x->body); })
        .Case([&](const DeriveDecl *x) { add(x->name.text), expr(x->call); })
        .Case([&](const ExportDecl *x) {
          add(x->name.text), add(x->hasParams ? "()" : ""), params(x->params), expr(x->value);
        });
    close();
  }
};

} // namespace

std::string modc::structure(const ast::Tree &tree) {
  Structure out;
  out.tree(tree);
  return out.text;
}
