#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pawl/engine/lane.h"

namespace pawl::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

// Hands out numbered records of 10 bytes.
class NumberSource final : public LaneSource {
 public:
  explicit NumberSource(std::deque<std::int64_t>& waiting) : waiting_(waiting) {}
  void take(std::vector<Record>& into, std::size_t records_max, std::size_t bytes_max) override {
    for (std::size_t bytes = 0; records_max > 0 && bytes < bytes_max && !waiting_.empty();
         --records_max) {
      if (waiting_.front() < 0) throw Failure(Remedy::give_up, "gone", "the topic is gone");
      Record record;
      record.offset = waiting_.front();
      record.value = "0123456789";
      record.bytes = record.value->size();
      record.timestamp = WallTime{std::chrono::milliseconds{record.offset}};
      bytes += record.bytes;
      into.push_back(std::move(record));
      waiting_.pop_front();
    }
  }

 private:
  std::deque<std::int64_t>& waiting_;
};

class LaneTest : public testing::Test {
 protected:
  std::vector<Pending> take(std::size_t records = 100,
                            std::size_t bytes = 1000,
                            bool for_lone = true) {
    std::vector<Pending> taken;
    lane_.take(taken, {records, bytes, for_lone}, now_);
    return taken;
  }
  static std::vector<std::int64_t> offsets(const std::vector<Pending>& taken) {
    std::vector<std::int64_t> offsets;
    for (const Pending& each : taken) offsets.push_back(each.record.offset);
    return offsets;
  }
  void give_back_all(std::vector<Pending> taken) {
    for (Pending& each : taken) lane_.give_back(std::move(each));
  }

  std::deque<std::int64_t> waiting_{5, 6, 7, 8, 9};
  SteadyTime now_{1h};
  Lane lane_{{"topic", 3}, 5, 2, std::make_unique<NumberSource>(waiting_)};
};

TEST_F(LaneTest, TakesWhatThereIsRoomFor) {
  EXPECT_THAT(offsets(take(2)), ElementsAre(5, 6));
  EXPECT_THAT(offsets(take(100, 15)), ElementsAre(7, 8));
  EXPECT_THAT(offsets(take()), ElementsAre(9));
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(LaneTest, WhatComesBackGoesFirstInTopicOrder) {
  std::vector<Pending> taken = take(4);
  std::ranges::reverse(taken);
  give_back_all(std::move(taken));
  EXPECT_THAT(offsets(take()), ElementsAre(5, 6, 7, 8, 9));
}

TEST_F(LaneTest, NothingOvertakesWhatCameBack) {
  std::vector<Pending> taken = take(2);
  EXPECT_FALSE(lane_.waits_before(6));
  lane_.give_back(std::move(taken[0]));
  EXPECT_TRUE(lane_.waits_before(6));
  EXPECT_FALSE(lane_.waits_before(5));
  EXPECT_THAT(offsets(take(1)), ElementsAre(5));
}

TEST_F(LaneTest, AttemptsComeBackToo) {
  std::vector<Pending> taken = take(1);
  taken[0].attempts = 3;
  give_back_all(std::move(taken));
  EXPECT_EQ(take(1)[0].attempts, 3);
}

TEST_F(LaneTest, ALoneCommandComesAlone) {
  std::vector<Pending> taken = take(3);
  taken[1].alone = true;
  give_back_all(std::move(taken));
  EXPECT_THAT(offsets(take()), ElementsAre(5));
  EXPECT_THAT(take(100, 1000, false), IsEmpty());
  EXPECT_THAT(offsets(take()), ElementsAre(6));
  EXPECT_THAT(offsets(take()), ElementsAre(7, 8, 9));
}

TEST_F(LaneTest, NothingLeavesWhileItWaits) {
  lane_.block_until(now_ + 10s);
  EXPECT_THAT(take(), IsEmpty());
  now_ += 10s;
  EXPECT_THAT(offsets(take(1)), ElementsAre(5));
}

TEST_F(LaneTest, NothingLeavesALostLane) {
  lane_.set_lost(true);
  EXPECT_THAT(take(), IsEmpty());
  lane_.peek(now_);
  EXPECT_FALSE(lane_.oldest());
  lane_.set_lost(false);
  EXPECT_THAT(offsets(take(1)), ElementsAre(5));
}

TEST_F(LaneTest, PeekingShowsTheOldestOnce) {
  EXPECT_FALSE(lane_.oldest());
  lane_.peek(now_);
  lane_.peek(now_);
  EXPECT_EQ(lane_.oldest(), WallTime{5ms});
  EXPECT_EQ(waiting_.size(), 4U);
  EXPECT_THAT(offsets(take()), ElementsAre(5, 6, 7, 8, 9));
}

TEST_F(LaneTest, LateDeliveriesFromBeforeAreDropped) {
  waiting_ = {3, 4, 5, 6};
  EXPECT_THAT(offsets(take()), ElementsAre(5, 6));
  waiting_ = {5, 6, 7};
  EXPECT_THAT(offsets(take()), ElementsAre(7));
}

TEST_F(LaneTest, APartitionThatCannotBeReadIsStopped) {
  waiting_ = {5, -1};
  EXPECT_THAT(offsets(take()), ElementsAre(5));
  EXPECT_EQ(lane_.stopped(), "the topic is gone");
  waiting_ = {6};
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(LaneTest, ThePositionGoesAheadAndSettles) {
  lane_.advance(7);
  lane_.advance(9);
  EXPECT_EQ(lane_.next_offset(), 9);
  EXPECT_EQ(lane_.commits(), 4);
  EXPECT_EQ(lane_.settled_offset(), 5);
  lane_.settle(7);
  EXPECT_EQ(lane_.settled_offset(), 7);
  lane_.rewind();
  EXPECT_EQ(lane_.next_offset(), 7);
  EXPECT_EQ(lane_.commits(), 3);
}

// The database knew better: what we held for undone is in.
TEST_F(LaneTest, ARestartDropsWhatIsIn) {
  give_back_all(take(4));
  lane_.restart(7, 10);
  EXPECT_EQ(lane_.next_offset(), 7);
  EXPECT_EQ(lane_.commits(), 10);
  EXPECT_THAT(offsets(take()), ElementsAre(7, 8, 9));
}

TEST_F(LaneTest, ARestartFurtherOnSkipsWhatOthersDid) {
  lane_.restart(8, 10);
  EXPECT_THAT(offsets(take()), ElementsAre(8, 9));
}

}  // namespace
}  // namespace pawl::engine
