// Looks at the workers and at the database from time to time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/postgres/connection.h"
#include "soak/figures.h"
#include "soak/stage.h"

namespace pawl::soak {

/// What the database says about the work; none while it is away.
struct Work {
  std::int64_t received = 0;
  std::int64_t parked = 0;  // of them, waiting for another attempt
  std::int64_t connections = 0;
};

/// Main thread. Never waits long for a database that is away.
class Sampler {
 public:
  explicit Sampler(Stage& stage) : stage_(stage) {}

  [[nodiscard]] std::optional<Work> work();
  /// Of worker 1, with all workers' connections if the database says.
  [[nodiscard]] Footprint footprint(int pid);
  /// Remembers the most that rotating tables have taken.
  void watch_tables();

  // For the verdict: throw Failure when the database is away.
  [[nodiscard]] std::vector<TableSize> tables();
  [[nodiscard]] std::vector<RotatingTable> rotating_tables();

 private:
  std::optional<postgres::Result> ask(const char* question);

  Stage& stage_;
  std::unique_ptr<postgres::Connection> connection_;
  std::int64_t inbox_bytes_max_ = 0, outbox_bytes_max_ = 0;
};

}  // namespace pawl::soak
