// Connections die at every point of a batch's way. Afterwards everything is in once, and nothing
// cost an attempt.
#include "behaviour/engine_fixture.h"

namespace pawl::test {
namespace {

const Failure kLost{Remedy::reconnect_and_rerun, "08006", "connection lost"};

class Recovery : public EngineTest {
 protected:
  void SetUp() override {
    retry_with({.attempts_max = 1});  // one counted attempt would be a dead letter
    start();
    open_accounts(3);
  }
  // Batch k moves money to account 2; batch k+1, if two may be in flight, spends it.
  void two_batches_with_the_first_held() {
    deliver(transfer(1, 1, 2, 100));
    worker().run_until_held();
    deliver(transfer(2, 2, 3, 60));
    deliver(transfer(3, 2, 3, 2'000'000), 1);  // rejected on the state that k made
    run();
    EXPECT_EQ(worker().status().in_flight, static_cast<std::size_t>(GetParam().in_flight));
  }
  void expect_all_in() {
    EXPECT_TRUE(drained());
    EXPECT_EQ(balance(1), -100);
    EXPECT_EQ(balance(2), 40);
    EXPECT_EQ(balance(3), 60);
    EXPECT_EQ(code(3), "insufficient_funds");
    EXPECT_TRUE(world().dead_letters().empty());
    EXPECT_EQ(count(&PositionRow::duplicate), 0);
  }
};

TEST_P(Recovery, ConnectionLostBeforeTheCommitGotThere) {
  worker().store().hold_next_commit_back();
  two_batches_with_the_first_held();
  worker().store().cut();
  run();
  expect_all_in();
  EXPECT_EQ(worker().metric("pawl_unknown_commits_total"), 1);
}

TEST_P(Recovery, ConnectionLostAfterTheCommit) {
  worker().store().hold_next(Step::commit);
  two_batches_with_the_first_held();
  worker().store().cut();
  run();
  expect_all_in();
  EXPECT_EQ(worker().metric("pawl_unknown_commits_total"), 1);
  EXPECT_EQ(worker().metric("pawl_commands_total{consumer=\"ledger\",ending=\"completed\",type="
                            "\"ledger.v1.TransferFunds\""),
            2);
}

TEST_P(Recovery, NoAnswerInTimeCountsAsALostConnection) {
  worker().store().hold_next_commit_back();
  two_batches_with_the_first_held();
  pass(settings().answer_max - std::chrono::seconds{1});
  run();
  EXPECT_FALSE(worker().logged("does not answer"));
  pass(std::chrono::seconds{1});
  run();
  EXPECT_TRUE(worker().logged("does not answer"));
  // The old transaction may hold its locks a little longer; then the next probe gets through.
  for (int probe = 0; probe < 10 && !drained(); ++probe) {
    pass(settings().probing.delay_max);
    run();
  }
  expect_all_in();
}

TEST_P(Recovery, KilledBeforeTheCommitGotThere) {
  worker().store().hold_next_commit_back();
  two_batches_with_the_first_held();
  kill();
  start();
  expect_all_in();
}

TEST_P(Recovery, KilledAfterTheCommit) {
  worker().store().hold_next(Step::commit);
  two_batches_with_the_first_held();
  kill();
  start();
  expect_all_in();
}

TEST_P(Recovery, ACommitThatIsAnsweredByRollback) {
  worker().store().roll_back_next_commit();
  deliver(transfer(1, 1, 2, 1));
  run();
  EXPECT_EQ(balance(2), 1);
  EXPECT_EQ(worker().metric("pawl_unknown_commits_total"), 1);
}

TEST_P(Recovery, LostAgainWhileRecovering) {
  worker().store().hold_next(Step::commit);
  two_batches_with_the_first_held();
  worker().store().cut();
  worker().store().be_away(3);
  run();
  for (int i = 0; i < 5; ++i) {
    pass(settings().probing.delay_max);
    run();
  }
  expect_all_in();
}

TEST_P(Recovery, LostAtEachStep) {
  for (const Step step : {Step::claim, Step::save, Step::fence}) {
    worker().store().fail_next(step, kLost);
    deliver(transfer(10 + static_cast<int>(step), 1, 2, 1));
    run();
    pass(settings().probing.delay_max);
    run();
  }
  EXPECT_EQ(balance(2), 3);
  EXPECT_TRUE(drained());
}

TEST_P(Recovery, CommitsCutOneAfterTheOther) {
  for (int n = 1; n <= 20; ++n) {
    deliver(transfer(n, 1, 2, 1), n % 3);
    if (n % 2 == 0) {
      worker().store().cut_after_commit();
    } else {
      worker().store().cut_before_commit();
    }
    run();
    pass(settings().probing.delay_max);
    run();
  }
  EXPECT_EQ(balance(2), 20);
  EXPECT_TRUE(drained());
  EXPECT_EQ(worker().metric("pawl_unknown_commits_total"), 20);
}

TEST_P(Recovery, NobodysFaultIsRunAgainAtOnce) {
  for (const Step step : {Step::claim, Step::save, Step::fence, Step::commit}) {
    worker().store().fail_next(step, Failure(Remedy::rerun_now, "40P01", "deadlock detected"), 2);
    deliver(transfer(10 + static_cast<int>(step), 1, 2, 1));
    run();
  }
  EXPECT_EQ(balance(2), 4);
  EXPECT_TRUE(drained());
  EXPECT_EQ(worker().store().reconnects(), 1);
}

TEST_P(Recovery, AHeldLockIsWaitedForWithNewConnections) {
  worker().store().fail_next(Step::fence, Failure(Remedy::rerun_now, "55P03", "lock timeout"));
  deliver(transfer(1, 1, 2, 1));
  run();
  EXPECT_EQ(balance(2), 1);
  EXPECT_GT(worker().store().reconnects(), 1);
}

TEST_P(Recovery, ALossWhileNothingIsInFlightIsNoticed) {
  worker().store().cut();
  run();
  EXPECT_EQ(worker().store().reconnects(), 2);
  deliver(transfer(1, 1, 2, 1));
  run();
  EXPECT_EQ(balance(2), 1);
}

// Every reconnect works, and the next batch still fails: no hot loop.
TEST_P(Recovery, AServerThatLosesEveryBatchIsGivenTime) {
  worker().store().fail_next(
      Step::save, Failure(Remedy::reconnect_and_rerun, "53100", "disk full"), 50);
  deliver(transfer(1, 1, 2, 1));
  for (int i = 0; i < 5; ++i) run();
  EXPECT_LE(worker().store().reconnects(), 4);
  EXPECT_TRUE(worker().status().away);
  for (int i = 0; i < 100 && !drained(); ++i) {
    pass(settings().probing.delay_max);
    run();
  }
  EXPECT_EQ(balance(2), 1);
  EXPECT_EQ(worker().status().away, std::nullopt);
}

PAWL_ON_ALL_DATABASES(Recovery);

}  // namespace
}  // namespace pawl::test
