// Two pawl-relay processes on one outbox: one is active, and the other takes over however the first
// one goes silent. Real Kafka, real PostgreSQL.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "crash/programs.h"
#include "crash/world.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kTakeoverMax = 5s;
constexpr std::uint64_t kBurst = 4'000;

bool says(const Process& process, const char* text) {
  return process.errors().find(text) != std::string::npos;
}

class RelayTakeoverTest : public testing::Test {
 protected:
  RelayTakeoverTest()
      : ledger_(world_.start_ledger({{"PAWL_RELAY__EMBEDDED", "false"}})), first_(start_relay()) {}

  std::unique_ptr<Process> start_relay() {
    return world_.start({relay_program(), "--config", world_.config_file()});
  }
  bool is_active(const Process& relay) {
    return world_.database().number(fmt::format(
               "SELECT count(*) FROM pawl.relay_position WHERE owner LIKE '%:{}'", relay.pid())) ==
           1;
  }
  std::int64_t position() {
    return world_.database().number(
        "SELECT coalesce(max(batch), 0)::bigint FROM pawl.relay_position");
  }
  /// The first one is at work, the second one stands by.
  void begin() {
    ASSERT_TRUE(eventually("the first is active", [&] { return is_active(*first_); }))
        << first_->describe();
    second_ = start_relay();
    world_.produce(kBurst);
    ASSERT_TRUE(eventually("the first publishes", [&] { return position() > 0; }))
        << first_->describe();
    EXPECT_TRUE(is_active(*first_));
  }
  /// `next` becomes active and publishes; asserts in time.
  void expect_takeover(Process& next) {
    const SteadyTime silent = std::chrono::steady_clock::now();
    const std::int64_t before = position();
    ASSERT_TRUE(eventually("it is active", [&] { return is_active(next); })) << next.describe();
    const auto took = std::chrono::steady_clock::now() - silent;
    EXPECT_LT(took, kTakeoverMax);
    RecordProperty(
        "takeover_ms",
        std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
    ASSERT_TRUE(eventually("it publishes", [&] { return position() > before; })) << next.describe();
  }
  /// A stopped one that goes on finds itself without its turn, and stays a standby.
  void expect_standby(Process& relay) {
    relay.signal(SIGCONT);
    ASSERT_TRUE(eventually("it stands by", [&] { return says(relay, "has lost its turn"); }))
        << relay.describe();
    EXPECT_TRUE(relay.running());
    EXPECT_FALSE(is_active(relay));
  }

  static std::size_t events_committed(const Observation& seen) {
    return static_cast<std::size_t>(std::ranges::count_if(
        seen.outbox, [&](const SeenOutboxRow& row) { return row.topic == seen.events_topic; }));
  }

  World world_;
  std::unique_ptr<Process> ledger_, first_, second_;
};

TEST_F(RelayTakeoverTest, TheActiveOneIsKilled) {
  begin();
  first_->signal(SIGKILL);
  world_.produce(kBurst);
  expect_takeover(*second_);
  ASSERT_TRUE(world_.drains()) << second_->describe();
  EXPECT_TRUE(world_.holds());
}

TEST_F(RelayTakeoverTest, TheActiveOneIsStoppedAndContinuedWhenAllIsDone) {
  begin();
  first_->signal(SIGSTOP);
  world_.produce(kBurst);
  expect_takeover(*second_);
  ASSERT_TRUE(world_.drains()) << second_->describe();
  const Observation before = world_.observation();
  expect_standby(*first_);
  world_.produce(kBurst);
  ASSERT_TRUE(world_.drains()) << second_->describe();
  EXPECT_TRUE(world_.holds());
  // What it had handed to its producer before it was stopped, and no more.
  const Observation after = world_.observation();
  const std::size_t late = after.events.size() - before.events.size() -
                           (events_committed(after) - events_committed(before));
  EXPECT_LE(late, kafka::ProducerSettings{}.queue_records);
}

// The worst moment: the successor has just begun, and both publish.
TEST_F(RelayTakeoverTest, TheActiveOneIsStoppedAndContinuedInTheMiddleOfTheTakeover) {
  begin();
  Process* active = first_.get();
  Process* standby = second_.get();
  for (int round = 0; round < 3; ++round) {
    world_.produce(kBurst);
    active->signal(SIGSTOP);
    world_.produce(kBurst);
    ASSERT_TRUE(eventually("the other is active", [&] { return is_active(*standby); }))
        << standby->describe();
    active->signal(SIGCONT);
    ASSERT_TRUE(eventually("something moves", [&] { return !is_active(*active); }));
    std::swap(active, standby);
  }
  ASSERT_TRUE(world_.drains()) << active->describe();
  EXPECT_TRUE(first_->running() && second_->running());
  EXPECT_TRUE(world_.holds());
}

}  // namespace
}  // namespace pawl::test
