#include "pawl/rotation/rotate.h"

#include <utility>

#include "pawl/postgres/open_transaction.h"

namespace pawl::rotation {
namespace {

using postgres::Connection;
using postgres::Parameters;
using postgres::Statement;
using std::chrono::milliseconds;

constexpr int kPartitions = 4;

const Statement kBoundWaits{"rotation_bound_waits", "SELECT set_config('lock_timeout', $1, true)"};
const Statement kLock{"rotation_lock",
                      "SELECT pg_advisory_xact_lock(hashtext('pawl.' || $1::text))"};
const Statement kDue{"rotation_due", R"(
SELECT current FROM pawl.rotation
WHERE name = $1 AND rotated_at + $2::bigint * interval '1 millisecond' <= clock_timestamp())"};
const Statement kMove{"rotation_move", R"(
UPDATE pawl.rotation SET current = $2, rotated_at = clock_timestamp(), rotations = rotations + 1 WHERE name = $1)"};

std::optional<int> due_generation(Connection& connection, Table table, milliseconds period) {
  Parameters parameters;
  parameters.add(to_string(table));
  parameters.add(std::int64_t{period.count()});
  const postgres::Result due = connection.execute(kDue, parameters);
  if (due.rows() == 0) return std::nullopt;
  return static_cast<int>(due.integer(0, 0));
}

void take_locks(Connection& connection, Table table, milliseconds lock_wait) {
  Parameters wait;
  wait.add(std::string_view{std::to_string(lock_wait.count()) + "ms"});
  connection.execute(kBoundWaits, wait);
  Parameters name;
  name.add(to_string(table));
  connection.execute(kLock, name);
}

std::string partition_of(Table table, int number) {
  return "pawl." + std::string(to_string(table)) + "_" + std::to_string(number);
}

// No writer is at work under the exclusive lock, so what this sees is all there is. A relay that
// has not started yet has published nothing; every relay that has a position must be past the
// segment.
bool holds_unpublished(Connection& connection, int segment) {
  const std::string name = partition_of(Table::outbox, segment);
  const Statement unpublished{
      "",
      "SELECT EXISTS (SELECT FROM " + name +
          ") AND (NOT EXISTS (SELECT FROM pawl.relay_position)"
          " OR EXISTS (SELECT FROM pawl.relay_position r WHERE (SELECT max(batch) FROM " +
          name +
          ") > r.batch"
          " OR EXISTS (SELECT FROM " +
          name + " o WHERE o.batch = ANY (r.holes))))"};
  return connection.execute(unpublished).boolean(0, 0);
}

void move_to(Connection& connection, Table table, int next) {
  connection.execute(Statement{"", "TRUNCATE " + partition_of(table, next)});
  Parameters parameters;
  parameters.add(to_string(table));
  parameters.add(static_cast<std::int16_t>(next));
  connection.execute(kMove, parameters);
}

Result rotate_in_transaction(Connection& connection,
                             Table table,
                             milliseconds period,
                             milliseconds lock_wait) {
  postgres::OpenTransaction transaction{connection};
  take_locks(connection, table, lock_wait);
  const auto current =
      due_generation(connection, table, period);  // again: another process may have been faster
  if (!current) return Result::not_due;
  const int next = (*current + 1) % kPartitions;
  if (table == Table::outbox && holds_unpublished(connection, next)) return Result::unpublished;
  move_to(connection, table, next);
  transaction.commit();
  return Result::rotated;
}

std::string hours(milliseconds time) {
  return std::to_string(std::chrono::floor<std::chrono::hours>(time).count()) + " h";
}

}  // namespace

Result rotate(Connection& connection, Table table, milliseconds period, milliseconds lock_wait) {
  if (!due_generation(connection, table, period)) return Result::not_due;
  try {
    return rotate_in_transaction(connection, table, period, lock_wait);
  } catch (const Failure& failure) {
    if (failure.remedy() == Remedy::rerun_now) return Result::busy;
    throw;
  }
}

std::optional<std::string> dedupe_window_problem(std::string_view topic,
                                                 milliseconds dedupe_window,
                                                 std::optional<milliseconds> retention) {
  if (retention && *retention <= dedupe_window) return std::nullopt;
  return "expected inbox.dedupe_window to be at least the retention of topic " +
         std::string(topic) + " (" + (retention ? hours(*retention) : "unlimited") +
         "), got: " + hours(dedupe_window) +
         "; a command repeated later than that would take effect twice: raise the setting or lower "
         "retention.ms";
}

}  // namespace pawl::rotation
