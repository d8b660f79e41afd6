#include "pawl/outbox/held.h"

#include <utility>

#include "pawl/outbox/row_columns.h"

namespace pawl::outbox {
namespace {

using postgres::Parameters;
using postgres::Statement;

enum HeldColumn { kHeldBatch, kHeldIndex, kHeldAttempts, kHeldRow };  // of kReadHeldDue

void add_numbers(std::span<const RowNumber> numbers, Parameters& into) {
  std::vector<std::int64_t> batches;
  std::vector<std::int32_t> indexes;
  for (const RowNumber& number : numbers) {
    batches.push_back(number.batch);
    indexes.push_back(number.index);
  }
  into.add_array(std::span<const std::int64_t>(batches));
  into.add_array(std::span<const std::int32_t>(indexes));
}

void add_refusals(std::span<const std::optional<Refusal>> refusals, Parameters& into) {
  std::vector<std::optional<std::string_view>> codes;
  std::vector<std::optional<std::string_view>> texts;
  for (const auto& refusal : refusals) {
    codes.push_back(refusal ? std::optional<std::string_view>(refusal->code) : std::nullopt);
    texts.push_back(refusal ? std::optional<std::string_view>(refusal->text) : std::nullopt);
  }
  into.add_text_array(codes);
  into.add_text_array(texts);
}

void add_turn(const TurnOf& turn, Parameters& into) {
  into.clear();
  into.add(turn.relay);
  into.add(turn.epoch);
}

}  // namespace

// The position's row stays locked until the end, so a relay that lost its turn in between cannot
// hold what its successor has published. The outbox still has the rows: no segment is truncated
// before the position has passed it.
const Statement kHold{"outbox_hold", R"(
WITH mine AS (
  UPDATE pawl.relay_position SET updated_at = clock_timestamp() WHERE relay = $1 AND epoch = $2 RETURNING relay),
wanted AS (
  SELECT m.relay, o.*, w.code, w.text
  FROM mine m CROSS JOIN unnest($3::bigint[], $4::integer[], $5::text[], $6::text[]) w(batch, index, code, text)
  JOIN LATERAL (SELECT * FROM pawl.outbox i WHERE i.batch = w.batch AND i.index = w.index) o ON true),
added AS (
  INSERT INTO pawl.relay_held_event (relay, batch, index, topic, key, id, type, source, content_type, correlation_id,
                                     causation_id, traceparent, headers, payload, caused_at, created_at, code, text,
                                     attempts, retry_at)
  SELECT relay, batch, index, topic, key, id, type, source, content_type, correlation_id,
         causation_id, traceparent, headers, payload, caused_at, created_at, code, left(text, 1024),
         CASE WHEN code IS NULL THEN 0 ELSE 1 END,
         CASE WHEN code IS NOT NULL THEN clock_timestamp() + $7::bigint * interval '1 millisecond' END
  FROM wanted ON CONFLICT DO NOTHING)
SELECT EXISTS (SELECT FROM mine), (SELECT count(*) FROM wanted))"};

void encode_hold(const TurnOf& turn,
                 std::span<const RowToHold> rows,
                 std::chrono::milliseconds retry_after,
                 Parameters& into) {
  std::vector<RowNumber> numbers;
  std::vector<std::optional<Refusal>> refusals;
  for (const RowToHold& row : rows) {
    numbers.push_back(row.number);
    refusals.push_back(row.refusal);
  }
  add_turn(turn, into);
  add_numbers(numbers, into);
  add_refusals(refusals, into);
  into.add(std::int64_t{retry_after.count()});
}

const Statement kReadHeldKeys{"outbox_held_keys", R"(
SELECT topic, key, count(*) FROM pawl.relay_held_event WHERE relay = $1 GROUP BY topic, key)"};

void encode_relay(std::string_view relay, Parameters& into) {
  into.clear();
  into.add(relay);
}

std::vector<HeldKey> held_keys_of(const postgres::Result& result) {
  std::vector<HeldKey> keys;
  keys.reserve(static_cast<std::size_t>(result.rows()));
  for (int row = 0; row < result.rows(); ++row) {
    keys.push_back({std::string(result.text(row, 0)), std::nullopt, result.integer(row, 2)});
    if (!result.is_null(row, 1)) keys.back().key = result.text(row, 1);
  }
  return keys;
}

// An event without key is a line of its own. The running sum counts sizes without fetching what is
// stored out of line; payloads are read only of what is chosen.
const Statement kReadHeldDue{"outbox_held_due", R"(
WITH line AS (
  SELECT batch, index, retry_at, row_number() OVER own AS place, count(code) OVER own AS refused,
         coalesce(octet_length(payload), 0) + coalesce(octet_length(key), 0) + coalesce(pg_column_size(headers), 0) + 200 AS size
  FROM pawl.relay_held_event WHERE relay = $1
  WINDOW own AS (PARTITION BY topic, key, CASE WHEN key IS NULL THEN batch END, CASE WHEN key IS NULL THEN index END
                 ORDER BY batch, index)),
due AS (
  SELECT batch, index, place, size, sum(size) OVER (ORDER BY place, batch, index) AS running
  FROM line WHERE refused = 0 OR (place = 1 AND retry_at <= clock_timestamp())
  ORDER BY place, batch, index LIMIT $2::integer)
SELECT e.batch, e.index, e.attempts, e.topic, e.key, e.id, e.type, e.source, e.content_type, e.correlation_id, e.causation_id,
       e.traceparent, e.headers::text, e.payload, e.caused_at, e.created_at
FROM due d JOIN pawl.relay_held_event e ON e.relay = $1 AND e.batch = d.batch AND e.index = d.index
WHERE d.running - d.size < $3::bigint ORDER BY d.place, d.batch, d.index)"};

void encode_held_due(std::string_view relay, const FetchBounds& bounds, Parameters& into) {
  into.clear();
  into.add(relay);
  into.add(bounds.rows_max);
  into.add(bounds.bytes_max);
}

RowNumber HeldRows::number(int row) const {
  return {result_.integer(row, kHeldBatch),
          static_cast<std::int32_t>(result_.integer(row, kHeldIndex))};
}

int HeldRows::attempts(int row) const {
  return static_cast<int>(result_.integer(row, kHeldAttempts));
}

OutboxRow HeldRows::read(int row) const {
  return row_at(result_, row, kHeldRow);
}

const Statement kSettleHeld{"outbox_settle_held", R"(
WITH mine AS (
  UPDATE pawl.relay_position SET updated_at = clock_timestamp() WHERE relay = $1 AND epoch = $2 RETURNING relay),
published AS (
  DELETE FROM pawl.relay_held_event e USING mine m, unnest($3::bigint[], $4::integer[]) p(batch, index)
  WHERE e.relay = m.relay AND e.batch = p.batch AND e.index = p.index),
failed AS (
  UPDATE pawl.relay_held_event e
  SET code = f.code, text = left(f.text, 1024), attempts = f.attempts,
      retry_at = clock_timestamp() + f.wait * interval '1 millisecond'
  FROM mine m, unnest($5::bigint[], $6::integer[], $7::text[], $8::text[], $9::integer[], $10::bigint[])
               f(batch, index, code, text, attempts, wait)
  WHERE e.relay = m.relay AND e.batch = f.batch AND e.index = f.index)
SELECT EXISTS (SELECT FROM mine))"};

void encode_settle(const TurnOf& turn, const HeldOutcome& outcome, Parameters& into) {
  std::vector<RowNumber> numbers;
  std::vector<std::optional<Refusal>> refusals;
  std::vector<std::int32_t> attempts;
  std::vector<std::int64_t> waits;
  for (const HeldFailure& failure : outcome.failed) {
    numbers.push_back(failure.number);
    refusals.emplace_back(failure.refusal);
    attempts.push_back(failure.attempts);
    waits.push_back(failure.retry_after.count());
  }
  add_turn(turn, into);
  add_numbers(outcome.published, into);
  add_numbers(numbers, into);
  add_refusals(refusals, into);
  into.add_array(std::span<const std::int32_t>(attempts));
  into.add_array(std::span<const std::int64_t>(waits));
}

}  // namespace pawl::outbox
