#include "pawl/run_control/pauses.h"

namespace pawl::run_control {
namespace {

using postgres::Connection;
using postgres::Parameters;
using postgres::Result;
using postgres::Statement;

const Statement kRead{"pause_read", R"(
SELECT p.topic, p.partition, p.type FROM pawl.pause p JOIN pawl.consumer c ON c.id = p.consumer
WHERE c.name = $1 ORDER BY p.topic, p.partition, p.type)"};

const Statement kStanding{"pause_standing", R"(
SELECT topic, partition, type, who, reason, at FROM pawl.pause WHERE consumer = $1 ORDER BY topic, partition, type)"};

// $2 to $4: '' and -1 are NULL.
const Statement kPause{"pause_add", R"(
WITH added AS (
  INSERT INTO pawl.pause (consumer, topic, partition, type, who, reason)
  VALUES ($1, nullif($2, ''), nullif($3, -1), nullif($4, ''), $5, $6) ON CONFLICT DO NOTHING RETURNING *),
noted AS (
  INSERT INTO pawl.audit (who, action, filter, count, reason)
  SELECT $5, 'pause', jsonb_strip_nulls(jsonb_build_object('consumer', c.name, 'topic', a.topic, 'partition', a.partition,
                                                           'type', a.type)), 1, nullif($6, '')
  FROM added a JOIN pawl.consumer c ON c.id = a.consumer)
SELECT count(*) FROM added)"};

// $7: all of the consumer.
const Statement kResume{"pause_end", R"(
WITH ended AS (
  DELETE FROM pawl.pause
  WHERE consumer = $1 AND ($7 OR (coalesce(topic, '') = $2 AND coalesce(partition, -1) = $3 AND coalesce(type, '') = $4))
  RETURNING *),
noted AS (
  INSERT INTO pawl.audit (who, action, filter, count, reason)
  SELECT $5, 'resume', jsonb_strip_nulls(jsonb_build_object('consumer', c.name, 'topic', e.topic, 'partition', e.partition,
                                                            'type', e.type)), 1, nullif($6, '')
  FROM ended e JOIN pawl.consumer c ON c.id = e.consumer)
SELECT count(*) FROM ended)"};

Parameters parameters_of(std::int16_t consumer, const Pause& what, const Decision& decision) {
  Parameters parameters;
  parameters.add(consumer);
  parameters.add(what.lane ? std::string_view(what.lane->topic) : std::string_view());
  parameters.add(what.lane ? what.lane->partition : std::int32_t{-1});
  parameters.add(what.type ? std::string_view(*what.type) : std::string_view());
  parameters.add(std::string_view(decision.who));
  parameters.add(std::string_view(decision.reason));
  return parameters;
}

std::int64_t end(Connection& connection, Parameters parameters, bool all) {
  parameters.add(all);
  return connection.execute(kResume, parameters).integer(0, 0);
}

Pause pause_of(const Result& rows, int row) {
  Pause pause;
  if (!rows.is_null(row, 0))
    pause.lane = {std::string(rows.text(row, 0)), static_cast<std::int32_t>(rows.integer(row, 1))};
  if (!rows.is_null(row, 2)) pause.type = std::string(rows.text(row, 2));
  return pause;
}

}  // namespace

Pauses read_pauses(Connection& connection,
                   const std::string& consumer,
                   std::chrono::milliseconds answer_max) {
  Parameters parameters;
  parameters.add(std::string_view(consumer));
  const Result rows = connection.execute(kRead, parameters, answer_max);
  Pauses pauses;
  pauses.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) pauses.push_back(pause_of(rows, row));
  return pauses;
}

std::vector<StandingPause> standing_pauses(Connection& connection, std::int16_t consumer) {
  Parameters parameters;
  parameters.add(consumer);
  const Result rows = connection.execute(kStanding, parameters);
  std::vector<StandingPause> pauses;
  pauses.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) {
    pauses.push_back({pause_of(rows, row),
                      {std::string(rows.text(row, 3)), std::string(rows.text(row, 4))},
                      rows.time(row, 5)});
  }
  return pauses;
}

bool pause(Connection& connection,
           std::int16_t consumer,
           const Pause& what,
           const Decision& decision) {
  return connection.execute(kPause, parameters_of(consumer, what, decision)).integer(0, 0) > 0;
}

bool resume(Connection& connection,
            std::int16_t consumer,
            const Pause& what,
            const Decision& decision) {
  return end(connection, parameters_of(consumer, what, decision), false) > 0;
}

std::int64_t resume_all(Connection& connection, std::int16_t consumer, const Decision& decision) {
  return end(connection, parameters_of(consumer, {}, decision), true);
}

}  // namespace pawl::run_control
