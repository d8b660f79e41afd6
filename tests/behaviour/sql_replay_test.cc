// The floor's SQL on a real database: it does the recorded work, and nothing else passes for it.
#include "bench/floor/sql_replay.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "support/database.h"

namespace pawl::bench {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

const engine::TableShape kAccounts{"ledger.account",
                                   {{"account_id", ColumnType::bigint},
                                    {"currency", ColumnType::text},
                                    {"balance", ColumnType::bigint},
                                    {"overdraft_limit", ColumnType::bigint}},
                                   "version"};

Uuid id(std::uint64_t n) {
  return Uuid::v7(std::chrono::milliseconds{1'800'000'000'000}, n, n);
}

engine::TableWrite write(std::int64_t balance, std::int64_t version) {
  using Numbers = std::vector<std::int64_t>;
  return {&kAccounts,
          {Numbers{1}, std::vector<std::string>{"EUR"}, Numbers{balance}, Numbers{1000}},
          {version},
          {version - 1}};
}

/// The n-th batch from 0, of one command. Each writes the same row; all but the first only once the
/// one before is committed.
RecordedBatch batch(std::int64_t n) {
  RecordedBatch batch;
  batch.claim.claims.push_back({id(static_cast<std::uint64_t>(n)), n});
  batch.save.events.add({.topic = "events",
                         .id = id(100 + static_cast<std::uint64_t>(n)),
                         .type = "t",
                         .source = "s",
                         .content_type = "application/protobuf"});
  auto& writes = n == 0 ? batch.save.writes : batch.fence.writes;
  writes.push_back(write(10 * (n + 1), n + 2));
  batch.fence.lanes.push_back({.lane = {"commands", 0},
                               .next_offset = n + 1,
                               .expected_commits = n,
                               .received = 1,
                               .completed = 1});
  return batch;
}

class SqlReplayTest : public test::DatabaseFixture {
 protected:
  SqlReplayTest() {
    database().execute("INSERT INTO ledger.account VALUES (1, 'EUR', 0, 1000, 1)");
    for (std::int64_t n = 0; n < 5; ++n) recording.batches.push_back(batch(n));
  }

  void replay(int in_flight) {
    SqlReplay replay{{.url = url(),
                      .application_name = "sql_replay_test",
                      .session = postgres::engine_session(0.5)},
                     in_flight,
                     recording};
    replay.run(interrupt, [this](std::size_t started, std::size_t committed) {
      EXPECT_GE(started, committed);
      EXPECT_GE(committed, committed_);
      committed_ = committed;
    });
  }
  void require_recorded_rows() {
    postgres::Connection connection = database().connect();
    require_rows(connection, rows_of(recording));
  }

  Interrupt interrupt;
  Recording recording;
  std::size_t committed_ = 0;
};

TEST_F(SqlReplayTest, DoesTheRecordedWorkWhateverTheNumberOfConnections) {
  replay(2);
  EXPECT_EQ(committed_, 5);
  EXPECT_NO_THROW(require_recorded_rows());
  EXPECT_EQ(database().number("SELECT balance FROM ledger.account"), 50);
  EXPECT_EQ(database().number("SELECT commits FROM pawl.consumer_position"), 5);
}

TEST_F(SqlReplayTest, OneConnectionDoesTheSame) {
  replay(1);
  EXPECT_NO_THROW(require_recorded_rows());
  EXPECT_EQ(database().number("SELECT balance FROM ledger.account"), 50);
}

TEST_F(SqlReplayTest, ARowThatIsNotAsItWasRecordedEndsIt) {
  recording.batches[3].fence.writes.front().seen = {99};
  EXPECT_THAT([&] { replay(2); },
              ThrowsMessage<std::runtime_error>(HasSubstr("a row was changed by others")));
}

TEST_F(SqlReplayTest, APositionThatIsNotAsItWasRecordedEndsIt) {
  recording.batches[2].fence.lanes.front().expected_commits = 7;
  EXPECT_THAT([&] { replay(2); }, ThrowsMessage<std::runtime_error>(HasSubstr("not ours")));
}

TEST_F(SqlReplayTest, ACommandThatTheDatabaseKnewBeforeIsMissedInTheEnd) {
  recording.batches[4].claim.claims.front().id = id(0);
  replay(2);
  EXPECT_THAT([&] { require_recorded_rows(); },
              ThrowsMessage<std::runtime_error>(HasSubstr("5 commands, 4 ids, 5 events")));
}

}  // namespace
}  // namespace pawl::bench
