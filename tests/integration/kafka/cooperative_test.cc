// The cooperative protocol: lanes come and go one by one. The library's bugs before 2.10 are not
// what is tested here, so the check of its version is turned off.
#include "support/kafka_server.h"
#include "support/seed.h"
#include "unit/kafka/kafka_fixture.h"

namespace pawl::test {
namespace {

using testing::HasSubstr;

class CooperativeTest : public testing::Test {
 protected:
  explicit CooperativeTest(int partitions = 4) { shared_kafka().create_topic(topic, partitions); }

  kafka::LaneIntakeSettings settings() {
    auto made = group_at(brokers, topic + "-group", topic);
    made.cooperative = true;
    made.cooperative_since = 0;
    return made;
  }
  [[nodiscard]] TopicPartition lane(std::int32_t partition) const { return {topic, partition}; }

  std::string brokers = shared_kafka().bootstrap();
  std::string topic = unique_name("commands");
  Positions positions;
};

TEST_F(CooperativeTest, OneMemberReadsEverythingOnce) {
  produce(brokers, topic, 4, 500);
  Worker worker{settings(), positions};
  ASSERT_TRUE(worker.reader().read_until([&] { return worker.reader().seen_in_all() >= 2'000; }));
  for (int p = 0; p < 4; ++p) EXPECT_EQ(worker.reader().seen(lane(p)), offsets(0, 500));
}

TEST_F(CooperativeTest, LanesMoveToANewMemberAndComeBackWhenItLeaves) {
  produce(brokers, topic, 4, 500);
  Worker first{settings(), positions};
  LaneReader& one = first.reader();
  ASSERT_TRUE(one.read_until([&] { return one.seen_in_all() == 2'000; }));
  {
    Worker second{settings(), positions};
    LaneReader& two = second.reader();
    std::atomic<bool> shared = false;
    std::thread other{[&] {
      two.hold_until([&] { return two.lanes().size() == 2; });
      shared = true;
      two.hold_until([&] { return !shared; });
      two.read_until([&] { return two.seen_in_all() >= 1'000; });
      second.leave();
    }};
    EXPECT_TRUE(one.hold_until([&] { return shared && one.lanes().size() == 2; }));
    produce(brokers, topic, 4, 500);
    shared = false;
    EXPECT_TRUE(one.read_until([&] { return one.lanes().size() == 4; }));
    other.join();
    EXPECT_EQ(one.seen_in_all() + two.seen_in_all(), 4'000U);
  }
  produce(brokers, topic, 4, 100);
  EXPECT_TRUE(one.read_until([&] { return one.seen_in_all() >= 3'400; }));
}

class OneLaneTest : public CooperativeTest {
 protected:
  OneLaneTest() : CooperativeTest(1) {}
};

TEST_F(OneLaneTest, ARebalanceThatChangesNothingHereInterruptsNothing) {
  Worker first{settings(), positions};
  LaneReader& one = first.reader();
  ASSERT_TRUE(one.hold_until([&] { return one.lanes().size() == 1; }));
  const std::uint64_t assignments = one.assignments();
  Worker second{settings(), positions};
  LaneReader& two = second.reader();
  std::atomic<bool> joined = false;
  std::thread other{[&] { joined = two.hold_until([&] { return two.assignments() > 0; }); }};
  EXPECT_TRUE(one.hold_until([&] { return joined.load(); }));
  other.join();
  EXPECT_TRUE(two.lanes().empty());
  EXPECT_EQ(one.assignments(), assignments);
  produce(brokers, topic, 1, 100);
  EXPECT_TRUE(one.read_until([&] { return one.seen_in_all() == 100; }));
}

TEST_F(CooperativeTest, AnOldLibraryIsRefusedWithWhatToDo) {
  auto asked = settings();
  asked.cooperative_since = 0x7fffffff;
  kafka::LaneIntake intake{asked};
  try {
    intake.start(std::span<engine::LaneOwner* const>{});
    FAIL() << "started";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.remedy(), Remedy::give_up);
    EXPECT_THAT(failure.what(), HasSubstr("librdkafka 2.10.0 or newer"));
    EXPECT_THAT(failure.what(), HasSubstr("eager"));
  }
}

}  // namespace
}  // namespace pawl::test
