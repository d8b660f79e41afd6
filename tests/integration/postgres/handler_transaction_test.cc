// A transaction that changes hands between the engine and handlers.
#include "pawl/postgres/handler_transaction.h"

#include "integration/postgres/connection_fixture.h"

namespace pawl::postgres {
namespace {

const Statement kBegin{"begin", "BEGIN"};
const Statement kCommit{"commit", "COMMIT"};
const Statement kRollback{"rollback", "ROLLBACK"};

class HandlerTransactionTest : public ConnectionTest {
 protected:
  void SetUp() override {
    for (const char* sql : {"DROP TABLE IF EXISTS note", "CREATE TABLE note (text text)"})
      connection_->execute({"", sql});
    connection_->execute(kBegin);
  }
  void write(const std::string& text) {
    handlers_.transaction().exec_params("INSERT INTO note VALUES ($1)", text);
  }
  std::string shown(const std::string& setting) {
    return std::string(connection_->execute({"", "SHOW " + setting}).text(0, 0));
  }
  std::string notes() {
    return std::string(connection_
                           ->execute({"",
                                      "SELECT coalesce(string_agg(text, ' ' ORDER BY text), '') "
                                      "FROM note"})
                           .text(0, 0));
  }

  std::unique_ptr<Connection> connection_ = connect();
  HandlerTransaction handlers_{*connection_};
};

TEST_F(HandlerTransactionTest, KeepsAndUndoesWhatEachHandlerDid) {
  write("a");
  handlers_.keep();
  write("b");
  handlers_.undo();
  write("c");
  handlers_.keep();
  handlers_.take_back();
  connection_->execute(kCommit);
  EXPECT_EQ(notes(), "a c");
}

TEST_F(HandlerTransactionTest, TheEngineHasItsSettingsBack) {
  EXPECT_EQ(shown("enable_seqscan"), "off");
  EXPECT_EQ(handlers_.transaction().exec1("SHOW enable_seqscan")[0].as<std::string>(), "on");
  handlers_.keep();
  handlers_.take_back();
  for (const char* moment : {"in the transaction", "after it"}) {
    EXPECT_EQ(shown("enable_seqscan"), "off") << moment;
    EXPECT_EQ(shown("enable_hashjoin"), "off") << moment;
    EXPECT_EQ(shown("plan_cache_mode"), "force_generic_plan") << moment;
    connection_->execute(kCommit);
  }
}

TEST_F(HandlerTransactionTest, IsLentAgainAndAgain) {
  const Statement add{"add", "INSERT INTO note VALUES ($1)"};
  for (const char* text : {"a", "b", "c"}) {
    handlers_.transaction().exec_prepared(handlers_.prepared(add), text);
    handlers_.keep();
    handlers_.take_back();
    EXPECT_EQ(connection_->execute({"", "SELECT 1::bigint"}).integer(0, 0), 1);
    connection_->execute(kCommit);
    connection_->execute(kBegin);
  }
  connection_->execute(kRollback);
  EXPECT_EQ(notes(), "a b c");
}

TEST_F(HandlerTransactionTest, AnotherStatementUnderAUsedNameIsRefused) {
  handlers_.prepared({"add", "INSERT INTO note VALUES ($1)"});
  EXPECT_THROW(handlers_.prepared({"add", "SELECT $1::text"}), std::logic_error);
}

TEST_F(HandlerTransactionTest, ARollbackIsPossibleAfterAnything) {
  EXPECT_THROW(handlers_.transaction().exec("SELECT nonsense"), pqxx::sql_error);
  EXPECT_FALSE(handlers_.may_keep());
  handlers_.abandon();
  connection_->execute(kRollback);
  EXPECT_EQ(shown("enable_seqscan"), "off");
}

// The words of a failure may go to logs: no row in them.
TEST_F(HandlerTransactionTest, FailuresQuoteNoRows) {
  connection_->execute({"", "CREATE UNIQUE INDEX ON note (text)"});
  write("secret");
  for (const char* sql : {"INSERT INTO note VALUES ('secret')", "SELECT 'secret'::integer"}) {
    handlers_.keep();
    try {
      handlers_.transaction().exec(sql);
      ADD_FAILURE() << "nothing was thrown";
    } catch (...) {
      const auto failure = caught_sql_failure();
      ASSERT_TRUE(failure);
      EXPECT_EQ(failure->remedy(), Remedy::retry_later);
      EXPECT_THAT(failure->what(), testing::Not(testing::HasSubstr("secret")));
    }
    handlers_.undo();
  }
}

TEST_F(HandlerTransactionTest, ACommitDoesNotGetThrough) {
  write("a");
  EXPECT_THROW(handlers_.transaction().exec("COMMIT"), pqxx::sql_error);
  EXPECT_THROW(static_cast<void>(handlers_.may_keep()), std::logic_error);
  handlers_.abandon();
  EXPECT_EQ(notes(), "");
}

}  // namespace
}  // namespace pawl::postgres
