#include "pawl/postgres/migrator_session.h"

#include "pawl/core/clock.h"
#include "pawl/core/failure.h"
#include "pawl/postgres/conninfo.h"

namespace pawl::postgres {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kLockTimeout = "55P03";
constexpr std::string_view kStillUsed = "2BP01";
constexpr int kLockAttempts = 10;

// pg_advisory_lock(0x7061776c6d696772), "pawlmigr"; pg_locks shows its two halves.
constexpr const char* kTryLock = "SELECT pg_try_advisory_lock(8097884912564660082)";
constexpr const char* kWaitForLock = "SELECT pg_advisory_lock(8097884912564660082)";
constexpr const char* kLockHolder =
    "SELECT a.pid, a.application_name, a.usename, coalesce(host(a.client_addr), 'local socket'),"
    " to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS \"UTC\"')"
    " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
    " AND l.classid = (8097884912564660082 >> 32)::oid"
    " AND l.objid = (8097884912564660082 & 4294967295)::oid"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";

constexpr const char* kTableExists = "SELECT to_regclass('pawl.schema_migration') IS NOT NULL";
constexpr const char* kSchemaExists = "SELECT to_regnamespace('pawl') IS NOT NULL";
constexpr const char* kApplied =
    "SELECT version, name, sha256,"
    " to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS \"UTC\"'), applied_by,"
    " (extract(epoch FROM duration) * 1000)::bigint"
    " FROM pawl.schema_migration ORDER BY version";

std::string conninfo(const std::string& url, const std::string& application_name) {
  auto options = parse_conninfo(url);
  if (!options) {
    throw Failure(
        Remedy::give_up,
        "08001",
        "the database url cannot be read: expected postgresql://user@host:port/database or "
        "name=value pairs");
  }
  if (!find_option(*options, "connect_timeout")) options->emplace_back("connect_timeout", "10");
  options->emplace_back("application_name", application_name);
  return to_conninfo(*options);
}

/// libpqxx 6 connects again by itself when a connection was lost; the advisory lock would be gone
/// unnoticed. That habit was deprecated together with the switch that ends it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
template <typename Connection>
void forbid_silent_reconnect(Connection& connection) {
  if constexpr (requires { connection.inhibit_reactivation(true); }) {
    connection.inhibit_reactivation(true);
  }
}

#pragma GCC diagnostic pop

bool is_true(const pqxx::result& result) {
  return result[0][0].as<bool>();
}

milliseconds since(SteadyTime begin) {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
}

void add_row(pqxx::work& transaction, const Migration& migration, milliseconds duration) {
  transaction.exec(
      "INSERT INTO pawl.schema_migration (version, name, sha256, applied_by, duration) VALUES (" +
      std::to_string(migration.version) + ", " + transaction.quote(migration.name) + ", " +
      transaction.quote(checksum(migration)) +
      ", session_user || ' (' || current_setting('application_name') || ')', interval '" +
      std::to_string(duration.count()) + " ms')");
}

}  // namespace

MigratorSession::MigratorSession(const std::string& url, const std::string& application_name)
    : connection_(conninfo(url, application_name)) {
  forbid_silent_reconnect(connection_);
  pqxx::nontransaction settings{connection_};
  settings.exec("SET client_min_messages = warning");  // "does not exist, skipping" helps nobody
  settings.exec("SET statement_timeout = 0");          // a big table takes its time
  settings.exec("SET lock_timeout = '1s'");
}

bool MigratorSession::try_lock() {
  pqxx::nontransaction transaction{connection_};
  return is_true(transaction.exec(kTryLock));
}

/// For as long as lock_timeout says.
bool MigratorSession::wait_for_lock() try {
  pqxx::nontransaction transaction{connection_};
  transaction.exec(kWaitForLock);
  return true;
} catch (const pqxx::sql_error& error) {
  if (error.sqlstate() == kLockTimeout) return false;
  throw;
}

std::optional<MigrationLockHolder> MigratorSession::lock_holder() {
  pqxx::nontransaction transaction{connection_};
  const pqxx::result rows = transaction.exec(kLockHolder);
  if (rows.empty()) return std::nullopt;  // it has just let go
  const auto row = rows[0];
  const auto text = [&](int column) { return std::string{row[column].c_str()}; };
  return MigrationLockHolder{row[0].as<int>(), text(1), text(2), text(3), text(4)};
}

void MigratorSession::take_lock(milliseconds wait_max, const MigrationObserver& observer) {
  if (try_lock()) return;
  const SteadyTime begin = std::chrono::steady_clock::now();
  std::string who = "somebody";
  do {
    if (const auto holder = lock_holder()) {
      who = "pid " + std::to_string(holder->pid) + ", " + holder->application_name + ", user " +
            holder->user + " from " + holder->client + ", since " + holder->since;
      if (observer.waits) observer.waits(*holder, since(begin));
    }
    if (wait_for_lock()) return;
  } while (since(begin) < wait_max);
  throw Failure(Remedy::retry_later,
                "migration_locked",
                "another migrate holds the lock (" + who + "); waited " +
                    std::to_string(since(begin).count() / 1000) +
                    " s; let it end, or end it with pg_terminate_backend, and start again");
}

void MigratorSession::ensure_table() {
  pqxx::work transaction{connection_};
  if (is_true(transaction.exec(kTableExists))) return;
  // Asked first, because IF NOT EXISTS wants the right to create schemas even where there is
  // nothing to create.
  if (!is_true(transaction.exec(kSchemaExists))) transaction.exec("CREATE SCHEMA pawl");
  transaction.exec(kCreateMigrationTable);
  transaction.commit();
}

std::vector<AppliedMigration> MigratorSession::applied() {
  pqxx::work transaction{connection_};
  std::vector<AppliedMigration> list;
  if (!is_true(transaction.exec(kTableExists))) return list;
  for (const auto& row : transaction.exec(kApplied)) {
    const auto text = [&](int column) { return std::string{row[column].c_str()}; };
    list.push_back({row[0].as<int>(),
                    text(1),
                    text(2),
                    text(3),
                    text(4),
                    milliseconds{row[5].as<std::int64_t>()}});
  }
  return list;
}

void MigratorSession::run(const Migration& migration, MigrationDirection direction) {
  for (int attempt = 1;; ++attempt) {
    try {
      return run_once(migration, direction);
    } catch (const pqxx::sql_error& error) {
      if (error.sqlstate() != kLockTimeout || attempt == kLockAttempts) throw;
    }
    pqxx::nontransaction pause{connection_};
    pause.exec("SELECT pg_sleep(0.5)");  // lets those through who queued behind us
  }
}

void MigratorSession::run_once(const Migration& migration, MigrationDirection direction) {
  const SteadyTime begin = std::chrono::steady_clock::now();
  pqxx::work transaction{connection_};
  switch (direction) {
    case MigrationDirection::up:
      transaction.exec(migration.up);
      add_row(transaction, migration, since(begin));
      break;
    case MigrationDirection::down:
      transaction.exec(migration.down);
      transaction.exec("DELETE FROM pawl.schema_migration WHERE version = " +
                       std::to_string(migration.version));
      break;
  }
  transaction.commit();
}

void MigratorSession::drop_table() {
  pqxx::work transaction{connection_};
  if (!is_true(transaction.exec(kTableExists))) return;
  transaction.exec("DROP TABLE pawl.schema_migration");
  try {
    pqxx::subtransaction schema{transaction, "schema"};
    schema.exec("DROP SCHEMA pawl");
    schema.commit();
  } catch (const pqxx::sql_error& error) {
    if (error.sqlstate() != kStillUsed)
      throw;  // somebody else's objects: they stay, and so does the schema
  }
  transaction.commit();
}

}  // namespace pawl::postgres
