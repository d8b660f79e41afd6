// SIGTERM: the ledger ends what is in flight and exits 0 in time, whoever else is away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <random>

#include "crash/ledger_process.h"
#include "crash/programs.h"
#include "crash/world.h"
#include "support/eventually.h"
#include "support/files.h"
#include "support/ports.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 5s;
constexpr auto kGrace = 2s;  // for being started and reaped on a busy machine
const std::map<std::string, std::string> kWithDeadline{
    {"PAWL_SHUTDOWN__DEADLINE", std::to_string(kDeadline.count()) + "s"}};

TEST(StopTest, UnderLoadNothingIsLeftHalfDone) {
  World world;
  world.produce(20'000);
  const auto ledger = world.start_ledger(kWithDeadline);
  ASSERT_TRUE(eventually("it works", [&] { return world.received() > 500; })) << ledger->describe();
  ledger->signal(SIGTERM);
  EXPECT_EQ(ledger->wait(kDeadline + kGrace), 0) << ledger->describe();
  EXPECT_TRUE(says(*ledger, "\"stopped\"")) << ledger->describe();
  const auto next = world.start_ledger();
  ASSERT_TRUE(world.drains()) << next->describe();
  EXPECT_TRUE(world.holds());
}

/// From here on SIGTERM does not simply end it: some milliseconds after its birth.
bool takes_care_of_sigterm(const Process& process) {
  const std::string status = read_file("/proc/" + std::to_string(process.pid()) + "/status");
  const std::size_t at = status.find("SigBlk:");
  if (at == std::string::npos) return false;
  return (std::strtoull(status.c_str() + at + 7, nullptr, 16) >> (SIGTERM - 1) & 1U) != 0;
}

TEST(StopTest, AtAnyMomentOfTheStart) {
  World world{{.member = "worker"}};
  world.produce(2'000);
  std::mt19937_64 random{seed()};
  for (int start = 0; start < 8; ++start) {
    const std::chrono::milliseconds moment{random() % 500};
    SCOPED_TRACE("stopped after " + std::to_string(moment.count()) + " ms");
    const auto ledger = world.start_ledger(kWithDeadline);
    ASSERT_TRUE(eventually("it lives", [&] { return takes_care_of_sigterm(*ledger); }));
    keep_doing([] {}, moment, moment);
    ledger->signal(start % 2 == 0 ? SIGTERM : SIGINT);
    EXPECT_EQ(ledger->wait(kDeadline + kGrace), 0) << ledger->describe();
  }
  const auto next = world.start_ledger();
  ASSERT_TRUE(world.drains()) << next->describe();
  EXPECT_TRUE(world.holds());
}

TEST(StopTest, WithABrokerThatWasNeverThere) {
  World world;
  auto environment = kWithDeadline;
  environment["PAWL_KAFKA__BROKERS"] = "127.0.0.1:" + std::to_string(free_port());
  const auto ledger = world.start_ledger(environment);
  ASSERT_TRUE(eventually("it waits", [&] { return says(*ledger, "no broker answers yet"); }))
      << ledger->describe();
  ledger->signal(SIGTERM);
  EXPECT_EQ(ledger->wait(kDeadline + kGrace), 0) << ledger->describe();
}

TEST(StopTest, WithADatabaseThatWentAway) {
  // Durable: nobody survives a database that loses acknowledged commits (DESIGN §2).
  postgres::TemporaryServer server{{.durable = true}};
  World world{{.server = &server}};
  world.produce(20'000);
  const auto ledger = world.start_ledger(kWithDeadline);
  ASSERT_TRUE(eventually("it works", [&] { return world.received() > 500; })) << ledger->describe();
  server.kill_immediately();
  ASSERT_TRUE(eventually("it waits", [&] { return says(*ledger, "database cannot be used"); }))
      << ledger->describe();
  ledger->signal(SIGTERM);
  EXPECT_EQ(ledger->wait(kDeadline + kGrace), 0) << ledger->describe();
  server.start_again();
  world.reconnect();
  const auto next = world.start_ledger();
  ASSERT_TRUE(world.drains()) << next->describe();
  EXPECT_TRUE(world.holds());
}

enum class Partner { broker, database };
enum class Fault { refuses, hangs, vanishes };
struct UnreachableCase {
  const char* name;
  Partner partner;
  Fault fault;
};

/// Behind gates; the servers are made once for all cases.
class StopUnreachableTest : public testing::TestWithParam<UnreachableCase> {
 protected:
  static void SetUpTestSuite() { servers_ = std::make_unique<Servers>(); }
  static void TearDownTestSuite() { servers_.reset(); }
  void TearDown() override { gate().reopen(); }

  static TcpGate& gate() {
    return GetParam().partner == Partner::broker ? servers_->kafka_gate : servers_->database_gate;
  }
  static void break_off() {
    switch (GetParam().fault) {
      case Fault::refuses:
        gate().refuse();
        return gate().cut();
      case Fault::hangs:
        return gate().swallow();
      case Fault::vanishes:
        return gate().vanish();
    }
  }
  void stop_in_time() {
    ledger_->signal(SIGTERM);
    EXPECT_EQ(ledger_->wait(kDeadline + kGrace), 0) << ledger_->describe();
  }
  void expect_nothing_lost() {
    gate().reopen();
    gate().cut();  // what the one that is gone has left in the pipe
    ledger_ = world_.start_ledger();
    ASSERT_TRUE(world_.drains()) << ledger_->describe();
    EXPECT_TRUE(world_.holds());
  }

  struct Servers {
    Servers() {
      kafka.put_behind(kafka_gate);
      kafka.start();
    }
    TcpGate kafka_gate, database_gate;
    KafkaServer kafka;
    postgres::TemporaryServer database{{.tcp = true}};
  };
  static inline std::unique_ptr<Servers> servers_;
  World world_{{.member = "worker",
                .kafka = &servers_->kafka,
                .server = &servers_->database,
                .kafka_gate = &servers_->kafka_gate,
                .database_gate = &servers_->database_gate}};
  std::unique_ptr<Process> ledger_;
};

TEST_P(StopUnreachableTest, UnderLoad) {
  world_.produce(10'000);
  ledger_ = world_.start_ledger(kWithDeadline);
  ASSERT_TRUE(eventually("it works", [&] { return world_.received() > 500; }))
      << ledger_->describe();
  break_off();
  stop_in_time();
  expect_nothing_lost();
}

TEST_P(StopUnreachableTest, DuringItsStart) {
  world_.produce(500);
  break_off();
  ledger_ = world_.start_ledger(kWithDeadline);
  ASSERT_TRUE(eventually("it lives", [&] { return takes_care_of_sigterm(*ledger_); }));
  stop_in_time();
  expect_nothing_lost();
}

INSTANTIATE_TEST_SUITE_P(
    Faults,
    StopUnreachableTest,
    testing::Values(UnreachableCase{"BrokerRefuses", Partner::broker, Fault::refuses},
                    UnreachableCase{"BrokerHangs", Partner::broker, Fault::hangs},
                    UnreachableCase{"BrokerVanishes", Partner::broker, Fault::vanishes},
                    UnreachableCase{"DatabaseRefuses", Partner::database, Fault::refuses},
                    UnreachableCase{"DatabaseHangs", Partner::database, Fault::hangs},
                    UnreachableCase{"DatabaseVanishes", Partner::database, Fault::vanishes}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace pawl::test
