// Handlers fail by chance, so commands are parked, followed, tried again and released, on real
// Kafka and PostgreSQL, while processes die: at each step of a batch that parks or takes from
// there, and by chance beside others, with the rebalances that this brings.
#include <gtest/gtest.h>

#include <random>

#include "crash/crash_port.h"
#include "crash/ledger_process.h"
#include "crash/world.h"
#include "support/eventually.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kCommands = 6'000;
constexpr int kKilled = 128 + 9;
constexpr const char* kFailing = "30";  // one call in so many

// What fails is parked, and due again soon.
const std::map<std::string, std::string> kParking{{"PAWL_RETRY__HANDLER__IMMEDIATE", "0"},
                                                  {"PAWL_RETRY__HANDLER__DELAY_MIN", "20ms"},
                                                  {"PAWL_RETRY__HANDLER__DELAY_MAX", "20ms"}};

class ParkingCrashTest : public testing::TestWithParam<Point> {
 protected:
  std::mt19937_64 random_{seed()};
};

TEST_P(ParkingCrashTest, DiesAndKeysKeepTheirOrder) {
  World world{{.in_flight = 2, .member = "worker", .closings = 0.02}};
  world.produce(kCommands);
  for (int death = 0; death < 2; ++death) {
    // Due heads gather, so there are fewer batches of them.
    const unsigned passes = GetParam() == Point::parked_read ? 3 : 6;
    const std::string pass = std::to_string(1 + random_() % passes);
    SCOPED_TRACE("killed at pass " + pass);
    const auto doomed = world.start_crash_worker({"--failing",
                                                  kFailing,
                                                  "--at",
                                                  std::string(to_string(GetParam())),
                                                  "--harm",
                                                  "kill",
                                                  "--pass",
                                                  pass},
                                                 kParking);
    ASSERT_EQ(doomed->wait(30s), kKilled) << doomed->describe();
    ASSERT_NE(world.unfinished(), "");
    world.end_relay_turn();
  }
  const auto worker = world.start_crash_worker({"--failing", kFailing}, kParking);
  ASSERT_TRUE(world.drains()) << worker->describe();
  EXPECT_GT(times_said(*worker, "it will be tried again"), 0U);
  EXPECT_TRUE(world.holds_and_gave_nothing_up());
}

INSTANTIATE_TEST_SUITE_P(CrashTable,
                         ParkingCrashTest,
                         testing::Values(Point::parked_read,
                                         Point::before_save,
                                         Point::before_commit,
                                         Point::commit_sent,
                                         Point::committed),
                         [](const auto& each) { return std::string(to_string(each.param)); });

TEST(ParkingStorm, FailuresKillsAndRebalancesTogether) {
  std::mt19937_64 random{seed()};
  World world{{.in_flight = 2}};
  std::vector<std::unique_ptr<Process>> workers(2);
  for (int round = 0; round < 5; ++round) {
    auto& worker = workers[random() % workers.size()];
    if (worker) worker->signal(SIGKILL);
    worker = world.start_crash_worker({"--failing", kFailing}, kParking);
    world.produce(3'000);
    const auto until = static_cast<std::int64_t>(world.produced()) - 1'500;
    ASSERT_TRUE(eventually(
        "they have come so far", [&] { return world.received() >= until; }, 60s))
        << worker->describe();
  }
  ASSERT_TRUE(world.drains(90s));
  std::size_t failures = 0;
  for (const auto& worker : workers) {
    if (worker) failures += times_said(*worker, "it will be tried again");
  }
  EXPECT_GT(failures, 0U);
  EXPECT_TRUE(world.holds_and_gave_nothing_up());
}

}  // namespace
}  // namespace pawl::test
