// What is measured.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pawl::bench {

struct ThroughputFigures {
  double commands_per_second = 0;
  double worker_us = 0;  // CPU for each command
  double postgres_us = 0;
  double broker_us = 0;
  double others_cores = 0;  // busy with what is none of ours, in the same time
};

/// One part of the floor: the same commands, by a client that does nothing else.
struct FloorPart {
  double commands_per_second = 0;
  double client_us = 0;  // CPU for each command
  double postgres_us = 0;
  double broker_us = 0;
  double others_cores = 0;
};

/// What the machine can do at all, measured beside each run.
struct FloorFigures {
  FloorPart sql;     // the batches' statements alone
  FloorPart broker;  // fetching the commands and publishing the events alone
  FloorPart both;    // both at once: the floor
};

struct LatencyFigures {
  double p50_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
};

/// Something that must be so for a run to count.
struct Check {
  std::string name;
  bool holds = false;
  std::string found;
};

struct RunFigures {
  ThroughputFigures throughput;
  std::optional<LatencyFigures> latency;
  std::optional<LatencyFigures> latency_floor;  // of a bare client
  std::optional<FloorFigures> floor;
  std::optional<ThroughputFigures> plain;  // of the plain workload's run
  double peak_rss_mib = 0;
  double load_average = 0;  // before it began
  std::vector<Check> checks;
  std::string statements;  // printed as it is; empty unless asked for
};

/// Once for all runs.
struct Conditions {
  unsigned cores = 0;
  std::string cpu;
  double fdatasync_us = 0;
  std::string pawl, kafka, postgres, librdkafka, libpq;  // versions
};

}  // namespace pawl::bench
