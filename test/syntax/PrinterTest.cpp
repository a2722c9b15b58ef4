// Printing a tree and parsing it again gives the same text, for every program of the project.
#include "Support.h"
#include "compiler/syntax/Structure.h"
#include <gtest/gtest.h>

using modc::structure;
using modc::test::Parsed;

namespace {

TEST(Printer, FixpointOnEveryProgram) {
  auto files = modc::test::programs({"nn", "examples", "test/syntax/programs"});
  ASSERT_GE(files.size(), 33u) << "the library and the programs";
  for (const auto &path : files) {
    Parsed first(path.filename().string(), modc::test::readFile(path));
    ASSERT_FALSE(first.tree.hasErrors) << path << "\n" << first.rendered();
    std::string once = first.printed();
    Parsed second("printed.mod", once);
    ASSERT_FALSE(second.tree.hasErrors) << path << "\n" << second.rendered();
    EXPECT_EQ(second.printed(), once) << path;
    EXPECT_TRUE(structure(second.tree) == structure(first.tree)) << path;
  }
}

/// What the printer must put into parentheses, quote or escape to keep the tree.
TEST(Printer, KeepsTheTree) {
  for (const char *line : {
           "x = (a + b) * c - (d - (e - f))",
           "x = (-a) ** b ** c",
           "x = (a ** b) ** c",
           "x = -a ** -b",
           "x = (a if b else c) if d else e",
           "x = (a, b), (c,), ()",
           "x = f((a, b), [*c], *d or e, k=(y for y in z))",
           "x = (not a) == b",
           "x = not a == b",
           "x = (a < b) < c",
           "x = a and (b or c)",
           "x = (1).real + (2.5).y",
           "x = m[(a, b)] + m[a, b] + m[:c if d else e]",
           "x = [y for y in (a if b else c) if (d if e else f)]",
           "x = \"a{ {'k': 1}['k']}b{'it\\'s \\\"q\\\" {{}} {n}'}\\n\\x01\"",
           "x = (y for y in z)[0]",
           "x = (a + b).c(d)[e]",
           "x = a,",
       }) {
    std::string text = std::string(line) + "\n";
    Parsed p(text);
    ASSERT_FALSE(p.tree.hasErrors) << line << "\n" << p.rendered();
    EXPECT_EQ(p.printed(), text);
  }
}

TEST(Printer, Signature) {
  Parsed p("def f(x: f32[N], *rest, y = 1, z: int = 2) -> (a: f32[N]):\n    return x\n");
  EXPECT_EQ(modc::signature(*llvm::cast<modc::ast::FunctionDecl>(p.tree.items[0])),
            "f(x: f32[N], *rest, y = 1, z: int = 2) -> (a: f32[N])");
}

} // namespace
