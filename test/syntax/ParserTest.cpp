// Expressions and types: precedence, shapes of trees, ranges, limits.
#include "Support.h"
#include <gtest/gtest.h>

using namespace modc;
using modc::test::Parsed;

namespace {

/// With every operator in parentheses, to show how it was grouped.
std::string grouped(const ast::Expr *expr) {
  using namespace ast;
  if (auto *b = llvm::dyn_cast<BinaryExpr>(expr))
    return "(" + grouped(b->lhs) + " " + spelling(b->op).str() + " " + grouped(b->rhs) + ")";
  if (auto *l = llvm::dyn_cast<LogicExpr>(expr))
    return "(" + grouped(l->lhs) + " " + spelling(l->op).str() + " " + grouped(l->rhs) + ")";
  if (auto *u = llvm::dyn_cast<UnaryExpr>(expr))
    return "(" + spelling(u->op).str() + " " + grouped(u->operand) + ")";
  if (auto *c = llvm::dyn_cast<ConditionalExpr>(expr))
    return "(" + grouped(c->then) + " if " + grouped(c->cond) + " else " + grouped(c->otherwise) + ")";
  if (auto *c = llvm::dyn_cast<CompareExpr>(expr)) {
    std::string out = "(" + grouped(c->operands[0]);
    for (size_t i = 0; i < c->ops.size(); ++i)
      out += " " + spelling(c->ops[i]).str() + " " + grouped(c->operands[i + 1]);
    return out + ")";
  }
  return toString(*expr);
}

std::string group(const std::string &text) {
  SourceManager sources;
  DiagnosticEngine diags;
  llvm::BumpPtrAllocator arena;
  const ast::Expr *expr = parseExpression(sources.add("<expr>", text), sources, diags, arena);
  return expr ? grouped(expr) : info(diags.diagnostics()[0]->id).code.str();
}

TEST(Expressions, Precedence) {
  EXPECT_EQ(group("a + b * c - d"), "((a + (b * c)) - d)");
  EXPECT_EQ(group("a @ b.t() + c"), "((a @ b.t()) + c)");
  EXPECT_EQ(group("-a ** -b ** c"), "(- (a ** (- (b ** c))))");
  EXPECT_EQ(group("a | b & c + d"), "(a | (b & (c + d)))");
  EXPECT_EQ(group("not a == b and c or d"), "(((not (a == b)) and c) or d)");
  EXPECT_EQ(group("a < b <= c"), "(a < b <= c)");
  EXPECT_EQ(group("a not in b is not c"), "(a not in b is not c)");
  EXPECT_EQ(group("a if b else c if d else e"), "(a if b else (c if d else e))");
  EXPECT_EQ(group("a <= b + c[:, None]"), "(a <= (b + c[:, None]))");
  EXPECT_EQ(group("~a & b"), "((~ a) & b)");
  EXPECT_EQ(group("a // b % c @ d"), "(((a // b) % c) @ d)");
}

TEST(Expressions, Displays) {
  EXPECT_EQ(group("()"), "()");
  EXPECT_EQ(group("(a)"), "a");
  EXPECT_EQ(group("(a,)"), "(a,)");
  EXPECT_EQ(group("[*a, b,]"), "[*a, b]");
  EXPECT_EQ(group("{'a': 1, 'b': 2}"), "{\"a\": 1, \"b\": 2}");
  EXPECT_EQ(group("{k: v for k, v in d.items() if v}"), "{k: v for k, v in d.items() if v}");
  EXPECT_EQ(group("[x for x in a for (y, z) in b]"), "[x for x in a for y, z in b]");
  EXPECT_EQ(group("f(x for x in y)"), "f(x for x in y)");
  EXPECT_EQ(group("f(*a, b=1)(2)[0].c"), "f(*a, b=1)(2)[0].c");
  EXPECT_EQ(group("x[..., 1:2, ::3, :, *i, None]"), "x[..., 1:2, ::3, :, *i, None]");
}

TEST(Expressions, Errors) {
  EXPECT_EQ(group(""), "E0130");
  EXPECT_EQ(group("a b"), "E0130");
  EXPECT_EQ(group("(a"), "E0130");
  EXPECT_EQ(group("x[]"), "E0172");
  EXPECT_EQ(group("f(a=1, b)"), "E0137");
  EXPECT_EQ(group("f(a=1, a=2)"), "E0138");
  EXPECT_EQ(group("(*a)"), "E0173");
  EXPECT_EQ(group("[*a for a in b]"), "E0173");
  EXPECT_EQ(group("{1, 2}"), "E0143");
  EXPECT_EQ(group("f(**k)"), "E0158");
  EXPECT_EQ(group("{**k}"), "E0158");
  EXPECT_EQ(group("x.in"), "E0170");
  EXPECT_EQ(group("a if b"), "E0130");
}

TEST(Expressions, Ranges) {
  Parsed p("y = f((a + b) * c, k=d[1:2])\n");
  auto *call = llvm::cast<ast::CallExpr>(llvm::cast<ast::ConstantDecl>(p.tree.items[0])->value);
  auto text = [&](SourceRange range) { return p.sources.text(range).str(); };
  EXPECT_EQ(text(call->range), "f((a + b) * c, k=d[1:2])");
  auto *product = llvm::cast<ast::BinaryExpr>(call->args[0].value);
  EXPECT_EQ(text(product->range), "(a + b) * c");
  EXPECT_EQ(text(product->opRange), "*");
  EXPECT_EQ(text(product->lhs->range), "a + b");
  EXPECT_EQ(text(call->args[1].range), "k=d[1:2]");
  EXPECT_EQ(text(call->args[1].name.range), "k");
  EXPECT_EQ(text(llvm::cast<ast::SubscriptExpr>(call->args[1].value)->items[0]->range), "1:2");
}

std::string type(const std::string &text) {
  SourceManager sources;
  DiagnosticEngine diags;
  llvm::BumpPtrAllocator arena;
  const ast::Type *type = parseType(sources.add("<type>", text), sources, diags, arena);
  return type ? toString(*type) : info(diags.diagnostics()[0]->id).code.str();
}

TEST(Types, All) {
  for (const char *text : {"f32[N, 3, H // 2, *shape]", "dtype[..., C]", "p.dtype[*p.shape]", "f32[]", "int | None",
                           "list[int | list[int]]", "dict[str, Module]", "\"mean\" | \"sum\"", "(float, float)",
                           "(logits: f32[N], state: f32[N, D])", "(f32[..., D]) -> f32[..., D]", "nn.Linear",
                           "(x: T[..., I], int) -> (y: T[..., O]) | None", "callable"})
    EXPECT_EQ(type(text), text);
  EXPECT_EQ(type("'a'"), "\"a\"");
  EXPECT_EQ(type("f32[:]"), "E0130");
  EXPECT_EQ(type("3"), "E0130");
  EXPECT_EQ(type("\"{x}\""), "E0130");
  EXPECT_TRUE(type("int |") == "E0130");
}

std::string repeat(const std::string &text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i)
    out += text;
  return out;
}

/// Hostile depth in every rule that recurses or builds a chain: a message, no overflow of the stack.
TEST(Limits, NestingIsAnError) {
  constexpr size_t n = 100000;
  std::string bodies = "module A():\n    def f():\n", deeper;
  for (size_t i = 0; i < 1000; ++i)
    bodies += std::string(8 + i, ' ') + "if x:\n";
  for (const std::string &text :
       {"x = " + repeat("(", n), "x = " + repeat("(", n) + "1" + repeat(")", n), "x = " + repeat("[", n),
        "x = " + repeat("{1:", n), "x = " + repeat("-", n) + "1", "x = " + repeat("not ", n) + "1",
        "x = 1" + repeat(" + 1", n), "x = a" + repeat(" and a", n), "x = 2" + repeat(" ** 2", n),
        "x = f" + repeat("()", n), "x = f" + repeat(".f", n), "x = f" + repeat("[0]", n),
        "x = 1" + repeat(" if a else 1", n), "x = " + repeat("f(", n), "def f(x: " + repeat("(", n) + ")):\n    pass",
        "def f(x: " + repeat("list[", n) + "):\n    pass",
        "def f():\n    for " + repeat("(", n) + "a" + repeat(")", n) + " in b:\n        pass", bodies,
        "x = [a for a in " + repeat("[a for a in ", n)}) {
    Parsed p(text + "\n");
    EXPECT_TRUE(p.tree.hasErrors);
    EXPECT_NE(p.codes().find("E0117"), std::string::npos) << text.substr(0, 40) << ": " << p.codes();
    EXPECT_LT(p.rendered().size(), 2000u) << "a long line is shown in part";
  }
}

TEST(Limits, WideIsFine) {
  Parsed p("x = [" + repeat("1, ", 100000) + "]\n" + repeat("y = 1\n", 20000));
  EXPECT_FALSE(p.tree.hasErrors);
  EXPECT_EQ(p.tree.items.size(), 20001u);
  std::string branches = "def f(x):\n    if x == 0:\n        return 0\n";
  for (size_t i = 1; i < 5000; ++i)
    branches += "    elif x == " + std::to_string(i) + ":\n        return 1\n";
  EXPECT_FALSE(Parsed(branches).tree.hasErrors);
}

TEST(Limits, ReasonableDepthParses) {
  EXPECT_FALSE(Parsed("x = " + repeat("(", 90) + "1" + repeat(")", 90) + "\n").tree.hasErrors);
  EXPECT_FALSE(Parsed("x = 1" + repeat(" + 1", 900) + "\n").tree.hasErrors);
}

} // namespace
