// Keeps calls away from a service that is down, so that it is not hit while it gets up, and nobody
// waits for it in vain. Source: "Circuit Breaker", M. Nygard, Release It!, 2nd edition, chapter 5.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/retry/retry_policy.h"

namespace pawl {

struct CircuitSettings {
  int failures_max = 5;      // calls that fail in a row and open it
  int window = 20;           // latest calls of which …
  int failure_percent = 50;  // … such a share has failed open it, too
  Backoff probing{std::chrono::seconds{1}, std::chrono::seconds{30}};  // between two probes
};

/// What there is to tell of a circuit.
struct CircuitView {
  std::string dependency;
  bool open = false;
  WallTime since{};  // when it opened
  std::string what;  // the last failure; of an open one
};

/// Closed: calls are made. Open: none, until it is time for a probe. Then one call is made, alone:
/// it closes the circuit, or keeps it open for longer. All functions are thread-safe and short.
class Circuit {
 public:
  enum class Change { none, opened, closed };

  Circuit(std::string dependency, CircuitSettings settings, std::uint64_t seed);

  /// Empty: the call may be made, and its end must be told. Otherwise when to ask again.
  [[nodiscard]] std::optional<SteadyTime> admit(SteadyTime now);
  Change succeeded();
  Change failed(std::string what, SteadyTime now, WallTime wall);

  /// When the next probe may be made; empty: it is closed.
  [[nodiscard]] std::optional<SteadyTime> open_until() const;
  [[nodiscard]] CircuitView view() const;

 private:
  [[nodiscard]] bool has_had_enough() const;
  void note(bool failed);
  void open_for(SteadyTime now);

  const std::string dependency_;
  const CircuitSettings settings_;
  mutable std::mutex mutex_;
  std::mt19937_64 random_;
  int failures_ = 0;                 // in a row
  std::vector<bool> latest_;         // a ring: which calls failed
  std::size_t next_ = 0;             // its place for the next call
  std::optional<SteadyTime> until_;  // open
  int probes_ = 0;                   // that failed
  bool probing_ = false;
  WallTime since_{};
  std::string what_;
};

}  // namespace pawl
