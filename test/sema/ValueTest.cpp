// Numbers and texts print as Python prints them.
#include "compiler/sema/Value.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace modc::sema;

TEST(Value, FloatsAsPython) {
  EXPECT_EQ(floatText(1e-5), "1e-05");
  EXPECT_EQ(floatText(0.0001), "0.0001");
  EXPECT_EQ(floatText(1.0), "1.0");
  EXPECT_EQ(floatText(-0.0), "-0.0");
  EXPECT_EQ(floatText(0.1), "0.1");
  EXPECT_EQ(floatText(1e16), "1e+16");
  EXPECT_EQ(floatText(1e15), "1000000000000000.0");
  EXPECT_EQ(floatText(123456.789), "123456.789");
  EXPECT_EQ(floatText(1e-12), "1e-12");
  EXPECT_EQ(floatText(1.5e300), "1.5e+300");
  EXPECT_EQ(floatText(2.0 / 3), "0.6666666666666666");
  EXPECT_EQ(floatText(HUGE_VAL), "inf");
  EXPECT_EQ(floatText(-HUGE_VAL), "-inf");
  EXPECT_EQ(floatText(std::nan("")), "nan");
}

TEST(Value, ContainersAsPython) {
  EXPECT_EQ(str(makeList({int64_t(3), int64_t(3)}, true)), "(3, 3)");
  EXPECT_EQ(str(makeList({int64_t(3)}, true)), "(3,)");
  EXPECT_EQ(str(makeList({Value(true), Value(NoneValue{}), Value(std::string("a'b"))})), "[True, None, \"a'b\"]");
  EXPECT_EQ(str(std::string("plain")), "plain");
}

TEST(Value, ListInsideItselfEnds) {
  Value list = makeList({int64_t(1)});
  list.list()->items.push_back(list);
  EXPECT_NE(str(list).find("..."), std::string::npos);
  list.list()->items.clear();
}
