// What an operator pauses waits, all else goes on; resumed, it goes on in order where it was.
#include <gmock/gmock.h>

#include "behaviour/engine_fixture.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

constexpr const char* kTransferType = "ledger.v1.TransferFunds";
constexpr const char* kOpen = "ledger.v1.OpenAccount";

class RunControl : public EngineTest {
 protected:
  void SetUp() override {
    // Long waits: chance cannot make one zero.
    retry_with({.attempts_max = 4, .immediate = 0, .backoff = {1'000s, 10'000s}});
    start();
    open_accounts(4);
  }
  void restart() {
    kill();
    start();
  }
  static Pause all() { return {}; }
  static Pause partition(int number) { return {.lane = lane(number)}; }
  static Pause type(const char* name) { return {.type = name}; }
  void move_money(int n, std::int64_t from, int partition = 0, const std::string& memo = "") {
    deliver(transfer(n, from, 4, 1, memo), partition);
  }
  void resume_and_run() {
    pause({});
    run();
  }
  /// Its thread sleeps, instead of looking at what may not be done.
  void expect_rest() { EXPECT_GE(worker().idle_for(), 100ms); }
};

TEST_P(RunControl, APausedConsumerTakesNothing) {
  pause({all()});
  for (int n = 1; n <= 3; ++n) move_money(n, 1, n % 3);
  run();
  EXPECT_THAT(transferred(), IsEmpty());
  EXPECT_EQ(position(0).next_offset, 4);
  expect_rest();
  resume_and_run();
  EXPECT_EQ(balance(4), 3);
}

TEST_P(RunControl, OnlyThePausedPartitionWaits) {
  pause({partition(1)});
  for (int n = 1; n <= 3; ++n) move_money(n, 1, n % 3);
  run();
  EXPECT_EQ(balance(4), 2);
  EXPECT_EQ(ending(1), std::nullopt);
  EXPECT_TRUE(worker().status().lanes.at(1).paused);
  EXPECT_FALSE(worker().status().lanes.at(0).paused);
  resume_and_run();
  EXPECT_EQ(balance(4), 3);
}

TEST_P(RunControl, WhatWaitsInAPausedLaneIsSeenToWait) {
  pause({all()});
  move_money(1, 1);
  run();
  EXPECT_TRUE(worker().status().oldest_unprocessed.has_value());
  resume_and_run();
  EXPECT_FALSE(worker().status().oldest_unprocessed.has_value());
}

// What was taken ahead and had not begun goes back.
TEST_P(RunControl, WhatIsInFlightEndsAndNoMore) {
  worker().store().hold_next(Step::save);
  move_money(1, 1);
  worker().run_until_held();
  move_money(2, 1);
  worker().step();
  pause({all()});
  move_money(3, 1);
  worker().step();
  worker().store().let_go();
  run();
  EXPECT_EQ(ending(1), Ending::completed);
  if (settings().in_flight == 1) {
    EXPECT_EQ(ending(2), std::nullopt) << "it had been taken ahead, and had not begun";
  }
  EXPECT_EQ(ending(3), std::nullopt);
  resume_and_run();
  EXPECT_THAT(transferred(), ElementsAre(1, 2, 3));
}

TEST_P(RunControl, ItIsObeyedByAProcessThatStartsLater) {
  pause({all()});
  move_money(1, 1);
  restart();
  EXPECT_THAT(transferred(), IsEmpty());
  resume_and_run();
  EXPECT_EQ(balance(4), 1);
}

TEST_P(RunControl, AParkedHeadOfAPausedLaneIsNotDue) {
  move_money(1, 1, 0, "throw 2");
  run();
  pause({partition(0)});
  pass(10'000s);
  run();
  EXPECT_EQ(decided(1), 1);
  expect_rest();
  resume_and_run();
  EXPECT_EQ(decided(1), 2);
  run_through_retries();
}

TEST_P(RunControl, APausedTypeHoldsItsKeysAndNoOthers) {
  pause({type(kOpen)});
  deliver(open(1, 1));  // it exists: will be rejected
  move_money(2, 1);
  move_money(3, 2);
  run();
  EXPECT_THAT(transferred(), ElementsAre(3));
  const auto held = world().held();
  ASSERT_THAT(held, SizeIs(1));
  EXPECT_EQ(held[0].attempts, 0);
  EXPECT_THAT(held[0].parked, ElementsAre(uuid(1), uuid(2)));
  expect_rest();
  pass(10'000s);
  run();
  EXPECT_EQ(ending(1), std::nullopt);
  resume_and_run();
  EXPECT_EQ(ending(1), Ending::rejected);
  EXPECT_THAT(transferred(), ElementsAre(3, 2));
  EXPECT_EQ(worker().metric("pawl_retries_total"), 0);
  EXPECT_THAT(world().held(), IsEmpty());
}

TEST_P(RunControl, APausedTypeOfOnePartitionRunsInOthers) {
  pause({{.lane = lane(1), .type = kTransferType}});
  move_money(1, 1, 1);
  move_money(2, 1, 2);
  run();
  EXPECT_THAT(transferred(), ElementsAre(2));
  EXPECT_EQ(position(1).parked, 1);
  resume_and_run();
  EXPECT_THAT(transferred(), ElementsAre(2, 1));
}

TEST_P(RunControl, AHeadThatBecomesOneOfAPausedTypeWaits) {
  move_money(1, 1, 0, "throw 2");
  deliver(open(2, 1));
  move_money(3, 1);
  run();
  pause({type(kOpen)});
  for (int i = 0; i < 2; ++i) {
    pass(10'000s);
    run();
  }
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(ending(2), std::nullopt);
  EXPECT_EQ(position(0).parked, 2);
  expect_rest();
  resume_and_run();
  EXPECT_THAT(transferred(), ElementsAre(1, 3));
}

TEST_P(RunControl, AFailedHeadOfAPausedTypeKeepsItsAttempts) {
  move_money(1, 1, 0, "throw");
  run();
  pause({type(kTransferType)});
  pass(10'000s);
  run();
  EXPECT_EQ(decided(1), 1);
  restart();
  pass(10'000s);
  run();
  EXPECT_EQ(decided(1), 1);
  EXPECT_EQ(world().held().at(0).attempts, 1);
  EXPECT_EQ(world().held().at(0).started, 1) << "no attempt is under way";
  pause({});
  run_through_retries();
  EXPECT_EQ(decided(1), 4);
  EXPECT_EQ(ending(1), Ending::exhausted);
}

TEST_P(RunControl, ManyPausedKeysAndARestart) {
  for (int account = 10; account < 40; ++account) deliver(open(1000 + account, account));
  run();
  pause({type(kTransferType)});
  for (int n = 1; n <= 90; ++n) move_money(n, 10 + n % 30, n % 3);
  run();
  EXPECT_EQ(count(&PositionRow::parked), 90);
  restart();
  expect_rest();
  EXPECT_THAT(transferred(), IsEmpty());
  resume_and_run();
  EXPECT_EQ(balance(4), 90);
}

// Of the two that are paused only one is resumed.
TEST_P(RunControl, EachTypeIsResumedByItself) {
  pause({type(kOpen), type(kTransferType)});
  deliver(open(1, 9));
  move_money(2, 1);
  run();
  pause({type(kTransferType)});
  run();
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(ending(2), std::nullopt);
  resume_and_run();
}

TEST_P(RunControl, ACommandWithoutKeyWaitsAlone) {
  pause({type(kTransferType)});
  for (int n = 1; n <= 2; ++n) {
    Command command = transfer(n, 1, 4, 1);
    command.key.reset();
    deliver(command);
  }
  run();
  EXPECT_THAT(world().held(), SizeIs(2));
  resume_and_run();
  EXPECT_EQ(balance(4), 2);
}

TEST_P(RunControl, AtTheBoundTheLaneWaits) {
  settings().parked_per_lane_max = 2;
  restart();
  pause({type(kTransferType)});
  for (int n = 1; n <= 5; ++n) move_money(n, 1 + n % 3);
  run();
  EXPECT_EQ(position(0).parked, 2);
  EXPECT_EQ(worker().metric("pawl_lanes_full"), 1);
  pause({});
  run_through_retries();
  EXPECT_EQ(balance(4), 5);
  EXPECT_EQ(worker().metric("pawl_lanes_full"), 0);
}

TEST_P(RunControl, ATypeThatNothingMayOvertakeStopsItsLane) {
  settings().on_failure[kTransferType] = OnFailure::block_lane;
  restart();
  pause({type(kTransferType)});
  move_money(1, 1);
  deliver(open(2, 9));
  run();
  EXPECT_EQ(ending(2), std::nullopt);
  EXPECT_EQ(position(0).parked, 0);
  pause({});
  pass(1s);
  run();
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(ending(2), Ending::completed);
}

TEST_P(RunControl, APauseThatEndsWhileItsBatchIsClaimed) {
  pause({type(kTransferType)});
  worker().store().hold_next(Step::claim);
  move_money(1, 1);
  worker().run_until_held();
  pause({});
  worker().step();
  worker().store().let_go();
  run();
  EXPECT_EQ(ending(1), Ending::completed);
}

TEST_P(RunControl, APauseThatBeginsWhileItsBatchIsClaimed) {
  worker().store().hold_next(Step::claim);
  move_money(1, 1);
  worker().run_until_held();
  pause({type(kTransferType)});
  worker().step();
  worker().store().let_go();
  move_money(2, 1);
  run();
  EXPECT_THAT(transferred(), ElementsAre(1));
  resume_and_run();
  EXPECT_THAT(transferred(), ElementsAre(1, 2));
}

TEST_P(RunControl, ThroughLossesAndConflicts) {
  for (const Step step : {Step::take_parked, Step::claim, Step::save, Step::fence, Step::commit}) {
    SCOPED_TRACE(static_cast<int>(step));
    const int n = 10 * (1 + static_cast<int>(step));
    pause({type(kTransferType)});
    worker().store().fail_next(step, Failure(Remedy::rerun_now, "40001", "by the test"));
    move_money(n, 1);
    move_money(n + 1, 1);
    run();
    worker().store().cut_after_commit();
    move_money(n + 2, 2);
    run();
    worker().store().fail_next(step, Failure(Remedy::rerun_now, "40001", "by the test"));
    resume_and_run();
    pass(10'000s);
    run();
  }
  EXPECT_EQ(balance(4), 15);
}

TEST_P(RunControl, WhatItRepeatsIsFoundOutWhenItsTimeComes) {
  move_money(1, 1);
  run();
  pause({type(kTransferType)});
  move_money(1, 1);
  run();
  EXPECT_EQ(position(0).duplicate, 0);
  resume_and_run();
  EXPECT_EQ(position(0).duplicate, 1);
  EXPECT_EQ(balance(4), 1);
}

PAWL_ON_ALL_DATABASES(RunControl);

class RunControlAtTheStart : public EngineTest {};

// Whoever does not know yet what is paused takes nothing.
TEST_P(RunControlAtTheStart, NothingIsTakenBeforePausesAreRead) {
  const engine::PauseBoard nothing_read;
  deliver(open(1, 1));
  Worker worker{{world(), topics(), clock(), moods(), settings(), false, {}, &nothing_read}};
  worker.intake().assign(all_lanes());
  worker.run();
  EXPECT_EQ(ending(1), std::nullopt);
  start();
  EXPECT_EQ(ending(1), Ending::completed);
}

PAWL_ON_ALL_DATABASES(RunControlAtTheStart);

}  // namespace
}  // namespace pawl::test
