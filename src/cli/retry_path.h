// When the attempts of a command come that fails again and again.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "pawl/retry/retry_policy.h"

namespace pawl::cli {

/// One attempt. Times count from the first failure, as if attempts themselves took none.
struct RetryStep {
  int attempt;                         // 1, 2, …
  std::chrono::milliseconds wait_max;  // before it; 0: at once
  std::chrono::milliseconds earliest;  // all waits as short as chance can make them
  std::optional<std::chrono::milliseconds>
      average;                       // each wait half as long; empty: given up before
  std::chrono::milliseconds latest;  // each wait as long as it can be
};

/// All attempts that `policy` allows, the first one included. Pure.
[[nodiscard]] std::vector<RetryStep> retry_path(const RetryPolicy& policy);

}  // namespace pawl::cli
