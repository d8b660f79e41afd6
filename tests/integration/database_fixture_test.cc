// The test database itself: migrated, fresh for each test, gone afterwards.
#include <gtest/gtest.h>

#include <memory>

#include "pawl/core/failure.h"
#include "support/database.h"
#include "support/tcp_gate.h"

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

TEST(GatedDatabaseTest, IsReachedThroughTheGate) {
  postgres::TemporaryServer server{{.tcp = true}};
  Database database{server};
  TcpGate gate;
  postgres::Connection connection{
      {.url = database.url_through(gate), .application_name = "test", .session = {}}};
  EXPECT_EQ(connection.execute({"", "SELECT 7::bigint"}).integer(0, 0), 7);
  gate.cut();
  EXPECT_THROW(connection.execute({"", "SELECT 7::bigint"}), Failure);
  EXPECT_EQ(database.number("SELECT 7::bigint"), 7);
}

}  // namespace
}  // namespace pawl::test
