// What is told when a connection cannot be made, is lost, or takes too long.
#include "integration/postgres/connection_fixture.h"
#include "pawl/postgres/backends.h"

namespace pawl::postgres {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Statement kSleep{"sleep", "SELECT pg_sleep(30)"};
const Statement kEcho{"echo", "SELECT $1::bigint"};

class LossTest : public ConnectionTest {
 protected:
  static Failure refusal_of(const std::string& url) {
    try {
      const Connection connection({.url = url});
    } catch (const Failure& failure) {
      return failure;
    }
    return {Remedy::give_up, "", "not refused"};
  }

  int terminate(const Connection& victim) {
    const auto killer = connect();
    const std::array backends{backend_of(victim)};
    return terminate_backends(*killer, backends);
  }
};

TEST_F(LossTest, ABackendTerminatedMidWayIsToldOnce) {
  const auto connection = connect();
  connection->send(kSleep);
  connection->send(kEcho, one(1));
  connection->sync();
  EXPECT_EQ(terminate(*connection), 1);
  const Reply reply = next(*connection);
  ASSERT_TRUE(std::holds_alternative<Failure>(reply));
  EXPECT_EQ(std::get<Failure>(reply).code(), "57P01");
  EXPECT_EQ(std::get<Failure>(reply).remedy(), Remedy::reconnect_and_rerun);
  EXPECT_FALSE(connection->receive());
  EXPECT_EQ(connection->outstanding(), 0);
}

TEST_F(LossTest, AnIdleConnectionsLossIsToldOnceToo) {
  const auto connection = connect();
  EXPECT_EQ(terminate(*connection), 1);
  const Reply reply = next(*connection);
  ASSERT_TRUE(std::holds_alternative<Failure>(reply));
  EXPECT_EQ(std::get<Failure>(reply).code(), "08006");
  EXPECT_EQ(std::get<Failure>(reply).remedy(), Remedy::reconnect_and_rerun);
  EXPECT_FALSE(connection->receive());
  connection->send(kEcho, one(1));
  connection->sync();
  EXPECT_FALSE(connection->receive());
  EXPECT_THROW(connection->execute(kEcho, one(1)), Failure);
}

TEST_F(LossTest, WhatWasAnsweredBeforeTheLossIsStillHandedOut) {
  const auto connection = connect();
  connection->send(kEcho, one(5));
  connection->sync();
  connection->send(kSleep);
  connection->sync();
  EXPECT_EQ(std::get<Result>(next(*connection)).integer(0, 0), 5);
  EXPECT_EQ(terminate(*connection), 1);
  EXPECT_TRUE(std::holds_alternative<Synced>(next(*connection)));
  EXPECT_TRUE(std::holds_alternative<Failure>(next(*connection)));
}

TEST_F(LossTest, AnotherProcessWithTheSamePidIsSpared) {
  const auto connection = connect();
  const auto killer = connect();
  Backend other = backend_of(*connection);
  other.started = "2001-01-01T00:00:00.000000Z";
  const std::array backends{other, backend_of(*killer), Backend{}};
  EXPECT_EQ(terminate_backends(*killer, backends), 0);
  EXPECT_EQ(connection->execute(kEcho, one(1)).integer(0, 0), 1);
}

TEST_F(LossTest, ATimeoutAsksToReconnect) {
  const auto connection = connect();
  try {
    connection->execute(kSleep, {}, std::chrono::milliseconds{50});
    FAIL() << "no timeout";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.remedy(), Remedy::reconnect_and_rerun);
    EXPECT_THAT(failure.what(), HasSubstr("sleep"));
  }
}

TEST_F(LossTest, LockTimeoutIsRerunNow) {
  const auto holder = connect();
  const auto waiter = connect();
  holder->execute({"", "CREATE TABLE locked (value bigint)"});
  holder->execute({"", "BEGIN"});
  holder->execute({"", "LOCK TABLE locked"});
  try {
    waiter->execute({"", "SELECT * FROM locked"});
    FAIL() << "no lock timeout";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), "55P03");
    EXPECT_EQ(failure.remedy(), Remedy::rerun_now);
  }
}

TEST_F(LossTest, RefusedConnectionsSayWhereAndKeepThePassword) {
  const Failure absent = refusal_of("postgresql://ann:topsecret@127.0.0.1:1/shop");
  EXPECT_EQ(absent.remedy(), Remedy::reconnect_and_rerun);
  EXPECT_THAT(absent.what(),
              AllOf(HasSubstr("127.0.0.1:1/shop as ann"), Not(HasSubstr("topsecret"))));
  const Failure unreadable = refusal_of("postgresql://ann:top%secret@127.0.0.1:1/shop");
  EXPECT_EQ(unreadable.remedy(), Remedy::give_up);
  EXPECT_THAT(unreadable.what(), Not(HasSubstr("secret")));
}

TEST_F(LossTest, AMissingDatabaseOrRoleIsGivenUp) {
  EXPECT_EQ(refusal_of(server().url("nowhere")).code(), "3D000");
  EXPECT_EQ(refusal_of(server().url("nowhere")).remedy(), Remedy::give_up);
  EXPECT_EQ(refusal_of(server().url() + "&user=nobody_knows").remedy(), Remedy::give_up);
}

TEST_F(LossTest, TheSecondHostIsTriedWhenTheFirstIsAway) {
  Connection connection({.url = "postgresql://postgres@/postgres?host=/nonexistent," +
                                server().folder().string() + "&port=5432"});
  EXPECT_EQ(connection.execute(kEcho, one(1)).integer(0, 0), 1);
}

}  // namespace
}  // namespace pawl::postgres
