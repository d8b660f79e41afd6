// Somebody cuts every connection to the broker every second, for a minute.
#include <gtest/gtest.h>

#include "crash/ledger_process.h"
#include "crash/world.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kMinute = 60s;
constexpr std::uint64_t kAhead = 4'000;  // commands that wait at most
constexpr auto kStandstillMax = 15s;

TEST(CutBrokerTest, AMinuteOfCutsKeepsOrderAndLosesNothing) {
  TcpGate gate;
  KafkaServer kafka;
  kafka.put_behind(gate);
  kafka.start();
  World world{{.in_flight = 2, .kafka = &kafka, .kafka_gate = &gate}};
  world.produce(2'000);
  const auto ledger = world.start_ledger();
  ASSERT_TRUE(eventually("it works", [&] { return world.received() > 1'000; }))
      << ledger->describe();
  std::size_t cut = 0;
  std::int64_t received = 0;
  auto moved_at = std::chrono::steady_clock::now();
  std::chrono::steady_clock::duration standstill{};
  keep_doing(
      [&] {
        cut += gate.connections();
        gate.cut();
        if (world.produced() < static_cast<std::uint64_t>(world.received()) + kAhead)
          world.produce(500);
        const auto now = std::chrono::steady_clock::now();
        if (world.received() > received) moved_at = now;
        received = world.received();
        standstill = std::max(standstill, now - moved_at);
      },
      1s,
      kMinute);
  EXPECT_LT(standstill, kStandstillMax) << ledger->describe();
  ASSERT_TRUE(world.drains()) << ledger->describe();
  EXPECT_TRUE(ledger->running());
  EXPECT_GT(cut, 100U);
  EXPECT_GT(world.produced(), 10'000U);
  EXPECT_TRUE(eventually("it is ready", [&] { return is_ready(*ledger); }))
      << page(*ledger, "/healthz/ready");
  EXPECT_EQ(metric(*ledger, "pawl_retries_total"), 0);
  EXPECT_TRUE(world.holds_and_gave_nothing_up());
  RecordProperty("cut", static_cast<int>(cut));
  RecordProperty("commands", static_cast<int>(world.produced()));
}

}  // namespace
}  // namespace pawl::test
