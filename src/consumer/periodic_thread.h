// A thread that does one thing again and again.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "pawl/core/thread_name.h"

namespace pawl {

/// start() and stop() from one thread, each may be called twice. The first turn comes after one
/// period.
class PeriodicThread {
 public:
  /// `name`: at most 15 characters. `turn` must not throw.
  PeriodicThread(const char* name, std::chrono::milliseconds period, std::function<void()> turn)
      : name_(name), period_(period), turn_(std::move(turn)) {}
  ~PeriodicThread() { stop(); }

  void start() {
    if (thread_.joinable()) return;
    thread_ = std::jthread([this](const std::stop_token& stop) {
      name_this_thread(name_);
      std::unique_lock lock(mutex_);
      while (!wake_.wait_for(lock, stop, period_, [] { return false; }) && !stop.stop_requested()) {
        turn_();
      }
    });
  }
  /// Returns when the turn under way is over.
  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  const char* name_;
  std::chrono::milliseconds period_;
  std::function<void()> turn_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace pawl
