#include "pawl/cli/numbers.h"

#include <gtest/gtest.h>

#include "pawl/cli/table.h"
#include "pawl/cli/terminal.h"

namespace pawl::cli {
namespace {

using namespace std::chrono_literals;

TEST(Numbers, AreGroupedByThree) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(-123456), "-123,456");
}

TEST(Numbers, TimesHaveAReadableUnit) {
  EXPECT_EQ(readable(0s), "0");
  EXPECT_EQ(readable(420us), "420 µs");
  EXPECT_EQ(readable(3200us), "3.2 ms");
  EXPECT_EQ(readable(48ms), "48 ms");
  EXPECT_EQ(readable(999900us), "1.0 s");
  EXPECT_EQ(readable(75s), "75 s");
  EXPECT_EQ(readable(10min), "10 min");
  EXPECT_EQ(readable(5h), "5.0 h");
}

TEST(Numbers, AmountsMayHaveAUnit) {
  EXPECT_EQ(parse_amount("500"), 500);
  EXPECT_EQ(parse_amount("20k/s"), 20'000);
  EXPECT_EQ(parse_amount("1.5M"), 1'500'000);
  EXPECT_FALSE(parse_amount("fast"));
  EXPECT_FALSE(parse_amount("-5"));
  EXPECT_FALSE(parse_amount(""));
}

TEST(Numbers, PercentagesAreShares) {
  EXPECT_EQ(parse_percent("5%"), 0.05);
  EXPECT_EQ(parse_percent("100"), 1.0);
  EXPECT_FALSE(parse_percent("101%"));
  EXPECT_FALSE(parse_percent("x%"));
}

TEST(Table, AlignsTheFirstColumnLeftAndNumbersRight) {
  Table table{{"lane", "n"}};
  table.add({"µ", "1"});
  table.add({"orders", "1,000"});
  EXPECT_EQ(table.lines(),
            (std::vector<std::string>{"lane        n", "µ           1", "orders  1,000"}));
}

TEST(Terminal, CutsAtColumnsNotBytesAndSkipsColours) {
  EXPECT_EQ(cut("abc", 3), "abc");
  EXPECT_EQ(cut("µµµ", 3), "µµµ");
  EXPECT_EQ(cut("\x1b[1mabc\x1b[0m", 3), "\x1b[1mabc\x1b[0m");
  EXPECT_EQ(cut("abcd", 3), "abc\x1b[0m");
}

}  // namespace
}  // namespace pawl::cli
