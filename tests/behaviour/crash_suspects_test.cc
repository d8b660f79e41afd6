// A command whose handler ends the process is found and given up; nobody else is.
#include <gmock/gmock.h>

#include "behaviour/engine_fixture.h"

namespace pawl::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Gt;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class CrashSuspects : public EngineTest {
 protected:
  void SetUp() override {
    // Long waits: chance cannot make one zero.
    retry_with({.attempts_max = 4, .immediate = 0, .backoff = {1'000s, 10'000s}});
    start();
    open_accounts(4);
    give_up();
  }
  /// The process ends as it should.
  void give_up() {
    worker().intake().revoke();
    worker().run();
    kill();
  }
  /// From now on no process survives this command.
  void poison(int n) { moods().deadly.insert(id(n)); }
  void heal(int n) { moods().deadly.erase(id(n)); }
  /// Processes that do not survive what they are given, one after the other, at most `lives_max`,
  /// and then one that does: how many did not.
  int crashes(int lives_max = 20) {
    for (int crashes = 0; crashes < lives_max; ++crashes) {
      start();
      if (!moods().dead) pass_and_run();
      if (!std::exchange(moods().dead, false)) return crashes;
      kill();
    }
    return lives_max;
  }
  /// Until whatever is parked is due.
  void pass_and_run() {
    pass(10'000s);
    run();
  }
  void succeed(int n, int partition = 0) { deliver(transfer(n, 1 + n % 3, 4, 1), partition); }
};

TEST_P(CrashSuspects, TheThirdCrashUnderAMarkMakesADeadLetter) {
  for (int n = 1; n <= 30; ++n) succeed(n);
  poison(15);
  // In a batch, unmarked; in a batch, marked; alone twice.
  EXPECT_EQ(crashes(), 4);
  ASSERT_THAT(world().dead_letters(), SizeIs(1));
  const DeadRow letter = world().dead_letters()[0];
  EXPECT_EQ(letter.message_id, uuid(15));
  EXPECT_EQ(letter.failure_class, "crashed");
  EXPECT_EQ(letter.attempts, 3);
  EXPECT_EQ(position(0).exhausted, 1);
  EXPECT_EQ(balance(4), 29);
}

// By something else, as SIGKILL does: the giving up is a batch like all others.
TEST_P(CrashSuspects, WhoDiesWhileGivingUpIsFollowedByOneWhoDoesIt) {
  int n = 0;
  for (const Step step : {Step::claim, Step::save, Step::commit}) {
    poison(++n);
    succeed(n);
    succeed(++n);
    EXPECT_EQ(crashes(4), 4);
    auto doomed = make_worker();
    doomed->store().hold_next(step);
    doomed->intake().assign(all_lanes());
    doomed->run_until_held();
    doomed.reset();
    EXPECT_EQ(crashes(), 0);
    give_up();
    EXPECT_THAT(world().dead_letters(), SizeIs(n / 2));
    EXPECT_EQ(balance(4), n / 2);
  }
  EXPECT_EQ(position(0).exhausted, 3);
  for (const DeadRow& letter : world().dead_letters()) EXPECT_EQ(letter.failure_class, "crashed");
}

TEST_P(CrashSuspects, EachOfTwoIsFound) {
  for (int n = 1; n <= 20; ++n) succeed(n);
  poison(7);
  poison(8);
  EXPECT_EQ(crashes(), 7);
  EXPECT_THAT(world().dead_letters(), SizeIs(2));
  EXPECT_EQ(balance(4), 18);
}

TEST_P(CrashSuspects, OtherLanesSuspectNobodyForLong) {
  for (int n = 1; n <= 30; ++n) succeed(n, n % 3);
  poison(15);
  EXPECT_EQ(crashes(), 4);
  EXPECT_THAT(world().dead_letters(), SizeIs(1));
  EXPECT_EQ(balance(4), 29);
}

TEST_P(CrashSuspects, AfterwardsBatchesAreFullAgain) {
  for (int n = 1; n <= 10; ++n) succeed(n);
  poison(5);
  EXPECT_EQ(crashes(), 4);
  for (int n = 11; n <= 30; ++n) succeed(n);
  run();
  EXPECT_EQ(worker().store().claims().back(), 20U);
}

TEST_P(CrashSuspects, NothingIsMarkedAfterACleanEnd) {
  start();
  for (int n = 1; n <= 10; ++n) succeed(n);
  run();
  EXPECT_THAT(worker().store().marks(), IsEmpty());
}

TEST_P(CrashSuspects, AfterEnoughCommandsNothingIsMarkedAnyMore) {
  settings().batch_commands_max = 10;
  start();
  kill();
  start();
  for (int n = 1; n <= 60; ++n) succeed(n);
  run();
  EXPECT_THAT(worker().store().marks(), Each(1));
  const std::size_t marks = worker().store().marks().size();
  EXPECT_THAT(marks, testing::AllOf(Gt(0U), testing::Le(2U)));
}

TEST_P(CrashSuspects, ProcessesThatDieIdleBringNobodyIntoSuspicion) {
  for (int i = 0; i < 5; ++i) {
    start();
    run();
    kill();
  }
  start();
  succeed(1);
  run();
  EXPECT_EQ(balance(4), 1);
  EXPECT_THAT(worker().store().marks(), ElementsAre(1));
}

TEST_P(CrashSuspects, CleanRebalancesOfAnIdleLaneGiveNothingUp) {
  for (int i = 0; i < 4; ++i) {
    start();
    run();
    give_up();
  }
  start();
  succeed(1);
  run();
  EXPECT_EQ(balance(4), 1);
  EXPECT_THAT(world().dead_letters(), IsEmpty());
  EXPECT_THAT(worker().store().marks(), IsEmpty());
}

TEST_P(CrashSuspects, WhatALivingProcessGoesThroughDoesNotCount) {
  succeed(1);
  poison(1);
  EXPECT_EQ(crashes(3), 3);
  heal(1);
  auto other = make_worker();
  other->store().fail_next(Step::save, Failure(Remedy::rerun_now, "40001", "by the test"), 6);
  other->intake().assign(all_lanes());
  other->run();
  EXPECT_THAT(other->store().marks(), testing::AllOf(SizeIs(7), Each(3)));
  EXPECT_EQ(balance(4), 1);
  EXPECT_THAT(world().dead_letters(), IsEmpty());
}

TEST_P(CrashSuspects, ACleanEndForgetsWhatWasSuspected) {
  succeed(1);
  poison(1);
  EXPECT_EQ(crashes(3), 3);
  heal(1);
  start();
  give_up();
  succeed(2);
  start();
  EXPECT_THAT(worker().store().marks(), IsEmpty());
  EXPECT_EQ(balance(4), 2);
}

TEST_P(CrashSuspects, AParkedOneIsFoundToo) {
  start();
  deliver(transfer(1, 1, 4, 1, "throw"));
  run();
  for (int n = 2; n <= 6; ++n) deliver(transfer(n, 1, 4, 1));
  succeed(7);
  run();
  kill();
  poison(1);
  EXPECT_EQ(crashes(), 3);
  ASSERT_THAT(world().dead_letters(), SizeIs(1));
  EXPECT_EQ(world().dead_letters()[0].failure_class, "crashed");
  EXPECT_EQ(balance(4), 6);
  EXPECT_THAT(world().held(), IsEmpty());
}

TEST_P(CrashSuspects, OneBehindAParkedHeadIsFoundToo) {
  start();
  deliver(transfer(1, 1, 4, 1, "throw 2"));
  run();
  pass_and_run();
  for (int n = 2; n <= 6; ++n) deliver(transfer(n, 1, 4, 1));
  run();
  kill();
  poison(4);
  EXPECT_EQ(crashes(), 3);
  ASSERT_THAT(world().dead_letters(), SizeIs(1));
  EXPECT_EQ(world().dead_letters()[0].message_id, uuid(4));
  EXPECT_EQ(balance(4), 5);
}

TEST_P(CrashSuspects, AFailureOfAParkedSuspectIsAnOrdinaryOne) {
  start();
  deliver(transfer(1, 1, 4, 1, "throw 2"));
  run();
  kill();
  poison(1);
  EXPECT_EQ(crashes(2), 2);
  heal(1);
  start();
  pass_and_run();  // it throws
  kill();
  poison(1);
  EXPECT_EQ(crashes(1), 1);
  heal(1);
  start();
  run_through_retries();
  EXPECT_EQ(balance(4), 1);
  EXPECT_THAT(world().dead_letters(), IsEmpty());
}

TEST_P(CrashSuspects, AMarkOfALostLaneIsNotWritten) {
  start();
  kill();
  start();
  succeed(1);
  ASSERT_TRUE(world().steal(lane(0)));
  run();
  EXPECT_THAT(moods().decided, IsEmpty());
  pass(20s);
  run();
  EXPECT_EQ(balance(4), 1);
}

PAWL_ON_ALL_DATABASES(CrashSuspects);

}  // namespace
}  // namespace pawl::test
