// The broker is away for a minute under load.
#include <gtest/gtest.h>

#include "crash/ledger_process.h"
#include "crash/world.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kAway = 60s;
constexpr auto kBackWithin = 15s;

TEST(KafkaAwayTest, AMinuteIsWaitedForWhileTheOutboxKeepsTheEvents) {
  KafkaServer kafka;
  kafka.start();
  World world{{.in_flight = 2, .kafka = &kafka}};
  world.produce(20'000);
  const auto ledger = world.start_ledger();
  ASSERT_TRUE(eventually("it works", [&] { return world.received() > 1'000; }))
      << ledger->describe();
  kafka.kill();
  ASSERT_TRUE(eventually("it says so", [&] { return !is_ready(*ledger); })) << ledger->describe();
  keep_doing(
      [&] {
        EXPECT_FALSE(is_ready(*ledger));
        EXPECT_TRUE(is_alive(*ledger)) << page(*ledger, "/healthz/live");
      },
      1s,
      kAway);
  kafka.start();
  world.produce(2'000);
  const auto before = world.received();
  ASSERT_TRUE(eventually(
      "it goes on", [&] { return world.received() > before; }, kBackWithin))
      << ledger->describe();
  EXPECT_TRUE(eventually("it is ready", [&] { return is_ready(*ledger); }))
      << page(*ledger, "/healthz/ready");
  ASSERT_TRUE(world.drains()) << ledger->describe();
  EXPECT_EQ(metric(*ledger, "pawl_retries_total"), 0);
  EXPECT_TRUE(world.holds_and_gave_nothing_up());
}

}  // namespace
}  // namespace pawl::test
