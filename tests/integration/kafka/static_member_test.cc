// Static members of a group, on a real broker: the mock cluster does not know them.
#include "support/eventually.h"
#include "support/kafka_server.h"
#include "support/seed.h"
#include "unit/kafka/kafka_fixture.h"

namespace pawl::test {
namespace {

using testing::HasSubstr;

class StaticMemberTest : public testing::TestWithParam<bool> {
 protected:
  StaticMemberTest() { shared_kafka().create_topic(topic, 4); }

  kafka::LaneIntakeSettings member(const std::string& id) {
    auto made = group_at(brokers, topic + "-group", topic);
    made.instance_id = id;
    made.cooperative = GetParam();
    made.cooperative_since = 0;
    made.on_fatal = [this](const Failure& failure) {
      const std::lock_guard lock{mutex};
      fatal.emplace_back(failure.code() + ": " + failure.what());
    };
    return made;
  }
  std::vector<std::string> fatal_failures() {
    const std::lock_guard lock{mutex};
    return fatal;
  }

  std::string brokers = shared_kafka().bootstrap();
  std::string topic = unique_name("commands");
  Positions positions;
  std::mutex mutex;
  std::vector<std::string> fatal;
};

TEST_P(StaticMemberTest, ARestartGetsItsLanesBackAndTheOthersDoNotNotice) {
  Worker stays{member("pod-0"), positions};
  LaneReader& one = stays.reader();
  auto restarts = std::make_unique<Worker>(member("pod-1"), positions);
  std::atomic<bool> shared = false;
  std::thread other{[&] {
    shared = restarts->reader().hold_until([&] { return restarts->reader().lanes().size() == 2; });
  }};
  ASSERT_TRUE(one.hold_until([&] { return shared && one.lanes().size() == 2; }));
  other.join();
  const std::set<TopicPartition> lanes = restarts->reader().lanes();
  const std::uint64_t assignments = one.assignments();

  restarts->leave();
  restarts = std::make_unique<Worker>(member("pod-1"), positions);
  std::atomic<bool> back = false;
  std::thread again{[&] {
    back = restarts->reader().hold_until([&] { return !restarts->reader().lanes().empty(); });
  }};
  EXPECT_TRUE(one.hold_until([&] { return back.load(); }));
  again.join();
  EXPECT_EQ(restarts->reader().lanes(), lanes);
  EXPECT_EQ(one.assignments(), assignments) << "it was rebalanced";
  EXPECT_EQ(one.lanes().size(), 2U);
}

TEST_P(StaticMemberTest, TheOlderOfTwoWithOneIdEndsAndSaysWhy) {
  Worker older{member("pod-0"), positions};
  ASSERT_TRUE(older.reader().hold_until([&] { return older.reader().lanes().size() == 4; }));
  Worker newer{member("pod-0"), positions};
  std::atomic<bool> taken = false;
  std::thread other{[&] {
    taken = newer.reader().hold_until([&] { return newer.reader().lanes().size() == 4; });
  }};
  EXPECT_TRUE(older.reader().hold_until([&] { return !fatal_failures().empty(); }));
  other.join();
  EXPECT_TRUE(taken);
  ASSERT_FALSE(fatal_failures().empty());
  EXPECT_THAT(fatal_failures()[0], HasSubstr("FENCED_INSTANCE_ID"));
  EXPECT_THAT(fatal_failures()[0], HasSubstr("consumer.instance_id=pod-0"));
  EXPECT_TRUE(older.reader().hold_until([&] { return older.reader().lanes().empty(); }));
}

INSTANTIATE_TEST_SUITE_P(Protocols,
                         StaticMemberTest,
                         testing::Values(false, true),
                         [](const auto& info) { return info.param ? "Cooperative" : "Eager"; });

}  // namespace
}  // namespace pawl::test
