#include "pawl/run_control/open_circuits.h"

#include "pawl/codec/text.h"

namespace pawl::run_control {
namespace {

using postgres::Parameters;
using postgres::Result;
using postgres::Statement;

constexpr std::size_t kTextBytesMax = 1024;

const Statement kTellCircuits{"circuit_tell", R"(
WITH me AS (SELECT id FROM pawl.consumer WHERE name = $1),
closed AS (
  DELETE FROM pawl.open_circuit o USING me WHERE o.consumer = me.id AND o.process = $2 AND o.dependency <> ALL ($3))
INSERT INTO pawl.open_circuit AS o (consumer, process, dependency, what, opened_at)
SELECT me.id, $2, v.dependency, v.what, v.opened_at
FROM me, unnest($3::text[], $4::text[], $5::timestamptz[]) AS v (dependency, what, opened_at)
ON CONFLICT (consumer, process, dependency) DO UPDATE
SET what = excluded.what, opened_at = excluded.opened_at, seen_at = now())"};

const Statement kOpenCircuits{"circuit_read", R"(
SELECT process, dependency, what, extract(epoch FROM now() - opened_at)::float8
FROM pawl.open_circuit WHERE consumer = $1 AND seen_at > now() - interval '30 s' ORDER BY dependency, process)"};

}  // namespace

void tell_open_circuits(postgres::Connection& connection,
                        const std::string& consumer,
                        const std::string& process,
                        std::span<const OwnCircuit> open,
                        std::chrono::milliseconds answer_max) {
  std::vector<std::string> names, texts;
  std::vector<WallTime> since;
  for (const OwnCircuit& circuit : open) {
    names.push_back(circuit.dependency);
    texts.emplace_back(codec::is_text(circuit.what) ? codec::cut_text(circuit.what, kTextBytesMax)
                                                    : "a text that is no UTF-8");
    since.push_back(circuit.since);
  }
  Parameters parameters;
  parameters.add(std::string_view(consumer));
  parameters.add(std::string_view(process));
  parameters.add_array(std::span<const std::string>(names));
  parameters.add_array(std::span<const std::string>(texts));
  parameters.add_time_array(since);
  connection.execute(kTellCircuits, parameters, answer_max);
}

std::vector<OpenCircuit> open_circuits(postgres::Connection& connection, std::int16_t consumer) {
  Parameters parameters;
  parameters.add(consumer);
  const Result rows = connection.execute(kOpenCircuits, parameters);
  std::vector<OpenCircuit> open;
  for (int row = 0; row < rows.rows(); ++row) {
    open.push_back({std::string(rows.text(row, 0)),
                    std::string(rows.text(row, 1)),
                    std::string(rows.text(row, 2)),
                    std::chrono::duration<double>{rows.number(row, 3)}});
  }
  return open;
}

}  // namespace pawl::run_control
