// A worker that lost its lanes cannot commit, whatever it believes.
#include "behaviour/engine_fixture.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

class Fencing : public EngineTest {
 protected:
  void SetUp() override {
    start();
    open_accounts(3);
  }
};

TEST_P(Fencing, ABatchOfAStolenLaneDoesNotCommit) {
  worker().store().hold_next(Step::claim);
  deliver(transfer(1, 1, 2, 10));
  worker().run_until_held();
  ASSERT_TRUE(world().steal(lane(0)));
  worker().store().let_go();
  run();
  EXPECT_EQ(ending(1), std::nullopt);
  EXPECT_EQ(balance(2), 0);
  EXPECT_EQ(worker().metric("pawl_fenced_batches_total"), 1);
  EXPECT_EQ(worker().metric("pawl_lanes_lost_total"), 1);
}

TEST_P(Fencing, TheOtherLanesGoOn) {
  ASSERT_TRUE(world().steal(lane(0)));
  deliver(transfer(1, 1, 2, 10), 0);
  deliver(transfer(2, 1, 2, 1), 1);
  deliver(transfer(3, 1, 2, 2), 2);
  run();
  EXPECT_EQ(balance(2), 3);
  EXPECT_EQ(ending(1), std::nullopt);
}

TEST_P(Fencing, ALaneThatKafkaStillAssignsToUsIsTakenAgain) {
  ASSERT_TRUE(world().steal(lane(0)));
  deliver(transfer(1, 1, 2, 10), 0);
  run();
  ASSERT_EQ(ending(1), std::nullopt);
  pass(20s);
  run();
  EXPECT_EQ(balance(2), 10);
  EXPECT_TRUE(drained());
}

TEST_P(Fencing, WhileTheGroupRebalancesALostLaneIsNotTakenBack) {
  worker().intake().settle(false);
  ASSERT_TRUE(world().steal(lane(0)));
  deliver(transfer(1, 1, 2, 10), 0);
  deliver(transfer(2, 1, 2, 1), 1);
  run();
  pass(60s);
  run();
  EXPECT_EQ(ending(1), std::nullopt);
  EXPECT_EQ(balance(2), 1) << "its other lanes go on";
  worker().intake().settle(true);
  run();
  EXPECT_EQ(balance(2), 11) << "the group stands by it";
}

TEST_P(Fencing, ASuccessorTakesOverWhileABatchIsInFlight) {
  worker().store().hold_next_commit_back();
  deliver(transfer(1, 1, 2, 10));
  worker().run_until_held();
  deliver(transfer(2, 1, 2, 1));
  run();
  const auto successor = make_worker();
  successor->intake().assign(all_lanes());
  successor->run();
  EXPECT_EQ(balance(2), 11);
  worker().store().let_go();  // the frozen process goes on
  run();
  pass(2s);
  run();
  worker().intake().revoke(true);
  run();
  EXPECT_TRUE(worker().intake().answered());
  deliver(transfer(3, 1, 2, 100));
  successor->run();
  EXPECT_EQ(balance(2), 111);
  EXPECT_EQ(count(&PositionRow::duplicate), 0);
}

TEST_P(Fencing, TwoProcessesThatBothBelieveToOwnTheLanes) {
  const auto rival = make_worker();
  rival->intake().assign(all_lanes());
  rival->run();
  for (int n = 1; n <= 60; ++n) {
    deliver(transfer(n, 1, 2, 1), n % 3);
    (n % 2 == 0 ? *rival : worker()).run();
    if (n % 10 == 0) pass(20s);  // both take the lanes again and again
  }
  pass(20s);
  rival->run();
  run();
  rival->run();
  EXPECT_TRUE(drained());
  EXPECT_EQ(balance(2), 60);
  EXPECT_EQ(count(&PositionRow::duplicate), 0);
}

TEST_P(Fencing, AnOldOwnerDoesNotMoveASuccessorsPosition) {
  const auto successor = make_worker();
  successor->intake().assign(all_lanes());
  successor->run();
  for (int n = 1; n <= 5; ++n) deliver(transfer(n, 1, 2, 1));
  successor->run();
  run();  // the old owner reads the same records from its own source
  EXPECT_EQ(balance(2), 5);
  EXPECT_EQ(position(0).next_offset, 8);
  pass(20s);
  run();  // and takes the lane again
  EXPECT_EQ(position(0).next_offset, 8);
  EXPECT_EQ(count(&PositionRow::duplicate), 0);
}

TEST_P(Fencing, LanesAreTakenAgainWhileACommitIsWaitedFor) {
  ASSERT_TRUE(world().steal(lane(2)));
  deliver(transfer(1, 1, 2, 1), 2);
  run();
  deliver(transfer(4, 1, 2, 1000));  // after a recovery the first commands go one batch at a time
  run();
  worker().store().hold_next(Step::commit);
  deliver(transfer(2, 1, 2, 10), 0);
  worker().run_until_held();
  worker().store().fail_next(Step::save,
                             Failure(Remedy::rerun_now, "40001", "serialization failure"));
  deliver(transfer(3, 1, 2, 100), 1);
  run();
  pass(20s);
  run();
  EXPECT_TRUE(drained());
  EXPECT_EQ(balance(2), 1111);
  EXPECT_EQ(count(&PositionRow::duplicate), 0);
}

PAWL_ON_ALL_DATABASES(Fencing);

}  // namespace
}  // namespace pawl::test
