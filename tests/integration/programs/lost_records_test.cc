// Records that should be read are not on the broker any more: their lane stops and says so, nothing
// is skipped, all other lanes go on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "crash/ledger_process.h"
#include "crash/world.h"
#include "pawl/kafka/admin.h"
#include "support/eventually.h"
#include "support/kafka_requests.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class LostRecordsTest : public testing::Test {
 protected:
  void start() { ledger_ = world_.start_ledger(); }
  void stop() {
    ledger_->signal(SIGTERM);
    ASSERT_EQ(ledger_->wait(), 0) << ledger_->describe();
    EXPECT_FALSE(says(*ledger_, "shutdown.deadline")) << ledger_->describe();
  }
  [[nodiscard]] const std::string& topic() const { return world_.sources().commands_topic; }
  [[nodiscard]] const std::string& brokers() const { return world_.sources().brokers; }
  std::int64_t position(std::int32_t partition) {
    return world_.database().number(
        "SELECT next_offset FROM pawl.consumer_position WHERE partition = " +
        std::to_string(partition));
  }
  void set_position(std::int32_t partition, std::int64_t offset) {
    world_.database().execute(
        "UPDATE pawl.consumer_position SET next_offset = " + std::to_string(offset) +
        " WHERE partition = " + std::to_string(partition));
  }
  std::int64_t end(std::int32_t partition) {
    kafka::Admin admin{{.brokers = brokers()}};
    return admin.watermarks(topic()).at(static_cast<std::size_t>(partition)).high;
  }
  testing::AssertionResult others_are_done(std::int32_t stopped) {
    return eventually("the other lanes are done", [&] {
      for (std::int32_t partition = 0; partition < kPartitions; ++partition) {
        if (partition != stopped && position(partition) < end(partition)) return false;
      }
      return true;
    });
  }
  /// What operators see of a lane that waits for them.
  void expect_told(std::int32_t partition) {
    const std::string log = ledger_->errors();
    EXPECT_THAT(log, HasSubstr("lane stopped"));
    EXPECT_THAT(log, HasSubstr("cannot read topic=" + topic()));
    EXPECT_THAT(log, HasSubstr("pawl.consumer_position"));
    EXPECT_THAT(page(*ledger_, "/healthz/ready"),
                AllOf(HasSubstr("HTTP/1.1 503"), HasSubstr("/" + std::to_string(partition))));
    EXPECT_TRUE(is_alive(*ledger_));
    EXPECT_EQ(metric(*ledger_, "pawl_lanes_stopped"), 1);
  }

  static constexpr std::int32_t kPartitions = 4;
  World world_{{.partitions = kPartitions, .member = "worker"}};
  std::unique_ptr<Process> ledger_;
};

// As after the broker lost the end of its log: what the position says was never there. Set right by
// the operator, as the message says, nothing is missing.
TEST_F(LostRecordsTest, AnOffsetBeyondTheEndStopsItsLaneUntilThePositionIsSet) {
  world_.produce(1'000);
  start();
  ASSERT_TRUE(world_.drains()) << ledger_->describe();
  stop();
  const std::int64_t right = position(0);
  set_position(0, right + 10'000);
  world_.produce(1'000);
  start();
  ASSERT_TRUE(others_are_done(0)) << ledger_->describe();
  ASSERT_TRUE(eventually("it says so", [&] { return says(*ledger_, "lane stopped"); }))
      << ledger_->describe();
  expect_told(0);
  EXPECT_EQ(position(0), right + 10'000);
  stop();
  set_position(0, right);
  start();
  ASSERT_TRUE(world_.drains()) << ledger_->describe();
  EXPECT_TRUE(eventually("it is ready", [&] { return is_ready(*ledger_); }))
      << page(*ledger_, "/healthz/ready");
  EXPECT_TRUE(world_.holds_and_gave_nothing_up());
}

TEST_F(LostRecordsTest, RecordsThatRetentionTookStopTheirLane) {
  world_.produce(2'000);
  delete_records(brokers(), topic(), 1, end(1) - 10);
  world_.database().execute(  // the lane was known before, so its beginning is not where it starts
      "INSERT INTO pawl.consumer (name) VALUES ('" + world_.sources().consumer + "')");
  world_.database().execute(
      "INSERT INTO pawl.consumer_position (consumer, topic, partition, epoch, start_offset, "
      "next_offset) SELECT id, '" +
      topic() + "', p, 0, 0, 0 FROM pawl.consumer, generate_series(0, 3) AS p");
  start();
  ASSERT_TRUE(others_are_done(1)) << ledger_->describe();
  ASSERT_TRUE(eventually("it says so", [&] { return says(*ledger_, "lane stopped"); }))
      << ledger_->describe();
  expect_told(1);
  EXPECT_EQ(position(1), 0);
}

TEST_F(LostRecordsTest, ATopicDeletedAndMadeAnewStopsItsLanesAndMovesNone) {
  world_.produce(1'000);
  start();
  ASSERT_TRUE(world_.drains()) << ledger_->describe();
  ASSERT_TRUE(eventually("it is ready", [&] { return is_ready(*ledger_); }))
      << page(*ledger_, "/healthz/ready");
  const std::int64_t before = position(0);
  delete_topic(brokers(), topic());
  ASSERT_TRUE(eventually("it is not ready", [&] { return !is_ready(*ledger_); }))
      << ledger_->describe();
  ASSERT_TRUE(eventually("it says why", [&] { return says(*ledger_, "was deleted"); }))
      << ledger_->describe();
  kafka::Admin admin{{.brokers = brokers()}};
  ASSERT_TRUE(eventually("the topic is made anew", [&] {
    try {
      return admin.create_topic({topic(), kPartitions, 1, {}});
    } catch (const Failure&) {
      return false;  // still being deleted
    }
  }));
  stop();
  start();
  ASSERT_TRUE(eventually("all lanes have stopped", [&] {
    return metric(*ledger_, "pawl_lanes_stopped") == kPartitions;
  })) << ledger_->describe();
  EXPECT_FALSE(is_ready(*ledger_));
  EXPECT_EQ(position(0), before);
}

}  // namespace
}  // namespace pawl::test
