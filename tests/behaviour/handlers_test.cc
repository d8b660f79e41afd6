// Handlers with SQL of their own, beside deciders.
#include <random>
#include <stdexcept>

#include "behaviour/handlers_fixture.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// ---- order

TEST_P(Handlers, BothStylesInOneTransactionInTheOrderOfTheTopic) {
  deliver(transfer(1, 1, 2, 10));
  deliver(close(2, 1, "2026-10"));
  deliver(transfer(3, 1, 2, 5));
  deliver(close(4, 1, "2026-11"));
  deliver(close(5, 2, "2026-11"));
  deliver(transfer(6, 2, 3, 1));
  run();
  EXPECT_THAT(statements(),
              ElementsAre("1 2026-10: 0 → -10", "1 2026-11: -10 → -15", "2 2026-11: 0 → 15"));
  EXPECT_EQ(batches(), 1);
  EXPECT_EQ(balance(2), 14);
  EXPECT_THAT(events_of(4), ElementsAre("ledger.v1.MonthClosed"));
}

TEST_P(Handlers, ADeciderSeesWhatAHandlerWroteBeforeIt) {
  deliver(transfer(1, 1, 2, 10));
  deliver(close(2, 1, "no limit"));
  deliver(transfer(3, 1, 2, 5));
  deliver(transfer(4, 2, 1, 12));
  deliver(transfer(5, 1, 2, 2));
  run();
  EXPECT_EQ(code(3), "insufficient_funds");
  EXPECT_EQ(ending(5), Ending::completed);
  EXPECT_EQ(batches(), 1);
  deliver(transfer(6, 1, 2, 1));
  run();
  EXPECT_EQ(code(6), "insufficient_funds") << "in the next batch, from memory";
  EXPECT_EQ(worker().store().rollbacks(), 0);
}

TEST_P(Handlers, LanesOfDifferentStyles) {
  for (int n = 0; n < 20; ++n) {
    deliver(transfer(100 + n, 1, 2, 1), 0);
    deliver(close(200 + n, 3, "20" + std::to_string(10 + n) + "-01"), 1);
    deliver(n % 2 == 0 ? transfer(300 + n, 2, 3, 1) : close(300 + n, 2, "no sql"), 2);
  }
  run();
  EXPECT_EQ(count(&PositionRow::completed), 63);
  EXPECT_EQ(statements().size(), 20);
}

TEST_P(Handlers, DuplicatesAreNotHandled) {
  deliver(close(1, 1, "2026-10"));
  deliver(close(1, 1, "2026-10"));
  run();
  deliver(close(1, 1, "2026-10"), 1);
  run();
  EXPECT_EQ(count(&PositionRow::duplicate), 2);
  EXPECT_EQ(decided(1), 1);
}

// Each lane has accounts of its own, so that the same commands have the same effect in batches of
// any size.
TEST_P(Handlers, BatchesOfAnySizeHaveTheSameEffect) {
  std::mt19937_64 random(seed());
  std::vector<Command> commands;
  for (int n = 0; n < 150; ++n) {
    const std::int64_t from = 1 + n % 3;
    const std::int64_t own = 10 + from;
    switch (random() % 5) {
      case 0:
        commands.push_back(close(2000 + n, from, "2" + std::to_string(100 + n) + "-01"));
        break;
      case 1: {
        const char* moods[] = {"no limit", "no sql", "reject", "bad row", "swallow"};
        commands.push_back(close(2000 + n, own, moods[random() % std::size(moods)]));
        break;
      }
      case 2:
        commands.push_back(transfer(2000 + n, own, from, 3));
        break;
      default:
        commands.push_back(transfer(2000 + n, from, own, 2));
    }
  }
  for (const std::int64_t account : {11, 12, 13})
    deliver(open(3000 + (int)account, account), (int)account - 11);
  run();
  const auto effect = [&] {
    std::vector<std::string> lines = statements();
    for (std::size_t n = 0; n < commands.size(); ++n) lines.push_back(code(2000 + (int)n));
    for (const AccountRow& row : world().accounts())
      lines.push_back(std::to_string(row.account.balance) + " " + std::to_string(row.version));
    return lines;
  };
  database().execute("CREATE TABLE accounts_then AS SELECT * FROM ledger.account");
  std::vector<std::vector<std::string>> effects;
  for (const std::size_t size : {1, 7, 2000}) {
    kill();
    database().execute("DELETE FROM ledger.account");
    database().execute("INSERT INTO ledger.account SELECT * FROM accounts_then");
    for (const char* table : {"ledger.statement", "ledger.transfer", "pawl.outbox"})
      database().execute(std::string("DELETE FROM ") + table);
    database().execute("DELETE FROM pawl.inbox");
    settings().batch_commands_max = size;
    start();
    for (std::size_t n = 0; n < commands.size(); ++n) deliver(commands[n], (int)n % 3);
    run();
    effects.push_back(effect());
  }
  database().execute("DROP TABLE accounts_then");
  EXPECT_EQ(effects[0], effects[1]) << "seed " << seed();
  EXPECT_EQ(effects[0], effects[2]) << "seed " << seed();
  expect_books_unbalanced();  // the inbox was emptied between the runs
}

TEST_P(Handlers, TheLedgersRulesForMonths) {
  deliver(close(1, 1, "2026-11"));
  deliver(close(2, 1, "2026-11"));
  deliver(close(3, 1, "2026-10"));
  deliver(close(4, 99, "2026-11"));
  deliver(close(5, -4230, "2026-11"));
  deliver(close(6, 1, "2026-13"));
  deliver(close(7, 1, "2027-02"));
  run();
  EXPECT_EQ(code(2), "month_already_closed");
  EXPECT_EQ(code(3), "month_already_closed");
  EXPECT_EQ(code(4), "account_not_found");
  EXPECT_EQ(code(5), "account_not_found");
  EXPECT_EQ(code(6), "month_invalid");
  EXPECT_THAT(statements(), ElementsAre("1 2026-11: 0 → 0", "1 2027-02: 0 → 0"));
}

// ---- endings

TEST_P(Handlers, OneThatThrowsLeavesNoTrace) {
  run_between_neighbours("throw");
  expect_dead(2, "handler", "threw");
  expect_neighbours_unharmed();
}

TEST_P(Handlers, OneThatRejectsLeavesOnlyTheRejection) {
  run_between_neighbours("reject");
  EXPECT_EQ(ending(2), Ending::rejected);
  EXPECT_EQ(code(2), "bad_mood");
  EXPECT_THAT(events_of(2), ElementsAre("ledger.v1.CommandRejected"));
  expect_neighbours_unharmed();
}

TEST_P(Handlers, OneThatTheDatabaseRefusesLeavesNoTrace) {
  run_between_neighbours("bad row");
  expect_dead(2, "database", "23514");
  expect_neighbours_unharmed();
}

TEST_P(Handlers, SqlThatCannotWorkIsItsCommandsFault) {
  run_between_neighbours("bad sql");
  expect_dead(2, "database", "42P01");
  expect_neighbours_unharmed();
  EXPECT_EQ(worker().status().away, std::nullopt);
}

TEST_P(Handlers, AFailedStatementIsNotForgottenWhenTheHandlerIgnoresIt) {
  run_between_neighbours("swallow");
  expect_dead(2, "handler", "statement_failed");
  expect_neighbours_unharmed();
}

TEST_P(Handlers, ACopyLeftOpenIsAFailure) {
  run_between_neighbours("copy");
  expect_dead(2, "handler", "statement_failed");
  expect_neighbours_unharmed();
}

TEST_P(Handlers, TheTransactionObjectCannotCommit) {
  run_between_neighbours("commit()");
  expect_dead(2, "handler", "threw");
  expect_neighbours_unharmed();
}

TEST_P(Handlers, AFailedOneIsTriedAgainBeforeWhatIsBehindIt) {
  retry_with({.attempts_max = 3});
  kill();
  start();
  run_between_neighbours("throw 2");
  EXPECT_EQ(ending(2), Ending::completed);
  EXPECT_EQ(decided(2), 3);
  EXPECT_THAT(statements(), ElementsAre("1 2026-11: 0 → -10", "2 2026-11: 0 → 10"));
}

// ---- nobody's fault

TEST_P(Handlers, WhatTheServerDidToAnyCommandCountsNoAttempt) {
  for (const char* sqlstate : {"40001", "40P01", "55P03", "53200"}) {
    const int n = 100 + 10 * static_cast<int>(moods().decided.size());
    deliver(transfer(n, 1, 2, 1));
    deliver(close(n + 1, 1, std::string("sqlstate ") + sqlstate));
    run();
    pass(settings().probing.delay_max);
    run();
    EXPECT_EQ(decided(n + 1), 3) << sqlstate;
    database().execute("DELETE FROM ledger.statement");
  }
  EXPECT_EQ(count(&PositionRow::completed), 3 + 8);
}

TEST_P(Handlers, ALostConnectionCountsNoAttempt) {
  run_between_neighbours("die 2");
  EXPECT_EQ(ending(2), Ending::completed);
  EXPECT_EQ(decided(2), 3);
  EXPECT_THAT(world().dead_letters(), IsEmpty());
}

TEST_P(Handlers, TheEnginesFailuresAroundHandlersAreMended) {
  for (const Step step : {Step::claim, Step::load, Step::save, Step::fence, Step::commit}) {
    worker().store().fail_next(step, Failure(Remedy::rerun_now, "40001", "by the test"));
    const int n = 100 + 10 * static_cast<int>(step);
    deliver(transfer(n, 1, 2, 1));
    deliver(close(n + 1, 1, "no limit"));
    deliver(transfer(n + 2, 2, 1, 1));
    run();
    EXPECT_EQ(ending(n + 2), Ending::completed);
  }
  EXPECT_GE(worker().store().rollbacks(), 5);
  EXPECT_THAT(world().dead_letters(), IsEmpty());
}

TEST_P(Handlers, ThePlannerWorksForThemAsTheDatabaseWantsIt) {
  deliver(close(1, 1, "planner"));
  run();
  EXPECT_EQ(moods().planner, "on auto");
}

// ---- a handler that ends the transaction

class EndsTheTransaction : public Handlers {
 protected:
  void expect_fatal(const std::string& statement) {
    deliver(transfer(1, 1, 2, 10));
    deliver(close(2, 1, statement));
    for (const int n : {3, 4, 5}) deliver(close(n, 2, "20" + std::to_string(20 + n) + "-01"));
    EXPECT_THAT(
        [&] { run(); },
        testing::ThrowsMessage<std::logic_error>(HasSubstr("ended its batch's transaction")))
        << statement;
    EXPECT_EQ(decided(2), 1) << "found at once, and not after others were blamed: " << statement;
    kill();
    EXPECT_EQ(ending(1), std::nullopt) << statement;
    EXPECT_EQ(ending(2), std::nullopt) << statement;
    EXPECT_EQ(balance(1), 0) << statement;
    EXPECT_THAT(statements(), IsEmpty()) << statement;
    EXPECT_EQ(position(0).received, 3) << statement;
  }
};

TEST_P(EndsTheTransaction, ByCommit) {
  expect_fatal("COMMIT");
}
TEST_P(EndsTheTransaction, ByCommitAndAnotherTransaction) {
  expect_fatal("COMMIT; BEGIN");
}
TEST_P(EndsTheTransaction, ByRollback) {
  expect_fatal("ROLLBACK");
}
TEST_P(EndsTheTransaction, ByRollbackAndAnotherTransaction) {
  expect_fatal("ROLLBACK; BEGIN");
}
TEST_P(EndsTheTransaction, ByCommitAndChain) {
  expect_fatal("COMMIT AND CHAIN");
}
TEST_P(EndsTheTransaction, ByRollbackAndChain) {
  expect_fatal("ROLLBACK AND CHAIN");
}

PAWL_ON_POSTGRES(Handlers);
PAWL_ON_POSTGRES(EndsTheTransaction);

}  // namespace
}  // namespace pawl::test
