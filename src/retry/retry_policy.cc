#include "pawl/retry/retry_policy.h"

#include <algorithm>
#include <cmath>

namespace pawl {

std::chrono::milliseconds retry_delay(const RetryPolicy& policy, int attempt, double jitter_unit) {
  const double doublings = std::clamp(attempt - 1, 0, 62);
  const double grown = static_cast<double>(policy.delay_min.count()) * std::exp2(doublings);
  const double bound = std::min(grown, static_cast<double>(policy.delay_max.count()));
  return std::chrono::milliseconds{static_cast<std::int64_t>(bound * jitter_unit)};
}

}  // namespace pawl
