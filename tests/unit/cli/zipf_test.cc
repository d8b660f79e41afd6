#include "command_publisher/zipf.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace command_publisher {
namespace {

class ZipfTest : public testing::TestWithParam<double> {};

TEST_P(ZipfTest, DrawsRanksInProportionToTheirWeights) {
  constexpr int kRanks = 50;
  constexpr int kDraws = 200'000;
  Random random{7};
  const Zipf zipf{kRanks, GetParam()};
  std::vector<int> drawn(kRanks);
  for (int i = 0; i < kDraws; ++i) ++drawn.at(static_cast<std::size_t>(zipf.rank(random)));
  double weights = 0;
  for (int k = 1; k <= kRanks; ++k) weights += std::pow(k, -GetParam());
  for (int k = 1; k <= kRanks; ++k) {
    const double expected = kDraws * std::pow(k, -GetParam()) / weights;
    EXPECT_NEAR(drawn[static_cast<std::size_t>(k - 1)], expected, 5 * std::sqrt(expected) + 1)
        << "rank " << k;
  }
}

INSTANTIATE_TEST_SUITE_P(Exponents, ZipfTest, testing::Values(0.5, 0.99, 1.0, 1.2, 2.0));

TEST(Zipf, KnowsOnlyOneRankOfOne) {
  Random random{1};
  const Zipf zipf{1, 1.1};
  for (int i = 0; i < 100; ++i) EXPECT_EQ(zipf.rank(random), 0);
}

}  // namespace
}  // namespace command_publisher
