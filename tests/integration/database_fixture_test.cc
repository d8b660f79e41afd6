// The test database itself: migrated, fresh for each test, gone afterwards.
#include <gtest/gtest.h>

#include <memory>

#include "support/database.h"

namespace pawl::test {
namespace {

class FreshDatabaseTest : public DatabaseFixture {};

TEST_F(FreshDatabaseTest, IsMigrated) {
  EXPECT_GT(database().number("SELECT count(*) FROM pawl.schema_migration"), 0);
}

// Twice: the second finds nothing of the first.
TEST_F(FreshDatabaseTest, StartsEmpty) {
  EXPECT_EQ(database().execute("CREATE TABLE public.mine (id bigint)").command_tag(),
            "CREATE TABLE");
}
TEST_F(FreshDatabaseTest, StartsEmptyAgain) {
  EXPECT_EQ(database().execute("CREATE TABLE public.mine (id bigint)").command_tag(),
            "CREATE TABLE");
}

TEST_F(FreshDatabaseTest, IsGoneAfterItsTestWhoeverIsConnected) {
  const std::string count = "SELECT count(*) FROM pg_database WHERE datname LIKE 'test_%'";
  auto before = database().number(count);
  auto other = std::make_unique<Database>();
  auto forgotten = other->connect();
  EXPECT_EQ(database().number(count), before + 1);
  other.reset();
  EXPECT_EQ(database().number(count), before);
}

}  // namespace
}  // namespace pawl::test
