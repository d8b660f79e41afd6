#include "pawl/dead_letters/handing_back.h"

#include <fmt/format.h>

namespace pawl::dead_letters {
namespace {

using postgres::Connection;
using postgres::Parameters;
using postgres::Result;
using postgres::Statement;

// The position first: the consumer's engine fences with it, so nothing is parked beside us until we
// have committed.
const Statement kCount{"redrive_count", R"(
UPDATE pawl.consumer_position p
SET held_version = p.held_version + 1, parked = p.parked + d.letters,
    redriven_exhausted = p.redriven_exhausted + d.letters - d.undecodable,
    redriven_undecodable = p.redriven_undecodable + d.undecodable
FROM (SELECT consumer, topic, partition, count(*) AS letters,
             count(*) FILTER (WHERE class = 'undecodable') AS undecodable
      FROM pawl.dead_letter WHERE id = ANY ($1) GROUP BY consumer, topic, partition) d
WHERE p.consumer = d.consumer AND p.topic = d.topic AND p.partition = d.partition)"};

// A key that is held already is due when its head is.
const Statement kHold{"redrive_hold", R"(
INSERT INTO pawl.held_key (consumer, topic, partition, key, lone_offset, attempts, started, first_failed_at, due_at, class,
                           code, text)
SELECT DISTINCT consumer, topic, partition, coalesce(key, ''::bytea),
       CASE WHEN key IS NULL THEN record_offset ELSE -1 END, 0, 0, now(), now(), '', '', ''
FROM pawl.dead_letter WHERE id = ANY ($1)
ON CONFLICT DO NOTHING)"};

constexpr std::string_view kParkingSql = R"(
INSERT INTO pawl.parked_command (consumer, topic, partition, key, lone_offset, sequence, record_offset, record_time,
                                 message_id, type, record_key, headers, payload)
SELECT consumer, topic, partition, held, lone_offset,
       (SELECT coalesce(max(q.sequence) + 1, 0) FROM pawl.parked_command q
        WHERE q.consumer = d.consumer AND q.topic = d.topic AND q.partition = d.partition AND q.key = d.held
          AND q.lone_offset = d.lone_offset)
         + row_number() OVER (PARTITION BY consumer, topic, partition, held, lone_offset ORDER BY record_offset, id) - 1,
       record_offset, record_time, {}, type, key, {}, {}
FROM (SELECT *, coalesce(key, ''::bytea) AS held, CASE WHEN key IS NULL THEN record_offset ELSE -1 END AS lone_offset
      FROM pawl.dead_letter WHERE id = ANY ($1)) d)";

const Statement kSettle{"redrive_settle", R"(
WITH changed AS (
  UPDATE pawl.dead_letter SET state = 'redriven', redrives = redrives + 1 WHERE id = ANY ($1) RETURNING consumer)
INSERT INTO pawl.audit (who, action, filter, count, reason)
SELECT $2, $3, $4::jsonb || jsonb_build_object('consumer', min(c.name)), count(*), $5
FROM changed JOIN pawl.consumer c ON c.id = changed.consumer)"};

}  // namespace

Filter dead_ones(const Redrive& redrive) {
  Filter filter = redrive.filter;
  filter.state = State::dead;
  return filter;
}

std::string may_go(const Redrive& redrive, Parameters& parameters) {
  return condition(dead_ones(redrive), parameters) + R"( AND EXISTS (
    SELECT FROM pawl.consumer_position p
    WHERE p.consumer = dead_letter.consumer AND p.topic = dead_letter.topic AND p.partition = dead_letter.partition))";
}

std::vector<Uuid> choose(Connection& connection, const Redrive& redrive, std::int64_t letters_max) {
  Parameters parameters;
  parameters.add(letters_max);
  parameters.add(std::int64_t{redrive.redrives_max});
  const std::string where = may_go(redrive, parameters);
  const Result rows = connection.execute(
      {"",
       fmt::format("SELECT id FROM pawl.dead_letter WHERE {} AND redrives < $2 "
                   "ORDER BY topic, partition, record_offset, id LIMIT $1 FOR UPDATE",
                   where)},
      parameters);
  std::vector<Uuid> ids;
  ids.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) ids.push_back(rows.uuid(row, 0));
  return ids;
}

void hold(Connection& connection, std::span<const Uuid> letters) {
  Parameters parameters;
  parameters.add_array(letters);
  connection.execute(kCount, parameters);
  connection.execute(kHold, parameters);
}

std::string parking_sql(std::string_view message_id,
                        std::string_view headers,
                        std::string_view payload) {
  return fmt::format(kParkingSql, message_id, headers, payload);
}

void settle(Connection& connection, std::span<const Uuid> letters, const Noted& noted) {
  Parameters parameters;
  parameters.add_array(letters);
  parameters.add(noted.who);
  parameters.add(noted.action);
  parameters.add(noted.filter);
  parameters.add(noted.reason);
  connection.execute(kSettle, parameters);
}

}  // namespace pawl::dead_letters
