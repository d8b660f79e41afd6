// Handlers with SQL of their own: on PostgreSQL alone, for SQL is what they speak.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "behaviour/engine_fixture.h"
#include "behaviour/postgres_world.h"
#include "ledger/v1/commands.pb.h"

namespace pawl::test {

class Handlers : public EngineTest {
 protected:
  Handlers() : EngineTest(make_postgres_world()) {}
  void SetUp() override {
    retry_with({.attempts_max = 1});  // one counted attempt would be a dead letter
    start();
    open_accounts(3);
    batches_before_ = worker().committed();
  }

  [[nodiscard]] Command close(int n, std::int64_t account, const std::string& month) const {
    ledger::v1::CloseMonth command;
    command.set_account_id(account);
    command.set_month(month);
    return {id(n), command.GetTypeName(), command.SerializeAsString(), std::to_string(account)};
  }
  [[nodiscard]] int batches() { return worker().committed() - batches_before_; }

  // "account month: opening → closing", by account and month
  [[nodiscard]] std::vector<std::string> statements() {
    const postgres::Result rows = database().execute(
        "SELECT account_id || ' ' || to_char(month, 'YYYY-MM') || ': ' || opening_balance || ' → ' "
        "|| "
        "closing_balance FROM ledger.statement ORDER BY account_id, month");
    std::vector<std::string> lines;
    for (int row = 0; row < rows.rows(); ++row) lines.emplace_back(rows.text(row, 0));
    return lines;
  }
  [[nodiscard]] Database& database() { return static_cast<PostgresWorld&>(world()).database(); }

  void expect_dead(int n, const std::string& failure_class, const std::string& code) {
    EXPECT_EQ(ending(n), Ending::exhausted);
    EXPECT_EQ(this->code(n), code);
    for (const DeadRow& letter : world().dead_letters()) {
      if (letter.message_id != uuid(n)) continue;
      EXPECT_EQ(letter.failure_class, failure_class);
      EXPECT_THAT(letter.text, testing::Not(testing::HasSubstr("2026")));
    }
    EXPECT_THAT(events_of(n), testing::IsEmpty());
  }
  // The command in the middle of three on one account, in one lane, with this mood.
  void run_between_neighbours(const std::string& mood) {
    deliver(transfer(1, 1, 2, 10));
    deliver(close(2, 1, mood));
    deliver(close(3, 2, "2026-11"));
    deliver(transfer(4, 1, 2, 5));
    run_through_retries();
  }
  void expect_neighbours_unharmed() {
    for (const int n : {1, 3, 4}) EXPECT_EQ(ending(n), Ending::completed) << n;
    EXPECT_THAT(statements(), testing::ElementsAre("2 2026-11: 0 → 10"));
    EXPECT_EQ(balance(2), 15);
  }

 private:
  int batches_before_ = 0;
};

#define PAWL_ON_POSTGRES(Suite)                                                  \
  INSTANTIATE_TEST_SUITE_P(                                                      \
      On,                                                                        \
      Suite,                                                                     \
      testing::Values(Setup{Backend::postgres, 1}, Setup{Backend::postgres, 2}), \
      setup_name)

}  // namespace pawl::test
