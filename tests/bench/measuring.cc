#include "bench/measuring.h"

#include "bench/checks.h"
#include "bench/conditions.h"
#include "bench/run.h"

namespace pawl::bench {
namespace {

// A cold Java machine spends more on compiling than on records: without this half of the broker's
// CPU time would be that. Very short runs are no measurements anyway.
constexpr std::uint64_t kWarmUpCommands = 100'000;
constexpr std::uint64_t kWorthIt = 10'000;

const Options& said(const Progress& progress, const Options& options) {
  progress.say("starting Kafka and PostgreSQL");
  return options;
}

}  // namespace

Measuring::Measuring(const Options& options, const Interrupt& interrupt)
    : options_(options), interrupt_(interrupt), servers_(said(progress_, options)) {
  warm_up();
}

Report Measuring::run() {
  Report report{options_, conditions_of(servers_), {}};
  for (int number = 1; number <= options_.runs; ++number) {
    progress_.say(fmt::format("run {} of {}", number, options_.runs));
    report.runs.push_back(run_and_compare(number));
  }
  return report;
}

SweepReport Measuring::sweep() {
  SweepReport report{options_, conditions_of(servers_), plan_sweep(options_)};
  for (int round = 1; round <= options_.runs; ++round) {
    for (SweepSeries& series : report.series) {
      for (SweepPoint& point : series.points) {
        progress_.say(
            fmt::format("round {} of {}: {} {}", round, options_.runs, series.name, point.value));
        point.runs.push_back(run_one(
            point.options, fmt::format("{}_{}_{}", series.name, point.value, round), round));
      }
    }
  }
  return report;
}

void Measuring::warm_up() {
  if (options_.commands < kWorthIt) return;
  Options plainly = plain(options_);
  plainly.commands = kWarmUpCommands;
  progress_.say("warming up");
  static_cast<void>(run_one(plainly, "warm_up", 0));
}

RunFigures Measuring::run_one(const Options& options, const std::string& name, int seed) {
  return run_once({servers_, options, interrupt_, progress_}, name, seed);
}

RunFigures Measuring::run_and_compare(int number) {
  RunFigures figures = run_one(options_, fmt::format("ledger{}", number), number);
  if (!options_.compare) return figures;
  progress_.say("  the plain workload");
  const RunFigures compared = run_one(plain(options_), fmt::format("plain{}", number), number);
  figures.plain = compared.throughput;
  figures.checks.push_back(
      {"plain_run_counts", all_hold(compared.checks), "the checks of the plain workload's run"});
  return figures;
}

}  // namespace pawl::bench
