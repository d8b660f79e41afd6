// relay.embedded = false: the ledger commits, pawl-relay alone publishes.
#include <gtest/gtest.h>

#include <csignal>

#include "crash/programs.h"
#include "crash/world.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

TEST(RelayAloneTest, PublishesWhatAWorkerWithoutRelayCommits) {
  World world;
  world.produce(1'000);
  const auto ledger = world.start_ledger({{"PAWL_RELAY__EMBEDDED", "false"}});
  ASSERT_TRUE(eventually("all commands have ended", [&] {
    return static_cast<std::uint64_t>(world.received()) == world.produced();
  })) << ledger->describe();
  EXPECT_TRUE(world.observation().events.empty());
  const auto relay = world.start({relay_program(), "--config", world.config_file()});
  ASSERT_TRUE(world.drains()) << relay->describe();
  EXPECT_TRUE(world.holds());
  relay->signal(SIGTERM);
  EXPECT_EQ(relay->wait(), 0) << relay->describe();
}

TEST(RelayAloneTest, TwoRelaysTakeTurns) {
  World world;
  const auto ledger = world.start_ledger({{"PAWL_RELAY__EMBEDDED", "false"}});
  const auto one = world.start({relay_program(), "--config", world.config_file()});
  const auto two = world.start({relay_program(), "--config", world.config_file()});
  world.produce(500);
  ASSERT_TRUE(world.drains()) << ledger->describe();
  one->signal(SIGTERM);
  EXPECT_EQ(one->wait(), 0) << one->describe();
  world.produce(500);
  ASSERT_TRUE(world.drains()) << two->describe();
  EXPECT_TRUE(world.holds());
  EXPECT_EQ(world.observation().events.size(),
            world.observation().outbox.size() - world.observation().dead_records.size())
      << "nothing was published twice";
}

}  // namespace
}  // namespace pawl::test
