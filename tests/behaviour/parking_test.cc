// A command that fails delays its own key and nothing else.
#include <gmock/gmock.h>

#include "behaviour/engine_fixture.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

constexpr const char* kTransfer = "ledger.v1.TransferFunds";

class Parking : public EngineTest {
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
  /// A transfer's n is its place in the order.
  void fail(int n, std::int64_t from, const std::string& memo = "throw 2", int partition = 0) {
    deliver(transfer(n, from, 4, 1, memo), partition);
  }
  void succeed(int n, std::int64_t from, int partition = 0) {
    deliver(transfer(n, from, 4, 1), partition);
  }
  std::vector<int> decided_in_order() {
    std::vector<int> numbers;
    for (const std::string& id_text : moods().decided) {
      for (int n = 0; n < 100; ++n) {
        if (id(n) == id_text) numbers.push_back(n);
      }
    }
    return numbers;
  }
};

TEST_P(Parking, OnlyItsKeyWaits) {
  fail(1, 1);
  succeed(2, 2);
  succeed(3, 1);
  succeed(4, 3);
  run();
  EXPECT_THAT(transferred(), ElementsAre(2, 4));
  EXPECT_EQ(position(0).parked, 2);
  const auto held = world().held();
  ASSERT_THAT(held, SizeIs(1));
  EXPECT_EQ(held[0].key, "1");
  EXPECT_EQ(held[0].attempts, 1);
  EXPECT_THAT(held[0].parked, ElementsAre(uuid(1), uuid(3)));
  EXPECT_EQ(worker().metric("pawl_held_keys"), 1);
  EXPECT_EQ(worker().metric("pawl_parked_commands"), 2);
  pass(10'000s);
  run();
  EXPECT_THAT(transferred(), ElementsAre(2, 4));
  EXPECT_EQ(decided(1), 2);
  EXPECT_EQ(decided(3), 0);
  run_through_retries();
  EXPECT_THAT(transferred(), ElementsAre(2, 4, 1, 3));
  EXPECT_THAT(world().held(), IsEmpty());
  EXPECT_EQ(worker().metric("pawl_held_keys"), 0);
  EXPECT_EQ(worker().metric("pawl_parked_commands"), 0);
}

TEST_P(Parking, WhatIsBehindComesInOrder) {
  fail(1, 1);
  for (int n = 2; n <= 9; ++n) succeed(n, 1);
  run();
  for (int n = 10; n <= 12; ++n) succeed(n, 1);
  run_through_retries();
  EXPECT_THAT(decided_in_order(), ElementsAre(1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
}

TEST_P(Parking, WhatIsBehindMayFailToo) {
  fail(1, 1, "throw 2");
  fail(2, 1, "throw 2");
  fail(3, 1, "throw");
  succeed(4, 1);
  run_through_retries();
  EXPECT_THAT(decided_in_order(), ElementsAre(1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4));
  EXPECT_EQ(ending(3), Ending::exhausted);
  EXPECT_EQ(ending(4), Ending::completed);
}

TEST_P(Parking, SomeAttemptsFollowAtOnce) {
  retry_with({.attempts_max = 9, .immediate = 2, .backoff = {1'000s, 10'000s}});
  restart();
  fail(1, 1, "throw");
  run();
  EXPECT_EQ(decided(1), 3);
  pass(10'000s);
  run();
  EXPECT_EQ(decided(1), 4);
  retry_with({.attempts_max = 4});
  restart();
  run_through_retries();
  EXPECT_EQ(ending(1), Ending::exhausted);
}

TEST_P(Parking, TheLimitEndsInADeadLetterAndTheNextOneRuns) {
  fail(1, 1, "throw");
  succeed(2, 1);
  run_through_retries();
  EXPECT_EQ(decided(1), 4);
  EXPECT_EQ(ending(1), Ending::exhausted);
  EXPECT_EQ(ending(2), Ending::completed);
  const auto letters = world().dead_letters();
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0].attempts, 4);
  EXPECT_EQ(letters[0].message_id, uuid(1));
  EXPECT_EQ(letters[0].key, "1");
  EXPECT_EQ(worker().metric("pawl_retries_total"), 3);
}

TEST_P(Parking, AttemptsSurviveARestart) {
  fail(1, 1, "throw");
  succeed(2, 1);
  for (int i = 0; i < 10 && !drained(); ++i) {
    restart();
    pass(10'000s);
    run();
  }
  EXPECT_EQ(decided(1), 4);
  EXPECT_EQ(ending(1), Ending::exhausted);
  EXPECT_EQ(ending(2), Ending::completed);
}

TEST_P(Parking, AHandlerMaySayWhenToComeBack) {
  fail(1, 1, "later 2");
  run();
  pass(59min);
  run();
  EXPECT_EQ(decided(1), 1);
  EXPECT_EQ(worker().logged(R"("class":"outside","code":"asleep")"), true);
  pass(1min);
  run();
  EXPECT_EQ(decided(1), 2);
  pass(60min);
  run();
  EXPECT_EQ(ending(1), Ending::completed);
}

TEST_P(Parking, ACommandWithoutKeyWaitsAlone) {
  for (int n = 1; n <= 3; ++n) {
    Command command = transfer(n, 1, 4, 1, n == 3 ? "" : "throw 2");
    command.key.reset();
    deliver(command);
  }
  run();
  EXPECT_THAT(transferred(), ElementsAre(3));
  const auto held = world().held();
  ASSERT_THAT(held, SizeIs(2));
  EXPECT_EQ(held[0].lone_offset, 4);
  EXPECT_EQ(held[1].lone_offset, 5);
  restart();
  run_through_retries();
  EXPECT_EQ(count(&PositionRow::completed), 7);
}

TEST_P(Parking, ATypeMayGiveItsOrderUp) {
  settings().on_failure[kTransfer] = OnFailure::skip_order;
  restart();
  fail(1, 1);
  succeed(2, 1);
  run();
  EXPECT_THAT(transferred(), ElementsAre(2));
  run_through_retries();
  EXPECT_THAT(transferred(), ElementsAre(2, 1));
}

TEST_P(Parking, ATypeMayGiveUpAtOnce) {
  settings().on_failure[kTransfer] = OnFailure::dead_letter;
  restart();
  fail(1, 1, "throw");
  succeed(2, 1);
  run();
  EXPECT_EQ(ending(1), Ending::exhausted);
  EXPECT_EQ(world().dead_letters().at(0).attempts, 1);
  EXPECT_EQ(ending(2), Ending::completed);
}

// Seen when its time comes, not before: what it repeats may still be waiting.
TEST_P(Parking, ARepeatOfWhatIsParkedIsADuplicate) {
  fail(1, 1);
  succeed(2, 1);
  fail(1, 1);
  succeed(2, 1);
  run_through_retries();
  EXPECT_EQ(count(&PositionRow::duplicate), 2);
  EXPECT_EQ(balance(4), 2);
}

TEST_P(Parking, ARepeatElsewhereIsADuplicateOfWhicheverCameFirst) {
  fail(1, 1);
  run();
  fail(1, 2, "throw 2", 1);
  run_through_retries();
  EXPECT_EQ(count(&PositionRow::duplicate), 1);
  EXPECT_EQ(balance(4), 1);
}

TEST_P(Parking, TheSameKeyInAnotherPartitionIsAnotherKey) {
  fail(1, 1);
  succeed(2, 1, 1);
  run();
  EXPECT_THAT(transferred(), ElementsAre(2));
  run_through_retries();
}

TEST_P(Parking, GarbageIsNotKeptWaiting) {
  Command garbage = transfer(2, 1, 4, 1);
  garbage.payload = "\xff\xff";
  fail(1, 1);
  deliver(garbage);
  run();
  EXPECT_THAT(world().dead_letters(), SizeIs(1));
  run_through_retries();
}

TEST_P(Parking, AFullKeyStopsItsLaneUntilThereIsRoom) {
  settings().parked_per_key_max = 3;
  restart();
  fail(1, 1);
  for (int n = 2; n <= 5; ++n) succeed(n, 1);
  succeed(6, 2);
  run();
  EXPECT_EQ(position(0).parked, 3);
  EXPECT_EQ(position(0).next_offset, 7);
  EXPECT_THAT(transferred(), IsEmpty());
  EXPECT_TRUE(worker().logged("too many commands are parked"));
  EXPECT_EQ(worker().metric("pawl_lanes_full"), 1);
  run_through_retries();
  EXPECT_EQ(balance(4), 6);
  EXPECT_EQ(worker().metric("pawl_lanes_full"), 0);
}

TEST_P(Parking, AFullLaneRetriesInPlace) {
  settings().parked_per_lane_max = 1;
  restart();
  fail(1, 1);
  fail(2, 2);
  succeed(3, 3);
  run();
  EXPECT_EQ(position(0).parked, 1);
  EXPECT_THAT(transferred(), IsEmpty());
  run_through_retries();
  EXPECT_EQ(balance(4), 3);
}

TEST_P(Parking, ManyKeysAtOnce) {
  for (int account = 10; account < 60; ++account) deliver(open(1000 + account, account));
  run();
  for (int n = 1; n <= 50; ++n) fail(n, 9 + n, "throw 2", n % 3);
  for (int n = 51; n <= 90; ++n) succeed(n, 9 + n - 50, n % 3);
  run_through_retries();
  EXPECT_EQ(balance(4), 90);
  EXPECT_EQ(count(&PositionRow::exhausted), 0);
}

TEST_P(Parking, WhatTheDatabaseRefusesIsParkedToo) {
  for (int n = 1; n <= 8; ++n)
    deliver(transfer(n, n % 2 == 0 ? 1 : 2, 4, 1, n == 4 ? "poison" : ""));
  run();
  EXPECT_EQ(balance(4), 5);
  EXPECT_EQ(position(0).parked, 3);
  run_through_retries();
  EXPECT_EQ(balance(4), 7);
  EXPECT_EQ(world().dead_letters().at(0).attempts, 4);
}

TEST_P(Parking, AnAttemptIsMarkedBeforeItBegins) {
  fail(1, 1, "throw");
  run();
  EXPECT_EQ(world().held().at(0).started, 1);
  worker().store().hold_next(Step::claim);
  pass(10'000s);
  worker().run_until_held();
  EXPECT_EQ(world().held().at(0).started, 2);
  EXPECT_EQ(world().held().at(0).attempts, 1);
  worker().store().let_go();
  run_through_retries();
}

TEST_P(Parking, ADueHeadWaitsForTheBatchInFlightWithoutSpinning) {
  settings().batch_commands_max = 1;
  restart();
  for (const int n : {1, 2, 3}) fail(n, n, "throw");
  run();
  pass(10'000s);
  worker().store().hold_next(Step::take_parked);
  worker().run_until_held();
  run();
  EXPECT_GT(worker().idle_for(), 0ms);
  worker().store().let_go();
  run_through_retries();
}

TEST_P(Parking, ThroughLossesAndConflicts) {
  for (const Step step : {Step::take_parked, Step::claim, Step::save, Step::fence, Step::commit}) {
    SCOPED_TRACE(static_cast<int>(step));
    const int n = 10 * (1 + static_cast<int>(step));
    fail(n, 1);
    succeed(n + 1, 1);
    succeed(n + 2, 2);
    worker().store().fail_next(step, Failure(Remedy::rerun_now, "40001", "by the test"));
    run();
    worker().store().fail_next(step, Failure(Remedy::rerun_now, "40001", "by the test"));
    pass(10'000s);
    run();
    worker().store().cut_after_commit();
    run_through_retries();
  }
  EXPECT_EQ(balance(4), 15);
}

TEST_P(Parking, AReleaseIsUndoneWithItsBatch) {
  fail(1, 1, "throw");
  run();
  worker().store().fail_next(Step::fence, Failure(Remedy::rerun_now, "40001", "by the test"), 3);
  for (int n = 2; n <= 4; ++n) succeed(n, 1);
  run_through_retries();
  EXPECT_THAT(transferred(), ElementsAre(2, 3, 4));
}

TEST_P(Parking, WhoeverTakesTheLaneKnowsWhatIsHeld) {
  fail(1, 1, "throw 2");
  succeed(2, 1);
  run();
  auto other = make_worker();
  other->intake().assign(all_lanes());
  other->run();
  succeed(3, 1);
  other->run();
  EXPECT_EQ(position(0).parked, 3);
  run();
  kill();
  start();
  run_through_retries();
  EXPECT_EQ(balance(4), 3);
}

// The checker of order must find this: a worker that forgets what is held.
TEST_P(Parking, ForgettingWhatIsHeldBreaksTheOrder) {
  fail(1, 1, "throw 2");
  run();
  kill();
  start_forgetful();
  succeed(2, 1);
  run();
  kill();
  start();
  run_through_retries();
  EXPECT_THAT(order_faults(), SizeIs(1));
  expect_books_unbalanced();
}

PAWL_ON_ALL_DATABASES(Parking);

}  // namespace
}  // namespace pawl::test
