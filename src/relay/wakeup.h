// Lets other threads end a wait on sockets.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>

namespace pawl::relay {

class Wakeup {
 public:
  /// Throws std::system_error when the process is out of descriptors.
  Wakeup();
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  /// Ends the present wait or the next one. Thread-safe, cheap when already signalled.
  void signal() noexcept;
  /// What was signalled so far is seen to. Waiting side only.
  void take() noexcept;
  /// Waits for a signal, for `socket` to become readable, or for the time to pass. Waiting side
  /// only.
  void wait(std::optional<int> socket, std::chrono::nanoseconds time_max) noexcept;

 private:
  int descriptor_;
  std::atomic<bool> signalled_{false};
};

}  // namespace pawl::relay
