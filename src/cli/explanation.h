// What becomes of a command that fails, by configuration and code.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pawl/cli/retry_path.h"
#include "pawl/config/load.h"
#include "pawl/retry/retry_policy.h"

namespace pawl::cli {

enum class Course {
  retried,      // by the policy of its class
  dead_letter,  // at once
  rejected,     // a result: nothing is to be tried again
  rerun,        // at once, and no attempt is counted
  paused,       // until the database is there again, and no attempt is counted
};

[[nodiscard]] std::string_view to_string(Course course) noexcept;

/// Whether the handler of a type works with SQL of its own; `unknown`: this program does not know
/// the type.
enum class HandlerStyle { unknown, decider, own_sql };

struct ErrorMeaning {
  Course course;
  std::string_view failure_class;  // as in metrics and dead letters; empty: it has none
  std::string_view what;           // a sentence without its full stop
};

/// `error`: a class (handler, database, outside, rejected, undecodable, unknown_type, crashed) or a
/// SQLSTATE in any case. Empty for anything else. Pure.
[[nodiscard]] std::optional<ErrorMeaning> meaning_of(std::string_view error, HandlerStyle style);

/// A value and where it came from (config::Origins).
template <class Value>
struct Chosen {
  Value value;
  std::string origin;
};

struct Explanation {
  std::string type;
  std::string error;
  HandlerStyle style;
  ErrorMeaning meaning;
  Chosen<OnFailure> on_failure;
  config::Parking parking;
  RetryPolicy policy;   // where the course is `retried`, like all below
  std::string section;  // "retry.handler"
  std::vector<std::string>
      changed;                  // "attempts_max = 3 (pawl.toml:7)": those other than by default
  std::vector<RetryStep> path;  // where the handler does not say the waits itself
};

/// Pure.
[[nodiscard]] Explanation explain(std::string type,
                                  std::string error,
                                  HandlerStyle style,
                                  const ErrorMeaning& meaning,
                                  const config::Loaded& loaded);

}  // namespace pawl::cli
