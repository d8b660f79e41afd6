#include "bench/run.h"

#include "bench/checks.h"
#include "bench/event_log.h"
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

struct LatencyRun {
  const Bench& bench;
  const Stage& stage;
  Sent& sent;

  std::optional<LatencyFigures> measure(int seed) {
    if (!bench.options.latency) return std::nullopt;
    bench.progress.say(fmt::format(
        "  latency at {} commands/s for {:g} s", kLatencyRate, bench.options.latency_seconds));
    return measure_latency(stage, bench.options, seed, sent, bench.interrupt);
  }
};

}  // namespace

RunFigures run_once(const Bench& bench, const std::string& name, int seed) {
  const auto& [servers, options, interrupt, progress] = bench;
  RunFigures figures;
  progress.say(fmt::format("  sending {} commands", options.commands));
  const Stage stage{servers, options, name};
  Sent sent = preload(stage, options, seed, interrupt);
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
  figures.latency = LatencyRun{bench, stage, sent}.measure(seed);
  figures.peak_rss_mib = workers.peak_rss_mib();
  await_published(stage, interrupt);
  const int exit_code = workers.stop(interrupt);
  progress.say("  checking");
  figures.checks = check_run(stage, sent, read_events(stage, interrupt), exit_code);
  return figures;
}

}  // namespace pawl::bench
