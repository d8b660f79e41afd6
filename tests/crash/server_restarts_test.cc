// The database or the broker dies under load: the ledger waits, goes on, and counts it against no
// command.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crash/world.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

class ServerRestartsTest : public testing::Test {
 protected:
  void expect_nothing_given_up(World& world) {
    EXPECT_TRUE(world.holds());
    EXPECT_THAT(world.observation().dead_letters,
                testing::Each(testing::Field(&SeenDeadLetter::failure_class, "undecodable")));
  }
  static bool says(const Process& process, const char* text) {
    return process.errors().find(text) != std::string::npos;
  }
};

TEST_F(ServerRestartsTest, PostgresDiesAndComesBack) {
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
  expect_nothing_given_up(world);
}

TEST_F(ServerRestartsTest, KafkaDiesAndComesBack) {
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
  expect_nothing_given_up(world);
}

}  // namespace
}  // namespace pawl::test
