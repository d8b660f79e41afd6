// Preparing on the way: at first use, inside the pipeline, whatever happens around it.
#include "integration/postgres/connection_fixture.h"

namespace pawl::postgres {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Statement kEcho{"echo", "SELECT $1::bigint"};
const Statement kWrong{"wrong", "SELECT nonsense"};

class PreparedTest : public ConnectionTest {};

TEST_F(PreparedTest, IsPreparedOnce) {
  const auto connection = connect();
  for (int i = 0; i < 3; ++i) connection->execute(kEcho, one(i));
  const Statement count{
      "", "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT $1::bigint'"};
  EXPECT_EQ(connection->execute(count).integer(0, 0), 1);
}

TEST_F(PreparedTest, AFailedPreparationIsTheStatementsReply) {
  const auto connection = connect();
  connection->send(kWrong);
  connection->send(kEcho, one(1));
  connection->sync();
  EXPECT_EQ(connection->outstanding(), 3);
  EXPECT_THAT(replies(*connection), ElementsAre("42703", "aborted", "synced"));
  connection->send(kWrong);
  connection->sync();
  connection->send(kEcho, one(1));
  connection->sync();
  EXPECT_THAT(replies(*connection), ElementsAre("42703", "synced", "SELECT 1", "synced"));
}

TEST_F(PreparedTest, ASkippedPreparationIsMadeUpForBeforeItsReplyIsKnown) {
  const auto connection = connect();
  connection->send(kWrong);
  connection->send(kEcho, one(1));  // its preparation is skipped with it
  connection->sync();
  connection->send(kEcho, one(2));  // sent before that is known
  connection->send(kEcho, one(3));
  connection->sync();
  EXPECT_THAT(replies(*connection),
              ElementsAre("42703", "aborted", "synced", "SELECT 1", "SELECT 1", "synced"));
  EXPECT_EQ(connection->execute(kEcho, one(4)).integer(0, 0), 4);
}

TEST_F(PreparedTest, WorksOnceItsTableExists) {
  const auto connection = connect();
  const Statement read{"read_later", "SELECT count(*) FROM later"};
  EXPECT_THROW(connection->execute(read), Failure);
  connection->execute({"", "CREATE TEMP TABLE later ()"});
  EXPECT_EQ(connection->execute(read).integer(0, 0), 0);
}

TEST_F(PreparedTest, OneNameStandsForOneStatement) {
  const auto connection = connect();
  connection->execute(kEcho, one(1));
  EXPECT_THROW(connection->send({"echo", "SELECT 2"}), std::logic_error);
  Parameters text;
  text.add("1");
  EXPECT_THROW(connection->send(kEcho, text), std::logic_error);
  EXPECT_EQ(connection->outstanding(), 0);
  EXPECT_EQ(connection->execute(kEcho, one(1)).integer(0, 0), 1);
}

TEST_F(PreparedTest, LongNamesThatBeginAlikeAreKeptApart) {
  const auto connection = connect();
  std::string name(81, 'n');
  name.back() = '1';
  const Statement first{name, "SELECT 1::bigint"};
  name.back() = '2';
  const Statement second{name, "SELECT 2::bigint"};
  EXPECT_EQ(connection->execute(first).integer(0, 0), 1);
  EXPECT_EQ(connection->execute(second).integer(0, 0), 2);
}

}  // namespace
}  // namespace pawl::postgres
