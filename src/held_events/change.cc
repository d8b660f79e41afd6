#include "pawl/held_events/change.h"

#include <fmt/format.h>

namespace pawl::held_events {
namespace {

// $1 to $3 of both statements: for the audit.
postgres::Parameters noted(const Filter& filter, const Decision& decision) {
  postgres::Parameters parameters;
  parameters.add(std::string_view(decision.who));
  parameters.add(std::string_view(to_json(filter)));
  parameters.add(std::string_view(decision.reason));
  return parameters;
}

}  // namespace

std::int64_t retry(postgres::Connection& connection,
                   const Filter& filter,
                   const Decision& decision) {
  postgres::Parameters parameters = noted(filter, decision);
  const std::string where = condition(filter, parameters);
  return connection
      .execute({"",
                fmt::format(R"(
WITH changed AS (
  UPDATE pawl.relay_held_event e SET retry_at = clock_timestamp() WHERE e.code IS NOT NULL AND {} RETURNING 1),
noted AS (
  INSERT INTO pawl.audit (who, action, filter, count, reason)
  SELECT $1, 'outbox.retry', $2::jsonb, count(*), nullif($3, '') FROM changed HAVING count(*) > 0)
SELECT count(*) FROM changed)",
                            where)},
               parameters)
      .integer(0, 0);
}

std::int64_t discard_some(postgres::Connection& connection,
                          const Filter& filter,
                          const Decision& decision,
                          std::int64_t events_max) {
  postgres::Parameters parameters = noted(filter, decision);
  parameters.add(events_max);
  const std::string where = condition(filter, parameters);
  return connection
      .execute({"",
                fmt::format(R"(
WITH chosen AS (
  SELECT e.relay, e.batch, e.index FROM pawl.relay_held_event e JOIN pawl.relay_position p ON p.relay = e.relay
  WHERE e.batch <= p.batch AND NOT e.batch = ANY (p.holes) AND {}
  ORDER BY e.batch, e.index LIMIT $4 FOR UPDATE OF e),
gone AS (
  DELETE FROM pawl.relay_held_event e USING chosen c
  WHERE e.relay = c.relay AND e.batch = c.batch AND e.index = c.index RETURNING 1),
noted AS (
  INSERT INTO pawl.audit (who, action, filter, count, reason)
  SELECT $1, 'outbox.discard', $2::jsonb, count(*), $3 FROM gone HAVING count(*) > 0)
SELECT count(*) FROM gone)",
                            where)},
               parameters)
      .integer(0, 0);
}

}  // namespace pawl::held_events
