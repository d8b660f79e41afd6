// pawl-bench: the parts list.
#include <algorithm>
#include <cstdio>

#include "bench/checks.h"
#include "bench/conditions.h"
#include "bench/report.h"
#include "bench/run.h"
#include "support/files.h"

namespace pawl::bench {
namespace {

constexpr int kMeasured = 0;
constexpr int kFailed = 1;
constexpr int kInterrupted = 130;  // 128 + SIGINT, as shells have it

// A cold Java machine spends more on compiling than on records: without this half of the broker's
// CPU time would be that. Very short runs are no measurements anyway.
constexpr std::uint64_t kWarmUpCommands = 100'000;
constexpr std::uint64_t kWorthIt = 10'000;

void warm_up(Servers& servers,
             const Options& options,
             const Interrupt& interrupt,
             const Progress& progress) {
  if (options.commands < kWorthIt) return;
  Options plainly = plain(options);
  plainly.commands = kWarmUpCommands;
  progress.say("warming up");
  static_cast<void>(run_once({servers, plainly, interrupt, progress}, "warm_up", 0));
}

RunFigures measure_once(const Bench& bench, int number) {
  const auto& [servers, options, interrupt, progress] = bench;
  progress.say(fmt::format("run {} of {}", number, options.runs));
  RunFigures figures = run_once(bench, fmt::format("ledger{}", number), number);
  if (!options.compare) return figures;
  progress.say("  the plain workload");
  const Options plainly = plain(options);
  const RunFigures compared =
      run_once({servers, plainly, interrupt, progress}, fmt::format("plain{}", number), number);
  figures.plain_per_second = compared.throughput.commands_per_second;
  figures.checks.push_back(
      {"plain_run_counts", all_hold(compared.checks), "the checks of the plain workload's run"});
  return figures;
}

Report measure(const Options& options, const Interrupt& interrupt) {
  const Progress progress;
  progress.say("starting Kafka and PostgreSQL");
  Servers servers{options};
  Report report{options, conditions_of(servers), {}};
  warm_up(servers, options, interrupt, progress);
  for (int number = 1; number <= options.runs; ++number) {
    report.runs.push_back(measure_once({servers, options, interrupt, progress}, number));
  }
  return report;
}

int report_on(const Report& report) {
  fmt::print("{}", as_text(report));
  if (!report.options.json.empty()) test::write_file(report.options.json, as_json(report));
  const bool counts =
      std::ranges::all_of(report.runs, [](const RunFigures& run) { return all_hold(run.checks); });
  return counts ? kMeasured : kFailed;
}

int interrupted() {
  fmt::print(stderr, "pawl-bench: interrupted; everything that was started is stopped\n");
  return kInterrupted;
}

int run(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (!options) return options.error();
  const Interrupt interrupt;
  try {
    return report_on(measure(*options, interrupt));
  } catch (const Interrupted&) {
    return interrupted();
  } catch (const std::exception& error) {
    if (interrupt.pending()) return interrupted();
    fmt::print(stderr, "pawl-bench: {}\n", error.what());
    return kFailed;
  }
}

}  // namespace
}  // namespace pawl::bench

int main(int argc, char** argv) {
  return pawl::bench::run(argc, argv);
}
