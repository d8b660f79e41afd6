// Time that tests turn.
#pragma once

#include <chrono>

#include "pawl/core/clock.h"

namespace pawl::test {

/// One thread at a time. Starts at today's date, because the database's clock stands there.
class ManualClock final : public Clock {
 public:
  ManualClock() = default;
  /// One that reads the same in each run.
  explicit ManualClock(WallTime wall) : wall_(wall) {}

  [[nodiscard]] SteadyTime now() const override { return now_; }
  [[nodiscard]] WallTime wall() const override { return wall_; }

  void pass(std::chrono::milliseconds time) {
    now_ += time;
    wall_ += time;
  }

 private:
  SteadyTime now_{std::chrono::hours{1}};
  WallTime wall_ = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
};

}  // namespace pawl::test
