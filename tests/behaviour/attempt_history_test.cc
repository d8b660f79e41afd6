// What a dead letter tells of the attempts before its death.
#include <gmock/gmock.h>

#include "behaviour/engine_fixture.h"
#include "behaviour/postgres_world.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::SizeIs;
using namespace std::chrono_literals;

class AttemptHistory : public EngineTest {
 protected:
  AttemptHistory()
      : EngineTest(std::make_unique<PostgresWorld>(PostgresWorld::Use::shared_database)) {}
  void live_with(RetryPolicy policy) {
    retry_with(policy);
    start();
    open_accounts(4);
  }
  void run_through_retries(int waits) {
    for (int i = 0; i < waits; ++i) {
      pass(10'000s);
      run();
    }
  }
  /// "attempts class code" of each entry of the only dead letter.
  std::vector<std::string> history() {
    return texts(
        "SELECT (e ->> 'attempts') || ' ' || (e ->> 'class') || ' ' || (e ->> 'code') "
        "FROM pawl.dead_letter, jsonb_array_elements(history) WITH ORDINALITY AS h (e, n) ORDER BY "
        "n");
  }
  std::vector<std::string> texts(const std::string& query) {
    const postgres::Result rows = dynamic_cast<PostgresWorld&>(world()).database().execute(query);
    std::vector<std::string> texts;
    for (int row = 0; row < rows.rows(); ++row) texts.emplace_back(rows.text(row, 0));
    return texts;
  }
};

TEST_P(AttemptHistory, OneLineForEachTimeItWasTried) {
  live_with({.attempts_max = 5, .immediate = 2, .backoff = {1'000s, 10'000s}});
  deliver(transfer(1, 1, 4, 1, "throw"));
  run();
  run_through_retries(2);
  EXPECT_THAT(history(), ElementsAre("3 handler threw", "1 handler threw", "1 handler threw"));
  EXPECT_THAT(texts("SELECT attempts::text FROM pawl.dead_letter"), ElementsAre("5"));
  EXPECT_THAT(texts("SELECT DISTINCT (e ->> 'at') ~ '^....-..-..T..:..:..\\....Z$' || '' FROM "
                    "pawl.dead_letter, jsonb_array_elements(history) AS e"),
              ElementsAre("true"));
}

TEST_P(AttemptHistory, OfOneThatIsNeverTriedAgain) {
  live_with({.attempts_max = 1});
  deliver(transfer(1, 1, 4, 1, "throw"));
  run();
  EXPECT_THAT(history(), ElementsAre("1 handler threw"));
}

TEST_P(AttemptHistory, ARefusalByTheDatabaseIsToldApart) {
  live_with({.attempts_max = 3, .immediate = 0, .backoff = {1'000s, 10'000s}});
  deliver(transfer(1, 1, 4, 1, "poison"));
  run();
  run_through_retries(3);
  EXPECT_THAT(history(), ElementsAre("1 database 23514", "1 database 23514", "1 database 23514"));
}

TEST_P(AttemptHistory, TheNextOfItsKeyBeginsAnew) {
  live_with({.attempts_max = 3, .immediate = 0, .backoff = {1'000s, 10'000s}});
  deliver(transfer(1, 1, 4, 1, "throw 2"));
  deliver(transfer(2, 1, 4, 1, "throw"));
  run();
  run_through_retries(5);
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_THAT(history(), SizeIs(3));
}

TEST_P(AttemptHistory, OfManyTheFirstAndTheLatestAreKept) {
  live_with({.attempts_max = 30, .immediate = 2, .backoff = {1'000s, 1'000s}, .age_max = 10'000h});
  deliver(transfer(1, 1, 4, 1, "throw"));
  run();
  run_through_retries(27);
  const auto kept = history();
  ASSERT_THAT(kept, SizeIs(20));
  EXPECT_EQ(kept[0], "3 handler threw");
  EXPECT_EQ(kept[1], "1 handler threw");
}

INSTANTIATE_TEST_SUITE_P(On,
                         AttemptHistory,
                         testing::Values(Setup{Backend::postgres, 1}, Setup{Backend::postgres, 2}),
                         setup_name);

}  // namespace
}  // namespace pawl::test
