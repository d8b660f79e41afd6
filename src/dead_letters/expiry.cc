#include "pawl/dead_letters/expiry.h"

#include <fmt/format.h>

#include <vector>

#include "pawl/dead_letters/letter_json.h"
#include "pawl/dead_letters/reader.h"
#include "pawl/postgres/open_transaction.h"

namespace pawl::dead_letters {
namespace {

using postgres::Connection;
using postgres::Parameters;
using postgres::Result;
using postgres::Statement;

// Of the transaction: whoever dies lets go of it.
const Statement kLock{"dead_letters_lock", R"(
SELECT pg_try_advisory_xact_lock(hashtext('pawl.dead_letter_expired'), $1::integer))"};

const Statement kDelete{"dead_letters_delete", R"(
WITH gone AS (
  DELETE FROM pawl.dead_letter WHERE id = ANY ($1) RETURNING consumer, topic, partition, state),
counted AS (
  INSERT INTO pawl.dead_letter_expired AS e (consumer, topic, partition, letters)
  SELECT consumer, topic, partition, count(*) FROM gone GROUP BY consumer, topic, partition
  ON CONFLICT (consumer, topic, partition) DO UPDATE SET letters = e.letters + excluded.letters),
totals AS (
  SELECT count(*) FILTER (WHERE state = 'dead') AS dead, count(*) FILTER (WHERE state = 'redriven') AS redriven,
         count(*) FILTER (WHERE state = 'discarded') AS discarded, count(*) AS all_states, min(consumer) AS consumer
  FROM gone),
noted AS (
  INSERT INTO pawl.audit (who, action, filter, count, reason)
  SELECT $2, 'dead.expire', $3::jsonb || jsonb_build_object('consumer', c.name, 'archived', $4::boolean, 'expired',
           jsonb_build_object('dead', t.dead, 'redriven', t.redriven, 'discarded', t.discarded)), t.all_states, $5
  FROM totals t JOIN pawl.consumer c ON c.id = t.consumer)
SELECT dead, redriven, discarded FROM totals)"};

bool lock(Connection& connection, std::int16_t consumer) {
  Parameters parameters;
  parameters.add(consumer);
  return connection.execute(kLock, parameters).boolean(0, 0);
}

// Locked, so that what is archived is what is deleted. In the order in which operators' changes
// lock them, too (change.cc).
std::vector<Uuid> choose(Connection& connection, const Filter& filter, const ExpiryBounds& bounds) {
  Parameters parameters;
  parameters.add(bounds.letters);
  parameters.add(bounds.bytes);
  const std::string where = condition(filter, parameters);
  const Result rows = connection.execute({"",
                                          fmt::format(R"(
WITH oldest AS (
  SELECT id, last_failed_at, coalesce(octet_length(key), 0) + octet_length(headers::text) +
         coalesce(octet_length(payload), 0) AS bytes
  FROM pawl.dead_letter WHERE {} ORDER BY last_failed_at, id LIMIT $1 FOR UPDATE),
summed AS (SELECT id, sum(bytes) OVER (ORDER BY last_failed_at, id) - bytes AS bytes_before FROM oldest)
SELECT id FROM summed WHERE bytes_before < $2)",
                                                      where)},
                                         parameters);
  std::vector<Uuid> ids;
  ids.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) ids.push_back(rows.uuid(row, 0));
  return ids;
}

std::string lines_of(Connection& connection, const Filter& filter, const std::vector<Uuid>& ids) {
  const auto letters = Reader{connection}.list(
      {.consumer = filter.consumer, .ids = ids},
      {.order = Order::oldest_first, .limit = static_cast<int>(ids.size()), .whole = true});
  std::string lines;
  for (const Letter& letter : letters) lines += export_line(letter) + '\n';
  return lines;
}

Expired remove(Connection& connection, const Expiry& expiry, const std::vector<Uuid>& ids) {
  Parameters parameters;
  parameters.add_array(std::span<const Uuid>(ids));
  parameters.add(std::string_view(expiry.who));
  parameters.add(std::string_view(to_json(expiry.filter)));
  parameters.add(expiry.archive != nullptr);
  parameters.add(std::string_view(expiry.reason));
  const Result rows = connection.execute(kDelete, parameters);
  return {rows.integer(0, 0), rows.integer(0, 1), rows.integer(0, 2)};
}

}  // namespace

Expired& Expired::operator+=(const Expired& more) {
  dead += more.dead;
  redriven += more.redriven;
  discarded += more.discarded;
  return *this;
}

std::optional<Expired> expire_some(Connection& connection,
                                   const Expiry& expiry,
                                   const ExpiryBounds& bounds) {
  postgres::OpenTransaction transaction{connection};
  if (!lock(connection, expiry.filter.consumer)) return std::nullopt;
  const std::vector<Uuid> ids = choose(connection, expiry.filter, bounds);
  if (ids.empty()) return Expired{};
  // A crash behind this line archives the same letters again; before it, nothing has happened.
  if (expiry.archive) expiry.archive->append(lines_of(connection, expiry.filter, ids));
  const Expired expired = remove(connection, expiry, ids);
  transaction.commit();
  return expired;
}

}  // namespace pawl::dead_letters
