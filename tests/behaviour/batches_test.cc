// How records become batches: bounded, fair, as many at once as allowed.
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>

#include "behaviour/engine_fixture.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

class Batches : public EngineTest {
 protected:
  std::vector<std::size_t> claims() { return worker().store().claims(); }
};

TEST_P(Batches, ASingleCommandDoesNotWait) {
  start();
  for (int n = 1; n <= 3; ++n) {
    deliver(open(n, n));
    run();
  }
  EXPECT_THAT(claims(), testing::ElementsAre(1, 1, 1));
}

TEST_P(Batches, ABacklogIsTakenInBatchesOfTheLargestSize) {
  settings().batch_commands_max = 10;
  for (int n = 1; n <= 35; ++n) deliver(open(n, n));
  start();
  EXPECT_THAT(claims(), testing::ElementsAre(10, 10, 10, 5));
}

TEST_P(Batches, BytesAreBounded) {
  settings().batch_bytes_max = 4'000;
  start();
  open_accounts(2);
  for (int n = 1; n <= 40; ++n) deliver(transfer(n, 1, 2, 1, std::string(100, 'x')), n % 3);
  run();
  EXPECT_EQ(balance(2), 40);
  EXPECT_THAT(claims(), testing::Each(testing::Le(4'000U / 250)));
}

TEST_P(Batches, ARecordLargerThanABatchComesAlone) {
  settings().batch_bytes_max = 1'000;
  start();
  open_accounts(2);
  deliver_garbage(std::string(50'000, 'x'));
  deliver(transfer(1, 1, 2, 1));
  run();
  EXPECT_EQ(balance(2), 1);
  EXPECT_EQ(position(0).undecodable, 1);
}

TEST_P(Batches, NoLaneStarves) {
  settings().batch_commands_max = 10;
  for (int n = 1; n <= 500; ++n) deliver(open(n, n), 0);
  deliver(open(501, 501), 1);
  deliver(open(502, 502), 2);
  const auto worker = make_worker();
  worker->intake().assign(all_lanes());
  worker->run_until("one batch", [&] { return worker->committed() == 1; });
  EXPECT_EQ(ending(501), Ending::completed);
  EXPECT_EQ(ending(502), Ending::completed);
}

TEST_P(Batches, NoLaneStarvesWhenBatchesAreSmallerThanTheirNumber) {
  settings().batch_commands_max = 1;
  for (int partition = 0; partition < 3; ++partition) {
    for (int n = 1; n <= 20; ++n)
      deliver(open(100 * partition + n, 100 * partition + n), partition);
  }
  const auto worker = make_worker();
  worker->intake().assign(all_lanes());
  worker->run_until("six batches", [&] { return worker->committed() >= 6; });
  for (int partition = 0; partition < 3; ++partition) EXPECT_GE(position(partition).next_offset, 2);
  worker->run();
}

TEST_P(Batches, AsManyInFlightAsAllowed) {
  settings().batch_commands_max = 5;
  for (int n = 1; n <= 200; ++n) deliver(open(n, n), n % 3);
  start();
  EXPECT_EQ(worker().store().open_max(), GetParam().in_flight);
  EXPECT_EQ(count(&PositionRow::completed), 200);
}

TEST_P(Batches, AFewCommandsWaitForTheBatchInFlight) {
  settings().overlap_min = 10;
  start();
  open_accounts(2);
  worker().store().hold_next(Step::commit);
  deliver(transfer(1, 1, 2, 1));
  worker().run_until_held();
  for (int n = 2; n <= 10; ++n) {
    deliver(transfer(n, 1, 2, 1));
    run();
  }
  EXPECT_EQ(worker().status().in_flight, 1U);
  deliver(transfer(11, 1, 2, 1));
  run();
  EXPECT_EQ(worker().status().in_flight, static_cast<std::size_t>(GetParam().in_flight));
  EXPECT_EQ(claims().back(), GetParam().in_flight == 2 ? 10U : 1U);
  worker().store().cut();
  run();
  EXPECT_EQ(balance(2), 11);
}

TEST_P(Batches, TheRelayIsWokenAfterEachCommit) {
  settings().batch_commands_max = 5;
  for (int n = 1; n <= 20; ++n) deliver(open(n, n));
  start();
  EXPECT_EQ(worker().committed(), 4);
}

// Mostly none.
std::string unruly_memo(int roll) {
  constexpr std::array kUnruly{"throw", "throw 2", "poison", "poison 2"};
  return roll < 4 ? kUnruly[static_cast<std::size_t>(roll)] : "";
}

// Everything at once, by chance: whatever happens, each command is in once and the money is right.
TEST_P(Batches, AnythingMayHappenAtAnyTime) {
  std::mt19937_64 random(seed());
  const auto chance = [&](int of) {
    return static_cast<int>(random() % static_cast<unsigned>(of));
  };
  retry_with({.attempts_max = 4});
  settings().batch_commands_max = 16;
  start();
  open_accounts(8);
  int n = 0;
  const auto new_command = [&] {
    const std::int64_t from = 1 + chance(8);
    const std::int64_t to = 1 + (from + chance(7)) % 8;
    const std::string memo = unruly_memo(chance(60));
    deliver(transfer(++n, from, to, 1 + chance(50), memo), chance(3));
    if (chance(10) == 0)
      deliver(transfer(1 + chance(n), 1, 2, 1), chance(3));  // a repeat, often with another payload
    if (chance(20) == 0) deliver_garbage("noise", chance(3));
  };
  const auto misfortune = [&] {
    FaultyStore& store = worker().store();
    switch (chance(9)) {
      case 0:
        return store.cut();
      case 1:
        return store.cut_before_commit();
      case 2:
        return store.cut_after_commit();
      case 3:
        return store.be_away(1 + chance(3));
      case 4:
        return store.fail_next(static_cast<Step>(chance(4)),
                               Failure(Remedy::rerun_now, "40001", "by chance"));
      case 5:
        return void(world().steal(lane(chance(3))));
      case 6:
        return void(world().foreign_transfer(1 + chance(4), 5 + chance(4), 1));
      case 7:
        worker().intake().revoke(chance(2) == 0);
        worker().intake().assign(all_lanes());
        return;
      case 8:
        kill();
        start();
        return;
    }
  };
  const int rounds = GetParam().backend == Backend::fakes ? 400 : 60;
  for (int round = 0; round < rounds && !HasFatalFailure(); ++round) {
    for (int i = chance(12); i > 0; --i) new_command();
    if (chance(3) == 0) misfortune();
    for (int i = chance(15); i > 0; --i) worker().step();
    pass(std::chrono::milliseconds{chance(2000)});
  }
  for (int i = 0; i < 200 && !HasFatalFailure() && !drained(); ++i) {
    run();
    pass(std::chrono::seconds{11});
  }
  EXPECT_TRUE(drained());
}

PAWL_ON_ALL_DATABASES(Batches);

}  // namespace
}  // namespace pawl::test
