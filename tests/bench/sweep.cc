#include "bench/sweep.h"

#include <algorithm>
#include <functional>

namespace pawl::bench {
namespace {

constexpr std::int64_t kCommandsLeast = 6'000;
constexpr std::int64_t kBatchesEnough = 3'000;

// At one transaction a command a worker does a few thousand a second.
std::uint64_t enough_commands(const Options& options) {
  const auto commands = static_cast<std::int64_t>(options.commands);
  const std::int64_t enough = std::max(kCommandsLeast, kBatchesEnough * options.batch);
  return static_cast<std::uint64_t>(std::min(commands, enough));
}

SweepSeries series(const Options& options,
                   std::string name,
                   std::string title,
                   std::int64_t usual,
                   std::vector<std::int64_t> values,
                   const std::function<void(Options&, std::int64_t)>& set) {
  if (std::ranges::find(values, usual) == values.end()) values.push_back(usual);
  std::ranges::sort(values);
  SweepSeries series{std::move(name), std::move(title), {}};
  for (const std::int64_t value : values) {
    SweepPoint& point = series.points.emplace_back(value, value == usual, options);
    set(point.options, value);
    point.options.commands = enough_commands(point.options);
  }
  return series;
}

}  // namespace

std::vector<SweepSeries> plan_sweep(const Options& options) {
  Options base = options;
  base.latency = base.floor = base.compare = base.statements = false;
  return {
      series(base,
             "in_flight",
             "batches in flight",
             options.in_flight,
             {1, 2, 3},
             [](Options& point, std::int64_t value) { point.in_flight = static_cast<int>(value); }),
      series(
          base,
          "partitions",
          "partitions",
          options.partitions,
          {1, 8, 64},
          [](Options& point, std::int64_t value) { point.partitions = static_cast<int>(value); }),
      series(base,
             "batch",
             "commands in a batch at most",
             options.batch,
             {1, 10, 100, 500, 2000},
             [](Options& point, std::int64_t value) { point.batch = value; }),
  };
}

}  // namespace pawl::bench
