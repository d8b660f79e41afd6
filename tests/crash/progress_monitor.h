// Whether committed progress ever stopped while there was something to do.
#pragma once

#include <algorithm>
#include <cstdint>

#include "pawl/core/clock.h"

namespace pawl::test {

/// Told every now and then how much is committed and how much was sent. One thread.
class ProgressMonitor {
 public:
  explicit ProgressMonitor(SteadyTime now) : moved_at_(now) {}

  void note(SteadyTime now, std::uint64_t committed, std::uint64_t sent) {
    const bool idle = committed_ >= sent_;  // at the last look: nothing was there to be done
    longest_ = std::max(longest_, idle ? SteadyTime::duration{} : now - moved_at_);
    if (committed > committed_ || idle) moved_at_ = now;
    committed_ = committed;
    sent_ = sent;
  }
  /// The longest time without progress, up to the last look.
  [[nodiscard]] std::chrono::milliseconds longest_stop() const {
    return std::chrono::ceil<std::chrono::milliseconds>(longest_);
  }

 private:
  SteadyTime moved_at_;
  std::uint64_t committed_ = 0, sent_ = 0;
  SteadyTime::duration longest_{};
};

}  // namespace pawl::test
