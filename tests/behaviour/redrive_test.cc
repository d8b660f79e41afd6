// Dead letters that are handed back while their consumer runs.
#include "pawl/dead_letters/redrive.h"

#include <gmock/gmock.h>

#include "behaviour/engine_fixture.h"
#include "behaviour/postgres_world.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class Redriving : public EngineTest {
 protected:
  Redriving() : EngineTest(std::make_unique<PostgresWorld>(PostgresWorld::Use::shared_database)) {}
  void SetUp() override {
    retry_with({.attempts_max = 2, .immediate = 1});
    start();
    open_accounts(4);
  }
  std::int64_t redrive(std::int64_t letters_max = 1000, int redrives_max = 5) {
    return redrive_some(connection_, to_redrive(redrives_max), letters_max);
  }
  dead_letters::Redrive to_redrive(int redrives_max) {
    return {{.consumer = consumer()}, "test", "it is well again", redrives_max};
  }
  std::int16_t consumer() {
    return static_cast<std::int16_t>(
        connection_.execute({"", "SELECT id FROM pawl.consumer WHERE name = 'ledger'"})
            .integer(0, 0));
  }
  /// An idle engine looks once a second.
  void run_for_a_second() {
    pass(1s);
    run();
  }
  void die(int n, std::int64_t from) { deliver(transfer(n, from, 4, 1, "throw 2")); }

  postgres::Connection connection_ =
      dynamic_cast<PostgresWorld&>(world()).database().connect("operator");
};

TEST_P(Redriving, ItRunsAgainAndIsNoDuplicate) {
  die(1, 1);
  deliver(transfer(2, 1, 4, 1));
  run();
  EXPECT_EQ(ending(1), Ending::exhausted);
  EXPECT_EQ(redrive(), 1);
  EXPECT_EQ(position(0).parked, 1);
  run_for_a_second();
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(balance(4), 2);
  EXPECT_THAT(world().held(), IsEmpty());
  EXPECT_EQ(redrive(), 0);
}

TEST_P(Redriving, InTheOrderOfTheirOffsets) {
  for (int n = 1; n <= 6; ++n) die(n, 1 + n % 2);
  run();
  EXPECT_THAT(world().dead_letters(), SizeIs(6));
  EXPECT_EQ(redrive(4), 4);
  EXPECT_EQ(redrive(4), 2);
  run_for_a_second();
  std::vector<int> odd, even;
  for (const std::string& decided : moods().decided) {
    for (int n = 1; n <= 6; ++n) {
      if (id(n) == decided) (n % 2 == 1 ? odd : even).push_back(n);
    }
  }
  EXPECT_THAT(odd, ElementsAre(1, 1, 3, 3, 5, 5, 1, 3, 5));
  EXPECT_THAT(even, ElementsAre(2, 2, 4, 4, 6, 6, 2, 4, 6));
}

TEST_P(Redriving, BehindWhatIsParkedOfItsKey) {
  retry_with({.attempts_max = 3, .immediate = 0, .backoff = {1'000s, 10'000s}});
  kill();
  start();
  deliver(transfer(1, 1, 4, 1, "throw"));
  run_through_retries();
  deliver(transfer(2, 1, 4, 1, "throw 2"));
  deliver(transfer(3, 1, 4, 1));
  run();
  EXPECT_EQ(redrive(), 1);
  run_for_a_second();
  const auto held = world().held();
  ASSERT_THAT(held, SizeIs(1));
  EXPECT_THAT(held[0].parked, ElementsAre(uuid(2), uuid(3), uuid(1)));
  run_through_retries();
  EXPECT_EQ(balance(4), 2);
  EXPECT_EQ(ending(1), Ending::exhausted) << "still in a bad mood";
}

// Its batch is fenced, so it reads again what is held.
TEST_P(Redriving, ABusyEngineNoticesByItsFence) {
  die(1, 1);
  run();
  worker().store().hold_next(Step::claim);
  deliver(transfer(2, 1, 4, 1));
  worker().run_until_held();
  EXPECT_EQ(redrive(), 1);
  worker().store().let_go();
  run();
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(ending(2), Ending::completed);
  EXPECT_TRUE(worker().logged("fenced"));
}

TEST_P(Redriving, WhatDiesAgainIsHandedBackSoOftenOnly) {
  deliver(transfer(1, 1, 4, 1, "throw"));
  run();
  for (int times = 1; times <= 3; ++times) {
    EXPECT_EQ(redrive(1000, 3), 1);
    run_for_a_second();
    EXPECT_THAT(world().dead_letters(), SizeIs(static_cast<std::size_t>(1 + times)));
  }
  EXPECT_EQ(redrive(1000, 3), 0);
  EXPECT_EQ(plan_redrive(connection_, to_redrive(3), 10).capped, 1);
  EXPECT_EQ(redrive(1000, 4), 1);
  run_for_a_second();
}

// Undecodable the first time; a record of the same id that could be read has completed since.
TEST_P(Redriving, ATwinThatHasCompletedIsNotDoneAgain) {
  Command broken = transfer(1, 1, 4, 1);
  broken.payload = "\xff\xff";
  deliver(broken);
  deliver(transfer(1, 1, 4, 1));
  run();
  EXPECT_EQ(ending(1), Ending::completed);
  const std::string payload = transfer(1, 1, 4, 1).payload;
  postgres::Parameters parameters;
  parameters.add_bytes(payload);
  connection_.execute({"", "UPDATE pawl.dead_letter SET payload = $1"}, parameters);
  EXPECT_EQ(redrive(), 1);
  run_for_a_second();
  EXPECT_EQ(balance(4), 1);
  EXPECT_EQ(position(0).duplicate, 1);
}

// Found by the property test.
TEST_P(Redriving, ATwinThatCannotBeReadLeavesItsEndingAlone) {
  Command broken = transfer(1, 1, 4, 1);
  broken.payload = "\xff\xff";
  deliver(broken);
  deliver(transfer(1, 1, 4, 1, "throw"));
  run();
  EXPECT_EQ(ending(1), Ending::exhausted);
  EXPECT_EQ(redrive(1), 1);
  EXPECT_EQ(ending(1), Ending::exhausted);
  run_for_a_second();
}

TEST_P(Redriving, ARestartInBetweenChangesNothing) {
  for (int n = 1; n <= 3; ++n) die(n, 1);
  run();
  kill();
  EXPECT_EQ(redrive(), 3);
  start();
  run();
  EXPECT_EQ(balance(4), 3);
}

INSTANTIATE_TEST_SUITE_P(On,
                         Redriving,
                         testing::Values(Setup{Backend::postgres, 1}, Setup{Backend::postgres, 2}),
                         setup_name);

}  // namespace
}  // namespace pawl::test
