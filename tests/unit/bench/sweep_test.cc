#include "bench/sweep.h"

#include <gmock/gmock.h>

namespace pawl::bench {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;

Options usual() {
  Options options;
  options.commands = 150'000;
  options.in_flight = 2;
  options.partitions = 8;
  options.batch = 2000;
  return options;
}

std::vector<std::int64_t> values(const SweepSeries& series) {
  std::vector<std::int64_t> values;
  for (const SweepPoint& point : series.points) values.push_back(point.value);
  return values;
}

std::vector<Options> options(const SweepSeries& series) {
  std::vector<Options> options;
  for (const SweepPoint& point : series.points) options.push_back(point.options);
  return options;
}

TEST(SweepTest, VariesOneSettingAtATime) {
  const auto sweep = plan_sweep(usual());
  ASSERT_EQ(sweep.size(), 3);
  EXPECT_THAT(values(sweep[0]), ElementsAre(1, 2, 3));
  EXPECT_THAT(values(sweep[1]), ElementsAre(1, 8, 64));
  EXPECT_THAT(values(sweep[2]), ElementsAre(1, 10, 100, 500, 2000));
  EXPECT_THAT(options(sweep[0]), Each(Field(&Options::partitions, 8)));
  EXPECT_THAT(options(sweep[0]), Each(Field(&Options::batch, 2000)));
  EXPECT_THAT(options(sweep[1]), Each(Field(&Options::in_flight, 2)));
  EXPECT_THAT(options(sweep[2]), Each(Field(&Options::partitions, 8)));
  EXPECT_EQ(sweep[0].points[2].options.in_flight, 3);
  EXPECT_EQ(sweep[1].points[2].options.partitions, 64);
  EXPECT_EQ(sweep[2].points[3].options.batch, 500);
}

TEST(SweepTest, TheValueThatOthersKeepIsMarkedAndAlwaysAmongThem) {
  Options options = usual();
  options.batch = 700;
  const auto sweep = plan_sweep(options);
  EXPECT_THAT(values(sweep[2]), ElementsAre(1, 10, 100, 500, 700, 2000));
  for (const SweepSeries& series : sweep) {
    EXPECT_EQ(std::ranges::count_if(series.points, &SweepPoint::usual), 1) << series.name;
  }
  EXPECT_TRUE(sweep[2].points[4].usual);
}

TEST(SweepTest, SmallBatchesGetFewerCommands) {
  const auto points = plan_sweep(usual())[2].points;
  EXPECT_EQ(points[0].options.commands, 6'000);
  EXPECT_EQ(points[1].options.commands, 30'000);
  EXPECT_EQ(points[2].options.commands, 150'000);
  EXPECT_EQ(points[4].options.commands, 150'000);
}

TEST(SweepTest, MeasuresThroughputAlone) {
  Options options = usual();
  options.latency = options.floor = options.compare = options.statements = true;
  const Options& point = plan_sweep(options)[0].points[0].options;
  EXPECT_FALSE(point.latency || point.floor || point.compare || point.statements);
}

}  // namespace
}  // namespace pawl::bench
