#include "bench/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include "bench/checks.h"
#include "bench/event_log.h"
#include "bench/floor/echo.h"
#include "bench/floor/floor.h"
#include "bench/latency.h"
#include "bench/preload.h"
#include "bench/stage.h"
#include "bench/statements.h"
#include "bench/throughput.h"
#include "bench/workers.h"

namespace pawl::bench {
namespace {

using namespace std::chrono_literals;

// What the broker still does about the preloaded commands shall not be counted.
constexpr auto kSettle = 2s;

void add_checks(std::vector<Check>& checks, std::vector<Check> more, const std::string& of) {
  for (Check& check : more) {
    check.name = of + check.name;
    checks.push_back(std::move(check));
  }
}

RunFigures measure_throughput(const Bench& bench, const std::string& name, int seed) {
  const auto& [servers, options, interrupt, progress] = bench;
  RunFigures figures;
  progress.say(fmt::format("  sending {} commands", options.commands));
  const Stage stage{servers, options, name};
  const Sent sent = preload(stage, options, seed, interrupt);
  interrupt.pause(kSettle);
  if (options.floor) figures.floor = measure_floor(bench, stage, sent);
  if (options.statements) forget_statements(stage);

  figures.load_average = load_average();
  ThroughputRun throughput{stage, sent};
  Workers workers{stage, options};
  throughput.await(workers, interrupt, progress);
  if (options.statements) figures.statements = costliest_statements(stage, sent.records);
  figures.throughput = throughput.figures(read_events(stage, interrupt));
  progress.say(fmt::format("  {:.0f} commands/s", figures.throughput.commands_per_second));
  figures.peak_rss_mib = workers.peak_rss_mib();
  await_published(stage, interrupt);
  const int exit_code = workers.stop(interrupt);
  progress.say("  checking");
  add_checks(figures.checks, check_run(stage, sent, read_events(stage, interrupt), exit_code), "");
  return figures;
}

// On a stage of its own, with nothing left to write out: behind a burst one measures for half a
// minute how the disk digests it.
void add_latency(const Bench& bench, const std::string& name, int seed, RunFigures& figures) {
  const auto& [servers, options, interrupt, progress] = bench;
  const Stage stage{servers, options, name};
  Sent sent;
  Workers workers{stage, options};
  ::sync();
  figures.latency = measure_latency(stage, options, seed, sent, interrupt);
  await_published(stage, interrupt);
  const int exit_code = workers.stop(interrupt);
  add_checks(
      figures.checks, check_run(stage, sent, read_events(stage, interrupt), exit_code), "latency_");
}

LatencyFigures measure_latency_floor(const Bench& bench, const std::string& name, int seed) {
  const Stage stage{bench.servers, bench.options, name};
  Sent sent;
  Echo echo{stage};
  ::sync();
  try {
    const LatencyFigures figures =
        measure_latency(stage, bench.options, seed, sent, bench.interrupt);
    echo.stop();
    return figures;
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception&) {
    echo.stop();  // what ended it says more
    throw;
  }
}

}  // namespace

RunFigures run_once(const Bench& bench, const std::string& name, int seed) {
  RunFigures figures = measure_throughput(bench, name, seed);
  if (!bench.options.latency) return figures;
  bench.progress.say(fmt::format(
      "  latency at {} commands/s for {:g} s", kLatencyRate, bench.options.latency_seconds));
  add_latency(bench, name + "_latency", seed, figures);
  if (!bench.options.floor) return figures;
  bench.progress.say("  latency of the floor");
  figures.latency_floor = measure_latency_floor(bench, name + "_echo", seed);
  return figures;
}

}  // namespace pawl::bench
