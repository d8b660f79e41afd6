#include "pawl/relay/postgres_session.h"

#include <utility>

namespace pawl::relay {
namespace {

using postgres::Statement;

// An epoch is drawn only when there is a turn to take; the row lock makes the second of two takers
// look again.
const Statement kTakeTurn{"relay_take_turn", R"(
INSERT INTO pawl.relay_position AS p (relay, epoch, owner) VALUES ($1, nextval('pawl.epoch'), $2)
ON CONFLICT (relay) DO UPDATE SET epoch = excluded.epoch, owner = excluded.owner, updated_at = clock_timestamp()
WHERE p.owner = '' OR p.updated_at < clock_timestamp() - $3::bigint * interval '1 millisecond'
RETURNING epoch, batch, holes)"};

// A relay that was stopped while it sent its store may have left the row locked, and the server
// waits for the rest of what it was sending. Whoever takes the turn does not wait for that.
const Statement kFreeTurn{"relay_free_turn", R"(
SELECT count(pg_terminate_backend(a.pid)) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.relation = 'pawl.relay_position'::regclass AND l.mode = 'RowExclusiveLock'
  AND l.database = a.datid AND a.datname = current_database() AND a.usename = current_user
  AND a.application_name = $1 AND a.pid <> pg_backend_pid()
  AND a.xact_start < clock_timestamp() - $2::bigint * interval '1 millisecond')"};

const Statement kLookForTurn{"relay_look_for_turn", R"(
SELECT FROM pawl.relay_position
WHERE relay = $1 AND owner <> '' AND updated_at >= clock_timestamp() - $2::bigint * interval '1 millisecond')"};

const Statement kStore{"relay_store", R"(
UPDATE pawl.relay_position SET batch = $3, holes = $4, updated_at = clock_timestamp()
WHERE relay = $1 AND epoch = $2)"};

const Statement kEndTurn{"relay_end_turn", R"(
UPDATE pawl.relay_position SET batch = $3, holes = $4, owner = '', updated_at = clock_timestamp()
WHERE relay = $1 AND epoch = $2)"};

const Statement kTransactionId{"relay_transaction_id", "SELECT pg_current_xact_id()::text::bigint"};

const Statement kCount{"relay_count", R"(
SELECT count(*) FROM (SELECT FROM pawl.outbox WHERE (batch, index) > ($1, $2) LIMIT $3) o)"};

constexpr std::chrono::milliseconds kAnswerWait{5000};
constexpr const char* kApplicationName = "pawl relay";

// Index plans only: a plan made on an empty outbox would read all of it for ever after.
postgres::ConnectionSettings connection_settings(const std::string& url) {
  return {.url = url,
          .application_name = kApplicationName,
          .session = {{"plan_cache_mode", "force_generic_plan"},
                      {"jit", "off"},
                      {"enable_seqscan", "off"},
                      {"enable_bitmapscan", "off"},
                      {"enable_hashjoin", "off"},
                      {"enable_mergejoin", "off"},
                      {"lock_timeout", "1s"},
                      {"statement_timeout", "30s"},
                      {"idle_in_transaction_session_timeout", "10s"}}};
}

}  // namespace

PostgresSession::PostgresSession(const std::string& url, std::string relay)
    : relay_(std::move(relay)), connection_(connection_settings(url)) {}

std::optional<Turn> PostgresSession::take_turn(const std::string& owner,
                                               std::chrono::milliseconds silence) {
  parameters_.clear();
  parameters_.add(std::string_view{relay_});
  parameters_.add(std::int64_t{silence.count()});
  if (connection_.execute(kLookForTurn, parameters_, kAnswerWait).rows() > 0) return std::nullopt;
  parameters_.clear();
  parameters_.add(std::string_view{kApplicationName});
  parameters_.add(std::int64_t{silence.count()});
  connection_.execute(kFreeTurn, parameters_, kAnswerWait);
  parameters_.clear();
  parameters_.add(std::string_view{relay_});
  parameters_.add(std::string_view{owner});
  parameters_.add(std::int64_t{silence.count()});
  const postgres::Result taken = connection_.execute(kTakeTurn, parameters_, kAnswerWait);
  if (taken.rows() == 0) return std::nullopt;
  return Turn{taken.integer(0, 0), {taken.integer(0, 1), taken.integers(0, 2)}};
}

void PostgresSession::end_turn(std::int64_t epoch,
                               const StoredPosition& position,
                               const outbox::HeldOutcome& outcome) {
  if (!outcome.empty()) {
    outbox::encode_settle({relay_, epoch}, outcome, parameters_);
    connection_.execute(outbox::kSettleHeld, parameters_, kAnswerWait);
  }
  encode_position(epoch, position);
  connection_.execute(kEndTurn, parameters_, kAnswerWait);
}

void PostgresSession::ask_rows(const ReadRequest& request) {
  outbox::encode_fetch(request.after, request.holes, request.bounds, parameters_);
  ask(Question::rows, outbox::kFetch, request.bounds);
}

void PostgresSession::ask_transaction_id() {
  parameters_.clear();
  ask(Question::transaction_id, kTransactionId);
}

void PostgresSession::ask_to_store(std::int64_t epoch, const StoredPosition& position) {
  encode_position(epoch, position);
  ask(Question::store, kStore);
}

void PostgresSession::ask_row_count(outbox::RowNumber after, std::int64_t rows_max) {
  parameters_.clear();
  parameters_.add(after.batch);
  parameters_.add(after.index);
  parameters_.add(rows_max);
  ask(Question::count, kCount);
}

void PostgresSession::ask_to_hold(std::int64_t epoch,
                                  std::span<const outbox::RowToHold> rows,
                                  std::chrono::milliseconds retry_after) {
  outbox::encode_hold({relay_, epoch}, rows, retry_after, parameters_);
  ask(Question::hold, outbox::kHold);
}

void PostgresSession::ask_held(const outbox::FetchBounds& bounds) {
  outbox::encode_relay(relay_, parameters_);
  ask(Question::held_keys, outbox::kReadHeldKeys);
  outbox::encode_held_due(relay_, bounds, parameters_);
  ask(Question::held_rows, outbox::kReadHeldDue);
}

void PostgresSession::ask_to_settle(std::int64_t epoch, const outbox::HeldOutcome& outcome) {
  outbox::encode_settle({relay_, epoch}, outcome, parameters_);
  ask(Question::settle, outbox::kSettleHeld);
}

void PostgresSession::encode_position(std::int64_t epoch, const StoredPosition& position) {
  parameters_.clear();
  parameters_.add(std::string_view{relay_});
  parameters_.add(epoch);
  parameters_.add(position.batch);
  parameters_.add_array(std::span<const std::int64_t>(position.holes));
}

// The sync after each statement makes it a transaction of its own.
void PostgresSession::ask(Question question,
                          const Statement& statement,
                          const outbox::FetchBounds& bounds) {
  connection_.send(statement, parameters_);
  connection_.sync();
  asked_.push_back({question, bounds});
}

std::optional<Answer> PostgresSession::answer() {
  if (connection_.wants_write()) connection_.flush();
  while (auto reply = connection_.receive()) {
    if (auto* failure = std::get_if<Failure>(&*reply)) throw *failure;
    if (auto* result = std::get_if<postgres::Result>(&*reply)) {
      const Asked asked = asked_.front();
      asked_.pop_front();
      return read(asked, std::move(*result));
    }
  }
  return std::nullopt;
}

Answer PostgresSession::read(const Asked& asked, postgres::Result result) {
  switch (asked.question) {
    case Question::rows: {
      outbox::FetchedRows rows{std::move(result), asked.bounds};
      const std::int64_t horizon = rows.horizon();
      return RowsRead{std::move(rows), horizon};
    }
    case Question::transaction_id:
      return TransactionId{result.integer(0, 0)};
    case Question::store:
      return PositionStored{result.affected() == 1};
    case Question::count:
      return RowsCounted{result.integer(0, 0)};
    case Question::hold:
      return RowsHeld{result.boolean(0, 0), result.integer(0, 1)};
    case Question::held_keys:
      return HeldKeysRead{outbox::held_keys_of(result)};
    case Question::held_rows:
      return outbox::HeldRows{std::move(result)};
    case Question::settle:
      return HeldSettled{result.boolean(0, 0)};
  }
  std::unreachable();
}

}  // namespace pawl::relay
