// The one layout: what it does to blanks, lines, comments and long statements, and that all programs of the project are
// in it.
#include "compiler/syntax/Format.h"
#include "Support.h"
#include "compiler/syntax/Structure.h"
#include <gtest/gtest.h>

using modc::test::Parsed;

namespace {

std::string formatted(const std::string &text) {
  Parsed p(text);
  EXPECT_FALSE(p.tree.hasErrors) << text << p.rendered();
  std::string out = modc::format(p.tree, p.sources);
  Parsed again(out);
  EXPECT_FALSE(again.tree.hasErrors) << out << again.rendered();
  EXPECT_EQ(modc::structure(again.tree), modc::structure(p.tree)) << out;
  EXPECT_EQ(modc::format(again.tree, again.sources), out) << "formatting again changes it";
  EXPECT_EQ(modc::test::comments(out), modc::test::comments(text)) << out;
  return out;
}

TEST(Format, BlanksBetweenTokens) {
  EXPECT_EQ(formatted("x=f( a,*c,b = 1 )[ : ,1:,-1 , None,::2 ]@-y**-z\n"),
            "x = f(a, *c, b=1)[:, 1:, -1, None, ::2] @ -y ** -z\n");
  EXPECT_EQ(formatted("d={'a':1 , \"b\":( 1, ),}\n"), "d = {'a': 1, \"b\": (1,),}\n");
  EXPECT_EQ(formatted("def f(x:f32[ N,3 ],*r,y=1,z:int=2)->(a:f32[N],):\n  return not x , ~ y\n"),
            "def f(x: f32[N, 3], *r, y = 1, z: int = 2) -> (a: f32[N],):\n    return not x, ~y\n");
  EXPECT_EQ(formatted("module M(a):\n  param \"w_{a}\":f32[a]=zeros if a,requires_grad=False\n  let(p,q)=1,2\n"),
            "module M(a):\n    param \"w_{a}\": f32[a] = zeros if a, requires_grad=False\n    let (p, q) = 1, 2\n");
  EXPECT_EQ(formatted("x = 1 .y + (2.5) .z\n"), "x = 1 .y + (2.5).z\n");
  EXPECT_EQ(formatted("@deprecated( 'a' )\ndef f():\n pass\n"), "@deprecated('a')\ndef f():\n    pass\n");
}

TEST(Format, BlankLinesAndBlocks) {
  EXPECT_EQ(formatted("import a\n\n\n\nimport b\ndef f():\n\n\n  x=1\n\n\n  return x\ny=2\n\n\n"),
            "import a\n\nimport b\n\ndef f():\n    x = 1\n\n    return x\n\ny = 2\n");
  EXPECT_EQ(formatted("module M():\n def f(): pass\n def g():\n  if a: return 1\n  else: return 2\n"),
            "module M():\n    def f():\n        pass\n\n    def g():\n        if a:\n            return 1\n"
            "        else:\n            return 2\n");
  EXPECT_EQ(formatted(""), "");
  EXPECT_EQ(formatted("\n\n# only\n\n\n# comments"), "# only\n\n# comments\n");
  EXPECT_EQ(formatted("x = 1\r\ny = 2\r\n"), "x = 1\ny = 2\n");
}

TEST(Format, CommentsStayWithTheirStatements) {
  EXPECT_EQ(formatted("## the file\n\nx = 1# one\n# of f\ndef f(): # head\n  # first\n  return x\n  # of the block\n"
                      "# of the file\n"),
            "## the file\n\nx = 1  # one\n\n# of f\ndef f():  # head\n    # first\n    return x\n"
            "    # of the block\n# of the file\n");
  EXPECT_EQ(formatted("x = [ # open\n 1, 2, # two\n # alone\n 3 # three\n ] # end\n"),
            "x = [  # open\n    1, 2,  # two\n    # alone\n    3  # three\n]  # end\n");
  EXPECT_EQ(formatted("def f(a, # first\n      b):\n    pass\n"), "def f(a,  # first\n      b):\n    pass\n");
}

TEST(Format, LongLinesGoOnUnderTheirBracket) {
  std::string a(50, 'a'), b(50, 'b'), c(50, 'c');
  EXPECT_EQ(formatted("x = f(" + a + ", " + b + ", " + c + ")\n"), "x = f(" + a + ", " + b + ",\n      " + c + ")\n");
  // Outside of all brackets a value is put into parentheses.
  EXPECT_EQ(formatted("x = " + a + " + " + b + " * " + c + "\n"), "x = (" + a + " + " + b + "\n     * " + c + ")\n");
  // The outermost bracket is broken first.
  EXPECT_EQ(formatted("x = f(" + a + ", g(" + b + ", " + c + "))\n"),
            "x = f(" + a + ",\n      g(" + b + ", " + c + "))\n");
  // A bracket at the end of its line begins rows, which stay.
  EXPECT_EQ(formatted("x = f(\n  1,2,\n  g(3,\n    4), 5,\n)\n"), "x = f(\n    1, 2,\n    g(3, 4), 5,\n)\n");
  EXPECT_EQ(formatted("x = f(\n  1,\n  2)\n"), "x = f(\n    1,\n    2)\n");
  EXPECT_EQ(formatted("x = f(1,\n      2)\n"), "x = f(1, 2)\n");
  // What cannot be broken stays long.
  std::string text = "x = \"" + std::string(200, 'x') + "\"\n";
  EXPECT_EQ(formatted(text), text);
  EXPECT_EQ(formatted("def f(" + a + ", " + b + " = 1, *" + c + "):\n    pass\n"),
            "def f(" + a + ", " + b + " = 1,\n      *" + c + "):\n    pass\n");
}

/// `modc fmt nn examples test` writes what this test asks for; it leaves alone what has syntax errors on purpose.
TEST(Format, EveryProgramOfTheProject) {
  auto files = modc::test::programs({"nn", "examples", "test"});
  unsigned seen = 0;
  for (const auto &path : files) {
    std::string text = modc::test::readFile(path);
    Parsed p(text);
    if (p.tree.hasErrors) {
      bool meant =
          path.string().find("/errors/") != std::string::npos || path.string().find("/diag/") != std::string::npos;
      EXPECT_TRUE(meant) << path << p.rendered();
      continue;
    }
    EXPECT_TRUE(formatted(text) == text) << path << " is not in the layout: modc fmt " << path;
    ++seen;
  }
  EXPECT_GE(seen, 100u);
}

} // namespace
