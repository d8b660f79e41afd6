// What one engine measures. Every method is safe from any thread; the engine calls them per batch,
// not per command.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pawl/core/clock.h"
#include "pawl/core/ending.h"
#include "pawl/observe/labelled_counter.h"
#include "pawl/observe/metrics.h"
#include "pawl/observe/pause_metrics.h"

namespace pawl::observe {

/// How long a batch spent in each phase.
struct BatchPhases {
  using Seconds = std::chrono::duration<double>;
  Seconds decode{};
  Seconds claim_load{};
  Seconds decide{};
  Seconds save{};
  Seconds commit{};  // fence included
};

class EngineMetrics {
 public:
  struct Names {
    std::string consumer;
    std::span<const std::string>
        command_types;  // those with a handler; all others count as "unknown"
    int engine = 0;     // which engine of the process; thread="engine0" labels what is per engine
  };
  EngineMetrics(Metrics& metrics, const Names& names);

  /// `count` commands of a type ended so (pawl_commands_total).
  void commands(std::string_view type, Ending ending, std::int64_t count);
  /// A batch is known to be committed (pawl_batch_commands, pawl_batch_phase_seconds).
  void batch_committed(std::size_t commands, const BatchPhases& phases) const;

  /// Since when the oldest command waits that is not yet in; empty: none waits.
  void oldest_unprocessed(std::optional<WallTime> produced_at) const {
    oldest_unprocessed_.oldest(produced_at);
  }
  /// Records behind the ends of this engine's partitions.
  void lag(std::int64_t records) const { lag_.set(static_cast<double>(records)); }
  /// Lanes owned, and those among them that need a person.
  void lanes(std::size_t owned, std::size_t stopped) const;

  /// Keys that wait for their heads' next attempts, the commands parked there, and the lanes that
  /// wait for room there.
  void held(std::size_t keys, std::int64_t parked, std::size_t lanes_full) const;

  /// A batch went into recovery. `reason`: failed, conflict, fenced or unknown_commit; the last
  /// three are counted by themselves, too.
  void doubt(std::string_view reason);
  /// Rows are locked as they are loaded, because others write them; or no longer.
  void locked_mode(bool on) const { locked_mode_.set(on ? 1 : 0); }
  /// So many lanes turned out to belong to another process.
  void fenced(std::int64_t lanes) const { lanes_lost_.add(static_cast<double>(lanes)); }
  /// So many attempts failed and will be repeated.
  void retried(std::int64_t attempts) const { retries_.add(static_cast<double>(attempts)); }
  /// So many duplicates carried another payload than the first of their id.
  void payload_mismatch(std::int64_t count) const {
    payload_mismatches_.add(static_cast<double>(count));
  }
  /// So many commands were given up on; `failure_class` as in dead_letter.
  void dead_letters(std::string_view failure_class, std::int64_t count);
  /// `dependency` (database, broker) cannot be used, or can again. Repeating it changes nothing.
  void paused(std::string_view dependency, bool now) const { pauses_.set(dependency, now); }

 private:
  using ByEnding = std::array<Counter, kEndings.size()>;
  [[nodiscard]] static ByEnding endings_of(Metrics& metrics,
                                           const std::string& consumer,
                                           const std::string& type);

  std::map<std::string, ByEnding, std::less<>> commands_;  // not changed after construction
  ByEnding unknown_;
  Histogram batch_commands_;
  Histogram decode_, claim_load_, decide_, save_, commit_;
  AgeGauge oldest_unprocessed_;
  Gauge lag_;
  Gauge lanes_;
  Gauge lanes_stopped_;
  Gauge held_keys_;
  Gauge parked_commands_;
  Gauge lanes_full_;
  Gauge locked_mode_;
  Counter unknown_commits_;
  Counter conflicts_;
  Counter fenced_batches_;
  Counter lanes_lost_;
  Counter retries_;
  Counter payload_mismatches_;
  LabelledCounter recoveries_;
  LabelledCounter dead_letters_;
  PauseMetrics pauses_;
};

}  // namespace pawl::observe
