// What a relay measures. Every method is safe from any thread; the relay calls them per round, not
// per event.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pawl/core/clock.h"
#include "pawl/observe/labelled_counter.h"
#include "pawl/observe/metrics.h"
#include "pawl/observe/pause_metrics.h"

namespace pawl::observe {

class RelayMetrics {
 public:
  RelayMetrics(Metrics& metrics, const std::string& consumer);

  /// So many events were acknowledged by the broker.
  void published(std::int64_t events) const { published_.add(static_cast<double>(events)); }
  /// Of acknowledged events: seconds since the command that caused them was produced. Unknown ones
  /// are left out.
  void end_to_end(std::span<const double> seconds) const { end_to_end_.observe(seconds); }
  /// So many deliveries failed; they are repeated.
  void publish_failed(std::int64_t events) const { failures_.add(static_cast<double>(events)); }
  /// Since when the oldest event waits that is not yet published; empty: none waits.
  void oldest_unpublished(std::optional<WallTime> created_at) const { oldest_.oldest(created_at); }
  /// Rows in the outbox that are not yet published.
  void backlog(std::int64_t rows) const { backlog_.set(static_cast<double>(rows)); }
  /// Batch numbers below the position that may still become visible.
  void holes(std::size_t count) const { holes_.set(static_cast<double>(count)); }
  /// One more event was held, because of this error; or of what else, in one word.
  void held(std::string_view code) const { held_total_.add(code); }
  /// So many events and keys are held now.
  void held(std::int64_t events, std::size_t keys) const {
    held_events_.set(static_cast<double>(events));
    held_keys_.set(static_cast<double>(keys));
  }
  /// Whether this relay publishes, or stands by while another does.
  void active(bool now) const { active_.set(now ? 1 : 0); }
  /// `dependency` (database, broker) cannot be used, or can again. Repeating it changes nothing.
  void paused(std::string_view dependency, bool now) const { pauses_.set(dependency, now); }

 private:
  Counter published_;
  Histogram end_to_end_;
  Counter failures_;
  AgeGauge oldest_;
  Gauge backlog_;
  Gauge holes_;
  mutable LabelledCounter held_total_;  // thread-safe
  Gauge held_events_;
  Gauge held_keys_;
  Gauge active_;
  PauseMetrics pauses_;
};

}  // namespace pawl::observe
