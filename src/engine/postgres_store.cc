#include "pawl/engine/postgres_store.h"

#include <fmt/format.h>

#include "pawl/engine/array_parameters.h"
#include "pawl/engine/parking_statements.h"
#include "pawl/postgres/wait.h"

namespace pawl::engine {
namespace {

using postgres::Parameters;
using postgres::Result;
using postgres::Statement;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kWaitMax = 5s;      // of each statement outside batches
constexpr std::chrono::milliseconds kLookEvery = 20ms;  // at owners that may be about to give up

const Statement kLearnConsumer{"consumer_learn", R"(
WITH added AS (INSERT INTO pawl.consumer (name) SELECT $1 WHERE NOT EXISTS (SELECT FROM pawl.consumer WHERE name = $1)
               ON CONFLICT DO NOTHING RETURNING id)
SELECT id FROM added UNION ALL SELECT id FROM pawl.consumer WHERE name = $1)"};

const Statement kNewEpoch{"epoch_draw", "SELECT nextval('pawl.epoch')"};

const Statement kPositions{"position_read", R"(
SELECT p.topic, p.partition, p.next_offset, p.commits, p.held_version
FROM unnest($1::text[], $2::integer[]) AS v (topic, partition)
JOIN pawl.consumer_position p ON p.consumer = $3 AND p.topic = v.topic AND p.partition = v.partition)"};

const Statement kTopicIsKnown{
    "position_topic_is_known",
    "SELECT EXISTS (SELECT FROM pawl.consumer_position WHERE consumer = $1 AND topic = $2)"};

const Statement kAddPositions{"position_add", R"(
INSERT INTO pawl.consumer_position (consumer, topic, partition, epoch, start_offset, next_offset)
SELECT $1, v.topic, v.partition, 0, v.next_offset, v.next_offset
FROM unnest($2::text[], $3::integer[], $4::bigint[]) AS v (topic, partition, next_offset)
ON CONFLICT DO NOTHING)"};

const Statement kOwnersLive{"position_owners_live", R"(
SELECT EXISTS (
  SELECT FROM unnest($1::text[], $2::integer[]) AS v (topic, partition)
  JOIN pawl.consumer_position p ON p.consumer = $3 AND p.topic = v.topic AND p.partition = v.partition
  CROSS JOIN jsonb_to_recordset(p.backends) AS b (pid integer, started timestamptz)
  JOIN pg_stat_activity a ON a.pid = b.pid AND a.backend_start = b.started
  WHERE p.owner <> '' AND a.pid <> pg_backend_pid()))"};

// A backend is known by pid and start time, so that a reused pid is not hit.
const Statement kTerminateOwners{"position_terminate_owners", R"(
SELECT count(pg_terminate_backend(a.pid))
FROM unnest($1::text[], $2::integer[]) AS v (topic, partition)
JOIN pawl.consumer_position p ON p.consumer = $3 AND p.topic = v.topic AND p.partition = v.partition
CROSS JOIN jsonb_to_recordset(p.backends) AS b (pid integer, started timestamptz)
JOIN pg_stat_activity a ON a.pid = b.pid AND a.backend_start = b.started
WHERE ($4 = 0 OR p.epoch = $4) AND a.pid <> pg_backend_pid())"};

// $6 = 0: whatever epoch is there. Otherwise only where it is ours, old or new.
const Statement kTake{"position_take", R"(
WITH before AS (
  SELECT p.topic, p.partition, p.owner
  FROM unnest($1::text[], $2::integer[]) AS v (topic, partition)
  JOIN pawl.consumer_position p ON p.consumer = $3 AND p.topic = v.topic AND p.partition = v.partition
  WHERE $6 = 0 OR p.epoch IN ($6, $4)
  FOR UPDATE OF p)
UPDATE pawl.consumer_position p
SET epoch = $4, owner = $5, backends = $7::text::jsonb, updated_at = now()
FROM before b
WHERE p.consumer = $3 AND p.topic = b.topic AND p.partition = b.partition
RETURNING p.topic, p.partition, p.next_offset, p.commits, p.held_version, b.owner <> '', p.suspect_first, p.suspect_last,
          p.suspect_crashes)"};

const Statement kGiveUp{"position_give_up", R"(
UPDATE pawl.consumer_position p
SET owner = '', suspect_first = NULL, suspect_last = NULL, suspect_crashes = 0, updated_at = now()
FROM unnest($1::text[], $2::integer[]) AS v (topic, partition)
WHERE p.consumer = $3 AND p.topic = v.topic AND p.partition = v.partition AND p.epoch = $4)"};

// All or nothing: an owner of only some of the lanes finds out before it handles anything.
const Statement kMark{"position_mark", R"(
WITH marked AS (
  SELECT v.*, count(*) OVER () AS ours
  FROM unnest($1::text[], $2::integer[], $5::bigint[], $6::bigint[], $7::bigint[])
    AS v (topic, partition, first, last, crashes)
  JOIN pawl.consumer_position p ON p.consumer = $3 AND p.topic = v.topic AND p.partition = v.partition AND p.epoch = $4)
UPDATE pawl.consumer_position p
SET suspect_first = m.first, suspect_last = m.last, suspect_crashes = m.crashes
FROM marked m
WHERE p.consumer = $3 AND p.topic = m.topic AND p.partition = m.partition AND p.epoch = $4 AND m.ours = $8)"};

template <class Lanes>
void add_lanes(Parameters& into, const Lanes& lanes) {
  std::vector<std::string> topics;
  std::vector<std::int32_t> partitions;
  for (const TopicPartition& lane : lanes) {
    topics.push_back(lane.topic);
    partitions.push_back(lane.partition);
  }
  into.add_array(std::span<const std::string>(topics));
  into.add_array(std::span<const std::int32_t>(partitions));
}

std::vector<Position> read_positions(const Result& result) {
  std::vector<Position> positions;
  positions.reserve(static_cast<std::size_t>(result.rows()));
  for (int row = 0; row < result.rows(); ++row) {
    positions.push_back(
        {{std::string(result.text(row, 0)), static_cast<std::int32_t>(result.integer(row, 1))},
         result.integer(row, 2),
         result.integer(row, 3),
         result.integer(row, 4)});
  }
  return positions;
}

std::vector<Position> read_taken(const Result& result) {
  std::vector<Position> positions = read_positions(result);
  for (int row = 0; row < result.rows(); ++row) {
    Position& position = positions[static_cast<std::size_t>(row)];
    position.abandoned = result.boolean(row, 5);
    if (result.is_null(row, 6)) continue;
    position.mark = {
        result.integer(row, 6), result.integer(row, 7), static_cast<int>(result.integer(row, 8))};
  }
  return positions;
}

}  // namespace

PostgresStore::PostgresStore(postgres::ConnectionSettings connection,
                             std::string consumer,
                             std::string owner,
                             std::chrono::milliseconds give_up_max)
    : connection_settings_(std::move(connection)),
      consumer_(std::move(consumer)),
      owner_(std::move(owner)),
      give_up_max_(give_up_max) {}

void PostgresStore::reconnect(int sessions) {
  sessions_.clear();
  if (sessions == 0) return;
  sessions_.push_back(std::make_unique<PostgresSession>(connection_settings_, consumer_id_, book_));
  if (consumer_id_ == 0) {
    learn_consumer();
    sessions_.clear();
  }
  while (sessions_.size() < static_cast<std::size_t>(sessions)) {
    sessions_.push_back(
        std::make_unique<PostgresSession>(connection_settings_, consumer_id_, book_));
  }
}

void PostgresStore::learn_consumer() {
  Parameters parameters;
  parameters.add(std::string_view(consumer_));
  for (int tries = 0; consumer_id_ == 0 && tries < 2;
       ++tries) {  // the first may lose to another process's insert
    const Result result = connection().execute(kLearnConsumer, parameters, kWaitMax);
    if (result.rows() > 0) consumer_id_ = static_cast<std::int16_t>(result.integer(0, 0));
  }
}

std::int64_t PostgresStore::new_epoch() {
  return connection().execute(kNewEpoch, {}, kWaitMax).integer(0, 0);
}

std::vector<Position> PostgresStore::positions(std::span<const TopicPartition> lanes) {
  Parameters parameters;
  add_lanes(parameters, lanes);
  parameters.add(consumer_id_);
  return read_positions(connection().execute(kPositions, parameters, kWaitMax));
}

bool PostgresStore::topic_is_known(const std::string& topic) {
  Parameters parameters;
  parameters.add(consumer_id_);
  parameters.add(std::string_view(topic));
  return connection().execute(kTopicIsKnown, parameters, kWaitMax).boolean(0, 0);
}

void PostgresStore::add_positions(std::span<const Position> first) {
  std::vector<TopicPartition> lanes;
  std::vector<std::int64_t> offsets;
  for (const Position& position : first) {
    lanes.push_back(position.lane);
    offsets.push_back(position.next_offset);
  }
  Parameters parameters;
  parameters.add(consumer_id_);
  add_lanes(parameters, lanes);
  parameters.add_array(std::span<const std::int64_t>(offsets));
  connection().execute(kAddPositions, parameters, kWaitMax);
}

std::vector<Position> PostgresStore::take_over(std::span<const TopicPartition> lanes,
                                               std::int64_t epoch) {
  wait_for_owners(lanes);
  terminate_owners(lanes, 0);
  Parameters parameters;
  add_lanes(parameters, lanes);
  parameters.add(consumer_id_);
  parameters.add(epoch);
  parameters.add(std::string_view(owner_));
  parameters.add(std::int64_t{0});
  return take(parameters);
}

std::vector<Position> PostgresStore::take_back(std::span<const TopicPartition> lanes,
                                               std::int64_t mine,
                                               std::int64_t epoch) {
  terminate_owners(lanes, mine);
  Parameters parameters;
  add_lanes(parameters, lanes);
  parameters.add(consumer_id_);
  parameters.add(epoch);
  parameters.add(std::string_view(owner_));
  parameters.add(mine);
  return take(parameters);
}

std::vector<Position> PostgresStore::take(Parameters& parameters) {
  const std::string backends = backends_json();
  parameters.add(std::string_view(backends));
  return read_taken(connection().execute(kTake, parameters, kWaitMax));
}

void PostgresStore::give_up(std::span<const TopicPartition> lanes, std::int64_t epoch) {
  Parameters parameters;
  add_lanes(parameters, lanes);
  parameters.add(consumer_id_);
  parameters.add(epoch);
  connection().execute(kGiveUp, parameters, kWaitMax);
}

bool PostgresStore::mark(std::span<const LaneMark> marks, std::int64_t epoch) {
  std::vector<TopicPartition> lanes;
  for (const LaneMark& each : marks) lanes.push_back(each.lane);
  Parameters parameters;
  add_lanes(parameters, lanes);
  parameters.add(consumer_id_);
  parameters.add(epoch);
  add_each<std::int64_t>(parameters, marks, [](const LaneMark& m) { return m.mark.first; });
  add_each<std::int64_t>(parameters, marks, [](const LaneMark& m) { return m.mark.last; });
  add_each<std::int64_t>(parameters, marks, [](const LaneMark& m) { return m.mark.crashes; });
  const auto count = static_cast<std::int64_t>(marks.size());
  parameters.add(count);
  return connection().execute(kMark, parameters, kWaitMax).affected() == count;
}

std::vector<HeldKeyFound> PostgresStore::held(std::span<const TopicPartition> lanes) {
  Parameters parameters;
  add_lanes(parameters, lanes);
  parameters.add(consumer_id_);
  return decode_held(connection().execute(kReadHeld, parameters, kWaitMax));
}

// Who has lost its lanes to us in a rebalance hears of it at the same moment, ends its batches and
// gives the lanes up; taken by force they would look like those of a process that has crashed.
void PostgresStore::wait_for_owners(std::span<const TopicPartition> lanes) {
  Parameters parameters;
  add_lanes(parameters, lanes);
  parameters.add(consumer_id_);
  for (auto waited = 0ms; waited < give_up_max_; waited += kLookEvery) {
    if (!connection().execute(kOwnersLive, parameters, kWaitMax).boolean(0, 0)) return;
    wait(kLookEvery);
  }
}

// So that nothing waits for a half-dead connection's row locks. Ours of now are not yet written
// down.
void PostgresStore::terminate_owners(std::span<const TopicPartition> lanes,
                                     std::int64_t only_epoch) {
  Parameters parameters;
  add_lanes(parameters, lanes);
  parameters.add(consumer_id_);
  parameters.add(only_epoch);
  connection().execute(kTerminateOwners, parameters, kWaitMax);
}

std::string PostgresStore::backends_json() {
  std::string json;
  for (const auto& session : sessions_) {
    json += fmt::format(R"({}{{"pid": {}, "started": "{}"}})",
                        json.empty() ? "[" : ", ",
                        session->connection().backend_pid(),
                        session->connection().backend_started());
  }
  return json + "]";
}

void PostgresStore::wait(std::chrono::milliseconds wait_max) {
  std::vector<postgres::Connection*> connections;
  connections.reserve(sessions_.size());
  for (const auto& session : sessions_) connections.push_back(&session->connection());
  postgres::wait_until_readable(connections, wake_.fd(), wait_max);
  wake_.drain();
}

}  // namespace pawl::engine
