// Ctrl-C and SIGTERM: the first asks for an end, the second makes one.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

#include "pawl/core/event_fd.h"

namespace pawl::cli {

/// Made by a command's action before it starts other threads: they inherit that both signals are
/// blocked, so that only this object's thread takes them. The second signal ends the process at
/// once (128 + its number); what was started for it (a private PostgreSQL) has a guard that cleans
/// up then, too.
class StopSignal {
 public:
  /// Throws std::system_error.
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  /// Waits so long or until a signal; true when there was one. From one thread.
  bool wait(std::chrono::nanoseconds time_max);
  /// Waits so long, also after the first signal.
  static void pause(std::chrono::nanoseconds time);

 private:
  void listen(const std::stop_token& stop);

  int signals_;
  std::atomic<bool> stopped_{false};
  EventFd came_;
  EventFd ended_;
  std::jthread thread_;
};

}  // namespace pawl::cli
