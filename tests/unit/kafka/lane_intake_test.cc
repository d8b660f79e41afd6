// The intake against the mock cluster: lanes come and go, nothing is lost, nothing comes twice, no
// wake is missed.
#include "pawl/kafka/lane_intake.h"

#include <thread>

#include "pawl/kafka/mock_cluster.h"
#include "unit/kafka/kafka_fixture.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* kTopic = "ledger.commands";

class LaneIntakeTest : public testing::Test {
 protected:
  LaneIntakeTest() { cluster.create_topic(kTopic, 4); }
  ~LaneIntakeTest() override {
    if (!HasFailure()) return;
    for (const std::string& line : log) ADD_FAILURE() << "librdkafka: " << line;
    for (const std::string& failure : failures) ADD_FAILURE() << "intake: " << failure;
  }

  kafka::LaneIntakeSettings settings() {
    auto made = group_at(cluster.bootstrap(), "ledger", kTopic);
    made.on_failure = [this](const Failure& failure) {
      const std::lock_guard lock{mutex};
      failures.push_back(failure.what());
    };
    made.kafka.log = [this](int, std::string_view facility, std::string_view text) {
      const std::lock_guard lock{mutex};
      log.push_back(std::string(facility) + " " + std::string(text));
    };
    return made;
  }
  static TopicPartition lane(std::int32_t partition) { return {kTopic, partition}; }

  std::mutex mutex;
  std::vector<std::string> failures;
  std::vector<std::string> log;  // shown when a test fails
  Positions positions;
  kafka::MockCluster cluster;
};

TEST_F(LaneIntakeTest, EveryRecordOfEveryLaneComesOnceAndInOrder) {
  produce(cluster.bootstrap(), kTopic, 4, 1'000);
  Worker worker{settings(), positions};
  LaneReader& reader = worker.reader();
  ASSERT_TRUE(reader.read_until([&] { return reader.seen_in_all() >= 4'000; }));
  for (int p = 0; p < 4; ++p) EXPECT_EQ(reader.seen(lane(p)), offsets(0, 1'000));
  EXPECT_EQ(worker.intake.end_offset(lane(0)), 1'000);
  worker.leave();
  EXPECT_TRUE(reader.lanes().empty());
  EXPECT_TRUE(worker.intake.lanes().empty());
}

TEST_F(LaneIntakeTest, LanesAreDividedAmongOwnersByPartition) {
  produce(cluster.bootstrap(), kTopic, 4, 10);
  Worker worker{settings(), positions, 2};
  LaneReader& even = worker.reader(0);
  LaneReader& odd = worker.reader(1);
  ASSERT_TRUE(even.hold_until([&] { return even.lanes().size() == 2; }));
  // The second owner has not answered: nothing is fetched for the first either.
  EXPECT_EQ(even.seen_in_all(), 0U);
  ASSERT_TRUE(odd.hold_until([&] { return odd.lanes().size() == 2; }));
  EXPECT_TRUE(even.read_until([&] { return even.seen_in_all() == 20; }));
  EXPECT_TRUE(odd.read_until([&] { return odd.seen_in_all() == 20; }));
  EXPECT_EQ(even.lanes(), (std::set{lane(0), lane(2)}));
  EXPECT_EQ(odd.lanes(), (std::set{lane(1), lane(3)}));
}

TEST_F(LaneIntakeTest, StartsAtTheGivenOffsets) {
  produce(cluster.bootstrap(), kTopic, 4, 100);
  for (int p = 0; p < 4; ++p) positions.set(lane(p), 90 + p);
  Worker worker{settings(), positions};
  LaneReader& reader = worker.reader();
  ASSERT_TRUE(reader.read_until([&] { return reader.seen_in_all() >= 34; }));
  EXPECT_EQ(reader.seen(lane(0)), offsets(90, 10));
  EXPECT_EQ(reader.seen(lane(3)), offsets(93, 7));
}

TEST_F(LaneIntakeTest, ARecordKeepsKeyValueHeadersAndTimeAsTheyWere) {
  {
    kafka::RecordProducer producer{{.kafka = {.brokers = cluster.bootstrap()}}};
    const std::vector<Header> headers{{"ce_type", "t"}, {"empty", ""}, {"null", std::nullopt}};
    producer.produce({.topic = kTopic,
                      .partition = 0,
                      .key = "key",
                      .value = "value",
                      .headers = headers,
                      .timestamp = WallTime{1'700'000'000'123ms}});
    producer.produce({.topic = kTopic, .partition = 0, .key = "", .value = ""});
    producer.produce({.topic = kTopic, .partition = 0});
    ASSERT_TRUE(producer.flush(10s));
  }
  Worker worker{settings(), positions};
  LaneReader& reader = worker.reader();
  reader.keep_records();
  ASSERT_TRUE(reader.read_until([&] { return reader.seen_in_all() == 3; }));
  const auto& records = reader.kept();
  EXPECT_EQ(records[0].key, "key");
  EXPECT_EQ(records[0].value, "value");
  EXPECT_EQ(records[0].timestamp, WallTime{1'700'000'000'123ms});
  EXPECT_EQ(records[0].header_at(1)->name, "empty");
  EXPECT_FALSE(records[0].header_at(3));
  EXPECT_EQ(records[0].bytes, 3U + 5 + 8 + 5 + 4);
  EXPECT_EQ(records[0].header("ce_type")->value, "t");
  EXPECT_EQ(records[0].header("empty")->value, "");
  EXPECT_EQ(records[0].header("null")->value, std::nullopt);
  EXPECT_EQ(records[1].key, "");
  EXPECT_FALSE(records[1].header_at(0));
  EXPECT_EQ(records[1].bytes, 0U);
  EXPECT_EQ(records[2].key, std::nullopt);
  EXPECT_EQ(records[2].value, std::nullopt);
  reader.kept().clear();
}

TEST_F(LaneIntakeTest, ALaneThatStoppedReadingGoesOnWithoutLossAndWithoutAWake) {
  auto small = settings();
  small.kafka.properties["queued.min.messages"] = "100";
  small.kafka.properties["fetch.message.max.bytes"] = "4096";
  Worker worker{small, positions};
  LaneReader& reader = worker.reader();
  ASSERT_TRUE(reader.hold_until([&] { return reader.lanes().size() == 4; }));
  produce(cluster.bootstrap(), kTopic, 4, 5'000);
  ASSERT_TRUE(reader.hold_until([&] { return reader.wakes() >= 4; }));  // full, not read
  produce(cluster.bootstrap(), kTopic, 4, 5'000);
  EXPECT_EQ(reader.wakes(), 4U);  // only an empty lane wakes
  ASSERT_TRUE(reader.read_until([&] { return reader.seen_in_all() >= 40'000; }, 60s));
  for (int p = 0; p < 4; ++p) EXPECT_EQ(reader.seen(lane(p)), offsets(0, 10'000));
}

// librdkafka refuses a consumer whose fetch.max.bytes is less than its message.max.bytes.
TEST_F(LaneIntakeTest, LargeEventsAreNoConcernOfTheConsumer) {
  auto large = settings();
  large.kafka.properties["message.max.bytes"] = "8388608";
  Worker worker{large, positions};
  LaneReader& reader = worker.reader();
  EXPECT_TRUE(reader.hold_until([&] { return reader.lanes().size() == 4; }));
}

TEST_F(LaneIntakeTest, AnEmptyLaneIsAlwaysWoken) {
  Worker worker{settings(), positions};
  LaneReader& reader = worker.reader();
  reader.take_at_most(3);
  ASSERT_TRUE(reader.hold_until([&] { return reader.lanes().size() == 4; }));
  std::thread producer{[&] {
    for (int i = 0; i < 20; ++i) produce(cluster.bootstrap(), kTopic, 4, 10);
  }};
  EXPECT_TRUE(reader.read_until([&] { return reader.seen_in_all() >= 800; }));
  producer.join();
  for (int p = 0; p < 4; ++p) EXPECT_EQ(reader.seen(lane(p)), offsets(0, 200));
}

TEST_F(LaneIntakeTest, StartingAgainGoesBackToTheStoredPosition) {
  produce(cluster.bootstrap(), kTopic, 4, 100);
  Worker worker{settings(), positions};
  LaneReader& reader = worker.reader();
  ASSERT_TRUE(reader.read_until([&] { return reader.seen_in_all() == 400; }));
  for (int p = 0; p < 4; ++p) positions.set(lane(p), 60);  // the rest was not committed
  reader.take_again();
  ASSERT_TRUE(reader.read_until([&] { return reader.seen_in_all() >= 560; }));
  std::vector<std::int64_t> expected = offsets(0, 100);
  for (const std::int64_t offset : offsets(60, 40)) expected.push_back(offset);
  for (int p = 0; p < 4; ++p) EXPECT_EQ(reader.seen(lane(p)), expected);
}

TEST_F(LaneIntakeTest, AnOffsetThatIsNotThereFailsTheLaneAndNeverJumps) {
  produce(cluster.bootstrap(), kTopic, 4, 10);
  positions.set(lane(2), 5'000);
  Worker worker{settings(), positions};
  LaneReader& reader = worker.reader();
  ASSERT_TRUE(
      reader.read_until([&] { return reader.seen_in_all() == 30 && !reader.failures().empty(); }));
  EXPECT_EQ(reader.failures()[0].remedy(), Remedy::give_up);
  EXPECT_THAT(reader.failures()[0].what(),
              HasSubstr("topic=ledger.commands partition=2 offset=5000"));
  EXPECT_THAT(reader.failures()[0].what(), HasSubstr("consumer_position"));
  EXPECT_TRUE(reader.seen(lane(2)).empty());
}

TEST_F(LaneIntakeTest, TwoConsumersShareTheLanesAndNoRecordIsLost) {
  produce(cluster.bootstrap(), kTopic, 4, 500);
  Worker first{settings(), positions};
  LaneReader& one = first.reader();
  ASSERT_TRUE(one.read_until([&] { return one.seen_in_all() == 2'000; }));

  Worker second{settings(), positions};
  LaneReader& two = second.reader();
  std::atomic<bool> shared = false;
  std::thread other{[&] {
    two.hold_until([&] { return two.lanes().size() == 2; });
    shared = true;
    two.hold_until([&] { return !shared; });
    two.read_until([&] { return two.seen_in_all() >= 1'000; });
  }};
  EXPECT_TRUE(one.hold_until([&] { return shared && one.lanes().size() == 2; }));
  produce(cluster.bootstrap(), kTopic, 4, 500);
  shared = false;
  EXPECT_TRUE(one.read_until([&] { return one.seen_in_all() >= 3'000; }));
  other.join();
  EXPECT_EQ(one.seen_in_all() + two.seen_in_all(), 4'000U);
  for (const TopicPartition& lane : two.lanes()) EXPECT_EQ(two.seen(lane), offsets(500, 500));
}

TEST_F(LaneIntakeTest, AnOwnerThatDoesNotReleaseIsGivenUpAfterItsTime) {
  auto impatient = settings();
  impatient.release_max = 200ms;
  Worker worker{impatient, positions};
  LaneReader& reader = worker.reader();
  ASSERT_TRUE(reader.hold_until([&] { return reader.lanes().size() == 4; }));
  reader.release_nothing(true);
  worker.intake.stop();
  EXPECT_TRUE(worker.intake.lanes().empty());
  const std::lock_guard lock{mutex};
  ASSERT_FALSE(failures.empty());
  EXPECT_THAT(failures.back(), HasSubstr("not released within 200 ms"));
}

TEST_F(LaneIntakeTest, AnOwnerThatHangsIsNotWaitedForOnceItIsAbandoned) {
  Worker worker{settings(), positions};
  LaneReader& reader = worker.reader();
  ASSERT_TRUE(reader.hold_until([&] { return reader.lanes().size() == 4; }));
  reader.release_nothing(true);
  const SteadyTime begin = std::chrono::steady_clock::now();
  worker.intake.abandon();
  worker.intake.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, settings().release_max);
  EXPECT_TRUE(worker.intake.lanes().empty());
}

TEST_F(LaneIntakeTest, ARecreatedConsumerGoesOnWhereTheLanesAre) {
  produce(cluster.bootstrap(), kTopic, 4, 500);
  Worker worker{settings(), positions};
  LaneReader& reader = worker.reader();
  ASSERT_TRUE(reader.read_until([&] { return reader.seen_in_all() == 2'000; }));
  const std::uint64_t before = reader.assignments();
  std::atomic<bool> recreated = false;
  std::thread recreating{[&] {
    worker.intake.recreate();
    recreated = true;
  }};
  EXPECT_TRUE(reader.hold_until([&] { return recreated && reader.assignments() > before; }));
  recreating.join();
  produce(cluster.bootstrap(), kTopic, 4, 500);
  EXPECT_TRUE(reader.read_until([&] { return reader.seen_in_all() >= 4'000; }));
  for (int p = 0; p < 4; ++p) EXPECT_EQ(reader.seen(lane(p)), offsets(0, 1'000));
  EXPECT_TRUE(worker.intake.reachable());
}

TEST_F(LaneIntakeTest, TellsWhereALaneBegins) {
  produce(cluster.bootstrap(), kTopic, 4, 7);
  Worker worker{settings(), positions};
  EXPECT_EQ(worker.intake.resolve(lane(1), engine::StartFrom::earliest), 0);
  EXPECT_EQ(worker.intake.resolve(lane(1), engine::StartFrom::latest), 7);
}

TEST_F(LaneIntakeTest, KnowsWhetherABrokerIsThere) {
  Worker worker{settings(), positions};
  LaneReader& reader = worker.reader();
  const SteadyTime before = worker.intake.heartbeat();
  EXPECT_TRUE(reader.hold_until([&] { return worker.intake.reachable(); }));
  EXPECT_TRUE(reader.hold_until([&] { return worker.intake.heartbeat() > before; }));
  cluster.go_away();
  EXPECT_TRUE(reader.hold_until([&] { return !worker.intake.reachable(); }));
  cluster.come_back();
  EXPECT_TRUE(reader.hold_until([&] { return worker.intake.reachable(); }));
}

TEST_F(LaneIntakeTest, StartsAndStopsTwiceAndStopsUnstarted) {
  kafka::LaneIntake never{settings()};
  never.stop();
  kafka::LaneIntake intake{settings()};
  LaneReader reader{intake, positions};
  engine::LaneOwner* owners[]{&reader};
  intake.start(owners);
  intake.start(owners);
  intake.stop();
  intake.stop();
  intake.start(owners);
  EXPECT_TRUE(intake.lanes().empty());
}

TEST(LaneIntakeWithoutBrokerTest, SaysThatNobodyAnswers) {
  auto settings = group_at("127.0.0.1:1", "ledger", kTopic);
  settings.answer_max = 200ms;
  kafka::LaneIntake intake{settings};
  try {
    intake.start(std::span<engine::LaneOwner* const>{});
    FAIL() << "started";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.remedy(), Remedy::reconnect_and_rerun);
    EXPECT_THAT(failure.what(), HasSubstr("127.0.0.1:1"));
  }
}

}  // namespace
}  // namespace pawl::test
