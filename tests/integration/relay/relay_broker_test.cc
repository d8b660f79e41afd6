// Deliveries that fail, a broker that is away, a database that is away.
#include "integration/relay/relay_fixture.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RelayBrokerTest : public RelayTest {};

TEST_F(RelayBrokerTest, ARowThatFailsForReasonsUnknownHoldsItsKeyOnly) {
  RelayRig rig{database_};
  rig.publisher.fail("poison");
  rig.relay.start();
  OutboxWriter writer{database_};
  writer.write("poison", 3);
  for (int i = 0; i < 50; ++i) writer.write("a", 2);
  ASSERT_TRUE(eventually("the other key is published",
                         [&] { return rig.publisher.log("a").size() == 100; }));
  EXPECT_EQ(rig.relay.figures().held_keys, 1);
  EXPECT_THAT(rig.publisher.log("poison"), IsEmpty());
  EXPECT_EQ(database_.number("SELECT batch FROM pawl.relay_position"), 0)
      << "the position does not pass it";
  rig.publisher.accept("poison");
  EXPECT_TRUE(all_published(rig.publisher, {&writer}));
  EXPECT_THAT(rig.publisher.log("poison"), ElementsAre("poison:1", "poison:2", "poison:3"));
  EXPECT_TRUE(position_is(51));
}

TEST_F(RelayBrokerTest, ABrokerThatIsAwayLosesNothing) {
  RelayRig rig{database_};
  rig.relay.start();
  OutboxWriter writer{database_};
  writer.write("a", 5);
  ASSERT_TRUE(all_published(rig.publisher, {&writer}));
  rig.publisher.go_away();
  for (int i = 0; i < 20; ++i) writer.write(i % 2 == 0 ? "a" : "b", 3);
  ASSERT_TRUE(
      eventually("deliveries fail", [&] { return rig.relay.figures().failed_deliveries >= 2; }));
  EXPECT_GT(rig.relay.figures().backlog_rows, 0);
  rig.publisher.come_back();
  EXPECT_TRUE(all_published(rig.publisher, {&writer}));
}

TEST_F(RelayBrokerTest, ALostDatabaseConnectionRepeatsAndLosesNothing) {
  relay::Settings settings = RelayRig::impatient();
  settings.takeover_after = milliseconds{5000};
  RelayRig rig{database_, settings};
  rig.relay.start();
  OutboxWriter writer{database_};
  std::int64_t terminated = 0;
  for (int i = 0; i < 400; ++i) {
    writer.write("a", 5);
    if (i % 20 == 0) terminated += database_.terminate("pawl relay");
  }
  EXPECT_GT(terminated, 0);
  EXPECT_TRUE(all_published(rig.publisher, {&writer}));
  EXPECT_EQ(rig.publisher.count(), 2000) << "each once";
  EXPECT_TRUE(position_is(400));
}

TEST_F(RelayBrokerTest, ABigBacklogIsReadInBoundedSteps) {
  relay::Settings settings = RelayRig::impatient();
  settings.read = {.rows_max = 7, .bytes_max = 2000};
  settings.window_rows_max = 20;
  OutboxWriter writer{database_};
  for (int i = 0; i < 30; ++i) writer.write(i % 3 == 0 ? "a" : "b", 1 + i);
  RelayRig rig{database_, settings};
  rig.relay.start();
  EXPECT_TRUE(all_published(rig.publisher, {&writer}));
  EXPECT_TRUE(position_is(30));
}

TEST_F(RelayBrokerTest, FiguresTellWhatWaits) {
  RelayRig rig{database_};
  rig.publisher.go_away();
  rig.relay.start();
  OutboxWriter writer{database_};
  writer.write("a", 4);
  ASSERT_TRUE(eventually("four rows wait", [&] { return rig.relay.figures().backlog_rows == 4; }));
  EXPECT_TRUE(eventually("their age is known",
                         [&] { return rig.relay.figures().oldest_unpublished != WallTime{}; }));
  EXPECT_TRUE(rig.relay.figures().active);
  rig.publisher.come_back();
  ASSERT_TRUE(eventually("nothing waits", [&] { return rig.relay.figures().backlog_rows == 0; }));
  EXPECT_TRUE(eventually("no age is left",
                         [&] { return rig.relay.figures().oldest_unpublished == WallTime{}; }));
  EXPECT_EQ(rig.relay.figures().published, 4);
}

}  // namespace
}  // namespace pawl::test
