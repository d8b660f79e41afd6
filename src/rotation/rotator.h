// Keeps inbox and outbox rotating: a small thread with a connection of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "pawl/core/clock.h"
#include "pawl/observe/log.h"
#include "pawl/observe/rotation_metrics.h"
#include "pawl/rotation/rotate.h"

namespace pawl::rotation {

struct RotatorSettings {
  std::string url;                                                  // of the database; never logged
  std::chrono::milliseconds inbox_period = std::chrono::hours{56};  // a third of the dedupe window
  std::chrono::milliseconds outbox_period = std::chrono::hours{1};
  std::chrono::milliseconds check_every{10'000};
  std::chrono::milliseconds lock_wait{50};
  std::chrono::milliseconds busy_pause{200};  // before the next try after busy
  int busy_tries = 20;                        // then the next check goes on
};

/// One per process, owned by main. Any number of processes may run one: the first whose check finds
/// a rotation due makes it. No failure ends it: it says so and checks again later; meanwhile
/// partitions grow, nothing is lost.
class Rotator {
 public:
  Rotator(RotatorSettings settings, observe::RotationMetrics& metrics, observe::Log log);
  /// stop()
  ~Rotator();
  Rotator(const Rotator&) = delete;
  Rotator& operator=(const Rotator&) = delete;

  /// Starts the thread; the first check is made at once. May be called twice.
  void start();
  /// Returns when the thread has ended; a rotation under way is finished first. May be called
  /// twice, and before start().
  void stop();

 private:
  void run(const std::stop_token& stop);
  void check(Table table, std::chrono::milliseconds period, const std::stop_token& stop);
  void report(Table table, Result result);
  void pause(std::chrono::milliseconds time, const std::stop_token& stop);

  RotatorSettings settings_;
  observe::RotationMetrics& metrics_;
  observe::Log log_;
  std::unique_ptr<postgres::Connection> connection_;  // the thread's own
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace pawl::rotation
