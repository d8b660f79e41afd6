// Watches whether lanes move, says which do not, and has the consumer made anew.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "pawl/consumer/stuck_lanes.h"
#include "pawl/core/clock.h"
#include "pawl/engine/status.h"
#include "pawl/observe/log.h"
#include "pawl/observe/metrics.h"

namespace pawl {

/// Owned by the worker. look() from one thread, stuck() from any.
class LaneWatch {
 public:
  struct Parts {
    std::function<std::vector<engine::Status>()> engines;
    /// The partition's end as the broker has it, asked for by another client than the consumer,
    /// which may be what is stuck. -1: nobody answers.
    std::function<std::int64_t(const TopicPartition&)> end_of;
    /// Whether there really is a record at or behind this offset: the end may be a transaction's
    /// mark, or all before it compacted away.
    std::function<bool(const TopicPartition&, std::int64_t offset)> readable;
    /// Leaves the group and joins it anew.
    std::function<void()> recreate;
    observe::Metrics& metrics;
    const observe::Log& log;
    const Clock& clock;
  };
  LaneWatch(const std::string& consumer, std::chrono::milliseconds stuck_after, Parts parts);

  /// How often to look.
  [[nodiscard]] std::chrono::milliseconds period() const { return period_; }
  /// Waits for the broker, seconds at most.
  void look();

  /// Lanes that are stuck, as of the last look.
  [[nodiscard]] std::vector<TopicPartition> stuck() const;

 private:
  [[nodiscard]] std::vector<LaneLook> lanes() const;
  [[nodiscard]] bool kafka_is_to_blame(const std::vector<TopicPartition>& stuck) const;
  void tell(const std::vector<LaneLook>& stuck) const;

  Parts parts_;
  std::chrono::milliseconds stuck_after_, period_;
  StuckLanes suspects_;
  RecreationPause pause_;
  observe::Gauge stuck_lanes_;
  observe::Counter recreations_;
  mutable std::mutex mutex_;
  std::vector<TopicPartition> stuck_;
};

}  // namespace pawl
