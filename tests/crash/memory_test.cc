// A million commands wait, messages of 1 MiB among them, and the database stands still for a while:
// the worker holds no more than its budget says (ARCHITECTURE, "Memory").
#include <gtest/gtest.h>

#include "crash/world.h"
#include "support/eventually.h"
#include "support/process_figures.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

using command_publisher::LoadGenerator;
using command_publisher::LoadShape;
using namespace std::chrono_literals;

constexpr double kBudgetMib = 256;
constexpr std::uint64_t kCommands = 1'000'000;
constexpr std::uint64_t kLarge = 200;
constexpr std::size_t kLargeBytes = 1 << 20;
constexpr std::int64_t kAccounts = 10'000;
constexpr auto kDrained = 150s;

class MemoryTest : public testing::TestWithParam<int> {
 protected:
  static LoadShape small() {
    return {.accounts = kAccounts, .duplicates = 0.01, .seed = seed(), .source = "small"};
  }
  // Half of them cannot be decoded: they go the long way, through a dead letter.
  static LoadShape large() {
    return {.accounts = kAccounts,
            .open_accounts = false,
            .garbage = 0.5,
            .seed = seed(),
            .payload_bytes = kLargeBytes,
            .source = "large"};
  }
  static void produce_mixed(World& world) {
    LoadGenerator few{large()};
    LoadGenerator many{small()};
    for (std::uint64_t i = 0; i < kLarge; ++i) {
      world.produce(many, kCommands / kLarge);
      world.produce(few, 1);
    }
  }
  /// Somebody holds every account; the worker's statements wait, and fail after a second.
  static void hold_all_accounts(World& world, std::chrono::milliseconds time) {
    postgres::Connection stranger = world.database().connect();
    stranger.execute({"", "BEGIN"});
    stranger.execute({"", "LOCK TABLE ledger.account IN EXCLUSIVE MODE"});
    stranger.execute({"", "SELECT pg_sleep(" + std::to_string(time.count()) + " / 1000.0)"});
  }
};

TEST_P(MemoryTest, ABacklogStaysInItsBudget) {
  World world{{.in_flight = 2,
               .partitions = GetParam(),
               .batch_commands = 2'000,
               .topic_configs = {{"max.message.bytes", "4194304"}}}};
  produce_mixed(world);
  const auto ledger =
      world.start_ledger({{"PAWL_KAFKA__PROPERTIES__MESSAGE_MAX_BYTES", "4194304"}});
  ASSERT_TRUE(eventually("it works", [&] { return world.received() > 100'000; }))
      << ledger->describe();
  hold_all_accounts(world, 3s);
  ASSERT_TRUE(world.drains(kDrained)) << ledger->describe();
  const double peak = figures_of(ledger->pid()).peak_rss_mib;
  RecordProperty("peak_rss_mib", std::to_string(peak));
  EXPECT_LE(peak, kBudgetMib);
  EXPECT_EQ(world.database().number("SELECT sum(balance)::bigint FROM ledger.account"), 0);
}

INSTANTIATE_TEST_SUITE_P(Partitions, MemoryTest, testing::Values(8, 64));

}  // namespace
}  // namespace pawl::test
