// The database or the broker dies under load: the ledger waits, goes on, and counts it against no
// command.
#include <gtest/gtest.h>

#include "crash/ledger_process.h"
#include "crash/world.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

TEST(ServerRestartsTest, PostgresDiesAndComesBack) {
  // Durable: nobody survives a database that loses acknowledged commits (DESIGN §2).
  postgres::TemporaryServer server{{.durable = true}};
  World world{{.in_flight = 2, .server = &server}};
  world.produce(20'000);
  const auto ledger = world.start_ledger();
  ASSERT_TRUE(eventually("it works", [&] { return world.received() > 1'000; }))
      << ledger->describe();
  server.kill_immediately();
  ASSERT_TRUE(eventually("it waits", [&] { return says(*ledger, "database cannot be used"); }))
      << ledger->describe();
  server.start_again();
  world.reconnect();
  ASSERT_TRUE(world.drains()) << ledger->describe();
  EXPECT_TRUE(says(*ledger, "database is back")) << ledger->describe();
  EXPECT_TRUE(ledger->running());
  EXPECT_TRUE(world.holds_and_gave_nothing_up());
}

TEST(ServerRestartsTest, KafkaDiesAndComesBack) {
  KafkaServer kafka;
  kafka.start();
  World world{{.in_flight = 2, .kafka = &kafka}};
  world.produce(20'000);
  const auto ledger = world.start_ledger();
  ASSERT_TRUE(eventually("it works", [&] { return world.received() > 1'000; }))
      << ledger->describe();
  kafka.kill();
  kafka.start();
  world.produce(1'000);
  ASSERT_TRUE(world.drains()) << ledger->describe();
  EXPECT_TRUE(ledger->running());
  EXPECT_TRUE(world.holds_and_gave_nothing_up());
}

}  // namespace
}  // namespace pawl::test
