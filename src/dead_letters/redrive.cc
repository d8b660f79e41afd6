#include "pawl/dead_letters/redrive.h"

#include <fmt/format.h>

#include "pawl/dead_letters/handing_back.h"
#include "pawl/postgres/open_transaction.h"

namespace pawl::dead_letters {
namespace {

using postgres::Connection;
using postgres::Parameters;
using postgres::Result;
using postgres::Statement;

const Statement kPark{"redrive_park", parking_sql("message_id", "headers", "payload")};

// 2: exhausted. What has completed meanwhile keeps its row, and makes the command a duplicate. What
// could not be read never had one: the row is that of a twin, and goes when its own dead letter is
// handed back.
const Statement kForgetEnding{"redrive_forget_ending", R"(
DELETE FROM pawl.inbox i USING pawl.dead_letter d
WHERE d.id = ANY ($1) AND d.class <> 'undecodable' AND i.message_id = d.message_id AND i.consumer = d.consumer AND i.ending = 2)"};

}  // namespace

std::int64_t redrive_some(Connection& connection,
                          const Redrive& redrive,
                          std::int64_t letters_max) {
  postgres::OpenTransaction transaction{connection};
  const std::vector<Uuid> letters = choose(connection, redrive, letters_max);
  if (letters.empty()) return 0;
  hold(connection, letters);
  Parameters parameters;
  parameters.add_array(std::span<const Uuid>(letters));
  connection.execute(kPark, parameters);
  connection.execute(kForgetEnding, parameters);
  settle(connection,
         letters,
         {.action = "dead.redrive",
          .who = redrive.who,
          .filter = to_json(dead_ones(redrive)),
          .reason = redrive.reason});
  transaction.commit();
  return static_cast<std::int64_t>(letters.size());
}

RedrivePlan plan_redrive(Connection& connection, const Redrive& redrive, int keys_max) {
  Parameters parameters;
  parameters.add(std::int64_t{keys_max});
  parameters.add(std::int64_t{redrive.redrives_max});
  const std::string where = may_go(redrive, parameters);
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
