#include "pawl/retry/retry_policy.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace pawl {
namespace {

using std::chrono::milliseconds;

constexpr double kAlmostOne = 0.9999999999;

RetryPolicy policy_of(std::uint32_t min_ms, std::uint32_t max_ms) {
  return {.attempts_max = 5,
          .delay_min = milliseconds{std::min(min_ms, max_ms) % 100'000'000},
          .delay_max = milliseconds{std::max(min_ms, max_ms) % 1'000'000'000}};
}

double unit(std::uint32_t chance) {
  return chance / 4294967296.0;
}

RC_GTEST_PROP(RetryDelay,
              IsWithinItsBounds,
              (std::uint32_t min, std::uint32_t max, std::uint16_t attempt, std::uint32_t chance)) {
  const RetryPolicy policy = policy_of(min, max);
  const auto delay = retry_delay(policy, attempt + 1, unit(chance));
  RC_ASSERT(delay >= milliseconds{0});
  RC_ASSERT(delay <= policy.delay_max);
  if (attempt == 0) RC_ASSERT(delay <= policy.delay_min);
}

RC_GTEST_PROP(RetryDelay,
              ItsBoundNeverShrinks,
              (std::uint32_t min, std::uint32_t max, std::uint16_t attempt)) {
  const RetryPolicy policy = policy_of(min, max);
  RC_ASSERT(retry_delay(policy, attempt + 1, kAlmostOne) <=
            retry_delay(policy, attempt + 2, kAlmostOne));
}

RC_GTEST_PROP(RetryDelay,
              GrowsWithItsJitter,
              (std::uint32_t min,
               std::uint32_t max,
               std::uint16_t attempt,
               std::uint32_t a,
               std::uint32_t b)) {
  const RetryPolicy policy = policy_of(min, max);
  RC_ASSERT(retry_delay(policy, attempt, unit(std::min(a, b))) <=
            retry_delay(policy, attempt, unit(std::max(a, b))));
}

RC_GTEST_PROP(RetryDelay,
              IsPure,
              (std::uint32_t min, std::uint32_t max, std::uint16_t attempt, std::uint32_t chance)) {
  const RetryPolicy policy = policy_of(min, max);
  RC_ASSERT(retry_delay(policy, attempt, unit(chance)) ==
            retry_delay(policy, attempt, unit(chance)));
}

TEST(RetryDelay, DoublesUntilTheCap) {
  const RetryPolicy policy{
      .attempts_max = 9, .delay_min = milliseconds{100}, .delay_max = milliseconds{1000}};
  const std::array<int, 6> expected{50, 100, 200, 400, 500, 500};
  for (int attempt = 1; attempt <= 6; ++attempt) {
    EXPECT_EQ(retry_delay(policy, attempt, 0.5).count(),
              expected[static_cast<std::size_t>(attempt - 1)])
        << attempt;
  }
}

TEST(RetryDelay, AnyAttemptNumberIsFine) {
  const RetryPolicy policy;
  EXPECT_EQ(retry_delay(policy, -7, 0.5), retry_delay(policy, 1, 0.5));
  EXPECT_EQ(retry_delay(policy, 2'000'000'000, 0.5), policy.delay_max / 2);
}

}  // namespace
}  // namespace pawl
