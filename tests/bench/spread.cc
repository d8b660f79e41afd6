#include "bench/spread.h"

#include <algorithm>

namespace pawl::bench {

Spread spread_of(std::vector<double> values) {
  std::ranges::sort(values);
  return {values[(values.size() - 1) / 2], values.front(), values.back()};
}

std::vector<Figure> figures_to_report(bool latency) {
  using R = RunFigures;
  constexpr const char* kCpu = "cpu_us_per_command";
  constexpr const char* kLatency = "latency_ms";
  std::vector<Figure> figures{{"",
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
                              {kCpu, "total", "                  together", 2, [](const R& r) {
                                 return r.throughput.worker_us + r.throughput.postgres_us +
                                        r.throughput.broker_us;
                               }}};
  if (latency) {
    figures.push_back(
        {kLatency, "p50", "ms at 500/s: p50", 2, [](const R& r) { return r.latency->p50_ms; }});
    figures.push_back(
        {kLatency, "p99", "             p99", 2, [](const R& r) { return r.latency->p99_ms; }});
    figures.push_back(
        {kLatency, "max", "             max", 2, [](const R& r) { return r.latency->max_ms; }});
  }
  figures.push_back({"", "peak_rss_mib", "MiB of the worker at most", 1, [](const R& r) {
                       return r.peak_rss_mib;
                     }});
  figures.push_back({"", "others_cores", "cores busy with other work", 2, [](const R& r) {
                       return r.throughput.others_cores;
                     }});
  return figures;
}

Spread spread_of(const Figure& figure, const std::vector<RunFigures>& runs) {
  std::vector<double> values;
  for (const RunFigures& run : runs) values.push_back(figure.of(run));
  return spread_of(std::move(values));
}

}  // namespace pawl::bench
