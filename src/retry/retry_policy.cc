#include "pawl/retry/retry_policy.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace pawl {
namespace {

RetryPolicy RetryPolicies::* member_of(std::string_view failure_class) {
  if (failure_class == kHandlerClass) return &RetryPolicies::handler;
  if (failure_class == kDatabaseClass) return &RetryPolicies::database;
  if (failure_class == kOutsideClass) return &RetryPolicies::outside;
  throw std::logic_error("no retries of class " + std::string(failure_class));
}

}  // namespace

std::chrono::milliseconds backoff_delay(const Backoff& backoff, int wait, double jitter_unit) {
  const double steps = std::max(wait - 1, 0);
  const double grown =
      static_cast<double>(backoff.delay_min.count()) * std::pow(backoff.factor, steps);
  const double bound = std::min(grown, static_cast<double>(backoff.delay_max.count()));
  return std::chrono::milliseconds{static_cast<std::int64_t>(bound * jitter_unit)};
}

std::optional<std::chrono::milliseconds> next_attempt(const RetryPolicy& policy,
                                                      int failed,
                                                      std::chrono::milliseconds age,
                                                      double jitter_unit) {
  if (failed >= policy.attempts_max || age >= policy.age_max) return std::nullopt;
  if (failed <= policy.immediate) return std::chrono::milliseconds{0};
  return backoff_delay(policy.backoff, failed - policy.immediate, jitter_unit);
}

const RetryPolicy& RetryPolicies::of(std::string_view failure_class) const {
  return this->*member_of(failure_class);
}

RetryPolicy& RetryPolicies::of(std::string_view failure_class) {
  return this->*member_of(failure_class);
}

std::string_view to_string(OnFailure on_failure) noexcept {
  switch (on_failure) {
    case OnFailure::park_key:
      return "park_key";
    case OnFailure::block_lane:
      return "block_lane";
    case OnFailure::skip_order:
      return "skip_order";
    case OnFailure::dead_letter:
      return "dead_letter";
  }
  return "impossible";
}

}  // namespace pawl
