// Which lanes have records to read and do not move. Pure: no thread, no clock of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/record.h"

namespace pawl {

/// What is known of a lane at one look.
struct LaneLook {
  TopicPartition lane;
  std::int64_t position = 0;  // committed
  std::int64_t end = -1;      // of the partition; -1: not known
  bool excused = false;       // it need not move: a retry is waited for, the database is away …
};

/// Used by one thread.
class StuckLanes {
 public:
  /// A lane is suspected when it has had lag and not moved for `after`. Between two looks at most
  /// `step_max` counts: a process that was stopped for a while suspects nobody.
  StuckLanes(std::chrono::milliseconds after, std::chrono::milliseconds step_max)
      : after_(after), step_max_(step_max) {}

  /// The suspects among all lanes that we own now. A lane that is not named is forgotten.
  std::vector<LaneLook> look(std::span<const LaneLook> lanes, SteadyTime now);

 private:
  struct Behind {
    std::int64_t position;
    SteadyTime::duration spent;
  };
  std::chrono::milliseconds after_, step_max_;
  SteadyTime last_{};
  std::map<TopicPartition, Behind> behind_;
};

/// When a consumer may be made anew: at once, then after pauses that double, until nothing has been
/// stuck for a whole pause.
class RecreationPause {
 public:
  RecreationPause(std::chrono::milliseconds min, std::chrono::milliseconds max)
      : min_(min), max_(max), pause_(min) {}

  /// True: do it now.
  bool due(bool stuck, SteadyTime now);

 private:
  std::chrono::milliseconds min_, max_, pause_;
  SteadyTime next_{};
};

}  // namespace pawl
