// SIGTERM: the ledger ends what is in flight and exits 0 in time, whoever else is away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "crash/programs.h"
#include "crash/world.h"
#include "support/eventually.h"
#include "support/ports.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

const std::map<std::string, std::string> kDeadline{{"PAWL_SHUTDOWN__DEADLINE", "10s"}};
constexpr auto kInTime = 12s;

bool says(const Process& process, const char* text) {
  return process.errors().find(text) != std::string::npos;
}

TEST(StopTest, UnderLoadNothingIsLeftHalfDone) {
  World world;
  world.produce(20'000);
  const auto ledger = world.start_ledger(kDeadline);
  ASSERT_TRUE(eventually("it works", [&] { return world.received() > 500; })) << ledger->describe();
  ledger->signal(SIGTERM);
  EXPECT_EQ(ledger->wait(kInTime), 0) << ledger->describe();
  EXPECT_TRUE(says(*ledger, "\"stopped\"")) << ledger->describe();
  const auto next = world.start_ledger();
  ASSERT_TRUE(world.drains()) << next->describe();
  EXPECT_TRUE(world.holds());
}

TEST(StopTest, InTheMiddleOfTheStart) {
  World world;
  const auto ledger = world.start_ledger(kDeadline);
  ASSERT_TRUE(eventually("it runs", [&] { return says(*ledger, "\"running\""); }))
      << ledger->describe();
  ledger->signal(SIGINT);
  EXPECT_EQ(ledger->wait(kInTime), 0) << ledger->describe();
}

TEST(StopTest, WithABrokerThatWasNeverThere) {
  World world;
  auto environment = kDeadline;
  environment["PAWL_KAFKA__BROKERS"] = "127.0.0.1:" + std::to_string(free_port());
  const auto ledger = world.start_ledger(environment);
  ASSERT_TRUE(eventually("it waits", [&] { return says(*ledger, "no broker answers yet"); }))
      << ledger->describe();
  ledger->signal(SIGTERM);
  EXPECT_EQ(ledger->wait(kInTime), 0) << ledger->describe();
}

TEST(StopTest, WithABrokerThatWentAway) {
  KafkaServer kafka;
  kafka.start();
  World world{{.kafka = &kafka}};
  world.produce(20'000);
  const auto ledger = world.start_ledger(kDeadline);
  ASSERT_TRUE(eventually("it works", [&] { return world.received() > 500; })) << ledger->describe();
  kafka.kill();
  ledger->signal(SIGTERM);
  EXPECT_EQ(ledger->wait(kInTime), 0) << ledger->describe();
  kafka.start();
  const auto next = world.start_ledger();
  ASSERT_TRUE(world.drains()) << next->describe();
  EXPECT_TRUE(world.holds());
}

TEST(StopTest, WithADatabaseThatWentAway) {
  // Durable: nobody survives a database that loses acknowledged commits (DESIGN §2).
  postgres::TemporaryServer server{{.durable = true}};
  World world{{.server = &server}};
  world.produce(20'000);
  const auto ledger = world.start_ledger(kDeadline);
  ASSERT_TRUE(eventually("it works", [&] { return world.received() > 500; })) << ledger->describe();
  server.kill_immediately();
  ASSERT_TRUE(eventually("it waits", [&] { return says(*ledger, "database cannot be used"); }))
      << ledger->describe();
  ledger->signal(SIGTERM);
  EXPECT_EQ(ledger->wait(kInTime), 0) << ledger->describe();
  server.start_again();
  world.reconnect();
  const auto next = world.start_ledger();
  ASSERT_TRUE(world.drains()) << next->describe();
  EXPECT_TRUE(world.holds());
}

}  // namespace
}  // namespace pawl::test
