// Sends a generator's records: as fast as possible or at a rate, until enough, until the time is
// over, or until told.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "command_publisher/load_generator.h"
#include "pawl/core/clock.h"

namespace command_publisher {

/// When to send and when to end; zero: no limit. Opening the accounts comes first, at full speed,
/// and does not count.
struct LoadPlan {
  double per_second = 0;
  std::uint64_t count = 0;
  std::chrono::milliseconds duration{0};
};

struct LoadProgress {
  KindCounts sent;             // handed to the sink
  std::uint64_t commands = 0;  // without the opens
  std::chrono::duration<double> elapsed{};
};

/// Runs on the calling thread. Everything outside comes as a function, so that tests need neither
/// Kafka nor time.
class LoadRun {
 public:
  struct Parts {
    LoadGenerator& generator;
    const pawl::Clock& clock;
    std::function<void(const GeneratedRecord&, pawl::WallTime now)> sink;  // may wait
    std::function<bool(std::chrono::nanoseconds)> pause;                   // waits; true: stop
    std::function<void(const LoadProgress&)> progress{};                   // a few times a second
    std::function<std::uint64_t()> room{};  // how many may be sent now; empty: any number
  };

  LoadRun(LoadPlan plan, Parts parts);

  /// Sends the opens. False when it was told to stop.
  bool open_accounts();
  /// Sends the rest. What was sent stands in the generator's counts.
  void run();

 private:
  [[nodiscard]] std::uint64_t due(pawl::SteadyTime now) const;
  [[nodiscard]] bool finished(pawl::SteadyTime now) const;
  void send(std::uint64_t records);
  void report(pawl::SteadyTime now);
  [[nodiscard]] std::uint64_t room() const;

  LoadPlan plan_;
  Parts parts_;
  pawl::SteadyTime begun_;
  pawl::SteadyTime mix_begun_;
  pawl::SteadyTime reported_;
  std::uint64_t sent_ = 0;  // without the opens
};

}  // namespace command_publisher
