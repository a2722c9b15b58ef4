// Tokens: blocks, continuation, documentation, numbers and strings at their limits.
#include "compiler/syntax/Lexer.h"
#include "Support.h"
#include "llvm/Support/Format.h"
#include <gtest/gtest.h>

using namespace modc;
using modc::test::Parsed;
using Kind = Token::Kind;

namespace {

/// The texts of the tokens with >, < and / for indent, dedent and newline.
std::string tokens(std::string text) {
  SourceManager sources;
  DiagnosticEngine diags;
  FileId file = sources.add("t", std::move(text));
  std::string out;
  for (const Token &token : lex(file, sources, diags).tokens) {
    switch (token.kind) {
    case Kind::newline:
      out += "/ ";
      break;
    case Kind::indent:
      out += "> ";
      break;
    case Kind::dedent:
      out += "< ";
      break;
    default:
      out += sources.text(file).slice(token.begin, token.end).str() + " ";
    }
  }
  return out;
}

TEST(Lexer, BlocksAndContinuation) {
  EXPECT_EQ(tokens("a:\n    b\n\n    # c\n  # d\n    e\nf"), "a : / > b / e / < f /  ");
  EXPECT_EQ(tokens("a(\nb,\n   c)\nd\n"), "a ( b , c ) / d /  ");
  EXPECT_EQ(tokens("a:\n  b:\n    c\nd\n"), "a : / > b : / > c / < < d /  ");
  EXPECT_EQ(tokens("a\r\nb\r\n"), "a / b /  ");
  EXPECT_EQ(tokens(""), " ");
  EXPECT_EQ(tokens("\n\n   \n# only\n"), " ");
}

TEST(Lexer, LongestOperator) { EXPECT_EQ(tokens("a**=b//=c->d...e!=f"), "a **= b //= c -> d ... e != f /  "); }

TEST(Lexer, Numbers) {
  auto value = [](const std::string &text) -> std::string {
    Parsed p("x = " + text + "\n");
    if (p.tree.items.empty())
      return p.codes();
    const ast::Expr *expr = llvm::cast<ast::ConstantDecl>(p.tree.items[0])->value;
    std::string out;
    llvm::raw_string_ostream os(out);
    if (auto *i = llvm::dyn_cast<ast::IntExpr>(expr))
      os << i->value;
    else
      os << llvm::format("%.17g", llvm::cast<ast::FloatExpr>(expr)->value) << 'f';
    if (p.tree.hasErrors)
      os << ' ' << p.codes();
    return out;
  };
  EXPECT_EQ(value("1_000"), "1000");
  EXPECT_EQ(value("0"), "0");
  EXPECT_EQ(value("0xFF"), "255");
  EXPECT_EQ(value("0b1_01"), "5");
  EXPECT_EQ(value("0o17"), "15");
  EXPECT_EQ(value("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(value("9223372036854775808"), "0 E0109");
  EXPECT_EQ(value("1e-5"), "1.0000000000000001e-05f");
  EXPECT_EQ(value(".5"), "0.5f");
  EXPECT_EQ(value("2."), "2f");
  EXPECT_EQ(value("1_0.5e1_0"), "105000000000f");
  EXPECT_EQ(value("1e-999"), "0f");
  EXPECT_EQ(value("5e-324"), "4.9406564584124654e-324f");
  EXPECT_EQ(value("1e999").substr(0, 5), "inff ");
  for (const char *bad : {"007", "1__0", "1_", "1e", "0x", "0b12", "12abc", "1.2.3", "1j", "1_.5", "0xg", "1e5x"})
    EXPECT_EQ(value(bad), "E0110") << bad;
}

TEST(Lexer, Documentation) {
  Parsed p("## The file.\n\n## The module,\n## in two lines.\nmodule A():\n    ## A weight.\n    param w: f32[2]\n    "
           "## Nothing.\n\n"
           "    pass\n");
  ASSERT_FALSE(p.tree.hasErrors) << p.rendered();
  EXPECT_EQ(p.tree.doc, "The file.");
  auto *module = llvm::cast<ast::ModuleDecl>(p.tree.items[0]);
  EXPECT_EQ(module->doc, "The module,\nin two lines.");
  EXPECT_EQ(module->body[0]->doc, "A weight.");
  EXPECT_EQ(module->body[1]->doc, "") << "a blank line stands between";
}

TEST(Lexer, DocumentationAtTheTop) {
  EXPECT_EQ(Parsed("## About A.\nmodule A():\n    pass\n").tree.doc, "");
  EXPECT_EQ(Parsed("## The file.\nimport nn\n").tree.doc, "The file.");
  EXPECT_EQ(Parsed("## The file.\n").tree.doc, "The file.");
  EXPECT_EQ(Parsed("# no\nimport nn\n").tree.doc, "");
}

TEST(Lexer, Strings) {
  auto text = [](const std::string &literal) -> std::string {
    Parsed p("x = " + literal + "\n");
    if (p.tree.hasErrors)
      return p.codes();
    return llvm::cast<ast::StringExpr>(llvm::cast<ast::ConstantDecl>(p.tree.items[0])->value)->literal().str();
  };
  EXPECT_EQ(text(R"("a\tb\\\"\'\x41\u20ac")"), "a\tb\\\"'A\u20ac");
  EXPECT_EQ(text(R"('it is {{so}}')"), "it is {so}");
  EXPECT_EQ(text(R"(f"plain")"), "plain");
  EXPECT_EQ(text(R"("")"), "");
  EXPECT_EQ(text(R"("\q")"), "E0106");
  EXPECT_EQ(text(R"("\x80")"), "E0106");
  EXPECT_EQ(text(R"("\ud800")"), "E0106");
  EXPECT_EQ(text(R"("a)"), "E0105");
  EXPECT_EQ(text(R"("a\")"), "E0105");
  EXPECT_EQ(text(R"(r"a")"), "E0116");
  EXPECT_EQ(text(R"("""a""")"), "E0115");
  EXPECT_EQ(text(R"("{")"), "E0107");
  EXPECT_EQ(text(R"("}")"), "E0107");
  EXPECT_EQ(text(R"("{ }")"), "E0107");
  EXPECT_EQ(text(R"("{x:.2f}")"), "E0108");
  EXPECT_EQ(text(R"("{x!r}")"), "E0108");
  EXPECT_EQ(text(R"("{x=}")"), "E0108");
  EXPECT_EQ(text(R"("{x y}")"), "E0130");
  EXPECT_EQ(text(R"("{(x}")"), "E0107");
}

TEST(Lexer, Interpolation) {
  Parsed p("x = \"a{i + 1}b{d['k']}{{{n != 2}\"\n");
  ASSERT_FALSE(p.tree.hasErrors) << p.rendered();
  auto *string = llvm::cast<ast::StringExpr>(llvm::cast<ast::ConstantDecl>(p.tree.items[0])->value);
  ASSERT_EQ(string->parts.size(), 6u);
  EXPECT_EQ(string->parts[0].text, "a");
  EXPECT_EQ(toString(*string->parts[1].expr), "i + 1");
  EXPECT_EQ(p.sources.text(string->parts[1].expr->range), "i + 1") << "ranges point into the file";
  EXPECT_TRUE(llvm::isa<ast::SubscriptExpr>(string->parts[3].expr));
  EXPECT_EQ(string->parts[4].text, "{");
  EXPECT_TRUE(llvm::isa<ast::CompareExpr>(string->parts[5].expr));
}

} // namespace
