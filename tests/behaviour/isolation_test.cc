// A command whose statement the database refuses is found among its neighbours, and only it
// suffers.
#include <gmock/gmock.h>

#include "behaviour/engine_fixture.h"

namespace pawl::test {
namespace {

class Isolation : public EngineTest {
 protected:
  void SetUp() override {
    retry_with({.attempts_max = 3});
    start();
    open_accounts(3);
  }
  void deliver_many(int count, const std::vector<int>& poisoned, int partition = 0, int first = 1) {
    for (int n = first; n < first + count; ++n) {
      deliver(transfer(n, 1, 2, 1, std::ranges::count(poisoned, n) ? "poison" : ""), partition);
    }
  }
  // Also for a poisoned command: its journal rows are gone with it.
  void expect_only_exhausted(const std::vector<int>& poisoned, int count) {
    for (int n = 1; n <= count; ++n) {
      EXPECT_EQ(ending(n), std::ranges::count(poisoned, n) ? Ending::exhausted : Ending::completed)
          << n;
    }
    EXPECT_EQ(balance(2), count - static_cast<std::int64_t>(poisoned.size()));
    EXPECT_EQ(world().dead_letters().size(), poisoned.size());
  }
};

TEST_P(Isolation, TheGuiltyOneIsFoundWhereverItStands) {
  deliver_many(21, {1, 9, 21});
  run_through_retries();
  expect_only_exhausted({1, 9, 21}, 21);
}

TEST_P(Isolation, ItEndsWithTheDatabasesCode) {
  deliver_many(4, {2});
  run_through_retries();
  const auto letters = world().dead_letters();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].failure_class, "database");
  EXPECT_EQ(letters[0].code, "23514");
  EXPECT_EQ(letters[0].attempts, 3);
  EXPECT_THAT(letters[0].text, testing::Not(testing::HasSubstr("poison")));
  EXPECT_EQ(code(2), "23514");
  // All four, the first two, and then it alone, three times.
  EXPECT_LE(worker().store().rollbacks(), 5 * GetParam().in_flight);
}

TEST_P(Isolation, NothingButGuiltyOnes) {
  deliver_many(5, {1, 2, 3, 4, 5});
  run_through_retries();
  expect_only_exhausted({1, 2, 3, 4, 5}, 5);
}

TEST_P(Isolation, AmongTwoLanes) {
  deliver_many(8, {3}, 0);
  deliver_many(8, {13}, 1, 9);
  run_through_retries();
  expect_only_exhausted({3, 13}, 16);
}

TEST_P(Isolation, NeighboursInTheSameLaneWaitOthersDoNot) {
  using namespace std::chrono_literals;
  retry_with({.attempts_max = 3, .immediate = 0, .backoff = {1'000s, 10'000s}});
  kill();
  start();
  deliver_many(6, {2}, 0);
  run();
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(ending(3), std::nullopt);
  deliver_many(6, {}, 1, 7);
  run();
  EXPECT_EQ(ending(12), Ending::completed);
  const int rollbacks = worker().store().rollbacks();
  run_through_retries();
  expect_only_exhausted({2}, 12);
  EXPECT_LE(worker().store().rollbacks(), rollbacks + 2 * GetParam().in_flight)
      << "its later attempts are made alone, nobody is searched for again";
}

TEST_P(Isolation, ARefusalThatPassesCostsNobodyAnything) {
  for (int n = 1; n <= 8; ++n) deliver(transfer(n, 1, 2, 1, n == 5 ? "poison 2" : ""));
  run_through_retries();
  expect_only_exhausted({}, 8);
}

TEST_P(Isolation, WhileAnEarlierBatchIsNotYetCommitted) {
  worker().store().hold_next(Step::commit);
  deliver_many(3, {});
  worker().run_until_held();
  deliver_many(5, {6}, 0, 4);
  run();
  worker().store().let_go();
  run_through_retries();
  expect_only_exhausted({6}, 8);
}

// The load fails, so the command never gets as far as being decided.
TEST_P(Isolation, ALoadThatFails) {
  for (int n = 1; n <= 6; ++n) deliver(transfer(n, 1, 2, 1, n == 3 ? "ask badly" : ""));
  run_through_retries();
  expect_only_exhausted({3}, 6);
  EXPECT_EQ(worker().status().away, std::nullopt);
}

// Deferred constraints speak up at COMMIT.
TEST_P(Isolation, ACommitThatIsRefused) {
  using namespace std::chrono_literals;
  retry_with({.attempts_max = 3, .immediate = 0, .backoff = {1'000s, 10'000s}});
  kill();
  start();
  deliver(transfer(1, 1, 2, 1));
  for (int attempt = 1; attempt <= 3; ++attempt) {
    worker().store().fail_next(Step::commit, Failure(Remedy::retry_later, "23503", "foreign key"));
    run();
    pass(10'000s);
  }
  EXPECT_EQ(ending(1), Ending::exhausted);
  EXPECT_EQ(world().dead_letters().at(0).code, "23503");
}

TEST_P(Isolation, ACommitThatIsRefusedWhileTheNextBatchFails) {
  FaultyStore& store = worker().store();
  store.hold_next_commit_back();
  deliver(transfer(1, 1, 2, 1));
  worker().run_until_held();
  store.fail_next(Step::save, Failure(Remedy::rerun_now, "40001", "serialization failure"));
  deliver(transfer(2, 1, 2, 1));
  for (int i = 0; i < 10; ++i) worker().step();
  store.refuse_held(Failure(Remedy::retry_later, "23503", "foreign key"));
  run_through_retries();
  expect_only_exhausted({}, 2);
}

PAWL_ON_ALL_DATABASES(Isolation);

}  // namespace
}  // namespace pawl::test
