#include "pawl/engine/parking_statements.h"

#include <chrono>

#include "pawl/codec/headers_json.h"
#include "pawl/engine/array_parameters.h"

namespace pawl::engine {

using postgres::Parameters;
using postgres::Result;
using postgres::Statement;

// A key's commands are read in order and end at the first that finds no room: never with a gap. The
// position is asked for row by row: joined, a plan made before the tables were analyzed went
// through all held keys of a partition for each.
const Statement kTakeParked{"parked_take", R"(
WITH begun AS (
  UPDATE pawl.held_key h SET started = h.attempts + v.crashes + 1
  FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::bigint[], $5::bigint[], $9::bigint[]) WITH ORDINALITY
    AS v (topic, partition, key, lone_offset, commands_max, crashes, number)
  WHERE h.consumer = $6 AND h.topic = v.topic AND h.partition = v.partition AND h.key = v.key
    AND h.lone_offset = v.lone_offset
    AND (SELECT p.epoch FROM pawl.consumer_position p
         WHERE p.consumer = $6 AND p.topic = v.topic AND p.partition = v.partition) = $7
  RETURNING v.number, v.commands_max, h.topic, h.partition, h.key, h.lone_offset),
waiting AS (
  SELECT b.number, c.*,
         sum(octet_length(c.payload)) OVER (ORDER BY b.number, c.sequence) - octet_length(c.payload) AS bytes_before
  FROM begun b CROSS JOIN LATERAL (
    SELECT c.sequence, c.record_offset, c.record_time, c.record_key, c.headers, c.payload
    FROM pawl.parked_command c
    WHERE c.consumer = $6 AND c.topic = b.topic AND c.partition = b.partition AND c.key = b.key
      AND c.lone_offset = b.lone_offset
    ORDER BY c.sequence LIMIT b.commands_max) c)
SELECT number - 1, sequence, record_offset, (extract(epoch FROM record_time) * 1000)::bigint, record_key, headers::text,
       payload
FROM waiting WHERE coalesce(bytes_before, 0) < $8 ORDER BY number, sequence)"};

const Statement kPark{"parked_insert", R"(
INSERT INTO pawl.parked_command (consumer, topic, partition, key, lone_offset, sequence, record_offset, record_time,
                                 message_id, type, record_key, headers, payload)
SELECT $13, topic, partition::integer, key, lone_offset, sequence, record_offset, record_time, message_id, type,
       record_key, headers, payload
FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[], $7::timestamptz[],
            $8::uuid[], $9::text[], $10::bytea[], $11::jsonb[], $12::bytea[])
  AS v (topic, partition, key, lone_offset, sequence, record_offset, record_time, message_id, type, record_key, headers,
        payload))"};

const Statement kEndParked{"parked_delete", R"(
DELETE FROM pawl.parked_command c
USING unnest($1::text[], $2::bigint[], $3::bytea[], $4::bigint[], $5::bigint[])
  AS v (topic, partition, key, lone_offset, sequence)
WHERE c.consumer = $6 AND c.topic = v.topic AND c.partition = v.partition::integer AND c.key = v.key
  AND c.lone_offset = v.lone_offset AND c.sequence = v.sequence)"};

// What a key's history holds is its last head's, unless this one has failed before this batch.
const Statement kHold{"held_key_put", R"(
INSERT INTO pawl.held_key AS h (consumer, topic, partition, key, lone_offset, attempts, started, first_failed_at, due_at,
                                class, code, text, history)
SELECT $12, topic, partition::integer, key, lone_offset, attempts::integer, attempts::integer,
       now() - failing_for * interval '1 ms', now() + due_in * interval '1 ms', class, code, text,
       pawl.with_attempts(coalesce((SELECT k.history FROM pawl.held_key k
                                    WHERE k.consumer = $12 AND k.topic = v.topic AND k.partition = v.partition
                                      AND k.key = v.key AND k.lone_offset = v.lone_offset AND v.tried < v.attempts), '[]'),
                          tried, class, code)
FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[],
            $9::text[], $10::text[], $11::bigint[])
  AS v (topic, partition, key, lone_offset, attempts, failing_for, due_in, class, code, text, tried)
ON CONFLICT (consumer, topic, partition, key, lone_offset) DO UPDATE
SET attempts = excluded.attempts, started = excluded.started, first_failed_at = excluded.first_failed_at,
    due_at = excluded.due_at, class = excluded.class, code = excluded.code, text = excluded.text,
    history = excluded.history)"};

const Statement kRelease{"held_key_release", R"(
DELETE FROM pawl.held_key h
USING unnest($1::text[], $2::bigint[], $3::bytea[], $4::bigint[]) AS v (topic, partition, key, lone_offset)
WHERE h.consumer = $5 AND h.topic = v.topic AND h.partition = v.partition::integer AND h.key = v.key
  AND h.lone_offset = v.lone_offset
  AND NOT EXISTS (SELECT FROM pawl.parked_command c
                  WHERE c.consumer = h.consumer AND c.topic = h.topic AND c.partition = h.partition AND c.key = h.key
                    AND c.lone_offset = h.lone_offset))"};

const Statement kReadHeld{"held_key_read", R"(
SELECT h.topic, h.partition, h.key, h.lone_offset, h.attempts,
       (extract(epoch FROM clock_timestamp() - h.first_failed_at) * 1000)::bigint,
       (extract(epoch FROM h.due_at - clock_timestamp()) * 1000)::bigint,
       h.class, h.code, h.text, c.parked, c.next_sequence, h.started - h.attempts
FROM unnest($1::text[], $2::integer[]) AS v (topic, partition)
JOIN pawl.held_key h ON h.consumer = $3 AND h.topic = v.topic AND h.partition = v.partition
CROSS JOIN LATERAL (
  SELECT count(*) AS parked, coalesce(max(c.sequence), -1) + 1 AS next_sequence
  FROM pawl.parked_command c
  WHERE c.consumer = h.consumer AND c.topic = h.topic AND c.partition = h.partition AND c.key = h.key
    AND c.lone_offset = h.lone_offset) c)"};

namespace {

const HeldKeyPlace& place_of(const HeldKeyPlace& place) {
  return place;
}
const HeldKeyPlace& place_of(const HeldKeyRow& row) {
  return row.place;
}
const HeldKeyPlace& place_of(const TakeParkedRequest::Key& key) {
  return key.place;
}
HeldKeyPlace place_of(const ParkedEnd& end) {
  return {end.lane, end.place.held};
}
HeldKeyPlace place_of(const ParkedCommand& command) {
  return {command.lane, command.place.held};
}

// $1 to $4
template <class Rows>
void add_places(Parameters& into, const Rows& rows) {
  std::vector<HeldKeyPlace> places;
  places.reserve(rows.size());
  for (const auto& row : rows) places.push_back(place_of(row));
  add_each<std::string>(into, places, [](const HeldKeyPlace& p) { return p.lane.topic; });
  add_each<std::int64_t>(into, places, [](const HeldKeyPlace& p) { return p.lane.partition; });
  into.add_bytes_array(
      views(places, [](const HeldKeyPlace& p) { return std::string_view(p.held.key); }));
  add_each<std::int64_t>(into, places, [](const HeldKeyPlace& p) { return p.held.lone_offset; });
}

std::optional<std::string_view> optional_text(const Result& result, int row, int column) {
  if (result.is_null(row, column)) return std::nullopt;
  return result.text(row, column);
}

Record record_of(const Result& result, int row) {
  const std::vector<codec::OwnedHeader> owned = codec::headers_of_json(result.text(row, 5));
  std::vector<Header> headers;
  for (const codec::OwnedHeader& header : owned)
    headers.push_back({header.name, view(header.value)});
  Record record =
      make_record(optional_text(result, row, 4), optional_text(result, row, 6), headers);
  record.offset = result.integer(row, 2);
  if (!result.is_null(row, 3))
    record.timestamp = WallTime{std::chrono::milliseconds{result.integer(row, 3)}};
  return record;
}

}  // namespace

void encode(const TakeParkedRequest& request, std::int16_t consumer, Parameters& into) {
  using Key = TakeParkedRequest::Key;
  add_places(into, request.keys);
  add_each<std::int64_t>(into, request.keys, [](const Key& key) { return key.commands_max; });
  into.add(consumer);
  into.add(request.epoch);
  into.add(request.bytes_max);
  add_each<std::int64_t>(into, request.keys, [](const Key& key) { return key.crashes; });
}

TakeParkedAnswer decode_parked(const Result& result) {
  TakeParkedAnswer answer;
  for (int row = 0; row < result.rows(); ++row) {
    answer.parked.push_back({static_cast<std::size_t>(result.integer(row, 0)),
                             result.integer(row, 1),
                             record_of(result, row)});
  }
  return answer;
}

void encode(const std::vector<ParkedCommand>& parked, std::int16_t consumer, Parameters& into) {
  using Command = ParkedCommand;
  add_places(into, parked);
  add_each<std::int64_t>(into, parked, [](const Command& c) { return c.place.sequence; });
  add_each<std::int64_t>(into, parked, [](const Command& c) { return c.offset; });
  std::vector<WallTime> times;
  for (const Command& command : parked) times.push_back(command.record_time);
  into.add_time_array(times);
  add_each<Uuid>(into, parked, [](const Command& c) { return c.message_id; });
  add_each<std::string>(into, parked, [](const Command& c) { return c.type; });
  into.add_bytes_array(views(parked, [](const Command& c) { return view(c.key); }));
  into.add_json_array(views(parked, [](const Command& c) { return std::string_view(c.headers); }));
  into.add_bytes_array(views(parked, [](const Command& c) { return view(c.payload); }));
  into.add(consumer);
}

void encode(const std::vector<ParkedEnd>& ended, std::int16_t consumer, Parameters& into) {
  add_places(into, ended);
  add_each<std::int64_t>(into, ended, [](const ParkedEnd& e) { return e.place.sequence; });
  into.add(consumer);
}

void encode(const std::vector<HeldKeyRow>& held, std::int16_t consumer, Parameters& into) {
  using Row = HeldKeyRow;
  add_places(into, held);
  add_each<std::int64_t>(into, held, [](const Row& row) { return row.attempts; });
  add_each<std::int64_t>(into, held, [](const Row& row) { return row.failing_for.count(); });
  add_each<std::int64_t>(into, held, [](const Row& row) { return row.due_in.count(); });
  add_each<std::string>(into, held, [](const Row& row) { return row.last_failure.failure_class; });
  add_each<std::string>(into, held, [](const Row& row) { return row.last_failure.code; });
  add_each<std::string>(into, held, [](const Row& row) { return row.last_failure.text; });
  add_each<std::int64_t>(into, held, [](const Row& row) { return row.tried; });
  into.add(consumer);
}

void encode(const std::vector<HeldKeyPlace>& released, std::int16_t consumer, Parameters& into) {
  add_places(into, released);
  into.add(consumer);
}

std::vector<HeldKeyFound> decode_held(const Result& result) {
  std::vector<HeldKeyFound> found;
  for (int row = 0; row < result.rows(); ++row) {
    const auto text = [&](int column) { return std::string(result.text(row, column)); };
    found.push_back({{{text(0), static_cast<std::int32_t>(result.integer(row, 1))},
                      {text(2), result.integer(row, 3)}},
                     static_cast<int>(result.integer(row, 4)),
                     std::chrono::milliseconds{result.integer(row, 5)},
                     std::chrono::milliseconds{result.integer(row, 6)},
                     {text(7), text(8), text(9)},
                     result.integer(row, 10),
                     result.integer(row, 11),
                     static_cast<int>(result.integer(row, 12))});
  }
  return found;
}

}  // namespace pawl::engine
