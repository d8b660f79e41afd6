// One PostgreSQL connection in libpq pipeline mode: statements are queued, answers are taken when
// they are there.
// Source: https://www.postgresql.org/docs/15/libpq-pipeline-mode.html
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/columns.h"
#include "pawl/core/failure.h"
#include "pawl/core/uuid.h"
#include "pawl/postgres/parameters.h"

struct pg_conn;
struct pg_result;

namespace pawl::postgres {

/// A statement with a name for logs, metrics and the server's prepared statement; usually a
/// constant beside its only caller. An empty name is not prepared. Copied where needed.
struct Statement {
  std::string name;
  std::string sql;
};

/// One statement's result in binary format. Reading a value with the wrong type is a programming
/// error (throws std::logic_error naming the column). Move-only; frees itself.
class Result {
 public:
  explicit Result(pg_result* handle) : handle_(handle) {}
  Result(Result&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Result& operator=(Result&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Result();

  [[nodiscard]] int rows() const;
  [[nodiscard]] int columns() const;
  /// Rows that INSERT, UPDATE, DELETE or SELECT counted (PQcmdTuples).
  [[nodiscard]] std::int64_t affected() const;
  /// "COMMIT", "ROLLBACK", "INSERT 0 3" (PQcmdStatus). A COMMIT of a failed transaction answers
  /// ROLLBACK.
  [[nodiscard]] std::string_view command_tag() const;
  [[nodiscard]] bool is_null(int row, int column) const;
  [[nodiscard]] std::int64_t integer(int row, int column) const;  // smallint, integer, bigint
  [[nodiscard]] bool boolean(int row, int column) const;
  [[nodiscard]] Uuid uuid(int row, int column) const;
  /// text, bytea, json (not jsonb: cast to text); valid as long as the result.
  [[nodiscard]] std::string_view text(int row, int column) const;
  [[nodiscard]] double number(int row, int column) const;  // double precision
  [[nodiscard]] WallTime time(int row,
                              int column) const;  // timestamp with time zone, cut to milliseconds
  /// bigint[] without NULLs.
  [[nodiscard]] std::vector<std::int64_t> integers(int row, int column) const;
  /// A whole column as values; NULLs are a std::logic_error.
  [[nodiscard]] ColumnArray column(int column, ColumnType type) const;

 private:
  pg_result* handle_;
};

/// The pipeline was broken by an earlier statement's error: this one did not run.
struct Aborted {};
/// The answer to sync(): everything queued before it has been answered.
struct Synced {};
using Reply = std::variant<Result, Failure, Aborted, Synced>;

struct ConnectionSettings {
  std::string url;               // conninfo or URL, secrets inside; never logged
  std::string application_name;  // shown in pg_stat_activity
  /// For each host that the url names, unless the url has a connect_timeout itself.
  std::chrono::milliseconds connect_timeout{3000};
  /// Sent once after connecting: `SET …` for each. Names that not every platform has
  /// (client_connection_check_interval, tcp_user_timeout) are left out where the server refuses
  /// them.
  std::vector<std::pair<std::string, std::string>> session;
};

/// Session settings of the engine's connections: planner as measured (generic plans, index only),
/// bounded waits. `lock_timeout` (1 s) carries ±20 % jitter from `jitter_unit` in [0,1), so that
/// two engines do not wait in step. The name in pg_stat_activity is
/// ConnectionSettings::application_name.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> engine_session(double jitter_unit);

/// Used by one thread at a time. Every failure is a Failure with its remedy, turned around by
/// SQLSTATE: 40001, 40P01, 55P03 → rerun_now; class 08, 57P0x, 53xxx, 58030, 25006 (a standby),
/// 25P03, 26000, lost sockets and whatever else ended the session → reconnect_and_rerun; 42xxx,
/// 28xxx, 3Dxxx → give_up; all else (57014 query canceled too) retry_later. After a Failure with
/// reconnect_and_rerun the object is of no use except for destruction. Texts never hold DETAIL,
/// parameters or rows. A statement name used with other SQL or other parameter types than before:
/// std::logic_error.
///
/// A loop over several connections: receive() until nothing comes, then wait_until_readable()
/// (wait.h), again.
class Connection {
 public:
  /// Connects and waits for it, at most settings.connect_timeout for each host of the url. Lost
  /// peers are noticed after 10 s (keepalives, tcp_user_timeout) unless the url says otherwise.
  /// Throws Failure (what it tried without the password, and what to check).
  explicit Connection(const ConnectionSettings& settings);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Queues a statement (prepared under its name at first use; the preparation has no reply of its
  /// own).
  void send(const Statement& statement, const Parameters& parameters = {});
  /// Ends an implicit unit: its reply is Synced, after the replies of all statements sent before
  /// it. Flushes. Without BEGIN this is also their commit; should that fail (deferred constraints),
  /// its Failure comes instead of Synced.
  void sync();

  /// The next reply in order, if it has arrived; never waits. A lost connection is a Failure reply,
  /// told once ("08006", or the server's last words as "57P01"); nothing comes after it.
  [[nodiscard]] std::optional<Reply> receive();
  /// Pending replies (statements and syncs) not yet received.
  [[nodiscard]] int outstanding() const noexcept;

  /// For poll(2): the socket, and whether there is something left to write.
  [[nodiscard]] int socket() const noexcept;
  [[nodiscard]] bool wants_write() const noexcept;
  /// Writes what the socket takes.
  void flush();

  /// Sends one statement, syncs and waits for its result; throws Failure. For everything off the
  /// hot path. Only while nothing is outstanding. `timeout` 0 = no limit; at the timeout the
  /// failure's remedy is reconnect_and_rerun.
  Result execute(const Statement& statement,
                 const Parameters& parameters = {},
                 std::chrono::milliseconds timeout = std::chrono::milliseconds{0});

  /// Server process id and start time (pg_stat_activity.backend_start as text), for
  /// pg_terminate_backend by a successor.
  [[nodiscard]] int backend_pid() const noexcept;
  [[nodiscard]] const std::string& backend_started() const noexcept;

 private:
  friend class HandlerTransaction;
  struct State;
  Reply await(const Statement& statement, std::optional<SteadyTime> deadline);

  std::unique_ptr<State> state_;
};

/// "host:port/database as user", for messages: never the password. Fills in what libpq takes from
/// PG* and its defaults.
[[nodiscard]] std::string describe_target(const std::string& url);

/// The same url or conninfo with every secret as "***", for printing a configuration. What cannot
/// be read is "***" as a whole.
[[nodiscard]] std::string redact_url(const std::string& url);

}  // namespace pawl::postgres
