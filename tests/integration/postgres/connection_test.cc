// The pipeline: order, errors in the middle, big answers, and what a failure says.
#include "integration/postgres/connection_fixture.h"
#include "pawl/core/event_fd.h"

namespace pawl::postgres {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Statement kBegin{"begin", "BEGIN"};
const Statement kCommit{"commit", "COMMIT"};
const Statement kRollback{"rollback", "ROLLBACK"};
const Statement kEcho{"echo", "SELECT $1::bigint"};
const Statement kDivide{"divide", "SELECT 1 / $1::bigint"};

TEST_F(ConnectionTest, RepliesComeInOrder) {
  const auto connection = connect();
  for (std::int64_t i = 0; i < 100; ++i) connection->send(kEcho, one(i));
  connection->sync();
  EXPECT_EQ(connection->outstanding(), 101);
  for (std::int64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(std::get<Result>(next(*connection)).integer(0, 0), i);
  }
  EXPECT_TRUE(std::holds_alternative<Synced>(next(*connection)));
  EXPECT_FALSE(connection->receive());
  EXPECT_EQ(connection->outstanding(), 0);
}

TEST_F(ConnectionTest, AnErrorAbortsTheRestUpToTheSyncAndNoFurther) {
  const auto connection = connect();
  connection->send(kEcho, one(1));
  connection->send(kDivide, one(0));
  connection->send(kEcho, one(2));
  connection->sync();
  connection->send(kEcho, one(3));
  connection->sync();
  EXPECT_THAT(replies(*connection),
              ElementsAre("SELECT 1", "22012", "aborted", "synced", "SELECT 1", "synced"));
}

TEST_F(ConnectionTest, CommitOfAFailedTransactionAnswersRollback) {
  const auto connection = connect();
  connection->send(kBegin);
  connection->send(kDivide, one(0));
  connection->sync();
  connection->send(kCommit);
  connection->sync();
  EXPECT_THAT(replies(*connection), ElementsAre("BEGIN", "22012", "synced", "ROLLBACK", "synced"));
}

TEST_F(ConnectionTest, ATransactionSpansSyncs) {
  const auto connection = connect();
  connection->execute({"", "CREATE TEMP TABLE spanned (value bigint)"});
  const Statement insert{"insert_spanned", "INSERT INTO spanned VALUES ($1::bigint)"};
  connection->send(kBegin);
  connection->send(insert, one(1));
  connection->sync();
  connection->send(insert, one(2));
  connection->send(kRollback);
  connection->sync();
  replies(*connection);
  EXPECT_EQ(connection->execute({"", "SELECT count(*) FROM spanned"}).integer(0, 0), 0);
}

TEST_F(ConnectionTest, AFailureAtTheImplicitCommitReplacesSynced) {
  const auto connection = connect();
  connection->execute(
      {"", "CREATE TEMP TABLE late (value bigint UNIQUE DEFERRABLE INITIALLY DEFERRED)"});
  connection->send({"", "INSERT INTO late VALUES (1), (1)"});
  connection->sync();
  EXPECT_THAT(replies(*connection), ElementsAre("INSERT 0 2", "23505"));
  EXPECT_THROW(connection->execute({"", "INSERT INTO late VALUES (2), (2)"}), Failure);
  EXPECT_EQ(connection->execute(kEcho, one(7)).integer(0, 0), 7);
}

TEST_F(ConnectionTest, MegabytesGoBothWaysWithoutBlocking) {
  const auto connection = connect();
  const Statement twice{"twice", "SELECT $1::bytea || $1::bytea"};
  Parameters parameters;
  parameters.add_bytes(std::string(4'000'000, 'x'));
  for (int i = 0; i < 4; ++i) connection->send(twice, parameters);
  connection->sync();
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(std::get<Result>(next(*connection)).text(0, 0).size(), 8'000'000u);
  }
  EXPECT_TRUE(std::holds_alternative<Synced>(next(*connection)));
}

TEST_F(ConnectionTest, FailuresNameTheStatementButNoValues) {
  const auto connection = connect();
  connection->execute({"", "CREATE TEMP TABLE secret (name text UNIQUE)"});
  const Statement insert{"insert_secret", "INSERT INTO secret VALUES ('Ann Lee'), ('Ann Lee')"};
  const Statement cast{"cast_secret", "SELECT 'Ann Lee'::text::bigint"};
  for (const Statement& statement : {insert, cast}) {
    try {
      connection->execute(statement);
      FAIL() << statement.name << " did not fail";
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.remedy(), Remedy::retry_later);
      EXPECT_THAT(failure.what(),
                  AllOf(HasSubstr(statement.name),
                        HasSubstr(failure.code()),
                        HasSubstr("ERROR"),
                        Not(HasSubstr("Ann Lee"))));
    }
  }
}

TEST_F(ConnectionTest, TheSessionIsSetUp) {
  const auto connection = connect();
  const auto setting = [&](const std::string& name) {
    return std::string{connection->execute({"", "SHOW " + name}).text(0, 0)};
  };
  EXPECT_EQ(setting("plan_cache_mode"), "force_generic_plan");
  EXPECT_EQ(setting("lock_timeout"), "1s");
  EXPECT_EQ(setting("idle_in_transaction_session_timeout"), "10s");
  EXPECT_EQ(setting("application_name"), "connection_test");
  EXPECT_EQ(setting("client_connection_check_interval"), "1s");
}

TEST_F(ConnectionTest, WaitingEndsByAWakeAndByTime) {
  const auto connection = connect();
  const std::array<Connection*, 2> list{connection.get(), nullptr};
  EventFd event;
  EXPECT_FALSE(wait_until_readable(list, event.fd(), std::chrono::milliseconds{1}));
  event.wake();
  EXPECT_TRUE(wait_until_readable(list, event.fd(), std::chrono::seconds{20}));
}

TEST_F(ConnectionTest, ExecuteRefusesWhileRepliesAreOutstanding) {
  const auto connection = connect();
  connection->send(kEcho, one(1));
  connection->sync();
  EXPECT_THROW(connection->execute(kEcho, one(2)), std::logic_error);
}

}  // namespace
}  // namespace pawl::postgres
