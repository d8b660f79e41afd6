#include "bench/chart/scale.h"

#include <gmock/gmock.h>

namespace pawl::bench {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

TEST(ScaleTest, TicksGoInRoundStepsPastTheLargestValue) {
  EXPECT_THAT(ticks_up_to(101'234, 5),
              ElementsAre(0, 20'000, 40'000, 60'000, 80'000, 100'000, 120'000));
  EXPECT_THAT(ticks_up_to(43'000, 5), ElementsAre(0, 10'000, 20'000, 30'000, 40'000, 50'000));
  EXPECT_THAT(ticks_up_to(7, 4), ElementsAre(0, 2, 4, 6, 8));
}

TEST(ScaleTest, TheLargestValueMayBeATick) {
  EXPECT_THAT(ticks_up_to(100, 5), ElementsAre(0, 20, 40, 60, 80, 100));
  EXPECT_THAT(ticks_up_to(0.3, 3), ElementsAre(0, DoubleEq(0.1), DoubleEq(0.2), DoubleEq(3 * 0.1)));
}

TEST(ScaleTest, NothingToShowHasAnAxisAllTheSame) {
  EXPECT_THAT(ticks_up_to(0, 2), ElementsAre(0, 0.5, 1));
}

TEST(ScaleTest, ValuesLieBetweenTheAxisEndsInEitherDirection) {
  const Scale upwards{.most = 50, .from = 300, .to = 100};
  EXPECT_EQ(upwards.place(0), 300);
  EXPECT_EQ(upwards.place(25), 200);
  EXPECT_EQ(upwards.place(50), 100);
}

TEST(ScaleTest, ShortNumbersHaveThreeDigits) {
  EXPECT_EQ(short_number(0), "0");
  EXPECT_EQ(short_number(0.5), "0.5");
  EXPECT_EQ(short_number(950), "950");
  EXPECT_EQ(short_number(999.6), "1k");
  EXPECT_EQ(short_number(1'500), "1.5k");
  EXPECT_EQ(short_number(12'345), "12.3k");
  EXPECT_EQ(short_number(101'234), "101k");
  EXPECT_EQ(short_number(2'000'000), "2M");
}

TEST(ScaleTest, CountsInFullAreGrouped) {
  EXPECT_EQ(grouped(7), "7");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(-300'000), "-300,000");
  EXPECT_EQ(grouped(1'234'567.4), "1,234,567");
}

}  // namespace
}  // namespace pawl::bench
