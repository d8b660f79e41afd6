// Somebody else writes our rows. What was decided on an old state does not commit; decided again,
// it is right.
#include "behaviour/engine_fixture.h"

namespace pawl::test {
namespace {

class Conflicts : public EngineTest {
 protected:
  void SetUp() override {
    start();
    open_accounts(3);
  }
};

TEST_P(Conflicts, AChangedRowIsReadAgain) {
  deliver(transfer(1, 1, 2, 100));
  run();
  ASSERT_TRUE(world().foreign_transfer(2, 3, 30));
  deliver(transfer(2, 2, 3, 10));
  run();
  EXPECT_EQ(balance(2), 60);
  EXPECT_EQ(balance(3), 40);
  EXPECT_EQ(version(2), 4);
  EXPECT_GE(worker().metric("pawl_conflicts_total"), 1);
  EXPECT_TRUE(worker().store().locked());
}

TEST_P(Conflicts, ARowChangedWhileTwoBatchesRestOnIt) {
  worker().store().hold_next(Step::claim);
  deliver(transfer(1, 1, 2, 100));
  worker().run_until_held();
  ASSERT_TRUE(world().foreign_transfer(1, 2, 7));
  worker().store().let_go();
  worker().step();
  deliver(transfer(2, 2, 3, 50));
  run();
  EXPECT_EQ(balance(1), -107);
  EXPECT_EQ(balance(2), 57);
  EXPECT_EQ(balance(3), 50);
}

// The rejection rests on an account that is rich by now.
TEST_P(Conflicts, ARejectionOnAnOldStateDoesNotCommit) {
  deliver(open(1, 50, 0));
  run();
  ASSERT_TRUE(world().foreign_transfer(1, 50, 500));
  deliver(transfer(2, 50, 2, 400));
  run();
  EXPECT_EQ(ending(2), Ending::completed);
  EXPECT_EQ(balance(50), 100);
}

TEST_P(Conflicts, ARejectionForARowThatIsThereByNow) {
  worker().store().hold_next(Step::claim);
  deliver(transfer(1, 1, 50, 10));
  worker().run_until_held();
  world().foreign_open(50, 0);
  worker().store().let_go();
  run();
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(balance(50), 10);
}

TEST_P(Conflicts, ARowThatSomebodyElseAddedFirst) {
  worker().store().hold_next(Step::claim);
  deliver(open(1, 50));
  worker().run_until_held();
  world().foreign_open(50, 0);
  worker().store().let_go();
  run();
  EXPECT_EQ(code(1), "account_exists");
}

TEST_P(Conflicts, AbsenceIsNotRemembered) {
  deliver(transfer(1, 1, 50, 10));
  run();
  ASSERT_EQ(code(1), "account_not_found");
  world().foreign_open(50, 0);
  deliver(transfer(2, 1, 50, 10));
  run();
  EXPECT_EQ(ending(2), Ending::completed);
  EXPECT_EQ(worker().metric("pawl_conflicts_total"), 0);
}

// `state = "owned"` promises that nobody else writes: then a rejection rests on memory alone.
TEST_P(Conflicts, OwnedStatesAreNotChecked) {
  settings().sharing = engine::StateSharing::owned;
  kill();
  start();
  deliver(open(1, 50, 0));
  run();
  ASSERT_TRUE(world().foreign_transfer(1, 50, 500));
  deliver(transfer(2, 50, 2, 400));
  run();
  EXPECT_EQ(ending(2), Ending::rejected);
}

TEST_P(Conflicts, AForeignWriterInEveryBatch) {
  for (int n = 1; n <= 60; ++n) {
    deliver(transfer(n, 1 + n % 3, 1 + (n + 1) % 3, n), n % 3);
    if (n % 3 != 0) continue;
    for (int i = 0; i < n % 5; ++i) worker().step();
    (void)world().foreign_transfer(1, 2, 1);
  }
  run();
  EXPECT_TRUE(drained());
  EXPECT_EQ(count(&PositionRow::completed), 63);
}

// After a few conflicts rows are locked as they are loaded: nobody can change them under a batch.
TEST_P(Conflicts, ManyConflictsLockTheRowsForAWhile) {
  for (int n = 1; n <= engine::LockedMode::kConflictsMax; ++n) {
    ASSERT_TRUE(world().foreign_transfer(1, 2, 1));
    deliver(transfer(n, 1, 2, 1));
    run();
  }
  EXPECT_EQ(worker().metric("pawl_locked_mode"), 1);
  const auto conflicts = worker().metric("pawl_conflicts_total");
  for (int n = 11; n <= 13; ++n) {
    pass(engine::LockedMode::kPeace * 3 / 4);
    ASSERT_TRUE(world().foreign_transfer(1, 2, 1));
    deliver(transfer(n, 1, 2, 1));
    run();
    EXPECT_EQ(worker().metric("pawl_locked_mode"), 1) << "others still write";
  }
  EXPECT_EQ(worker().metric("pawl_conflicts_total"), conflicts);

  pass(engine::LockedMode::kPeace);
  deliver(transfer(14, 1, 2, 1));
  run();
  EXPECT_EQ(worker().metric("pawl_locked_mode"), 0);
  EXPECT_EQ(balance(2), 6 + 7);
}

TEST_P(Conflicts, SharedStatesAreAlwaysLocked) {
  settings().sharing = engine::StateSharing::shared;
  kill();
  start();
  for (int n = 1; n <= 5; ++n) {
    ASSERT_TRUE(world().foreign_transfer(1, 2, 1));
    deliver(transfer(n, 1, 2, 1));
    run();
  }
  EXPECT_EQ(worker().metric("pawl_conflicts_total"), 0);
  EXPECT_EQ(worker().store().open_max(), 1);
  EXPECT_EQ(balance(2), 10);
}

// Batch k reads a row, batch k+1 writes it: k's check must not wait for k+1's lock, which waits for
// k.
TEST_P(Conflicts, ARowReadByOneBatchAndWrittenByTheNext) {
  settings().batch_commands_max = 2;
  kill();
  start();
  for (int n = 0; n < 200; ++n)
    deliver(transfer(n, 1, 2, n % 4 < 2 ? 5'000'000 : 1));  // two rejected, two completed
  run();
  EXPECT_EQ(count(&PositionRow::rejected), 100);
  EXPECT_EQ(balance(2), 100);
  EXPECT_EQ(worker().store().rollbacks(), 0);
  EXPECT_EQ(worker().store().reconnects(), 1);
}

TEST_P(Conflicts, AHotRowPassesFromBatchToBatchInMemory) {
  settings().batch_commands_max = 5;
  kill();
  start();
  for (int n = 1; n <= 300; ++n) deliver(transfer(n, 1, 2, 1), n % 3);
  run();
  EXPECT_EQ(balance(2), 300);
  EXPECT_EQ(version(2), 301);
  EXPECT_EQ(worker().metric("pawl_conflicts_total"), 0);
  EXPECT_EQ(worker().store().rollbacks(), 0);
  EXPECT_EQ(worker().store().open_max(), GetParam().in_flight);
}

PAWL_ON_ALL_DATABASES(Conflicts);

}  // namespace
}  // namespace pawl::test
