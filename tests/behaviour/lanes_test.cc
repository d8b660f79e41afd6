// Partitions come and go.
#include <gmock/gmock.h>

#include "behaviour/engine_fixture.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

class Lanes : public EngineTest {
 protected:
  void start_with_accounts() {
    start();
    open_accounts(3);
  }
};

TEST_P(Lanes, AnAssignmentIsAnsweredAndTaken) {
  start();
  EXPECT_TRUE(worker().intake().answered());
  EXPECT_EQ(worker().status().lanes.size(), 3U);
  EXPECT_EQ(worker().intake().sources(), 3);
  EXPECT_EQ(world().positions().size(), 3U);
}

TEST_P(Lanes, AnEmptyAssignmentIsAnsweredToo) {
  start();
  worker().intake().revoke();
  run();
  worker().intake().assign({});
  run();
  EXPECT_TRUE(worker().intake().answered());
  EXPECT_TRUE(worker().status().lanes.empty());
}

TEST_P(Lanes, ARevocationIsAnsweredAtOnceWhenNothingIsInFlight) {
  start_with_accounts();
  worker().intake().revoke();
  run();
  EXPECT_TRUE(worker().intake().answered());
  EXPECT_EQ(worker().intake().sources(), 0);
  EXPECT_TRUE(worker().status().lanes.empty());
}

TEST_P(Lanes, ARevocationWaitsForBatchesInFlight) {
  start_with_accounts();
  worker().store().hold_next(Step::commit);
  deliver(transfer(1, 1, 2, 10));
  worker().run_until_held();
  deliver(transfer(2, 1, 2, 1));
  run();
  worker().intake().revoke();
  run();
  EXPECT_FALSE(worker().intake().answered());
  worker().store().let_go();
  run();
  EXPECT_TRUE(worker().intake().answered());
  EXPECT_EQ(balance(2), GetParam().in_flight == 2 ? 11 : 10);
  EXPECT_EQ(worker().store().rollbacks(), 0);
}

TEST_P(Lanes, ARevocationDoesNotWaitForEver) {
  start_with_accounts();
  worker().store().hold_next_commit_back();
  deliver(transfer(1, 1, 2, 10));
  worker().run_until_held();
  worker().intake().revoke();
  run();
  pass(settings().release_budget);
  run();
  EXPECT_TRUE(worker().intake().answered());
  EXPECT_EQ(worker().intake().sources(), 0);
  worker().intake().assign(all_lanes());
  run();
  EXPECT_EQ(balance(2), 10);
  EXPECT_TRUE(drained());
}

TEST_P(Lanes, LostLanesAreDroppedAtOnce) {
  start_with_accounts();
  worker().store().hold_next(Step::commit);
  deliver(transfer(1, 1, 2, 10));
  worker().run_until_held();
  worker().intake().revoke(true);
  run();
  EXPECT_TRUE(worker().intake().answered());
  kill();
  start();
  EXPECT_EQ(balance(2), 10);
  EXPECT_TRUE(drained());
}

TEST_P(Lanes, ARevocationWhileTheDatabaseIsAway) {
  start_with_accounts();
  deliver(transfer(1, 1, 2, 10));
  worker().store().cut();
  worker().store().be_away(1000);
  run();
  worker().intake().revoke();
  run();
  EXPECT_TRUE(worker().intake().answered());
}

TEST_P(Lanes, AnAssignmentThatIsRevokedBeforeItCouldBeTaken) {
  start_with_accounts();
  worker().intake().revoke();
  run();
  worker().store().be_away(3);
  worker().intake().assign(all_lanes());
  run();
  worker().intake().revoke();
  run();
  EXPECT_TRUE(worker().intake().answered());
  worker().intake().assign(all_lanes());
  for (int i = 0; i < 5; ++i) {
    run();
    pass(settings().probing.delay_max);
  }
  EXPECT_TRUE(worker().intake().answered());
  deliver(transfer(1, 1, 2, 10));
  run();
  EXPECT_EQ(balance(2), 10);
}

TEST_P(Lanes, AssignmentsFollowEachOther) {
  start_with_accounts();
  for (int n = 1; n <= 12; ++n) {
    deliver(transfer(n, 1, 2, 1), n % 3);
    worker().intake().revoke(n % 5 == 0);
    worker().intake().assign({lane(n % 3)});
    run();
  }
  worker().intake().revoke();
  worker().intake().assign(all_lanes());
  run();
  EXPECT_EQ(balance(2), 12);
  EXPECT_EQ(count(&PositionRow::duplicate), 0);
}

TEST_P(Lanes, RetriesAndLostLanesDoNotOutliveARevocation) {
  start_with_accounts();
  ASSERT_TRUE(world().steal(lane(1)));
  deliver(transfer(1, 1, 2, 1), 1);
  run();
  worker().intake().revoke();
  worker().intake().assign(all_lanes());
  run();
  EXPECT_EQ(balance(2), 1);
  const int reconnects = worker().store().reconnects();
  pass(60s);
  run();
  EXPECT_EQ(worker().store().reconnects(), reconnects);
}

TEST_P(Lanes, ANewTopicIsReadFromItsBeginning) {
  topics().partitions[lane(0)].begin = 40;  // what was before is not kept any more
  deliver(open(1, 50));
  start();
  EXPECT_EQ(position(0).start_offset, 40);
  EXPECT_EQ(position(0).next_offset, 41);
  EXPECT_EQ(ending(1), Ending::completed);
}

TEST_P(Lanes, ANewTopicIsReadFromItsEndWhenAsked) {
  settings().start_from = engine::StartFrom::latest;
  deliver(open(1, 50));
  deliver(open(2, 51), 1);
  start();
  EXPECT_EQ(ending(1), std::nullopt);
  EXPECT_EQ(position(0).start_offset, 1);
  deliver(open(3, 52));
  run();
  EXPECT_EQ(ending(3), Ending::completed);
}

// All partitions of a topic count from one moment, whoever reads them.
TEST_P(Lanes, LatestIsTheSameMomentForAllPartitions) {
  settings().start_from = engine::StartFrom::latest;
  const auto first = make_worker();
  first->intake().assign({lane(0)});
  first->run();
  deliver(open(2, 51), 1);
  const auto second = make_worker();
  second->intake().assign({lane(1), lane(2)});
  second->run();
  EXPECT_EQ(ending(2), Ending::completed);
}

TEST_P(Lanes, APartitionAddedLaterStartsAtItsBeginning) {
  settings().start_from = engine::StartFrom::latest;
  start();
  topics().partitions[lane(3)];
  deliver(open(1, 50), 3);
  worker().intake().revoke();
  worker().intake().assign(all_lanes());
  run();
  EXPECT_EQ(position(3).start_offset, 0);
  EXPECT_EQ(ending(1), Ending::completed);
}

TEST_P(Lanes, ARestartGoesOnWhereItWas) {
  settings().start_from = engine::StartFrom::latest;
  start_with_accounts();
  kill();
  deliver(transfer(1, 1, 2, 10));
  start();
  EXPECT_EQ(balance(2), 10);
  EXPECT_EQ(position(0).start_offset, 0);
}

TEST_P(Lanes, ALaneThatCannotBeReadSaysSoAndOthersGoOn) {
  start_with_accounts();
  topics().partitions[lane(1)].stopped = "offset 7 is out of range: set the position by hand";
  deliver(transfer(1, 1, 2, 10), 1);
  deliver(transfer(2, 1, 2, 1), 2);
  run();
  EXPECT_EQ(balance(2), 1);
  const engine::Status status = worker().status();
  ASSERT_EQ(status.lanes.size(), 3U);
  EXPECT_EQ(status.lanes[1].stopped, "offset 7 is out of range: set the position by hand");
  EXPECT_EQ(status.lanes[0].stopped, std::nullopt);
}

TEST_P(Lanes, RecordsWithoutTimestampHaveNoAge) {
  start_with_accounts();
  deliver(transfer(1, 1, 2, 10, "throw"));
  topics().partitions[lane(0)].records.back().timestamp = {};
  run();
  EXPECT_EQ(worker().status().oldest_unprocessed, std::nullopt);
  run_through_retries();
}

PAWL_ON_ALL_DATABASES(Lanes);

}  // namespace
}  // namespace pawl::test
