// Somebody else is down: the engine waits, asks now and then, goes on. No command pays for it.
#include "behaviour/engine_fixture.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

class Pausing : public EngineTest {
 protected:
  void SetUp() override {
    retry_with({.attempts_max = 1});
    start();
    open_accounts(3);
  }
  void expect_untouched() {
    EXPECT_TRUE(world().dead_letters().empty());
    EXPECT_EQ(count(&PositionRow::exhausted), 0);
  }
};

TEST_P(Pausing, TheDatabaseIsAway) {
  deliver(transfer(1, 1, 2, 10));
  worker().store().cut();
  worker().store().be_away(6);
  run();
  EXPECT_TRUE(worker().status().away);
  EXPECT_EQ(worker().metric("pawl_paused{consumer=\"ledger\",dependency=\"database\""), 1);
  for (int i = 0; i < 20 && worker().status().away; ++i) {
    const SteadyTime heartbeat = worker().status().heartbeat;
    pass(settings().probing.delay_max);
    run();
    EXPECT_GT(worker().status().heartbeat, heartbeat);
  }
  EXPECT_EQ(worker().status().away, std::nullopt);
  EXPECT_EQ(worker().metric("pawl_paused{consumer=\"ledger\",dependency=\"database\""), 0);
  EXPECT_EQ(balance(2), 10);
  expect_untouched();
}

TEST_P(Pausing, TheDatabaseIsAwayWithBatchesInFlight) {
  worker().store().hold_next_commit_back();
  deliver(transfer(1, 1, 2, 10));
  worker().run_until_held();
  deliver(transfer(2, 1, 2, 1));
  run();
  worker().store().cut();
  worker().store().be_away(4);
  for (int i = 0; i < 10; ++i) {
    run();
    pass(settings().probing.delay_max);
  }
  run();
  EXPECT_EQ(balance(2), 11);
  expect_untouched();
}

TEST_P(Pausing, ProbesComeAtGrowingIntervals) {
  worker().store().cut();
  worker().store().be_away(1000);
  const int before = worker().store().reconnects();
  for (int i = 0; i < 600; ++i) {
    run();
    pass(100ms);
  }
  const int probes = worker().store().reconnects() - before;
  EXPECT_GE(probes, 10);
  EXPECT_LE(probes, 40);
}

TEST_P(Pausing, WhileAwayTheAgeOfTheOldestIsStillKnown) {
  worker().store().cut();
  worker().store().be_away(1000);
  run();
  deliver(transfer(1, 1, 2, 10), 1);
  run();
  EXPECT_TRUE(worker().status().oldest_unprocessed);
}

TEST_P(Pausing, AMissingTableBurnsNothing) {
  world().lose_table("ledger.transfer");
  for (int n = 1; n <= 4; ++n) deliver(transfer(n, 1, 2, 10));
  for (int i = 0; i < 8; ++i) {
    run();
    EXPECT_TRUE(worker().status().away);
    pass(settings().probing.delay_max);
  }
  EXPECT_TRUE(worker().logged("42P01"));
  world().bring_back_table("ledger.transfer");
  pass(settings().probing.delay_max);
  run();
  EXPECT_EQ(worker().status().away, std::nullopt);
  EXPECT_EQ(balance(2), 40);
  expect_untouched();
}

TEST_P(Pausing, ADeadLetterThatCannotBeStoredIsNotLost) {
  worker().store().fail_next(
      Step::save, Failure(Remedy::retry_later, "XX000", "internal error"), 4);
  deliver(transfer(1, 1, 2, 10));
  run();
  EXPECT_TRUE(worker().status().away);
  EXPECT_EQ(position(0).next_offset, 3);
  for (int i = 0; i < 5; ++i) {
    pass(settings().probing.delay_max);
    run();
  }
  EXPECT_EQ(ending(1), Ending::exhausted);
  EXPECT_EQ(world().dead_letters().size(), 1U);
}

TEST_P(Pausing, GarbageThatCannotBeBuriedWaits) {
  worker().store().fail_next(
      Step::save, Failure(Remedy::retry_later, "XX000", "internal error"), 3);
  deliver_garbage("noise");
  for (int i = 0; i < 5; ++i) {
    run();
    pass(settings().probing.delay_max);
  }
  EXPECT_EQ(count(&PositionRow::undecodable), 1);
}

TEST_P(Pausing, TheBrokerIsAwayAtAnAssignment) {
  worker().intake().revoke();
  run();
  topics().partitions[lane(3)];
  topics().away = true;
  worker().intake().assign(all_lanes());
  run();
  EXPECT_TRUE(worker().status().taking);
  EXPECT_FALSE(worker().intake().answered());
  EXPECT_EQ(worker().metric("pawl_paused{consumer=\"ledger\",dependency=\"broker\""), 1);
  EXPECT_EQ(worker().metric("pawl_paused{consumer=\"ledger\",dependency=\"database\""), 0);
  topics().away = false;
  pass(settings().probing.delay_max);
  run();
  EXPECT_FALSE(worker().status().taking);
  EXPECT_EQ(worker().status().lanes.size(), 4U);
}

PAWL_ON_ALL_DATABASES(Pausing);

}  // namespace
}  // namespace pawl::test
