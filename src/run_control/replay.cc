#include "pawl/run_control/replay.h"

#include <vector>

#include "pawl/core/rfc3339.h"
#include "pawl/postgres/open_transaction.h"

namespace pawl::run_control {
namespace {

using postgres::Connection;
using postgres::Parameters;
using postgres::Statement;

const Statement kName{"replay_name",
                      "INSERT INTO pawl.consumer (name) VALUES ($1) ON CONFLICT DO NOTHING"};
// Two who give one name at the same time come one after the other.
const Statement kLock{"replay_lock", "SELECT id FROM pawl.consumer WHERE name = $1 FOR UPDATE"};
const Statement kHasPositions{
    "replay_has_positions",
    "SELECT EXISTS (SELECT FROM pawl.consumer_position WHERE consumer = $1)"};

const Statement kBegin{"replay_begin", R"(
WITH begun AS (
  INSERT INTO pawl.consumer_position (consumer, topic, partition, epoch, start_offset, next_offset)
  SELECT $1, v.topic, v.partition, 0, v.first, v.first
  FROM unnest($2::text[], $3::integer[], $4::bigint[]) AS v (topic, partition, first) RETURNING topic)
INSERT INTO pawl.audit (who, action, filter, count, reason)
SELECT $5, 'replay', jsonb_build_object('consumer', $6, 'topic', min(topic), 'from', $7), count(*), nullif($8, '')
FROM begun)"};

Parameters named(const std::string& consumer) {
  Parameters parameters;
  parameters.add(std::string_view(consumer));
  return parameters;
}

void add_offsets(std::span<const FirstOffset> offsets, Parameters& into) {
  std::vector<std::string> topics;
  std::vector<std::int32_t> partitions;
  std::vector<std::int64_t> firsts;
  for (const FirstOffset& each : offsets) {
    topics.push_back(each.lane.topic);
    partitions.push_back(each.lane.partition);
    firsts.push_back(each.offset);
  }
  into.add_array(std::span<const std::string>(topics));
  into.add_array(std::span<const std::int32_t>(partitions));
  into.add_array(std::span<const std::int64_t>(firsts));
}

}  // namespace

bool begin_replay(Connection& connection,
                  const std::string& consumer,
                  std::span<const FirstOffset> offsets,
                  WallTime from,
                  const Decision& decision) {
  postgres::OpenTransaction transaction{connection};
  connection.execute(kName, named(consumer));
  const auto number =
      static_cast<std::int16_t>(connection.execute(kLock, named(consumer)).integer(0, 0));
  Parameters parameters;
  parameters.add(number);
  if (connection.execute(kHasPositions, parameters).boolean(0, 0)) return false;
  add_offsets(offsets, parameters);
  parameters.add(std::string_view(decision.who));
  parameters.add(std::string_view(consumer));
  parameters.add(std::string_view(rfc3339(from)));
  parameters.add(std::string_view(decision.reason));
  connection.execute(kBegin, parameters);
  transaction.commit();
  return true;
}

}  // namespace pawl::run_control
