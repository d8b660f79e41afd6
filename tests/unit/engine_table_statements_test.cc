#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pawl/engine/table_statements.h"

namespace pawl::engine {
namespace {

const TableShape kAccount{"ledger.account",
                          {{"account_id", ColumnType::bigint},
                           {"currency", ColumnType::text},
                           {"open", ColumnType::boolean}},
                          "version"};
const TableShape kJournal{
    "ledger.journal", {{"id", ColumnType::uuid}, {"amount", ColumnType::bigint}}, ""};

TEST(TableStatements, Load) {
  const TableStatements statements(kAccount);
  EXPECT_EQ(statements.load.sql,
            "SELECT account_id, currency, open, version FROM ledger.account WHERE account_id = ANY "
            "($1::bigint[])");
  EXPECT_EQ(statements.load_locked.sql, statements.load.sql + " ORDER BY account_id FOR UPDATE");
}

// Only the key may conflict silently: it means that somebody else added the row. Any other
// constraint is the command's fault.
TEST(TableStatements, InsertOfAState) {
  EXPECT_EQ(TableStatements(kAccount).insert.sql,
            "INSERT INTO ledger.account (account_id, currency, open, version) SELECT * FROM "
            "unnest($1::bigint[], $2::text[], "
            "$3::boolean[], $4::bigint[]) ON CONFLICT (account_id) DO NOTHING");
}

TEST(TableStatements, InsertOfAJournal) {
  const TableStatements statements(kJournal);
  EXPECT_EQ(
      statements.insert.sql,
      "INSERT INTO ledger.journal (id, amount) SELECT * FROM unnest($1::uuid[], $2::bigint[])");
  EXPECT_TRUE(statements.load.sql.empty());
  EXPECT_TRUE(statements.update.sql.empty());
}

TEST(TableStatements, UpdateChecksTheVersionThatWasSeen) {
  EXPECT_EQ(
      TableStatements(kAccount).update.sql,
      "UPDATE ledger.account t SET currency = v.currency, open = v.open, version = v.version FROM "
      "unnest($1::bigint[], $2::text[], $3::boolean[], $4::bigint[], $5::bigint[]) AS v "
      "(account_id, currency, open, "
      "version, seen_) WHERE t.account_id = v.account_id AND t.version = v.seen_");
}

TEST(TableStatements, CheckLocksInKeyOrder) {
  EXPECT_EQ(TableStatements(kAccount).check.sql,
            "SELECT account_id, version FROM ledger.account WHERE account_id = ANY ($1::bigint[]) "
            "ORDER BY account_id FOR "
            "SHARE");
}

TEST(TableStatements, NamesTellTablesAndVerbsApart) {
  const TableStatements account(kAccount);
  const TableStatements journal(kJournal);
  EXPECT_NE(account.insert.name, journal.insert.name);
  EXPECT_NE(account.load.name, account.load_locked.name);
  EXPECT_THAT(account.load.name, testing::HasSubstr("ledger.account"));
}

TEST(TableStatements, ParametersFollowTheColumns) {
  const std::vector<std::int64_t> two{1, 2};
  TableWrite write{&kAccount,
                   {two, std::vector<std::string>{"EUR", "USD"}, std::vector<std::uint8_t>{1, 0}},
                   two,
                   {}};
  postgres::Parameters insert;
  encode(write, insert);
  EXPECT_EQ(insert.size(), 4);
  write.seen = two;
  postgres::Parameters update;
  encode(write, update);
  EXPECT_EQ(update.size(), 5);
}

}  // namespace
}  // namespace pawl::engine
