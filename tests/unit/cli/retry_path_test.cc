#include "pawl/cli/retry_path.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace pawl::cli {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

RetryPolicy policy_of(std::uint8_t attempts,
                      std::uint8_t immediate,
                      std::uint16_t min,
                      std::uint16_t more,
                      std::uint32_t age) {
  return {.attempts_max = 1 + attempts % 60,
          .immediate = immediate % 8,
          .backoff = {milliseconds{1 + min}, milliseconds{1 + min + more * 100}, 1 + min % 5},
          .age_max = milliseconds{1 + age % 50'000'000}};
}

/// When each attempt comes if every wait is `jitter` of its upper end, as the engine goes along.
std::vector<milliseconds> played(const RetryPolicy& policy, double jitter) {
  std::vector<milliseconds> times{0ms};
  while (const auto wait =
             next_attempt(policy, static_cast<int>(times.size()), times.back(), jitter)) {
    times.push_back(times.back() + *wait);
  }
  return times;
}

RC_GTEST_PROP(RetryPath,
              TimesAreTheSumsOfTheWaits,
              (std::uint8_t attempts,
               std::uint8_t immediate,
               std::uint16_t min,
               std::uint16_t more,
               std::uint32_t age)) {
  const RetryPolicy policy = policy_of(attempts, immediate, min, more, age);
  const auto path = retry_path(policy);
  const auto shortest = played(policy, 0);
  const auto half = played(policy, 0.5);
  const auto longest = played(policy, 1);
  RC_ASSERT(path.size() == shortest.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    RC_ASSERT(path[i].attempt == static_cast<int>(i) + 1);
    RC_ASSERT(path[i].earliest == shortest[i]);
    if (i < longest.size()) RC_ASSERT(path[i].latest == longest[i]);
    RC_ASSERT(path[i].average.has_value() == (i < half.size()));
    if (path[i].average) RC_ASSERT(*path[i].average == half[i]);
  }
}

RC_GTEST_PROP(RetryPath,
              NothingThatChanceCanDoIsLater,
              (std::uint8_t attempts,
               std::uint8_t immediate,
               std::uint16_t min,
               std::uint16_t more,
               std::uint32_t age,
               std::vector<std::uint32_t> chances)) {
  const RetryPolicy policy = policy_of(attempts, immediate, min, more, age);
  const auto path = retry_path(policy);
  milliseconds at{0};
  for (int failed = 1; failed <= static_cast<int>(chances.size()); ++failed) {
    const double jitter = chances[static_cast<std::size_t>(failed) - 1] / 4294967296.0;
    const auto wait = next_attempt(policy, failed, at, jitter);
    if (!wait) return;
    at += *wait;
    const RetryStep& step = path.at(static_cast<std::size_t>(failed));
    RC_ASSERT(at >= step.earliest);
    RC_ASSERT(at <= step.latest);
    RC_ASSERT(*wait <= step.wait_max);
  }
}

TEST(RetryPath, OneAttemptIsAPathToo) {
  const auto path = retry_path({.attempts_max = 1});
  ASSERT_EQ(path.size(), 1U);
  EXPECT_EQ(path[0].latest, 0ms);
}

TEST(RetryPath, AnAttemptAfterTheAgeHasNoSuccessor) {
  const auto path = retry_path(
      {.attempts_max = 9, .immediate = 0, .backoff = {10min, 10min, 1}, .age_max = 15min});
  ASSERT_EQ(path.size(), 9U);
  EXPECT_EQ(path[2].latest, 20min);  // the second one failed after 10 min
  EXPECT_EQ(path[3].latest, 25min);  // the third one failed just before 15 min
  EXPECT_EQ(path[8].latest, 25min);
  EXPECT_EQ(path[3].average, 15min);
  EXPECT_EQ(path[4].average, std::nullopt);
}

}  // namespace
}  // namespace pawl::cli
