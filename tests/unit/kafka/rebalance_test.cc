#include "pawl/kafka/rebalance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace pawl::kafka {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RebalanceTest : public testing::Test {
 protected:
  void all_release() {
    rebalance_.revoke();
    for (int owner = 0; owner < 2; ++owner) rebalance_.released(rebalance_.number());
    ASSERT_TRUE(rebalance_.all_released());
    rebalance_.end();
  }

  const std::array<TopicPartition, 3> lanes_{{{"t", 0}, {"t", 1}, {"t", 2}}};
  Rebalance rebalance_{2, 7};
};

TEST_F(RebalanceTest, FetchingBeginsWhenEveryLaneHasAnOffsetAndOldNumbersAreIgnored) {
  rebalance_.add(lanes_);
  const auto by_owner = rebalance_.begin();
  EXPECT_EQ(rebalance_.number(), 8U);
  EXPECT_THAT(by_owner[0], ElementsAre(lanes_[0], lanes_[2]));
  EXPECT_THAT(by_owner[1], ElementsAre(lanes_[1]));
  const engine::LaneStart odd[]{{lanes_[1], 5}};
  const engine::LaneStart even[]{{lanes_[0], 1}, {lanes_[2], 2}};
  EXPECT_FALSE(rebalance_.started(rebalance_.number() - 1, odd));
  EXPECT_TRUE(rebalance_.started(rebalance_.number(), odd));
  EXPECT_TRUE(rebalance_.started(rebalance_.number(), odd));  // twice is once
  EXPECT_FALSE(rebalance_.all_started());
  EXPECT_TRUE(rebalance_.started(rebalance_.number(), even));
  EXPECT_TRUE(rebalance_.all_started());
}

TEST_F(RebalanceTest, EveryOwnerReleasesOnceItIsRevoked) {
  rebalance_.add(std::span(lanes_).first(1));
  rebalance_.begin();
  rebalance_.released(rebalance_.number());  // too early: nothing was revoked
  rebalance_.revoke();
  EXPECT_FALSE(rebalance_.started(rebalance_.number(), {}));
  rebalance_.released(rebalance_.number());
  EXPECT_FALSE(rebalance_.all_released());
  rebalance_.released(rebalance_.number());
  EXPECT_TRUE(rebalance_.all_released());
}

TEST_F(RebalanceTest, RemovedLanesAreOursUntilTheEndAndTheOthersAreTakenAgain) {
  rebalance_.add(lanes_);
  rebalance_.begin();
  rebalance_.remove(std::span(lanes_).first(2));
  EXPECT_TRUE(rebalance_.lanes().contains(lanes_[0]));
  all_release();
  EXPECT_THAT(rebalance_.lanes(), ElementsAre(lanes_[2]));
  EXPECT_THAT(rebalance_.begin(), ElementsAre(ElementsAre(lanes_[2]), IsEmpty()));
}

TEST_F(RebalanceTest, ALaneThatComesBackWhileItIsReleasedStays) {
  rebalance_.add(lanes_);
  rebalance_.begin();
  rebalance_.remove(lanes_);
  rebalance_.revoke();
  rebalance_.add(std::span(lanes_).last(1));
  rebalance_.end();
  EXPECT_THAT(rebalance_.lanes(), ElementsAre(lanes_[2]));
}

TEST_F(RebalanceTest, AnAssignmentOfAllLanesSaysWhetherItIsNew) {
  EXPECT_TRUE(rebalance_.replace(std::span(lanes_).first(2)));
  rebalance_.begin();
  EXPECT_FALSE(rebalance_.replace(std::span(lanes_).first(2)));
  EXPECT_TRUE(rebalance_.replace(std::span(lanes_).last(2)));
  EXPECT_THAT(rebalance_.lanes(), ElementsAre(lanes_[0], lanes_[1], lanes_[2])) << "until released";
  all_release();
  EXPECT_THAT(rebalance_.lanes(), ElementsAre(lanes_[1], lanes_[2]));
}

TEST_F(RebalanceTest, ALaneThatLeavesAndComesBackBeforeItIsReleasedIsNew) {
  rebalance_.replace(lanes_);
  rebalance_.begin();
  rebalance_.replace(std::span(lanes_).first(1));
  EXPECT_TRUE(rebalance_.replace(lanes_));
  all_release();
  EXPECT_THAT(rebalance_.lanes(), ElementsAre(lanes_[0], lanes_[1], lanes_[2]));
}

}  // namespace
}  // namespace pawl::kafka
