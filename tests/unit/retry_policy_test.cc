#include "pawl/retry/retry_policy.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace pawl {
namespace {

using std::chrono::milliseconds;

constexpr double kAlmostOne = 0.9999999999;

Backoff backoff_of(std::uint32_t min_ms, std::uint32_t max_ms) {
  return {.delay_min = milliseconds{std::min(min_ms, max_ms) % 100'000'000},
          .delay_max = milliseconds{std::max(min_ms, max_ms) % 1'000'000'000}};
}

double unit(std::uint32_t chance) {
  return chance / 4294967296.0;
}

RC_GTEST_PROP(BackoffDelay,
              IsWithinItsBounds,
              (std::uint32_t min, std::uint32_t max, std::uint16_t attempt, std::uint32_t chance)) {
  const Backoff backoff = backoff_of(min, max);
  const auto delay = backoff_delay(backoff, attempt + 1, unit(chance));
  RC_ASSERT(delay >= milliseconds{0});
  RC_ASSERT(delay <= backoff.delay_max);
  if (attempt == 0) RC_ASSERT(delay <= backoff.delay_min);
}

RC_GTEST_PROP(BackoffDelay,
              ItsBoundNeverShrinks,
              (std::uint32_t min, std::uint32_t max, std::uint16_t attempt)) {
  const Backoff backoff = backoff_of(min, max);
  RC_ASSERT(backoff_delay(backoff, attempt + 1, kAlmostOne) <=
            backoff_delay(backoff, attempt + 2, kAlmostOne));
}

RC_GTEST_PROP(BackoffDelay,
              GrowsWithItsJitter,
              (std::uint32_t min,
               std::uint32_t max,
               std::uint16_t attempt,
               std::uint32_t a,
               std::uint32_t b)) {
  const Backoff backoff = backoff_of(min, max);
  RC_ASSERT(backoff_delay(backoff, attempt, unit(std::min(a, b))) <=
            backoff_delay(backoff, attempt, unit(std::max(a, b))));
}

RC_GTEST_PROP(BackoffDelay,
              IsPure,
              (std::uint32_t min, std::uint32_t max, std::uint16_t attempt, std::uint32_t chance)) {
  const Backoff backoff = backoff_of(min, max);
  RC_ASSERT(backoff_delay(backoff, attempt, unit(chance)) ==
            backoff_delay(backoff, attempt, unit(chance)));
}

TEST(BackoffDelay, DoublesUntilTheCap) {
  const Backoff backoff{.delay_min = milliseconds{100}, .delay_max = milliseconds{1000}};
  const std::array<int, 6> expected{50, 100, 200, 400, 500, 500};
  for (int attempt = 1; attempt <= 6; ++attempt) {
    EXPECT_EQ(backoff_delay(backoff, attempt, 0.5).count(),
              expected[static_cast<std::size_t>(attempt - 1)])
        << attempt;
  }
}

TEST(BackoffDelay, AnyAttemptNumberIsFine) {
  const Backoff backoff;
  EXPECT_EQ(backoff_delay(backoff, -7, 0.5), backoff_delay(backoff, 1, 0.5));
  EXPECT_EQ(backoff_delay(backoff, 2'000'000'000, 0.5), backoff.delay_max / 2);
}

TEST(NextAttempt, FirstAtOnceThenLaterAndLater) {
  using namespace std::chrono_literals;
  const RetryPolicy policy;
  for (int failed = 1; failed <= 5; ++failed)
    EXPECT_EQ(next_attempt(policy, failed, 0ms, 0.5), 0ms);
  EXPECT_EQ(next_attempt(policy, 6, 0ms, 0.5), 5s);
  EXPECT_EQ(next_attempt(policy, 7, 0ms, 0.5), 20s);
  EXPECT_EQ(next_attempt(policy, 8, 0ms, 0.5), 80s);
  EXPECT_EQ(next_attempt(policy, 30, 0ms, 0.5), 30min);
}

TEST(NextAttempt, EndsWithAttemptsOrAge) {
  using namespace std::chrono_literals;
  const RetryPolicy policy{.attempts_max = 7, .age_max = 10min};
  EXPECT_TRUE(next_attempt(policy, 6, 10min - 1ms, 0));
  EXPECT_FALSE(next_attempt(policy, 7, 0ms, 0));
  EXPECT_FALSE(next_attempt(policy, 1, 10min, 0));
}

TEST(RetryPolicies, EachClassHasItsOwn) {
  const RetryPolicies policies{{.attempts_max = 1}, {.attempts_max = 2}, {.attempts_max = 3}};
  EXPECT_EQ(policies.of(kHandlerClass).attempts_max, 1);
  EXPECT_EQ(policies.of(kDatabaseClass).attempts_max, 2);
  EXPECT_EQ(policies.of(kOutsideClass).attempts_max, 3);
  EXPECT_THROW((void)policies.of("undecodable"), std::logic_error);
}

}  // namespace
}  // namespace pawl
