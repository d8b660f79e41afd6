// Stuck lanes: who is suspected, who is excused, and when the consumer is made anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "behaviour/manual_clock.h"
#include "pawl/consumer/lane_watch.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class LaneWatchTest : public testing::Test {
 protected:
  LaneWatchTest() { status_.lanes = {at(0, 100), at(1, 100)}; }

  static engine::LaneStatus at(std::int32_t partition, std::int64_t position) {
    return {.lane = lane(partition), .next_offset = position, .stopped = {}};
  }
  static TopicPartition lane(std::int32_t partition) { return {"commands", partition}; }
  engine::LaneStatus& status(std::size_t lane) { return status_.lanes[lane]; }

  /// Looks as often as the watch wants to, for so long.
  void pass(std::chrono::milliseconds time) {
    for (auto passed = 0ms; passed < time; passed += watch_.period()) {
      clock_.pass(watch_.period());
      watch_.look();
    }
  }

  ManualClock clock_;
  observe::Metrics metrics_{clock_};
  observe::Log log_{clock_, {.level = LogLevel::error}};
  engine::Status status_;
  std::map<TopicPartition, std::int64_t> ends_{{lane(0), 100}, {lane(1), 100}};
  std::set<TopicPartition> unreadable_;
  int recreations_ = 0;
  LaneWatch watch_{"ledger",
                   60s,
                   {.engines = [this] { return std::vector{status_}; },
                    .end_of = [this](const TopicPartition& lane) { return ends_.at(lane); },
                    .readable = [this](const TopicPartition& lane,
                                       std::int64_t) { return !unreadable_.contains(lane); },
                    .recreate = [this] { ++recreations_; },
                    .metrics = metrics_,
                    .log = log_,
                    .clock = clock_}};
};

TEST_F(LaneWatchTest, IdleLanesAreNotStuck) {
  pass(10min);
  EXPECT_THAT(watch_.stuck(), IsEmpty());
  EXPECT_EQ(recreations_, 0);
}

TEST_F(LaneWatchTest, LagWithoutProgressIsStuckAfterItsTimeAndTheConsumerIsMadeAnew) {
  pass(10min);
  ends_[lane(1)] = 101;
  pass(60s);
  EXPECT_THAT(watch_.stuck(), IsEmpty());
  pass(15s);
  EXPECT_THAT(watch_.stuck(), ElementsAre(lane(1)));
  EXPECT_EQ(recreations_, 1);
  EXPECT_NE(metrics_.expose().find("pawl_lanes_stuck{consumer=\"ledger\"} 1"), std::string::npos);
}

TEST_F(LaneWatchTest, APausedLaneIsNotStuckUntilItIsResumed) {
  ends_[lane(1)] = 101;
  status(1).paused = true;
  pass(10min);
  EXPECT_THAT(watch_.stuck(), IsEmpty());
  status(1).paused = false;
  pass(75s);
  EXPECT_THAT(watch_.stuck(), ElementsAre(lane(1)));
}

TEST_F(LaneWatchTest, ALaneThatMovesIsNotStuckHoweverFarBehind) {
  ends_[lane(0)] = 1'000'000;
  for (int i = 0; i < 60; ++i) {
    pass(15s);
    ++status(0).next_offset;
  }
  EXPECT_THAT(watch_.stuck(), IsEmpty());
}

TEST_F(LaneWatchTest, OnceItMovesItIsWell) {
  ends_[lane(0)] = 200;
  pass(75s);
  ASSERT_THAT(watch_.stuck(), ElementsAre(lane(0)));
  status(0).next_offset = 150;
  pass(15s);
  EXPECT_THAT(watch_.stuck(), IsEmpty());
}

TEST_F(LaneWatchTest, WhoWaitsForARetryIsExcused) {
  ends_[lane(0)] = 200;
  status(0).waiting = true;
  pass(10min);
  EXPECT_THAT(watch_.stuck(), IsEmpty());
  status(0).waiting = false;
  pass(45s);
  EXPECT_THAT(watch_.stuck(), IsEmpty()) << "its time begins now";
}

TEST_F(LaneWatchTest, WhoHasNoDatabaseOrBrokerIsExcused) {
  ends_[lane(0)] = 200;
  status_.away = "connection refused";
  pass(10min);
  EXPECT_THAT(watch_.stuck(), IsEmpty());
  status_.away.reset();
  ends_[lane(0)] = -1;
  pass(10min);
  EXPECT_THAT(watch_.stuck(), IsEmpty());
}

TEST_F(LaneWatchTest, ALaneThatNeedsAPersonSaysSoItself) {
  ends_[lane(0)] = 200;
  status(0).stopped = "offset out of range";
  pass(10min);
  EXPECT_THAT(watch_.stuck(), IsEmpty());
}

// A transaction's mark is an offset, and so is what was compacted away.
TEST_F(LaneWatchTest, AnEndBehindWhichNothingCanBeReadIsNoLag) {
  ends_[lane(0)] = 101;
  unreadable_.insert(lane(0));
  pass(10min);
  EXPECT_THAT(watch_.stuck(), IsEmpty());
  EXPECT_EQ(recreations_, 0);
}

TEST_F(LaneWatchTest, ALaneThatHoldsItsRecordsIsStuckAndNoConsumerHelps) {
  ends_[lane(0)] = 200;
  status(0).holding = true;
  pass(10min);
  EXPECT_THAT(watch_.stuck(), ElementsAre(lane(0)));
  EXPECT_EQ(recreations_, 0);
}

TEST_F(LaneWatchTest, RecreationsHaveGrowingPauses) {
  ends_[lane(0)] = 200;
  pass(60s + 15s);
  EXPECT_EQ(recreations_, 1);
  pass(60s);
  EXPECT_EQ(recreations_, 2);
  pass(2min);
  EXPECT_EQ(recreations_, 3);
  pass(4min);
  EXPECT_EQ(recreations_, 4);
  pass(24h);
  EXPECT_LE(recreations_, 4 + 24 * 4 + 1) << "at least a quarter of an hour apart in the end";
}

TEST_F(LaneWatchTest, AnotherTimeBeginsFromTheFront) {
  ends_[lane(0)] = 200;
  pass(10min);
  status(0).next_offset = 200;
  pass(1h);
  const int before = recreations_;
  ends_[lane(0)] = 300;
  pass(75s + 60s);
  EXPECT_EQ(recreations_, before + 2);
}

TEST_F(LaneWatchTest, AProcessThatWasStoppedSuspectsNobody) {
  ends_[lane(0)] = 200;
  pass(15s);
  clock_.pass(1h);
  watch_.look();
  EXPECT_THAT(watch_.stuck(), IsEmpty());
}

TEST_F(LaneWatchTest, LanesThatWereGivenUpAreForgotten) {
  ends_[lane(0)] = 200;
  pass(75s);
  ASSERT_THAT(watch_.stuck(), ElementsAre(lane(0)));
  status_.lanes.clear();
  pass(15s);
  EXPECT_THAT(watch_.stuck(), IsEmpty());
}

}  // namespace
}  // namespace pawl::test
