// The same message id again: takes no second effect, wherever it comes from.
#include "behaviour/engine_fixture.h"

namespace pawl::test {
namespace {

class Duplicates : public EngineTest {
 protected:
  void SetUp() override {
    start();
    open_accounts(3);
  }
  void expect_one_transfer_and(std::int64_t duplicates) {
    EXPECT_EQ(transferred(), std::vector{1});
    EXPECT_EQ(balance(2), 10);
    EXPECT_EQ(count(&PositionRow::duplicate), duplicates);
    EXPECT_TRUE(drained());
  }
};

TEST_P(Duplicates, InsideABatch) {
  for (int i = 0; i < 3; ++i) deliver(transfer(1, 1, 2, 10));
  run();
  expect_one_transfer_and(2);
}

TEST_P(Duplicates, InTwoLanesOfABatch) {
  for (int partition = 0; partition < 3; ++partition) deliver(transfer(1, 1, 2, 10), partition);
  run();
  expect_one_transfer_and(2);
}

TEST_P(Duplicates, AcrossBatches) {
  deliver(transfer(1, 1, 2, 10));
  run();
  deliver(transfer(1, 1, 2, 10));
  deliver(transfer(1, 1, 2, 10), 1);
  run();
  expect_one_transfer_and(2);
}

TEST_P(Duplicates, WhileTheFirstIsNotYetCommitted) {
  worker().store().hold_next_commit_back();
  deliver(transfer(1, 1, 2, 10));
  worker().run_until_held();
  deliver(transfer(1, 1, 2, 10), 1);
  run();
  worker().store().let_go();
  run();
  expect_one_transfer_and(1);
}

TEST_P(Duplicates, WhileTheFirstIsNotYetCommittedAndNeverWill) {
  worker().store().hold_next_commit_back();
  deliver(transfer(1, 1, 2, 10));
  worker().run_until_held();
  deliver(transfer(1, 1, 2, 10), 1);
  run();
  worker().store().cut();
  run();
  expect_one_transfer_and(1);
}

TEST_P(Duplicates, AfterARestart) {
  deliver(transfer(1, 1, 2, 10));
  run();
  kill();
  start();
  deliver(transfer(1, 1, 2, 10));
  run();
  expect_one_transfer_and(1);
}

TEST_P(Duplicates, OfARejectedCommand) {
  deliver(transfer(1, 1, 99, 10));
  run();
  ASSERT_EQ(ending(1), Ending::rejected);
  deliver(open(2, 99));
  deliver(transfer(1, 1, 99, 10));
  run();
  EXPECT_EQ(ending(1), Ending::rejected);
  EXPECT_EQ(count(&PositionRow::duplicate), 1);
  EXPECT_EQ(events_of(1), std::vector<std::string>{"ledger.v1.CommandRejected"});
}

TEST_P(Duplicates, OfACommandGivenUpOn) {
  deliver(transfer(1, 1, 2, 10, "throw"));
  run_through_retries();
  ASSERT_EQ(ending(1), Ending::exhausted);
  deliver(transfer(1, 1, 2, 10));
  run();
  EXPECT_EQ(count(&PositionRow::duplicate), 1);
  EXPECT_TRUE(transferred().empty());
  EXPECT_EQ(world().dead_letters().size(), 1U);
}

// The first is tried again while the second is already counted as its duplicate.
TEST_P(Duplicates, OfACommandThatWaitsForItsRetry) {
  deliver(transfer(1, 1, 2, 10, "throw 2"));
  deliver(transfer(1, 1, 2, 10, "throw 2"), 1);
  run_through_retries();
  expect_one_transfer_and(1);
}

TEST_P(Duplicates, OfACommandBehindOneThatIsRetried) {
  deliver(transfer(2, 1, 2, 1, "throw 2"));
  deliver(transfer(1, 1, 2, 10));
  run();
  deliver(transfer(1, 1, 2, 10), 1);
  run_through_retries();
  EXPECT_EQ(balance(2), 11);
  EXPECT_EQ(count(&PositionRow::duplicate), 1);
}

TEST_P(Duplicates, OfForeignIds) {
  Command command = transfer(1, 1, 2, 10);
  command.id = "order-17";
  deliver(command);
  deliver(command);
  run();
  deliver(command, 2);
  run();
  EXPECT_EQ(balance(2), 10);
  EXPECT_EQ(count(&PositionRow::duplicate), 2);
}

TEST_P(Duplicates, OfNothingElseStillMoveTheirLane) {
  deliver(transfer(1, 1, 2, 10));
  run();
  const std::int64_t commits = position(0).commits;
  for (int i = 0; i < 5; ++i) deliver(transfer(1, 1, 2, 10));
  run();
  expect_one_transfer_and(5);
  EXPECT_GT(position(0).commits, commits);
}

TEST_P(Duplicates, WithAnotherPayloadTakeNoEffectAndAreCountedApart) {
  deliver(transfer(1, 1, 2, 10));
  deliver(transfer(1, 1, 2, 777));
  run();
  EXPECT_EQ(worker().metric("pawl_payload_mismatch_total"), 1);
  deliver(transfer(1, 1, 2, 778), 1);
  run();
  deliver(transfer(1, 1, 2, 10), 2);
  run();
  expect_one_transfer_and(3);
  EXPECT_EQ(worker().metric("pawl_payload_mismatch_total"), 2);
  EXPECT_TRUE(worker().logged("same message id with another payload"));
}

PAWL_ON_ALL_DATABASES(Duplicates);

}  // namespace
}  // namespace pawl::test
