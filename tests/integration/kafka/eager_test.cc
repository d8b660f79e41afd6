// The eager protocol on a real broker: while the group decides, its members work on.
#include "support/kafka_server.h"
#include "support/seed.h"
#include "unit/kafka/kafka_fixture.h"

namespace pawl::test {
namespace {

class EagerTest : public testing::Test {
 protected:
  // A static member that goes is waited for until its session ends, which is long after this test.
  kafka::LaneIntakeSettings member(const std::string& id) {
    auto made = group_at(brokers, topic + "-group", topic);
    made.instance_id = id;
    made.kafka.properties["session.timeout.ms"] = "60000";
    return made;
  }
  /// The group begins to rebalance, and cannot end it: one of its members is gone.
  void begin_endless_rebalance() {
    auto gone = std::make_unique<Worker>(member("pod-1"), positions);
    std::atomic<bool> shared = false;
    std::thread other{[&] {
      shared = gone->reader().hold_until([&] { return gone->reader().lanes().size() == 2; });
    }};
    ASSERT_TRUE(one.hold_until([&] { return shared && one.lanes().size() == 2; }));
    other.join();
    gone.reset();
    comes = std::make_unique<Worker>(member("pod-2"), positions);
    ASSERT_TRUE(one.hold_until([&] { return !stays.intake.is_settled(); }));
  }

  static std::string made_topic() {
    const std::string topic = unique_name("commands");
    shared_kafka().create_topic(topic, 4);
    return topic;
  }

  std::string brokers = shared_kafka().bootstrap();
  std::string topic = made_topic();
  Positions positions;
  Worker stays{member("pod-0"), positions};
  LaneReader& one = stays.reader();
  std::unique_ptr<Worker> comes;
};

TEST_F(EagerTest, WhileTheGroupWaitsForADeadMemberTheOthersWorkOn) {
  begin_endless_rebalance();
  const std::uint64_t assignments = one.assignments();
  const std::size_t before = one.seen_in_all();
  produce(brokers, topic, 4, 500);
  EXPECT_TRUE(one.read_until([&] { return one.seen_in_all() == before + 1'000; }));
  EXPECT_FALSE(stays.intake.is_settled()) << "the group had decided before";
  EXPECT_EQ(one.lanes().size(), 2U);
  EXPECT_EQ(one.assignments(), assignments);
}

TEST_F(EagerTest, WhoeverLeavesMeanwhileLetsGoOfItsLanes) {
  begin_endless_rebalance();
  stays.leave();
  EXPECT_TRUE(one.lanes().empty());
  EXPECT_TRUE(stays.intake.lanes().empty());
}

}  // namespace
}  // namespace pawl::test
