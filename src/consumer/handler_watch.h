// Finds out that a handler does not come back. Pure: no thread, no clock of its own.
#pragma once

#include <chrono>
#include <cstdint>

#include "pawl/core/clock.h"
#include "pawl/engine/handling.h"

namespace pawl {

/// Looks at one engine every `period`. Used by one thread.
class HandlerWatch {
 public:
  HandlerWatch(std::chrono::milliseconds deadline, std::chrono::milliseconds period)
      : deadline_(deadline), step_max_(2 * period) {}

  /// Whether the same call of a handler has been seen for the whole deadline. Only time counts in
  /// which we were looking: a process that was stopped for a while has not hung.
  bool hangs(const engine::Handling::Seen& seen, SteadyTime now);

 private:
  std::chrono::milliseconds deadline_;
  SteadyTime::duration step_max_;
  std::uint64_t number_ = 0;
  SteadyTime last_{};
  SteadyTime::duration spent_{};
};

}  // namespace pawl
