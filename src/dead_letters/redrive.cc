#include "pawl/dead_letters/redrive.h"

#include <fmt/format.h>

#include "pawl/postgres/open_transaction.h"

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

const Statement kPark{"redrive_park", R"(
INSERT INTO pawl.parked_command (consumer, topic, partition, key, lone_offset, sequence, record_offset, record_time,
                                 message_id, type, record_key, headers, payload)
SELECT consumer, topic, partition, held, lone_offset,
       (SELECT coalesce(max(q.sequence) + 1, 0) FROM pawl.parked_command q
        WHERE q.consumer = d.consumer AND q.topic = d.topic AND q.partition = d.partition AND q.key = d.held
          AND q.lone_offset = d.lone_offset)
         + row_number() OVER (PARTITION BY consumer, topic, partition, held, lone_offset ORDER BY record_offset, id) - 1,
       record_offset, record_time, message_id, type, key, headers, payload
FROM (SELECT *, coalesce(key, ''::bytea) AS held, CASE WHEN key IS NULL THEN record_offset ELSE -1 END AS lone_offset
      FROM pawl.dead_letter WHERE id = ANY ($1)) d)"};

// 2: exhausted. What has completed meanwhile keeps its row, and makes the command a duplicate. What
// could not be read never had one: the row is that of a twin, and goes when its own dead letter is
// handed back.
const Statement kForgetEnding{"redrive_forget_ending", R"(
DELETE FROM pawl.inbox i USING pawl.dead_letter d
WHERE d.id = ANY ($1) AND d.class <> 'undecodable' AND i.message_id = d.message_id AND i.consumer = d.consumer AND i.ending = 2)"};

const Statement kSettle{"redrive_settle", R"(
WITH changed AS (
  UPDATE pawl.dead_letter SET state = 'redriven', redrives = redrives + 1 WHERE id = ANY ($1) RETURNING consumer)
INSERT INTO pawl.audit (who, action, filter, count, reason)
SELECT $2, 'dead.redrive', $3::jsonb || jsonb_build_object('consumer', min(c.name)), count(*), $4
FROM changed JOIN pawl.consumer c ON c.id = changed.consumer)"};

// $1 and $2 are the caller's.
std::string chosen(const Filter& filter, Parameters& parameters) {
  return condition(filter, parameters) + R"( AND EXISTS (
    SELECT FROM pawl.consumer_position p
    WHERE p.consumer = dead_letter.consumer AND p.topic = dead_letter.topic AND p.partition = dead_letter.partition))";
}

Filter dead_ones(const Redrive& redrive) {
  Filter filter = redrive.filter;
  filter.state = State::dead;
  return filter;
}

std::vector<Uuid> choose(Connection& connection, const Redrive& redrive, std::int64_t letters_max) {
  Parameters parameters;
  parameters.add(letters_max);
  parameters.add(std::int64_t{redrive.redrives_max});
  const std::string where = chosen(dead_ones(redrive), parameters);
  const Result rows = connection.execute(
      {"",
       fmt::format("SELECT id FROM pawl.dead_letter WHERE {} AND redrives < $2 "
                   "ORDER BY topic, partition, record_offset, id LIMIT $1 FOR UPDATE",
                   where)},
      parameters);
  std::vector<Uuid> ids;
  for (int row = 0; row < rows.rows(); ++row) ids.push_back(rows.uuid(row, 0));
  return ids;
}

}  // namespace

std::int64_t redrive_some(Connection& connection,
                          const Redrive& redrive,
                          std::int64_t letters_max) {
  postgres::OpenTransaction transaction{connection};
  const std::vector<Uuid> ids = choose(connection, redrive, letters_max);
  if (ids.empty()) return 0;
  Parameters parameters;
  parameters.add_array(std::span<const Uuid>(ids));
  for (const Statement* statement : {&kCount, &kHold, &kPark, &kForgetEnding})
    connection.execute(*statement, parameters);
  parameters.add(std::string_view(redrive.who));
  parameters.add(std::string_view(to_json(dead_ones(redrive))));
  parameters.add(std::string_view(redrive.reason));
  connection.execute(kSettle, parameters);
  transaction.commit();
  return static_cast<std::int64_t>(ids.size());
}

RedrivePlan plan_redrive(Connection& connection, const Redrive& redrive, int keys_max) {
  Parameters parameters;
  parameters.add(std::int64_t{keys_max});
  parameters.add(std::int64_t{redrive.redrives_max});
  const std::string where = chosen(dead_ones(redrive), parameters);
  const Result rows = connection.execute({"",
                                          fmt::format(R"(
WITH chosen AS MATERIALIZED (
  SELECT consumer, topic, partition, key, record_offset, redrives < $2 AS taken FROM pawl.dead_letter WHERE {}),
keys AS (
  SELECT consumer, topic, partition, key, count(*) AS letters, min(record_offset) AS first, max(record_offset) AS last
  FROM chosen WHERE taken GROUP BY consumer, topic, partition, key),
totals AS (
  SELECT (SELECT coalesce(sum(letters), 0)::bigint FROM keys) AS letters, (SELECT count(*) FROM keys) AS keys,
         (SELECT count(*) FROM chosen WHERE NOT taken) AS capped)
SELECT t.letters, t.keys, t.capped, k.topic, k.partition, k.key, k.letters, k.first, k.last,
       (SELECT count(*) FROM pawl.parked_command q
        WHERE q.consumer = k.consumer AND q.topic = k.topic AND q.partition = k.partition AND q.key = k.key
          AND q.lone_offset = -1)
FROM totals t LEFT JOIN (SELECT * FROM keys ORDER BY letters DESC, topic, partition, first LIMIT $1) k ON true
ORDER BY k.letters DESC, k.topic, k.partition, k.first)",
                                                      where)},
                                         parameters);
  RedrivePlan plan{rows.integer(0, 0), rows.integer(0, 1), rows.integer(0, 2), {}};
  for (int row = 0; row < rows.rows() && !rows.is_null(row, 3); ++row) {
    RedrivePlan::Key& key = plan.largest.emplace_back();
    key.topic = rows.text(row, 3);
    key.partition = rows.integer(row, 4);
    if (!rows.is_null(row, 5)) key.key = std::string(rows.text(row, 5));
    key.letters = rows.integer(row, 6);
    key.first_offset = rows.integer(row, 7);
    key.last_offset = rows.integer(row, 8);
    key.parked = rows.integer(row, 9);
  }
  return plan;
}

}  // namespace pawl::dead_letters
