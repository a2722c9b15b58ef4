// Statements, declarations, and recovery after errors.
#include "Support.h"
#include <gtest/gtest.h>

using namespace modc;
using namespace modc::ast;
using llvm::cast;
using llvm::isa;
using modc::test::Parsed;

namespace {

TEST(Declarations, Module) {
  Parsed p("@checkpoint\nmodule A(n: int, *rest: Module, p: float = 0.5):\n"
           "    param w: f32[n, 3] = kaiming(a=1) if n > 1, requires_grad=False\n"
           "    buffer \"b_{n}\": i64[], persistent=False, since=2\n"
           "    param c: f32[n] = zeros if n else ones\n"
           "    param d: f32[n] if n\n"
           "    let a, (b, c) = 1, (2, 3)\n"
           "    self[\"x{n}\"] = a\n");
  ASSERT_FALSE(p.tree.hasErrors) << p.rendered();
  auto *module = cast<ModuleDecl>(p.tree.items[0]);
  EXPECT_EQ(module->attrs[0].name.text, "checkpoint");
  EXPECT_TRUE(module->params[1].star);
  EXPECT_EQ(toString(*module->params[2].init), "0.5");
  auto *w = cast<DeclareStmt>(module->body[0]);
  EXPECT_EQ(toString(*w->init), "kaiming(a=1)");
  EXPECT_EQ(toString(*w->cond), "n > 1");
  EXPECT_EQ(w->flags[0].name.text, "requires_grad");
  auto *b = cast<DeclareStmt>(module->body[1]);
  EXPECT_EQ(b->what, DeclareStmt::What::buffer);
  EXPECT_TRUE(b->computedName && !b->name);
  EXPECT_EQ(b->flags.size(), 2u);
  auto *c = cast<DeclareStmt>(module->body[2]);
  EXPECT_TRUE(isa<ConditionalExpr>(c->init) && !c->cond) << "with `else` it is an expression";
  EXPECT_TRUE(cast<DeclareStmt>(module->body[3])->cond);
  EXPECT_TRUE(isa<TupleExpr>(cast<LetStmt>(module->body[4])->target));
  EXPECT_TRUE(isa<SubscriptExpr>(cast<AssignStmt>(module->body[5])->target));
}

TEST(Declarations, SoftKeywordsAreNames) {
  Parsed p("let = 1\nparam = 2\nexport = 3\nmodule = 4\n"
           "def f(module, export):\n    for name, param in module:\n        buffer = param\n        let(buffer)\n"
           "        let (a, b) = buffer\n    param.copy_(export)\n    param[0] = 1\n");
  ASSERT_FALSE(p.tree.hasErrors) << p.rendered();
  auto *loop = cast<ForStmt>(cast<FunctionDecl>(p.tree.items[4])->body[0]);
  EXPECT_TRUE(isa<CallStmt>(loop->body[1]));
  EXPECT_TRUE(isa<LetStmt>(loop->body[2]));
}

TEST(Declarations, File) {
  Parsed p("import a.b as c\nfrom d import e as f, g\nfrom h import *\nmodule M = N(nd=2)\nexport m(x: f32[N]) = "
           "M()\nexport M\n"
           "k = 1, 2\n");
  ASSERT_FALSE(p.tree.hasErrors) << p.rendered();
  EXPECT_EQ(cast<ImportDecl>(p.tree.items[0])->alias.text, "c");
  auto *from = cast<FromImportDecl>(p.tree.items[1]);
  EXPECT_EQ(from->names[0].bound().text, "f");
  EXPECT_EQ(from->names[1].bound().text, "g");
  EXPECT_TRUE(cast<FromImportDecl>(p.tree.items[2])->all);
  EXPECT_TRUE(cast<ExportDecl>(p.tree.items[4])->hasParams);
  EXPECT_FALSE(cast<ExportDecl>(p.tree.items[5])->value);
  EXPECT_TRUE(isa<TupleExpr>(cast<ConstantDecl>(p.tree.items[6])->value));
}

TEST(Statements, Augmented) {
  for (const char *op : {"+", "-", "*", "/", "//", "%", "**", "@", "&", "|"}) {
    Parsed p(std::string("def f(x, y):\n    x ") + op + "= y\n");
    ASSERT_FALSE(p.tree.hasErrors) << op;
    EXPECT_EQ(spelling(cast<AugmentedStmt>(cast<FunctionDecl>(p.tree.items[0])->body[0])->op), op);
  }
}

TEST(Recovery, EveryStatementIsReportedOnItsOwn) {
  Parsed p("def f(x):\n    a = (1 +\n    b = ]\n    return x +\n\ndef g(x)\n    y = $\n    return y\n\nmodul M():\n    "
           "pass\n\n"
           "module N():\n    fc = nn.Linear(1, 2)\n    def forward(x):\n        return fc(x)\n");
  // The good module behind all the errors is there.
  ASSERT_FALSE(p.tree.items.empty());
  EXPECT_EQ(cast<ModuleDecl>(p.tree.items.back())->body.size(), 2u);
  EXPECT_GE(p.diags.numErrors(), 5u) << p.rendered();
}

TEST(Recovery, OpenBracketDoesNotSwallowTheFile) {
  Parsed p("x = f(1,\n    2\n\ndef g(x):\n    return x\n\nmodule A():\n    y = [1\n    param w: f32[2]\n");
  EXPECT_EQ(p.codes(), "E0111 E0111") << p.rendered();
  EXPECT_EQ(p.tree.items.size(), 2u);
}

TEST(Recovery, OneMessageForOneMistake) {
  struct Case {
    const char *text;
    const char *codes;
  };
  for (const Case &c : std::initializer_list<Case>{
           {"def f(x):\n    x = 1; y = 2\n", "E0113"},
           {"def f(x):\n    return x + \\\n        1\n", "E0114"},
           {"def f(x):\n\treturn x\n", "E0102"},
           {"def f(x):\n        a = 1\n    b = 2\n", "E0103"},
           {"def f(x):\n    a = 1\n        b = 2\n    c = 3\n", "E0104"},
           {"  x = 1\n", "E0104"},
           {"def f(x):\n    \"\"\"Doc\n\n    more.\n    \"\"\"\n    return x\n", "E0115"},
           {"def f(x):\nreturn x\n", "E0134"},
           {"def f(x)\n    return x\n", "E0133"},
           {"def f(x):\n    if x = 1:\n        pass\n", "E0136"},
           {"def f(x):\n    x = y = 1\n", "E0142"},
           {"def f(x):\n    f(x) = 1\n", "E0135"},
           {"def f(x):\n    (x, 1) = 1\n", "E0135"},
           {"def f(x):\n    x, y += 1\n", "E0135"},
           {"def f(x):\n    x + 1\n", "E0132"},
           {"def f(x):\n    ...\n", "E0132"},
           {"def f(x, x):\n    pass\n", "E0139"},
           {"def f(x=1, y):\n    pass\n", "E0140"},
           {"def f(*x, *y):\n    pass\n", "E0149"},
           {"def f(**k):\n    pass\n", "E0158"},
           {"module A():\n    param w = zeros\n", "E0141"},
           {"module A():\n    return 1\n", "E0146"},
           {"module A():\n    x: int = 1\n", "E0163"},
           {"module A():\n    def f(self, x):\n        return x\n", "E0151"},
           {"module A:\n    pass\n", "E0168"},
           {"module A(nn.Module):\n    pass\n", "E0169"},
           {"module A = 3\n", "E0174"},
           {"module A():\n    module B():\n        pass\n", "E0148"},
           {"def f():\n    import a\n", "E0148"},
           {"def f():\n    def g():\n        pass\n    return 1\n", "E0147"},
           {"class A(nn.Module):\n    fc = 1\n", "E0150"},
           {"module A():\n    super().__init__()\n", "E0153"},
           {"def f(x):\n    return lambda y: y\n", "E0154"},
           {"def f(x):\n    try:\n        y = 1\n    except ValueError:\n        y = 2\n    else:\n        y = 3\n    "
            "return y\n",
            "E0155"},
           {"def f(x):\n    raise ValueError(x)\n", "E0155"},
           {"def f(x):\n    for i in x:\n        break\n", "E0156"},
           {"def f(x):\n    while x:\n        continue\n", "E0156"},
           {"def f(x):\n    if (n := 1):\n        pass\n", "E0157"},
           {"def f(x):\n    del x\n", "E0159"},
           {"def f(x):\n    global y\n", "E0159"},
           {"def f(x):\n    with torch.no_grad():\n        y = 1\n    return y\n", "E0160"},
           {"x = a || b\n", "E0161"},
           {"x = a ^ b\n", "E0162"},
           {"x = a << 2\n", "E0162"},
           {"from . import a\n", "E0164"},
           {"import a, b\n", "E0165"},
           {"def f(x):\n    if x:\n        pass\n    else if y:\n        pass\n", "E0166"},
           {"def f(x):\n    for i in x:\n        pass\n    else:\n        pass\n", "E0167"},
           {"def f(x):\n    else:\n        pass\n", "E0171"},
           {"x = \"a\" \"b\"\n", "E0118"},
           {"@torch.no_grad()\ndef f(x):\n    return x\n", "E0145"},
           {"@a\nx = 1\n", "E0144"},
           {"module A():\n    pass\n    @a\n", "E0144"},
           {"f(x)\n", "E0131"},
           {"if __name__ == \"__main__\":\n    main()\n", "E0131"},
           {"x = \u201chello\u201d\n", "E0101 E0101"},
           {"x = (1]\n", "E0112"},
           {"x = 1)\n", "E0112"},
           {"def in(x):\n    pass\n", "E0170"},
       }) {
    Parsed p(c.text);
    EXPECT_TRUE(p.tree.hasErrors) << c.text;
    EXPECT_EQ(p.codes(), c.codes) << c.text << p.rendered();
  }
}

} // namespace
