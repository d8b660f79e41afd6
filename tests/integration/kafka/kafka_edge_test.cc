// The Kafka edge against a real broker: what the mock cluster cannot show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pawl/kafka/admin.h"
#include "pawl/kafka/publisher.h"
#include "pawl/kafka/record_reader.h"
#include "support/eventually.h"
#include "support/kafka_server.h"
#include "support/kept.h"
#include "support/seed.h"
#include "unit/kafka/kafka_fixture.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class KafkaEdgeTest : public testing::Test {
 protected:
  KafkaEdgeTest() : brokers{shared_kafka().bootstrap()}, topic{unique_name("commands")} {}

  void create(int partitions, std::map<std::string, std::string> configs = {}) {
    kafka::Admin admin{{.brokers = brokers}};
    ASSERT_TRUE(admin.create_topic({topic, partitions, 1, std::move(configs)}));
  }
  kafka::LaneIntakeSettings settings() {
    auto made = group_at(brokers, topic + "-group", topic);
    made.on_failure = [this](const Failure& failure) {
      const std::lock_guard lock{mutex};
      failures.push_back(failure.what());
    };
    return made;
  }
  TopicPartition lane(std::int32_t partition) { return {topic, partition}; }

  std::string brokers;
  std::string topic;
  Positions positions;
  std::mutex mutex;
  std::vector<std::string> failures;
};

TEST_F(KafkaEdgeTest, TopicsAreMadeOnceAndDescribed) {
  kafka::Admin admin{{.brokers = brokers}};
  EXPECT_FALSE(admin.describe(topic).exists);
  EXPECT_FALSE(admin.describe(topic).exists);  // asking did not make it
  create(3, {{"retention.ms", "3600000"}});
  EXPECT_FALSE(admin.create_topic({topic, 3, 1, {}}));
  EXPECT_TRUE(eventually("the topic is known", [&] { return admin.describe(topic).exists; }));
  const auto description = admin.describe(topic, true);
  EXPECT_EQ(description.partitions, 3);
  EXPECT_EQ(description.retention, 1h);
  produce(brokers, topic, 2, 5);
  const auto marks = admin.watermarks(topic);
  ASSERT_EQ(marks.size(), 3U);
  EXPECT_EQ(marks[1].high, 5);
  EXPECT_EQ(marks[2].high, 0);
}

TEST_F(KafkaEdgeTest, AMissingTopicIsRefusedAtStartWithWhatToRun) {
  kafka::LaneIntake intake{settings()};
  try {
    intake.start(std::span<engine::LaneOwner* const>{});
    FAIL() << "started";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.remedy(), Remedy::give_up);
    EXPECT_THAT(failure.what(), HasSubstr(topic));
    EXPECT_THAT(failure.what(), HasSubstr("pawl topics create"));
  }
}

TEST_F(KafkaEdgeTest, ARefusedTopicSaysWhy) {
  kafka::Admin admin{{.brokers = brokers}};
  try {
    admin.create_topic({topic, 1, 5, {}});
    FAIL() << "one broker holds five replicas";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), "INVALID_REPLICATION_FACTOR");
    EXPECT_THAT(failure.what(), HasSubstr(topic));
  }
}

TEST_F(KafkaEdgeTest, SmallPrefetchLimitsNeverLoseOrRepeatARecord) {
  create(4);
  produce(brokers, topic, 4, 20'000, 100);
  auto small = settings();
  small.memory_bytes =
      1U << 20U;  // far less than what waits: fetching stops and goes on all the time
  Worker worker{small, positions};
  LaneReader& reader = worker.reader();
  ASSERT_TRUE(reader.hold_until([&] { return reader.wakes() >= 4; }));  // full
  ASSERT_TRUE(reader.read_until([&] { return reader.seen_in_all() >= 80'000; }));
  for (int p = 0; p < 4; ++p) EXPECT_EQ(reader.seen(lane(p)), offsets(0, 20'000));
  EXPECT_EQ(worker.intake.end_offset(lane(3)), 20'000);
  const std::lock_guard lock{mutex};
  EXPECT_TRUE(failures.empty()) << failures[0];  // nothing came outside the lanes' queues
}

TEST_F(KafkaEdgeTest, WorkersComeAndGoAndNoRecordIsLost) {
  create(4);
  produce(brokers, topic, 4, 1'000);
  Worker first{settings(), positions};
  ASSERT_TRUE(first.reader().read_until([&] { return first.reader().seen_in_all() == 4'000; }));
  std::size_t by_second = 0;
  {
    Worker second{settings(), positions};
    std::atomic<bool> both = false;
    std::thread other{[&] {
      second.reader().hold_until([&] { return second.reader().lanes().size() == 2; });
      both = true;
      second.reader().read_until([&] { return second.reader().seen_in_all() == 2'000; });
    }};
    EXPECT_TRUE(
        first.reader().hold_until([&] { return both && first.reader().lanes().size() == 2; }));
    produce(brokers, topic, 4, 1'000);
    EXPECT_TRUE(first.reader().read_until([&] { return first.reader().seen_in_all() == 6'000; }));
    other.join();
    by_second = second.reader().seen_in_all();
  }
  produce(brokers, topic, 4, 1'000);
  EXPECT_TRUE(first.reader().read_until([&] { return first.reader().seen_in_all() >= 10'000; }));
  EXPECT_EQ(first.reader().seen_in_all() + by_second, 12'000U);
  EXPECT_EQ(first.reader().lanes().size(), 4U);
}

TEST_F(KafkaEdgeTest, AnOffsetBeyondTheEndFailsTheLaneOnly) {
  create(2);
  produce(brokers, topic, 2, 10);
  positions.set(lane(1), 11);  // as after the topic was recreated
  Worker worker{settings(), positions};
  LaneReader& reader = worker.reader();
  ASSERT_TRUE(
      reader.read_until([&] { return reader.seen_in_all() == 10 && !reader.failures().empty(); }));
  EXPECT_EQ(reader.failures()[0].remedy(), Remedy::give_up);
  EXPECT_THAT(reader.failures()[0].what(), HasSubstr("partition=1 offset=11"));
  EXPECT_TRUE(reader.seen(lane(1)).empty());
}

TEST_F(KafkaEdgeTest, ReportsAreVisibleToLagToolsOnly) {
  create(1);
  produce(brokers, topic, 1, 10);
  {
    Worker worker{settings(), positions};
    LaneReader& reader = worker.reader();
    ASSERT_TRUE(reader.read_until([&] { return reader.seen_in_all() == 10; }));
    const engine::LaneStart next[]{{lane(0), 10}};
    worker.intake.report(next);
  }
  positions.set(lane(0), 4);  // what the database says counts
  Worker worker{settings(), positions};
  LaneReader& reader = worker.reader();
  ASSERT_TRUE(reader.read_until([&] { return reader.seen_in_all() == 6; }));
  EXPECT_EQ(reader.seen(lane(0)), offsets(4, 6));
}

TEST_F(KafkaEdgeTest, PublishedRowsLandWhereJavaClientsPutThem) {
  create(8);
  kafka::Publisher publisher{{.kafka = {.brokers = brokers}}};
  std::vector<relay::Delivery> delivered;
  for (std::uint64_t i = 0; i < 16; ++i) {
    OutboxRow row{.topic = topic, .key = kept(std::to_string(i))};
    row.payload = "p";
    ASSERT_TRUE(publisher.publish(row, i));
  }
  ASSERT_TRUE(eventually("all are answered", [&] {
    publisher.deliveries(delivered, 100ms);
    return delivered.size() == 16;
  }));
  kafka::RecordReader reader{{.brokers = brokers}, topic};
  std::map<std::string, std::int32_t> where;
  while (!reader.at_end()) {
    if (auto record = reader.poll(1s)) where[std::string(*record->key)] = record->partition;
  }
  // What Kafka's own Utils.toPositive(Utils.murmur2(key)) % 8 answers for them.
  const std::map<std::string, std::int32_t> java{{"0", 4},
                                                 {"1", 7},
                                                 {"2", 0},
                                                 {"3", 7},
                                                 {"4", 1},
                                                 {"5", 6},
                                                 {"6", 6},
                                                 {"7", 3},
                                                 {"8", 3},
                                                 {"9", 3},
                                                 {"10", 6},
                                                 {"11", 0},
                                                 {"12", 6},
                                                 {"13", 7},
                                                 {"14", 7},
                                                 {"15", 6}};
  EXPECT_EQ(where, java);
}

TEST_F(KafkaEdgeTest, ATopicThatDoesNotExistHoldsOnlyItsOwnRows) {
  create(1);
  auto settings = kafka::ProducerSettings{.kafka = {.brokers = brokers}};
  settings.kafka.properties["topic.metadata.propagation.max.ms"] = "500";
  kafka::Publisher publisher{settings};
  OutboxRow lost{.topic = kept(topic + ".missing"), .key = "k", .payload = "p"};
  OutboxRow fine{.topic = topic, .key = "k", .payload = "p"};
  ASSERT_TRUE(publisher.publish(lost, 1));
  ASSERT_TRUE(publisher.publish(fine, 2));
  std::vector<relay::Delivery> delivered;
  ASSERT_TRUE(eventually("both are answered", [&] {
    publisher.deliveries(delivered, 100ms);
    return delivered.size() == 2;
  }));
  for (const auto& delivery : delivered) {
    EXPECT_EQ(delivery.failure.has_value(), delivery.tag == 1);
    if (delivery.failure) {
      EXPECT_EQ(delivery.failure->remedy(), Remedy::give_up) << delivery.failure->what();
      EXPECT_THAT(delivery.failure->what(), HasSubstr(topic + ".missing"));
    }
  }
}

// The broker refuses the whole request; only alone it is known who is too large.
TEST_F(KafkaEdgeTest, ARowThatIsTooLargeIsGivenUpOnAloneOnly) {
  shared_kafka().create_topic(topic, 1, {{"max.message.bytes", "5000"}});
  auto settings = kafka::ProducerSettings{.kafka = {.brokers = brokers}};
  settings.linger = 200ms;  // all into one request
  kafka::Publisher publisher{settings};
  const std::string large(10'000, 'x');
  std::map<std::uint64_t, std::optional<Remedy>> answers;
  const auto collect = [&](std::size_t count) {
    answers.clear();
    return eventually("all are answered", [&] {
      std::vector<relay::Delivery> delivered;
      publisher.deliveries(delivered, 100ms);
      for (const auto& [tag, failure] : delivered) {
        answers[tag] = failure ? std::optional{failure->remedy()} : std::nullopt;
      }
      return answers.size() == count;
    });
  };
  const auto row = [&](std::uint64_t tag) {
    return OutboxRow{.topic = topic, .key = "k", .payload = tag == 2 ? large : "small"};
  };
  for (const std::uint64_t tag : {1, 2, 3}) ASSERT_TRUE(publisher.publish(row(tag), tag));
  ASSERT_TRUE(collect(3));
  EXPECT_EQ(answers[1], Remedy::retry_later) << "refused beside a large one";
  EXPECT_EQ(answers[2], Remedy::retry_later) << "nobody knows yet";
  for (const std::uint64_t tag : {1, 2, 3}) ASSERT_TRUE(publisher.publish_alone(row(tag), tag));
  ASSERT_TRUE(collect(3));
  EXPECT_EQ(answers[1], std::nullopt);
  EXPECT_EQ(answers[2], Remedy::give_up);
  EXPECT_EQ(answers[3], std::nullopt);
}

TEST_F(KafkaEdgeTest, LanesGoOnAfterTheBrokerWasAway) {
  KafkaServer broker;
  broker.start();
  brokers = broker.bootstrap();
  create(2);
  produce(brokers, topic, 2, 100);
  Worker worker{settings(), positions};
  LaneReader& reader = worker.reader();
  ASSERT_TRUE(reader.read_until([&] { return reader.seen_in_all() == 200; }));
  broker.kill();
  ASSERT_TRUE(reader.hold_until([&] { return !worker.intake.reachable(); }));
  broker.start();
  produce(brokers, topic, 2, 100);
  ASSERT_TRUE(reader.read_until([&] { return reader.seen_in_all() >= 400; }, 60s));
  for (int p = 0; p < 2; ++p) EXPECT_EQ(reader.seen(lane(p)), offsets(0, 200));
  EXPECT_TRUE(reader.hold_until([&] { return worker.intake.reachable(); }));
  EXPECT_TRUE(reader.failures().empty());
}

}  // namespace
}  // namespace pawl::test
