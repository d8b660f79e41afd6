// A lane whose records do not come any more, on a real broker: the watch sees it, and a new
// consumer brings them.
#include "pawl/consumer/broker_view.h"
#include "pawl/consumer/lane_watch.h"
#include "pawl/consumer/periodic_thread.h"
#include "support/eventually.h"
#include "support/kafka_server.h"
#include "support/seed.h"
#include "unit/kafka/kafka_fixture.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

class StuckLaneTest : public testing::Test {
 protected:
  static std::string new_topic() {
    std::string topic = unique_name("commands");
    shared_kafka().create_topic(topic, 2);
    return topic;
  }
  [[nodiscard]] TopicPartition lane(std::int32_t partition) const { return {topic_, partition}; }
  engine::Status status() {
    engine::Status status;
    for (int p = 0; p < 2; ++p) {
      status.lanes.push_back(
          {.lane = lane(p), .next_offset = positions_.next(lane(p)), .stopped = {}});
    }
    return status;
  }
  std::string metric(const std::string& name) {
    const std::string page = metrics_.expose();
    const auto begin = page.find("\n" + name);
    return begin == std::string::npos
               ? ""
               : page.substr(begin + 1, page.find('\n', begin + 1) - begin - 1);
  }

  std::string brokers_ = shared_kafka().bootstrap();
  std::string topic_ = new_topic();
  Positions positions_;
  SystemClock clock_;
  observe::Metrics metrics_{clock_};
  observe::Log log_{clock_, {.level = LogLevel::error}};
  Worker worker_{group_at(brokers_, topic_ + "-group", topic_), positions_};
  BrokerView broker_{kafka_at(brokers_), clock_};
  LaneWatch watch_{
      "ledger",
      1s,
      {.engines = [this] { return std::vector{status()}; },
       .end_of = [this](const TopicPartition& lane) { return broker_.end_of(lane); },
       .readable = [this](const TopicPartition& lane,
                          std::int64_t offset) { return broker_.readable(lane, offset); },
       .recreate = [this] { worker_.intake.recreate(); },
       .metrics = metrics_,
       .log = log_,
       .clock = clock_}};
};

TEST_F(StuckLaneTest, IsReadOnByANewConsumer) {
  produce(brokers_, topic_, 2, 10);
  LaneReader& reader = worker_.reader();
  ASSERT_TRUE(reader.read_until([&] { return reader.seen_in_all() == 20; }));
  PeriodicThread looking{"pawl lanes", watch_.period(), [this] { watch_.look(); }};
  looking.start();
  reader.neglect(lane(0));
  produce(brokers_, topic_, 2, 10);
  EXPECT_TRUE(reader.read_until([&] { return reader.seen_in_all() >= 40; }));
  for (int p = 0; p < 2; ++p) EXPECT_EQ(reader.seen(lane(p)), offsets(0, 20));
  EXPECT_TRUE(eventually("it is well", [&] { return watch_.stuck().empty(); }));
  EXPECT_EQ(metric("pawl_consumer_recreations_total"),
            "pawl_consumer_recreations_total{consumer=\"ledger\"} 1");
}

TEST_F(StuckLaneTest, WhatIsBehindTheLastRecordIsAskedOfTheBroker) {
  EXPECT_EQ(broker_.end_of(lane(1)), 0);
  EXPECT_FALSE(broker_.readable(lane(1), 0));
  produce(brokers_, topic_, 2, 3);
  EXPECT_TRUE(eventually("the end has moved", [&] { return broker_.end_of(lane(1)) == 3; }));
  EXPECT_TRUE(broker_.readable(lane(1), 2));
  EXPECT_FALSE(broker_.readable(lane(1), 3));
  EXPECT_EQ(broker_.end_of({topic_, 7}), -1);
}

}  // namespace
}  // namespace pawl::test
