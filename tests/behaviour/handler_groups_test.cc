// How many handlers share a savepoint, and a batch.
#include <numeric>

#include "behaviour/handlers_fixture.h"

namespace pawl::test {
namespace {

using HandlerGroups = Handlers;

TEST_P(HandlerGroups, NoMoreSavepointsThanATransactionHoldsWell) {
  constexpr int kCommands = 300;
  for (int n = 0; n < kCommands; ++n) {
    deliver(close(100 + n, 1, n % 2 == 0 ? "reject" : "2" + std::to_string(100 + n) + "-01"));
  }
  run();
  EXPECT_EQ(count(&PositionRow::rejected), kCommands / 2);
  EXPECT_EQ(statements().size(), kCommands / 2);
  const std::int64_t savepoints =
      database().execute("SELECT count(DISTINCT xmin::text) FROM ledger.statement").integer(0, 0);
  EXPECT_GT(savepoints, 64) << "each stands between two that are rolled back";
  EXPECT_LE(savepoints, 64 * batches());
}

TEST_P(HandlerGroups, ManyShareASavepoint) {
  constexpr int kCommands = 200;
  for (int n = 0; n < kCommands; ++n) {
    deliver(close(100 + n, 1 + n % 3, "2" + std::to_string(100 + n) + "-01"), n % 3);
  }
  run();
  EXPECT_EQ(count(&PositionRow::completed), kCommands + 3);
  EXPECT_EQ(batches(), 1);
  const std::int64_t savepoints =
      database().execute("SELECT count(DISTINCT xmin::text) FROM ledger.statement").integer(0, 0);
  EXPECT_LT(savepoints, 20);
}

TEST_P(HandlerGroups, OneThatFailsAmongManyIsNotRunAgainWithThem) {
  constexpr int kCommands = 100;
  constexpr int kBad = 150;
  for (int n = 100; n < 100 + kCommands; ++n)
    deliver(close(n, 1, n == kBad ? "bad row" : "2" + std::to_string(n) + "-01"));
  run();
  expect_dead(kBad, "database", "23514");
  EXPECT_EQ(decided(kBad), 1);
  EXPECT_EQ(decided(kBad - 1), 2);
  EXPECT_EQ(decided(kBad + 1), 1);
  EXPECT_EQ(statements().size(), kCommands - 1);
  EXPECT_EQ(batches(), 1);
}

TEST_P(HandlerGroups, SlowOnesAreNotClaimedForNothing) {
  moods().slow = [this] { pass(std::chrono::milliseconds{60}); };
  constexpr int kCommands = 60;
  for (int n = 10; n < 10 + kCommands; ++n) deliver(close(n, 1, "slow"));
  run();
  EXPECT_EQ(count(&PositionRow::received), kCommands + 3);
  const std::vector<std::size_t>& claims = worker().store().claims();
  EXPECT_LT(std::accumulate(claims.begin(), claims.end(), std::size_t{0}), 3 * kCommands)
      << "of which the first batch claims " << kCommands;
}

TEST_P(HandlerGroups, SlowOnesEndTheirBatch) {
  moods().slow = [this] { pass(std::chrono::milliseconds{60}); };
  for (int n = 10; n < 15; ++n) deliver(close(n, n, "slow"), n % 2);
  deliver(close(15, 2, "2026-11"));
  deliver(transfer(16, 1, 2, 10), 1);
  for (const int n : {10, 11, 12, 13, 14}) deliver(open(20 + n, n), 2);
  run();
  EXPECT_EQ(count(&PositionRow::completed) + count(&PositionRow::rejected), 15);
  EXPECT_EQ(balance(2), 10);
  for (int n = 10; n < 15; ++n) EXPECT_EQ(decided(n), 1);
  EXPECT_GE(batches(), 3) << "two of them take longer than handlers may in one transaction";
}

PAWL_ON_POSTGRES(HandlerGroups);

}  // namespace
}  // namespace pawl::test
