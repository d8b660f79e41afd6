// What the outside may know of a running engine. The engine's thread publishes it, any thread reads
// a copy.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/record.h"

namespace pawl::engine {

struct LaneStatus {
  TopicPartition lane;
  std::int64_t next_offset = 0;
  std::optional<std::string> stopped;  // why this lane cannot be read on, and what to do
  bool waiting = false;                // for the next attempt of a failed command
  bool paused = false;                 // by an operator
  bool holding = false;                // has records that are not committed
};

struct Status {
  SteadyTime heartbeat{};  // last turn of the loop
  std::optional<std::string>
      away;  // why the database or the broker cannot be used, since the last success
  std::string_view away_from = "database";  // or "broker"
  WallTime away_since{};
  bool taking = false;  // lanes are assigned and not yet taken over
  std::vector<LaneStatus> lanes;
  std::optional<WallTime> oldest_unprocessed;
  std::size_t in_flight = 0;
};

class StatusBoard {
 public:
  void publish(Status status) {
    const std::scoped_lock lock(mutex_);
    status_ = std::move(status);
  }
  [[nodiscard]] Status read() const {
    const std::scoped_lock lock(mutex_);
    return status_;
  }

 private:
  mutable std::mutex mutex_;
  Status status_;
};

}  // namespace pawl::engine
