#include "bench/spread.h"

#include <algorithm>

namespace pawl::bench {

Spread spread_of(std::vector<double> values) {
  std::ranges::sort(values);
  return {values[(values.size() - 1) / 2], values.front(), values.back()};
}

namespace {

using R = RunFigures;

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

double sql_and_broker_after_each_other(const FloorFigures& floor) {
  return ratio(1, 1 / floor.sql.commands_per_second + 1 / floor.broker.commands_per_second);
}

double cpu_of(const FloorPart& part) {
  return part.client_us + part.postgres_us + part.broker_us;
}

double cpu_of(const ThroughputFigures& figures) {
  return figures.worker_us + figures.postgres_us + figures.broker_us;
}

std::vector<Figure> throughput_figures() {
  constexpr const char* kCpu = "cpu_us_per_command";
  return {
      {"",
       "commands_per_second",
       "commands/s",
       0,
       [](const R& r) { return r.throughput.commands_per_second; }},
      {kCpu,
       "worker",
       "µs CPU a command: worker",
       2,
       [](const R& r) { return r.throughput.worker_us; }},
      {kCpu,
       "postgres",
       "                  PostgreSQL",
       2,
       [](const R& r) { return r.throughput.postgres_us; }},
      {kCpu,
       "broker",
       "                  broker",
       2,
       [](const R& r) { return r.throughput.broker_us; }},
      {kCpu,
       "total",
       "                  together",
       2,
       [](const R& r) { return cpu_of(r.throughput); }},
  };
}

std::vector<Figure> floor_rates() {
  constexpr const char* kFloor = "floor_commands_per_second";
  return {
      {"",
       "e2e_to_floor",
       "commands/s ÷ floor",
       3,
       [](const R& r) {
         return ratio(r.throughput.commands_per_second, r.floor->both.commands_per_second);
       }},
      {"",
       "floor_cpu_to_e2e",
       "floor's CPU ÷ commands' CPU",
       3,
       [](const R& r) { return ratio(cpu_of(r.floor->both), cpu_of(r.throughput)); }},
      {kFloor,
       "both",
       "floor, commands/s",
       0,
       [](const R& r) { return r.floor->both.commands_per_second; }},
      {kFloor,
       "sql",
       "       SQL alone",
       0,
       [](const R& r) { return r.floor->sql.commands_per_second; }},
      {kFloor,
       "broker",
       "       broker alone",
       0,
       [](const R& r) { return r.floor->broker.commands_per_second; }},
      {kFloor,
       "added",
       "       one after the other",
       0,
       [](const R& r) { return sql_and_broker_after_each_other(*r.floor); }},
  };
}

std::vector<Figure> floor_cpu() {
  constexpr const char* kCpu = "floor_cpu_us_per_command";
  return {
      {kCpu,
       "client",
       "floor, µs CPU: client",
       2,
       [](const R& r) { return r.floor->both.client_us; }},
      {kCpu,
       "client_sql",
       "       client's SQL alone",
       2,
       [](const R& r) { return r.floor->sql.client_us; }},
      {kCpu,
       "postgres",
       "               PostgreSQL",
       2,
       [](const R& r) { return r.floor->both.postgres_us; }},
      {kCpu,
       "broker",
       "               broker",
       2,
       [](const R& r) { return r.floor->both.broker_us; }},
      {kCpu,
       "total",
       "               together",
       2,
       [](const R& r) { return cpu_of(r.floor->both); }},
  };
}

std::vector<Figure> latency_figures() {
  constexpr const char* kLatency = "latency_ms";
  return {
      {kLatency, "p50", "ms at 500/s: p50", 2, [](const R& r) { return r.latency->p50_ms; }},
      {kLatency, "p99", "             p99", 2, [](const R& r) { return r.latency->p99_ms; }},
      {kLatency, "max", "             max", 2, [](const R& r) { return r.latency->max_ms; }},
  };
}

std::vector<Figure> latency_floor() {
  constexpr const char* kFloor = "latency_floor_ms";
  constexpr const char* kRatio = "latency_to_floor";
  return {
      {kFloor,
       "p50",
       "floor, ms at 500/s: p50",
       2,
       [](const R& r) { return r.latency_floor->p50_ms; }},
      {kFloor,
       "p99",
       "                    p99",
       2,
       [](const R& r) { return r.latency_floor->p99_ms; }},
      {kFloor,
       "max",
       "                    max",
       2,
       [](const R& r) { return r.latency_floor->max_ms; }},
      {kRatio,
       "p50",
       "ms ÷ floor: p50",
       2,
       [](const R& r) { return ratio(r.latency->p50_ms, r.latency_floor->p50_ms); }},
      {kRatio,
       "p99",
       "            p99",
       2,
       [](const R& r) { return ratio(r.latency->p99_ms, r.latency_floor->p99_ms); }},
  };
}

std::vector<Figure> compared() {
  return {
      {"",
       "to_plain",
       "commands/s ÷ plain workload's",
       3,
       [](const R& r) {
         return ratio(r.throughput.commands_per_second, r.plain->commands_per_second);
       }},
      {"",
       "plain_cpu_to_e2e",
       "plain workload's CPU ÷ its CPU",
       3,
       [](const R& r) { return ratio(cpu_of(*r.plain), cpu_of(r.throughput)); }},
      {"",
       "plain_commands_per_second",
       "plain workload, commands/s",
       0,
       [](const R& r) { return r.plain->commands_per_second; }},
  };
}

std::vector<Figure> surroundings() {
  return {
      {"",
       "peak_rss_mib",
       "MiB of the worker at most",
       1,
       [](const R& r) { return r.peak_rss_mib; }},
      {"",
       "others_cores",
       "cores busy with other work",
       2,
       [](const R& r) { return r.throughput.others_cores; }},
  };
}

}  // namespace

std::vector<Figure> figures_to_report(const Measured& measured) {
  std::vector<Figure> figures = throughput_figures();
  const auto add = [&figures](std::vector<Figure> more) {
    figures.insert(figures.end(), more.begin(), more.end());
  };
  if (measured.compared) add(compared());
  if (measured.floor) add(floor_rates());
  if (measured.floor) add(floor_cpu());
  if (measured.latency) add(latency_figures());
  if (measured.latency && measured.floor) add(latency_floor());
  add(surroundings());
  return figures;
}

Spread spread_of(const Figure& figure, const std::vector<RunFigures>& runs) {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const RunFigures& run : runs) values.push_back(figure.of(run));
  return spread_of(std::move(values));
}

}  // namespace pawl::bench
