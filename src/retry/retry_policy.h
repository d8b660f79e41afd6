// When a failed command is tried again: a pure function of policy, failed attempts, age and chance.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace pawl {

/// Waits that grow from one to the next.
struct Backoff {
  std::chrono::milliseconds delay_min{100};     // upper end of the first wait
  std::chrono::milliseconds delay_max{10'000};  // upper end of every later wait
  int factor = 2;                               // from one upper end to the next
};

/// Wait number `wait` (1, 2, …): exponential with full jitter, between 0 and
/// min(delay_max, delay_min × factor^(wait−1)). `jitter_unit` is in [0, 1). Pure; thread-safe.
/// Source: "Exponential Backoff And Jitter", AWS Architecture Blog.
[[nodiscard]] std::chrono::milliseconds backoff_delay(const Backoff& backoff,
                                                      int wait,
                                                      double jitter_unit);

/// How often and how fast one command is tried. As it is here: six times at once, then after at
/// most 10 s, 40 s, 3 min, 11 min, 43 min, and then every hour until a day has passed.
struct RetryPolicy {
  int attempts_max = 50;  // the first one included
  int immediate = 5;      // how many of them follow the first one at once
  Backoff backoff{std::chrono::seconds{10}, std::chrono::hours{1}, 4};
  std::chrono::milliseconds age_max = std::chrono::hours{24};  // since the first attempt failed
};

/// The wait before the next attempt of a command whose `failed` attempts (1, 2, …) are `age` old at
/// most; empty: there is none, it becomes a dead letter. Pure; thread-safe.
[[nodiscard]] std::optional<std::chrono::milliseconds> next_attempt(const RetryPolicy& policy,
                                                                    int failed,
                                                                    std::chrono::milliseconds age,
                                                                    double jitter_unit);

/// The classes of failures that may pass. Others (rejected, undecodable) are never tried again.
inline constexpr std::string_view kHandlerClass = "handler";    // what a handler threw
inline constexpr std::string_view kDatabaseClass = "database";  // SQL that the database refused
inline constexpr std::string_view kOutsideClass = "outside";    // RetryAfter, see retry_after.h

/// A command whose handler ends the process, again and again: never tried again, either.
inline constexpr std::string_view kCrashedClass = "crashed";

/// A policy for each class.
struct RetryPolicies {
  RetryPolicy handler{};
  RetryPolicy database{};
  RetryPolicy outside{};

  /// Throws std::logic_error for a class that is never tried again.
  [[nodiscard]] const RetryPolicy& of(std::string_view failure_class) const;
  [[nodiscard]] RetryPolicy& of(std::string_view failure_class);
};

/// What a failed command does to those behind it.
enum class OnFailure {
  park_key,     // later commands of its key wait behind it; all others go on
  block_lane,   // its whole partition waits
  skip_order,   // it waits alone; later commands of its key overtake it
  dead_letter,  // nothing waits: its first failure makes it a dead letter
};

/// The word used in the configuration.
[[nodiscard]] std::string_view to_string(OnFailure on_failure) noexcept;

}  // namespace pawl
