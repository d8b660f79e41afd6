#include "bench/stage.h"

#include <fmt/format.h>

#include "bench/preload.h"
#include "pawl/postgres/connection.h"
#include "pawl/postgres/migrator.h"

namespace pawl::bench {
namespace {

using postgres::Connection;
using postgres::Parameters;
using postgres::Statement;

// In bulk, because opening accounts is not what is measured.
const Statement kOpenAccounts{"", R"(
INSERT INTO ledger.account (account_id, currency, balance, overdraft_limit, version)
SELECT id, $2, 0, $3, 1 FROM generate_series(1, $1) id)"};
// What autovacuum would do in the middle of the run, and what every server has done that has run a
// while.
const Statement kAnalyze{"", "VACUUM (ANALYZE) ledger.account"};
const Statement kCheckpoint{"", "CHECKPOINT"};
const Statement kRefuse{
    "",
    fmt::format("ALTER TABLE ledger.transfer ADD CONSTRAINT bench_refuses CHECK (memo <> '{}')",
                kRefusedMemo)};
// DDL takes no parameters.
Statement refuse_behind(std::int64_t last_account) {
  return {"",
          fmt::format(
              "ALTER TABLE ledger.statement ADD CONSTRAINT bench_refuses CHECK (account_id <= {})",
              last_account)};
}
const Statement kStatements{"", "CREATE EXTENSION pg_stat_statements"};

}  // namespace

Stage::Stage(Servers& servers, const Options& options, std::string name)
    : servers_(servers), name_(std::move(name)) {
  make_database(options);
  make_topics(options);
}

Stage::~Stage() {
  try {
    Connection connection({.url = servers_.postgres().url(), .application_name = "pawl-bench"});
    connection.execute({"", "DROP DATABASE " + name_ + " WITH (FORCE)"});
  } catch (const std::exception& error) {
    static_cast<void>(error);
    // Only space on the disk until the server's end, which removes everything.
  }
}

Connection Stage::connect() const {
  return Connection{{.url = url_, .application_name = "pawl-bench"}};
}

void Stage::make_database(const Options& options) {
  url_ = servers_.postgres().create_database(name_);
  postgres::Migrator{url_, postgres::builtin_migrations()}.up();
  Connection connection = connect();
  Parameters accounts;
  accounts.add(options.accounts + kRefusedAccounts);
  accounts.add(std::string_view{kStageCurrency});
  accounts.add(kStageLimit);
  connection.execute(kOpenAccounts, accounts);
  connection.execute(kAnalyze);
  if (options.refusing) {
    connection.execute(kRefuse);
    connection.execute(refuse_behind(options.accounts));
  }
  if (options.statements) connection.execute(kStatements);
  connection.execute(kCheckpoint);
}

void Stage::make_topics(const Options& options) const {
  const test::KafkaServer& broker = servers_.broker();
  broker.create_topic(commands(), options.partitions);
  // The broker's clock says when the first and the last event were there.
  broker.create_topic(events(), options.partitions, {{"message.timestamp.type", "LogAppendTime"}});
  broker.create_topic(dead_letters(), 1);
}

}  // namespace pawl::bench
