// What only a real server can show: rotation, sessions that the server ends, other people's locks
// and settings.
#include <chrono>
#include <random>
#include <thread>

#include "behaviour/engine_fixture.h"
#include "behaviour/postgres_world.h"
#include "pawl/engine/postgres_store.h"
#include "pawl/engine/table_statements.h"
#include "pawl/rotation/rotate.h"
#include "support/eventually.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

class OnPostgres : public EngineTest {
 protected:
  OnPostgres() : EngineTest(std::make_unique<PostgresWorld>(PostgresWorld::Use::own_database)) {}
  PostgresWorld& postgres() { return static_cast<PostgresWorld&>(world()); }
  Database& database() { return postgres().database(); }
  void start_with_accounts() {
    retry_with({.attempts_max = 1});  // one counted attempt would be a dead letter
    start();
    open_accounts(3);
  }
  void run_until_drained() {
    for (int i = 0; i < 100 && !drained() && !HasFatalFailure(); ++i) {
      run();
      pass(settings().probing.delay_max);
    }
    EXPECT_TRUE(drained());
  }
  void expect_nobody_paid() {
    EXPECT_TRUE(world().dead_letters().empty());
    EXPECT_EQ(count(&PositionRow::duplicate), 0);
  }
};

// ---- takeovers

/// Two processes' stores on one lane, which the first one has.
class TakingTest : public testing::Test {
 protected:
  static constexpr std::chrono::milliseconds kLong = 60s, kShort = 100ms;

  TakingTest() {
    first_.reconnect(1);
    first_.add_positions(std::vector{engine::Position{lanes_[0], 0, 0}});
    first_.take_over(lanes_, epoch_ = first_.new_epoch());
  }
  std::unique_ptr<engine::PostgresStore> store(std::chrono::milliseconds give_up_max) {
    return std::make_unique<engine::PostgresStore>(
        postgres::ConnectionSettings{.url = database_.url(),
                                     .session = postgres::engine_session(0.5)},
        "ledger",
        "test",
        give_up_max);
  }
  /// Whether the lane looks abandoned to a second process that takes it.
  bool takes_it_for_abandoned(std::chrono::milliseconds give_up_max) {
    const auto second = store(give_up_max);
    second->reconnect(1);
    return second->take_over(lanes_, second->new_epoch()).at(0).abandoned;
  }

  const std::vector<TopicPartition> lanes_{{"ledger.commands", 0}};
  Database database_;
  std::unique_ptr<engine::PostgresStore> kept_ = store(kLong);
  engine::PostgresStore& first_ = *kept_;
  std::int64_t epoch_ = 0;
};

TEST_F(TakingTest, AnOwnerThatLivesIsGivenTimeToGiveItsLanesUp) {
  bool abandoned = true;
  std::thread taker{[&] { abandoned = takes_it_for_abandoned(kLong); }};
  EXPECT_TRUE(eventually("the taker looks at the owner", [&] {
    return database_.number(
               "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%EXISTS%p.backends%' AND "
               "pid <> pg_backend_pid()") > 0;
  }));
  first_.give_up(lanes_, epoch_);
  taker.join();
  EXPECT_FALSE(abandoned);
}

TEST_F(TakingTest, AnOwnerThatLivesAndKeepsItsLanesIsNotWaitedForForEver) {
  EXPECT_TRUE(takes_it_for_abandoned(kShort));
}

TEST_F(TakingTest, AnOwnerThatIsGoneIsNotWaitedFor) {
  first_.reconnect(0);
  EXPECT_TRUE(takes_it_for_abandoned(kLong));
}

// ---- rotation

TEST_P(OnPostgres, DuplicatesAreFoundAcrossRotations) {
  start_with_accounts();
  deliver(transfer(1, 1, 2, 10));
  run();
  for (int rotation = 1; rotation <= 3; ++rotation) {
    postgres().rotate_inbox();
    deliver(transfer(1, 1, 2, 10));
    run();
    EXPECT_EQ(position(0).duplicate, rotation);
  }
  EXPECT_EQ(balance(2), 10);
}

// The id is newer than the rotation and is not looked for in older generations: it must have been
// impossible there.
TEST_P(OnPostgres, AnIdStampedAfterARotationIsNew) {
  start_with_accounts();
  postgres().rotate_inbox();
  Command later = transfer(1, 1, 2, 10);
  later.id = Uuid::v7(std::chrono::system_clock::now().time_since_epoch() / 1ms * 1ms + 15min, 1, 1)
                 .to_string();
  deliver(later);
  deliver(later, 1);
  run();
  deliver(later, 2);
  run();
  EXPECT_EQ(balance(2), 10);
  EXPECT_EQ(count(&PositionRow::duplicate), 2);
}

// Somebody's clock is a day ahead: his ids look as if they came after every rotation of today.
TEST_P(OnPostgres, AnIdFromAClockADayAheadIsFoundAfterARotation) {
  start_with_accounts();
  Command ahead = transfer(1, 1, 2, 10);
  ahead.id = Uuid::v7(std::chrono::system_clock::now().time_since_epoch() / 1ms * 1ms + 24h, 1, 1)
                 .to_string();
  deliver(ahead);
  run();
  postgres().rotate_inbox();
  deliver(ahead);
  run();
  EXPECT_EQ(balance(2), 10);
  EXPECT_EQ(count(&PositionRow::duplicate), 1);
}

TEST_P(OnPostgres, ABatchInFlightHoldsTheRotationOff) {
  start_with_accounts();
  worker().store().hold_next_commit_back();
  deliver(transfer(1, 1, 2, 10));
  worker().run_until_held();
  postgres::Connection connection = database().connect();
  EXPECT_EQ(rotation::rotate(connection, rotation::Table::inbox, 0ms), rotation::Result::busy);
  worker().store().let_go();
  run();
  postgres().rotate_inbox();
}

// ---- the server ends sessions

TEST_P(OnPostgres, BackendsEndedBeforeTheCommitGotThere) {
  start_with_accounts();
  worker().store().hold_next_commit_back();
  deliver(transfer(1, 1, 2, 100));
  worker().run_until_held();
  deliver(transfer(2, 2, 3, 60));
  run();
  EXPECT_GT(postgres().terminate_engine(), 0);
  worker().store().let_go();
  run_until_drained();
  EXPECT_EQ(balance(2), 40);
  expect_nobody_paid();
}

TEST_P(OnPostgres, BackendsEndedAfterTheCommit) {
  start_with_accounts();
  worker().store().hold_next(Step::commit);
  deliver(transfer(1, 1, 2, 100));
  worker().run_until_held();
  deliver(transfer(2, 2, 3, 60));
  run();
  EXPECT_GT(postgres().terminate_engine(), 0);
  worker().store().cut();
  run_until_drained();
  EXPECT_EQ(balance(2), 40);
  expect_nobody_paid();
}

TEST_P(OnPostgres, BackendsEndedWhileNothingIsInFlight) {
  start_with_accounts();
  EXPECT_EQ(postgres().terminate_engine(), GetParam().in_flight);
  worker().run_until("the engine has noticed", [&] { return worker().store().reconnects() == 2; });
  deliver(transfer(1, 1, 2, 100));
  run_until_drained();
  expect_nobody_paid();
}

// COMMIT has arrived and is being worked on (a deferred trigger waits for a lock) when the client
// gives up.
TEST_P(OnPostgres, AConnectionGivenUpInTheMiddleOfACommit) {
  start_with_accounts();
  for (const char* sql : {"CREATE FUNCTION wait_a_lot() RETURNS trigger LANGUAGE plpgsql AS $$ "
                          "BEGIN PERFORM pg_advisory_xact_lock(42); "
                          "RETURN NULL; END $$",
                          "CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON ledger.transfer "
                          "DEFERRABLE INITIALLY DEFERRED FOR EACH "
                          "ROW EXECUTE FUNCTION wait_a_lot()",
                          "SELECT 1 FROM pg_advisory_lock(42)"}) {
    database().execute(sql);
  }
  deliver(transfer(1, 1, 2, 100));
  postgres::Connection watcher = database().connect();
  worker().run_until("COMMIT waits", [&] {
    return watcher
               .execute({"",
                         "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 "
                         "AND NOT granted"})
               .integer(0, 0) == 1;
  });
  worker().store().cut();
  database().execute("SELECT pg_advisory_unlock(42)");
  run_until_drained();
  EXPECT_EQ(balance(2), 100);
  expect_nobody_paid();
}

TEST_P(OnPostgres, BackendsEndedAtAnyMoment) {
  settings().batch_commands_max = 200;
  start_with_accounts();
  constexpr int kCommands = 10'000;
  int n = 0;
  int ended = 0;
  std::mt19937_64 random(seed());
  const auto begin = std::chrono::steady_clock::now();
  auto next = begin;
  while (n < kCommands && std::chrono::steady_clock::now() < begin + 10s && !HasFatalFailure()) {
    for (int i = 0; i < 400; ++i, ++n)
      deliver(transfer(5000 + n, 1 + n % 3, 1 + (n + 1) % 3, 1), n % 3);
    for (int i = 0; i < 20; ++i) worker().step();
    if (std::chrono::steady_clock::now() < next) continue;
    ended += postgres().terminate_engine() > 0 ? 1 : 0;
    next = std::chrono::steady_clock::now() + std::chrono::milliseconds{random() % 100};
    if (worker().status().away) pass(settings().probing.delay_max);
  }
  run_until_drained();
  EXPECT_GT(ended, 3);
  EXPECT_EQ(count(&PositionRow::completed), n + 3);
  expect_nobody_paid();
}

// ---- other people on the same server

TEST_P(OnPostgres, SomebodyHoldsAHotRowForAWhile) {
  start_with_accounts();
  postgres::Connection holder = database().connect();
  holder.execute({"", "BEGIN"});
  holder.execute({"", "SELECT 1 FROM ledger.account WHERE account_id = 2 FOR UPDATE"});
  deliver(transfer(1, 1, 2, 100));
  worker().run_until("a lock timeout", [&] { return worker().store().reconnects() > 1; });
  EXPECT_EQ(ending(1), std::nullopt);
  holder.execute({"", "ROLLBACK"});
  run_until_drained();
  EXPECT_EQ(balance(2), 100);
  expect_nobody_paid();
}

// A stricter default than ours must not make batch k+1 fail on what k wrote.
TEST_P(OnPostgres, AnotherDefaultIsolationLevelDoesNoHarm) {
  database().execute(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = "
      "''repeatable read''', "
      "current_database()); END $$");
  settings().batch_commands_max = 5;
  start_with_accounts();
  for (int n = 1; n <= 100; ++n) deliver(transfer(n, 1, 2, 1), n % 3);
  run();
  EXPECT_EQ(balance(2), 100);
  EXPECT_EQ(worker().store().rollbacks(), 0);
}

// Not a conflict with another writer, however often it is read again.
TEST_P(OnPostgres, AUniqueConstraintBesideTheKeyIsTheCommandsFault) {
  start_with_accounts();
  database().execute(
      "CREATE UNIQUE INDEX one_of_each ON ledger.account (overdraft_limit) WHERE overdraft_limit < "
      "100");
  deliver(open(1, 51, 7));
  deliver(open(2, 52, 7));
  deliver(open(3, 53, 8));
  run_through_retries();
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(ending(2), Ending::exhausted);
  EXPECT_EQ(ending(3), Ending::completed);
  EXPECT_EQ(world().dead_letters().at(0).code, "23505");
}

// PostgreSQL cuts names at 63 bytes; a table may be named that long, its statements share the
// front.
TEST_P(OnPostgres, LongTableNames) {
  const std::string name =
      "ledger.a_table_that_was_named_by_somebody_who_had_all_the_time_in_the_world";
  database().execute("CREATE TABLE " + name + " (id bigint PRIMARY KEY, version bigint NOT NULL)");
  const engine::TableShape shape{name, {{"id", ColumnType::bigint}}, "version"};
  const engine::TableStatements statements(shape);
  postgres::Connection connection = database().connect();
  postgres::Parameters keys;
  keys.add_array(std::span<const std::int64_t>{});
  for (const postgres::Statement* statement :
       {&statements.load, &statements.load_locked, &statements.check}) {
    EXPECT_NO_THROW(connection.execute(*statement, keys)) << statement->name;
  }
}

INSTANTIATE_TEST_SUITE_P(On,
                         OnPostgres,
                         testing::Values(Setup{Backend::postgres, 1}, Setup{Backend::postgres, 2}),
                         setup_name);

}  // namespace
}  // namespace pawl::test
