#include "pawl/observe/engine_metrics.h"

#include <algorithm>

namespace pawl::observe {
namespace {

const std::vector<double> kBatchBounds{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000};
const std::vector<double> kPhaseBounds{
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

std::string thread_of(const EngineMetrics::Names& names) {
  return "engine" + std::to_string(names.engine);
}

Labels of(const EngineMetrics::Names& names) {
  return {{"consumer", names.consumer}};
}

/// For what each engine of a process sets for itself: without the label they would overwrite each
/// other.
Labels of_engine(const EngineMetrics::Names& names) {
  return {{"consumer", names.consumer}, {"thread", thread_of(names)}};
}

Histogram phase(Metrics& metrics, const EngineMetrics::Names& names, const char* name) {
  return metrics.histogram("pawl_batch_phase_seconds",
                           "Time that committed batches spent in a phase, in seconds",
                           {{"consumer", names.consumer}, {"phase", name}},
                           kPhaseBounds);
}

}  // namespace

EngineMetrics::ByEnding EngineMetrics::endings_of(Metrics& metrics,
                                                  const std::string& consumer,
                                                  const std::string& type) {
  const auto counter = [&](Ending ending) {
    return metrics.counter(
        "pawl_commands_total",
        "Commands by type and how their attempt ended",
        {{"consumer", consumer}, {"type", type}, {"ending", std::string{to_string(ending)}}});
  };
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return ByEnding{counter(kEndings[I])...};
  }(std::make_index_sequence<kEndings.size()>{});
}

EngineMetrics::EngineMetrics(Metrics& metrics, const Names& names)
    : unknown_(endings_of(metrics, names.consumer, "unknown")),
      batch_commands_(metrics.histogram(
          "pawl_batch_commands", "Commands in a committed batch", of(names), kBatchBounds)),
      decode_(phase(metrics, names, "decode")),
      claim_load_(phase(metrics, names, "claim_load")),
      decide_(phase(metrics, names, "decide")),
      save_(phase(metrics, names, "save")),
      commit_(phase(metrics, names, "commit")),
      oldest_unprocessed_(metrics.age(
          "pawl_oldest_unprocessed_age_seconds",
          "Age of the oldest command that is fetched and not yet committed, in seconds; 0: none",
          of_engine(names))),
      lag_(metrics.gauge("pawl_lag_records",
                         "Records between this engine's positions and the ends of its partitions",
                         of_engine(names))),
      lanes_(metrics.gauge("pawl_lanes", "Partitions that this engine owns", of_engine(names))),
      lanes_stopped_(metrics.gauge("pawl_lanes_stopped",
                                   "Owned partitions that cannot be read on until a person acts",
                                   of_engine(names))),
      held_keys_(metrics.gauge("pawl_held_keys",
                               "Keys that wait for the next attempt of a failed command",
                               of_engine(names))),
      parked_commands_(metrics.gauge("pawl_parked_commands",
                                     "Commands that failed, and those parked behind them",
                                     of_engine(names))),
      lanes_full_(metrics.gauge("pawl_lanes_full",
                                "Partitions that wait because too many commands are parked",
                                of_engine(names))),
      locked_mode_(
          metrics.gauge("pawl_locked_mode",
                        "1 while rows are locked as they are loaded, because others write them",
                        of_engine(names))),
      unknown_commits_(
          metrics.counter("pawl_unknown_commits_total",
                          "Commits whose answer was lost; the position told whether they are in",
                          of(names))),
      conflicts_(metrics.counter(
          "pawl_conflicts_total",
          "Batches redone because somebody else had changed a row that they rest on",
          of(names))),
      fenced_batches_(
          metrics.counter("pawl_fenced_batches_total",
                          "Batches not committed because another process owned a partition",
                          of(names))),
      lanes_lost_(metrics.counter("pawl_lanes_lost_total",
                                  "Partitions that turned out to belong to another process",
                                  of(names))),
      retries_(metrics.counter(
          "pawl_retries_total", "Attempts that failed and were to be repeated", of(names))),
      payload_mismatches_(
          metrics.counter("pawl_payload_mismatch_total",
                          "Duplicates whose payload differs from the first of their id",
                          of(names))),
      recoveries_(metrics,
                  "pawl_recoveries_total",
                  "Recoveries by what put a batch in doubt",
                  of(names),
                  "reason",
                  {"failed", "conflict", "fenced", "unknown_commit", "no_answer"}),
      dead_letters_(metrics,
                    "pawl_dead_letters_total",
                    "Commands given up on, by class of failure",
                    of(names),
                    "class",
                    {"handler", "database", "outside", "undecodable", "crashed"}),
      pauses_(metrics, names.consumer, thread_of(names)) {
  for (const std::string& type : names.command_types) {
    commands_.emplace(type, endings_of(metrics, names.consumer, type));
  }
}

void EngineMetrics::commands(std::string_view type, Ending ending, std::int64_t count) {
  const auto it = commands_.find(type);
  const ByEnding& counters = it == commands_.end() ? unknown_ : it->second;
  const auto index = std::ranges::find(kEndings, ending) - kEndings.begin();
  counters[static_cast<std::size_t>(index)].add(static_cast<double>(count));
}

void EngineMetrics::batch_committed(std::size_t commands, const BatchPhases& phases) const {
  batch_commands_.observe(static_cast<double>(commands));
  decode_.observe(phases.decode.count());
  claim_load_.observe(phases.claim_load.count());
  decide_.observe(phases.decide.count());
  save_.observe(phases.save.count());
  commit_.observe(phases.commit.count());
}

void EngineMetrics::held(std::size_t keys, std::int64_t parked, std::size_t lanes_full) const {
  held_keys_.set(static_cast<double>(keys));
  parked_commands_.set(static_cast<double>(parked));
  lanes_full_.set(static_cast<double>(lanes_full));
}

void EngineMetrics::lanes(std::size_t owned, std::size_t stopped) const {
  lanes_.set(static_cast<double>(owned));
  lanes_stopped_.set(static_cast<double>(stopped));
}

void EngineMetrics::doubt(std::string_view reason) {
  recoveries_.add(reason);
  if (reason == "unknown_commit") unknown_commits_.add();
  if (reason == "conflict") conflicts_.add();
  if (reason == "fenced") fenced_batches_.add();
}

void EngineMetrics::dead_letters(std::string_view failure_class, std::int64_t count) {
  dead_letters_.add(failure_class, static_cast<double>(count));
}

}  // namespace pawl::observe
