// A minute in which somebody keeps terminating our connections and somebody else writes our rows.
#include <gtest/gtest.h>

#include <random>

#include "crash/foreign_writer.h"
#include "crash/world.h"
#include "support/eventually.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kMinute = 60s;
constexpr auto kBetween = 130ms;
constexpr std::int64_t kAccounts = 50;
constexpr std::uint64_t kAhead = 4'000;  // commands that wait at most

class LostBackendsTest : public testing::Test {
 protected:
  /// One of the ledger's connections (engine, relay, rotation), any.
  bool terminate_one() {
    return world_.database()
               .execute(R"(
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'pawl%' ORDER BY random() LIMIT 1)")
               .rows() == 1;
  }
  bool move_some_cent() {
    const auto debit = 1 + static_cast<std::int64_t>(random_() % kAccounts);
    return move_a_cent(world_.database(), debit, debit % kAccounts + 1);
  }
  World world_{{.in_flight = 2, .accounts = kAccounts}};
  std::mt19937_64 random_{seed()};
};

TEST_F(LostBackendsTest, AMinuteOfTerminatedBackendsAndAForeignWriter) {
  world_.produce(0);
  const auto ledger = world_.start_ledger();
  ASSERT_TRUE(world_.drains()) << ledger->describe();
  int terminated = 0, moved = 0;
  const auto disturb = [&] {
    if (world_.produced() < static_cast<std::uint64_t>(world_.received()) + kAhead)
      world_.produce(500);
    terminated += terminate_one() ? 1 : 0;
    moved += move_some_cent() ? 1 : 0;
  };
  keep_doing(disturb, kBetween, kMinute);
  ASSERT_TRUE(world_.drains()) << ledger->describe();
  EXPECT_TRUE(ledger->running());
  EXPECT_GT(terminated, 100);
  EXPECT_GT(moved, 100);
  EXPECT_GT(world_.produced(), 5'000U);
  EXPECT_TRUE(world_.holds_and_gave_nothing_up());
  RecordProperty("terminated", terminated);
  RecordProperty("foreign_moves", moved);
  RecordProperty("commands", static_cast<int>(world_.produced()));
}

}  // namespace
}  // namespace pawl::test
