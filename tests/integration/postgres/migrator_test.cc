// Migrations on a real server: there and back, refusals, two at once.
#include "pawl/postgres/migrator.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "pawl/postgres/connection.h"
#include "pawl/postgres/temporary_server.h"
#include "support/eventually.h"

namespace pawl::postgres {
namespace {

using test::eventually;
using testing::AllOf;
using testing::HasSubstr;

class MigratorTest : public testing::Test {
 protected:
  static TemporaryServer& server() {
    static TemporaryServer instance;
    return instance;
  }

  Migrator migrator(std::span<const Migration> migrations = builtin_migrations(),
                    std::string name = "pawl migrate") {
    return {url_, migrations, {.application_name = std::move(name)}};
  }

  std::int64_t number(const std::string& sql) {
    Connection connection({.url = url_});
    return connection.execute({"", "SELECT (" + sql + ")::bigint"}).integer(0, 0);
  }
  void run(const std::string& sql) { Connection({.url = url_}).execute({"", sql}); }

  template <typename Call>
  Failure failure_of(Call call) {
    try {
      call();
    } catch (const Failure& failure) {
      return failure;
    }
    return {Remedy::give_up, "", "did not fail"};
  }

  const int all_ = static_cast<int>(builtin_migrations().size());
  const std::string url_ =
      server().create_database(testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(MigratorTest, GoesUpDownAndUpAgain) {
  EXPECT_EQ(migrator().up(), all_);
  EXPECT_EQ(migrator().up(), 0);
  EXPECT_EQ(number("SELECT count(*) FROM pawl.schema_migration"), all_);
  EXPECT_EQ(migrator().down(1), all_ - 1);
  EXPECT_EQ(number("SELECT count(*) FROM pg_namespace WHERE nspname = 'ledger'"), 0);
  EXPECT_EQ(migrator().down(0), 1);
  EXPECT_EQ(number("SELECT count(*) FROM pg_namespace WHERE nspname IN ('pawl', 'ledger')"), 0);
  EXPECT_EQ(migrator().up(), all_);
}

TEST_F(MigratorTest, DownToZeroLeavesWhatIsNotOurs) {
  migrator().up();
  run("CREATE TABLE pawl.somebody_elses ()");
  migrator().down(0);
  EXPECT_EQ(number("SELECT count(*) FROM pg_class WHERE relnamespace = 'pawl'::regnamespace"), 1);
  EXPECT_EQ(migrator().up(), all_);
}

TEST_F(MigratorTest, StatusChangesNothingAndTellsWhoAndWhen) {
  for (const MigrationStatus& status : migrator().status()) EXPECT_FALSE(status.applied);
  EXPECT_EQ(number("SELECT count(*) FROM pg_namespace WHERE nspname = 'pawl'"), 0);
  migrator().up();
  const auto after = migrator().status();
  EXPECT_EQ(after.size(), static_cast<std::size_t>(all_));
  for (const MigrationStatus& status : after) {
    ASSERT_TRUE(status.applied);
    EXPECT_EQ(status.applied->applied_by, "postgres (pawl migrate)");
    EXPECT_THAT(status.applied->applied_at, HasSubstr("UTC"));
    EXPECT_TRUE(status.checksum_ok);
  }
}

TEST_F(MigratorTest, AChangedStepIsRefused) {
  migrator().up();
  std::vector<Migration> changed(builtin_migrations().begin(), builtin_migrations().end());
  changed[0].up += "-- a harmless comment\n";
  const Failure refusal = failure_of([&] { migrator(changed).up(); });
  EXPECT_EQ(refusal.code(), "migration_changed");
  EXPECT_THAT(refusal.what(),
              AllOf(HasSubstr("0001_pawl.up.sql"),
                    HasSubstr(checksum(changed[0])),
                    HasSubstr(checksum(builtin_migrations()[0]))));
  EXPECT_EQ(failure_of([&] { migrator(changed).down(0); }).code(), "migration_changed");
  EXPECT_FALSE(migrator(changed).status()[0].checksum_ok);
}

TEST_F(MigratorTest, ADatabaseOfANewerProgramIsRefused) {
  migrator().up();
  const Failure refusal = failure_of([&] { migrator(builtin_migrations().first(1)).up(); });
  EXPECT_EQ(refusal.code(), "migration_unknown");
  EXPECT_FALSE(migrator(builtin_migrations().first(1)).status().back().known);
}

TEST_F(MigratorTest, AFailingStepLeavesTheStepsBefore) {
  const std::vector<Migration> steps{{1, "good", "CREATE TABLE good ()", "DROP TABLE good"},
                                     {2, "bad", "CREATE TABLE half (); SELECT nonsense", ""}};
  const Failure failure = failure_of([&] { migrator(steps).up(); });
  EXPECT_EQ(failure.code(), "42703");
  EXPECT_EQ(number("SELECT count(*) FROM pg_class WHERE relname IN ('good', 'half')"), 1);
  EXPECT_TRUE(migrator(steps).status()[0].applied);
  EXPECT_FALSE(migrator(steps).status()[1].applied);
}

TEST_F(MigratorTest, ASecondMigrateWaitsAndSaysForWhom) {
  const std::vector<Migration> steps{
      {1, "slow", "LOCK TABLE gate; CREATE TABLE slow ()", "DROP TABLE slow"}};
  run("CREATE TABLE gate ()");
  Connection gate({.url = url_});
  gate.execute({"", "BEGIN"});
  gate.execute({"", "LOCK TABLE gate"});
  std::jthread first{[&] { EXPECT_EQ(migrator(steps, "first migrate").up(), 1); }};
  ASSERT_TRUE(eventually("the first migrate holds the lock", [&] {
    return number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted") == 1;
  }));
  std::vector<MigrationLockHolder> holders;
  const int applied =
      migrator(steps, "second migrate").up({.waits = [&](const MigrationLockHolder& holder, auto) {
        holders.push_back(holder);
        if (gate.outstanding() == 0) gate.execute({"", "COMMIT"});
      }});
  EXPECT_EQ(applied, 0);
  ASSERT_FALSE(holders.empty());
  EXPECT_EQ(holders[0].application_name, "first migrate");
  EXPECT_GT(holders[0].pid, 0);
  EXPECT_EQ(holders[0].client, "local socket");
  EXPECT_THAT(holders[0].since, HasSubstr("UTC"));
}

TEST_F(MigratorTest, WaitingForAnotherMigrateEnds) {
  const std::vector<Migration> steps{{1, "slow", "LOCK TABLE gate", ""}};
  run("CREATE TABLE gate ()");
  Connection gate({.url = url_});
  gate.execute({"", "BEGIN"});
  gate.execute({"", "LOCK TABLE gate"});
  std::jthread first{[&] { EXPECT_EQ(migrator(steps).up(), 1); }};
  ASSERT_TRUE(eventually("the first migrate holds the lock", [&] {
    return number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted") == 1;
  }));
  Migrator impatient{url_, steps, {.lock_wait_max = std::chrono::milliseconds{1}}};
  const Failure failure = failure_of([&] { impatient.up(); });
  gate.execute({"", "COMMIT"});
  EXPECT_EQ(failure.code(), "migration_locked");
  EXPECT_THAT(failure.what(), AllOf(HasSubstr("pid "), HasSubstr("pawl migrate")));
}

TEST_F(MigratorTest, ManyAtOnceApplyEachStepOnce) {
  std::atomic<int> applied = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { applied += migrator().up(); });
  }
  EXPECT_EQ(applied, all_);
}

TEST_F(MigratorTest, DownNeedsAKnownVersion) {
  EXPECT_EQ(failure_of([&] { migrator().down(77); }).code(), "migration_unknown");
}

TEST_F(MigratorTest, AnAbsentServerAsksToReconnect) {
  Migrator absent{"postgresql://ann:topsecret@127.0.0.1:1/shop", builtin_migrations()};
  const Failure failure = failure_of([&] { absent.up(); });
  EXPECT_EQ(failure.remedy(), Remedy::reconnect_and_rerun);
  EXPECT_THAT(failure.what(), testing::Not(HasSubstr("topsecret")));
}

}  // namespace
}  // namespace pawl::postgres
