#include "behaviour/postgres_world.h"

#include "pawl/engine/postgres_store.h"
#include "pawl/rotation/rotate.h"
#include "support/kept.h"

namespace pawl::test {
namespace {

using postgres::Result;

constexpr const char* kApplication = "engine_under_test";

std::optional<std::string_view> optional_text(const Result& rows, int row, int column) {
  if (rows.is_null(row, column)) return std::nullopt;
  return rows.text(row, column);
}

Ending ending_of(std::int64_t stored) {
  return stored == 0 ? Ending::completed : stored == 1 ? Ending::rejected : Ending::exhausted;
}

std::string quoted(const std::string& text) {
  return "'" + text + "'";
}

// A new database takes longer than most tests.
std::shared_ptr<Database> shared_database() {
  static const auto database = std::make_shared<Database>();
  return database;
}

NumberedEvent event_of(const Result& rows, int row) {
  NumberedEvent event{rows.integer(row, 0), rows.integer(row, 1), {}};
  event.row = kept(OutboxRow{
      .topic = rows.text(row, 2),
      .key = optional_text(rows, row, 3),
      .id = rows.uuid(row, 4),
      .type = rows.text(row, 5),
      .source = rows.text(row, 6),
      .content_type = rows.text(row, 7),
      .correlation_id = optional_text(rows, row, 8),
      .causation_id = optional_text(rows, row, 9),
      .traceparent = optional_text(rows, row, 10),
      .headers = optional_text(rows, row, 11),
      .payload = optional_text(rows, row, 12),
      .caused_at = WallTime{std::chrono::milliseconds{rows.integer(row, 13)}},
  });
  return event;
}

}  // namespace

PostgresWorld::PostgresWorld(Use use)
    : kept_(use == Use::shared_database ? shared_database() : std::make_shared<Database>()),
      database_(*kept_) {
  if (use == Use::own_database) return;
  for (const char* table : {"pawl.consumer_position",
                            "pawl.inbox",
                            "pawl.outbox",
                            "pawl.dead_letter",
                            "pawl.held_key",
                            "pawl.parked_command",
                            "ledger.account",
                            "ledger.transfer",
                            "ledger.payment",
                            "ledger.statement"}) {
    database_.execute(std::string("DELETE FROM ") + table);
  }
}

std::unique_ptr<engine::Store> PostgresWorld::make_store() {
  const postgres::ConnectionSettings settings{.url = database_.url(),
                                              .application_name = kApplication,
                                              .session = postgres::engine_session(0.5)};
  // The owners of these tests share the taker's thread: whoever is waited for cannot answer.
  return std::make_unique<engine::PostgresStore>(
      settings, "ledger", "test", std::chrono::milliseconds{0});
}

std::vector<AccountRow> PostgresWorld::accounts() {
  const Result rows = database_.execute(
      "SELECT account_id, currency, balance, overdraft_limit, version FROM ledger.account ORDER BY "
      "1");
  std::vector<AccountRow> accounts;
  for (int row = 0; row < rows.rows(); ++row) {
    accounts.push_back({{rows.integer(row, 0),
                         std::string(rows.text(row, 1)),
                         rows.integer(row, 2),
                         rows.integer(row, 3)},
                        rows.integer(row, 4)});
  }
  return accounts;
}

std::vector<ledger::Transfer> PostgresWorld::transfers() {
  const Result rows = database_.execute(
      "SELECT transfer_id, debit_account_id, credit_account_id, amount, currency, memo FROM "
      "ledger.transfer");
  std::vector<ledger::Transfer> transfers;
  for (int row = 0; row < rows.rows(); ++row) {
    transfers.push_back({rows.uuid(row, 0),
                         rows.integer(row, 1),
                         rows.integer(row, 2),
                         rows.integer(row, 3),
                         std::string(rows.text(row, 4)),
                         std::string(rows.text(row, 5))});
  }
  return transfers;
}

// Without the ids of commands that were edited (3): they went on under others.
std::vector<std::pair<Uuid, InboxRow>> PostgresWorld::inbox() {
  const Result rows = database_.execute(
      "SELECT message_id, fingerprint, ending, coalesce(code, '') FROM pawl.inbox "
      "WHERE ending <> 3 ORDER BY 1");
  std::vector<std::pair<Uuid, InboxRow>> inbox;
  for (int row = 0; row < rows.rows(); ++row) {
    inbox.push_back(
        {rows.uuid(row, 0),
         {rows.integer(row, 1), ending_of(rows.integer(row, 2)), std::string(rows.text(row, 3))}});
  }
  return inbox;
}

std::vector<NumberedEvent> PostgresWorld::outbox() {
  const Result rows = database_.execute(R"(
      SELECT batch, index, topic, key, id, type, source, content_type, correlation_id, causation_id, traceparent,
             headers::text, payload, coalesce((extract(epoch FROM caused_at) * 1000)::bigint, 0)
      FROM pawl.outbox ORDER BY batch, index)");
  std::vector<NumberedEvent> events;
  for (int row = 0; row < rows.rows(); ++row) events.push_back(event_of(rows, row));
  return events;
}

std::vector<DeadRow> PostgresWorld::dead_letters() {
  const Result rows = database_.execute(R"(
      SELECT topic, partition, record_offset, message_id, type, class, code, text, key, payload, attempts
      FROM pawl.dead_letter ORDER BY topic, partition, record_offset)");
  std::vector<DeadRow> letters;
  for (int row = 0; row < rows.rows(); ++row) {
    letters.push_back(
        {{std::string(rows.text(row, 0)), static_cast<std::int32_t>(rows.integer(row, 1))},
         rows.integer(row, 2),
         rows.uuid(row, 3),
         std::string(rows.text(row, 4)),
         std::string(rows.text(row, 5)),
         std::string(rows.text(row, 6)),
         std::string(rows.text(row, 7)),
         owned(optional_text(rows, row, 8)),
         owned(optional_text(rows, row, 9)),
         rows.integer(row, 10)});
  }
  return letters;
}

std::vector<PositionRow> PostgresWorld::positions() {
  const Result rows = database_.execute(R"(
      SELECT topic, partition, epoch, start_offset, next_offset, commits, received, completed, duplicate, rejected,
             exhausted, undecodable, parked, redriven_exhausted, redriven_undecodable, held_version
      FROM pawl.consumer_position ORDER BY topic, partition)");
  std::vector<PositionRow> positions;
  for (int row = 0; row < rows.rows(); ++row) {
    PositionRow& position = positions.emplace_back();
    position.lane = {std::string(rows.text(row, 0)),
                     static_cast<std::int32_t>(rows.integer(row, 1))};
    int column = 2;
    for (const auto member : {&PositionRow::epoch,
                              &PositionRow::start_offset,
                              &PositionRow::next_offset,
                              &PositionRow::commits,
                              &PositionRow::received,
                              &PositionRow::completed,
                              &PositionRow::duplicate,
                              &PositionRow::rejected,
                              &PositionRow::exhausted,
                              &PositionRow::undecodable,
                              &PositionRow::parked,
                              &PositionRow::redriven_exhausted,
                              &PositionRow::redriven_undecodable,
                              &PositionRow::held_version}) {
      position.*member = rows.integer(row, column++);
    }
  }
  return positions;
}

std::vector<HeldRow> PostgresWorld::held() {
  const Result rows = database_.execute(R"(
      SELECT h.topic, h.partition, h.key, h.lone_offset, h.attempts, h.started, c.message_id
      FROM pawl.held_key h LEFT JOIN pawl.parked_command c USING (consumer, topic, partition, key, lone_offset)
      ORDER BY h.topic, h.partition, h.key, h.lone_offset, c.sequence)");
  std::vector<HeldRow> held;
  for (int row = 0; row < rows.rows(); ++row) {
    HeldRow next{{std::string(rows.text(row, 0)), static_cast<std::int32_t>(rows.integer(row, 1))},
                 std::string(rows.text(row, 2)),
                 rows.integer(row, 3),
                 rows.integer(row, 4),
                 rows.integer(row, 5),
                 {}};
    const bool is_new = held.empty() || held.back().lane != next.lane ||
                        held.back().key != next.key || held.back().lone_offset != next.lone_offset;
    if (is_new) held.push_back(std::move(next));
    if (!rows.is_null(row, 6)) held.back().parked.push_back(rows.uuid(row, 6));
  }
  return held;
}

// Whoever tests waits for nobody: the engine makes no step meanwhile.
bool PostgresWorld::foreign_transfer(std::int64_t from, std::int64_t to, std::int64_t amount) {
  postgres::Parameters parameters;
  parameters.add(from);
  parameters.add(to);
  parameters.add(amount);
  const Result changed = database_.execute(R"(
      WITH free AS (SELECT account_id FROM ledger.account WHERE account_id IN ($1, $2) FOR UPDATE SKIP LOCKED)
      UPDATE ledger.account SET version = version + 1,
             balance = balance + CASE WHEN account_id = $1 THEN -$3 ELSE $3 END
      WHERE account_id IN ($1, $2) AND (SELECT count(*) FROM free) = 2)",
                                           parameters);
  return changed.affected() == 2;
}

void PostgresWorld::foreign_open(std::int64_t account, std::int64_t limit) {
  postgres::Parameters parameters;
  parameters.add(account);
  parameters.add(limit);
  database_.execute("INSERT INTO ledger.account VALUES ($1, 'EUR', 0, $2, 1)", parameters);
}

bool PostgresWorld::steal(const TopicPartition& lane) {
  const std::string where =
      " WHERE topic = " + quoted(lane.topic) + " AND partition = " + std::to_string(lane.partition);
  const Result stolen =
      database_.execute("WITH free AS (SELECT 1 FROM pawl.consumer_position" + where +
                        " FOR UPDATE SKIP LOCKED) "
                        "UPDATE pawl.consumer_position SET epoch = nextval('pawl.epoch')" +
                        where + " AND EXISTS (SELECT FROM free)");
  return stolen.affected() == 1;
}

void PostgresWorld::lose_table(const std::string& table) {
  database_.execute("ALTER TABLE " + table + " RENAME TO lost");
}

void PostgresWorld::bring_back_table(const std::string& table) {
  const std::size_t dot = table.find('.');
  database_.execute("ALTER TABLE " + table.substr(0, dot) + ".lost RENAME TO " +
                    table.substr(dot + 1));
}

int PostgresWorld::terminate_engine() {
  return static_cast<int>(
      database_.number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
                       "datname = current_database() AND "
                       "application_name = " +
                       quoted(kApplication)));
}

void PostgresWorld::rotate_inbox() {
  postgres::Connection connection = database_.connect();
  using namespace std::chrono_literals;
  ASSERT_EQ(rotation::rotate(connection, rotation::Table::inbox, 0ms, 5s),
            rotation::Result::rotated);
}

std::unique_ptr<World> make_postgres_world() {
  return std::make_unique<PostgresWorld>(PostgresWorld::Use::shared_database);
}

}  // namespace pawl::test
