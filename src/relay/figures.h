// The relay's live figures, written by its thread and read by anybody.
#pragma once

#include <atomic>
#include <cstdint>

#include "pawl/core/clock.h"

namespace pawl::relay {

/// A glance at the relay; all by the last round.
struct Figures {
  bool active = false;  // false: standby, or not connected yet
  bool database_reachable = false;
  std::uint64_t published = 0;  // events acknowledged since the start
  std::uint64_t failed_deliveries = 0;
  std::int64_t backlog_rows =
      0;  // committed, seen or counted, not acknowledged; unread ones are counted every few seconds
  std::int64_t holes = 0;
  std::int64_t held_keys = 0;
  std::int64_t batch = 0;  // position
  WallTime
      oldest_unpublished{};  // when it was created, by the database's clock; epoch 0: none waits
  SteadyTime heartbeat{};    // when the loop last turned: liveness
};

/// Figures with one writer; the parts of a reading may be from neighbouring rounds.
class LiveFigures {
 public:
  std::atomic<bool> active{false};
  std::atomic<bool> database_reachable{false};
  std::atomic<std::uint64_t> published{0};
  std::atomic<std::uint64_t> failed_deliveries{0};
  std::atomic<std::int64_t> backlog_rows{0};
  std::atomic<std::int64_t> holes{0};
  std::atomic<std::int64_t> held_keys{0};
  std::atomic<std::int64_t> batch{0};
  std::atomic<std::int64_t> oldest_unpublished_ms{0};
  std::atomic<SteadyTime::rep> heartbeat{0};

  [[nodiscard]] Figures read() const {
    return {.active = active,
            .database_reachable = database_reachable,
            .published = published,
            .failed_deliveries = failed_deliveries,
            .backlog_rows = backlog_rows,
            .holes = holes,
            .held_keys = held_keys,
            .batch = batch,
            .oldest_unpublished = WallTime{std::chrono::milliseconds{oldest_unpublished_ms}},
            .heartbeat = SteadyTime{SteadyTime::duration{heartbeat}}};
  }
};

}  // namespace pawl::relay
