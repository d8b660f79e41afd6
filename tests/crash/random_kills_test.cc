// The real program, killed at moments that nobody chose, while inbox and outbox rotate.
#include <gtest/gtest.h>

#include <random>

#include "crash/world.h"
#include "pawl/rotation/rotate.h"
#include "support/eventually.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr int kKills = 5;
constexpr std::uint64_t kCommandsEach = 2'500;
constexpr int kInboxRotations = 3;  // a fourth would forget ids that still come as duplicates

class RandomKillsTest : public testing::TestWithParam<int> {
 protected:
  /// Somewhere in the load that is there.
  std::int64_t some_progress(World& world) {
    const auto left = static_cast<std::int64_t>(world.produced()) - world.received();
    return world.received() +
           static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(left));
  }
  static void rotate(World& world, int round) {
    postgres::Connection connection{
        {.url = world.database().url(), .application_name = "rotation", .session = {}}};
    static_cast<void>(rotation::rotate(connection, rotation::Table::outbox, 0ms));
    if (round < kInboxRotations)
      static_cast<void>(rotation::rotate(connection, rotation::Table::inbox, 0ms));
  }
  std::mt19937_64 random_{seed()};
};

TEST_P(RandomKillsTest, LoseNothingAndDoNothingTwice) {
  World world{{.in_flight = GetParam()}};
  for (int round = 0; round < kKills; ++round) {
    world.produce(kCommandsEach);
    const std::int64_t until = some_progress(world);
    const auto ledger = world.start_ledger();
    ASSERT_TRUE(eventually("it has come so far", [&] { return world.received() >= until; }))
        << ledger->describe();
    rotate(world, round);
    ledger->signal(SIGKILL);
  }
  const auto ledger = world.start_ledger();
  ASSERT_TRUE(world.drains()) << ledger->describe();
  EXPECT_TRUE(world.holds());
}

INSTANTIATE_TEST_SUITE_P(InFlight, RandomKillsTest, testing::Values(1, 2));

}  // namespace
}  // namespace pawl::test
