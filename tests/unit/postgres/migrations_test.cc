#include "pawl/postgres/migrations.h"

#include <gmock/gmock.h>

#include "pawl/core/failure.h"

namespace pawl::postgres {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::vector<Migration> kKnown{{1, "first", "SELECT 1", ""}, {2, "second", "SELECT 2", ""}};

AppliedMigration applied(const Migration& migration) {
  return {migration.version, migration.name, checksum(migration), "2026-01-31", "ann", {}};
}

Failure refusal_of(std::span<const AppliedMigration> rows) {
  try {
    check_history(compare(kKnown, rows));
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.remedy(), Remedy::give_up);
    return failure;
  }
  return {Remedy::give_up, "", "not refused"};
}

TEST(MigrationsTest, BuiltinOnesRiseAndHaveTheirWayBack) {
  int last = 0;
  for (const Migration& migration : builtin_migrations()) {
    EXPECT_EQ(migration.version, last + 1);
    last = migration.version;
    EXPECT_FALSE(migration.up.empty()) << migration.name;
    EXPECT_FALSE(migration.down.empty()) << migration.name;
  }
  EXPECT_EQ(file_name(builtin_migrations()[0]), "0001_pawl");
}

TEST(MigrationsTest, ChecksumIsSha256OfTheWayUp) {
  EXPECT_EQ(checksum({1, "x", "abc", "ignored"}),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(MigrationsTest, AnEmptyAndACompleteHistoryAreFine) {
  EXPECT_NO_THROW(check_history(compare(kKnown, {})));
  const std::vector rows{applied(kKnown[0]), applied(kKnown[1])};
  EXPECT_NO_THROW(check_history(compare(kKnown, rows)));
}

TEST(MigrationsTest, AChangedStepIsRefusedWithBothSums) {
  AppliedMigration changed = applied(kKnown[0]);
  changed.sha256 = "0ld";
  const Failure refusal = refusal_of({{changed}});
  EXPECT_EQ(refusal.code(), "migration_changed");
  EXPECT_THAT(refusal.what(),
              AllOf(HasSubstr("0001_first.up.sql"),
                    HasSubstr("0ld"),
                    HasSubstr(checksum(kKnown[0])),
                    HasSubstr("new migration")));
}

TEST(MigrationsTest, ANewerDatabaseIsRefused) {
  const std::vector rows{applied(kKnown[0]), applied(kKnown[1]), applied({9, "future", "", ""})};
  const Failure refusal = refusal_of(rows);
  EXPECT_EQ(refusal.code(), "migration_unknown");
  EXPECT_THAT(refusal.what(), HasSubstr("0009_future"));
}

TEST(MigrationsTest, AGapIsRefused) {
  const std::vector rows{applied(kKnown[1])};
  EXPECT_EQ(refusal_of(rows).code(), "migration_order");
}

TEST(MigrationsTest, PrintHeadsEachStep) {
  EXPECT_THAT(print(kKnown), AllOf(HasSubstr("-- 0001_first (sha256 "), HasSubstr("SELECT 2\n")));
}

}  // namespace
}  // namespace pawl::postgres
