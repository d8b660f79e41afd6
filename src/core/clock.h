// Time is handed in, so that tests can turn it.
#pragma once

#include <chrono>

namespace pawl {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  /// For durations and deadlines; never goes back.
  [[nodiscard]] virtual SteadyTime now() const = 0;
  /// For ages against Kafka's timestamps and for new ids; may jump. What is stored uses the
  /// database's clock.
  [[nodiscard]] virtual WallTime wall() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime now() const override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] WallTime wall() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace pawl
