#include "pawl/dead_letters/change.h"

#include <fmt/format.h>

namespace pawl::dead_letters {

std::int64_t change_some(postgres::Connection& connection,
                         Filter filter,
                         const Change& change,
                         std::int64_t letters_max) {
  filter.state = change.from;
  postgres::Parameters parameters;
  parameters.add(letters_max);
  parameters.add(to_string(change.to));
  parameters.add(std::string_view(change.who));
  parameters.add(std::string_view(change.action));
  parameters.add(std::string_view(to_json(filter)));
  parameters.add(std::string_view(change.reason));
  const std::string where = condition(filter, parameters);
  return connection
      .execute({"",
                fmt::format(R"(
WITH chosen AS (
  SELECT id FROM pawl.dead_letter WHERE {} ORDER BY last_failed_at, id LIMIT $1 FOR UPDATE),
changed AS (
  UPDATE pawl.dead_letter SET state = $2 WHERE id IN (SELECT id FROM chosen) RETURNING consumer),
noted AS (
  INSERT INTO pawl.audit (who, action, filter, count, reason)
  SELECT $3, $4, $5::jsonb || jsonb_build_object('consumer', min(c.name)), count(*), $6
  FROM changed JOIN pawl.consumer c ON c.id = changed.consumer HAVING count(*) > 0)
SELECT count(*) FROM changed)",
                            where)},
               parameters)
      .integer(0, 0);
}

}  // namespace pawl::dead_letters
