// Ctrl-C and SIGTERM end the benchmark in order: every child is stopped, every folder removed.
#pragma once

#include <signal.h>

#include <chrono>
#include <stdexcept>

#include "pawl/core/clock.h"

namespace pawl::bench {

/// Thrown out of whatever was going on; the destructors on the way out clean up.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

/// Made by main before any thread starts: both signals stay blocked and are only looked for here.
/// Used by the main thread, which does all its waiting through it.
class Interrupt {
 public:
  Interrupt();

  /// Waits, some 60 µs too long. Throws Interrupted as soon as a signal comes.
  void pause(std::chrono::nanoseconds time) const;
  void pause_until(SteadyTime time) const;
  /// Throws Interrupted when a signal has come.
  void check() const { pause(std::chrono::nanoseconds{0}); }
  /// Whether one waits to be looked for. A terminal's Ctrl-C ends our children, too, and then it is
  /// their end that is noticed first.
  [[nodiscard]] bool pending() const;

 private:
  sigset_t set_{};
};

}  // namespace pawl::bench
