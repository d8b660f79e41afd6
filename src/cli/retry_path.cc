#include "pawl/cli/retry_path.h"

#include <algorithm>

namespace pawl::cli {
namespace {

using std::chrono::milliseconds;

constexpr double kHalf = 0.5;
constexpr double kLongest = 1;

}  // namespace

std::vector<RetryStep> retry_path(const RetryPolicy& policy) {
  std::vector<RetryStep> path{{1, {}, {}, milliseconds{0}, {}}};
  while (true) {
    const RetryStep& last = path.back();
    const auto shortest = next_attempt(policy, last.attempt, last.earliest, 0);
    if (!shortest) return path;
    RetryStep step{.attempt = last.attempt + 1,
                   .wait_max = *next_attempt(policy, last.attempt, last.earliest, kLongest),
                   .earliest = last.earliest + *shortest,
                   .average = std::nullopt,
                   .latest = {}};
    if (last.average) {
      const auto half = next_attempt(policy, last.attempt, *last.average, kHalf);
      if (half) step.average = *last.average + *half;
    }
    // What was later than age_max has no successor; what came just before it has.
    step.latest = std::min(last.latest, policy.age_max) + step.wait_max;
    path.push_back(step);
  }
}

}  // namespace pawl::cli
