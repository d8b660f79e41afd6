// When a failed command is tried again: a pure function of policy, attempt and chance.
#pragma once

#include <chrono>

namespace pawl {

/// How often and how fast one command is tried.
struct RetryPolicy {
  int attempts_max = 5;                         // the first one included
  std::chrono::milliseconds delay_min{100};     // upper end of the first wait
  std::chrono::milliseconds delay_max{10'000};  // upper end of every later wait
};

/// The wait after failed attempt number `attempt` (1, 2, …): exponential with full jitter, between
/// 0 and min(delay_max, delay_min × 2^(attempt−1)). `jitter_unit` is in [0, 1). Pure; thread-safe.
/// Source: "Exponential Backoff And Jitter", AWS Architecture Blog.
[[nodiscard]] std::chrono::milliseconds retry_delay(const RetryPolicy& policy,
                                                    int attempt,
                                                    double jitter_unit);

}  // namespace pawl
