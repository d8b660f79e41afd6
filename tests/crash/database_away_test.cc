// The database is away for a minute under load.
#include <gtest/gtest.h>

#include "crash/ledger_process.h"
#include "crash/world.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kAway = 60s;
constexpr auto kBackWithin = 10s;  // probes are at most 5 s apart

TEST(DatabaseAwayTest, AMinuteIsWaitedForAndCostsNoAttempt) {
  // Durable: nobody survives a database that loses acknowledged commits (DESIGN §2).
  postgres::TemporaryServer server{{.durable = true}};
  World world{{.in_flight = 2, .server = &server}};
  world.produce(20'000);
  const auto ledger = world.start_ledger();
  ASSERT_TRUE(eventually("it works", [&] { return world.received() > 1'000; }))
      << ledger->describe();
  server.kill_immediately();
  ASSERT_TRUE(eventually("it says so", [&] { return !is_ready(*ledger); })) << ledger->describe();
  keep_doing(
      [&] {
        EXPECT_FALSE(is_ready(*ledger));
        EXPECT_TRUE(is_alive(*ledger)) << page(*ledger, "/healthz/live");
        world.produce(100);
      },
      1s,
      kAway);
  EXPECT_EQ(metric(*ledger, "pawl_paused", R"(dependency="database")"), 2)  // engine and relay
      << page(*ledger, "/metrics");
  server.start_again();
  world.reconnect();
  const auto before = world.received();
  ASSERT_TRUE(eventually(
      "it goes on", [&] { return world.received() > before; }, kBackWithin))
      << ledger->describe();
  EXPECT_TRUE(eventually("it is ready", [&] { return is_ready(*ledger); }))
      << page(*ledger, "/healthz/ready");
  ASSERT_TRUE(world.drains()) << ledger->describe();
  EXPECT_EQ(metric(*ledger, "pawl_paused"), 0) << page(*ledger, "/metrics");
  EXPECT_EQ(times_said(*ledger, "database cannot be used"), 1U) << ledger->describe();
  EXPECT_EQ(metric(*ledger, "pawl_retries_total"), 0);
  EXPECT_TRUE(world.holds_and_gave_nothing_up());
}

}  // namespace
}  // namespace pawl::test
