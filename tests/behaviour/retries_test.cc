// Where a type says so, a handler that fails is tried again in its place: its lane waits, the
// others do not. (What else it may say: parking_test.cc.)
#include <gmock/gmock.h>

#include "behaviour/engine_fixture.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

class Retries : public EngineTest {
 protected:
  void SetUp() override {
    // Long waits: chance cannot make one zero.
    retry_with({.attempts_max = 4, .immediate = 0, .backoff = {1'000s, 10'000s}});
    settings().on_failure["ledger.v1.TransferFunds"] = OnFailure::block_lane;
    start();
    open_accounts(3);
  }
  [[nodiscard]] int number_of(const std::string& id_text) const {
    for (int n = 0; n < 100; ++n) {
      if (id(n) == id_text) return n;
    }
    return -1;
  }
  std::vector<int> decided_in_order() {
    std::vector<int> numbers;
    for (const std::string& id_text : moods().decided) numbers.push_back(number_of(id_text));
    return numbers;
  }
};

TEST_P(Retries, AFailedAttemptWaitsForItsTime) {
  deliver(transfer(1, 1, 2, 10, "throw 2"));
  run();
  EXPECT_EQ(decided(1), 1);
  EXPECT_EQ(ending(1), std::nullopt);
  EXPECT_EQ(position(0).next_offset, 3);
  run();
  EXPECT_EQ(decided(1), 1);
  pass(10'000s);
  run();
  EXPECT_EQ(decided(1), 2);
  pass(10'000s);
  run();
  EXPECT_EQ(decided(1), 3);
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(balance(2), 10);
  EXPECT_EQ(worker().metric("pawl_retries_total"), 2);
}

TEST_P(Retries, TheLimitEndsInADeadLetter) {
  deliver(transfer(1, 1, 2, 10, "throw"));
  deliver(transfer(2, 1, 2, 5));
  run_through_retries();
  EXPECT_EQ(decided(1), 4);
  EXPECT_EQ(ending(1), Ending::exhausted);
  EXPECT_EQ(ending(2), Ending::completed);
  EXPECT_EQ(balance(2), 5);
  const auto letters = world().dead_letters();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].failure_class, "handler");
  EXPECT_EQ(letters[0].text, "the handler is in a bad mood");
  EXPECT_EQ(letters[0].attempts, 4);
  EXPECT_EQ(letters[0].message_id, uuid(1));
  EXPECT_EQ(letters[0].type, "ledger.v1.TransferFunds");
  EXPECT_EQ(letters[0].key, "1");
}

TEST_P(Retries, LaterCommandsOfTheLaneWaitInOrder) {
  for (int n = 1; n <= 5; ++n) deliver(transfer(n, 1, 2, 1, n == 2 ? "throw 2" : ""));
  run();
  EXPECT_EQ(position(0).next_offset, 4);
  run_through_retries();
  EXPECT_THAT(decided_in_order(), ElementsAre(1, 2, 2, 2, 3, 4, 5));
  EXPECT_EQ(balance(2), 5);
}

TEST_P(Retries, OtherLanesGoOn) {
  deliver(transfer(1, 1, 2, 1, "throw"));
  deliver(transfer(2, 1, 2, 1));
  for (int n = 3; n <= 9; ++n) deliver(transfer(n, 2, 3, 1), 1 + n % 2);
  run();
  EXPECT_EQ(position(0).next_offset, 3);
  EXPECT_EQ(balance(3), 7);
  deliver(transfer(10, 2, 3, 1), 2);
  run();
  EXPECT_EQ(balance(3), 8);
  run_through_retries();
}

TEST_P(Retries, WhatAFailedAttemptChangedIsUndone) {
  deliver(transfer(1, 1, 2, 100));
  deliver(transfer(2, 2, 3, 70, "throw"));
  run();
  deliver(transfer(3, 2, 3, 1), 1);
  run_through_retries();
  EXPECT_EQ(balance(2), 99);
  EXPECT_EQ(balance(3), 1);
}

TEST_P(Retries, AnythingMayBeThrown) {
  deliver(transfer(1, 1, 2, 10, "throw 42"));
  deliver(transfer(2, 1, 2, 10, "touch throws"));
  deliver(transfer(3, 1, 2, 10));
  run_through_retries();
  EXPECT_EQ(count(&PositionRow::exhausted), 2);
  EXPECT_EQ(balance(2), 10);
}

// Also when the row happens to be in memory: it would not always be.
TEST_P(Retries, ARowThatTouchDidNotAskForIsAMistake) {
  deliver(transfer(1, 1, 2, 10, "forget"));
  run_through_retries();
  EXPECT_EQ(ending(1), Ending::exhausted);
}

TEST_P(Retries, ARestartForgetsAttemptsButNoCommand) {
  deliver(transfer(1, 1, 2, 10, "throw 2"));
  deliver(transfer(2, 1, 2, 10));
  run();
  kill();
  start();
  run_through_retries();
  EXPECT_EQ(balance(2), 20);
}

TEST_P(Retries, TwoLanesFailIndependently) {
  deliver(transfer(1, 1, 2, 1, "throw"), 1);
  deliver(transfer(2, 1, 2, 1, "throw 2"), 2);
  deliver(transfer(3, 1, 2, 1), 1);
  deliver(transfer(4, 1, 2, 1), 2);
  run_through_retries();
  EXPECT_EQ(ending(1), Ending::exhausted);
  EXPECT_EQ(balance(2), 3);
}

// The next batch is decoded while this one is under way. Its commands must not overtake one that
// goes back and is due again before they start.
TEST_P(Retries, WhatIsAlreadyPreparedDoesNotOvertake) {
  settings().batch_commands_max = 3;
  kill();
  start();
  worker().store().hold_next(Step::claim);
  for (int n = 1; n <= 9; ++n) deliver(transfer(n, 1, 2, 1, n == 2 ? "throw 2" : ""));
  worker().run_until_held();
  worker().store().hold_next(Step::save);
  worker().store().let_go();
  worker().run_until_held();
  pass(10'000s);
  worker().store().let_go();
  run_through_retries();
  EXPECT_THAT(decided_in_order(), ElementsAre(1, 2, 2, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_EQ(balance(2), 9);
  EXPECT_EQ(count(&PositionRow::duplicate), 0);
}

// What waits behind a failing command is known to nobody as in flight: its id is free for its next
// attempt.
TEST_P(Retries, ABatchThatIsRedoneGivesItsCommandsBackInOrder) {
  for (int n = 1; n <= 6; ++n) deliver(transfer(n, 1, 2, 1, n == 4 ? "throw 2" : ""));
  worker().store().fail_next(
      Step::save, Failure(Remedy::rerun_now, "40001", "serialization failure"), 2);
  run_through_retries();
  EXPECT_EQ(balance(2), 6);
  std::vector<int> first;
  for (const int n : decided_in_order()) {
    if (std::ranges::find(first, n) == first.end()) first.push_back(n);
  }
  EXPECT_THAT(first, ElementsAre(1, 2, 3, 4, 5, 6));
}

PAWL_ON_ALL_DATABASES(Retries);

}  // namespace
}  // namespace pawl::test
