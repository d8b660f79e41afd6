#include "pawl/run_control/status.h"

#include "pawl/postgres/open_transaction.h"

namespace pawl::run_control {
namespace {

using postgres::Connection;
using postgres::Parameters;
using postgres::Result;
using postgres::Statement;

const Statement kOneSnapshot{"", "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"};
const Statement kNow{"", "SELECT clock_timestamp()"};
const Statement kConsumers{
    "", "SELECT id, name FROM pawl.consumer WHERE id = $1 OR $1 = -1 ORDER BY name"};

// Whose backends have another user's name show no start.
const Statement kLanes{"", R"(
SELECT p.topic, p.partition, p.owner, p.next_offset, p.parked,
       (SELECT count(*) FROM pawl.held_key h
        WHERE h.consumer = p.consumer AND h.topic = p.topic AND h.partition = p.partition),
       EXISTS (SELECT FROM jsonb_to_recordset(p.backends) AS b (pid integer, started timestamptz)
               JOIN pg_stat_activity a ON a.pid = b.pid AND coalesce(a.backend_start, b.started) = b.started)
FROM pawl.consumer_position p WHERE p.consumer = $1 ORDER BY p.topic, p.partition)"};

const Statement kLetters{"", R"(
SELECT count(*) FILTER (WHERE state = 'dead'), count(*) FILTER (WHERE state = 'redriven'),
       count(*) FILTER (WHERE state = 'discarded')
FROM pawl.dead_letter WHERE consumer = $1)"};

const Statement kOutbox{"", R"(
SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(u.created_at)), 0)::float8,
       (SELECT count(*) FROM pawl.relay_held_event),
       (SELECT count(DISTINCT (topic, key)) FROM pawl.relay_held_event WHERE key IS NOT NULL)
FROM (SELECT o.created_at FROM pawl.outbox o
      WHERE o.batch > (SELECT coalesce(min(batch), -1) FROM pawl.relay_position)
         OR o.batch = ANY (ARRAY(SELECT unnest(holes) FROM pawl.relay_position))
      UNION ALL SELECT created_at FROM pawl.relay_held_event) u)"};

const Statement kRelays{"", R"(
SELECT relay, owner, batch, cardinality(holes), extract(epoch FROM clock_timestamp() - updated_at)::float8
FROM pawl.relay_position ORDER BY relay)"};

Result ask(Connection& connection, const Statement& statement, std::int16_t consumer) {
  Parameters parameters;
  parameters.add(consumer);
  return connection.execute(statement, parameters);
}

std::vector<LaneState> read_lanes(Connection& connection, std::int16_t consumer) {
  const Result rows = ask(connection, kLanes, consumer);
  std::vector<LaneState> lanes;
  lanes.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) {
    lanes.push_back(
        {.lane = {std::string(rows.text(row, 0)), static_cast<std::int32_t>(rows.integer(row, 1))},
         .owner = std::string(rows.text(row, 2)),
         .owned = rows.boolean(row, 6),
         .next_offset = rows.integer(row, 3),
         .held_keys = rows.integer(row, 5),
         .parked = rows.integer(row, 4)});
  }
  return lanes;
}

ConsumerState read_consumer(Connection& connection, std::int16_t consumer, std::string name) {
  const Result letters = ask(connection, kLetters, consumer);
  return {.name = std::move(name),
          .lanes = read_lanes(connection, consumer),
          .pauses = standing_pauses(connection, consumer),
          .open_circuits = open_circuits(connection, consumer),
          .dead = letters.integer(0, 0),
          .redriven = letters.integer(0, 1),
          .discarded = letters.integer(0, 2)};
}

OutboxState read_outbox(Connection& connection) {
  const Result row = connection.execute(kOutbox);
  return {.unpublished = row.integer(0, 0),
          .oldest = Seconds{row.number(0, 1)},
          .held_events = row.integer(0, 2),
          .held_keys = row.integer(0, 3)};
}

std::vector<RelayState> read_relays(Connection& connection) {
  const Result rows = connection.execute(kRelays);
  std::vector<RelayState> relays;
  relays.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) {
    relays.push_back({.name = std::string(rows.text(row, 0)),
                      .owner = std::string(rows.text(row, 1)),
                      .batch = rows.integer(row, 2),
                      .holes = rows.integer(row, 3),
                      .silent_for = Seconds{rows.number(row, 4)}});
  }
  return relays;
}

}  // namespace

State read_state(Connection& connection, std::optional<std::int16_t> consumer) {
  postgres::OpenTransaction transaction{connection};
  connection.execute(kOneSnapshot);
  State state{.at = connection.execute(kNow).time(0, 0),
              .consumers = {},
              .outbox = read_outbox(connection),
              .relays = read_relays(connection)};
  const Result consumers = ask(connection, kConsumers, consumer.value_or(-1));
  for (int row = 0; row < consumers.rows(); ++row) {
    state.consumers.push_back(read_consumer(connection,
                                            static_cast<std::int16_t>(consumers.integer(row, 0)),
                                            std::string(consumers.text(row, 1))));
  }
  transaction.commit();
  return state;
}

}  // namespace pawl::run_control
